/*-------------------------------------------------------------------------
 * parse/keyset.h
 *		Keyset pages: "after" and "before".
 *
 * The edge is a row, given by its primary key, or a value for each term of the
 * order.  Values become a condition when they are parsed; those of a row are read
 * first, and make a query of their own.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEYSET_H
#define SD_KEYSET_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

typedef struct SdEdge
{
	const SdQuery *row;			/* the query for the edge's own values, or NULL */
	SdParams	values;			/* the values that are given, */
	int		   *terms;			/* and which of them each term of the order has; NULL: a key is given */
} SdEdge;

extern void sd_parse_edge(SdQuery *query, const JsonbValue *value, const SdPath *path,
						  bool backwards);
extern bool sd_edge_has_bindings(const SdEdge *edge);
extern SdCondition *sd_beyond_key(SdQuery *query, const Datum *key);
extern SdCondition *sd_upto_key(SdQuery *query, const Datum *key);
extern SdQuery *sd_beyond_edge(const SdQuery *query, const Datum *values, const bool *nulls);

#endif							/* SD_KEYSET_H */
