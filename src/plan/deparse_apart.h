/*-------------------------------------------------------------------------
 * plan/deparse_apart.h
 *		Writes subqueries that hand on the rows of a table, with the columns that
 *		the statement around them needs.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_APART_H
#define SD_DEPARSE_APART_H

#include "plan/deparse_expr.h"

extern void sd_begin_apart(const SdDeparse *context);
extern void sd_note_attribute(const SdDeparse *context, int attr);
extern void sd_name_apart_columns(StringInfo sql, SdFound *found);

#endif							/* SD_DEPARSE_APART_H */
