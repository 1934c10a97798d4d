/*-------------------------------------------------------------------------
 * schema/foreign.c
 *		The foreign keys that models and associations ask for, with the indexes
 *		and the unique constraint that come with them.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "define/association.h"
#include "model/model.h"
#include "schema/index.h"
#include "utils/builtins.h"

/* how much a definition knows of what happens to a foreign key */
enum
{
	RANK_REFERENCE,				/* an attribute that refers, and says no more */
	RANK_BELONGS_TO,			/* the default of a side that only looks up */
	RANK_HAS,
	RANK_EXPLICIT,
	RANK_ATTRIBUTE				/* an attribute that refers, and says what happens */
};

/* what a model's foreign keys are collected with */
typedef struct Collector
{
	SdTable    *table;
	const SdModelRow *row;
	List	   *rows;			/* of all models that have tables */
	List	   *associations;	/* rows of all associations */
} Collector;

static const SdModelRow *
find_row(List *rows, const char *name)
{
	ListCell   *cell;

	foreach(cell, rows)
	{
		const SdModelRow *row = lfirst(cell);

		if (strcmp(row->name, name) == 0)
			return row;
	}
	return NULL;
}

/* The model that is referred to; NULL, which is noted, when it is not there. */
static const SdModelRow *
referenced_row(const Collector *collector, const char *name)
{
	const SdModelRow *row = find_row(collector->rows, name);

	if (row == NULL && !sd_model_exists(name))
		collector->table->lacking = name;
	return row;
}

/*
 * Adds a foreign key, or what is known better of one that the table has.
 * Returns it, or NULL where nothing was added.
 */
static SdForeignKey *
add_key(SdTable *table, List *columns, const SdModelRow *referenced, List *key,
		const char *on_delete, const char *on_update, int rank)
{
	SdForeignKey *foreign_key = NULL;
	ListCell   *cell;

	if (columns == NIL || key == NIL || list_length(columns) != list_length(key))
		return NULL;
	foreach(cell, table->foreign_keys)
	{
		SdForeignKey *other = lfirst(cell);

		if (sd_same_names(other->columns, columns) && sd_same_names(other->referenced, key) &&
			strcmp(other->schema, referenced->schema) == 0 &&
			strcmp(other->table, referenced->table) == 0)
			foreign_key = other;
	}
	if (foreign_key != NULL && foreign_key->rank >= rank)
		return NULL;
	if (foreign_key == NULL)
	{
		foreign_key = palloc0(sizeof(SdForeignKey));
		table->foreign_keys = lappend(table->foreign_keys, foreign_key);
	}
	foreign_key->columns = columns;
	foreign_key->schema = referenced->schema;
	foreign_key->table = referenced->table;
	foreign_key->referenced = key;
	foreign_key->on_delete = on_delete != NULL ? on_delete : "NO ACTION";
	foreign_key->on_update = on_update != NULL ? on_update : "NO ACTION";
	foreign_key->rank = rank;
	foreign_key->tells_delete = foreign_key->tells_update = false;
	return foreign_key;
}

/* Notes which of its actions a foreign key was given; those that are defaults change no key that is there. */
static void
set_told(SdForeignKey *foreign_key, const char *on_delete, const char *on_update)
{
	if (foreign_key == NULL)
		return;
	foreign_key->tells_delete = on_delete != NULL;
	foreign_key->tells_update = on_update != NULL;
}

/* The foreign key of an attribute with "references". */
static void
add_attribute_key(const Collector *collector, const SdAttributeRow *attribute)
{
	const SdModelRow *referenced;
	SdForeignKey *foreign_key;
	List	   *keys;

	if (attribute->field == NULL || attribute->references == NULL)
		return;
	referenced = referenced_row(collector, attribute->references);
	if (referenced == NULL)
		return;
	keys = attribute->references_key != NULL ? list_make1(attribute->references_key)
		: sd_row_keys(referenced);
	foreign_key = add_key(collector->table, list_make1(attribute->field), referenced,
						  sd_row_fields(referenced, keys), attribute->on_delete,
						  attribute->on_update,
						  attribute->on_delete != NULL || attribute->on_update != NULL
						  ? RANK_ATTRIBUTE : RANK_REFERENCE);
	set_told(foreign_key, attribute->on_delete, attribute->on_update);
}

/* Whether all attributes of a foreign key may be null. */
static bool
allows_null(const SdTable *table, List *columns)
{
	ListCell   *cell;

	foreach(cell, columns)
	{
		const SdColumn *column = sd_column_find(table, lfirst(cell));

		if (column != NULL && column->not_null)
			return false;
	}
	return true;
}

/* Whether an attribute refers to another model than an association does. */
static bool
refers_elsewhere(const SdModelRow *row, const char *name, const char *model)
{
	const SdAttributeRow *attribute = sd_row_attribute(row, name);

	return attribute != NULL && attribute->references != NULL &&
		strcmp(attribute->references, model) != 0;
}

/* The foreign key of one side of an association that the model holds. */
static void
add_side(const Collector *collector, const SdAssociationRow *association, const SdSide *side)
{
	const SdModelRow *referenced = find_row(collector->rows, side->referenced);
	List	   *columns = sd_row_fields(collector->row, side->foreign_key);
	const char *on_delete = association->on_delete;
	const char *on_update = association->on_update;
	SdForeignKey *foreign_key;
	ListCell   *cell;
	int			rank;

	if (referenced == NULL)
		return;
	if (on_delete != NULL || on_update != NULL)
		rank = RANK_EXPLICIT;
	else
		rank = association->kind == SD_BELONGS_TO ? RANK_BELONGS_TO : RANK_HAS;

	foreach(cell, side->foreign_key)
	{
		if (refers_elsewhere(collector->row, lfirst(cell), side->referenced))
			return;
	}
	if (on_delete == NULL)
		on_delete = sd_default_on_delete(association->kind,
										 allows_null(collector->table, columns));
	foreign_key = add_key(collector->table, columns, referenced,
						  sd_row_fields(referenced, side->key), on_delete,
						  on_update != NULL ? on_update : "CASCADE", rank);
	set_told(foreign_key, association->on_delete, association->on_update);
}

/* What an association asks of the model's table. */
static void
add_association(const Collector *collector, const SdAssociationRow *association)
{
	SdSide		sides[2];
	int			n = sd_association_sides(association, sides);

	if (!association->constraints)
		return;
	for (int i = 0; i < n; i++)
	{
		if (strcmp(sides[i].holder, collector->row->name) == 0)
			add_side(collector, association, &sides[i]);
	}

	/* two records are joined once, as in Sequelize */
	if (n == 2 && strcmp(sides[0].holder, collector->row->name) == 0)
	{
		List	   *foreign = sd_row_fields(collector->row, sides[0].foreign_key);
		List	   *other = sd_row_fields(collector->row, sides[1].foreign_key);
		List	   *columns = sd_joined_names(foreign, other);
		ListCell   *cell;

		foreach(cell, collector->table->indexes)
		{
			const SdIndex *index = lfirst(cell);

			if ((index->primary || index->unique) && index->where == NULL &&
				sd_same_set(index->columns, columns))
				return;
		}
		if (foreign != NIL && other != NIL)
		{
			SdIndex    *index = sd_make_index(columns, true);

			index->implied = true;
			collector->table->indexes = lappend(collector->table->indexes, index);
		}
	}
}

/* The foreign keys of one of the table's models. */
static void
add_model_keys(const Collector *collector)
{
	ListCell   *cell;

	for (int i = 0; i < collector->row->nattributes; i++)
		add_attribute_key(collector, &collector->row->attributes[i]);
	foreach(cell, collector->associations)
		add_association(collector, lfirst(cell));
}

/*
 * Adds the foreign keys of a table's models, an index for each that has none,
 * and the unique constraint of join tables.  rows are those of all models that
 * have tables, associations those of all associations.
 */
void
sd_add_foreign_keys(SdTable *table, List *rows, List *associations)
{
	ListCell   *cell;

	foreach(cell, table->models)
	{
		Collector	collector = {
			.table = table,
			.row = find_row(rows, lfirst(cell)),
			.rows = rows,
			.associations = associations
		};

		Assert(collector.row != NULL);
		add_model_keys(&collector);
	}
	foreach(cell, table->foreign_keys)
	{
		const SdForeignKey *foreign_key = lfirst(cell);

		if (!sd_has_index_for(table, foreign_key->columns))
		{
			SdIndex    *index = sd_make_index(foreign_key->columns, false);

			index->implied = true;
			table->indexes = lappend(table->indexes, index);
		}
	}
}

/* Reports, with 42P01, that a table refers to a model that is not there. */
void
sd_report_lacking(const SdTable *table, int elevel)
{
	const char *nearest = table->lacking != NULL ? sd_nearest_model(table->lacking) : NULL;

	Assert(table->models != NIL);
	if (table->lacking != NULL)
		ereport(elevel,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("model \"%s\" refers to model \"%s\", which does not exist",
						(char *) linitial(table->models), table->lacking),
				 nearest != NULL
				 ? errhint("Perhaps you meant \"%s\": \"references\" names models, not tables.", nearest)
				 : errhint("Define it with studentdir.define, or define \"%s\" without the reference.",
						   (char *) linitial(table->models))));
}
