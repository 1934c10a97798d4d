/*-------------------------------------------------------------------------
 * model/inflection.h
 *		English plurals and singulars, and the case of names: how the names
 *		that nobody gave are made of those that somebody did.
 *
 * All results are in the current context.
 *-------------------------------------------------------------------------
 */
#ifndef SD_INFLECTION_H
#define SD_INFLECTION_H

extern char *sd_pluralize(const char *name);
extern char *sd_singularize(const char *name);
extern char *sd_underscore(const char *name);
extern char *sd_dasherize(const char *name);
extern char *sd_camelize(const char *name);

#endif							/* SD_INFLECTION_H */
