/*-------------------------------------------------------------------------
 * request/answer.c
 *		Turns an error into the answer of a request.
 *
 * What the client can mend is 400, with the words of the error: what it sent
 * does not parse, convert or validate, or breaks a constraint.  Everything else
 * is the server's own affair: 500, and the words go to its log.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_class.h"
#include "catalog/pg_constraint.h"
#include "catalog/pg_index.h"
#include "convert/reader.h"
#include "json/scalar.h"
#include "json/writer.h"
#include "lib/stringinfo.h"
#include "nodes/bitmapset.h"
#include "record/validate.h"
#include "request/answer.h"
#include "request/url_decode.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "write/violation.h"

/* {"error":"…"} */
SdAnswer
sd_plain_answer(int status, const char *error)
{
	SdBuf		buf;

	Assert(status >= 400 && error != NULL);
	sd_buf_init(&buf, CurrentMemoryContext, 64);
	sd_buf_begin(&buf);
	sd_buf_append(&buf, "{\"error\":", 9);
	sd_write_string(&buf, error, strlen(error));
	sd_buf_char(&buf, '}');
	return (SdAnswer) {.status = status, .body = sd_buf_end(&buf)};
}

/*
 * Whether an error is none of the request's: serialization, resources, cancel
 * and shutdown, the system, bugs.
 */
bool
sd_passes_through(const ErrorData *error)
{
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_TRANSACTION_ROLLBACK:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_SYSTEM_ERROR:
		case ERRCODE_INTERNAL_ERROR:
			return true;
		default:
			return false;
	}
}

/* The attribute that is kept in a column, or NULL. */
static const SdAttribute *
attribute_of(const SdModel *model, const char *column)
{
	const char *quoted = column != NULL ? quote_identifier(column) : NULL;

	for (int i = 0; quoted != NULL && i < model->nattrs; i++)
	{
		if (model->attrs[i].column != NULL && strcmp(model->attrs[i].column, quoted) == 0)
			return &model->attrs[i];
	}
	return NULL;
}

/* The model's table or the partition of it that an error is about, or InvalidOid. */
static Oid
table_of(const SdModel *model, const ErrorData *error)
{
	Oid			schema;
	Oid			table;

	if (error->schema_name == NULL || error->table_name == NULL)
		return InvalidOid;
	schema = get_namespace_oid(error->schema_name, true);
	table = OidIsValid(schema) ? get_relname_relid(error->table_name, schema) : InvalidOid;
	if (table == model->relid || !OidIsValid(table))
		return table;
	return get_rel_relispartition(table) &&
		list_member_oid(get_partition_ancestors(table), model->relid) ? table : InvalidOid;
}

/* Whether a model's rows are written by triggers, as those of a view can be. */
static bool
is_written_by_triggers(const SdModel *model)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(model->relid));
	bool		result;

	if (!HeapTupleIsValid(tuple))
		return false;
	result = ((Form_pg_class) GETSTRUCT(tuple))->relkind == RELKIND_VIEW &&
		((Form_pg_class) GETSTRUCT(tuple))->relhastriggers;
	ReleaseSysCache(tuple);
	return result;
}

/*
 * Whether an error that a trigger raised is still about what the client sent.
 * Triggers check foreign keys, and constraints that can be deferred: their errors
 * name the constraint.  One that names no table was raised on purpose, by a
 * trigger that checks.  What another statement of a trigger broke is not the
 * client's affair.
 */
static bool
is_constraint_trigger(const SdRequest *request, const ErrorData *error)
{
	if (ERRCODE_TO_CATEGORY(error->sqlerrcode) != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION ||
		error->datatype_name != NULL)
		return false;
	if (error->table_name == NULL)
		return true;
	if (error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION ||
		error->sqlerrcode == ERRCODE_RESTRICT_VIOLATION)
		return request->trigger_depth == 1;
	return OidIsValid(table_of(request->route.target, error));
}

/* Whether the client can mend what an error says. */
static bool
is_clients(const SdRequest *request, const ErrorData *error)
{
	int			writers = request->trigger_depth > 0 &&
		is_written_by_triggers(request->route.target) ? 1 : 0;

	Assert(request->trigger_depth == 0 || request->route.target != NULL);
	if (request->trigger_depth > writers && !is_constraint_trigger(request, error))
		return false;
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_DATA_EXCEPTION:
			return !request->reads;
		case ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION:
		case ERRCODE_WITH_CHECK_OPTION_VIOLATION:
			return request->writes;
		case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
			return true;
		default:
			return false;
	}
}

/* The columns of a unique index that is no constraint's. */
static Bitmapset *
index_columns(Oid table, const char *name)
{
	Oid			index = get_relname_relid(name, get_rel_namespace(table));
	HeapTuple	tuple = SearchSysCache1(INDEXRELID, ObjectIdGetDatum(index));
	Bitmapset  *columns = NULL;

	if (!HeapTupleIsValid(tuple))
		return NULL;
	for (int i = 0; i < ((Form_pg_index) GETSTRUCT(tuple))->indnkeyatts; i++)
	{
		AttrNumber	column = ((Form_pg_index) GETSTRUCT(tuple))->indkey.values[i];

		columns = bms_add_member(columns, column - FirstLowInvalidHeapAttributeNumber);
	}
	ReleaseSysCache(tuple);
	return columns;
}

/* The attributes of the constraint that an error is about; NIL when they are not known. */
static List *
constraint_attributes(const SdModel *model, const ErrorData *error)
{
	Oid			table = table_of(model, error);
	List	   *attributes = NIL;
	Bitmapset  *columns;
	Oid			constraint;
	int			column = -1;

	if (!OidIsValid(table) || error->constraint_name == NULL || sd_is_still_referenced(error))
		return NIL;
	columns = get_relation_constraint_attnos(table, error->constraint_name, true, &constraint);
	if (!OidIsValid(constraint))
		columns = index_columns(table, error->constraint_name);
	while ((column = bms_next_member(columns, column)) >= 0)
	{
		AttrNumber	attnum = column + FirstLowInvalidHeapAttributeNumber;
		const SdAttribute *attr = attnum <= 0 ? NULL
			: attribute_of(model, get_attname(table, attnum, true));

		if (attr != NULL)
			attributes = lappend(attributes, unconstify(SdAttribute *, attr));
	}
	return attributes;
}

/* How many values the query string gives for an attribute, and the last of them. */
static int
query_values(const SdRequest *request, const SdAttribute *attr, const char **value)
{
	int			n = 0;
	ListCell   *cell;

	foreach(cell, request->pairs)
	{
		const SdPair *pair = lfirst(cell);

		if (strcmp(pair->name, attr->name) == 0)
		{
			n++;
			*value = pair->value;
		}
	}
	return n;
}

/*
 * Whether the value of an attribute that is in error is the path's key.  Behind
 * a key the attribute may be another model's with the same name, and of two keys
 * it is not known which is meant.
 */
static bool
is_key(const SdRequest *request, const SdAttribute *attr)
{
	const SdRoute *route = &request->route;
	const char *value;

	if (route->key == NULL || route->linked != NULL || route->model->nkeys != 1 ||
		strcmp(route->model->attrs[route->model->keys[0]].name, attr->name) != 0)
		return false;
	return route->association == NULL ||
		(!request->writes && query_values(request, attr, &value) == 0);
}

/* Writes the one value that the request gives for an attribute, as text, or null. */
static void
write_value(SdBuf *buf, const SdRequest *request, const SdAttribute *attr)
{
	JsonbValue	root;
	JsonbValue	value;
	const char *text;

	if (attr->hidden)
	{
		sd_write_null(buf);
		return;
	}
	if (is_key(request, attr))
	{
		const char *key = sd_route_key(&request->route)->val.string.val;

		sd_write_string(buf, key, strlen(key));
		return;
	}
	if (request->body != NULL)
	{
		sd_root(request->body, &root);
		if (sd_is_object(&root) &&
			getKeyJsonValueFromContainer(root.val.binary.data, attr->name, attr->name_len,
										 &value) != NULL &&
			value.type != jbvNull && value.type != jbvBinary)
		{
			StringInfoData scalar;

			initStringInfo(&scalar);
			sd_append_scalar(&scalar, &value);
			sd_write_string(buf, scalar.data, scalar.len);
			return;
		}
	}
	if (query_values(request, attr, &text) == 1)
		sd_write_string(buf, text, strlen(text));
	else
		sd_write_null(buf);
}

static void
write_member(SdBuf *buf, const char *name, const char *value, const char *before)
{
	sd_buf_append(buf, before, strlen(before));
	sd_write_string(buf, name, strlen(name));
	sd_buf_char(buf, ':');
	sd_write_string(buf, value, strlen(value));
}

/* One of "errors", in the form of a failure of validation. */
static void
write_item(SdBuf *buf, const SdRequest *request, const SdAttribute *attr, const char *message,
		   const char *type, const char *key)
{
	Assert(buf->len > 0);
	write_member(buf, "message", message, buf->data[buf->len - 1] == '[' ? "{" : ",{");
	write_member(buf, "type", type, ",");
	write_member(buf, "path", attr->name, ",");
	sd_buf_append(buf, ",\"value\":", 9);
	write_value(buf, request, attr);
	write_member(buf, "validatorKey", key, ",");
	sd_buf_char(buf, '}');
}

/* Whether an error is that of a constraint of a domain, which names no column but that of its value. */
static bool
is_of_domain(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_CHECK_VIOLATION && error->datatype_name != NULL;
}

/* What the items of an error are called; false for one that has none. */
static bool
item_names(const ErrorData *error, const char **type, const char **key)
{
	static const struct
	{
		int			sqlstate;
		const char *type;
		const char *key;
	}			names[] = {
		{ERRCODE_UNIQUE_VIOLATION, "unique violation", "not_unique"},
		{ERRCODE_FOREIGN_KEY_VIOLATION, "foreign key violation", "not_found"},
		{ERRCODE_NOT_NULL_VIOLATION, "notNull Violation", "is_null"}
	};

	for (int i = 0; i < lengthof(names); i++)
	{
		if (names[i].sqlstate == error->sqlerrcode)
		{
			*type = names[i].type;
			*key = names[i].key;
			return true;
		}
	}
	*type = "invalid value";
	*key = "invalid";
	return ERRCODE_TO_CATEGORY(error->sqlerrcode) == ERRCODE_DATA_EXCEPTION || is_of_domain(error);
}

/* The attributes that an error is about, where it says so. */
static List *
error_attributes(const SdModel *model, const ErrorData *error)
{
	const SdAttribute *attr = NULL;

	if (error->constraint_name != NULL && !is_of_domain(error))
		return constraint_attributes(model, error);
	if (error->column_name == NULL)
		return NIL;
	/* a value that does not convert names the attribute, the table's own error the column */
	if (error->table_name == NULL)
	{
		int			i = sd_find_attribute(model, error->column_name, strlen(error->column_name));

		attr = i >= 0 ? &model->attrs[i] : NULL;
	}
	else if (OidIsValid(table_of(model, error)))
		attr = attribute_of(model, error->column_name);
	return attr != NULL ? list_make1(unconstify(SdAttribute *, attr)) : NIL;
}

/* What the item of an attribute says. */
static const char *
item_message(const SdModel *model, const SdAttribute *attr, const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_UNIQUE_VIOLATION:
			return psprintf("%s must be unique", attr->name);
		case ERRCODE_FOREIGN_KEY_VIOLATION:
			return psprintf("%s refers to a record that does not exist", attr->name);
		case ERRCODE_NOT_NULL_VIOLATION:
			return psprintf("%s.%s cannot be null", model->name, attr->name);
		default:
			return error->message;
	}
}

/* What a 400 says as a whole: Sequelize's words where it has some. */
static const char *
problem_message(const SdModel *model, List *attributes, const ErrorData *error)
{
	const SdAttribute *attr = attributes != NIL ? linitial(attributes) : NULL;

	if (attr != NULL && error->sqlerrcode == ERRCODE_UNIQUE_VIOLATION)
		return "Validation error";
	if (attr != NULL && error->sqlerrcode == ERRCODE_NOT_NULL_VIOLATION)
		return psprintf("notNull Violation: %s.%s cannot be null", model->name, attr->name);
	return error->message;
}

/* {"error":"…","errors":[…]} */
static SdAnswer
bad_request(const SdRequest *request, const ErrorData *error)
{
	const SdModel *model = request->route.target;
	List	   *attributes = NIL;
	const char *type;
	const char *key;
	ListCell   *cell;
	SdBuf		buf;

	if (model != NULL && item_names(error, &type, &key))
		attributes = error_attributes(model, error);
	sd_buf_init(&buf, CurrentMemoryContext, 256);
	sd_buf_begin(&buf);
	write_member(&buf, "error", problem_message(model, attributes, error), "{");
	sd_buf_append(&buf, ",\"errors\":", 10);
	if (sd_is_violations(error))
		sd_buf_append(&buf, error->detail, strlen(error->detail));
	else
	{
		sd_buf_char(&buf, '[');
		foreach(cell, attributes)
		{
			const SdAttribute *attr = lfirst(cell);

			write_item(&buf, request, attr, item_message(model, attr, error), type, key);
		}
		sd_buf_char(&buf, ']');
	}
	sd_buf_char(&buf, '}');
	return (SdAnswer) {.status = 400, .body = sd_buf_end(&buf)};
}

/* Writes an error to the server's log, and nowhere else. */
static void
log_error(const SdRequest *request, ErrorData *error)
{
	error->elevel = LOG_SERVER_ONLY;
	error->context = psprintf("%s%srequest %s %.*s",
							  error->context != NULL ? error->context : "",
							  error->context != NULL ? "\n" : "",
							  request->method, (int) strcspn(request->url, "?"), request->url);
	ThrowErrorData(error);
}

/*
 * The answer that an error becomes, in the current context: 400 for what the
 * client can mend, else 500, and the error goes to the server's log.
 */
SdAnswer
sd_error_answer(const SdRequest *request, ErrorData *error)
{
	if (is_clients(request, error))
		return bad_request(request, error);
	log_error(request, error);
	return sd_plain_answer(500, "server error");
}
