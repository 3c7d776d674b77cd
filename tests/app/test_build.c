/* The three ways into the evaluator, on a project of every kind of source, column and tag: a build over all customers, one
 * customer's timelines, and the pipe give the same values bit for bit. */
#include <stdlib.h>

#include "app/app_int.h"
#include "app/build_int.h"
#include "app/render.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static void add_value(pt_str *out, const pt_project *p, uint32_t tag, const pt_column *c, uint64_t row)
{
    pt_str_addf(out, "%s=", p->tags[tag].name);
    pt_render_tsv(out, c, row, p->zone);
    pt_str_addc(out, ' ');
}

/* --- the build and one customer ------------------------------------------------------------------------------------ */

static void compare_profiles(pt_app *app, pt_view *v, bool query_tags)
{
    const pt_project *p = pt_app_project(app);
    pt_profile_options now = {0}, again = {.has_as_of = true, .as_of = v->as_of};
    pt_str a = {0}, b = {0};

    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        const pt_profile *built, *evaluated;
        if (!pt_is_customer(v->directory, o))
            continue;
        pt_sv id = pt_directory_id(v->directory, o);
        CHECK_OK(pt_app_profile(&built, app, id, &now, shop_arena(), &err));
        CHECK_OK(pt_app_profile(&evaluated, app, id, &again, shop_arena(), &err));
        CHECK(evaluated->reevaluated && !built->reevaluated);
        pt_str_clear(&a);
        pt_str_clear(&b);
        for (uint32_t t = 0; t < p->n_tags; t++) {
            if (!query_tags && evaluated->unavailable[t])
                continue;
            add_value(&a, p, t, &built->values[t], 0);
            add_value(&b, p, t, &evaluated->values[t], 0);
        }
        CHECK_STR(pt_str_cstr(&b), pt_str_cstr(&a));
    }
    pt_str_free(&a);
    pt_str_free(&b);
}

TEST(app_build__one_customers_evaluation_gives_the_builds_values)
{
    pt_app *app = shop_open(120);

    shop_build(app, 2, NULL);
    compare_profiles(app, shop_view(app), true);
    pt_app_close(app);
}

TEST(app_build__past_instants_can_be_shown_without_building_them)
{
    pt_app *then = shop_open(60);
    const pt_profile *built, *shown;
    pt_profile_options past = {.has_as_of = true}, latest = {0};
    const pt_project *p = pt_app_project(then);
    pt_str a = {0}, b = {0};
    uint32_t compared = 0, *levels = PT_NEW_ARRAY(shop_arena(), uint32_t, p->n_tags);

    CHECK(levels);
    CHECK_OK(pt_lang_base_levels(levels, p->module, shop_arena(), &err));
    shop_build(then, 1, "2016-12-24T18:00");
    pt_view *v = shop_view(then); /* stays as it is while the next build publishes */
    pt_app *now = shop_open_again();
    shop_build(now, 1, NULL);
    past.as_of = v->as_of;
    CHECK(shop_view(now)->as_of != v->as_of);
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!pt_is_customer(v->directory, o))
            continue;
        CHECK_OK(pt_app_profile(&built, then, pt_directory_id(v->directory, o), &latest, shop_arena(), &err));
        CHECK_OK(pt_app_profile(&shown, now, pt_directory_id(v->directory, o), &past, shop_arena(), &err));
        for (uint32_t t = 0; t < p->n_tags; t++) {
            if (shown->unavailable[t] || levels[t]) /* statistics of the base stay those of the build */
                continue;
            pt_str_clear(&a);
            pt_str_clear(&b);
            add_value(&a, p, t, &built->values[t], 0);
            add_value(&b, p, t, &shown->values[t], 0);
            CHECK_STR(pt_str_cstr(&b), pt_str_cstr(&a));
            compared++;
        }
    }
    CHECK(compared > 1000);
    pt_str_free(&a);
    pt_str_free(&b);
    pt_app_close(now);
    pt_app_close(then);
}

/* --- the build and the pipe ---------------------------------------------------------------------------------------- */

typedef struct ends {
    pt_str in, out;
    size_t at;
} ends;

static pt_rc read_some(void *ctx, void *buf, size_t n, size_t *got, pt_err *e)
{
    struct ends *p = ctx;

    (void)e;
    *got = p->in.len - p->at < n ? p->in.len - p->at : n;
    memcpy(buf, p->in.ptr + p->at, *got);
    p->at += *got;
    return PT_OK;
}

static pt_rc write_some(void *ctx, const void *bytes, size_t n, pt_err *e)
{
    struct ends *p = ctx;

    pt_str_addn(&p->out, bytes, n);
    return pt_str_check(&p->out, e);
}

static void add_text(pt_str *out, pt_sv text, bool item)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\t' || c == '\n' || c == '\r')
            pt_str_addf(out, "\\%c", c == '\t' ? 't' : c == '\n' ? 'n' : 'r');
        else if (c == '\\' || (item && (c == '|' || c == ':')))
            pt_str_addf(out, "\\%c", c);
        else
            pt_str_addc(out, c);
    }
}

/* A cell of the raw table as a field: written here on its own, so that the filter's own writer is not its judge. */
static void add_cell(pt_str *out, const pt_cells *c, size_t row, const pt_zone *zone)
{
    const pt_sv *texts = c->data;
    char buf[48];

    if (c->type == PT_TYPE_LIST) {
        for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++) {
            pt_str_add(out, i > c->offsets[row] ? "|" : "");
            add_text(out, texts[i], true);
        }
        if (c->absent && c->absent[row])
            pt_str_add(out, "\\N");
    } else if (pt_type_is_text(c->type)) {
        if (texts[row].ptr)
            add_text(out, texts[row], false);
        else
            pt_str_add(out, "\\N");
    } else if (c->type == PT_TYPE_INSTANT && ((const int64_t *)c->data)[row] != PT_I64_MISSING && row % 2) {
        pt_str_addf(out, "@%lld", (long long)((const int64_t *)c->data)[row]);
    } else if (c->type == PT_TYPE_DATE) {
        int32_t d = ((const int32_t *)c->data)[row];
        pt_str_add(out, d == PT_I32_MISSING ? "\\N" : pt_date_format(buf, d));
    } else {
        pt_column plain = {.type = c->type, .width = (uint8_t)pt_type_width(c->type), .data = c->data};
        pt_render_tsv(out, &plain, row, zone);
    }
}

/* Adds the rows of one source to its customers' input, in order of arrival. */
static void export_source(pt_str *inputs, const pt_project *p, size_t source, pt_view *v, pt_conn *conn)
{
    const pt_source *s = &p->sources[source];
    pt_sql q = {0};
    pt_cursor *cursor;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT _ordinal, _time");
    for (size_t i = 0; i < s->n_columns; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, s->columns[i].name);
    }
    pt_sql_kw(&q, "FROM (");
    pt_resolve_join(&q, p, source);
    pt_sql_kw(&q, ") ORDER BY _file, _row");
    CHECK_OK(pt_query(&cursor, conn, &q, &err));
    for (;;) {
        CHECK_OK(pt_cursor_next(&rows, cursor, &err));
        if (!rows)
            break;
        for (size_t r = 0; r < rows->n; r++) {
            uint32_t ordinal = ((const uint32_t *)rows->cells[0].data)[r];
            pt_str *in = &inputs[ordinal];
            pt_str_addsv(in, pt_directory_id(v->directory, ordinal));
            pt_str_addf(in, "\t%s", s->name);
            for (size_t c = 1; c < rows->n_cells; c++) {
                pt_str_addc(in, '\t');
                add_cell(in, &rows->cells[c], r, p->zone);
            }
            pt_str_addc(in, '\n');
        }
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
}

/* What the pipe must say of the customers with rows, from the tag columns of the build. */
static void expect(pt_str *want, const pt_project *p, pt_view *v, const pt_str *inputs, const uint32_t *tags, size_t n)
{
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        if (!inputs[o].len)
            continue;
        pt_str_addsv(want, pt_directory_id(v->directory, o));
        for (size_t i = 0; i < n; i++) {
            const pt_column *c;
            CHECK_OK(pt_view_column(&c, v, tags[i], &err));
            pt_str_addc(want, '\t');
            pt_render_tsv(want, c, o, p->zone);
        }
        pt_str_addc(want, '\n');
    }
}

TEST(app_filter__a_pipe_gives_the_builds_values)
{
    pt_app *app = shop_open(400);
    const pt_project *p = pt_app_project(app);
    pt_store *store;
    pt_conn *conn;
    ends e = {0};
    pt_str want = {0};
    pt_filter_stats stats;
    pt_filter_options options = {.read = read_some, .write = write_some, .ctx = &e};

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    pt_store_options where = {.path = pt_path_join(shop_arena(), p->data_dir, "store.duckdb"), .read_only = true};
    CHECK_OK(pt_store_open(&store, &where, &err));
    CHECK_OK(pt_conn_open(&conn, store, &err));
    pt_str *inputs = PT_NEW_ARRAY(shop_arena(), pt_str, v->n_ordinals);
    for (size_t s = 0; s < p->n_sources; s++)
        if (pt_source_has_timeline(&p->sources[s]))
            export_source(inputs, p, s, v, conn);
    CHECK_OK(pt_filter_tags(&options.tags, &options.n_tags, p, shop_arena(), &err));
    CHECK_INT(options.n_tags, p->n_tags - 3); /* all but the query and the tags that use its value */
    expect(&want, p, v, inputs, options.tags, options.n_tags);
    for (uint32_t o = 0; o < v->n_ordinals; o++) {
        pt_str_addn(&e.in, pt_str_cstr(&inputs[o]), inputs[o].len);
        pt_str_free(&inputs[o]);
    }
    options.as_of = v->as_of;
    CHECK_OK(pt_filter_base(&options.base, app, NULL, shop_arena(), &err));
    CHECK_OK(pt_app_filter(&stats, app, &options, &err));
    CHECK(stats.customers > 300 && stats.lines > 3000);
    CHECK_STR(pt_str_cstr(&e.out), pt_str_cstr(&want));
    pt_conn_close(conn);
    pt_store_close(store);
    pt_str_free(&e.in);
    pt_str_free(&e.out);
    pt_str_free(&want);
    pt_app_close(app);
}

/* --- a build after a build ----------------------------------------------------------------------------------------- */

TEST(app_build__what_did_not_change_is_kept)
{
    pt_app *app = shop_open(40);
    pt_build_result first = shop_build(app, 2, NULL), second = shop_build(app, 2, "2017-02-01");

    CHECK(!first.identity_kept && second.identity_kept);
    CHECK_INT(second.customers, first.customers);
    for (size_t s = 0; s < second.n_sources; s++) {
        CHECK_INT(first.sources[s].read.files_read, first.sources[s].read.files);
        CHECK_INT(second.sources[s].read.files_read, 0);
        CHECK_INT(second.sources[s].read.rows, first.sources[s].read.rows);
        CHECK_INT(second.sources[s].events, first.sources[s].events);
        CHECK_INT(second.sources[s].timeline_kept, second.sources[s].has_timeline);
    }
    pt_app_close(app);
}

TEST(app_build__a_second_build_is_refused_while_one_runs)
{
    pt_app *app = shop_open(10);
    pt_build_options options = {0};
    pt_build_result result;
    pt_data_dir *held;

    CHECK_OK(pt_data_dir_open(&held, pt_app_project(app)->data_dir, &err));
    CHECK_INT(pt_app_build(&result, app, &options, shop_arena(), &err), PT_EBUSY);
    pt_data_dir_close(held);
    CHECK_OK(pt_app_build(&result, app, &options, shop_arena(), &err));
    pt_app_close(app);
}

TEST(app_build__a_fired_cancel_ends_it_and_keeps_the_last_state)
{
    pt_app *app = shop_open(10);
    pt_build_options options = {.cancel = pt_cancel_new()};
    pt_build_result result = shop_build(app, 1, NULL);
    const char *generation = result.generation;

    pt_cancel_fire(options.cancel);
    CHECK_INT(pt_app_build(&result, app, &options, shop_arena(), &err), PT_ECANCELED);
    CHECK_STR(pt_generation_manifest(shop_view(app)->generation)->generation, generation);
    pt_cancel_free(options.cancel);
    pt_app_close(app);
}
