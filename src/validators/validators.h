/*-------------------------------------------------------------------------
 * validators/validators.h
 *		What Sequelize's validators accept, as predicates over UTF-8.
 *
 * They agree with Sequelize 6.37 and validator.js 13.15, so that a model means
 * the same here as in an application.  They look at nothing but their
 * arguments: no catalogs, no locale, no time zone.  Text that is not UTF-8 is
 * not accepted; errors are not raised.
 *-------------------------------------------------------------------------
 */
#ifndef SD_VALIDATORS_H
#define SD_VALIDATORS_H

/* the limits of a number; those that are NaN do not count */
typedef struct SdLimits
{
	double		min;
	double		max;
	double		above;
	double		below;
} SdLimits;

/* providers of cards, as bits */
typedef enum SdCard
{
	SD_CARD_AMEX = 1 << 0,
	SD_CARD_DINERSCLUB = 1 << 1,
	SD_CARD_DISCOVER = 1 << 2,
	SD_CARD_JCB = 1 << 3,
	SD_CARD_MASTERCARD = 1 << 4,
	SD_CARD_UNIONPAY = 1 << 5,
	SD_CARD_VISA = 1 << 6,
	SD_CARD_ANY = (1 << 7) - 1
} SdCard;

/* text.c */
extern bool sd_is_blank(const char *s, Size len);
extern bool sd_is_alpha(const char *s, Size len);
extern bool sd_is_alphanumeric(const char *s, Size len);
extern bool sd_is_lowercase(const char *s, Size len);
extern bool sd_is_uppercase(const char *s, Size len);
extern bool sd_is_slug(const char *s, Size len);
extern bool sd_contains(const char *s, Size len, const char *part, Size part_len);
extern double sd_text_length(const char *s, Size len);

/* numeric.c */
extern bool sd_is_numeric(const char *s, Size len, bool symbols);
extern bool sd_is_int(const char *s, Size len, bool leading_zeroes, const SdLimits *limits);
extern bool sd_is_float(const char *s, Size len, const SdLimits *limits);
extern bool sd_is_decimal(const char *s, Size len);
extern double sd_parse_float(const char *s, Size len);

/* host.c */
extern bool sd_is_ipv4(const char *s, Size len);
extern bool sd_is_ipv6(const char *s, Size len);
extern bool sd_is_domain(const char *s, Size len);

/* email.c, url.c */
extern bool sd_is_email(const char *s, Size len);
extern bool sd_is_url(const char *s, Size len);

/* code.c */
extern bool sd_is_hex_color(const char *s, Size len);
extern bool sd_is_uuid(const char *s, Size len, const char *version);
extern bool sd_is_uuid_version(const char *version);
extern bool sd_is_credit_card(const char *s, Size len, int cards);

/* json.c */
extern bool sd_is_json(const char *s, Size len);

/* iso8601.c, date.c */
extern bool sd_is_iso8601(const char *s, Size len);
extern bool sd_parse_date(const char *s, Size len, double *ms);

#endif							/* SD_VALIDATORS_H */
