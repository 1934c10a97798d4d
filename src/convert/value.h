/*-------------------------------------------------------------------------
 * convert/value.h
 *		JSON values as datums.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALUE_H
#define SD_VALUE_H

#include "convert/path.h"
#include "utils/jsonb.h"

extern Datum sd_value(const JsonbValue *value, Oid type, const char *name, const SdPath *path,
					  bool *isnull);
extern Datum sd_typed_value(const JsonbValue *value, Oid type, int32 typmod, const char *name,
							const SdPath *path, bool *isnull);
extern Datum sd_value_array(const JsonbValue *value, Oid type, const char *name,
							const SdPath *path);
extern char *sd_scalar_text(const JsonbValue *value, int *len);
extern char *sd_integer_text(const JsonbValue *value);

#endif							/* SD_VALUE_H */
