/* The weight of any one pair. */
#ifndef PT_LINK_WEIGH_H
#define PT_LINK_WEIGH_H

#include "link/link.h"

typedef struct link_weigher link_weigher; /* one thread's */

pt_rc link_weigher_new(link_weigher **out, const pt_link_model *model, const pt_link_records *records, pt_err *err);
void link_weigher_free(link_weigher *w); /* NULL is fine */
double link_weigh(link_weigher *w, uint32_t a, uint32_t b);
/* The same, and what of it speaks against the pair: at most 0, whatever the prior. */
double link_weigh_both(double *against, link_weigher *w, uint32_t a, uint32_t b);

#endif
