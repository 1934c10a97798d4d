/*-------------------------------------------------------------------------
 * json/document.c
 *		Values that are JSON already: json, jsonb, and types with a cast to json.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/write_functions.h"
#include "miscadmin.h"
#include "utils/jsonb.h"

static void write_container(SdBuf *buf, const JsonbContainer *container);

/* json: as it is stored */
void
sd_write_json(SdBuf *buf, Datum value, const SdWriter *writer)
{
	struct varlena *json = PG_DETOAST_DATUM_PACKED(value);

	sd_buf_append(buf, VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json));
	if ((Pointer) json != DatumGetPointer(value))
		pfree(json);
}

/* Writes the value of len bytes at offset in a container's data. */
static void
write_entry(SdBuf *buf, JEntry entry, const char *base, uint32 offset, uint32 len)
{
	if (JBE_ISSTRING(entry))
		sd_write_string(buf, base + offset, len);
	else if (JBE_ISNUMERIC(entry))
		sd_write_numeric_digits(buf, (Numeric) (base + INTALIGN(offset)));
	else if (JBE_ISBOOL_TRUE(entry))
		sd_buf_append(buf, "true", 4);
	else if (JBE_ISBOOL_FALSE(entry))
		sd_buf_append(buf, "false", 5);
	else if (JBE_ISNULL(entry))
		sd_write_null(buf);
	else
	{
		Assert(JBE_ISCONTAINER(entry));
		write_container(buf, (const JsonbContainer *) (base + INTALIGN(offset)));
	}
}

static void
write_array(SdBuf *buf, const JsonbContainer *container)
{
	uint32		count = JsonContainerSize(container);
	const char *base = (const char *) &container->children[count];
	uint32		offset = 0;

	sd_buf_char(buf, '[');
	for (uint32 i = 0; i < count; i++)
	{
		uint32		end = offset;

		JBE_ADVANCE_OFFSET(end, container->children[i]);
		if (i > 0)
			sd_buf_char(buf, ',');
		write_entry(buf, container->children[i], base, offset, end - offset);
		offset = end;
	}
	sd_buf_char(buf, ']');
}

/* An object's keys come first, then the values in the same order. */
static void
write_object(SdBuf *buf, const JsonbContainer *container)
{
	uint32		count = JsonContainerSize(container);
	const JEntry *keys = container->children;
	const JEntry *values = keys + count;
	const char *base = (const char *) (values + count);
	uint32		key = 0;
	uint32		value = 0;

	for (uint32 i = 0; i < count; i++)
		JBE_ADVANCE_OFFSET(value, keys[i]);

	sd_buf_char(buf, '{');
	for (uint32 i = 0; i < count; i++)
	{
		uint32		key_end = key;
		uint32		value_end = value;

		JBE_ADVANCE_OFFSET(key_end, keys[i]);
		JBE_ADVANCE_OFFSET(value_end, values[i]);
		if (i > 0)
			sd_buf_char(buf, ',');
		sd_write_string(buf, base + key, key_end - key);
		sd_buf_char(buf, ':');
		write_entry(buf, values[i], base, value, value_end - value);
		key = key_end;
		value = value_end;
	}
	sd_buf_char(buf, '}');
}

static void
write_container(SdBuf *buf, const JsonbContainer *container)
{
	check_stack_depth();
	if (JsonContainerIsObject(container))
		write_object(buf, container);
	else
		write_array(buf, container);
}

/* jsonb: compact, keys in the order that jsonb keeps them in */
void
sd_write_jsonb(SdBuf *buf, Datum value, const SdWriter *writer)
{
	Jsonb	   *jsonb = DatumGetJsonbP(value);
	const JsonbContainer *root = &jsonb->root;

	/* a scalar is stored as an array of one */
	if (JsonContainerIsScalar(root))
		write_entry(buf, root->children[0], (const char *) &root->children[1],
					0, JBE_OFFLENFLD(root->children[0]));
	else
		write_container(buf, root);
	if ((Pointer) jsonb != DatumGetPointer(value))
		pfree(jsonb);
}

/* Appends JSON text without the spaces between its tokens. */
static void
write_compact(SdBuf *buf, const char *s, Size len)
{
	const char *end = s + len;
	bool		quoted = false;
	char	   *out;

	sd_buf_reserve(buf, len);
	out = buf->data + buf->len;
	while (s < end)
	{
		char		c = *s++;

		if (quoted && c == '\\' && s < end)
		{
			*out++ = c;
			c = *s++;
		}
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
			continue;
		*out++ = c;
	}
	buf->len = out - buf->data;
}

/* types with a cast of their own to json, such as hstore */
void
sd_write_cast(SdBuf *buf, Datum value, const SdWriter *writer)
{
	LOCAL_FCINFO(fcinfo, 3);
	struct varlena *json;
	Datum		result;

	Assert(writer->cast->fn_nargs >= 1 && writer->cast->fn_nargs <= 3);
	/* a cast function may also take the type modifier and "explicit" */
	InitFunctionCallInfoData(*fcinfo, writer->cast, writer->cast->fn_nargs,
							 InvalidOid, NULL, NULL);
	fcinfo->args[0].value = value;
	fcinfo->args[0].isnull = false;
	fcinfo->args[1].value = Int32GetDatum(-1);
	fcinfo->args[1].isnull = false;
	fcinfo->args[2].value = BoolGetDatum(true);
	fcinfo->args[2].isnull = false;
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
	{
		sd_write_null(buf);
		return;
	}
	json = PG_DETOAST_DATUM_PACKED(result);
	write_compact(buf, VARDATA_ANY(json), VARSIZE_ANY_EXHDR(json));
}
