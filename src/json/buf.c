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

/*
 * Prepares a buffer in cxt, with room for initial bytes at first.  Whether it
 * is chunked is explained in buf.h.
 */
void
sd_buf_init(SdBuf *buf, MemoryContext cxt, Size initial, bool chunked)
{
	buf->data = MemoryContextAlloc(cxt, initial);
	buf->len = 0;
	buf->cap = initial;
	buf->start = 0;
	buf->chunked = chunked;
	buf->cxt = cxt;
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
		/* a chunk that holds nothing but the moved row is of no more use */
		if (buf->start == 0)
			pfree(buf->data);
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
