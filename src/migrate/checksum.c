/*-------------------------------------------------------------------------
 * migrate/checksum.c
 *		The fingerprint by which the ledger knows the text of a migration.
 *-------------------------------------------------------------------------
 */
#include "postgres.h"
#include "compat.h"

#include "common/cryptohash.h"
#include "common/sha2.h"
#include "mb/pg_wchar.h"
#include "json/utf8_text.h"
#include "migrate/checksum.h"

/*
 * Adds a text as UTF-8, so that a dump restored in another encoding still
 * fits.  Under SQL_ASCII its bytes mean nothing that could be converted.
 */
static bool
update(pg_cryptohash_ctx *ctx, const char *text)
{
	if (GetDatabaseEncoding() != PG_SQL_ASCII)
		text = sd_utf8_text(text);
	return pg_cryptohash_update(ctx, (const uint8 *) text, strlen(text)) == 0;
}

/*
 * Returns the SHA-256 of a migration in hex, in the current context.  It is
 * taken over up and, where there is a down, a zero byte and down: no text
 * holds a zero byte, so no two migrations give the same bytes.
 */
char *
sd_migration_checksum(const char *up, const char *down)
{
	pg_cryptohash_ctx *ctx = pg_cryptohash_create(PG_SHA256);
	uint8		digest[PG_SHA256_DIGEST_LENGTH];
	char	   *hex = palloc(PG_SHA256_DIGEST_LENGTH * 2 + 1);
	bool		ok;

	Assert(up != NULL);
	if (ctx == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	ok = pg_cryptohash_init(ctx) == 0 && update(ctx, up);
	if (down != NULL)
		ok = ok && pg_cryptohash_update(ctx, (const uint8 *) "", 1) == 0 && update(ctx, down);
	ok = ok && pg_cryptohash_final(ctx, digest, sizeof(digest)) == 0;
	if (!ok)
		elog(ERROR, "could not compute a checksum: %s", pg_cryptohash_error(ctx));
	pg_cryptohash_free(ctx);

	for (int i = 0; i < PG_SHA256_DIGEST_LENGTH; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	return hex;
}
