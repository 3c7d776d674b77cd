/* Which pairs may reach a weight at all: told from rows of codes and signs that lie beside each other, before any text is compared. The
 * bound is exact: it leaves out no pair that has the weight. */
#ifndef PT_LINK_BOUNDS_H
#define PT_LINK_BOUNDS_H

#include "base/pool.h"
#include "link/blocks.h"
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

/* --- many pairs at once ------------------------------------------------------------------------------------------------------ */

/* One thread's: records against tiles of others. Pairs that their rows do not decide are gathered, and settled when there are many. */
typedef struct link_lanes link_lanes;

link_lanes *link_lanes_new(const link_bounds *b, link_comparer *c, double least); /* NULL: no memory */
void link_lanes_free(link_lanes *l);                                              /* NULL is fine */

/* Up to LINK_TILE records; from here on pairs are with these. */
void link_lanes_load(link_lanes *l, const uint32_t *records, uint32_t n);
/* The pairs of `a` with those of the tile whose bits are set; false: link_lanes_settle must be next. */
bool link_lanes_weigh(link_lanes *l, uint32_t a, uint64_t which);
/* Calls `found` with each pair gathered so far that has the weight, in any order; false when one call was. */
typedef bool link_found_fn(void *ctx, uint32_t a, uint32_t b, double weight);
bool link_lanes_settle(link_lanes *l, link_found_fn *found, void *ctx);

#endif
