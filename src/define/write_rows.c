/*-------------------------------------------------------------------------
 * define/write_rows.c
 *		Writes rows of studentdir.model and studentdir.association.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "define/write_rows.h"
#include "execute/command.h"
#include "miscadmin.h"
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
				 errhint("The role that installed the extension can GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA studentdir.")));
}

/* A list of strings as text[]; NIL is NULL. */
static SdArg
list_arg(List *list)
{
	SdArg		arg = sd_list_arg(list);

	arg.isnull = list == NIL;
	return arg;
}

/* Writes a definition in normalized form, in place of the model's row if it has one. */
void
sd_write_model_row(const SdDefinition *definition)
{
	SdArg		args[7];

	Assert(definition->singular != NULL && definition->plural != NULL);
	Assert(definition->schema != NULL && definition->table != NULL);
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

/*
 * Writes an association with its options, JSON text, in place of the one that
 * its model has by that alias.
 */
void
sd_write_association_row(const SdAssociationRow *row, const char *options)
{
	SdArg		args[10];

	Assert(row->source_key != NIL && row->target_key != NIL);
	check_privilege("association", ACL_INSERT);
	args[0] = sd_text_arg(row->model);
	args[1] = sd_text_arg(row->alias);
	args[2] = sd_text_arg(sd_association_kind(row->kind));
	args[3] = sd_text_arg(row->target);
	args[4] = list_arg(row->source_key);
	args[5] = list_arg(row->target_key);
	args[6] = sd_text_arg(row->through);
	args[7] = list_arg(row->foreign_key);
	args[8] = list_arg(row->other_key);
	args[9] = sd_text_arg(options);
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
