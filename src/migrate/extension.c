/*-------------------------------------------------------------------------
 * migrate/extension.c
 *		What the system catalogs know of the installed extension.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_extension.h"
#include "commands/extension.h"
#include "migrate/extension.h"
#include "settings.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

/*
 * Returns the extension's row of pg_extension, in the current context.  The
 * target schema stands nowhere else: a schema name written into the script
 * would break on a quote, and on ALTER SCHEMA ... RENAME.
 */
SdExtension *
sd_extension(void)
{
	SdExtension *extension = palloc(sizeof(SdExtension));
	Relation	rel;
	SysScanDesc scan;
	ScanKeyData key;
	HeapTuple	tuple;
	Form_pg_extension form;
	Datum		version;
	bool		isnull;

	extension->oid = get_extension_oid(SD_SCHEMA, false);
	rel = table_open(ExtensionRelationId, AccessShareLock);
	ScanKeyInit(&key, Anum_pg_extension_oid, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(extension->oid));
	scan = systable_beginscan(rel, ExtensionOidIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("extension \"%s\" was dropped meanwhile", SD_SCHEMA)));
	form = (Form_pg_extension) GETSTRUCT(tuple);
	extension->owner = form->extowner;
	extension->schema = form->extnamespace;
	version = heap_getattr(tuple, Anum_pg_extension_extversion, RelationGetDescr(rel), &isnull);
	Assert(!isnull);
	extension->version = TextDatumGetCString(version);
	systable_endscan(scan);
	table_close(rel, AccessShareLock);

	extension->schema_name = get_namespace_name(extension->schema);
	if (extension->schema_name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_SCHEMA),
				 errmsg("the target schema of extension \"%s\" was dropped meanwhile", SD_SCHEMA)));
	return extension;
}

/* Whether a version comes before another: dotted numbers, compared one by one. */
static bool
is_earlier(const char *version, const char *other)
{
	unsigned long number;
	unsigned long other_number;

	do
	{
		char	   *end;
		char	   *other_end;

		number = strtoul(version, &end, 10);
		other_number = strtoul(other, &other_end, 10);
		version = *end == '.' ? end + 1 : "";
		other = *other_end == '.' ? other_end + 1 : "";
	} while (number == other_number && (*version || *other));
	return number < other_number;
}

/*
 * Raises 55000 when the catalogs are those of another version than the library
 * is of: after an installation of a new one; in a session that has loaded the
 * one before; where an older one was installed.  Scripts are on the way from
 * one to the other.
 */
void
sd_check_version(void)
{
	SdExtension *extension;

	if (creating_extension)
		return;
	extension = sd_extension();
	if (strcmp(extension->version, SD_VERSION) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("the library of %s is of version %s, and the extension of version %s",
						SD_SCHEMA, SD_VERSION, extension->version),
				 is_earlier(SD_VERSION, extension->version) ?
				 errhint("Connect anew: a session keeps the library that it has loaded. If that does not help, install version %s of the library.",
						 extension->version) :
				 errhint("Run ALTER EXTENSION %s UPDATE, and connect anew: a session keeps the library that it has loaded.",
						 SD_SCHEMA)));
}
