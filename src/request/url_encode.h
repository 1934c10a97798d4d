/*-------------------------------------------------------------------------
 * request/url_encode.h
 *		Names as segments of a path, as requests have to have them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_URL_ENCODE_H
#define SD_URL_ENCODE_H

#include "lib/stringinfo.h"

extern void sd_append_encoded(StringInfo path, const char *text);

#endif							/* SD_URL_ENCODE_H */
