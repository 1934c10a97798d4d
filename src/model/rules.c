/*-------------------------------------------------------------------------
 * model/rules.c
 *		Reads an attribute's validators and their arguments.
 *
 * What Sequelize would take and then throw, or never accept a value with, is an
 * error here: false and null as arguments, "isUUID": true, a date that is none.
 * So are the options of isEmail and isUrl, and locales other than English.
 *
 * Three things mean something else than in Sequelize.  A flat list of isIn and
 * notIn is a list, where Sequelize looks for a part of its first element.
 * isAfter and isBefore without a date, or with true, compare with the time of
 * the call.  0 in "args" is a 0.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "json/jsonb_value.h"
#include "json/scalar.h"
#include "json/utf8_text.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "model/model.h"
#include "model/rules.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* the arguments of a validator */
typedef struct Args
{
	JsonbValue *values;
	int			n;
	bool		array;			/* were they in an array? */
} Args;

/* Reads the arguments into the rule.  Returns what is wrong, as a predicate, or NULL. */
typedef const char *(*ArgReader) (SdRule *rule, const Args *args);

/* The elements of an array. */
static Args
elements(const JsonbValue *array)
{
	Args		args = {.array = true};

	args.values = sd_elements(array, &args.n);
	return args;
}

/* A copy in UTF-8. */
static SdRuleText
utf8_text(const char *s, int len)
{
	SdRuleText	text;
	char	   *copy = pnstrdup(s, len);

	text.s = sd_utf8_text(copy);
	text.len = strlen(text.s);
	return text;
}

/* A text argument's UTF-8. */
static inline SdRuleText
text_argument(const JsonbValue *value)
{
	Assert(value->type == jbvString);
	return utf8_text(value->val.string.val, value->val.string.len);
}

static double
number(const JsonbValue *value)
{
	Assert(value->type == jbvNumeric);
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow,
											  NumericGetDatum(value->val.numeric)));
}

/* Whether all arguments are of a type, and their number is within bounds. */
static bool
are(const Args *args, enum jbvType type, int min, int max)
{
	for (int i = 0; i < args->n; i++)
	{
		if (args->values[i].type != type)
			return false;
	}
	return args->n >= min && args->n <= max;
}

static const char *
read_nothing(SdRule *rule, const Args *args)
{
	return args->n == 0 ? NULL : "takes no argument but true";
}

static const char *
read_ipv4(SdRule *rule, const Args *args)
{
	rule->arg.version = "4";
	return read_nothing(rule, args);
}

static const char *
read_ipv6(SdRule *rule, const Args *args)
{
	rule->arg.version = "6";
	return read_nothing(rule, args);
}

/* The one argument as a word: a number may stand for it. */
static char *
word(const Args *args)
{
	StringInfoData buf;

	if (args->n != 1 || (args->values[0].type != jbvString && args->values[0].type != jbvNumeric))
		return NULL;
	initStringInfo(&buf);
	sd_append_scalar(&buf, &args->values[0]);
	return buf.data;
}

static const char *
read_ip(SdRule *rule, const Args *args)
{
	char	   *version = word(args);

	if (args->n == 0)
		return NULL;
	if (version == NULL || (strcmp(version, "4") != 0 && strcmp(version, "6") != 0))
		return "takes no argument, or the version 4 or 6";
	rule->arg.version = version;
	return NULL;
}

static const char *
read_uuid(SdRule *rule, const Args *args)
{
	char	   *version = word(args);

	if (version == NULL || !sd_is_uuid_version(version))
		return "takes a version: a number from 1 to 8, \"all\", \"loose\", \"max\" or \"nil\"";
	rule->arg.version = version;
	return NULL;
}

/* The English locales have the same letters. */
static const char *
read_locale(SdRule *rule, const Args *args)
{
	static const char *const locales[] = {
		"en-US", "en-AU", "en-GB", "en-HK", "en-IN", "en-NZ", "en-ZA", "en-ZM"
	};

	if (args->n == 0)
		return NULL;
	if (args->n == 1)
	{
		for (int i = 0; i < lengthof(locales); i++)
		{
			if (sd_string_is(&args->values[0], locales[i]))
				return NULL;
		}
	}
	return "takes no argument, or an English locale such as \"en-US\": the letters are those of ASCII";
}

/* A pattern, and flags. */
static const char *
read_pattern(SdRule *rule, const Args *args)
{
	const char *problem;
	SdRuleText	source;

	if (!are(args, jbvString, 1, 2))
		return "takes a pattern, or an array of a pattern and its flags, as strings";
	source = text_argument(&args->values[0]);
	rule->arg.pattern = sd_compile_pattern(source.s, source.len,
										   args->n == 2 ? text_argument(&args->values[1]).s : "",
										   &problem);
	return rule->arg.pattern == NULL ? psprintf("has a pattern that %s", problem) : NULL;
}

static void
one_text(SdRule *rule, SdRuleText text)
{
	rule->arg.texts.items = palloc(sizeof(SdRuleText));
	rule->arg.texts.items[0] = text;
	rule->arg.texts.n = 1;
}

static const char *
read_text(SdRule *rule, const Args *args)
{
	if (!are(args, jbvString, 1, 1))
		return "takes a string";
	one_text(rule, text_argument(&args->values[0]));
	return NULL;
}

static const char *
read_part(SdRule *rule, const Args *args)
{
	char	   *part = word(args);

	if (part == NULL || *part == '\0')
		return "takes a string that is not empty";
	one_text(rule, utf8_text(part, strlen(part)));
	return NULL;
}

/* A list, which may be nested in another. */
static const char *
read_list(SdRule *rule, const Args *args)
{
	static const char *const wrong = "takes an array of strings, numbers and booleans";
	Args		list = *args;
	StringInfoData buf;

	if (!list.array)
		return wrong;
	if (list.n == 1 && sd_is_array(&list.values[0]))
		list = elements(&list.values[0]);
	rule->arg.texts.items = palloc(sizeof(SdRuleText) * Max(list.n, 1));
	rule->arg.texts.n = list.n;
	initStringInfo(&buf);
	for (int i = 0; i < list.n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (list.values[i].type == jbvBinary || list.values[i].type == jbvNull)
			return wrong;
		resetStringInfo(&buf);
		sd_append_scalar(&buf, &list.values[i]);
		rule->arg.texts.items[i] = utf8_text(buf.data, buf.len);
	}
	return list.n > 0 ? NULL : wrong;
}

static void
no_limits(SdLimits *limits)
{
	limits->min = limits->max = limits->above = limits->below = NAN;
}

/* What a validator's object of options may have. */
typedef struct RuleArgument
{
	const char *name;
	enum jbvType type;
	void	   *target;
	bool		value;			/* of a boolean that sets the target */
} RuleArgument;

/* Reads an object of options; false when it has something else. */
static bool
read_options(const JsonbValue *object, const RuleArgument *options, int n)
{
	JsonbIterator *it;
	JsonbValue	key;
	JsonbValue	value;

	if (!sd_is_object(object))
		return false;
	it = JsonbIteratorInit(object->val.binary.data);
	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		const RuleArgument *found = NULL;

		(void) JsonbIteratorNext(&it, &value, true);
		for (int i = 0; i < n; i++)
		{
			if (sd_string_is(&key, options[i].name) && value.type == options[i].type)
				found = &options[i];
		}
		if (found == NULL)
			return false;
		if (found->type == jbvNumeric)
			*(double *) found->target = number(&value);
		else
			*(bool *) found->target = value.val.boolean == found->value;
	}
	return true;
}

static const char *
read_numeric(SdRule *rule, const Args *args)
{
	const RuleArgument options[] = {
		{"no_symbols", jbvBool, &rule->arg.number.plain, true}
	};

	if (args->n == 0 ||
		(args->n == 1 && read_options(&args->values[0], options, lengthof(options))))
		return NULL;
	return "takes no argument, or an object with \"no_symbols\"";
}

static const char *
read_int(SdRule *rule, const Args *args)
{
	SdLimits   *limits = &rule->arg.number.limits;
	const RuleArgument options[] = {
		{"min", jbvNumeric, &limits->min},
		{"max", jbvNumeric, &limits->max},
		{"gt", jbvNumeric, &limits->above},
		{"lt", jbvNumeric, &limits->below},
		{"allow_leading_zeroes", jbvBool, &rule->arg.number.plain, false}
	};

	no_limits(limits);
	if (args->n == 0 ||
		(args->n == 1 && read_options(&args->values[0], options, lengthof(options))))
		return NULL;
	return "takes no argument, or an object with the numbers \"min\", \"max\", \"gt\" and \"lt\" and the boolean \"allow_leading_zeroes\"";
}

static const char *
read_float(SdRule *rule, const Args *args)
{
	SdLimits   *limits = &rule->arg.number.limits;
	const RuleArgument options[] = {
		{"min", jbvNumeric, &limits->min},
		{"max", jbvNumeric, &limits->max},
		{"gt", jbvNumeric, &limits->above},
		{"lt", jbvNumeric, &limits->below}
	};

	no_limits(limits);
	if (args->n == 0 ||
		(args->n == 1 && read_options(&args->values[0], options, lengthof(options))))
		return NULL;
	return "takes no argument, or an object with the numbers \"min\", \"max\", \"gt\" and \"lt\"";
}

static const char *
read_min(SdRule *rule, const Args *args)
{
	no_limits(&rule->arg.number.limits);
	if (!are(args, jbvNumeric, 1, 1))
		return "takes a number";
	rule->arg.number.limits.min = number(&args->values[0]);
	return NULL;
}

static const char *
read_max(SdRule *rule, const Args *args)
{
	no_limits(&rule->arg.number.limits);
	if (!are(args, jbvNumeric, 1, 1))
		return "takes a number";
	rule->arg.number.limits.max = number(&args->values[0]);
	return NULL;
}

static const char *
read_length(SdRule *rule, const Args *args)
{
	SdLimits   *limits = &rule->arg.number.limits;
	const RuleArgument options[] = {
		{"min", jbvNumeric, &limits->min},
		{"max", jbvNumeric, &limits->max}
	};

	no_limits(limits);
	if (are(args, jbvNumeric, 1, 2))
	{
		limits->min = number(&args->values[0]);
		if (args->n == 2)
			limits->max = number(&args->values[1]);
		return NULL;
	}
	if (args->n == 1 && read_options(&args->values[0], options, lengthof(options)))
		return NULL;
	return "takes the least length, an array of the least and the greatest, or an object with \"min\" and \"max\"";
}

static const char *
read_date(SdRule *rule, const Args *args)
{
	SdRuleText	text;

	rule->arg.date = NAN;
	if (args->n == 0)
		return NULL;
	if (are(args, jbvString, 1, 1))
	{
		text = text_argument(&args->values[0]);
		if (sd_parse_date(text.s, text.len, &rule->arg.date))
			return NULL;
	}
	return "takes a date as a string, or no argument for the time of the call";
}

static const char *
read_card(SdRule *rule, const Args *args)
{
	static const struct
	{
		const char *name;
		SdCard		card;
	}			providers[] = {
		{"amex", SD_CARD_AMEX},
		{"dinersclub", SD_CARD_DINERSCLUB},
		{"discover", SD_CARD_DISCOVER},
		{"jcb", SD_CARD_JCB},
		{"mastercard", SD_CARD_MASTERCARD},
		{"unionpay", SD_CARD_UNIONPAY},
		{"visa", SD_CARD_VISA}
	};
	JsonbValue	provider;

	rule->arg.cards = SD_CARD_ANY;
	if (args->n == 0)
		return NULL;
	if (args->n == 1 && sd_is_object(&args->values[0]) &&
		JsonContainerSize(args->values[0].val.binary.data) == 1 &&
		getKeyJsonValueFromContainer(args->values[0].val.binary.data, "provider", 8, &provider))
	{
		for (int i = 0; i < lengthof(providers); i++)
		{
			if (provider.type == jbvString &&
				provider.val.string.len == strlen(providers[i].name) &&
				pg_strncasecmp(provider.val.string.val, providers[i].name,
							   provider.val.string.len) == 0)
			{
				rule->arg.cards = providers[i].card;
				return NULL;
			}
		}
	}
	return "takes no argument, or an object whose \"provider\" is amex, dinersclub, discover, jcb, mastercard, unionpay or visa";
}

static const struct
{
	const char *name;
	SdRuleKind	kind;
	ArgReader	read;
}			validators[] = {
	{"isEmail", SD_RULE_IS_EMAIL, read_nothing},
	{"isUrl", SD_RULE_IS_URL, read_nothing},
	{"isIP", SD_RULE_IS_IP, read_ip},
	{"isIPv4", SD_RULE_IS_IP, read_ipv4},
	{"isIPv6", SD_RULE_IS_IP, read_ipv6},
	{"isAlpha", SD_RULE_IS_ALPHA, read_locale},
	{"isAlphanumeric", SD_RULE_IS_ALPHANUMERIC, read_locale},
	{"isNumeric", SD_RULE_IS_NUMERIC, read_numeric},
	{"isInt", SD_RULE_IS_INT, read_int},
	{"isFloat", SD_RULE_IS_FLOAT, read_float},
	{"isDecimal", SD_RULE_IS_DECIMAL, read_nothing},
	{"isLowercase", SD_RULE_IS_LOWERCASE, read_nothing},
	{"isUppercase", SD_RULE_IS_UPPERCASE, read_nothing},
	{"notNull", SD_RULE_NOT_NULL, read_nothing},
	{"isNull", SD_RULE_IS_NULL, read_nothing},
	{"notEmpty", SD_RULE_NOT_EMPTY, read_nothing},
	{"is", SD_RULE_MATCHES, read_pattern},
	{"regex", SD_RULE_MATCHES, read_pattern},
	{"not", SD_RULE_MATCHES_NOT, read_pattern},
	{"notRegex", SD_RULE_MATCHES_NOT, read_pattern},
	{"equals", SD_RULE_EQUALS, read_text},
	{"contains", SD_RULE_CONTAINS, read_part},
	{"notContains", SD_RULE_CONTAINS_NOT, read_part},
	{"isIn", SD_RULE_IS_IN, read_list},
	{"notIn", SD_RULE_IS_NOT_IN, read_list},
	{"len", SD_RULE_LENGTH, read_length},
	{"isUUID", SD_RULE_IS_UUID, read_uuid},
	{"isDate", SD_RULE_IS_DATE, read_nothing},
	{"isAfter", SD_RULE_IS_AFTER, read_date},
	{"isBefore", SD_RULE_IS_BEFORE, read_date},
	{"max", SD_RULE_LIMIT, read_max},
	{"min", SD_RULE_LIMIT, read_min},
	{"isCreditCard", SD_RULE_IS_CREDIT_CARD, read_card},
	{"isJSON", SD_RULE_IS_JSON, read_nothing},
	{"isISO8601", SD_RULE_IS_ISO8601, read_nothing},
	{"isHexColor", SD_RULE_IS_HEX_COLOR, read_nothing},
	{"isSlug", SD_RULE_IS_SLUG, read_nothing}
};

/* The complaint about a validator that there is not. */
static const char *
unknown_validator(const JsonbValue *name)
{
	const char *names[lengthof(validators)];
	const char *nearest;

	for (int i = 0; i < lengthof(validators); i++)
		names[i] = validators[i].name;
	nearest = sd_nearest(name->val.string.val, name->val.string.len, names, lengthof(names));
	if (nearest == NULL)
		return psprintf("there is no validator \"%s\"",
						pnstrdup(name->val.string.val, name->val.string.len));
	return psprintf("there is no validator \"%s\"; perhaps \"%s\" is meant",
					pnstrdup(name->val.string.val, name->val.string.len), nearest);
}

/* true is what a validator is given that needs no argument. */
static Args
arguments(JsonbValue *args)
{
	Args		list = {.values = args, .n = 1};

	if (sd_is_array(args))
		list = elements(args);
	if (list.n == 1 && list.values[0].type == jbvBool && list.values[0].val.boolean)
		list.n = 0;
	return list;
}

/* Reads one rule.  Returns what is wrong, or NULL. */
static const char *
read_rule(SdRule *rule, const JsonbValue *definition)
{
	JsonbContainer *object;
	JsonbValue	name;
	JsonbValue	value;
	Args		args = {0};
	int			known = 1;
	int			i;
	const char *problem;

	if (!sd_is_object(definition))
		return "a validator is not an object";
	object = definition->val.binary.data;
	if (!getKeyJsonValueFromContainer(object, "name", 4, &name) || name.type != jbvString)
		return "a validator has no \"name\"";
	for (i = 0; i < lengthof(validators); i++)
	{
		if (sd_string_is(&name, validators[i].name))
			break;
	}
	if (i == lengthof(validators))
		return unknown_validator(&name);
	rule->kind = validators[i].kind;
	rule->name = validators[i].name;

	if (getKeyJsonValueFromContainer(object, "msg", 3, &value))
	{
		known++;
		if (value.type != jbvString)
			return psprintf("validator \"%s\" has a \"msg\" that is not a string", rule->name);
		rule->message = pnstrdup(value.val.string.val, value.val.string.len);
	}
	if (getKeyJsonValueFromContainer(object, "args", 4, &value))
	{
		known++;
		args = arguments(&value);
	}
	if (JsonContainerSize(object) != known)
		return psprintf("validator \"%s\" has something beside \"args\" and \"msg\"", rule->name);
	problem = validators[i].read(rule, &args);
	return problem == NULL ? NULL : psprintf("validator \"%s\" %s", rule->name, problem);
}

/*
 * Reads the normalized "validate" of an attribute, in the current memory
 * context.  Returns false when it is not valid; *problem is what is wrong, in
 * words.
 */
bool
sd_read_rules(const JsonbValue *validate, SdRules *rules, const char **problem)
{
	Args		list;

	memset(rules, 0, sizeof(SdRules));
	if (!sd_is_array(validate))
	{
		*problem = "the validators are not an array";
		return false;
	}
	list = elements(validate);
	rules->rules = palloc0(sizeof(SdRule) * Max(list.n, 1));
	for (int i = 0; i < list.n; i++)
	{
		SdRule	   *rule = &rules->rules[rules->n];

		*problem = read_rule(rule, &list.values[i]);
		if (*problem != NULL)
			return false;
		for (int j = 0; j < rules->n; j++)
		{
			if (strcmp(rules->rules[j].name, rule->name) == 0)
			{
				*problem = psprintf("validator \"%s\" occurs twice", rule->name);
				return false;
			}
		}
		rules->n++;
		if (rule->kind == SD_RULE_NOT_NULL)
		{
			rules->not_null = true;
			rules->null_message = rule->message;
		}
	}
	Assert(rules->n == list.n);
	return true;
}

/*
 * Raises 22023 when the normalized "validate" of an attribute is not valid;
 * the message begins with path.
 */
void
sd_check_rules(const JsonbValue *validate, const char *path)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir rules",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	SdRules		rules;
	const char *problem;

	if (!sd_read_rules(validate, &rules, &problem))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: %s", path, problem)));
	MemoryContextSwitchTo(old);
	MemoryContextDelete(cxt);
}
