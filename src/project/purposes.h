/* Purposes of identity.yaml (docs/purposes.md): how sure it must be that two identifiers are of one person. */
#ifndef PT_PROJECT_PURPOSES_H
#define PT_PROJECT_PURPOSES_H

typedef struct pt_purpose {
    const char *name;
    double least; /* score of links that count, 0 < least <= 1; 1: exact ones alone */
} pt_purpose;

#endif
