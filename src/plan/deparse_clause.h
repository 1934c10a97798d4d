/*-------------------------------------------------------------------------
 * plan/deparse_clause.h
 *		Writes the clauses that several statements have (deparse.c).
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEPARSE_CLAUSE_H
#define SD_DEPARSE_CLAUSE_H

#include "plan/deparse_expr.h"
#include "plan/statement.h"

extern void sd_deparse_restriction(const SdDeparse *context, const SdCondition *condition,
								   bool *first);
extern void sd_deparse_where(const SdDeparse *context, const SdQuery *query);
extern void sd_deparse_outputs(const SdDeparse *context, const SdQuery *query);
extern void sd_deparse_distinct_on(const SdDeparse *context, const SdQuery *query);
extern void sd_deparse_order(const SdDeparse *context, const SdQuery *query);
extern void sd_deparse_limit(const SdDeparse *context, const SdQuery *query);
extern void sd_deparse_rows(const SdDeparse *context, const SdStatement *statement);
extern void sd_deparse_row_numbers(const SdDeparse *context, const SdStatement *statement);
extern Oid	sd_row_element(Oid type);
extern void sd_deparse_returning(const SdDeparse *context, const SdStatement *statement);

#endif							/* SD_DEPARSE_CLAUSE_H */
