/*-------------------------------------------------------------------------
 * convert/converter.h
 *		How JSON values become values of a type: json/writer.h the other way
 *		round.
 *
 * A converter is looked up once for a column or a list and reads any number of
 * values.  What it looks up belongs to the context that it was made for; the
 * values that it reads are made in the current one.
 *-------------------------------------------------------------------------
 */
#ifndef SD_CONVERTER_H
#define SD_CONVERTER_H

#include "convert/path.h"
#include "fmgr.h"
#include "utils/jsonb.h"

struct TypeCacheEntry;

typedef struct SdConverter SdConverter;
typedef struct SdRowConverter SdRowConverter;

/* what is being read, for errors */
typedef struct SdReading
{
	const char *name;			/* what messages call the value */
	Oid			type;			/* of the value as a whole */
	const SdPath *path;			/* of what is read now: an element, a bound, a column */
	bool		secret;			/* messages do not show the value */
	ErrorContextCallback callback;
} SdReading;

/* reads a value that is not null */
typedef Datum (*SdReadFunc) (SdConverter *converter, const JsonbValue *value, SdReading *reading);

struct SdConverter
{
	SdReadFunc	read;
	Oid			type;			/* may be a domain */
	Oid			base;
	int32		typmod;			/* of the base type */
	MemoryContext cxt;
	FmgrInfo	function;		/* the base type's input function, once it is needed */
	Oid			ioparam;
	FmgrInfo	length;			/* makes a value fit typmod, once it is needed */
	void	   *domain;			/* what domain_check() keeps */
	bool		domain_by_text; /* it would not take the base type */
	bool		secret;			/* messages do not show its values; set after sd_converter_init() */
	Oid			element_type;	/* of an array */
	SdConverter *element;		/* of an array's elements, a range's or multirange's bounds */
	struct TypeCacheEntry *range;	/* of a range, or of a multirange's ranges */
	SdRowConverter *row;		/* of a composite type, once it is needed */
};

extern void sd_reading_begin(SdReading *reading);
extern void sd_reading_end(SdReading *reading);
extern void sd_converter_init(SdConverter *converter, Oid type, int32 typmod, MemoryContext cxt);
extern bool sd_type_reads(Oid type, const JsonbValue *container);
extern Datum sd_convert(SdConverter *converter, const JsonbValue *value, const char *name,
						   const SdPath *path, bool *isnull);

#endif							/* SD_CONVERTER_H */
