/* The evaluator against the naive interpreter: random programs over random data. A case that fails is made smaller, both
 * its expression and its data, until nothing can be taken away, and then printed. */
#include <stdlib.h>

#include "eval/state.h"
#include "support/eval_expressions.h"
#include "support/naive.h"
#include "support/test.h"

static const char *const zones[] = {
    "UTC", "Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "-03:30"};
/* 2024-03-15 in the evening; just after the clocks change in America and in Europe; 29 February; midnight in UTC. */
static const int64_t instants[] = {INT64_C(1710534896000000), INT64_C(1710056700000000), INT64_C(1711848600000001),
                                   INT64_C(1709197200000000), INT64_C(1710460800000000)};

typedef struct subject {
    dataset data;
    pt_module *module;
    pt_arena *arena;
} subject;

/* --- one case ------------------------------------------------------------------------------------------------------------------ */

static bool same_number(double a, double b, bool exact)
{
    return a == b || (!exact && fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)) + 1e-12);
}

static bool same_items(const cell *a, const cell *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (!pt_sv_eq(a->items[i], b->items[i]) || (a->type == PT_TYPE_WEIGHTED && a->weights[i] != b->weights[i]))
            return false;
    return true;
}

static bool same_cell(const cell *a, const cell *b, bool exact)
{
    if (a->missing || b->missing)
        return a->missing == b->missing;
    switch (a->type) {
    case PT_TYPE_BOOL: return a->boolean == b->boolean;
    case PT_TYPE_NUMBER: return same_number(a->number, b->number, exact);
    case PT_TYPE_DATE: return a->date == b->date;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return pt_sv_eq(a->text, b->text);
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: return same_items(a, b);
    default: return a->i64 == b->i64;
    }
}

static const pt_node *check(const pt_module *module, const char *text, pt_arena *arena, pt_str *report)
{
    pt_err err = {0};
    pt_diags diags;
    const pt_node *node = NULL;
    pt_place place = {.file = "expression", .text = pt_sv_of(text), .line = 1, .col = 1, .length = 1};

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_expression(&node, module, pt_sv_of(text), place, PT_TYPE_NONE, &diags, arena, &err));
    if (!node && report)
        pt_diags_print(&diags, report, false);
    pt_diags_free(&diags);
    return node;
}

/* The first customer for whom the two differ, or SIZE_MAX; their values, when asked for. */
static size_t differs(const subject *s, const pt_node *node, bool exact, cell *got, cell *want, pt_arena *arena)
{
    pt_err err = {0};
    pt_program *program;
    pt_eval *e;
    pt_eval_options options = {.as_of = s->data.as_of, .zone = s->data.zone};
    pt_batch batch = dataset_batch(&s->data, WIDTHS_MIXED, arena);
    size_t found = SIZE_MAX;

    CHECK_OK(pt_program_build_expression(&program, s->module, node, &err));
    CHECK_OK(pt_eval_new(&e, program, &options, &err));
    CHECK_OK(pt_eval_run(e, &batch, &err));
    for (size_t c = 0; c < s->data.n_customers && found == SIZE_MAX; c++) {
        cell a = cell_of_column(pt_eval_tag(e, 0), c, arena), b = naive_value(&s->data, s->module, node, c, arena);
        if (a.type != node->type || !same_cell(&a, &b, exact)) {
            found = c;
            if (got)
                *got = a;
            if (want)
                *want = b;
        }
    }
    pt_eval_free(e);
    pt_program_free(program);
    return found;
}

/* --- making a failure smaller ------------------------------------------------------------------------------------------------------ */

static bool still_fails(const subject *s, const pt_node *node, bool exact)
{
    pt_arena *arena = pt_arena_new(0);
    bool fails = differs(s, node, exact, NULL, NULL, arena) != SIZE_MAX;

    pt_arena_free(arena);
    return fails;
}

/* Tries the data without events [from, from+n) of a source. */
static bool drop_events(subject *s, size_t source, size_t from, size_t n, const pt_node *node, bool exact)
{
    data_source *d = &s->data.sources[source], kept = *d;
    data_event *events = PT_NEW_ARRAY(s->arena, data_event, d->n);

    memcpy(events, d->events, from * sizeof *events);
    memcpy(events + from, d->events + from + n, (d->n - from - n) * sizeof *events);
    *d = (data_source){events, d->n - n};
    if (still_fails(s, node, exact))
        return true;
    *d = kept;
    return false;
}

static void shrink_data(subject *s, const pt_node *node, bool exact)
{
    for (size_t source = 0; source < s->data.catalog.n_sources; source++) {
        for (size_t n = s->data.sources[source].n; n > 0; n /= 2)
            for (size_t from = 0; from + n <= s->data.sources[source].n;)
                if (!drop_events(s, source, from, n, node, exact))
                    from += n;
    }
    for (size_t source = 0; source < s->data.catalog.n_sources; source++) {
        for (size_t i = 0; i < s->data.sources[source].n; i++) {
            for (size_t k = 0; k < s->data.catalog.sources[source].n_columns; k++) {
                cell *c = &s->data.sources[source].events[i].cells[k], kept = *c;
                *c = cell_missing(c->type);
                if (!still_fails(s, node, exact))
                    *c = kept;
            }
        }
    }
}

typedef struct smaller {
    subject *s;
    const pt_node *best;
    bool exact;
} smaller;

static void try_node(smaller *w, const pt_node *node)
{
    if (node != w->best && node->level < 0 && still_fails(w->s, node, w->exact))
        w->best = node;
}

/* Copies of an aggregate with one part taken away or replaced by a part of it. */
static void try_simpler_aggregates(smaller *w, const pt_node *node)
{
    enum { WAYS = 6 };

    for (int way = 0; way < WAYS && node == w->best; way++) {
        pt_agg *agg = PT_NEW(w->s->arena, pt_agg);
        pt_node *copy = PT_NEW(w->s->arena, pt_node);
        *agg = *node->u.agg;
        *copy = *node;
        copy->u.agg = agg;
        switch (way) {
        case 0: agg->where = NULL; break;
        case 1: agg->window = (pt_window){.kind = PT_WINDOW_ALL}; break;
        case 2: agg->weight = NULL; break;
        case 3: agg->half_life = 0; break;
        default:
            if (!agg->where || agg->where->n_args <= (uint32_t)(way - 4) ||
                agg->where->args[way - 4]->type != PT_TYPE_BOOL)
                continue;
            agg->where = agg->where->args[way - 4];
            break;
        }
        if (!pt_node_equal(copy, node))
            try_node(w, copy);
    }
}

static const pt_node *shrink_node(subject *s, const pt_node *node, bool exact)
{
    smaller w = {s, node, exact};

    for (const pt_node *before = NULL; before != w.best;) {
        before = w.best;
        for (uint32_t i = 0; i < before->n_args && w.best == before; i++)
            try_node(&w, before->args[i]);
        if (w.best == before && before->kind == PT_NODE_AGGREGATE)
            try_simpler_aggregates(&w, before);
        if (w.best == before && before->kind == PT_NODE_TAG && s->module->tags[before->u.tag])
            try_node(&w, s->module->tags[before->u.tag]);
    }
    return w.best;
}

static _Noreturn void report(subject *s, const pt_node *node, bool exact, uint64_t seed)
{
    pt_str out = {0};
    cell got = {0}, want = {0};

    node = shrink_node(s, node, exact);
    shrink_data(s, node, exact);
    node = shrink_node(s, node, exact);
    size_t c = differs(s, node, exact, &got, &want, s->arena);
    pt_str_addf(&out, "seed %llu\n  ", (unsigned long long)seed);
    pt_lang_print(&out, node, &s->data.catalog);
    pt_str_addf(&out, "\n  for %s is ", s->data.ids[c]);
    cell_print(&out, &got, s->data.zone);
    pt_str_add(&out, ", expected ");
    cell_print(&out, &want, s->data.zone);
    pt_str_addc(&out, '\n');
    dataset_print(&out, &s->data);
    printf("%s", pt_str_cstr(&out));
    pt_str_free(&out);
    test_fail(__FILE__, __LINE__, "the evaluator and the naive interpreter differ");
}

/* --- many cases ----------------------------------------------------------------------------------------------------------------------- */

enum { TAGS = 3 };
static const char *const tag_names[TAGS] = {"t1", "t2", "t3"};

/* A few number tags, each of which may use those before it. */
static void make_tags(subject *s, pt_rng *r)
{
    pt_err err = {0};
    pt_diags diags;
    pt_lang_tag tags[TAGS];
    pt_str report_text = {0};

    for (size_t i = 0; i < TAGS; i++) {
        pt_str text = {0};
        expression_options options = {.depth = 2, .tags = tag_names, .n_tags = i};
        random_expression(&text, r, PT_TYPE_NUMBER, &options);
        const char *kept = pt_arena_strdup(s->arena, pt_str_cstr(&text));
        pt_str_free(&text);
        tags[i] = (pt_lang_tag){.name = tag_names[i],
                                .value = pt_sv_of(kept),
                                .place = {.file = "tags", .text = pt_sv_of(kept), .line = 1, .col = 1, .length = 1}};
    }
    dataset_catalog(&s->data, tags, TAGS);
    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_check(&s->module, &s->data.catalog, &diags, s->arena, &err));
    if (diags.errors)
        pt_diags_print(&diags, &report_text, false);
    if (diags.errors)
        test_fail(__FILE__, __LINE__, "%s", pt_str_cstr(&report_text));
    pt_diags_free(&diags);
}

static void open_subject(subject *s, pt_rng *r, size_t customers, size_t events)
{
    pt_err err = {0};

    *s = (subject){.arena = pt_arena_new(0)};
    CHECK(s->arena);
    s->data.arena = s->arena;
    s->data.as_of = instants[pt_rng_below(r, PT_COUNT(instants))];
    CHECK_OK(pt_zone_open(&s->data.zone, zones[pt_rng_below(r, PT_COUNT(zones))], &err));
    make_tags(s, r);
    dataset_fill(&s->data, r, customers, events);
}

static void close_subject(subject *s)
{
    pt_zone_free(s->data.zone);
    pt_arena_free(s->arena);
}

static void run_expression(subject *s, pt_rng *r, uint64_t seed, bool inexact, bool ahead)
{
    static const pt_type types[] = {PT_TYPE_BOOL,     PT_TYPE_NUMBER, PT_TYPE_MONEY, PT_TYPE_DATE,    PT_TYPE_INSTANT,
                                    PT_TYPE_DURATION, PT_TYPE_TEXT,   PT_TYPE_LIST,  PT_TYPE_WEIGHTED};
    pt_str text = {0}, problems = {0};
    pt_arena *arena = pt_arena_new(0);
    expression_options options = {
        .depth = 1 + (int)pt_rng_below(r, 4), .tags = tag_names, .n_tags = TAGS, .inexact = inexact, .ahead = ahead};
    pt_type type = types[pt_rng_below(r, PT_COUNT(types))];

    random_expression(&text, r, type, &options);
    const pt_node *node = check(s->module, pt_str_cstr(&text), s->arena, &problems);
    if (!node)
        test_fail(__FILE__, __LINE__, "seed %llu: %s", (unsigned long long)seed, pt_str_cstr(&problems));
    if (differs(s, node, !inexact, NULL, NULL, arena) != SIZE_MAX)
        report(s, node, !inexact, seed);
    pt_arena_free(arena);
    pt_str_free(&text);
    pt_str_free(&problems);
}

/* PORTRAIT_PROPERTY_CASES makes it run longer, PORTRAIT_PROPERTY_SEED begins elsewhere. */
static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);

    return value ? strtoull(value, NULL, 10) : otherwise;
}

static void many_cases(bool inexact, bool ahead, uint64_t cases)
{
    enum { EACH = 20 };
    uint64_t first = setting("PORTRAIT_PROPERTY_SEED", 1);

    for (uint64_t seed = first; seed < first + cases / EACH; seed++) {
        pt_rng r;
        subject s;
        pt_rng_seed(&r, seed);
        open_subject(&s, &r, 1 + pt_rng_below(&r, 6), 1 + pt_rng_below(&r, 24));
        s.data.catalog.ahead = ahead;
        for (int i = 0; i < EACH; i++)
            run_expression(&s, &r, seed, inexact, ahead);
        close_subject(&s);
    }
}

TEST(eval_property__random_programs_agree_with_the_naive_interpreter)
{
    many_cases(false, false, setting("PORTRAIT_PROPERTY_CASES", 4000));
}

TEST(eval_property__rounded_statistics_agree_with_the_naive_interpreter)
{
    many_cases(true, false, setting("PORTRAIT_PROPERTY_CASES", 4000) / 4);
}

/* Targets: what comes after the as-of is seen through windows ahead, and through nothing else. */
TEST(eval_property__windows_ahead_agree_with_the_naive_interpreter)
{
    many_cases(false, true, setting("PORTRAIT_PROPERTY_CASES", 4000) / 2);
    many_cases(true, true, setting("PORTRAIT_PROPERTY_CASES", 4000) / 4);
}
