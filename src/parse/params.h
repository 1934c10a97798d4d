/*-------------------------------------------------------------------------
 * parse/params.h
 *		The values that a statement binds.
 *
 * They are the query's that they were read for, and live as long as it does.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PARAMS_H
#define SD_PARAMS_H

#include "convert/path.h"
#include "nodes/pg_list.h"

/* values bound to $1, $2, …, in the order in which the parser met them */
typedef struct SdParams
{
	int			n;
	int			capacity;
	Oid		   *types;
	Datum	   *values;
	char	   *nulls;			/* 'n' or ' ', as SPI wants it */
	List	   *bindings;		/* of SdBinding: those that are made anew for each call */
	bool		long_list;		/* an array of theirs is so long that a plan has to know it, see sd_note_list() */
} SdParams;

/* A bound bigint; -1 while it is not known, and there may be nothing that the datum points to. */
static inline int64
sd_bound_count(const SdParams *params, int param)
{
	Assert(param >= 0 && param < params->n);
	return params->nulls[param] == 'n' ? -1 : DatumGetInt64(params->values[param]);
}

extern int	sd_param(SdParams *params, Oid type, Datum value, bool isnull);
extern void sd_check_params(const SdParams *params, const SdPath *path);
extern SdParams sd_copy_params(const SdParams *params);
extern void sd_note_list(SdParams *params, Datum array);

#endif							/* SD_PARAMS_H */
