/*-------------------------------------------------------------------------
 * execute/explain.h
 *		Shows the plans of a query's statements: those that run, of every step.
 *-------------------------------------------------------------------------
 */
#ifndef SD_EXPLAIN_H
#define SD_EXPLAIN_H

#include "parse/query.h"

extern List *sd_explain(const SdQuery *query, bool analyze);

#endif							/* SD_EXPLAIN_H */
