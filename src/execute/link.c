/*-------------------------------------------------------------------------
 * execute/link.c
 *		Links records that exist.
 *
 * A link is a row of a join model, or a foreign key: so linking is creating,
 * deleting and updating, and the writers do it, with their timestamps, versions,
 * validators and paranoid rows.  What they are told is written as the documents
 * that a caller would give them; nothing is read first to decide what to write.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/link.h"
#include "execute/link_document.h"
#include "json/object_text.h"
#include "execute/modify.h"
#include "execute/select.h"
#include "miscadmin.h"
#include "model/unique.h"
#include "parse/associated.h"
#include "parse/reader.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* How many rows a query leaves, as they are now. */
static int64
count_now(const SdQuery *query)
{
	int64		count;

	PushActiveSnapshot(GetTransactionSnapshot());
	count = sd_select_count(query);
	PopActiveSnapshot();
	return count;
}

/* The association of a model by name; raises 22023 where there is none, or several. */
const SdAssociation *
sd_link_association(const SdModel *model, const char *name)
{
	static const SdPath path = {.key = "association", .len = 11};
	bool		ambiguous;
	const SdAssociation *association = sd_find_association(model, name, strlen(name), &ambiguous);

	if (association == NULL)
		sd_unknown_association(model, name, strlen(name), ambiguous, &path);
	return association;
}

/* The attributes of the join model that are its two sides, by number. */
static Bitmapset *
join_sides(const SdLink *link)
{
	const SdAssociation *association = link->association;
	Bitmapset  *attrs = NULL;

	for (int i = 0; i < association->nkeys; i++)
		attrs = bms_add_member(attrs, sd_find_column(link->through, association->foreign_keys[i],
													 strlen(association->foreign_keys[i])));
	for (int i = 0; i < association->ntarget_keys; i++)
		attrs = bms_add_member(attrs, sd_find_column(link->through, association->other_keys[i],
													 strlen(association->other_keys[i])));
	return attrs;
}

/* Raises 22023 where join rows could not be told apart. */
static void
check_join_key(const SdLink *link)
{
	Bitmapset  *attrs = join_sides(link);
	ListCell   *cell;

	foreach(cell, sd_unique_keys(link->through))
	{
		if (sd_key_is_of(lfirst(cell), attrs))
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("join model \"%s\" of association \"%s\" has no unique key on its two sides, so that a record could be linked twice",
					link->through->name, link->association->alias),
			 errhint("Make their attributes its primary key, or define a unique constraint on just them.")));
}

/* The names of the sides of the join row, for "conflictAttributes". */
static void
append_names(StringInfo json, const char *const *names, int n, bool *first)
{
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(json, *first ? "" : ",");
		*first = false;
		escape_json(json, names[i]);
	}
}

/* {what is given of the join row, "fk":…, "ok":…, and the scope}: of a key given twice the last counts */
static void
append_join(StringInfo json, const SdLink *link, const SdLinked *record)
{
	const SdAssociation *association = link->association;

	appendStringInfoChar(json, '{');
	if (record->join != NULL)
		/* without its braces */
		appendBinaryStringInfo(json, record->join + 1, strlen(record->join) - 2);
	sd_link_source(json, link, association->foreign_keys);
	for (int i = 0; i < association->ntarget_keys; i++)
		sd_link_member(json, association->other_keys[i], record->target[i]);
	sd_link_scope_values(json, association->through_scope);
	appendStringInfoChar(json, '}');
}

/* Changes the join row of a record by what is given of it. */
static void
update_join(const SdLink *link, const SdLinked *record)
{
	StringInfoData json;

	sd_link_where(&json);
	sd_link_source(&json, link, link->association->foreign_keys);
	for (int i = 0; i < link->association->ntarget_keys; i++)
		sd_link_member(&json, link->association->other_keys[i], record->target[i]);
	(void) sd_update(sd_link_query(link->through, &json, SD_CALL_UPDATE),
					 sd_link_document(record->join), NULL);
}

/* Changes the join rows of records that some attributes are given of. */
static void
update_joins(const SdLink *link)
{
	MemoryContext row_cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir row",
												  ALLOCSET_SMALL_SIZES);

	for (int i = 0; i < link->n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(row_cxt);

		CHECK_FOR_INTERRUPTS();
		if (link->records[i].join != NULL)
			update_join(link, &link->records[i]);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row_cxt);
	}
	MemoryContextDelete(row_cxt);
}

/* Locks join rows in the order of their sides: those of a document without its end, as for sd_link_lock(). */
static int64
lock_joins(const SdLink *link, StringInfo json)
{
	Bitmapset  *sides = join_sides(link);
	const char **names = palloc(sizeof(char *) * bms_num_members(sides));
	int			attr = -1;
	int			n = 0;

	while ((attr = bms_next_member(sides, attr)) >= 0)
		names[n++] = link->through->attrs[attr].name;
	return sd_link_lock(link->through, json, names, n, "UPDATE");
}

/* The conditions on the join rows of the records. */
static void
append_sides(StringInfo json, const SdLink *link)
{
	const SdAssociation *association = link->association;

	sd_link_source(json, link, association->foreign_keys);
	sd_link_condition(json, link, association->other_keys, association->ntarget_keys, true, false);
}

/*
 * Restores the join rows of the records that are deleted; returns how many.  They are
 * locked first in the order in which others are locked to be removed.
 */
static int64
restore_joins(const SdLink *link)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoString(&json, "{\"scope\":null,\"paranoid\":false,\"where\":{");
	append_sides(&json, link);
	appendStringInfoChar(&json, ',');
	escape_json(&json, link->through->attrs[link->through->deleted_at].name);
	appendStringInfoString(&json, ":{\"$ne\":null}");
	if (lock_joins(link, &json) == 0)
		return 0;
	sd_link_where(&json);
	append_sides(&json, link);
	return sd_restore(sd_link_query(link->through, &json, SD_CALL_RESTORE));
}

/* Adds join rows to the records; returns how many were not linked before. */
static int64
add_joins(const SdLink *link)
{
	const SdAssociation *association = link->association;
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);
	StringInfoData options;
	StringInfoData data;
	SdQuery		query;
	bool		first = true;
	int64		added;

	initStringInfo(&options);
	appendStringInfoString(&options, "{\"ignoreDuplicates\":true,\"conflictAttributes\":[");
	append_names(&options, association->foreign_keys, association->nkeys, &first);
	append_names(&options, association->other_keys, association->ntarget_keys, &first);
	appendStringInfoString(&options, "]}");
	initStringInfo(&data);
	appendStringInfoChar(&data, '[');
	for (int i = 0; i < link->n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		appendStringInfoString(&data, i > 0 ? "," : "");
		append_join(&data, link, &link->records[i]);
	}
	appendStringInfoChar(&data, ']');
	query = *sd_parse_options(link->through, sd_link_document(options.data), SD_CALL_BULK_CREATE);
	/* they are only counted */
	query.shapes = NULL;
	query.noutputs = 0;
	sd_bulk_create(&query, sd_link_document(data.data), store);
	added = tuplestore_tuple_count(store);
	tuplestore_end(store);
	if (added == link->n)
		return added;
	if (link->through->deleted_at >= 0)
		added += restore_joins(link);
	update_joins(link);
	return added;
}

/* {"where":{ the join rows of the records, or with others those of all others */
static void
append_joins(StringInfo json, const SdLink *link, bool others)
{
	const SdAssociation *association = link->association;

	sd_link_where(json);
	sd_link_source(json, link, association->foreign_keys);
	sd_link_scope(json, association->through_scope);
	if (!(others && link->n == 0))
		sd_link_condition(json, link, association->other_keys, association->ntarget_keys, true,
						  others);
}

/*
 * Deletes the join rows of the records, or with others those of all others;
 * returns how many.  They are locked first in the order in which they are inserted.
 */
static int64
remove_joins(const SdLink *link, bool others)
{
	StringInfoData json;

	append_joins(&json, link, others);
	if (lock_joins(link, &json) == 0)
		return 0;
	append_joins(&json, link, others);
	return sd_destroy(sd_link_query(link->through, &json, SD_CALL_DESTROY), NULL);
}

/* The data of an update that makes records refer to the parent, or with clear to none. */
static Jsonb *
reference_data(const SdLink *link, bool clear)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < link->association->nkeys; i++)
		sd_link_member(&json, link->association->target_keys[i], clear ? NULL : link->source[i]);
	if (!clear)
		sd_link_scope_values(&json, link->association->scope);
	appendStringInfoChar(&json, '}');
	return sd_link_document(json.data);
}

/* ,{"kind":null},{"kind":{"$ne":"a"}}: a record of another association by the same key is not linked yet */
static void
append_unlike_scope(StringInfo json, const JsonbValue *scope)
{
	SdReader	reader;

	if (scope == NULL)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		const char *name = sd_string(&reader.key);

		if (reader.value.type == jbvBinary)
			continue;
		if (reader.value.type != jbvNull)
		{
			appendStringInfoString(json, ",{");
			sd_link_member(json, name, NULL);
			appendStringInfoChar(json, '}');
		}
		appendStringInfoString(json, ",{");
		escape_json(json, name);
		appendStringInfo(json, ":{\"$ne\":%s}}", sd_json_text(&reader.value));
	}
}

/* Makes the records refer to the parent; returns how many did not before. */
static int64
add_references(const SdLink *link)
{
	StringInfoData json;

	if (link->n == 0)
		return 0;
	sd_link_where(&json);
	sd_link_condition(&json, link, sd_link_key_names(link), link->target->nkeys, false, false);
	appendStringInfoString(&json, ",\"$or\":[");
	for (int i = 0; i < link->association->nkeys; i++)
	{
		appendStringInfoString(&json, i > 0 ? ",{" : "{");
		sd_link_member(&json, link->association->target_keys[i], NULL);
		appendStringInfoString(&json, "},{");
		escape_json(&json, link->association->target_keys[i]);
		appendStringInfo(&json, ":{\"$ne\":%s}}", link->source[i]);
	}
	append_unlike_scope(&json, link->association->scope);
	appendStringInfoChar(&json, ']');
	return sd_update(sd_link_settled(sd_link_query(link->target, &json, SD_CALL_UPDATE)),
					 reference_data(link, false), NULL);
}

/* {"where":{ the records, or with others all others, that refer to the parent */
static void
append_referring(StringInfo json, const SdLink *link, bool others)
{
	sd_link_where(json);
	sd_link_source(json, link, link->association->target_keys);
	sd_link_scope(json, link->association->scope);
	if (!(others && link->n == 0))
		sd_link_condition(json, link, sd_link_key_names(link), link->target->nkeys, false, others);
}

static const SdQuery *
referring(const SdLink *link, bool others, SdCall call)
{
	StringInfoData json;

	append_referring(&json, link, others);
	return sd_link_query(link->target, &json, call);
}

/* Locks the records that are named and, with others, those that refer to the parent, by their keys. */
static void
lock_referring(const SdLink *link, bool others)
{
	StringInfoData json;

	sd_link_where(&json);
	if (others)
	{
		appendStringInfoString(&json, "\"$or\":[{");
		sd_link_source(&json, link, link->association->target_keys);
		appendStringInfoString(&json, "},{");
	}
	sd_link_condition(&json, link, sd_link_key_names(link), link->target->nkeys, false, false);
	if (others)
		appendStringInfoString(&json, "}]");
	(void) sd_link_lock(link->target, &json, sd_link_key_names(link), link->target->nkeys,
						"NO KEY UPDATE");
}

/* Whether a foreign key can be null, in the model and in the table. */
static bool
is_nullable(const SdAttribute *attr)
{
	return !attr->not_null && attr->allow_null;
}

/* Raises 22023 when records cannot belong to none, since an attribute of theirs cannot be null. */
void
sd_check_clearable(const SdModel *model, int attr)
{
	if (!is_nullable(&model->attrs[attr]))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("records of model \"%s\" cannot be without a record that they belong to: attribute \"%s\" cannot be null",
						model->name, model->attrs[attr].name),
				 errhint("SELECT studentdir.destroy(%s, ...) deletes them.",
						 quote_literal_cstr(model->name))));
}

/* Makes the records, or all others, refer to no parent any more; returns how many did. */
static int64
remove_references(const SdLink *link, bool others)
{
	for (int i = 0; i < link->association->nkeys; i++)
	{
		const char *name = link->association->target_keys[i];
		int			attr = sd_find_column(link->target, name, strlen(name));

		if (is_nullable(&link->target->attrs[attr]))
			continue;
		if (count_now(referring(link, others, SD_CALL_COUNT)) == 0)
			return 0;
		sd_check_clearable(link->target, attr);
	}
	if (!others)
		lock_referring(link, false);
	return sd_update(sd_link_settled(referring(link, others, SD_CALL_UPDATE)), reference_data(link, true),
					 NULL);
}

/* Whether the parent refers to the one record that is named. */
static bool
refers_to(const SdLink *link, const SdLinked *record)
{
	for (int i = 0; i < link->association->nkeys; i++)
	{
		if (record->target == NULL || record->target[i] == NULL || link->source[i] == NULL ||
			strcmp(record->target[i], link->source[i]) != 0)
			return false;
	}
	return true;
}

/* Makes the parent refer to a record, or for NULL to none. */
static void
refer_to(const SdLink *link, const SdLinked *record)
{
	const SdModel *model = link->parent->model;
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < link->association->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[link->association->source_keys[i]];

		if (record == NULL && (attr->not_null || !attr->allow_null))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the record of model \"%s\" cannot be without a record that it belongs to: attribute \"%s\" cannot be null",
							model->name, attr->name),
					 errhint("SELECT studentdir.destroy_by_pk(%s, ...) deletes it.",
							 quote_literal_cstr(model->name))));
		sd_link_member(&json, attr->name, record != NULL ? record->target[i] : NULL);
	}
	appendStringInfoChar(&json, '}');
	(void) sd_update(sd_link_settled(sd_parse_call(model, NULL, SD_CALL_UPDATE_BY_PK, link->parent->key)),
					 sd_link_document(json.data), store);
	tuplestore_end(store);
}

/* Whether an element of the records says something of its join row. */
static bool
gives_join(const SdLink *link, const JsonbValue *records)
{
	const char *name = link->through->name;
	JsonbValue	member;
	SdReader	reader;

	if (!sd_is_array(records))
		return sd_is_object(records) && getKeyJsonValueFromContainer(records->val.binary.data, name, strlen(name), &member) != NULL;
	sd_read(&reader, records, NULL);
	while (sd_next_element(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		if (sd_is_object(&reader.value) &&
			getKeyJsonValueFromContainer(reader.value.val.binary.data, name, strlen(name), &member) != NULL)
			return true;
	}
	return false;
}

/*
 * How the parent is locked to add records.  Calls that change join rows which are there,
 * as they restore deleted ones or set their attributes, or delete them, find them first and
 * then lock them: one such call at a time, since rows may come between.  Inserting does
 * it in one order alone.
 */
static const char *
adding_lock(const SdLink *link, const JsonbValue *records)
{
	return link->through != NULL &&
		(link->through->deleted_at >= 0 || gives_join(link, records)) ? "NO KEY UPDATE" : "KEY SHARE";
}

/* Raises 22023 when the parent has no key that others could refer to. */
static void
check_source(const SdLink *link)
{
	for (int i = 0; link->association->kind != SD_BELONGS_TO && i < link->association->nkeys; i++)
	{
		if (link->source[i] == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("attribute \"%s\" of the record of model \"%s\" is null, so that no record can refer to it",
							link->parent->model->attrs[link->association->source_keys[i]].name,
							link->parent->model->name)));
	}
}

/* Links the records that have been read and locked; returns how many were not linked. */
static int64
add_records(const SdLink *link)
{
	switch (link->association->kind)
	{
		case SD_BELONGS_TO_MANY:
			return link->n > 0 ? add_joins(link) : 0;
		case SD_HAS_MANY:
			return add_references(link);
		case SD_HAS_ONE:
			/* the one that was there makes room */
			if (link->n > 0)
			{
				lock_referring(link, true);
				(void) remove_references(link, true);
			}
			return add_references(link);
		case SD_BELONGS_TO:
			if (link->n == 0 || refers_to(link, &link->records[0]))
				return 0;
			refer_to(link, &link->records[0]);
			return 1;
	}
	pg_unreachable();
}

/*
 * Links the records that are named, keys or objects, to the parent; returns how
 * many were not linked before, or -1 when there is no parent.
 *
 * Raises 23503 for a key that leads to no record, before anything is written;
 * 22023 for a wrong shape and for a join model without a unique key; what the
 * writers raise.
 */
int64
sd_link_add(const SdLinkParent *parent, const JsonbValue *records)
{
	SdLink		link;

	sd_open_link(&link, parent);
	if (!sd_read_parent(&link, adding_lock(&link, records)))
		return -1;
	check_source(&link);
	if (link.through != NULL)
		check_join_key(&link);
	sd_read_linked(&link, records);
	sd_require_linked(&link);
	return add_records(&link);
}

/*
 * Unlinks the records that are named; returns how many were linked, or -1 when
 * there is no parent.  A key that leads to no record is not linked.
 */
int64
sd_link_remove(const SdLinkParent *parent, const JsonbValue *records)
{
	SdLink		link;

	sd_open_link(&link, parent);
	/* as adding_lock() says */
	if (!sd_read_parent(&link, link.through != NULL ? "NO KEY UPDATE" : "KEY SHARE"))
		return -1;
	sd_read_linked(&link, records);
	if (link.n == 0)
		return 0;
	switch (link.association->kind)
	{
		case SD_BELONGS_TO_MANY:
			return remove_joins(&link, false);
		case SD_HAS_MANY:
		case SD_HAS_ONE:
			return remove_references(&link, false);
		case SD_BELONGS_TO:
			if (!refers_to(&link, &link.records[0]))
				return 0;
			refer_to(&link, NULL);
			return 1;
	}
	pg_unreachable();
}

/*
 * Makes the records that are named all that are linked.  The parent is locked
 * first, against those that add and remove too, so that of two sessions one list
 * wins.  False when there is no parent.
 * Raises what sd_link_add() raises.
 */
bool
sd_link_set(const SdLinkParent *parent, const JsonbValue *records, int64 *added, int64 *removed)
{
	SdLink		link;

	sd_open_link(&link, parent);
	if (!sd_read_parent(&link, "UPDATE"))
		return false;
	check_source(&link);
	if (link.through != NULL)
		check_join_key(&link);
	sd_read_linked(&link, records);
	if (link.association->kind == SD_HAS_MANY || link.association->kind == SD_HAS_ONE)
		lock_referring(&link, true);
	sd_require_linked(&link);
	switch (link.association->kind)
	{
		case SD_BELONGS_TO_MANY:
			*removed = remove_joins(&link, true);
			break;
		case SD_HAS_MANY:
		case SD_HAS_ONE:
			*removed = remove_references(&link, true);
			break;
		case SD_BELONGS_TO:
			*removed = link.source[0] != NULL &&
				(link.n == 0 || !refers_to(&link, &link.records[0]));
			if (link.n == 0 && *removed > 0)
				refer_to(&link, NULL);
			break;
	}
	*added = add_records(&link);
	return true;
}

/* How many different records are named. */
static int64
count_distinct(const SdLink *link)
{
	StringInfoData json;
	Jsonb	   *set;

	/* the keys of an object: each counts once */
	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < link->n; i++)
	{
		StringInfoData key;

		initStringInfo(&key);
		for (int j = 0; j < link->association->ntarget_keys && link->association->ntarget_keys > 0; j++)
			appendStringInfo(&key, "%s,", link->records[i].target != NULL &&
							 link->records[i].target[j] != NULL ? link->records[i].target[j] : "");
		for (int j = 0; j < link->target->nkeys; j++)
			appendStringInfo(&key, "%s,", link->records[i].key[j] != NULL ? link->records[i].key[j]
							 : "");
		sd_link_member(&json, key.data, "1");
	}
	appendStringInfoChar(&json, '}');
	set = sd_link_document(json.data);
	return JB_ROOT_COUNT(set);
}

/* Whether all records that are named are linked to the parent; false when there is no parent. */
bool
sd_link_has(const SdLinkParent *parent, const JsonbValue *records)
{
	const SdAssociation *association = parent->association;
	StringInfoData json;
	SdLink		link;

	sd_open_link(&link, parent);
	if (!sd_read_parent(&link, NULL))
		return false;
	sd_read_linked(&link, records);
	for (int i = 0; i < link.n; i++)
	{
		if (link.records[i].target == NULL || link.records[i].target[0] == NULL)
			return false;
	}
	if (link.n == 0)
		return true;
	if (association->kind == SD_BELONGS_TO)
		return refers_to(&link, &link.records[0]);
	if (association->kind != SD_BELONGS_TO_MANY)
		return count_now(referring(&link, false, SD_CALL_COUNT)) == count_distinct(&link);
	sd_link_where(&json);
	sd_link_source(&json, &link, association->foreign_keys);
	sd_link_scope(&json, association->through_scope);
	sd_link_condition(&json, &link, association->other_keys, association->ntarget_keys, true, false);
	return count_now(sd_link_query(link.through, &json, SD_CALL_COUNT)) >= count_distinct(&link);
}
