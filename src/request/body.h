/*-------------------------------------------------------------------------
 * request/body.h
 *		What of a request's body is written.
 *-------------------------------------------------------------------------
 */
#ifndef SD_BODY_H
#define SD_BODY_H

#include "model/model.h"
#include "utils/jsonb.h"

/* a value that the path gives, not the body */
typedef struct SdGiven
{
	const char *attribute;
	JsonbValue	value;
} SdGiven;

extern Jsonb *sd_writable_body(const SdModel *model, Jsonb *body, bool create,
							   const SdGiven *given, int ngiven);

#endif							/* SD_BODY_H */
