/*-------------------------------------------------------------------------
 * write/sequence.h
 *		Sequences that fill in primary keys, and what to do when they are behind.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SEQUENCE_H
#define SD_SEQUENCE_H

#include "model/model.h"
#include "nodes/pg_list.h"
#include "plan/statement.h"

typedef struct SdSequenceReset
{
	char	   *sequence;		/* quoted and schema-qualified */
	int64		next;			/* the value that it gives next */
	bool		exhausted;		/* there is none */
} SdSequenceReset;

extern List *sd_reset_sequences(const SdModel *model);
extern char *sd_sequence_hint(const SdStatement *statement, const ErrorData *error);

#endif							/* SD_SEQUENCE_H */
