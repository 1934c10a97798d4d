/*-------------------------------------------------------------------------
 * catalogs/association_row.c
 *		Reads rows of studentdir.association.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalogs/member.h"
#include "catalogs/rows.h"
#include "catalogs/scan.h"
#include "utils/array.h"

/* Whether two lists have the same names in the same order. */
bool
sd_same_names(List *a, List *b)
{
	ListCell   *ca;
	ListCell   *cb;

	if (list_length(a) != list_length(b))
		return false;
	forboth(ca, a, cb, b)
	{
		if (strcmp(lfirst(ca), lfirst(cb)) != 0)
			return false;
	}
	return true;
}

static const char *const kind_names[] = {
	[SD_HAS_MANY] = "has_many",
	[SD_HAS_ONE] = "has_one",
	[SD_BELONGS_TO] = "belongs_to",
	[SD_BELONGS_TO_MANY] = "belongs_to_many"
};

StaticAssertDecl(lengthof(kind_names) == SD_BELONGS_TO_MANY + 1, "every kind has a name");

/* A kind as the catalog and the functions that define it call it. */
const char *
sd_association_kind(SdAssociationKind kind)
{
	Assert(kind < lengthof(kind_names));
	return kind_names[kind];
}

/* Raises 55000 for an association; problem is the rest of the sentence. */
static pg_attribute_noreturn() void
bad_association(const SdAssociationRow *row, const char *problem)
{
	sd_bad_row(row->model, psprintf("Association \"%s\" %s.", row->alias, problem));
}

static void
read_kind(SdAssociationRow *row, const SdCatalogScan *scan)
{
	char	   *kind = sd_catalog_text(scan, ASSOCIATION_KIND);

	for (int i = 0; kind != NULL && i < lengthof(kind_names); i++)
	{
		if (strcmp(kind, kind_names[i]) == 0)
		{
			row->kind = i;
			return;
		}
	}
	bad_association(row, psprintf("is of the unknown kind \"%s\"", kind != NULL ? kind : ""));
}

/* A text[] column with the names of a key's attributes; NIL where it is null. */
static List *
key_column(const SdAssociationRow *row, const SdCatalogScan *scan, int column)
{
	const char *name = sd_catalog_column(scan, column);
	Datum		value;
	ArrayType  *array;
	List	   *key;
	ListCell   *cell;

	if (!sd_catalog_value(scan, column, &value))
		return NIL;
	array = DatumGetArrayTypeP(value);
	if (ARR_NDIM(array) != 1)
		bad_association(row, psprintf("has no key in column \"%s\"", name));
	if (ARR_DIMS(array)[0] > INDEX_MAX_KEYS)
		bad_association(row, psprintf("has a key of more than %d attributes in column \"%s\"",
									  INDEX_MAX_KEYS, name));
	key = sd_text_list(PointerGetDatum(array));
	foreach(cell, key)
	{
		const char *problem = sd_name_problem(lfirst(cell));

		if (problem != NULL)
			bad_association(row, psprintf("has a name in column \"%s\" that %s", name, problem));
		for (int i = 0; i < foreach_current_index(cell); i++)
		{
			if (strcmp(list_nth(key, i), lfirst(cell)) == 0)
				bad_association(row, psprintf("has \"%s\" twice in column \"%s\"",
											  (char *) lfirst(cell), name));
		}
	}
	return key;
}

/*
 * Reads the keys.  Where there is no join model, the foreign key is that side's
 * key which refers to the other, and need not be said.
 */
static void
read_keys(SdAssociationRow *row, const SdCatalogScan *scan)
{
	bool		joined = row->kind == SD_BELONGS_TO_MANY;
	List	   *referring;

	row->source_key = key_column(row, scan, ASSOCIATION_SOURCE_KEY);
	row->target_key = key_column(row, scan, ASSOCIATION_TARGET_KEY);
	row->foreign_key = key_column(row, scan, ASSOCIATION_FOREIGN_KEY);
	row->other_key = key_column(row, scan, ASSOCIATION_OTHER_KEY);
	if (row->source_key == NIL || row->target_key == NIL)
		bad_association(row, "has no key in column \"source_key\" or \"target_key\"");
	if (joined != (row->through != NULL) || joined != (row->other_key != NIL) ||
		(joined && row->foreign_key == NIL))
		bad_association(row, joined ? "has no join model with two foreign keys"
						: "has a join model, which none of its kind has");
	if (joined ? list_length(row->foreign_key) != list_length(row->source_key) ||
		list_length(row->other_key) != list_length(row->target_key)
		: list_length(row->source_key) != list_length(row->target_key))
		sd_bad_row(row->model,
				   psprintf("The keys of association \"%s\" differ in their number of attributes.",
							row->alias));
	if (joined)
		return;
	referring = row->kind == SD_BELONGS_TO ? row->source_key : row->target_key;
	if (row->foreign_key == NIL)
		row->foreign_key = referring;
	else if (!sd_same_names(row->foreign_key, referring))
		bad_association(row, psprintf("has a foreign key that is not its \"%s\"",
									  row->kind == SD_BELONGS_TO ? "source_key" : "target_key"));
}

/* Whether a value is plain, or an array of plain values. */
static bool
is_operand(const JsonbValue *value)
{
	JsonbIterator *it;
	JsonbValue	element;
	JsonbIteratorToken token;

	if (value->type != jbvBinary)
		return true;
	if (!JsonContainerIsArray(value->val.binary.data))
		return false;
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &element, true)) != WJB_DONE)
	{
		if (token == WJB_ELEM && element.type == jbvBinary)
			return false;
	}
	return true;
}

/* Whether a value is one that an attribute has, or operators with such values. */
static bool
is_scope_value(const JsonbValue *value)
{
	JsonbIterator *it;
	JsonbValue	member;
	JsonbIteratorToken token;
	bool		is_operator = false;

	if (is_operand(value))
		return true;
	if (!JsonContainerIsObject(value->val.binary.data))
		return false;
	it = JsonbIteratorInit(value->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &member, true)) != WJB_DONE)
	{
		if (token == WJB_KEY)
			is_operator = member.val.string.len > 1 && member.val.string.val[0] == '$';
		if (token == WJB_VALUE && !(is_operator && is_operand(&member)))
			return false;
	}
	return is_operator;
}

/* An option that is an object of attributes with values or operators, or NULL. */
static JsonbValue *
scope_option(const SdPart *options, const char *option)
{
	JsonbValue *scope = sd_part_object(options, option);
	JsonbIterator *it;
	JsonbValue	value;
	JsonbIteratorToken token;

	if (scope == NULL)
		return NULL;
	it = JsonbIteratorInit(scope->val.binary.data);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		if (token == WJB_VALUE && !is_scope_value(&value))
			sd_bad_part(options, psprintf("has more than plain values and operators in \"%s\"", option));
	}
	return scope;
}

/* "paranoid":"cascade" */
static void
read_cascade(SdAssociationRow *row, const SdPart *options)
{
	char	   *paranoid = sd_part_string(options, "paranoid");

	if (paranoid == NULL)
		return;
	if (strcmp(paranoid, "cascade") != 0 || row->kind == SD_BELONGS_TO ||
		row->kind == SD_BELONGS_TO_MANY)
		sd_bad_part(options, "has something else than \"cascade\" of a has_many or has_one in \"paranoid\"");
	row->cascades = true;
}

static void
read_options(SdAssociationRow *row, const SdCatalogScan *scan)
{
	static const char *const known[] = {
		"scope", "throughScope", "onDelete", "onUpdate", "constraints", "allowNull", "paranoid"
	};
	char	   *what = psprintf("Association \"%s\"", row->alias);
	SdPart		options;
	Datum		value;

	if (!sd_catalog_value(scan, ASSOCIATION_OPTIONS, &value))
		bad_association(row, "has null options");
	row->options = sd_document(value);
	if (!sd_is_object(&row->options))
		sd_bad_row(row->model, psprintf("Column \"options\" of association \"%s\" is no object.",
										row->alias));
	sd_read_part(&options, row->model, what, &row->options);
	sd_check_members(&options, known, lengthof(known));
	row->scope = scope_option(&options, "scope");
	row->through_scope = scope_option(&options, "throughScope");
	if (row->through_scope != NULL && row->kind != SD_BELONGS_TO_MANY)
		bad_association(row, "has a scope for a join model that it does not have");
	row->on_delete = sd_part_action(&options, "onDelete");
	row->on_update = sd_part_action(&options, "onUpdate");
	row->constraints = sd_part_flag(&options, "constraints", true);
	row->allow_null = sd_part_flag(&options, "allowNull", true);
	read_cascade(row, &options);
}

/* Reads the current row of a scan, in the current context. */
static SdAssociationRow *
read_row(const SdCatalogScan *scan)
{
	SdAssociationRow *row = palloc0(sizeof(SdAssociationRow));
	const char *problem;

	row->model = sd_catalog_text(scan, ASSOCIATION_MODEL);
	row->alias = sd_catalog_text(scan, ASSOCIATION_ALIAS);
	if (row->model == NULL || row->alias == NULL)
		sd_bad_row(row->model != NULL ? row->model : "", "An association has no model or no alias.");
	problem = sd_name_problem(row->alias);
	if (problem != NULL)
		bad_association(row, psprintf("has a name that %s", problem));
	read_kind(row, scan);
	row->target = sd_catalog_text(scan, ASSOCIATION_TARGET);
	if (row->target == NULL)
		bad_association(row, "has no target");
	row->through = sd_catalog_text(scan, ASSOCIATION_THROUGH);
	read_keys(row, scan);
	Assert(row->foreign_key != NIL && (row->through != NULL) == (row->kind == SD_BELONGS_TO_MANY));
	read_options(row, scan);
	return row;
}

/* Whether the current row has to do with a model: is from it, to it or through it. */
static bool
concerns(const SdCatalogScan *scan, const char *model)
{
	return sd_catalog_is(scan, ASSOCIATION_MODEL, model) ||
		sd_catalog_is(scan, ASSOCIATION_TARGET, model) ||
		sd_catalog_is(scan, ASSOCIATION_THROUGH, model);
}

/* By model and alias. */
static int
compare_rows(const ListCell *a, const ListCell *b)
{
	const SdAssociationRow *x = lfirst(a);
	const SdAssociationRow *y = lfirst(b);
	int			result = strcmp(x->model, y->model);

	return result != 0 ? result : strcmp(x->alias, y->alias);
}

/*
 * The associations of which a model is the source, by alias, as a snapshot has
 * them, from the catalog with that OID.  Raises 55000 for one that is not valid.
 */
List *
sd_read_association_rows(Oid catalog, Snapshot snapshot, const char *model)
{
	SdCatalogScan scan;
	List	   *rows = NIL;

	Assert(model != NULL);
	sd_catalog_scan(&scan, catalog, snapshot, model, NULL);
	while (sd_catalog_next(&scan))
		rows = lappend(rows, read_row(&scan));
	sd_catalog_end(&scan);
	list_sort(rows, compare_rows);
	return rows;
}

/* The association that a model has by an alias, or NULL; raises 55000 for one that is not valid. */
SdAssociationRow *
sd_find_association_row(const char *model, const char *alias)
{
	SdCatalogScan scan;
	SdAssociationRow *row;

	Assert(model != NULL && alias != NULL);
	sd_catalog_scan(&scan, sd_catalog_table("association"), InvalidSnapshot, model, alias);
	row = sd_catalog_next(&scan) ? read_row(&scan) : NULL;
	sd_catalog_end(&scan);
	return row;
}

/*
 * The associations that have to do with a model: from it, to it and through it,
 * by model and alias; those of all models for NULL.  Raises 55000 for one of
 * them that is not valid.
 */
static List *
find_rows(const char *model)
{
	SdCatalogScan scan;
	List	   *rows = NIL;

	sd_catalog_scan(&scan, sd_catalog_table("association"), InvalidSnapshot, NULL, NULL);
	while (sd_catalog_next(&scan))
	{
		if (model == NULL || concerns(&scan, model))
			rows = lappend(rows, read_row(&scan));
	}
	sd_catalog_end(&scan);
	list_sort(rows, compare_rows);
	return rows;
}

/* The associations from a model, to it and through it, by model and alias; raises what find_rows() does. */
List *
sd_association_rows(const char *model)
{
	Assert(model != NULL);
	return find_rows(model);
}

/* All associations, by model and alias; raises what find_rows() does. */
List *
sd_all_association_rows(void)
{
	return find_rows(NULL);
}
