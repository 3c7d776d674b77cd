/* Values of a tag as small codes, in an order that keeps theirs: what bit slices are made of. Pure.
 *
 * A value becomes a key, a 64-bit integer that compares as values do (money, dates and times are their own integers). Up to
 * PT_CODES_EXACT different keys are numbered one by one; of more, neighbours share a code, so that codes hold about
 * equally many customers. A code is an interval [low, high] of keys, both of which some customer has; whether a condition
 * holds for all, none or some of an interval follows from the two. Code 0 is "missing". */
#ifndef PT_INDEX_CODING_H
#define PT_INDEX_CODING_H

#include "base/mem.h"
#include "base/type.h"

enum {
    PT_CODES_EXACT = 4095, /* different keys that get a code each: eleven years of days, most counts */
    PT_CODES_SHARED = 4095 /* intervals at most where there are more */
};

/* The key of a present value; monotone. -0 and 0 have one key. */
int64_t pt_key_of_number(double value);
double pt_number_of_key(int64_t key);

/* The key of row i of a column of fixed width (number, money, date, instant, duration); false when it is missing. */
bool pt_key_of_row(int64_t *key, const pt_column *c, uint64_t i);

typedef struct pt_coding {
    uint32_t n;           /* codes 1..n */
    const int64_t *lows;  /* by code less 1, rising */
    const int64_t *highs; /* lows[c] <= highs[c] < lows[c + 1] */
} pt_coding;

/* The coding of a column of fixed width with `rows` rows, and the code of each row; depends on the values alone. The intervals
 * are in the arena. */
pt_rc pt_coding_make(pt_coding *out, uint16_t *codes, const pt_column *c, uint64_t rows, pt_arena *a, pt_err *err);
/* The first code whose high is at least `key`: 1..n+1. */
uint32_t pt_coding_find(const pt_coding *g, int64_t key);

#endif
