/*-------------------------------------------------------------------------
 * schema/online_columns.c
 *		Columns that are added or become NOT NULL, while readers and writers go on.
 *
 * What writes all of a table when it is said with ADD COLUMN, a default that is
 * another one for each row or numbers, becomes a column without values, which
 * gets its default, its values in batches and then its NOT NULL.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "catalog/pg_type.h"
#include "catalogs/rows.h"
#include "lib/stringinfo.h"
#include "migrate/lint.h"
#include "model/model.h"
#include "schema/ddl.h"
#include "schema/online_steps.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"

/* what happens to a column, in order: steps of SD_CHANGE_NULLABILITY */
enum
{
	PHASE_DEFAULT,
	PHASE_FILL,
	PHASE_CHECK,
	PHASE_VALIDATE,
	PHASE_NOT_NULL
};

/* The attribute of a model that is kept in a column, where "set" of an update can give it a value; or NULL. */
static const SdAttributeRow *
settable_attribute(const SdModelRow *row, const char *column)
{
	if (sd_row_keys(row) == NIL)
		return NULL;
	for (int i = 0; i < row->nattributes; i++)
	{
		const SdAttributeRow *attribute = &row->attributes[i];

		if (attribute->field == NULL || strcmp(attribute->field, column) != 0)
			continue;
		if (attribute->primary_key || attribute == row->created_at ||
			attribute == row->updated_at || attribute == row->deleted_at || attribute == row->version)
			return NULL;
		return attribute;
	}
	return NULL;
}

/* A JSON object of one member, as SQL. */
static char *
member_sql(const char *name, const char *value)
{
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfoChar(&json, '{');
	escape_json(&json, name);
	appendStringInfo(&json, ": %s}", value);
	return quote_literal_cstr(json.data);
}

/* What "set" gives an attribute whose column has its default: a value, or what the column takes for each row. */
static const char *
filling(const SdAttributeRow *attribute)
{
	char	   *value;

	if (attribute->default_value == NULL)
		return "{\"$default\": true}";
	value = JsonbToCString(NULL, &JsonbValueToJsonb(attribute->default_value)->root, 0);
	return attribute->default_value->type == jbvBinary ? psprintf("{\"$value\": %s}", value) : value;
}

/*
 * Gives the rows without a value of a column its default, which the column has by
 * then: in batches where an update can, else in one statement, for which writers
 * to these rows wait.
 */
static void
plan_fill(SdOnlinePlanning *planning, const SdChange *change, const SdColumn *column)
{
	char	   *fill = sd_ddl_fill(change->on, column);
	const char *model = linitial(change->models);
	const SdAttributeRow *attribute;
	char	   *set;
	char	   *condition;

	if (fill == NULL)
		return;
	attribute = settable_attribute(sd_model_row(model), change->name);
	if (attribute == NULL)
	{
		sd_add_words(planning, change);
		sd_add_step(planning, SD_STEP_READS, SD_CHANGE_NULLABILITY, PHASE_FILL, NULL, fill, NULL);
		return;
	}
	set = member_sql(attribute->name, filling(attribute));
	condition = member_sql(attribute->name, "null");
	sd_add_step(planning, SD_STEP_ALONE, SD_CHANGE_NULLABILITY, PHASE_FILL, NULL,
				psprintf("CALL studentdir.backfill(%s, %s, %s);", quote_literal_cstr(model), set, condition),
				psprintf("DELETE FROM studentdir.backfill WHERE model OPERATOR(pg_catalog.=) %s"
						 " AND set OPERATOR(pg_catalog.=) %s AND condition OPERATOR(pg_catalog.=) %s;",
						 quote_literal_cstr(model), set, condition));
}

/* What a valid CHECK says needs no look at the rows.  down takes the NOT NULL away. */
static void
plan_check(SdOnlinePlanning *planning, const SdChange *change, const char *down, bool deparsed_down)
{
	const SdTable *table = change->on;
	const char *check = sd_choose_name(&planning->naming, table,
									   list_make1(unconstify(char *, change->name)), "check");
	char	   *drop = sd_ddl_drop_constraint(table, check);
	char	   *add = sd_ddl_add_not_null_check(table, change->column, check);
	SdOnlineStep *step;

	Assert(change->column->not_null);
	sd_add_step(planning, SD_STEP_QUICK, SD_CHANGE_NULLABILITY, PHASE_CHECK, table, add, drop);
	sd_add_step(planning, SD_STEP_READS, SD_CHANGE_NULLABILITY, PHASE_VALIDATE, NULL,
				sd_ddl_validate(table, check), NULL);
	step = sd_add_step(planning, SD_STEP_QUICK, SD_CHANGE_NULLABILITY, PHASE_NOT_NULL, table,
					   psprintf("%s\n%s", sd_ddl_nullability(table, change->column, false), drop),
					   psprintf("%s\n%s", add, down));
	step->deparsed_down = deparsed_down;
}

/* A column becomes NOT NULL. */
void
sd_plan_not_null(SdOnlinePlanning *planning, const SdChange *change)
{
	const SdColumn *column = change->column;

	Assert(change->models != NIL && column->not_null);
	/* a function's values the engine gives, so that the column need not have it */
	if (column->defaults_to == SD_DEFAULTS_TO_FUNCTION && change->column_was->default_sql == NULL)
		sd_add_step(planning, SD_STEP_QUICK, SD_CHANGE_NULLABILITY, PHASE_DEFAULT, change->on,
					sd_ddl_default(change->on, column), sd_ddl_default(change->on, change->column_was));
	plan_fill(planning, change, column);
	plan_check(planning, change, change->down, change->deparsed_down);
}

/*
 * Whether a default is another one for each row, so that adding a column writes
 * all of the table: the function of models that gives the time is not.
 */
static bool
is_volatile_default(const SdColumn *column)
{
	char		category;
	bool		preferred;

	if (column->defaults_to != SD_DEFAULTS_TO_FUNCTION)
		return false;
	get_type_category_preferred(getBaseType(column->type_oid), &category, &preferred);
	return category != TYPCATEGORY_DATETIME;
}

/*
 * Adds a column without values, and then its default, its values and its NOT NULL.
 * One that is an identity counts with a sequence until it may be one.
 */
static void
plan_filled_column(SdOnlinePlanning *planning, const SdChange *change)
{
	const SdTable *table = change->on;
	const SdColumn *column = change->column;
	SdColumn	filled = *column;
	SdColumn	empty;
	const char *sequence = NULL;
	SdColumn	nullable = *column;

	nullable.not_null = false;
	if (column->counting == SD_COUNTS_AS_IDENTITY)
	{
		sequence = quote_qualified_identifier(table->schema,
											  sd_choose_name(&planning->naming, table,
															 list_make1(unconstify(char *, column->name)), "new"));
		filled.counting = SD_COUNTS_AS_SERIAL;
		filled.sequence = sequence;
		filled.default_sql = psprintf("pg_catalog.nextval(%s::pg_catalog.regclass)", quote_literal_cstr(sequence));
	}
	empty = filled;
	empty.not_null = false;
	empty.default_sql = NULL;
	sd_add_step(planning, SD_STEP_QUICK, SD_CHANGE_ADD_COLUMN, 0, table,
				psprintf("%s\n%s", sd_ddl_add_column(table, &empty, false), sd_ddl_default(table, &filled)),
				change->down);
	plan_fill(planning, change, &filled);
	if (column->not_null)
		plan_check(planning, change, sd_ddl_nullability(table, &nullable, false), false);
	if (sequence != NULL)
		sd_add_step(planning, SD_STEP_QUICK, SD_CHANGE_ADD_COUNTING, 0, table,
					sd_ddl_sequence_to_identity(table, column, sequence),
					sd_ddl_identity_to_sequence(table, column, sequence));
}

/* A column is added. */
void
sd_plan_add_column(SdOnlinePlanning *planning, const SdChange *change)
{
	const SdColumn *column = change->column;
	bool		takes_rows = sd_type_takes_rows(column->type_oid);
	SdOnlineStep *step;

	Assert(change->kind == SD_CHANGE_ADD_COLUMN && column != NULL);
	if (!takes_rows && (column->counting != SD_COUNTS_NOT || is_volatile_default(column)))
	{
		plan_filled_column(planning, change);
		return;
	}
	/* without a default it fails where there are rows */
	if (takes_rows || (column->not_null && column->default_sql == NULL && column->counting == SD_COUNTS_NOT))
		step = sd_add_blocking(planning, change);
	else
		step = sd_add_plain(planning, change);
	/* the model asks for it, and it blocks nobody */
	if (column->type_oid == JSONOID)
		step->up = psprintf("-- studentdir: allow adding-json-field\n%s", step->up);
}
