/*-------------------------------------------------------------------------
 * model/routes.h
 *		Which exposed model a URL's first segment means.
 *
 * The list belongs to this backend and is made anew after a change of the
 * catalogs: names in it are good until the next call.
 *-------------------------------------------------------------------------
 */
#ifndef SD_ROUTES_H
#define SD_ROUTES_H

typedef struct SdRouteName
{
	const char *path;			/* the plural in lower case, with dashes */
	const char *model;
} SdRouteName;

extern const char *sd_routed_model(const char *path);
extern const SdRouteName *sd_route_names(int *n);

#endif							/* SD_ROUTES_H */
