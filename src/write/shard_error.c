/*-------------------------------------------------------------------------
 * write/shard_error.c
 *		What a shard of Citus says of a row, said of the table.
 *
 * A shard is called as its table, with its number behind, and so are its
 * constraints: posts_102023.  Citus hands on the texts of the error, not the
 * names that the server gives beside them.  They are read from the message, where
 * they stand in double quotes in every language; catalogs cannot be read any more
 * when an error has been caught.
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "nodes/pg_list.h"
#include "utils/varlena.h"
#include "write/shard_error.h"

/* shards are numbered from 102008 on */
#define LEAST_DIGITS	6

/* Whether an error is about a constraint, and says so of no table: one of a shard. */
bool
sd_is_of_shard(const ErrorData *error)
{
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
		error->table_name == NULL && error->constraint_name == NULL && error->message != NULL;
}

/* Where the number of a shard begins at the end of a name of so many bytes; len when it has none. */
static Size
without_number(const char *name, Size len)
{
	Size		n = len;

	while (n > 0 && name[n - 1] >= '0' && name[n - 1] <= '9')
		n--;
	return n > 1 && name[n - 1] == '_' && len - n >= LEAST_DIGITS ? n - 1 : len;
}

/* A text with the names in double quotes as they are without the number of a shard. */
static char *
rename_quoted(const char *text, List **names)
{
	StringInfoData result;
	const char *quote;

	if (text == NULL)
		return NULL;
	initStringInfo(&result);
	while ((quote = strchr(text, '"')) != NULL)
	{
		const char *name = quote + 1;
		const char *end = strchr(name, '"');
		Size		len;

		if (end == NULL)
			break;
		len = without_number(name, end - name);
		appendBinaryStringInfo(&result, text, name - text);
		appendBinaryStringInfo(&result, name, len);
		appendStringInfoChar(&result, '"');
		*names = lappend(*names, pnstrdup(name, len));
		text = end + 1;
	}
	appendStringInfoString(&result, text);
	return result.data;
}

/*
 * A detail with the number of a shard taken from the name that it ends with, in
 * double quotes and a full stop, as that of a foreign key does.  What stands before
 * are values.
 */
static char *
rename_last(const char *detail)
{
	const char *end = detail == NULL ? NULL : strrchr(detail, '"');
	const char *name = end;

	if (end == NULL || strlen(end) > 2)
		return unconstify(char *, detail);
	while (name > detail && name[-1] != '"')
		name--;
	return name == detail ? unconstify(char *, detail)
		: psprintf("%s%s", pnstrdup(detail, name - detail + without_number(name, end - name)), end);
}

/*
 * Gives an error of a shard, see sd_is_of_shard(), the names that it would have if
 * the model's table had raised it.  What is new lives in the current context.
 */
void
sd_name_table(ErrorData *error, const SdModel *model)
{
	List	   *names = NIL;
	List	   *relation;

	Assert(sd_is_of_shard(error) && model->distribution != SD_NOT_DISTRIBUTED);
	error->message = rename_quoted(error->message, &names);
	error->detail = rename_last(error->detail);
	if (names == NIL)
		return;
	if (error->sqlerrcode == ERRCODE_NOT_NULL_VIOLATION)
	{
		error->column_name = linitial(names);
		error->table_name = llast(names);
	}
	else if (error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION && list_length(names) == 3)
	{
		/* on table, violates the foreign key, on table */
		error->constraint_name = lsecond(names);
		error->table_name = lthird(names);
	}
	else
	{
		error->constraint_name = llast(names);
		error->table_name = list_length(names) > 1 ? linitial(names) : NULL;
		if (error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION)
			error->message_id = "insert or update on table \"%s\" violates foreign key constraint \"%s\"";
	}
	/* Citus says no schema: rows that triggers write on a shard are few */
	if (SplitIdentifierString(pstrdup(model->relation), '.', &relation) &&
		list_length(relation) == 2 &&
		(error->table_name == NULL || strcmp(error->table_name, lsecond(relation)) == 0))
	{
		error->schema_name = linitial(relation);
		error->table_name = lsecond(relation);
	}
}
