/*-------------------------------------------------------------------------
 * request/route.c
 *		Finds out what a URL means.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "model/routes.h"
#include "request/route.h"
#include "request/url_decode.h"

/* segments of the longest path that means something */
#define SD_MAX_SEGMENTS	4

typedef struct Segment
{
	const char *text;			/* not decoded */
	int			len;
} Segment;

/*
 * Splits a path, which ends at len, into its segments; returns how many there
 * are, or 0 when it is no path that could mean something.  One slash at its end
 * does not count, as in Express.
 */
static int
split(const char *path, int len, Segment *segments)
{
	int			n = 0;
	const char *end = path + len;

	if (len > 1 && end[-1] == '/')
		end--;
	while (path < end)
	{
		const char *start = path + 1;

		if (*path != '/' || n == SD_MAX_SEGMENTS)
			return 0;
		for (path = start; path < end && *path != '/'; path++)
			 /* to the end of the segment */ ;
		if (path == start)
			return 0;
		segments[n].text = start;
		segments[n].len = path - start;
		n++;
	}
	Assert(n <= SD_MAX_SEGMENTS);
	return n;
}

/* The association of a model that a path segment means, or NULL. */
static const SdAssociation *
find_association(const SdModel *model, const char *path)
{
	for (int i = 0; i < model->nassociations; i++)
	{
		if (pg_strcasecmp(model->associations[i].path, path) == 0)
			return &model->associations[i];
	}
	return NULL;
}

/*
 * Finds out what a URL means; false when there is no such route.  What it names
 * has to be exposed, on both sides of an association.
 *
 * Raises what opening the models beside each other and decoding a segment raise.
 */
bool
sd_find_route(const char *url, SdRoute *route)
{
	int			len = strcspn(url, "?");
	Segment		segments[SD_MAX_SEGMENTS];
	int			n = split(url, len, segments);
	const char *name;

	memset(route, 0, sizeof(*route));
	route->query = url[len] == '?' ? url + len + 1 : "";
	if (n == 0)
		return false;
	name = sd_routed_model(sd_decode_segment(segments[0].text, segments[0].len));
	if (name == NULL)
		return false;
	route->model = route->target = sd_model_open(name);
	/* not any more, where another session has changed it just now */
	if (!route->model->exposed)
		return false;
	if (n == 1)
		return true;

	if (route->model->nkeys == 0)
		return false;
	route->key = segments[1].text;
	route->key_len = segments[1].len;
	if (n == 2)
		return true;

	route->association = find_association(route->model,
										  sd_decode_segment(segments[2].text, segments[2].len));
	if (route->association == NULL)
		return false;
	route->target = sd_model_open_beside(route->association->target, route->model);
	if (n == SD_MAX_SEGMENTS)
	{
		route->linked = segments[3].text;
		route->linked_len = segments[3].len;
	}
	return route->target->exposed && (n < SD_MAX_SEGMENTS || route->target->nkeys > 0);
}

static void
push_key_part(JsonbParseState **state, const SdAttribute *attr, const char *text, int len)
{
	JsonbValue	name = {.type = jbvString};
	JsonbValue	value = {.type = jbvString};

	name.val.string.val = unconstify(char *, attr->name);
	name.val.string.len = attr->name_len;
	value.val.string.val = sd_decode_segment(text, len);
	value.val.string.len = strlen(value.val.string.val);
	pushJsonbValue(state, WJB_KEY, &name);
	pushJsonbValue(state, WJB_VALUE, &value);
}

/* The key of a record of a model, len bytes of a path. */
static JsonbValue *
read_key(const SdModel *model, const char *text, int len)
{
	const char *part = text;
	const char *end = text + len;
	JsonbParseState *state = NULL;
	JsonbValue *key = palloc(sizeof(JsonbValue));

	Assert(model->nkeys > 0 && len > 0);
	if (model->nkeys == 1)
	{
		key->type = jbvString;
		key->val.string.val = sd_decode_segment(text, len);
		key->val.string.len = strlen(key->val.string.val);
		return key;
	}

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	for (int i = 0; i < model->nkeys; i++)
	{
		const char *comma = memchr(part, ',', end - part);

		if ((comma == NULL) != (i == model->nkeys - 1))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the primary key of model \"%s\" has %d attributes, separated by commas",
							model->name, model->nkeys)));
		push_key_part(&state, &model->attrs[model->keys[i]], part,
					  (comma != NULL ? comma : end) - part);
		part = comma != NULL ? comma + 1 : end;
	}
	/* parsers read objects as they are stored */
	sd_root(JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL)), key);
	return key;
}

/*
 * The key of the record that a path names, for sd_add_key_value(): a string or,
 * where the key has several attributes, whose values stand in their order with
 * commas between them, an object of strings.
 *
 * Raises 22023 when there are not as many values as attributes, and what
 * decoding raises.
 */
JsonbValue *
sd_route_key(const SdRoute *route)
{
	Assert(route->key != NULL);
	return read_key(route->model, route->key, route->key_len);
}

/* The key of the record behind the association, likewise. */
JsonbValue *
sd_route_linked_key(const SdRoute *route)
{
	Assert(route->linked != NULL);
	return read_key(route->target, route->linked, route->linked_len);
}
