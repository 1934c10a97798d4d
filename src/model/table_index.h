/*-------------------------------------------------------------------------
 * model/table_index.h
 *		Whether an index of a model's table gives rows as a query wants them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TABLE_INDEX_H
#define SD_TABLE_INDEX_H

#include "model/model.h"

/* how rows that are equal in some attributes are sorted by one more */
typedef struct SdSorting
{
	int			attr;			/* -1: not at all */
	bool		descending;
	bool		nulls_first;
} SdSorting;

extern bool sd_has_partial_index(const SdModel *model);
extern bool sd_is_indexed(const SdModel *model, int attr);
extern bool sd_has_index(const SdModel *model, const int *attrs, int nattrs,
						 const SdSorting *sorting);

#endif							/* SD_TABLE_INDEX_H */
