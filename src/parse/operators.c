/*-------------------------------------------------------------------------
 * parse/operators.c
 *		The operators of "where", by name.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "parse/expression.h"
#include "parse/operators.h"
#include "parse/words.h"

static const SdOperatorName names[] = {
	{"$eq", SD_FORM_EQUALITY, SD_OP_EQ},
	{"$ne", SD_FORM_EQUALITY, SD_OP_NE},
	{"$gt", SD_FORM_ORDER, SD_OP_GT},
	{"$gte", SD_FORM_ORDER, SD_OP_GE},
	{"$lt", SD_FORM_ORDER, SD_OP_LT},
	{"$lte", SD_FORM_ORDER, SD_OP_LE},
	{"$is", SD_FORM_IS},
	{"$isNot", SD_FORM_IS, .negated = true},
	{"$not", SD_FORM_NOT, SD_OP_NE},
	{"$in", SD_FORM_LIST, SD_OP_EQ},
	{"$notIn", SD_FORM_LIST, SD_OP_NE},
	{"$between", SD_FORM_BETWEEN},
	{"$notBetween", SD_FORM_BETWEEN, .negated = true},
	{"$like", SD_FORM_PATTERN, SD_OP_LIKE},
	{"$notLike", SD_FORM_PATTERN, SD_OP_NOT_LIKE},
	{"$iLike", SD_FORM_PATTERN, SD_OP_ILIKE},
	{"$notILike", SD_FORM_PATTERN, SD_OP_NOT_ILIKE},
	{"$regexp", SD_FORM_PATTERN, SD_OP_REGEXP},
	{"$notRegexp", SD_FORM_PATTERN, SD_OP_NOT_REGEXP},
	{"$iRegexp", SD_FORM_PATTERN, SD_OP_IREGEXP},
	{"$notIRegexp", SD_FORM_PATTERN, SD_OP_NOT_IREGEXP},
	{"$startsWith", SD_FORM_PREFIX, SD_OP_LIKE},
	{"$notStartsWith", SD_FORM_PREFIX, SD_OP_NOT_LIKE},
	{"$iStartsWith", SD_FORM_PREFIX, SD_OP_ILIKE},
	{"$notIStartsWith", SD_FORM_PREFIX, SD_OP_NOT_ILIKE},
	{"$endsWith", SD_FORM_SUFFIX, SD_OP_LIKE},
	{"$notEndsWith", SD_FORM_SUFFIX, SD_OP_NOT_LIKE},
	{"$iEndsWith", SD_FORM_SUFFIX, SD_OP_ILIKE},
	{"$notIEndsWith", SD_FORM_SUFFIX, SD_OP_NOT_ILIKE},
	{"$substring", SD_FORM_INFIX, SD_OP_LIKE},
	{"$notSubstring", SD_FORM_INFIX, SD_OP_NOT_LIKE},
	{"$iSubstring", SD_FORM_INFIX, SD_OP_ILIKE},
	{"$notISubstring", SD_FORM_INFIX, SD_OP_NOT_ILIKE},
	{"$contains", SD_FORM_CONTAINER, SD_OP_CONTAINS},
	{"$contained", SD_FORM_CONTAINER, SD_OP_CONTAINED},
	{"$overlap", SD_FORM_CONTAINER, SD_OP_OVERLAP},
	{"$adjacent", SD_FORM_RANGE, SD_OP_ADJACENT},
	{"$strictLeft", SD_FORM_RANGE, SD_OP_STRICT_LEFT},
	{"$strictRight", SD_FORM_RANGE, SD_OP_STRICT_RIGHT},
	{"$noExtendLeft", SD_FORM_RANGE, SD_OP_NO_EXTEND_LEFT},
	{"$noExtendRight", SD_FORM_RANGE, SD_OP_NO_EXTEND_RIGHT},
	{"$anyKeyExists", SD_FORM_KEYS, SD_OP_ANY_KEY},
	{"$allKeysExist", SD_FORM_KEYS, SD_OP_ALL_KEYS},
	{"$any", SD_FORM_QUANTIFIED, SD_OP_EQ, .logic = SD_COND_OR},
	{"$all", SD_FORM_QUANTIFIED, SD_OP_EQ, .logic = SD_COND_AND},
	{"$jsonPath", SD_FORM_JSON_PATH, SD_OP_MATCH},
	{"$match", SD_FORM_MATCH, SD_OP_MATCH},
	{"$and", SD_FORM_LOGIC, .logic = SD_COND_AND},
	{"$or", SD_FORM_LOGIC, .logic = SD_COND_OR}
};

/* All operators, *n of them. */
const SdOperatorName *
sd_operator_names(int *n)
{
	*n = lengthof(names);
	return names;
}

/* The operator that a key names, or NULL. */
const SdOperatorName *
sd_find_operator(const JsonbValue *key)
{
	for (int i = 0; i < lengthof(names); i++)
	{
		if (sd_string_is(key, names[i].name))
			return &names[i];
	}
	return NULL;
}

/* Raises 22023 for a key that is no operator, or none in the place that path ends with. */
void
sd_unknown_operator(const JsonbValue *key, const SdPath *path)
{
	const char *known[lengthof(names)];
	const char *nearest;
	StringInfoData list;

	if (sd_find_operator(key) != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: this operator needs an attribute", sd_path_text(path)),
				 errhint("It goes under the attribute's name: {\"name\": {\"%s\": ...}}.",
						 sd_clip(key->val.string.val, key->val.string.len))));
	if (sd_is_expression_keyword(key))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: it is an expression, not an operator", sd_path_text(path)),
				 errhint("What an expression gives is compared under $expr: {\"$expr\": [{\"%s\": ...}, \"$eq\", ...]}.",
						 sd_clip(key->val.string.val, key->val.string.len))));
	initStringInfo(&list);
	for (int i = 0; i < lengthof(names); i++)
	{
		known[i] = names[i].name;
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", known[i]);
	}
	nearest = sd_meant(key->val.string.val, key->val.string.len, known, lengthof(names));
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("%s: there is no such operator", sd_path_text(path)),
			 nearest != NULL ? errhint("Perhaps you meant \"%s\".", nearest)
			 : errhint("Operators begin with $: %s.", list.data)));
}
