/*-------------------------------------------------------------------------
 * parse/page_names.c
 *		Parses the option "names" of find_and_count_all.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "parse/page_names.h"
#include "utils/json.h"

static const char expected[] = "an object with \"count\" and \"rows\", and names for them";

/*
 * {"count":"articlesCount","rows":"articles"}: either may be left out.  The names
 * are kept in the current context, that of the query, as JSON.  Raises 22023 for
 * another member, for what is no string, and for two names that are the same.
 */
void
sd_parse_names_option(SdQuery *query, const JsonbValue *value, const SdPath *path)
{
	SdPageNames *names = palloc(sizeof(SdPageNames));
	SdReader	reader;

	if (!sd_is_object(value))
		sd_bad_shape(path, expected);
	*names = (SdPageNames) {.count = "\"count\"", .rows = "\"rows\""};
	sd_read(&reader, value, path);
	while (sd_next_member(&reader))
	{
		StringInfoData name;

		if (!sd_key_is(&reader, "count") && !sd_key_is(&reader, "rows"))
			sd_bad_shape(path, expected);
		if (reader.value.type != jbvString)
			sd_bad_shape(&reader.path, "a string");
		initStringInfo(&name);
		escape_json(&name, sd_string(&reader.value));
		if (sd_key_is(&reader, "count"))
			names->count = name.data;
		else
			names->rows = name.data;
	}
	if (strcmp(names->count, names->rows) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s: the number and the records cannot both be under the key %s",
						sd_path_text(path), names->count)));
	query->names = names;
}
