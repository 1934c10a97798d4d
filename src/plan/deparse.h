/*-------------------------------------------------------------------------
 * plan/deparse.h
 *		Writes the SQL text of a statement.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_H
#define SD_DEPARSE_H

#include "lib/stringinfo.h"
#include "plan/deparse_expr.h"
#include "plan/statement.h"

extern SdFound sd_deparse(StringInfo sql, const SdStatement *statement);

#endif							/* SD_DEPARSE_H */
