/*-------------------------------------------------------------------------
 * parse/reader.c
 *		Walks jsonb documents.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/reader.h"

/* The document's own value; a scalar is taken out of the array jsonb keeps it in. */
void
sd_root(Jsonb *document, JsonbValue *value)
{
	if (!JB_ROOT_IS_SCALAR(document) || !JsonbExtractScalar(&document->root, value))
	{
		value->type = jbvBinary;
		value->val.binary.data = &document->root;
		value->val.binary.len = VARSIZE_ANY_EXHDR(document);
	}
}

bool
sd_is_object(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data);
}

bool
sd_is_array(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsArray(value->val.binary.data);
}

/* Number of elements of an array, or of members of an object. */
int
sd_array_length(const JsonbValue *value)
{
	return JsonContainerSize(value->val.binary.data);
}

/* Begins an iteration over container, which stands at path. */
void
sd_read(SdReader *reader, const JsonbValue *container, const SdPath *path)
{
	JsonbValue	ignored;

	reader->it = JsonbIteratorInit(container->val.binary.data);
	reader->parent = path;
	(void) JsonbIteratorNext(&reader->it, &ignored, true);
	reader->path = SD_INDEX_STEP(path, -1);
}

/* Moves to the next member of an object; false at its end. */
bool
sd_next_member(SdReader *reader)
{
	if (JsonbIteratorNext(&reader->it, &reader->key, true) != WJB_KEY)
		return false;
	(void) JsonbIteratorNext(&reader->it, &reader->value, true);
	reader->path = SD_KEY_STEP(reader->parent, reader->key.val.string.val, reader->key.val.string.len);
	return true;
}

/* Moves to the next element of an array; false at its end. */
bool
sd_next_element(SdReader *reader)
{
	if (JsonbIteratorNext(&reader->it, &reader->value, true) != WJB_ELEM)
		return false;
	reader->path = SD_INDEX_STEP(reader->parent, reader->path.index + 1);
	return true;
}

/* Whether the current member's key is name. */
bool
sd_key_is(const SdReader *reader, const char *name)
{
	return sd_string_is(&reader->key, name);
}

/* Whether a value is the string text. */
bool
sd_string_is(const JsonbValue *value, const char *text)
{
	size_t		len = strlen(text);

	return value->type == jbvString && value->val.string.len == len &&
		memcmp(value->val.string.val, text, len) == 0;
}

/* A string value as a C string in the current context. */
char *
sd_string(const JsonbValue *value)
{
	return pnstrdup(value->val.string.val, value->val.string.len);
}
