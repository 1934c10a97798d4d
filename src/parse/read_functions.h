/*-------------------------------------------------------------------------
 * parse/read_functions.h
 *		The read functions that parse/input.c chooses from, and what they share.
 *
 * Private to the files that read values: others use sd_input_read().
 *-------------------------------------------------------------------------
 */
#ifndef SD_READ_FUNCTIONS_H
#define SD_READ_FUNCTIONS_H

#include "parse/input.h"

/* parse/input.c */
extern SdInput *sd_make_input(Oid type, int32 typmod, MemoryContext cxt);
extern Datum sd_read_inner(SdInput *input, const JsonbValue *value, const SdPath *path,
						   SdReading *reading, bool *isnull);
extern Datum sd_input_text(SdInput *input, char *text);
extern Datum sd_fit_length(SdInput *input, Datum value);
extern void sd_refuse(SdReading *reading, const SdPath *path, const char *expected) pg_attribute_noreturn();
extern void sd_refuse_container(SdInput *input, const JsonbValue *value, SdReading *reading) pg_attribute_noreturn();

/* parse/scalar_input.c */
extern Datum sd_read_text(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_bool(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_integer(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_numeric(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_bytea(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_json(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_other(SdInput *input, const JsonbValue *value, SdReading *reading);

/* parse/datetime_input.c */
extern Datum sd_read_timestamp(SdInput *input, const JsonbValue *value, SdReading *reading);

/* parse/composite_input.c */
extern Datum sd_read_array(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_vector(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_range(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_multirange(SdInput *input, const JsonbValue *value, SdReading *reading);

/* parse/row_input.c */
extern Datum sd_read_row(SdInput *input, const JsonbValue *value, SdReading *reading);
extern Datum sd_read_hstore(SdInput *input, const JsonbValue *value, SdReading *reading);
extern bool sd_is_hstore(Oid type);

#endif							/* SD_READ_FUNCTIONS_H */
