/*-------------------------------------------------------------------------
 * model/view.h
 *		Views that pass rows on to one relation below them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VIEW_H
#define SD_VIEW_H

#include "nodes/parsenodes.h"
#include "utils/rel.h"

extern Query *sd_passing_view(Relation rel, int *base);
extern AttrNumber sd_view_column(const Query *view, int base, AttrNumber attnum);

#endif							/* SD_VIEW_H */
