/*-------------------------------------------------------------------------
 * write/write_tree.c
 *		Writes records with the records that are nested in them.
 *
 * When all levels have been written the records' JSON is put together in the order of
 * the document.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "miscadmin.h"
#include "record/tree.h"
#include "write/nested_keys.h"
#include "write/node_rows.h"
#include "write/returned_records.h"
#include "write/write_levels.h"
#include "write/write_tree.h"

/* Reads the records of all levels that are linked, when everything has been written. */
static void
read_links(const SdWritten *written, uint64 *count)
{
	check_stack_depth();
	if (written->links != NULL)
		sd_read_nested_links(written->links, count);
	for (int i = 0; i < written->level->nnested; i++)
		read_links(&written->nested[i], count);
}

/* Begins a member of an object that has members already, unless empty is set. */
static void
begin_member(SdBuf *buf, const char *key, bool *empty)
{
	if (!*empty)
		sd_buf_char(buf, ',');
	*empty = false;
	sd_write_string(buf, key, strlen(key));
	sd_buf_char(buf, ':');
}

static void append_next(SdBuf *buf, SdWritten *written);

/* Appends what is nested in a record under one association: an array, or one record or null. */
static void
append_nested(SdBuf *buf, SdWritten *nested, int parent)
{
	const SdLevel *level = nested->level;
	bool		many = sd_is_to_many(level->associated->association);
	int			first = nested->next;

	if (many)
		sd_buf_char(buf, '[');
	while (nested->next < level->nnodes && level->nodes[nested->next].parent == parent)
	{
		/* the same as one before it */
		if (sd_join_number(nested, nested->next) < 0)
		{
			nested->next++;
			continue;
		}
		if (nested->next > first)
			sd_buf_char(buf, ',');
		append_next(buf, nested);
	}
	/* nodes are in the order of the records that they stand in */
	Assert(nested->next == level->nnodes || level->nodes[nested->next].parent > parent);
	if (many)
		sd_buf_char(buf, ']');
	else if (nested->next == first)
		sd_write_null(buf);
}

/* Appends the next record of a level, with its join row and what is nested in it. */
static void
append_next(SdBuf *buf, SdWritten *written)
{
	const SdLevel *level = written->level;
	int			node = written->next++;
	const struct varlena *join = level->join != NULL && level->join->noutputs > 0
		? written->joins.rows[sd_join_number(written, node)] : NULL;
	const struct varlena *text;
	Size		len;
	bool		empty;

	Assert(node < level->nnodes);
	check_stack_depth();
	if (level->nodes[node].kind != SD_NODE_NEW)
	{
		sd_append_nested(buf, written->links, node, join);
		return;
	}
	text = written->rows.rows[sd_written_row(written, node)];
	len = VARSIZE_ANY_EXHDR(text);
	/* where nothing is nested the text has its closing brace already */
	if (level->nnested == 0)
		len--;
	empty = len == 1;
	sd_buf_append(buf, VARDATA_ANY(text), len);
	if (join != NULL)
	{
		begin_member(buf, level->join->model->name, &empty);
		sd_buf_append(buf, VARDATA_ANY(join), VARSIZE_ANY_EXHDR(join));
	}
	for (int i = 0; i < level->nnested; i++)
	{
		SdWritten  *nested = &written->nested[i];

		begin_member(buf, nested->level->associated->association->alias, &empty);
		append_nested(buf, nested, node);
	}
	sd_buf_char(buf, '}');
}

/*
 * Reads what is to be written.  Raises 23514, or 23505 where nothing is wrong but that
 * values are taken, with all failures of the document, and what reading and converting
 * a record raises.
 */
static SdLevel *
read_document(const SdQuery *query, const JsonbValue *data, bool many)
{
	SdViolations *violations = sd_make_violations();
	SdLevel    *level = sd_read_nested(query, data, many, violations);

	if (query->write->validate_unique)
		sd_look_for_taken(level, violations);
	sd_report_violations(violations);
	sd_convert_nested(level);
	return level;
}

/*
 * Writes the record in data, an object, or with many those of an array, and
 * what is nested in them as query->includes says.  The records as they are, with
 * theirs nested, go into result in the order of the input.
 *
 * Raises what read_document() raises before anything is written, 22023 and
 * 55000 where a key is missing in the end, and what PostgreSQL raises for the
 * INSERTs.
 */
void
sd_create_nested(const SdQuery *query, const JsonbValue *data, bool many, Tuplestorestate *result)
{
	TupleDesc	desc = sd_record_desc();
	SdWritten	written = {0};
	uint64		count = 0;
	SdBuf		buf;

	sd_make_written(&written, read_document(query, data, many));
	sd_write_level(&written, &count);
	if (sd_reads_back(query))
	{
		if (written.level->nnodes > 0)
			sd_read_back(query, &written.rows,
						 sd_parent_capture(written.level, written.level->nnested), result);
		return;
	}
	read_links(&written, &count);
	sd_buf_init(&buf, CurrentMemoryContext, 1024);
	while (written.next < written.level->nnodes)
	{
		Datum		record;
		bool		isnull = false;

		CHECK_FOR_INTERRUPTS();
		sd_buf_clear(&buf);
		sd_buf_begin(&buf);
		append_next(&buf, &written);
		record = PointerGetDatum(sd_buf_end(&buf));
		tuplestore_putvalues(result, desc, &record, &isnull);
	}
}
