/*-------------------------------------------------------------------------
 * request/linking.c
 *		Requests that link records that exist.
 *
 * A client says which records are linked, and nothing of the join row or of the
 * records themselves.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "execute/select.h"
#include "parse/kept.h"
#include "record/validate.h"
#include "request/linking.h"
#include "write/link.h"

/* Whether requests may write an attribute of a model, which an association is kept in. */
static bool
may_write(const SdModel *model, const char *name)
{
	int			attr = sd_find_column(model, name, strlen(name));

	return attr >= 0 && !model->attrs[attr].read_only && !model->attrs[attr].hidden &&
		!model->attrs[attr].computed;
}

/*
 * Whether requests may link records of a model through one of its associations,
 * to target: what the link is kept in has to be theirs to write.
 */
bool
sd_can_link(const SdModel *model, const SdAssociation *association, const SdModel *target)
{
	const SdModel *through = association->kind == SD_BELONGS_TO_MANY
		? sd_model_open_beside(association->through, model) : NULL;
	bool		writable = true;

	Assert(association->nkeys > 0);
	Assert(through != NULL || association->ntarget_keys == association->nkeys);
	if (target->nkeys == 0)
		return false;
	for (int i = 0; i < association->nkeys; i++)
	{
		if (association->kind == SD_BELONGS_TO)
			writable &= may_write(model, model->attrs[association->source_keys[i]].name);
		else if (through != NULL)
			writable &= may_write(through, association->foreign_keys[i]);
		else
			writable &= may_write(target, association->target_keys[i]);
	}
	for (int i = 0; through != NULL && i < association->ntarget_keys; i++)
		writable &= may_write(through, association->other_keys[i]);
	return writable;
}

/* Whether there is a record of a model with a key. */
static bool
exists(SdRequest *request, const SdModel *model, const JsonbValue *key)
{
	/* a key that does not convert is the client's */
	const SdQuery *query = sd_parse_kept(model, NULL, SD_CALL_FIND_BY_PK,
										 &(SdInputs) {
											 .key_value = key,
											 .params = request->params,
											 .more_params = true
										 });
	Datum		record;
	bool		found;

	request->reads = true;
	found = sd_select_one(query, &record);
	request->reads = false;
	return found;
}

/* The record that the path begins with, and its association. */
static SdLinkParent
parent_of(const SdRequest *request)
{
	SdInputs   *key = palloc0(sizeof(SdInputs));

	Assert(request->route.association != NULL);
	key->key_value = sd_route_key(&request->route);
	key->params = request->params;
	key->more_params = true;
	return (SdLinkParent) {
		.model = request->route.model,
		.key = key,
		.association = request->route.association
	};
}

/* The key at the end of the path; false when the record or the parent is not there. */
static bool
find_both(SdRequest *request, const SdLinkParent *parent, const JsonbValue **key)
{
	bool		found;

	*key = sd_route_linked_key(&request->route);
	found = exists(request, parent->model, parent->key->key_value) &&
		exists(request, request->route.target, *key);
	request->writes = true;
	return found;
}

/* PUT /students/1/courses/7; false when one of the two is not there */
bool
sd_put_link(SdRequest *request)
{
	SdLinkParent parent = parent_of(request);
	const JsonbValue *key;

	return find_both(request, &parent, &key) && sd_link_add(&parent, key) >= 0;
}

/* DELETE /students/1/courses/7; false when they are not linked */
bool
sd_delete_link(SdRequest *request)
{
	SdLinkParent parent = parent_of(request);
	const JsonbValue *key;

	return find_both(request, &parent, &key) && sd_link_has(&parent, key) &&
		sd_link_remove(&parent, key) > 0;
}

/* Raises 22023 for a body that is no array of keys. */
static void
check_keys(const SdModel *target, const JsonbValue *body)
{
	static const SdPath path = {.key = "body", .len = 4};
	SdReader	reader;
	SdReader	members;

	if (!sd_is_array(body))
		sd_bad_shape(&path, "an array of keys");
	sd_read(&reader, body, &path);
	while (sd_next_element(&reader))
	{
		if (!sd_is_object(&reader.value))
			continue;
		sd_read(&members, &reader.value, &reader.path);
		while (sd_next_member(&members))
		{
			int			attr = sd_find_attribute(target, members.key.val.string.val,
												 members.key.val.string.len);

			if (attr < 0 || !sd_is_key(target, attr))
				sd_bad_shape(&members.path, "only attributes of the primary key");
		}
	}
}

/*
 * Raises 23503 where a key leads to no record that a client may find: what links records
 * looks for them without their default scope.
 */
static void
require_in_scope(SdRequest *request, const JsonbValue *body)
{
	static const SdPath path = {.key = "records", .len = 7};
	const SdModel *target = request->route.target;
	SdReader	reader;

	if (target->default_scope == NULL)
		return;
	sd_read(&reader, body, &path);
	while (sd_next_element(&reader))
	{
		/* what is no key is refused with the others */
		if (reader.value.type == jbvNull || sd_is_array(&reader.value) ||
			exists(request, target, &reader.value))
			continue;
		sd_refuse_link(false, &reader.path, NULL, "not_found",
					   psprintf("there is no such record of model \"%s\"", target->name), NULL);
	}
}

/* PUT /students/1/courses; false when there is no such record */
bool
sd_put_links(SdRequest *request)
{
	static const SdPath path = {.key = "body", .len = 4};
	SdLinkParent parent = parent_of(request);
	JsonbValue	root;
	int64		added;
	int64		removed;
	bool		found;

	Assert(sd_is_to_many(request->route.association));
	if (request->body == NULL)
		sd_bad_shape(&path, "an array of keys");
	sd_root(request->body, &root);
	check_keys(request->route.target, &root);
	found = exists(request, parent.model, parent.key->key_value);
	request->writes = true;
	if (found)
		require_in_scope(request, &root);
	return found && sd_link_set(&parent, &root, &added, &removed);
}
