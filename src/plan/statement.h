/*-------------------------------------------------------------------------
 * plan/statement.h
 *		A statement to be executed: a parsed query, and what to do with it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_STATEMENT_H
#define SD_STATEMENT_H

#include "json/receiver.h"
#include "parse/query.h"

typedef enum SdStatementKind
{
	SD_SELECT,
	SD_COUNT,
	SD_INSERT,					/* one row, values bound */
	SD_INSERT_ROWS,				/* rows of the ephemeral relation SD_ROWS */
	SD_UPDATE,
	SD_DELETE
} SdStatementKind;

/* the ephemeral relation that SD_INSERT_ROWS reads; its columns are c0, c1, … */
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
	int			nupdated;		/* attributes that get the new row's value */
	const int  *updated;
} SdOnConflict;

typedef struct SdStatement
{
	SdStatementKind kind;
	const SdQuery *query;		/* params: the conditions' first, then the assignments' */
	int			nassigned;		/* writers: attributes that get a value */
	int		   *assigned;
	int			first_param;	/* params index of the first assigned value */
	SdOnConflict on_conflict;
	bool		returning;		/* writers: RETURNING query->outputs */
	bool		generic;		/* the plan need not look at the values */
} SdStatement;

#endif							/* SD_STATEMENT_H */
