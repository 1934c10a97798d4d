/*-------------------------------------------------------------------------
 * model/lookup.c
 *		Finds attributes and associations by name, and the nearest name for a
 *		hint where there is none.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "model/model.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

/* Index of the attribute called name (len bytes), or -1. */
int
sd_find_attribute(const SdModel *model, const char *name, int len)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[i];

		if (attr->name_len == len && memcmp(attr->name, name, len) == 0)
			return i;
	}
	return -1;
}

/* The same for an attribute that is kept in a column: none for a VIRTUAL one. */
int
sd_find_column(const SdModel *model, const char *name, int len)
{
	int			attr = sd_find_attribute(model, name, len);

	return attr >= 0 && model->attrs[attr].column != NULL ? attr : -1;
}

/*
 * The association whose alias is name or, where only one fits, whose target is
 * the model called name.  NULL when there is none; *ambiguous tells whether
 * that is because several have this target.
 */
const SdAssociation *
sd_find_association(const SdModel *model, const char *name, int len, bool *ambiguous)
{
	const SdAssociation *found = NULL;

	*ambiguous = false;
	for (int i = 0; i < model->nassociations; i++)
	{
		const SdAssociation *association = &model->associations[i];

		if (strlen(association->alias) == len && memcmp(association->alias, name, len) == 0)
			return association;
	}
	for (int i = 0; i < model->nassociations; i++)
	{
		const SdAssociation *association = &model->associations[i];

		if (strlen(association->target) == len && memcmp(association->target, name, len) == 0)
		{
			if (found != NULL)
			{
				*ambiguous = true;
				return NULL;
			}
			found = association;
		}
	}
	return found;
}

/* The candidate that differs from name in case alone, or NULL. */
static const char *
same_but_case(const char *name, int len, const char *const *candidates, int n)
{
	for (int i = 0; i < n; i++)
	{
		if (strlen(candidates[i]) == len && pg_strncasecmp(candidates[i], name, len) == 0)
			return candidates[i];
	}
	return NULL;
}

/* Whether name is the candidate with two neighbouring letters in each other's place. */
static bool
is_swapped(const char *name, int len, const char *candidate)
{
	int			i = 0;

	if (strlen(candidate) != len)
		return false;
	while (i < len && name[i] == candidate[i])
		i++;
	return i + 1 < len && name[i] == candidate[i + 1] && name[i + 1] == candidate[i] &&
		memcmp(name + i + 2, candidate + i + 2, len - i - 2) == 0;
}

/*
 * The candidate that differs from name in case alone, else the one that differs
 * least, when that is in no more than a third of its letters; else NULL.
 */
const char *
sd_nearest(const char *name, int len, const char *const *candidates, int n)
{
	const char *nearest = same_but_case(name, len, candidates, n);
	int			limit = len / 3;

	/* the server's function refuses longer texts, and nobody mistypes those */
	if (nearest != NULL || len > NAMEDATALEN)
		return nearest;
	for (int i = 0; i < n && limit > 0; i++)
	{
		int			distance;

		distance = varstr_levenshtein_less_equal(name, len, candidates[i], strlen(candidates[i]),
												 1, 1, 1, limit, true);
		if (is_swapped(name, len, candidates[i]))
			distance = 1;
		if (distance <= limit)
		{
			nearest = candidates[i];
			limit = distance - 1;
		}
	}
	return nearest;
}

/* The model's attribute whose name is nearest to name, or NULL. */
const char *
sd_nearest_attribute(const SdModel *model, const char *name, int len)
{
	const char **names = palloc(sizeof(char *) * model->nattrs);

	for (int i = 0; i < model->nattrs; i++)
		names[i] = model->attrs[i].name;
	return sd_nearest(name, len, names, model->nattrs);
}

/* Whether an attribute is among those that a row is identified by. */
bool
sd_is_key(const SdModel *model, int attr)
{
	Assert(attr < model->nattrs);
	for (int i = 0; i < model->nkeys; i++)
	{
		if (model->keys[i] == attr)
			return true;
	}
	return false;
}
