/*-------------------------------------------------------------------------
 * schema/change.c
 *		A change that makes a table as a model asks, and what it is called.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "schema/change.h"

/* What a change is called in the answer of diff(). */
const char *
sd_change_name(SdChangeKind kind)
{
	static const char *const names[] = {
		[SD_CHANGE_RENAME_TABLE] = "rename table",
		[SD_CHANGE_RENAME_COLUMN] = "rename column",
		[SD_CHANGE_RENAME_VALUE] = "rename value",
		[SD_CHANGE_DROP_KEY] = "drop foreign key",
		[SD_CHANGE_DROP_INDEX] = "drop index",
		[SD_CHANGE_DROP_COUNTING] = "drop identity",
		[SD_CHANGE_DROP_COLUMN] = "drop column",
		[SD_CHANGE_CREATE_TABLE] = "create table",
		[SD_CHANGE_TYPE] = "type",
		[SD_CHANGE_ADD_COLUMN] = "add column",
		[SD_CHANGE_DEFAULT] = "default",
		[SD_CHANGE_NULLABILITY] = "null",
		[SD_CHANGE_ADD_COUNTING] = "add identity",
		[SD_CHANGE_ADD_INDEX] = "add index",
		[SD_CHANGE_ADD_KEY] = "add foreign key",
		[SD_CHANGE_COMMENT] = "comment",
		[SD_CHANGE_DROP_TABLE] = "drop table",
		[SD_CHANGE_RENAME_TYPE] = "rename type"
	};

	StaticAssertStmt(lengthof(names) == SD_CHANGE_RENAME_TYPE + 1, "every kind of change has a name");
	Assert(kind < lengthof(names) && names[kind] != NULL);

	return names[kind];
}

/* Adds a change, whose texts are filled in by the caller; name may be NULL. */
SdChange *
sd_add_change(SdComparison *comparison, SdChangeKind kind, const SdTable *table, const char *name)
{
	SdChange   *change = palloc0(sizeof(SdChange));

	Assert(kind <= SD_CHANGE_RENAME_TYPE && table->name != NULL);
	change->kind = kind;
	change->number = list_length(comparison->changes);
	change->models = table->models;
	change->table = table->name;
	change->on = table;
	change->name = name;
	comparison->changes = lappend(comparison->changes, change);
	return change;
}
