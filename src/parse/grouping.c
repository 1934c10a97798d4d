/*-------------------------------------------------------------------------
 * parse/grouping.c
 *		Parses "group", and tells what has one value for each group.
 *
 * The rule is SQL's: what the terms of the group decide, aggregates, and every
 * attribute where the table's primary key is among the terms.  "distinct" asks
 * a like question of "order".
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "catalog/pg_constraint.h"
#include "convert/reader.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parse/expression.h"
#include "parse/grouping.h"
#include "parse/select_list.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* what a query's rows are grouped by */
typedef struct Groups
{
	const SdQuery *query;
	bool		by_key;			/* by the primary key, which decides every attribute */
} Groups;

/* Raises 22023 for a type whose values cannot be told apart. */
static void
check_comparable(Oid type, const SdPath *path)
{
	if (!OidIsValid(lookup_type_cache(type, TYPECACHE_EQ_OPR)->eq_opr))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: values of type %s cannot be compared", sd_path_text(path),
						format_type_be(type))));
}

/* Whether two expressions are the same for the server, to which two parameters are two values. */
static bool
is_same(const SdExpr *a, const SdExpr *b)
{
	ListCell   *left,
			   *right;

	if (a == b)
		return true;
	Assert(a->kind != b->kind || (a->function == NULL) == (b->function == NULL));
	if (a->kind != b->kind || a->type != b->type || a->attr != b->attr || a->param != b->param ||
		a->associated != NULL || b->associated != NULL || a->conditions != NIL ||
		a->filter != NULL || a->orders != NIL || a->path != NIL || a->star != b->star ||
		a->distinct != b->distinct || a->kind == SD_EXPR_WINDOW ||
		list_length(a->args) != list_length(b->args) ||
		(a->function != NULL && strcmp(a->function, b->function) != 0))
		return false;
	forboth(left, a->args, right, b->args)
	{
		if (!is_same(lfirst(left), lfirst(right)))
			return false;
	}
	return true;
}

/* One term of "group"; the same one twice counts once. */
static void
add_term(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdScope		scope = {.query = query, .model = query->model};
	SdExpr	   *expr = value->type == jbvString ? sd_named_expr(query, value, path)
		: sd_parse_expr(&scope, value, path);
	ListCell   *cell;

	if (expr->aggregate)
		sd_bad_shape(path, "no aggregate here");
	check_comparable(expr->type, path);
	foreach(cell, query->group)
	{
		if (is_same(lfirst(cell), expr))
			return;
	}
	if (list_length(query->group) == MaxTupleAttributeNumber)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("%s: \"group\" may have at most %d terms", sd_path_text(path),
						MaxTupleAttributeNumber)));
	query->group = lappend(query->group, expr);
}

/*
 * Parses "group" into query->group.  Raises 22023 for a wrong shape, 42703 for an
 * unknown attribute, 54000 for too many terms.
 */
void
sd_parse_group(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdReader	terms;

	query->group = NIL;
	if (value->type == jbvString)
	{
		add_term(query, value, path);
		return;
	}
	if (!sd_is_array(value) || sd_array_length(value) == 0)
		sd_bad_shape(path, "an array of attributes or expressions");
	sd_read(&terms, value, path);
	while (sd_next_element(&terms))
		add_term(query, &terms.value, &terms.path);
}

/* What a term of the group is called: what it is written under, or else the attribute that it is. */
static SdOutput
named_term(const SdQuery *query, SdExpr *term, int number)
{
	SdPath		group = SD_KEY_STEP(NULL, "group", 5);
	SdPath		path = SD_INDEX_STEP(&group, number);

	for (int i = 0; i < query->noutputs; i++)
	{
		if (is_same(query->outputs[i].expr, term))
			return query->outputs[i];
	}
	if (term->kind != SD_EXPR_ATTRIBUTE)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this expression has no name in the answer", sd_path_text(&path)),
				 errhint("Where the call takes \"attributes\", name it there: [expression, \"name\"]; else group by attributes, or ask find_all.")));
	return (SdOutput) {
		.expr = term,
		.name = query->model->attrs[term->attr].name,
		.name_len = query->model->attrs[term->attr].name_len
	};
}

/*
 * Makes an aggregate, under a name, what a query gives: behind the terms of its
 * group and sorted by them, where it has one.  Raises 22023 for a term that has no
 * name or the aggregate's.
 */
void
sd_show_groups(SdQuery *query, SdExpr *aggregate, const char *name)
{
	int			n = list_length(query->group);
	SdOutput   *outputs = palloc(sizeof(SdOutput) * (n + 1));

	query->norders = n;
	query->orders = palloc0(sizeof(SdOrder) * Max(n, 1));
	for (int i = 0; i < n; i++)
	{
		outputs[i] = named_term(query, list_nth(query->group, i), i);
		if (outputs[i].name_len == strlen(name) &&
			memcmp(outputs[i].name, name, outputs[i].name_len) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("group: the key \"%s\" is given to two values", name),
					 errhint("find_all with the aggregate in \"attributes\" names it as you like.")));
		query->orders[i].expr = outputs[i].expr;
	}
	outputs[n].expr = aggregate;
	outputs[n].name = name;
	outputs[n].name_len = strlen(name);
	query->outputs = outputs;
	query->noutputs = n + 1;
}

/* Whether an attribute of the query's model is a term of the group. */
static bool
is_term(const SdQuery *query, int attr)
{
	ListCell   *cell;

	foreach(cell, query->group)
	{
		const SdExpr *term = lfirst(cell);

		if (term->kind == SD_EXPR_ATTRIBUTE && term->attr == attr)
			return true;
	}
	return false;
}

/* Whether the table's own primary key, which the model may call another, is grouped by. */
static bool
is_grouped_by_key(const SdQuery *query)
{
	const SdModel *model = query->model;
	Oid			constraint;
	Bitmapset  *key = get_primary_key_attnos(model->relid, false, &constraint);
	int			left = bms_num_members(key);

	for (int i = 0; i < model->nattrs; i++)
	{
		if (model->attrs[i].column != NULL &&
			bms_is_member(model->attrs[i].attnum - FirstLowInvalidHeapAttributeNumber, key) &&
			is_term(query, i))
			left--;
	}
	return key != NULL && left == 0;
}

/* Whether an expression is an aggregate itself, and does not only hold one. */
static bool
is_aggregate(const SdExpr *expr)
{
	ListCell   *cell;

	foreach(cell, expr->args)
	{
		if (((SdExpr *) lfirst(cell))->aggregate)
			return false;
	}
	return expr->aggregate && expr->kind == SD_EXPR_FUNCTION;
}

static bool is_grouped_condition(const Groups *groups, const SdCondition *condition);

/* Whether the attributes of this row that an association begins at have one value for each group. */
static bool
is_grouped_by(const Groups *groups, const SdAssociation *association)
{
	for (int i = 0; i < association->nkeys && !groups->by_key; i++)
	{
		if (!is_term(groups->query, association->source_keys[i]))
			return false;
	}
	return true;
}

/* Whether an expression has one value for each group. */
static bool
is_grouped(const Groups *groups, const SdExpr *expr)
{
	ListCell   *cell;

	check_stack_depth();
	foreach(cell, groups->query->group)
	{
		if (is_same(lfirst(cell), expr))
			return true;
	}
	switch (expr->kind)
	{
		case SD_EXPR_PARAM:
			return true;
		case SD_EXPR_ATTRIBUTE:
		case SD_EXPR_JSON:
		case SD_EXPR_JSON_TEXT:
			return groups->by_key || is_term(groups->query, expr->attr);
		case SD_EXPR_ASSOCIATED:
			/* it looks at the keys of this row, and at attributes of another */
			return is_grouped_by(groups, expr->associated->association);
		case SD_EXPR_RELATED:
			return is_grouped_by(groups,
								 ((const SdAssociated *) linitial(expr->path))->association);
		case SD_EXPR_THROUGH:
		case SD_EXPR_WINDOW:
			return false;
		case SD_EXPR_CASE:
		case SD_EXPR_TEST:
			foreach(cell, expr->conditions)
			{
				if (!is_grouped_condition(groups, lfirst(cell)))
					return false;
			}
			break;
		case SD_EXPR_OPERATOR:
		case SD_EXPR_FUNCTION:
		case SD_EXPR_COALESCE:
		case SD_EXPR_CAST:
			break;
	}
	if (is_aggregate(expr))
		return true;
	foreach(cell, expr->args)
	{
		if (!is_grouped(groups, lfirst(cell)))
			return false;
	}
	return true;
}

/* Whether all that a condition looks at has one value for each group. */
static bool
is_grouped_condition(const Groups *groups, const SdCondition *condition)
{
	ListCell   *cell;

	check_stack_depth();
	if ((condition->left != NULL && !is_grouped(groups, condition->left)) ||
		(condition->right != NULL && !is_grouped(groups, condition->right)))
		return false;
	if (condition->kind == SD_COND_EXISTS)
	{
		SdExpr		keys = {.kind = SD_EXPR_ASSOCIATED,.associated = condition->associated};

		return is_grouped(groups, &keys);
	}
	foreach(cell, condition->args)
	{
		if (!is_grouped_condition(groups, lfirst(cell)))
			return false;
	}
	return true;
}

static const SdAssociation *ungrouped_in_condition(const Groups *groups, const SdCondition *condition);

/* The association that leads an expression away from rows that are not grouped by its keys, or NULL. */
static const SdAssociation *
ungrouped_association(const Groups *groups, const SdExpr *expr)
{
	const SdAssociation *found = NULL;
	ListCell   *cell;

	if (is_grouped(groups, expr))
		return NULL;
	if (expr->kind == SD_EXPR_ASSOCIATED)
		return expr->associated->association;
	if (expr->kind == SD_EXPR_RELATED)
		return ((const SdAssociated *) linitial(expr->path))->association;
	foreach(cell, expr->args)
	{
		if (found == NULL)
			found = ungrouped_association(groups, lfirst(cell));
	}
	foreach(cell, expr->conditions)
	{
		if (found == NULL)
			found = ungrouped_in_condition(groups, lfirst(cell));
	}
	return found;
}

static const SdAssociation *
ungrouped_in_condition(const Groups *groups, const SdCondition *condition)
{
	const SdAssociation *found = NULL;
	ListCell   *cell;

	if (is_grouped_condition(groups, condition))
		return NULL;
	if (condition->kind == SD_COND_EXISTS)
		return condition->associated->association;
	if (condition->left != NULL)
		found = ungrouped_association(groups, condition->left);
	if (condition->right != NULL && found == NULL)
		found = ungrouped_association(groups, condition->right);
	foreach(cell, condition->args)
	{
		if (found == NULL)
			found = ungrouped_in_condition(groups, lfirst(cell));
	}
	return found;
}

/* The attributes by which an association finds its records, as a hint reads them. */
static char *
key_names(const SdQuery *query, const SdAssociation *association)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < association->nkeys; i++)
		appendStringInfo(&names, "%s\"%s\"", i > 0 ? ", " : "",
						 query->model->attrs[association->source_keys[i]].name);
	return names.data;
}

/*
 * The hint for what has many values in a group: association is what leads to them,
 * or NULL, for which the hint is the other one.
 */
static int
hint_to_group(const SdQuery *query, const SdAssociation *association, const char *other)
{
	if (association == NULL)
		return errhint("%s", other);
	return errhint("Name %s in \"group\", which leads to the records of \"%s\"; or the whole expression, by its key in \"attributes\".",
				   key_names(query, association), association->alias);
}

/* Raises 22023 when an output, a term of the order or "having" has no one value for a group. */
void
sd_check_grouped(const SdQuery *query, const SdPath *path)
{
	Groups		groups = {query, is_grouped_by_key(query)};
	SdPath		attributes = SD_KEY_STEP(path, "attributes", 10);
	SdPath		order = SD_KEY_STEP(path, "order", 5);
	SdPath		having = SD_KEY_STEP(path, "having", 6);

	for (int i = 0; i < query->noutputs; i++)
	{
		if (!is_grouped(&groups, query->outputs[i].expr))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: \"%s\" has many values in a group", sd_path_text(&attributes),
							sd_clip(query->outputs[i].name, query->outputs[i].name_len)),
					 hint_to_group(query, ungrouped_association(&groups, query->outputs[i].expr),
								   "Name it in \"group\", leave it out of \"attributes\", or take an aggregate of it.")));
	}
	for (int i = 0; i < query->norders; i++)
	{
		if (!is_grouped(&groups, query->orders[i].expr))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: term %d has many values in a group", sd_path_text(&order), i + 1),
					 hint_to_group(query, ungrouped_association(&groups, query->orders[i].expr),
								   "Name it in \"group\", or sort by an aggregate of it.")));
	}
	if (query->having != NULL && !is_grouped_condition(&groups, query->having))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: it looks at what has many values in a group", sd_path_text(&having)),
				 hint_to_group(query, ungrouped_in_condition(&groups, query->having),
							   "Name it in \"group\", or take an aggregate of it. Conditions on single rows stand in \"where\".")));
}

/* Raises 22023 when rows are to be distinct and cannot be told apart, or are sorted by what is not in them. */
void
sd_check_distinct(const SdQuery *query, const SdPath *path)
{
	SdPath		attributes = SD_KEY_STEP(path, "attributes", 10);
	SdPath		order = SD_KEY_STEP(path, "order", 5);

	if (query->whole_row)
	{
		SdPath		distinct = SD_KEY_STEP(path, "distinct", 8);

		check_comparable(get_rel_type_id(query->model->relid), &distinct);
	}
	for (int i = 0; i < query->noutputs; i++)
		check_comparable(query->outputs[i].expr->type, &attributes);
	for (int i = 0; i < query->norders; i++)
	{
		bool		found = query->whole_row && query->orders[i].expr->kind == SD_EXPR_ATTRIBUTE;

		for (int j = 0; j < query->noutputs && !found; j++)
			found = query->orders[i].expr == query->outputs[j].expr ||
				sd_same_attribute(query->orders[i].expr, query->outputs[j].expr);
		if (!found)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: term %d is not among the \"attributes\" that are to be distinct",
							sd_path_text(&order), i + 1)));
	}
}
