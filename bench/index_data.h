/* The index of the invented population (population.h), made once, and conditions over it. Shared by the benches of the index. */
#ifndef BENCH_INDEX_DATA_H
#define BENCH_INDEX_DATA_H

#include "base/io.h"
#include "base/ordered.h"
#include "base/rng.h"
#include "bench.h"
#include "index/indexset.h"
#include "population.h"
#include "segment/segment.h"

/* Customers: ROWS of the environment, or 10 million. */
uint64_t bench_population(void);
void bench_index_path(char path[512], const bench_env *env, uint64_t rows);

/* Builds the index of all tags. With a path the file is written and synced, else its bytes are thrown away. `seconds` is the
 * time of building alone: columns are there before. */
typedef struct bench_built {
    double seconds;
    uint64_t bytes;
} bench_built;
pt_rc bench_index_build(bench_built *out, const char *path, uint32_t rows, pt_pool *pool, pt_err *err);
/* The same to the file of bench_index_path, on all threads, for bench_child. */
pt_rc bench_index_make(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err);

/* The index opened for questions, with what the planner asks for. */
typedef struct bench_index {
    uint32_t rows;
    pt_map map;
    pt_indexset *set;
    pt_pool *pool;
    pt_arena *arena;
    pt_module *module;
    pt_column columns[POPULATION_TAGS]; /* made when first asked for */
} bench_index;

pt_rc bench_index_open(bench_index **out, const bench_env *env, uint64_t rows, pt_err *err);
void bench_index_close(bench_index *x); /* NULL is fine */
/* The tag's index. */
pt_rc bench_index_tag(pt_tagindex **out, bench_index *x, uint32_t tag, pt_err *err);
/* The condition planned; all goes with the arena. */
pt_rc bench_index_plan(pt_crowd **out, bench_index *x, const char *condition, pt_arena *arena, pt_err *err);
/* Members of the condition, from its text to the number, on all threads. */
pt_rc bench_index_count(uint64_t *members, bench_index *x, const char *condition, pt_err *err);

/* A random condition of five leaves over categories and bools; `numbers` of them are ranges of numbers, which also brings
 * `not`. As text of the portrait language, and as SQL over columns of codes and of plain numbers. */
typedef struct bench_condition {
    char text[512], sql[768];
    char bitmaps[1536]; /* as functions over bitmaps of ClickHouse; of conditions without numbers */
    uint32_t tags[5];
} bench_condition;
void bench_condition_make(bench_condition *out, pt_rng *rng, uint32_t rows, unsigned numbers);

enum { BENCH_PEER_CONDITIONS = 20 };

/* What the peers take for the first of the conditions with so many numbers, in seconds a condition; 0 when a peer is not there.
 * Makes their table of the population when it is not there yet. */
typedef struct bench_peers {
    double duckdb, clickhouse;
} bench_peers;
bench_peers bench_peers_count(const bench_env *env, uint64_t rows, unsigned numbers, const bench_condition *conditions);
/* And for the counts of all values of `tags` in the segment `tag = code`. */
bench_peers bench_peers_insight(const bench_env *env, uint64_t rows, const uint32_t *tags, size_t n, uint32_t tag,
                                uint32_t code);

#endif
