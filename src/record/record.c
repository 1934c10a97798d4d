/*-------------------------------------------------------------------------
 * record/record.c
 *		Reads the data of a row to be written.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "miscadmin.h"
#include "model/types.h"
#include "parse/expression.h"
#include "parse/json_steps.h"
#include "parse/words.h"
#include "record/json_path.h"
#include "record/record.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/fmgroids.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

/* The array of rows that data has to be; raises 22023 for anything else. */
void
sd_data_array(Jsonb *data, JsonbValue *array)
{
	sd_root(data, array);
	if (!sd_is_array(array))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("data: expected an array of objects"),
				 sd_is_object(array) ? errhint("Put a single record into an array: [{...}].") : 0));
}

/* An empty record for the model's attributes, in the current context. */
SdRecord *
sd_make_record(const SdModel *model)
{
	SdRecord   *record = palloc(sizeof(SdRecord));

	record->json = palloc0(sizeof(JsonbValue) * model->nattrs);
	record->given = palloc0(sizeof(bool) * model->nattrs);
	record->filled = palloc0(sizeof(bool) * model->nattrs);
	record->values = palloc0(sizeof(Datum) * model->nattrs);
	record->nulls = palloc0(sizeof(bool) * model->nattrs);
	record->origins = NULL;
	record->failed = NULL;
	record->pending = NULL;
	record->paths = NIL;
	record->now = sd_now();
	return record;
}

/* Raises 22023 for an attribute that the caller may not set in this call. */
static void
check_writable(const SdQuery *query, int attr, const SdPath *path, bool create)
{
	const SdModel *model = query->model;
	bool		named = query->write->writable != NULL && query->write->writable[attr];
	bool		expected = !create && attr == model->version && query->write->by_key;

	Assert(attr >= 0 && attr < model->nattrs);
	if (model->attrs[attr].as != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" is computed, and cannot be given",
						sd_path_text(path), model->attrs[attr].name)));
	/* a version that is expected is not written */
	if (query->write->writable != NULL && !named && !expected)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" is not among \"fields\"", sd_path_text(path),
						model->attrs[attr].name)));
	/* an update by key says which row it is about */
	if (model->attrs[attr].read_only && !named && !query->write->settled &&
		(create || !query->write->by_key || !sd_is_key(model, attr)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" is read only", sd_path_text(path),
						model->attrs[attr].name),
				 errhint("A call that names it in \"fields\" may write it.")));
	if (!create && (attr == model->created_at || attr == model->updated_at ||
					(attr == model->version && !expected)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" cannot be changed", sd_path_text(path),
						model->attrs[attr].name),
				 attr == model->version
				 ? errhint("It is kept by studentdir. An update by key takes the version that it is about to change; in \"where\" it is a condition like any other.")
				 : errhint("It is kept by studentdir; leave it out.")));
}

/*
 * A time as text that means the same whatever the session's DateStyle: most of
 * its styles abbreviate the time zone, and the abbreviation may be read as
 * another one.
 */
static char *
time_text(TimestampTz time)
{
	char	   *text = JsonEncodeDateTime(palloc(MAXDATELEN + 1), TimestampTzGetDatum(time),
										  TIMESTAMPTZOID, NULL);

	/* type time does not take the T */
	*strchr(text, 'T') = ' ';
	return text;
}

/* A text as a JSON string, which points to it. */
static JsonbValue
text_value(char *text)
{
	JsonbValue	value = {.type = jbvString};

	value.val.string.val = text;
	value.val.string.len = strlen(text);
	return value;
}

/* What a default stands for now, in the current context, as the caller could have given it. */
static JsonbValue
default_value(const SdAttribute *attr, TimestampTz now)
{
	switch (attr->default_kind)
	{
		case SD_DEFAULT_NOW:
			return text_value(time_text(now));
		case SD_DEFAULT_UUID:
			return text_value(DatumGetCString(DirectFunctionCall1(uuid_out,
																  OidFunctionCall0(F_GEN_RANDOM_UUID))));
		default:
			Assert(attr->default_kind == SD_DEFAULT_VALUE && attr->default_value != NULL);
			return *attr->default_value;
	}
}

/* Whether a key of the data holds what is read by itself: nested records, or a join row. */
static bool
is_nested(const SdQuery *query, const JsonbValue *key)
{
	ListCell   *cell;

	if (query->through != NULL && sd_string_is(key, query->through->model->name))
		return true;
	foreach(cell, query->includes)
	{
		if (sd_string_is(key, ((SdInclude *) lfirst(cell))->association->alias))
			return true;
	}
	return false;
}

/* Raises 42703 for a key of the data that is no attribute. */
static pg_attribute_noreturn() void
unknown_key(const SdModel *model, const JsonbValue *key, const SdPath *path, bool create)
{
	const char *name = key->val.string.val;
	int			len = key->val.string.len;
	const SdAssociation *association;
	bool		ambiguous;

	association = sd_find_association(model, name, len, &ambiguous);
	if (association == NULL || !create)
		sd_unknown_attribute(model, name, len, path);
	sd_no_attribute(model, name, len,
					psprintf("To create its records too, give them under \"%s\" and name it in the option \"include\".",
							 association->alias),
					path);
}

/*
 * Notes the value of an attribute, unless it is a null for what the table fills
 * in.  Raises 22023 when the caller may not set it in this call.
 */
void
sd_give(const SdQuery *query, SdRecord *record, int attr, const JsonbValue *value,
	 const SdPath *path, bool create)
{
	Assert(attr >= 0 && attr < query->model->nattrs);
	check_writable(query, attr, path, create);
	if (create && query->model->attrs[attr].generated && value->type == jbvNull)
		return;
	record->json[attr] = *value;
	record->given[attr] = true;
}

/*
 * Reads the members of an object into record, beside what it holds already; see
 * sd_read_record().
 */
void
sd_read_members(const SdQuery *query, SdRecord *record, const JsonbValue *data, const SdPath *path,
			 bool create)
{
	static const SdPath root = {.key = "data", .len = 4};
	const SdModel *model = query->model;
	SdReader	reader;

	sd_expect_object(data, path != NULL ? path : &root, "an object of attributes and values");
	sd_read(&reader, data, path);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_attribute(model, reader.key.val.string.val,
											 reader.key.val.string.len);

		if (attr < 0 && !create)
			attr = sd_json_attribute(model, reader.key.val.string.val,
									 reader.key.val.string.len);
		if (attr < 0)
		{
			if (query->write->ignore_unknown || is_nested(query, &reader.key))
				continue;
			unknown_key(model, &reader.key, &reader.path, create);
		}
		if (reader.key.val.string.len > model->attrs[attr].name_len)
		{
			check_writable(query, attr, &reader.path, create);
			record->paths = lappend(record->paths, sd_read_json_path(model, attr, &reader));
			continue;
		}
		sd_give(query, record, attr, &reader.value, &reader.path, create);
	}
	sd_check_json_paths(model, record, path);
}

/* Gives what is left out of a new row its default. */
void
sd_fill_in(const SdModel *model, SdRecord *record)
{
	for (int i = 0; i < model->nattrs; i++)
	{
		if (record->given[i] || model->attrs[i].default_kind == SD_DEFAULT_NONE)
			continue;
		record->json[i] = default_value(&model->attrs[i], record->now);
		record->given[i] = record->filled[i] = true;
	}
}

/* Makes a record one that nothing has been read into. */
void
sd_clear_record(const SdModel *model, SdRecord *record)
{
	memset(record->given, 0, sizeof(bool) * model->nattrs);
	memset(record->filled, 0, sizeof(bool) * model->nattrs);
	record->paths = NIL;
	record->origins = NULL;
	record->failed = NULL;
}

/*
 * Reads the object data, which stands at path, into record.  In a new row, what
 * is left out is its default, and a null for an attribute that the table fills
 * in is the same as leaving it out.  In an update, a key may be a path into a
 * JSON attribute.
 *
 * Raises 22023 when data is no object or gives an attribute that may not be
 * written, 42703 for an unknown attribute.
 */
void
sd_read_record(const SdQuery *query, SdRecord *record, const JsonbValue *data, const SdPath *path,
			   bool create)
{
	sd_clear_record(query->model, record);
	sd_read_members(query, record, data, path, create);
	if (create)
		sd_fill_in(query->model, record);
}

/*
 * How the values of a model's attributes are read, for any number of records.
 * Made in the current context, which what is looked up stays in; looked up when
 * an attribute is first given.
 */
SdConverter *
sd_make_converters(const SdModel *model)
{
	SdConverter    *converters = palloc0(sizeof(SdConverter) * model->nattrs);

	for (int i = 0; i < model->nattrs; i++)
		converters[i].cxt = CurrentMemoryContext;
	return converters;
}

/* Converts a value for the column of an attribute, and checks what a domain says of it. */
static Datum
convert_value(const SdQuery *query, const SdRecord *record, SdConverter *converters, int attr,
			  const JsonbValue *value, const SdPath *path, bool *isnull)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	SdConverter *converter = &converters[attr];
	SdPath		step = SD_KEY_STEP(record->origins != NULL ? record->origins[attr] : path,
								   attribute->name, attribute->name_len);

	Assert(attribute->column != NULL);
	if (converter->read == NULL)
	{
		if (OidIsValid(attribute->domain))
			sd_converter_init(converter, attribute->domain, -1, converter->cxt);
		else
			sd_converter_init(converter, attribute->type, attribute->typmod, converter->cxt);
		converter->secret = attribute->hidden;
	}
	return sd_convert(converter, value, attribute->name, &step, isnull);
}

/*
 * The value of a stored attribute that a record gives, in the current context, as
 * sd_convert_with() converts it.
 */
Datum
sd_convert_attribute(const SdQuery *query, const SdRecord *record, SdConverter *converters, int attr,
					 const SdPath *path, bool *isnull)
{
	Assert(record->given[attr]);
	return convert_value(query, record, converters, attr, &record->json[attr], path, isnull);
}

/* Raises what a domain says of null where a new record leaves its attribute to the table, which has none else. */
static void
check_left_out(const SdQuery *query, const SdRecord *record, SdConverter *converters, int attr,
			   const SdPath *path)
{
	const SdAttribute *attribute = &query->model->attrs[attr];
	const JsonbValue null = {.type = jbvNull};
	bool		isnull;

	if (OidIsValid(attribute->domain) && attribute->null_if_left_out && !attribute->generated &&
		attr != query->model->version && !bms_is_member(attr, record->pending))
		(void) convert_value(query, record, converters, attr, &null, path, &isnull);
}

/*
 * Gives a record what an association's scope says of the rows that it leads to; one that
 * exists, where create is not set, has it already, and keeps it.
 */
void
sd_set_scope(SdRecord *record, const SdModel *model, const JsonbValue *scope, bool create)
{
	SdReader	reader;

	if (scope == NULL)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_column(model, reader.key.val.string.val,
										  reader.key.val.string.len);

		/* scopes have been looked at when the association was opened */
		Assert(attr >= 0);
		if (!create && !record->given[attr])
			continue;
		/* what it says by operators is a condition alone */
		if (reader.value.type == jbvBinary)
			continue;
		record->json[attr] = reader.value;
		record->given[attr] = true;
	}
}

/*
 * Converts what was read to the types, lengths and precisions of the
 * attributes' columns, in the current context.  With create the record is a new
 * one, in which what is left out is null.  Raises what sd_convert() raises.
 */
void
sd_convert_with(const SdQuery *query, SdRecord *record, SdConverter *converters, const SdPath *path,
				bool create)
{
	for (int i = 0; i < query->model->nattrs; i++)
	{
		if (query->model->attrs[i].column == NULL)
			continue;
		if (record->given[i])
			record->values[i] = sd_convert_attribute(query, record, converters, i, path,
													 &record->nulls[i]);
		else if (create)
			check_left_out(query, record, converters, i, path);
	}
}

/* The same for one record alone. */
void
sd_convert_record(const SdQuery *query, SdRecord *record, const SdPath *path, bool create)
{
	sd_convert_with(query, record, sd_make_converters(query->model), path, create);
}

/* Whether two values of an attribute, which are not null, are equal by its type and collation. */
bool
sd_same_value(const SdAttribute *attr, Datum left, Datum right)
{
	TypeCacheEntry *entry = lookup_type_cache(attr->type, TYPECACHE_EQ_OPR_FINFO);

	if (!OidIsValid(entry->eq_opr_finfo.fn_oid))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("values of attribute \"%s\" cannot be compared: type %s has no operator =",
						attr->name, format_type_be(attr->type))));
	return DatumGetBool(FunctionCall2Coll(&entry->eq_opr_finfo, attr->collation, left, right));
}

/* The wall clock, truncated to the millisecond, as JSON shows it. */
TimestampTz
sd_now(void)
{
	TimestampTz now = GetCurrentTimestamp();

	return now - now % 1000;
}

/* Raises 42804: a time is to go into a column that is none for it. */
static pg_attribute_noreturn() void
no_time(const SdModel *model, int attr)
{
	const SdAttribute *attribute = &model->attrs[attr];
	const char *option = attr == model->created_at ? "createdAt"
		: attr == model->updated_at ? "updatedAt" : "deletedAt";

	ereport(ERROR,
			(errcode(ERRCODE_DATATYPE_MISMATCH),
			 errmsg("attribute \"%s\" of model \"%s\" is set to the time, and its column is of type %s",
					attribute->name, model->name, format_type_be(attribute->type)),
			 errhint("Define the model with the option \"%s\": false, and with the attribute if calls are to set it.",
					 option)));
}

/*
 * Sets a timestamp attribute, which has been converted already or was not given.  Raises
 * 42804 where its column holds numbers or truth values.
 */
void
sd_set_timestamp(const SdModel *model, SdRecord *record, int attr, TimestampTz now)
{
	const SdAttribute *attribute = &model->attrs[attr];

	Assert(attr >= 0 && attr < model->nattrs && attribute->column != NULL);
	record->given[attr] = true;
	record->nulls[attr] = false;
	/* a timestamp without time zone is UTC, and then the same number */
	if (attribute->type == TIMESTAMPTZOID || attribute->type == TIMESTAMPOID)
		record->values[attr] = TimestampTzGetDatum(now);
	else
	{
		JsonbValue	value = text_value(time_text(now));

		if (!sd_holds_times(attribute->type))
			no_time(model, attr);
		record->values[attr] = sd_value(&value, attribute->type, attribute->name, NULL,
										&record->nulls[attr]);
	}
}

/*
 * Sets the timestamps of a new row to now, a time from sd_now(), and its
 * version to 0, where the caller gives none: rows brought from elsewhere keep
 * theirs.
 */
void
sd_default_timestamps(const SdModel *model, SdRecord *record, TimestampTz now)
{
	if (model->created_at >= 0 && !record->given[model->created_at])
		sd_set_timestamp(model, record, model->created_at, now);
	if (model->updated_at >= 0 && !record->given[model->updated_at])
		sd_set_timestamp(model, record, model->updated_at, now);
	if (model->version >= 0 && !record->given[model->version])
	{
		record->given[model->version] = true;
		record->nulls[model->version] = false;
		record->values[model->version] = model->attrs[model->version].type == INT8OID
			? Int64GetDatum(0) : Int32GetDatum(0);
	}
}
