/* The weight of any one pair, and what tells it. */
#ifndef PT_LINK_WEIGH_H
#define PT_LINK_WEIGH_H

#include "link/bounds.h"

/* What pairs of these records are weighed by: made once, for all threads and all that weighs them. */
typedef struct link_scale {
    const pt_link_model *model;
    const pt_link_records *records;
    link_weights weights;
    link_bounds *bounds;
} link_scale;

/* Of the records as they are; borrows model and records. */
pt_rc link_scale_new(link_scale **out, const pt_link_model *model, const pt_link_records *records, pt_pool *pool,
                     pt_err *err);
void link_scale_free(link_scale *s); /* NULL is fine */

typedef struct link_weigher link_weigher; /* one thread's */

pt_rc link_weigher_new(link_weigher **out, const pt_link_model *model, const pt_link_records *records, pt_err *err);
/* Another thread's, by the weights of one that outlives it. */
pt_rc link_weigher_share(link_weigher **out, const link_weigher *other, pt_err *err);
void link_weigher_free(link_weigher *w); /* NULL is fine */
double link_weigh(link_weigher *w, uint32_t a, uint32_t b);
/* The same, and what of it speaks against the pair: at most 0, whatever the prior. */
double link_weigh_both(double *against, link_weigher *w, uint32_t a, uint32_t b);

#endif
