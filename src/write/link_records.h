/*-------------------------------------------------------------------------
 * write/link_records.h
 *		The two sides of a link: the parent, and the records that are named.
 *
 * Their values have been read once, and lie by attribute and then by record.  All of it
 * lives in the context of the call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINK_RECORDS_H
#define SD_LINK_RECORDS_H

#include "json/rowset.h"
#include "lib/stringinfo.h"
#include "record/record.h"
#include "write/link.h"

typedef struct SdLink
{
	const SdLinkParent *parent;
	const SdAssociation *association;
	const SdAssociated *associated;
	const SdModel *target;
	const SdModel *through;
	bool		changes;		/* the call changes links, not only looks at them */
	Datum	   *source;			/* what the parent has of the association's key */
	bool	   *source_nulls;

	/*
	 * The attributes that name a record where links are: those of the join row that lead
	 * to it, of the parent, or its own primary key.
	 */
	const SdModel *naming;
	const int  *naming_attrs;
	int			nnaming;

	int			n;				/* records that are named */
	bool		many;			/* as an array */
	Datum	  **keys;			/* their primary keys, by attribute of it */
	Datum	  **names;			/* what naming attributes have of them, by attribute */
	bool	   *missing;		/* there is no such record, as far as is known, or nothing names it */
	MemoryContext row_cxt;		/* while records are read: what the look-up of one leaves behind */
	const SdQuery *writer;		/* of join rows; NULL where none is said or written anything of */
	SdRecord  **joins;			/* what is given of the join row, not converted; NULL: nothing is of any */
} SdLink;

extern void sd_open_link(SdLink *link, const SdLinkParent *parent);
extern bool sd_read_parent(SdLink *link, SdLock lock);
extern void sd_read_linked(SdLink *link, const JsonbValue *records);
extern void sd_lock_linked(const SdLink *link, bool with_linked, SdRowSet *rows);
extern void sd_require_linked(const SdLink *link, bool with_linked);
extern void sd_require_writer(SdLink *link);
extern SdPath sd_link_path(const SdLink *link, int i);
extern bool sd_is_side(const SdLink *link, int attr);
extern Datum **sd_make_columns(int ncolumns, int n);
extern void sd_link_source(StringInfo json, const SdLink *link, const char *const *names);
extern void sd_link_restrict(SdQuery *query, const SdLink *link);
extern SdCondition *sd_link_condition(SdQuery *query, const SdLink *link);
extern SdCondition *sd_source_condition(SdQuery *query, const SdLink *link, const int *attrs);

#endif							/* SD_LINK_RECORDS_H */
