/*-------------------------------------------------------------------------
 * define/model_lock.h
 *		Makes definitions of one model wait for each other.
 *-------------------------------------------------------------------------
 */
#ifndef SD_MODEL_LOCK_H
#define SD_MODEL_LOCK_H

#include "nodes/pg_list.h"

extern void sd_lock_models(const List *names);

#endif							/* SD_MODEL_LOCK_H */
