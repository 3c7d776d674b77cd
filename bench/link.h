/* Persons to link, from a Parquet file to groups: shared by the benchmarks of linking. */
#ifndef BENCH_LINK_H
#define BENCH_LINK_H

#include "base/intern.h"
#include "bench.h"
#include "link/kinds.h"
#include "support/invented.h"

enum { BENCH_PERSONS_SEED = 1 };

uint64_t bench_link_rows(void); /* a million, or ROWS of the environment */

/* The file of `rows` invented Western persons, made once: persons_<rows>.parquet in env->dir. */
void bench_persons(char path[512], const bench_env *env, uint64_t rows);

/* What was read and set up; zero-initialised but for `pool`. */
typedef struct bench_linking {
    pt_arena *arena;
    pt_pool *pool;
    pt_link_setup *setup;
    pt_link_model model;
    pt_intern *texts[INVENTED_FIELDS]; /* by field: the setup borrows them */
    uint32_t *person;                  /* the truth: by record, a number of its own for each person */
    uint32_t n;
} bench_linking;

pt_rc bench_linking_read(bench_linking *l, const char *path, pt_err *err);
pt_rc bench_linking_learn(bench_linking *l, pt_err *err);
void bench_linking_free(bench_linking *l);

typedef struct bench_f1 {
    double f1, precision, recall;
} bench_f1;
/* Of all pairs inside groups against all pairs of one person. */
bench_f1 bench_groups_f1(const uint32_t *group, const uint32_t *person, uint32_t n);

#endif
