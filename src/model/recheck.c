/*-------------------------------------------------------------------------
 * model/recheck.c
 *		Whether a descriptor that has expired still says what its table is.
 *
 * The table of a descriptor stays locked against other sessions, but what runs
 * inside the call, or between two batches of its rows, may change it: a trigger,
 * a default, the owner of a cursor, ROLLBACK TO SAVEPOINT.  Most of what makes a
 * descriptor expire changes nothing for the call (statistics, an index, another
 * model), and must not fail it.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/relation.h"
#include "model/model.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

static pg_attribute_noreturn() void
table_changed(const SdModel *model, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("table %s of model \"%s\" was changed while the call was running",
					model->relation, model->name),
			 errdetail_internal("%s", detail),
			 errhint("Call again after the change: a call reads and writes one state of a table.")));
}

/* Whether a relation has the name that SQL texts call it by. */
static bool
same_name(const SdModel *model, Relation rel)
{
	char	   *schema = get_namespace_name(RelationGetNamespace(rel));

	return schema != NULL &&
		strcmp(quote_qualified_identifier(schema, RelationGetRelationName(rel)),
			   model->relation) == 0;
}

static void
check_column(const SdModel *model, const SdAttribute *attr, TupleDesc desc)
{
	Form_pg_attribute column;
	Oid			type = OidIsValid(attr->domain) ? attr->domain : attr->type;

	Assert(attr->attnum > 0);
	if (attr->attnum > desc->natts ||
		(column = TupleDescAttr(desc, attr->attnum - 1))->attisdropped)
		table_changed(model, psprintf("Column %s of attribute \"%s\" was dropped.",
									  attr->column, attr->name));
	if (strcmp(quote_identifier(NameStr(column->attname)), attr->column) != 0)
		table_changed(model, psprintf("Column %s of attribute \"%s\" is called %s now.",
									  attr->column, attr->name,
									  quote_identifier(NameStr(column->attname))));
	if (column->atttypid != type)
		table_changed(model, psprintf("Column %s of attribute \"%s\" was of type %s, and is of type %s.",
									  attr->column, attr->name, format_type_be(type),
									  format_type_be(column->atttypid)));
	if (column->attcollation != attr->collation)
		table_changed(model, psprintf("Column %s of attribute \"%s\" has another collation.",
									  attr->column, attr->name));
}

/*
 * Raises 0A000 when the table of a descriptor is no longer as the descriptor
 * has it: another name, a column that is gone, renamed, or of another type.
 * The table stays locked in ACCESS SHARE mode.  Call it through
 * sd_model_check().
 */
void
sd_model_recheck(const SdModel *model)
{
	Relation	rel = try_relation_open(model->relid, AccessShareLock);

	Assert(model->expired && model->pins > 0);
	if (rel == NULL)
		table_changed(model, "It was dropped.");
	if (!same_name(model, rel))
		table_changed(model, psprintf("It is called %s now.", RelationGetRelationName(rel)));
	for (int i = 0; i < model->nattrs; i++)
	{
		if (model->attrs[i].column != NULL)
			check_column(model, &model->attrs[i], RelationGetDescr(rel));
	}
	relation_close(rel, NoLock);
}
