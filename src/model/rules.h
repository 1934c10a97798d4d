/*-------------------------------------------------------------------------
 * model/rules.h
 *		The validators of an attribute, with their arguments read.
 *
 * In a model's row in studentdir.model an attribute's "validate" is an array,
 * because jsonb does not keep the order of an object's keys and validators run
 * in the order in which they were written:
 *
 *		[{"name":"len","args":[3,12],"msg":"three to twelve letters"}]
 *
 * "args" is what the validator is given: an array for several arguments, or a
 * single one; without "args" there is none.  "msg" takes the place of the
 * message.  sd_normalize_rules() makes this out of the object of a definition.
 *
 * Rules belong to the memory context in which they were read.
 *-------------------------------------------------------------------------
 */
#ifndef SD_RULES_H
#define SD_RULES_H

#include "nodes/pg_list.h"
#include "utils/jsonb.h"
#include "validators/pattern.h"
#include "validators/validators.h"

typedef enum SdRuleKind
{
	SD_RULE_IS_EMAIL,
	SD_RULE_IS_URL,
	SD_RULE_IS_IP,
	SD_RULE_IS_ALPHA,
	SD_RULE_IS_ALPHANUMERIC,
	SD_RULE_IS_NUMERIC,
	SD_RULE_IS_INT,
	SD_RULE_IS_FLOAT,
	SD_RULE_IS_DECIMAL,
	SD_RULE_IS_LOWERCASE,
	SD_RULE_IS_UPPERCASE,
	SD_RULE_NOT_NULL,
	SD_RULE_IS_NULL,
	SD_RULE_NOT_EMPTY,
	SD_RULE_MATCHES,
	SD_RULE_MATCHES_NOT,
	SD_RULE_EQUALS,
	SD_RULE_CONTAINS,
	SD_RULE_CONTAINS_NOT,
	SD_RULE_IS_IN,
	SD_RULE_IS_NOT_IN,
	SD_RULE_LENGTH,
	SD_RULE_IS_UUID,
	SD_RULE_IS_DATE,
	SD_RULE_IS_AFTER,
	SD_RULE_IS_BEFORE,
	SD_RULE_LIMIT,
	SD_RULE_IS_CREDIT_CARD,
	SD_RULE_IS_JSON,
	SD_RULE_IS_ISO8601,
	SD_RULE_IS_HEX_COLOR,
	SD_RULE_IS_SLUG
} SdRuleKind;

/* UTF-8, whatever the database's encoding */
typedef struct SdRuleText
{
	const char *s;
	Size		len;
} SdRuleText;

typedef struct SdRule
{
	SdRuleKind	kind;
	const char *name;			/* as in the definition */
	const char *message;		/* NULL: the usual one */
	union
	{
		SdPattern  *pattern;	/* MATCHES, MATCHES_NOT */
		struct
		{
			SdRuleText *items;
			int			n;
		}			texts;		/* EQUALS, CONTAINS, CONTAINS_NOT, IS_IN, IS_NOT_IN */
		struct
		{
			SdLimits	limits;
			bool		plain;	/* no leading zeroes, no signs */
		}			number;		/* IS_NUMERIC, IS_INT, IS_FLOAT, LIMIT, LENGTH */
		const char *version;	/* IS_UUID; IS_IP: NULL for any */
		double		date;		/* IS_AFTER, IS_BEFORE; NaN: the time of the call */
		int			cards;		/* IS_CREDIT_CARD: of SdCard */
	}			arg;
} SdRule;

typedef struct SdRules
{
	int			n;
	SdRule	   *rules;			/* in the order in which they run */
	bool		not_null;		/* whether notNull is among them */
	const char *null_message;	/* of notNull; NULL: the usual one */
} SdRules;

/* rules.c */
extern bool sd_read_rules(const JsonbValue *validate, SdRules *rules, const char **problem);
extern void sd_check_rules(const JsonbValue *validate, const char *path);

/* normalize.c */
extern char *sd_normalize_rules(const JsonbValue *definition, const List *names);

#endif							/* SD_RULES_H */
