/*-------------------------------------------------------------------------
 * request/subresource.h
 *		Requests for what an association of a record leads to.
 *-------------------------------------------------------------------------
 */
#ifndef SD_SUBRESOURCE_H
#define SD_SUBRESOURCE_H

#include "request/request.h"

extern bool sd_can_post_associated(const SdAssociation *association);
extern bool sd_get_associated(SdRequest *request, Datum *body);
extern bool sd_post_associated(SdRequest *request, Datum *body);

#endif							/* SD_SUBRESOURCE_H */
