/*-------------------------------------------------------------------------
 * write/lock_rows.c
 *		Locks rows in an order that all calls share.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "parse/order.h"
#include "plan/capture.h"
#include "write/key_query.h"
#include "write/lock_rows.h"
#include "write/run_write.h"

/*
 * The lock that rows which are found by several keys take: none where Citus has them in
 * shards, since no FOR UPDATE goes to several of these.
 */
SdLock
sd_lock_of_many(const SdModel *model, SdLock lock)
{
	return model->distribution == SD_DISTRIBUTED ? SD_LOCK_NONE : lock;
}

/*
 * Locks the rows that a query, which is the caller's own, leaves as they are now, in the
 * order of attributes, unless it has one; their values go into rows behind those of what
 * the query matches.  With SD_LOCK_NONE they are only read.  Returns how many rows there
 * are.  rows is made in the current context.
 *
 * Raises what PostgreSQL raises for SELECT ... FOR UPDATE and the like.
 */
int
sd_lock_rows(SdQuery *query, const int *attrs, int nattrs, SdLock lock, SdRowSet *rows)
{
	SdStatement statement = {.kind = SD_SELECT, .query = query};
	int		   *captured = palloc(sizeof(int) * Max(nattrs, 1));
	SdReceiver	receiver;

	memcpy(captured, attrs, sizeof(int) * nattrs);
	sd_capture_only(query, captured, nattrs);
	if (query->norders == 0)
		sd_order_by(query, attrs, nattrs);
	query->lock = sd_lock_of_many(query->model, lock);
	statement.params = query->params;
	statement.generic = query->generic;
	sd_rowset_init(rows, CurrentMemoryContext, sd_capture_count(query), 1, CurrentMemoryContext);
	Assert(rows->ncaptures == query->nmatches + nattrs);
	/* no caller gets these rows */
	sd_receiver_init(&receiver, NULL, 0);
	receiver.rowset = rows;
	(void) sd_write(&statement, &receiver, NULL);
	return rows->nrows;
}
