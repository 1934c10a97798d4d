/*-------------------------------------------------------------------------
 * parse/returning.h
 *		The option "returning" of writers: what they answer of each record.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PARSE_RETURNING_H
#define SD_PARSE_RETURNING_H

#include "parse/members.h"

SD_OPTION(sd_parse_returning_option);

extern SdInclude *sd_make_returning(const SdQuery *finder);

#endif							/* SD_PARSE_RETURNING_H */
