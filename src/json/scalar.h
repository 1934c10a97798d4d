/*-------------------------------------------------------------------------
 * json/scalar.h
 *		JSON's scalars as JavaScript's String() gives them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SCALAR_H
#define SD_SCALAR_H

#include "utils/jsonb.h"

extern char *sd_number_string(Numeric number);
extern void sd_append_scalar(StringInfo buf, const JsonbValue *scalar);

#endif							/* SD_SCALAR_H */
