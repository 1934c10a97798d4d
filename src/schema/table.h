/*-------------------------------------------------------------------------
 * schema/table.h
 *		A table as it should be or as it is, in one form, so that the two can
 *		be compared.
 *
 * Names are not quoted; what is called SQL is, with its schema.  Tables live in
 * the context that was current when they were made.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCHEMA_TABLE_H
#define SD_SCHEMA_TABLE_H

#include "access/attnum.h"
#include "nodes/pg_list.h"

/* an enum type; that of a column which should be is made with the column */
typedef struct SdEnumType
{
	const char *schema;
	const char *name;
	List	   *labels;
	bool		array;			/* the column is an array of it */
	bool		shared;			/* others use it, or it was made by somebody else: it stays */
} SdEnumType;

typedef enum SdDefaultsTo
{
	SD_DEFAULTS_TO_NOTHING,
	SD_DEFAULTS_TO_VALUE,
	SD_DEFAULTS_TO_FUNCTION,	/* the time or a random uuid, which the engine fills in itself */
	SD_DEFAULTS_TO_EXPRESSION	/* what no model can say */
} SdDefaultsTo;

typedef enum SdCounting
{
	SD_COUNTS_NOT,
	SD_COUNTS_AS_IDENTITY,
	SD_COUNTS_AS_SERIAL			/* a default that takes the next number of a sequence */
} SdCounting;

typedef struct SdColumn
{
	const char *name;
	const char *was;			/* its name in the table as it is; of a desired column NULL */
	AttrNumber	number;			/* in the table as it is */
	const char *type;			/* SQL */
	Oid			type_oid;		/* invalid: an enum or an extension's type that is still to be made */
	int32		typmod;
	SdEnumType *labels;			/* NULL: it is no enum */
	const char *collation;		/* SQL; NULL: the type's own */
	bool		not_null;
	bool		not_null_implied;	/* of a desired column: since it counts, and for no other reason */
	/* of the NOT NULL of a column as it is, which is a constraint since PostgreSQL 18; no model can say these */
	const char *not_null_name;	/* NULL: it is none */
	bool		not_null_local; /* NO INHERIT */
	bool		not_null_not_valid; /* rows that were there before it are not checked */
	bool		generated;
	const char *generation;		/* of a generated column as it is: what follows AS, SQL */
	SdCounting	counting;
	bool		always;			/* the identity is GENERATED ALWAYS */
	const char *sequence;		/* what it owns and its default takes numbers of, SQL; or NULL */
	const char *idle_sequence;	/* what it owns and does not count with, SQL; or NULL */
	Oid			sequence_type;	/* of a column as it is: that of any of these, or of its identity's; invalid: none */
	const char *sequence_options;	/* what it does otherwise than one that is told nothing, SQL; or NULL */
	SdDefaultsTo defaults_to;
	const char *default_value;	/* as text */
	const char *default_sql;	/* NULL: none */
	const char *storage;		/* of a column as it is: other than the type's; or NULL */
	const char *compression;	/* of a column as it is, or NULL: the database's default */
	const char *comment;
	bool		any_precision;	/* a date of which the model names no precision */
	bool		at_least;		/* a longer string will do */
	bool		inherited;		/* from a parent, or from the table that this is a partition of */
	bool		retyped;		/* set by the comparison: the type has to change */
	bool		loses_default;	/* set by the comparison: it goes with the type */
	List	   *old_labels;		/* of an enum, as the database has them; NIL: the same */
} SdColumn;

/* one key of an index; names are those of the catalog, without a schema */
typedef struct SdKeyPart
{
	const char *column;			/* "": it is an expression */
	const char *collation;		/* of a desired index NULL where the model names none; of one that is there, of what has none */
	bool		collation_told; /* it is not the column's; of a desired index: it is named */
	const char *operator_class; /* likewise */
	bool		class_told;		/* it is not the type's default; likewise */
	bool		descending;
	bool		foreign;		/* to models: an expression, or what is not in schema pg_catalog */
} SdKeyPart;

/* an index, or a primary key, unique or other constraint that is no foreign key */
typedef struct SdIndex
{
	const char *name;			/* NULL: still to be chosen */
	List	   *keys;			/* SQL of each: column, collation, operator class, order; of one that is there NIL */
	List	   *columns;		/* names of the columns that it depends on */
	const char *method;
	const char *where;			/* SQL, or NULL */
	List	   *where_columns;	/* names of the columns in it */
	const char *definition;		/* what stands after a constraint's name, or the statement */
	const char *expression;		/* of a CHECK that is enforced, in the form of the catalog; else NULL */
	List	   *parts;			/* of SdKeyPart */
	bool		primary;
	bool		unique;
	bool		constraint;
	bool		nulls_not_distinct;
	bool		not_valid;		/* a CHECK: rows that were there before it are not checked */
	bool		invalid;		/* CREATE INDEX CONCURRENTLY has left it half made, or partitions lack theirs */
	bool		foreign;		/* to models: partial, over expressions, invalid, a CHECK, WITHOUT OVERLAPS, … */
	bool		only_includes;	/* foreign for no other reason than that it includes columns that are no keys */
	bool		implied;		/* made with the table or the foreign key, and not missed */
	bool		inherited;		/* comes and goes with that of a parent */
	bool		matched;		/* set by the comparison */
} SdIndex;

typedef struct SdForeignKey
{
	const char *name;			/* NULL: still to be chosen */
	List	   *columns;
	const char *schema;			/* the table that it refers to */
	const char *table;
	List	   *referenced;		/* columns there */
	const char *on_delete;		/* as SQL says it */
	const char *on_update;
	/* of one that is there, and of what replaces it; no model can say these */
	const char *match;			/* " MATCH FULL", or NULL */
	const char *deferral;		/* " DEFERRABLE" and more, or NULL */
	List	   *set_columns;	/* names of those that ON DELETE SET NULL is about; NIL: all */
	bool		not_valid;		/* rows that were there before it are not checked */
	bool		not_enforced;	/* no row is checked */
	bool		temporal;		/* of one that is there: PERIOD; it asks for something else than equal values */
	const char *definition;		/* what stands after its name */
	int			rank;			/* how much what defined it knew of the actions */
	bool		tells_delete;	/* on_delete was given, and is no default */
	bool		tells_update;
	bool		replaces;		/* set by the comparison: one that is there, with other actions */
	bool		renamed;		/* definition has names that are to change */
	bool		inherited;		/* comes and goes with that of a parent */
	bool		matched;		/* set by the comparison */
} SdForeignKey;

typedef struct SdTable
{
	const char *schema;
	const char *name;
	const char *was;			/* its name as it is; of a desired table NULL */
	Oid			relid;			/* invalid: it is not there */
	List	   *models;			/* names */
	const char *comment;
	List	   *columns;		/* of SdColumn */
	List	   *indexes;		/* of SdIndex */
	List	   *foreign_keys;	/* of SdForeignKey */
	const char *lacking;		/* a model that one of them would refer to, if it were there */
} SdTable;

extern SdTable *sd_table_find(List *tables, const char *schema, const char *name);
extern SdColumn *sd_column_find(const SdTable *table, const char *name);
extern bool sd_name_in(List *names, const char *name);
extern bool sd_same_set(List *a, List *b);
extern List *sd_joined_names(List *a, List *b);

/* desired.c, foreign.c */
extern List *sd_desired_tables(void);
extern void sd_add_foreign_keys(SdTable *table, List *rows, List *associations);
extern void sd_report_lacking(const SdTable *table, int elevel);

/* actual.c */
extern bool sd_is_table(const char *schema, const char *name);
extern SdTable *sd_actual_table(const char *schema, const char *name);
extern SdTable *sd_actual_relation(Oid relid);

#endif							/* SD_SCHEMA_TABLE_H */
