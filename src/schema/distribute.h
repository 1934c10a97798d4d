/*-------------------------------------------------------------------------
 * schema/distribute.h
 *		Gives the tables of models to Citus.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DISTRIBUTE_H
#define SD_DISTRIBUTE_H

#include "model/model.h"

extern void sd_distribute(const SdModel *model, const char *by, const SdModel *colocate_with);
extern void sd_make_reference(const SdModel *model);

#endif							/* SD_DISTRIBUTE_H */
