/*-------------------------------------------------------------------------
 * validators/json.c
 *		Tells the text of a JSON object or array, as JSON.parse() reads it.
 *
 * The server's parser calls itself at every level and would end at the stack's
 * limit where JSON.parse() goes on; this one keeps a bit for each level.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "lib/stringinfo.h"
#include "validators/utf8.h"
#include "validators/validators.h"

typedef struct Parser
{
	const char *at;
	const char *end;
	StringInfoData levels;		/* '{' or '[' for each level that is open */
} Parser;

static void
skip_space(Parser *parser)
{
	while (parser->at < parser->end && (*parser->at == ' ' || *parser->at == '\t' ||
										*parser->at == '\n' || *parser->at == '\r'))
		parser->at++;
}

static bool
skip_char(Parser *parser, char c)
{
	if (parser->at == parser->end || *parser->at != c)
		return false;
	parser->at++;
	return true;
}

static bool
skip_word(Parser *parser, const char *word)
{
	Size		len = strlen(word);

	if (parser->end - parser->at < len || memcmp(parser->at, word, len) != 0)
		return false;
	parser->at += len;
	return true;
}

static bool
skip_digits(Parser *parser)
{
	const char *digits = parser->at;

	while (parser->at < parser->end && sd_is_digit((unsigned char) *parser->at))
		parser->at++;
	return parser->at > digits;
}

static bool
skip_number(Parser *parser)
{
	skip_char(parser, '-');
	if (!skip_char(parser, '0') && !skip_digits(parser))
		return false;
	if (skip_char(parser, '.') && !skip_digits(parser))
		return false;
	if (skip_char(parser, 'e') || skip_char(parser, 'E'))
	{
		if (!skip_char(parser, '+'))
			skip_char(parser, '-');
		return skip_digits(parser);
	}
	return true;
}

/* What follows a backslash. */
static bool
skip_escape(Parser *parser)
{
	if (parser->at == parser->end)
		return false;
	if (*parser->at != 'u')
		return strchr("\"\\/bfnrt", *parser->at++) != NULL;
	parser->at++;
	for (int i = 0; i < 4; i++)
	{
		if (parser->at == parser->end || !sd_is_hex_digit((unsigned char) *parser->at))
			return false;
		parser->at++;
	}
	return true;
}

static bool
skip_string(Parser *parser)
{
	if (!skip_char(parser, '"'))
		return false;
	while (parser->at < parser->end)
	{
		unsigned char c = *parser->at++;

		if (c == '"')
			return true;
		if (c < ' ' || (c == '\\' && !skip_escape(parser)))
			return false;
	}
	return false;
}

/* A member's name and the colon. */
static bool
skip_name(Parser *parser)
{
	skip_space(parser);
	if (!skip_string(parser))
		return false;
	skip_space(parser);
	return skip_char(parser, ':');
}

/* A value that is no object or array. */
static bool
skip_scalar(Parser *parser)
{
	if (parser->at == parser->end)
		return false;
	switch (*parser->at)
	{
		case '"':
			return skip_string(parser);
		case 't':
			return skip_word(parser, "true");
		case 'f':
			return skip_word(parser, "false");
		case 'n':
			return skip_word(parser, "null");
		default:
			return skip_number(parser);
	}
}

/* Closes what ends here, and goes to the next value; done when nothing is open any more. */
static bool
next_value(Parser *parser, bool *done)
{
	for (;;)
	{
		char		open;

		skip_space(parser);
		*done = parser->levels.len == 0;
		if (*done)
			return true;
		open = parser->levels.data[parser->levels.len - 1];
		if (skip_char(parser, ','))
			return open == '[' || skip_name(parser);
		if (!skip_char(parser, open == '[' ? ']' : '}'))
			return false;
		parser->levels.len--;
	}
}

/* Reads one value, nested as deep as it may be. */
static bool
skip_value(Parser *parser)
{
	bool		done = false;

	while (!done)
	{
		char		open;

		skip_space(parser);
		open = parser->at < parser->end ? *parser->at : '\0';
		if (open == '{' || open == '[')
		{
			parser->at++;
			skip_space(parser);
			appendStringInfoChar(&parser->levels, open);
			if (parser->at < parser->end && *parser->at == (open == '[' ? ']' : '}'))
			{
				if (!next_value(parser, &done))
					return false;
			}
			else if (open == '{' && !skip_name(parser))
				return false;
		}
		else if (!skip_scalar(parser) || !next_value(parser, &done))
			return false;
	}
	Assert(parser->levels.len == 0);
	return true;
}

/* Whether len bytes are a JSON object or array. */
bool
sd_is_json(const char *s, Size len)
{
	Parser		parser = {.at = s, .end = s + len};
	bool		valid;

	skip_space(&parser);
	if (parser.at == parser.end || (*parser.at != '{' && *parser.at != '['))
		return false;
	initStringInfo(&parser.levels);
	valid = skip_value(&parser) && parser.at == parser.end;
	pfree(parser.levels.data);
	return valid;
}
