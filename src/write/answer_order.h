/*-------------------------------------------------------------------------
 * write/answer_order.h
 *		Puts what a statement returns in the order of the input, whatever order
 *		it comes in.
 *
 * An order belongs to the caller, who says of each row that its receiver has got
 * which one of the input it is.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ANSWER_ORDER_H
#define SD_ANSWER_ORDER_H

#include "json/receiver.h"
#include "utils/tuplesort.h"

typedef struct SdAnswerOrder
{
	SdReceiver *receiver;
	MemoryContext cxt;
	int		   *numbers;		/* of the rows in the input, as they came */
	int			n;
	int			capacity;
	bool		broken;			/* a row came that is before the last one in the input */
	Tuplestorestate *store;		/* where the records go in the end; NULL: they stay in a rowset */
	Tuplesortstate *sort;		/* on their way there, with their numbers */
	TupleTableSlot *slot;		/* one of them */
	SdRowSet	record;			/* the one that has just come */
} SdAnswerOrder;

extern void sd_answer_begin(SdAnswerOrder *order, SdReceiver *receiver, int64 nrows);
extern void sd_answer_note(SdAnswerOrder *order, int number);
extern void sd_answer_end(SdAnswerOrder *order);

#endif							/* SD_ANSWER_ORDER_H */
