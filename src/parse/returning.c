/*-------------------------------------------------------------------------
 * parse/returning.c
 *		Parses the option "returning" of writers.
 *
 * A list of attributes is what the statement itself returns.  An object asks for
 * what a finder would give: the records are read by their keys when they have been
 * written.  That is what an include does, so it is parsed as one, of the model on
 * itself by its primary key.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "parse/include.h"
#include "parse/options.h"
#include "parse/returning.h"
#include "parse/scopes.h"
#include "parse/select_list.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* The association of a model with itself by its primary key. */
static SdAssociation *
make_association(const SdModel *model)
{
	SdAssociation *association = palloc0(sizeof(SdAssociation));

	association->alias = model->name;
	association->kind = SD_HAS_ONE;
	association->target = model->name;
	association->nkeys = association->ntarget_keys = model->nkeys;
	association->source_keys = model->keys;
	return association;
}

/* Restricts a query to the records whose keys are bound as arrays when they are known. */
static void
match_keys(SdQuery *query, const SdPath *path)
{
	const SdModel *model = query->model;

	query->nmatches = model->nkeys;
	query->matches = palloc0(sizeof(SdMatch) * model->nkeys);
	for (int i = 0; i < model->nkeys; i++)
	{
		const SdAttribute *key = &model->attrs[model->keys[i]];
		Oid			array_type = get_array_type(key->type);

		if (!OidIsValid(array_type) ||
			!OidIsValid(lookup_type_cache(key->type, TYPECACHE_HASH_PROC)->hash_proc))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: records of model \"%s\" cannot be found again by values of type %s",
							sd_path_text(path), model->name, format_type_be(key->type)),
					 errhint("Give an array of attributes.")));
		query->matches[i].attr = model->keys[i];
		query->matches[i].type = key->type;
		query->matches[i].collation = key->collation;
		query->matches[i].param = sd_param(&query->params, array_type, (Datum) 0, true);
	}
}

/* Makes what a query asks for be read of records that have been written, by their keys. */
static void
settle(SdInclude *include, const SdPath *path)
{
	include->association = make_association(include->query->model);
	include->path = sd_copy_path(path);
	/* scopes say what is shown of a record that has been written, and not whether it is */
	include->query->where = NULL;
	include->query->norders = 0;
	include->query->limit_param = include->query->offset_param = -1;
}

/* {"attributes":…,"include":…,"scope":…}, as an include of the record that is written */
static SdInclude *
parse_finder(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdInclude  *include = palloc0(sizeof(SdInclude));
	const SdModel *model = query->model;
	List	   *sources;
	SdReader	reader;

	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		if (!sd_key_is(&reader, "attributes") && !sd_key_is(&reader, "include") &&
			!sd_key_is(&reader, "scope"))
			sd_bad_shape(&reader.path, "only \"attributes\", \"include\" and \"scope\"");
	}
	if (model->nkeys == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: model \"%s\" has no primary key, by which records could be found again",
						sd_path_text(path), model->name),
				 errhint("Give an array of attributes.")));
	include->query = sd_make_query(model);
	include->query->call = query->call;
	match_keys(include->query, path);
	sources = sd_add_scopes(model, list_make1(sd_make_source(SD_SOURCE_CALLER, value, path)),
							path, true);
	sd_parse_sources(include->query, sources, SD_CALL_INCLUDE, path);
	settle(include, path);
	return include;
}

/*
 * "returning": an array of attributes, or an object with "attributes", "include"
 * and "scope".  Raises 22023 for another shape and for an object where the model has
 * no key, and what parsing these options raises.
 */
void
sd_parse_returning_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	reader;

	if (sd_is_object(value))
	{
		query->write->returning = parse_finder(query, value, path);
		return;
	}
	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of attributes, or an object with \"attributes\", \"include\" and \"scope\"");
	sd_read(&reader, value, path);
	while (sd_next_element(&reader))
	{
		if (reader.value.type != jbvString)
			sd_bad_shape(&reader.path, "the name of an attribute");
	}
	sd_parse_attributes(query, value, path);
}

/* An include that reads records by their keys when they have been written, as finder asks for. */
SdInclude *
sd_make_returning(const SdQuery *finder)
{
	SdInclude  *include = palloc0(sizeof(SdInclude));

	include->query = palloc(sizeof(SdQuery));
	*include->query = *finder;
	include->query->shapes = NULL;
	include->query->params = sd_copy_params(&finder->params);
	match_keys(include->query, NULL);
	settle(include, NULL);
	return include;
}
