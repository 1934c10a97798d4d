/*-------------------------------------------------------------------------
 * write/repeated_row.h
 *		Finds a row of a tuplestore that has the key of one before it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_REPEATED_ROW_H
#define SD_REPEATED_ROW_H

#include "access/tupdesc.h"
#include "model/model.h"
#include "utils/tuplestore.h"

extern int64 sd_repeated_row(const SdModel *model, const int *attrs, const int *columns,
							 int nattrs, Tuplestorestate *rows, TupleDesc desc, int64 nrows);

#endif							/* SD_REPEATED_ROW_H */
