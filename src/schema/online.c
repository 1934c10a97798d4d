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
#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "model/model.h"
#include "schema/ddl.h"
#include "schema/difference.h"
#include "schema/online.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

typedef enum StepKind
{
	STEP_QUICK,					/* looks at no rows */
	STEP_READS,					/* reads all rows while others write */
	STEP_ALONE					/* cannot be in a transaction */
} StepKind;

typedef struct Step
{
	StepKind	kind;
	const SdChange *change;
	int			phase;			/* among the steps of its kind of change */
	int			number;
	List	   *locked;			/* names of the tables that it locks, as SQL; those that it makes are none */
	const char *up;
	const char *down;			/* NULL: there is nothing to take back */
	bool		deparsed_up;
	bool		deparsed_down;
} Step;

typedef struct Planning
{
	SdOnlinePlan plan;
	List	   *changes;		/* of SdChange */
	List	   *steps;			/* of Step */
	SdComparison naming;		/* for names of what only the steps need */
} Planning;

static void
add_name(List **names, char *name)
{
	if (!sd_name_in(*names, name))
		*names = lappend(*names, name);
}

/* Whether a table is made by one of the changes. */
static bool
is_made(const Planning *planning, const char *schema, const char *table)
{
	ListCell   *cell;

	foreach(cell, planning->changes)
	{
		const SdChange *change = lfirst(cell);

		if (change->kind == SD_CHANGE_CREATE_TABLE && strcmp(change->on->schema, schema) == 0 &&
			strcmp(change->on->name, table) == 0)
			return true;
	}
	return false;
}

static Step *
add_step(Planning *planning, StepKind kind, const SdChange *change, int phase, const SdTable *locked,
		 const char *up, const char *down)
{
	Step	   *step = palloc0(sizeof(Step));

	step->kind = kind;
	step->change = change;
	step->phase = phase;
	step->number = list_length(planning->steps);
	step->up = up;
	step->down = down;
	if (locked != NULL && !is_made(planning, locked->schema, locked->name))
		step->locked = list_make1(sd_table_sql(locked));
	planning->steps = lappend(planning->steps, step);
	return step;
}

/* A change in the form that it has anyway. */
static Step *
add_plain(Planning *planning, const SdChange *change)
{
	Step	   *step = add_step(planning, STEP_QUICK, change, 0, change->on, change->up, change->down);

	step->deparsed_up = change->deparsed_up;
	step->deparsed_down = change->deparsed_down;
	return step;
}

/* Says of a change that others wait for it. */
static void
add_words(Planning *planning, const SdChange *change)
{
	char	   *words = psprintf("%s \"%s\": %s", change->kind == SD_CHANGE_RENAME_TYPE ? "type" : "table",
								 change->table, sd_change_name(change->kind));

	if (change->name != NULL)
		words = psprintf("%s \"%s\"", words, change->name);
	planning->plan.blocking = lappend(planning->plan.blocking, words);
}

/* A change in the form that it has anyway, of which is said that others wait for it. */
static Step *
add_blocking(Planning *planning, const SdChange *change)
{
	add_words(planning, change);
	return add_plain(planning, change);
}

static bool
is_partitioned(const SdTable *table)
{
	return OidIsValid(table->relid) && get_rel_relkind(table->relid) == RELKIND_PARTITIONED_TABLE;
}

/* A partition by its OID, with nothing but its name. */
static SdTable *
partition_table(Oid relid)
{
	SdTable    *table = palloc0(sizeof(SdTable));

	table->relid = relid;
	table->schema = get_namespace_name(get_rel_namespace(relid));
	table->name = table->was = get_rel_name(relid);
	return table;
}

/* Whether an index can be built partition by partition: foreign tables have none. */
static bool
has_foreign_partition(Oid relid)
{
	ListCell   *cell;

	foreach(cell, find_all_inheritors(relid, AccessShareLock, NULL))
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
build_index(Planning *planning, const SdChange *change, const SdTable *table, const char *name)
{
	const SdIndex *index = change->index;

	add_step(planning, STEP_ALONE, change, 1, table,
			 psprintf("-- studentdir: allow ban-concurrent-index-creation-in-transaction\n%s",
					  sd_ddl_index_concurrently(table, index, name)),
			 sd_ddl_drop_index_if_there(table, name));
	if (index->constraint)
		add_step(planning, STEP_QUICK, change, 2, table, sd_ddl_using_index(table, index, name),
				 drop_if_there(table, index, name));
}

/*
 * Builds an index on a partitioned table: each partition's first, which then
 * become parts of one that is made without them.
 */
static void
build_partitioned(Planning *planning, const SdChange *change, const SdTable *table, const char *name)
{
	SdIndex    *named = palloc(sizeof(SdIndex));
	ListCell   *cell;

	check_stack_depth();
	*named = *change->index;
	named->name = name;
	add_step(planning, STEP_QUICK, change, 0, table, sd_ddl_index_only(table, named),
			 drop_if_there(table, named, name));
	foreach(cell, find_inheritance_children(table->relid, AccessShareLock))
	{
		SdTable    *partition = partition_table(lfirst_oid(cell));
		const char *part = sd_choose_name(&planning->naming, partition,
										  named->primary ? NIL : named->columns,
										  named->primary ? "pkey" : named->constraint ? "key" : "idx");

		if (is_partitioned(partition))
			build_partitioned(planning, change, partition, part);
		else
			build_index(planning, change, partition, part);
		add_step(planning, STEP_QUICK, change, 3, partition,
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

/*
 * For a change that adds an index the one that drops another of that name, and
 * the other way round; NULL where there is none, or where the old index cannot
 * stay until the new one is there.
 */
static const SdChange *
find_replacement(const Planning *planning, const SdChange *change)
{
	SdChangeKind kind = change->kind == SD_CHANGE_ADD_INDEX ? SD_CHANGE_DROP_INDEX : SD_CHANGE_ADD_INDEX;
	const SdChange *found = NULL;
	ListCell   *cell;

	foreach(cell, planning->changes)
	{
		const SdChange *other = lfirst(cell);

		if (changes_texts(other, change->table))
			return NULL;
		if (other->kind == kind && strcmp(other->on->schema, change->on->schema) == 0 &&
			strcmp(other->table, change->table) == 0 && strcmp(other->name, change->name) == 0 &&
			!other->index->constraint && !change->index->constraint)
			found = other;
	}
	return found;
}

/* Builds an index under another name before the one whose name it is to have goes. */
static void
replace_index(Planning *planning, const SdChange *change, const SdChange *dropped)
{
	const SdTable *table = change->on;
	const char *name = sd_choose_name(&planning->naming, table, change->index->columns, "new");
	Step	   *step;

	build_index(planning, change, table, name);
	step = add_step(planning, STEP_ALONE, change, 2, table,
					psprintf("-- studentdir: allow not-in-transaction\n%s",
							 sd_ddl_drop_index_concurrently(table, change->name)),
					dropped->down);
	step->deparsed_down = dropped->deparsed_down;
	add_step(planning, STEP_QUICK, change, 3, table,
			 sd_ddl_rename_index(table, name, change->name),
			 sd_ddl_rename_index(table, change->name, name));
}

static void
plan_add_index(Planning *planning, const SdChange *change)
{
	const SdChange *dropped = find_replacement(planning, change);

	if (!OidIsValid(change->on->relid))
		add_plain(planning, change);
	else if (change->index->definition != NULL)
		/* of a type that is made anew */
		add_blocking(planning, change);
	else if (!is_partitioned(change->on) && dropped != NULL)
		replace_index(planning, change, dropped);
	else if (!is_partitioned(change->on))
		build_index(planning, change, change->on, change->name);
	else if (!has_foreign_partition(change->on->relid))
		build_partitioned(planning, change, change->on, change->name);
	else
		add_blocking(planning, change);
}

static void
plan_drop_index(Planning *planning, const SdChange *change)
{
	Step	   *step;

	if (change->index->constraint || is_partitioned(change->on))
	{
		add_blocking(planning, change);
		return;
	}
	if (find_replacement(planning, change) != NULL)
		return;
	step = add_step(planning, STEP_ALONE, change, 0, change->on,
					psprintf("-- studentdir: allow not-in-transaction\n%s",
							 sd_ddl_drop_index_concurrently(change->on, change->name)),
					change->down);
	step->deparsed_down = change->deparsed_down;
}

/* Whether a definition that the server wrote says that rows were not checked. */
static bool
is_not_valid(const SdForeignKey *key)
{
	static const char ending[] = " NOT VALID";
	size_t		len = key->definition != NULL ? strlen(key->definition) : 0;

	return len > strlen(ending) && strcmp(key->definition + len - strlen(ending), ending) == 0;
}

static void
plan_add_key(Planning *planning, const SdChange *change)
{
	const SdForeignKey *key = change->key;
	Step	   *step;

	if (!OidIsValid(change->on->relid) || is_not_valid(key))
		step = add_plain(planning, change);
	else if (is_partitioned(change->on) && !SD_PARTITIONED_KEYS_NOT_VALID)
		step = add_blocking(planning, change);
	else
	{
		step = add_step(planning, STEP_QUICK, change, 0, change->on,
						sd_ddl_add_key_not_valid(change->on, key), change->down);
		add_step(planning, STEP_READS, change, 1, change->on,
				 sd_ddl_validate(change->on, key->name), NULL);
	}
	if (!is_made(planning, key->schema, key->table))
		add_name(&step->locked, quote_qualified_identifier(key->schema, key->table));
}

/* The attribute of a model that is kept in a column, where "set" of an update can give it a value; or NULL. */
static const SdAttributeRow *
settable_attribute(const SdModelRow *row, const char *column)
{
	if (sd_row_keys(row) == NIL)
		return NULL;
	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &row->attributes[i];

		if (attribute->field == NULL || strcmp(attribute->field, column) != 0)
			continue;
		if (attribute->primary_key || attribute->read_only || attribute == row->created_at ||
			attribute == row->updated_at || attribute == row->deleted_at || attribute == row->version)
			return NULL;
		return attribute;
	}
	return NULL;
}

/* A JSON object of one member, as SQL. */
static char *
member_sql(const char *name, const char *value)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	escape_json(&json, name);
	appendStringInfo(&json, ": %s}", value);
	return quote_literal_cstr(json.data);
}

/*
 * Gives the rows without a value of a column its default: in batches where an
 * update can, else in one statement, for which writers to these rows wait.
 */
static void
plan_fill(Planning *planning, const SdChange *change)
{
	char	   *fill = sd_ddl_fill(change->on, change->column);
	const char *model = linitial(change->models);
	const SdAttributeRow *attribute;
	char	   *set;
	char	   *condition;

	if (fill == NULL)
		return;
	attribute = settable_attribute(sd_model_row(model), change->name);
	if (attribute == NULL || attribute->default_value == NULL)
	{
		add_words(planning, change);
		add_step(planning, STEP_READS, change, 0, NULL, fill, NULL);
		return;
	}
	set = JsonbToCString(NULL, &JsonbValueToJsonb(attribute->default_value)->root, 0);
	if (attribute->default_value->type == jbvBinary)
		set = psprintf("{\"$value\": %s}", set);
	set = member_sql(attribute->name, set);
	condition = member_sql(attribute->name, "null");
	add_step(planning, STEP_ALONE, change, 0, NULL,
			 psprintf("CALL studentdir.backfill(%s, %s, %s);", quote_literal_cstr(model), set, condition),
			 psprintf("DELETE FROM studentdir.backfill WHERE model OPERATOR(pg_catalog.=) %s"
					  " AND set OPERATOR(pg_catalog.=) %s AND condition OPERATOR(pg_catalog.=) %s;",
					  quote_literal_cstr(model), set, condition));
}

/*
 * A column becomes NOT NULL: what a valid CHECK says needs no look at the rows.
 */
static void
plan_not_null(Planning *planning, const SdChange *change)
{
	const SdTable *table = change->on;
	const char *check = sd_choose_name(&planning->naming, table,
									   list_make1(unconstify(char *, change->name)), "check");
	char	   *drop = sd_ddl_drop_constraint(table, check);
	char	   *add = sd_ddl_add_not_null_check(table, change->column, check);
	Step	   *step;

	plan_fill(planning, change);
	add_step(planning, STEP_QUICK, change, 1, table, add, drop);
	add_step(planning, STEP_READS, change, 2, NULL, sd_ddl_validate(table, check), NULL);
	step = add_step(planning, STEP_QUICK, change, 3, table,
					psprintf("%s\n%s", sd_ddl_nullability(table, change->column, false), drop),
					psprintf("%s\n%s", add, change->down));
	step->deparsed_down = change->deparsed_down;
}

/*
 * Whether a default is another one for each row, so that adding a column writes
 * all of the table: the function of models that gives the time is not.
 */
static bool
is_volatile_default(const SdColumn *column)
{
	char		category;
	bool		preferred;

	if (column->defaults_to != SD_DEFAULTS_TO_FUNCTION)
		return false;
	get_type_category_preferred(getBaseType(column->type_oid), &category, &preferred);
	return category != TYPCATEGORY_DATETIME;
}

/* Whether adding a column looks at no row, and does not fail where there are some. */
static bool
is_quickly_added(const SdColumn *column)
{
	return column->counting == SD_COUNTS_NOT && !is_volatile_default(column) &&
		(!column->not_null || column->default_sql != NULL);
}

static void
plan_change(Planning *planning, const SdChange *change)
{
	switch (change->kind)
	{
		case SD_CHANGE_CREATE_TABLE:
		case SD_CHANGE_DEFAULT:
		case SD_CHANGE_ADD_COUNTING:
		case SD_CHANGE_COMMENT:
			add_plain(planning, change);
			return;
		case SD_CHANGE_TYPE:
			if (change->keeps_values)
				add_plain(planning, change);
			else
				add_blocking(planning, change);
			return;
		case SD_CHANGE_ADD_COLUMN:
			if (is_quickly_added(change->column))
				add_plain(planning, change);
			else
				add_blocking(planning, change);
			return;
		case SD_CHANGE_NULLABILITY:
			if (change->column->not_null)
				plan_not_null(planning, change);
			else
				add_blocking(planning, change);
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
		case SD_CHANGE_RENAME_TYPE:
		case SD_CHANGE_RENAME_TABLE:
		case SD_CHANGE_RENAME_COLUMN:
		case SD_CHANGE_RENAME_VALUE:
		case SD_CHANGE_DROP_COUNTING:
		case SD_CHANGE_DROP_COLUMN:
		case SD_CHANGE_DROP_TABLE:
			add_blocking(planning, change);
			return;
	}
}

/* The order of steps: kinds of changes in theirs, each phase of a kind before the next one. */
static int
in_order(const ListCell *a, const ListCell *b)
{
	const Step *x = lfirst(a);
	const Step *y = lfirst(b);

	if (x->change->kind != y->change->kind)
		return (int) x->change->kind - (int) y->change->kind;
	return x->phase != y->phase ? x->phase - y->phase : x->number - y->number;
}

/* Whether a step can be in the migration of others, which lock these tables. */
static bool
joins(const Step *step, StepKind kind, List *locked)
{
	List	   *all = list_copy(locked);
	ListCell   *cell;

	if (step->kind != kind)
		return false;
	if (kind != STEP_QUICK)
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
		const Step *step = lfirst(cell);
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
join_steps(Planning *planning)
{
	List	   *part = NIL;
	List	   *locked = NIL;
	StepKind	kind = STEP_QUICK;
	ListCell   *cell;
	ListCell   *name;

	foreach(cell, planning->steps)
	{
		Step	   *step = lfirst(cell);

		if (part != NIL && !joins(step, kind, locked))
		{
			planning->plan.texts = lappend(planning->plan.texts, make_text(part));
			part = NIL;
			locked = NIL;
		}
		part = lappend(part, step);
		kind = step->kind;
		planning->plan.alone |= kind == STEP_ALONE;
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
	Planning	planning = {.changes = changes};
	ListCell   *cell;

	foreach(cell, changes)
		plan_change(&planning, lfirst(cell));
	list_sort(planning.steps, in_order);
	join_steps(&planning);
	return planning.plan;
}
