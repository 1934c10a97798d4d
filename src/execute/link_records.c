/*-------------------------------------------------------------------------
 * execute/link_records.c
 *		Reads which records a link is between, and locks them.
 *
 * Records are locked before they are referred to or changed, in the order of
 * their keys: a key that leads to no record is an error, and calls that link the
 * same records do not deadlock.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/execution.h"
#include "execute/link.h"
#include "execute/link_document.h"
#include "execute/select.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/expression.h"
#include "parse/kept.h"
#include "parse/reader.h"
#include "parse/value.h"
#include "record/linked_key.h"
#include "record/validate.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/snapmgr.h"

static const SdPath records_path = {.key = "records", .len = 7};

/*
 * Reads values of one record of a model, by the key in inputs, as JSON texts;
 * false when there is no such record.  lock is a level of the option, or NULL.
 */
static bool
read_values(const SdModel *model, const SdInputs *inputs, const char *scope, const int *attrs,
			int n, const char *lock, char **values)
{
	Datum	   *datums = palloc(sizeof(Datum) * n);
	bool	   *nulls = palloc(sizeof(bool) * n);
	SdStatement statement = {.kind = SD_SELECT, .generic = true};
	StringInfoData options;
	SdQuery		query;
	bool		found;

	initStringInfo(&options);
	appendStringInfoString(&options, "{\"attributes\":[");
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(&options, i > 0 ? "," : "");
		/* the same attribute twice would be one output */
		appendStringInfoChar(&options, '[');
		escape_json(&options, model->attrs[attrs[i]].name);
		appendStringInfo(&options, ",\"k%d\"]", i);
	}
	appendStringInfo(&options, "]%s", scope);
	if (lock != NULL)
		appendStringInfo(&options, ",\"lock\":\"%s\"", lock);
	appendStringInfoChar(&options, '}');
	query = *sd_parse_kept(model, sd_link_document(options.data), SD_CALL_FIND_BY_PK, inputs);
	/* only its own values are read */
	query.shapes = NULL;
	query.includes = NIL;
	statement.query = &query;
	statement.params = query.params;
	PushActiveSnapshot(GetTransactionSnapshot());
	found = sd_execute_one(&query, sd_prepare(&statement, CurrentMemoryContext),
						   sd_bind(&statement.params), n, datums, nulls);
	PopActiveSnapshot();
	for (int i = 0; found && i < n; i++)
		values[i] = nulls[i] ? NULL : sd_key_json(datums[i], model->attrs[attrs[i]].type);
	return found;
}

/* Whether what an association matches is the target's primary key. */
static bool
is_primary_key(const SdAssociated *associated)
{
	const SdModel *target = associated->target;

	if (target->nkeys != associated->association->ntarget_keys)
		return false;
	for (int i = 0; i < target->nkeys; i++)
	{
		if (associated->target_keys[i] != target->keys[i])
			return false;
	}
	return true;
}

/* Opens the models of the link; what its records are is read next. */
void
sd_open_link(SdLink *link, const SdLinkParent *parent)
{
	const SdAssociated *associated = sd_open_associated(sd_make_query(parent->model), parent->model,
													   parent->association);

	memset(link, 0, sizeof(*link));
	link->parent = parent;
	link->association = parent->association;
	link->target = associated->target;
	link->through = associated->through;
	/* what is matched is theirs to be set, where records refer to the parent */
	link->same_key = link->association->kind == SD_HAS_MANY ||
		link->association->kind == SD_HAS_ONE || is_primary_key(associated);
	link->source = palloc(sizeof(char *) * link->association->nkeys);
}

/*
 * Reads what others refer to in the parent, with the lock, a level of the option or NULL;
 * false when there is no parent.
 */
bool
sd_read_parent(SdLink *link, const char *lock)
{
	return read_values(link->parent->model, link->parent->key, "", link->association->source_keys,
					   link->association->nkeys, lock, link->source);
}

/* Looks up a record by the key that is a value; it is not found when there is none. */
static void
look_up(const SdLink *link, const JsonbValue *value, SdLinked *record)
{
	const SdModel *target = link->target;
	int			nkeys = target->nkeys;
	int			ntargets = link->association->ntarget_keys;
	int		   *attrs = palloc(sizeof(int) * (nkeys + ntargets));
	char	  **values = palloc0(sizeof(char *) * (nkeys + ntargets));
	SdInputs	inputs = {.key_value = value};

	for (int i = 0; i < nkeys; i++)
		attrs[i] = target->keys[i];
	for (int i = 0; i < ntargets; i++)
		attrs[nkeys + i] = sd_find_column(target, link->association->target_keys[i],
										  strlen(link->association->target_keys[i]));
	record->found = read_values(target, &inputs, ",\"scope\":null", attrs, nkeys + ntargets,
								"KEY SHARE", values);
	record->key = values;
	record->target = link->same_key ? record->key : values + nkeys;
}

/*
 * Looks at the members of a join row, for errors with their place.  Raises 22023 for one that
 * says what it joins, 42703 for one that is no attribute, and what converting a value raises.
 */
static void
check_join(const SdLink *link, const JsonbValue *join, const SdPath *path)
{
	const SdAssociation *association = link->association;
	SdReader	reader;

	sd_read(&reader, join, path);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(link->through, reader.key.val.string.val,
											 reader.key.val.string.len);
		bool		side = false;
		bool		isnull;

		for (int i = 0; i < association->nkeys; i++)
			side |= sd_key_is(&reader, association->foreign_keys[i]);
		for (int i = 0; i < association->ntarget_keys; i++)
			side |= sd_key_is(&reader, association->other_keys[i]);
		if (side)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: this attribute gets the key of a record that is linked, and cannot be given",
							sd_path_text(&reader.path)),
					 errhint("Leave it out.")));
		if (attr < 0)
			sd_unknown_attribute(link->through, reader.key.val.string.val,
								 reader.key.val.string.len, &reader.path);
		if (link->through->attrs[attr].column != NULL)
			(void) sd_value(&reader.value, link->through->attrs[attr].type,
							link->through->attrs[attr].name, &reader.path, &isnull);
	}
}

/* Splits an object into the key of a record and the members of its join row. */
static JsonbValue
split_record(const SdLink *link, const JsonbValue *value, const SdPath *path, SdLinked *record)
{
	JsonbParseState *state = NULL;
	JsonbValue	key;
	SdReader	reader;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (link->through != NULL && sd_key_is(&reader, link->through->name))
		{
			if (!sd_is_object(&reader.value))
				sd_bad_shape(&reader.path, "an object of attributes of the join row");
			check_join(link, &reader.value, &reader.path);
			if (sd_array_length(&reader.value) > 0)
				record->join = JsonbToCString(NULL, reader.value.val.binary.data,
											  reader.value.val.binary.len);
			continue;
		}
		pushJsonbValue(&state, WJB_KEY, &reader.key);
		pushJsonbValue(&state, WJB_VALUE, &reader.value);
	}
	sd_root(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), &key);
	return key;
}

/* Reads one record that is named: its key, or an object with it. */
static void
read_record(const SdLink *link, const JsonbValue *value, const SdPath *path, SdLinked *record)
{
	const SdModel *target = link->target;
	JsonbValue	key = *value;
	bool		alone = false;	/* the value of the one attribute of the primary key */
	bool		isnull;

	if (sd_is_object(value))
		key = split_record(link, value, path, record);
	if (sd_is_object(&key) && target->nkeys == 1 && sd_array_length(&key) == 1)
	{
		const SdAttribute *attr = &target->attrs[target->keys[0]];
		JsonbValue	only;

		if (getKeyJsonValueFromContainer(key.val.binary.data, attr->name, attr->name_len,
										 &only) != NULL)
		{
			key = only;
			alone = true;
		}
	}
	if (sd_is_object(&key) && !alone)
	{
		/* for errors with their place */
		(void) sd_read_linked_key(target, &key, path);
		look_up(link, &key, record);
		return;
	}
	if (target->nkeys != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: expected an object with the key of a record of model \"%s\"",
						sd_path_text(path), target->name)));
	if (key.type == jbvNull)
		sd_bad_shape(path, "the key of a record, not null");
	record->key = palloc(sizeof(char *));
	record->key[0] = sd_key_json(sd_value(&key, target->attrs[target->keys[0]].type,
										  target->attrs[target->keys[0]].name, path, &isnull),
								 target->attrs[target->keys[0]].type);
	record->target = record->key;
	if (!link->same_key)
		look_up(link, &key, record);
}

/* Reads which records are meant: one, an array of them, or null for none. */
void
sd_read_linked(SdLink *link, const JsonbValue *records)
{
	SdReader	reader;

	if (records->type == jbvNull)
		return;
	if (!sd_is_array(records))
	{
		link->records = palloc0(sizeof(SdLinked));
		link->n = 1;
		read_record(link, records, &records_path, &link->records[0]);
		return;
	}
	link->records = palloc_extended(sizeof(SdLinked) * Max(sd_array_length(records), 1),
									MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	sd_read(&reader, records, &records_path);
	while (sd_next_element(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		read_record(link, &reader.value, &reader.path, &link->records[link->n++]);
	}
	if (!sd_is_to_many(link->association) && link->n > 1)
		sd_bad_shape(&records_path, "one record, since the association leads to one");
}

/* Raises 23503: a key leads to no record. */
static pg_attribute_noreturn() void
no_such_record(const SdLink *link, int i)
{
	SdPath		step = SD_INDEX_STEP(&records_path, i);

	sd_refuse_link(link->n == 1 ? &records_path : &step, NULL, "not_found",
				   psprintf("there is no such record of model \"%s\"", link->target->name), NULL);
}

/* "option":["name",…] */
static void
append_list(StringInfo json, const char *option, const char *const *names, int n)
{
	appendStringInfo(json, ",\"%s\":[", option);
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(json, i > 0 ? "," : "");
		escape_json(json, names[i]);
	}
	appendStringInfoChar(json, ']');
}

/*
 * Locks the rows of a model that a document begun by sd_link_where() leaves, in
 * the order of attributes; returns how many.  lock is a level of the option "lock".
 */
int64
sd_link_lock(const SdModel *model, StringInfo json, const char *const *names, int n,
			 const char *lock)
{
	const SdQuery *query;
	SdScan	   *scan;
	Datum		record;
	int64		count = 0;

	appendStringInfo(json, "},\"lock\":\"%s\"", lock);
	append_list(json, "attributes", names, n);
	append_list(json, "order", names, n);
	appendStringInfoChar(json, '}');
	query = sd_parse_options(model, sd_link_document(json->data), SD_CALL_FIND);
	PushActiveSnapshot(GetTransactionSnapshot());
	scan = sd_scan_begin(query, false);
	while (sd_scan_next(scan, &record))
		count++;
	sd_scan_end(scan);
	PopActiveSnapshot();
	return count;
}

/* How many of the records that are named there are, of n from number first; they are locked. */
static int64
lock_records(const SdLink *link, const char *lock, int first, int n)
{
	SdLink		part = *link;
	StringInfoData json;

	part.records += first;
	part.n = n;
	sd_link_where(&json);
	sd_link_condition(&json, &part, sd_link_key_names(link), link->target->nkeys, false, false);
	if (link->through != NULL)
		sd_link_scope(&json, link->association->scope);
	return sd_link_lock(link->target, &json, sd_link_key_names(link), link->target->nkeys, lock);
}

/* A record that is named, for finding those that are named twice. */
typedef struct NamedRecord
{
	char	  **key;
	int			nkeys;
	int			number;
} NamedRecord;

static int
compare_named(const void *a, const void *b)
{
	const NamedRecord *left = a;
	const NamedRecord *right = b;

	for (int i = 0; i < left->nkeys; i++)
	{
		int			compared = strcmp(left->key[i], right->key[i]);

		if (compared != 0)
			return compared;
	}
	return left->number - right->number;
}

/* The link with each record once, as far as the texts of their keys tell; numbers says which they are. */
static SdLink
distinct_records(const SdLink *link, int *numbers)
{
	SdLink		distinct = *link;
	NamedRecord *named = palloc_extended(sizeof(NamedRecord) * link->n, MCXT_ALLOC_HUGE);
	bool	   *again = palloc_extended(link->n, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);

	for (int i = 0; i < link->n; i++)
		named[i] = (NamedRecord) {link->records[i].key, link->target->nkeys, i};
	qsort(named, link->n, sizeof(NamedRecord), compare_named);
	for (int i = 1; i < link->n; i++)
	{
		NamedRecord before = named[i - 1];

		before.number = named[i].number;
		again[named[i].number] = compare_named(&before, &named[i]) == 0;
	}
	distinct.n = 0;
	distinct.records = palloc_extended(sizeof(SdLinked) * link->n, MCXT_ALLOC_HUGE);
	for (int i = 0; i < link->n; i++)
	{
		if (again[i])
			continue;
		numbers[distinct.n] = i;
		distinct.records[distinct.n++] = link->records[i];
	}
	return distinct;
}

/*
 * The number of the first of n records, from number first on, whose key leads to none; -1:
 * all do.  They are halved, so that few statements find it among many.
 */
static int
find_missing(const SdLink *link, const char *lock, int first, int n)
{
	int			half = n / 2;
	int			missing;

	CHECK_FOR_INTERRUPTS();
	if (lock_records(link, lock, first, n) == n)
		return -1;
	if (n == 1)
		return first;
	missing = find_missing(link, lock, first, half);
	return missing >= 0 ? missing : find_missing(link, lock, first + half, n - half);
}

/* Locks the records that are to be linked; raises 23503 for a key that leads to none. */
void
sd_require_linked(const SdLink *link)
{
	/* those that get a foreign key are changed, others are referred to */
	bool		changed = link->association->kind == SD_HAS_MANY ||
		link->association->kind == SD_HAS_ONE;
	const char *lock = changed ? "NO KEY UPDATE" : "KEY SHARE";
	SdLink		distinct;
	int		   *numbers;
	int			missing;

	for (int i = 0; i < link->n; i++)
	{
		if (link->records[i].target == NULL || link->records[i].target[0] == NULL)
			no_such_record(link, i);
	}
	if (link->n == 0 || lock_records(link, lock, 0, link->n) == link->n)
		return;
	/* one is missing, or named twice */
	numbers = palloc_extended(sizeof(int) * link->n, MCXT_ALLOC_HUGE);
	distinct = distinct_records(link, numbers);
	missing = find_missing(&distinct, lock, 0, distinct.n);
	if (missing >= 0)
		no_such_record(link, numbers[missing]);
}
