/*-------------------------------------------------------------------------
 * request/body.c
 *		What of a request's body is written.
 *
 * Clients send more than they may set, if only because they send back what
 * they got: what is not theirs to set is left out and is no error.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "request/body.h"
#include "request/query_string.h"

/*
 * Whether a body may set an attribute; permitted is what the role may write, or NULL.
 * A key may be set in a new record where nothing else fills it in, as the code of a
 * country.
 */
static bool
is_writable(const SdModel *model, int attr, bool create, const bool *permitted)
{
	const SdAttribute *attribute = &model->attrs[attr];

	Assert(attr >= 0 && attr < model->nattrs);
	if (attribute->computed || attribute->read_only || attr == model->created_at ||
		attr == model->updated_at || attr == model->deleted_at || attr == model->version)
		return false;
	if (permitted != NULL && attribute->column != NULL && !permitted[attr])
		return false;
	for (int i = 0; i < model->nkeys; i++)
	{
		if (model->keys[i] == attr &&
			(!create || attribute->generated || attribute->default_kind != SD_DEFAULT_NONE))
			return false;
	}
	return true;
}

static bool
is_given(const SdGiven *given, int ngiven, const char *attribute)
{
	for (int i = 0; i < ngiven; i++)
	{
		if (strcmp(given[i].attribute, attribute) == 0)
			return true;
	}
	return false;
}

/*
 * The members of a body that may be written, and those that the path gives; in
 * the current context.  NULL when an update would set nothing.  Raises 22023 when
 * the body is no object, and when a new record would hold nothing of what it says.
 */
Jsonb *
sd_writable_body(const SdModel *model, Jsonb *body, bool create, const SdGiven *given, int ngiven)
{
	SdPath		path = SD_KEY_STEP(NULL, "body", 4);
	const bool *permitted = sd_permitted_data(model, create);
	JsonbParseState *state = NULL;
	JsonbValue	root;
	SdReader	reader;
	int			n = 0;

	Assert(ngiven == 0 || given != NULL);
	if (body != NULL)
		sd_root(body, &root);
	if (body == NULL || !sd_is_object(&root))
		sd_bad_shape(&path, "a JSON object of attributes and values");

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	sd_read(&reader, &root, NULL);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(model, reader.key.val.string.val,
											 reader.key.val.string.len);

		if (attr < 0 || !is_writable(model, attr, create, permitted) ||
			is_given(given, ngiven, model->attrs[attr].name))
			continue;
		pushJsonbValue(&state, WJB_KEY, &reader.key);
		pushJsonbValue(&state, WJB_VALUE, &reader.value);
		n++;
	}
	for (int i = 0; i < ngiven; i++)
	{
		JsonbValue	value = given[i].value;

		sd_push_string(&state, WJB_KEY, given[i].attribute);
		pushJsonbValue(&state, WJB_VALUE, &value);
	}
	if (n == 0 && !create)
		return NULL;
	if (n == 0 && sd_array_length(&root) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("body: none of its members is an attribute of model \"%s\" that a request may set",
						model->name),
				 errhint("Keys, timestamps and what the table computes are not for requests to set. An empty object makes a record of defaults.")));
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}
