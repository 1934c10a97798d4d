/*-------------------------------------------------------------------------
 * parse/json_steps.h
 *		Paths into JSON attributes: "meta.items[0].name".
 *
 * Steps point into the text that they were read from.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_STEPS_H
#define SD_JSON_STEPS_H

#include "convert/path.h"
#include "model/model.h"
#include "nodes/pg_list.h"

typedef struct SdJsonStep
{
	const char *key;			/* of an index the digits */
	int			len;
	int			index;			/* -1: a key */
} SdJsonStep;

extern int	sd_json_attribute(const SdModel *model, const char *name, int len);
extern List *sd_json_steps(const char *text, int len, const SdPath *path);
extern List *sd_json_keys(const char *text, int len, const SdPath *path);

#endif							/* SD_JSON_STEPS_H */
