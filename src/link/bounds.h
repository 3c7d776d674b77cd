/* Which pairs may reach a weight at all: told from rows of codes and signs that lie beside each other, before any text is compared. The
 * bound is exact: it leaves out no pair that has the weight. */
#ifndef PT_LINK_BOUNDS_H
#define PT_LINK_BOUNDS_H

#include "base/pool.h"
#include "link/weights.h"

typedef struct link_bounds link_bounds;

/* Of the records as they are; model, records and weights must outlive it. */
pt_rc link_bounds_new(link_bounds **out, const pt_link_model *model, const pt_link_records *records,
                      const link_weights *weights, pt_pool *pool, pt_err *err);
void link_bounds_free(link_bounds *b); /* NULL is fine */

/* The record's values have changed. */
void link_bounds_pack(link_bounds *b, uint32_t record);

/* The rows, by record. */
const void *link_bounds_rows(const link_bounds *b, size_t *row_bytes);

/* Whether the pair has at least this weight; then *weight is it: the same sum that pt_link_explain shows. */
bool link_bounds_weigh(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y, double least);

#endif
