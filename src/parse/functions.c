/*-------------------------------------------------------------------------
 * parse/functions.c
 *		The functions and types that expressions may name.
 *
 * Only what is on a list here, or on the superuser's setting
 * studentdir.allowed_functions, can be called: functions without side effects
 * whose cost is that of their arguments.  A name on the list is a function of
 * pg_catalog; names of the setting may have a schema.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "model/model.h"
#include "nodes/value.h"
#include "parse/functions.h"
#include "parser/parse_coerce.h"
#include "parser/parse_func.h"
#include "settings.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"
#include "utils/varlena.h"

static const char *const allowed[] = {
	/* aggregates */
	"count", "sum", "avg", "min", "max", "bool_and", "bool_or", "every",
	"array_agg", "string_agg", "stddev", "stddev_pop", "stddev_samp",
	"variance", "var_pop", "var_samp", "corr", "bit_and", "bit_or",
	/* text */
	"lower", "upper", "initcap", "length", "char_length", "character_length",
	"octet_length", "bit_length", "btrim", "ltrim", "rtrim", "left", "right",
	"substr", "substring", "replace", "translate", "reverse", "split_part", "strpos",
	"position", "concat", "concat_ws", "md5", "ascii", "starts_with",
	"regexp_replace", "to_char", "to_number", "quote_ident", "quote_literal",
	/* numbers */
	"abs", "ceil", "ceiling", "floor", "round", "trunc", "sign", "sqrt", "cbrt",
	"power", "pow", "exp", "ln", "log", "mod", "div", "gcd", "lcm", "width_bucket",
	/* dates and times */
	"now", "age", "date_trunc", "date_part", "to_date", "to_timestamp", "make_date",
	"make_time", "make_timestamp", "make_timestamptz", "make_interval",
	"justify_days", "justify_hours", "justify_interval", "isfinite", "timezone",
	/* arrays, ranges, json */
	"cardinality", "array_length", "array_position", "array_to_string", "lower_inc",
	"upper_inc", "isempty", "jsonb_array_length", "jsonb_typeof", "json_array_length",
	"json_typeof", "jsonb_extract_path", "jsonb_extract_path_text", "json_extract_path",
	"json_extract_path_text"
};

/* those that stand in $over alone, beside aggregates */
static const char *const window_functions[] = {
	"row_number", "rank", "dense_rank", "percent_rank", "cume_dist", "ntile", "lag", "lead",
	"first_value", "last_value", "nth_value"
};

static const struct
{
	const char *name;
	Oid			type;
}			cast_types[] = {
	{"smallint", INT2OID}, {"integer", INT4OID}, {"int", INT4OID}, {"bigint", INT8OID},
	{"numeric", NUMERICOID}, {"decimal", NUMERICOID}, {"real", FLOAT4OID},
	{"float", FLOAT8OID}, {"double", FLOAT8OID}, {"double precision", FLOAT8OID},
	{"text", TEXTOID}, {"string", TEXTOID}, {"varchar", TEXTOID}, {"char", BPCHAROID},
	{"boolean", BOOLOID}, {"bool", BOOLOID}, {"date", DATEOID}, {"dateonly", DATEOID},
	{"time", TIMEOID}, {"timestamp", TIMESTAMPOID}, {"timestamptz", TIMESTAMPTZOID},
	{"timestamp with time zone", TIMESTAMPTZOID}, {"interval", INTERVALOID},
	{"uuid", UUIDOID}, {"json", JSONOID}, {"jsonb", JSONBOID}, {"bytea", BYTEAOID},
	{"inet", INETOID}, {"cidr", CIDROID}, {"macaddr", MACADDROID}
};

/* The qualified name of an entry of the setting that is name, or NIL. */
static List *
find_in_setting(const char *name)
{
	char	   *setting;
	List	   *names;
	ListCell   *cell;

	if (sd_allowed_functions == NULL || sd_allowed_functions[0] == '\0')
		return NIL;
	setting = pstrdup(sd_allowed_functions);
	if (!SplitIdentifierString(setting, ',', &names))
		return NIL;
	foreach(cell, names)
	{
		char	   *entry = lfirst(cell);
		char	   *dot = strrchr(entry, '.');

		if (strcmp(entry, name) != 0)
			continue;
		if (dot == NULL)
			return list_make2(makeString("pg_catalog"), makeString(entry));
		*dot = '\0';
		return list_make2(makeString(entry), makeString(dot + 1));
	}
	return NIL;
}

/* Raises 22023 for a function that is not on the lists. */
static pg_attribute_noreturn() void
not_allowed(const char *name, bool window, const SdPath *path)
{
	const char *names[lengthof(allowed) + lengthof(window_functions)];
	const char *nearest;
	bool		misplaced = false;
	int			n = 0;

	for (int i = 0; i < lengthof(allowed); i++)
		names[n++] = allowed[i];
	for (int i = 0; i < lengthof(window_functions); i++)
		names[n++] = window_functions[i];
	nearest = sd_nearest(name, strlen(name), names, n);
	for (int i = 0; i < lengthof(window_functions); i++)
		misplaced |= nearest == window_functions[i] && !window;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: function \"%s\" is not allowed", sd_path_text(path),
					sd_clip(name, strlen(name))),
			 misplaced ? errhint("Window functions stand under $over: {\"$over\": [{\"$fn\": [\"%s\"]}, {\"order\": [...]}]}.", nearest)
			 : nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("docs/reference/expressions.md lists the functions; the setting studentdir.allowed_functions adds to them.")));
}

/* The qualified name of a function that may be called; raises 22023. */
static List *
find_name(const char *name, bool window, bool order, const SdPath *path)
{
	List	   *qualified;

	/* the grammar's name of a function that is called otherwise in the catalog */
	if (pg_strcasecmp(name, "trim") == 0)
		name = "btrim";
	for (int i = 0; i < lengthof(allowed); i++)
	{
		if (pg_strcasecmp(allowed[i], name) == 0)
			return list_make2(makeString("pg_catalog"), makeString(pstrdup(allowed[i])));
	}
	for (int i = 0; window && i < lengthof(window_functions); i++)
	{
		if (pg_strcasecmp(window_functions[i], name) == 0)
			return list_make2(makeString("pg_catalog"), makeString(pstrdup(window_functions[i])));
	}
	if (order && pg_strcasecmp(name, "random") == 0)
		return list_make2(makeString("pg_catalog"), makeString("random"));
	qualified = find_in_setting(name);
	if (qualified == NIL)
		not_allowed(name, window, path);
	return qualified;
}

/* The type that a value gets which is declared as a type, any type being text. */
static Oid
declared_type(Oid type)
{
	return type == ANYOID || type == UNKNOWNOID || IsPolymorphicType(type) ? TEXTOID : type;
}

/* What a value is for a function that takes any array, or anything; InvalidOid where it could be many. */
static Oid
any_type(Oid declared)
{
	switch (declared)
	{
		case ANYARRAYOID:
		case ANYCOMPATIBLEARRAYOID:
			return TEXTARRAYOID;
		case ANYRANGEOID:
		case ANYCOMPATIBLERANGEOID:
		case ANYMULTIRANGEOID:
		case ANYCOMPATIBLEMULTIRANGEOID:
		case ANYENUMOID:
			return InvalidOid;
		default:
			return TEXTOID;
	}
}

/*
 * Gives the values that a function is called with a type where it takes any type and
 * nothing else says which.  Raises 22023 where that is not text.
 */
static void
settle_types(int nargs, Oid *argtypes, const Oid *declared, const char *name, const SdPath *path)
{
	for (int i = 0; i < nargs; i++)
	{
		if (IsPolymorphicType(declared[i]) && argtypes[i] != UNKNOWNOID)
			return;
	}
	for (int i = 0; i < nargs; i++)
	{
		if (!IsPolymorphicType(declared[i]))
			continue;
		argtypes[i] = any_type(declared[i]);
		if (!OidIsValid(argtypes[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: the argument types of function \"%s\" are not known",
							sd_path_text(path), name),
					 errhint("It takes an attribute, or another expression that has a type.")));
	}
}

/*
 * Looks up the function called name, as PostgreSQL would for a call with
 * arguments of these types.  The result's name is in the current context.  A
 * type that is not known is set to the one that the function takes.  window says
 * that window functions may be called, which count as aggregates, and order that
 * random may.
 *
 * Raises 22023 when the function is not on the lists, or none of that name
 * takes such arguments.
 */
SdFunction
sd_find_function(const char *name, int nargs, Oid *argtypes, bool window, bool order,
				 const SdPath *path)
{
	List	   *qualified = find_name(name, window, order, path);
	SdFunction	function;
	FuncDetailCode kind;
	Oid			oid,
				variadic;
	bool		returns_set;
	int			nvariadic;
	Oid		   *declared;
	List	   *defaults;

	Assert(list_length(qualified) == 2);
	kind = sd_func_get_detail(qualified, nargs, argtypes, &oid, &function.type, &returns_set,
							  &nvariadic, &variadic, &declared, &defaults);
	if ((kind != FUNCDETAIL_NORMAL && kind != FUNCDETAIL_AGGREGATE &&
		 !(window && kind == FUNCDETAIL_WINDOWFUNC)) || returns_set)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: function %s does not exist", sd_path_text(path),
						func_signature_string(list_make1(llast(qualified)), nargs, NIL,
											  argtypes))));
	function.aggregate = kind != FUNCDETAIL_NORMAL;
	function.star = kind == FUNCDETAIL_AGGREGATE && nargs == 0;
	function.other = strcmp(strVal(linitial(qualified)), "pg_catalog") != 0;
	settle_types(nargs, argtypes, declared, name, path);
	function.type = enforce_generic_type_consistency(argtypes, declared, nargs, function.type,
													 false);
	for (int i = 0; i < nargs; i++)
	{
		if (argtypes[i] == UNKNOWNOID)
			argtypes[i] = declared_type(declared[i]);
	}
	function.name = quote_qualified_identifier(strVal(linitial(qualified)),
											   strVal(lsecond(qualified)));
	return function;
}

/* The type that "$cast" names; raises 22023 for one that is not on the list. */
Oid
sd_find_cast_type(const char *name, const SdPath *path)
{
	const char *names[lengthof(cast_types)];
	const char *nearest;

	for (int i = 0; i < lengthof(cast_types); i++)
	{
		if (pg_strcasecmp(cast_types[i].name, name) == 0)
			return cast_types[i].type;
		names[i] = cast_types[i].name;
	}
	nearest = sd_nearest(name, strlen(name), names, lengthof(cast_types));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: \"%s\" is no type to cast to", sd_path_text(path),
					sd_clip(name, strlen(name))),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("docs/reference/expressions.md lists the types: integer, numeric, text, date and so on.")));
}
