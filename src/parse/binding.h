/*-------------------------------------------------------------------------
 * parse/binding.h
 *		Values of options, and those that are known only when a call is made:
 *		{"$param": name}.
 *
 * A query that has been parsed may be run by many calls.  What differs between
 * them are the values of SdParams; an SdBinding says how one of them is made.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BINDING_H
#define SD_BINDING_H

#include "convert/conversion.h"
#include "parse/expression.h"
#include "parse/options.h"

/* how a value is made that is not known when options are parsed */
typedef struct SdBinding
{
	int			param;			/* index into the query's SdParams */
	SdConversion conversion;
	Oid			type;
	const char *name;			/* what messages call the value by */
	const SdPath *path;			/* where it stands */
	bool		is_param;		/* value is the name of the call's parameter; else the value itself */
	bool		is_key;			/* neither: the key of the call */
	bool		is_container;	/* value is an array, or JSON, in which parameters stand */
	JsonbValue	value;
} SdBinding;

extern bool sd_is_placeholder(const JsonbValue *value);
extern SdExpr *sd_bind_value(const SdScope *scope, SdConversion conversion, Oid type,
							 const char *name, const JsonbValue *value, const SdPath *path);
extern SdExpr *sd_bind_key(SdQuery *query, Oid type, const char *name, const JsonbValue *key,
						   const SdPath *path);
extern void sd_note_param(const SdQuery *query, const JsonbValue *value, const SdPath *path);
extern JsonbValue sd_call_value(const SdQuery *query, const JsonbValue *value,
								const SdPath *path);
extern JsonbValue sd_settle_params(const SdQuery *query, const JsonbValue *value,
								   const SdPath *path);
extern const SdQuery *sd_bind_call(const SdQuery *query, const SdInputs *inputs,
								   bool kept);

#endif							/* SD_BINDING_H */
