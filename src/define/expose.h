/*-------------------------------------------------------------------------
 * define/expose.h
 *		Makes and drops the typed functions of a model.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINE_EXPOSE_H
#define SD_DEFINE_EXPOSE_H

#include "nodes/pg_list.h"

/* a schema in which a model has functions */
typedef struct SdExposure
{
	const char *model;
	const char *schema;			/* not quoted */
} SdExposure;

extern List *sd_exposures(void);
extern void sd_expose(const char *model, const char *schema);
extern void sd_unexpose(const char *model, const char *schema);
extern void sd_unexpose_everywhere(const char *model);

#endif							/* SD_DEFINE_EXPOSE_H */
