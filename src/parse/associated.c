/*-------------------------------------------------------------------------
 * parse/associated.c
 *		Conditions on attributes of associated rows: "$User.name$": value.
 *
 * A row qualifies when an associated row satisfies the condition; all keys of
 * one association in one AND group mean the same associated row.  So the keys
 * of a group are sorted by association first, and each association becomes
 * one EXISTS, inside which the same goes on with the rest of the names.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "parse/associated.h"
#include "parse/include.h"
#include "parse/members.h"
#include "parse/options.h"
#include "parse/scopes.h"
#include "parse/symbol.h"
#include "parse/where.h"
#include "utils/builtins.h"

/* The length of "$…$" at the beginning of a key, which ".…" may follow, or 0. */
static int
quoted_length(const JsonbValue *key)
{
	int			len = key->val.string.len;
	const char *name = key->val.string.val;

	if (len <= 2 || name[0] != '$')
		return 0;
	if (name[len - 1] == '$')
		return len;
	for (int i = 2; i < len - 2; i++)
	{
		if (name[i] == '$' && name[i + 1] == '.')
			return i + 1;
	}
	return 0;
}

/* Whether a key of "where" has the form "$…$", or "$…$.path" into JSON. */
bool
sd_is_associated_key(const JsonbValue *key)
{
	return quoted_length(key) > 0;
}

/* Whether such a key names an attribute of the scope's model itself. */
bool
sd_is_own_key(const SdScope *scope, const JsonbValue *key)
{
	int			len = key->val.string.len;
	const char *name = key->val.string.val;

	return quoted_length(key) == len && sd_find_column(scope->model, name + 1, len - 2) >= 0;
}

/* The member's key and value, kept for sd_parse_associated(). */
SdAssociatedKey *
sd_associated_key(const SdReader *member)
{
	SdAssociatedKey *key = palloc(sizeof(SdAssociatedKey));
	int			quoted = quoted_length(&member->key);

	Assert(quoted > 2);
	/* what follows the second dollar sign goes on in the attribute: $User.meta$.level */
	key->name = psprintf("%s%s", pnstrdup(member->key.val.string.val + 1, quoted - 2),
						 pnstrdup(member->key.val.string.val + quoted,
								  member->key.val.string.len - quoted));
	key->whole = key->name;
	key->value = member->value;
	key->path = member->path;
	return key;
}

/* Raises 22023 for a name that no association, or more than one, goes by. */
void
sd_unknown_association(const SdModel *model, const char *name, int len, bool ambiguous,
					   const SdPath *path)
{
	const char **names = palloc(sizeof(char *) * (model->nassociations + 1));
	const char *nearest;
	const char *call;
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < model->nassociations; i++)
	{
		names[i] = model->associations[i].alias;
		appendStringInfo(&list, "%s\"%s\"", i > 0 ? ", " : "", names[i]);
	}
	if (ambiguous)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: model \"%s\" has several associations with \"%s\"",
						sd_path_text(path), model->name, sd_clip(name, len)),
				 errhint("Name one by its alias: %s.", list.data)));
	nearest = sd_nearest(name, len, names, model->nassociations);
	call = nearest == NULL ? sd_missing_side(model, name, len) : NULL;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: model \"%s\" has no association \"%s\"", sd_path_text(path), model->name,
					sd_clip(name, len)),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : call != NULL ? errhint("Only the other side is defined; SELECT %s defines this one.", call)
			 : model->nassociations > 0
			 ? errhint_plural("Its association is %s.", "Its associations are %s.", model->nassociations, list.data)
			 : errhint("It has no associations: studentdir.has_many, has_one, belongs_to and belongs_to_many define them.")));
}

/* Raises 55000 for an association whose definition does not fit its models. */
static pg_attribute_noreturn() void
not_valid(const SdModel *source, const SdAssociation *association, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("association \"%s\" of model \"%s\" is not valid", association->alias,
					source->name),
			 errdetail_internal("%s", detail),
			 errhint("Correct its row in studentdir.association, or define it again.")));
}

/* The attributes of a model that an association's key names; raises 55000 where it has none. */
static int *
key_attributes(const SdModel *source, const SdAssociation *association, const SdModel *model,
			   const char *const *key, int n)
{
	int		   *attrs = palloc(sizeof(int) * n);

	for (int i = 0; i < n; i++)
	{
		attrs[i] = sd_find_column(model, key[i], strlen(key[i]));
		if (attrs[i] < 0)
			not_valid(source, association,
					  psprintf("Its key \"%s\" is no attribute of model \"%s\".", key[i],
							   model->name));
	}
	return attrs;
}

/* Raises 55000 when the keys of two models cannot be compared. */
static void
check_keys(const SdModel *source, const SdAssociation *association,
		   const SdModel *left, const int *attrs, const SdModel *right, const int *others, int n)
{
	for (int i = 0; i < n; i++)
	{
		Oid			type = left->attrs[attrs[i]].type;
		Oid			other = right->attrs[others[i]].type;

		if (!sd_operator_exists(type, SD_OP_EQ, other))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("association \"%s\" of model \"%s\" is not valid", association->alias,
							source->name),
					 errdetail("Its keys are of the types %s and %s, which cannot be compared.",
							   format_type_be(type), format_type_be(other)),
					 errhint("Give the keys types that can be compared, or define the association again.")));
	}
}

/* Raises 55000 for a scope of an association that names what is no attribute of the model. */
static void
check_scope(const SdModel *source, const SdAssociation *association, const SdModel *model,
			const JsonbValue *scope)
{
	SdReader	reader;

	if (scope == NULL)
		return;
	sd_read(&reader, scope, NULL);
	while (sd_next_member(&reader))
	{
		if (sd_find_column(model, reader.key.val.string.val, reader.key.val.string.len) < 0)
			not_valid(source, association,
					  psprintf("Its scope has \"%s\", which is no attribute of model \"%s\".",
							   sd_string(&reader.key), model->name));
	}
}

/* A model that the options of the query's call lead to. */
static const SdModel *
open_model(const SdQuery *query, const char *name, const SdModel *source)
{
	const SdModel *model = sd_model_open_beside(name, source);

	if (query->call != NULL)
		query->call->models = list_append_unique_ptr(query->call->models,
													 unconstify(SdModel *, model));
	return model;
}

/*
 * The other end of an association, in the current context.  Raises what opening
 * its models beside source raises, and 55000 when its keys or scopes do not fit them.
 */
SdAssociated *
sd_open_associated(const SdQuery *query, const SdModel *source, const SdAssociation *association)
{
	SdAssociated *associated = palloc0(sizeof(SdAssociated));
	const SdModel *target = open_model(query, association->target, source);
	const SdModel *through;

	Assert(association >= source->associations &&
		   association < source->associations + source->nassociations);
	associated->source = source;
	associated->association = association;
	associated->target = target;
	associated->target_keys = key_attributes(source, association, target,
											 association->target_keys,
											 association->ntarget_keys);
	check_scope(source, association, target, association->scope);
	if (association->kind != SD_BELONGS_TO_MANY)
	{
		Assert(association->ntarget_keys == association->nkeys);
		check_keys(source, association, target, associated->target_keys,
				   source, association->source_keys, association->nkeys);
		return associated;
	}
	through = open_model(query, association->through, source);
	associated->through = through;
	associated->foreign_keys = key_attributes(source, association, through,
											  association->foreign_keys, association->nkeys);
	associated->other_keys = key_attributes(source, association, through,
											association->other_keys, association->ntarget_keys);
	check_keys(source, association, through, associated->foreign_keys,
			   source, association->source_keys, association->nkeys);
	check_keys(source, association, target, associated->target_keys,
			   through, associated->other_keys, association->ntarget_keys);
	check_scope(source, association, through, association->through_scope);
	return associated;
}

/*
 * What one of the scopes of an association says of the rows of model, which it
 * leads to or through; NULL for none.  Binds the values in query; raises what
 * converting them raises.
 */
SdCondition *
sd_association_scope(SdQuery *query, const SdModel *model, const SdAssociated *associated,
					 const JsonbValue *scope)
{
	const char *alias = associated->association->alias;
	SdScope		rows = {.query = query, .model = model};
	SdPath		path = SD_KEY_STEP(NULL, alias, strlen(alias));
	SdPath		step = SD_KEY_STEP(&path, "scope", 5);
	SdCondition *condition = NULL;
	SdReader	reader;

	if (scope == NULL)
		return NULL;
	sd_read(&reader, scope, &step);
	while (sd_next_member(&reader))
	{
		int			attr = sd_find_column(model, reader.key.val.string.val,
										  reader.key.val.string.len);
		SdOperand	left = sd_attribute_operand(&rows, attr, &reader.path);

		condition = sd_and(condition,
						   sd_parse_condition(&rows, &left, &reader.value, &reader.path));
	}
	return condition;
}

/*
 * The other end of an association with its scopes, and what is said of deleted rows by a
 * value: they are bound in query.
 */
const SdAssociated *
sd_scoped(SdQuery *query, const SdAssociated *associated)
{
	const SdAssociation *association = associated->association;
	bool		target_alive = !associated->with_deleted && sd_has_alive_value(associated->target);
	bool		join_alive = associated->through != NULL && !associated->with_deleted_joins &&
		sd_has_alive_value(associated->through);
	SdAssociated *scoped;

	if (association->scope == NULL && association->through_scope == NULL && !target_alive &&
		!join_alive)
		return associated;
	scoped = palloc(sizeof(SdAssociated));
	*scoped = *associated;
	scoped->scope = sd_association_scope(query, associated->target, associated,
										 association->scope);
	scoped->through_scope = sd_association_scope(query, associated->through, associated,
												 association->through_scope);
	if (target_alive)
		scoped->scope = sd_and(scoped->scope, sd_alive_condition(query, associated->target, true));
	if (join_alive)
		scoped->through_scope = sd_and(scoped->through_scope,
									   sd_alive_condition(query, associated->through, true));
	return scoped;
}

/* The association that a key's name begins with; the name is moved past it. */
static const SdAssociation *
take_association(const SdModel *model, SdAssociatedKey *key)
{
	char	   *dot = strchr(key->name, '.');
	int			len = dot != NULL ? dot - key->name : strlen(key->name);
	const SdAssociation *association;
	bool		ambiguous;

	association = sd_find_association(model, key->name, len, &ambiguous);
	if (association == NULL || dot == NULL)
	{
		if (association != NULL)
			sd_bad_shape(&key->path, psprintf("an attribute of association \"%s\"",
											  association->alias));
		sd_unknown_association(model, key->name, len, ambiguous, &key->path);
	}
	key->name = dot + 1;
	return association;
}

/* Whether a key asks for there being no associated row: null on (a part of) its primary key. */
static bool
means_none(const SdModel *target, const SdAssociatedKey *key)
{
	const JsonbValue *value = &key->value;
	JsonbValue	inner;
	bool		is_key = false;

	for (int i = 0; i < target->nkeys; i++)
		is_key |= strcmp(key->name, target->attrs[target->keys[i]].name) == 0;
	if (!is_key)
		return false;
	if (value->type == jbvNull)
		return true;
	if (!sd_is_object(value) || sd_array_length(value) != 1)
		return false;
	return (getKeyJsonValueFromContainer(value->val.binary.data, "$eq", 3, &inner) != NULL ||
			getKeyJsonValueFromContainer(value->val.binary.data, "$is", 3, &inner) != NULL) &&
		inner.type == jbvNull;
}

/* The condition on an attribute, or on what is at a path in it, of the scope's model. */
static SdCondition *
parse_attribute(const SdScope *scope, const SdAssociatedKey *key)
{
	SdOperand	left;

	left = sd_named_operand(scope, key->name, strlen(key->name), &key->path);
	return sd_parse_condition(scope, &left, &key->value, &key->path);
}

/* What the keys say of one associated row, whose model is the scope's. */
static SdCondition *
parse_target(const SdScope *scope, List *keys)
{
	List	   *further = NIL;
	List	   *args = NIL;
	ListCell   *cell;

	foreach(cell, keys)
	{
		SdAssociatedKey *key = lfirst(cell);
		char	   *dot = strchr(key->name, '.');
		bool		ambiguous;

		/* a name with a dot goes on to another association, or into a JSON attribute */
		if (dot != NULL && sd_find_attribute(scope->model, key->name, dot - key->name) < 0 &&
			(sd_find_association(scope->model, key->name, dot - key->name, &ambiguous) != NULL ||
			 sd_find_attribute(scope->model, key->name, strlen(key->name)) < 0))
			further = lappend(further, key);
		else
		{
			SdCondition *arg = parse_attribute(scope, key);

			if (arg != NULL)
				args = lappend(args, arg);
		}
	}
	args = list_concat(args, sd_parse_associated(scope, further));
	return args == NIL ? NULL : sd_make_logic(SD_COND_AND, args);
}

/* Whether a scope stands in the default scope of a model, which would then hold in itself. */
static bool
is_within_default(const SdScope *scope, const SdModel *model)
{
	for (const SdScope *outer = scope->within_default; outer != NULL; outer = outer->within_default)
	{
		if (outer->model == model)
			return true;
	}
	return false;
}

/* Whether the rows that sources ask for are those that are not deleted; the last that says it wins. */
static bool
leaves_out_deleted(List *sources)
{
	bool		paranoid = true;
	ListCell   *cell;

	foreach(cell, sources)
	{
		const SdSource *source = lfirst(cell);
		SdPath		step = SD_KEY_STEP(source->path, "paranoid", 8);
		JsonbValue	value;

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "paranoid", 8,
										 &value) != NULL)
			paranoid = sd_parse_flag(&value, &step);
	}
	return paranoid;
}

/*
 * The other end of an association of the scope's model, as an include of it with the
 * options of given, a list of SdSource, would show it: *target is the scope there, and
 * *condition what the sources and the includes in them say of its rows, NULL for
 * nothing.  Where no source names a scope the default scope holds, but not in itself.
 * with_deleted says that deleted rows are there, too, whatever the sources say.  In the current context; raises what opening models and parsing conditions raises.
 */
SdAssociated *
sd_open_shown(const SdScope *scope, const SdAssociation *association, List *given,
			  bool with_deleted, const SdPath *path, SdScope *target,
			  SdCondition **condition)
{
	SdAssociated *opened = sd_open_associated(scope->query, scope->model, association);
	SdAssociated *shown = palloc(sizeof(SdAssociated));
	const SdModel *model = opened->target;
	SdScope		in_default;
	List	   *sources = sd_add_scopes(model, given, path, !is_within_default(scope, model));
	ListCell   *cell;

	opened->with_deleted = with_deleted || !leaves_out_deleted(sources);
	*shown = *sd_scoped(scope->query, opened);
	*target = (SdScope) {
		.query = scope->query,
		.model = model,
		.through = shown->through,
		.within_default = scope->within_default,
		.ncomputed = scope->ncomputed
	};
	in_default = *target;
	in_default.within_default = target;
	*condition = NULL;
	foreach(cell, sources)
	{
		const SdSource *source = lfirst(cell);
		const SdScope *rows = source->kind == SD_SOURCE_DEFAULT_SCOPE ? &in_default : target;
		SdPath		step = SD_KEY_STEP(source->path, "where", 5);
		JsonbValue	where;

		if (getKeyJsonValueFromContainer(source->value.val.binary.data, "where", 5,
										 &where) != NULL)
			*condition = sd_and(*condition, sd_parse_where(rows, &where, &step));
	}
	*condition = sd_and(*condition, sd_required_by_sources(&in_default, sources));
	return shown;
}

static SdCondition *
make_exists(const SdAssociated *associated, SdCondition *condition)
{
	SdCondition *exists = sd_make_condition(SD_COND_EXISTS);

	exists->associated = associated;
	if (condition != NULL)
		exists->args = list_make1(condition);
	return exists;
}

/*
 * The conditions that a group of keys makes: one for each association.  The
 * keys are used up.  Raises what sd_parse_condition() raises, 22023 for an
 * unknown association, and what opening an associated model raises.
 */
List *
sd_parse_associated(const SdScope *scope, List *keys)
{
	List	   *conditions = NIL;

	check_stack_depth();
	while (keys != NIL)
	{
		const SdAssociation *association = NULL;
		const SdAssociated *associated;
		List	   *same = NIL;
		List	   *rest = NIL;
		List	   *none = NIL;
		SdCondition *shown;
		SdScope		target;
		SdPath		path;
		ListCell   *cell;

		foreach(cell, keys)
		{
			SdAssociatedKey *key = lfirst(cell);
			char	   *name = key->name;
			const SdAssociation *its = take_association(scope->model, key);

			if (association == NULL)
				association = its;
			if (its == association)
				same = lappend(same, key);
			else
			{
				key->name = name;
				rest = lappend(rest, key);
			}
		}
		path = ((SdAssociatedKey *) linitial(same))->path;
		associated = sd_open_shown(scope, association, NIL, false, &path, &target, &shown);
		target.through = NULL;
		keys = rest;
		rest = NIL;
		foreach(cell, same)
		{
			if (means_none(associated->target, lfirst(cell)))
				none = lappend(none, lfirst(cell));
			else
				rest = lappend(rest, lfirst(cell));
		}
		if (none != NIL)
			conditions = lappend(conditions, sd_not(make_exists(associated, shown)));
		if (rest != NIL)
			conditions = lappend(conditions,
								 make_exists(associated, sd_and(shown, parse_target(&target, rest))));
	}
	return conditions;
}
