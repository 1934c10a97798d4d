/*-------------------------------------------------------------------------
 * model/load.c
 *		Builds a model's descriptor from the catalogs and from its table.
 *
 * The catalogs hold normalized definitions (src/README.md, "Catalogs"): every
 * attribute names its column, every association names both keys.  They are
 * ordinary tables and can be written by whoever has the privilege, so what
 * does not fit is an error here, not an assumption.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/stratnum.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_class.h"
#include "model/catalog.h"
#include "model/inflection.h"
#include "model/model.h"
#include "model/types.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "rewrite/rewriteHandler.h"
#include "parser/parse_coerce.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/relcache.h"
#include "utils/snapmgr.h"

/* Raises the error for a catalog row that does not fit together. */
static pg_attribute_noreturn() void
bad_definition(const char *model, const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("the definition of model \"%s\" is not valid", model),
			 errdetail_internal("%s", detail),
			 errhint("Correct its rows in studentdir.model and studentdir.association, or define it again.")));
}

/* A catalog column that has to be there, as a detoasted datum. */
static Datum
required(HeapTuple tuple, int attnum, TupleDesc desc, const char *model)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, attnum, desc, &isnull);

	if (isnull)
		bad_definition(model, psprintf("Column \"%s\" is null.",
									   NameStr(TupleDescAttr(desc, attnum - 1)->attname)));
	return value;
}

/* A text column that has to be there, as a string in the current context. */
static char *
required_text(HeapTuple tuple, int attnum, TupleDesc desc, const char *model)
{
	return TextDatumGetCString(required(tuple, attnum, desc, model));
}

/* The elements of a text[] column that has to have some. */
static const char **
required_names(HeapTuple tuple, int attnum, TupleDesc desc, const char *model, const char *alias,
			   int *n)
{
	Datum	   *elements;
	bool	   *nulls;
	const char **names;

	deconstruct_array(DatumGetArrayTypeP(required(tuple, attnum, desc, model)),
					  TEXTOID, -1, false, TYPALIGN_INT, &elements, &nulls, n);
	if (*n == 0)
		bad_definition(model, psprintf("Association \"%s\" has no key in column \"%s\".", alias,
									   NameStr(TupleDescAttr(desc, attnum - 1)->attname)));
	names = palloc(sizeof(char *) * *n);
	for (int i = 0; i < *n; i++)
	{
		if (nulls[i])
			bad_definition(model, psprintf("Association \"%s\" has a null in its key.", alias));
		names[i] = TextDatumGetCString(elements[i]);
	}
	return names;
}

/* Member of a jsonb object as a string; NULL when it is missing or is none. */
static char *
member_string(JsonbContainer *object, const char *key)
{
	JsonbValue	value;

	if (getKeyJsonValueFromContainer(object, key, strlen(key), &value) == NULL ||
		value.type != jbvString)
		return NULL;
	return pnstrdup(value.val.string.val, value.val.string.len);
}

/* Member of a jsonb object as a boolean, with a default. */
static bool
member_bool(JsonbContainer *object, const char *key, bool otherwise)
{
	JsonbValue	value;

	if (getKeyJsonValueFromContainer(object, key, strlen(key), &value) == NULL ||
		value.type != jbvBool)
		return otherwise;
	return value.val.boolean;
}

/* Reads the validators of an attribute. */
static void
read_rules(const SdModel *model, SdAttribute *attr, JsonbContainer *definition)
{
	JsonbValue	validate;
	const char *problem;

	if (getKeyJsonValueFromContainer(definition, "validate", 8, &validate) == NULL)
		return;
	if (!sd_read_rules(&validate, &attr->rules, &problem))
		bad_definition(model->name, psprintf("Attribute \"%s\": %s.", attr->name, problem));
	if (attr->rules.not_null && attr->allow_null)
		bad_definition(model->name, psprintf("Attribute \"%s\": validator \"notNull\" needs \"allowNull\": false.",
											 attr->name));
}

/* Notes the default of an attribute; what it points to stays with the definition. */
static void
read_default(SdModel *model, SdAttribute *attr, JsonbContainer *definition)
{
	static const struct
	{
		const char *name;
		SdDefault	kind;
	}			functions[] = {
		{"NOW", SD_DEFAULT_NOW},
		{"UUIDV4", SD_DEFAULT_UUID}
	};
	char	   *function = member_string(definition, "defaultFunction");

	attr->default_value = getKeyJsonValueFromContainer(definition, "defaultValue", 12, NULL);
	if (attr->default_value != NULL)
		attr->default_kind = SD_DEFAULT_VALUE;
	if (function == NULL)
		return;
	for (int i = 0; i < lengthof(functions); i++)
	{
		if (strcmp(function, functions[i].name) == 0)
			attr->default_kind = functions[i].kind;
	}
	if (attr->default_kind == SD_DEFAULT_NONE || attr->default_value != NULL)
		bad_definition(model->name, psprintf("Attribute \"%s\" has the unknown default \"%s\".",
											 attr->name, function));
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
				 errhint("Add the column with a migration, or define the model without the attribute.")));
	column = TupleDescAttr(RelationGetDescr(rel), attr->attnum - 1);
	attr->typmod = column->atttypmod;
	attr->type = getBaseTypeAndTypmod(column->atttypid, &attr->typmod);
	if (is_rounded(attr->type))
		attr->typmod = -1;
	attr->collation = column->attcollation;
	attr->not_null = column->attnotnull;
	attr->computed = column->attgenerated != '\0' ||
		column->attidentity == ATTRIBUTE_IDENTITY_ALWAYS;
	filled_with = column->attgenerated == '\0' ? build_column_default(rel, attr->attnum) : NULL;
	attr->defaulted = filled_with != NULL;
	attr->sequenced = calls_nextval(filled_with, NULL);
}

/* Fills in one attribute from its definition and its column. */
static void
read_attribute(SdModel *model, Relation rel, SdAttribute *attr, JsonbContainer *definition)
{
	char	   *name = member_string(definition, "name");
	char	   *field = member_string(definition, "field");
	char	   *type = member_string(definition, "type");
	bool		is_virtual = type != NULL && strcmp(type, "VIRTUAL") == 0;

	if (name == NULL || type == NULL || (field == NULL) != is_virtual)
		bad_definition(model->name, "An attribute lacks \"name\", \"type\" or \"field\".");
	if (sd_find_attribute(model, name, strlen(name)) >= 0)
		bad_definition(model->name, psprintf("Attribute \"%s\" is there twice.", name));

	attr->name = name;
	attr->name_len = strlen(name);
	if (is_virtual)
		attr->type = TEXTOID;
	else
		read_column(model, rel, attr, field);
	attr->allow_null = member_bool(definition, "allowNull", true);
	attr->generated = attr->computed || member_bool(definition, "autoIncrement", false);
	attr->string = sd_type_is_string(type);
	read_default(model, attr, definition);
	read_rules(model, attr, definition);
}

/* Fills in the attributes and the primary key, in declared order. */
static void
read_attributes(SdModel *model, Relation rel, Jsonb *definitions)
{
	JsonbIterator *it;
	JsonbValue	value;
	int			n;

	if (!JB_ROOT_IS_ARRAY(definitions) || JB_ROOT_IS_SCALAR(definitions) ||
		JB_ROOT_COUNT(definitions) == 0)
		bad_definition(model->name, "Column \"attributes\" is no array of objects.");

	n = JB_ROOT_COUNT(definitions);
	model->attrs = palloc0(sizeof(SdAttribute) * n);
	model->keys = palloc0(sizeof(int) * n);

	it = JsonbIteratorInit(&definitions->root);
	(void) JsonbIteratorNext(&it, &value, true);
	while (JsonbIteratorNext(&it, &value, true) == WJB_ELEM)
	{
		if (value.type != jbvBinary || !JsonContainerIsObject(value.val.binary.data))
			bad_definition(model->name, "Column \"attributes\" is no array of objects.");
		read_attribute(model, rel, &model->attrs[model->nattrs], value.val.binary.data);
		if (member_bool(value.val.binary.data, "primaryKey", false))
			model->keys[model->nkeys++] = model->nattrs;
		model->nattrs++;
	}
}

/* The timestamp attribute that the options name, or -1; the engine fills it in. */
static int
timestamp_attribute(SdModel *model, Jsonb *options, const char *option)
{
	char	   *name = member_string(&options->root, option);
	int			attr;

	if (name == NULL)
		return -1;
	attr = sd_find_attribute(model, name, strlen(name));
	if (attr < 0)
		bad_definition(model->name, psprintf("Option \"%s\" names no attribute.", option));
	model->attrs[attr].generated = true;
	return attr;
}

/* The attribute that says when a row of a paranoid model was deleted; -1 for other models. */
static int
deleted_attribute(SdModel *model, Jsonb *options)
{
	char	   *name = member_string(&options->root, "deletedAt");
	int			attr;

	if (!member_bool(&options->root, "paranoid", false))
		return -1;
	attr = name != NULL ? sd_find_column(model, name, strlen(name)) : -1;
	if (attr < 0)
		bad_definition(model->name,
					   "Option \"deletedAt\" of a paranoid model names no attribute with a column.");
	return attr;
}

/* The attribute that counts the updates of a row, from 0; -1 for models without. */
static int
version_attribute(SdModel *model, Jsonb *options)
{
	char	   *name = member_string(&options->root, "version");
	int			attr;

	if (name == NULL)
		return -1;
	attr = sd_find_column(model, name, strlen(name));
	if (attr < 0)
		bad_definition(model->name, "Option \"version\" names no attribute with a column.");
	switch (model->attrs[attr].type)
	{
		case INT2OID:
		case INT4OID:
		case INT8OID:
			break;
		default:
			bad_definition(model->name, "Option \"version\" names an attribute whose column holds no integers.");
	}
	model->attrs[attr].generated = true;
	return attr;
}

/* An option that is an object; it stays part of the options.  NULL when it is missing. */
static JsonbValue *
object_option(SdModel *model, Jsonb *options, const char *option)
{
	JsonbValue *value = getKeyJsonValueFromContainer(&options->root, option, strlen(option), NULL);

	if (value != NULL &&
		(value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data)))
		bad_definition(model->name, psprintf("Option \"%s\" is no object.", option));
	return value;
}

/* Notes the validators of the whole model; their conditions stay with the options. */
static void
read_checks(SdModel *model, Jsonb *options)
{
	JsonbValue *validate = object_option(model, options, "validate");
	JsonbIterator *it;
	JsonbValue	key;
	JsonbValue	value;

	if (validate == NULL)
		return;
	model->checks = palloc0(sizeof(SdCheck) * JsonContainerSize(validate->val.binary.data));
	it = JsonbIteratorInit(validate->val.binary.data);
	(void) JsonbIteratorNext(&it, &key, true);
	while (JsonbIteratorNext(&it, &key, true) == WJB_KEY)
	{
		SdCheck    *check = &model->checks[model->nchecks++];

		(void) JsonbIteratorNext(&it, &value, true);
		check->name = pnstrdup(key.val.string.val, key.val.string.len);
		if (value.type == jbvBinary && JsonContainerIsObject(value.val.binary.data))
		{
			check->message = member_string(value.val.binary.data, "msg");
			check->where = getKeyJsonValueFromContainer(value.val.binary.data, "where", 5, NULL);
		}
		if (check->where == NULL)
			bad_definition(model->name, psprintf("Validator \"%s\" has no \"where\".",
												 check->name));
	}
}

/* Opens the index that enforces a catalog's primary key, by OID. */
static Oid
primary_index(Relation catalog)
{
	list_free(RelationGetIndexList(catalog));
	return catalog->rd_pkindex;
}

/* Fills in the keys of an association, whose kind is known. */
static void
read_keys(SdModel *model, SdAssociation *association, HeapTuple tuple, TupleDesc desc)
{
	const char *alias = association->alias;
	const char **source_keys;
	int			nforeign_keys,
				nother_keys;

	source_keys = required_names(tuple, ASSOCIATION_SOURCE_KEY, desc, model->name, alias,
								 &association->nkeys);
	association->target_keys = required_names(tuple, ASSOCIATION_TARGET_KEY, desc, model->name,
											  alias, &association->ntarget_keys);
	association->source_keys = palloc(sizeof(int) * association->nkeys);
	for (int i = 0; i < association->nkeys; i++)
	{
		int			attr = sd_find_attribute(model, source_keys[i], strlen(source_keys[i]));

		if (attr < 0 || model->attrs[attr].column == NULL)
			bad_definition(model->name, psprintf("The key \"%s\" of association \"%s\" is no attribute with a column.",
												 source_keys[i], alias));
		association->source_keys[i] = attr;
	}

	nforeign_keys = association->nkeys;
	nother_keys = association->nkeys;
	if (association->kind == SD_BELONGS_TO_MANY)
	{
		association->through = required_text(tuple, ASSOCIATION_THROUGH, desc, model->name);
		association->foreign_keys = required_names(tuple, ASSOCIATION_FOREIGN_KEY, desc,
												   model->name, alias, &nforeign_keys);
		association->other_keys = required_names(tuple, ASSOCIATION_OTHER_KEY, desc, model->name,
												 alias, &nother_keys);
	}
	if (nforeign_keys != association->nkeys || nother_keys != association->ntarget_keys)
		bad_definition(model->name, psprintf("The keys of association \"%s\" differ in their number of attributes.",
											 alias));
}

/* An object of scalars among an association's options; it stays part of them.  NULL when it is missing. */
static JsonbValue *
association_scope(SdModel *model, const char *alias, Jsonb *options, const char *option)
{
	JsonbValue *scope = getKeyJsonValueFromContainer(&options->root, option, strlen(option), NULL);
	JsonbIterator *it;
	JsonbValue	value;
	JsonbIteratorToken token;

	if (scope == NULL)
		return NULL;
	if (scope->type != jbvBinary || !JsonContainerIsObject(scope->val.binary.data))
		bad_definition(model->name, psprintf("Option \"%s\" of association \"%s\" is no object.",
											 option, alias));
	it = JsonbIteratorInit(scope->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_VALUE && value.type == jbvBinary)
			bad_definition(model->name, psprintf("Option \"%s\" of association \"%s\" holds more than plain values.",
												 option, alias));
	}
	return scope;
}

/* Fills in what an association's options say of the rows that it leads to. */
static void
read_association_options(SdModel *model, SdAssociation *association, HeapTuple tuple,
						 TupleDesc desc)
{
	const char *alias = association->alias;
	Jsonb	   *options = DatumGetJsonbPCopy(required(tuple, ASSOCIATION_OPTIONS, desc, model->name));

	if (!JB_ROOT_IS_OBJECT(options))
		bad_definition(model->name, psprintf("Column \"options\" of association \"%s\" is no object.",
											 alias));
	association->scope = association_scope(model, alias, options, "scope");
	association->through_scope = association_scope(model, alias, options, "throughScope");
	if (association->through_scope != NULL && association->kind != SD_BELONGS_TO_MANY)
		bad_definition(model->name, psprintf("Association \"%s\" has a scope for a join model that it does not have.",
											 alias));
}

/* Fills in the associations of which the model is the source, by alias. */
static void
read_associations(SdModel *model, Oid catalog_oid, Snapshot snapshot)
{
	static const struct
	{
		const char *name;
		SdAssociationKind kind;
	}			kinds[] = {
		{"has_many", SD_HAS_MANY},
		{"has_one", SD_HAS_ONE},
		{"belongs_to", SD_BELONGS_TO},
		{"belongs_to_many", SD_BELONGS_TO_MANY}
	};
	Relation	catalog = table_open(catalog_oid, AccessShareLock);
	TupleDesc	desc = RelationGetDescr(catalog);
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	int			capacity = 8;

	model->associations = palloc(sizeof(SdAssociation) * capacity);
	ScanKeyInit(&key, ASSOCIATION_MODEL, BTEqualStrategyNumber, F_TEXTEQ,
				CStringGetTextDatum(model->name));
	scan = systable_beginscan(catalog, primary_index(catalog), true, snapshot, 1, &key);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
	{
		SdAssociation *association;
		char	   *alias = required_text(tuple, ASSOCIATION_ALIAS, desc, model->name);
		char	   *kind = required_text(tuple, ASSOCIATION_KIND, desc, model->name);
		bool		found = false;

		if (model->nassociations == capacity)
		{
			capacity *= 2;
			model->associations = repalloc(model->associations, sizeof(SdAssociation) * capacity);
		}
		association = &model->associations[model->nassociations++];
		memset(association, 0, sizeof(*association));
		association->alias = alias;
		association->path = sd_dasherize(alias);
		for (int i = 0; i < lengthof(kinds); i++)
		{
			if (strcmp(kind, kinds[i].name) == 0)
			{
				association->kind = kinds[i].kind;
				found = true;
			}
		}
		if (!found)
			bad_definition(model->name, psprintf("Association \"%s\" is of the unknown kind \"%s\".",
												 alias, kind));
		association->target = required_text(tuple, ASSOCIATION_TARGET, desc, model->name);
		read_keys(model, association, tuple, desc);
		read_association_options(model, association, tuple, desc);
	}
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);
}

/*
 * Opens the model's table, which has to be something that rows are read from.
 * NULL when the catalogs have changed while its lock was waited for: then the
 * model's row and the table may not belong together.
 */
static Relation
open_table(SdModel *model, char *schema, char *table, SdNews since)
{
	Oid			relid;
	Relation	rel;

	model->relation = quote_qualified_identifier(schema, table);
	relid = RangeVarGetRelid(makeRangeVar(schema, table, -1), AccessShareLock, true);
	if (sd_catalogs_changed(since))
		return NULL;
	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table %s of model \"%s\" does not exist", model->relation, model->name),
				 errhint("A migration makes it, studentdir.define does not: SELECT * FROM studentdir.migrate() applies the pending ones, studentdir.migration_status() lists them. SELECT * FROM studentdir.sync() makes tables that are missing.")));
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
	return rel;
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
	TupleDesc	desc;
	Snapshot	snapshot;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple	tuple;
	Jsonb	   *options;
	Relation	rel;

	model->cxt = cxt;
	model->name = pstrdup(name);

	catalog = table_open(model_catalog, AccessShareLock);
	desc = RelationGetDescr(catalog);
	snapshot = RegisterSnapshot(GetLatestSnapshot());
	ScanKeyInit(&key, MODEL_NAME, BTEqualStrategyNumber, F_TEXTEQ, CStringGetTextDatum(name));
	scan = systable_beginscan(catalog, primary_index(catalog), true, snapshot, 1, &key);
	tuple = systable_getnext(scan);
	if (!HeapTupleIsValid(tuple))
		sd_no_such_model(name, model_catalog);

	model->singular = required_text(tuple, MODEL_SINGULAR, desc, name);
	model->plural = required_text(tuple, MODEL_PLURAL, desc, name);
	model->exposed = DatumGetBool(required(tuple, MODEL_EXPOSED, desc, name));
	options = DatumGetJsonbPCopy(required(tuple, MODEL_OPTIONS, desc, name));
	if (!JB_ROOT_IS_OBJECT(options))
		bad_definition(name, "Column \"options\" is no object.");

	rel = open_table(model,
					 required_text(tuple, MODEL_SCHEMA_NAME, desc, name),
					 required_text(tuple, MODEL_TABLE_NAME, desc, name), since);
	if (rel == NULL)
	{
		systable_endscan(scan);
		table_close(catalog, AccessShareLock);
		UnregisterSnapshot(snapshot);
		MemoryContextSwitchTo(old);
		MemoryContextDelete(cxt);
		return NULL;
	}
	read_attributes(model, rel, DatumGetJsonbPCopy(required(tuple, MODEL_ATTRIBUTES, desc, name)));
	model->created_at = timestamp_attribute(model, options, "createdAt");
	model->updated_at = timestamp_attribute(model, options, "updatedAt");
	model->deleted_at = deleted_attribute(model, options);
	model->version = version_attribute(model, options);
	model->default_scope = object_option(model, options, "defaultScope");
	model->scopes = object_option(model, options, "scopes");
	read_checks(model, options);
	table_close(rel, NoLock);
	systable_endscan(scan);
	table_close(catalog, AccessShareLock);

	read_associations(model, association_catalog, snapshot);
	UnregisterSnapshot(snapshot);

	MemoryContextSwitchTo(old);
	MemoryContextSetParent(cxt, parent);
	return model;
}
