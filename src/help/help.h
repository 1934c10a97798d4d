/*-------------------------------------------------------------------------
 * help/help.h
 *		What help() says: a topic for each function, option, operator, setting and
 *		error, with an example.
 *
 * The topics are made by topics.mjs of the install script, docs/reference and
 * examples.sql; a test looks whether topics.h is what it would make.
 *-------------------------------------------------------------------------
 */
#ifndef SD_HELP_H
#define SD_HELP_H

#include "nodes/pg_list.h"

typedef enum SdTopicKind
{
	SD_TOPIC_FUNCTION,
	SD_TOPIC_OPTION,
	SD_TOPIC_OPERATOR,
	SD_TOPIC_SETTING,
	SD_TOPIC_ERROR
} SdTopicKind;

typedef struct SdTopic
{
	SdTopicKind kind;
	const char *name;
	const char *head;			/* the first line: how it is written, or what it is of */
	const char *words;			/* what it does */
	const char *example;		/* one statement */
} SdTopic;

extern List *sd_help(const char *topic);

#endif							/* SD_HELP_H */
