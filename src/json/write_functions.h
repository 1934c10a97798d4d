/*-------------------------------------------------------------------------
 * json/write_functions.h
 *		The write functions that json/type.c chooses from.
 *
 * Private to src/json: others look a writer up with sd_writer_init().  Each
 * function appends to the caller's buffer and frees what it detoasts.
 *-------------------------------------------------------------------------
 */
#ifndef SD_WRITE_FUNCTIONS_H
#define SD_WRITE_FUNCTIONS_H

#include "access/tupdesc.h"
#include "json/writer.h"
#include "utils/numeric.h"

/* A column of a composite type. */
typedef struct SdColumnWriter
{
	char	   *key;			/* "name": as JSON; NULL for a dropped column */
	Size		key_len;
	SdWriter	writer;
} SdColumnWriter;

/* How rows of a composite type are written; columns as in desc. */
struct SdRowWriter
{
	struct TypeCacheEntry *type;	/* NULL for a record */
	uint64		version;		/* of the type, as it was when this was made */
	TupleDesc	desc;
	SdColumnWriter columns[FLEXIBLE_ARRAY_MEMBER];
};

/* json/type.c */
extern SdRowWriter *sd_row_writer(Oid type, int32 typmod, MemoryContext cxt);
extern SdRowWriter *sd_current_row_writer(const SdWriter *writer);

/* json/string.c */
extern void sd_write_text(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_name(SdBuf *buf, Datum value, const SdWriter *writer);

/* json/number.c */
extern void sd_write_int2(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_int4(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_int8(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_float4(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_float8(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_numeric(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_numeric_digits(SdBuf *buf, Numeric value);

/* json/datetime.c */
extern void sd_write_timestamp(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_date(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_time(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_interval(SdBuf *buf, Datum value, const SdWriter *writer);

/* json/document.c */
extern void sd_write_json(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_jsonb(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_cast(SdBuf *buf, Datum value, const SdWriter *writer);

/* json/composite.c */
extern void sd_write_array(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_range(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_multirange(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_row(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_record(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_boxed(SdBuf *buf, Datum value, const SdWriter *writer);

/* json/writer.c */
extern void sd_write_bool(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_uuid(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_bytea(SdBuf *buf, Datum value, const SdWriter *writer);
extern void sd_write_output(SdBuf *buf, Datum value, const SdWriter *writer);

#endif							/* SD_WRITE_FUNCTIONS_H */
