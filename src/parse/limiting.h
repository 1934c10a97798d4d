/*-------------------------------------------------------------------------
 * parse/limiting.h
 *		Tells conditions that leave out rows from those that are true of every
 *		row, whatever it holds, which writers take for none.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LIMITING_H
#define SD_LIMITING_H

#include "parse/query.h"

extern bool sd_leaves_out_rows(const SdQuery *query, const SdCondition *condition);

#endif							/* SD_LIMITING_H */
