/*-------------------------------------------------------------------------
 * parse/email.h
 *		Tells e-mail addresses, for the validator isEmail.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PARSE_EMAIL_H
#define SD_PARSE_EMAIL_H

/* whether len bytes of UTF-8 are one address, by the rules of validator.js 13.15 */
extern bool sd_is_email(const char *s, Size len);

#endif							/* SD_PARSE_EMAIL_H */
