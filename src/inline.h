/*-------------------------------------------------------------------------
 * inline.h
 *		Puts the generic functions in the place of the typed ones.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INLINE_H
#define SD_INLINE_H

extern void sd_inline_init(void);

#endif							/* SD_INLINE_H */
