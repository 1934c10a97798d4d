/*-------------------------------------------------------------------------
 * json/buf.h
 *		The byte buffer that JSON is written into.
 *
 * A buffer grows in one of two ways.  A flat one is a single allocation that
 * doubles, up to the largest varlena: for results that are one value.  A
 * chunked one keeps finished rows where they are and moves only the row that
 * is being written: a pointer to a finished row stays good until the buffer is
 * cleared.  Its first chunk is kept over that, so that a result read in batches
 * does not allocate for each; the others come and go with a context of the
 * caller's.
 *-------------------------------------------------------------------------
 */
#ifndef SD_JSON_BUF_H
#define SD_JSON_BUF_H


typedef struct SdBuf
{
	char	   *data;			/* current chunk */
	Size		len;			/* bytes used in it */
	Size		cap;			/* its size */
	Size		start;			/* where the row being written begins in it */
	bool		chunked;
	MemoryContext cxt;			/* what grows comes from here */
	char	   *first;			/* chunked: the first chunk, and its size */
	Size		first_cap;
} SdBuf;

extern void sd_buf_init(SdBuf *buf, MemoryContext cxt, Size initial);
extern void sd_buf_init_chunked(SdBuf *buf, MemoryContext cxt, Size initial, MemoryContext more);
extern void sd_buf_clear(SdBuf *buf);
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

/* Appends one byte. */
static inline void
sd_buf_char(SdBuf *buf, char c)
{
	sd_buf_reserve(buf, 1);
	buf->data[buf->len++] = c;
}

#endif							/* SD_JSON_BUF_H */
