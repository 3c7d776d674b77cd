/* Weight of evidence: a feature cut into bins, each worth the logarithm of how much more likely an event (class 1) is in it than
 * overall. woe(bin) = ln(odds of an event in the bin / odds of an event overall), positive where events are more frequent. To each
 * bin imaginary customers of the overall odds are added, `prior` of them of the rarer class, so that an empty bin is worth 0 and a
 * bin without events is not worth minus infinity.
 *
 * Of all ways to cut that keep the bins large enough and their worth rising (or falling) throughout, the one of the largest
 * information value is found, by dynamic programming over fine bins. docs/models.md, "Credit risk cards". */
#ifndef PT_MODEL_WOE_H
#define PT_MODEL_WOE_H

#include "base/str.h"
#include "model/table.h"

typedef enum pt_woe_trend {
    PT_WOE_AUTO, /* rising or falling, whichever tells more */
    PT_WOE_RISING,
    PT_WOE_FALLING,
    PT_WOE_FREE /* any shape */
} pt_woe_trend;

typedef struct pt_woe_options {
    size_t most_bins;     /* 2..20, of ordinary values; missing and special ones come on top */
    double least_share;   /* of all customers, in each bin of ordinary values; 0..0.5 */
    double prior;         /* above 0 */
    pt_woe_trend trend;   /* of numbers */
    const float *special; /* values that are codes rather than amounts (-1: never asked): a bin each */
    size_t n_special;     /* at most 16 */
} pt_woe_options;

extern const pt_woe_options pt_woe_preset; /* 6 bins of at least 5 %, prior 0.5, trend by itself */

typedef struct pt_woe_bin {
    double events, others; /* weight that fell into it */
    double woe;
    double iv; /* what it adds to the information value */
} pt_woe_bin;

/* What was found. Bins in this order: ordinary ones by value (of categories by worth, falling), special values in the order of the
 * options, missing last. Read it, do not change it. */
typedef struct pt_woe {
    bool categories;
    size_t n_ordinary, n_special; /* n_ordinary may be 0: all were missing */
    pt_woe_bin *bins;             /* n_ordinary + n_special + 1 */
    float *edges; /* of numbers, n_ordinary - 1 when there are any: bin i takes edges[i - 1] <= v < edges[i] */
    float *special;
    size_t n_names;      /* of categories */
    uint32_t *name_bins; /* n_names; PT_WOE_NO_BIN: it had no customers */
    uint32_t rare_bin;   /* of names never seen; PT_WOE_NO_BIN: they are worth 0 */
    double iv;           /* information value of the feature: the sum over bins */
} pt_woe;

#define PT_WOE_NO_BIN UINT32_MAX

static inline size_t pt_woe_bins(const pt_woe *w)
{
    return w->n_ordinary + w->n_special + 1;
}

/* Events are rows whose `event` is 1, others 0; rows of NaN target are not counted. values: NaN is missing. weight may be NULL;
 * `rows` picks rows of both (NULL: the first n). PT_EINVAL when there are no events, or nothing but. Free with pt_woe_free. */
pt_rc pt_woe_fit_numbers(pt_woe **out, const float *values, const float *event, const float *weight,
                         const pt_row_set *rows, const pt_woe_options *options, pt_err *err);
/* Categories are put together by worth. Names of fewer than 10 customers, or a tenth of least_share, count as one: the rare. */
pt_rc pt_woe_fit_codes(pt_woe **out, const uint32_t *codes, size_t n_names, const float *event, const float *weight,
                       const pt_row_set *rows, const pt_woe_options *options, pt_err *err);
void pt_woe_free(pt_woe *w); /* NULL is fine */

/* The bin of a value, PT_WOE_NO_BIN for a name never seen where there is no bin of rare ones. */
size_t pt_woe_bin_of_number(const pt_woe *w, float value);
size_t pt_woe_bin_of_code(const pt_woe *w, uint32_t code);
/* The worth of a bin; 0 of PT_WOE_NO_BIN. */
static inline double pt_woe_worth(const pt_woe *w, size_t bin)
{
    return bin < pt_woe_bins(w) ? w->bins[bin].woe : 0;
}

/* As a part of a stored model. Bytes are not trusted: PT_ECORRUPT. */
pt_rc pt_woe_save(pt_str *out, const pt_woe *w, pt_err *err);
pt_rc pt_woe_load(pt_woe **out, pt_sv bytes, pt_err *err);

#endif
