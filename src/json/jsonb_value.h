/*-------------------------------------------------------------------------
 * json/jsonb_value.h
 *		Values of jsonb documents that are read: what they are.
 *
 * Values point into their document, which has to outlive them; objects and
 * arrays in it stay jbvBinary.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_JSONB_VALUE_H
#define SD_JSON_JSONB_VALUE_H

#include "utils/jsonb.h"

extern void sd_root(Jsonb *document, JsonbValue *value);

extern bool sd_is_object(const JsonbValue *value);
extern bool sd_is_array(const JsonbValue *value);
extern int	sd_array_length(const JsonbValue *value);
extern JsonbValue *sd_elements(const JsonbValue *array, int *n);

extern bool sd_string_is(const JsonbValue *value, const char *text);
extern char *sd_string(const JsonbValue *value);

#endif							/* SD_JSON_JSONB_VALUE_H */
