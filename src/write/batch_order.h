/*-------------------------------------------------------------------------
 * write/batch_order.h
 *		The order in which the rows of a batch are written.
 *
 * Calls that write the same rows wait for each other; they do not deadlock when
 * all of them write in the order of one unique key.  An order belongs to its
 * batch and lives in the same context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BATCH_ORDER_H
#define SD_BATCH_ORDER_H

#include "model/model.h"
#include "utils/tuplestore.h"

typedef struct SdBatchOrder SdBatchOrder;

extern SdBatchOrder *sd_order_begin(const SdModel *model, const int *attrs, const int *columns,
									int nattrs, TupleDesc desc);
extern void sd_order_add(SdBatchOrder *order, Datum *values, bool *nulls);
extern Tuplestorestate *sd_order_rows(SdBatchOrder *order, int **numbers);

#endif							/* SD_BATCH_ORDER_H */
