/*-------------------------------------------------------------------------
 * execute/command.h
 *		Runs SQL that the extension itself or a migration wrote, for the
 *		layers above; the finders and writers have their own way (plan/).
 *
 * Each call opens and closes its own SPI connection.  What is returned
 * belongs to the context that was current at the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMMAND_H
#define SD_COMMAND_H

#include "nodes/pg_list.h"
#include "utils/snapshot.h"

struct _SPI_plan;				/* as SPI calls it */

/* one parameter of a statement */
typedef struct SdArg
{
	Oid			type;
	Datum		value;
	bool		isnull;
} SdArg;

/* rows of a query: nrows * ncols values */
typedef struct SdRows
{
	int			nrows;
	int			ncols;
	Datum	   *values;
	bool	   *nulls;
} SdRows;

extern uint64 sd_command(const char *sql, const SdArg *args, int nargs);
extern SdRows *sd_query(const char *sql, const SdArg *args, int nargs, Snapshot snapshot);
extern SdRows *sd_kept_query(struct _SPI_plan **plan, const char *sql, const SdArg *args, int nargs);
extern void sd_script(const char *sql);

extern SdArg sd_arg(Oid type, Datum value);
extern SdArg sd_text_arg(const char *value);
extern SdArg sd_list_arg(List *list);

/* the value in a row and column of a result */
#define SD_VALUE(rows, row, col)	((rows)->values[(row) * (rows)->ncols + (col)])
#define SD_ISNULL(rows, row, col)	((rows)->nulls[(row) * (rows)->ncols + (col)])

extern char *sd_rows_text(const SdRows *rows, int row, int col);
extern List *sd_rows_list(const SdRows *rows, int row, int col);

#endif							/* SD_COMMAND_H */
