/* One record resolved against a million: p50 and p99 of the time of each. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/compare.h"
#include "link.h"
#include "link/online.h"

enum { ASKED = 20000, MOST = 10, LARGEST = 5000 };

typedef struct asking {
    pt_link_query *query;
    const invented_field *fields;
    size_t n_fields, n, found;
    uint32_t stride;
    double resolve[ASKED], change[ASKED]; /* seconds */
} asking;

/* Asks who a record of the index is, then takes it out of the index and puts it back. */
static pt_rc ask(asking *a, const invented_record *r, uint32_t record, pt_err *err)
{
    pt_link_match matches[MOST];
    pt_sv values[INVENTED_FIELDS];
    size_t n;

    for (size_t f = 0; f < a->n_fields; f++)
        values[f] = pt_sv_of(r->text[f]);
    double start = bench_now();
    PT_TRY(pt_link_resolve(a->query, values, matches, MOST, &n, err));
    double resolved = bench_now();
    for (size_t i = 0; i < n; i++)
        a->found += matches[i].record == record;
    a->resolve[a->n] = resolved - start;
    start = bench_now();
    PT_TRY(pt_link_online_change(a->query, record, values, err));
    a->change[a->n++] = bench_now() - start;
    return PT_OK;
}

static pt_rc ask_all(asking *a, uint64_t rows, pt_err *err)
{
    invented *g = invented_new(INVENTED_WESTERN, rows, BENCH_PERSONS_SEED);
    invented_record record;
    pt_rc rc = g ? PT_OK : pt_fail_nomem(err, "persons");

    a->n_fields = invented_fields(&a->fields, INVENTED_WESTERN);
    for (uint32_t i = 0; rc == PT_OK && a->n < ASKED && invented_next(g, &record); i++)
        if (i % a->stride == 0)
            rc = ask(a, &record, i, err);
    invented_free(g);
    return rc;
}

static void report(asking *a, bench_result *out)
{
    qsort(a->resolve, a->n, sizeof *a->resolve, pt_compare_doubles);
    qsort(a->change, a->n, sizeof *a->change, pt_compare_doubles);
    printf(
        "# portrait: %zu records resolved, %zu of them found again; p50 %.0f us, p99 %.0f us, most %.0f us; changed: "
        "p50 %.0f us, p99 %.0f us\n",
        a->n, a->found, a->resolve[a->n / 2] * 1e6, a->resolve[a->n * 99 / 100] * 1e6, a->resolve[a->n - 1] * 1e6,
        a->change[a->n / 2] * 1e6, a->change[a->n * 99 / 100] * 1e6);
    out->seconds = a->resolve[a->n * 99 / 100];
    out->bytes = a->resolve[a->n / 2];
}

static pt_rc make_index(pt_link_online **online, bench_linking *l, uint32_t changes, pt_err *err)
{
    pt_link_online_options options = {.room = changes, .largest = LARGEST};
    pt_link_blocks *b;
    double start = bench_now();

    PT_TRY(pt_link_blocks_new(&b, &l->setup->table.records, l->setup->rules, l->setup->n_rules, LARGEST, l->pool, err));
    pt_rc rc = pt_link_online_new(online, l->setup, &l->model, b, &options, l->pool, err);
    printf("# portrait: index made in %.2f s\n", bench_now() - start);
    pt_link_blocks_free(b);
    return rc;
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    bench_linking l = {0};
    pt_link_online *online = NULL;
    asking *a = pt_zalloc(1, sizeof *a);
    char path[512];

    if (!a)
        return pt_fail_nomem(err, "persons");
    a->stride = (uint32_t)(rows / ASKED > 0 ? rows / ASKED : 1);
    bench_persons(path, env, rows);
    pt_rc rc = pt_pool_new(&l.pool, 0, err);
    if (rc == PT_OK)
        rc = bench_linking_read(&l, path, err);
    if (rc == PT_OK)
        rc = bench_linking_learn(&l, err);
    if (rc == PT_OK)
        rc = make_index(&online, &l, ASKED, err);
    if (rc == PT_OK)
        rc = pt_link_query_new(&a->query, online, err);
    if (rc == PT_OK)
        rc = ask_all(a, rows, err);
    if (rc == PT_OK)
        report(a, out);
    fflush(stdout);
    pt_link_query_free(a->query);
    pt_link_online_free(online);
    bench_linking_free(&l);
    free(a);
    return rc;
}

void bench_link_online(const bench_env *env)
{
    bench_result r = bench_child(env, measure, bench_link_rows());

    bench_line("link_online", r.seconds * 1e6, "us_p99", 0, NULL);
    bench_line("link_online_p50", r.bytes * 1e6, "us", 0, NULL);
    bench_line("link_online_memory", r.peak_mb, "MB", 0, NULL);
}
