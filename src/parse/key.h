/*-------------------------------------------------------------------------
 * parse/key.h
 *		Turns a primary key that is an argument of its own into a condition.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEY_H
#define SD_KEY_H

#include "convert/path.h"
#include "nodes/bitmapset.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern Bitmapset *sd_key_attributes(const SdModel *model, const JsonbValue *object,
									const SdPath *path);
extern int	sd_key_param(const SdCondition *where, int attr);
extern void sd_add_key_value(SdQuery *query, const JsonbValue *value, const SdPath *path,
							 bool in_options);
extern void sd_key_value(Datum key, Oid type, JsonbValue *value);
extern void sd_add_key(SdQuery *query, Datum key, Oid type);

#endif							/* SD_KEY_H */
