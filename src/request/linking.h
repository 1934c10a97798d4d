/*-------------------------------------------------------------------------
 * request/linking.h
 *		Requests that link records that exist: PUT and DELETE /students/1/courses/7,
 *		PUT /students/1/courses.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINKING_H
#define SD_LINKING_H

#include "request/request.h"

extern bool sd_can_link(const SdModel *model, const SdAssociation *association,
						const SdModel *target);
extern bool sd_put_link(SdRequest *request);
extern bool sd_delete_link(SdRequest *request);
extern bool sd_put_links(SdRequest *request);

#endif							/* SD_LINKING_H */
