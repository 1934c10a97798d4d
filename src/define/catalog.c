/*-------------------------------------------------------------------------
 * define/catalog.c
 *		Rows of studentdir.model and studentdir.association.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "define/catalog.h"
#include "execute/command.h"
#include "migrate/extension.h"
#include "miscadmin.h"
#include "model/model.h"
#include "parse/reader.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* Raises 42501 when the caller may not write a catalog in such a way. */
static void
check_privilege(const char *catalog, AclMode mode)
{
	if (pg_class_aclcheck(sd_catalog_table(catalog), GetUserId(), mode) != ACLCHECK_OK)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" may not change models",
						GetUserNameFromId(GetUserId(), false)),
				 errhint("The role that installed the extension can GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir.")));
}

/* A list of strings as text[]; NIL is NULL. */
static SdArg
list_arg(List *list)
{
	SdArg		arg = {TEXTARRAYOID, (Datum) 0, true};
	Datum	   *elements;
	ListCell   *cell;

	if (list == NIL)
		return arg;
	elements = palloc(sizeof(Datum) * list_length(list));
	foreach(cell, list)
		elements[foreach_current_index(cell)] = CStringGetTextDatum(lfirst(cell));
	return sd_arg(TEXTARRAYOID,
				  PointerGetDatum(construct_array(elements, list_length(list), TEXTOID, -1, false,
												  TYPALIGN_INT)));
}

/* A text[] as a list of strings; NULL, and elements that are, are left out. */
static List *
rows_list(const SdRows *rows, int row, int col)
{
	List	   *list = NIL;
	Datum	   *elements;
	bool	   *nulls;
	int			n;

	if (SD_ISNULL(rows, row, col))
		return NIL;
	deconstruct_array(DatumGetArrayTypeP(SD_VALUE(rows, row, col)), TEXTOID, -1, false,
					  TYPALIGN_INT, &elements, &nulls, &n);
	for (int i = 0; i < n; i++)
	{
		if (!nulls[i])
			list = lappend(list, TextDatumGetCString(elements[i]));
	}
	return list;
}

/* The row of a model, or NULL. */
SdModelRow *
sd_find_model_row(const char *name)
{
	SdArg		arg = sd_text_arg(name);
	SdRows	   *rows;
	SdModelRow *row;

	rows = sd_query("SELECT singular, plural, schema_name, table_name, attributes, options"
					" FROM studentdir.model WHERE name OPERATOR(pg_catalog.=) $1",
					&arg, 1, InvalidSnapshot);
	if (rows->nrows == 0)
		return NULL;
	row = palloc(sizeof(SdModelRow));
	row->name = pstrdup(name);
	row->singular = sd_rows_text(rows, 0, 0);
	row->plural = sd_rows_text(rows, 0, 1);
	row->schema = sd_rows_text(rows, 0, 2);
	row->table = sd_rows_text(rows, 0, 3);
	row->attributes = DatumGetJsonbP(SD_VALUE(rows, 0, 4));
	row->options = DatumGetJsonbP(SD_VALUE(rows, 0, 5));
	return row;
}

/* The row of a model; raises 42P01 where there is none. */
SdModelRow *
sd_model_row(const char *name)
{
	SdModelRow *row = sd_find_model_row(name);

	if (row == NULL)
		sd_no_such_model(name, sd_catalog_table("model"));
	return row;
}

/* The model whose name differs from name only in case, or NULL. */
const char *
sd_other_case(const char *name)
{
	SdArg		arg = sd_text_arg(name);
	SdRows	   *rows;

	rows = sd_query("SELECT name FROM studentdir.model"
					" WHERE pg_catalog.lower(name) OPERATOR(pg_catalog.=) pg_catalog.lower($1)"
					" AND name OPERATOR(pg_catalog.<>) $1 LIMIT 1",
					&arg, 1, InvalidSnapshot);
	return rows->nrows == 0 ? NULL : sd_rows_text(rows, 0, 0);
}

/* Writes a definition in normalized form, in place of the model's row if it has one. */
void
sd_write_model_row(const SdDefinition *definition)
{
	SdArg		args[7];

	check_privilege("model", ACL_INSERT);
	args[0] = sd_text_arg(definition->name);
	args[1] = sd_text_arg(definition->singular);
	args[2] = sd_text_arg(definition->plural);
	args[3] = sd_text_arg(definition->schema);
	args[4] = sd_text_arg(definition->table);
	args[5] = sd_text_arg(sd_attributes_json(definition));
	args[6] = sd_text_arg(sd_model_options_json(definition));
	sd_command("INSERT INTO studentdir.model"
			   " (name, singular, plural, schema_name, table_name, attributes, options)"
			   " VALUES ($1, $2, $3, $4, $5, $6::pg_catalog.jsonb, $7::pg_catalog.jsonb)"
			   " ON CONFLICT (name) DO UPDATE SET singular = excluded.singular,"
			   " plural = excluded.plural, schema_name = excluded.schema_name,"
			   " table_name = excluded.table_name, attributes = excluded.attributes,"
			   " options = excluded.options",
			   args, lengthof(args));
}

/*
 * Adds an attribute, JSON text in normalized form, behind those that the model
 * has, unless another session has just added one of that name.
 */
void
sd_append_attribute(const SdModelRow *row, const char *name, const char *attribute)
{
	SdArg		args[3];

	args[0] = sd_text_arg(row->name);
	args[1] = sd_text_arg(name);
	args[2] = sd_text_arg(attribute);
	sd_command("UPDATE studentdir.model SET attributes ="
			   " attributes OPERATOR(pg_catalog.||) $3::pg_catalog.jsonb"
			   " WHERE name OPERATOR(pg_catalog.=) $1 AND NOT attributes OPERATOR(pg_catalog.@>)"
			   " pg_catalog.jsonb_build_array(pg_catalog.jsonb_build_object('name'::pg_catalog.text, $2))",
			   args, lengthof(args));
}

/* Deletes the row of a model; false when there is none. */
bool
sd_delete_model_row(const char *name)
{
	SdArg		arg = sd_text_arg(name);

	return sd_command("DELETE FROM studentdir.model WHERE name OPERATOR(pg_catalog.=) $1",
					  &arg, 1) > 0;
}

/* A member of an object as a string, or NULL. */
char *
sd_row_string(const JsonbValue *object, const char *key)
{
	JsonbValue	value;

	if (getKeyJsonValueFromContainer(object->val.binary.data, key, strlen(key), &value) == NULL ||
		value.type != jbvString)
		return NULL;
	return sd_string(&value);
}

/* A member of an object as a boolean, with a default. */
bool
sd_row_flag(const JsonbValue *object, const char *key, bool otherwise)
{
	JsonbValue	value;

	if (getKeyJsonValueFromContainer(object->val.binary.data, key, strlen(key), &value) == NULL ||
		value.type != jbvBool)
		return otherwise;
	return value.val.boolean;
}

/* Finds an attribute's normalized form by name. */
bool
sd_row_attribute(const SdModelRow *row, const char *name, JsonbValue *attribute)
{
	JsonbValue	root;
	SdReader	reader;

	sd_root(row->attributes, &root);
	if (!sd_is_array(&root))
		return false;
	sd_read(&reader, &root, NULL);
	while (sd_next_element(&reader))
	{
		char	   *found = sd_is_object(&reader.value) ? sd_row_string(&reader.value, "name") : NULL;

		if (found != NULL && strcmp(found, name) == 0)
		{
			*attribute = reader.value;
			return true;
		}
	}
	return false;
}

/* The names of the primary key's attributes, in declared order. */
List *
sd_row_keys(const SdModelRow *row)
{
	List	   *keys = NIL;
	JsonbValue	root;
	SdReader	reader;

	sd_root(row->attributes, &root);
	if (!sd_is_array(&root))
		return NIL;
	sd_read(&reader, &root, NULL);
	while (sd_next_element(&reader))
	{
		if (sd_is_object(&reader.value) && sd_row_flag(&reader.value, "primaryKey", false) &&
			sd_row_string(&reader.value, "name") != NULL)
			keys = lappend(keys, sd_row_string(&reader.value, "name"));
	}
	return keys;
}

/* The associations that have to do with a model: from it, to it and through it, in order. */
List *
sd_association_rows(const char *model)
{
	SdArg		arg = sd_text_arg(model);
	SdRows	   *rows;
	List	   *list = NIL;

	rows = sd_query("SELECT model, alias, kind, target, source_key, target_key, through,"
					" foreign_key, other_key, options::pg_catalog.text FROM studentdir.association"
					" WHERE model OPERATOR(pg_catalog.=) $1 OR target OPERATOR(pg_catalog.=) $1"
					" OR through OPERATOR(pg_catalog.=) $1 ORDER BY model, alias",
					&arg, 1, InvalidSnapshot);
	for (int i = 0; i < rows->nrows; i++)
	{
		SdAssociationRow *row = palloc(sizeof(SdAssociationRow));

		row->model = sd_rows_text(rows, i, 0);
		row->alias = sd_rows_text(rows, i, 1);
		row->kind = sd_rows_text(rows, i, 2);
		row->target = sd_rows_text(rows, i, 3);
		row->source_key = rows_list(rows, i, 4);
		row->target_key = rows_list(rows, i, 5);
		row->through = sd_rows_text(rows, i, 6);
		row->foreign_key = rows_list(rows, i, 7);
		row->other_key = rows_list(rows, i, 8);
		row->options = sd_rows_text(rows, i, 9);
		list = lappend(list, row);
	}
	return list;
}

/* Writes an association, in place of the one that its model has by that alias. */
void
sd_write_association_row(const SdAssociationRow *row)
{
	SdArg		args[10];

	check_privilege("association", ACL_INSERT);
	args[0] = sd_text_arg(row->model);
	args[1] = sd_text_arg(row->alias);
	args[2] = sd_text_arg(row->kind);
	args[3] = sd_text_arg(row->target);
	args[4] = list_arg(row->source_key);
	args[5] = list_arg(row->target_key);
	args[6] = sd_text_arg(row->through);
	args[7] = list_arg(row->foreign_key);
	args[8] = list_arg(row->other_key);
	args[9] = sd_text_arg(row->options);
	sd_command("INSERT INTO studentdir.association"
			   " (model, alias, kind, target, source_key, target_key, through, foreign_key,"
			   " other_key, options)"
			   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::pg_catalog.jsonb)"
			   " ON CONFLICT (model, alias) DO UPDATE SET kind = excluded.kind,"
			   " target = excluded.target, source_key = excluded.source_key,"
			   " target_key = excluded.target_key, through = excluded.through,"
			   " foreign_key = excluded.foreign_key, other_key = excluded.other_key,"
			   " options = excluded.options",
			   args, lengthof(args));
}

/* Deletes the associations that have to do with a model. */
void
sd_delete_association_rows(const char *model)
{
	SdArg		arg = sd_text_arg(model);

	check_privilege("association", ACL_DELETE);
	sd_command("DELETE FROM studentdir.association"
			   " WHERE model OPERATOR(pg_catalog.=) $1 OR target OPERATOR(pg_catalog.=) $1"
			   " OR through OPERATOR(pg_catalog.=) $1",
			   &arg, 1);
}

/* Whether two lists have the same names in the same order. */
bool
sd_same_names(List *a, List *b)
{
	ListCell   *ca;
	ListCell   *cb;

	if (list_length(a) != list_length(b))
		return false;
	forboth(ca, a, cb, b)
	{
		if (strcmp(lfirst(ca), lfirst(cb)) != 0)
			return false;
	}
	return true;
}
