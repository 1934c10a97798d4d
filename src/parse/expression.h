/*-------------------------------------------------------------------------
 * parse/expression.h
 *		Parses expressions: {"$col":…}, {"$fn":[…]}, {"$cast":[…]}, plain values,
 *		and what operation.h and related.h parse.
 *-------------------------------------------------------------------------
 */
#ifndef SD_EXPRESSION_H
#define SD_EXPRESSION_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

/* where names are looked up: the model of a level of the query */
typedef struct SdScope
{
	SdQuery    *query;			/* whose params values are bound to */
	const SdModel *model;
	bool		having;			/* aliases of the query's outputs are names too */
	bool		aggregates;		/* aggregates are allowed */
	bool		windows;		/* so are window functions, under $over */
	bool		window_function;	/* what is parsed is one */
	bool		order;			/* rows are sorted by it */
	const SdModel *through;		/* of the join row of the level, or NULL */
	const struct SdScope *within_default;	/* the scopes of models whose default scopes this stands in */
	int		   *ncomputed;		/* computed attributes that one has named so far, in which this stands; or NULL */
} SdScope;

extern SdExpr *sd_shared_expr(const SdQuery *query, SdExpr *expr);
extern bool sd_same_attribute(const SdExpr *a, const SdExpr *b);
extern const char *const *sd_expression_keywords(int *n);
extern bool sd_is_expression_keyword(const JsonbValue *key);
extern bool sd_is_expr(const JsonbValue *value);
extern SdExpr *sd_parse_expr(const SdScope *scope, const JsonbValue *value, const SdPath *path);
extern SdExpr *sd_column_expr(const SdScope *scope, const char *name, int len,
							  const SdPath *path);
extern SdExpr *sd_json_expr(const SdScope *scope, int attr, List *steps, bool as_text,
							const SdPath *path);

extern pg_attribute_noreturn() void sd_no_attribute(const SdModel *model, const char *name,
													int len, const char *hint,
													const SdPath *path);
extern pg_attribute_noreturn() void sd_unknown_name(const SdModel *model, const char *name,
													int len, const SdPath *path);
extern pg_attribute_noreturn() void sd_unknown_attribute(const SdModel *model, const char *name,
														 int len, const SdPath *path);

#endif							/* SD_EXPRESSION_H */
