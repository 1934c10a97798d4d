/*-------------------------------------------------------------------------
 * json/writer.h
 *		Writes one value of a PostgreSQL type as JSON.
 *
 * A writer is looked up once per column and used for every row.  It belongs to
 * the context that it was made in; what it writes goes into the caller's
 * buffer.  Output functions, for the types without a path of their own, leave
 * their garbage in the current context: callers reset it per row.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_WRITER_H
#define SD_JSON_WRITER_H

#include "fmgr.h"
#include "json/buf.h"

struct TypeCacheEntry;

typedef struct SdWriter SdWriter;
typedef struct SdRowWriter SdRowWriter;

typedef void (*SdWriteFunc) (SdBuf *buf, Datum value, const SdWriter *writer);

struct SdWriter
{
	SdWriteFunc write;			/* writes a value that is not NULL */
	FmgrInfo   *output;			/* the type's output function, where needed */
	SdWriter   *element;		/* of an array's elements, a range's or multirange's bounds */
	Oid			type;			/* base type */
	Oid			element_type;
	int16		element_len;
	bool		element_byval;
	char		element_align;
	FmgrInfo   *cast;			/* a type's own cast to json, where it has one */
	struct TypeCacheEntry *range;	/* of a range, or of a multirange's ranges */
	SdRowWriter *row;			/* of a named composite type; of boxed values as they were last */
};

/* looks up how values of a type are written; json/type.c */
extern void sd_writer_init(SdWriter *writer, Oid type, MemoryContext cxt);

/* a JSON string, quoted and escaped; len is in bytes of the server's encoding */
extern void sd_write_string(SdBuf *buf, const char *s, Size len);

/* a double as JavaScript's JSON.stringify writes it; NaN and infinities are null */
extern void sd_write_double(SdBuf *buf, double value);

static inline void
sd_write_null(SdBuf *buf)
{
	sd_buf_append(buf, "null", 4);
}

#endif							/* SD_JSON_WRITER_H */
