/*-------------------------------------------------------------------------
 * model/attempt.h
 *		Doing what may fail, so that one can go on after it.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ATTEMPT_H
#define SD_ATTEMPT_H

typedef void (*SdAction) (void *arg);

extern ErrorData *sd_attempt(SdAction action, void *arg);

#endif							/* SD_ATTEMPT_H */
