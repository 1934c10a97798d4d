/*-------------------------------------------------------------------------
 * schema/online.c
 *		A difference as migrations during which readers and writers go on.
 *
 * A change becomes steps.  Those that only need a strong lock for a moment are
 * together in a migration as long as they lock one table, so that nobody waits
 * for more than one lock of it; what reads all rows takes a weak lock, in a
 * migration of its own; what cannot be in a transaction is for migrate_script().
 * Changes of a kind go through their steps side by side.
 *
 * Each step is taken back by itself, in reverse order, however many of them
 * were made.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "miscadmin.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "schema/online.h"
#include "schema/online_steps.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* among the steps of SD_CHANGE_ADD_INDEX: behind those that build one */
#define PHASE_AFTER_INDEXES	4

static void
add_name(List **names, char *name)
{
	if (!sd_name_in(*names, name))
		*names = lappend(*names, name);
}

static bool
is_partitioned(const SdTable *table)
{
	return OidIsValid(table->relid) && get_rel_relkind(table->relid) == RELKIND_PARTITIONED_TABLE;
}

/* A partition by its OID, with nothing but its name; NULL where it has gone meanwhile. */
static SdTable *
partition_table(Oid relid)
{
	SdTable    *table = palloc0(sizeof(SdTable));
	char	   *name = get_rel_name(relid);

	table->relid = relid;
	table->name = table->was = name;
	table->schema = name != NULL ? get_namespace_name(get_rel_namespace(relid)) : NULL;
	return table->schema != NULL ? table : NULL;
}

/* Whether an index can be built partition by partition: foreign tables have none. */
static bool
has_foreign_partition(Oid relid)
{
	ListCell   *cell;

	foreach(cell, find_all_inheritors(relid, NoLock, NULL))
	{
		if (get_rel_relkind(lfirst_oid(cell)) == RELKIND_FOREIGN_TABLE)
			return true;
	}
	return false;
}

/* What takes a constraint or an index away, unless another one has taken it along. */
static char *
drop_if_there(const SdTable *table, const SdIndex *index, const char *name)
{
	return index->constraint ? sd_ddl_drop_constraint_if_there(table, name)
		: sd_ddl_drop_index_if_there(table, name);
}

/* Builds an index on a table that is there, of that name, for a constraint too. */
static void
build_index(SdOnlinePlanning *planning, const SdChange *change, const SdTable *table, const char *name)
{
	const SdIndex *index = change->index;

	Assert(index != NULL);
	sd_add_step(planning, SD_STEP_ALONE, change->kind, 1, table,
				psprintf("-- studentdir: allow ban-concurrent-index-creation-in-transaction\n%s",
						 sd_ddl_index_concurrently(table, index, name)),
				sd_ddl_drop_index_if_there(table, name));
	if (index->constraint)
		sd_add_step(planning, SD_STEP_QUICK, change->kind, 2, table,
					sd_ddl_using_index(table, index, name, name, NULL), drop_if_there(table, index, name));
}

/*
 * Builds an index on a partitioned table: each partition's first, which then
 * become parts of one that is made without them.
 */
static void
build_partitioned(SdOnlinePlanning *planning, const SdChange *change, const SdTable *table, const char *name)
{
	SdIndex    *named = palloc(sizeof(SdIndex));
	ListCell   *cell;

	check_stack_depth();
	*named = *change->index;
	named->name = name;
	sd_add_step(planning, SD_STEP_QUICK, change->kind, 0, table, sd_ddl_index_only(table, named),
				drop_if_there(table, named, name));
	foreach(cell, find_inheritance_children(table->relid, NoLock))
	{
		SdTable    *partition = partition_table(lfirst_oid(cell));
		const char *part;

		if (partition == NULL)
			continue;
		part = sd_choose_name(&planning->naming, partition, named->primary ? NIL : named->columns,
							  named->primary ? "pkey" : named->constraint ? "key" : "idx");
		if (is_partitioned(partition))
			build_partitioned(planning, change, partition, part);
		else
			build_index(planning, change, partition, part);
		sd_add_step(planning, SD_STEP_QUICK, change->kind, 3, partition,
					sd_ddl_attach_index(table, name, partition, part),
					drop_if_there(table, named, name));
	}
}

/* Whether texts that say how a table was no longer hold after a change, until that is undone. */
static bool
changes_texts(const SdChange *change, const char *table)
{
	switch (change->kind)
	{
		case SD_CHANGE_RENAME_TABLE:
		case SD_CHANGE_RENAME_COLUMN:
		case SD_CHANGE_RENAME_VALUE:
			return true;
		case SD_CHANGE_TYPE:
			return !change->keeps_values && strcmp(change->table, table) == 0;
		default:
			return false;
	}
}

/* Whether two changes are about the same table. */
static bool
is_same_table(const SdChange *a, const SdChange *b)
{
	return strcmp(a->on->schema, b->on->schema) == 0 && strcmp(a->table, b->table) == 0;
}

/* Whether of two indexes the one takes the place of the other: it has its name, or is the primary key. */
static bool
takes_place(const SdChange *a, const SdChange *b)
{
	Assert(a->index != NULL && b->index != NULL);
	if (a->index->primary || b->index->primary)
		return a->index->primary && b->index->primary;
	return strcmp(a->name, b->name) == 0;
}

/* Whether another index than the one that takes its place gets the name of one that goes. */
static bool
gives_name_away(const SdOnlinePlanning *planning, const SdChange *dropped, const SdChange *added)
{
	ListCell   *cell;

	foreach(cell, planning->changes)
	{
		const SdChange *other = lfirst(cell);

		if (other->kind == SD_CHANGE_ADD_INDEX && other != added &&
			strcmp(other->on->schema, dropped->on->schema) == 0 && strcmp(other->name, dropped->name) == 0)
			return true;
	}
	return false;
}

/*
 * For a change that adds an index the one that drops another, whose place it takes, and
 * the other way round; NULL where there is none, or where the old index cannot stay until
 * the new one is there.
 */
static const SdChange *
find_replacement(const SdOnlinePlanning *planning, const SdChange *change)
{
	SdChangeKind kind = change->kind == SD_CHANGE_ADD_INDEX ? SD_CHANGE_DROP_INDEX : SD_CHANGE_ADD_INDEX;
	const SdChange *found = NULL;
	ListCell   *cell;

	if (is_partitioned(change->on))
		return NULL;
	foreach(cell, planning->changes)
	{
		const SdChange *other = lfirst(cell);

		if (changes_texts(other, change->table))
			return NULL;
		/* one that is made anew is of a type that is */
		if (other->kind == kind && is_same_table(other, change) && takes_place(other, change) &&
			(kind == SD_CHANGE_ADD_INDEX ? other : change)->index->definition == NULL)
			found = other;
	}
	if (found == NULL)
		return NULL;
	return gives_name_away(planning, kind == SD_CHANGE_ADD_INDEX ? change : found,
						   kind == SD_CHANGE_ADD_INDEX ? found : change) ? NULL : found;
}

/* Whether a column is one of an index that stays until another one takes its place. */
static bool
is_in_replaced_index(const SdOnlinePlanning *planning, const SdChange *change)
{
	ListCell   *cell;

	foreach(cell, planning->changes)
	{
		const SdChange *other = lfirst(cell);

		if (other->kind == SD_CHANGE_DROP_INDEX && is_same_table(other, change) &&
			sd_name_in(other->index->columns, change->name) && find_replacement(planning, other) != NULL)
			return true;
	}
	return false;
}

/* A change in the form that it has anyway, when indexes have taken the places of others. */
static SdOnlineStep *
add_after_indexes(SdOnlinePlanning *planning, const SdChange *change)
{
	SdOnlineStep *step = sd_add_step(planning, SD_STEP_QUICK, SD_CHANGE_ADD_INDEX, PHASE_AFTER_INDEXES, change->on,
									 change->up, change->down);

	step->deparsed_up = change->deparsed_up;
	step->deparsed_down = change->deparsed_down;
	return step;
}

/*
 * Builds an index under another name before the one goes whose place it takes.  A constraint
 * takes the place of one in a single statement, since a script ends the transaction after each.
 */
static void
replace_index(SdOnlinePlanning *planning, const SdChange *change, const SdChange *dropped)
{
	const SdTable *table = change->on;
	const SdIndex *index = change->index;
	const char *name = sd_choose_name(&planning->naming, table, index->columns, "new");
	SdIndex		built = *index;
	SdChange	building = *change;
	SdOnlineStep *step;

	built.constraint = false;
	building.index = &built;
	build_index(planning, &building, table, name);
	if (index->constraint || dropped->index->constraint)
	{
		const char *swap;

		if (index->constraint && dropped->index->constraint)
			swap = sd_ddl_using_index(table, index, change->name, name, dropped->name);
		else
			swap = psprintf("%s\n%s", dropped->up, index->constraint
							? sd_ddl_using_index(table, index, change->name, name, NULL)
							: sd_ddl_rename_index(table, name, change->name));
		step = sd_add_step(planning, SD_STEP_QUICK, change->kind, 2, table, swap,
						   psprintf("%s\n%s", change->down, dropped->down));
		step->deparsed_down = dropped->deparsed_down;
		return;
	}
	step = sd_add_step(planning, SD_STEP_ALONE, change->kind, 2, table,
					   psprintf("-- studentdir: allow not-in-transaction\n%s",
								sd_ddl_drop_index_concurrently(table, change->name)),
					   dropped->down);
	step->deparsed_down = dropped->deparsed_down;
	sd_add_step(planning, SD_STEP_QUICK, change->kind, 3, table,
				sd_ddl_rename_index(table, name, change->name),
				sd_ddl_rename_index(table, change->name, name));
}

static void
plan_add_index(SdOnlinePlanning *planning, const SdChange *change)
{
	const SdChange *dropped = find_replacement(planning, change);

	if (!OidIsValid(change->on->relid))
		sd_add_plain(planning, change);
	else if (change->index->definition != NULL)
		/* of a type that is made anew */
		sd_add_blocking(planning, change);
	else if (dropped != NULL)
		replace_index(planning, change, dropped);
	else if (!is_partitioned(change->on))
		build_index(planning, change, change->on, change->name);
	else if (!has_foreign_partition(change->on->relid))
		build_partitioned(planning, change, change->on, change->name);
	else
		sd_add_blocking(planning, change);
}

static void
plan_drop_index(SdOnlinePlanning *planning, const SdChange *change)
{
	SdOnlineStep *step;

	if (find_replacement(planning, change) != NULL)
		return;
	if (change->index->constraint || is_partitioned(change->on))
	{
		sd_add_blocking(planning, change);
		return;
	}
	step = sd_add_step(planning, SD_STEP_ALONE, change->kind, 0, change->on,
					   psprintf("-- studentdir: allow not-in-transaction\n%s",
								sd_ddl_drop_index_concurrently(change->on, change->name)),
					   change->down);
	step->deparsed_down = change->deparsed_down;
}

/* Whether a change leaves a foreign key no index to refer to, or no values of its type. */
static bool
takes_from_key(const SdChange *change, const SdForeignKey *key)
{
	return changes_texts(change, key->table) ||
		(change->kind == SD_CHANGE_DROP_INDEX && change->index->unique && strcmp(change->table, key->table) == 0);
}

/* Whether a change takes a foreign key of its table along, or its values. */
static bool
takes_key(const SdChange *change, const SdChange *of)
{
	return changes_texts(change, of->table) ||
		(change->kind == SD_CHANGE_DROP_COLUMN && is_same_table(change, of) &&
		 sd_name_in(of->key->columns, change->name));
}

/*
 * For a change that adds a foreign key the one that drops another of that name, and the
 * other way round; NULL where there is none, or where the old one cannot stay until the
 * new one is there.
 */
static const SdChange *
find_replaced_key(const SdOnlinePlanning *planning, const SdChange *change)
{
	SdChangeKind kind = change->kind == SD_CHANGE_ADD_KEY ? SD_CHANGE_DROP_KEY : SD_CHANGE_ADD_KEY;
	const SdChange *found = NULL;
	ListCell   *cell;

	foreach(cell, planning->changes)
	{
		const SdChange *other = lfirst(cell);

		if (other->kind == kind && is_same_table(other, change) && strcmp(other->name, change->name) == 0)
			found = other;
	}
	if (found == NULL)
		return NULL;
	Assert(change->key != NULL && found->key != NULL);
	foreach(cell, planning->changes)
	{
		const SdChange *other = lfirst(cell);

		if (takes_key(other, change) || takes_key(other, found) ||
			takes_from_key(other, change->key) || takes_from_key(other, found->key))
			return NULL;
	}
	return found;
}

/* A foreign key takes the place of another: the table has the one or the other at every moment. */
static SdOnlineStep *
replace_key(SdOnlinePlanning *planning, const SdChange *change, const SdChange *dropped)
{
	const SdTable *table = change->on;
	const SdForeignKey *key = change->key;
	SdForeignKey built = *key;
	char	   *referenced_before = quote_qualified_identifier(dropped->key->schema, dropped->key->table);
	SdOnlineStep *step;
	SdOnlineStep *swap;

	/* its rows are not checked, or cannot be checked later */
	if (key->not_valid || (is_partitioned(table) && !SD_PARTITIONED_KEYS_NOT_VALID))
	{
		step = key->not_valid ? sd_add_plain(planning, change) : sd_add_blocking(planning, change);
		step->up = sd_ddl_replace_key(table, key, dropped->name);
		step->down = psprintf("%s\n%s", change->down, dropped->down);
		add_name(&step->locked, referenced_before);
		return step;
	}
	built.name = sd_choose_name(&planning->naming, table, key->columns, "new");
	step = sd_add_step(planning, SD_STEP_QUICK, change->kind, 0, table, sd_ddl_add_key_not_valid(table, &built),
					   sd_ddl_drop_constraint_if_there(table, built.name));
	sd_add_step(planning, SD_STEP_READS, change->kind, 1, table, sd_ddl_validate(table, built.name), NULL);
	swap = sd_add_step(planning, SD_STEP_QUICK, change->kind, 2, table,
					   psprintf("%s\n%s", dropped->up, sd_ddl_rename_constraint(table, built.name, change->name)),
					   psprintf("%s\n%s", change->down, dropped->down));
	add_name(&swap->locked, quote_qualified_identifier(key->schema, key->table));
	add_name(&swap->locked, referenced_before);
	return step;
}

static void
plan_drop_key(SdOnlinePlanning *planning, const SdChange *change)
{
	if (find_replaced_key(planning, change) == NULL)
		sd_add_blocking(planning, change);
}

static void
plan_add_key(SdOnlinePlanning *planning, const SdChange *change)
{
	const SdForeignKey *key = change->key;
	const SdChange *dropped = find_replaced_key(planning, change);
	SdOnlineStep *step;

	Assert(key != NULL);
	if (dropped != NULL)
		step = replace_key(planning, change, dropped);
	else if (key->not_valid)
		step = sd_add_plain(planning, change);
	else if (is_partitioned(change->on) && !SD_PARTITIONED_KEYS_NOT_VALID)
		step = sd_add_blocking(planning, change);
	else
	{
		step = sd_add_step(planning, SD_STEP_QUICK, change->kind, 0, change->on,
						   sd_ddl_add_key_not_valid(change->on, key), change->down);
		sd_add_step(planning, SD_STEP_READS, change->kind, 1, change->on,
					sd_ddl_validate(change->on, key->name), NULL);
	}
	if (!sd_is_made(planning, key->schema, key->table))
		add_name(&step->locked, quote_qualified_identifier(key->schema, key->table));
}

/*
 * A column becomes an identity, which goes on after the highest number: that is
 * found by an index, which is there by then.
 */
static void
plan_counting(SdOnlinePlanning *planning, const SdChange *change)
{
	bool		indexed = false;
	ListCell   *cell;

	foreach(cell, change->on->indexes)
	{
		const SdIndex *index = lfirst(cell);

		indexed |= index->where == NULL && strcmp(index->method, "btree") == 0 &&
			index->columns != NIL && strcmp(linitial(index->columns), change->name) == 0;
	}
	if (!indexed)
		sd_add_words(planning, change);
	(void) add_after_indexes(planning, change);
}

/* A column goes, or loses its NOT NULL: not before what takes the place of an index that it is in. */
static void
plan_loss(SdOnlinePlanning *planning, const SdChange *change)
{
	if (!is_in_replaced_index(planning, change))
	{
		sd_add_blocking(planning, change);
		return;
	}
	sd_add_words(planning, change);
	(void) add_after_indexes(planning, change);
}

static void
plan_change(SdOnlinePlanning *planning, const SdChange *change)
{
	switch (change->kind)
	{
		case SD_CHANGE_CREATE_TABLE:
		case SD_CHANGE_DEFAULT:
		case SD_CHANGE_COMMENT:
			sd_add_plain(planning, change);
			return;
		case SD_CHANGE_ADD_COUNTING:
			plan_counting(planning, change);
			return;
		case SD_CHANGE_TYPE:
			if (change->keeps_values)
				sd_add_plain(planning, change);
			else
				sd_add_blocking(planning, change);
			return;
		case SD_CHANGE_ADD_COLUMN:
			sd_plan_add_column(planning, change);
			return;
		case SD_CHANGE_NULLABILITY:
			Assert(change->column != NULL && change->column_was != NULL);
			if (change->column->not_null)
				sd_plan_not_null(planning, change);
			else
				plan_loss(planning, change);
			return;
		case SD_CHANGE_DROP_COLUMN:
			plan_loss(planning, change);
			return;
		case SD_CHANGE_ADD_INDEX:
			plan_add_index(planning, change);
			return;
		case SD_CHANGE_DROP_INDEX:
			plan_drop_index(planning, change);
			return;
		case SD_CHANGE_ADD_KEY:
			plan_add_key(planning, change);
			return;
		case SD_CHANGE_DROP_KEY:
			plan_drop_key(planning, change);
			return;
		case SD_CHANGE_RENAME_TYPE:
		case SD_CHANGE_RENAME_TABLE:
		case SD_CHANGE_RENAME_COLUMN:
		case SD_CHANGE_RENAME_VALUE:
		case SD_CHANGE_DROP_COUNTING:
		case SD_CHANGE_DROP_TABLE:
			sd_add_blocking(planning, change);
			return;
	}
}

/* The order of steps: kinds of changes in theirs, each phase of a kind before the next one. */
static int
in_order(const ListCell *a, const ListCell *b)
{
	const SdOnlineStep *x = lfirst(a);
	const SdOnlineStep *y = lfirst(b);

	if (x->order != y->order)
		return (int) x->order - (int) y->order;
	return x->phase != y->phase ? x->phase - y->phase : x->number - y->number;
}

/* Whether a step can be in the migration of others, which lock these tables. */
static bool
joins(const SdOnlineStep *step, SdOnlineStepKind kind, List *locked)
{
	List	   *all = list_copy(locked);
	ListCell   *cell;

	if (step->kind != kind)
		return false;
	if (kind != SD_STEP_QUICK)
		return true;
	foreach(cell, step->locked)
		add_name(&all, lfirst(cell));
	return list_length(all) <= 1 || list_length(all) == list_length(locked);
}

static SdOnlineText *
make_text(List *steps)
{
	SdOnlineText *text = palloc(sizeof(SdOnlineText));
	List	   *changes = NIL;
	ListCell   *cell;

	foreach(cell, steps)
	{
		const SdOnlineStep *step = lfirst(cell);
		SdChange   *change = palloc0(sizeof(SdChange));

		change->up = step->up;
		change->down = step->down;
		change->deparsed_up = step->deparsed_up;
		change->deparsed_down = step->deparsed_down;
		changes = lappend(changes, change);
	}
	text->up = sd_changes_up(changes);
	text->down = sd_changes_down(changes);
	if (text->down[0] == '\0')
		text->down = "-- There is nothing to take back.\n";
	return text;
}

/* Puts the steps, in order, into as few migrations as can be. */
static void
join_steps(SdOnlinePlanning *planning)
{
	List	   *part = NIL;
	List	   *locked = NIL;
	SdOnlineStepKind kind = SD_STEP_QUICK;
	ListCell   *cell;
	ListCell   *name;

	foreach(cell, planning->steps)
	{
		SdOnlineStep *step = lfirst(cell);

		if (part != NIL && !joins(step, kind, locked))
		{
			planning->plan.texts = lappend(planning->plan.texts, make_text(part));
			part = NIL;
			locked = NIL;
		}
		part = lappend(part, step);
		kind = step->kind;
		planning->plan.alone |= kind == SD_STEP_ALONE;
		foreach(name, step->locked)
			add_name(&locked, lfirst(name));
	}
	if (part != NIL)
		planning->plan.texts = lappend(planning->plan.texts, make_text(part));
}

/*
 * What makes the changes, which sd_difference() found, in forms that let
 * readers and writers go on, as texts of migrations in their order; and what
 * has no such form, and stands in them as it is.
 */
SdOnlinePlan
sd_online_plan(List *changes)
{
	SdOnlinePlanning planning = {.changes = changes};
	ListCell   *cell;

	foreach(cell, changes)
		plan_change(&planning, lfirst(cell));
	list_sort(planning.steps, in_order);
	join_steps(&planning);
	return planning.plan;
}
