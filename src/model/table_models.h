/*-------------------------------------------------------------------------
 * model/table_models.h
 *		Which model a table belongs to.
 *-------------------------------------------------------------------------
 */
#ifndef SD_TABLE_MODELS_H
#define SD_TABLE_MODELS_H

extern char *sd_table_model(Oid relid);

#endif							/* SD_TABLE_MODELS_H */
