/* Pairs that have nothing to do with each other: records that no chain of pairs connects are of different components, and what happens
 * in one does not depend on the others. */
#ifndef PT_LINK_COMPONENTS_H
#define PT_LINK_COMPONENTS_H

#include "link/link.h"

typedef struct link_components {
    uint32_t *of;        /* by record: the smallest record of its component */
    pt_link_pair *pairs; /* component by component */
    uint64_t *starts;    /* where the pairs of each component begin; n + 1 */
    uint32_t n;          /* components that have pairs */
} link_components;

/* Of the pairs with `least` bits. Records that `start` (NULL: none) has in one group are of one component. */
pt_rc link_components_find(link_components *out, uint32_t records, const uint32_t *start, const pt_link_pair *pairs,
                           size_t n, double least, pt_err *err);
void link_components_free(link_components *c); /* also after a failure */

#endif
