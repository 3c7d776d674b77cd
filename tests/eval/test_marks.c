/* The events that pt_eval_marks points at are those that a count counts, however a batch is cut. */
#include "eval/kernels.h"
#include "eval/state.h"
#include "support/eval_data.h"
#include "support/eval_expressions.h"
#include "support/test.h"

typedef struct subject {
    dataset data;
    pt_module *module;
    pt_arena *arena;
} subject;

static pt_err err;

static void open_subject(subject *s, pt_rng *r)
{
    pt_diags diags;

    *s = (subject){.arena = pt_arena_new(0)};
    CHECK(s->arena);
    s->data.arena = s->arena;
    s->data.as_of = INT64_C(1710534896000000);
    CHECK_OK(pt_zone_open(&s->data.zone, "America/St_Johns", &err));
    dataset_catalog(&s->data, NULL, 0);
    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_check(&s->module, &s->data.catalog, &diags, s->arena, &err));
    pt_diags_free(&diags);
    dataset_fill(&s->data, r, 12, 90);
}

static void close_subject(subject *s)
{
    pt_zone_free(s->data.zone);
    pt_arena_free(s->arena);
}

static pt_program *plan(const subject *s, const char *text)
{
    pt_place place = {.file = "test", .text = pt_sv_of(text), .line = 1, .col = 1, .length = 1};
    const pt_node *node;
    pt_program *p;
    pt_diags diags;

    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_expression(&node, s->module, pt_sv_of(text), place, PT_TYPE_NONE, &diags, s->arena, &err));
    if (!node)
        test_fail(__FILE__, __LINE__, "does not check: %s", text);
    pt_diags_free(&diags);
    CHECK_OK(pt_program_build_expression(&p, s->module, node, &err));
    return p;
}

static pt_eval *evaluator(const subject *s, const pt_program *p, uint32_t events)
{
    pt_eval_options options = {.as_of = s->data.as_of, .zone = s->data.zone};
    pt_eval *e;

    CHECK_OK(pt_eval_new(&e, p, &options, &err));
    CHECK_OK(pt_eval_limit(e, 4, events, &err));
    return e;
}

/* How many events of each customer are marked; a block each. */
static void count_marks(const subject *s, const char *text, size_t steps, uint32_t events, double *counts)
{
    pt_batch all = dataset_batch(&s->data, WIDTHS_MIXED, s->arena);
    pt_program *p = plan(s, text);
    pt_eval *e = evaluator(s, p, events);
    pt_mark marks[4];
    pt_events sources[8];

    for (size_t c = 0; c < s->data.n_customers; c++) {
        pt_batch one = pt_batch_slice(&all, c, 1, sources, s->data.catalog.n_sources);
        CHECK_OK(pt_eval_marks(marks, e, &one, &err));
        for (size_t k = 0; k < steps; k++) {
            counts[c * steps + k] = 0;
            for (uint32_t row = marks[k].from[0]; row < marks[k].end[0]; row++)
                counts[c * steps + k] += pt_bits_test(marks[k].bits, row);
            CHECK(marks[k].end[0] == 0 || one.sources[marks[k].source].offsets[0] == marks[k].base);
        }
    }
    pt_eval_free(e);
    pt_program_free(p);
}

static void check_counts(const subject *s, const char *text, size_t steps, size_t step, const double *counts)
{
    pt_batch all = dataset_batch(&s->data, WIDTHS_NARROW, s->arena);
    pt_program *p = plan(s, text);
    pt_eval *e = evaluator(s, p, 8192);

    CHECK_OK(pt_eval_run(e, &all, &err));
    for (size_t c = 0; c < s->data.n_customers; c++)
        CHECK_DOUBLE(counts[c * steps + step], ((const double *)pt_eval_tag(e, 0)->data)[c]);
    pt_eval_free(e);
    pt_program_free(p);
}

/* "orders where ..." with a random condition over the events of the first source. */
static const char *condition(const subject *s, pt_rng *r)
{
    static const char *const some[] = {"month(time) < 7", "hour(time) between 8 and 17", "time < as_of - 40d",
                                       "weekday(time) in (1, 6, 7)", "not (day(time) > 20)"};
    const char *source = s->data.catalog.sources[pt_rng_below(r, 2)].name;

    if (pt_rng_below(r, 5) == 0)
        return source;
    return pt_arena_printf(s->arena, "%s where %s", source, some[pt_rng_below(r, PT_COUNT(some))]);
}

TEST(eval_marks__are_the_events_that_count_counts)
{
    static const char *const windows[] = {"", " within 90d", " since 2024-01-05", " between 2023-06-01 and 2024-02-01"};
    double counts[12 * 2];
    pt_rng r;

    pt_rng_seed(&r, 99);
    for (int round = 0; round < 60; round++) {
        subject s;
        open_subject(&s, &r);
        const char *one = condition(&s, &r), *two = condition(&s, &r);
        const char *window = windows[pt_rng_below(&r, PT_COUNT(windows))];
        uint32_t events = pt_rng_below(&r, 2) ? 8192 : 1; /* a customer in one chunk, or in many */
        count_marks(&s, pt_arena_printf(s.arena, "did(%s%s)", one, window), 1, events, counts);
        check_counts(&s, pt_arena_printf(s.arena, "count(%s%s)", one, window), 1, 0, counts);
        if (strcmp(window, " within 90d") == 0)
            window = ""; /* of a funnel, `within` is the span of its steps */
        count_marks(&s, pt_arena_printf(s.arena, "funnel(%s, %s within 3d%s)", one, two, window), 2, events, counts);
        check_counts(&s, pt_arena_printf(s.arena, "count(%s%s)", one, window), 2, 0, counts);
        check_counts(&s, pt_arena_printf(s.arena, "count(%s%s)", two, window), 2, 1, counts);
        close_subject(&s);
    }
}

TEST(eval_marks__refuse_what_has_no_events)
{
    subject s;
    pt_mark mark;
    pt_events sources[8];
    pt_rng r;

    pt_rng_seed(&r, 3);
    open_subject(&s, &r);
    pt_batch all = dataset_batch(&s.data, WIDTHS_NARROW, s.arena);
    pt_batch one = pt_batch_slice(&all, 0, 1, sources, s.data.catalog.n_sources);
    pt_program *p = plan(&s, "1 + 2");
    pt_eval *e = evaluator(&s, p, 8192);
    CHECK(pt_eval_marks(&mark, e, &one, &err) == PT_EINVAL);
    pt_eval_free(e);
    pt_program_free(p);

    const char *source = s.data.catalog.sources[0].name;
    p = plan(&s, pt_arena_printf(s.arena, "did(%s)", source));
    e = evaluator(&s, p, 1);
    CHECK(pt_eval_marks(&mark, e, &all, &err) == PT_EINVAL); /* more than a block */
    pt_eval_free(e);
    pt_program_free(p);
    close_subject(&s);
}
