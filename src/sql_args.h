/*-------------------------------------------------------------------------
 * sql_args.h
 *		Arguments and results of the SQL functions.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SQL_ARGS_H
#define SD_SQL_ARGS_H

#include "execute/select.h"
#include "fmgr.h"
#include "json/rowset.h"
#include "model/model.h"
#include "parse/options.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

extern char *sd_name_arg(FunctionCallInfo fcinfo, int n, const char *what);
extern char *sd_optional_arg(FunctionCallInfo fcinfo, int n);
extern char *sd_required_arg(FunctionCallInfo fcinfo, int n, const char *name);
extern Datum sd_text_or_null(const char *text, bool *isnull);
extern const SdModel *sd_model_arg(FunctionCallInfo fcinfo);
extern Jsonb *sd_jsonb_arg(FunctionCallInfo fcinfo, int n);
extern Jsonb *sd_data_arg(FunctionCallInfo fcinfo, int n);
extern const SdQuery *sd_parse_args(FunctionCallInfo fcinfo, int n, SdCall call,
									const SdInputs *inputs);
extern const SdQuery *sd_parse_model_args(FunctionCallInfo fcinfo, const char *name, int n,
										  SdCall call, const SdInputs *inputs);
extern const SdQuery *sd_parse_by_key(FunctionCallInfo fcinfo, int n, int options, SdCall call);

/* sql_rows.c */
extern char *sd_row_model(Oid type, const Jsonb *options);

/* functions that return records one by one */
extern void sd_return_scan(FunctionCallInfo fcinfo, SdScan *scan);
extern Datum sd_next_record(FunctionCallInfo fcinfo);

/* functions that return one record at most */
extern bool sd_record_is_given(FunctionCallInfo fcinfo);
extern Datum sd_return_record(FunctionCallInfo fcinfo, bool found, Datum record);
extern Tuplestorestate *sd_begin_record(FunctionCallInfo fcinfo, const SdQuery *query,
										SdRowSet *rows);
extern Datum sd_end_record(FunctionCallInfo fcinfo, const SdRowSet *rows, Tuplestorestate *store);

/* functions that return records all at once */
extern Tuplestorestate *sd_return_store(FunctionCallInfo fcinfo);
extern Tuplestorestate *sd_return_created_store(FunctionCallInfo fcinfo);

#endif							/* SD_SQL_ARGS_H */
