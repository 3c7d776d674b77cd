/* What an evaluator promises beside right values: data that grows or is not there, as-ofs that move, customers of any size,
 * dictionaries of computed texts that do not grow for ever. */
#include <stdlib.h>

#include "base/intern.h"
#include "eval/state.h"
#include "support/test.h"

/* One source `ev(word text, n number, m money, gone text)` and a way to evaluate one expression over it. */
typedef struct bench {
    pt_arena *arena;
    pt_lang_column columns[4];
    pt_lang_source source;
    pt_catalog catalog;
    pt_module *module;
    pt_program *program;
    pt_eval *eval;
    pt_column data[4];
    uint64_t *offsets;
    int64_t *time;
    pt_events events;
    uint64_t identity[2];
    pt_batch batch;
} bench;

enum { AS_OF_DAY = 20000 };
#define AS_OF (AS_OF_DAY * PT_DAY)

static const pt_node *checked(bench *b, const char *expression)
{
    pt_err err = {0};
    pt_diags diags;
    const pt_node *node;
    pt_sv text = pt_sv_of(expression);
    pt_place place = {.file = "expression", .text = text, .line = 1, .col = 1, .length = 1};

    pt_diags_init(&diags, b->arena);
    if (!b->module)
        CHECK_OK(pt_lang_check(&b->module, &b->catalog, &diags, b->arena, &err));
    CHECK_OK(pt_lang_expression(&node, b->module, text, place, PT_TYPE_NONE, &diags, b->arena, &err));
    CHECK(node);
    pt_diags_free(&diags);
    return node;
}

/* The caller sets the data after this. */
static void open_bench(bench *b, const char *expression)
{
    pt_err err = {0};
    pt_eval_options options = {.as_of = AS_OF, .zone = pt_zone_utc()};

    *b = (bench){
        .arena = pt_arena_new(0),
        .columns = {{"word", PT_TYPE_TEXT}, {"n", PT_TYPE_NUMBER}, {"m", PT_TYPE_MONEY}, {"gone", PT_TYPE_TEXT}}};
    CHECK(b->arena);
    b->source = (pt_lang_source){"ev", PT_SOURCE_EVENT, b->columns, 4};
    b->catalog = (pt_catalog){.sources = &b->source, .n_sources = 1};
    CHECK_OK(pt_program_build_expression(&b->program, b->module, checked(b, expression), &err));
    CHECK_OK(pt_eval_new(&b->eval, b->program, &options, &err));
    b->events.columns = b->data;
    b->batch = (pt_batch){.n_customers = 1, .sources = &b->events, .identities = b->identity};
}

static void close_bench(bench *b)
{
    pt_eval_free(b->eval);
    pt_program_free(b->program);
    pt_arena_free(b->arena);
}

/* n events of one customer, a second apart, the last at the as-of. */
static void set_times(bench *b, size_t n)
{
    b->offsets = PT_NEW_ARRAY(b->arena, uint64_t, 2);
    b->time = PT_NEW_ARRAY(b->arena, int64_t, n);
    CHECK(b->offsets && b->time);
    b->offsets[1] = n;
    for (size_t i = 0; i < n; i++)
        b->time[i] = AS_OF - (int64_t)(n - 1 - i) * PT_SECOND;
    b->events.offsets = b->offsets;
    b->events.time = b->time;
}

static double number_of(bench *b)
{
    pt_err err = {0};

    CHECK_OK(pt_eval_run(b->eval, &b->batch, &err));
    return *(const double *)pt_eval_tag(b->eval, 0)->data;
}

static const char *text_of(bench *b)
{
    pt_err err = {0};

    CHECK_OK(pt_eval_run(b->eval, &b->batch, &err));
    const pt_column *c = pt_eval_tag(b->eval, 0);
    uint32_t code = pt_column_code(c, 0);
    if (!code)
        return "(missing)";
    pt_sv text = pt_dict_text(c->dict, code);
    return pt_arena_strndup(b->arena, text.ptr, text.len);
}

TEST(eval_run__dictionaries_may_grow_between_runs)
{
    bench b;
    pt_intern *words = pt_intern_new();
    uint32_t codes[4];

    CHECK(words);
    open_bench(
        &b, "count(ev where word = 'late') + 10 * count(ev where word matches '^l') + 100 * distinct(lower(ev.word))");
    for (uint32_t i = 0; i < 3; i++)
        codes[i] = pt_intern_add(words, pt_sv_of(i ? "other" : "lonely"));
    set_times(&b, 3);
    b.data[0] = (pt_column){.type = PT_TYPE_TEXT, .width = 4, .data = codes, .dict = pt_intern_dict(words)};
    CHECK_DOUBLE(number_of(&b), 210);
    set_times(&b, 4);
    codes[3] = pt_intern_add(words, PT_SV("late"));
    CHECK_DOUBLE(number_of(&b), 321);
    codes[2] = codes[3];
    CHECK_DOUBLE(number_of(&b), 332);
    close_bench(&b);
    pt_intern_free(words);
}

TEST(eval_run__forget_takes_up_a_changed_dictionary)
{
    bench b;
    pt_intern *words = pt_intern_new();
    uint32_t code;

    CHECK(words);
    open_bench(&b, "if(last(ev.word) = 'b', concat(last(ev.word), '!'), upper(last(ev.word)))");
    set_times(&b, 1);
    code = pt_intern_add(words, PT_SV("a"));
    b.data[0] = (pt_column){.type = PT_TYPE_TEXT, .width = 4, .data = &code, .dict = pt_intern_dict(words)};
    CHECK_STR(text_of(&b), "A");
    pt_intern_clear(words);
    code = pt_intern_add(words, PT_SV("b"));
    pt_eval_forget(b.eval);
    CHECK_STR(text_of(&b), "b!");
    close_bench(&b);
    pt_intern_free(words);
}

TEST(eval_run__the_as_of_moves)
{
    bench b;

    open_bench(&b, "count(ev within 1m) + 1000 * day(today())");
    set_times(&b, 100);
    CHECK_DOUBLE(number_of(&b), 60 + 1000 * 4); /* 2024-10-04 */
    pt_eval_set_as_of(b.eval, AS_OF - 70 * PT_SECOND);
    CHECK_DOUBLE(number_of(&b), 30 + 1000 * 3);
    pt_eval_set_as_of(b.eval, AS_OF + PT_DAY);
    CHECK_DOUBLE(number_of(&b), 0 + 1000 * 5);
    close_bench(&b);
}

TEST(eval_run__only_columns_that_are_read_need_data)
{
    bench b;
    double n[] = {1, 2, 4};

    open_bench(&b, "sum(ev.n where n > 1)");
    set_times(&b, 3);
    b.data[1] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = n};
    CHECK_DOUBLE(number_of(&b), 6);
    CHECK(pt_program_reads(b.program, 0, 1));
    CHECK(pt_program_reads(b.program, 0, -1));
    CHECK(!pt_program_reads(b.program, 0, 0) && !pt_program_reads(b.program, 0, 2) &&
          !pt_program_reads(b.program, 0, 3));
    close_bench(&b);
}

TEST(eval_run__a_source_may_have_no_events_at_all)
{
    bench b;

    open_bench(
        &b, "concat(coalesce(max(ev.word), 'none'), text(count(ev where word = 'x' or n > 2) + sum(ev.n)), "
            "text(size(values(ev.word))), text(size(top(ev.word, 2))), coalesce(last(ev.word where gone = 'y'), '-'))");
    b.events = (pt_events){0};
    CHECK_STR(text_of(&b), "none000-");
    close_bench(&b);
}

TEST(eval_run__a_batch_may_have_no_customers)
{
    bench b;
    pt_err err = {0};

    open_bench(&b, "count(ev)");
    b.batch.n_customers = 0;
    CHECK_OK(pt_eval_run(b.eval, &b.batch, &err));
    CHECK_INT(pt_eval_tag(b.eval, 0)->type, PT_TYPE_NUMBER);
    close_bench(&b);
}

TEST(eval_run__blocks_hold_whole_customers)
{
    enum { CUSTOMERS = 3000 };
    bench b;
    static uint64_t offsets[CUSTOMERS + 1];

    open_bench(&b, "count(ev)");
    for (size_t c = 0; c < CUSTOMERS; c++)
        offsets[c + 1] = offsets[c] + (c < 2000 ? 1 : c == 2000 ? 20000 : 1000);
    b.events.offsets = offsets;
    b.batch.n_customers = CUSTOMERS;
    CHECK_INT(pt_eval_block(b.program, &b.batch, 0), BLOCK_CUSTOMERS);
    CHECK_INT(pt_eval_block(b.program, &b.batch, 1999), 1); /* the next is too large to share a block */
    CHECK_INT(pt_eval_block(b.program, &b.batch, 2000), 1);
    CHECK_INT(pt_eval_block(b.program, &b.batch, 2001), BLOCK_EVENTS / 1000);
    CHECK_INT(pt_eval_block(b.program, &b.batch, CUSTOMERS - 1), 1);
    close_bench(&b);
}

/* Every run makes a new text; the evaluator must not keep them all, nor mix them up when it starts anew. */
TEST(eval_run__computed_texts_do_not_pile_up)
{
    enum { RUNS = 200000 };
    bench b;
    double n[1];
    pt_err err = {0};

    open_bench(&b, "if(last(ev.n) >= 0, concat('n', text(last(ev.n))), 'never')");
    set_times(&b, 1);
    b.data[1] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = n};
    for (int i = 0; i < RUNS; i++) {
        char want[32];
        n[0] = i;
        CHECK_OK(pt_eval_run(b.eval, &b.batch, &err));
        const pt_column *c = pt_eval_tag(b.eval, 0);
        snprintf(want, sizeof want, "n%d", i);
        CHECK(pt_sv_eq(pt_dict_text(c->dict, pt_column_code(c, 0)), pt_sv_of(want)));
    }
    for (size_t i = 0; i < b.program->n_ops; i++)
        CHECK(!b.eval->slots[i].texts || pt_intern_count(b.eval->slots[i].texts) <= (UINT32_C(1) << 16) + 1);
    close_bench(&b);
}

/* --- one customer of millions of events ------------------------------------------------------------------------------------ */

enum { MANY = 3000000 };

static void check_many(const char *expression, double want)
{
    bench b;
    static double n[MANY];
    static int64_t m[MANY];
    static uint8_t words[MANY];
    static const char texts[] = "abcdefg";
    static const uint64_t text_ends[] = {0, 1, 2, 3, 4, 5, 6, 7};
    static const pt_dict dict = {.n = 7, .sorted = true, .offsets = text_ends, .bytes = texts};

    open_bench(&b, expression);
    set_times(&b, MANY);
    for (int i = 0; i < MANY; i++) {
        n[i] = i % 1000;
        m[i] = (i % 5) * PT_MONEY_UNIT;
        words[i] = (uint8_t)(1 + i % 7);
    }
    b.data[0] = (pt_column){.type = PT_TYPE_TEXT, .width = 1, .data = words, .dict = &dict};
    b.data[1] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = n};
    b.data[2] = (pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = m};
    CHECK_DOUBLE(number_of(&b), want);
    close_bench(&b);
}

TEST(eval_run__a_customer_of_millions_of_events)
{
    check_many("count(ev)", MANY);
    check_many("count(ev where word = 'c' within 1000000s)", 142858);
    check_many("sum(ev.n)", 999.0 / 2 * MANY);
    check_many("sum(ev.m where n < 500) / money(1)", MANY); /* i % 1000 below 500: 0 to 4, each as often */
    check_many("max(ev.n * 2 within 999s)", 1998);
    check_many("min(ev.n within 999s)", 1);
    check_many("distinct(ev.n)", 1000);
    check_many("distinct(ev.n + if(word = 'a', 0.5, 0))", 2000);
    check_many("distinct(ev.word within 5s)", 5);
    check_many("first(ev.n within 10s)", 990);
    check_many("first(ev.n)", 0);
    check_many("median(ev.n)", 499.5);
    check_many("quantile(ev.n, 0.0005)", 0);
    check_many("days(ev)",
               36); /* 3,000,000 s before midnight of day 20000 is 34.7 days: 35 whole ones and the last instant */
    check_many("streak(ev)", 36);
    check_many("gap(ev)", 1.0 / 86400);
    check_many("weight_of(top(ev.word, 7), 'g')", MANY / 7);
    check_many("funnel(ev where n = 0, ev where n = 999, ev where n = 0 within 1000s)", 3);
    check_many("funnel(ev where n = 0, ev where n = 999, ev where n = 0 within 999s)", 2);
    check_many("round(avg(ev.m) / money(1), 9)", 2);
}

/* Dictionaries of computed texts grow from chunk to chunk, beyond what arrays by code are made for. */
TEST(eval_run__computed_texts_of_a_large_customer)
{
    check_many("distinct(text(ev.time) within 100000s)", 100000);
    check_many("size(values(text(ev.time) within 70000s))", 70000);
    check_many("number(item(values(text(ev.n) within 70000s), 1))", 0);
    check_many("size(top(text(ev.time), 1000 within 70000s))", 1000);
    check_many("size(top(text(ev.time), 1000 within 70000s weight 2))", 1000);
    check_many("weight_of(top(text(ev.n), 1 within 100000s), '999')", 100);
    check_many("number(mode(text(ev.n) within 100000s))", 999);
    check_many("distinct(text(ev.time) within 9000s) + distinct(text(ev.time) within 20000s)", 29000);
}
