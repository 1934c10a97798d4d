/*-------------------------------------------------------------------------
 * json/writer.c
 *		The scalars that are neither text, number, time nor JSON.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "common/base64.h"
#include "json/write_functions.h"
#include "utils/float.h"
#include "utils/guc.h"
#include "utils/uuid.h"

void
sd_write_bool(SdBuf *buf, Datum value, const SdWriter *writer)
{
	if (DatumGetBool(value))
		sd_buf_append(buf, "true", 4);
	else
		sd_buf_append(buf, "false", 5);
}

void
sd_write_uuid(SdBuf *buf, Datum value, const SdWriter *writer)
{
	static const char hex[] = "0123456789abcdef";
	const pg_uuid_t *uuid = DatumGetUUIDP(value);
	char	   *out;

	sd_buf_reserve(buf, 38);
	out = buf->data + buf->len;
	*out++ = '"';
	for (int i = 0; i < UUID_LEN; i++)
	{
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = hex[uuid->data[i] >> 4];
		*out++ = hex[uuid->data[i] & 0xF];
	}
	*out++ = '"';
	Assert(out - (buf->data + buf->len) == 38);
	buf->len = out - buf->data;
}

/* bytea: base64, on one line */
void
sd_write_bytea(SdBuf *buf, Datum value, const SdWriter *writer)
{
	struct varlena *bytea = PG_DETOAST_DATUM_PACKED(value);
	Size		len = VARSIZE_ANY_EXHDR(bytea);
	Size		room = (len + 2) / 3 * 4;

	sd_buf_reserve(buf, room + 2);
	buf->data[buf->len++] = '"';
	/* the type of the bytes' pointer depends on the version of PostgreSQL */
	buf->len += pg_b64_encode((const void *) VARDATA_ANY(bytea), len,
							  buf->data + buf->len, room);
	buf->data[buf->len++] = '"';
	if ((Pointer) bytea != DatumGetPointer(value))
		pfree(bytea);
}

/* Calls an output function with the shortest exact form of floats set. */
static char *
output_with_exact_floats(const SdWriter *writer, Datum value)
{
	int			level = NewGUCNestLevel();
	char	   *text;

	set_config_option("extra_float_digits", "1", PGC_USERSET, PGC_S_SESSION,
					  GUC_ACTION_SAVE, true, 0, false);
	text = OutputFunctionCall(writer->output, value);
	AtEOXact_GUC(true, level);
	return text;
}

/* any other type: the text of its output function */
void
sd_write_output(SdBuf *buf, Datum value, const SdWriter *writer)
{
	char	   *text;

	/* point, cube and others have floats inside */
	if (unlikely(extra_float_digits < 1))
		text = output_with_exact_floats(writer, value);
	else
		text = OutputFunctionCall(writer->output, value);
	sd_write_string(buf, text, strlen(text));
	pfree(text);
}
