/*-------------------------------------------------------------------------
 * plan/capture.h
 *		Which columns of a statement are kept beside the JSON: the keys that
 *		included rows are matched by.
 *
 * Captured values are numbered: first what the query itself is matched with
 * its parents by, then the keys of its includes, one include after the other, each
 * with what tells a record of a recursive include from the others.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CAPTURE_H
#define SD_CAPTURE_H

#include "parse/query.h"

typedef struct SdCaptured
{
	int			attr;
	Oid			type;			/* as captured */
	bool		match;			/* of the query's matches: its attribute is theirs, and may be cast */
	int			column;			/* of the statement that holds it, from 0 */
	bool		selected;		/* the column is its own, behind the outputs; else it is one of these */
} SdCaptured;

extern int	sd_include_captures(const SdInclude *include);
extern int	sd_capture_identity(const SdInclude *include);
extern int	sd_capture_count(const SdQuery *query);
extern SdCaptured *sd_captured(const SdQuery *query);
extern int	sd_column_count(const SdQuery *query);

#endif							/* SD_CAPTURE_H */
