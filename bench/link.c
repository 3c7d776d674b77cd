/* Linking a million invented persons: from a Parquet file to groups, and blocking and scoring alone. */
#include "link.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "link/compete.h"
#include "peers/python.h"

enum { MOST_OF_PEER = 1000000 }; /* records that Splink is asked to link */

static uint64_t count_pairs(const pt_link_blocks *b, size_t n_rules)
{
    uint64_t pairs = 0;

    for (size_t r = 0; r < n_rules; r++)
        pairs += pt_link_blocks_report(b, r)->new_pairs;
    return pairs;
}

/* Probability from which records are put together, as by default in a project. */
static const double LEAST = 0.95;

static pt_rc score_and_group(bench_linking *l, uint32_t *group, pt_err *err)
{
    const pt_link_records *records = &l->setup->table.records;
    double least = log2(LEAST / (1 - LEAST)), start = bench_now();
    pt_link_blocks *b;
    pt_link_pair *pairs;
    size_t n;

    PT_TRY(pt_link_blocks_new(&b, records, l->setup->rules, l->setup->n_rules, 0, l->pool, err));
    double blocked = bench_now();
    pt_rc rc = pt_link_propose(&pairs, &n, &l->model, records, b, NULL, least, l->pool, err);
    double scored = bench_now();
    if (rc == PT_OK) {
        for (size_t r = 0; r < l->setup->n_rules; r++) {
            const pt_link_block_report *report = pt_link_blocks_report(b, r);
            printf("#   %s: %llu pairs, %llu new, largest block %llu\n", l->setup->rules[r].name,
                   (unsigned long long)report->pairs, (unsigned long long)report->new_pairs,
                   (unsigned long long)report->largest);
        }
        rc = pt_link_cluster(group, &l->model, records, NULL, pairs, n, least, l->pool, err);
    }
    printf("# portrait: %llu pairs blocked in %.2f s, scored in %.2f s, %zu kept, grouped in %.2f s\n",
           (unsigned long long)count_pairs(b, l->setup->n_rules), blocked - start, scored - blocked, n,
           bench_now() - scored);
    free(pairs);
    pt_link_blocks_free(b);
    return rc;
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    bench_linking l = {0};
    char path[512];
    double start;

    bench_persons(path, env, rows);
    PT_TRY(pt_pool_new(&l.pool, 0, err));
    start = bench_now();
    pt_rc rc = bench_linking_read(&l, path, err);
    double ready = bench_now();
    if (rc == PT_OK)
        rc = bench_linking_learn(&l, err);
    printf("# portrait: learned in %.2f s\n", bench_now() - ready);
    uint32_t *group = pt_alloc64(l.n + 1, sizeof *group);
    if (!group)
        rc = pt_fail_nomem(err, "persons");
    if (rc == PT_OK)
        rc = score_and_group(&l, group, err);
    out->seconds = bench_now() - start;
    if (rc == PT_OK) {
        bench_f1 f1 = bench_groups_f1(group, l.person, l.n);
        printf("# portrait: F1 %.5f, precision %.5f, recall %.5f; groups %016llx\n", f1.f1, f1.precision, f1.recall,
               (unsigned long long)pt_hash64(group, l.n * sizeof *group));
        out->bytes = f1.f1;
    }
    fflush(stdout);
    free(group);
    bench_linking_free(&l);
    return rc;
}

void bench_link_1m(const bench_env *env)
{
    uint64_t rows = bench_link_rows();
    bench_result whole = bench_child(env, measure, rows);
    bench_python_run runs[4];
    char path[512];

    bench_persons(path, env, rows);
    size_t n = rows > MOST_OF_PEER ? 0
                                   : bench_python(runs, PT_COUNT(runs), env, "link.py",
                                                  (const char *[]){"whole", path, "default", "tuned", NULL});
    const bench_python_run *splink = bench_python_best(runs, n, "splink");
    if (splink)
        printf("# F1: %.4f ours, %.4f %s\n", whole.bytes, bench_python_value(splink, "f1"), splink->name);
    bench_line("link_1m", whole.seconds, "s", splink ? splink->seconds / whole.seconds : 0,
               splink ? splink->name : "-");
    bench_line("link_1m_f1", whole.bytes, "f1", splink ? whole.bytes / bench_python_value(splink, "f1") : 0,
               splink ? splink->name : "-");
    bench_line("link_1m_memory", whole.peak_mb, "MB", 0, NULL);
}
