/*-------------------------------------------------------------------------
 * request/request.h
 *		Answers requests: method, URL and body give a status and a body.
 *-------------------------------------------------------------------------
 */
#ifndef SD_REQUEST_H
#define SD_REQUEST_H

#include "nodes/pg_list.h"
#include "request/route.h"

typedef struct SdRequest
{
	const char *method;
	const char *url;			/* path and query string */
	Jsonb	   *body;			/* or NULL */
	Jsonb	   *params;			/* of scopes and computed attributes; or NULL */

	/* what is known of it so far: an error may stop it anywhere */
	SdRoute		route;
	List	   *pairs;			/* of SdPair */
	bool		reads;			/* statements run that read */
	bool		writes;			/* or write */
	int			trigger_depth;	/* triggers that the last error was raised in */
} SdRequest;

typedef struct SdAnswer
{
	int			status;
	struct varlena *body;		/* json, or NULL */
	const char *allow;			/* of 405: the methods that the path has; or NULL */
} SdAnswer;

extern SdAnswer sd_answer_request(SdRequest *request);

/* listing.c */
typedef struct SdServed
{
	const char *method;
	const char *path;			/* as requests have to have it, with the names of keys behind colons */
	const char *model;			/* that the answer is about */
	const char *action;

	/* the parts of the path */
	const char *parent;			/* the model that it begins with */
	const char *list;			/* its first segment, encoded, with the slash */
	List	   *keys;			/* attributes in the second segment; NIL: it has none */
	const char *alias;			/* of the association behind them; or NULL */
	const char *associated;		/* its segment, likewise */
	List	   *linked_keys;	/* attributes of the model in the last segment; or NIL */
} SdServed;

extern List *sd_served_routes(void);

#endif							/* SD_REQUEST_H */
