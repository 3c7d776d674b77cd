#include "app/filter.h"

#include "app/base_stats.h"

#include <stdlib.h>

#include "base/rng.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

typedef struct pipe_ends {
    const char *in;
    size_t n, at, most; /* most: bytes a read gives at once */
    pt_str out;
} pipe_ends;

static pt_rc read_some(void *ctx, void *buf, size_t n, size_t *got, pt_err *e)
{
    pipe_ends *p = ctx;

    (void)e;
    *got = p->n - p->at < n ? p->n - p->at : n;
    *got = *got < p->most ? *got : p->most;
    if (*got)
        memcpy(buf, p->in + p->at, *got);
    p->at += *got;
    return PT_OK;
}

static pt_rc write_some(void *ctx, const void *bytes, size_t n, pt_err *e)
{
    pipe_ends *p = ctx;

    pt_str_addn(&p->out, bytes, n);
    return pt_str_check(&p->out, e);
}

/* Nothing was built: each statistic is made up. */
static const pt_base_set *some_base(pt_app *app)
{
    static const double number = 3;
    static const int64_t units = 1000000;
    const pt_node *const *needs;
    pt_base_set *set = PT_NEW(shop_arena(), pt_base_set);
    pt_base_value *items;

    CHECK(set);
    CHECK_OK(pt_base_needs_of_all(&needs, &set->n, pt_app_project(app), shop_arena(), &err));
    CHECK((items = PT_NEW_ARRAY(shop_arena(), pt_base_value, set->n)));
    for (size_t i = 0; i < set->n; i++) {
        bool is_number = needs[i]->type == PT_TYPE_NUMBER;
        items[i] = (pt_base_value){needs[i], {.type = needs[i]->type, .width = 8, .data = &units}};
        items[i].value.data = is_number ? (const void *)&number : (const void *)&units;
        if (needs[i]->type == PT_TYPE_WEIGHTED)
            CHECK_OK(pt_base_list(&items[i].value, &PT_SV("tea"), &number, 1, shop_arena(), &err));
    }
    set->items = items;
    return set;
}

/* What the filter answers to `in`; freed by the caller. */
static pt_str answer(pt_app *app, const char *in, size_t most, pt_rc want, pt_filter_stats *stats)
{
    pipe_ends ends = {.in = in, .n = strlen(in), .most = most};
    pt_filter_options options = {
        .as_of = INT64_C(1498867200000000), .read = read_some, .write = write_some, .ctx = &ends};

    CHECK_OK(pt_filter_tags(&options.tags, &options.n_tags, pt_app_project(app), shop_arena(), &err));
    options.base = some_base(app);
    CHECK_INT(pt_app_filter(stats, app, &options, &err), want);
    return ends.out;
}

/* --- order within a customer ------------------------------------------------------------------------------------------ */

typedef struct row {
    int64_t time;
    const char *line;
} row;

static int by_time(const void *a, const void *b)
{
    const row *x = a, *y = b;

    return (x->time > y->time) - (x->time < y->time);
}

/* An insertion sort: stable, and not the filter's. */
static void sort_stably(row *rows, size_t n)
{
    for (size_t i = 1; i < n; i++)
        for (size_t k = i; k > 0 && by_time(&rows[k - 1], &rows[k]) > 0; k--) {
            row t = rows[k];
            rows[k] = rows[k - 1];
            rows[k - 1] = t;
        }
}

static row random_row(pt_rng *r, int customer, bool member)
{
    static const char *const lists[] = {"a|b", "", "\\N", "茶", "a|b|c|d"}, *const texts[] = {"x", "tab\\there", "\\N",
                                                                                              ""};
    int64_t time = (int64_t)(1483228800 + pt_rng_below(r, 6) * 86400) * PT_SECOND; /* few instants: many ties */
    int n = (int)pt_rng_below(r, 1000);
    const char *line;

    if (member)
        line = pt_arena_printf(shop_arena(), "c%d\tmembers\t@%lld\t名%d\t%s\t1990-01-%02d\t%s\n", customer,
                               (long long)time, n, texts[pt_rng_below(r, 4)], 1 + n % 28, lists[pt_rng_below(r, 5)]);
    else
        line = pt_arena_printf(shop_arena(),
                               "c%d\torders\t@%lld\to%d\tS%d\ttea\t%d.50\t2\t%d\tapp\ttrue\t%s\t\\N\t@%lld\n", customer,
                               (long long)time, n, n % 7, n, 2 * n + 1, texts[pt_rng_below(r, 4)], (long long)time);
    return (row){time, line};
}

static void add_rows(pt_str *out, const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pt_str_add(out, rows[i].line);
}

TEST(app_filter__order_within_a_customer_does_not_matter)
{
    pt_app *app = shop_open(1);
    pt_str shuffled = {0}, sorted = {0};
    pt_filter_stats stats;
    pt_rng r;

    pt_rng_seed(&r, 7);
    for (int customer = 0; customer < 300; customer++) {
        row rows[24];
        size_t n = 1 + pt_rng_below(&r, 24);
        for (size_t i = 0; i < n; i++)
            rows[i] = random_row(&r, customer, pt_rng_below(&r, 3) == 0);
        add_rows(&shuffled, rows, n);
        sort_stably(rows, n);
        add_rows(&sorted, rows, n);
    }
    pt_str a = answer(app, pt_str_cstr(&shuffled), SIZE_MAX, PT_OK, &stats);
    CHECK_INT(stats.customers, 300);
    pt_str b = answer(app, pt_str_cstr(&sorted), SIZE_MAX, PT_OK, &stats);
    pt_str c = answer(app, pt_str_cstr(&sorted), 7, PT_OK, &stats); /* lines cut by short reads */
    CHECK_STR(pt_str_cstr(&a), pt_str_cstr(&b));
    CHECK_STR(pt_str_cstr(&c), pt_str_cstr(&b));
    pt_str_free(&a);
    pt_str_free(&b);
    pt_str_free(&c);
    pt_str_free(&shuffled);
    pt_str_free(&sorted);
    pt_app_close(app);
}

/* A customer's answer does not depend on its neighbours, nor on how many stand in a batch. */
TEST(app_filter__customers_do_not_touch_each_other)
{
    pt_app *app = shop_open(1);
    pt_str all = {0}, apart = {0};
    pt_filter_stats stats;
    pt_rng r;

    pt_rng_seed(&r, 11);
    for (int customer = 0; customer < 1500; customer++) {
        row rows[6];
        size_t n = 1 + pt_rng_below(&r, 6);
        pt_str one = {0};
        for (size_t i = 0; i < n; i++)
            rows[i] = random_row(&r, customer, pt_rng_below(&r, 2) == 0);
        add_rows(&one, rows, n);
        pt_str_addsv(&all, (pt_sv){one.ptr, one.len});
        if (customer % 50 == 0) { /* these are asked alone too */
            pt_str out = answer(app, pt_str_cstr(&one), SIZE_MAX, PT_OK, &stats);
            pt_str_addsv(&apart, (pt_sv){out.ptr, out.len});
            pt_str_free(&out);
        }
        pt_str_free(&one);
    }
    pt_str together = answer(app, pt_str_cstr(&all), SIZE_MAX, PT_OK, &stats);
    const char *line = pt_str_cstr(&together), *want = pt_str_cstr(&apart);
    for (int customer = 0; customer < 1500; customer++) {
        size_t len = strcspn(line, "\n") + 1;
        if (customer % 50 == 0) {
            CHECK(strncmp(line, want, len) == 0);
            want += len;
        }
        line += len;
    }
    CHECK(!*line && !*want);
    pt_str_free(&all);
    pt_str_free(&apart);
    pt_str_free(&together);
    pt_app_close(app);
}

/* More different texts than a dictionary keeps: it is emptied between batches, and the evaluator told so. */
TEST(app_filter__dictionaries_are_emptied_unnoticed)
{
    enum { ROWS = 1200000, EACH = 10 };
    pt_app *app = shop_open(1);
    uint32_t tag = shop_tag(app, "last_note");
    pt_filter_stats stats;
    pt_str in = {0}, want = {0};

    for (int i = 0; i < ROWS; i++) {
        pt_str_addf(&in, "c%d\torders\t@%d\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\t\\N\tn%d\t\\N\t\\N\n", i / EACH, i, i);
        if (i % EACH == EACH - 1)
            pt_str_addf(&want, "c%d\tn%d\n", i / EACH, i);
    }
    pipe_ends ends = {.in = pt_str_cstr(&in), .n = in.len, .most = SIZE_MAX};
    pt_filter_options options = {.as_of = INT64_C(1498867200000000),
                                 .tags = &tag,
                                 .n_tags = 1,
                                 .read = read_some,
                                 .write = write_some,
                                 .ctx = &ends};
    CHECK_OK(pt_app_filter(&stats, app, &options, &err));
    CHECK(ends.out.len == want.len && memcmp(ends.out.ptr, want.ptr, want.len) == 0);
    pt_str_free(&in);
    pt_str_free(&want);
    pt_str_free(&ends.out);
    pt_app_close(app);
}

/* --- bad input ---------------------------------------------------------------------------------------------------------- */

TEST(app_filter__a_bad_line_leaves_nothing_of_itself)
{
    pt_app *app = shop_open(1);
    pt_filter_stats stats;
    pipe_ends ends = {.in = "a\tmembers\t\\N\tn\t上海\t1990-01-01\tx|y\n"
                            "a\tmembers\t@1483228800000000\tn\t北京\t1990-01-01\tz|\\q\n" /* wrong in its last field */
                            "a\tmembers\t\\N\tn\t杭州\tno date\tz\n",
                      .most = SIZE_MAX};
    pt_filter_options options = {
        .as_of = INT64_C(1498867200000000), .skip_bad = true, .read = read_some, .write = write_some, .ctx = &ends};
    uint32_t tags[] = {shop_tag(app, "city"), shop_tag(app, "interests")};

    ends.n = strlen(ends.in);
    options.tags = tags;
    options.n_tags = 2;
    CHECK_OK(pt_app_filter(&stats, app, &options, &err));
    CHECK_INT(stats.bad, 1); /* the third is bad in a column that no chosen tag reads */
    CHECK_INT(stats.first_bad.line, 2);
    CHECK_STR(pt_str_cstr(&ends.out), "a\t杭州\tz\n");
    pt_str_free(&ends.out);
    pt_app_close(app);
}

TEST(app_filter__numbers_are_read_to_the_nearest_double)
{
    pt_app *app = shop_open(1);
    pt_filter_stats stats;
    pt_str in = {0}, want = {0};
    uint32_t tag = shop_tag(app, "seconds_total");
    pt_rng r;

    pt_rng_seed(&r, 5);
    for (int i = 0; i < 3000; i++) {
        char text[40];
        int digits = (int)pt_rng_below(&r, 18);
        snprintf(text, sizeof text, "%s%.*f", pt_rng_below(&r, 3) ? "" : "-", digits,
                 pt_rng_double(&r) * (double)(1 + i));
        double v = strtod(text, NULL);
        char shortest[40];
        shortest[pt_format_double(shortest, v)] = '\0';
        pt_str_addf(&in, "c%d\tvisits\t@0\tp\t%s\n", i, text);
        pt_str_addf(&want, "c%d\t%s\n", i, shortest);
    }
    pipe_ends ends = {.in = pt_str_cstr(&in), .n = in.len, .most = SIZE_MAX};
    pt_filter_options options = {.as_of = INT64_C(1498867200000000),
                                 .tags = &tag,
                                 .n_tags = 1,
                                 .read = read_some,
                                 .write = write_some,
                                 .ctx = &ends};
    CHECK_OK(pt_app_filter(&stats, app, &options, &err));
    CHECK_STR(pt_str_cstr(&ends.out), pt_str_cstr(&want));
    pt_str_free(&in);
    pt_str_free(&want);
    pt_str_free(&ends.out);
    pt_app_close(app);
}
