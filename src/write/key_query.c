/*-------------------------------------------------------------------------
 * write/key_query.c
 *		Queries for rows by the values of their keys.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/matched_keys.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"
#include "write/key_query.h"

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

/*
 * Raises 55000 where a row has a NULL in the primary key, as one of a view or of a table
 * without the constraint may: nulls are those of the key's columns.  What is found by such
 * a key would be another row.
 */
void
sd_require_key(const SdModel *model, bool *const *nulls, int row)
{
	for (int i = 0; i < model->nkeys; i++)
	{
		if (nulls[i][row])
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("a row of model \"%s\" has no \"%s\", which is its primary key",
							model->name, model->attrs[model->keys[i]].name),
					 errhint("Records are found again by their keys: give all of them one first.")));
	}
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
 * Restricts a query, which is the caller's own, to the rows whose attributes attrs are
 * equal to one of the map's keys, which are values of attributes of a model; the rows' are
 * what the query captures first.
 *
 * Few keys need no plan of their own, nor do conditions that come beside them: what these
 * leave of the rows is chosen by the keys.
 */
void
sd_match_values(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map,
				const SdModel *model, const int *key_attrs)
{
	Assert(nattrs > 0 && map->ncolumns == nattrs && map->nkeys > 0);
	Assert(query->nmatches == 0);
	query->shapes = NULL;
	query->params = sd_copy_params(&query->params);
	query->nmatches = nattrs;
	query->matches = palloc0(sizeof(SdMatch) * nattrs);
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *key = &model->attrs[key_attrs[i]];
		SdMatch    *match = &query->matches[i];

		match->attr = attrs[i];
		match->type = key->type;
		match->collation = key->collation;
		match->param = sd_param(&query->params, get_array_type(key->type), (Datum) 0, true);
	}
	sd_bind_keys(query, map);
	query->generic = sd_plans_once(query, map->nkeys);
}

/* The same where the keys are values of these very attributes. */
void
sd_match_keys(SdQuery *query, const int *attrs, int nattrs, const SdKeyMap *map)
{
	sd_match_values(query, attrs, nattrs, map, query->model, attrs);
}

/*
 * An include without a query, in the current context, that leads from rows of a model by
 * attributes, an array that has to stay.
 */
SdInclude *
sd_make_self_include(const SdModel *model, int *attrs, int nattrs)
{
	SdAssociation *association = palloc0(sizeof(SdAssociation));
	SdInclude  *include = palloc0(sizeof(SdInclude));

	association->alias = association->target = model->name;
	association->kind = SD_HAS_ONE;
	association->nkeys = association->ntarget_keys = nattrs;
	association->source_keys = attrs;
	include->association = association;
	return include;
}

/* Makes a query, which is the caller's own, capture attributes behind what it captures already. */
void
sd_capture_too(SdQuery *query, int *attrs, int nattrs)
{
	query->shapes = NULL;
	query->includes = lappend(list_copy(query->includes),
							  sd_make_self_include(query->model, attrs, nattrs));
}

/* Makes a query, which is the caller's own, capture attributes and return nothing else. */
void
sd_capture_only(SdQuery *query, int *attrs, int nattrs)
{
	query->noutputs = 0;
	query->includes = NIL;
	sd_capture_too(query, attrs, nattrs);
}
