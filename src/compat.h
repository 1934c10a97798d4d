/*-------------------------------------------------------------------------
 * compat.h
 *		The differences between PostgreSQL versions, and nothing else.
 *
 * Include it right after postgres.h, before any other server header.
 * No other file of the project tests PG_VERSION_NUM.
 *-------------------------------------------------------------------------
 */
#ifndef SD_COMPAT_H
#define SD_COMPAT_H

#if PG_VERSION_NUM < 150000
#error "studentdir needs PostgreSQL 15 or later"
#endif

/* Before 16 PGDLLEXPORT is empty on Linux, and -fvisibility=hidden would hide the functions. */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#endif

/* make_range() reports errors softly since 16. */
#if PG_VERSION_NUM >= 160000
#define sd_make_range(typcache, lower, upper, empty) make_range(typcache, lower, upper, empty, NULL)
#else
#define sd_make_range(typcache, lower, upper, empty) make_range(typcache, lower, upper, empty)
#endif

/* Since 16 postgres.h does not bring the macros for varlena headers. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* Before 17 every interval is finite. */
#if PG_VERSION_NUM < 170000
#define INTERVAL_IS_NOBEGIN(interval)	false
#define INTERVAL_NOT_FINITE(interval)	false
#endif

/* 18 has pg_noreturn instead, which stands in front of the declaration. */
#if PG_VERSION_NUM >= 180000
#define pg_attribute_noreturn() __attribute__((noreturn))
#endif

/* ExecutorRun() finds out by itself since 18 whether it runs once. */
#if PG_VERSION_NUM >= 180000
#define sd_ExecutorRun(desc, direction, count, once) ExecutorRun(desc, direction, count)
#else
#define sd_ExecutorRun(desc, direction, count, once) ExecutorRun(desc, direction, count, once)
#endif

/* What is counted as the rows of an execution when it ends; before 16 those of its last run. */
#if PG_VERSION_NUM >= 160000
#define SD_ROWS_COUNTED(estate)	((estate)->es_total_processed)
#else
#define SD_ROWS_COUNTED(estate)	((estate)->es_processed)
#endif

/* ALTER COLUMN ... SET EXPRESSION, which 17 knows. */
#if PG_VERSION_NUM >= 170000
#define SD_SETS_EXPRESSION(command)	((command)->subtype == AT_SetExpression)
#else
#define SD_SETS_EXPRESSION(command)	false
#endif

/* Foreign keys of partitioned tables can be NOT VALID since 18. */
#define SD_PARTITIONED_KEYS_NOT_VALID	(PG_VERSION_NUM >= 180000)

/* Whether no row is null in a column of a relation: since 18 NOT NULL can be NOT VALID. */
#if PG_VERSION_NUM >= 180000
#define SD_HOLDS_NO_NULL(desc, i)	(TupleDescCompactAttr(desc, i)->attnullability == ATTNULLABLE_VALID)
#else
#define SD_HOLDS_NO_NULL(desc, i)	(TupleDescAttr(desc, i)->attnotnull)
#endif

/*
 * Since 18 keys can have a last column of which values are not to overlap, or of which a foreign key's is covered,
 * and constraints need not be enforced: what says so of a row c of pg_constraint, in SQL.
 */
#if PG_VERSION_NUM >= 180000
#define SD_IS_TEMPORAL_SQL	"c.conperiod"
#define SD_IS_ENFORCED_SQL	"c.conenforced"
#else
#define SD_IS_TEMPORAL_SQL	"false"
#define SD_IS_ENFORCED_SQL	"true"
#endif

/* Generated columns can be virtual since 18. */
#if PG_VERSION_NUM >= 180000
#define SD_IS_STORED(constraint)	((constraint)->generated_kind == 's')
#else
#define SD_IS_STORED(constraint)	true
#endif

/* A constraint of a domain is looked at once for a column that is added since 19, unless it is volatile. */
#if PG_VERSION_NUM >= 190000
#define sd_DomainHasConstraints(type, has_volatile) DomainHasConstraints(type, has_volatile)
#else
#define sd_DomainHasConstraints(type, has_volatile) DomainHasConstraints(type)
#endif

/* Since 19 backslashes in plain strings are never escapes. */
#if PG_VERSION_NUM >= 190000
#define standard_conforming_strings	true
#endif

/* Planning takes what EXPLAIN asks for as one more argument since 19. */
#if PG_VERSION_NUM >= 190000
#define SD_PLANNER_PARAMS \
	Query *parse, const char *text, int options, ParamListInfo params, struct ExplainState *explain
#define SD_PLANNER_ARGS		parse, text, options, params, explain
#else
#define SD_PLANNER_PARAMS	Query *parse, const char *text, int options, ParamListInfo params
#define SD_PLANNER_ARGS		parse, text, options, params
#endif

/* What makes text of plans has headers of its own since 18. */
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/* An SQL-callable function.  Before 16 PG_FUNCTION_INFO_V1 exports only the info record. */
#define SD_FUNCTION(name) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name)

/* 16 has one privilege check for all kinds of objects. */
#if PG_VERSION_NUM < 160000
#define SD_MAY_CREATE_IN(schema, role) \
	(pg_namespace_aclcheck(schema, role, ACL_CREATE) == ACLCHECK_OK)
#define SD_MAY_USE(schema, role) \
	(pg_namespace_aclcheck(schema, role, ACL_USAGE) == ACLCHECK_OK)
#define SD_MAY_EXECUTE(function, role) \
	(pg_proc_aclcheck(function, role, ACL_EXECUTE) == ACLCHECK_OK)
#define SD_OWNS_RELATION(relation, role)	pg_class_ownercheck(relation, role)
#else
#define SD_MAY_CREATE_IN(schema, role) \
	(object_aclcheck(NamespaceRelationId, schema, role, ACL_CREATE) == ACLCHECK_OK)
#define SD_MAY_USE(schema, role) \
	(object_aclcheck(NamespaceRelationId, schema, role, ACL_USAGE) == ACLCHECK_OK)
#define SD_MAY_EXECUTE(function, role) \
	(object_aclcheck(ProcedureRelationId, function, role, ACL_EXECUTE) == ACLCHECK_OK)
#define SD_OWNS_RELATION(relation, role)	object_ownercheck(RelationRelationId, relation, role)
#endif

/* Since 16 a role can be a member of another without being able to become it. */
#if PG_VERSION_NUM < 160000
#define SD_CAN_BECOME(member, role) is_member_of_role_nosuper(member, role)
#else
#define SD_CAN_BECOME(member, role) member_can_set_role(member, role)
#endif

/* pushJsonbValue() keeps its stack, and the value once it is whole, in a JsonbInState since 19. */
#if PG_VERSION_NUM >= 190000
#include "utils/jsonb.h"

static inline JsonbValue *
sd_push_jsonb_value(JsonbInState **state, JsonbIteratorToken token, JsonbValue *value)
{
	if (*state == NULL)
		*state = palloc0(sizeof(JsonbInState));
	pushJsonbValue(*state, token, value);
	return (*state)->result;
}

#define JsonbParseState JsonbInState
#define pushJsonbValue(state, token, value) sd_push_jsonb_value(state, token, value)
#endif

/* func_get_detail() says since 19 why it found nothing. */
#if PG_VERSION_NUM >= 190000
#define sd_func_get_detail(name, nargs, types, oid, type, set, nvariadic, variadic, declared, defaults) \
	func_get_detail(name, NIL, NIL, nargs, types, true, true, false, &(int) {0}, \
					oid, type, set, nvariadic, variadic, declared, defaults)
#else
#define sd_func_get_detail(name, nargs, types, oid, type, set, nvariadic, variadic, declared, defaults) \
	func_get_detail(name, NIL, NIL, nargs, types, true, true, false, \
					oid, type, set, nvariadic, variadic, declared, defaults)
#endif

/* Since 19 a row type that was made column by column has to be declared complete. */
#if PG_VERSION_NUM < 190000
#define TupleDescFinalize(desc) ((void) 0)
#endif

/* What raises the error that ON CONFLICT DO UPDATE would change a row twice; subqueries raise the same code. */
#if PG_VERSION_NUM >= 190000
#define SD_CHANGED_TWICE_IN "ExecOnConflictLockRow"
#else
#define SD_CHANGED_TWICE_IN "ExecOnConflictUpdate"
#endif

/* CLUSTER is a form of REPACK since 19. */
#if PG_VERSION_NUM >= 190000
#define ClusterStmt RepackStmt
#define T_ClusterStmt T_RepackStmt
#define SD_CLUSTERED_TABLE(cluster) \
	((cluster)->relation != NULL ? (cluster)->relation->relation : NULL)
#else
#define SD_CLUSTERED_TABLE(cluster) ((cluster)->relation)
#endif

/* What the server checks before it loads the library; since 18 it says the name and version, too. */
#if PG_VERSION_NUM >= 180000
#define SD_MODULE_MAGIC(text) PG_MODULE_MAGIC_EXT(.name = "studentdir", .version = text)
#else
#define SD_MODULE_MAGIC(text) PG_MODULE_MAGIC
#endif

/* Since 19 comments do not tell the compiler that a case goes on with the next. */
#if PG_VERSION_NUM < 190000
#define pg_fallthrough __attribute__((fallthrough))
#endif

#endif							/* SD_COMPAT_H */
