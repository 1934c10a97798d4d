/*-------------------------------------------------------------------------
 * convert/reader.c
 *		Walks jsonb documents.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "miscadmin.h"

/*
 * Begins an iteration over container, which stands at path.  Raises 22023 for what is
 * neither an object nor an array: of those there is no header to be read.
 */
void
sd_read(SdReader *reader, const JsonbValue *container, const SdPath *path)
{
	JsonbValue	ignored;

	if (container->type != jbvBinary)
		sd_bad_shape(path, "an object or an array");
	reader->it = JsonbIteratorInit(container->val.binary.data);
	reader->parent = path;
	(void) JsonbIteratorNext(&reader->it, &ignored, true);
	reader->path = SD_INDEX_STEP(path, -1);
}

/* Moves to the next member of an object; false at its end.  Can be interrupted. */
bool
sd_next_member(SdReader *reader)
{
	CHECK_FOR_INTERRUPTS();
	if (JsonbIteratorNext(&reader->it, &reader->key, true) != WJB_KEY)
		return false;
	(void) JsonbIteratorNext(&reader->it, &reader->value, true);
	reader->path = SD_KEY_STEP(reader->parent, reader->key.val.string.val, reader->key.val.string.len);
	return true;
}

/* Moves to the next element of an array; false at its end.  Can be interrupted. */
bool
sd_next_element(SdReader *reader)
{
	CHECK_FOR_INTERRUPTS();
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
