/* Planning and evaluating while memory runs out: PT_ENOMEM every time, nothing lost, and right values once there is memory
 * again. */
#include "base/intern.h"
#include "eval/state.h"
#include "fault/inject.h"
#include "support/test.h"

enum { CUSTOMERS = 3, EVENTS = 600 };

#define AS_OF (INT64_C(20000) * PT_DAY)

/* One of everything that allocates while it runs. */
static const char *const expressions[] = {
    "count(ev where word = 'a' or word matches '^b' within 30d)",
    "sum(ev.n where lower(word) in ('a', 'b', 'c', 'd', 'e') within 9d) + sum(ev.n within 5d)",
    "if(last(ev.word) = 'b', concat(first(ev.word), '!'), text(count(ev)))",
    "values(upper(ev.word))",
    "top(ev.word, 3 weight n half_life 2d)",
    "top(ev.word, 2)",
    "mode(ev.n)",
    "distinct(ev.word) + distinct(ev.n) + distinct(concat(ev.word, text(ev.n)))",
    "median(ev.n) + quantile(ev.n, 0.9)",
    "stddev(ev.n) + trend(ev.n) + trend(ev within 9d) + days(ev) + streak(ev) + gap(ev)",
    "funnel(ev where word = 'a', ev where n > 5, ev within 3d)",
    "coalesce(values(ev.word where n > 100), values(ev.word))",
    "tiers(max(ev.word) = 'a', 'low', min(ev.word) < 'z', 'high')",
    "size(values(ev.word)) + weight_of(top(ev.word, 3), 'a') + length(item(values(ev.word), 1))",
    "count(ev where n > total / 100)",
};
enum { N = sizeof expressions / sizeof expressions[0] };

typedef struct world {
    pt_arena *arena;
    pt_lang_column columns[2];
    pt_lang_source source;
    pt_lang_tag tags[N + 1];
    pt_catalog catalog;
    pt_module *module;
    uint32_t wanted[N];
    pt_intern *words;
    uint32_t codes[EVENTS];
    double numbers[EVENTS];
    int64_t times[EVENTS];
    uint64_t offsets[CUSTOMERS + 1], identities[CUSTOMERS];
    pt_column data[2];
    pt_events events;
    pt_batch batch;
} world;

static void make_data(world *w)
{
    static const char *const words[] = {"a", "b", "c", "Dd", ""};

    CHECK((w->words = pt_intern_new()));
    for (size_t i = 0; i < EVENTS; i++) {
        w->codes[i] = pt_intern_add(w->words, pt_sv_of(words[i * i % 5]));
        w->numbers[i] = (double)(i % 13);
        w->times[i] = AS_OF - (int64_t)(i < 20 ? 20 - i : EVENTS - i) * PT_HOUR;
    }
    w->offsets[1] = w->offsets[2] = 20; /* the second has none, the third more than fit a chunk */
    w->offsets[3] = EVENTS;
    w->data[0] = (pt_column){.type = PT_TYPE_TEXT, .width = 4, .data = w->codes, .dict = pt_intern_dict(w->words)};
    w->data[1] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = w->numbers};
    w->events = (pt_events){w->offsets, w->times, w->data};
    w->batch = (pt_batch){.n_customers = CUSTOMERS, .sources = &w->events, .identities = w->identities};
}

static void open_world(world *w)
{
    pt_err err = {0};
    pt_diags diags;

    *w = (world){.arena = pt_arena_new(0), .columns = {{"word", PT_TYPE_TEXT}, {"n", PT_TYPE_NUMBER}}};
    CHECK(w->arena);
    w->source = (pt_lang_source){"ev", PT_SOURCE_EVENT, w->columns, 2};
    for (uint32_t i = 0; i <= N; i++) {
        pt_sv text = pt_sv_of(i == N ? "sum(ev.n)" : expressions[i]);
        const char *name = i == N ? "total" : pt_arena_printf(w->arena, "t%u", i);
        w->tags[i] = (pt_lang_tag){
            .name = name, .value = text, .place = {.file = "tags", .text = text, .line = 1, .col = 1, .length = 1}};
        if (i < N)
            w->wanted[i] = i;
    }
    w->catalog = (pt_catalog){.sources = &w->source, .n_sources = 1, .tags = w->tags, .n_tags = N + 1};
    pt_diags_init(&diags, w->arena);
    CHECK_OK(pt_lang_check(&w->module, &w->catalog, &diags, w->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    make_data(w);
}

static void close_world(world *w)
{
    pt_intern_free(w->words);
    pt_arena_free(w->arena);
}

static pt_rc new_eval(pt_eval **out, const pt_program *program, pt_err *err)
{
    pt_eval_options options = {.as_of = AS_OF, .zone = pt_zone_utc()};

    PT_TRY(pt_eval_new(out, program, &options, err));
    pt_rc rc = pt_eval_limit(*out, 2, 128, err);
    if (rc != PT_OK) {
        pt_eval_free(*out);
        *out = NULL;
    }
    return rc;
}

static void put_value(pt_str *out, const pt_column *c, size_t row)
{
    if (pt_column_missing(c, row)) {
        pt_str_add(out, "missing");
    } else if (pt_type_is_list(c->type)) {
        for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++) {
            pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, i)));
            pt_str_addf(out, ":%.17g,", c->weights ? c->weights[i] : 0);
        }
    } else if (pt_type_is_text(c->type)) {
        pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, row)));
    } else {
        pt_str_addf(out, "%.17g", ((const double *)c->data)[row]);
    }
    pt_str_addc(out, '\n');
}

static void put_values(pt_str *out, const pt_eval *e)
{
    pt_str_clear(out);
    for (size_t i = 0; i < N; i++)
        for (size_t c = 0; c < CUSTOMERS; c++)
            put_value(out, pt_eval_tag(e, i), c);
    CHECK(!out->failed);
}

/* What it is with all the memory it wants. */
static void expected_values(const world *w, pt_str *out)
{
    pt_err err = {0};
    pt_program *program;
    pt_eval *e;

    CHECK_OK(pt_program_build(&program, w->module, w->wanted, N, &err));
    CHECK_OK(new_eval(&e, program, &err));
    CHECK_OK(pt_eval_run(e, &w->batch, &err));
    put_values(out, e);
    pt_eval_free(e);
    pt_program_free(program);
}

TEST(eval_program__without_memory)
{
    world w;
    pt_err err = {0};
    pt_program *program;
    bool failed = true;

    open_world(&w);
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = pt_program_build(&program, w.module, w.wanted, N, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
        pt_program_free(program);
    }
    close_world(&w);
}

TEST(eval_run__without_memory_and_with_it_again)
{
    world w;
    pt_err err = {0};
    pt_program *program;
    pt_eval *e;
    pt_str want = {0}, got = {0};
    bool failed = true;

    open_world(&w);
    expected_values(&w, &want);
    CHECK_OK(pt_program_build(&program, w.module, w.wanted, N, &err));
    for (unsigned long n = 1; failed; n++) {
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = new_eval(&e, program, &err);
        if (rc == PT_OK)
            rc = pt_eval_run(e, &w.batch, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
        if (e) {
            CHECK_OK(pt_eval_run(e, &w.batch, &err));
            put_values(&got, e);
            CHECK_STR(pt_str_cstr(&got), pt_str_cstr(&want));
        }
        pt_eval_free(e);
    }
    pt_str_free(&want);
    pt_str_free(&got);
    pt_program_free(program);
    close_world(&w);
}

TEST(eval_leaves__without_memory)
{
    world w;
    pt_err err = {0};
    pt_program *program;
    pt_eval *e;
    pt_events part;
    bool failed = true;

    open_world(&w);
    pt_batch third = pt_batch_slice(&w.batch, 2, 1, &part, 1);
    CHECK_OK(pt_program_build(&program, w.module, w.wanted, N, &err));
    CHECK_OK(new_eval(&e, program, &err));
    CHECK_OK(pt_eval_run(e, &third, &err));
    for (unsigned long n = 1; failed; n++) {
        pt_arena *arena = pt_arena_new(0);
        const pt_leaf *leaves;
        size_t count;
        CHECK(arena);
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = pt_eval_leaves(&leaves, &count, e, N - 1, arena, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
        CHECK_INT(count, failed ? 0 : 2);
        pt_arena_free(arena);
    }
    pt_eval_free(e);
    pt_program_free(program);
    close_world(&w);
}
