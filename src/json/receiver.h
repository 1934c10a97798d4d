/*-------------------------------------------------------------------------
 * json/receiver.h
 *		A DestReceiver that writes the rows of a statement as JSON objects.
 *
 * The layout says which column goes under which key; it belongs to a cached
 * plan.  The receiver belongs to one execution.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RECEIVER_H
#define SD_RECEIVER_H

#include "json/rowset.h"
#include "json/writer.h"
#include "tcop/dest.h"
#include "utils/tuplestore.h"

/*
 * Stands in an open record where members of other statements are to be put, with a
 * comma behind them.  No JSON text has this byte: it is escaped in strings.
 */
#define SD_PLACE		'\x01'

typedef struct SdRecordColumn
{
	const char *key;			/* ,"name": and SD_PADDING; the first is written without its comma;
								 * an SD_PLACE for each of what stands before it, behind the comma */
	int			key_len;
	SdWriter	writer;
} SdRecordColumn;

typedef struct SdCapture
{
	int			column;			/* of the statement, from 0 */
	Oid			type;			/* base type */
	int16		len;
	bool		byval;
} SdCapture;

typedef struct SdLayout
{
	int			ncolumns;		/* the statement's first columns are the JSON's */
	SdRecordColumn   *columns;
	int			nnested;		/* the next columns are those of an object of their own */
	const char *nested_key;		/* under this key, written as theirs */
	int			nested_key_len;
	int			ncaptures;		/* values kept beside the JSON */
	SdCapture  *captures;
	bool		open;			/* leaves out the closing brace, for includes to follow */
} SdLayout;

typedef struct SdReceiver
{
	DestReceiver pub;			/* has to be first */

	/* parameters: exactly one of these is set */
	SdRowSet   *rowset;			/* rows are kept here */
	SdBuf	   *array;			/* rows are appended here, separated by commas */
	Tuplestorestate *store;		/* rows are put here, one column each */

	const SdLayout *layout;
	uint64		limit;			/* an error past this number of rows; 0: none */
	void		(*on_row) (uint64 rows, void *arg); /* called with each row; or NULL */
	void	   *on_row_arg;
	bool		(*is_full) (const struct SdReceiver *receiver); /* whether it takes no more; or NULL */

	/* workspace */
	uint64		rows;			/* received so far */
	SdBuf		row;			/* for store */
	TupleDesc	store_desc;
	MemoryContext cxt;			/* of the workspace */
	MemoryContext row_cxt;		/* reset per row, from the second on: output functions' garbage */
} SdReceiver;

extern void sd_receiver_init(SdReceiver *receiver, const SdLayout *layout, uint64 limit);
extern void sd_check_row_type(const SdLayout *layout, TupleDesc desc);
extern void sd_receiver_to_store(SdReceiver *receiver, Tuplestorestate *store);
extern TupleDesc sd_record_desc(void);
extern TupleDesc sd_created_desc(void);
extern void sd_too_many_rows(uint64 limit) pg_attribute_noreturn();

#endif							/* SD_RECEIVER_H */
