/*-------------------------------------------------------------------------
 * record/tree.c
 *		Reads a document of records within records.
 *
 * A record refers to another by a key that is known only when that one has
 * been written.  Attributes that get such a key are left out and noted as
 * pending, so that validation does not miss them.  In the place of a nested record
 * the key of one that exists may stand.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "miscadmin.h"
#include "parse/conflict.h"
#include "parse/model_validators.h"
#include "record/tree.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#define SD_FIRST_NODES	8

/* what all levels are read with */
typedef struct Reading
{
	bool		validate;
	SdViolations *violations;
	TimestampTz now;			/* one clock for all records */
	JsonbValue	empty;			/* an object without members */
	HTAB	   *absent;			/* see sd_read_changed() */
} Reading;

/* A step of a path that has to last. */
static SdPath *
keep_step(SdPath step)
{
	SdPath	   *kept = palloc(sizeof(SdPath));

	*kept = step;
	return kept;
}

static bool
find_member(const JsonbValue *object, const char *name, JsonbValue *value)
{
	Assert(sd_is_object(object));
	return getKeyJsonValueFromContainer(object->val.binary.data, name, strlen(name),
										value) != NULL;
}

/* The query of the join rows that an included query leads through, or NULL. */
static const SdQuery *
make_join_query(const SdQuery *target)
{
	SdQuery    *join;

	if (target->through == NULL)
		return NULL;
	join = palloc0(sizeof(SdQuery));
	join->model = target->through->model;
	join->noutputs = target->through->noutputs;
	join->outputs = target->through->outputs;
	join->limit_param = join->offset_param = -1;
	join->limit = -1;
	join->key_param = -1;
	join->write = palloc0(sizeof(SdWriteOptions));
	join->write->ignore_unknown = target->write->ignore_unknown;
	join->write->validate_unique = target->write->validate_unique;
	if (target->write->validate)
		sd_add_checks(join);
	return join;
}

/* Raises 22023 where a key would hold both a join row and what an include leads to. */
static void
check_join_key(const SdLevel *level, const SdAssociation *association)
{
	if (level->join != NULL && strcmp(association->alias, level->join->model->name) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("include: the key \"%s\" is both an association's and the join row's that leads to model \"%s\"",
						association->alias, level->query->model->name)));
}

/* Prepares a level without records, and those below it. */
static void
make_level(SdLevel *level, const SdQuery *query, const SdAssociated *associated)
{
	ListCell   *cell;

	check_stack_depth();
	level->query = query;
	level->join = make_join_query(query);
	level->associated = associated;
	Assert(level->join == NULL || (associated != NULL && associated->through != NULL));
	level->nnested = list_length(query->includes);
	level->nested = palloc0(sizeof(SdLevel) * Max(level->nnested, 1));
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);

		check_join_key(level, include->association);
		make_level(&level->nested[foreach_current_index(cell)], include->query,
				   include->associated);
	}
}

/* Adds a node to a level; it is good until the next is added. */
static SdNode *
add_node(SdLevel *level, SdNodeKind kind, const SdPath *path, int parent)
{
	SdNode	   *node;

	if (level->nnodes == level->capacity)
	{
		level->capacity = Max(level->capacity * 2, SD_FIRST_NODES);
		if (level->nodes == NULL)
			level->nodes = palloc(sizeof(SdNode) * level->capacity);
		else
			level->nodes = repalloc_huge(level->nodes, sizeof(SdNode) * level->capacity);
	}
	Assert(level->nnodes < level->capacity);
	Assert(level->associated != NULL || parent == 0);
	level->count[kind]++;
	node = &level->nodes[level->nnodes++];
	*node = (SdNode) {.kind = kind, .path = path, .parent = parent};
	return node;
}

/*
 * Leaves an attribute of a record to the key of the one that it is nested with.
 * Raises 22023 where the data gives it a value, or two nested records a key; keys
 * of several attributes may share one, whose values are compared when they are
 * known.
 */
static void
leave_key(SdRecord *record, const SdModel *model, int attr, bool shared, const JsonbValue *data,
		  const SdPath *path)
{
	SdPath		step = SD_KEY_STEP(path, model->attrs[attr].name, model->attrs[attr].name_len);
	JsonbValue	value;

	Assert(model->attrs[attr].column != NULL);
	if (find_member(data, model->attrs[attr].name, &value) && value.type != jbvNull)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this attribute gets the key of another record of the document, and cannot be given",
						sd_path_text(&step)),
				 errhint("Leave it out, or nest no record that it refers to.")));
	if (bms_is_member(attr, record->pending) && !shared)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this attribute would get the keys of two records of the document",
						sd_path_text(&step))));
	record->given[attr] = false;
	record->pending = bms_add_member(record->pending, attr);
}

/* Leaves the attributes of a key that a record refers with, or is referred to by, to another one. */
static void
leave_keys(SdRecord *record, const SdModel *model, const int *attrs, int n,
		   const JsonbValue *data, const SdPath *path)
{
	for (int i = 0; i < n; i++)
		leave_key(record, model, attrs[i], n > 1, data, path);
}

/* Raises 22023 where a nested record sets a value by a path into a JSON attribute. */
static void
refuse_paths(const SdModel *model, const SdRecord *record, const SdPath *path)
{
	if (record->paths != NIL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: a path into attribute \"%s\" cannot be set here", sd_path_text(path),
						model->attrs[((SdJsonPath *) linitial(record->paths))->attr].name),
				 errhint("studentdir.update and studentdir.update_by_pk set paths of the record itself.")));
}

/* Reads one record, without what is nested in it. */
static SdRecord *
read_record(const Reading *reading, const SdQuery *query, const JsonbValue *data,
			const SdPath *path, bool create)
{
	SdRecord   *record = sd_make_record(query->model);

	record->now = reading->now;
	sd_read_record(query, record, data, path, create);
	return record;
}

static void
validate_record(const Reading *reading, const SdModel *model, SdRecord *record,
				const SdPath *path, bool create)
{
	if (reading->validate)
		sd_validate(reading->violations, model, record, path, create);
}

/* Reads the join row of a record, which may be given under the join model's name. */
static SdRecord *
read_join(const Reading *reading, const SdLevel *level, const JsonbValue *data,
		  const SdPath *path, bool create)
{
	const SdModel *model = level->join->model;
	const SdAssociated *associated = level->associated;
	SdPath		step = SD_KEY_STEP(path, model->name, strlen(model->name));
	JsonbValue	value;
	SdRecord   *join;

	if (sd_find_attribute(level->query->model, model->name, step.len) >= 0 ||
		!find_member(data, model->name, &value) || value.type == jbvNull)
		value = reading->empty;
	join = read_record(reading, level->join, &value, &step, create);
	refuse_paths(model, join, &step);
	sd_set_scope(join, model, associated->association->through_scope, create);
	leave_keys(join, model, associated->foreign_keys, associated->association->nkeys, &value,
			   &step);
	leave_keys(join, model, associated->other_keys, associated->association->ntarget_keys, &value,
			   &step);
	validate_record(reading, model, join, &step, create);
	return join;
}

/* Whether data holds records under an association's alias. */
static bool
find_nested(const SdLevel *nested, const JsonbValue *data, JsonbValue *value)
{
	return find_member(data, nested->associated->association->alias, value) &&
		value->type != jbvNull;
}

/*
 * Reads the key of a record that exists, where data is one; false where it is not.  Of
 * the record nothing is written but its join row or its foreign key.
 */
static bool
read_link(const Reading *reading, SdLevel *level, const JsonbValue *data, const SdPath *path,
		  int parent)
{
	const char *join = level->join != NULL ? level->join->model->name : NULL;
	JsonbValue	key;
	SdNode	   *node;

	if (level->associated == NULL || !sd_find_link(data, join, path, &key))
		return false;
	node = add_node(level, SD_NODE_LINKED, path, parent);
	node->link = key;
	if (join != NULL)
		node->join = read_join(reading, level, sd_is_object(data) ? data : &reading->empty, path,
							   true);
	return true;
}

/* Whether an attribute of a level's records gets the key of the record that they are nested in. */
static bool
is_theirs(const SdLevel *level, int attr)
{
	const SdAssociated *above = level->associated;

	if (above == NULL || level->join != NULL || above->association->kind == SD_BELONGS_TO)
		return false;
	for (int i = 0; i < above->association->nkeys; i++)
	{
		if (above->target_keys[i] == attr)
			return true;
	}
	return false;
}

/* Whether the records that a level's are nested in give them a part of their primary key, or all of it. */
bool
sd_gets_primary_key(const SdLevel *level)
{
	const SdModel *model = level->query->model;

	for (int i = 0; i < model->nkeys; i++)
	{
		if (is_theirs(level, model->keys[i]))
			return true;
	}
	return false;
}

/*
 * Whether data, which is nested in a record that exists, gives its key: all of the primary
 * key but what it gets from that record.
 */
static bool
gives_key(const SdLevel *level, const JsonbValue *data)
{
	const SdModel *model = level->query->model;
	JsonbValue	value;

	for (int i = 0; i < model->nkeys; i++)
	{
		if (!is_theirs(level, model->keys[i]) &&
			(!find_member(data, model->attrs[model->keys[i]].name, &value) ||
			 value.type == jbvNull))
			return false;
	}
	return model->nkeys > 0;
}

static bool
is_absent(const Reading *reading, const JsonbValue *data)
{
	return reading->absent != NULL &&
		hash_search(reading->absent, &data->val.binary.data, HASH_FIND, NULL) != NULL;
}

/* What becomes of the record data; within says that it is nested in one that exists. */
static SdNodeKind
node_kind(const Reading *reading, const SdLevel *level, const JsonbValue *data, bool within)
{
	if (level->query->write->conflict != NULL)
		return SD_NODE_SOUGHT;
	return within && sd_is_object(data) && gives_key(level, data) && !is_absent(reading, data)
		? SD_NODE_CHANGED : SD_NODE_NEW;
}

/* Makes a record that exists belong to none where its data says null. */
static void
clear_reference(SdRecord *record, const SdLevel *nested, const JsonbValue *data)
{
	const SdAssociation *association = nested->associated->association;
	JsonbValue	value;

	if (!find_member(data, association->alias, &value) || value.type != jbvNull)
		return;
	for (int i = 0; i < association->nkeys; i++)
	{
		int			attr = association->source_keys[i];

		if (record->given[attr])
			continue;
		record->json[attr] = value;
		record->given[attr] = true;
	}
}

/* Whether a record that exists will belong to another one than it does: value is not that one, changed. */
static bool
refers_anew(const Reading *reading, const SdLevel *nested, const JsonbValue *value)
{
	return node_kind(reading, nested, value, true) != SD_NODE_CHANGED;
}

/* Reads what a node writes of its record and its join row, and adds the node. */
static void
read_own(const Reading *reading, SdLevel *level, SdNodeKind kind, const JsonbValue *data,
		 const SdPath *path, int parent)
{
	const SdModel *model = level->query->model;
	const SdAssociated *above = level->associated;
	bool		create = kind != SD_NODE_CHANGED;
	SdRecord   *record = read_record(reading, level->query, data, path, create);
	SdNode	   *node = add_node(level, kind, path, parent);
	JsonbValue	value;

	node->record = record;
	if (!create)
		node->data = data->val.binary.data;
	if (level->join != NULL && (create || find_member(data, level->join->model->name, &value)))
		node->join = read_join(reading, level, data, path, create);
	if (above != NULL)
	{
		refuse_paths(model, record, path);
		sd_set_scope(record, model, above->association->scope, create);
	}
	if (above != NULL && level->join == NULL && above->association->kind != SD_BELONGS_TO)
		leave_keys(record, model, above->target_keys, above->association->nkeys, data, path);
	for (int i = 0; i < level->nnested; i++)
	{
		const SdLevel *nested = &level->nested[i];
		const SdAssociation *association = nested->associated->association;

		if (association->kind != SD_BELONGS_TO)
			continue;
		if (!create)
			clear_reference(record, nested, data);
		/* a record that is changed where it is stays the one that this belongs to */
		if (find_nested(nested, data, &value) && (create || refers_anew(reading, nested, &value)))
			leave_keys(record, model, association->source_keys, association->nkeys, data, path);
	}
	validate_record(reading, model, record, path, create);
}

/*
 * Reads data, which stands at path, and what is nested in it: a key of a record, or what
 * kind says.
 */
static void
read_node(const Reading *reading, SdLevel *level, SdNodeKind kind, const JsonbValue *data,
		  const SdPath *path, int parent)
{
	bool		exists = kind == SD_NODE_CHANGED;
	int			number = level->nnodes;
	JsonbValue	value;

	CHECK_FOR_INTERRUPTS();
	if (read_link(reading, level, data, path, parent))
		return;
	read_own(reading, level, kind, data, path, parent);
	for (int i = 0; i < level->nnested; i++)
	{
		SdLevel    *nested = &level->nested[i];
		const SdAssociation *association = nested->associated->association;
		const SdPath *step;
		SdReader	reader;

		if (exists && find_member(data, association->alias, &value))
			nested->named = lappend_int(nested->named, number);
		if (!find_nested(nested, data, &value))
			continue;
		step = keep_step(SD_KEY_STEP(path, association->alias, strlen(association->alias)));
		if (!sd_is_to_many(association))
		{
			read_node(reading, nested, node_kind(reading, nested, &value, exists), &value, step,
					  number);
			continue;
		}
		if (!sd_is_array(&value))
			sd_bad_shape(step, "an array of objects");
		sd_read(&reader, &value, step);
		while (sd_next_element(&reader))
			read_node(reading, nested, node_kind(reading, nested, &reader.value, exists),
					  &reader.value, keep_step(reader.path), number);
	}
}

/* Converts a record, which has been validated, and sets the timestamps of a new one. */
static void
convert_record(const SdQuery *query, SdRecord *record, SdConverter *converters, const SdPath *path,
			   bool create)
{
	sd_convert_with(query, record, converters, path, create);
	if (create)
		sd_default_timestamps(query->model, record, record->now);
}

/* Converts the key of a record that exists; an object stands under "$link". */
static void
convert_link(const SdModel *model, SdNode *node)
{
	SdPath		step = SD_KEY_STEP(node->path, "$link", 5);

	node->key = sd_read_linked_key(model, &node->link,
								   sd_is_object(&node->link) ? &step : node->path);
}

/*
 * Chooses the unique key by which the records of a level are found, and takes it from
 * them.  Raises 22023 where there is none, or a record has none.
 */
static void
choose_sought_key(SdLevel *level)
{
	const SdModel *model = level->query->model;
	bool	   *given = palloc0(sizeof(bool) * model->nattrs);
	const SdPath *path = NULL;
	const SdUniqueKey *key;

	for (int i = level->nnodes - 1; i >= 0; i--)
	{
		const SdRecord *record = level->nodes[i].record;

		path = record != NULL ? level->nodes[i].path : path;
		for (int attr = 0; record != NULL && attr < model->nattrs; attr++)
			given[attr] |= record->given[attr] && !record->filled[attr] && !record->nulls[attr];
	}
	Assert(path != NULL);
	key = sd_conflict_target(level->query, given, NULL);
	if (key == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the data gives no unique key of model \"%s\", by which existing records could be found",
						sd_path_text(path), model->name),
				 errhint("Give all attributes of one, or name one in \"conflictAttributes\".")));
	level->sought_key = key;
	for (int i = 0; i < level->nnodes; i++)
	{
		SdNode	   *node = &level->nodes[i];

		CHECK_FOR_INTERRUPTS();
		if (node->kind == SD_NODE_SOUGHT)
			node->key = sd_record_key(model, node->record, key->attrs, key->nattrs, node->path);
	}
}

/* Converts the records of a tree, which have been validated.  Raises what converting a record raises. */
void
sd_convert_nested(SdLevel *level)
{
	SdConverter *converters = sd_make_converters(level->query->model);
	SdConverter *join_converters = level->join != NULL
		? sd_make_converters(level->join->model) : NULL;

	for (int i = 0; i < level->nnodes; i++)
	{
		SdNode	   *node = &level->nodes[i];

		CHECK_FOR_INTERRUPTS();
		Assert((node->record == NULL) == (node->kind == SD_NODE_LINKED));
		Assert(node->join == NULL || level->join != NULL);
		if (node->kind == SD_NODE_LINKED)
			convert_link(level->query->model, node);
		else
			convert_record(level->query, node->record, converters, node->path,
						   node->kind != SD_NODE_CHANGED);
		if (node->join != NULL)
		{
			const char *name = level->join->model->name;
			SdPath		step = SD_KEY_STEP(node->path, name, strlen(name));

			convert_record(level->join, node->join, join_converters, &step,
						   node->kind != SD_NODE_CHANGED);
		}
	}
	if (level->count[SD_NODE_SOUGHT] > 0)
		choose_sought_key(level);
	for (int i = 0; i < level->nnested; i++)
		sd_convert_nested(&level->nested[i]);
}

/* What the levels of a document are read with. */
static Reading
make_reading(const SdQuery *query, SdViolations *violations)
{
	static const JsonbContainer no_members = {.header = JB_FOBJECT};

	return (Reading) {
		.validate = query->write->validate,
		.violations = violations,
		.now = sd_now(),
		.empty = {
			.type = jbvBinary,
			.val.binary = {
				.len = sizeof(no_members.header),
				.data = unconstify(JsonbContainer *, &no_members)
			}
		}
	};
}

/*
 * Reads and validates the records in data, an object, or with many an array of them, and
 * what is nested in them as query->includes says; failures are added to violations.  The
 * tree is made in the current context and points into data.  It is not complete before
 * sd_convert_nested().
 *
 * Raises what reading a record raises, 22023 where what is nested has the wrong shape or a
 * key is given that a nested record sets.
 */
SdLevel *
sd_read_nested(const SdQuery *query, const JsonbValue *data, bool many, SdViolations *violations)
{
	static const SdPath root = {.key = "data", .len = 4};
	SdLevel    *level = palloc0(sizeof(SdLevel));
	Reading		reading = make_reading(query, violations);

	make_level(level, query, NULL);
	if (many)
	{
		SdReader	reader;

		sd_read(&reader, data, &root);
		while (sd_next_element(&reader))
			read_node(&reading, level, SD_NODE_NEW, &reader.value, keep_step(reader.path), 0);
	}
	else
		read_node(&reading, level, SD_NODE_NEW, data, NULL, 0);
	return level;
}

/*
 * The same for data that says what changes of a record that exists, and of those that are
 * nested in it: one with its key is changed too, others are created.  absent has the
 * containers of those that are created although they give their keys; NULL: there are none.
 */
SdLevel *
sd_read_changed(const SdQuery *query, const JsonbValue *data, HTAB *absent,
				SdViolations *violations)
{
	SdLevel    *level = palloc0(sizeof(SdLevel));
	Reading		reading = make_reading(query, violations);

	reading.absent = absent;
	make_level(level, query, NULL);
	read_node(&reading, level, SD_NODE_CHANGED, data, NULL, 0);
	return level;
}
