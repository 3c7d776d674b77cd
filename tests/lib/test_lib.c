/* portrait.h, called as a program would. What it says is held against what the program itself says (app/). */
#include <portrait.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "app/evaluator.h"
#include "app/render.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

#define SUCCEEDS(call) CHECK_INT((call), PORTRAIT_OK)

static portrait_project *open_shop(int customers)
{
    portrait_project *project;

    pt_app_close(shop_open(customers));
    SUCCEEDS(portrait_open(&project, pt_arena_printf(shop_arena(), "%s/shop", test_dir()), NULL));
    return project;
}

static portrait_project *built_shop(int customers)
{
    portrait_project *project = open_shop(customers);

    SUCCEEDS(portrait_build(NULL, project, NULL, NULL));
    return project;
}

TEST(lib_project__says_what_its_files_say)
{
    portrait_project *project = open_shop(20);
    const portrait_project_info *info = portrait_project_get(project);
    const portrait_tag *tag = portrait_tag_find(project, "spend");

    CHECK_STR(info->name, "shop");
    CHECK_STR(info->label, "Shop");
    CHECK_STR(info->currency, "CNY");
    CHECK_INT(info->sources, 5);
    CHECK(tag && tag->type == PORTRAIT_MONEY && tag->live && !tag->sensitivity);
    CHECK_STR(tag->label_zh, "累计消费");
    CHECK_STR(tag->definition, "sum(orders.amount)");
    CHECK_STR(tag->origin, "statistic");
    CHECK(portrait_tag_get(project, tag->number) == tag);
    CHECK(!portrait_tag_get(project, info->tags) && !portrait_tag_find(project, "nosuch"));
    const portrait_source *orders = portrait_source_get(project, 2);
    CHECK_STR(orders->name, "orders");
    CHECK_STR(orders->kind, "event");
    CHECK_INT(orders->n_columns, 11);
    CHECK_STR(orders->columns[5].name, "amount");
    CHECK_INT(orders->columns[5].type, PORTRAIT_MONEY);
    CHECK(!portrait_source_get(project, info->sources));
    SUCCEEDS(portrait_check(project, NULL));
    CHECK_INT(portrait_problem_count(project), 0);
    CHECK(!portrait_problem_get(project, 0));
    portrait_close(project);
}

TEST(lib_project__problems_are_listed_by_place)
{
    portrait_project *project;
    portrait_evaluator *evaluator;
    portrait_error error;

    pt_app_close(shop_open(20));
    write_project_file("shop/tags/broken.yaml", "later: 1 + nosuch\nearlier: count(orderz)\n");
    SUCCEEDS(portrait_open(&project, pt_arena_printf(shop_arena(), "%s/shop", test_dir()), &error));
    CHECK_INT(portrait_problem_count(project), 2); /* also before portrait_check */
    CHECK_INT(portrait_check(project, &error), PORTRAIT_PROBLEMS);
    CHECK_INT(portrait_check(project, &error), PORTRAIT_PROBLEMS);
    CHECK_INT(portrait_problem_count(project), 2);
    const portrait_problem *p = portrait_problem_get(project, 0);
    CHECK_STR(p->file, "tags/broken.yaml");
    CHECK_STR(p->code, "E0301");
    CHECK_INT(p->line, 1);
    CHECK_INT(p->column, 12);
    CHECK_INT(p->length, 6);
    CHECK_INT(p->severity, PORTRAIT_ERROR);
    p = portrait_problem_get(project, 1);
    CHECK_INT(p->line, 2);
    CHECK_STR(p->hint, "did you mean 'orders'?");
    CHECK(!portrait_tag_get(project, 0));
    CHECK_INT(portrait_evaluator_new(&evaluator, project, "1 + 1", NULL, &error), PORTRAIT_INVALID);
    CHECK(!evaluator);
    CHECK_INT(portrait_build(NULL, project, NULL, &error), PORTRAIT_INVALID);
    portrait_close(project);
}

TEST(lib_project__what_is_not_there)
{
    portrait_project *project;
    portrait_profile *profile;
    portrait_coverage *coverage;
    portrait_error error;

    CHECK_INT(portrait_open(&project, "/nonexistent", &error), PORTRAIT_NOT_FOUND);
    CHECK(!project && strstr(error.message, "/nonexistent"));
    CHECK_STR(portrait_status_name(error.status), "not_found");
    CHECK_STR(portrait_status_name((portrait_status)99), "internal");
    project = open_shop(20);
    CHECK_INT(portrait_profile_open(&profile, project, "7", NULL, &error), PORTRAIT_NOT_FOUND);
    CHECK_STR(error.hint, "run `portrait build` first");
    CHECK_INT(portrait_coverage_open(&coverage, project, NULL), PORTRAIT_NOT_FOUND);
    portrait_close(project);
    portrait_close(NULL);
    portrait_profile_free(NULL);
    portrait_coverage_free(NULL);
    portrait_evaluator_free(NULL);
    portrait_cancel_free(NULL);
}

/* --- values against app/ ------------------------------------------------------------------------------------------ */

static void same_value(const pt_project *p, const pt_column *c, int tag, const portrait_value *value)
{
    pt_render_style style = {.project = p, .lang = p->locale};
    pt_str text = {0};
    pt_json j;

    CHECK_INT(value->type, c->type);
    CHECK_INT(value->missing, pt_column_missing(c, 0));
    pt_render_text(&text, &style, tag, c, 0);
    CHECK_STR(value->shown, pt_str_cstr(&text));
    pt_str_clear(&text);
    pt_json_init(&j, &text, 0);
    pt_render_json(&j, c, 0, p->zone);
    CHECK_STR(value->json, pt_str_cstr(&text));
    pt_str_free(&text);
    if (!value->missing && c->type == PT_TYPE_NUMBER)
        CHECK_DOUBLE(value->number, *(const double *)c->data);
    if (!value->missing && c->type == PT_TYPE_MONEY)
        CHECK_INT(value->integer, *(const int64_t *)c->data);
    if (!value->missing && c->type == PT_TYPE_BOOL)
        CHECK_INT(value->integer, *(const uint8_t *)c->data);
    if (!value->missing && pt_type_is_text(c->type))
        CHECK_STR(value->text, pt_arena_strndup(shop_arena(), pt_dict_text(c->dict, pt_column_code(c, 0)).ptr,
                                                pt_dict_text(c->dict, pt_column_code(c, 0)).len));
    if (!value->missing && pt_type_is_list(c->type))
        CHECK_INT(value->n_items, c->offsets[1] - c->offsets[0]);
}

static void same_profiles(portrait_project *project, const char *as_of)
{
    pt_app *app = shop_open_again();
    const pt_project *p = pt_app_project(app);
    pt_profile_options options = {.has_as_of = as_of != NULL};
    size_t known = 0;

    CHECK(!as_of || pt_instant_parse(&options.as_of, pt_sv_of(as_of), p->zone));
    for (int i = 1; i <= 30; i++) {
        const char *who = pt_arena_printf(shop_arena(), "user_id:%d", i);
        const pt_profile *want;
        portrait_profile *got;
        CHECK_OK(pt_app_profile(&want, app, pt_sv_of(who), &options, shop_arena(), &err));
        SUCCEEDS(portrait_profile_open(&got, project, who, as_of, NULL));
        CHECK_INT(portrait_profile_as_of(got), want->as_of);
        CHECK(pt_sv_eq(pt_sv_of(portrait_profile_id(got)), want->id));
        for (size_t t = 0; t < p->n_tags; t++) {
            same_value(p, &want->values[t], (int)t, portrait_profile_value(got, t));
            known += !portrait_profile_value(got, t)->missing;
        }
        CHECK(!portrait_profile_value(got, p->n_tags));
        for (size_t k = 0; k < want->n_identifiers; k++)
            CHECK(pt_sv_eq(pt_sv_of(portrait_profile_identifier(got, k)->value), want->identifiers[k].value));
        CHECK(!portrait_profile_identifier(got, want->n_identifiers));
        portrait_profile_free(got);
    }
    CHECK(known > 200);
    pt_app_close(app);
}

TEST(lib_profile__is_what_show_shows)
{
    portrait_project *project = built_shop(60);

    same_profiles(project, NULL);
    same_profiles(project, "2017-03-01");
    portrait_close(project);
}

TEST(lib_coverage__is_what_tags_says)
{
    portrait_project *project = built_shop(60);
    pt_app *app = shop_open_again();
    portrait_coverage *got;
    pt_coverage want;

    CHECK_OK(pt_app_coverage(&want, app, shop_arena(), &err));
    SUCCEEDS(portrait_coverage_open(&got, project, NULL));
    CHECK_INT(portrait_coverage_customers(got), want.customers);
    CHECK_INT(portrait_coverage_as_of(got), want.as_of);
    for (size_t t = 0; t < portrait_project_get(project)->tags; t++)
        CHECK_INT(portrait_coverage_known(got, t), want.known[t]);
    CHECK(portrait_coverage_known(got, 1000) == UINT64_MAX);
    portrait_coverage_free(got);
    pt_app_close(app);
    portrait_close(project);
}

/* Every tag asked as an expression by its name, and by its definition, is the built value. */
TEST(lib_evaluator__agrees_with_the_build)
{
    portrait_project *project = built_shop(60);
    portrait_evaluator *evaluator;
    const portrait_value *value;

    for (size_t t = 0; t < portrait_project_get(project)->tags; t++) {
        const portrait_tag *tag = portrait_tag_get(project, t);
        SUCCEEDS(portrait_evaluator_new(&evaluator, project, tag->name, NULL, NULL));
        CHECK_INT(portrait_evaluator_type(evaluator), tag->type);
        for (int i = 1; i <= 20; i++) {
            const char *who = pt_arena_printf(shop_arena(), "user_id:%d", i);
            portrait_profile *profile;
            SUCCEEDS(portrait_profile_open(&profile, project, who, NULL, NULL));
            SUCCEEDS(portrait_evaluate(&value, evaluator, who, NULL));
            CHECK_STR(value->json, portrait_profile_value(profile, t)->json);
            CHECK_STR(value->shown, portrait_profile_value(profile, t)->shown);
            portrait_profile_free(profile);
        }
        portrait_evaluator_free(evaluator);
    }
    portrait_close(project);
}

TEST(lib_evaluator__sees_a_later_build)
{
    portrait_project *project = built_shop(20);
    portrait_build_options options = PORTRAIT_BUILD_OPTIONS_INIT;
    portrait_evaluator *evaluator;
    const portrait_value *value;
    char before[32];

    SUCCEEDS(portrait_evaluator_new(
        &evaluator, project, "days_since(last(orders.time)) + count(orders where category = 'tea')", NULL, NULL));
    SUCCEEDS(portrait_evaluate(&value, evaluator, "user_id:7", NULL));
    snprintf(before, sizeof before, "%s", value->json);
    options.as_of = "2017-07-11";
    SUCCEEDS(portrait_build(NULL, project, &options, NULL));
    SUCCEEDS(portrait_evaluate(&value, evaluator, "user_id:7", NULL));
    double was;
    CHECK(pt_parse_double(&was, pt_sv_of(before)));
    CHECK_DOUBLE(value->number, was + 10);
    portrait_evaluator_free(evaluator);
    portrait_close(project);
}

TEST(lib_evaluator__evidence_counts_events)
{
    portrait_project *project = built_shop(40);
    portrait_evaluator *evaluator;
    const portrait_value *value;

    SUCCEEDS(portrait_evaluator_new(&evaluator, project, "count(orders) + 0", NULL, NULL));
    CHECK(!portrait_evidence_get(evaluator, 0));
    SUCCEEDS(portrait_evaluate(&value, evaluator, "user_id:7", NULL));
    const portrait_evidence *e = portrait_evidence_get(evaluator, 0);
    CHECK(e && !portrait_evidence_get(evaluator, 1));
    CHECK_STR(e->expression, "count(orders)");
    CHECK_DOUBLE((double)e->events, value->number);
    CHECK(e->events > 1 && e->first < e->last);
    portrait_evaluator_free(evaluator);
    portrait_close(project);
}

TEST(lib_evaluator__a_wrong_expression_has_its_place)
{
    portrait_project *project = open_shop(20);
    portrait_evaluator *evaluator;
    portrait_error error;

    CHECK_INT(portrait_evaluator_new(&evaluator, project, "1 + summ(orders.amount)", NULL, &error), PORTRAIT_INVALID);
    CHECK(!evaluator);
    CHECK_STR(error.message, "unknown function 'summ'");
    CHECK_STR(error.hint, "did you mean 'sum'?");
    CHECK_INT(error.column, 5);
    CHECK_INT(portrait_evaluator_new(&evaluator, project, "1", "some day", &error), PORTRAIT_INVALID);
    CHECK(strstr(error.message, "some day"));
    portrait_close(project);
}

/* --- rows in memory ----------------------------------------------------------------------------------------------- */

static portrait_status add_order(portrait_evaluator *e, const char *time, const char *price, const char *note)
{
    /* order_id sku category price quantity amount channel paid note deliver_on shipped_at */
    const char *fields[] = {"o1", NULL, "tea", price, "1", price, "app", "true", note, "2017-06-30", NULL};

    return portrait_rows_add(e, "orders", time, fields, PT_COUNT(fields), NULL);
}

TEST(lib_rows__are_evaluated_without_a_build)
{
    portrait_project *project = open_shop(20);
    portrait_evaluator *evaluator;
    const portrait_value *value;

    SUCCEEDS(portrait_evaluator_new(&evaluator, project, "sum(orders.amount within 30d)", "2017-07-01", NULL));
    for (int again = 0; again < 3; again++) {
        SUCCEEDS(portrait_rows_begin(evaluator, "c1", NULL));
        SUCCEEDS(add_order(evaluator, "2017-06-30", "12.50", "a\tb\\c"));
        SUCCEEDS(add_order(evaluator, "2017-05-01", "100", NULL)); /* before the window, and out of order */
        SUCCEEDS(add_order(evaluator, "2017-06-02T08:00+08:00", "0.25", ""));
        CHECK_INT(add_order(evaluator, "2017-06-30", "much", NULL), PORTRAIT_INVALID);
        SUCCEEDS(portrait_rows_evaluate(&value, evaluator, NULL));
        CHECK_INT(value->integer, 127500);
        CHECK_STR(value->shown, "12.75 CNY");
        CHECK_INT(portrait_evidence_get(evaluator, 0)->events, 2);
    }
    SUCCEEDS(portrait_rows_begin(evaluator, "nobody", NULL));
    SUCCEEDS(portrait_rows_evaluate(&value, evaluator, NULL));
    CHECK_INT(value->integer, 0);
    portrait_evaluator_free(evaluator);
    portrait_close(project);
}

TEST(lib_rows__texts_and_lists_are_given_as_they_are)
{
    portrait_project *project = open_shop(20);
    portrait_evaluator *evaluator;
    const portrait_value *value;
    const char *member[] = {"客户1", "上海", "1990-01-02", "tea|a\\|b|tea"};

    SUCCEEDS(portrait_evaluator_new(&evaluator, project, "last_note", NULL, NULL));
    SUCCEEDS(portrait_rows_begin(evaluator, "c1", NULL));
    SUCCEEDS(add_order(evaluator, "2017-06-30", "1", "tab\there, back\\slash, \\N\nline"));
    SUCCEEDS(portrait_rows_evaluate(&value, evaluator, NULL));
    CHECK_STR(value->text, "tab\there, back\\slash, \\N\nline");
    portrait_evaluator_free(evaluator);

    SUCCEEDS(portrait_evaluator_new(&evaluator, project, "interests", NULL, NULL));
    SUCCEEDS(portrait_rows_begin(evaluator, "c1", NULL));
    SUCCEEDS(portrait_rows_add(evaluator, "members", NULL, member, 4, NULL)); /* a record needs no time */
    SUCCEEDS(portrait_rows_evaluate(&value, evaluator, NULL));
    CHECK_INT(value->n_items, 2);
    CHECK_STR(value->items[1].text, "a|b");
    portrait_evaluator_free(evaluator);
    portrait_close(project);
}

TEST(lib_rows__what_does_not_fit_is_refused)
{
    portrait_project *project = open_shop(20);
    portrait_evaluator *evaluator;
    const portrait_value *value;
    portrait_error error;
    const char *field = "x";

    SUCCEEDS(portrait_evaluator_new(&evaluator, project, "count(orders)", NULL, NULL));
    CHECK_INT(portrait_rows_evaluate(&value, evaluator, &error), PORTRAIT_INVALID);
    CHECK(!value);
    CHECK_INT(portrait_rows_add(evaluator, "orders", "2017-01-01", &field, 1, &error), PORTRAIT_INVALID);
    CHECK_STR(error.message, "no customer's rows have been begun");
    SUCCEEDS(portrait_rows_begin(evaluator, "c1", &error));
    CHECK_INT(error.status, PORTRAIT_OK);
    CHECK_INT(portrait_rows_add(evaluator, "orders", "2017-01-01", &field, 1, &error), PORTRAIT_INVALID);
    CHECK(strstr(error.message, "14 fields"));
    CHECK_INT(portrait_rows_add(evaluator, "nosuch", NULL, &field, 1, &error), PORTRAIT_INVALID);
    CHECK_INT(portrait_rows_add(evaluator, "products", NULL, &field, 1, &error), PORTRAIT_INVALID);
    SUCCEEDS(portrait_rows_evaluate(&value, evaluator, NULL));
    CHECK_DOUBLE(value->number, 0);
    portrait_evaluator_free(evaluator);
    SUCCEEDS(portrait_evaluator_new(&evaluator, project, "top_spender", NULL, NULL)); /* over a query */
    CHECK_INT(portrait_rows_begin(evaluator, "c1", &error), PORTRAIT_INVALID);
    portrait_evaluator_free(evaluator);
    portrait_close(project);
}

/* --- building ----------------------------------------------------------------------------------------------------- */

typedef struct watcher {
    size_t calls, ended;
    int stop_after;
} watcher;

static int watch(const portrait_progress *progress, void *context)
{
    watcher *w = context;

    w->calls++;
    w->ended += progress->ended != 0;
    CHECK(progress->stage && *progress->stage);
    return w->stop_after && w->ended >= (size_t)w->stop_after;
}

TEST(lib_build__tells_its_progress_and_stops_when_told)
{
    portrait_project *project = open_shop(40);
    portrait_build_options options = PORTRAIT_BUILD_OPTIONS_INIT;
    const portrait_build_info *info;
    portrait_profile *profile;
    watcher w = {.stop_after = 1};

    options.progress = watch;
    options.context = &w;
    CHECK_INT(portrait_build(&info, project, &options, NULL), PORTRAIT_CANCELED);
    CHECK(!info && w.ended == 1);
    CHECK_INT(portrait_profile_open(&profile, project, "7", NULL, NULL), PORTRAIT_NOT_FOUND);
    w = (watcher){0};
    SUCCEEDS(portrait_build(&info, project, &options, NULL));
    CHECK(w.ended >= 5 && info->customers >= 40 && info->quarantined >= 3 && info->rows > info->quarantined);
    CHECK_STR(portrait_type_name(PORTRAIT_MONEY), "money");
    portrait_close(project);
}

/* Waits for the build to be at work, then stops it from another thread. */
static void *stop_soon(void *cancel)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    portrait_cancel_fire(cancel);
    return NULL;
}

TEST(lib_build__stops_from_another_thread)
{
    portrait_project *project = open_shop(400);
    portrait_build_options options = PORTRAIT_BUILD_OPTIONS_INIT;
    portrait_cancel *cancel = portrait_cancel_new();
    portrait_error error;
    pthread_t thread;

    CHECK(cancel);
    options.cancel = cancel;
    CHECK_INT(pthread_create(&thread, NULL, stop_soon, cancel), 0);
    portrait_status s = portrait_build(NULL, project, &options, &error);
    pthread_join(thread, NULL);
    CHECK(s == PORTRAIT_CANCELED || s == PORTRAIT_OK); /* it may have been over already */
    SUCCEEDS(portrait_build(NULL, project, NULL, NULL));
    portrait_cancel_free(cancel);
    portrait_close(project);
}

/* Two projects of one folder, each on a thread of its own. */
static void *read_profiles(void *out)
{
    portrait_project *project;
    portrait_profile *profile;
    size_t *known = out;
    char path[4096];

    snprintf(path, sizeof path, "%s/shop", test_dir());
    if (portrait_open(&project, path, NULL) != PORTRAIT_OK)
        return NULL;
    for (int i = 0; i < 50; i++)
        if (portrait_profile_open(&profile, project, "user_id:7", i % 2 ? "2017-03-01" : NULL, NULL) == PORTRAIT_OK) {
            for (size_t t = 0; portrait_profile_value(profile, t); t++)
                *known += !portrait_profile_value(profile, t)->missing;
            portrait_profile_free(profile);
        }
    portrait_close(project);
    return out;
}

TEST(lib_project__several_threads_have_one_each)
{
    pthread_t threads[2];
    size_t known[2] = {0};

    portrait_close(built_shop(40));
    for (size_t i = 0; i < 2; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, read_profiles, &known[i]), 0);
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    CHECK(known[0] == known[1] && known[0] > 0);
}

TEST(lib_build__an_older_header_still_fits)
{
    portrait_project *project = open_shop(20);
    portrait_build_options options = PORTRAIT_BUILD_OPTIONS_INIT;
    portrait_cancel *cancel = portrait_cancel_new();

    CHECK(cancel);
    portrait_cancel_fire(cancel);
    options.cancel = cancel;
    CHECK_INT(portrait_build(NULL, project, &options, NULL), PORTRAIT_CANCELED);
    options.size = offsetof(portrait_build_options, cancel); /* compiled before there was such a member */
    SUCCEEDS(portrait_build(NULL, project, &options, NULL));
    portrait_cancel_free(cancel);
    portrait_close(project);
}

TEST(lib_version__names_what_it_stands_on)
{
    const char *version, *name;
    bool duckdb = false;

    CHECK_STR(portrait_version(), PORTRAIT_VERSION);
    for (size_t i = 0; (name = portrait_component(i, &version)); i++) {
        duckdb |= strcmp(name, "duckdb") == 0 && strchr(version, '.');
        CHECK(version);
    }
    CHECK(duckdb);
}
