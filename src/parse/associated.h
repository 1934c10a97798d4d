/*-------------------------------------------------------------------------
 * parse/associated.h
 *		Conditions and order by attributes of associated rows.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ASSOCIATED_H
#define SD_ASSOCIATED_H

#include "parse/condition.h"

/* one "$User.name$": value, not yet parsed */
typedef struct SdAssociatedKey
{
	char	   *name;			/* without the dollar signs, from where it is read on */
	const char *whole;			/* all of it, for messages */
	JsonbValue	value;
	SdPath		path;
} SdAssociatedKey;

extern bool sd_is_own_key(const SdScope *scope, const JsonbValue *key);
extern bool sd_is_associated_key(const JsonbValue *key);
extern SdAssociatedKey *sd_associated_key(const SdReader *member);
extern List *sd_parse_associated(const SdScope *scope, List *keys);
extern SdAssociated *sd_open_associated(const SdQuery *query, const SdModel *source,
										const SdAssociation *association);
extern SdCondition *sd_association_scope(SdQuery *query, const SdModel *model,
										 const SdAssociated *associated, const JsonbValue *scope);
extern SdAssociated *sd_open_shown(const SdScope *scope, const SdAssociation *association,
								   List *given, bool with_deleted, const SdPath *path,
								   SdScope *target, SdCondition **condition);
extern const SdAssociated *sd_scoped(SdQuery *query, const SdAssociated *associated);
extern pg_attribute_noreturn() void sd_unknown_association(const SdModel *model,
														   const char *name, int len,
														   bool ambiguous, const SdPath *path);

#endif							/* SD_ASSOCIATED_H */
