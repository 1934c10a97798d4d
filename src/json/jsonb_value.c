/*-------------------------------------------------------------------------
 * json/jsonb_value.c
 *		Values of jsonb documents that are read.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "json/jsonb_value.h"

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

/* Number of elements of an array, or of members of an object; others have none. */
int
sd_array_length(const JsonbValue *value)
{
	return value->type == jbvBinary ? JsonContainerSize(value->val.binary.data) : 0;
}

/* The elements of an array, which point into it, in the current context. */
JsonbValue *
sd_elements(const JsonbValue *array, int *n)
{
	JsonbIterator *it;
	JsonbValue	ignored;
	JsonbValue *elements;

	Assert(sd_is_array(array));
	*n = sd_array_length(array);
	elements = palloc(sizeof(JsonbValue) * Max(*n, 1));
	it = JsonbIteratorInit(array->val.binary.data);
	(void) JsonbIteratorNext(&it, &ignored, true);
	for (int i = 0; i < *n; i++)
		(void) JsonbIteratorNext(&it, &elements[i], true);
	return elements;
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
	Assert(value->type == jbvString);
	return pnstrdup(value->val.string.val, value->val.string.len);
}
