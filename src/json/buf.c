/*-------------------------------------------------------------------------
 * json/buf.c
 *		The byte buffer that JSON is written into.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/buf.h"
#include "utils/memutils.h"

#define SD_CHUNK_MAX	((Size) 1024 * 1024)

/* Prepares a flat buffer in cxt, with room for initial bytes at first. */
void
sd_buf_init(SdBuf *buf, MemoryContext cxt, Size initial)
{
	memset(buf, 0, sizeof(*buf));
	buf->data = MemoryContextAlloc(cxt, initial);
	buf->cap = initial;
	buf->cxt = cxt;
}

/*
 * Prepares a chunked buffer: the first chunk, of initial bytes, in cxt, the
 * others in more, which the caller resets after each sd_buf_clear().
 */
void
sd_buf_init_chunked(SdBuf *buf, MemoryContext cxt, Size initial, MemoryContext more)
{
	sd_buf_init(buf, cxt, initial);
	buf->chunked = true;
	buf->cxt = more;
	buf->first = buf->data;
	buf->first_cap = initial;
}

/* Empties a buffer. */
void
sd_buf_clear(SdBuf *buf)
{
	if (buf->chunked)
	{
		buf->data = buf->first;
		buf->cap = buf->first_cap;
	}
	buf->len = 0;
	buf->start = 0;
}

/*
 * Makes room for need more bytes; sd_buf_reserve() is the way in.  Raises
 * 54000 when one value would pass what a varlena can hold.
 */
void
sd_buf_grow(SdBuf *buf, Size need)
{
	Size		used = buf->len - buf->start;
	Size		cap;

	if (need > MaxAllocSize || used + need > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("the JSON result is larger than 1 GB"),
				 errhint("Ask for fewer rows or attributes, or for one page at a time with \"limit\" and \"after\".")));

	if (buf->chunked)
	{
		char	   *chunk;

		cap = Min(buf->cap * 2, SD_CHUNK_MAX);
		cap = Max(cap, Min((used + need) * 2, MaxAllocSize));
		chunk = MemoryContextAlloc(buf->cxt, cap);
		memcpy(chunk, buf->data + buf->start, used);
		buf->data = chunk;
		buf->start = 0;
		buf->len = used;
	}
	else
	{
		cap = Min(Max(buf->cap * 2, buf->len + need), MaxAllocSize);
		buf->data = repalloc_huge(buf->data, cap);
	}
	buf->cap = cap;
}

/*
 * Begins a row, or the one value of a flat buffer: aligns, and leaves room for
 * the varlena header.
 */
void
sd_buf_begin(SdBuf *buf)
{
	Size		at = MAXALIGN(buf->len);

	if (buf->cap < at + VARHDRSZ)
	{
		buf->start = buf->len;
		sd_buf_grow(buf, MAXIMUM_ALIGNOF + VARHDRSZ);
		at = MAXALIGN(buf->len);
	}
	buf->start = at;
	buf->len = at + VARHDRSZ;
}

/*
 * Ends the row that sd_buf_begin() began.  Returns it as a json (or text)
 * datum that lives in the buffer.
 */
struct varlena *
sd_buf_end(SdBuf *buf)
{
	struct varlena *row = (struct varlena *) (buf->data + buf->start);

	SET_VARSIZE(row, buf->len - buf->start);
	buf->start = buf->len;
	return row;
}
