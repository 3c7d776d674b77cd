/* An invented population for the benches of the index: 200 tags with 2,000 values in all, made from hashes of row numbers,
 * so that it is the same everywhere and any column can be made alone.
 *
 *   60 bools · 82 categories of 3 to 12 values, of which 30 bands with an order · 8 of 24 to 485 (city 485) · 10 lists of 24
 *   to 60 items · 40 numbers: 14 counts, 10 of days, 16 amounts of money
 *
 * Values are skewed: of V values the first i have the share (i/V)^(1/skew), so that of 485 cities the first has 13 %. Many
 * tags miss some customers. Half of the tags go along with a trait that customers have, so that conditions are not
 * independent. Kinds are mixed in the catalogue: the first 100 tags are like the last 100. */
#ifndef BENCH_POPULATION_H
#define BENCH_POPULATION_H

#include "base/pool.h"
#include "base/type.h"

enum { POPULATION_TAGS = 200 };

typedef enum population_kind {
    POPULATION_BOOL,
    POPULATION_CATEGORY,
    POPULATION_LIST,
    POPULATION_COUNT, /* numbers: exact codes */
    POPULATION_DAYS,
    POPULATION_MONEY
} population_kind;

typedef struct population_tag {
    char name[16];
    population_kind kind;
    pt_type type;
    uint32_t values; /* of bools 2; 0 of numbers */
    double skew, missing;
    bool trait;
} population_tag;

const population_tag *population_tags(void);
/* The code (of categories and bools 1..values, 0 missing) of a customer. */
uint32_t population_code(const population_tag *tag, uint32_t row);
/* Makes a column, its rows in parallel. To be freed with population_free. */
pt_rc population_column(pt_column *out, size_t tag, uint32_t rows, pt_pool *pool, pt_err *err);
void population_free(pt_column *column);

#endif
