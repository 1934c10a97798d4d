/*-------------------------------------------------------------------------
 * request/url_decode.h
 *		The parts of a request's URL, decoded.
 *
 * What is decoded is in the server's encoding and in the current context.
 * Malformed parts are errors of class 22: the client's fault.
 *-------------------------------------------------------------------------
 */
#ifndef SD_URL_DECODE_H
#define SD_URL_DECODE_H

#include "nodes/pg_list.h"

/* one name=value of a query string */
typedef struct SdPair
{
	const char *name;
	const char *value;
} SdPair;

extern char *sd_decode_segment(const char *text, int len);
extern List *sd_read_pairs(const char *query);

#endif							/* SD_URL_DECODE_H */
