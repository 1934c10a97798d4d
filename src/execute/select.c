/*-------------------------------------------------------------------------
 * execute/select.c
 *		Runs queries.
 *
 * A result is read in batches, so that a large one takes no more memory than a
 * small one, and so that includes are one statement per association and batch.
 * A batch grows with the result, up to what stays in the processor's cache.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/execution.h"
#include "execute/included_rows.h"
#include "execute/select.h"
#include "parse/aggregate.h"
#include "parse/keyset.h"
#include "settings.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/snapmgr.h"

#define SD_FIRST_BATCH		64	/* rows */
#define SD_LARGEST_BATCH	512
#define SD_BATCH_BYTES		((Size) 1024 * 1024)	/* a batch that takes more does not grow */

struct SdScan
{
	const SdQuery *query;
	const SdPlan *plan;
	SdExecution execution;
	SdReceiver	receiver;
	uint64		wanted;			/* rows still to be read; 0: all */
	int			batch;			/* rows of the next batch */
	uint64		read;			/* rows of the batches before */
	bool		last;			/* no batch after this one */
	bool		expected;		/* includes know how many parents may come */
	SdRowSet	rows;			/* the current batch */
	int			next;			/* row of it to be given out next */
	SdIncluded *included;
	SdBuf		record;			/* with includes: the row given out */
	MemoryContext batch_cxt;	/* reset with each batch, when there are several */
	Snapshot	snapshot;		/* to read with; NULL: the caller's */
	ResourceOwner owner;		/* of the snapshot */
};

/*
 * Where a migration was waited for, calls read what that has left, also where the
 * statement that makes them began before: else rows that the migration has
 * written anew would be missing.  In REPEATABLE READ they cannot.  To be called
 * right after parsing; returns whether there is a snapshot to be popped.
 */
bool
sd_begin_reading(void)
{
	if (!sd_snapshot_is_old())
		return false;
	PushActiveSnapshot(GetTransactionSnapshot());
	return true;
}

/* Ends what sd_begin_reading() began, which returned this. */
void
sd_end_reading(bool fresh)
{
	if (fresh)
		PopActiveSnapshot();
}

/* The statement that reads what a query asks for, in batches or to its end in one go. */
SdStatement
sd_select_statement(const SdQuery *query, bool at_once)
{
	return (SdStatement) {
		.kind = SD_SELECT,
		.query = query,
		.params = query->params,
		.generic = query->generic,
		.parallel = at_once && !query->generic
	};
}

/*
 * The query restricted to its page, in the current context: of one that begins
 * at an edge row, what the row holds in the terms of the order is read first;
 * others are the page themselves.  Raises 02000 when there is no such row.
 */
const SdQuery *
sd_page_query(const SdQuery *query)
{
	const SdQuery *row;
	SdStatement statement;
	Datum	   *values;
	bool	   *nulls;

	if (query->edge == NULL)
		return query;
	if (query->edge->row == NULL)
		return sd_edge_has_bindings(query->edge) ? sd_beyond_edge(query, NULL, NULL) : query;
	row = query->edge->row;
	statement = sd_select_statement(row, false);
	Assert(row->noutputs > 0 && row->noutputs <= query->norders);
	values = palloc(sizeof(Datum) * query->norders);
	nulls = palloc(sizeof(bool) * query->norders);
	if (sd_execute_one(row, sd_prepare(&statement, CurrentMemoryContext), sd_bind(&row->params),
					   row->noutputs, values, nulls))
		return sd_beyond_edge(query, values, nulls);
	if (query->edge->terms == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NO_DATA),
				 errmsg("there is no record of model \"%s\" with the key that the page begins at",
						query->model->name),
				 errhint("Give the values of the order's attributes instead of the key: they need no record.")));
	return sd_beyond_edge(query, NULL, NULL);
}

/* Starts a query on the active snapshot, see sd_scan_begin(); with one only its first row is read. */
static SdScan *
begin_scan(const SdQuery *query, bool one)
{
	SdStatement statement;
	SdScan	   *scan = palloc0(sizeof(SdScan));
	MemoryContext cxt = CurrentMemoryContext;

	query = sd_page_query(query);
	/* what is captured of its rows begins with the keys of includes */
	Assert(query->nmatches == 0);
	statement = sd_select_statement(query, false);
	/* a key has one row at most; a page before an edge is read from its end */
	statement.one = one && !query->generic && query->key_param < 0 && query->limit_param < 0 &&
		!query->backwards;
	scan->query = query;
	/* one row is one batch */
	scan->batch_cxt = one ? cxt : AllocSetContextCreate(cxt, "studentdir batch",
														ALLOCSET_DEFAULT_SIZES);
	scan->plan = sd_prepare(&statement, cxt);
	scan->wanted = one ? 1 : 0;
	scan->batch = one ? 1 : SD_FIRST_BATCH;
	if (query->limit >= 0 && query->limit < scan->batch)
		scan->batch = Max(query->limit, 1);

	sd_receiver_init(&scan->receiver, &scan->plan->layout, sd_max_rows);
	sd_rowset_init(&scan->rows, cxt, scan->plan->layout.ncaptures, scan->batch,
				   scan->batch_cxt);
	scan->receiver.rowset = &scan->rows;
	if (query->includes != NIL)
	{
		scan->included = sd_make_includes(query, scan->batch_cxt);
		sd_buf_init(&scan->record, cxt, 1024);
	}
	sd_execution_start(&scan->execution, query, scan->plan, sd_bind(&query->params));
	return scan;
}

/*
 * Starts a query in the current context, which has to live until
 * sd_scan_end().
 *
 * Raises what parsing, planning and starting the statement raises.
 */
SdScan *
sd_scan_begin(const SdQuery *query)
{
	bool		fresh = sd_begin_reading();
	SdScan	   *scan = begin_scan(query, false);

	if (fresh)
	{
		scan->owner = CurrentResourceOwner;
		scan->snapshot = RegisterSnapshot(GetActiveSnapshot());
	}
	sd_end_reading(fresh);
	return scan;
}

/*
 * Decides how many rows the next batch has: more, unless this one took much
 * memory.  That of the result, of the options and of the statement's sort or hash
 * would be the same with smaller batches, and what is kept from larger ones is
 * no more than they took: none of it counts.
 */
static void
grow_batch(SdScan *scan)
{
	Size		bytes = sd_buf_used(&scan->rows.buf) +
		sd_included_bytes(scan->included, list_length(scan->query->includes)) +
		MemoryContextMemAllocated(scan->batch_cxt, true);

	if (bytes < SD_BATCH_BYTES)
		scan->batch = Min(scan->batch * 2, SD_LARGEST_BATCH);
	else if (bytes > 4 * SD_BATCH_BYTES)
		scan->batch = Max(scan->batch / 2, 1);
}

/*
 * When batches have grown as large as they get, there may be many to come: how many
 * the planner says.
 */
static void
expect_parents(SdScan *scan)
{
	double		rows;
	MemoryContext old;

	if (scan->batch < SD_LARGEST_BATCH || scan->expected || scan->last)
		return;
	scan->expected = true;
	Assert(scan->execution.desc != NULL);
	rows = scan->execution.desc->plannedstmt->planTree->plan_rows - scan->read;
	old = MemoryContextSwitchTo(GetMemoryChunkContext(scan));
	sd_expect_parents(scan->included, list_length(scan->query->includes), rows);
	MemoryContextSwitchTo(old);
}

/* Reads the next batch, with what belongs to it; false when there are no more rows. */
static bool
read_batch(SdScan *scan)
{
	if (scan->last)
		return false;
	if (scan->rows.nrows > 0)
	{
		grow_batch(scan);
		scan->read += scan->rows.nrows;
		sd_rowset_clear(&scan->rows);
		MemoryContextReset(scan->batch_cxt);
	}
	scan->next = 0;
	/* 0 would be all */
	Assert(scan->batch > 0);
	sd_execution_run(&scan->execution, &scan->receiver.pub, scan->batch);
	scan->last = scan->rows.nrows < scan->batch || scan->wanted > 0 ||
		(scan->query->limit >= 0 && scan->read + scan->rows.nrows >= scan->query->limit);
	if (scan->last)
		sd_execution_end(&scan->execution);
	if (scan->rows.nrows == 0)
		return false;
	expect_parents(scan);
	sd_load_includes(scan->included, list_length(scan->query->includes), &scan->rows, 0,
					 &scan->receiver.rows);
	return true;
}

/* The same, with the snapshot that the scan keeps, where it keeps one. */
static bool
read_next_batch(SdScan *scan)
{
	bool		result;

	if (scan->snapshot != NULL)
		PushActiveSnapshot(scan->snapshot);
	result = read_batch(scan);
	if (scan->snapshot != NULL)
		PopActiveSnapshot();
	return result;
}

/*
 * Gives the next row, as a json datum that is good until the next call; false
 * when there is none.
 */
bool
sd_scan_next(SdScan *scan, Datum *record)
{
	if (scan->next >= scan->rows.nrows && !read_next_batch(scan))
		return false;
	Assert(scan->next < scan->rows.nrows);
	if (scan->query->includes == NIL)
		*record = PointerGetDatum(scan->rows.rows[scan->next]);
	else
	{
		sd_buf_clear(&scan->record);
		sd_buf_begin(&scan->record);
		sd_stitch_record(&scan->record, &scan->rows, scan->next, scan->included,
						 list_length(scan->query->includes));
		*record = PointerGetDatum(sd_buf_end(&scan->record));
	}
	scan->next++;
	return true;
}

/* Ends a query, read to its end or not. */
void
sd_scan_end(SdScan *scan)
{
	scan->last = true;
	sd_execution_end(&scan->execution);
	if (scan->snapshot != NULL)
		UnregisterSnapshotFromOwner(scan->snapshot, scan->owner);
	scan->snapshot = NULL;
}

/*
 * The first row of a query, as a json datum in the current context; false when
 * there is none.  Raises what sd_scan_begin() and running the statement raises.
 */
bool
sd_select_one(const SdQuery *query, Datum *record)
{
	bool		fresh = sd_begin_reading();
	SdScan	   *scan = begin_scan(query, true);
	bool		found = sd_scan_next(scan, record);

	sd_scan_end(scan);
	sd_end_reading(fresh);
	return found;
}

/* The records of a query with includes, batch by batch, separated by commas. */
static void
append_records(SdBuf *array, const SdQuery *query)
{
	SdScan	   *scan = begin_scan(query, false);
	bool		first = true;

	while (read_batch(scan))
	{
		for (; scan->next < scan->rows.nrows; scan->next++)
		{
			if (!first)
				sd_buf_char(array, ',');
			first = false;
			sd_stitch_record(array, &scan->rows, scan->next, scan->included,
							 list_length(query->includes));
		}
	}
	sd_scan_end(scan);
}

/* The records of a query without includes, written where they belong at once. */
static void
append_rows(SdBuf *array, const SdQuery *query)
{
	SdStatement statement;
	const SdPlan *plan;
	SdExecution execution;
	SdReceiver	receiver;

	query = sd_page_query(query);
	statement = sd_select_statement(query, true);
	plan = sd_prepare(&statement, CurrentMemoryContext);
	sd_receiver_init(&receiver, &plan->layout, sd_max_rows);
	receiver.array = array;
	sd_execution_start(&execution, query, plan, sd_bind(&query->params));
	sd_execution_run(&execution, &receiver.pub, 0);
	sd_execution_end(&execution);
}

/* Appends the whole result of a query as one JSON array. */
static void
append_array(SdBuf *buf, const SdQuery *query)
{
	sd_buf_char(buf, '[');
	if (query->includes != NIL)
		append_records(buf, query);
	else
		append_rows(buf, query);
	sd_buf_char(buf, ']');
}

/*
 * The whole result of a query as one JSON array, a json datum in the current
 * context.  Raises 54000 when it would be larger than a value can be.
 */
Datum
sd_select_array(const SdQuery *query)
{
	bool		fresh = sd_begin_reading();
	SdBuf		buf;

	sd_buf_init(&buf, CurrentMemoryContext, 8192);
	sd_buf_begin(&buf);
	append_array(&buf, query);
	sd_end_reading(fresh);
	return PointerGetDatum(sd_buf_end(&buf));
}

/*
 * What the first include of a query holds for the first row: an array, or one
 * record; a json datum in the current context.  False when there is no such
 * row, or no record.
 */
bool
sd_select_included(const SdQuery *query, Datum *included)
{
	bool		fresh = sd_begin_reading();
	SdScan	   *scan = begin_scan(query, true);
	bool		found = read_batch(scan);
	SdBuf		buf;

	Assert(query->includes != NIL);
	if (found)
	{
		sd_buf_init(&buf, CurrentMemoryContext, 8192);
		sd_buf_begin(&buf);
		found = sd_stitch_association(&buf, &scan->included[0], 0);
		*included = PointerGetDatum(sd_buf_end(&buf));
	}
	sd_scan_end(scan);
	sd_end_reading(fresh);
	return found;
}

/* The number of rows that a query's conditions leave, on the active snapshot. */
static int64
count_rows(const SdQuery *query)
{
	SdQuery		counted = *query;
	SdStatement statement = {
		.kind = SD_COUNT,
		.query = &counted,
		.params = query->params,
		.parallel = true
	};
	Datum		count;
	bool		isnull;

	/* what it shows, how it is sorted and where the page is do not change the number */
	counted.norders = 0;
	counted.limit_param = counted.offset_param = -1;
	counted.includes = NIL;
	counted.noutputs = 0;
	(void) sd_execute_one(query, sd_prepare(&statement, CurrentMemoryContext),
						  sd_bind(&query->params), 1, &count, &isnull);
	return DatumGetInt64(count);
}

/* The number of rows that a query's conditions leave. */
int64
sd_select_count(const SdQuery *query)
{
	bool		fresh = sd_begin_reading();
	int64		count = count_rows(query);

	sd_end_reading(fresh);
	return count;
}

/* A key, as JSON, and its colon. */
static void
append_key(SdBuf *buf, const char *key)
{
	sd_buf_append(buf, key, strlen(key));
	sd_buf_char(buf, ':');
}

/*
 * {"count":n,"rows":[…]}: how many records the conditions leave, or how many each
 * group has, and those of the page, as one snapshot has them, under the names that
 * the query has for them; a json datum in the current context.
 */
Datum
sd_select_count_and_array(const SdQuery *query)
{
	bool		fresh = sd_begin_reading();
	char		count[32];
	SdBuf		buf;

	sd_buf_init(&buf, CurrentMemoryContext, 8192);
	sd_buf_begin(&buf);
	sd_buf_char(&buf, '{');
	append_key(&buf, query->names != NULL ? query->names->count : "\"count\"");
	if (query->group != NIL)
		append_array(&buf, sd_group_counts(query));
	else
	{
		snprintf(count, sizeof(count), INT64_FORMAT, count_rows(query));
		sd_buf_append(&buf, count, strlen(count));
	}
	sd_buf_char(&buf, ',');
	append_key(&buf, query->names != NULL ? query->names->rows : "\"rows\"");
	append_array(&buf, query);
	sd_end_reading(fresh);
	sd_buf_char(&buf, '}');
	return PointerGetDatum(sd_buf_end(&buf));
}

/* The one value that a query with an aggregate as its only output gives, as a json datum. */
Datum
sd_select_value(const SdQuery *query)
{
	SdStatement statement = sd_select_statement(query, true);
	const SdPlan *plan = sd_prepare(&statement, CurrentMemoryContext);
	const SdWriter *writer = &plan->layout.columns[0].writer;
	Datum		value;
	bool		isnull;
	bool		fresh = sd_begin_reading();
	SdBuf		buf;

	Assert(query->noutputs == 1);
	(void) sd_execute_one(query, plan, sd_bind(&query->params), 1, &value, &isnull);
	sd_end_reading(fresh);
	sd_buf_init(&buf, CurrentMemoryContext, 64);
	sd_buf_begin(&buf);
	if (isnull)
		sd_write_null(&buf);
	else
		writer->write(&buf, value, writer);
	return PointerGetDatum(sd_buf_end(&buf));
}
