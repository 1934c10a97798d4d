/*-------------------------------------------------------------------------
 * define/expose.c
 *		Makes and drops the typed functions of a model.
 *
 * They are SQL functions with string bodies, which belong to the caller and are
 * dumped like any.  They depend on the extension as a trigger's function may:
 * it takes them with it when it is dropped.  Each one's comment ends with who
 * made it, by which it is known again.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "define/expose.h"
#include "execute/command.h"
#include "json/object_text.h"
#include "migrate/extension.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "model/model.h"
#include "model/types.h"
#include "settings.h"
#include "storage/lmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/lsyscache.h"
#include "utils/regproc.h"

/*
 * One typed function.  In the texts, @m is the model's name and @a the
 * association's, as literals, @i the option that includes it, @t the type of
 * the key and @k the key as the generic function takes it, @u the type of the
 * key of the association's target; in the names and comments @s and @p are the
 * model's singular and plural, @w the association.
 */
typedef struct TypedFunction
{
	const char *name;
	const char *args;
	const char *arg_types;
	const char *returns;
	const char *properties;
	const char *body;
	const char *comment;
} TypedFunction;

#define PARAMS		"params pg_catalog.jsonb DEFAULT NULL"
#define OPTIONS		"options pg_catalog.jsonb DEFAULT '{}', " PARAMS
#define RECORDS		"TABLE (record pg_catalog.json)"
#define CREATED		"TABLE (record pg_catalog.json, created pg_catalog.bool)"

static const TypedFunction model_functions[] = {
	{"@p_find_all", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "STABLE",
	"studentdir.find_all(@m, $1, $2)", "@p as JSON records"},
	{"@p_list", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.json", "STABLE",
	"studentdir.list(@m, $1, $2)", "@p as one JSON array"},
	{"@p_find_and_count_all", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.json", "STABLE",
	"studentdir.find_and_count_all(@m, $1, $2)", "a page of @p, and how many there are"},
	{"@p_aggregate", "fn pg_catalog.text, attribute pg_catalog.text, " OPTIONS,
		"pg_catalog.text, pg_catalog.text, pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.json", "STABLE",
	"studentdir.aggregate(@m, $1, $2, $3, $4)", "count, sum, avg, min or max of an attribute of @p"},
	{"@p_count", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.int8", "STABLE",
	"studentdir.count(@m, $1, $2)", "the number of @p"},
	{"@s_find_one", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "STABLE ROWS 1",
	"studentdir.find_one(@m, $1, $2)", "the first of the @p that the options ask for"},
	{"@s_create", "data pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb", RECORDS,
	"VOLATILE ROWS 1", "studentdir.create(@m, $1, $2, $3)", "writes a new @s and returns it"},
	{"@p_bulk_create", "data pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb",
		RECORDS, "VOLATILE", "studentdir.bulk_create(@m, $1, $2, $3)",
	"writes an array of new @p, all or none, and returns them"},
	{"@s_upsert", "data pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb",
		CREATED, "VOLATILE ROWS 1", "studentdir.upsert(@m, $1, $2, $3)",
	"writes a @s, or changes the one with the same unique key; returns it, and whether it is new"},
	{"@s_find_or_create", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", CREATED, "VOLATILE ROWS 1",
		"studentdir.find_or_create(@m, $1, $2)",
	"the first of the @p that the options ask for, or else a new one; and whether it is new"},
	{"@p_update", "data pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb",
		"pg_catalog.int8", "VOLATILE", "studentdir.update(@m, $1, $2, $3)",
	"changes @p and returns how many"},
	{"@p_increment", "amounts pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb",
		"pg_catalog.int8", "VOLATILE", "studentdir.increment_where(@m, $1, $2, $3)",
	"adds amounts to attributes of @p and returns how many"},
	{"@p_decrement", "amounts pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb",
		"pg_catalog.int8", "VOLATILE", "studentdir.decrement_where(@m, $1, $2, $3)",
	"subtracts amounts from attributes of @p and returns how many"},
	{"@p_destroy", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.int8", "VOLATILE",
	"studentdir.destroy(@m, $1, $2)", "deletes @p and returns how many"}
};

/* of models that have a primary key */
static const TypedFunction key_functions[] = {
	{"@s_find_by_pk", "id @t, " OPTIONS, "@t, pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "STABLE ROWS 1",
	"studentdir.find_by_pk(@m, @k, $2, $3)", "one @s by key"},
	{"@s_update", "id @t, data pg_catalog.jsonb, " OPTIONS,
		"@t, pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "VOLATILE ROWS 1",
	"studentdir.update_by_pk(@m, @k, $2, $3, $4)", "changes one @s and returns the changed record"},
	{"@p_bulk_update", "data pg_catalog.jsonb, " OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb",
		RECORDS, "VOLATILE", "studentdir.bulk_update(@m, $1, $2, $3)",
	"changes an array of @p, each given by its key, all or none, and returns them in its order"},
	{"@s_increment", "id @t, amounts pg_catalog.jsonb, " OPTIONS,
		"@t, pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "VOLATILE ROWS 1",
		"studentdir.increment(@m, @k, $2, $3, $4)",
	"adds amounts to attributes of one @s and returns the changed record"},
	{"@s_decrement", "id @t, amounts pg_catalog.jsonb, " OPTIONS,
		"@t, pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "VOLATILE ROWS 1",
		"studentdir.decrement(@m, @k, $2, $3, $4)",
	"subtracts amounts from attributes of one @s and returns the changed record"},
	{"@s_destroy", "id @t, " OPTIONS, "@t, pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.int8", "VOLATILE",
	"studentdir.destroy_by_pk(@m, @k, $2, $3)", "deletes one @s; returns 1, or 0 if it does not exist"}
};

/* of paranoid models */
static const TypedFunction paranoid_functions[] = {
	{"@p_restore", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.int8", "VOLATILE",
	"studentdir.restore(@m, $1, $2)", "brings back deleted @p and returns how many"}
};

/* of paranoid models that have a primary key */
static const TypedFunction paranoid_key_functions[] = {
	{"@s_restore", "id @t, " OPTIONS, "@t, pg_catalog.jsonb, pg_catalog.jsonb", "pg_catalog.int8", "VOLATILE",
	"studentdir.restore_by_pk(@m, @k, $2, $3)", "brings back one deleted @s; returns 1, or 0 if it does not exist"}
};

/* of each association */
static const TypedFunction association_functions[] = {
	{"@p_with_@w", OPTIONS, "pg_catalog.jsonb, pg_catalog.jsonb", RECORDS, "STABLE",
	"studentdir.find_all_with(@m, @a, $1, $2)", "@p as JSON records, each with its @w"}
};

/* of each association, where the model has a primary key */
static const TypedFunction association_key_functions[] = {
	{"@s_with_@w", "id @t, " PARAMS, "@t, pg_catalog.jsonb", RECORDS, "STABLE ROWS 1",
	"studentdir.find_by_pk(@m, @k, @i::pg_catalog.jsonb, $2)", "one @s by key, with its @w"}
};

#define LINK_ARGS	"id @t, records pg_catalog.jsonb, " OPTIONS
#define LINK_TYPES	"@t, pg_catalog.jsonb, pg_catalog.jsonb, pg_catalog.jsonb"
#define LINKED		"TABLE (added pg_catalog.int8, removed pg_catalog.int8, record pg_catalog.json)"

/* of each association to many records, where both models have a primary key */
static const TypedFunction to_many_functions[] = {
	{"@s_add_@w", LINK_ARGS, LINK_TYPES, "pg_catalog.json", "VOLATILE",
	"studentdir.add(@m, @k, @a, $2, $3, $4)", "links existing @w to one @s; returns how many were not linked yet"},
	{"@s_remove_@w", LINK_ARGS, LINK_TYPES, "pg_catalog.json", "VOLATILE",
	"studentdir.remove(@m, @k, @a, $2, $3, $4)", "unlinks @w from one @s; returns how many were linked"},
	{"@s_set_@w", LINK_ARGS, LINK_TYPES, LINKED, "VOLATILE ROWS 1",
	"studentdir.set(@m, @k, @a, $2, $3, $4)", "links just these @w to one @s, and unlinks all others"},
	{"@s_has_@w", "id @t, records pg_catalog.jsonb, " PARAMS, "@t, pg_catalog.jsonb, pg_catalog.jsonb",
		"pg_catalog.bool", "VOLATILE", "studentdir.has(@m, @k, @a, $2, $3)",
	"whether all of these @w are linked to one @s"}
};

/* of each association to one record, likewise */
static const TypedFunction to_one_functions[] = {
	{"@s_set_@w", "id @t, key @u, " OPTIONS, "@t, @u, pg_catalog.jsonb, pg_catalog.jsonb", LINKED, "VOLATILE ROWS 1",
	"studentdir.set(@m, @k, @a, pg_catalog.to_jsonb($2), $3, $4)",
	"makes the record with this key the @w of one @s, or for NULL none"}
};

/* what the places in the texts stand for */
typedef struct Exposure
{
	const char *schema;
	const char *model;
	const char *singular;		/* in snake case */
	const char *plural;
	const char *key_type;		/* NULL: there is no primary key */
	const char *key;
	const char *alias;
	const char *target_type;	/* of the key of the association's target; NULL: it has none */
	List	   *names;			/* of the functions so far, to see that none occurs twice */
	StringInfoData signatures;	/* of the functions so far, the elements of an SQL array */
	StringInfoData sql;
} Exposure;

static char *
fill(const Exposure *exposure, const char *text)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (const char *p = text; *p != '\0'; p++)
	{
		StringInfoData json;

		if (*p != '@')
		{
			appendStringInfoChar(&buf, *p);
			continue;
		}
		switch (*++p)
		{
			case 'm':
				appendStringInfoString(&buf, quote_literal_cstr(exposure->model));
				break;
			case 's':
				appendStringInfoString(&buf, exposure->singular);
				break;
			case 'p':
				appendStringInfoString(&buf, exposure->plural);
				break;
			case 't':
				Assert(exposure->key_type != NULL);
				appendStringInfoString(&buf, exposure->key_type);
				break;
			case 'k':
				Assert(exposure->key != NULL);
				appendStringInfoString(&buf, exposure->key);
				break;
			case 'a':
				Assert(exposure->alias != NULL);
				appendStringInfoString(&buf, quote_literal_cstr(exposure->alias));
				break;
			case 'i':
				initStringInfo(&json);
				appendStringInfoString(&json, "{\"include\":");
				escape_json(&json, exposure->alias);
				appendStringInfoChar(&json, '}');
				appendStringInfoString(&buf, quote_literal_cstr(json.data));
				break;
			case 'u':
				Assert(exposure->target_type != NULL);
				appendStringInfoString(&buf, exposure->target_type);
				break;
			case 'w':
				Assert(exposure->alias != NULL);
				appendStringInfoString(&buf, sd_underscore(exposure->alias));
				break;
		}
	}
	return buf.data;
}

/* What the comments of a model's functions end with. */
static char *
signature(const char *model)
{
	return psprintf(" (made by studentdir.expose(%s))", quote_literal_cstr(model));
}

/* What a function does, in a word: comments begin with it, so that a list of functions can be read in groups. */
static const char *
group_of(const TypedFunction *function)
{
	if (strncmp(function->properties, "STABLE", 6) == 0)
		return "read";
	return strstr(function->name, "@w") != NULL ? "link" : "write";
}

/* Adds the statements that make one function; raises 42622 and 42723 for its name. */
static void
add_function(Exposure *exposure, const TypedFunction *function)
{
	char	   *name = fill(exposure, function->name);
	char	   *body = psprintf("SELECT %s", fill(exposure, function->body));
	char	   *qualified;
	ListCell   *cell;

	if (strlen(name) >= NAMEDATALEN)
		ereport(ERROR,
				(errcode(ERRCODE_NAME_TOO_LONG),
				 errmsg("function \"%s\" of model \"%s\" would have too long a name", name,
						exposure->model),
				 errdetail("It has %d bytes; PostgreSQL's names have at most %d.",
						   (int) strlen(name), NAMEDATALEN - 1),
				 errhint("Give the model a shorter \"name\", or the association another \"as\".")));
	foreach(cell, exposure->names)
	{
		if (strcmp(lfirst(cell), name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_FUNCTION),
					 errmsg("two functions of model \"%s\" would be called \"%s\"",
							exposure->model, name),
					 errhint("Give the model another \"name\", or the association another \"as\".")));
	}
	exposure->names = lappend(exposure->names, name);
	qualified = quote_qualified_identifier(exposure->schema, name);
	appendStringInfo(&exposure->sql,
					 "CREATE OR REPLACE FUNCTION %s(%s) RETURNS %s LANGUAGE sql %s AS %s;",
					 qualified, fill(exposure, function->args), function->returns,
					 function->properties, quote_literal_cstr(body));
	qualified = psprintf("%s(%s)", qualified, fill(exposure, function->arg_types));
	appendStringInfo(&exposure->signatures, "%s%s", exposure->signatures.len == 0 ? "" : ", ",
					 quote_literal_cstr(qualified));
	appendStringInfo(&exposure->sql, "COMMENT ON FUNCTION %s IS %s;", qualified,
					 quote_literal_cstr(psprintf("%s, %s: %s%s", exposure->model, group_of(function),
												 fill(exposure, function->comment),
												 signature(exposure->model))));
	appendStringInfo(&exposure->sql, "ALTER FUNCTION %s DEPENDS ON EXTENSION %s;", qualified, SD_SCHEMA);
}

static void
add_functions(Exposure *exposure, const TypedFunction *functions, int n)
{
	for (int i = 0; i < n; i++)
		add_function(exposure, &functions[i]);
}

/*
 * The type of the argument that is the key of a model, NULL where it has none; *as
 * is how the generic functions take it.
 */
static const char *
key_type(const SdModelRow *row, const char **as)
{
	List	   *keys = sd_row_keys(row);
	const char *ignored;
	SdType	   *type;

	*as = "$1";
	if (keys == NIL)
		return NULL;
	if (list_length(keys) > 1)
		return "pg_catalog.jsonb";

	type = sd_type_parse(sd_row_attribute(row, linitial(keys))->type, &ignored, &ignored);
	if (type == NULL || !OidIsValid(type->oid))
		return "pg_catalog.text";
	switch (type->oid)
	{
		case INT2OID:
		case INT4OID:
			*as = "$1::pg_catalog.int8";
			break;
		case INT8OID:
		case UUIDOID:
		case TEXTOID:
		case JSONBOID:
			break;
		default:
			*as = "$1::pg_catalog.text";
			break;
	}
	return format_type_extended(type->oid, -1, FORMAT_TYPE_FORCE_QUALIFY);
}

/* The functions that link records through an association, where both sides have keys. */
static void
add_links(Exposure *exposure, const SdAssociationRow *association)
{
	SdModelRow *target = sd_find_model_row(association->target);
	const char *ignored;

	exposure->target_type = target != NULL ? key_type(target, &ignored) : NULL;
	if (exposure->key_type == NULL || exposure->target_type == NULL)
		return;
	if (association->kind == SD_HAS_MANY || association->kind == SD_BELONGS_TO_MANY)
		add_functions(exposure, to_many_functions, lengthof(to_many_functions));
	else
		add_functions(exposure, to_one_functions, lengthof(to_one_functions));
}

/*
 * The functions in a schema that expose() made for a model, as OIDs; all
 * schemas for NULL.  A body in which the model stands is looked for first: there
 * are thousands of functions, and comments are looked up one by one.
 */
static SdRows *
made_functions(const char *model, const char *schema)
{
	SdArg		args[3];

	args[0] = sd_text_arg(signature(model));
	args[1] = sd_text_arg(schema);
	args[2] = sd_text_arg(psprintf("(%s", quote_literal_cstr(model)));
	return sd_query("SELECT p.oid, p.proname::pg_catalog.text"
					" FROM (SELECT p.oid, p.proname, p.pronamespace FROM pg_catalog.pg_proc AS p"
					" WHERE p.prolang OPERATOR(pg_catalog.=) (SELECT l.oid FROM pg_catalog.pg_language AS l"
					" WHERE l.lanname OPERATOR(pg_catalog.=) 'sql'::pg_catalog.name)"
					" AND pg_catalog.strpos(p.prosrc, $3) OPERATOR(pg_catalog.>) 0 OFFSET 0) AS p"
					" JOIN pg_catalog.pg_namespace AS n"
					" ON n.oid OPERATOR(pg_catalog.=) p.pronamespace"
					" WHERE ($2 IS NULL OR n.nspname OPERATOR(pg_catalog.=) $2::pg_catalog.name)"
					" AND pg_catalog.\"right\"(pg_catalog.obj_description(p.oid, 'pg_proc'::pg_catalog.name),"
					" pg_catalog.length($1)) OPERATOR(pg_catalog.=) $1"
					" ORDER BY p.oid",
					args, lengthof(args), InvalidSnapshot);
}

static bool
is_in(List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(lfirst(cell), name) == 0)
			return true;
	}
	return false;
}

/*
 * Where expose() has made functions of models, SdExposure, in the order of the
 * models' names and the schemas'; in the current context.
 */
List *
sd_exposures(void)
{
	List	   *exposures = NIL;
	SdRows	   *rows;

	rows = sd_query("SELECT DISTINCT m.name, n.nspname::pg_catalog.text COLLATE pg_catalog.\"C\""
					" FROM (SELECT p.oid, p.pronamespace FROM pg_catalog.pg_proc AS p"
					" WHERE p.prolang OPERATOR(pg_catalog.=) (SELECT l.oid FROM pg_catalog.pg_language AS l"
					" WHERE l.lanname OPERATOR(pg_catalog.=) 'sql'::pg_catalog.name)"
					" AND pg_catalog.strpos(p.prosrc, 'SELECT " SD_SCHEMA ".') OPERATOR(pg_catalog.=) 1"
					" OFFSET 0) AS p"
					" JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace"
					" JOIN studentdir.model AS m ON pg_catalog.quote_literal(m.name) OPERATOR(pg_catalog.=)"
					" pg_catalog.\"substring\"(pg_catalog.obj_description(p.oid, 'pg_proc'::pg_catalog.name),"
					" ' \\(made by studentdir\\.expose\\((.*)\\)\\)$')"
					" ORDER BY 1, 2",
					NULL, 0, InvalidSnapshot);
	for (int i = 0; i < rows->nrows; i++)
	{
		SdExposure *exposure = palloc(sizeof(SdExposure));

		exposure->model = sd_rows_text(rows, i, 0);
		exposure->schema = sd_rows_text(rows, i, 1);
		exposures = lappend(exposures, exposure);
	}
	return exposures;
}

/* Runs DDL of typed functions, which Citus does not repeat on its workers: they have no models. */
static void
run_here(const char *sql)
{
	int			nestlevel = sd_stay_on_this_node();

	sd_script(sql);
	sd_end_this_node(nestlevel);
}

/* Drops a function, unless another session has done so. */
static void
drop_function(Oid function)
{
	char	   *name = format_procedure_extended(function, FORMAT_PROC_INVALID_AS_NULL |
												 FORMAT_PROC_FORCE_QUALIFY);

	if (name != NULL)
		run_here(psprintf("DROP FUNCTION IF EXISTS %s", name));
}

/* Drops those of the functions made before that are not among those made now. */
static void
drop_outdated(const Exposure *exposure, const SdRows *made)
{
	SdRows	   *current;

	Assert(exposure->signatures.len > 0);
	current = sd_query(psprintf("SELECT pg_catalog.to_regprocedure(s)::pg_catalog.oid"
								" FROM pg_catalog.unnest(ARRAY[%s]::pg_catalog.text[]) AS s",
								exposure->signatures.data), NULL, 0, InvalidSnapshot);
	for (int i = 0; i < made->nrows; i++)
	{
		bool		outdated = true;

		for (int j = 0; j < current->nrows; j++)
			outdated &= SD_VALUE(current, j, 0) != SD_VALUE(made, i, 0);
		if (outdated)
			drop_function(DatumGetObjectId(SD_VALUE(made, i, 0)));
	}
}

/* Raises 42723 when a function that expose() did not make has one of the names. */
static void
check_clashes(const Exposure *exposure, const SdRows *made)
{
	SdArg		arg = sd_text_arg(exposure->schema);
	SdRows	   *rows;

	rows = sd_query("SELECT p.oid, p.proname::pg_catalog.text FROM pg_catalog.pg_proc AS p"
					" JOIN pg_catalog.pg_namespace AS n"
					" ON n.oid OPERATOR(pg_catalog.=) p.pronamespace"
					" WHERE n.nspname OPERATOR(pg_catalog.=) $1::pg_catalog.name ORDER BY p.oid",
					&arg, 1, InvalidSnapshot);
	for (int i = 0; i < rows->nrows; i++)
	{
		bool		ours = false;

		if (!is_in(exposure->names, sd_rows_text(rows, i, 1)))
			continue;
		for (int j = 0; j < made->nrows; j++)
			ours |= SD_VALUE(made, j, 0) == SD_VALUE(rows, i, 0);
		if (!ours)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_FUNCTION),
					 errmsg("function %s already exists, and was not made by exposing model \"%s\"",
							format_procedure_qualified(DatumGetObjectId(SD_VALUE(rows, i, 0))),
							exposure->model),
					 errhint("Drop or rename it, or expose the model in another schema or by another \"name\".")));
	}
}

/* Raises an error for a schema that is no place for functions of a model. */
static void
check_schema(const char *schema)
{
	if (strcmp(schema, SD_SCHEMA) == 0 || strcmp(schema, "information_schema") == 0 ||
		strncmp(schema, "pg_", 3) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("models are not exposed in schema \"%s\"", schema),
				 errhint("It belongs to the %s: name a schema of your own.",
						 strcmp(schema, SD_SCHEMA) == 0 ? "extension" : "system")));
}

/*
 * Makes this transaction the only one that exposes in a schema, until it ends.
 * To replace a function waits for nobody: of two at once one would fail, or
 * replace what it has not seen.
 */
static void
lock_schema(const char *schema, bool missing_ok)
{
	Oid			namespace = get_namespace_oid(schema, missing_ok);

	if (OidIsValid(namespace))
		LockDatabaseObject(NamespaceRelationId, namespace, 0, ShareUpdateExclusiveLock);
}

/*
 * Notes in the catalog whether requests find the model.  A role that may not
 * change models can make functions of its own, but no routes for everybody: false then.
 */
static bool
mark_exposed(const char *model, bool exposed)
{
	bool		remembered;
	SdArg		args[2];

	if (pg_class_aclcheck(sd_model_catalog(&remembered), GetUserId(), ACL_UPDATE) != ACLCHECK_OK)
	{
		ereport(NOTICE,
				(errmsg("the routes of model \"%s\" stay as they are: they need UPDATE on studentdir.model",
						model)));
		return false;
	}
	args[0] = sd_text_arg(model);
	args[1] = sd_arg(BOOLOID, BoolGetDatum(exposed));
	sd_command("UPDATE studentdir.model SET exposed = $2 WHERE name OPERATOR(pg_catalog.=) $1",
			   args, lengthof(args));
	return true;
}

/* Says so where another exposed model has the same path: requests find one of the two. */
static void
note_shared_path(const SdModelRow *row)
{
	const char *path = sd_dasherize(row->plural);
	SdArg		arg = sd_text_arg(row->name);
	SdRows	   *others;

	others = sd_query("SELECT name, plural FROM studentdir.model"
					  " WHERE exposed AND name OPERATOR(pg_catalog.<>) $1 ORDER BY name",
					  &arg, 1, InvalidSnapshot);
	for (int i = 0; i < others->nrows; i++)
	{
		const char *other = sd_rows_text(others, i, 0);
		bool		first = strcmp(row->name, other) < 0;

		if (pg_strcasecmp(sd_dasherize(sd_rows_text(others, i, 1)), path) == 0)
			ereport(NOTICE,
					(errmsg("requests for /%s find model \"%s\" and not \"%s\": both have this path",
							path, first ? row->name : other, first ? other : row->name),
					 errhint("Define one of them with another \"name\".")));
	}
}

/*
 * Makes the typed functions of a model in a schema (not quoted; NULL is the
 * target schema), in place of those that were made before.  They belong to the
 * caller.  Requests find the model from now on; a NOTICE says where another one
 * has the same path.
 *
 * Raises 42P01 for an unknown model, 3F000 for an unknown schema, 22023 for one
 * that is not to be used and for a singular that equals its plural, 42723 and
 * 42622 for names that will not do, 42501 without CREATE on the schema.
 */
void
sd_expose(const char *model, const char *schema)
{
	Exposure	exposure = {.model = model, .schema = schema};
	SdModelRow *row;
	SdRows	   *made;
	ListCell   *cell;

	PreventCommandIfReadOnly("studentdir.expose()");
	row = sd_model_row(model);
	if (exposure.schema == NULL)
		exposure.schema = sd_extension()->schema_name;
	check_schema(exposure.schema);
	lock_schema(exposure.schema, false);
	exposure.singular = sd_underscore(row->singular);
	exposure.plural = sd_underscore(row->plural);
	if (strcmp(exposure.singular, exposure.plural) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" cannot be exposed: its singular and its plural are both \"%s\"",
						model, exposure.plural),
				 errhint("Define it with a \"name\" that tells them apart: {\"name\":{\"singular\":%s,\"plural\":%s}}.",
						 sd_json_name(exposure.singular),
						 sd_json_name(psprintf("all_%s", exposure.plural)))));

	initStringInfo(&exposure.sql);
	initStringInfo(&exposure.signatures);
	exposure.key_type = key_type(row, &exposure.key);
	add_functions(&exposure, model_functions, lengthof(model_functions));
	if (exposure.key_type != NULL)
		add_functions(&exposure, key_functions, lengthof(key_functions));
	if (row->paranoid)
	{
		add_functions(&exposure, paranoid_functions, lengthof(paranoid_functions));
		if (exposure.key_type != NULL)
			add_functions(&exposure, paranoid_key_functions, lengthof(paranoid_key_functions));
	}
	foreach(cell, sd_association_rows(model))
	{
		const SdAssociationRow *association = lfirst(cell);

		if (strcmp(association->model, model) != 0)
			continue;
		exposure.alias = association->alias;
		add_functions(&exposure, association_functions, lengthof(association_functions));
		if (exposure.key_type != NULL)
			add_functions(&exposure, association_key_functions,
						  lengthof(association_key_functions));
		add_links(&exposure, association);
	}

	made = made_functions(model, exposure.schema);
	check_clashes(&exposure, made);
	run_here(exposure.sql.data);
	drop_outdated(&exposure, made);
	if (mark_exposed(model, true))
		note_shared_path(row);
}

/*
 * Drops the typed functions that expose() made of a model in a schema (NULL is
 * the target schema); requests find the model as long as it is exposed in
 * another one.  Raises 42704 when there are none,
 * and what DROP FUNCTION raises.
 */
void
sd_unexpose(const char *model, const char *schema)
{
	SdRows	   *made;

	PreventCommandIfReadOnly("studentdir.unexpose()");
	if (schema == NULL)
		schema = sd_extension()->schema_name;
	lock_schema(schema, true);
	made = made_functions(model, schema);
	if (made->nrows == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("model \"%s\" is not exposed in schema \"%s\"", model, schema)));
	for (int i = 0; i < made->nrows; i++)
		drop_function(DatumGetObjectId(SD_VALUE(made, i, 0)));
	(void) mark_exposed(model, made_functions(model, NULL)->nrows > 0);
}

/* Drops the typed functions of a model in all schemas; there need not be any. */
void
sd_unexpose_everywhere(const char *model)
{
	SdRows	   *made = made_functions(model, NULL);

	for (int i = 0; i < made->nrows; i++)
		drop_function(DatumGetObjectId(SD_VALUE(made, i, 0)));
}
