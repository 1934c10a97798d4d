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
#include "parse/params.h"
#include "utils/jsonb.h"

typedef enum SdExprKind
{
	SD_EXPR_ATTRIBUTE,			/* attr */
	SD_EXPR_PARAM,				/* param */
	SD_EXPR_FUNCTION,			/* function (args) */
	SD_EXPR_COALESCE,			/* args */
	SD_EXPR_CAST,				/* the first of args, cast to type */
	SD_EXPR_JSON,				/* attr at the path that param holds, as jsonb */
	SD_EXPR_JSON_TEXT,			/* the same as text */
	SD_EXPR_ASSOCIATED,			/* the first of args in the row that association leads to */
	SD_EXPR_THROUGH,			/* the first of args in the join row of the level */
	SD_EXPR_OPERATOR,			/* one or two args; function is the operator */
	SD_EXPR_CASE,				/* an arg for each of conditions, and one more for ELSE */
	SD_EXPR_TEST,				/* the first of conditions, as a boolean */
	SD_EXPR_WINDOW,				/* the first of args OVER (partition, orders) */
	SD_EXPR_RELATED				/* the first of args, an aggregate or with list a value, over path */
} SdExprKind;

typedef struct SdExpr
{
	SdExprKind	kind;
	Oid			type;
	int			attr;			/* of the model of the level that it stands in */
	int			param;			/* index into SdParams */
	const char *function;		/* quoted and qualified, from the list of functions */
	bool		aggregate;		/* or has an aggregate in its args */
	List	   *args;			/* of SdExpr */
	const struct SdAssociated *associated;
	List	   *conditions;		/* of SdCondition */
	struct SdCondition *filter; /* of an aggregate, or on the records at the end of path; may be NULL */
	List	   *partition;		/* of SdExpr */
	List	   *orders;			/* of SdOrder */
	List	   *path;			/* of SdAssociated */
	bool		distinct;
	bool		star;			/* an aggregate of rows: count(*) */
	bool		list;			/* RELATED: the values as an array, as many as param says unless it is -1 */
	bool		window;			/* or has one in its args */
} SdExpr;

/* what makes a list in a grouped statement */
#define SD_ARRAY_AGG	"pg_catalog.array_agg"

/* what makes a value that is an array an element of a list: there are no arrays of arrays */
#define SD_ROW			"ROW"

typedef enum SdOperator
{
	SD_OP_EQ,
	SD_OP_NE,
	SD_OP_LT,
	SD_OP_LE,
	SD_OP_GT,
	SD_OP_GE,
	SD_OP_LIKE,
	SD_OP_NOT_LIKE,
	SD_OP_ILIKE,
	SD_OP_NOT_ILIKE,
	SD_OP_REGEXP,
	SD_OP_NOT_REGEXP,
	SD_OP_IREGEXP,
	SD_OP_NOT_IREGEXP,
	SD_OP_PATTERN_GE,			/* byte by byte, as text_pattern_ops indexes sort */
	SD_OP_PATTERN_LT,
	SD_OP_CONTAINS,
	SD_OP_CONTAINED,
	SD_OP_OVERLAP,
	SD_OP_ADJACENT,
	SD_OP_STRICT_LEFT,
	SD_OP_STRICT_RIGHT,
	SD_OP_NO_EXTEND_LEFT,
	SD_OP_NO_EXTEND_RIGHT,
	SD_OP_ANY_KEY,
	SD_OP_ALL_KEYS,
	SD_OP_MATCH
} SdOperator;

typedef enum SdConditionKind
{
	SD_COND_FALSE,				/* no row */
	SD_COND_AND,				/* args */
	SD_COND_OR,					/* args, at least one */
	SD_COND_NOT,				/* one arg */
	SD_COND_COMPARE,			/* left op right */
	SD_COND_ROW,				/* args compared as rows: (left, …) op (right, …), op as in each */
	SD_COND_ANY,				/* left op ANY (right) */
	SD_COND_ALL,				/* left op ALL (right) */
	SD_COND_SAME_JSON_TYPE,		/* left and right hold JSON of one type */
	SD_COND_IS_NULL,			/* left; a JSON null is null too */
	SD_COND_IS_NOT_NULL,
	SD_COND_IS_TRUE,
	SD_COND_IS_FALSE,
	SD_COND_EXPR,				/* left, a boolean */
	SD_COND_IN_QUERY,			/* left = ANY (query), or with negated not: its nulls do not count */
	SD_COND_EXISTS				/* an associated row; args: at most one condition on it */
} SdConditionKind;

typedef struct SdCondition
{
	SdConditionKind kind;
	SdOperator	op;
	SdExpr	   *left;
	SdExpr	   *right;
	List	   *args;			/* of SdCondition */
	const struct SdAssociated *associated;
	struct SdCondition *through;	/* on the join row of an associated one; may be NULL */
	struct SdQuery *query;
	bool		negated;
} SdCondition;

/*
 * The other end of an association: the level below the one that it stands in.
 * The arrays have as many elements as the association's keys that they are
 * matched with.
 */
typedef struct SdAssociated
{
	const SdModel *source;
	const SdAssociation *association;
	const SdModel *target;
	int		   *target_keys;	/* attributes of target that are matched */
	bool		with_deleted;	/* deleted rows of a paranoid target count too */
	bool		with_deleted_joins; /* and those of a paranoid join model */
	const SdModel *through;		/* join model, or NULL */
	int		   *foreign_keys;	/* attributes of through that are matched with the source */
	int		   *other_keys;		/* and with the target */

	/* the association's scopes, where a condition or an order follows it; may be NULL */
	SdCondition *scope;
	SdCondition *through_scope;
} SdAssociated;

/* one key of the JSON */
typedef struct SdOutput
{
	SdExpr	   *expr;
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
	SdExpr	   *expr;
	bool		descending;
	SdNulls		nulls;
	bool		bytewise;		/* text by its bytes, not by its collation: see sd_order_by() */
} SdOrder;

typedef enum SdLock
{
	SD_LOCK_NONE,
	SD_LOCK_UPDATE,
	SD_LOCK_NO_KEY_UPDATE,
	SD_LOCK_SHARE,
	SD_LOCK_KEY_SHARE
} SdLock;

typedef enum SdLockWait
{
	SD_LOCK_WAIT,
	SD_LOCK_SKIP,
	SD_LOCK_NO_WAIT
} SdLockWait;

/* an attribute by which included rows are matched with their parents */
typedef struct SdMatch
{
	int			attr;			/* of the query's model, or of its join model where there is one */
	Oid			type;			/* of the parents' attribute */
	Oid			collation;
	int			param;			/* index into params of the array of the parents' values; of
								 * one of them its value */
} SdMatch;

/* whose rows an included query reads; a copy of it says other than many */
typedef enum SdParents
{
	SD_MANY_PARENTS,			/* those whose keys are bound as arrays */
	SD_ONE_PARENT,				/* one whose key is bound as it is */
	SD_RUN_OF_PARENTS,			/* those with the keys from one to another, bound as an array of two */
	SD_ALL_PARENTS				/* all that there may be */
} SdParents;

/* what is known of the options of a call as a whole */
typedef struct SdCallInfo
{
	int			kind;			/* SdCall */
	int			nincludes;
	List	   *names;			/* of the parameters that they use, as C strings */
	List	   *models;			/* of SdModel: all that they lead to */
	List	   *requiring;		/* of SdModel: whose includes are being asked what they require */
	bool		unsettled;		/* they mean something else at another time: the query is not kept */
} SdCallInfo;

/*
 * The shapes of a query's SELECT, by how it is planned (no special way, generic,
 * parallel, for one row) and what parents it is for, and of its count: kept with a
 * query that is run by many calls (plan/plancache.c).  A copy of the query that
 * asks for something else has none.
 */
typedef struct SdShape
{
	int			len;			/* 0: not known yet */
	uint32		hash;
	char	   *bytes;
} SdShape;

typedef struct SdShapes
{
	MemoryContext cxt;			/* that of the query */
	SdShape		select[4][SD_ALL_PARENTS + 1];
	SdShape		count;			/* of the statement that counts its rows */
} SdShapes;

/* under which keys find_and_count_all answers, as JSON */
typedef struct SdPageNames
{
	const char *count;
	const char *rows;
} SdPageNames;

/* an attribute that an update sets from an expression */
typedef struct SdAssigned
{
	int			attr;
	SdExpr	   *expr;			/* over the row as it was; binds in the query; NULL: the column's default */
} SdAssigned;

/* in a nested update: what becomes of the records that the document does not hold */
typedef enum SdOthers
{
	SD_OTHERS_KEEP,
	SD_OTHERS_REMOVE,			/* they are unlinked */
	SD_OTHERS_DESTROY
} SdOthers;

/* what only calls that write are told */
typedef struct SdWriteOptions
{
	Jsonb	   *params;			/* of the call */
	List	   *checks;			/* of SdCondition, the model's own that each row has to meet */
	bool		limited;		/* the caller, or a scope that it names, says which rows */
	bool		default_limited;	/* the default scope does */
	List	   *limiting;		/* of SdCondition: what says which rows */
	bool		by_key;			/* by their key */
	bool		force;			/* destroy: deletes rows of a paranoid model for good */
	bool		ignore_unknown;
	bool		validate;
	bool		validate_unique;	/* looks whether values of unique keys are taken */
	bool		truncate;		/* destroy: the table is emptied as a whole */
	bool		cascade;		/* truncate: with the tables that refer to it */
	bool		restart_identity;	/* truncate: its sequences begin anew */
	bool		ignore_missing; /* bulk_update: rows whose record is not there are left out */
	const struct JsonbValue *by;	/* increment: what attributes without an amount change by */
	bool	   *writable;		/* by attribute, from "fields"; NULL: all */
	List	   *assigned;		/* of SdAssigned, from "set" */
	List	   *cascades;		/* of SdCascade: soft deletes go on to these, and so do their restores */
	bool		settled;		/* the data holds what may be written: readOnly attributes too */
	const struct SdInclude *returning;	/* reads the records that are answered; NULL: the statement does */
	SdOthers	others;			/* of an include */
	struct SdConflict *conflict;	/* what rows do that are there already; NULL: nothing is said */
} SdWriteOptions;

/*
 * What a call, or an include, asks for.  It is const once it has been parsed:
 * what reads or writes by it makes a copy of the struct where it needs another
 * query, and binds values of its own in a copy of the params.
 */
typedef struct SdQuery
{
	const SdModel *model;
	SdParams	params;
	int			noutputs;
	SdOutput   *outputs;
	bool		group_matches;	/* a row for each of the parents' keys */
	List	   *further;		/* of SdAssociated: steps to the records that outputs are about */
	SdCondition *end_where;		/* on these, or with no steps on its own rows; may be NULL */
	bool		whole_row;		/* the table's row, and no outputs */
	bool		distinct;
	List	   *distinct_on;	/* of SdExpr: the first row by order of each of their values */
	SdCondition *where;			/* NULL: every row */
	List	   *group;			/* of SdExpr */
	SdCondition *having;
	int			norders;
	SdOrder    *orders;
	List	   *terms;			/* of SdTerm: terms of levels above that are to be parsed into it */
	int			limit_param;	/* index into params, or -1 */
	int			offset_param;
	int64		limit;			/* the limit's value, or -1 */
	SdLock		lock;
	SdLockWait	lock_wait;
	const SdPageNames *names;	/* NULL: "count" and "rows" */
	List	   *includes;		/* of SdInclude */
	SdCallInfo *call;			/* of all queries of the call; NULL: it stands for itself */

	/* a keyset page: where the edge stands, until the page is made a condition */
	const struct SdEdge *edge;
	bool		backwards;		/* the page before the edge: read from its end */

	/* of an included query: what is matched with the parents' keys, else none */
	int			nmatches;
	SdMatch    *matches;
	struct SdThrough *through;
	bool		by_runs;		/* an index has the rows of keys that follow each other side by side */
	bool		by_index;		/* limited for each parent: an index gives the rows in order */
	SdParents	parents;		/* that it is read for */

	bool		paranoid;		/* leaves out the deleted rows of a paranoid model */
	bool		generic;		/* the key is all that is bound: a plan need not look at it */
	int			key_param;		/* index into params of the call's key as it is given, or -1 */
	const struct SdSource *source;	/* what is being parsed */
	SdCondition *asked;			/* what the caller's "where" says by itself */
	bool		empty_where;	/* the caller gives a "where" that leaves out no row */
	bool		all;			/* "all": true, every row is meant */
	SdShapes   *shapes;			/* of its SELECT, once they are known; NULL: they are not kept */
	SdWriteOptions *write;		/* what a writer does with the rows; NULL: they are read */
} SdQuery;

/* the join rows of an included query; written into each record under the model's name */
typedef struct SdThrough
{
	const SdModel *model;
	int			nkeys;
	const int  *other_keys;		/* attributes matched with target_keys of the query's model */
	const int  *target_keys;
	int			noutputs;
	SdOutput   *outputs;
	SdCondition *where;			/* binds in the included query; may be NULL */
	bool		with_deleted;	/* deleted rows of a paranoid join model, too */
	List	   *wheres;			/* of SdSource: what was given of it, for the EXISTS of levels above */
} SdThrough;

typedef struct SdInclude
{
	const SdAssociation *association;
	SdAssociated *associated;
	SdQuery    *query;
	bool		hidden;			/* "attributes": [] leaves the key out */
	bool		required;		/* rows without an associated one are left out */
	int			depth;			/* of a recursive one: levels from here on; 0: it is none */
	bool		computed;		/* its query has one row for each key: values of the parent's own */
	bool		plain;			/* of these: over all records of the association */
	int			place;			/* of these: how many of the parent's outputs stand before them */
	bool		key_only;		/* below the last level of a recursive one: not read, but keys are kept */
	const struct SdPath *path;	/* where it is asked for first */
	List	   *sources;		/* of SdSource: the objects that ask for it */
	const struct SdSource *named_in;	/* the last to ask for it */
	List	   *wheres;			/* of SdSource: its conditions, for the EXISTS of levels above */
} SdInclude;

extern SdExpr *sd_attribute_expr(const SdModel *model, int attr);
extern SdExpr *sd_param_expr(SdParams *params, Oid type, Datum value, bool isnull,
							 const struct SdPath *path);

#endif							/* SD_QUERY_H */
