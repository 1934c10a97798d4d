/*-------------------------------------------------------------------------
 * migrate/statements.c
 *		Takes the text of a migration apart with the server's own parser.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "commands/defrem.h"
#include "migrate/statements.h"
#include "nodes/parsenodes.h"
#include "parser/parser.h"
#include "parser/scanner.h"
#include "parser/scansup.h"

/*
 * The parser gives positions as if the text were the client's query, which it
 * is not.
 */
static void
transpose_position(void *arg)
{
	int			position = geterrposition();

	if (position <= 0)
		return;
	errposition(0);
	internalerrposition(position);
	internalerrquery((const char *) arg);
}

static List *
parse(const char *text)
{
	ErrorContextCallback callback;
	List	   *trees;

	callback.callback = transpose_position;
	callback.arg = unconstify(char *, text);
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	trees = raw_parser(text, RAW_PARSE_DEFAULT);
	error_context_stack = callback.previous;
	return trees;
}

/* Where the first token of a piece of SQL begins, after white space and comments. */
static int
first_token(const char *sql)
{
	core_yy_extra_type extra;
	core_yyscan_t scanner = scanner_init(sql, &extra, &ScanKeywords, ScanKeywordTokens);
	core_YYSTYPE value;
	YYLTYPE		location = 0;

	core_yylex(&value, &location, scanner);
	scanner_finish(scanner);
	return location;
}

static int
count_newlines(const char *text, int length)
{
	int			count = 0;

	for (int i = 0; i < length; i++)
		count += text[i] == '\n';
	return count;
}

/*
 * The rules that comments in the text before a statement allow, each on a line
 * of its own: "-- studentdir: allow RULE, RULE".  first: nothing is before it;
 * else the rest of the first line is what stands behind the last statement.
 */
static List *
read_allowed(const char *text, int length, bool first)
{
	List	   *rules = NIL;
	char	   *lines = pnstrdup(text, length);
	char	   *line = first ? lines : strchr(lines, '\n');

	Assert(length >= 0);
	while (line != NULL)
	{
		char	   *end;

		line += strspn(line, " \t\r\n");
		end = strchr(line, '\n');
		if (end != NULL)
			*end++ = '\0';
		if (strncmp(line, "--", 2) == 0)
		{
			line += 2;
			line += strspn(line, " \t");
			if (strncmp(line, "studentdir: allow ", 18) == 0)
			{
				for (char *rule = strtok(line + 18, ", \t\r"); rule != NULL; rule = strtok(NULL, ", \t\r"))
					rules = lappend(rules, rule);
			}
		}
		line = end;
	}
	return rules;
}

/*
 * Returns the statements of a text, SdSqlStatement, in their order.  Raises 42601
 * with the position in the text where it does not parse.
 */
List *
sd_split_statements(const char *text)
{
	List	   *statements = NIL;
	int			counted = 0;	/* bytes whose newlines are in line */
	int			line = 1;
	int			behind = 0;		/* where the last statement ended */
	ListCell   *cell;

	foreach(cell, parse(text))
	{
		RawStmt    *raw = lfirst_node(RawStmt, cell);
		SdSqlStatement *statement = palloc(sizeof(SdSqlStatement));
		const char *start = text + raw->stmt_location;
		int			length = raw->stmt_len > 0 ? raw->stmt_len : strlen(start);
		char	   *sql = pnstrdup(start, length);
		int			skip = first_token(sql);
		int			offset = raw->stmt_location + skip;

		Assert(skip >= 0 && skip < length);
		Assert(offset >= counted);
		while (length > skip && scanner_isspace(sql[length - 1]))
			sql[--length] = '\0';
		line += count_newlines(text + counted, offset - counted);
		counted = offset;

		statement->allowed = read_allowed(text + behind, offset - behind, statements == NIL);
		behind = raw->stmt_location + (raw->stmt_len > 0 ? raw->stmt_len : strlen(start));
		statement->number = list_length(statements) + 1;
		statement->line = line;
		statement->sql = sql + skip;
		statement->tree = raw->stmt;
		statements = lappend(statements, statement);
	}
	return statements;
}

/* whose text is taken apart */
typedef struct TextReading
{
	const char *noun;			/* "migration", "seed" */
	const char *name;
	const char *part;			/* "up", "down" */
} TextReading;

static void
add_reading_context(void *arg)
{
	const TextReading *reading = arg;

	errcontext("\"%s\" of %s \"%s\"", reading->part, reading->noun, reading->name);
}

/* The same of one of the texts of a migration or seed, which an error names. */
List *
sd_split_text(const char *noun, const char *name, const char *part, const char *text)
{
	TextReading reading = {noun, name, part};
	ErrorContextCallback callback;
	List	   *statements;

	callback.callback = add_reading_context;
	callback.arg = &reading;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	statements = sd_split_statements(text);
	error_context_stack = callback.previous;
	return statements;
}

static bool
has_option(List *options, const char *name)
{
	ListCell   *cell;

	foreach(cell, options)
	{
		DefElem    *option = lfirst_node(DefElem, cell);

		if (strcmp(option->defname, name) == 0)
			return option->arg == NULL || defGetBoolean(option);
	}
	return false;
}

static bool
detaches_concurrently(const AlterTableStmt *alter)
{
	ListCell   *cell;

	foreach(cell, alter->cmds)
	{
		const AlterTableCmd *command = lfirst_node(AlterTableCmd, cell);

		if (command->subtype == AT_DetachPartition && IsA(command->def, PartitionCmd) &&
			castNode(PartitionCmd, command->def)->concurrent)
			return true;
		if (command->subtype == AT_DetachPartitionFinalize)
			return true;
	}
	return false;
}

/*
 * Whether a statement needs to be the only one of its transaction: because
 * PostgreSQL demands it, or, for CALL and DO, because what it runs may commit.
 */
bool
sd_statement_runs_alone(const Node *tree)
{
	switch (nodeTag(tree))
	{
		case T_IndexStmt:
			return ((const IndexStmt *) tree)->concurrent;
		case T_DropStmt:
			return ((const DropStmt *) tree)->concurrent;
		case T_AlterTableStmt:
			return detaches_concurrently((const AlterTableStmt *) tree);
		case T_ReindexStmt:
			return ((const ReindexStmt *) tree)->relation == NULL ||
				has_option(((const ReindexStmt *) tree)->params, "concurrently");
		case T_VacuumStmt:
			return ((const VacuumStmt *) tree)->is_vacuumcmd;
		case T_ClusterStmt:
			return ((const ClusterStmt *) tree)->relation == NULL ||
				has_option(((const ClusterStmt *) tree)->params, "concurrently");
		case T_AlterDatabaseStmt:
			return has_option(((const AlterDatabaseStmt *) tree)->options, "tablespace");
		case T_CreatedbStmt:
		case T_DropdbStmt:
		case T_CreateTableSpaceStmt:
		case T_DropTableSpaceStmt:
		case T_AlterSystemStmt:
		case T_CreateSubscriptionStmt:
		case T_AlterSubscriptionStmt:
		case T_DropSubscriptionStmt:
		case T_CallStmt:
		case T_DoStmt:
			return true;
		default:
			return false;
	}
}
