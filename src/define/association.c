/*-------------------------------------------------------------------------
 * define/association.c
 *		Defines associations.
 *
 * A call defines one side.  Names that it does not give are made as Sequelize
 * makes them, and a foreign key that no attribute has is added to the model
 * that holds it, as Sequelize does.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "define/association.h"
#include "define/association_options.h"
#include "define/definition_value.h"
#include "define/define.h"
#include "define/model_lock.h"
#include "define/write_rows.h"
#include "json/object_text.h"
#include "miscadmin.h"
#include "model/inflection.h"
#include "model/model.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* Whether a model has an attribute of that name which is kept in a column. */
static bool
has_column(const SdModelRow *model, const char *name)
{
	const SdAttributeRow *attribute = sd_row_attribute(model, name);

	return attribute != NULL && attribute->field != NULL;
}

/*
 * The attributes that a row of a model is known by: those that the option
 * gives, which it has to have, or its primary key.
 */
static List *
referenced_key(const SdModelRow *model, List *given, const char *option)
{
	ListCell   *cell;

	if (given == NIL)
	{
		given = sd_row_keys(model);
		if (given == NIL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("model \"%s\" has no primary key", model->name),
					 errhint("Name the attribute to associate by with \"%s\".", option)));
	}
	foreach(cell, given)
	{
		if (!has_column(model, lfirst(cell)))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("%s: model \"%s\" has no attribute \"%s\" that is kept in a column",
							option, model->name, (char *) lfirst(cell))));
	}
	return given;
}

/*
 * The names of foreign keys that nobody gave: word and key joined, UserId.
 * Where the holder, if it is there yet, has the attribute with a small first
 * letter, it is that.  Raises 42622 for one that is too long, and names the option
 * that would give another.
 */
static List *
default_foreign_key(const SdModelRow *holder, const char *word, List *key, const char *option)
{
	SdPath		path = SD_KEY_STEP(NULL, option, strlen(option));
	List	   *names = NIL;
	ListCell   *cell;

	foreach(cell, key)
	{
		char	   *name = sd_camelize(psprintf("%s_%s", word, (char *) lfirst(cell)));
		char	   *small = pstrdup(name);

		small[0] = pg_ascii_tolower((unsigned char) small[0]);
		if (holder != NULL && sd_row_attribute(holder, name) == NULL &&
			sd_row_attribute(holder, small) != NULL)
			name = small;
		sd_check_identifier(name, &path);
		names = lappend(names, name);
	}
	return names;
}

/* Raises 22023 when keys that are matched are not of the same number. */
static void
check_lengths(List *foreign_key, List *key, const char *option)
{
	if (list_length(foreign_key) != list_length(key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the key that it refers to has %d attributes, but %d are given", option,
						list_length(key), list_length(foreign_key))));
}

/* What happens to a foreign key whose row is deleted when nobody says, as in Sequelize. */
const char *
sd_default_on_delete(SdAssociationKind kind, bool allow_null)
{
	if (kind == SD_BELONGS_TO_MANY)
		return "CASCADE";
	if (allow_null)
		return "SET NULL";
	return kind == SD_BELONGS_TO ? "NO ACTION" : "CASCADE";
}

/* Raises 42701 when another attribute of the model is kept in the column, or named almost so. */
static void
check_new_attribute(const SdModelRow *model, const char *name, const char *field)
{
	for (int i = 0; i < model->nattributes; i++)
	{
		const SdAttributeRow *other = &model->attributes[i];

		if ((other->field != NULL && strcmp(other->field, field) == 0) ||
			pg_strcasecmp(other->name, name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_COLUMN),
					 errmsg("foreign key \"%s\" of model \"%s\" would collide with attribute \"%s\"",
							name, model->name, other->name),
					 errhint("Name the attribute that is the foreign key with \"foreignKey\".")));
	}
}

/* Raises 54011 when a model can have no attribute more. */
static void
check_room(const SdModelRow *model)
{
	if (model->nattributes >= MaxTupleAttributeNumber)
		ereport(ERROR,
				(errcode(ERRCODE_TOO_MANY_COLUMNS),
				 errmsg("model \"%s\" has %d attributes, and can have no more", model->name,
						model->nattributes)));
}

/* Says that an attribute was added which the model's table, if it exists, has no column for. */
static void
report_missing_column(const SdModelRow *holder, const char *name, const char *field)
{
	Oid			schema = get_namespace_oid(holder->schema, true);
	Oid			relid = OidIsValid(schema) ? get_relname_relid(holder->table, schema) : InvalidOid;

	if (OidIsValid(relid) && get_attnum(relid, field) == InvalidAttrNumber)
		ereport(NOTICE,
				(errmsg("attribute \"%s\" has been added to model \"%s\", and table %s has no column \"%s\"",
						name, holder->name, quote_qualified_identifier(holder->schema, holder->table), field),
				 errhint("Calls of the model fail until a migration adds the column: studentdir.migration_generate writes one. Or name an attribute that exists with \"foreignKey\".")));
}

/* Adds an attribute for a foreign key to the model that holds it. */
static void
add_foreign_key(const SdAssociationRow *row, const SdModelRow *holder, const char *name,
				const SdModelRow *referenced, const char *key, bool constraint)
{
	StringInfoData object;
	StringInfoData references;
	const SdAttributeRow *key_attribute = sd_row_attribute(referenced, key);
	SdPath		path = SD_KEY_STEP(NULL, "foreignKey", 10);
	const char *field;

	if (key_attribute == NULL)
		sd_bad_row(row->model, psprintf("Association \"%s\" uses \"%s\", which is no attribute of model \"%s\".",
										row->alias, key, referenced->name));
	sd_check_name(name, &path);
	field = holder->underscored ? sd_underscore(name) : name;
	sd_check_identifier(field, &path);
	check_new_attribute(holder, name, field);
	check_room(holder);

	initStringInfo(&object);
	sd_add_string(&object, "name", name);
	sd_add_string(&object, "type", key_attribute->type);
	sd_add_string(&object, "field", field);
	if (!row->allow_null)
		sd_add_member(&object, "allowNull", "false");
	if (constraint && row->constraints)
	{
		initStringInfo(&references);
		sd_add_string(&references, "model", referenced->name);
		sd_add_string(&references, "key", key);
		appendStringInfoChar(&references, '}');
		sd_add_member(&object, "references", references.data);
		/* what the call does not say the association's kind decides, and a key that is there keeps */
		if (row->on_delete != NULL)
			sd_add_string(&object, "onDelete", row->on_delete);
		if (row->on_update != NULL)
			sd_add_string(&object, "onUpdate", row->on_update);
	}
	appendStringInfoChar(&object, '}');
	sd_append_attribute(holder, name, object.data);
	report_missing_column(holder, name, field);
}

/*
 * Adds the foreign keys of an association that their holders do not have.
 * Models that are not there are passed over.  Raises 42703 for a VIRTUAL one.
 */
static void
add_foreign_keys(const SdAssociationRow *row)
{
	SdSide		sides[2];
	int			n = sd_association_sides(row, sides);

	Assert(n == 1 || n == 2);
	for (int i = 0; i < n; i++)
	{
		SdModelRow *referenced = sd_find_model_row(sides[i].referenced);
		ListCell   *fk;
		ListCell   *key;

		if (referenced == NULL)
			continue;
		Assert(list_length(sides[i].foreign_key) == list_length(sides[i].key));
		forboth(fk, sides[i].foreign_key, key, sides[i].key)
		{
			SdModelRow *holder = sd_find_model_row(sides[i].holder);

			if (holder == NULL)
				continue;
			if (sd_row_attribute(holder, lfirst(fk)) != NULL)
			{
				if (!has_column(holder, lfirst(fk)))
					ereport(ERROR,
							(errcode(ERRCODE_UNDEFINED_COLUMN),
							 errmsg("foreign key \"%s\" of model \"%s\" is not kept in a column",
									(char *) lfirst(fk), holder->name)));
				continue;
			}
			add_foreign_key(row, holder, lfirst(fk), referenced, lfirst(key),
							list_length(sides[i].key) == 1);
		}
	}
}

/* Raises 42703 for a scope with what is no attribute of the model that is kept in a column. */
static void
check_scope(const JsonbValue *scope, const SdModelRow *model, const char *option)
{
	SdReader	reader;

	Assert(scope->type == jbvNull || sd_is_object(scope));
	if (scope->type == jbvNull)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		char	   *name = sd_string(&reader.key);

		if (!has_column(model, name))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("%s: model \"%s\" has no attribute \"%s\" that is kept in a column",
							option, model->name, name)));
	}
}

/* Raises 22023 when an association would be written under the key of an attribute. */
static void
check_alias(const SdModelRow *source, const char *alias)
{
	if (sd_row_attribute(source, alias) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("model \"%s\" has an attribute \"%s\", and cannot have an association of that name",
						source->name, alias),
				 errhint("Name the association with \"as\".")));
}

/*
 * Raises 22023 where soft deletes cannot go on to associated rows: what is marked is what
 * the database would delete.
 */
static void
check_cascade(const SdAssociationOptions *given, const SdModelRow *source, const SdModelRow *target)
{
	const SdModelRow *hard = !source->paranoid ? source : !target->paranoid ? target : NULL;

	if (given->on_delete == NULL || strcmp(given->on_delete, "CASCADE") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("paranoid: soft deletes go on only where deletes do"),
				 errhint("Say \"onDelete\": \"CASCADE\" beside it.")));
	if (hard != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("paranoid: model \"%s\" is not paranoid, so that its rows are not marked as deleted",
						hard->name)));
}

/*
 * Adds the foreign keys that refer to a model to the attributes of a join model
 * that is being made, unless they are there already.
 */
static void
add_join_keys(StringInfo attributes, List **names, List *foreign_key, const SdModelRow *referenced,
			  List *key)
{
	ListCell   *fk;
	ListCell   *cell;

	Assert(list_length(foreign_key) == list_length(key));
	forboth(fk, foreign_key, cell, key)
	{
		StringInfoData definition;
		const SdAttributeRow *attribute = sd_row_attribute(referenced, lfirst(cell));
		ListCell   *known;
		bool		shared = false;

		foreach(known, *names)
			shared |= strcmp(lfirst(known), lfirst(fk)) == 0;
		if (shared)
			continue;
		*names = lappend(*names, lfirst(fk));
		Assert(attribute != NULL);	/* referenced_key() has looked */
		initStringInfo(&definition);
		sd_add_string(&definition, "type", attribute->type);
		sd_add_member(&definition, "primaryKey", "true");
		if (list_length(key) == 1)
		{
			StringInfoData references;

			initStringInfo(&references);
			sd_add_string(&references, "model", referenced->name);
			sd_add_string(&references, "key", lfirst(cell));
			appendStringInfoChar(&references, '}');
			sd_add_member(&definition, "references", references.data);
			sd_add_string(&definition, "onDelete", "CASCADE");
			sd_add_string(&definition, "onUpdate", "CASCADE");
		}
		appendStringInfoChar(&definition, '}');
		sd_add_member(attributes, lfirst(fk), definition.data);
	}
}

/*
 * Defines the join model that an association names and nobody has defined, as
 * Sequelize does: its foreign keys are its primary key.
 */
static SdModelRow *
define_join_model(const SdAssociationRow *row, const SdModelRow *source, const SdModelRow *target)
{
	StringInfoData attributes;
	List	   *names = NIL;

	Assert(row->kind == SD_BELONGS_TO_MANY && row->through != NULL);
	initStringInfo(&attributes);
	add_join_keys(&attributes, &names, row->foreign_key, source, row->source_key);
	add_join_keys(&attributes, &names, row->other_key, target, row->target_key);
	appendStringInfoChar(&attributes, '}');
	(void) sd_define(row->through, CStringGetTextDatum(attributes.data), NULL);
	ereport(NOTICE,
			(errmsg("model \"%s\" did not exist; it has been defined as a join model", row->through)));
	return sd_model_row(row->through);
}

/* Fills in what joins two models through a third, which is made where nobody has defined it. */
static void
join_many_to_many(SdAssociationRow *row, const SdAssociationOptions *given,
				  const SdModelRow *source, const SdModelRow *target)
{
	bool		self = strcmp(source->name, target->name) == 0;
	SdModelRow *through;

	if (given->through == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("through: the name of the join model is missing"),
				 errhint("Name it, as \"through\": %s: if no such model exists, it is defined.",
						 sd_json_name(psprintf("%s%s", source->name, target->name)))));
	if (self && given->as == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("as: an association of model \"%s\" with itself needs a name", source->name)));
	through = sd_other_case(given->through) != NULL ? sd_model_row(given->through)
		: sd_find_model_row(given->through);
	row->alias = given->as ? given->as : target->plural;
	row->through = given->through;
	row->source_key = referenced_key(source, given->source_key, "sourceKey");
	row->target_key = referenced_key(target, given->target_key, "targetKey");
	row->other_key = given->other_key;
	if (row->foreign_key == NIL)
		row->foreign_key = default_foreign_key(through, source->singular, row->source_key,
											   "foreignKey");
	if (row->other_key == NIL)
		row->other_key = default_foreign_key(through,
											 self ? sd_singularize(row->alias) : target->singular,
											 row->target_key, "otherKey");
	check_lengths(row->foreign_key, row->source_key, "foreignKey");
	check_lengths(row->other_key, row->target_key, "otherKey");
	if (self && sd_same_names(row->foreign_key, row->other_key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("otherKey: it is \"%s\", as \"foreignKey\" is, so that a record of model \"%s\" could be linked with nothing but itself",
						(char *) linitial(row->other_key), source->name),
				 errhint("Name two attributes of model \"%s\" with \"foreignKey\" and \"otherKey\".",
						 row->through)));
	if (through == NULL)
		through = define_join_model(row, source, target);
	check_scope(&given->through_scope, through, "through.scope");
}

/* Fills in what joins a model that holds the foreign key to the one that it refers to. */
static void
join_to_referenced(SdAssociationRow *row, const SdAssociationOptions *given,
				   const SdModelRow *source, const SdModelRow *target)
{
	row->alias = given->as ? given->as : target->singular;
	row->target_key = referenced_key(target, given->target_key, "targetKey");
	if (row->foreign_key == NIL)
		row->foreign_key = default_foreign_key(source, row->alias, row->target_key, "foreignKey");
	check_lengths(row->foreign_key, row->target_key, "foreignKey");
	row->source_key = row->foreign_key;
}

/* Fills in what joins a model to the one, or the many, that hold the foreign key. */
static void
join_to_holders(SdAssociationRow *row, const SdAssociationOptions *given,
				const SdModelRow *source, const SdModelRow *target)
{
	bool		many = row->kind == SD_HAS_MANY;

	row->alias = given->as ? given->as : many ? target->plural : target->singular;
	row->source_key = referenced_key(source, given->source_key, "sourceKey");
	if (row->foreign_key == NIL)
		row->foreign_key = default_foreign_key(target, many ? source->singular
											   : sd_singularize(given->as ? given->as
																: source->name),
											   row->source_key, "foreignKey");
	check_lengths(row->foreign_key, row->source_key, "foreignKey");
	row->target_key = row->foreign_key;
}

/*
 * Defines an association of a kind, in place of the one that source has by the
 * same alias.  Returns it as JSON text, in the current context.
 *
 * Raises 42P01 for an unknown model, 42703 for an unknown attribute, 22023 for
 * wrong options, 42701 for a foreign key whose column another attribute has,
 * 42622 for one whose name would be too long.  Locks the models' names until the
 * transaction ends.
 */
char *
sd_associate(SdAssociationKind kind, const char *source_name, const char *target_name,
			 Jsonb *options)
{
	SdAssociationOptions *given = sd_read_association_options(kind, options);
	SdAssociationRow row = {.kind = kind};
	SdAssociationRow *written;
	SdModelRow *source;
	SdModelRow *target;

	PreventCommandIfReadOnly(psprintf("studentdir.%s()", sd_association_kind(kind)));
	sd_lock_models(list_make3(unconstify(char *, source_name), unconstify(char *, target_name),
							  given->through));
	source = sd_model_row(source_name);
	target = sd_model_row(target_name);
	row.model = source->name;
	row.target = target->name;
	row.foreign_key = given->foreign_key;
	check_scope(&given->scope, target, "scope");
	if (kind == SD_BELONGS_TO_MANY)
		join_many_to_many(&row, given, source, target);
	else if (kind == SD_BELONGS_TO)
		join_to_referenced(&row, given, source, target);
	else
		join_to_holders(&row, given, source, target);
	Assert((row.through != NULL) == (kind == SD_BELONGS_TO_MANY));
	Assert(row.through != NULL || list_length(row.source_key) == list_length(row.target_key));
	check_alias(source, row.alias);
	if (given->cascades)
		check_cascade(given, source, target);
	appendStringInfoString(&given->more, given->more.len == 0 ? "{}" : "}");
	sd_write_association_row(&row, given->more.data);
	written = sd_find_association_row(row.model, row.alias);
	if (written == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("association \"%s\" of model \"%s\" was not written", row.alias, row.model),
				 errhint("A trigger or a rule of studentdir.association must have kept it out.")));
	add_foreign_keys(written);
	return sd_association_json(written);
}

/* Raises 22023 when one of an association's scopes has an attribute that its model, defined anew, has not. */
static void
check_kept_scope(const SdAssociationRow *association, const JsonbValue *scope,
				 const SdModelRow *model)
{
	SdReader	reader;

	if (scope == NULL)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		char	   *name = sd_string(&reader.key);

		if (sd_row_attribute(model, name) == NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("association \"%s\" of model \"%s\" has attribute \"%s\" in its scope, which model \"%s\" would not have any more",
							association->alias, association->model, name, model->name),
					 errhint("Delete the association from studentdir.association, or keep the attribute.")));
	}
}

/*
 * Makes a model that was defined anew fit its associations again: adds foreign
 * keys that its definition leaves out.
 *
 * Raises 22023 when an association goes by an attribute, or has one in its
 * scope, that the model does not have any more, or has the name of one.
 */
void
sd_restore_associations(const char *model)
{
	SdModelRow *row = sd_model_row(model);
	ListCell   *cell;

	foreach(cell, sd_association_rows(model))
	{
		SdAssociationRow *association = lfirst(cell);
		SdSide		sides[2];
		int			n = sd_association_sides(association, sides);

		if (strcmp(association->model, model) == 0)
			check_alias(row, association->alias);
		for (int i = 0; i < n; i++)
		{
			ListCell   *key;

			if (strcmp(sides[i].referenced, model) != 0)
				continue;
			foreach(key, sides[i].key)
			{
				if (sd_row_attribute(row, lfirst(key)) == NULL)
					ereport(ERROR,
							(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
							 errmsg("association \"%s\" of model \"%s\" uses attribute \"%s\", which model \"%s\" would not have any more",
									association->alias, association->model, (char *) lfirst(key),
									model),
							 errhint("Delete the association from studentdir.association, or keep the attribute.")));
			}
		}
		if (strcmp(association->target, model) == 0)
			check_kept_scope(association, association->scope, row);
		if (association->through != NULL && strcmp(association->through, model) == 0)
			check_kept_scope(association, association->through_scope, row);
		add_foreign_keys(association);
	}
}

/* Adds the join model, with its scope if it has one. */
static void
add_through(StringInfo object, const SdAssociationRow *row)
{
	StringInfoData through;

	Assert(row->through_scope == NULL || row->through != NULL);
	if (row->through_scope == NULL)
	{
		sd_add_string(object, "through", row->through);
		return;
	}
	initStringInfo(&through);
	sd_add_string(&through, "model", row->through);
	sd_add_member(&through, "scope", sd_json_text(row->through_scope));
	appendStringInfoChar(&through, '}');
	sd_add_member(object, "through", through.data);
}

/* Adds the foreign key, with what is said of it beside its name. */
static void
add_foreign_key_option(StringInfo object, const SdAssociationRow *row)
{
	StringInfoData key;

	if (row->allow_null)
	{
		sd_add_names(object, "foreignKey", row->foreign_key);
		return;
	}
	initStringInfo(&key);
	sd_add_names(&key, "name", row->foreign_key);
	sd_add_member(&key, "allowNull", "false");
	appendStringInfoChar(&key, '}');
	sd_add_member(object, "foreignKey", key.data);
}

/* Adds the options of the call that defines an association. */
static void
add_options(StringInfo object, const SdAssociationRow *row)
{
	SdReader	reader;

	sd_add_string(object, "as", row->alias);
	add_through(object, row);
	add_foreign_key_option(object, row);
	sd_add_names(object, "otherKey", row->other_key);
	if (row->kind != SD_BELONGS_TO)
		sd_add_names(object, "sourceKey", row->source_key);
	if (row->kind == SD_BELONGS_TO || row->kind == SD_BELONGS_TO_MANY)
		sd_add_names(object, "targetKey", row->target_key);
	sd_read(&reader, &row->options, NULL);
	while (sd_next_member(&reader))
	{
		if (!sd_key_is(&reader, "throughScope") && !sd_key_is(&reader, "allowNull"))
			sd_add_member(object, sd_string(&reader.key), sd_json_text(&reader.value));
	}
}

/*
 * An association as JSON text, in the current context: what it joins, then the
 * options of the call that defines it.
 */
char *
sd_association_json(const SdAssociationRow *row)
{
	StringInfoData object;

	initStringInfo(&object);
	sd_add_string(&object, "kind", sd_association_kind(row->kind));
	sd_add_string(&object, "source", row->model);
	sd_add_string(&object, "target", row->target);
	add_options(&object, row);
	appendStringInfoChar(&object, '}');
	return object.data;
}

/* The options of the call that defines an association, JSON text in the current context. */
char *
sd_association_definition(const SdAssociationRow *row)
{
	StringInfoData object;

	initStringInfo(&object);
	add_options(&object, row);
	appendStringInfoChar(&object, '}');
	return object.data;
}
