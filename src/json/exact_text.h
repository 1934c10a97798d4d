/*-------------------------------------------------------------------------
 * json/exact_text.h
 *		Texts of values that mean the same in every session.
 *-------------------------------------------------------------------------
 */
#ifndef SD_EXACT_TEXT_H
#define SD_EXACT_TEXT_H

extern int	sd_settle_output(void);
extern void sd_unsettle_output(int nestlevel);
extern char *sd_exact_text(Datum value, Oid type);

#endif							/* SD_EXACT_TEXT_H */
