/*-------------------------------------------------------------------------
 * parse/words.h
 *		Knows what people mean who write the words of other libraries, and whose
 *		documents come out of their programs in another shape than they think.
 *
 * For the hints of errors only: nothing is ever taken for what it is not.
 *-------------------------------------------------------------------------
 */
#ifndef SD_WORDS_H
#define SD_WORDS_H

#include "convert/reader.h"

extern const char *sd_meant(const char *name, int len, const char *const *candidates, int n);
extern const char *sd_instead_of(const char *name, int len);
extern void sd_expect_object(const JsonbValue *value, const SdPath *path, const char *expected);

#endif							/* SD_WORDS_H */
