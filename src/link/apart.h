/* What keeps groups of records apart, while they are made: values of which a person has one, pairs said to be two persons. */
#ifndef PT_LINK_APART_H
#define PT_LINK_APART_H

#include "link/link.h"

typedef struct link_apart {
    const pt_link_known *known;
    uint32_t *values; /* [root * n_never + k]: the code that the group's records have in never column k; 0 none */
    uint64_t *first; /* by record and one more: where its partners in pairs that are kept apart begin; NULL: no pairs */
    uint32_t *partner;
    uint32_t *partners; /* by root: how many all of its records have */
} link_apart;

/* `known` may be NULL. Every record is a root at first. */
pt_rc link_apart_new(link_apart *out, const pt_link_known *known, const pt_link_records *records, pt_err *err);
void link_apart_free(link_apart *k);
/* Whether values say that the groups of two roots are two persons. */
bool link_apart_values(const link_apart *k, uint32_t a, uint32_t b);
/* Root `other` becomes a part of `root`. */
void link_apart_join(link_apart *k, uint32_t root, uint32_t other);

#endif
