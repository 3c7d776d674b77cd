/* keep(x) and fresh(x, d), against x itself evaluated as of one instant after another. */
#include "base/rng.h"
#include "eval/state.h"
#include "support/test.h"

enum { CUSTOMERS = 60, MOST_EVENTS = 30, TAGS = 8 };

/* One source `ev(n number, word text)` and some tags over it. */
typedef struct shop {
    pt_arena *arena;
    pt_lang_column columns[2];
    pt_lang_source source;
    pt_lang_tag tags[TAGS];
    pt_catalog catalog;
    pt_module *module;
    pt_column data[2];
    pt_dict words;
    uint64_t offsets[CUSTOMERS + 1], identities[CUSTOMERS];
    int64_t time[CUSTOMERS * MOST_EVENTS];
    double n[CUSTOMERS * MOST_EVENTS];
    uint32_t word[CUSTOMERS * MOST_EVENTS];
    pt_events events;
    pt_batch batch;
} shop;

#define DAY(n) ((n)*PT_DAY)

static void fill(shop *s, uint64_t seed)
{
    static const uint64_t ends[] = {0, 3, 6};
    pt_rng r;
    uint64_t at = 0;

    pt_rng_seed(&r, seed);
    s->words = (pt_dict){.n = 2, .offsets = ends, .bytes = "teanut"};
    for (size_t c = 0; c < CUSTOMERS; c++) {
        int64_t t = DAY(pt_rng_below(&r, 100));
        s->offsets[c] = at;
        for (size_t k = pt_rng_below(&r, MOST_EVENTS); k > 0; k--, at++) {
            t += pt_rng_below(&r, 4) ? DAY(pt_rng_below(&r, 20)) : 0;
            s->time[at] = t;
            s->n[at] = pt_rng_below(&r, 3) ? (double)pt_rng_below(&r, 10) : (double)NAN;
            s->word[at] = (uint32_t)pt_rng_below(&r, 3);
        }
        s->identities[c] = pt_hash64(&c, sizeof c);
    }
    s->offsets[CUSTOMERS] = at;
    s->data[0] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = s->n};
    s->data[1] = (pt_column){.type = PT_TYPE_TEXT, .width = 4, .data = s->word, .dict = &s->words};
    s->events = (pt_events){s->offsets, s->time, s->data};
    s->batch = (pt_batch){.n_customers = CUSTOMERS, .sources = &s->events, .identities = s->identities};
}

static void open_shop(shop *s, const char *const *definitions, size_t n, uint64_t seed)
{
    pt_err err = {0};
    pt_diags diags;
    pt_str text = {0};

    *s = (shop){.arena = pt_arena_new(0), .columns = {{"n", PT_TYPE_NUMBER}, {"word", PT_TYPE_TEXT}}};
    CHECK(s->arena);
    s->source = (pt_lang_source){"ev", PT_SOURCE_EVENT, s->columns, 2};
    for (size_t i = 0; i < n; i++) {
        pt_sv value = pt_sv_of(definitions[i]);
        s->tags[i] = (pt_lang_tag){.name = pt_arena_printf(s->arena, "t%zu", i), .value = value};
        s->tags[i].place = (pt_place){.file = "tags", .text = value, .line = 1, .col = 1, .length = 1};
    }
    s->catalog = (pt_catalog){.sources = &s->source, .n_sources = 1, .tags = s->tags, .n_tags = n};
    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_check(&s->module, &s->catalog, &diags, s->arena, &err));
    pt_diags_print(&diags, &text, false);
    if (diags.errors)
        test_fail(__FILE__, __LINE__, "%s", pt_str_cstr(&text));
    pt_str_free(&text);
    pt_diags_free(&diags);
    fill(s, seed);
}

static pt_eval *evaluator(shop *s, uint32_t tag, int64_t as_of, pt_program **program)
{
    pt_err err = {0};
    pt_eval *e;

    CHECK_OK(pt_program_build(program, s->module, &tag, 1, &err));
    CHECK_OK(pt_eval_new(&e, *program, &(pt_eval_options){.as_of = as_of, .zone = pt_zone_utc()}, &err));
    return e;
}

/* The value of a row as text, empty for missing. */
static void add_value(pt_str *out, const pt_column *c, size_t row)
{
    pt_str_clear(out);
    if (pt_column_missing(c, row))
        return;
    if (c->type == PT_TYPE_NUMBER)
        pt_str_addf(out, "%.17g", ((const double *)c->data)[row]);
    else if (pt_type_is_text(c->type))
        pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, row)));
    if (!pt_type_is_list(c->type))
        return;
    pt_str_add(out, "list"); /* an empty one is a value */
    for (uint64_t k = c->offsets[row]; k < c->offsets[row + 1]; k++) {
        pt_sv item = pt_dict_text(c->dict, pt_column_code(c, k));
        pt_str_addf(out, "[%.*s %.17g]", (int)item.len, item.ptr, c->weights ? c->weights[k] : 1);
    }
}

/* What keep(t0) must be for one customer: t0 as of now, else as of its events' times, from the latest back. */
static void expected(pt_str *out, shop *s, pt_eval *e, size_t customer, int64_t as_of, int64_t oldest)
{
    pt_err err = {0};
    pt_events part;
    pt_batch one = pt_batch_slice(&s->batch, customer, 1, &part, 1);

    pt_eval_set_as_of(e, as_of);
    CHECK_OK(pt_eval_run(e, &one, &err));
    add_value(out, pt_eval_tag(e, 0), 0);
    for (uint64_t k = s->offsets[customer + 1]; !out->len && k-- > s->offsets[customer];) {
        if (s->time[k] >= as_of || s->time[k] <= oldest)
            continue;
        pt_eval_set_as_of(e, s->time[k]);
        CHECK_OK(pt_eval_run(e, &one, &err));
        add_value(out, pt_eval_tag(e, 0), 0);
    }
}

static void check_keep(const char *x, const char *keep, int64_t limit)
{
    const char *tags[] = {x, keep};
    static const int64_t instants[] = {DAY(60), DAY(200), DAY(300), DAY(500)};
    pt_program *plain, *kept, *again;
    pt_err err = {0};
    pt_str want = {0}, got = {0};
    size_t from_the_past = 0;
    static shop s;

    open_shop(&s, tags, 2, pt_hash64(keep, strlen(keep)));
    for (size_t i = 0; i < PT_COUNT(instants); i++) {
        pt_eval *e = evaluator(&s, 0, instants[i], &plain), *k = evaluator(&s, 1, instants[i], &kept);
        pt_eval *now = evaluator(&s, 0, instants[i], &again);
        CHECK_OK(pt_eval_run(k, &s.batch, &err));
        CHECK_OK(pt_eval_run(now, &s.batch, &err));
        for (size_t c = 0; c < CUSTOMERS; c++) {
            expected(&want, &s, e, c, instants[i], limit ? instants[i] - limit : INT64_MIN);
            add_value(&got, pt_eval_tag(k, 0), c);
            CHECK_STR(pt_str_cstr(&got), pt_str_cstr(&want));
            from_the_past += pt_column_missing(pt_eval_tag(now, 0), c) && got.len;
        }
        pt_eval_free(e);
        pt_eval_free(k);
        pt_eval_free(now);
        pt_program_free(kept);
        pt_program_free(again);
        pt_program_free(plain);
    }
    CHECK(from_the_past > 5);
    pt_str_free(&want);
    pt_str_free(&got);
    pt_arena_free(s.arena);
}

TEST(eval_keep__is_the_value_of_the_latest_instant_that_had_one)
{
    check_keep("avg(ev.n within 30d)", "keep(t0)", 0);
    check_keep("max(ev.n where word = 'tea' within 10d)", "keep(t0, 60d)", DAY(60));
    check_keep("mode(ev.word within 15d)", "keep(t0)", 0);
    check_keep("if(count(ev within 20d) > 1, top(ev.word, 2 within 20d), missing)", "keep(t0)", 0);
    check_keep("concat(last(ev.word within 9d), '!')", "keep(concat(t0, ''))", 0);
}

TEST(eval_keep__a_kept_tag_may_use_kept_tags)
{
    const char *tags[] = {"last(ev.n within 5d)", "keep(t0)", "keep(t1 + last(ev.n within 40d))"};
    static shop s;
    pt_program *program;
    pt_err err = {0};
    size_t known = 0;

    open_shop(&s, tags, 3, 5);
    pt_eval *e = evaluator(&s, 2, DAY(600), &program);
    CHECK_OK(pt_eval_run(e, &s.batch, &err));
    for (size_t c = 0; c < CUSTOMERS; c++)
        known += !pt_column_missing(pt_eval_tag(e, 0), c);
    CHECK(known > 20);
    pt_eval_free(e);
    pt_program_free(program);
    pt_arena_free(s.arena);
}

/* The newest event that an aggregate counts, found the long way. */
static int64_t newest_counted(const shop *s, size_t customer, int64_t as_of)
{
    int64_t newest = INT64_MIN;

    for (uint64_t k = s->offsets[customer]; k < s->offsets[customer + 1]; k++)
        if (s->time[k] <= as_of && s->word[k] == 1 && !isnan(s->n[k]) && s->time[k] > newest)
            newest = s->time[k];
    return newest;
}

TEST(eval_keep__fresh_goes_by_the_events_that_count)
{
    const char *tags[] = {"sum(ev.n where word = 'tea')", "fresh(t0, 50d)"};
    static shop s;
    pt_program *plain, *program;
    pt_err err = {0};
    size_t gone = 0;

    open_shop(&s, tags, 2, 9);
    pt_eval *e = evaluator(&s, 1, DAY(250), &program), *all = evaluator(&s, 0, DAY(250), &plain);
    CHECK_OK(pt_eval_run(e, &s.batch, &err));
    CHECK_OK(pt_eval_run(all, &s.batch, &err));
    for (size_t c = 0; c < CUSTOMERS; c++) {
        bool young = newest_counted(&s, c, DAY(250)) > DAY(200);
        double v = ((const double *)pt_eval_tag(e, 0)->data)[c];
        CHECK(isnan(v) == !young);
        CHECK(!young || v == ((const double *)pt_eval_tag(all, 0)->data)[c]);
        gone += !young;
    }
    CHECK(gone > 5 && gone < CUSTOMERS - 5);
    pt_eval_free(e);
    pt_eval_free(all);
    pt_program_free(program);
    pt_program_free(plain);
    pt_arena_free(s.arena);
}
