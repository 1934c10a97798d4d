/*-------------------------------------------------------------------------
 * plan/statement.h
 *		A statement to be executed: a parsed query, and what to do with it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_STATEMENT_H
#define SD_STATEMENT_H

#include "json/receiver.h"
#include "nodes/bitmapset.h"
#include "parse/query.h"

typedef enum SdStatementKind
{
	SD_SELECT,
	SD_COUNT,
	SD_INSERT,					/* one row, values bound */
	SD_INSERT_ROWS,				/* rows of the ephemeral relation SD_ROWS */
	SD_UPDATE,
	SD_UPDATE_ROWS,				/* each row of the ephemeral relation SD_ROWS changes its own */
	SD_DELETE
} SdStatementKind;

/*
 * The ephemeral relation that SD_INSERT_ROWS and SD_UPDATE_ROWS read.  Column
 * c0, c1, … is the value of assigned[0], assigned[1], …  In an update there are
 * also g0, g1, …, whether the row gives it, where not every row does, k0, k1, …,
 * the primary key, v, the version that is expected or NULL, w, whether the row
 * sets something, where some rows do not, and n, the number of the row.
 */
#define SD_ROWS		"studentdir_rows"

typedef enum SdConflictAction
{
	SD_CONFLICT_ERROR,
	SD_CONFLICT_NOTHING,
	SD_CONFLICT_UPDATE
} SdConflictAction;

/* what an INSERT does where a row is there already */
typedef struct SdOnConflict
{
	SdConflictAction action;
	int			ntarget;		/* attributes of the unique key that is meant; 0: any */
	const int  *target;
	const SdCondition *where;	/* of the partial index that is meant; NULL: it is none */
	const char *indexes;		/* then: the partial indexes that there are, for errors */
	int			nupdated;		/* attributes that get the new row's value */
	const int  *updated;
	bool		counted;		/* SD_CONFLICT_UPDATE: rows_read counts the rows in conflict */
} SdOnConflict;

/* what an assigned attribute becomes */
typedef enum SdSetKind
{
	SD_SET_VALUE,				/* params[param] */
	SD_SET_SUM,					/* what it is, plus params[param] */
	SD_SET_DIFFERENCE,			/* what it is, less params[param] */
	SD_SET_EXPR,				/* expr, over the row as it was */
	SD_SET_DEFAULT,				/* the column's default */
	SD_SET_JSON,				/* what it is, with values set at npaths paths; see param */
	SD_SET_ROW,					/* the column of SD_ROWS */
	SD_SET_ROW_GIVEN			/* the same, for the rows that give it */
} SdSetKind;

typedef struct SdSet
{
	SdSetKind	kind;
	int			param;			/* SD_SET_JSON: the first path's, then its value's, and so on */
	int			npaths;
	const SdExpr *expr;
} SdSet;

/* how many rows of an ephemeral relation there are, and have been read */
typedef struct SdRowsRead
{
	int64		total;
	int64		n;
	const int  *numbers;		/* of the rows in the input; NULL: they are in its order */
} SdRowsRead;

/* The number in the input of the row that was read last. */
static inline int64
sd_row_number(const SdRowsRead *read)
{
	return read->numbers != NULL && read->n > 0 ? read->numbers[read->n - 1] : read->n - 1;
}

typedef struct SdStatement
{
	SdStatementKind kind;
	const SdQuery *query;
	SdParams	params;			/* what is bound: the query's values, then the assignments' */
	int			nassigned;		/* writers: attributes that get a value */
	int		   *assigned;
	Bitmapset  *defaulted;		/* SD_INSERT_ROWS: those of them that no row gives */
	int			first_param;	/* params index of the first assigned value */
	SdOnConflict on_conflict;
	SdSet	   *sets;			/* updates: of each of assigned; NULL: the values, in order */
	bool		expects_version;	/* SD_UPDATE_ROWS: some row says which version it changes */
	bool		some_unchanged; /* SD_UPDATE_ROWS: there are rows that set nothing */
	bool		all_unchanged;	/* SD_UPDATE_ROWS: and no others, so that nothing is written */
	bool		locks_first;	/* SD_UPDATE_ROWS: locks the records in the order of their keys */
	TupleDesc	row_arrays;		/* rows: the columns of SD_ROWS, which arrays hold; NULL: it is ephemeral */
	int			first_array;	/* params index of the first of them */
	int			nmatched;		/* SD_INSERT_ROWS of arrays: indexes of assigned by which a record is */
	const int  *matched;		/* matched with its row, whose number is in the last array */
	int			scale;			/* SD_UPDATE_ROWS: the digits of the number of rows, to plan for */
	const struct SdPath *const *row_paths;	/* rows: what each is called in errors; NULL: data[n] */
	SdRowsRead *rows_read;		/* SD_INSERT_ROWS: how far SD_ROWS has been read; NULL: that does
								 * not say which row is written */
	bool		overriding;		/* inserts: values of an identity that is always generated are ours */
	bool		sought;			/* the last of the query's checks is what the row was looked for by */
	const struct SdGivenRows *given;	/* writers: what the caller gave, for errors; NULL: unknown */
	bool		returning;		/* writers: RETURNING query->outputs */
	bool		generic;		/* the plan need not look at the values */
	bool		parallel;		/* a reader that is run to its end in one go: workers may help */
	bool		one;			/* a reader of the first row only, whose query has no limit of its own */
} SdStatement;

/* The conditions of the model that every row which the statement writes has to meet. */
static inline const List *
sd_statement_checks(const SdStatement *statement)
{
	return statement->kind == SD_SELECT || statement->kind == SD_COUNT ||
		statement->query->write == NULL ? NIL : statement->query->write->checks;
}

#endif							/* SD_STATEMENT_H */
