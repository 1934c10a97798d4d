/*-------------------------------------------------------------------------
 * validators/fold.h
 *		The case of characters, by the Unicode tables of JavaScript and not by
 *		the database's locale.
 *-------------------------------------------------------------------------
 */
#ifndef SD_FOLD_H
#define SD_FOLD_H

#include "mb/pg_wchar.h"

extern bool sd_has_lower(pg_wchar c);
extern bool sd_has_upper(pg_wchar c);
extern pg_wchar sd_fold(pg_wchar c);

#endif							/* SD_FOLD_H */
