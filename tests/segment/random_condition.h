/* Random conditions that can be said twice: in the portrait language, and in SQL with its own three-valued logic. */
#ifndef TESTS_SEGMENT_RANDOM_CONDITION_H
#define TESTS_SEGMENT_RANDOM_CONDITION_H

#include "segment/population.h"

typedef enum condition_kind {
    CONDITION_AND,
    CONDITION_OR,
    CONDITION_NOT,
    CONDITION_SAME,    /* (a) = (b) */
    CONDITION_UNKNOWN, /* (a) is missing */
    CONDITION_LEAF
} condition_kind;

enum { CONDITION_MOST_VALUES = 4, CONDITION_DEPTH = 6 };

/* A constant of a tag's type. */
typedef struct condition_value {
    double number;
    int64_t units; /* money, date, instant, duration */
    pt_sv text;
} condition_value;

typedef struct condition {
    condition_kind kind;
    const struct condition *a, *b;
    unsigned form, op; /* of a leaf: which sentence, which of = != < <= > >= */
    uint32_t tag, other;
    bool negated;
    condition_value values[CONDITION_MOST_VALUES];
    unsigned n_values;
} condition;

/* Lives in the arena. */
const condition *random_condition(population *p, unsigned depth, pt_arena *arena);
void condition_portrait(pt_str *out, const population *p, const condition *c);
/* Over a table with a column for each tag: money, times and durations as BIGINT, dates as DATE, lists as VARCHAR[]. */
void condition_sql(pt_str *out, const population *p, const condition *c);
/* The i-th way to make it smaller; NULL when there are no more. */
const condition *condition_simpler(const condition *c, unsigned i, pt_arena *arena);

#endif
