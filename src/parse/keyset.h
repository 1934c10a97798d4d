/*-------------------------------------------------------------------------
 * parse/keyset.h
 *		Keyset pages: "after" and "before".
 *
 * The edge is a row, given by its primary key, or a value for each term of the
 * order.  It becomes a condition once the values are known.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEYSET_H
#define SD_KEYSET_H

#include "parse/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

typedef struct SdEdge
{
	SdQuery    *row;			/* the query for the edge's own values, or NULL */
	Datum	   *values;			/* by term of the order */
	bool	   *nulls;
} SdEdge;

extern void sd_parse_edge(SdQuery *query, const JsonbValue *value, const SdPath *path,
						  bool backwards);
extern void sd_apply_edge(SdQuery *query, const Datum *values, const bool *nulls);

#endif							/* SD_KEYSET_H */
