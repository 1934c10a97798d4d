/*-------------------------------------------------------------------------
 * help/help.c
 *		Finds topics and writes them for a terminal.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "help/help.h"
#include "help/topics.h"
#include "lib/stringinfo.h"
#include "model/model.h"
#include "settings.h"

/* columns of a terminal that is not wide, without what psql writes at the margins */
#define SD_HELP_WIDTH	76

static const struct
{
	const char *name;			/* a topic of its own: the list of all of the kind */
	const char *one;
}			kinds[] = {
	[SD_TOPIC_FUNCTION] = {"functions", "function"},
	[SD_TOPIC_OPTION] = {"options", "option"},
	[SD_TOPIC_OPERATOR] = {"operators", "operator"},
	[SD_TOPIC_SETTING] = {"settings", "setting"},
	[SD_TOPIC_ERROR] = {"errors", "error"}
};

StaticAssertDecl(lengthof(kinds) == SD_TOPIC_ERROR + 1, "every kind of topic has a name");

/* what the first page says */
static const char *const overview[] = {
	"studentdir " SD_VERSION ": models, records and migrations as SQL functions.",
	"",
	"  find      SELECT students_find_all('{\"where\": {\"id\": {\"$gt\": 1}}}');",
	"  write     SELECT student_create('{\"name\": \"Ada\"}');",
	"  include   SELECT users_list('{\"include\": \"Posts\"}');",
	"  define    SELECT studentdir.generate('Course', 'title:string');",
	"  migrate   SELECT * FROM studentdir.migrate();",
	"  describe  SELECT studentdir.openapi();   typescript()   diagram()",
	"",
	"  SELECT studentdir.help('functions');     all that can be called",
	"  SELECT studentdir.help('options');       where, order, include, limit, ...",
	"  SELECT studentdir.help('operators');     $eq, $like, $in, $contains, ...",
	"  SELECT studentdir.help('settings');      studentdir.log_sql, ...",
	"  SELECT studentdir.help('errors');        SQLSTATEs and what they mean",
	"  SELECT studentdir.help('find_all');      or one of these, with an example",
	"",
	"  \\df studentdir.*   \\d students   SELECT studentdir.describe('Student');"
};

static List *
add_line(List *lines, const char *line)
{
	return lappend(lines, pstrdup(line));
}

/* Adds words in lines that are not too long, each behind an indent. */
static List *
add_words(List *lines, const char *words, int indent)
{
	StringInfoData line;

	initStringInfo(&line);
	while (*words != '\0')
	{
		int			len = strcspn(words, " ");

		if (line.len > indent && line.len + 1 + len > SD_HELP_WIDTH)
		{
			lines = add_line(lines, line.data);
			resetStringInfo(&line);
		}
		if (line.len == 0)
			appendStringInfoSpaces(&line, indent);
		else if (line.len > indent)
			appendStringInfoChar(&line, ' ');
		appendBinaryStringInfo(&line, words, len);
		words += len;
		words += strspn(words, " ");
	}
	return line.len > indent ? add_line(lines, line.data) : lines;
}

static List *
add_topic(List *lines, const SdTopic *topic)
{
	Assert(topic->kind < lengthof(kinds));
	if (lines != NIL)
		lines = add_line(lines, "");
	lines = add_line(lines, psprintf("%s %s", kinds[topic->kind].one, topic->name));
	if (*topic->head != '\0')
		lines = add_words(lines, topic->head, 2);
	lines = add_line(lines, "");
	lines = add_words(lines, topic->words, 2);
	lines = add_line(lines, "");
	return add_line(lines, psprintf("  %s", topic->example));
}

/* The names of all topics of a kind. */
static List *
list_kind(SdTopicKind kind)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < lengthof(topics); i++)
	{
		if (topics[i].kind == kind)
			appendStringInfo(&names, "%s%s", names.len > 0 ? " " : "", topics[i].name);
	}
	return add_words(list_make1(psprintf("%s:", kinds[kind].name)), names.data, 2);
}

/* Whether a topic is meant by a name, with or without what stands before it. */
static bool
is_meant(const SdTopic *topic, const char *name)
{
	const char *own = topic->name;

	Assert(topic->kind != SD_TOPIC_OPERATOR || *own == '$');
	Assert(topic->kind != SD_TOPIC_SETTING || strchr(own, '.') != NULL);
	if (topic->kind == SD_TOPIC_OPERATOR && *name != '$')
		own++;
	if (topic->kind == SD_TOPIC_SETTING && strchr(name, '.') == NULL)
		own = strchr(own, '.') + 1;
	return pg_strcasecmp(own, name) == 0;
}

/* The topics that a name means, as lines; NIL for none. */
static List *
find_topics(const char *name)
{
	List	   *lines = NIL;

	for (int i = 0; i < lengthof(kinds); i++)
	{
		if (pg_strcasecmp(kinds[i].name, name) == 0)
			return list_kind(i);
	}
	for (int i = 0; i < lengthof(topics); i++)
	{
		if (is_meant(&topics[i], name))
			lines = add_topic(lines, &topics[i]);
	}
	return lines;
}

/* The overview, behind what is said before it. */
static List *
add_overview(List *lines)
{
	for (int i = 0; i < lengthof(overview); i++)
		lines = add_line(lines, overview[i]);
	return lines;
}

/* What is shown for a name that is no topic: the nearest topic, or the overview. */
static List *
nearest_topic(const char *name)
{
	const char *names[lengthof(topics)];
	const char *nearest;

	for (int i = 0; i < lengthof(topics); i++)
		names[i] = topics[i].name;
	nearest = sd_nearest(name, strlen(name), names, lengthof(topics));
	if (nearest == NULL)
		return add_overview(list_make2(pstrdup("There is no such topic."), pstrdup("")));
	return list_concat(list_make2(psprintf("There is no such topic; the nearest is \"%s\":", nearest),
								  pstrdup("")), find_topics(nearest));
}

/*
 * What help says about a topic, or for NULL about all: lines, as C strings in the
 * current context.
 */
List *
sd_help(const char *topic)
{
	List	   *lines;

	if (topic == NULL || *topic == '\0')
		return add_overview(NIL);
	if (strncmp(topic, "studentdir.", 11) == 0 && find_topics(topic) == NIL)
		topic += 11;
	topic = pnstrdup(topic, strcspn(topic, "("));
	lines = find_topics(topic);
	return lines != NIL ? lines : nearest_topic(topic);
}
