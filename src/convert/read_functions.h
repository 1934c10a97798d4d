/*-------------------------------------------------------------------------
 * convert/read_functions.h
 *		The read functions that convert/converter.c chooses from, and what they share.
 *
 * Private to the files that read values: others use sd_convert().
 *-------------------------------------------------------------------------
 */
#ifndef SD_READ_FUNCTIONS_H
#define SD_READ_FUNCTIONS_H

#include "convert/converter.h"

/* convert/converter.c */
extern SdConverter *sd_make_converter(Oid type, int32 typmod, MemoryContext cxt);
extern Datum sd_read_inner(SdConverter *converter, const JsonbValue *value, const SdPath *path,
						   SdReading *reading, bool *isnull);
extern Datum sd_convert_text(SdConverter *converter, char *text);
extern Datum sd_fit_length(SdConverter *converter, Datum value);
extern void sd_refuse(SdReading *reading, const SdPath *path, const char *expected) pg_attribute_noreturn();
extern void sd_refuse_container(SdConverter *converter, const JsonbValue *value,
								SdReading *reading) pg_attribute_noreturn();

/* convert/read_scalar.c */
extern Datum sd_read_text(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_bool(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_integer(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_numeric(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_bytea(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_json(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_other(SdConverter *converter, const JsonbValue *value, SdReading *reading);

/* convert/read_jsonpath.c */
extern Datum sd_read_jsonpath(SdConverter *converter, const JsonbValue *value, SdReading *reading);

/* convert/read_datetime.c */
extern bool sd_is_settled_time(const JsonbValue *value, Oid type);
extern Datum sd_read_timestamp(SdConverter *converter, const JsonbValue *value, SdReading *reading);

/* convert/read_composite.c */
extern Datum sd_read_array(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_vector(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_range(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_multirange(SdConverter *converter, const JsonbValue *value,
								SdReading *reading);

/* convert/read_row.c */
extern Datum sd_read_row(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_hstore(SdConverter *converter, const JsonbValue *value, SdReading *reading);
extern bool sd_is_hstore(Oid type);

#endif							/* SD_READ_FUNCTIONS_H */
