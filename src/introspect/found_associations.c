/*-------------------------------------------------------------------------
 * introspect/found_associations.c
 *		The associations that foreign keys stand for, both ways.
 *
 * A table whose primary key is two foreign keys joins what they refer to.  An
 * association is called after the model that it leads to where it is the only
 * one that leads there, else after the columns of its key.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_class.h"
#include "define/definition_value.h"
#include "introspect/found_model.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "model/inflection.h"

/* a foreign key between two models */
typedef struct FoundKey
{
	SdForeignKey *key;
	SdFoundModel *holder;
	SdFoundModel *referenced;
	List	   *foreign_key;	/* names of attributes */
	List	   *referenced_key;
	bool		of_partitions;	/* the table itself has none */
	bool		alone;			/* no other leads from the one model to the other */
	const char *word;			/* what its columns call it */
} FoundKey;

static SdFoundModel *
find_model(const SdIntrospection *look, const char *schema, const char *table)
{
	ListCell   *cell;

	foreach(cell, look->models)
	{
		SdFoundModel *model = lfirst(cell);

		if (model->name != NULL && strcmp(model->table->schema, schema) == 0 &&
			strcmp(model->table->name, table) == 0)
			return model;
	}
	return NULL;
}

/* Whether a unique key of a table is these columns and no others. */
static bool
is_unique(const SdTable *table, List *columns)
{
	ListCell   *cell;

	foreach(cell, table->indexes)
	{
		const SdIndex *index = lfirst(cell);

		if (index->unique && !index->foreign && index->where == NULL &&
			sd_same_set(index->columns, columns))
			return true;
	}
	return false;
}

static bool
is_same_key(const FoundKey *a, const FoundKey *b)
{
	return a->referenced == b->referenced && sd_same_names(a->foreign_key, b->foreign_key) &&
		sd_same_names(a->referenced_key, b->referenced_key);
}

/* Adds a foreign key to those of its model, unless the notes say why not. */
static void
add_found(const SdIntrospection *look, SdFoundModel *model, SdForeignKey *key, bool of_partitions,
		  List **found)
{
	FoundKey   *one = palloc0(sizeof(FoundKey));
	ListCell   *other;

	Assert(model->name != NULL);
	one->key = key;
	one->of_partitions = of_partitions;
	one->holder = model;
	one->referenced = find_model(look, key->schema, key->table);
	if (one->referenced == NULL)
	{
		sd_note(model, "foreign key \"%s\" is left to the table: this call makes no model of %s.%s", key->name,
				key->schema, key->table);
		return;
	}
	if (key->temporal)
	{
		sd_note(model, "foreign key \"%s\" is left to the table: it is about periods that are covered, not about equal values",
				key->name);
		return;
	}
	one->foreign_key = sd_attributes_of(model, key->columns);
	one->referenced_key = sd_attributes_of(one->referenced, key->referenced);
	if (one->foreign_key == NIL || one->referenced_key == NIL)
	{
		sd_note(model, "foreign key \"%s\" is left to the table: not all of its columns are attributes",
				key->name);
		return;
	}
	one->word = sd_alias_word(key->columns);
	foreach(other, *found)
	{
		if (!is_same_key(lfirst(other), one))
			continue;
		if (!of_partitions)
			sd_note(model, "foreign key \"%s\" is left to the table: another one is between the same columns",
					key->name);
		return;
	}
	if (of_partitions)
		sd_note(model, "foreign key \"%s\" is left to the partitions that have it: the association asks for none",
				key->name);
	*found = lappend(*found, one);
}

/* The foreign keys of a model that lead to another, FoundKey. */
static List *
find_keys(const SdIntrospection *look, SdFoundModel *model)
{
	List	   *found = NIL;
	ListCell   *cell;
	ListCell   *other;

	foreach(cell, model->table->foreign_keys)
		add_found(look, model, lfirst(cell), false, &found);
	if (model->kind == RELKIND_PARTITIONED_TABLE)
	{
		foreach(cell, sd_partition_keys(model->table))
			add_found(look, model, lfirst(cell), true, &found);
	}
	foreach(cell, found)
	{
		FoundKey   *one = lfirst(cell);

		one->alone = one->referenced != model;
		foreach(other, found)
		{
			const FoundKey *another = lfirst(other);

			one->alone &= another == one || another->referenced != one->referenced;
		}
	}
	return found;
}

/* A name that neither an attribute nor an association of the model has, which it takes. */
static const char *
take_alias(SdFoundModel *model, const char *wanted)
{
	const char *alias = sd_free_name(wanted, model->aliases, model->names);

	model->aliases = lappend(model->aliases, unconstify(char *, alias));
	return alias;
}

/* Whether two associations say the same, by whatever name. */
static bool
is_said(const SdFoundAssociation *association, List *rows)
{
	ListCell   *cell;

	foreach(cell, rows)
	{
		const SdAssociationRow *row = lfirst(cell);

		if (strcmp(row->model, association->source) == 0 &&
			strcmp(row->target, association->target) == 0 && row->kind == association->kind &&
			sd_same_names(row->foreign_key != NIL ? row->foreign_key : row->source_key,
						  association->foreign_key) &&
			(association->through == NULL ||
			 (row->through != NULL && strcmp(row->through, association->through) == 0)))
			return true;
	}
	return false;
}

/* Adds an association at the last of the models that it needs. */
static void
add(SdFoundAssociation *association, SdFoundModel *source, SdFoundModel *target,
	SdFoundModel *through)
{
	SdFoundModel *last = source->place > target->place ? source : target;

	Assert(association->alias != NULL && association->options != NULL);
	if (through != NULL && through->place > last->place)
		last = through;
	last->associations = lappend(last->associations, association);
}

/* The primary key as the model has it: in the order of attributes, which the index need not have. */
static List *
model_key(const SdFoundModel *model)
{
	List	   *primary = sd_primary_columns(model->table);
	List	   *columns = NIL;
	ListCell   *cell;

	if (model->row != NULL)
		return sd_row_keys(model->row);
	foreach(cell, model->table->columns)
	{
		const SdColumn *column = lfirst(cell);

		if (sd_name_in(primary, column->name))
			columns = lappend(columns, unconstify(char *, column->name));
	}
	return sd_attributes_of(model, columns);
}

/* Adds a key to the options where define would take another. */
static void
add_key(StringInfo options, const char *name, const SdFoundModel *model, List *key)
{
	if (!sd_same_names(key, model_key(model)))
		sd_add_member(options, name, sd_json_key(key));
}

/* Adds what the foreign key says of itself to the options, and ends them. */
static void
add_actions(StringInfo options, const FoundKey *key)
{
	if (key->of_partitions)
		sd_add_member(options, "constraints", "false");
	else
	{
		sd_add_string(options, "onDelete", key->key->on_delete);
		sd_add_string(options, "onUpdate", key->key->on_update);
	}
	appendStringInfoChar(options, '}');
}

/* The model that holds a foreign key belongs to the one that it refers to. */
static void
add_belongs_to(const FoundKey *key, List *rows)
{
	SdFoundAssociation *belongs = palloc0(sizeof(SdFoundAssociation));
	StringInfoData options;

	belongs->kind = SD_BELONGS_TO;
	belongs->source = key->holder->name;
	belongs->target = key->referenced->name;
	belongs->foreign_key = key->foreign_key;
	if (is_said(belongs, rows))
		return;
	belongs->alias = take_alias(key->holder, key->alone ? sd_singularize(key->referenced->name)
								: key->word);
	initStringInfo(&options);
	sd_add_string(&options, "as", belongs->alias);
	sd_add_member(&options, "foreignKey", sd_json_key(key->foreign_key));
	add_key(&options, "targetKey", key->referenced, key->referenced_key);
	add_actions(&options, key);
	belongs->options = pstrdup(options.data);
	pfree(options.data);
	add(belongs, key->holder, key->referenced, NULL);
}

/* The model that a foreign key refers to has those that hold it, or the one where the key is unique. */
static void
add_has(const FoundKey *key, List *rows)
{
	SdFoundAssociation *has = palloc0(sizeof(SdFoundAssociation));
	bool		one = is_unique(key->holder->table, key->key->columns);
	const char *word;
	StringInfoData options;

	has->kind = one ? SD_HAS_ONE : SD_HAS_MANY;
	has->source = key->referenced->name;
	has->target = key->holder->name;
	has->foreign_key = key->foreign_key;
	if (is_said(has, rows))
		return;
	word = one ? sd_singularize(key->holder->name) : sd_model_plural(key->holder);
	has->alias = take_alias(key->referenced, key->alone ? word : psprintf("%sBy%s", word, key->word));
	initStringInfo(&options);
	sd_add_string(&options, "as", has->alias);
	sd_add_member(&options, "foreignKey", sd_json_key(key->foreign_key));
	add_key(&options, "sourceKey", key->referenced, key->referenced_key);
	add_actions(&options, key);
	has->options = pstrdup(options.data);
	pfree(options.data);
	add(has, key->referenced, key->holder, NULL);
}

/* One way through a join table. */
static void
add_through(const FoundKey *here, const FoundKey *there, List *rows)
{
	SdFoundAssociation *many = palloc0(sizeof(SdFoundAssociation));
	StringInfoData options;

	Assert(here != there && here->holder == there->holder);
	many->kind = SD_BELONGS_TO_MANY;
	many->foreign_key = here->foreign_key;
	many->other_key = there->foreign_key;
	many->source_key = here->referenced_key;
	many->target_key = there->referenced_key;
	if (!there->alone || here->referenced == there->referenced)
		many->alias = sd_pluralize(there->word);
	else
		many->alias = sd_model_plural(there->referenced);
	many->source = here->referenced->name;
	many->target = there->referenced->name;
	many->through = here->holder->name;
	if (is_said(many, rows))
		return;
	if (sd_is_taken(here->referenced->aliases, many->alias) ||
		sd_name_in(here->referenced->names, many->alias))
		many->alias = psprintf("%sThrough%s", many->alias, sd_pluralize(here->holder->name));
	many->alias = take_alias(here->referenced, many->alias);
	initStringInfo(&options);
	sd_add_string(&options, "as", many->alias);
	sd_add_string(&options, "through", here->holder->name);
	sd_add_member(&options, "foreignKey", sd_json_key(many->foreign_key));
	sd_add_member(&options, "otherKey", sd_json_key(many->other_key));
	add_key(&options, "sourceKey", here->referenced, many->source_key);
	add_key(&options, "targetKey", there->referenced, many->target_key);
	appendStringInfoChar(&options, '}');
	many->options = pstrdup(options.data);
	pfree(options.data);
	add(many, here->referenced, there->referenced, here->holder);
}

/* Whether the primary key of a table is two foreign keys, and nothing else. */
static bool
is_join(const SdFoundModel *model, List *keys, const FoundKey **first, const FoundKey **second)
{
	List	   *primary = sd_primary_columns(model->table);
	ListCell   *a;
	ListCell   *b;

	foreach(a, keys)
	{
		foreach(b, keys)
		{
			*first = lfirst(a);
			*second = lfirst(b);
			if (foreach_current_index(a) < foreach_current_index(b) &&
				list_length((*first)->key->columns) + list_length((*second)->key->columns) ==
				list_length(primary) &&
				sd_same_set(sd_joined_names((*first)->key->columns, (*second)->key->columns), primary))
				return true;
		}
	}
	return false;
}

/* Finds the associations of all models, and puts them where they can be made. */
void
sd_find_associations(SdIntrospection *look)
{
	List	   *rows = sd_all_association_rows();
	List	   *joins = NIL;
	ListCell   *cell;
	ListCell   *item;

	foreach(cell, rows)
	{
		const SdAssociationRow *row = lfirst(cell);

		foreach(item, look->models)
		{
			SdFoundModel *model = lfirst(item);

			if (model->name != NULL && strcmp(model->name, row->model) == 0)
				model->aliases = lappend(model->aliases, row->alias);
		}
	}
	foreach(cell, look->models)
	{
		SdFoundModel *model = lfirst(cell);
		const FoundKey *first;
		const FoundKey *second;
		List	   *keys;

		CHECK_FOR_INTERRUPTS();
		if (model->name == NULL)
			continue;
		keys = find_keys(look, model);
		foreach(item, keys)
		{
			add_belongs_to(lfirst(item), rows);
			add_has(lfirst(item), rows);
		}
		if (is_join(model, keys, &first, &second))
			joins = lappend(joins, list_make2(unconstify(FoundKey *, first),
											  unconstify(FoundKey *, second)));
	}
	/* after the others, which have the better right to the names of models */
	foreach(cell, joins)
	{
		List	   *pair = lfirst(cell);

		add_through(linitial(pair), lsecond(pair), rows);
		add_through(lsecond(pair), linitial(pair), rows);
	}
}
