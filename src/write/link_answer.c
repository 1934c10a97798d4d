/*-------------------------------------------------------------------------
 * write/link_answer.c
 *		What a function that links answers with: the parent, as a finder would give it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "convert/reader.h"
#include "execute/select.h"
#include "parse/kept.h"
#include "utils/snapmgr.h"
#include "write/link.h"
#include "write/link_document.h"

/*
 * What the option "returning" asks for of the parent, as it now is: true for all
 * attributes, an array of attributes, or an object of options of find_by_pk.  False
 * when it asks for nothing.  Raises 22023 for other options, and what find_by_pk
 * raises.
 */
bool
sd_link_answer(const SdLinkParent *parent, Jsonb *options, Datum *record)
{
	JsonbValue	root;
	JsonbValue	returning = {.type = jbvNull};
	Jsonb	   *finder = NULL;
	SdReader	reader;
	bool		found;

	if (options == NULL)
		return false;
	sd_root(options, &root);
	if (!sd_is_object(&root))
		sd_bad_shape(NULL, "an object");
	sd_read(&reader, &root, NULL);
	while (sd_next_member(&reader))
	{
		if (!sd_key_is(&reader, "returning"))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("%s: there is no such option here", sd_path_text(&reader.path)),
					 errhint("The only option here is: returning.")));
		returning = reader.value;
		if (returning.type != jbvBool && !sd_is_array(&returning) && !sd_is_object(&returning))
			sd_bad_shape(&reader.path, "true, an array of attributes, or an object with \"attributes\", \"include\" and \"scope\"");
	}
	if (returning.type == jbvNull || (returning.type == jbvBool && !returning.val.boolean))
		return false;
	if (parent == NULL)
		return true;
	if (sd_is_object(&returning))
		finder = JsonbValueToJsonb(&returning);
	else if (sd_is_array(&returning))
		finder = sd_link_document(psprintf("{\"attributes\":%s}",
										   JsonbToCString(NULL, returning.val.binary.data,
														  returning.val.binary.len)));
	PushActiveSnapshot(GetTransactionSnapshot());
	found = sd_select_one(sd_parse_kept(parent->model, finder, SD_CALL_FIND_BY_PK, parent->key), record);
	PopActiveSnapshot();
	return found;
}
