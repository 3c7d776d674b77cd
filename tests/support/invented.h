/* Records of persons who do not exist, with the truth: names as frequent as they are, families who share address and phone, people who
 * move, typing errors, missing values, and more records of some persons than of others. For tests (few) and benchmarks (many).
 *
 * Made one after the other in time and memory that do not depend on how many were made before: a household follows from its number, a
 * person from the household's and its own, a record from the person's and its own. First come the first records of all persons, then
 * the second ones and so on, so that records of one person lie far apart, as in files of several sources. The bytes follow from kind,
 * number and seed alone. */
#ifndef TESTS_SUPPORT_INVENTED_H
#define TESTS_SUPPORT_INVENTED_H

#include <stdio.h>

#include "link/kinds.h"

typedef enum invented_kind {
    INVENTED_WESTERN, /* given name, family name, ... of the United States */
    INVENTED_CHINESE
} invented_kind;

enum { INVENTED_FIELDS = 9, INVENTED_TEXT = 96 };

typedef struct invented_field {
    const char *name;
    pt_link_kind kind;
} invented_field;

/* The fields of records of a kind; how many there are. */
size_t invented_fields(const invented_field **out, invented_kind kind);

typedef struct invented_record {
    uint64_t person; /* the truth */
    char text[INVENTED_FIELDS][INVENTED_TEXT];
} invented_record;

typedef struct invented invented;

invented *invented_new(invented_kind kind, uint64_t records, uint64_t seed); /* NULL: no memory */
bool invented_next(invented *g, invented_record *out);                       /* false: all were made */
void invented_free(invented *g);

/* All of them as CSV: "id", the fields, "person". False when `file` cannot be written. */
bool invented_write(FILE *file, invented_kind kind, uint64_t records, uint64_t seed);

#endif
