/*-------------------------------------------------------------------------
 * parse/columns.c
 *		Parses "attributes", "order" and "fields".
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/columns.h"
#include "parse/reader.h"
#include "parse/where.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* Looks up the attribute that a string value names. */
static int
named_attribute(const SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	int			attr;

	if (value->type != jbvString)
		sd_bad_shape(path, "the name of an attribute");
	attr = sd_find_attribute(query->model, value->val.string.val, value->val.string.len);
	if (attr < 0)
		sd_unknown_attribute(query->model, value->val.string.val, value->val.string.len, path);
	return attr;
}

/* Adds one key of the JSON; asking for the same key twice is no mistake, for two values it is. */
static void
add_output(SdQuery *query, int attr, const char *name, int name_len, const SdPath *path)
{
	SdOutput   *output;

	for (int i = 0; i < query->noutputs; i++)
	{
		output = &query->outputs[i];
		if (output->name_len != name_len || memcmp(output->name, name, name_len) != 0)
			continue;
		if (output->attr == attr)
			return;
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the key \"%s\" is given to two values", sd_path_text(path),
						pnstrdup(name, name_len))));
	}
	output = &query->outputs[query->noutputs++];
	output->attr = attr;
	output->name = name;
	output->name_len = name_len;
}

static void
add_attribute(SdQuery *query, int attr, const SdPath *path)
{
	add_output(query, attr, query->model->attrs[attr].name, query->model->attrs[attr].name_len,
			   path);
}

/* Asks for every attribute, in declared order. */
void
sd_all_attributes(SdQuery *query)
{
	query->noutputs = 0;
	query->outputs = palloc(sizeof(SdOutput) * query->model->nattrs);
	for (int i = 0; i < query->model->nattrs; i++)
	{
		if (query->model->attrs[i].column != NULL)
			add_attribute(query, i, NULL);
	}
}

/* Adds the elements of a list: "name" or ["name", "alias"]. */
static void
parse_list(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	list;

	sd_read(&list, value, path);
	while (sd_next_element(&list))
	{
		SdReader	pair;
		int			attr;

		if (!sd_is_array(&list.value))
		{
			add_attribute(query, named_attribute(query, &list.value, &list.path), &list.path);
			continue;
		}
		if (sd_array_length(&list.value) != 2)
			sd_bad_shape(&list.path, "an attribute and the key to write it under");
		sd_read(&pair, &list.value, &list.path);
		sd_next_element(&pair);
		attr = named_attribute(query, &pair.value, &pair.path);
		sd_next_element(&pair);
		if (pair.value.type != jbvString)
			sd_bad_shape(&pair.path, "a string, the key to write the attribute under");
		add_output(query, attr, sd_string(&pair.value), pair.value.val.string.len, &pair.path);
	}
}

/* {"exclude":[…], "include":[…]}: all attributes but some, and more besides. */
static void
parse_exceptions(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	JsonbValue	include;
	SdPath		include_path;
	bool		more = false;
	bool	   *excluded = palloc0(sizeof(bool) * query->model->nattrs);
	SdReader	members;

	sd_read(&members, value, path);
	while (sd_next_member(&members))
	{
		if (!sd_is_array(&members.value))
			sd_bad_shape(&members.path, "an array");
		if (sd_key_is(&members, "include"))
		{
			more = true;
			include = members.value;
			include_path = members.path;
		}
		else if (sd_key_is(&members, "exclude"))
		{
			SdReader	list;

			sd_read(&list, &members.value, &members.path);
			while (sd_next_element(&list))
				excluded[named_attribute(query, &list.value, &list.path)] = true;
		}
		else
			sd_bad_shape(&members.path, "only \"include\" and \"exclude\" here");
	}

	query->noutputs = 0;
	query->outputs = palloc(sizeof(SdOutput) *
							(query->model->nattrs + (more ? sd_array_length(&include) : 0)));
	for (int i = 0; i < query->model->nattrs; i++)
	{
		if (!excluded[i] && query->model->attrs[i].column != NULL)
			add_attribute(query, i, path);
	}
	if (more)
		parse_list(query, &include, &include_path);
}

/*
 * Parses "attributes" into query->outputs.  Raises 22023 for a wrong shape and
 * 42703 for an unknown attribute.
 */
void
sd_parse_attributes(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	if (sd_is_object(value))
	{
		parse_exceptions(query, value, path);
		return;
	}
	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes, or an object with \"include\" and \"exclude\"");
	query->noutputs = 0;
	query->outputs = palloc(sizeof(SdOutput) * Max(sd_array_length(value), 1));
	parse_list(query, value, path);
}

/* ASC, DESC, with NULLS FIRST or NULLS LAST; words apart by one space, in any case. */
static void
parse_direction(SdOrder *order, const JsonbValue *value, const SdPath *path)
{
	static const struct
	{
		const char *words;
		bool		descending;
		SdNulls		nulls;
	}			directions[] = {
		{"ASC", false, SD_NULLS_DEFAULT},
		{"DESC", true, SD_NULLS_DEFAULT},
		{"ASC NULLS FIRST", false, SD_NULLS_FIRST},
		{"ASC NULLS LAST", false, SD_NULLS_LAST},
		{"DESC NULLS FIRST", true, SD_NULLS_FIRST},
		{"DESC NULLS LAST", true, SD_NULLS_LAST},
		{"NULLS FIRST", false, SD_NULLS_FIRST},
		{"NULLS LAST", false, SD_NULLS_LAST}
	};

	if (value->type == jbvString)
	{
		char	   *words = sd_string(value);

		for (int i = 0; i < lengthof(directions); i++)
		{
			if (pg_strcasecmp(words, directions[i].words) == 0)
			{
				order->descending = directions[i].descending;
				order->nulls = directions[i].nulls;
				return;
			}
		}
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: \"%s\" is no direction", sd_path_text(path),
						pnstrdup(words, Min(strlen(words), NAMEDATALEN))),
				 errhint("It is ASC or DESC, with NULLS FIRST or NULLS LAST after it where wanted.")));
	}
	sd_bad_shape(path, "a direction: ASC or DESC");
}

/* One term: "name" or ["name", "DESC"]. */
static void
parse_term(SdQuery *query, SdOrder *order, const JsonbValue *value, const SdPath *path)
{
	const SdAttribute *attr;

	if (sd_is_array(value))
	{
		SdReader	term;
		int			n = sd_array_length(value);

		if (n < 1 || n > 2)
			sd_bad_shape(path, "an attribute and a direction");
		sd_read(&term, value, path);
		sd_next_element(&term);
		order->attr = named_attribute(query, &term.value, &term.path);
		if (sd_next_element(&term))
			parse_direction(order, &term.value, &term.path);
	}
	else
		order->attr = named_attribute(query, value, path);

	attr = &query->model->attrs[order->attr];
	if (!OidIsValid(lookup_type_cache(attr->type, TYPECACHE_LT_OPR)->lt_opr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" is of type %s, whose values have no order",
						sd_path_text(path), attr->name, format_type_be(attr->type))));
}

/*
 * Parses "order" into query->orders.  Raises 22023 for a wrong shape and 42703
 * for an unknown attribute.
 */
void
sd_parse_order(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	terms;

	if (value->type == jbvString)
	{
		query->orders = palloc0(sizeof(SdOrder));
		parse_term(query, &query->orders[query->norders++], value, path);
		return;
	}
	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes or of [attribute, direction]");
	query->orders = palloc0(sizeof(SdOrder) * Max(sd_array_length(value), 1));
	sd_read(&terms, value, path);
	while (sd_next_element(&terms))
		parse_term(query, &query->orders[query->norders++], &terms.value, &terms.path);
}

/* Parses "fields", the attributes that may be written. */
void
sd_parse_fields(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	names;

	if (!sd_is_array(value))
		sd_bad_shape(path, "an array of attributes");
	query->writable = palloc0(sizeof(bool) * query->model->nattrs);
	sd_read(&names, value, path);
	while (sd_next_element(&names))
		query->writable[named_attribute(query, &names.value, &names.path)] = true;
}
