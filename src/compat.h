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

/* Planning takes what EXPLAIN asks for as one more argument since 19. */
#if PG_VERSION_NUM >= 190000
#define SD_PLANNER_PARAMS \
	Query *parse, const char *text, int options, ParamListInfo params, struct ExplainState *explain
#define SD_PLANNER_ARGS		parse, text, options, params, explain
#else
#define SD_PLANNER_PARAMS	Query *parse, const char *text, int options, ParamListInfo params
#define SD_PLANNER_ARGS		parse, text, options, params
#endif

/* An SQL-callable function.  Before 16 PG_FUNCTION_INFO_V1 exports only the info record. */
#define SD_FUNCTION(name) \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS); \
	PG_FUNCTION_INFO_V1(name)

/* 16 has one privilege check for all kinds of objects. */
#if PG_VERSION_NUM < 160000
#define SD_MAY_CREATE_IN(schema, role) \
	(pg_namespace_aclcheck(schema, role, ACL_CREATE) == ACLCHECK_OK)
#define SD_MAY_EXECUTE(function, role) \
	(pg_proc_aclcheck(function, role, ACL_EXECUTE) == ACLCHECK_OK)
#define SD_OWNS_RELATION(relation, role)	pg_class_ownercheck(relation, role)
#else
#define SD_MAY_CREATE_IN(schema, role) \
	(object_aclcheck(NamespaceRelationId, schema, role, ACL_CREATE) == ACLCHECK_OK)
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

#endif							/* SD_COMPAT_H */
