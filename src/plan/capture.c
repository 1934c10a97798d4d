/*-------------------------------------------------------------------------
 * plan/capture.c
 *		Which columns of a statement are kept beside the JSON.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "plan/capture.h"

/*
 * Whether the key that an include is matched by does not tell a parent from others,
 * which a recursive one has to: many may belong to the same record.
 */
static bool
captures_own_key(const SdInclude *include)
{
	return (include->depth > 0 || include->key_only) &&
		include->association->kind == SD_BELONGS_TO;
}

/* How many values are captured of each parent for an include. */
int
sd_include_captures(const SdInclude *include)
{
	return include->association->nkeys * (captures_own_key(include) ? 2 : 1);
}

/* The first of the nkeys values among them that tell a parent of a recursive include from others. */
int
sd_capture_identity(const SdInclude *include)
{
	return captures_own_key(include) ? include->association->nkeys : 0;
}

/* How many values are captured of each row. */
int
sd_capture_count(const SdQuery *query)
{
	int			n = query->nmatches;
	ListCell   *cell;

	foreach(cell, query->includes)
		n += sd_include_captures(lfirst(cell));
	return n;
}

/* What capture number capture holds. */
SdCaptured
sd_captured(const SdQuery *query, int capture)
{
	SdCaptured	captured = {.match = capture < query->nmatches};
	ListCell   *cell;

	Assert(capture >= 0 && capture < sd_capture_count(query));

	if (captured.match)
	{
		captured.attr = query->matches[capture].attr;
		captured.type = query->matches[capture].type;
		return captured;
	}
	capture -= query->nmatches;
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);
		int			nkeys = include->association->nkeys;

		if (capture < sd_include_captures(include))
		{
			captured.attr = capture < nkeys ? include->association->source_keys[capture]
				: include->associated->target_keys[capture - nkeys];
			captured.type = query->model->attrs[captured.attr].type;
			return captured;
		}
		capture -= sd_include_captures(include);
	}
	pg_unreachable();
}

/* The output that is what is captured too, or -1. */
int
sd_capture_output(const SdQuery *query, int capture)
{
	SdCaptured	captured = sd_captured(query, capture);

	if (captured.match &&
		(query->through != NULL || query->model->attrs[captured.attr].type != captured.type))
		return -1;
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].expr->kind == SD_EXPR_ATTRIBUTE &&
			query->outputs[i].expr->attr == captured.attr)
			return i;
	}
	return -1;
}

/*
 * The column of a SELECT, from 0, that holds capture number capture.  They
 * follow the outputs; what is an output too is not selected twice.  For -1,
 * the number of columns.
 */
int
sd_capture_column(const SdQuery *query, int capture)
{
	int			column = query->whole_row ? 1 : query->noutputs +
		(query->through != NULL ? query->through->noutputs : 0);
	int			captures = sd_capture_count(query);

	Assert(capture >= -1 && capture < captures);
	for (int i = 0; i < captures; i++)
	{
		int			output = sd_capture_output(query, i);

		if (i == capture)
			return output >= 0 ? output : column;
		if (output < 0)
			column++;
	}
	Assert(capture < 0);
	return column;
}
