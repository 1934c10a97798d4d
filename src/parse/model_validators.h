/*-------------------------------------------------------------------------
 * parse/model_validators.h
 *		Parses a model's own conditions, which every row that is written has to
 *		meet.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODEL_VALIDATORS_H
#define SD_MODEL_VALIDATORS_H

#include "convert/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"

extern SdCondition *sd_parse_check(SdQuery *query, const char *name, const JsonbValue *where,
								   const SdPath *path);
extern void sd_add_checks(SdQuery *query);
extern SdQuery *sd_make_write_query(const SdQuery *query);

#endif							/* SD_MODEL_VALIDATORS_H */
