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
#include "parse/symbol.h"
#include "utils/builtins.h"

/* Whether a key of "where" has the form "$…$". */
bool
sd_is_associated_key(const JsonbValue *key)
{
	int			len = key->val.string.len;
	const char *name = key->val.string.val;

	return len > 2 && name[0] == '$' && name[len - 1] == '$';
}

/* The member's key and value, kept for sd_parse_associated(). */
SdAssociatedKey *
sd_associated_key(const SdReader *member)
{
	SdAssociatedKey *key = palloc(sizeof(SdAssociatedKey));

	key->name = pnstrdup(member->key.val.string.val + 1, member->key.val.string.len - 2);
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
			 : model->nassociations > 0 ? errhint("Its associations are %s.", list.data)
			 : errhint("It has no associations.")));
}

/* The attribute of a model that an association's key names; raises 55000 when it has none. */
static int
key_attribute(const SdModel *source, const SdAssociation *association, const SdModel *model,
			  const char *key)
{
	int			attr = sd_find_column(model, key, strlen(key));

	if (attr < 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("association \"%s\" of model \"%s\" is not valid", association->alias,
						source->name),
				 errdetail("Its key \"%s\" is no attribute of model \"%s\".", key, model->name),
				 errhint("Correct its row in studentdir.association, or define it again.")));
	return attr;
}

/* Raises 55000 when the keys of two models cannot be compared. */
static void
check_keys(const SdModel *source, const SdAssociation *association, Oid left, Oid right)
{
	if (!sd_operator_exists(left, SD_OP_EQ, right))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("association \"%s\" of model \"%s\" is not valid", association->alias,
						source->name),
				 errdetail("Its keys are of the types %s and %s, which cannot be compared.",
						   format_type_be(left), format_type_be(right)),
				 errhint("Give the keys types that can be compared, or define the association again.")));
}

/*
 * The other end of an association.  Raises what opening its models raises,
 * 0A000 for a key of several attributes, and 55000 when the association's keys
 * are none of the models' attributes.
 */
SdAssociated *
sd_open_associated(const SdModel *source, const SdAssociation *association)
{
	SdAssociated *associated = palloc0(sizeof(SdAssociated));
	Oid			source_type = source->attrs[association->source_key].type;
	Oid			target_type;

	if (association->nkeys > 1 || association->nother_keys > 1)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("association \"%s\" of model \"%s\" cannot be followed: its key has several attributes",
						association->alias, source->name)));
	associated->source = source;
	associated->association = association;
	associated->target = sd_model_open(association->target);
	associated->target_key = key_attribute(source, association, associated->target,
										   association->target_key);
	target_type = associated->target->attrs[associated->target_key].type;
	if (association->kind != SD_BELONGS_TO_MANY)
		check_keys(source, association, target_type, source_type);
	else
	{
		associated->through = sd_model_open(association->through);
		associated->foreign_key = key_attribute(source, association, associated->through,
												association->foreign_keys[0]);
		associated->other_key = key_attribute(source, association, associated->through,
											  association->other_keys[0]);
		check_keys(source, association,
				   associated->through->attrs[associated->foreign_key].type, source_type);
		check_keys(source, association, target_type,
				   associated->through->attrs[associated->other_key].type);
	}
	return associated;
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

/* Whether a key asks for there being no associated row: null on its primary key. */
static bool
means_none(const SdModel *target, const SdAssociatedKey *key)
{
	const JsonbValue *value = &key->value;
	JsonbValue	inner;

	if (target->nkeys != 1 || strcmp(key->name, target->attrs[target->keys[0]].name) != 0)
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
	SdCondition *condition = NULL;
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
			condition = sd_and(condition, parse_attribute(scope, key));
	}
	foreach(cell, sd_parse_associated(scope, further))
		condition = sd_and(condition, lfirst(cell));
	return condition;
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
		SdScope		target = {.query = scope->query};
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
		associated = sd_open_associated(scope->model, association);
		target.model = associated->target;
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
			conditions = lappend(conditions, sd_not(make_exists(associated, NULL)));
		if (rest != NIL)
			conditions = lappend(conditions,
								 make_exists(associated, parse_target(&target, rest)));
	}
	return conditions;
}
