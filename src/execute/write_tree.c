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

#include "catalog/pg_type.h"
#include "execute/keymap.h"
#include "execute/nested_links.h"
#include "execute/node_rows.h"
#include "execute/write_tree.h"
#include "execute/returned_records.h"
#include "execute/upsert.h"
#include "miscadmin.h"
#include "parse/conflict.h"
#include "parse/model_validators.h"
#include "parse/recode.h"
#include "record/tree.h"
#include "plan/capture.h"

/* a level of the document as it is written */
typedef struct Written
{
	const SdLevel *level;
	SdRowSet	rows;			/* as the document has them; what is captured: see make_writer() */
	int		   *row_of;			/* by node, its row; NULL: all nodes have one, in their order */
	SdNestedLinks *links;		/* nodes whose records are found by a key; NULL: there are none */
	SdRowSet	joins;			/* their join rows, where there are any */
	int		   *join_of;		/* by node, its join row; NULL: all nodes have one, in their order */
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

/* The number of the join row of a node; -1: it has none. */
static inline int
join_number(const Written *written, int node)
{
	return written->join_of != NULL ? written->join_of[node] : node;
}

/* The row that has the key of node number i of a level, as the first that is captured from *capture on. */
static const SdRowSet *
node_row(const Written *written, int i, int *capture, int *row)
{
	if (written->level->nodes[i].kind != SD_NODE_NEW)
		return sd_nested_key(written->links, i, capture, row);
	*capture = 0;
	*row = row_number(written, i);
	return &written->rows;
}

/* Gives a record, or a join row, the key of what node number i of targets is or stands for. */
static void
set_target_keys(SdRecord *record, const SdModel *model, const int *attrs, const Written *targets,
				int i)
{
	const SdNode *node = &targets->level->nodes[i];
	const SdAssociated *associated = targets->level->associated;
	int			capture;
	int			row;
	const SdRowSet *rows = node_row(targets, i, &capture, &row);

	set_keys(record, model, attrs, associated->association->ntarget_keys, rows, capture, row,
			 associated->target, associated->target_keys, node);
}

/* Inserts the new records of a level. */
static void
insert_new(Written *written, uint64 *count)
{
	SdNodeRows	inserted = sd_new_records(written->level);

	if (inserted.n > 0)
		sd_insert_all(&inserted, make_writer(written->level), &written->rows, count);
}

/*
 * Writes those records of a level that are not there yet by their unique key, and finds
 * all of them.  Others may delete a record between the two, so it is tried again.
 *
 * Raises 23505 for a record that is there and not what the association leads to, 42501
 * for one that row-level security hides, and 40001 when others are faster.
 */
static void
write_sought(Written *written, uint64 *count)
{
	const SdLevel *level = written->level;
	SdQuery    *writer = sd_make_write_query(level->query);
	SdConflict	conflict = *level->query->write->conflict;
	SdNodeRows	inserted = {.level = level};
	SdRowSet	rows;

	writer->through = NULL;
	writer->nmatches = 0;
	writer->noutputs = 0;
	/* only what is there by this key is found by it */
	conflict.target = NULL;
	for (int i = 0; i < level->sought_key->nattrs; i++)
		conflict.target = bms_add_member(conflict.target, level->sought_key->attrs[i]);
	for (int tries = 0;; tries++)
	{
		inserted.nodes = sd_missing_nested(written->links, &inserted.n);
		if (inserted.n == 0)
			return;
		CHECK_FOR_INTERRUPTS();
		if (tries > 0)
			sd_check_missing(written->links, inserted.nodes[0]);
		if (tries == SD_UPSERT_TRIES)
			sd_never_found(level->query->model);
		sd_insert_nodes(&inserted, writer, &conflict, level->sought_key, &rows, count);
		sd_find_nested(written->links);
	}
}

/*
 * Numbers the join rows of a level, which have their keys.  Where records are looked
 * for, several of one parent can turn out to be the same: the first has a join row, the
 * others have -1.
 */
static void
number_joins(Written *targets)
{
	const SdLevel *level = targets->level;
	const SdAssociated *associated = level->associated;
	int			nkeys = associated->association->ntarget_keys;
	Datum	  **columns = palloc(sizeof(Datum *) * (nkeys + 1));
	SdKeyMap	seen;

	targets->join_of = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	sd_keymap_init(&seen, nkeys + 1, level->nnodes);
	sd_keymap_column(&seen, 0, INT4OID, InvalidOid);
	for (int i = 0; i < nkeys; i++)
	{
		const SdAttribute *key = &associated->through->attrs[associated->other_keys[i]];

		sd_keymap_column(&seen, i + 1, key->type, key->collation);
	}
	for (int node = 0; node < level->nnodes; node++)
	{
		Datum		parent = Int32GetDatum(level->nodes[node].parent);
		int			known = seen.nkeys;

		CHECK_FOR_INTERRUPTS();
		columns[0] = &parent;
		for (int i = 0; i < nkeys; i++)
			columns[i + 1] = &level->nodes[node].join->values[associated->other_keys[i]];
		targets->join_of[node] = sd_keymap_add(&seen, columns, 0) == known ? known : -1;
	}
}

/* Writes the join rows of a level, whose records and whose parents have been written. */
static void
write_joins(Written *targets, const Written *parents, int include)
{
	const SdLevel *level = targets->level;
	const SdAssociated *associated = level->associated;
	const SdAssociation *association = associated->association;
	int		   *nodes = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	SdNodeRows	inserted = {.level = level, .joins = true, .nodes = nodes};
	uint64		count = 0;

	for (int i = 0; i < level->nnodes; i++)
	{
		const SdNode *node = &level->nodes[i];

		set_keys(node->join, associated->through, associated->foreign_keys, association->nkeys,
				 &parents->rows, parent_capture(parents->level, include),
				 row_number(parents, node->parent), associated->source, association->source_keys, node);
		set_target_keys(node->join, associated->through, associated->other_keys, targets, i);
	}
	if (level->count[SD_NODE_SOUGHT] > 0)
		number_joins(targets);
	for (int i = 0; i < level->nnodes; i++)
	{
		if (join_number(targets, i) >= 0)
			nodes[inserted.n++] = i;
	}
	sd_insert_all(&inserted, level->join, &targets->joins, &count);
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
	insert_new(written, count);
	if (level->count[SD_NODE_SOUGHT] > 0)
		write_sought(written, count);
	for (int i = 0; i < level->nnested; i++)
	{
		Written    *nested = &written->nested[i];
		const SdAssociated *associated = nested->level->associated;

		if (nested->level->nnodes == 0 || comes_first(nested->level))
			continue;
		for (int row = 0; row < nested->level->nnodes && nested->level->join == NULL; row++)
		{
			const SdNode *node = &nested->level->nodes[row];

			if (node->kind != SD_NODE_NEW)
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

	if (level->count[SD_NODE_NEW] == level->nnodes)
		return NULL;
	row_of = palloc_extended(sizeof(int) * level->nnodes, MCXT_ALLOC_HUGE);
	for (int i = 0; i < level->nnodes; i++)
		row_of[i] = level->nodes[i].kind == SD_NODE_NEW ? n++ : -1;
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
		/* the same as one before it */
		if (join_number(nested, nested->next) < 0)
		{
			nested->next++;
			continue;
		}
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
		? written->joins.rows[join_number(written, node)] : NULL;
	const struct varlena *text;
	Size		len;
	bool		empty;

	check_stack_depth();
	if (level->nodes[node].kind != SD_NODE_NEW)
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
