/*-------------------------------------------------------------------------
 * plan/deparse_insert.h
 *		Writes the SQL text of INSERT.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_INSERT_H
#define SD_DEPARSE_INSERT_H

#include "plan/deparse_expr.h"
#include "plan/statement.h"

extern void sd_deparse_insert(const SdDeparse *context, const SdStatement *statement);

#endif							/* SD_DEPARSE_INSERT_H */
