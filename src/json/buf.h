/*-------------------------------------------------------------------------
 * json/buf.h
 *		The byte buffer that JSON is written into.
 *
 * A buffer grows in one of two ways.  A flat one is a single allocation that
 * doubles, up to the largest varlena: for results that are one value.  A
 * chunked one keeps finished rows where they are and moves only the row that
 * is being written: a pointer to a finished row stays good until the buffer is
 * cleared.  Clearing keeps the chunks, so that a result read in batches uses
 * the same memory for each.  All of it is in the context of the buffer's maker.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_BUF_H
#define SD_JSON_BUF_H


typedef struct SdChunk
{
	struct SdChunk *next;
	Size		cap;			/* of data */
	char		data[FLEXIBLE_ARRAY_MEMBER];
} SdChunk;

typedef struct SdBuf
{
	char	   *data;			/* the allocation, or the current chunk's */
	Size		len;			/* bytes used in it */
	Size		cap;			/* its size */
	Size		start;			/* where the row being written begins in it */
	MemoryContext cxt;
	SdChunk    *first;			/* NULL: flat */
	SdChunk    *chunk;			/* the current one */
} SdBuf;

extern void sd_buf_init(SdBuf *buf, MemoryContext cxt, Size initial);
extern void sd_buf_init_chunked(SdBuf *buf, MemoryContext cxt, Size initial);
extern void sd_buf_clear(SdBuf *buf);
extern Size sd_buf_used(const SdBuf *buf);
extern void sd_buf_grow(SdBuf *buf, Size need);
extern void sd_buf_begin(SdBuf *buf);
extern struct varlena *sd_buf_end(SdBuf *buf);

/* Makes room for n more bytes. */
static inline void
sd_buf_reserve(SdBuf *buf, Size n)
{
	if (unlikely(buf->cap - buf->len < n))
		sd_buf_grow(buf, n);
}

/* Appends n bytes. */
static inline void
sd_buf_append(SdBuf *buf, const char *s, Size n)
{
	sd_buf_reserve(buf, n);
	memcpy(buf->data + buf->len, s, n);
	buf->len += n;
}

/* Bytes after its end that the source of sd_buf_append_padded() has to have. */
#define SD_PADDING	16

/* Appends n bytes, few of them and often: a key.  Copies whole blocks. */
static inline void
sd_buf_append_padded(SdBuf *buf, const char *s, Size n)
{
	char	   *to;

	sd_buf_reserve(buf, n + SD_PADDING);
	to = buf->data + buf->len;
	/* whole blocks: never more than the room that was made, whatever n is */
	Assert(buf->cap - buf->len >= n + SD_PADDING);
	for (Size i = 0; i < n; i += SD_PADDING)
		memcpy(to + i, s + i, SD_PADDING);
	buf->len += n;
}

/* Appends one byte. */
static inline void
sd_buf_char(SdBuf *buf, char c)
{
	sd_buf_reserve(buf, 1);
	buf->data[buf->len++] = c;
}

#endif							/* SD_JSON_BUF_H */
