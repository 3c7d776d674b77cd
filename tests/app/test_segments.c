/* Saved segments in conditions, held against the same conditions written out and against the columns. */
#include <stdlib.h>

#include "app/crowd_query.h"
#include "app/crowds.h"
#include "base/io.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static void write_file(const char *name, const char *text)
{
    const char *path = pt_path_join(shop_arena(), test_dir(), name);

    CHECK_OK(pt_write_file(path, text, strlen(text), &err));
}

/* The shop once more, with other segments. */
static pt_app *reopen_with(const char *segments)
{
    shop_shell("mkdir -p shop/segments shop/lists");
    write_file("shop/segments/all.yaml", segments);
    return shop_open_again();
}

static pt_app *open_with(const char *segments)
{
    pt_app_close(shop_open(150));
    return reopen_with(segments);
}

static uint64_t count(pt_app *app, const char *condition)
{
    pt_crowd_options options = {.threads = 2};
    pt_crowd_count c;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_count(&c, app, pt_sv_of(condition), PT_SV(""), &options, &diags, shop_arena(), &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    return c.members;
}

static void check_same(pt_app *app, const char *one, const char *other)
{
    uint64_t n = count(app, one);

    if (n != count(app, other) || n == 0)
        test_fail(__FILE__, __LINE__, "%s: %llu; %s: %llu", one, (unsigned long long)n, other,
                  (unsigned long long)count(app, other));
}

static const char some[] = "rich: spend >= 300\n"
                           "rich_and_active: {when: rich and life_cycle = 'active'}\n"
                           "others: not rich_and_active and city = '北京'\n"
                           "raw: count(orders where amount > 50 within 90d) >= 2\n"
                           "fixed: {when: rich or raw, static: true}\n"
                           "nobody: spend < 0\n"
                           "older: age >= 40\n";

TEST(app_segments__a_name_is_its_condition)
{
    pt_app *app = open_with(some);

    shop_build(app, 2, NULL);
    check_same(app, "rich", "spend >= 300");
    check_same(app, "rich_and_active", "spend >= 300 and life_cycle = 'active'");
    check_same(app, "raw and rich", "count(orders where amount > 50 within 90d) >= 2 and spend >= 300");
    check_same(app, "fixed", "rich or raw");
    CHECK_INT(count(app, "nobody"), 0);
    pt_app_close(app);
}

/* Whoever is not a member is not: also those of whom the condition is neither true nor false. */
TEST(app_segments__are_two_valued)
{
    pt_app *app = open_with(some);

    shop_build(app, 2, NULL);
    uint64_t all = count(app, "");
    CHECK(count(app, "age is missing") > 0);
    CHECK_INT(count(app, "older") + count(app, "not older"), all);
    check_same(app, "not older", "age is missing or age < 40");
    CHECK_INT(count(app, "not nobody"), all);
    check_same(app, "others", "(spend is missing or not (spend >= 300 and life_cycle = 'active')) and city = '北京'");
    pt_app_close(app);
}

/* In an expression of several tags the evaluator is given the members as a column. */
TEST(app_segments__stand_where_any_bool_may)
{
    pt_app *app = open_with(some);

    shop_build(app, 2, NULL);
    check_same(app, "if(rich, orders_90d, 0) >= 2", "rich and orders_90d >= 2");
    check_same(app, "rich = true", "rich");
    check_same(app, "rich = false", "not rich");
    check_same(app, "rich is not missing", "");
    pt_app_close(app);
}

/* Each segment doubles the size of what it stands for: written out, the last would have 2^40 parts. */
TEST(app_segments__each_is_worked_out_once)
{
    pt_str text = {0};

    pt_str_add(&text, "s0: spend >= 300\n");
    for (int i = 1; i <= 40; i++)
        pt_str_addf(&text, "s%d: s%d or (s%d and recency > %d)\n", i, i - 1, i - 1, i);
    pt_app *app = open_with(pt_str_cstr(&text));
    shop_build(app, 2, NULL);
    check_same(app, "s40", "spend >= 300");
    pt_str_free(&text);
    pt_app_close(app);
}

/* --- lists of ids ---------------------------------------------------------------------------------------------------- */

static const char lists[] = "plain: {list: lists/plain.txt}\n"
                            "phones: {list: lists/phones.csv, by: phone, column: mobile}\n"
                            "gone: {list: lists/gone.txt, by: user_id}\n"
                            "no_column: {list: lists/phones.csv, by: phone, column: telephone}\n";

static const char *id_of(const pt_view *v, uint32_t ordinal)
{
    pt_sv id = pt_directory_id(v->directory, ordinal);

    return pt_arena_strndup(shop_arena(), id.ptr, id.len);
}

TEST(app_segments__a_list_is_the_customers_of_its_ids)
{
    pt_app *app = open_with(some);
    pt_str text = {0};

    shop_build(app, 2, NULL);
    pt_app_close(app);
    app = reopen_with(lists);
    pt_view *v = shop_view(app);
    for (uint32_t o = 0; o < 20; o++)
        if (pt_is_customer(v->directory, o))
            pt_str_addf(&text, "%s \r\n", id_of(v, o));
    pt_str_addf(&text, "\n%s\nnobody at all\n", id_of(v, 0));
    write_file("shop/lists/plain.txt", pt_str_cstr(&text));
    uint64_t n = 0;
    for (uint32_t o = 0; o < 20; o++)
        n += pt_is_customer(v->directory, o);
    CHECK_INT(count(app, "plain"), n);
    pt_str_free(&text);
    pt_app_close(app);
}

static pt_rc fails(pt_app *app, const char *condition)
{
    pt_crowd_options options = {.threads = 1};
    pt_crowd_count c;
    pt_diags diags;

    pt_diags_init(&diags, shop_arena());
    pt_rc rc = pt_app_count(&c, app, pt_sv_of(condition), PT_SV(""), &options, &diags, shop_arena(), &err);
    pt_diags_free(&diags);
    return rc;
}

TEST(app_segments__ids_are_found_in_their_normal_form_and_a_wrong_list_is_refused)
{
    pt_app *app = open_with(some);
    uint32_t type;
    pt_sv value;

    shop_build(app, 2, NULL);
    pt_app_close(app);
    app = reopen_with(lists);
    pt_view *v = shop_view(app);
    pt_str text = {0};
    pt_str_add(&text, "\xEF\xBB\xBFname,mobile\n");
    uint64_t n = 0;
    for (uint32_t o = 0; o < v->n_ordinals && n < 5; o++)
        for (uint32_t k = 0;
             pt_is_customer(v->directory, o) && pt_directory_identifier(v->directory, o, k, &type, &value) && n < 5;
             k++) {
            if (strcmp(pt_directory_type_name(v->directory, type), "phone") != 0)
                continue;
            pt_str_addf(&text, "\"a, b\",\" %.*s - %.*s\"\n", 3, value.ptr, (int)value.len - 3, value.ptr + 3);
            n++;
            break;
        }
    pt_str_add(&text, "x,\ny,999\n");
    CHECK_INT(n, 5);
    write_file("shop/lists/phones.csv", pt_str_cstr(&text));
    CHECK_INT(count(app, "phones"), 5);
    CHECK_INT(fails(app, "gone"), PT_ENOTFOUND);
    CHECK(strstr(err.msg, "lists/gone.txt"));
    CHECK_INT(fails(app, "no_column"), PT_EINVAL);
    shop_shell("printf 'a\\0b\\n' > shop/lists/gone.txt");
    CHECK_INT(fails(app, "gone"), PT_EINVAL);
    pt_str_free(&text);
    pt_app_close(app);
}
