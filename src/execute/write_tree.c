/*-------------------------------------------------------------------------
 * execute/write_tree.c
 *		Writes records with the records that are nested in them.
 *
 * Everything of one include is one INSERT, whatever record it is nested in:
 * the number of statements is that of the includes.  A record is written after
 * those that it belongs to and before those that belong to it, so that each
 * takes the other's key from what RETURNING gave; join rows come last.  Then
 * the records' JSON is put together in the order of the document.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "execute/batch.h"
#include "execute/nested_links.h"
#include "execute/write_tree.h"
#include "execute/progress.h"
#include "execute/returned_records.h"
#include "execute/taken.h"
#include "execute/violation.h"
#include "miscadmin.h"
#include "parse/conflict.h"
#include "parse/model_validators.h"
#include "parse/recode.h"
#include "record/tree.h"
#include "plan/capture.h"
#include "studentdir.h"

/* a level of the document as it is written */
typedef struct Written
{
	const SdLevel *level;
	SdRowSet	rows;			/* as the document has them; what is captured: see make_writer() */
	int		   *row_of;			/* by node, its row; NULL: all nodes have one, in their order */
	SdNestedLinks *links;		/* nodes that stand for records that exist; NULL: none do */
	SdRowSet	joins;			/* their join rows, where there are any */
	int			next;			/* row that is put into the JSON next */
	struct Written *nested;		/* as many as the level has */
} Written;

/* Whether the records of the level above belong to this one's, and refer to them. */
static bool
comes_first(const SdLevel *level)
{
	return level->associated->association->kind == SD_BELONGS_TO;
}

/* Whether the level above, or a join row, refers to this one's records. */
static bool
is_referred_to(const SdLevel *level)
{
	return level->associated != NULL && (comes_first(level) || level->join != NULL);
}

/*
 * The query that writes what a level's query reads.  Of each row it captures
 * the key that the level above, or a join row, refers to, where one does, and
 * then the key for each include.
 */
static const SdQuery *
make_writer(const SdLevel *level)
{
	SdQuery    *writer = sd_make_write_query(level->query);

	writer->through = NULL;
	writer->nmatches = 0;
	/* behind the keys that what is nested refers to */
	if (level->associated == NULL && sd_reads_back(writer))
		writer->includes = lappend(list_copy(writer->includes),
								   unconstify(SdInclude *, writer->write->returning));
	if (is_referred_to(level))
	{
		const SdAssociated *associated = level->associated;

		writer->nmatches = associated->association->ntarget_keys;
		writer->matches = palloc0(sizeof(SdMatch) * writer->nmatches);
		for (int i = 0; i < writer->nmatches; i++)
		{
			writer->matches[i].attr = associated->target_keys[i];
			writer->matches[i].type = writer->model->attrs[associated->target_keys[i]].type;
		}
	}
	return writer;
}

/* The number of the first value of an include's key among those captured of its parents. */
static int
parent_capture(const SdLevel *parents, int include)
{
	int			capture = is_referred_to(parents) ? parents->associated->association->ntarget_keys
		: 0;

	for (int i = 0; i < include; i++)
		capture += parents->nested[i].associated->association->nkeys;
	return capture;
}

/*
 * Raises 22023 when an attribute that several keys share has another value than
 * the one that is to be set.
 */
static void
check_shared(const SdRecord *record, const SdModel *model, int attr, Datum value,
			 const SdNode *node)
{
	const SdAttribute *shared = &model->attrs[attr];

	if (!sd_same_value(shared, record->values[attr], value))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" of model \"%s\" would get different values from the keys of two records of the document",
						sd_path_text(node->path), shared->name, model->name)));
}

/*
 * Gives a pending attribute of a record the key of another one: what was
 * captured of a row, attribute key of key_model.  Raises 22023 for a key that
 * is null or, where another key shares the attribute, differs from that one's,
 * and what converting it to the attribute's type raises.
 */
static void
set_key(SdRecord *record, const SdModel *model, int attr,
		const SdRowSet *rows, int capture, int row,
		const SdModel *key_model, int key, const SdNode *node)
{
	Oid			type = model->attrs[attr].type;
	Oid			key_type = key_model->attrs[key].type;
	Datum		value = rows->captured[capture][row];

	SdReading	reading = {.name = model->attrs[attr].name, .type = type, .path = node->path};

	Assert(capture < rows->ncaptures && row < rows->nrows);
	if (rows->nulls[capture][row])
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: attribute \"%s\" of model \"%s\" is null, so that no record can refer to it",
						sd_path_text(node->path), key_model->attrs[key].name,
						key_model->name)));
	sd_reading_begin(&reading);
	value = sd_recode(value, key_type, type);
	sd_reading_end(&reading);
	if (record->given[attr])
		check_shared(record, model, attr, value, node);
	record->given[attr] = true;
	record->nulls[attr] = false;
	record->values[attr] = value;
}

/* The same for a key of n attributes, the first of which is capture number capture. */
static void
set_keys(SdRecord *record, const SdModel *model, const int *attrs, int n,
		 const SdRowSet *rows, int capture, int row,
		 const SdModel *key_model, const int *keys, const SdNode *node)
{
	for (int i = 0; i < n; i++)
		set_key(record, model, attrs[i], rows, capture + i, row, key_model, keys[i], node);
}

/* The row of a node that is written. */
static inline int
row_number(const Written *written, int node)
{
	return written->row_of != NULL ? written->row_of[node] : node;
}

/* Gives a record, or a join row, the key of what node number i of targets is or stands for. */
static void
set_target_keys(SdRecord *record, const SdModel *model, const int *attrs, const Written *targets,
				int i)
{
	const SdNode *node = &targets->level->nodes[i];
	const SdAssociated *associated = targets->level->associated;
	const SdRowSet *rows = &targets->rows;
	int			capture = 0;
	int			row = row_number(targets, i);

	if (node->record == NULL)
		rows = sd_nested_key(targets->links, i, &capture, &row);
	set_keys(record, model, attrs, associated->association->ntarget_keys, rows, capture, row,
			 associated->target, associated->target_keys, node);
}

/* The record number i of a level, or its join row. */
static SdRecord *
get_record(const SdLevel *level, bool joins, int i)
{
	return joins ? level->nodes[i].join : level->nodes[i].record;
}

/*
 * Where the records of a level that are written stand in the document, or the join rows
 * of all, under the model join.
 */
static const SdPath *const *
row_paths(const SdLevel *level, const char *join)
{
	const SdPath **paths = palloc(sizeof(SdPath *) * level->nnodes);
	int			n = 0;

	for (int i = 0; i < level->nnodes; i++)
	{
		const SdPath *path = level->nodes[i].path;

		if (join == NULL && level->nodes[i].record == NULL)
			continue;
		if (join != NULL)
		{
			SdPath	   *step = palloc(sizeof(SdPath));

			*step = SD_KEY_STEP(path, join, strlen(join));
			path = step;
		}
		paths[n++] = path;
	}
	return paths;
}

/*
 * Inserts the records of a level, or their join rows, with one statement.
 * *count is the number of rows that the call has returned so far.
 *
 * Raises 55000 when a trigger or a rule leaves some of them out: what the rest
 * refers to would not be there.
 */
static void
insert_level(const SdLevel *level, const SdQuery *writer, bool joins, SdRowSet *rows,
			 uint64 *count)
{
	int			nattrs = writer->model->nattrs;
	int			n = joins ? level->nnodes : level->nnodes - level->nlinked;
	bool	   *occurs = palloc0(sizeof(bool) * nattrs);
	bool	   *given = palloc0(sizeof(bool) * nattrs);
	const SdRecord **records = palloc(sizeof(SdRecord *) * level->nnodes);
	SdGivenRows given_rows = {.n = n, .records = records};
	SdReceiver	receiver;
	SdProgress	progress;
	SdBatch    *batch;
	int			row = 0;

	for (int i = 0; i < level->nnodes; i++)
	{
		const SdRecord *record = get_record(level, joins, i);

		if (record == NULL)
			continue;
		records[row++] = record;
		for (int attr = 0; attr < nattrs; attr++)
		{
			occurs[attr] |= record->given[attr];
			given[attr] |= record->given[attr] && !record->filled[attr];
		}
	}
	batch = sd_batch_begin(writer, occurs, sd_conflict_target(writer, given, NULL));
	sd_batch_name_rows(batch, row_paths(level, joins ? writer->model->name : NULL));
	Assert(row == n);
	for (int i = 0; i < n; i++)
	{
		CHECK_FOR_INTERRUPTS();
		sd_batch_add(batch, records[i]);
	}
	sd_batch_given(batch, &given_rows);
	sd_rowset_init(rows, CurrentMemoryContext,
				   sd_capture_count(writer), n, CurrentMemoryContext);
	sd_receiver_init(&receiver, NULL, sd_max_rows);
	receiver.rows = *count;
	receiver.rowset = rows;
	sd_progress_begin(&progress, writer->model, n);
	sd_progress_watch(&progress, &receiver);
	sd_batch_insert(batch, &receiver);
	*count = receiver.rows;
	if (rows->nrows != n)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("of %d records of model \"%s\" %d were written", n,
						writer->model->name, rows->nrows),
				 errdetail("A trigger or a rule of table %s changed their number, so that it is not known which are which.",
						   writer->model->relation)));
}

/* Writes the join rows of a level, whose records and whose parents have been written. */
static void
write_joins(Written *targets, const Written *parents, int include)
{
	const SdLevel *level = targets->level;
	const SdAssociated *associated = level->associated;
	const SdAssociation *association = associated->association;
	uint64		count = 0;

	for (int i = 0; i < level->nnodes; i++)
	{
		const SdNode *node = &level->nodes[i];

		set_keys(node->join, associated->through, associated->foreign_keys, association->nkeys,
				 &parents->rows, parent_capture(parents->level, include),
				 row_number(parents, node->parent), associated->source, association->source_keys, node);
		set_target_keys(node->join, associated->through, associated->other_keys, targets, i);
	}
	insert_level(level, level->join, true, &targets->joins, &count);
}

/* Writes the records of a level and what is nested in them. */
static void
write_level(Written *written, uint64 *count)
{
	const SdLevel *level = written->level;

	check_stack_depth();
	if (level->nnodes == 0)
		return;
	for (int i = 0; i < level->nnested; i++)
	{
		Written    *nested = &written->nested[i];
		const SdAssociated *associated = nested->level->associated;

		if (!comes_first(nested->level))
			continue;
		write_level(nested, count);
		for (int row = 0; row < nested->level->nnodes; row++)
		{
			const SdNode *node = &nested->level->nodes[row];

			set_target_keys(level->nodes[node->parent].record, level->query->model,
							associated->association->source_keys, nested, row);
		}
	}
	if (level->nnodes > level->nlinked)
		insert_level(level, make_writer(level), false, &written->rows, count);
	for (int i = 0; i < level->nnested; i++)
	{
		Written    *nested = &written->nested[i];
		const SdAssociated *associated = nested->level->associated;

		if (nested->level->nnodes == 0 || comes_first(nested->level))
			continue;
		for (int row = 0; row < nested->level->nnodes && nested->level->join == NULL; row++)
		{
			const SdNode *node = &nested->level->nodes[row];

			if (node->record == NULL)
				continue;
			set_keys(node->record, associated->target, associated->target_keys,
					 associated->association->nkeys,
					 &written->rows, parent_capture(level, i), row_number(written, node->parent),
					 associated->source, associated->association->source_keys, node);
		}
		write_level(nested, count);
		if (nested->level->join != NULL)
			write_joins(nested, written, i);
		else if (nested->links != NULL)
			sd_refer_nested(nested->links, &written->rows, parent_capture(level, i),
							written->row_of);
	}
}

/* The rows that the nodes of a level are when they are written, where some stand for others. */
static int *
number_rows(const SdLevel *level)
{
	int		   *row_of;
	int			n = 0;

	if (level->nlinked == 0)
		return NULL;
	row_of = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	for (int i = 0; i < level->nnodes; i++)
		row_of[i] = level->nodes[i].record != NULL ? n++ : -1;
	return row_of;
}

/*
 * The levels of a document that are to be written, in the current context.  What they
 * link is locked.
 */
static void
make_written(Written *written, const SdLevel *level)
{
	check_stack_depth();
	written->level = level;
	written->row_of = number_rows(level);
	written->links = sd_lock_nested(level);
	written->nested = palloc0(sizeof(Written) * Max(level->nnested, 1));
	for (int i = 0; i < level->nnested; i++)
		make_written(&written->nested[i], &level->nested[i]);
}

/* Reads the records of all levels that are linked, when everything has been written. */
static void
read_links(const Written *written, uint64 *count)
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

static void append_next(SdBuf *buf, Written *written);

/* Appends what is nested in a record under one association: an array, or one record or null. */
static void
append_nested(SdBuf *buf, Written *nested, int parent)
{
	const SdLevel *level = nested->level;
	bool		many = sd_is_to_many(level->associated->association);
	int			first = nested->next;

	if (many)
		sd_buf_char(buf, '[');
	while (nested->next < level->nnodes && level->nodes[nested->next].parent == parent)
	{
		if (nested->next > first)
			sd_buf_char(buf, ',');
		append_next(buf, nested);
	}
	if (many)
		sd_buf_char(buf, ']');
	else if (nested->next == first)
		sd_write_null(buf);
}

/* Appends the next record of a level, with its join row and what is nested in it. */
static void
append_next(SdBuf *buf, Written *written)
{
	const SdLevel *level = written->level;
	int			node = written->next++;
	const struct varlena *join = level->join != NULL && level->join->noutputs > 0
		? written->joins.rows[node] : NULL;
	const struct varlena *text;
	Size		len;
	bool		empty;

	check_stack_depth();
	if (level->nodes[node].record == NULL)
	{
		sd_append_nested(buf, written->links, node, join);
		return;
	}
	text = written->rows.rows[row_number(written, node)];
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
		Written    *nested = &written->nested[i];

		begin_member(buf, nested->level->associated->association->alias, &empty);
		append_nested(buf, nested, node);
	}
	sd_buf_char(buf, '}');
}

/* Looks which values of a level's records, or of their join rows, are taken. */
static void
look_for_taken(const SdLevel *level, bool joins, SdViolations *violations)
{
	const SdQuery *query = joins ? level->join : level->query;
	SdTaken    *taken = sd_taken_begin(query, SD_OWN_NONE, NULL, level->nnodes);
	const SdRecord **records = palloc(sizeof(SdRecord *) * level->nnodes);
	const SdPath *const *paths = row_paths(level, joins ? query->model->name : NULL);
	SdGivenRows given = {.records = records};

	for (int i = 0; taken != NULL && i < level->nnodes; i++)
	{
		const SdRecord *record = get_record(level, joins, i);

		CHECK_FOR_INTERRUPTS();
		if (record == NULL)
			continue;
		records[given.n] = record;
		sd_taken_note(taken, record, paths[given.n++]);
	}
	sd_taken_look(taken, &given, paths, violations);
}

/* The same for all levels of a document. */
static void
look_for_all_taken(const SdLevel *level, SdViolations *violations)
{
	check_stack_depth();
	if (level->nnodes == 0)
		return;
	look_for_taken(level, false, violations);
	if (level->join != NULL)
		look_for_taken(level, true, violations);
	for (int i = 0; i < level->nnested; i++)
		look_for_all_taken(&level->nested[i], violations);
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
		look_for_all_taken(level, violations);
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
	Written		written = {0};
	uint64		count = 0;
	SdBuf		buf;

	make_written(&written, read_document(query, data, many));
	write_level(&written, &count);
	if (sd_reads_back(query))
	{
		if (written.level->nnodes > 0)
			sd_read_back(query, &written.rows,
						 parent_capture(written.level, written.level->nnested), result);
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
