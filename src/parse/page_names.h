/*-------------------------------------------------------------------------
 * parse/page_names.h
 *		The option "names" of find_and_count_all: the keys of its answer.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PAGE_NAMES_H
#define SD_PAGE_NAMES_H

#include "parse/members.h"

SD_OPTION(sd_parse_names_option);

#endif							/* SD_PAGE_NAMES_H */
