/*-------------------------------------------------------------------------
 * studentdir.c
 *		Module load: the magic block, the settings, and the hooks and caches of the layers.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "fmgr.h"
#include "inline.h"
#include "migrate/script.h"
#include "model/model.h"
#include "parse/kept.h"
#include "plan/assumed.h"
#include "plan/plancache.h"
#include "plan/skew.h"
#include "settings.h"

SD_MODULE_MAGIC(SD_VERSION);

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	sd_settings_init();
	sd_model_init();
	sd_kept_init();
	sd_plancache_init();
	sd_skew_init();
	sd_assumed_init();
	sd_script_init();
	sd_inline_init();
}
