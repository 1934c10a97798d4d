/*-------------------------------------------------------------------------
 * json/set.h
 *		Sets a value at a path in a JSON document.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_SET_H
#define SD_JSON_SET_H

#include "utils/jsonb.h"

extern Jsonb *sd_json_set(Jsonb *document, Jsonb *path, Jsonb *value);

#endif							/* SD_JSON_SET_H */
