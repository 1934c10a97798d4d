/*-------------------------------------------------------------------------
 * record/linked_key.c
 *		Reads the key of a record that exists, where a document has it in the place
 *		of a record: a scalar, or {"$link": key}.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "convert/value.h"
#include "parse/key.h"
#include "parse/words.h"
#include "record/linked_key.h"

/*
 * Whether what stands in the place of a record is the key of one, which goes into
 * *key.  join is the name under which a join row may stand beside it, or NULL.
 * Raises 22023 for anything else beside "$link", and where that is null.
 */
bool
sd_find_link(const JsonbValue *data, const char *join, const SdPath *path, JsonbValue *key)
{
	SdReader	reader;

	if (data->type == jbvString || data->type == jbvNumeric || data->type == jbvBool)
	{
		*key = *data;
		return true;
	}
	if (!sd_is_object(data) ||
		getKeyJsonValueFromContainer(data->val.binary.data, "$link", 5, key) == NULL)
		return false;
	sd_read(&reader, data, path);
	while (sd_next_member(&reader))
	{
		if (sd_key_is(&reader, "$link"))
		{
			if (key->type == jbvNull || sd_is_array(key))
				sd_bad_shape(&reader.path, "the key of a record");
		}
		else if (join == NULL)
			sd_bad_shape(&reader.path, "nothing beside \"$link\"");
		else if (!sd_key_is(&reader, join))
			sd_bad_shape(&reader.path, "nothing but the join row beside \"$link\"");
	}
	return true;
}

/* The value of an attribute of the key. */
static void
read_value(const SdModel *model, SdLinkedKey *linked, int attr, const JsonbValue *value,
		   const SdPath *path)
{
	int			i = 0;
	bool		isnull;

	while (linked->attrs[i] != attr)
		i++;
	Assert(i < linked->nattrs);
	linked->values[i] = sd_value(value, model->attrs[attr].type, model->attrs[attr].name, path,
								 &isnull);
	linked->has_null |= isnull;
}

/*
 * Reads a key of a model's record, which stands at path: the value of a primary key of
 * one attribute, or an object with all attributes of a unique key.  It is made in the
 * current context.
 *
 * Raises 22023 where it is no such key, 42703 for an unknown attribute, and what
 * converting the values raises.
 */
SdLinkedKey *
sd_read_linked_key(const SdModel *model, const JsonbValue *key, const SdPath *path)
{
	SdLinkedKey *linked = palloc0(sizeof(SdLinkedKey));
	Bitmapset  *attrs = NULL;
	SdReader	reader;
	int			attr = -1;

	if (sd_is_object(key))
		attrs = sd_key_attributes(model, key, path);
	else if (model->nkeys == 1)
		attrs = bms_make_singleton(model->keys[0]);
	else
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: a value is no key of model \"%s\", whose primary key has %d attributes",
						sd_path_text(path), model->name, model->nkeys),
				 errhint("Give {\"$link\": {...}} with all attributes of a unique key.")));
	linked->attrs = palloc(sizeof(int) * bms_num_members(attrs));
	linked->values = palloc(sizeof(Datum) * bms_num_members(attrs));
	while ((attr = bms_next_member(attrs, attr)) >= 0)
		linked->attrs[linked->nattrs++] = attr;
	Assert(linked->nattrs > 0);
	if (!sd_is_object(key))
	{
		read_value(model, linked, model->keys[0], key, path);
		return linked;
	}
	sd_read(&reader, key, path);
	while (sd_next_member(&reader))
		read_value(model, linked, sd_find_attribute(model, reader.key.val.string.val,
													reader.key.val.string.len),
				   &reader.value, &reader.path);
	return linked;
}

/*
 * The key that a record, which has been converted, gives itself; it points to the
 * record's values.  path is where it stands.  Raises 22023 where a value is missing.
 */
SdLinkedKey *
sd_record_key(const SdModel *model, const SdRecord *record, const int *attrs, int nattrs,
			  const SdPath *path)
{
	SdLinkedKey *linked = palloc0(sizeof(SdLinkedKey));

	Assert(nattrs > 0);
	linked->nattrs = nattrs;
	linked->attrs = palloc(sizeof(int) * nattrs);
	memcpy(linked->attrs, attrs, sizeof(int) * nattrs);
	linked->values = palloc(sizeof(Datum) * nattrs);
	for (int i = 0; i < nattrs; i++)
	{
		const SdAttribute *attr = &model->attrs[attrs[i]];
		SdPath		step = SD_KEY_STEP(path, attr->name, attr->name_len);

		if (!record->given[attrs[i]] || record->nulls[attrs[i]])
			sd_bad_shape(&step, "a value, since the record is found by it");
		linked->values[i] = record->values[attrs[i]];
	}
	return linked;
}
