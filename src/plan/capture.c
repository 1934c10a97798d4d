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

/* The output that is what is captured too, or -1. */
static int
find_output(const SdQuery *query, const SdCaptured *captured)
{
	if (captured->match &&
		(query->through != NULL || query->model->attrs[captured->attr].type != captured->type))
		return -1;
	for (int i = 0; i < query->noutputs; i++)
	{
		if (query->outputs[i].expr->kind == SD_EXPR_ATTRIBUTE &&
			query->outputs[i].expr->attr == captured->attr)
			return i;
	}
	return -1;
}

/* How many columns become JSON. */
static int
count_outputs(const SdQuery *query)
{
	return query->whole_row ? 1 : query->noutputs +
		(query->through != NULL ? query->through->noutputs : 0);
}

/*
 * What is captured of each row of a SELECT, or of what RETURNING gives:
 * sd_capture_count() elements, in the current context.  Their columns follow the
 * outputs; what is an output too is not selected twice.
 */
SdCaptured *
sd_captured(const SdQuery *query)
{
	SdCaptured *captured = palloc(sizeof(SdCaptured) * Max(sd_capture_count(query), 1));
	int			column = count_outputs(query);
	int			n = 0;
	ListCell   *cell;

	for (int i = 0; i < query->nmatches; i++)
		captured[n++] = (SdCaptured) {
			.attr = query->matches[i].attr,
			.type = query->matches[i].type,
			.match = true
		};
	foreach(cell, query->includes)
	{
		const SdInclude *include = lfirst(cell);
		int			nkeys = include->association->nkeys;

		for (int i = 0; i < sd_include_captures(include); i++)
		{
			int			attr = i < nkeys ? include->association->source_keys[i]
				: include->associated->target_keys[i - nkeys];

			captured[n++] = (SdCaptured) {.attr = attr, .type = query->model->attrs[attr].type};
		}
	}
	Assert(n == sd_capture_count(query));
	for (int i = 0; i < n; i++)
	{
		int			output = find_output(query, &captured[i]);

		captured[i].selected = output < 0;
		captured[i].column = output < 0 ? column++ : output;
	}
	return captured;
}

/* The number of columns: outputs, and what is captured in columns of its own. */
int
sd_column_count(const SdQuery *query)
{
	SdCaptured *captured = sd_captured(query);
	int			n = sd_capture_count(query);
	int			columns = count_outputs(query);

	for (int i = 0; i < n; i++)
		columns += captured[i].selected;
	pfree(captured);
	return columns;
}
