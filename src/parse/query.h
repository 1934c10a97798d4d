/*-------------------------------------------------------------------------
 * parse/query.h
 *		The typed tree that options are parsed into: what a call asks for, with
 *		every name looked up and every value converted.
 *
 * A tree lives in the context of its call and points to model descriptors.  It
 * holds no text that goes into SQL: names are indexes into descriptors, values
 * are numbers of parameters.
 *-------------------------------------------------------------------------
 */
#ifndef SD_QUERY_H
#define SD_QUERY_H

#include "model/model.h"
#include "nodes/pg_list.h"

/* values bound to $1, $2, …, in the order in which the parser met them */
typedef struct SdParams
{
	int			n;
	int			capacity;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;			/* 'n' or ' ', as SPI wants it */
} SdParams;

typedef enum SdConditionKind
{
	SD_COND_FALSE,				/* no row */
	SD_COND_AND,				/* args */
	SD_COND_OR,					/* args, at least one */
	SD_COND_NOT,				/* one arg */
	SD_COND_COMPARE,			/* attr op param */
	SD_COND_ANY,				/* attr op ANY (param) */
	SD_COND_ALL,				/* attr op ALL (param) */
	SD_COND_BETWEEN,			/* attr BETWEEN param AND param2 */
	SD_COND_IS_NULL,
	SD_COND_IS_NOT_NULL,
	SD_COND_IS_TRUE,
	SD_COND_IS_FALSE
} SdConditionKind;

typedef enum SdOperator
{
	SD_OP_EQ,
	SD_OP_NE,
	SD_OP_LT,
	SD_OP_LE,
	SD_OP_GT,
	SD_OP_GE
} SdOperator;

typedef struct SdCondition
{
	SdConditionKind kind;
	SdOperator	op;
	int			attr;
	int			param;			/* index into SdParams */
	int			param2;
	List	   *args;			/* of SdCondition */
} SdCondition;

/* one key of the JSON */
typedef struct SdOutput
{
	int			attr;
	const char *name;			/* the attribute's, or an alias */
	int			name_len;
} SdOutput;

typedef enum SdNulls
{
	SD_NULLS_DEFAULT,
	SD_NULLS_FIRST,
	SD_NULLS_LAST
} SdNulls;

typedef struct SdOrder
{
	int			attr;
	bool		descending;
	SdNulls		nulls;
} SdOrder;

typedef struct SdQuery
{
	const SdModel *model;
	SdParams	params;
	int			noutputs;
	SdOutput   *outputs;
	SdCondition *where;			/* NULL: every row */
	int			norders;
	SdOrder    *orders;
	int			limit_param;	/* index into params, or -1 */
	int			offset_param;
	int64		limit;			/* the limit's value, or -1 */
	List	   *includes;		/* of SdInclude */

	/* of an included query: the attribute matched with the parents' keys, else -1 */
	int			parent_key;
	Oid			parent_type;	/* type of the parents' keys */
	Oid			parent_collation;
	int			parent_param;	/* index into params of the array of them */

	bool		all;			/* writers: "all": true */
	bool		ignore_unknown;
	bool		validate;
	bool	   *writable;		/* by attribute, from "fields"; NULL: all */
} SdQuery;

typedef struct SdInclude
{
	const SdAssociation *association;
	SdQuery    *query;
	bool		hidden;			/* "attributes": [] leaves the key out */
} SdInclude;

extern int	sd_param(SdParams *params, Oid type, Datum value, bool isnull);

#endif							/* SD_QUERY_H */
