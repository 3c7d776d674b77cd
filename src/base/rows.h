/* A batch of rows on its way from the raw store into identity or a timeline: column arrays, borrowed, not yet
 * dictionary-coded. Text is views; money, dates and instants are already in the layouts of base/type.h. */
#ifndef PT_BASE_ROWS_H
#define PT_BASE_ROWS_H

#include "base/type.h"

typedef enum pt_cells_form {
    PT_CELLS_TYPED, /* data as base/type.h says for `type`; text and category: pt_sv[n], ptr NULL when missing */
    PT_CELLS_U32,   /* raw uint32_t: ordinals */
    PT_CELLS_U64,   /* raw uint64_t: row numbers */
} pt_cells_form;

typedef struct pt_cells {
    pt_cells_form form;
    pt_type type;
    const void *data;        /* lists: pt_sv items */
    const uint64_t *offsets; /* lists: n+1 */
    const uint8_t *absent;   /* lists: 1 where missing; may be NULL */
} pt_cells;

typedef struct pt_rows {
    size_t n;
    size_t n_cells;
    const pt_cells *cells;
} pt_rows;

#endif
