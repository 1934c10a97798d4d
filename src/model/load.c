/*-------------------------------------------------------------------------
 * model/load.c
 *		Builds a model's descriptor from the catalogs and from its table.
 *
 * The catalogs hold normalized definitions (src/README.md, "Catalogs"): every
 * attribute names its column, every association names both keys.  Their rows
 * come checked (catalogs/rows.h); what of them does not fit the table, or names
 * attributes of another row, is an error here.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "json/object_text.h"
#include "model/inflection.h"
#include "model/model.h"
#include "model/types.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "rewrite/rewriteHandler.h"
#include "parser/parse_coerce.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

/* Reads the validators of an attribute. */
static void
read_rules(const SdModel *model, SdAttribute *attr, const JsonbValue *validate)
{
	const char *problem;

	if (!sd_read_rules(validate, &attr->rules, &problem))
		sd_bad_row(model->name, psprintf("Attribute \"%s\": %s.", attr->name, problem));
	if (attr->rules.not_null && attr->allow_null)
		sd_bad_row(model->name, psprintf("Attribute \"%s\": validator \"notNull\" needs \"allowNull\": false.",
										 attr->name));
}

/* What a new row is given that leaves the attribute out. */
static SdDefault
default_kind(const SdAttributeRow *row)
{
	if (row->default_value != NULL)
		return SD_DEFAULT_VALUE;
	if (row->default_function == NULL)
		return SD_DEFAULT_NONE;
	return strcmp(row->default_function, "NOW") == 0 ? SD_DEFAULT_NOW : SD_DEFAULT_UUID;
}

/* tree walker: is there a call of nextval() */
static bool
calls_nextval(Node *node, void *context)
{
	if (node == NULL)
		return false;
	if (IsA(node, NextValueExpr) ||
		(IsA(node, FuncExpr) && ((FuncExpr *) node)->funcid == F_NEXTVAL))
		return true;
	return expression_tree_walker(node, calls_nextval, context);
}

/* Whether values that are too precise for a type's modifiers are rounded, which the write does. */
static bool
is_rounded(Oid type)
{
	Oid			element = get_element_type(type);
	char		category = TypeCategory(OidIsValid(element) ? element : type);

	return category == TYPCATEGORY_DATETIME || category == TYPCATEGORY_TIMESPAN;
}

/* Fills in what the column of an attribute says. */
static void
read_column(SdModel *model, Relation rel, SdAttribute *attr, const char *field)
{
	Form_pg_attribute column;
	Node	   *filled_with;

	attr->column = pstrdup(quote_identifier(field));
	attr->attnum = get_attnum(RelationGetRelid(rel), field);
	if (attr->attnum <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of table %s does not exist", field, model->relation),
				 errdetail("Attribute \"%s\" of model \"%s\" is kept in it.", attr->name,
						   model->name),
				 errhint("A migration adds it: SELECT * FROM studentdir.migrate() applies the pending ones, studentdir.migration_generate writes one. Or define the model without the attribute.")));
	column = TupleDescAttr(RelationGetDescr(rel), attr->attnum - 1);
	Assert(!column->attisdropped);
	attr->typmod = column->atttypmod;
	attr->type = getBaseTypeAndTypmod(column->atttypid, &attr->typmod);
	if (is_rounded(attr->type))
		attr->typmod = -1;
	attr->domain = column->atttypid != attr->type ? column->atttypid : InvalidOid;
	attr->collation = column->attcollation;
	attr->not_null = SD_HOLDS_NO_NULL(RelationGetDescr(rel), attr->attnum - 1);
	attr->computed = column->attgenerated != '\0' ||
		column->attidentity == ATTRIBUTE_IDENTITY_ALWAYS;
	filled_with = column->attgenerated == '\0' ? build_column_default(rel, attr->attnum) : NULL;
	attr->defaulted = filled_with != NULL;
	/* the table below a view has defaults of its own */
	attr->null_if_left_out = !attr->defaulted && !attr->computed &&
		rel->rd_rel->relkind != RELKIND_VIEW;
	attr->sequenced = calls_nextval(filled_with, NULL);
}

/* Fills in one attribute from its definition and its column. */
static void
read_attribute(SdModel *model, Relation rel, SdAttribute *attr, const SdAttributeRow *row)
{
	Assert(row->as == NULL || row->field == NULL);
	attr->name = row->name;
	attr->name_len = strlen(row->name);
	if (row->field == NULL)
		attr->type = TEXTOID;
	else
		read_column(model, rel, attr, row->field);
	attr->allow_null = row->allow_null;
	attr->generated = attr->computed || row->auto_increment;
	attr->string = sd_type_is_string(row->type);
	attr->hidden = row->hidden;
	attr->as = row->as;
	attr->params = row->params;
	attr->shown = row->shown;
	attr->computed |= row->as != NULL;
	attr->read_only = row->read_only;
	attr->unique_name = row->unique_name;
	attr->unique_message = row->unique_message;
	attr->default_kind = default_kind(row);
	attr->default_value = row->default_value;
	if (row->validate != NULL)
		read_rules(model, attr, row->validate);
}

/* Fills in the attributes and the primary key, in declared order. */
static void
read_attributes(SdModel *model, Relation rel, const SdModelRow *row)
{
	model->attrs = palloc0(sizeof(SdAttribute) * row->nattributes);
	model->keys = palloc0(sizeof(int) * row->nattributes);
	model->nattrs = row->nattributes;
	for (int i = 0; i < row->nattributes; i++)
	{
		read_attribute(model, rel, &model->attrs[i], &row->attributes[i]);
		if (row->attributes[i].primary_key)
			model->keys[model->nkeys++] = i;
	}
}

/* The place among the attributes of one that an option names, or -1. */
static int
kept_attribute(const SdModelRow *row, const SdAttributeRow *attribute)
{
	Assert(attribute == NULL || (attribute >= row->attributes &&
								 attribute < row->attributes + row->nattributes));
	Assert(attribute == NULL || attribute->field != NULL);
	return attribute != NULL ? attribute - row->attributes : -1;
}

/* Fills in the attributes that the engine keeps. */
static void
read_kept(SdModel *model, const SdModelRow *row)
{
	model->created_at = kept_attribute(row, row->created_at);
	model->updated_at = kept_attribute(row, row->updated_at);
	model->deleted_at = row->paranoid ? kept_attribute(row, row->deleted_at) : -1;
	model->version = kept_attribute(row, row->version);
	if (model->created_at >= 0)
		model->attrs[model->created_at].generated = true;
	if (model->updated_at >= 0)
		model->attrs[model->updated_at].generated = true;
	if (model->version < 0)
		return;
	switch (model->attrs[model->version].type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			break;
		default:
			sd_bad_row(model->name,
					   "Option \"version\" names an attribute whose column holds no integers.");
	}
	model->attrs[model->version].generated = true;
}

/* A list of names as an array; *n is how many. */
static const char **
name_array(List *names, int *n)
{
	const char **array = palloc(sizeof(char *) * Max(list_length(names), 1));
	ListCell   *cell;

	foreach(cell, names)
		array[foreach_current_index(cell)] = lfirst(cell);
	*n = list_length(names);
	return array;
}

/* Fills in an association; raises 55000 where it goes by what is no attribute with a column. */
static void
read_association(const SdModel *model, SdAssociation *association, const SdAssociationRow *row)
{
	ListCell   *cell;
	int			ignored;

	association->alias = row->alias;
	association->path = sd_dasherize(row->alias);
	association->kind = row->kind;
	association->target = row->target;
	association->nkeys = list_length(row->source_key);
	association->source_keys = palloc(sizeof(int) * association->nkeys);
	foreach(cell, row->source_key)
	{
		const char *name = lfirst(cell);
		int			attr = sd_find_column(model, name, strlen(name));

		if (attr < 0)
			sd_bad_row(model->name, psprintf("The key \"%s\" of association \"%s\" is no attribute with a column.",
											 name, row->alias));
		association->source_keys[foreach_current_index(cell)] = attr;
	}
	Assert(row->kind == SD_BELONGS_TO_MANY
		   ? list_length(row->foreign_key) == association->nkeys &&
		   list_length(row->other_key) == list_length(row->target_key)
		   : list_length(row->target_key) == association->nkeys);
	association->target_keys = name_array(row->target_key, &association->ntarget_keys);
	if (row->kind == SD_BELONGS_TO_MANY)
	{
		association->through = row->through;
		association->foreign_keys = name_array(row->foreign_key, &ignored);
		association->other_keys = name_array(row->other_key, &ignored);
	}
	association->scope = row->scope;
	association->through_scope = row->through_scope;
	association->cascades = row->cascades;
}

/* Fills in the associations of which the model is the source, by alias. */
static void
read_associations(SdModel *model, List *rows)
{
	ListCell   *cell;

	model->associations = palloc0(sizeof(SdAssociation) * Max(list_length(rows), 1));
	foreach(cell, rows)
		read_association(model, &model->associations[model->nassociations++], lfirst(cell));
}

/* Raises 42P01 for a table that is not there; in another schema it may be. */
static pg_attribute_noreturn() void
no_such_table(const SdModel *model, const SdModelRow *row)
{
	const char *other = sd_other_schema(row->schema, row->table);

	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_TABLE),
			 errmsg("table %s of model \"%s\" does not exist", model->relation, model->name),
			 other != NULL
			 ? errdetail("There is %s.", quote_qualified_identifier(other, row->table)) : 0,
			 other != NULL
			 ? errhint("Define the model with the option \"schema\": %s if that is its table. If not, a migration makes it: SELECT * FROM studentdir.migrate() applies the pending ones.",
					   sd_json_name(other))
			 : errhint("A migration makes it, studentdir.define does not: SELECT * FROM studentdir.migrate() applies the pending ones, studentdir.migration_generate writes one. SELECT * FROM studentdir.sync() makes missing tables without one.")));
}

/*
 * Opens the model's table, which has to be something that rows are read from.
 * NULL when the catalogs have changed while its lock was waited for: then the
 * model's row and the table may not belong together.
 */
static Relation
open_table(SdModel *model, const SdModelRow *row, SdNews since)
{
	Oid			relid;
	Relation	rel;

	model->relation = quote_qualified_identifier(row->schema, row->table);
	relid = RangeVarGetRelid(makeRangeVar(row->schema, row->table, -1), AccessShareLock, true);
	if (sd_catalogs_changed(since))
		return NULL;
	if (!OidIsValid(relid))
		no_such_table(model, row);
	rel = table_open(relid, NoLock);
	switch (rel->rd_rel->relkind)
	{
		case RELKIND_RELATION:
		case RELKIND_PARTITIONED_TABLE:
		case RELKIND_VIEW:
		case RELKIND_MATVIEW:
		case RELKIND_FOREIGN_TABLE:
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("%s of model \"%s\" is not a table", model->relation, model->name)));
	}
	model->relid = relid;
	model->partitioned = rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE && rel->rd_rules == NULL;
	return rel;
}

/* What Citus has made of the model's table. */
static void
read_distribution(SdModel *model)
{
	AttrNumber	column;

	model->distributed_by = -1;
	model->distribution = sd_distribution(model->relid, &column, &model->colocation);
	for (int i = 0; column != InvalidAttrNumber && i < model->nattrs; i++)
		if (model->attrs[i].attnum == column)
			model->distributed_by = i;
}

/* The transaction that has changed a model's row or its table's last. */
static TransactionId
last_change(const SdModelRow *row, Oid relid)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	TransactionId xid;

	if (!HeapTupleIsValid(tuple))
		return row->changed_by;
	xid = HeapTupleHeaderGetXmin(tuple->t_data);
	ReleaseSysCache(tuple);
	return TransactionIdFollows(xid, row->changed_by) ? xid : row->changed_by;
}

/*
 * Reads the model called name.  The descriptor lives in a context of its own
 * under parent and is complete but for its serial; its table stays locked in
 * ACCESS SHARE mode.  NULL when the catalogs have changed since, so that its row
 * may not be what the table is.  Raises what sd_model_open() says.
 */
SdModel *
sd_model_load(const char *name, Oid model_catalog, Oid association_catalog, SdNews since,
			  MemoryContext parent)
{
	MemoryContext cxt = AllocSetContextCreate(CurrentMemoryContext, "studentdir model",
											  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(cxt);
	SdModel    *model = palloc0(sizeof(SdModel));
	Relation	catalog;
	Snapshot	snapshot;
	SdModelRow *row;
	Relation	rel;

	model->cxt = cxt;
	/* the lock first: what it brings news of is in the snapshot */
	catalog = table_open(model_catalog, AccessShareLock);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	row = sd_read_model_row(model_catalog, snapshot, name);
	if (row == NULL)
		sd_no_such_model(name);
	model->name = row->name;
	rel = open_table(model, row, since);
	if (rel == NULL)
	{
		UnregisterSnapshot(snapshot);
		table_close(catalog, AccessShareLock);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(cxt);
		return NULL;
	}
	model->singular = row->singular;
	model->plural = row->plural;
	model->exposed = row->exposed;
	read_attributes(model, rel, row);
	model->changed_by = last_change(row, model->relid);
	read_distribution(model);
	table_close(rel, NoLock);
	read_kept(model, row);
	model->default_scope = row->default_scope;
	model->scopes = row->scopes;
	model->nchecks = row->nchecks;
	model->checks = row->checks;
	read_associations(model, sd_read_association_rows(association_catalog, snapshot, name));
	UnregisterSnapshot(snapshot);
	table_close(catalog, AccessShareLock);

	MemoryContextSwitchTo(old);
	MemoryContextSetParent(cxt, parent);
	return model;
}
