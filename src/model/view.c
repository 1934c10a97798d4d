/*-------------------------------------------------------------------------
 * model/view.c
 *		Views that pass rows on to one relation below them.
 *
 * What the server says of a view's columns is not all that holds for a row
 * that is written to it: unique keys and defaults are the base table's.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "model/view.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteHandler.h"
#include "utils/reltrigger.h"

/*
 * The query of a view whose rows are written to the relation that is number
 * *base of its range table; NULL for another relation, and for a view with an
 * INSTEAD OF trigger, of which nobody knows what it does with a row.
 */
Query *
sd_passing_view(Relation rel, int *base)
{
	Query	   *view;

	if (rel->rd_rel->relkind != RELKIND_VIEW ||
		(rel->trigdesc != NULL && rel->trigdesc->trig_insert_instead_row))
		return NULL;
	view = get_view_query(rel);
	if (view_query_is_auto_updatable(view, false) != NULL)
		return NULL;
	*base = linitial_node(RangeTblRef, view->jointree->fromlist)->rtindex;
	Assert(*base > 0 && *base <= list_length(view->rtable));
	return view;
}

/* The column of the relation below that a view's column stands for; 0 when it is none. */
AttrNumber
sd_view_column(const Query *view, int base, AttrNumber attnum)
{
	TargetEntry *target = get_tle_by_resno(view->targetList, attnum);
	Var		   *var = target != NULL ? (Var *) target->expr : NULL;

	return var != NULL && IsA(var, Var) && var->varno == base ? var->varattno : InvalidAttrNumber;
}
