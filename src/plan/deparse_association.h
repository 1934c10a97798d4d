/*-------------------------------------------------------------------------
 * plan/deparse_association.h
 *		Writes what leads from a row to associated ones as SQL.
 *
 * Contexts live in the current memory context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_ASSOCIATION_H
#define SD_DEPARSE_ASSOCIATION_H

#include "plan/deparse_expr.h"

extern SdDeparse sd_next_context(const SdDeparse *context, const SdModel *model);
extern SdDeparse sd_associated_context(const SdDeparse *context, const SdAssociated *associated);
extern void sd_deparse_and(const SdDeparse *context, const SdCondition *condition);
extern void sd_deparse_match(const SdDeparse *left, const int *attrs,
							 const SdDeparse *right, const int *others, int n);
extern void sd_deparse_associated(const SdDeparse *context, SdDeparse *target,
								  const SdAssociated *associated, const SdCondition *through);
extern void sd_deparse_exists(const SdDeparse *context, const SdCondition *condition);
extern SdDeparse *sd_path_contexts(const SdDeparse *context, const List *path);
extern void sd_deparse_path_tables(const SdDeparse *ends, int n, const char *separator);
extern void sd_deparse_path(const SdDeparse *context, const SdDeparse *ends, const List *path);

#endif							/* SD_DEPARSE_ASSOCIATION_H */
