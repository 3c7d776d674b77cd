/* Blocking and scoring alone: the rules, comparisons and levels of Splink's library (bench/peers/link.py) over the same persons. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "link.h"
#include "link/blocks.h"
#include "peers/python.h"

enum { GIVEN, FAMILY, BIRTH, PHONE, EMAIL, ADDRESS, CITY, POSTCODE, FIELDS, MOST_COLUMNS = 2 };

/* Splink's in the same order. */
static const int rules[][MOST_COLUMNS] = {{BIRTH, -1},        {EMAIL, -1},    {PHONE, -1},        {GIVEN, FAMILY},
                                          {FAMILY, POSTCODE}, {FAMILY, CITY}, {ADDRESS, POSTCODE}};
enum { RULES = sizeof rules / sizeof *rules };

typedef struct scored {
    pt_link_level levels[FIELDS][5];
    pt_link_comparison comparisons[FIELDS];
    pt_link_model model;
    pt_link_rule rules[RULES];
} scored;

static void add_level(scored *s, int f, pt_link_test test, uint32_t column, double bound)
{
    pt_link_comparison *c = &s->comparisons[f];

    s->levels[f][c->n_levels++] = (pt_link_level){.test = test, .column = column, .bound = bound};
}

static void add_levels(scored *s, int f, pt_link_test test, uint32_t column, double first, double second)
{
    add_level(s, f, test, column, first);
    add_level(s, f, test, column, second);
}

static void compare(scored *s, const pt_link_setup *setup)
{
    for (int f = 0; f < FIELDS; f++) {
        const pt_link_field *field = &setup->fields[f];
        s->comparisons[f] = (pt_link_comparison){.name = field->name, .column = field->column, .levels = s->levels[f]};
        add_level(s, f, PT_LINK_SAME, field->column, 0);
        if (f == GIVEN || f == FAMILY) {
            add_levels(s, f, PT_LINK_JARO_WINKLER, field->column, 0.92, 0.88);
            add_level(s, f, PT_LINK_JARO_WINKLER, field->column, 0.7);
        } else if (f == BIRTH) {
            add_level(s, f, PT_LINK_EDITS, field->column, 1);
            add_levels(s, f, PT_LINK_WITHIN, field->number, 30.4375, 365.25);
            add_level(s, f, PT_LINK_WITHIN, field->number, 3652.5);
        } else if (f == PHONE) {
            add_levels(s, f, PT_LINK_EDITS, field->column, 1, 2);
        } else if (f == EMAIL) {
            add_level(s, f, PT_LINK_JARO_WINKLER, field->column, 0.88);
        } else if (f == ADDRESS) {
            add_levels(s, f, PT_LINK_JARO_WINKLER, field->column, 0.92, 0.8);
        }
    }
    s->model = (pt_link_model){.n_comparisons = FIELDS, .comparisons = s->comparisons};
}

static pt_rc make_rule(pt_link_rule *out, const pt_link_setup *setup, const int *columns, pt_err *err)
{
    const pt_link_records *records = &setup->table.records;
    uint64_t *starts = PT_NEW_ARRAY(setup->table.arena, uint64_t, (size_t)records->n + 1),
             *keys = PT_NEW_ARRAY(setup->table.arena, uint64_t, (size_t)records->n + 1), used = 0, kept = 0;

    if (!starts || !keys)
        return pt_fail_nomem(err, "persons");
    for (uint32_t i = 0; i < records->n; i++) {
        uint64_t k = 1;
        starts[i] = kept;
        for (int c = 0; k && c < MOST_COLUMNS && columns[c] >= 0; c++) {
            uint32_t code = records->columns[setup->fields[columns[c]].column].codes[i];
            used |= UINT64_C(1) << setup->fields[columns[c]].column;
            k = code ? pt_mix64(k + code) | 1 : 0;
        }
        if (k)
            keys[kept++] = k;
    }
    starts[records->n] = kept;
    *out = (pt_link_rule){.name = "rule", .starts = starts, .keys = keys, .columns = used};
    return PT_OK;
}

/* From equal addresses of mail, and equal names with equal birth dates, as Splink's script has it. */
static pt_rc find_prior(double *prior, const bench_linking *l, pt_err *err)
{
    const pt_link_setup *setup = l->setup;
    uint64_t sure = 0;
    pt_link_blocks *b;

    PT_TRY(pt_link_blocks_new(&b, &setup->table.records, setup->sure, setup->n_sure, 0, l->pool, err));
    pt_rc rc = link_walk_run(&(link_walk){.blocks = b, .end_rule = setup->n_sure, .pool = l->pool}, err);
    for (size_t r = 0; r < setup->n_sure; r++)
        sure += pt_link_blocks_report(b, r)->new_pairs;
    pt_link_blocks_free(b);
    *prior = pt_link_prior(sure, 0.7, &setup->table.records);
    return rc;
}

/* As Splink learns it: sessions over equal names and equal birth dates. */
static pt_rc learn(scored *s, const bench_linking *l, pt_err *err)
{
    const pt_link_records *records = &l->setup->table.records;
    const pt_link_rule training[] = {s->rules[0], s->rules[3]};
    pt_link_training t = {.seed = 1, .pool = l->pool};
    pt_link_blocks *b;

    pt_link_preset(&s->model);
    PT_TRY(find_prior(&s->model.prior, l, err));
    PT_TRY(pt_link_learn_u(&s->model, records, &t, err));
    PT_TRY(pt_link_blocks_new(&b, records, training, PT_COUNT(training), 0, l->pool, err));
    pt_rc rc = pt_link_learn_m(&s->model, records, b, &t, err);
    pt_link_blocks_free(b);
    return rc;
}

static void pairs_path(char path[600], const bench_env *env)
{
    snprintf(path, 600, "%s/link_score.tmp.csv", env->dir);
}

/* For the peer, which says how many of them it has found too. */
static pt_rc write_pairs(const bench_env *env, const pt_link_pair *pairs, size_t n, pt_err *err)
{
    char path[600];

    pairs_path(path, env);
    FILE *file = fopen(path, "w");
    bool written = file && fputs("a,b,weight\n", file) >= 0;
    for (size_t i = 0; written && i < n; i++)
        written = fprintf(file, "%u,%u,%.6g\n", pairs[i].a, pairs[i].b, (double)pairs[i].weight) > 0;
    if (file)
        written &= fclose(file) == 0;
    return written ? PT_OK : pt_fail(err, PT_EIO, "cannot write %s", path);
}

static pt_rc score(bench_result *out, const bench_env *env, const scored *s, const bench_linking *l, pt_err *err)
{
    const pt_link_records *records = &l->setup->table.records;
    uint64_t looked_at = 0;
    pt_link_pair *pairs = NULL;
    pt_link_blocks *b;
    size_t n = 0;
    double start = bench_now();

    PT_TRY(pt_link_blocks_new(&b, records, s->rules, RULES, 0, l->pool, err));
    pt_rc rc = pt_link_score(&pairs, &n, &s->model, records, b, 0, l->pool, err);
    out->seconds = bench_now() - start;
    for (size_t r = 0; r < RULES; r++)
        looked_at += pt_link_blocks_report(b, r)->new_pairs;
    printf("# portrait: %llu pairs blocked and scored in %.3f s, %zu at even odds or better\n",
           (unsigned long long)looked_at, out->seconds, n);
    out->bytes = (double)looked_at;
    if (rc == PT_OK)
        rc = write_pairs(env, pairs, n, err);
    free(pairs);
    pt_link_blocks_free(b);
    return rc;
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    bench_linking l = {0};
    scored s = {0};
    char path[512];

    bench_persons(path, env, rows);
    PT_TRY(pt_pool_new(&l.pool, 0, err));
    pt_rc rc = bench_linking_read(&l, path, err);
    if (rc == PT_OK)
        compare(&s, l.setup);
    for (size_t r = 0; rc == PT_OK && r < RULES; r++)
        rc = make_rule(&s.rules[r], l.setup, rules[r], err);
    if (rc == PT_OK)
        rc = learn(&s, &l, err);
    if (rc == PT_OK)
        rc = score(out, env, &s, &l, err);
    fflush(stdout);
    bench_linking_free(&l);
    return rc;
}

void bench_link_score_1m(const bench_env *env)
{
    uint64_t rows = bench_link_rows();
    bench_result ours = bench_child(env, measure, rows);
    bench_python_run runs[2];
    char path[512], pairs[600], argument[640];

    bench_persons(path, env, rows);
    pairs_path(pairs, env);
    snprintf(argument, sizeof argument, "pairs=%s", pairs);
    size_t n =
        bench_python(runs, PT_COUNT(runs), env, "link.py", (const char *[]){"whole", path, "default", argument, NULL});
    remove(pairs);
    const bench_python_run *splink = bench_python_best(runs, n, "splink");
    double seconds = splink ? bench_python_value(splink, "scored") : 0;
    if (splink) {
        printf("# pairs: %.0f ours, %.0f Splink's\n", ours.bytes, bench_python_value(splink, "pairs"));
        printf("# at even odds or better: %.0f of both, %.0f ours alone, %.0f Splink's alone\n",
               bench_python_value(splink, "common"), bench_python_value(splink, "only_ours"),
               bench_python_value(splink, "only_theirs"));
    }
    bench_line("link_score_1m", ours.seconds, "s", splink ? seconds / ours.seconds : 0, splink ? "splink" : "-");
}
