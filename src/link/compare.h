/* Levels of a pair. Shared by learning and scoring. */
#ifndef PT_LINK_COMPARE_H
#define PT_LINK_COMPARE_H

#include "link/link.h"
#include "link/similarity.h"

/* One thread's: patterns of the record at hand, and levels of pairs of values met before. */
typedef struct link_comparer link_comparer;

link_comparer *link_comparer_new(const pt_link_model *model, const pt_link_records *records); /* NULL: no memory */
void link_comparer_free(link_comparer *c);                                                    /* NULL is fine */

/* Forgets what it keeps of values: codes stand for others now. */
void link_comparer_forget(link_comparer *c);

/* The level of comparison k, or PT_LINK_NULL. */
uint8_t link_level(link_comparer *c, size_t k, uint32_t a, uint32_t b);

/* Whether the levels of a comparison follow from the values of its column alone. */
bool link_is_of_one_column(const pt_link_comparison *x, const pt_link_records *records);

#endif
