/*-------------------------------------------------------------------------
 * convert/recode.h
 *		Values of one type as values of another.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RECODE_H
#define SD_RECODE_H

extern Datum sd_recode(Datum value, Oid from, Oid to);

#endif							/* SD_RECODE_H */
