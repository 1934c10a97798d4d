/*-------------------------------------------------------------------------
 * interface/interface.c
 *		Finds out the interfaces of the models that the current role may read.
 *
 * What a table fills in, and what the role may do, only the table knows; so
 * this goes by descriptors, as the calls themselves do, and locks the tables in
 * ACCESS SHARE mode until the transaction ends.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "catalog/pg_type.h"
#include "interface/interface.h"
#include "json/jsonb_value.h"
#include "miscadmin.h"
#include "rewrite/rewriteHandler.h"
#include "utils/acl.h"
#include "utils/lsyscache.h"

/* Whether the current role may do something to a table, or to one of its columns. */
static bool
may(Oid table, AclMode mode)
{
	return pg_class_aclcheck(table, GetUserId(), mode) == ACLCHECK_OK ||
		pg_attribute_aclcheck_all(table, GetUserId(), mode, ACLMASK_ANY) == ACLCHECK_OK;
}

/* Whether the current role may do something to a column. */
static bool
may_column(Oid table, AttrNumber column, AclMode mode)
{
	return pg_class_aclcheck(table, GetUserId(), mode) == ACLCHECK_OK ||
		pg_attribute_aclcheck(table, column, GetUserId(), mode) == ACLCHECK_OK;
}

/* The table of a model that is there and that the current role may read, or InvalidOid. */
static Oid
readable_table(const SdModelRow *row)
{
	Oid			schema = get_namespace_oid(row->schema, true);
	Oid			table;

	if (!OidIsValid(schema) || !SD_MAY_USE(schema, GetUserId()))
		return InvalidOid;
	table = get_relname_relid(row->table, schema);
	return OidIsValid(table) && may(table, ACL_SELECT) ? table : InvalidOid;
}

static bool
has_name(const JsonbValue *array, const char *name)
{
	int			n;
	JsonbValue *elements = sd_elements(array, &n);

	for (int i = 0; i < n; i++)
	{
		if (elements[i].type == jbvString && sd_string_is(&elements[i], name))
			return true;
	}
	return false;
}

/* Whether the default scope of a model leaves an attribute in the answers of finders. */
static bool
in_default_scope(const SdModel *model, const char *name)
{
	JsonbValue	attributes;
	JsonbValue	excluded;

	if (model->default_scope == NULL ||
		getKeyJsonValueFromContainer(model->default_scope->val.binary.data, "attributes", 10,
									 &attributes) == NULL)
		return true;
	if (sd_is_array(&attributes))
		return has_name(&attributes, name);
	return !sd_is_object(&attributes) ||
		getKeyJsonValueFromContainer(attributes.val.binary.data, "exclude", 7, &excluded) == NULL ||
		!sd_is_array(&excluded) || !has_name(&excluded, name);
}

bool
sd_interface_key(const SdInterface *interface, const SdInterfaceAttribute *attribute)
{
	Assert(attribute >= interface->attrs && attribute < interface->attrs + interface->nattrs);
	return sd_is_key(interface->model, attribute - interface->attrs);
}

/* What of an attribute callers read. */
static void
fill_reads(SdInterface *interface, SdInterfaceAttribute *attribute, const bool *readable)
{
	const SdModel *model = interface->model;
	const SdAttribute *attr = attribute->attr;

	Assert(attribute->form != NULL);
	attribute->named = attr->as != NULL ||
		(attr->column != NULL && (readable == NULL || readable[attribute - interface->attrs]));
	attribute->readable = attribute->named && !attr->hidden;
	attribute->always = attribute->readable && (attr->as == NULL || attr->shown) &&
		in_default_scope(model, attr->name);
	attribute->asked = attribute->readable && attr->as == NULL;
	attribute->nullable = attr->allow_null && !attr->not_null &&
		(attr->as == NULL || attribute->form->kind == SD_JSON_ANY);
}

/* What of an attribute callers write. */
static void
fill_writes(SdInterface *interface, SdInterfaceAttribute *attribute)
{
	const SdModel *model = interface->model;
	const SdAttribute *attr = attribute->attr;
	int			i = attribute - interface->attrs;
	bool		key = sd_is_key(model, i);
	bool		kept = i == model->created_at || i == model->updated_at || i == model->version;
	bool		writable = !attr->computed && attr->as == NULL && !attr->read_only;
	bool		filled = attr->generated || attr->default_kind != SD_DEFAULT_NONE;

	attribute->created = writable && interface->insertable &&
		(attr->column == NULL || may_column(model->relid, attr->attnum, ACL_INSERT));
	attribute->updated = writable && interface->updatable && !key &&
		i != model->created_at && i != model->updated_at &&
		(attr->column == NULL || may_column(model->relid, attr->attnum, ACL_UPDATE));
	attribute->posted = attribute->created && !kept && i != model->deleted_at && !(key && filled);
	attribute->patched = attribute->updated && !kept && i != model->deleted_at;
	attribute->required = attribute->created && !filled && !attr->defaulted &&
		(!attr->allow_null || attr->not_null);
	attribute->takes_null = attr->allow_null && !attr->not_null;
}

/* The form of an attribute: of its column, of its expression, or any for what is only validated. */
static const SdValueForm *
attribute_form(const SdAttribute *attr)
{
	static const SdValueForm any = {.kind = SD_JSON_ANY};

	if (attr->as != NULL)
		return sd_form_of_expression(attr->as);
	return attr->column != NULL ? sd_value_form(attr->type, attr->typmod) : &any;
}

/*
 * The interface of a model that is open, but for its links and its identifier; NULL
 * where the model has been changed since its row was read.
 */
static SdInterface *
make_interface(const SdModel *model, const SdModelRow *row)
{
	SdInterface *interface = palloc0(sizeof(SdInterface));
	const bool *readable = sd_readable(model);
	int			events = relation_is_updatable(model->relid, NIL, true, NULL);

	Assert(strcmp(model->name, row->name) == 0);
	interface->model = model;
	interface->row = row;
	interface->insertable = (events & (1 << CMD_INSERT)) != 0 && may(model->relid, ACL_INSERT);
	interface->updatable = (events & (1 << CMD_UPDATE)) != 0 && may(model->relid, ACL_UPDATE);
	interface->deletable = (events & (1 << CMD_DELETE)) != 0 && may(model->relid, ACL_DELETE);
	interface->nattrs = model->nattrs;
	interface->attrs = palloc0(sizeof(SdInterfaceAttribute) * model->nattrs);
	for (int i = 0; i < model->nattrs; i++)
	{
		SdInterfaceAttribute *attribute = &interface->attrs[i];

		attribute->attr = &model->attrs[i];
		attribute->row = sd_row_attribute(row, model->attrs[i].name);
		if (attribute->row == NULL)
			return NULL;
		attribute->form = attribute_form(attribute->attr);
		fill_reads(interface, attribute, readable);
		fill_writes(interface, attribute);
	}
	return interface;
}

/* Whether the keys that an association is matched by may be read, on both sides. */
static bool
has_keys(const SdInterface *interface, const SdAssociation *association, const SdInterface *target)
{
	for (int i = 0; i < association->nkeys; i++)
	{
		Assert(association->source_keys[i] >= 0 && association->source_keys[i] < interface->nattrs);
		if (!interface->attrs[association->source_keys[i]].named)
			return false;
	}
	for (int i = 0; i < association->ntarget_keys; i++)
	{
		const SdInterfaceAttribute *key = sd_interface_attribute(target, association->target_keys[i]);

		if (key == NULL || !key->named)
			return false;
	}
	return true;
}

/* Adds the associations to the interfaces, where both sides, and the join model, may be read. */
static void
add_links(List *interfaces)
{
	ListCell   *cell;

	foreach(cell, interfaces)
	{
		SdInterface *interface = lfirst(cell);

		for (int i = 0; i < interface->model->nassociations; i++)
		{
			const SdAssociation *association = &interface->model->associations[i];
			const SdInterface *target = sd_interface_of(interfaces, association->target);
			const SdInterface *through = association->through != NULL
				? sd_interface_of(interfaces, association->through) : NULL;
			SdInterfaceLink *link;

			if (target == NULL || (association->through != NULL && through == NULL))
				continue;
			if (!has_keys(interface, association, target))
				continue;
			link = palloc(sizeof(SdInterfaceLink));
			link->association = association;
			link->target = target;
			link->through = through;
			interface->links = lappend(interface->links, link);
		}
	}
}

/* Reads all, as they are now; false when they have changed meanwhile. */
static bool
try_interfaces(List **interfaces)
{
	MemoryContext cxt = CurrentMemoryContext;
	volatile bool done = true;

	PG_TRY();
	{
		const SdModel *first = NULL;
		uint64		generation = sd_model_generation();
		SdNames    *ids = sd_make_names();
		ListCell   *cell;

		*interfaces = NIL;
		foreach(cell, sd_all_model_rows())
		{
			const SdModelRow *row = lfirst(cell);
			const SdModel *model;
			SdInterface *interface;

			CHECK_FOR_INTERRUPTS();
			if (!OidIsValid(readable_table(row)))
				continue;
			model = first == NULL ? sd_model_open(row->name)
				: sd_model_open_beside(row->name, first);
			/* the first is read again by itself where its table was waited for; its row is not */
			if (first == NULL && sd_model_generation() != generation)
			{
				done = false;
				break;
			}
			if (first == NULL)
				first = model;
			interface = make_interface(model, row);
			if (interface == NULL)
			{
				done = false;
				break;
			}
			interface->id = sd_unique_name(ids, sd_identifier(row->name));
			Assert(*interfaces == NIL ||
				   strcmp(((SdInterface *) llast(*interfaces))->row->name, row->name) < 0);
			*interfaces = lappend(*interfaces, interface);
		}
		if (done)
			add_links(*interfaces);
	}
	PG_CATCH();
	{
		if (!sd_models_start_over(geterrcode()))
			PG_RE_THROW();
		MemoryContextSwitchTo(cxt);
		FlushErrorState();
		done = false;
	}
	PG_END_TRY();
	return done;
}

/*
 * The interfaces of all models whose tables are there and which the current role
 * may read, by name: a list of SdInterface, in the current context.  Raises what
 * reading the catalogs and opening a model raise.
 */
List *
sd_interfaces(void)
{
	List	   *interfaces;

	while (!try_interfaces(&interfaces))
		CHECK_FOR_INTERRUPTS();
	return interfaces;
}

/* The interface of the model called name among those given, which are in its order, or NULL. */
const SdInterface *
sd_interface_of(List *interfaces, const char *model)
{
	int			low = 0;
	int			high = list_length(interfaces);

	while (low < high)
	{
		int			middle = (low + high) / 2;
		SdInterface *interface = list_nth(interfaces, middle);
		int			order = strcmp(model, interface->row->name);

		if (order == 0)
			return interface;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* The attribute called name, or NULL. */
const SdInterfaceAttribute *
sd_interface_attribute(const SdInterface *interface, const char *name)
{
	int			attr = sd_find_attribute(interface->model, name, strlen(name));

	return attr >= 0 ? &interface->attrs[attr] : NULL;
}
