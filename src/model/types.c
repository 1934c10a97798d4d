/*-------------------------------------------------------------------------
 * model/types.c
 *		The types that attributes are declared with.
 *
 * A declaration is a name that the table below knows, with arguments in
 * parentheses where it takes some, or the name of any other type that
 * PostgreSQL has.  The table's names are in upper case and only so: DATE is a
 * time with zone here, date is PostgreSQL's.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/dependency.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "model/model.h"
#include "model/types.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/catcache.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/varlena.h"

#define SD_MAX_MODIFIERS	2
#define SD_MAX_LABELS		10000

typedef struct Declarable
{
	const char *name;
	Oid			type;
	const char *extension;		/* the type is called as the extension that brings it */
	int			max_args;		/* numbers that it takes */
	int			most;			/* the first of them; what it is at the most */
	int			otherwise;		/* the first of them when it is not given; 0: none */
	Oid			range;			/* RANGE of it, if there is one */
} Declarable;

static const Declarable declarables[] = {
	{"STRING", VARCHAROID, NULL, 1, 10485760, 255},
	{"CHAR", BPCHAROID, NULL, 1, 10485760, 255},
	{"TEXT", TEXTOID},
	{"CITEXT", InvalidOid, "citext"},
	{"SMALLINT", INT2OID},
	{"INTEGER", INT4OID, NULL, 0, 0, 0, INT4RANGEOID},
	{"BIGINT", INT8OID, NULL, 0, 0, 0, INT8RANGEOID},
	{"FLOAT", FLOAT8OID},
	{"REAL", FLOAT4OID},
	{"DOUBLE", FLOAT8OID},
	{"DECIMAL", NUMERICOID, NULL, 2, 1000, 0, NUMRANGEOID},
	{"BOOLEAN", BOOLOID},
	{"DATE", TIMESTAMPTZOID, NULL, 1, 6, 0, TSTZRANGEOID},
	{"DATEONLY", DATEOID, NULL, 0, 0, 0, DATERANGEOID},
	{"TIME", TIMEOID},
	{"INTERVAL", INTERVALOID},
	{"UUID", UUIDOID},
	{"JSON", JSONOID},
	{"JSONB", JSONBOID},
	{"BLOB", BYTEAOID},
	{"INET", INETOID},
	{"CIDR", CIDROID},
	{"MACADDR", MACADDROID},
	{"TSVECTOR", TSVECTOROID},
	{"HSTORE", InvalidOid, "hstore"}
};

/* names with arguments that are no numbers */
static const char *const constructors[] = {"ENUM", "ARRAY", "RANGE", "VIRTUAL"};

/* what SQL calls types that the catalog calls otherwise */
static const struct
{
	const char *name;
	const char *catalog_name;
}			sql_names[] = {
	{"bigint", "int8"},
	{"bit varying", "varbit"},
	{"boolean", "bool"},
	{"char", "bpchar"},
	{"char varying", "varchar"},
	{"character", "bpchar"},
	{"character varying", "varchar"},
	{"dec", "numeric"},
	{"decimal", "numeric"},
	{"double precision", "float8"},
	{"float", "float8"},
	{"int", "int4"},
	{"integer", "int4"},
	{"real", "float4"},
	{"smallint", "int2"},
	{"time with time zone", "timetz"},
	{"time without time zone", "time"},
	{"timestamp with time zone", "timestamptz"},
	{"timestamp without time zone", "timestamp"}
};

/* where in a declaration the parser is, and what is wrong with it */
typedef struct Declaration
{
	const char *p;
	const char *problem;
	const char *hint;
} Declaration;

static bool
fail(Declaration *declaration, const char *problem, const char *hint)
{
	declaration->problem = problem;
	declaration->hint = hint;
	return false;
}

static void
skip_spaces(Declaration *declaration)
{
	while (*declaration->p == ' ')
		declaration->p++;
}

/* Steps over a character, with the spaces around it; false when another one stands there. */
static bool
accept(Declaration *declaration, char c)
{
	skip_spaces(declaration);
	if (*declaration->p != c)
		return false;
	declaration->p++;
	skip_spaces(declaration);
	return true;
}

/* A whole number. */
static bool
read_number(Declaration *declaration, int *number)
{
	int			digits = strspn(declaration->p, "0123456789");

	if (digits == 0 || digits > 8)
		return fail(declaration, "its arguments have to be whole numbers", NULL);
	*number = atoi(declaration->p);
	declaration->p += digits;
	return true;
}

/* (n) or (n, m), if it is there. */
static bool
read_modifiers(Declaration *declaration, int *modifiers, int *n)
{
	*n = 0;
	if (!accept(declaration, '('))
		return true;
	do
	{
		if (*n == SD_MAX_MODIFIERS)
			return fail(declaration, "it has too many arguments", NULL);
		if (!read_number(declaration, &modifiers[(*n)++]))
			return false;
	} while (accept(declaration, ','));
	if (!accept(declaration, ')'))
		return fail(declaration, "a parenthesis is not closed", NULL);
	return true;
}

/* The type modifier that the numbers stand for, as the type itself makes it. */
static int32
make_typmod(Oid type, const int *modifiers, int n)
{
	Datum		numbers[SD_MAX_MODIFIERS];
	int			nnumbers = 0;
	HeapTuple	tuple;
	Oid			function;

	Assert(n <= (type == INTERVALOID ? 1 : SD_MAX_MODIFIERS));
	if (n == 0)
		return -1;
	/* what stands first there says which fields an interval has */
	if (type == INTERVALOID)
		numbers[nnumbers++] = CStringGetDatum(psprintf("%d", INTERVAL_FULL_RANGE));
	for (int i = 0; i < n; i++)
		numbers[nnumbers++] = CStringGetDatum(psprintf("%d", modifiers[i]));
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type));
	if (!HeapTupleIsValid(tuple))
		return -1;
	function = ((Form_pg_type) GETSTRUCT(tuple))->typmodin;
	ReleaseSysCache(tuple);
	Assert(OidIsValid(function));
	return DatumGetInt32(OidFunctionCall1(function,
										  PointerGetDatum(construct_array(numbers, nnumbers, CSTRINGOID,
																		  -2, false,
																		  TYPALIGN_CHAR))));
}

/*
 * The type that an extension of its name brings, in whatever schema; invalid
 * where it is not installed.  A type of that name that somebody else has made
 * is another one, wherever it stands in the search path.
 */
static Oid
extension_type(const char *name)
{
	Oid			extension = get_extension_oid(name, true);
	Oid			type = InvalidOid;
	CatCList   *list;

	if (!OidIsValid(extension))
		return InvalidOid;
	list = SearchSysCacheList1(TYPENAMENSP, CStringGetDatum(name));
	for (int i = 0; i < list->n_members && !OidIsValid(type); i++)
	{
		Oid			oid = ((Form_pg_type) GETSTRUCT(&list->members[i]->tuple))->oid;

		if (getExtensionOfObject(TypeRelationId, oid) == extension)
			type = oid;
	}
	ReleaseSysCacheList(list);
	return type;
}

/* NAME or NAME(n, m), of the table. */
static bool
read_declarable(Declaration *declaration, const Declarable *known, SdType *type)
{
	int			modifiers[SD_MAX_MODIFIERS];
	int			n;
	StringInfoData text;

	if (!read_modifiers(declaration, modifiers, &n))
		return false;
	if (n > known->max_args)
		return fail(declaration, known->max_args == 0 ? "it takes no arguments"
					: "it has too many arguments", NULL);
	if (n > 0 && (modifiers[0] > known->most || (modifiers[0] == 0 && known->type != TIMESTAMPTZOID)))
		return fail(declaration, psprintf("its argument has to be from %d to %d",
										  known->type == TIMESTAMPTZOID ? 0 : 1, known->most), NULL);
	if (n > 1 && modifiers[1] > modifiers[0])
		return fail(declaration, "it has more digits after the point than digits", NULL);

	initStringInfo(&text);
	appendStringInfoString(&text, known->name);
	for (int i = 0; i < n; i++)
		appendStringInfo(&text, "%s%d", i == 0 ? "(" : ",", modifiers[i]);
	if (n > 0)
		appendStringInfoChar(&text, ')');
	type->declared = text.data;

	if (n == 0 && known->otherwise > 0)
		modifiers[n++] = known->otherwise;
	type->oid = known->type;
	if (known->extension != NULL)
		type->oid = extension_type(known->extension);
	type->typmod = OidIsValid(type->oid) ? make_typmod(type->oid, modifiers, n) : -1;
	type->extension = OidIsValid(type->oid) ? NULL : known->extension;
	return true;
}

/* ENUM('a','b'): the values as SQL strings. */
static bool
read_enum(Declaration *declaration, SdType *type)
{
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfoString(&text, "ENUM");
	if (!accept(declaration, '('))
		return fail(declaration, "its values are missing", "Write it as ENUM('a','b').");
	do
	{
		StringInfoData label;
		ListCell   *cell;

		if (*declaration->p != '\'')
			return fail(declaration, "its values have to stand in single quotes",
						"Write it as ENUM('a','b').");
		initStringInfo(&label);
		for (declaration->p++;; declaration->p++)
		{
			if (*declaration->p == '\0')
				return fail(declaration, "a quote is not closed", "Write it as ENUM('a','b').");
			if (*declaration->p == '\'' && *++declaration->p != '\'')
				break;
			appendStringInfoChar(&label, *declaration->p);
		}
		if (label.len >= NAMEDATALEN)
			return fail(declaration, psprintf("a value is longer than %d bytes", NAMEDATALEN - 1), NULL);
		foreach(cell, type->labels)
		{
			if (strcmp(lfirst(cell), label.data) == 0)
				return fail(declaration, psprintf("the value \"%s\" occurs twice", label.data), NULL);
		}
		if (list_length(type->labels) == SD_MAX_LABELS)
			return fail(declaration, "it has too many values", NULL);
		appendStringInfoString(&text, type->labels == NIL ? "('" : ",'");
		for (const char *p = label.data; *p != '\0'; p++)
		{
			if (*p == '\'')
				appendStringInfoChar(&text, '\'');
			appendStringInfoChar(&text, *p);
		}
		appendStringInfoChar(&text, '\'');
		type->labels = lappend(type->labels, label.data);
	} while (accept(declaration, ','));
	if (!accept(declaration, ')'))
		return fail(declaration, "a parenthesis is not closed", NULL);
	appendStringInfoChar(&text, ')');
	type->kind = SD_TYPE_ENUM;
	type->declared = text.data;
	return true;
}

static bool read_type(Declaration *declaration, SdType *type);

/* ARRAY(T): PostgreSQL's arrays have any number of dimensions, whatever was declared. */
static bool
read_array(Declaration *declaration, SdType *type)
{
	if (!accept(declaration, '('))
		return fail(declaration, "the type of its elements is missing", "Write it as ARRAY(INTEGER).");
	if (!read_type(declaration, type))
		return false;
	if (!accept(declaration, ')'))
		return fail(declaration, "a parenthesis is not closed", NULL);
	if (type->kind == SD_TYPE_VIRTUAL)
		return fail(declaration, "VIRTUAL cannot be in an array", NULL);
	type->declared = psprintf("ARRAY(%s)", type->declared);
	if (type->kind == SD_TYPE_ENUM || type->extension != NULL)
		type->dimensions++;
	else if (!OidIsValid(get_element_type(type->oid)))
	{
		type->oid = get_array_type(type->oid);
		if (!OidIsValid(type->oid))
			return fail(declaration, "there are no arrays of this type", NULL);
	}
	return true;
}

/* RANGE(T), for the types of which PostgreSQL itself has ranges. */
static bool
read_range(Declaration *declaration, SdType *type)
{
	const char *begin;

	if (!accept(declaration, '('))
		return fail(declaration, "the type of its bounds is missing", "Write it as RANGE(INTEGER).");
	begin = declaration->p;
	for (int i = 0; i < lengthof(declarables); i++)
	{
		int			len = strlen(declarables[i].name);

		if (!OidIsValid(declarables[i].range) || strncmp(begin, declarables[i].name, len) != 0)
			continue;
		declaration->p = begin + len;
		if (!accept(declaration, ')'))
			continue;
		type->oid = declarables[i].range;
		type->declared = psprintf("RANGE(%s)", declarables[i].name);
		return true;
	}
	return fail(declaration, "there are no ranges of this type",
				"There are ranges of INTEGER, BIGINT, DECIMAL, DATE and DATEONLY.");
}

/* VIRTUAL, with or without the type that the value has. */
static bool
read_virtual(Declaration *declaration, SdType *type)
{
	SdType		inner = {.typmod = -1};

	type->kind = SD_TYPE_VIRTUAL;
	type->declared = "VIRTUAL";
	if (!accept(declaration, '('))
		return true;
	if (!read_type(declaration, &inner))
		return false;
	if (!accept(declaration, ')'))
		return fail(declaration, "a parenthesis is not closed", NULL);
	return true;
}

/* The name of a PostgreSQL type, as far as it goes: words, or identifiers with points. */
static char *
read_name(Declaration *declaration)
{
	StringInfoData name;

	initStringInfo(&name);
	while (true)
	{
		const char *p = declaration->p;

		if (*p == '"')
		{
			do
			{
				appendStringInfoChar(&name, *p++);
				if (p[0] == '"' && p[1] == '"')
				{
					appendStringInfoString(&name, "\"\"");
					p += 2;
				}
			} while (*p != '"' && *p != '\0');
			if (*p == '\0')
				break;
			appendStringInfoChar(&name, *p++);
		}
		else if (IS_HIGHBIT_SET(*p) || isalnum((unsigned char) *p) || *p == '_' || *p == '$' ||
				 *p == '.')
			appendStringInfoChar(&name, *p++);
		else if (*p == ' ' && (isalpha((unsigned char) p[1]) || p[1] == ' '))
			appendStringInfoChar(&name, *p++);
		else
			break;
		declaration->p = p;
	}
	while (name.len > 0 && name.data[name.len - 1] == ' ')
		name.data[--name.len] = '\0';
	return name.data;
}

/* The type of that name, which may be one that only SQL's grammar knows; or none. */
static Oid
lookup_type(const char *name)
{
	List	   *identifiers;
	Oid			schema;

	for (int i = 0; i < lengthof(sql_names); i++)
	{
		if (pg_strcasecmp(sql_names[i].name, name) == 0)
			return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid,
								   CStringGetDatum(sql_names[i].catalog_name),
								   ObjectIdGetDatum(PG_CATALOG_NAMESPACE));
	}
	if (!SplitIdentifierString(pstrdup(name), '.', &identifiers) ||
		list_length(identifiers) < 1 || list_length(identifiers) > 2)
		return InvalidOid;
	if (list_length(identifiers) == 1)
		return TypenameGetTypid(linitial(identifiers));
	schema = get_namespace_oid(linitial(identifiers), true);
	return GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum(lsecond(identifiers)),
						   ObjectIdGetDatum(schema));
}

/* The error for a name that is no type, with the nearest one that is. */
static bool
unknown_type(Declaration *declaration, const char *name)
{
	const char *names[lengthof(declarables) + lengthof(constructors)];
	char	   *upper = pstrdup(name);
	const char *nearest;
	StringInfoData list;
	int			n = 0;

	for (char *p = upper; *p != '\0'; p++)
		*p = pg_ascii_toupper((unsigned char) *p);
	for (int i = 0; i < lengthof(declarables); i++)
		names[n++] = declarables[i].name;
	for (int i = 0; i < lengthof(constructors); i++)
		names[n++] = constructors[i];
	nearest = sd_nearest(upper, strlen(upper), names, n);
	if (nearest != NULL)
		return fail(declaration, "there is no such type", psprintf("Perhaps you meant %s.", nearest));
	initStringInfo(&list);
	for (int i = 0; i < n; i++)
		appendStringInfo(&list, "%s, ", names[i]);
	return fail(declaration, "there is no such type",
				psprintf("The types are %sand those of PostgreSQL, such as point.", list.data));
}

/* Any PostgreSQL type by name: point, mood, app."My Type", timestamp(3) with time zone, int[]. */
static bool
read_postgres_type(Declaration *declaration, SdType *type)
{
	char	   *name = read_name(declaration);
	int			modifiers[SD_MAX_MODIFIERS];
	int			n;
	HeapTuple	tuple;
	Form_pg_type form;
	bool		column,
				takes_modifiers;

	if (!read_modifiers(declaration, modifiers, &n))
		return false;
	if (pg_strncasecmp(declaration->p, "with", 4) == 0)
		name = psprintf("%s %s", name, read_name(declaration));

	type->oid = lookup_type(name);
	tuple = SearchSysCache1(TYPEOID, ObjectIdGetDatum(type->oid));
	if (!HeapTupleIsValid(tuple))
		return unknown_type(declaration, name);
	form = (Form_pg_type) GETSTRUCT(tuple);
	column = form->typisdefined && form->typtype != TYPTYPE_PSEUDO;
	takes_modifiers = OidIsValid(form->typmodin);
	ReleaseSysCache(tuple);
	if (!column)
		return fail(declaration, "no column can be of this type", NULL);
	if (n > 0 && !takes_modifiers)
		return fail(declaration, "it takes no arguments", NULL);
	if (n > 1 && type->oid == INTERVALOID)
		return fail(declaration, "it has too many arguments", NULL);
	type->typmod = make_typmod(type->oid, modifiers, n);
	while (accept(declaration, '['))
	{
		if (!accept(declaration, ']'))
			return fail(declaration, "a bracket is not closed", NULL);
		if (OidIsValid(get_element_type(type->oid)))
			continue;
		type->oid = get_array_type(type->oid);
		if (!OidIsValid(type->oid))
			return fail(declaration, "there are no arrays of this type", NULL);
	}
	type->declared = format_type_extended(type->oid, type->typmod,
										  FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
	return true;
}

static bool
read_type(Declaration *declaration, SdType *type)
{
	static bool (*const read[]) (Declaration *, SdType *) = {
		read_enum, read_array, read_range, read_virtual
	};
	const char *name;
	int			len;

	StaticAssertStmt(lengthof(read) == lengthof(constructors), "every constructor is read");
	check_stack_depth();
	skip_spaces(declaration);
	name = declaration->p;
	len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	for (int i = 0; i < lengthof(constructors); i++)
	{
		if (strlen(constructors[i]) == len && strncmp(constructors[i], name, len) == 0)
		{
			declaration->p += len;
			return read[i] (declaration, type);
		}
	}
	for (int i = 0; i < lengthof(declarables); i++)
	{
		/* FLOAT and DATE begin names of PostgreSQL's, too: FLOAT8, DATERANGE */
		if (strlen(declarables[i].name) == len && strncmp(declarables[i].name, name, len) == 0 &&
			(name[len] == '\0' || strchr(" (),", name[len]) != NULL))
		{
			declaration->p += len;
			return read_declarable(declaration, &declarables[i], type);
		}
	}
	return read_postgres_type(declaration, type);
}

/*
 * The type that a declaration names, in the current context.  NULL when it
 * names none: *problem says why, and *hint, which may be NULL, what would do.
 * Raises what a PostgreSQL type raises for modifiers that it does not take.
 */
SdType *
sd_type_parse(const char *declared, const char **problem, const char **hint)
{
	Declaration declaration = {.p = declared};
	SdType	   *type = palloc0(sizeof(SdType));

	type->typmod = -1;
	if (read_type(&declaration, type))
	{
		skip_spaces(&declaration);
		if (*declaration.p == '\0')
			return type;
		(void) fail(&declaration, "something stands after it", NULL);
	}
	Assert(declaration.problem != NULL);
	*problem = declaration.problem;
	*hint = declaration.hint;
	return NULL;
}

/* The name of the enum type of a column, not quoted, as Sequelize makes it. */
char *
sd_enum_name(const char *table, const char *column)
{
	char	   *name = psprintf("enum_%s_%s", table, column);

	name[pg_mbcliplen(name, strlen(name), NAMEDATALEN - 1)] = '\0';
	return name;
}

/*
 * The PostgreSQL type for a column, as SQL: with its schema and its modifiers.
 * NULL for VIRTUAL.  The table's schema, the table and the column, not quoted,
 * name an enum's type.
 */
char *
sd_type_sql(const SdType *type, const char *schema, const char *table, const char *column)
{
	const char *element;

	if (type->kind == SD_TYPE_VIRTUAL)
		return NULL;
	if (OidIsValid(type->oid))
		return format_type_extended(type->oid, type->typmod,
									FORMAT_TYPE_TYPEMOD_GIVEN | FORMAT_TYPE_FORCE_QUALIFY);
	Assert(type->kind == SD_TYPE_ENUM || type->extension != NULL);
	element = type->kind == SD_TYPE_ENUM
		? quote_qualified_identifier(schema, sd_enum_name(table, column))
		: quote_identifier(type->extension);
	return psprintf("%s%s", element, type->dimensions > 0 ? "[]" : "");
}

/* Whether a declared type is one of the string types, which take no object or array. */
bool
sd_type_is_string(const char *declared)
{
	int			len = strspn(declared, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	static const char *const strings[] = {"STRING", "CHAR", "TEXT", "CITEXT"};

	for (int i = 0; i < lengthof(strings); i++)
	{
		if (strlen(strings[i]) == len && strncmp(strings[i], declared, len) == 0)
			return true;
	}
	return false;
}

/* Whether a column of a type can hold what the engine writes as a time, as far as that is known. */
bool
sd_holds_times(Oid type)
{
	char		category;
	bool		preferred;

	get_type_category_preferred(getBaseType(type), &category, &preferred);
	return category != TYPCATEGORY_NUMERIC && category != TYPCATEGORY_BOOLEAN;
}
