/* Pairs with what else speaks for either record taken into account. Pure. */
#ifndef PT_LINK_COMPETE_H
#define PT_LINK_COMPETE_H

#include "link/link.h"

/* Every pair is weighed for itself by pt_link_score, as if two records had been drawn at random. But a record is of one person at most:
 *
 * - Where most records have a partner, one that is alone among its likes has that one for its partner rather than none. The share of
 *   records without a partner is expected from the weights themselves.
 * - Where several persons fit and are not one (three called 孙玉梅, and a record that has nothing but the name), each has its share of
 *   the odds.
 *
 * As pt_link_score, with the pairs that have `least` bits after this. A pair's weight does not depend on `least`. */
pt_rc pt_link_propose(pt_link_pair **pairs, size_t *n, const pt_link_model *model, const pt_link_records *records,
                      pt_link_blocks *blocks, const pt_link_known *known, double least, pt_pool *pool, pt_err *err);

#endif
