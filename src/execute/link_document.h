/*-------------------------------------------------------------------------
 * execute/link_document.h
 *		The two sides of a link, and the documents that are made of them.  Both
 *		live in the context of the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINK_DOCUMENT_H
#define SD_LINK_DOCUMENT_H

#include "execute/link.h"
#include "lib/stringinfo.h"

/* one of the records that are named; all values are JSON texts */
typedef struct SdLinked
{
	char	  **key;			/* of its primary key */
	char	  **target;			/* of what the association's key is matched with; as key, mostly */
	char	   *join;			/* members of its join row that are given; NULL: none */
	bool		found;			/* it has been looked up already */
} SdLinked;

typedef struct SdLink
{
	const SdLinkParent *parent;
	const SdAssociation *association;
	const SdModel *target;
	const SdModel *through;
	char	  **source;			/* the parent's values of the association's key; NULL: null */
	bool		same_key;		/* what is matched is the target's primary key */
	int			n;
	SdLinked	   *records;
} SdLink;

/* link_records.c */
extern void sd_open_link(SdLink *link, const SdLinkParent *parent);
extern bool sd_read_parent(SdLink *link, const char *lock);
extern void sd_read_linked(SdLink *link, const JsonbValue *records);
extern void sd_require_linked(const SdLink *link);
extern int64 sd_link_lock(const SdModel *model, StringInfo json, const char *const *names, int n,
						  const char *lock);

/* link_document.c */
extern Jsonb *sd_link_document(const char *text);
extern void sd_link_member(StringInfo json, const char *name, const char *value);
extern void sd_link_scope_values(StringInfo json, const JsonbValue *scope);
extern void sd_link_scope(StringInfo json, const JsonbValue *scope);
extern void sd_link_source(StringInfo json, const SdLink *link, const char *const *names);
extern void sd_link_condition(StringInfo json, const SdLink *link, const char *const *names, int n,
							  bool targets, bool negated);
extern const char *const *sd_link_key_names(const SdLink *link);
extern const SdQuery *sd_link_settled(const SdQuery *query);
extern void sd_link_where(StringInfo json);
extern const SdQuery *sd_link_query(const SdModel *model, StringInfo json, SdCall call);

#endif							/* SD_LINK_DOCUMENT_H */
