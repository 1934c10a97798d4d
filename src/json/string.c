/*-------------------------------------------------------------------------
 * json/string.c
 *		JSON strings: copies text while it looks for what has to be escaped.
 *
 * Escaped is what JSON.stringify escapes: the quote, the backslash and the
 * control characters.  Server encodings never use these bytes inside a longer
 * character, so bytes are all that has to be looked at.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json/write_functions.h"
#include "port/pg_bitutils.h"

#define REPEAT(byte)	(UINT64CONST(0x0101010101010101) * (byte))

/* longest escape: \u001f */
#define ESCAPE_LEN		6

/*
 * Marks, with the high bit, the bytes of a word that have to be escaped.
 * Exact for each byte: no carry leaves it, so either byte order will do.
 */
static inline uint64
special_bytes(uint64 word)
{
	uint64		quote = word ^ REPEAT('"');
	uint64		backslash = word ^ REPEAT('\\');
	uint64		low = REPEAT(0x7F);
	uint64		plain;

	plain = ((word & low) + REPEAT(0x80 - 0x20)) | word;
	plain &= ((quote & low) + low) | quote;
	plain &= ((backslash & low) + low) | backslash;
	return ~plain & REPEAT(0x80);
}

/*
 * copy_block() copies BLOCK_LEN bytes and returns how many of them, from the
 * first on, need no escape.
 */
#ifdef __SSE2__

#define BLOCK_LEN		16

static inline int
copy_block(char *out, const char *s)
{
	__m128i		block = _mm_loadu_si128((const __m128i *) s);
	__m128i		special;
	int			mask;

	_mm_storeu_si128((__m128i *) out, block);
	special = _mm_cmpeq_epi8(_mm_min_epu8(block, _mm_set1_epi8(0x1F)), block);
	special = _mm_or_si128(special, _mm_cmpeq_epi8(block, _mm_set1_epi8('"')));
	special = _mm_or_si128(special, _mm_cmpeq_epi8(block, _mm_set1_epi8('\\')));
	mask = _mm_movemask_epi8(special);
	return mask == 0 ? BLOCK_LEN : pg_rightmost_one_pos32(mask);
}

#else

#define BLOCK_LEN		8

static inline int
copy_block(char *out, const char *s)
{
	uint64		word;

	memcpy(&word, s, sizeof(word));
	memcpy(out, &word, sizeof(word));
	word = special_bytes(word);
	if (word == 0)
		return BLOCK_LEN;
#ifdef WORDS_BIGENDIAN
	return 7 - pg_leftmost_one_pos64(word) / 8;
#else
	return pg_rightmost_one_pos64(word) / 8;
#endif
}

#endif							/* __SSE2__ */

/* room beyond the rest of the text: a block written too far, an escape, the quotes */
#define SLACK			(BLOCK_LEN + ESCAPE_LEN + 2)

StaticAssertDecl(BLOCK_LEN <= 16, "copy_tail() takes what is left of a block");

/*
 * Copies the last len bytes, fewer than 16.  Returns false, and may have
 * written some of them, when one of them has to be escaped.
 */
static inline bool
copy_tail(char *out, const char *s, Size len)
{
	Assert(len < 16);
	if (len >= 8)
	{
		uint64		first;
		uint64		last;

		memcpy(&first, s, 8);
		memcpy(&last, s + len - 8, 8);
		memcpy(out, &first, 8);
		memcpy(out + len - 8, &last, 8);
		return (special_bytes(first) | special_bytes(last)) == 0;
	}
	if (len >= 4)
	{
		uint32		first;
		uint32		last;

		memcpy(&first, s, 4);
		memcpy(&last, s + len - 4, 4);
		memcpy(out, &first, 4);
		memcpy(out + len - 4, &last, 4);
		return special_bytes(((uint64) first << 32) | last) == 0;
	}
	if (len > 0)
	{
		unsigned char first = s[0];
		unsigned char middle = s[len / 2];
		unsigned char last = s[len - 1];

		out[0] = first;
		out[len / 2] = middle;
		out[len - 1] = last;
		return special_bytes(REPEAT(' ') << 24 | first << 16 | middle << 8 | last) == 0;
	}
	return true;
}

static inline bool
is_special(unsigned char c)
{
	return c < 0x20 || c == '"' || c == '\\';
}

/* Writes the escape of one byte; returns where it ends. */
static char *
write_escape(char *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";

	*out++ = '\\';
	switch (c)
	{
		case '"':
		case '\\':
			*out++ = c;
			break;
		case '\b':
			*out++ = 'b';
			break;
		case '\t':
			*out++ = 't';
			break;
		case '\n':
			*out++ = 'n';
			break;
		case '\f':
			*out++ = 'f';
			break;
		case '\r':
			*out++ = 'r';
			break;
		default:
			memcpy(out, "u00", 3);
			out[3] = hex[c >> 4];
			out[4] = hex[c & 0xF];
			out += 5;
	}
	return out;
}

/* As write_escape(), and makes room again for rest more bytes of the text. */
static char *
write_escape_in(SdBuf *buf, char *out, unsigned char c, Size rest)
{
	out = write_escape(out, c);
	buf->len = out - buf->data;
	sd_buf_reserve(buf, rest + SLACK);
	return buf->data + buf->len;
}

/*
 * Appends len bytes of text in the server's encoding as a JSON string, quoted
 * and escaped.
 */
void
sd_write_string(SdBuf *buf, const char *s, Size len)
{
	const char *end = s + len;
	char	   *out;

	sd_buf_reserve(buf, len + SLACK);
	out = buf->data + buf->len;
	*out++ = '"';

	while (end - s >= BLOCK_LEN)
	{
		int			clean = copy_block(out, s);

		s += clean;
		out += clean;
		if (clean < BLOCK_LEN)
		{
			out = write_escape_in(buf, out, *s, end - s - 1);
			s++;
		}
	}

	if (copy_tail(out, s, end - s))
		out += end - s;
	else
		for (; s < end; s++)
		{
			if (is_special(*s))
				out = write_escape_in(buf, out, *s, end - s - 1);
			else
				*out++ = *s;
		}

	*out++ = '"';
	Assert(out <= buf->data + buf->cap);
	buf->len = out - buf->data;
}

/* text, and the types that look like it inside */
void
sd_write_text(SdBuf *buf, Datum value, const SdWriter *writer)
{
	struct varlena *text = PG_DETOAST_DATUM_PACKED(value);

	sd_write_string(buf, VARDATA_ANY(text), VARSIZE_ANY_EXHDR(text));
	if ((Pointer) text != DatumGetPointer(value))
		pfree(text);
}

void
sd_write_name(SdBuf *buf, Datum value, const SdWriter *writer)
{
	const char *name = NameStr(*DatumGetName(value));

	sd_write_string(buf, name, strlen(name));
}
