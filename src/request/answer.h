/*-------------------------------------------------------------------------
 * request/answer.h
 *		Turns an error into the answer of a request.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ANSWER_H
#define SD_ANSWER_H

#include "request/request.h"

extern SdAnswer sd_plain_answer(int status, const char *error);
extern bool sd_passes_through(const ErrorData *error);
extern SdAnswer sd_error_answer(const SdRequest *request, ErrorData *error);

#endif							/* SD_ANSWER_H */
