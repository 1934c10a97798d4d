/*-------------------------------------------------------------------------
 * plan/deparse_association.c
 *		Writes what leads from a row to associated ones as SQL.
 *
 * Where Citus has distributed one of the tables, the forms are those that it takes
 * of tables that are not distributed alike, see src/README.md.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/symbol.h"
#include "plan/deparse_association.h"
#include "plan/deparse_expr.h"

/* A context for another table of the statement. */
SdDeparse
sd_next_context(const SdDeparse *context, const SdModel *model)
{
	SdDeparse	next = *context;

	next.model = model;
	next.level = ++*context->levels;
	next.through = NULL;
	next.apart = false;
	next.ends = NULL;
	return next;
}

/* Appends a = b AND …, n attributes of either context. */
void
sd_deparse_match(const SdDeparse *left, const int *attrs, const SdDeparse *right,
				 const int *others, int n)
{
	Assert(n > 0);
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(left->sql, " AND ");
		sd_deparse_attribute(left, attrs[i]);
		sd_deparse_operator(left, left->model->attrs[attrs[i]].type, SD_OP_EQ);
		sd_deparse_attribute(right, others[i]);
	}
}

/* Appends one more condition on the context's row, or nothing for NULL. */
void
sd_deparse_and(const SdDeparse *context, const SdCondition *condition)
{
	SdDeparse	filter = *context;

	if (condition == NULL)
		return;
	appendStringInfoString(context->sql, " AND (");
	filter.filter = true;
	sd_deparse_condition(&filter, condition);
	appendStringInfoChar(context->sql, ')');
}

/* Appends that the context's row, if its model is paranoid, is not deleted. */
static void
deparse_not_deleted(const SdDeparse *context)
{
	/* a value of it is bound, and stands among the association's scopes */
	if (context->model->deleted_at < 0 || sd_has_alive_value(context->model))
		return;
	appendStringInfoString(context->sql, " AND ");
	sd_deparse_attribute(context, context->model->deleted_at);
	appendStringInfoString(context->sql, " IS NULL");
}

/* A context for the join rows that an association leads through; NULL where there are none. */
static SdDeparse *
join_context(const SdDeparse *context, const SdAssociated *associated)
{
	SdDeparse  *join;

	if (associated->through == NULL)
		return NULL;
	join = palloc(sizeof(SdDeparse));
	*join = sd_next_context(context, associated->through);
	return join;
}

/* Whether Citus plans for a table of the other end of an association, or for the context's. */
static bool
is_distributed(const SdDeparse *context, const SdAssociated *associated)
{
	return context->model->distribution != SD_NOT_DISTRIBUTED ||
		associated->target->distribution != SD_NOT_DISTRIBUTED ||
		(associated->through != NULL &&
		 associated->through->distribution != SD_NOT_DISTRIBUTED);
}

/* Whether Citus finds equal keys on one node: by what both tables are distributed, or all rows of one. */
static bool
joins_on_nodes(const SdModel *left, const int *attrs, const SdModel *right, const int *others,
			   int n)
{
	if (right->distribution == SD_REFERENCE)
		return left->distribution == SD_DISTRIBUTED || left->distribution == SD_REFERENCE;
	if (left->distribution != SD_DISTRIBUTED || right->distribution != SD_DISTRIBUTED ||
		left->colocation != right->colocation)
		return false;
	for (int i = 0; i < n; i++)
	{
		if (attrs[i] == left->distributed_by && others[i] == right->distributed_by)
			return true;
	}
	return false;
}

/* Whether the other end of an association has to be found by itself. */
static bool
is_apart(const SdDeparse *context, const SdDeparse *target, const SdAssociated *associated)
{
	const SdDeparse *join = target->through;
	const SdAssociation *association = associated->association;

	Assert((join != NULL) == (associated->through != NULL));
	if (!is_distributed(context, associated))
		return false;
	if (join == NULL)
		return !joins_on_nodes(context->model, association->source_keys, target->model,
							   associated->target_keys, association->nkeys);
	return !joins_on_nodes(context->model, association->source_keys, join->model,
						   associated->foreign_keys, association->nkeys) ||
		!joins_on_nodes(join->model, associated->other_keys, target->model,
						associated->target_keys, association->ntarget_keys);
}

/* Has the tables of the other end of an association found by themselves. */
static void
set_apart(SdDeparse *target)
{
	target->apart = true;
	if (target->through != NULL)
		unconstify(SdDeparse *, target->through)->apart = true;
}

/* The tables of the other end of an association, whose contexts these are. */
static void
deparse_end(const SdDeparse *target, const SdDeparse *join)
{
	sd_deparse_table(target);
	if (join == NULL)
		return;
	appendStringInfoString(target->sql, ", ");
	sd_deparse_table(join);
}

/* What holds for the join rows of an association besides their keys. */
static void
deparse_join_terms(const SdDeparse *join, const SdAssociated *associated)
{
	if (!associated->with_deleted_joins)
		deparse_not_deleted(join);
	sd_deparse_and(join, associated->through_scope);
}

/* And what holds for the other end. */
static void
deparse_target_terms(const SdDeparse *target, const SdAssociated *associated)
{
	if (!associated->with_deleted)
		deparse_not_deleted(target);
	sd_deparse_and(target, associated->scope);
}

/* That the other end of an association belongs to the context's row, and what else holds for it. */
static void
deparse_belongs(const SdDeparse *context, const SdDeparse *target, const SdDeparse *join,
				const SdAssociated *associated)
{
	const SdAssociation *association = associated->association;

	Assert((join != NULL) == (associated->through != NULL));
	if (join == NULL)
		sd_deparse_match(target, associated->target_keys, context, association->source_keys,
						 association->nkeys);
	else
	{
		sd_deparse_match(join, associated->foreign_keys, context, association->source_keys,
						 association->nkeys);
		appendStringInfoString(context->sql, " AND ");
		sd_deparse_match(target, associated->target_keys, join, associated->other_keys,
						 association->ntarget_keys);
		deparse_join_terms(join, associated);
	}
	deparse_target_terms(target, associated);
}

/*
 * FROM the other end of an association WHERE it belongs to the context's row;
 * through is a condition on the join row, or NULL.
 */
void
sd_deparse_associated(const SdDeparse *context, SdDeparse *target,
					  const SdAssociated *associated, const SdCondition *through)
{
	if (is_apart(context, target, associated))
		set_apart(target);
	appendStringInfoString(context->sql, " FROM ");
	deparse_end(target, target->through);
	appendStringInfoString(context->sql, " WHERE ");
	deparse_belongs(context, target, target->through, associated);
	if (target->through != NULL)
		sd_deparse_and(target->through, through);
}

/* (a, b) of the context's table; one by itself. */
static void
deparse_key(const SdDeparse *context, const int *attrs, int n)
{
	appendStringInfoString(context->sql, n > 1 ? "ROW(" : "");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, ", ");
		sd_deparse_attribute(context, attrs[i]);
	}
	appendStringInfoString(context->sql, n > 1 ? ")" : "");
}

/* key = ANY (SELECT attrs FROM the table of from WHERE true */
static void
deparse_key_in(const SdDeparse *context, const int *key, const SdDeparse *from, const int *attrs,
			   int n)
{
	Assert(n > 0);
	deparse_key(context, key, n);
	sd_deparse_operator(context, context->model->attrs[key[0]].type, SD_OP_EQ);
	appendStringInfoString(context->sql, "ANY (SELECT ");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, ", ");
		sd_deparse_attribute(from, attrs[i]);
	}
	appendStringInfoString(context->sql, " FROM ");
	sd_deparse_table(from);
	appendStringInfoString(context->sql, " WHERE true");
}

/*
 * That the other end of an association has a row, in the form that Citus takes of
 * tables that are not distributed alike: by sets of keys that do not depend on the
 * context's row.  OFFSET 0 has it find each set by itself.
 */
static void
deparse_exists_by_keys(const SdDeparse *context, const SdDeparse *target,
					   const SdCondition *condition)
{
	const SdAssociated *associated = condition->associated;
	const SdAssociation *association = associated->association;
	const SdDeparse *join = target->through;
	StringInfo	sql = context->sql;

	Assert(context->filter);	/* NULL where EXISTS is false */
	appendStringInfoChar(sql, '(');
	if (join == NULL)
		deparse_key_in(context, association->source_keys, target, associated->target_keys,
					   association->nkeys);
	else
	{
		deparse_key_in(context, association->source_keys, join, associated->foreign_keys,
					   association->nkeys);
		deparse_join_terms(join, associated);
		sd_deparse_and(join, condition->through);
		appendStringInfoString(sql, " AND ");
		deparse_key_in(join, associated->other_keys, target, associated->target_keys,
					   association->ntarget_keys);
	}
	deparse_target_terms(target, associated);
	if (condition->args != NIL)
		sd_deparse_and(target, linitial(condition->args));
	appendStringInfoString(sql, join != NULL ? " OFFSET 0) OFFSET 0))" : "))");
}

/* Whether the values of an association's key are compared by operators of one schema. */
static bool
keys_are_alike(const SdModel *source, const SdAssociation *association)
{
	const char *schema = sd_operator_schema(source->attrs[association->source_keys[0]].type);

	for (int i = 1; i < association->nkeys; i++)
		if (strcmp(schema, sd_operator_schema(source->attrs[association->source_keys[i]].type)) != 0)
			return false;
	return true;
}

/* A context for the other end of an association, and its join rows, in the current memory context. */
SdDeparse
sd_associated_context(const SdDeparse *context, const SdAssociated *associated)
{
	SdDeparse	target = sd_next_context(context, associated->target);

	target.through = join_context(context, associated);
	return target;
}

/* Appends EXISTS (SELECT 1 FROM the other end of an association …), or what Citus takes for it. */
void
sd_deparse_exists(const SdDeparse *context, const SdCondition *condition)
{
	SdDeparse	target = sd_associated_context(context, condition->associated);

	Assert(condition->kind == SD_COND_EXISTS && list_length(condition->args) <= 1);

	/*
	 * In select lists and under NOT Citus takes no sets of keys; and in a set of rows
	 * all values are compared by operators of one schema.
	 */
	if (context->filter && is_distributed(context, condition->associated) &&
		keys_are_alike(context->model, condition->associated->association))
	{
		deparse_exists_by_keys(context, &target, condition);
		return;
	}
	appendStringInfoString(context->sql, "EXISTS (SELECT 1");
	sd_deparse_associated(context, &target, condition->associated, condition->through);
	if (condition->args != NIL)
		sd_deparse_and(&target, linitial(condition->args));
	appendStringInfoChar(context->sql, ')');
}

/* Contexts for the steps of a path (of SdAssociated), an array in the current memory context. */
SdDeparse *
sd_path_contexts(const SdDeparse *context, const List *path)
{
	int			n = list_length(path);
	SdDeparse  *ends = palloc(sizeof(SdDeparse) * Max(n, 1));
	bool		apart = false;

	for (int i = 0; i < n; i++)
	{
		const SdAssociated *step = list_nth(path, i);

		ends[i] = sd_next_context(context, step->target);
		ends[i].through = join_context(context, step);
		apart |= is_apart(i == 0 ? context : &ends[i - 1], &ends[i], step);
	}
	for (int i = 0; apart && i < n; i++)
		set_apart(&ends[i]);
	return ends;
}

/* Appends the tables of a path of n steps, the separator first. */
void
sd_deparse_path_tables(const SdDeparse *ends, int n, const char *separator)
{
	for (int i = 0; i < n; i++)
	{
		appendStringInfoString(ends[i].sql, i == 0 ? separator : ", ");
		deparse_end(&ends[i], ends[i].through);
	}
}

/* Appends that each step of a path belongs to the one before it, the first to the context's row. */
void
sd_deparse_path(const SdDeparse *context, const SdDeparse *ends, const List *path)
{
	Assert(path != NIL);
	for (int i = 0; i < list_length(path); i++)
	{
		if (i > 0)
			appendStringInfoString(context->sql, " AND ");
		deparse_belongs(i == 0 ? context : &ends[i - 1], &ends[i], ends[i].through,
						list_nth(path, i));
	}
}
