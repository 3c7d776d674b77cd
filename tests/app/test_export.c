/* Members written out, read back by other readers, and held against the columns. */
#include <math.h>
#include <stdlib.h>

#include "app/crowd_query.h"
#include "app/export.h"
#include "app/render.h"
#include "base/io.h"
#include "source/csv.h"
#include "store/store.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static const char *target(const char *name)
{
    return pt_path_join(shop_arena(), test_dir(), name);
}

static pt_export_result export(pt_app *app, const char *condition, pt_export_options o)
{
    pt_export_result r;
    pt_diags diags;

    o.crowd.threads = 2;
    o.lang = "zh";
    pt_diags_init(&diags, shop_arena());
    CHECK_OK(pt_app_export(&r, app, pt_sv_of(condition), &o, &diags, shop_arena(), &err));
    pt_diags_free(&diags);
    return r;
}

static pt_sv read_all(const char *path)
{
    pt_sv text;

    CHECK_OK(pt_read_file(&text, path, 0, shop_arena(), &err));
    return text;
}

/* The ordinals of those who spent so much, rising. */
static size_t rich(uint32_t *out, pt_view *v)
{
    const pt_column *c;
    size_t n = 0;

    CHECK_OK(pt_view_column(&c, v, (uint32_t)pt_project_find_tag(v->project, PT_SV("spend")), &err));
    for (uint32_t o = 0; o < v->n_ordinals; o++)
        if (pt_is_customer(v->directory, o) && !pt_column_missing(c, o) && ((const int64_t *)c->data)[o] >= 3000000)
            out[n++] = o;
    return n;
}

TEST(app_export__csv_reads_back_as_it_was)
{
    static const char *const tags[] = {"spend",      "city",          "last_note", "favourites",
                                       "last_order", "next_delivery", "recency"};
    pt_app *app = shop_open(150);
    pt_csv csv = {0};
    uint32_t members[1000];

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    size_t n = rich(members, v);
    CHECK(n > 10);
    pt_export_result r = export(
        app, "spend >= 300",
        (pt_export_options){.format = PT_EXPORT_CSV,
                            .path = target("a.csv"),
                            .mark = true,
                            .tags = PT_SV("spend, city,last_note,favourites,last_order,next_delivery,recency,spend")});
    CHECK(r.members == n && r.rows == n && r.columns == PT_COUNT(tags) && r.withheld == 0);
    pt_sv text = read_all(target("a.csv"));
    CHECK(pt_sv_has_prefix(text, "\xEF\xBB\xBF"
                                 "customer,spend,city,"));
    pt_csv_open(&csv, text, ',', '"', PT_COUNT(tags) + 1);
    CHECK(pt_csv_next(&csv));
    for (size_t i = 0; i < n; i++) {
        CHECK(pt_csv_next(&csv) && !csv.wrong);
        CHECK(pt_sv_eq(csv.fields[0], pt_directory_id(v->directory, members[i])));
        for (size_t t = 0; t < PT_COUNT(tags); t++) {
            const pt_column *c;
            pt_str want = {0};
            CHECK_OK(pt_view_column(&c, v, shop_tag(app, tags[t]), &err));
            pt_render_cell(&want, c, members[i], v->project->zone);
            if (!pt_sv_eq(csv.fields[t + 1], pt_sv_of(pt_str_cstr(&want))))
                test_fail(__FILE__, __LINE__, "%s: %.*s, not %s", tags[t], (int)csv.fields[t + 1].len,
                          csv.fields[t + 1].ptr, pt_str_cstr(&want));
            pt_str_free(&want);
        }
    }
    CHECK(!pt_csv_next(&csv));
    pt_csv_close(&csv);
    pt_app_close(app);
}

TEST(app_export__ids_and_limits_and_labels)
{
    pt_app *app = shop_open(150);
    uint32_t members[1000];
    pt_str want = {0};

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    CHECK(rich(members, v) > 3);
    for (size_t i = 0; i < 3; i++) {
        pt_sv id = pt_directory_id(v->directory, members[i]);
        pt_str_addsv(&want, id);
        pt_str_addc(&want, '\n');
    }
    pt_export_result r =
        export(app, "spend >= 300", (pt_export_options){.format = PT_EXPORT_IDS, .path = target("ids"), .limit = 3});
    CHECK(r.rows == 3 && r.members > 3 && r.columns == 0);
    CHECK_STR(read_all(target("ids")).ptr, pt_str_cstr(&want));
    export(
        app, "spend < 0",
        (pt_export_options){
            .format = PT_EXPORT_CSV, .path = target("none.csv"), .labels = true, .tags = PT_SV("spend,city,recency")});
    CHECK_STR(read_all(target("none.csv")).ptr, "客户编号,累计消费,城市,recency\n");
    pt_str_free(&want);
    pt_app_close(app);
}

/* What a customer typed is no formula, and no way out of its cell. */
TEST(app_export__texts_stay_texts)
{
    pt_app *app;
    pt_csv csv = {0};
    size_t formulas = 0;

    pt_app_close(shop_open(20));
    shop_shell("printf 'o-x,1,,2017-06-30 10:00:00,S1,1.00,1,=1+1,true,\"=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\",,\\n"
               "o-y,2,,2017-06-30 11:00:00,S1,1.00,1,a,true,\"two\nlines, \"\"quoted\"\"\",,\\n"
               "o-z,3,,2017-06-30 12:00:00,S1,1.00,1,a,true,@cmd,,\\n' >> shop/raw/orders-2017.csv");
    app = shop_open_again();
    shop_build(app, 2, NULL);
    export(app, "spend > 0",
           (pt_export_options){
               .format = PT_EXPORT_CSV, .path = target("a.csv"), .tags = PT_SV("last_note,channels,rank_gap")});
    pt_sv text = read_all(target("a.csv"));
    CHECK(memmem(text.ptr, text.len, "\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\"", 33));
    CHECK(memmem(text.ptr, text.len, "\"'@cmd\"", 7));
    CHECK(memmem(text.ptr, text.len, "\"two\nlines, \"\"quoted\"\"\"", 22));
    pt_csv_open(&csv, text, ',', '"', 4);
    while (pt_csv_next(&csv)) {
        CHECK(!csv.wrong);
        for (size_t i = 0; i < 3; i++) /* the last is a number, which may begin with a minus */
            CHECK(!csv.fields[i].len || !strchr("=+-@\t\r", csv.fields[i].ptr[0]));
        formulas += csv.fields[1].len > 1 && csv.fields[1].ptr[0] == '\'';
    }
    CHECK(formulas >= 2);
    pt_csv_close(&csv);
    pt_app_close(app);
}

/* --- parquet ------------------------------------------------------------------------------------------------------------- */

static void check_types(pt_conn *conn, const char *path)
{
    static const struct {
        const char *tag, *type;
    } wants[] = {{"customer", "VARCHAR"},
                 {"spend", "DECIMAL(18,4)"},
                 {"recency", "DOUBLE"},
                 {"next_delivery", "DATE"},
                 {"last_order", "TIMESTAMP WITH TIME ZONE"},
                 {"top_spender", "BOOLEAN"},
                 {"interests", "VARCHAR[]"},
                 {"favourites", "STRUCT(\"value\" VARCHAR, weight DOUBLE)[]"},
                 {"since_last", "BIGINT"},
                 {"city", "VARCHAR"}};

    for (size_t i = 0; i < PT_COUNT(wants); i++) {
        pt_sql q = {0};
        char *type;
        pt_sql_kw(&q, "SELECT column_type FROM (DESCRIBE SELECT * FROM read_parquet(");
        pt_sql_text(&q, pt_sv_of(path));
        pt_sql_kw(&q, ")) WHERE column_name =");
        pt_sql_bind_text(&q, pt_sv_of(wants[i].tag));
        CHECK_OK(pt_query_text(&type, conn, &q, shop_arena(), &err));
        CHECK_STR(type, wants[i].type);
        pt_sql_free(&q);
    }
}

static void check_rows(pt_conn *conn, const char *path, pt_view *v, const uint32_t *members, size_t n)
{
    static const char *const tags[] = {"spend",       "recency", "next_delivery", "last_order",
                                       "top_spender", "city",    "interests"};
    pt_cursor *cursor;
    const pt_rows *rows;
    pt_sql q = {0};
    size_t row = 0;

    pt_sql_kw(&q, "SELECT spend, recency, next_delivery, last_order, top_spender, city, interests FROM read_parquet(");
    pt_sql_text(&q, pt_sv_of(path));
    pt_sql_kw(&q, ")");
    CHECK_OK(pt_query(&cursor, conn, &q, &err));
    CHECK_INT(pt_cursor_type(cursor, 0), PT_TYPE_MONEY);
    for (;;) {
        CHECK_OK(pt_cursor_next(&rows, cursor, &err));
        if (!rows)
            break;
        for (size_t i = 0; i < rows->n; i++, row++) {
            CHECK(row < n);
            for (size_t t = 0; t < 4; t++) {
                const pt_column *c;
                size_t width = t == 2 ? 4 : 8;
                CHECK_OK(pt_view_column(&c, v, (uint32_t)pt_project_find_tag(v->project, pt_sv_of(tags[t])), &err));
                const char *got = (const char *)rows->cells[t].data + i * width;
                const char *want = (const char *)c->data + members[row] * width;
                if (t == 1)
                    CHECK((isnan(*(const double *)got) && isnan(*(const double *)want)) ||
                          *(const double *)got == *(const double *)want);
                else
                    CHECK(memcmp(got, want, width) == 0);
            }
            const pt_column *lists;
            CHECK_OK(pt_view_column(&lists, v, (uint32_t)pt_project_find_tag(v->project, PT_SV("interests")), &err));
            CHECK_INT(rows->cells[6].offsets[i + 1] - rows->cells[6].offsets[i],
                      lists->offsets[members[row] + 1] - lists->offsets[members[row]]);
        }
    }
    CHECK_INT(row, n);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
}

TEST(app_export__parquet_has_types_and_values)
{
    pt_app *app = shop_open(150);
    uint32_t members[1000];
    pt_store *store;
    pt_conn *conn;

    shop_build(app, 2, NULL);
    pt_view *v = shop_view(app);
    size_t n = rich(members, v);
    pt_export_result r =
        export(app, "spend >= 300", (pt_export_options){.format = PT_EXPORT_PARQUET, .path = target("a.parquet")});
    CHECK(r.rows == n && r.columns == v->project->n_tags);
    CHECK(!pt_is_file(target("a.parquet.tmp")) && !pt_is_dir(target("a.parquet.tmp.spill")));
    CHECK_OK(pt_store_open(&store, &(pt_store_options){.threads = 1}, &err));
    CHECK_OK(pt_conn_open(&conn, store, &err));
    check_types(conn, target("a.parquet"));
    check_rows(conn, target("a.parquet"), v, members, n);
    pt_conn_close(conn);
    pt_store_close(store);
    pt_app_close(app);
}

/* --- what cannot be ------------------------------------------------------------------------------------------------------- */

TEST(app_export__same_bytes_and_no_half_files)
{
    pt_app *app = shop_open(150);
    pt_export_result r;
    pt_diags diags;

    shop_build(app, 2, NULL);
    for (int f = PT_EXPORT_CSV; f < PT_EXPORT_FORMATS; f++) {
        pt_export_options o = {.format = (pt_export_format)f, .path = target("one")};
        export(app, "spend >= 300", o);
        o.path = target("two");
        export(app, "spend >= 300", o);
        pt_sv one = read_all(target("one")), two = read_all(target("two"));
        CHECK(one.len > 1000 && pt_sv_eq(one, two));
        pt_diags_init(&diags, shop_arena());
        o.path = target("nosuch/file");
        o.lang = "en";
        CHECK_INT(pt_app_export(&r, app, PT_SV("spend >= 300"), &o, &diags, shop_arena(), &err), PT_EIO);
        o.path = test_dir();
        CHECK_INT(pt_app_export(&r, app, PT_SV("spend >= 300"), &o, &diags, shop_arena(), &err), PT_EIO);
        o.path = target("three");
        o.tags = PT_SV("spend,nosuch");
        CHECK_INT(pt_app_export(&r, app, PT_SV("spend >= 300"), &o, &diags, shop_arena(), &err), PT_ENOTFOUND);
        CHECK(!pt_is_file(target("three")) && !pt_is_file(target("three.tmp")));
        pt_diags_free(&diags);
    }
    pt_app_close(app);
}
