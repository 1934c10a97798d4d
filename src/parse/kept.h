/*-------------------------------------------------------------------------
 * parse/kept.h
 *		The per-backend cache of parsed options.
 *
 * The cache owns the queries.  A caller pins the one it uses; the pin is given
 * back when the memory context that it was taken in is reset or deleted.
 *-------------------------------------------------------------------------
 */
#ifndef SD_KEPT_H
#define SD_KEPT_H

#include "parse/options.h"

extern void sd_kept_init(void);
extern const SdQuery *sd_parse_to_estimate(const SdModel *model, Jsonb *options, SdCall call,
										   const SdInputs *inputs, bool bound);
extern const SdQuery *sd_parse_kept(const SdModel *model, Jsonb *options, SdCall call,
									const SdInputs *inputs);

#endif							/* SD_KEPT_H */
