/*-------------------------------------------------------------------------
 * write/link.c
 *		Links records that exist.
 *
 * A link is a row of a join model, or a foreign key: so linking is creating,
 * deleting and updating, and the writers do it, with their timestamps, versions,
 * validators and paranoid rows.  Nothing is read first to decide what to write.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "json/object_text.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/comparison.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "write/link.h"
#include "write/link_document.h"
#include "write/link_joins.h"
#include "write/link_order.h"
#include "write/lock_rows.h"
#include "write/modify.h"

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

/* The data of an update that makes records refer to the parent, or with clear to none. */
static Jsonb *
reference_data(const SdLink *link, bool clear)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	if (!clear)
	{
		sd_link_source(&json, link, link->association->target_keys);
		sd_link_scope_values(&json, link->association->scope);
	}
	for (int i = 0; clear && i < link->association->nkeys; i++)
		sd_link_member(&json, link->association->target_keys[i], NULL);
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
	const SdAssociation *association = link->association;
	StringInfoData json;
	SdQuery    *query;

	if (link->n == 0)
		return 0;
	sd_link_where(&json);
	appendStringInfoString(&json, "\"$or\":[");
	for (int i = 0; i < association->nkeys; i++)
	{
		const char *name = association->target_keys[i];
		const SdAttribute *source = &link->parent->model->attrs[association->source_keys[i]];

		/* check_source() */
		Assert(!link->source_nulls[i]);
		appendStringInfoString(&json, i > 0 ? ",{" : "{");
		sd_link_member(&json, name, NULL);
		appendStringInfoString(&json, "},{");
		escape_json(&json, name);
		appendStringInfo(&json, ":{\"$ne\":%s}}", sd_key_json(link->source[i], source->type));
	}
	append_unlike_scope(&json, association->scope);
	appendStringInfoChar(&json, ']');
	query = sd_link_query(link->target, &json, SD_CALL_UPDATE);
	sd_link_restrict(query, link);
	return sd_update(sd_link_settled(query), reference_data(link, false), NULL, NULL);
}

/* A query for the records, or with others for all others, that refer to the parent. */
static SdQuery *
referring(const SdLink *link, bool others, SdCall call)
{
	StringInfoData json;
	SdQuery    *query;

	Assert(link->through == NULL);
	sd_link_where(&json);
	sd_link_source(&json, link, link->association->target_keys);
	sd_link_scope(&json, link->association->scope);
	query = sd_link_query(link->target, &json, call);
	if (!others)
		sd_link_restrict(query, link);
	else if (link->n > 0)
		query->where = sd_and(query->where, sd_not(sd_link_condition(query, link)));
	return query;
}

/* Finds them; rows gets their primary keys. */
static void
find_referring(const SdLink *link, bool others, SdRowSet *rows)
{
	(void) sd_lock_rows(referring(link, others, SD_CALL_FIND), link->target->keys,
						link->target->nkeys, SD_LOCK_NONE, rows);
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
	SdRowSet	rows;

	for (int i = 0; i < link->association->nkeys; i++)
	{
		const char *name = link->association->target_keys[i];
		int			attr = sd_find_column(link->target, name, strlen(name));

		Assert(attr >= 0);
		if (is_nullable(&link->target->attrs[attr]))
			continue;
		find_referring(link, others, &rows);
		if (rows.nrows == 0)
			return 0;
		sd_check_clearable(link->target, attr);
	}
	/* with others they have been locked already */
	if (!others)
		sd_lock_linked(link, false, &rows);
	return sd_update(sd_link_settled(referring(link, others, SD_CALL_UPDATE)), reference_data(link, true),
					 NULL, NULL);
}

/* Whether the parent refers to the one record that is named. */
static bool
refers_to(const SdLink *link)
{
	Assert(link->n == 1 && link->association->kind == SD_BELONGS_TO);
	if (link->missing[0])
		return false;
	for (int i = 0; i < link->association->nkeys; i++)
	{
		const SdAttribute *attr = &link->parent->model->attrs[link->association->source_keys[i]];

		if (link->source_nulls[i] || !sd_same_value(attr, link->names[i][0], link->source[i]))
			return false;
	}
	return true;
}

/*
 * Makes the parent refer to the one record that is named, or with clear to none.  Returns
 * how many parents were changed: none where a trigger left it as it was.
 */
static int64
refer_to(const SdLink *link, bool clear)
{
	const SdModel *model = link->parent->model;
	Tuplestorestate *store = tuplestore_begin_heap(false, false, work_mem);
	StringInfoData json;
	int64		changed;

	Assert(clear || link->n == 1);
	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	for (int i = 0; i < link->association->nkeys; i++)
	{
		const SdAttribute *attr = &model->attrs[link->association->source_keys[i]];

		if (clear && (attr->not_null || !attr->allow_null))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the record of model \"%s\" cannot be without a record that it belongs to: attribute \"%s\" cannot be null",
							model->name, attr->name),
					 errhint("SELECT studentdir.destroy_by_pk(%s, ...) deletes it.",
							 quote_literal_cstr(model->name))));
		sd_link_member(&json, attr->name, clear ? NULL : sd_key_json(link->names[i][0], attr->type));
	}
	appendStringInfoChar(&json, '}');
	changed = sd_update(sd_link_settled(sd_parse_call(model, NULL, SD_CALL_UPDATE_BY_PK,
													  link->parent->key)),
						sd_link_document(json.data), NULL, store);
	tuplestore_end(store);
	return changed;
}

/* Whether a record that is named says something of its join row. */
static bool
gives_join(const SdLink *link, const JsonbValue *record)
{
	JsonbValue	member;

	return sd_is_object(record) &&
		getKeyJsonValueFromContainer(record->val.binary.data, link->through->name,
									 strlen(link->through->name), &member) != NULL;
}

/* Whether one of the records does. */
static bool
give_join(const SdLink *link, const JsonbValue *records)
{
	SdReader	reader;

	if (!sd_is_array(records))
		return gives_join(link, records);
	sd_read(&reader, records, NULL);
	while (sd_next_element(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		if (gives_join(link, &reader.value))
			return true;
	}
	return false;
}

/*
 * How the parent is locked to add records.  Calls that change join rows which are there,
 * as they restore deleted ones or set their attributes, or delete them, find them first and
 * then lock them: one such call at a time, since rows may come between.  Inserting does
 * it in one order alone.  Of a has-one association one call at a time too, since each makes
 * room only in what it sees.
 */
static SdLock
adding_lock(const SdLink *link, const JsonbValue *records)
{
	if (link->through == NULL)
		return link->association->kind == SD_HAS_ONE
			? SD_LOCK_NO_KEY_UPDATE : SD_LOCK_KEY_SHARE;
	return link->through->deleted_at >= 0 || give_join(link, records)
		? SD_LOCK_NO_KEY_UPDATE : SD_LOCK_KEY_SHARE;
}

/* Whether nothing can refer to the parent, since its key is null. */
static bool
is_unreferred(const SdLink *link)
{
	for (int i = 0; link->association->kind != SD_BELONGS_TO && i < link->association->nkeys; i++)
	{
		if (link->source_nulls[i])
			return true;
	}
	return false;
}

/* Raises 22023 when the parent has no key that others could refer to. */
static void
check_source(const SdLink *link)
{
	for (int i = 0; link->association->kind != SD_BELONGS_TO && i < link->association->nkeys; i++)
	{
		if (link->source_nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("attribute \"%s\" of the record of model \"%s\" is null, so that no record can refer to it",
							link->parent->model->attrs[link->association->source_keys[i]].name,
							link->parent->model->name)));
	}
}

/* Links the records that have been read and locked; returns how many were not linked. */
static int64
add_records(SdLink *link)
{
	switch (link->association->kind)
	{
		case SD_BELONGS_TO_MANY:
			return sd_add_joins(link);
		case SD_HAS_MANY:
			return add_references(link);
		case SD_HAS_ONE:
			/* the one that was there makes room */
			if (link->n > 0)
				(void) remove_references(link, true);
			return add_references(link);
		case SD_BELONGS_TO:
			if (link->n == 0 || refers_to(link))
				return 0;
			return refer_to(link, false);
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
		sd_check_join_key(&link);
	sd_read_linked(&link, records);
	/* of a has-one association the other one makes room */
	sd_require_linked(&link, link.association->kind == SD_HAS_ONE && link.n > 0);
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
	if (!sd_read_parent(&link, link.through != NULL ? SD_LOCK_NO_KEY_UPDATE : SD_LOCK_KEY_SHARE))
		return -1;
	sd_read_linked(&link, records);
	if (link.n == 0 || is_unreferred(&link))
		return 0;
	switch (link.association->kind)
	{
		case SD_BELONGS_TO_MANY:
			return sd_remove_joins(&link, false);
		case SD_HAS_MANY:
		case SD_HAS_ONE:
			return remove_references(&link, false);
		case SD_BELONGS_TO:
			if (!refers_to(&link))
				return 0;
			return refer_to(&link, true);
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
	if (!sd_read_parent(&link, SD_LOCK_UPDATE))
		return false;
	check_source(&link);
	if (link.through != NULL)
		sd_check_join_key(&link);
	sd_read_linked(&link, records);
	sd_require_linked(&link, link.association->kind == SD_HAS_MANY ||
					  link.association->kind == SD_HAS_ONE);
	switch (link.association->kind)
	{
		case SD_BELONGS_TO_MANY:
			*removed = sd_remove_joins(&link, true);
			break;
		case SD_HAS_MANY:
		case SD_HAS_ONE:
			*removed = remove_references(&link, true);
			break;
		case SD_BELONGS_TO:
			/* one reference makes room for another */
			*added = add_records(&link);
			if (link.source_nulls[0])
				*removed = 0;
			else
				*removed = link.n == 0 ? refer_to(&link, true) : *added;
			return true;
	}
	*added = add_records(&link);
	return true;
}

/* Whether all records that are named are linked to the parent; false when there is no parent. */
bool
sd_link_has(const SdLinkParent *parent, const JsonbValue *records)
{
	SdLink		link;
	SdRowSet	rows;

	sd_open_link(&link, parent);
	if (!sd_read_parent(&link, SD_LOCK_NONE))
		return false;
	sd_read_linked(&link, records);
	for (int i = 0; i < link.n; i++)
	{
		if (link.missing[i])
			return false;
	}
	if (link.n == 0)
		return true;
	if (link.association->kind == SD_BELONGS_TO)
		return refers_to(&link);
	if (is_unreferred(&link))
		return false;
	if (link.association->kind == SD_BELONGS_TO_MANY)
		return sd_has_joins(&link);
	find_referring(&link, false, &rows);
	return sd_first_unlinked(&link, &rows, 0) < 0;
}
