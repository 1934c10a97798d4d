/*-------------------------------------------------------------------------
 * model/types.h
 *		The types that attributes are declared with, and the PostgreSQL types
 *		that they stand for.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TYPES_H
#define SD_TYPES_H

#include "nodes/pg_list.h"

typedef enum SdTypeKind
{
	SD_TYPE_PLAIN,				/* a PostgreSQL type */
	SD_TYPE_ENUM,				/* one of its own for each column */
	SD_TYPE_VIRTUAL				/* no column */
} SdTypeKind;

typedef struct SdType
{
	SdTypeKind	kind;
	const char *declared;		/* in canonical form; parses to the same type */
	Oid			oid;			/* invalid: ENUM, VIRTUAL, or a type that is not installed yet */
	int32		typmod;
	const char *extension;		/* what brings a type that is not installed yet, else NULL */
	List	   *labels;			/* ENUM: the values, in order */
	int			dimensions;		/* ENUM, or a type not installed yet: depth of ARRAY */
} SdType;

extern bool sd_holds_times(Oid type);
extern SdType *sd_type_parse(const char *declared, const char **problem, const char **hint);
extern char *sd_type_sql(const SdType *type, const char *schema, const char *table,
						 const char *column);
extern char *sd_enum_name(const char *table, const char *column);
extern bool sd_type_is_string(const char *declared);

#endif							/* SD_TYPES_H */
