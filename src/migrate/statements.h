/*-------------------------------------------------------------------------
 * migrate/statements.h
 *		Takes the text of a migration apart with the server's own parser.
 *
 * What is returned belongs to the context that was current at the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MIGRATE_STATEMENTS_H
#define SD_MIGRATE_STATEMENTS_H

#include "nodes/pg_list.h"

typedef struct SdSqlStatement
{
	int			number;			/* the first is 1 */
	int			line;			/* in the whole text, at which it begins */
	char	   *sql;			/* without comments before it, and without the semicolon */
	Node	   *tree;			/* as the grammar made it */
	List	   *allowed;		/* rules of lint, char *, that a comment above it allows */
} SdSqlStatement;

extern List *sd_split_statements(const char *text);
extern List *sd_split_text(const char *noun, const char *name, const char *part, const char *text);
extern bool sd_statement_runs_alone(const Node *tree);

#endif							/* SD_MIGRATE_STATEMENTS_H */
