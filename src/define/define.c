/*-------------------------------------------------------------------------
 * define/define.c
 *		Defines and forgets models.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "define/association.h"
#include "define/definition_value.h"
#include "define/conditions.h"
#include "define/define.h"
#include "define/expose.h"
#include "define/model_lock.h"
#include "define/write_rows.h"
#include "json/object_text.h"
#include "migrate/builtin.h"
#include "miscadmin.h"
#include "model/model.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Says what the caller may not expect of a model's table. */
static void
report_table(const SdDefinition *definition)
{
	Oid			schema = get_namespace_oid(definition->schema, true);
	const char *table = quote_qualified_identifier(definition->schema, definition->table);
	const char *other = sd_model_over(definition->schema, definition->table, definition->name);

	if (other != NULL)
		ereport(NOTICE,
				(errmsg("table %s is that of model \"%s\", too", table, other),
				 definition->expose != NULL ? 0
				 : errhint("The functions of model \"%s\" are made by studentdir.expose().",
						   definition->name)));
	if (OidIsValid(schema) && OidIsValid(get_relname_relid(definition->table, schema)))
		return;
	other = sd_other_schema(definition->schema, definition->table);
	if (other != NULL)
		ereport(WARNING,
				(errmsg("table %s of model \"%s\" does not exist, but %s does", table,
						definition->name, quote_qualified_identifier(other, definition->table)),
				 errhint("Define the model with the option \"schema\": %s if that is its table.",
						 sd_json_name(other))));
}

/*
 * Defines a model, or defines it anew: its associations stay.  Returns its
 * description as JSON text, in the current context.
 *
 * Raises what reading the options and the attributes raises, 42710 for a name
 * that differs from another model's only in case, 42501 when the caller may
 * not write the catalogs.  Locks the model's name until the transaction ends.
 */
char *
sd_define(const char *name, Datum attributes, Jsonb *options)
{
	static const SdPath path = {.key = "name", .len = 4};
	SdDefinition *definition;
	const char *other;

	PreventCommandIfReadOnly("studentdir.define()");
	sd_check_name(name, &path);
	sd_lock_models(list_make1(unconstify(char *, name)));
	other = sd_other_case(name);
	if (other != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_OBJECT),
				 errmsg("name: model \"%s\" differs from it only in case", other)));
	definition = sd_read_model_options(name, options);
	sd_read_attributes(definition, attributes);
	sd_check_model_options(definition);
	sd_check_conditions(definition);

	sd_write_model_row(definition);
	report_table(definition);
	sd_restore_associations(name);
	if (definition->expose != NULL)
		sd_expose(name, *definition->expose == '\0' ? NULL : definition->expose);
	return sd_describe(name, false);
}

/*
 * Forgets a model, the associations that have to do with it and the functions
 * that it is exposed by; a sample for good.  Its table stays.  Raises 42P01 for
 * an unknown model.
 */
void
sd_undefine(const char *name)
{
	PreventCommandIfReadOnly("studentdir.undefine()");
	sd_lock_models(list_make1(unconstify(char *, name)));
	if (!sd_model_exists(name))
		sd_no_such_model(name);
	sd_unexpose_everywhere(name);
	sd_delete_association_rows(name);
	if (!sd_delete_model_row(name))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("model \"%s\" was removed by another transaction", name)));
	sd_builtin_forget(name);
}
