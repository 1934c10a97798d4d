/*-------------------------------------------------------------------------
 * define/definition_value.h
 *		Reads the scalar values of definitions, and checks names.
 *
 * Everything raises its error with the path of the value; strings are copied
 * into the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DEFINITION_VALUE_H
#define SD_DEFINITION_VALUE_H

#include "convert/reader.h"
#include "json/object_text.h"

/* one key that a definition may have, and what reads its value into the target */
typedef struct SdDefinable
{
	const char *name;
	void		(*read) (void *target, const JsonbValue *value, const SdPath *path);
} SdDefinable;

extern void sd_read_definables(void *target, const JsonbValue *object, const SdPath *path,
							   const SdDefinable *known, int nknown);
extern bool sd_read_flag(const JsonbValue *value, const SdPath *path);
extern char *sd_read_string(const JsonbValue *value, const SdPath *path, const char *what);
extern char *sd_read_name(const JsonbValue *value, const SdPath *path, const char *what);
extern char *sd_read_identifier(const JsonbValue *value, const SdPath *path, const char *what);
extern char *sd_read_action(const JsonbValue *value, const SdPath *path);

extern void sd_check_name(const char *name, const SdPath *path);
extern void sd_check_identifier(const char *name, const SdPath *path);
extern void sd_check_member(const SdReader *reader, const char *const *known, int nknown);

#endif							/* SD_DEFINITION_VALUE_H */
