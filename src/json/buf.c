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

/* the largest value, and room for a chunk's header and the allocator's */
#define SD_LARGEST		(MaxAllocSize - 64)

/* Prepares a flat buffer in cxt, with room for initial bytes at first. */
void
sd_buf_init(SdBuf *buf, MemoryContext cxt, Size initial)
{
	memset(buf, 0, sizeof(*buf));
	buf->data = MemoryContextAlloc(cxt, initial);
	buf->cap = initial;
	buf->cxt = cxt;
}

static SdChunk *
make_chunk(MemoryContext cxt, Size cap)
{
	SdChunk    *chunk = MemoryContextAlloc(cxt, offsetof(SdChunk, data) + cap);

	chunk->next = NULL;
	chunk->cap = cap;
	return chunk;
}

static void
use_chunk(SdBuf *buf, SdChunk *chunk)
{
	buf->chunk = chunk;
	buf->data = chunk->data;
	buf->cap = chunk->cap;
	buf->start = 0;
}

/* Prepares a chunked buffer in cxt, with a first chunk of initial bytes. */
void
sd_buf_init_chunked(SdBuf *buf, MemoryContext cxt, Size initial)
{
	memset(buf, 0, sizeof(*buf));
	buf->cxt = cxt;
	buf->first = make_chunk(cxt, initial);
	use_chunk(buf, buf->first);
}

/* Empties a buffer.  Its chunks are kept, but for those that one large row needed. */
void
sd_buf_clear(SdBuf *buf)
{
	buf->len = 0;
	buf->start = 0;
	if (buf->first == NULL)
		return;
	for (SdChunk *chunk = buf->first; chunk->next != NULL;)
	{
		SdChunk    *next = chunk->next;

		if (next->cap <= SD_CHUNK_MAX)
		{
			chunk = next;
			continue;
		}
		chunk->next = next->next;
		pfree(next);
	}
	use_chunk(buf, buf->first);
}

/* The bytes that a buffer holds, with what rows that were moved left at the ends of chunks. */
Size
sd_buf_used(const SdBuf *buf)
{
	Size		used = buf->len;

	for (const SdChunk *chunk = buf->first; chunk != buf->chunk; chunk = chunk->next)
		used += chunk->cap;
	return used;
}

/* Raises 54000: one value would be larger than a varlena can be. */
static pg_attribute_noreturn() void
too_large(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("the JSON result is larger than 1 GB"),
			 errhint("Ask for fewer rows or attributes, or for one page at a time with \"limit\" and \"offset\".")));
}

/*
 * Makes room for need more bytes; sd_buf_reserve() is the way in.  Raises
 * 54000 when one value would pass what a varlena can hold.
 */
void
sd_buf_grow(SdBuf *buf, Size need)
{
	Size		used = buf->len - buf->start;

	Assert(buf->start <= buf->len && buf->len <= buf->cap);
	if (need > SD_LARGEST || used + need > SD_LARGEST)
		too_large();

	if (buf->first == NULL)
	{
		Size		cap = Min(Max(buf->cap * 2, buf->len + need), SD_LARGEST);

		buf->data = repalloc(buf->data, cap);
		buf->cap = cap;
	}
	else
	{
		const char *row = buf->data + buf->start;
		SdChunk    *chunk = buf->chunk->next;

		if (chunk == NULL || chunk->cap < used + need)
		{
			Size		cap = Min(buf->cap * 2, SD_CHUNK_MAX);

			cap = Max(cap, Min((used + need) * 2, SD_LARGEST));
			chunk = make_chunk(buf->cxt, cap);
			chunk->next = buf->chunk->next;
			buf->chunk->next = chunk;
		}
		use_chunk(buf, chunk);
		memcpy(buf->data, row, used);
		buf->len = used;
	}
	Assert(buf->cap - buf->len >= need);
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
	Assert(buf->len <= buf->cap);
}

/*
 * Ends the row that sd_buf_begin() began.  Returns it as a json (or text)
 * datum that lives in the buffer.
 */
struct varlena *
sd_buf_end(SdBuf *buf)
{
	struct varlena *row = (struct varlena *) (buf->data + buf->start);

	Assert(buf->start == MAXALIGN(buf->start) && buf->len >= buf->start + VARHDRSZ);
	Assert(buf->len <= buf->cap);
	SET_VARSIZE(row, buf->len - buf->start);
	buf->start = buf->len;
	return row;
}
