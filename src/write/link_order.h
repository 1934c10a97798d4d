/*-------------------------------------------------------------------------
 * write/link_order.h
 *		The records of a link in the order of what names them.
 *-------------------------------------------------------------------------
 */
#ifndef SD_LINK_ORDER_H
#define SD_LINK_ORDER_H

#include "write/link_records.h"

/* the records that are named, in the order of values of attributes */
typedef struct SdLinkOrder
{
	const SdModel *model;
	const int  *attrs;
	int			nattrs;
	Datum	  **values;			/* of the attributes, by record */
	FmgrInfo  **compare;		/* by attribute */
	int			n;
	int		   *numbers;		/* of the records */
} SdLinkOrder;

extern void sd_link_order(SdLinkOrder *order, const SdLink *link);
extern bool sd_same_link(const SdLinkOrder *order, int a, int b);
extern int	sd_link_position(const SdLinkOrder *order, const SdRowSet *rows, int capture, int row);
extern int	sd_first_unlinked(const SdLink *link, const SdRowSet *rows, int capture);

#endif							/* SD_LINK_ORDER_H */
