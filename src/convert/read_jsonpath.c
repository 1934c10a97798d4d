/*-------------------------------------------------------------------------
 * convert/read_jsonpath.c
 *		Reads values of type jsonpath, and says where one is malformed.
 *
 * The server's parser names the word that it stumbled on, and not its place.  It says
 * the same of every beginning of the text that has the word in it, whatever follows, and
 * of a shorter one something else where it is followed by a sign that fits nowhere.  So
 * the place is found by parsing some of them with such a sign.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/read_functions.h"
#include "convert/reader.h"
#include "convert/value.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

/*
 * What is wrong with a text as a jsonpath, in the current context, or NULL; *value is set
 * if nothing is.  Raises what is not about the text.  Parsing changes nothing outside of
 * its memory, so that its errors need no subtransaction.
 */
static ErrorData *
try_jsonpath(SdConverter *converter, char *text, Datum *value)
{
	MemoryContext cxt = CurrentMemoryContext;
	ErrorData  *volatile error = NULL;

	PG_TRY();
	{
		*value = sd_convert_text(converter, text);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(cxt);
		error = CopyErrorData();
		FlushErrorState();
	}
	PG_END_TRY();
	if (error != NULL && ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_DATA_EXCEPTION &&
		ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_FEATURE_NOT_SUPPORTED &&
		ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_SYNTAX_ERROR_OR_ACCESS_RULE_VIOLATION)
		ReThrowError(error);
	return error;
}

/* Whether the parser says the same of a text, NULL for nothing, as of another one. */
static bool
is_same_error(const ErrorData *of_text, const ErrorData *of_other)
{
	return of_text != NULL && strcmp(of_text->message, of_other->message) == 0;
}

/* Whether the parser stumbled on something in a text, and not on its end: then what follows does not matter. */
static bool
is_inside(SdConverter *converter, const char *text, const ErrorData *error)
{
	Datum		value;

	return is_same_error(try_jsonpath(converter, psprintf("%s}", text), &value), error);
}

/* Whether two bytes that follow each other may belong to one word, or one operator. */
static bool
go_together(char c, char next)
{
	static const char operators[][3] = {"&&", "||", "==", "!=", "<>", "<=", ">=", "**"};

	for (int i = 0; i < lengthof(operators); i++)
	{
		if (operators[i][0] == c && operators[i][1] == next)
			return true;
	}
	return (IS_HIGHBIT_SET(c) || isalnum((unsigned char) c) || c == '_' || c == '$') &&
		(IS_HIGHBIT_SET(next) || isalnum((unsigned char) next) || next == '_' || next == '$');
}

/* The end of the first n bytes of a text, at least one, or of the word that goes on there. */
static int
cut_behind(const char *text, int n)
{
	Assert(n > 0);
	while (go_together(text[n - 1], text[n]))
		n++;
	return n;
}

/* The beginning of the word that goes on behind the first n bytes of a text; n where none does. */
static int
cut_before(const char *text, int n)
{
	while (n > 0 && go_together(text[n - 1], text[n]))
		n--;
	return n;
}

/* The number of the character that what the parser stumbles on in a text begins with. */
static int
find_place(SdConverter *converter, const char *text, const ErrorData *error)
{
	int			good = 0;		/* the longest beginning known that does not have it */
	int			bad = strlen(text); /* the shortest that has it */

	while (bad - good > 1)
	{
		int			middle = good + (bad - good) / 2;
		int			cut = cut_behind(text, middle);

		CHECK_FOR_INTERRUPTS();
		/* a word that goes on to the end is not cut: what stands before it is */
		if (cut >= bad)
			cut = cut_before(text, middle);
		if (cut <= good)
			break;
		Assert(cut < bad);
		if (is_inside(converter, pnstrdup(text, cut), error))
			bad = cut;
		else
			good = cut;
	}
	while (strchr(" \t\r\n\f", text[good]) != NULL && text[good] != '\0')
		good++;
	return pg_mbstrlen_with_len(text, good) + 1;
}

/* Shortens a text that ends with suffix by it. */
static void
cut_suffix(char *text, const char *suffix)
{
	Size		len = strlen(text);
	Size		suffix_len = strlen(suffix);

	if (len >= suffix_len && strcmp(text + len - suffix_len, suffix) == 0)
		text[len - suffix_len] = '\0';
}

/* jsonpath; raises 22023 with the path, the parser's words and where in the text they point to */
Datum
sd_read_jsonpath(SdConverter *converter, const JsonbValue *value, SdReading *reading)
{
	ErrorData  *error;
	char	   *text;
	int			character = 0;
	Datum		datum;

	if (value->type == jbvBinary)
		sd_refuse_container(converter, value, reading);
	text = sd_scalar_text(value, NULL);
	if (reading->secret)
		return sd_convert_text(converter, text);
	/* what is raised here says by itself where the value stands */
	error_context_stack = reading->callback.previous;
	error = try_jsonpath(converter, text, &datum);
	if (error != NULL && is_inside(converter, text, error))
	{
		character = find_place(converter, text, error);
		/* a name is read with the sign that ends it: then the parser says so of a name inside */
		cut_suffix(error->message, " at end of jsonpath input");
	}
	if (error != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 character > 0
				 ? errmsg("%s: %s, at character %d", sd_path_text(reading->path), error->message, character)
				 : errmsg("%s: %s", sd_path_text(reading->path), error->message),
				 error->detail != NULL ? errdetail_internal("%s", error->detail) : 0,
				 error->hint != NULL ? errhint("%s", error->hint) : 0));
	error_context_stack = &reading->callback;
	return datum;
}
