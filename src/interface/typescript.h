/*-------------------------------------------------------------------------
 * interface/typescript.h
 *		The interfaces of models as declarations of TypeScript.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TYPESCRIPT_H
#define SD_TYPESCRIPT_H

#include "interface/interface.h"
#include "lib/stringinfo.h"

/* typescript.c */
extern char *sd_typescript(void);

/* typescript_prelude.c */
extern const char *const sd_typescript_prelude;

/* typescript_functions.c */
extern void sd_typescript_functions(StringInfo text, List *interfaces);

#endif							/* SD_TYPESCRIPT_H */
