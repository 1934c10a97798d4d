/*-------------------------------------------------------------------------
 * plan/deparse_update.h
 *		Writes the SQL text of UPDATE and DELETE.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_UPDATE_H
#define SD_DEPARSE_UPDATE_H

#include "plan/deparse_expr.h"
#include "plan/statement.h"

extern void sd_deparse_update(const SdDeparse *context, const SdStatement *statement);
extern void sd_deparse_update_rows(const SdDeparse *context, const SdStatement *statement);
extern void sd_deparse_delete(const SdDeparse *context, const SdStatement *statement);
extern void sd_deparse_duplicate_key(StringInfo sql, const SdModel *model);

#endif							/* SD_DEPARSE_UPDATE_H */
