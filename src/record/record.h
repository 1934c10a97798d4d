/*-------------------------------------------------------------------------
 * record/record.h
 *		The data of a row to be written: JSON values by attribute, validated,
 *		then converted.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RECORD_H
#define SD_RECORD_H

#include "convert/converter.h"
#include "convert/path.h"
#include "nodes/bitmapset.h"
#include "parse/query.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

/* a value at a path in the document that an attribute is */
typedef struct SdJsonPath
{
	int			attr;
	Jsonb	   *path;			/* as studentdir.json_set() takes it */
	Jsonb	   *value;
} SdJsonPath;

typedef struct SdRecord
{
	JsonbValue *json;			/* by attribute, where given */
	bool	   *given;
	bool	   *filled;			/* given by the model's default, not by the caller */
	Datum	   *values;			/* converted */
	bool	   *nulls;
	const SdPath **origins;		/* by attribute, where its value's object stands; NULL: under one path */
	Bitmapset  *failed;			/* attributes that did not pass validation */
	Bitmapset  *pending;		/* attributes that get the key of another record when it is written */
	List	   *paths;			/* of SdJsonPath: values inside of JSON attributes, in an update */
	TimestampTz now;			/* when the record was made, truncated to the millisecond */
} SdRecord;

extern SdRecord *sd_make_record(const SdModel *model);
extern void sd_read_record(const SdQuery *query, SdRecord *record, const JsonbValue *data,
						   const SdPath *path, bool create);
extern void sd_read_members(const SdQuery *query, SdRecord *record, const JsonbValue *data,
							const SdPath *path, bool create);
extern void sd_give(const SdQuery *query, SdRecord *record, int attr, const JsonbValue *value,
					const SdPath *path, bool create);
extern void sd_fill_in(const SdModel *model, SdRecord *record);
extern void sd_set_scope(SdRecord *record, const SdModel *model, const JsonbValue *scope,
						 bool create);
extern void sd_clear_record(const SdModel *model, SdRecord *record);
extern void sd_data_array(Jsonb *data, JsonbValue *array);
extern SdConverter *sd_make_converters(const SdModel *model);
extern Datum sd_convert_attribute(const SdQuery *query, const SdRecord *record,
								  SdConverter *converters, int attr, const SdPath *path,
								  bool *isnull);
extern void sd_convert_with(const SdQuery *query, SdRecord *record, SdConverter *converters,
							const SdPath *path, bool create);
extern void sd_convert_record(const SdQuery *query, SdRecord *record, const SdPath *path,
							  bool create);
extern bool sd_same_value(const SdAttribute *attr, Datum left, Datum right);
extern void sd_set_timestamp(const SdModel *model, SdRecord *record, int attr, TimestampTz now);
extern void sd_default_timestamps(const SdModel *model, SdRecord *record, TimestampTz now);
extern TimestampTz sd_now(void);

#endif							/* SD_RECORD_H */
