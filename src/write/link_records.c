/*-------------------------------------------------------------------------
 * write/link_records.c
 *		Reads which records a link is between, and locks them.
 *
 * Records are locked before they are referred to or changed, in the order of
 * their keys: a key that leads to no record is an error, and calls that link the
 * same records do not deadlock.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "convert/recode.h"
#include "execute/execution.h"
#include "execute/matched_keys.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/comparison.h"
#include "parse/kept.h"
#include "parse/where.h"
#include "record/linked_key.h"
#include "record/validate.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "write/key_query.h"
#include "write/link_document.h"
#include "write/link_order.h"
#include "write/link_records.h"
#include "write/lock_rows.h"

static const SdPath records_path = {.key = "records", .len = 7};

/*
 * Reads values of attributes of one record of a model, by the key in inputs, in the current
 * context, and locks it; false when there is no such record.  With scoped the model's default
 * scope holds.
 */
static bool
read_values(const SdModel *model, const SdInputs *inputs, bool scoped, const int *attrs, int n,
			SdLock lock, Datum *values, bool *nulls)
{
	SdStatement statement = {.kind = SD_SELECT, .generic = true};
	Jsonb	   *options = scoped ? NULL : sd_link_document("{\"scope\":null}");
	int		   *captured = palloc(sizeof(int) * n);
	SdQuery		query;
	bool		found;

	Assert(n > 0);
	memcpy(captured, attrs, sizeof(int) * n);
	query = *sd_parse_kept(model, options, SD_CALL_FIND_BY_PK, inputs);
	sd_capture_only(&query, captured, n);
	/* there is one at most */
	query.norders = 0;
	query.lock = lock;
	statement.query = &query;
	statement.params = query.params;
	PushActiveSnapshot(GetTransactionSnapshot());
	found = sd_execute_one(&query, sd_prepare(&statement, CurrentMemoryContext),
						   sd_bind(&statement.params), n, values, nulls);
	PopActiveSnapshot();
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

/* Whether links are foreign keys of the records. */
static bool
refer_to_parent(const SdLink *link)
{
	return link->association->kind == SD_HAS_MANY || link->association->kind == SD_HAS_ONE;
}

/*
 * Opens the models of the link; what its records are is read next.  Raises 22023 where the
 * records have no primary key.
 */
void
sd_open_link(SdLink *link, const SdLinkParent *parent)
{
	const SdAssociation *association = parent->association;
	const SdAssociated *associated = sd_open_associated(sd_make_query(parent->model), parent->model,
														association);

	memset(link, 0, sizeof(*link));
	link->parent = parent;
	link->association = association;
	link->associated = associated;
	link->target = associated->target;
	link->through = associated->through;
	if (link->target->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has no primary key, so that its records cannot be linked",
						link->target->name)));
	if (link->through != NULL)
	{
		link->naming = link->through;
		link->naming_attrs = associated->other_keys;
		link->nnaming = association->ntarget_keys;
	}
	else if (refer_to_parent(link))
	{
		link->naming = link->target;
		link->naming_attrs = link->target->keys;
		link->nnaming = link->target->nkeys;
	}
	else
	{
		link->naming = parent->model;
		link->naming_attrs = association->source_keys;
		link->nnaming = association->nkeys;
	}
	Assert(link->nnaming > 0);
	link->source = palloc0(sizeof(Datum) * association->nkeys);
	link->source_nulls = palloc0(sizeof(bool) * association->nkeys);
}

/*
 * Reads what others refer to in the parent, with the lock, SD_LOCK_NONE where the call
 * changes nothing; false when there is no parent.
 */
bool
sd_read_parent(SdLink *link, SdLock lock)
{
	link->changes = lock != SD_LOCK_NONE;
	return read_values(link->parent->model, link->parent->key, true,
					   link->association->source_keys, link->association->nkeys, lock,
					   link->source, link->source_nulls);
}

/* Where record number i stands. */
SdPath
sd_link_path(const SdLink *link, int i)
{
	return link->many ? SD_INDEX_STEP(&records_path, i) : records_path;
}

/* The values of the target by which a record is named, in the types of the attributes that name it. */
static void
set_names(SdLink *link, int i, const Datum *values, const SdPath *path)
{
	Assert(link->nnaming == link->association->ntarget_keys);
	for (int j = 0; j < link->nnaming; j++)
	{
		const SdAttribute *attr = &link->naming->attrs[link->naming_attrs[j]];
		Oid			from = link->target->attrs[link->associated->target_keys[j]].type;
		SdReading	reading = {.name = attr->name, .type = attr->type, .path = path};

		link->names[j][i] = values[j];
		if (from == attr->type)
			continue;
		sd_reading_begin(&reading);
		link->names[j][i] = sd_recode(values[j], from, attr->type);
		sd_reading_end(&reading);
	}
}

/* A copy of an attribute's value in the current context. */
static Datum
copy_value(const SdModel *model, int attr, Datum value)
{
	int16		len;
	bool		byval;

	get_typlenbyval(model->attrs[attr].type, &len, &byval);
	return datumCopy(value, byval, len);
}

/*
 * Looks up record number i by the key that is a value.  What names it in a link is locked
 * against changes, where the call links it.  A record that gets a foreign key is not: a lock
 * that two calls share here would be in the way of both when they change it.
 */
static void
look_up(SdLink *link, int i, const JsonbValue *value, const SdPath *path)
{
	const SdModel *target = link->target;
	int			nkeys = target->nkeys;
	int			nnames = refer_to_parent(link) ? 0 : link->nnaming;
	MemoryContext old = MemoryContextSwitchTo(link->row_cxt);
	int		   *attrs = palloc(sizeof(int) * (nkeys + nnames));
	Datum	   *values = palloc0(sizeof(Datum) * (nkeys + nnames));
	bool	   *nulls = palloc0(sizeof(bool) * (nkeys + nnames));
	bool	  **columns = palloc(sizeof(bool *) * nkeys);
	SdInputs	inputs = {.key_value = value};

	memcpy(attrs, target->keys, sizeof(int) * nkeys);
	if (nnames > 0)
		memcpy(attrs + nkeys, link->associated->target_keys, sizeof(int) * nnames);
	link->missing[i] = !read_values(target, &inputs, false, attrs, nkeys + nnames,
									link->changes && nnames > 0 ? SD_LOCK_KEY_SHARE : SD_LOCK_NONE,
									values, nulls);
	for (int j = 0; j < nnames; j++)
		link->missing[i] |= nulls[nkeys + j];
	for (int j = 0; j < nkeys; j++)
		columns[j] = &nulls[j];
	if (!link->missing[i])
		sd_require_key(target, columns, 0);
	MemoryContextSwitchTo(old);
	if (!link->missing[i])
	{
		for (int j = 0; j < nkeys; j++)
			link->keys[j][i] = copy_value(target, attrs[j], values[j]);
		for (int j = nkeys; j < nkeys + nnames; j++)
			values[j] = copy_value(target, attrs[j], values[j]);
		if (nnames > 0)
			set_names(link, i, values + nkeys, path);
	}
	MemoryContextReset(link->row_cxt);
}

/*
 * Makes the query by which join rows are written: rows that are there are left.  Raises
 * what parsing it raises.
 */
void
sd_require_writer(SdLink *link)
{
	const SdAssociation *association = link->association;
	StringInfoData options;

	if (link->writer != NULL)
		return;
	Assert(link->through != NULL);
	initStringInfo(&options);
	appendStringInfoString(&options, "{\"ignoreDuplicates\":true,\"conflictAttributes\":[");
	for (int i = 0; i < association->nkeys + association->ntarget_keys; i++)
	{
		appendStringInfoString(&options, i > 0 ? "," : "");
		escape_json(&options, i < association->nkeys ? association->foreign_keys[i]
					: association->other_keys[i - association->nkeys]);
	}
	appendStringInfoString(&options, "]}");
	link->writer = sd_parse_kept(link->through, sd_link_document(options.data),
								 SD_CALL_BULK_CREATE, &(SdInputs) {0});
}

/* Whether an attribute of the join model is one of its two sides. */
bool
sd_is_side(const SdLink *link, int attr)
{
	for (int i = 0; i < link->association->nkeys; i++)
	{
		if (link->associated->foreign_keys[i] == attr)
			return true;
	}
	for (int i = 0; i < link->association->ntarget_keys; i++)
	{
		if (link->associated->other_keys[i] == attr)
			return true;
	}
	return false;
}

/*
 * Reads what is given of the join row of record number i.  Raises 22023 for an attribute
 * that says what it joins, and what reading a record raises.
 */
static void
read_join(SdLink *link, int i, const JsonbValue *join, const SdPath *path)
{
	SdReader	reader;

	if (!sd_is_object(join))
		sd_bad_shape(path, "an object of attributes of the join row");
	if (sd_array_length(join) == 0)
		return;
	sd_read(&reader, join, path);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(link->through, reader.key.val.string.val,
											 reader.key.val.string.len);

		if (attr >= 0 && sd_is_side(link, attr))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: this attribute gets the key of a record that is linked, and cannot be given",
							sd_path_text(&reader.path)),
					 errhint("Leave it out.")));
	}
	sd_require_writer(link);
	if (link->joins == NULL)
		link->joins = palloc_extended(sizeof(SdRecord *) * link->n,
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	link->joins[i] = sd_make_record(link->through);
	sd_read_record(link->writer, link->joins[i], join, path, true);
}

/* how the value that is a primary key is read */
typedef struct KeyReader
{
	const SdAttribute *attr;
	SdConverter converter;
} KeyReader;

/* Reads the value of the primary key of record number i. */
static void
read_value(SdLink *link, int i, KeyReader *keys, const JsonbValue *value, const SdPath *path)
{
	bool		isnull;

	if (value->type == jbvNull)
		sd_bad_shape(path, "the key of a record, not null");
	link->keys[0][i] = sd_convert(&keys->converter, value, keys->attr->name, path, &isnull);
	if (refer_to_parent(link))
		return;
	if (is_primary_key(link->associated))
		set_names(link, i, &link->keys[0][i], path);
	else
		look_up(link, i, value, path);
}

/*
 * Splits an object into the key of record number i, and what is given of its join row.
 * *alone is set where the key is the value of the one attribute of the primary key.
 */
static JsonbValue
split_record(SdLink *link, int i, const JsonbValue *value, const SdPath *path, bool *alone)
{
	const SdModel *target = link->target;
	JsonbParseState *state = NULL;
	JsonbValue	key = {0};
	SdReader	reader;
	int			members = 0;

	*alone = false;
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (link->through != NULL && sd_key_is(&reader, link->through->name))
		{
			read_join(link, i, &reader.value, &reader.path);
			continue;
		}
		members++;
		if (target->nkeys == 1 && sd_key_is(&reader, target->attrs[target->keys[0]].name))
		{
			key = reader.value;
			*alone = true;
		}
		pushJsonbValue(&state, WJB_KEY, &reader.key);
		pushJsonbValue(&state, WJB_VALUE, &reader.value);
	}
	*alone &= members == 1;
	if (!*alone)
		sd_root(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), &key);
	return key;
}

/* Reads record number i that is named: its key, or an object with it. */
static void
read_record(SdLink *link, int i, KeyReader *keys, const JsonbValue *value, const SdPath *path)
{
	JsonbValue	key = *value;
	bool		alone = !sd_is_object(value);

	if (sd_is_object(value))
		key = split_record(link, i, value, path, &alone);
	if (!alone)
	{
		MemoryContext old = MemoryContextSwitchTo(link->row_cxt);

		/* for errors with their place */
		(void) sd_read_linked_key(link->target, &key, path);
		MemoryContextSwitchTo(old);
		look_up(link, i, &key, path);
		return;
	}
	if (link->target->nkeys != 1)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: expected an object with the key of a record of model \"%s\"",
						sd_path_text(path), link->target->name)));
	read_value(link, i, keys, &key, path);
}

/* Columns of values by record. */
Datum **
sd_make_columns(int ncolumns, int n)
{
	Datum	  **columns = palloc(sizeof(Datum *) * ncolumns);

	for (int i = 0; i < ncolumns; i++)
		columns[i] = palloc_extended(sizeof(Datum) * Max(n, 1), MCXT_ALLOC_HUGE);
	return columns;
}

/* Reads which records are meant: one, an array of them, or null for none. */
void
sd_read_linked(SdLink *link, const JsonbValue *records)
{
	KeyReader	keys = {.attr = &link->target->attrs[link->target->keys[0]]};
	SdReader	reader;
	int			i = 0;

	if (records->type == jbvNull)
		return;
	link->many = sd_is_array(records);
	link->n = link->many ? sd_array_length(records) : 1;
	link->keys = sd_make_columns(link->target->nkeys, link->n);
	link->names = refer_to_parent(link) ? link->keys : sd_make_columns(link->nnaming, link->n);
	link->missing = palloc_extended(Max(link->n, 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	link->row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
										  ALLOCSET_SMALL_SIZES);
	sd_converter_init(&keys.converter, keys.attr->type, -1, CurrentMemoryContext);
	if (!link->many)
		read_record(link, i++, &keys, records, &records_path);
	else
		sd_read(&reader, records, &records_path);
	while (link->many && sd_next_element(&reader))
		read_record(link, i++, &keys, &reader.value, &reader.path);
	Assert(i == link->n);
	MemoryContextDelete(link->row_cxt);
	if (!sd_is_to_many(link->association) && link->n > 1)
		sd_bad_shape(&records_path, "one record, since the association leads to one");
}

/* Raises 23503: a key leads to no record. */
static pg_attribute_noreturn() void
no_such_record(const SdLink *link, int i)
{
	SdPath		path = sd_link_path(link, i);

	sd_refuse_link(false, &path, NULL, "not_found",
				   psprintf("there is no such record of model \"%s\"", link->target->name), NULL);
}

/* "name":value of what names refer to the parent with */
void
sd_link_source(StringInfo json, const SdLink *link, const char *const *names)
{
	for (int i = 0; i < link->association->nkeys; i++)
	{
		int			attr = link->association->source_keys[i];

		sd_link_member(json, names[i], link->source_nulls[i] ? NULL
					   : sd_key_json(link->source[i], link->parent->model->attrs[attr].type));
	}
}

/* The condition that attributes refer to the parent, whose key is not null. */
SdCondition *
sd_source_condition(SdQuery *query, const SdLink *link, const int *attrs)
{
	SdCondition *condition = NULL;

	for (int i = 0; i < link->association->nkeys; i++)
	{
		Oid			from = link->parent->model->attrs[link->association->source_keys[i]].type;
		Oid			type = query->model->attrs[attrs[i]].type;

		Assert(!link->source_nulls[i]);
		condition = sd_and(condition,
						   sd_key_condition(query, attrs[i], type,
											sd_recode(link->source[i], from, type)));
	}
	return condition;
}

/* Whether values of all attributes that name records can be bound as arrays. */
static bool
have_arrays(const SdLink *link)
{
	for (int i = 0; i < link->nnaming; i++)
	{
		if (!OidIsValid(get_array_type(link->naming->attrs[link->naming_attrs[i]].type)))
			return false;
	}
	return true;
}

/* What naming attribute number i has of the records, as an array. */
static Datum
names_array(const SdLink *link, int i)
{
	Oid			type = link->naming->attrs[link->naming_attrs[i]].type;
	Datum	   *values = palloc_extended(sizeof(Datum) * Max(link->n, 1), MCXT_ALLOC_HUGE);
	int			n = 0;
	int16		len;
	bool		byval;
	char		align;

	for (int record = 0; record < link->n; record++)
	{
		if (!link->missing[record])
			values[n++] = link->names[i][record];
	}
	get_typlenbyvalalign(type, &len, &byval, &align);
	return PointerGetDatum(construct_array(values, n, type, len, byval, align));
}

/*
 * The condition that a row of the naming model is one of the records that are named, or leads
 * to one.  One record is no array: PostgreSQL plans for arrays of an unknown length, and so
 * would plan each call anew.
 */
SdCondition *
sd_link_condition(SdQuery *query, const SdLink *link)
{
	const SdModel *model = link->naming;
	List	   *records = NIL;

	if (link->n > 1 && link->nnaming == 1 && have_arrays(link))
	{
		SdCondition *condition = sd_make_condition(SD_COND_ANY);
		int			attr = link->naming_attrs[0];
		Datum		names = names_array(link, 0);

		condition->left = sd_attribute_expr(model, attr);
		condition->op = SD_OP_EQ;
		condition->right = sd_param_expr(&query->params, get_array_type(model->attrs[attr].type),
										 names, false, NULL);
		sd_note_list(&query->params, names);
		return condition;
	}
	for (int i = 0; i < link->n; i++)
	{
		SdCondition *record = NULL;

		CHECK_FOR_INTERRUPTS();
		for (int j = 0; j < link->nnaming && !link->missing[i]; j++)
			record = sd_and(record, sd_key_condition(query, link->naming_attrs[j],
													 model->attrs[link->naming_attrs[j]].type,
													 link->names[j][i]));
		if (record != NULL)
			records = lappend(records, record);
	}
	return records == NIL ? sd_make_condition(SD_COND_FALSE) : sd_make_logic(SD_COND_OR, records);
}

/* Restricts a query of the naming model, which is the caller's own, to rows that meet that condition. */
void
sd_link_restrict(SdQuery *query, const SdLink *link)
{
	Assert(query->model == link->naming && query->nmatches == 0);
	query->shapes = NULL;
	/* whatever comes beside them, the plan for few records does for all */
	query->generic = link->n <= SD_FEW_KEYS;
	if (link->n == 1 || link->nnaming == 1 || !have_arrays(link))
	{
		query->where = sd_and(query->where, sd_link_condition(query, link));
		return;
	}
	query->nmatches = link->nnaming;
	query->matches = palloc0(sizeof(SdMatch) * link->nnaming);
	for (int i = 0; i < link->nnaming; i++)
	{
		const SdAttribute *attr = &link->naming->attrs[link->naming_attrs[i]];
		SdMatch    *match = &query->matches[i];

		match->attr = link->naming_attrs[i];
		match->type = attr->type;
		match->collation = attr->collation;
		match->param = sd_param(&query->params, get_array_type(attr->type), names_array(link, i),
								false);
	}
}

/* The link with its records named by their primary keys. */
static SdLink
named_by_key(const SdLink *link)
{
	SdLink		by_key = *link;

	by_key.naming = link->target;
	by_key.naming_attrs = link->target->keys;
	by_key.nnaming = link->target->nkeys;
	by_key.names = link->keys;
	return by_key;
}

/*
 * Locks the records that are named, and with_linked those that refer to the parent too;
 * rows gets their primary keys.  Those that are named are locked whether they are linked or
 * not: one that is linked meanwhile would be locked out of order when it is changed.
 */
void
sd_lock_linked(const SdLink *link, bool with_linked, SdRowSet *rows)
{
	const SdModel *target = link->target;
	SdLink		by_key = named_by_key(link);
	SdQuery    *query = sd_make_query(target);

	if (with_linked)
	{
		query->where = sd_source_condition(query, link, link->associated->target_keys);
		query->where = sd_make_logic(SD_COND_OR, list_make2(query->where,
															sd_link_condition(query, &by_key)));
	}
	else
		sd_link_restrict(query, &by_key);
	if (target->deleted_at >= 0)
		query->where = sd_and(query->where, sd_alive_condition(query, target, true));
	if (link->through != NULL)
		query->where = sd_and(query->where,
							  sd_association_scope(query, target, link->associated,
												   link->association->scope));
	/* those that get a foreign key are changed, others are referred to */
	(void) sd_lock_rows(query, target->keys, target->nkeys,
						refer_to_parent(link) ? SD_LOCK_NO_KEY_UPDATE : SD_LOCK_KEY_SHARE, rows);
}

/*
 * Locks the records that are to be linked, and with_linked those that refer to the parent
 * too; raises 23503 for a key that leads to no record.
 */
void
sd_require_linked(const SdLink *link, bool with_linked)
{
	SdLink		by_key = named_by_key(link);
	SdRowSet	rows;
	int			missing;

	for (int i = 0; i < link->n; i++)
	{
		if (link->missing[i])
			no_such_record(link, i);
	}
	if (link->n == 0 && !with_linked)
		return;
	sd_lock_linked(link, with_linked, &rows);
	if (rows.nrows == link->n && !with_linked)
		return;
	/* one is missing, or named twice */
	missing = sd_first_unlinked(&by_key, &rows, 0);
	if (missing >= 0)
		no_such_record(link, missing);
}
