/*-------------------------------------------------------------------------
 * execute/key_query.c
 *		Queries for rows by the values of their keys.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/key_query.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* Whether rows can be found by arrays of values of attributes, and told apart by them. */
bool
sd_can_match(const SdModel *model, const int *attrs, int nattrs)
{
	for (int i = 0; i < nattrs; i++)
	{
		Oid			type = model->attrs[attrs[i]].type;

		if (!OidIsValid(get_array_type(type)) ||
			!OidIsValid(lookup_type_cache(type, TYPECACHE_HASH_PROC)->hash_proc))
			return false;
	}
	return true;
}

/* Prepares a map of at most most keys that are values of attributes, in the current context. */
void
sd_key_columns(SdKeyMap *map, const SdModel *model, const int *attrs, int nattrs, int most)
{
	sd_keymap_init(map, nattrs, most);
	for (int i = 0; i < nattrs; i++)
		sd_keymap_column(map, i, model->attrs[attrs[i]].type, model->attrs[attrs[i]].collation);
}

/*
 * Restricts a query, which is the caller's own, to the rows whose attributes are one of
 * the map's keys; these are what it captures first.
 */
void
sd_match_keys(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map)
{
	query->shapes = NULL;
	query->params = sd_copy_params(&query->params);
	query->nmatches = nattrs;
	query->matches = palloc0(sizeof(SdMatch) * nattrs);
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *attr = &query->model->attrs[attrs[i]];
		SdMatch    *match = &query->matches[i];

		match->attr = attrs[i];
		match->type = attr->type;
		match->collation = attr->collation;
		match->param = sd_param(&query->params, get_array_type(attr->type),
								sd_keymap_array(map, i, attr->type), false);
	}
}

/* Makes a query, which is the caller's own, capture attributes and return nothing else. */
void
sd_capture_only(SdQuery *query, int *attrs, int nattrs)
{
	SdAssociation *captured = palloc0(sizeof(SdAssociation));
	SdInclude  *include = palloc0(sizeof(SdInclude));

	captured->alias = captured->target = query->model->name;
	captured->kind = SD_HAS_ONE;
	captured->nkeys = captured->ntarget_keys = nattrs;
	captured->source_keys = attrs;
	include->association = captured;
	query->shapes = NULL;
	query->noutputs = 0;
	query->includes = list_make1(include);
}
