/*-------------------------------------------------------------------------
 * samples/install.c
 *		The steps of the extension's scripts that SQL text cannot do.
 *
 * The script of a trusted extension runs as the bootstrap superuser, and what
 * it makes belongs to the extension.  Tables and functions of the samples belong
 * to the role that called CREATE EXTENSION instead, and are no members.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_namespace.h"
#include "commands/extension.h"
#include "define/expose.h"
#include "execute/command.h"
#include "lib/stringinfo.h"
#include "migrate/builtin.h"
#include "migrate/extension.h"
#include "migrate/runner.h"
#include "miscadmin.h"
#include "model/distribution.h"
#include "samples/install.h"
#include "settings.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rls.h"

/*
 * Returns the extension that is being created or updated; raises 55000 when it
 * is not ours.
 */
static SdExtension *
extension_being_created(void)
{
	if (!creating_extension || CurrentExtensionObject != get_extension_oid(SD_SCHEMA, true))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("this is a step of the scripts of extension %s, and runs only there", SD_SCHEMA),
				 errhint("SELECT * FROM studentdir.migrate() makes tables that are missing.")));
	return sd_extension();
}

/*
 * Raises what would stop the installation halfway with a message that does not
 * help: 42P06 when the schema studentdir is there, 42501 when the installing
 * role may not make the samples' tables in the target schema.
 */
void
sd_preflight(void)
{
	SdExtension *extension = extension_being_created();

	if (OidIsValid(get_namespace_oid(SD_SCHEMA, true)))
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_SCHEMA),
				 errmsg("schema \"%s\" already exists", SD_SCHEMA),
				 errhint("The extension creates a schema of that name: rename or drop the existing one.")));
	if (sd_create_tables != SD_CREATE_TABLES_OFF &&
		!SD_MAY_CREATE_IN(extension->schema, extension->owner))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("role \"%s\" may not create tables in schema \"%s\"",
						GetUserNameFromId(extension->owner, false), extension->schema_name),
				 errhint("Install into a schema in which it may: CREATE EXTENSION studentdir SCHEMA schema_name. Or without the samples: SET studentdir.create_tables = off.")));
}

/*
 * Whether the samples are not to be made: they are not wanted, come from a dump,
 * or are the coordinator's, whose CREATE EXTENSION Citus runs on its workers too.  pg_dump's output turns row_security off; check_function_bodies, which
 * it turns off too, CREATE EXTENSION itself turns off always.
 */
static bool
without_samples(void)
{
	if (sd_create_tables == SD_CREATE_TABLES_AUTO)
		return !row_security || sd_is_citus_worker();
	return sd_create_tables == SD_CREATE_TABLES_OFF;
}

/* What the scripts grant to the owner of the database, as "INSERT ON TABLE studentdir.model". */
static SdRows *
grants_to_database_owner(void)
{
	return sd_query("SELECT pg_catalog.format('%s ON %s studentdir.%I%s', a.privilege_type, o.kind, o.name, o.arguments)"
					" FROM (SELECT 'TABLE', c.relname, '', c.relacl, c.relnamespace FROM pg_catalog.pg_class AS c"
					" UNION ALL SELECT 'ROUTINE', p.proname,"
					" pg_catalog.format('(%s)', pg_catalog.pg_get_function_identity_arguments(p.oid)),"
					" p.proacl, p.pronamespace FROM pg_catalog.pg_proc AS p)"
					" AS o (kind, name, arguments, acl, schema), pg_catalog.aclexplode(o.acl) AS a"
					" WHERE o.schema OPERATOR(pg_catalog.=) 'studentdir'::pg_catalog.regnamespace"
					" AND a.grantee OPERATOR(pg_catalog.=) 'pg_database_owner'::pg_catalog.regrole"
					" ORDER BY 1",
					NULL, 0, InvalidSnapshot);
}

/*
 * Grants the extension's owner what the owner of the database has: to define
 * and to migrate.  These grants are dumped, and a role that restores its own
 * dump runs them on itself.  PostgreSQL refuses that to a role that holds the
 * grant option from nobody but the owner, and passes it with a warning for one
 * that holds none: the database's owner holds it as pg_database_owner, others
 * get none then.
 */
static void
grant_to_owner(const SdExtension *extension)
{
	const char *role = quote_identifier(GetUserNameFromId(extension->owner, false));
	const char *option = " WITH GRANT OPTION";
	SdRows	   *grants;
	StringInfoData sql;

	Assert(!creating_extension);
	/* they have everything */
	if (superuser_arg(extension->owner))
		return;
	if (without_samples() && !has_privs_of_role(extension->owner, ROLE_PG_DATABASE_OWNER))
		option = "";
	grants = grants_to_database_owner();
	initStringInfo(&sql);
	for (int row = 0; row < grants->nrows; row++)
		appendStringInfo(&sql, "GRANT %s TO %s%s;", sd_rows_text(grants, row, 0), role, option);
	sd_script(sql.data);
}

static void
install_as_owner(const SdExtension *extension)
{
	SdMigrateOptions everything = {.ledger = &sd_migrations};
	const SdBuiltin *builtin;
	Oid			user;
	int			sec_context;

	Assert(OidIsValid(extension->owner));
	grant_to_owner(extension);
	if (without_samples())
		return;
	GetUserIdAndSecContext(&user, &sec_context);
	SetUserIdAndSecContext(extension->owner, sec_context | SECURITY_LOCAL_USERID_CHANGE);
	sd_builtin_choose_all();
	sd_migrate(&everything);
	for (int i = 0; (builtin = sd_builtin_at(i)) != NULL; i++)
		sd_expose(builtin->model, NULL);
	SetUserIdAndSecContext(user, sec_context);
}

/*
 * Does a step of a script as if the script had not: neither are tables that it
 * makes members, nor do grants belong to the script.
 */
static void
outside_of_script(void (*step) (const SdExtension *))
{
	SdExtension *extension = extension_being_created();

	creating_extension = false;
	PG_TRY();
	{
		step(extension);
	}
	PG_FINALLY();
	{
		creating_extension = true;
	}
	PG_END_TRY();
}

/*
 * The last step of CREATE EXTENSION: grants, and the samples with their tables
 * and functions, unless a dump brings them or nobody wants them.  An error ends
 * the installation.
 */
void
sd_install(void)
{
	outside_of_script(install_as_owner);
}

/*
 * The last step of ALTER EXTENSION UPDATE: the extension's owner gets the
 * privileges on what is new.
 */
void
sd_grant_to_owner(void)
{
	outside_of_script(grant_to_owner);
}
