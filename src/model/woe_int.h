/* Inside woe*.c: fine bins, and the best way to put neighbours together. */
#ifndef PT_MODEL_WOE_INT_H
#define PT_MODEL_WOE_INT_H

#include "model/woe.h"

enum { WOE_FINE = 64 }; /* fine bins of a feature */

/* Counts of one fine bin. */
typedef struct woe_cell {
    double events, others; /* weight */
} woe_cell;

typedef struct woe_search {
    const woe_cell *cells;
    size_t n;              /* 1..WOE_FINE */
    double events, others; /* of the whole feature, missing ones too */
    double least;          /* weight of a bin */
    double prior;
    size_t most_bins;
} woe_search;

double woe_of(const woe_search *s, double events, double others);
double woe_iv(const woe_search *s, double events, double others);

/* Ends of the best bins, ends[i] the first cell behind bin i; how many. `trend` is not PT_WOE_AUTO. A further bin must pay: it
 * raises the information value by more than chance does one time in twenty. *value: information value less what bins cost. */
size_t woe_best_cut(size_t ends[WOE_FINE], double *value, const woe_search *s, pt_woe_trend trend);

#endif
