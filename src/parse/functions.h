/*-------------------------------------------------------------------------
 * parse/functions.h
 *		The functions and types that expressions may name.
 *-------------------------------------------------------------------------
 */
#ifndef SD_FUNCTIONS_H
#define SD_FUNCTIONS_H

#include "convert/path.h"

/* a function that has been looked up for the types of its arguments */
typedef struct SdFunction
{
	const char *name;			/* quoted and qualified */
	Oid			type;			/* what it returns */
	bool		aggregate;
	bool		star;			/* it is one of rows: count(*) */
	bool		other;			/* from the setting, not from the list */
} SdFunction;

extern SdFunction sd_find_function(const char *name, int nargs, Oid *argtypes, bool window,
								   bool order, const SdPath *path);
extern Oid	sd_find_cast_type(const char *name, const SdPath *path);

#endif							/* SD_FUNCTIONS_H */
