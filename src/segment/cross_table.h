/* A table of two tags: counts, shares, what independence would give, and how far from it the two are. Pure arithmetic. */
#ifndef PT_SEGMENT_CROSS_TABLE_H
#define PT_SEGMENT_CROSS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PT_CROSS_MOST = 12 }; /* rows, columns */

typedef struct pt_cross_cell {
    uint64_t count;
    bool hidden;                    /* of too few, or would give such a cell away: nothing of it may be shown */
    double row_share, column_share; /* of its row's and of its column's total */
    double tgi;                     /* count / what independence of the two would give x 100 */
    double residual;                /* adjusted: a standard normal if the two were independent (Haberman 1973) */
} pt_cross_cell;

typedef struct pt_cross_table {
    size_t n_rows, n_columns;
    pt_cross_cell cells[PT_CROSS_MOST][PT_CROSS_MOST]; /* by row, then column */
    uint64_t row_totals[PT_CROSS_MOST], column_totals[PT_CROSS_MOST], total;
    size_t hidden;        /* cells */
    bool exclusive;       /* a customer is in one cell at most: what follows is defined */
    double chi_square, p; /* Pearson's test of independence; p NaN when a row or column is all there is */
    unsigned freedom;
    double cramer_v;       /* 0 independent .. 1 one follows from the other */
    double cramer_v_fair;  /* corrected for bias (Bergsma 2013) */
    double least_expected; /* the smallest count that independence would give: below 5 p is rough */
} pt_cross_table;

/* Fills in what follows from the counts of the cells, sizes and `exclusive`. Rows and columns with nobody count for
 * nothing. Of lists (not exclusive) totals are given, not worked out. */
void pt_cross_table_fill(pt_cross_table *t);

/* Marks as hidden what may not be shown: cells of 1 to least - 1, and further ones until in no row and column what is
 * hidden can be worked out, or adds up to fewer than `least`. */
void pt_cross_table_hide(pt_cross_table *t, uint64_t least);

#endif
