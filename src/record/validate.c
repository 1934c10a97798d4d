/*-------------------------------------------------------------------------
 * record/validate.c
 *		Validates the data of rows.
 *
 * The order and the words are Sequelize's: first what the schema says of each
 * attribute (null, or no string), then the validators, each in the order of
 * the attributes.  Validators see the value as JavaScript's String() gives it,
 * and are not run on null.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/converter.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "json/scalar.h"
#include "json/utf8_text.h"
#include "json/writer.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "record/passes.h"
#include "record/validate.h"
#include "utils/memutils.h"

/*
 * Failures of validation are raised in a text domain of their own, which an
 * error keeps and nobody else can give one: so they are known again, see
 * sd_is_violations().
 */
#undef TEXTDOMAIN
#define TEXTDOMAIN	"studentdir validation"

/* a bulk load that is wrong from end to end is reported up to here */
#define SD_MAX_VIOLATIONS	1000

/* a failure, with nothing in it of the row that it is about: that row's memory is reset */
typedef struct Violation
{
	const char *type;			/* a constant */
	const char *validator;		/* the model's */
	char	   *message;
	char	   *path;
	char	   *value;			/* JSON */
} Violation;

/* the type of a value that is taken; violations have this pointer */
const char *const sd_taken_type = "unique violation";

/* An empty list of failures, in the current context. */
SdViolations *
sd_make_violations(void)
{
	SdViolations *violations = palloc0(sizeof(SdViolations));

	violations->cxt = CurrentMemoryContext;
	return violations;
}

/* A value as JSON text, in the current context. */
static char *
value_text(const JsonbValue *value)
{
	SdBuf		buf;

	if (value->type == jbvNull)
		return pstrdup("null");
	if (value->type == jbvBinary)
		return JsonbToCString(NULL, value->val.binary.data, value->val.binary.len);
	if (value->type != jbvString)
		return sd_scalar_text(value, NULL);
	sd_buf_init(&buf, CurrentMemoryContext, value->val.string.len + 3);
	sd_write_string(&buf, value->val.string.val, value->val.string.len);
	sd_buf_char(&buf, '\0');
	return buf.data;
}

static const JsonbValue no_value = {.type = jbvNull};

/* Notes a failure of what stands at a path; the list can do without the row's memory context afterwards. */
static void
note_at_path(SdViolations *violations, const char *type, const char *validator, const char *message,
			 const JsonbValue *value, const SdPath *path)
{
	MemoryContext old = MemoryContextSwitchTo(violations->cxt);
	Violation  *violation = palloc0(sizeof(Violation));

	violation->type = type;
	violation->validator = validator;
	violation->message = pstrdup(message);
	violation->path = sd_path_text(path);
	violation->value = value_text(value);
	violations->found = lappend(violations->found, violation);
	MemoryContextSwitchTo(old);
	if (list_length(violations->found) >= SD_MAX_VIOLATIONS)
		sd_report_violations(violations);
}

/* Notes a failure of what is called name in a row. */
static void
note_violation(SdViolations *violations, const char *type, const char *validator, const char *message,
			   const char *name, const JsonbValue *value, const SdPath *row)
{
	SdPath		path = SD_KEY_STEP(row, name, strlen(name));

	note_at_path(violations, type, validator, message, value, &path);
}

/*
 * Notes a failure of an attribute in the row at path row, or the only row for
 * NULL, with the value that it was given, which is not shown of a hidden one.
 * The list can do without the current context.
 */
void
sd_add_violation(SdViolations *violations, const char *type, const char *validator,
				 const char *message, const SdAttribute *attr, const JsonbValue *value,
				 const SdPath *row)
{
	note_violation(violations, type, validator, message, attr->name,
				   attr->hidden ? &no_value : value, row);
}

/*
 * Notes that a row does not meet a condition of its model; row is the path that
 * it is given under, or NULL.  The list can do without the current context.
 */
void
sd_add_check_violation(SdViolations *violations, const SdCheck *check, const SdPath *row)
{
	note_violation(violations, "Validation error", check->name,
				   check->message != NULL ? check->message
				   : psprintf("Validation %s failed", check->name),
				   check->name, &no_value, row);
}

/* Appends String(value) as JavaScript has it. */
static void
append_js_string(StringInfo buf, const JsonbValue *value)
{
	if (sd_is_object(value))
		appendStringInfoString(buf, "[object Object]");
	else if (sd_is_array(value))
	{
		SdReader	reader;
		bool		first = true;

		check_stack_depth();
		sd_read(&reader, value, NULL);
		while (sd_next_element(&reader))
		{
			if (!first)
				appendStringInfoChar(buf, ',');
			first = false;
			if (reader.value.type != jbvNull)
				append_js_string(buf, &reader.value);
		}
	}
	else
		sd_append_scalar(buf, value);
}

/*
 * String(value) of an attribute in UTF-8; a string's own memory where that will do.  Raises,
 * with its path, what converting the characters of the database's encoding raises.
 */
static const char *
rule_text(const SdAttribute *attr, const JsonbValue *value, const SdPath *row, Size *len)
{
	SdPath		step = SD_KEY_STEP(row, attr->name, attr->name_len);
	SdReading	reading = {.name = attr->name, .type = attr->type, .path = &step, .secret = attr->hidden};
	StringInfoData buf;
	char	   *utf8;

	Assert(value->type != jbvNull);
	if (value->type == jbvString && GetDatabaseEncoding() == PG_UTF8)
	{
		*len = value->val.string.len;
		return value->val.string.val;
	}
	initStringInfo(&buf);
	append_js_string(&buf, value);
	sd_reading_begin(&reading);
	utf8 = unconstify(char *, sd_utf8_text(buf.data));
	sd_reading_end(&reading);
	*len = strlen(utf8);
	return utf8;
}

/* Runs the validators of one attribute. */
static void
run_rules(SdViolations *violations, const SdAttribute *attr, const JsonbValue *value,
		  const SdPath *row)
{
	Size		len;
	const char *text = rule_text(attr, value, row, &len);

	for (int i = 0; i < attr->rules.n; i++)
	{
		const SdRule *rule = &attr->rules.rules[i];

		if (sd_passes(rule, text, len))
			continue;
		sd_add_violation(violations, "Validation error", rule->name,
						 rule->message != NULL ? rule->message
						 : psprintf("Validation %s on %s failed", rule->name, attr->name),
						 attr, value, row);
	}
}

/* Notes that an attribute of a record failed, if violations were found since there were before. */
static void
note_failed(SdRecord *record, int attr, const SdViolations *violations, int before)
{
	if (list_length(violations->found) > before)
		record->failed = bms_add_member(record->failed, attr);
}

/*
 * Validates one row.  row is the path that failures are given under; NULL
 * where there is only one row.  When create is set, an attribute that is not
 * given counts as null, unless it is pending or the table fills it in; in an
 * update it is not looked at.  record->failed gets the attributes that fail, in the
 * current context.
 *
 * Raises nothing but the error of sd_report_violations(), when there are too
 * many to go on.
 */
void
sd_validate(SdViolations *violations, const SdModel *model, SdRecord *record,
			const SdPath *row, bool create)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[i];
		JsonbValue	value = {.type = jbvNull};
		int			before = list_length(violations->found);

		if (record->given[i])
			value = record->json[i];
		else if (!create || attr->generated || attr->defaulted ||
				 bms_is_member(i, record->pending))
			continue;

		if (value.type == jbvNull && !attr->allow_null)
			sd_add_violation(violations, "notNull Violation", "is_null",
							 attr->rules.null_message != NULL ? attr->rules.null_message
							 : psprintf("%s.%s cannot be null", model->name, attr->name),
							 attr, &value, row);
		if (value.type == jbvBinary && attr->string)
			sd_add_violation(violations, "string violation", "not_a_string",
							 psprintf("%s cannot be an array or an object", attr->name),
							 attr, &value, row);
		note_failed(record, i, violations, before);
	}
	for (int i = 0; i < model->nattrs; i++)
	{
		int			before = list_length(violations->found);

		if (model->attrs[i].rules.n == 0 || !record->given[i] || record->json[i].type == jbvNull)
			continue;
		run_rules(violations, &model->attrs[i], &record->json[i], row);
		note_failed(record, i, violations, before);
	}
}

/* Writes a member of a DETAIL object. */
static void
write_member(SdBuf *buf, const char *name, const char *value, const char *before)
{
	sd_buf_append(buf, before, strlen(before));
	sd_write_string(buf, name, strlen(name));
	sd_buf_char(buf, ':');
	sd_write_string(buf, value, strlen(value));
}

/* The failures as the JSON array of DETAIL. */
static char *
violations_detail(const SdViolations *violations)
{
	SdBuf		buf;
	ListCell   *cell;

	Assert(violations->found != NIL);
	sd_buf_init(&buf, CurrentMemoryContext, 1024);
	foreach(cell, violations->found)
	{
		const Violation *violation = lfirst(cell);

		write_member(&buf, "message", violation->message, buf.len == 0 ? "[{" : ",{");
		write_member(&buf, "type", violation->type, ",");
		write_member(&buf, "path", violation->path, ",");
		sd_buf_append(&buf, ",\"value\":", 9);
		sd_buf_append(&buf, violation->value, strlen(violation->value));
		write_member(&buf, "validatorKey", violation->validator, ",");
		sd_buf_char(&buf, '}');
	}
	sd_buf_append(&buf, "]", 2);
	return buf.data;
}

/* Whether all failures are values that are taken. */
static bool
all_taken(const SdViolations *violations)
{
	ListCell   *cell;

	foreach(cell, violations->found)
	{
		if (((const Violation *) lfirst(cell))->type != sd_taken_type)
			return false;
	}
	return true;
}

/*
 * Raises 23514 when something failed: the message is Sequelize's, DETAIL a
 * JSON array with an object for each failure.  23505 where all failures are values
 * that are taken, as the constraint would.
 */
void
sd_report_violations(const SdViolations *violations)
{
	StringInfoData message;
	ListCell   *cell;

	if (violations->found == NIL)
		return;
	initStringInfo(&message);
	foreach(cell, violations->found)
	{
		const Violation *violation = lfirst(cell);

		appendStringInfo(&message, "%s%s: %s", message.len > 0 ? ",\n" : "", violation->type,
						 violation->message);
	}
	ereport(ERROR,
			(errcode(all_taken(violations) ? ERRCODE_UNIQUE_VIOLATION : ERRCODE_CHECK_VIOLATION),
			 errmsg_internal("%s", message.data),
			 errdetail_internal("%s", violations_detail(violations)),
			 list_length(violations->found) >= SD_MAX_VIOLATIONS
			 ? errhint("These are the first %d failures; the rest of the data was not looked at.",
					   SD_MAX_VIOLATIONS) : 0));
}

/*
 * Raises 23503 or, where is_taken, 23505 for what stands at a path, and cannot be
 * linked; its item is DETAIL.  value is what was given there, NULL where that is not
 * shown; hint may be NULL.
 */
void
sd_refuse_link(bool is_taken, const SdPath *path, const JsonbValue *value, const char *validator,
			   const char *message, const char *hint)
{
	SdViolations *violations = sd_make_violations();

	note_at_path(violations, is_taken ? "unique violation" : "foreign key violation", validator,
				 message, value != NULL ? value : &no_value, path);
	ereport(ERROR,
			(errcode(is_taken ? ERRCODE_UNIQUE_VIOLATION : ERRCODE_FOREIGN_KEY_VIOLATION),
			 errmsg_internal("%s: %s", sd_path_text(path), message),
			 errdetail_internal("%s", violations_detail(violations)),
			 hint != NULL ? errhint("%s", hint) : 0));
}

/*
 * Whether an error is one of those above, whose DETAIL is JSON.  The
 * SQLSTATE does not tell: constraints and triggers raise 23514 too, with a DETAIL
 * of their own.
 */
bool
sd_is_violations(const ErrorData *error)
{
	return error->domain != NULL && strcmp(error->domain, TEXTDOMAIN) == 0;
}

/* Makes failures the DETAIL of an error, which sd_is_violations() knows then. */
void
sd_add_violations_detail(ErrorData *error, const SdViolations *violations)
{
	error->detail = violations_detail(violations);
	error->domain = TEXTDOMAIN;
}
