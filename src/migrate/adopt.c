/*-------------------------------------------------------------------------
 * migrate/adopt.c
 *		Takes a table that is there already for a built-in model's.
 *
 * A table fits when the engine can work with it, which leaves room for what
 * users do to their tables: more columns, other defaults, wider strings.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/relation.h"
#include "access/sysattr.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "migrate/adopt.h"
#include "miscadmin.h"
#include "parser/parse_type.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/syscache.h"

static void difference(StringInfo list, const char *fmt,...) pg_attribute_printf(2, 3);

/* Adds a line to the list of differences. */
static void
difference(StringInfo list, const char *fmt,...)
{
	if (list->len > 0)
		appendStringInfoChar(list, '\n');
	for (;;)
	{
		va_list		args;
		int			needed;

		va_start(args, fmt);
		needed = appendStringInfoVA(list, fmt, args);
		va_end(args);
		if (needed == 0)
			break;
		enlargeStringInfo(list, needed);
	}
}

/* Whether a string type takes any n characters; n is 0 for no limit. */
static bool
holds_string(Oid type, int32 typmod, int n)
{
	char		category;
	bool		preferred;

	if (type == VARCHAROID)
		return typmod < (int32) VARHDRSZ || (n > 0 && typmod - (int32) VARHDRSZ >= n);
	if (type == BPCHAROID || type == NAMEOID || type == CHAROID)
		return false;
	get_type_category_preferred(type, &category, &preferred);
	return category == TYPCATEGORY_STRING;
}

/* Returns what the type of a column should be, or NULL when it will do. */
static const char *
wanted_type(SdColumnKind kind, Oid type, int32 typmod)
{
	type = getBaseTypeAndTypmod(type, &typmod);
	switch (kind)
	{
		case SD_COLUMN_KEY:
		case SD_COLUMN_INTEGER:
			return type == INT4OID ? NULL : "integer";
		case SD_COLUMN_STRING:
			return holds_string(type, typmod, 255) ? NULL : "character varying(255)";
		case SD_COLUMN_TEXT:
			return holds_string(type, typmod, 0) ? NULL : "text";
		case SD_COLUMN_TIME:
			return type == TIMESTAMPTZOID && (typmod < 0 || typmod >= 3) ? NULL :
				"timestamp(3) with time zone";
	}
	return NULL;
}

static void
compare_column(Relation rel, const SdBuiltinColumn *column, StringInfo differences)
{
	HeapTuple	tuple = SearchSysCacheAttName(RelationGetRelid(rel), column->name);
	Form_pg_attribute att;
	const char *wanted;

	if (!HeapTupleIsValid(tuple))
	{
		difference(differences, "Column \"%s\" is missing.", column->name);
		return;
	}
	att = (Form_pg_attribute) GETSTRUCT(tuple);
	wanted = wanted_type(column->kind, att->atttypid, att->atttypmod);
	if (wanted != NULL)
		difference(differences, "Column \"%s\" is %s, not %s.", column->name,
				   format_type_with_typemod(att->atttypid, att->atttypmod), wanted);
	if (att->attgenerated != '\0')
		difference(differences, "Column \"%s\" is generated.", column->name);
	if (column->kind == SD_COLUMN_KEY)
	{
		Bitmapset  *key = RelationGetIndexAttrBitmap(rel, INDEX_ATTR_BITMAP_PRIMARY_KEY);

		if (!bms_is_member(att->attnum - FirstLowInvalidHeapAttributeNumber, key))
			difference(differences, "Column \"%s\" is not in the primary key.", column->name);
		if (att->attidentity == '\0' && !att->atthasdef)
			difference(differences, "Column \"%s\" has no default.", column->name);
	}
	ReleaseSysCache(tuple);
}

static void
compare_table(Relation rel, const SdBuiltin *builtin, StringInfo differences)
{
	Oid			owner = rel->rd_rel->relowner;

	if (rel->rd_rel->relkind != RELKIND_RELATION &&
		rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
	{
		difference(differences, "It is not a table.");
		return;
	}
	if (!is_member_of_role_nosuper(GetUserId(), owner))
		difference(differences, "It belongs to role \"%s\", not to \"%s\".",
				   GetUserNameFromId(owner, false), GetUserNameFromId(GetUserId(), false));
	Assert(builtin->columns[SD_BUILTIN_MAX_COLUMNS - 1].name == NULL);
	for (const SdBuiltinColumn *column = builtin->columns; column->name != NULL; column++)
		compare_column(rel, column, differences);
}

/*
 * Adopts the table of a built-in model, if it is there: says so and returns
 * true.  Returns false when it has to be made.  Raises 42P07, with all the
 * differences as DETAIL, when what is there does not fit or is not the
 * caller's.
 */
bool
sd_adopt(const SdBuiltin *builtin, Oid schema)
{
	Oid			relid = get_relname_relid(builtin->table, schema);
	Relation	rel = NULL;
	StringInfoData differences;
	char	   *name;

	Assert(OidIsValid(schema));
	if (OidIsValid(relid))
		rel = try_relation_open(relid, AccessShareLock);
	if (rel == NULL)
		return false;

	name = quote_qualified_identifier(get_namespace_name(schema), builtin->table);
	initStringInfo(&differences);
	compare_table(rel, builtin, &differences);
	if (differences.len > 0)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("%s already exists and cannot be adopted for model %s",
						name, builtin->model),
				 errdetail_internal("%s", differences.data),
				 errhint("Install without the samples, SET studentdir.create_tables = off, and the table is left alone. Or change or rename it, or install into another schema: CREATE EXTENSION studentdir SCHEMA schema_name.")));
	relation_close(rel, NoLock);

	/* CREATE EXTENSION hides notices */
	ereport(INFO,
			(errmsg("table %s already exists and was adopted for model %s",
					name, builtin->model)));
	return true;
}
