/*-------------------------------------------------------------------------
 * interface/value_form.c
 *		Finds out what the values of a type are in JSON.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/transam.h"
#include "catalog/pg_enum.h"
#include "catalog/pg_type.h"
#include "interface/value_form.h"
#include "json/jsonb_value.h"
#include "miscadmin.h"
#include "parser/parse_coerce.h"
#include "settings.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/typcache.h"

#define HEX4	"[0-9A-Fa-f]{4}"

/* types whose values are numbers or strings of one kind */
static const struct
{
	Oid			type;
	SdValueForm form;
}			scalars[] = {
	{BOOLOID, {.kind = SD_JSON_BOOLEAN}},
	{INT2OID, {.kind = SD_JSON_INTEGER, .minimum = "-32768", .maximum = "32767"}},
	{INT4OID, {.kind = SD_JSON_INTEGER, .minimum = "-2147483648", .maximum = "2147483647"}},
	{INT8OID, {.kind = SD_JSON_STRING, .digits = true, .whole = true, .pattern = "^-?[0-9]{1,19}$"}},
	{NUMERICOID, {.kind = SD_JSON_STRING, .digits = true,
	.pattern = "^(-?[0-9]+(\\.[0-9]+)?|NaN|-?Infinity)$"}},
	{FLOAT4OID, {.kind = SD_JSON_NUMBER, .minimum = "-3.4028235e38", .maximum = "3.4028235e38"}},
	{FLOAT8OID, {.kind = SD_JSON_NUMBER}},
	{TIMESTAMPTZOID, {.kind = SD_JSON_STRING, .format = "date-time"}},
	{TIMESTAMPOID, {.kind = SD_JSON_STRING, .format = "date-time"}},
	{DATEOID, {.kind = SD_JSON_STRING, .format = "date"}},
	{TIMEOID, {.kind = SD_JSON_STRING,
	.pattern = "^(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?|24:00:00)$"}},
	{UUIDOID, {.kind = SD_JSON_STRING, .format = "uuid",
	.pattern = "^[0-9A-Fa-f]{8}-" HEX4 "-" HEX4 "-" HEX4 "-[0-9A-Fa-f]{12}$"}},
	{BYTEAOID, {.kind = SD_JSON_STRING, .encoding = "base64",
	.pattern = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"}},
	{MACADDROID, {.kind = SD_JSON_STRING, .pattern = "^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$"}},
	{JSONOID, {.kind = SD_JSON_ANY}},
	{JSONBOID, {.kind = SD_JSON_ANY}}
};

static SdValueForm *
make_form(SdValueFormKind kind)
{
	SdValueForm *form = palloc0(sizeof(SdValueForm));

	form->kind = kind;
	form->max_length = -1;
	return form;
}

/* Numbers instead of strings, where the setting asks for it. */
static void
use_numbers(SdValueForm *form)
{
	if (!form->digits || sd_numbers_as_strings)
		return;
	form->kind = form->whole ? SD_JSON_INTEGER : SD_JSON_NUMBER;
	form->digits = false;
	form->pattern = NULL;
}

/* The digits that a numeric(p,s) has room for; more behind the point than that are rounded. */
static void
limit_numeric(SdValueForm *form, int32 typmod)
{
	int			precision;
	int			scale;

	if (!form->digits || typmod < (int32) VARHDRSZ)
		return;
	precision = ((typmod - VARHDRSZ) >> 16) & 0xffff;
	scale = (((typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;
	if (scale < 0 || scale > precision)
		return;
	form->pattern = psprintf("^(-?%s%s|NaN)$",
							 scale == precision ? "0*" : psprintf("0*[0-9]{1,%d}", precision - scale),
							 scale == 0 ? "" : psprintf("(\\.[0-9]{1,%d})?", scale));
}

/* The labels of an enum, in its order, as C strings. */
static List *
enum_labels(Oid type)
{
	CatCList   *list = SearchSysCacheList1(ENUMTYPOIDNAME, ObjectIdGetDatum(type));
	Form_pg_enum *rows = palloc(sizeof(Form_pg_enum) * Max(list->n_members, 1));
	List	   *labels = NIL;

	for (int i = 0; i < list->n_members; i++)
	{
		Form_pg_enum row = (Form_pg_enum) GETSTRUCT(&list->members[i]->tuple);
		int			j;

		for (j = i; j > 0 && rows[j - 1]->enumsortorder > row->enumsortorder; j--)
			rows[j] = rows[j - 1];
		rows[j] = row;
	}
	for (int i = 0; i < list->n_members; i++)
		labels = lappend(labels, pstrdup(NameStr(rows[i]->enumlabel)));
	ReleaseCatCacheList(list);
	return labels;
}

/* An object of the columns of a composite type. */
static SdValueForm *
composite_form(Oid type)
{
	SdValueForm *form = make_form(SD_JSON_OBJECT);
	TupleDesc	desc = lookup_rowtype_tupdesc_copy(type, -1);

	form->names = palloc(sizeof(char *) * desc->natts);
	form->members = palloc(sizeof(SdValueForm *) * desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute column = TupleDescAttr(desc, i);

		if (column->attisdropped)
			continue;
		form->names[form->nmembers] = NameStr(column->attname);
		form->members[form->nmembers++] = sd_value_form(column->atttypid, column->atttypmod);
	}
	Assert(form->nmembers <= desc->natts);
	return form;
}

static SdValueForm *
range_form(Oid type)
{
	SdValueForm *form = make_form(SD_JSON_RANGE);

	form->element = sd_value_form(get_range_subtype(type), -1);
	return form;
}

/* Whether a type has a name, in whatever schema. */
static bool
is_called(Oid type, const char *name)
{
	HeapTuple	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = strcmp(NameStr(((Form_pg_type) GETSTRUCT(tuple))->typname), name) == 0;
	ReleaseSysCache(tuple);
	return result;
}

/* A type with a cast to json says itself what its values are; hstore is known. */
static SdValueForm *
other_form(Oid type)
{
	Oid			ignored;

	if (type < FirstNormalObjectId ||
		find_coercion_pathway(JSONOID, type, COERCION_EXPLICIT, &ignored) != COERCION_PATH_FUNC)
		return make_form(SD_JSON_STRING);
	return make_form(is_called(type, "hstore") ? SD_JSON_STRINGS : SD_JSON_ANY);
}

static SdValueForm *
form_of(Oid type, int32 typmod)
{
	Oid			element = get_element_type(type);
	SdValueForm *form;

	for (int i = 0; i < lengthof(scalars); i++)
	{
		if (scalars[i].type != type)
			continue;
		form = palloc(sizeof(SdValueForm));
		*form = scalars[i].form;
		form->max_length = -1;
		if (type == NUMERICOID)
			limit_numeric(form, typmod);
		use_numbers(form);
		return form;
	}
	if (OidIsValid(element))
	{
		form = make_form(SD_JSON_ARRAY);
		form->element = sd_value_form(element, typmod);
		return form;
	}
	switch (get_typtype(type))
	{
		case TYPTYPE_ENUM:
			form = make_form(SD_JSON_STRING);
			form->labels = enum_labels(type);
			return form;
		case TYPTYPE_RANGE:
			return range_form(type);
		case TYPTYPE_MULTIRANGE:
			form = make_form(SD_JSON_ARRAY);
			form->element = range_form(get_multirange_range(type));
			return form;
		case TYPTYPE_COMPOSITE:
			return composite_form(type);
	}
	form = other_form(type);
	if ((type == VARCHAROID || type == BPCHAROID) && typmod >= (int32) VARHDRSZ)
		form->max_length = typmod - VARHDRSZ;
	return form;
}

/*
 * The form of a type's values, in the current context.  Raises what reading the
 * type from the system catalogs raises.
 */
const SdValueForm *
sd_value_form(Oid type, int32 typmod)
{
	Oid			base;

	Assert(OidIsValid(type));
	check_stack_depth();
	base = getBaseTypeAndTypmod(type, &typmod);
	return form_of(base, typmod);
}

/*
 * The form of a computed attribute, as far as its outermost function tells, in
 * the current context.
 */
const SdValueForm *
sd_form_of_expression(const JsonbValue *expression)
{
	static const struct
	{
		const char *name;
		SdValueFormKind kind;
	}			known[] = {
		{"$count", SD_JSON_INTEGER},
		{"$exists", SD_JSON_BOOLEAN},
		{"$test", SD_JSON_BOOLEAN},
		{"$concat", SD_JSON_STRING},
		{"$list", SD_JSON_ARRAY}
	};
	SdValueForm *form = make_form(SD_JSON_ANY);
	JsonbValue	value;

	Assert(expression->type == jbvBinary);
	for (int i = 0; i < lengthof(known); i++)
	{
		if (getKeyJsonValueFromContainer(expression->val.binary.data, known[i].name,
										 strlen(known[i].name), &value) != NULL)
			form->kind = known[i].kind;
	}
	if (form->kind == SD_JSON_ARRAY)
		form->element = make_form(SD_JSON_ANY);
	return form;
}
