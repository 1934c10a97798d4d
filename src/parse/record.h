/*-------------------------------------------------------------------------
 * parse/record.h
 *		The data of a row to be written: JSON values by attribute, validated,
 *		then converted.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RECORD_H
#define SD_RECORD_H

#include "nodes/bitmapset.h"
#include "parse/path.h"
#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

typedef struct SdRecord
{
	JsonbValue *json;			/* by attribute, where given */
	bool	   *given;
	bool	   *filled;			/* given by the model's default, not by the caller */
	Datum	   *values;			/* converted */
	bool	   *nulls;
	Bitmapset  *pending;		/* attributes that get the key of another record when it is written */
	TimestampTz now;			/* when the record was made, truncated to the millisecond */
} SdRecord;

extern SdRecord *sd_make_record(const SdModel *model);
extern void sd_read_record(const SdQuery *query, SdRecord *record, const JsonbValue *data,
						   const SdPath *path, bool create);
extern void sd_read_sought_record(const SdQuery *query, SdRecord *record,
								  const JsonbValue *where, const JsonbValue *defaults);
extern void sd_convert_record(const SdQuery *query, SdRecord *record, const SdPath *path);
extern void sd_set_timestamp(const SdModel *model, SdRecord *record, int attr, TimestampTz now);
extern void sd_default_timestamps(const SdModel *model, SdRecord *record, TimestampTz now);
extern TimestampTz sd_now(void);

#endif							/* SD_RECORD_H */
