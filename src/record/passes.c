/*-------------------------------------------------------------------------
 * record/passes.c
 *		Tells whether a value passes one rule of its attribute.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include <math.h>

#include "record/passes.h"
#include "utils/timestamp.h"

#define EPOCH_OFFSET_SECONDS \
	((int64) (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * SECS_PER_DAY)

static bool
is_among(const SdRule *rule, const char *s, Size len)
{
	Assert(rule->arg.texts.n > 0);
	for (int i = 0; i < rule->arg.texts.n; i++)
	{
		const SdRuleText *text = &rule->arg.texts.items[i];

		if (text->len == len && memcmp(text->s, s, len) == 0)
			return true;
	}
	return false;
}

static bool
has_length(const SdLimits *limits, const char *s, Size len)
{
	double		length = sd_text_length(s, len);

	return (isnan(limits->min) || length >= limits->min) &&
		(isnan(limits->max) || length <= limits->max);
}

/* What begins with no number is within any limit. */
static bool
is_within(const SdLimits *limits, const char *s, Size len)
{
	double		value = sd_parse_float(s, len);

	return isnan(value) ||
		((isnan(limits->min) || value >= limits->min) &&
		 (isnan(limits->max) || value <= limits->max));
}

static bool
is_ip(const char *version, const char *s, Size len)
{
	Assert(version == NULL || *version == '4' || *version == '6');
	return ((version == NULL || *version == '4') && sd_is_ipv4(s, len)) ||
		((version == NULL || *version == '6') && sd_is_ipv6(s, len));
}

/* The time that a rule compares with; now is taken in whole seconds, as Date() gives it. */
static double
rule_date(const SdRule *rule)
{
	if (!isnan(rule->arg.date))
		return rule->arg.date;
	return floor((double) GetCurrentTimestamp() / USECS_PER_SEC + EPOCH_OFFSET_SECONDS) * 1000;
}

/*
 * Whether a value, as String() gives it, in UTF-8, passes a rule.  Raises only
 * what sd_match_pattern() does.
 */
bool
sd_passes(const SdRule *rule, const char *s, Size len)
{
	double		date;

	switch (rule->kind)
	{
		case SD_RULE_IS_EMAIL:
			return sd_is_email(s, len);
		case SD_RULE_IS_URL:
			return sd_is_url(s, len);
		case SD_RULE_IS_IP:
			return is_ip(rule->arg.version, s, len);
		case SD_RULE_IS_ALPHA:
			return sd_is_alpha(s, len);
		case SD_RULE_IS_ALPHANUMERIC:
			return sd_is_alphanumeric(s, len);
		case SD_RULE_IS_NUMERIC:
			return sd_is_numeric(s, len, !rule->arg.number.plain);
		case SD_RULE_IS_INT:
			return sd_is_int(s, len, !rule->arg.number.plain, &rule->arg.number.limits);
		case SD_RULE_IS_FLOAT:
			return sd_is_float(s, len, &rule->arg.number.limits);
		case SD_RULE_IS_DECIMAL:
			return sd_is_decimal(s, len);
		case SD_RULE_IS_LOWERCASE:
			return sd_is_lowercase(s, len);
		case SD_RULE_IS_UPPERCASE:
			return sd_is_uppercase(s, len);
		case SD_RULE_NOT_NULL:
			return true;
		case SD_RULE_IS_NULL:
			return len == 0;
		case SD_RULE_NOT_EMPTY:
			return !sd_is_blank(s, len);
		case SD_RULE_MATCHES:
			return sd_match_pattern(rule->arg.pattern, s, len);
		case SD_RULE_MATCHES_NOT:
			return !sd_match_pattern(rule->arg.pattern, s, len);
		case SD_RULE_EQUALS:
		case SD_RULE_IS_IN:
			return is_among(rule, s, len);
		case SD_RULE_IS_NOT_IN:
			return !is_among(rule, s, len);
		case SD_RULE_CONTAINS:
			return sd_contains(s, len, rule->arg.texts.items->s, rule->arg.texts.items->len);
		case SD_RULE_CONTAINS_NOT:
			return !sd_contains(s, len, rule->arg.texts.items->s, rule->arg.texts.items->len);
		case SD_RULE_LENGTH:
			return has_length(&rule->arg.number.limits, s, len);
		case SD_RULE_IS_UUID:
			return sd_is_uuid(s, len, rule->arg.version);
		case SD_RULE_IS_DATE:
			return sd_parse_date(s, len, &date);
		case SD_RULE_IS_AFTER:
			return sd_parse_date(s, len, &date) && date > rule_date(rule);
		case SD_RULE_IS_BEFORE:
			return sd_parse_date(s, len, &date) && date < rule_date(rule);
		case SD_RULE_LIMIT:
			return is_within(&rule->arg.number.limits, s, len);
		case SD_RULE_IS_CREDIT_CARD:
			return sd_is_credit_card(s, len, rule->arg.cards);
		case SD_RULE_IS_JSON:
			return sd_is_json(s, len);
		case SD_RULE_IS_ISO8601:
			return sd_is_iso8601(s, len);
		case SD_RULE_IS_HEX_COLOR:
			return sd_is_hex_color(s, len);
		case SD_RULE_IS_SLUG:
			return sd_is_slug(s, len);
	}
	pg_unreachable();
}
