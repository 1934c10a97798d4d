/*-------------------------------------------------------------------------
 * convert/path.h
 *		Where in the caller's document the parser is, for error messages:
 *		where.$or[1].id.$gt.
 *
 * A path is a list of steps on the parser's stack, each pointing to the one
 * before it; nothing is allocated and no text is made unless there is an error.
 *-------------------------------------------------------------------------
 */
#ifndef SD_PATH_H
#define SD_PATH_H

typedef struct SdPath
{
	const struct SdPath *parent;
	const char *key;			/* NULL: a step into an array */
	int			len;			/* of key, in bytes */
	int64		index;			/* position in the array, from 0 */
} SdPath;

#define SD_KEY_STEP(above, k, l) \
	((SdPath) {.parent = (above), .key = (k), .len = (l)})
#define SD_INDEX_STEP(above, i) \
	((SdPath) {.parent = (above), .index = (i)})

extern char *sd_path_text(const SdPath *path);
extern char *sd_clip(const char *text, int len);

extern SdPath *sd_copy_path(const SdPath *path);

extern void sd_check_depth(const SdPath *path);

/* raise 22023; the message begins with the path */
extern void sd_bad_shape(const SdPath *path, const char *expected) pg_attribute_noreturn();

#endif							/* SD_PATH_H */
