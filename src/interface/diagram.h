/*-------------------------------------------------------------------------
 * interface/diagram.h
 *		Models and their foreign keys as a diagram.
 *-------------------------------------------------------------------------
 */
#ifndef SD_DIAGRAM_H
#define SD_DIAGRAM_H

#include "interface/relationship.h"

/* diagram.c */
extern char *sd_diagram(const char *format);

/* mermaid.c */
extern char *sd_mermaid(List *interfaces, List *relationships);

/* dot.c */
extern char *sd_dot(List *interfaces, List *relationships);

#endif							/* SD_DIAGRAM_H */
