/*-------------------------------------------------------------------------
 * write/violation.c
 *		Says of a broken unique or foreign key what validation says of a value.
 *
 * Catalogs cannot be read any more when an error has been caught.  But the
 * server's detail names the columns and values first of all, in any language:
 * Key (tenant, id)=(1, 5) already exists.  Where not all of the columns are
 * attributes of the model, or the error is not about the model's own table, it
 * stays as it is; but not when it may show a value of a hidden attribute.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "json/scalar.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "write/sequence.h"
#include "write/shard_error.h"
#include "write/violation.h"

/* what an error says of a key */
typedef struct BrokenKey
{
	int			nattrs;
	int		   *attrs;
	const char *values;			/* what stands after "=(" */
} BrokenKey;

/* The attribute whose column the text begins with, up to a comma or the closing bracket; -1: none. */
static int
take_column(const SdModel *model, const char **text)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		const char *column = model->attrs[i].column;
		Size		len;

		if (column == NULL)
			continue;
		/* foreign keys have the names as they are, unique ones as SQL writes them */
		for (int quoted = 0; quoted < 2; quoted++)
		{
			if (quoted == 1 && column[0] != '"')
				break;
			len = strlen(column) - 2 * quoted;
			if (strncmp(*text, column + quoted, len) == 0 &&
				((*text)[len] == ')' || strncmp(*text + len, ", ", 2) == 0))
			{
				*text += len;
				return i;
			}
		}
	}
	return -1;
}

/* Reads which attributes a detail is about; false when there is another column, or an expression. */
static bool
read_key(const SdModel *model, const char *detail, BrokenKey *key)
{
	const char *text = strchr(detail, '(');

	key->nattrs = 0;
	key->attrs = palloc(sizeof(int) * model->nattrs);
	while (text != NULL && key->nattrs < model->nattrs)
	{
		int			attr;

		text += *text == '(' ? 1 : 2;
		attr = take_column(model, &text);
		if (attr < 0)
			return false;
		key->attrs[key->nattrs++] = attr;
		if (*text == ')')
		{
			key->values = text + 3;
			return strncmp(text, ")=(", 3) == 0;
		}
	}
	return false;
}

/* The record of a row, where there are records; or NULL. */
static const SdRecord *
record_of(const SdGivenRows *rows, int64 row)
{
	return rows->record != NULL ? rows->record
		: rows->records != NULL ? rows->records[row]
		: rows->make != NULL ? rows->make(rows->arg, row) : NULL;
}

/* What the caller gave for an attribute of a row; false when nothing. */
static bool
given_value(const SdModel *model, const SdGivenRows *rows, int64 row, int attr, JsonbValue *value)
{
	const SdRecord *record = record_of(rows, row);
	JsonbValue *element;

	if (record != NULL)
	{
		*value = record->json[attr];
		return record->given[attr];
	}
	Assert(rows->array != NULL && row >= 0 && row < rows->n);
	element = getIthJsonbValueFromContainer(rows->array->val.binary.data, row);
	return element != NULL && sd_is_object(element) &&
		getKeyJsonValueFromContainer(element->val.binary.data, model->attrs[attr].name,
									 model->attrs[attr].name_len, value) != NULL;
}

/*
 * A value that the call filled in, such as the key of the record that a row belongs to, as
 * a caller could have given it; in the current context.  False for types whose output
 * needs catalogs, since this is called when an error has been caught.
 */
bool
sd_filled_value(Oid type, Datum value, JsonbValue *json)
{
	char	   *shown;

	switch (type)
	{
		case INT2OID:
			*json = (JsonbValue) {.type = jbvNumeric, .val.numeric = int64_to_numeric(DatumGetInt16(value))};
			return true;
		case INT4OID:
			*json = (JsonbValue) {.type = jbvNumeric, .val.numeric = int64_to_numeric(DatumGetInt32(value))};
			return true;
		case INT8OID:
			*json = (JsonbValue) {.type = jbvNumeric, .val.numeric = int64_to_numeric(DatumGetInt64(value))};
			return true;
		case TEXTOID:
		case VARCHAROID:
		case BPCHAROID:
			shown = TextDatumGetCString(value);
			break;
		case UUIDOID:
			shown = DatumGetCString(DirectFunctionCall1(uuid_out, value));
			break;
		case NUMERICOID:
			shown = DatumGetCString(DirectFunctionCall1(numeric_out, value));
			break;
		case DATEOID:
			shown = DatumGetCString(DirectFunctionCall1(date_out, value));
			break;
		default:
			return false;
	}
	*json = (JsonbValue) {.type = jbvString, .val.string = {.len = strlen(shown), .val = shown}};
	return true;
}

/* Appends what a row has of an attribute, as the server shows it; false when that is not known. */
static bool
append_value(StringInfo out, const SdModel *model, const SdGivenRows *rows, int64 row, int attr)
{
	const SdRecord *record = record_of(rows, row);
	JsonbValue	value;

	if (given_value(model, rows, row, attr, &value) && value.type != jbvNull &&
		value.type != jbvBinary)
	{
		sd_append_scalar(out, &value);
		return true;
	}
	if (record == NULL || !record->given[attr] || record->json[attr].type != jbvNull ||
		record->nulls[attr] || !sd_filled_value(model->attrs[attr].type, record->values[attr], &value))
		return false;
	sd_append_scalar(out, &value);
	return true;
}

/* Whether a row holds the values of the key. */
static bool
has_values(const SdModel *model, const SdGivenRows *rows, int64 row, const BrokenKey *key)
{
	const char *text = key->values;

	Assert(key->nattrs > 0);
	for (int i = 0; i < key->nattrs; i++)
	{
		StringInfoData scalar;

		initStringInfo(&scalar);
		if (!append_value(&scalar, model, rows, row, key->attrs[i]))
			return false;
		if (strncmp(text, scalar.data, scalar.len) != 0)
			return false;
		text += scalar.len;
		if (i < key->nattrs - 1 && strncmp(text, ", ", 2) != 0)
			return false;
		text += i < key->nattrs - 1 ? 2 : 0;
	}
	return *text == ')';
}

/* The number of the row that an error is about; -1 when it is not known. */
static int64
find_row(const SdStatement *statement, const BrokenKey *key, bool unique)
{
	const SdGivenRows *rows = statement->given;
	const SdRowsRead *read = statement->rows_read;
	int64		found = -1;

	/* foreign keys are checked when all rows have been written */
	if (unique && read != NULL && read->n > 0)
		return sd_row_number(read);
	if (rows == NULL)
		return -1;
	if (rows->record != NULL)
		return 0;
	for (int64 row = 0; row < rows->n; row++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!has_values(statement->query->model, rows, row, key))
			continue;
		/* of rows that are inserted at once the first has been written before the next has its values */
		if (!unique || statement->nmatched == 0 || found >= 0)
			return row;
		found = row;
	}
	return found;
}

/*
 * Whether a broken foreign key is that of rows that refer to the one written, and
 * not its own.  Both have the same code; the message's id is not translated.
 */
bool
sd_is_still_referenced(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION && error->message_id != NULL &&
		strncmp(error->message_id, "insert ", 7) != 0;
}

/*
 * Whether an error is about what is written to the model's table, and not about
 * another one that a trigger writes or that refers to it.  A foreign key is said to be of
 * the partition that the row is in.
 */
static bool
is_own(const SdModel *model, const ErrorData *error, int trigger_depth)
{
	if (error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION)
		return trigger_depth == 0;
	return error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION && trigger_depth == 1 &&
		!sd_is_still_referenced(error) &&
		error->schema_name != NULL && error->table_name != NULL &&
		(model->partitioned ||
		 strcmp(quote_qualified_identifier(error->schema_name, error->table_name),
				model->relation) == 0);
}

/* What the item of an attribute says; a message of the model's is that of the constraint it names. */
static const char *
item_message(const SdAttribute *attr, int nattrs, const char *constraint)
{
	if (attr->unique_message != NULL &&
		(attr->unique_name != NULL && constraint != NULL
		 ? strcmp(attr->unique_name, constraint) == 0 : nattrs == 1))
		return attr->unique_message;
	return psprintf("%s must be unique", attr->name);
}

/* What the caller gave for an attribute; null where that is nothing, or row is -1. */
static JsonbValue
shown_value(const SdModel *model, const SdGivenRows *given, int64 row, int attr)
{
	JsonbValue	value = {.type = jbvNull};
	const JsonbValue none = value;

	return row < 0 || given == NULL || !given_value(model, given, row, attr, &value) ? none : value;
}

/*
 * Adds that the values of a unique key are taken, an item for each attribute.  They
 * are those of row number row of what the caller gave, or of none for -1; constraint
 * is the index's name or NULL, path where the row stands in the document.
 */
void
sd_add_taken(SdViolations *violations, const SdModel *model, const int *attrs, int nattrs,
			 const char *constraint, const SdGivenRows *given, int64 row, const SdPath *path)
{
	Assert(nattrs > 0);
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[attrs[i]];
		JsonbValue	value = shown_value(model, given, row, attrs[i]);

		sd_add_violation(violations, sd_taken_type, "not_unique",
						 item_message(attr, nattrs, constraint), attr, &value, path);
	}
}

/* The failures that a broken key is, one for each attribute. */
static SdViolations *
make_items(const SdStatement *statement, const BrokenKey *key, const ErrorData *error)
{
	static const SdPath data = {.key = "data", .len = 4};
	const SdModel *model = statement->query->model;
	const SdGivenRows *given = statement->given;
	bool		unique = error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION;
	int64		row = find_row(statement, key, unique);
	SdPath		step = SD_INDEX_STEP(&data, (int) Max(row, 0));
	const SdPath *path = row < 0 || (given != NULL && given->record != NULL)
		? NULL : statement->row_paths != NULL ? statement->row_paths[row] : &step;
	SdViolations *items = sd_make_violations();

	if (unique)
	{
		sd_add_taken(items, model, key->attrs, key->nattrs, error->constraint_name, given, row, path);
		return items;
	}
	for (int i = 0; i < key->nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[key->attrs[i]];
		JsonbValue	value = shown_value(model, given, row, key->attrs[i]);

		sd_add_violation(items, "foreign key violation", "not_found",
						 psprintf("%s refers to a record that does not exist", attr->name), attr,
						 &value, path);
	}
	return items;
}

/*
 * Whether a detail shows a value of a hidden attribute, or may show one: of a row
 * that meets no constraint it is the row, and a key that is not read can have an
 * expression of anything.  key is NULL where it has not been read.
 */
static bool
shows_hidden(const SdModel *model, const BrokenKey *key)
{
	int			n = key != NULL ? key->nattrs : model->nattrs;

	for (int i = 0; i < n; i++)
	{
		if (model->attrs[key != NULL ? key->attrs[i] : i].hidden)
			return true;
	}
	return false;
}

/*
 * Throws the current error again, to be called in PG_CATCH() and the context of
 * the call.  A broken unique or foreign key of the model's table gets the items of
 * validation as its DETAIL, see sd_is_violations(), and a hint where its sequence
 * is behind.  What the server says of any other constraint's row or key is left
 * out where a hidden attribute is in it.  trigger_depth says how many triggers of the statement were running
 * when it was raised.
 */
void
sd_rethrow_violation(const SdStatement *statement, int trigger_depth)
{
	const SdModel *model = statement->query->model;
	ErrorData  *error;
	BrokenKey	key;
	bool		own;
	bool		is_key;
	bool		of_shard = false;

	Assert(trigger_depth >= 0);
	if (ERRCODE_TO_CATEGORY(geterrcode()) != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION)
		PG_RE_THROW();
	error = CopyErrorData();
	if (model->distribution != SD_NOT_DISTRIBUTED && sd_is_of_shard(error))
	{
		sd_name_table(error, model);
		/* its triggers ran elsewhere: that of a foreign key is one */
		trigger_depth += error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION;
		of_shard = true;
	}
	own = is_own(model, error, trigger_depth);
	/* what somebody raises of his own names no table; rows that triggers write are not the model's */
	if (error->detail == NULL || sd_is_violations(error) ||
		(!own && (error->table_name == NULL || !shows_hidden(model, NULL) ||
				  trigger_depth > (error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION ? 1 : 0))))
	{
		if (!of_shard)
			PG_RE_THROW();
		FlushErrorState();
		ReThrowError(error);
	}
	FlushErrorState();
	/* of other errors the detail is the row, whose values can look like a key */
	is_key = error->sqlerrcode != ERRCODE_NOT_NULL_VIOLATION &&
		error->sqlerrcode != ERRCODE_CHECK_VIOLATION && read_key(model, error->detail, &key);
	if (own && error->hint == NULL)
		error->hint = sd_sequence_hint(statement, error);
	if (own && is_key)
		sd_add_violations_detail(error, make_items(statement, &key, error));
	else if (shows_hidden(model, is_key ? &key : NULL))
		error->detail = NULL;
	ReThrowError(error);
}
