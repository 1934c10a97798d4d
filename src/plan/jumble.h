/*-------------------------------------------------------------------------
 * plan/jumble.h
 *		The shape of a statement: everything that decides its SQL text and the
 *		types of its parameters, and no value, as a byte string.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JUMBLE_H
#define SD_JUMBLE_H

#include "lib/stringinfo.h"
#include "plan/statement.h"

extern void sd_jumble(StringInfo shape, const SdStatement *statement);

#endif							/* SD_JUMBLE_H */
