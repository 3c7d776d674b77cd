/* A customer's values are the same bits however the batch is cut, whatever the width of codes, and whichever loops run. */
#include <stdlib.h>

#include "base/pool.h"
#include "eval/state.h"
#include "support/eval_data.h"
#include "support/eval_expressions.h"
#include "support/test.h"

enum { TAGS = 40 };

typedef struct subject {
    dataset data;
    pt_module *module;
    pt_program *program;
    pt_arena *arena;
    uint32_t tags[TAGS];
} subject;

/* Many tags of every type, the inexact ones too. */
static void make_tags(subject *s, pt_rng *r)
{
    static const pt_type types[] = {PT_TYPE_BOOL,     PT_TYPE_NUMBER, PT_TYPE_MONEY, PT_TYPE_DATE,    PT_TYPE_INSTANT,
                                    PT_TYPE_DURATION, PT_TYPE_TEXT,   PT_TYPE_LIST,  PT_TYPE_WEIGHTED};
    pt_err err = {0};
    pt_diags diags;
    pt_lang_tag tags[TAGS];

    for (size_t i = 0; i < TAGS; i++) {
        pt_str text = {0};
        expression_options options = {.depth = 3, .inexact = i % 8 == 7};
        random_expression(&text, r, types[i % PT_COUNT(types)], &options);
        const char *kept = pt_arena_strdup(s->arena, pt_str_cstr(&text));
        pt_str_free(&text);
        tags[i] = (pt_lang_tag){.name = pt_arena_printf(s->arena, "t%zu", i),
                                .value = pt_sv_of(kept),
                                .place = {.file = "tags", .text = pt_sv_of(kept), .line = 1, .col = 1, .length = 1}};
    }
    dataset_catalog(&s->data, tags, TAGS);
    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_check(&s->module, &s->data.catalog, &diags, s->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    for (uint32_t i = 0; i < TAGS; i++)
        s->tags[i] = (uint32_t)(s->data.catalog.n_tags - TAGS + i);
    CHECK_OK(pt_program_build(&s->program, s->module, s->tags, TAGS, &err));
}

static void open_subject(subject *s, pt_rng *r, size_t customers, size_t events)
{
    pt_err err = {0};

    *s = (subject){.arena = pt_arena_new(0)};
    CHECK(s->arena);
    s->data.arena = s->arena;
    s->data.as_of = INT64_C(1710534896000000);
    CHECK_OK(pt_zone_open(&s->data.zone, "America/St_Johns", &err));
    make_tags(s, r);
    dataset_fill(&s->data, r, customers, events);
}

static void close_subject(subject *s)
{
    pt_program_free(s->program);
    pt_zone_free(s->data.zone);
    pt_arena_free(s->arena);
}

static pt_eval *new_eval(const subject *s)
{
    pt_err err = {0};
    pt_eval *e;
    pt_eval_options options = {.as_of = s->data.as_of, .zone = s->data.zone};

    CHECK_OK(pt_eval_new(&e, s->program, &options, &err));
    return e;
}

/* Every value of every customer as text, numbers by their bits. */
static void put_value(pt_str *out, const pt_column *c, size_t row, pt_arena *arena, const pt_zone *zone)
{
    cell v = cell_of_column(c, row, arena);
    uint64_t bits;

    if (v.type == PT_TYPE_NUMBER && !v.missing) {
        memcpy(&bits, &v.number, sizeof bits);
        pt_str_addf(out, "%llx", (unsigned long long)bits);
    } else {
        cell_print(out, &v, zone);
    }
    for (size_t i = 0; i < v.n && v.type == PT_TYPE_WEIGHTED; i++)
        pt_str_addf(out, " %a", v.weights[i]);
    pt_str_addc(out, '\n');
}

/* The values of customers [first, first+n), as a batch of their own; lines go to lines[customer][tag]. */
static void evaluate(const subject *s, pt_eval *e, const pt_batch *batch, size_t first, size_t n, pt_str *lines)
{
    pt_err err = {0};
    pt_events sources[8];
    pt_batch part = pt_batch_slice(batch, first, n, sources, s->data.catalog.n_sources);

    CHECK_OK(pt_eval_run(e, &part, &err));
    for (size_t c = 0; c < n; c++)
        for (size_t i = 0; i < TAGS; i++)
            put_value(&lines[first + c], pt_eval_tag(e, i), c, s->arena, s->data.zone);
}

static void compare(const subject *s, const pt_str *got, const pt_str *want, const char *how)
{
    for (size_t c = 0; c < s->data.n_customers; c++) {
        const char *a = pt_str_cstr(&got[c]), *b = pt_str_cstr(&want[c]);
        for (size_t i = 0; i < TAGS; i++) {
            size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
            if (n != m || memcmp(a, b, n) != 0) {
                const pt_lang_tag *tag = &s->data.catalog.tags[s->tags[i]];
                test_fail(__FILE__, __LINE__, "%s: %s of %s is %.*s, not %.*s:\n    %.*s", how, tag->name,
                          s->data.ids[c], (int)n, a, (int)m, b, (int)tag->value.len, tag->value.ptr);
            }
            a += n + 1;
            b += m + 1;
        }
    }
}

static void free_lines(const subject *s, pt_str *lines)
{
    for (size_t c = 0; c < s->data.n_customers; c++)
        pt_str_free(&lines[c]);
}

typedef struct way {
    const char *name;
    const pt_kernels *kernels;
    code_widths widths;
    uint32_t customers, events; /* of a block; 0: as shipped */
    bool sliced;                /* in random parts */
} way;

static void run_way(const subject *s, const way *w, pt_rng *r, pt_str *lines)
{
    pt_err err = {0};
    pt_eval *e = new_eval(s);
    pt_batch batch = dataset_batch(&s->data, w->widths, s->arena);

    if (w->kernels)
        pt_eval_use_kernels(e, w->kernels);
    if (w->customers)
        CHECK_OK(pt_eval_limit(e, w->customers, w->events, &err));
    for (size_t first = 0, n; first < s->data.n_customers; first += n) {
        n = s->data.n_customers - first;
        if (w->sliced)
            n = 1 + pt_rng_below(r, n);
        evaluate(s, e, &batch, first, n, lines);
    }
    pt_eval_free(e);
}

static void all_ways(uint64_t seed, size_t customers, size_t events)
{
    static const way ways[] = {
        {"wide codes", NULL, WIDTHS_WIDE, 0, 0, false},
        {"mixed codes", NULL, WIDTHS_MIXED, 0, 0, false},
        {"one a block", NULL, WIDTHS_MIXED, 1, 64, false},
        {"tiny blocks", NULL, WIDTHS_NARROW, 3, 64, false},
        {"small blocks", NULL, WIDTHS_WIDE, 7, 192, false},
        {"random parts", NULL, WIDTHS_MIXED, 0, 0, true},
        {"parts of tiny blocks", NULL, WIDTHS_MIXED, 2, 128, true},
    };
    pt_rng r;
    subject s;
    pt_str *want, *got;

    pt_rng_seed(&r, seed);
    open_subject(&s, &r, customers, events);
    want = PT_NEW_ARRAY(s.arena, pt_str, customers);
    got = PT_NEW_ARRAY(s.arena, pt_str, customers);
    run_way(&s, &(way){.name = "whole", .widths = WIDTHS_NARROW}, &r, want);
    for (size_t i = 0; i < PT_COUNT(ways); i++) {
        run_way(&s, &ways[i], &r, got);
        compare(&s, got, want, ways[i].name);
        for (size_t c = 0; c < customers; c++)
            pt_str_clear(&got[c]);
    }
    for (unsigned i = 0; pt_kernels_nth(i); i++) {
        way w = {pt_kernels_nth(i)->name, pt_kernels_nth(i), WIDTHS_MIXED, i, 64 + 64 * i, false};
        run_way(&s, &w, &r, got);
        compare(&s, got, want, w.name);
        for (size_t c = 0; c < customers; c++)
            pt_str_clear(&got[c]);
    }
    free_lines(&s, want);
    free_lines(&s, got);
    close_subject(&s);
}

TEST(eval_cuts__small_customers_give_the_same_bits_in_any_block)
{
    for (uint64_t seed = 1; seed <= 30; seed++)
        all_ways(seed, 25, 24);
}

TEST(eval_cuts__large_customers_give_the_same_bits_in_any_chunks)
{
    for (uint64_t seed = 101; seed <= 112; seed++)
        all_ways(seed, 4, 1500);
}

/* --- threads ------------------------------------------------------------------------------------------------------ */

typedef struct shared_work {
    const subject *s;
    pt_batch batch;
    pt_eval *evals[4]; /* by worker */
    pt_str *lines;
    pt_arena **arenas; /* by customer */
} shared_work;

static pt_rc evaluate_one(void *arg, size_t index, unsigned worker, pt_err *err)
{
    shared_work *w = arg;
    pt_events sources[8];
    pt_batch part = pt_batch_slice(&w->batch, index, 1, sources, w->s->data.catalog.n_sources);

    PT_TRY(pt_eval_run(w->evals[worker], &part, err));
    for (size_t i = 0; i < TAGS; i++)
        put_value(&w->lines[index], pt_eval_tag(w->evals[worker], i), 0, w->arenas[index], w->s->data.zone);
    return PT_OK;
}

TEST(eval_cuts__threads_share_a_program)
{
    enum { CUSTOMERS = 60, THREADS = 4 };
    pt_err err = {0};
    pt_rng r;
    subject s;
    shared_work w = {.s = &s};
    pt_pool *pool;
    pt_str *want;

    pt_rng_seed(&r, 77);
    open_subject(&s, &r, CUSTOMERS, 40);
    w.batch = dataset_batch(&s.data, WIDTHS_MIXED, s.arena);
    w.lines = PT_NEW_ARRAY(s.arena, pt_str, CUSTOMERS);
    w.arenas = PT_NEW_ARRAY(s.arena, pt_arena *, CUSTOMERS);
    want = PT_NEW_ARRAY(s.arena, pt_str, CUSTOMERS);
    run_way(&s, &(way){.name = "whole", .widths = WIDTHS_NARROW}, &r, want);
    for (size_t i = 0; i < THREADS; i++)
        w.evals[i] = new_eval(&s);
    for (size_t c = 0; c < CUSTOMERS; c++)
        CHECK((w.arenas[c] = pt_arena_new(0)));
    CHECK_OK(pt_pool_new(&pool, THREADS, &err));
    CHECK_OK(pt_pool_run(pool, CUSTOMERS, evaluate_one, &w, &err));
    compare(&s, w.lines, want, "threads");
    pt_pool_free(pool);
    for (size_t i = 0; i < THREADS; i++)
        pt_eval_free(w.evals[i]);
    for (size_t c = 0; c < CUSTOMERS; c++)
        pt_arena_free(w.arenas[c]);
    free_lines(&s, want);
    free_lines(&s, w.lines);
    close_subject(&s);
}
