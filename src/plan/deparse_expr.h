/*-------------------------------------------------------------------------
 * plan/deparse_expr.h
 *		Writes expressions and conditions as SQL.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_EXPR_H
#define SD_DEPARSE_EXPR_H

#include "lib/stringinfo.h"
#include "parse/query.h"

/*
 * One level of a statement: its table is called t, those of levels below t1,
 * t2, …, and the join rows of an included query j.
 */
#define SD_LEVEL_THROUGH	(-1)

/* behind a text that is sorted by its bytes */
#define SD_BYTEWISE			" COLLATE pg_catalog.\"C\""

/* what was met while a statement was written */
typedef struct SdFound
{
	bool		secret;			/* a hidden attribute stands in it */
	bool		distributed;	/* a table of Citus does */
	List	   *used;			/* see plan/deparse_apart.c: attributes that stand in it */
	List	   *apart;			/* see plan/deparse_apart.c */
} SdFound;

typedef struct SdDeparse
{
	StringInfo	sql;
	const SdModel *model;
	int			level;			/* SD_LEVEL_THROUGH: the join rows */
	int		   *levels;			/* how many there are so far in the statement */
	const struct SdDeparse *through;	/* of the join rows of this level, or NULL */
	const struct SdDeparse *ends;	/* of the steps that lead on from this level, or NULL */
	SdFound    *found;
	bool		apart;			/* Citus has to find the table's rows before it joins them */
	bool		filter;			/* here a condition that is NULL is as good as one that is false */
	bool		bare;			/* columns without the table's alias, as ON CONFLICT has them */
} SdDeparse;

extern void sd_deparse_attribute(const SdDeparse *context, int attr);
extern void sd_deparse_param(const SdDeparse *context, int param);
extern void sd_deparse_expr(const SdDeparse *context, const SdExpr *expr);
extern void sd_deparse_condition(const SdDeparse *context, const SdCondition *condition);
extern void sd_deparse_operator(const SdDeparse *context, Oid type, SdOperator op);
extern void sd_deparse_direction(StringInfo sql, const SdOrder *order, bool reversed);
extern void sd_deparse_table(const SdDeparse *context);
extern void sd_deparse_alias(const SdDeparse *context);

#endif							/* SD_DEPARSE_EXPR_H */
