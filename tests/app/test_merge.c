/* Merged tags from files to profile, and where their sources disagree. */
#include <string.h>

#include "app/conflicts.h"
#include "app/view.h"
#include "app/why.h"
#include "base/rng.h"
#include "support/project.h"
#include "support/shop.h"
#include "support/store.h"
#include "support/test.h"

enum { CUSTOMERS = 500, SOURCES = 3 };

static pt_err err;

static const char sources_yaml[] =
    "crm: {from: crm.csv, kind: record, customer: {id: id}, trust: 0.9, columns: {v: category, n: number}}\n"
    "app: {from: app.csv, kind: record, time: at, customer: {id: id}, columns: {v: {type: text, trust: 0.6}, n: "
    "money}}\n"
    "net: {from: net.csv, kind: event, time: at, customer: {id: id}, trust: 0.3, columns: {v: text, n: number}}\n";

static const char *const names[SOURCES] = {"crm", "app", "net"};

/* Every order of the three sources for every policy that claims not to mind. */
static void write_tags(void)
{
    static const int orders[6][SOURCES] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const char *const policies[] = {"newest", "trusted", "frequent", "all"};
    pt_str yaml = {0};

    for (size_t p = 0; p < PT_COUNT(policies); p++)
        for (size_t o = 0; o < PT_COUNT(orders); o++)
            for (int column = 0; column < (p == 3 ? 1 : 2); column++)
                pt_str_addf(&yaml, "%s_%c_%zu: {merge: {from: [%s.%c, %s.%c, %s.%c], policy: %s, half_life: 100d}}\n",
                            policies[p], "vn"[column], o, names[orders[o][0]], "vn"[column], names[orders[o][1]],
                            "vn"[column], names[orders[o][2]], "vn"[column], policies[p]);
    pt_str_add(&yaml, "first: {merge: {from: [net.v, crm.v], policy: precedence}}\n");
    write_project_file("tags/t.yaml", pt_str_cstr(&yaml));
    pt_str_free(&yaml);
}

/* Up to two rows a customer and source; values from a few, so that they often agree; dates often equal. */
static void write_rows(pt_rng *r, const char *name, bool timed)
{
    pt_str csv = {0};

    pt_str_add(&csv, timed ? "id,at,v,n\n" : "id,v,n\n");
    for (int c = 0; c < CUSTOMERS; c++) {
        for (uint64_t rows = pt_rng_below(r, 3); rows > 0; rows--) {
            pt_str_addf(&csv, "%d,", c);
            if (timed)
                pt_str_addf(&csv, "2024-%02d-%02d,", (int)pt_rng_below(r, 8) + 1, (int)pt_rng_below(r, 2) + 1);
            pt_str_addf(&csv, "%s,", ((const char *[]){"", "f", "m", "x"})[pt_rng_below(r, 4)]);
            if (pt_rng_below(r, 3))
                pt_str_addf(&csv, "%d", (int)pt_rng_below(r, 3));
            pt_str_addc(&csv, '\n');
        }
    }
    write_project_file(pt_arena_printf(shop_arena(), "%s.csv", name), pt_str_cstr(&csv));
    pt_str_free(&csv);
}

static pt_app *random_project(uint64_t seed)
{
    pt_rng r;
    pt_app *app;

    pt_rng_seed(&r, seed);
    write_project_file("portrait.yaml", "name: merge\ntime_zone: UTC\nas_of: 2024-07-01\n");
    write_project_file("sources/s.yaml", sources_yaml);
    write_tags();
    for (int s = 0; s < SOURCES; s++)
        write_rows(&r, names[s], s > 0);
    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    return app;
}

static const char *value_at(pt_app *app, const char *tag, uint32_t row)
{
    pt_view *v = shop_view(app);
    const pt_column *c;

    CHECK_OK(pt_view_column(&c, v, shop_tag(app, tag), &err));
    return shop_value(v->project, c, row);
}

TEST(app_merge__the_order_of_sources_does_not_matter)
{
    static const char *const families[] = {"newest_v",   "newest_n",   "trusted_v", "trusted_n",
                                           "frequent_v", "frequent_n", "all_v"};
    pt_app *app = random_project(1);
    size_t known = 0;

    shop_build(app, 1, NULL);
    for (uint32_t row = 0; row < shop_view(app)->n_ordinals; row++)
        for (size_t f = 0; f < PT_COUNT(families); f++)
            for (int o = 1; o < 6; o++) {
                const char *first = value_at(app, pt_arena_printf(shop_arena(), "%s_0", families[f]), row);
                CHECK_STR(value_at(app, pt_arena_printf(shop_arena(), "%s_%d", families[f], o), row), first);
                known += strcmp(first, "\\N") != 0;
            }
    CHECK(known > (size_t)CUSTOMERS * 5);
    pt_app_close(app);
}

/* The last known value of each source for each customer, out of the files themselves. */
static const char *last_known(const char *name, bool timed)
{
    return pt_arena_printf(shop_arena(),
                           "SELECT id, '%s' AS source, arg_max(v, row(%si)) AS v FROM (SELECT *, row_number() OVER () "
                           "AS i FROM read_csv('%s/%s.csv', all_varchar=true)) WHERE v IS NOT NULL %s GROUP BY id",
                           name, timed ? "\"at\", " : "", test_dir(), name, timed ? "AND \"at\" <= '2024-07-01'" : "");
}

static int64_t pairs(pt_conn *c, const char *a, const char *b, const char *more)
{
    return test_query_int(c, pt_arena_printf(shop_arena(),
                                             "SELECT count(*) FROM said a JOIN said b USING (id) WHERE a.source = '%s' "
                                             "AND b.source = '%s' %s",
                                             a, b, more));
}

TEST(app_merge__conflicts_are_those_of_independent_sql)
{
    pt_app *app = random_project(2);
    pt_build_result built = shop_build(app, 2, NULL);
    test_store t;
    const pt_conflict *c;
    size_t n;

    test_store_open(&t, NULL);
    test_exec(t.conn, pt_arena_printf(shop_arena(), "CREATE TABLE said AS %s UNION ALL %s UNION ALL %s",
                                      last_known("crm", false), last_known("app", true), last_known("net", true)));
    CHECK_OK(pt_app_conflicts(&c, &n, app, (int)shop_tag(app, "trusted_v_0"), shop_arena(), &err));
    CHECK_INT(n, 1);
    CHECK_INT(c->customers, test_query_int(t.conn, "SELECT count(DISTINCT id) FROM said"));
    CHECK_INT(c->several,
              test_query_int(t.conn, "SELECT count(*) FROM (SELECT id FROM said GROUP BY id HAVING count(*) > 1)"));
    CHECK_INT(
        c->differing,
        test_query_int(t.conn, "SELECT count(*) FROM (SELECT id FROM said GROUP BY id HAVING count(DISTINCT v) > 1)"));
    CHECK(c->differing > 50 && c->several > c->differing);
    for (size_t a = 0; a < SOURCES; a++) {
        CHECK_INT(c->known[a], pairs(t.conn, names[a], names[a], ""));
        for (size_t b = 0; b < SOURCES; b++) {
            CHECK_INT(c->both[a * SOURCES + b], a == b ? 0 : pairs(t.conn, names[a], names[b], ""));
            CHECK_INT(c->differ[a * SOURCES + b], pairs(t.conn, names[a], names[b], "AND a.v <> b.v"));
        }
    }
    CHECK_INT(c->n_samples, PT_CONFLICT_SAMPLES);
    for (size_t i = 0; i < built.n_conflicts; i++)
        if (built.conflicts[i].tag == c->tag)
            CHECK_INT(built.conflicts[i].differing, c->differing);
    test_store_close(&t);
    pt_app_close(app);
}

/* --- where a value comes from ------------------------------------------------------------------------------------- */

static pt_app *small_project(void)
{
    pt_app *app;

    write_project_file("portrait.yaml", "name: merge\ntime_zone: UTC\nas_of: 2024-07-01\n");
    write_project_file("sources/s.yaml", sources_yaml);
    write_project_file("tags/t.yaml", "best: {merge: {from: [crm.v, app.v, net.v], policy: trusted}}\n"
                                      "new: {merge: {from: [crm.v, app.v, net.v], policy: newest}}\n"
                                      "plain: crm.v\nvisits: count(net)\ntwice: visits * 2\n"
                                      "asked: {sql: 'SELECT DISTINCT customer, 1 AS value FROM net', type: number}\n");
    write_project_file("crm.csv", "id,v,n\n9,f,\n1,x,\n1,f,1\n");
    write_project_file("app.csv", "id,at,v,n\n1,2024-03-01,m,\n1,2024-02-01,f,\n1,2025-01-01,x,\n");
    write_project_file("net.csv", "id,at,v,n\n1,2024-05-01,m,\n1,2024-06-01,,\n");
    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    shop_build(app, 1, NULL);
    return app;
}

static void check_claim(const pt_why_claim *c, const char *file, uint64_t row, const char *text, double trust,
                        pt_why_fate fate)
{
    pt_sv said = pt_dict_text(c->value.dict, pt_column_code(&c->value, 0));

    CHECK_STR(c->file, file);
    CHECK_INT(c->row, row);
    CHECK(pt_sv_eq(said, pt_sv_of(text)));
    CHECK_DOUBLE(c->trust, trust);
    CHECK_INT(c->fate, fate);
}

TEST(app_why__names_file_row_trust_and_what_lost)
{
    pt_app *app = small_project();
    pt_profile_options options = {0};
    const pt_profile *profile;
    pt_whys whys;

    CHECK_OK(pt_app_profile(&profile, app, PT_SV("id:1"), &options, shop_arena(), &err));
    CHECK_OK(pt_app_why(&whys, app, profile, shop_arena(), &err));
    CHECK(whys.placed);
    const pt_why *best = &whys.tags[shop_tag(app, "best")], *new = &whys.tags[shop_tag(app, "new")];
    CHECK_INT(best->n_claims, 3);
    check_claim(&best->claims[0], "crm.csv", 3, "f", 0.9, PT_FATE_COUNTS);
    check_claim(&best->claims[1], "app.csv", 1, "m", 0.6, PT_FATE_LESS_TRUSTED);
    check_claim(&best->claims[2], "net.csv", 1, "m", 0.3, PT_FATE_LESS_TRUSTED);
    check_claim(&new->claims[0], "crm.csv", 3, "f", 0.9, PT_FATE_OLDER);
    check_claim(&new->claims[1], "app.csv", 1, "m", 0.6, PT_FATE_COUNTS);
    check_claim(&new->claims[2], "net.csv", 1, "m", 0.3, PT_FATE_COUNTS);
    const pt_why *plain = &whys.tags[shop_tag(app, "plain")], *twice = &whys.tags[shop_tag(app, "twice")];
    CHECK_INT(plain->kind, PT_WHY_FACT);
    CHECK_STR(plain->claims[0].file, "crm.csv");
    CHECK_INT(plain->claims[0].row, 3);
    CHECK_INT(twice->kind, PT_WHY_COMPUTED);
    CHECK_INT(twice->n_counts, 1);
    CHECK_INT(twice->counts[0].events, 2);
    CHECK_INT(twice->tags[0], shop_tag(app, "visits"));
    CHECK_INT(whys.tags[shop_tag(app, "asked")].kind, PT_WHY_QUERY);
    pt_app_close(app);
}

TEST(app_why__without_a_store_still_names_sources_and_times)
{
    pt_app *app = small_project();
    pt_profile_options options = {0};
    const pt_profile *profile;
    pt_whys whys;

    shop_shell("rm portrait-data/store.duckdb");
    CHECK_OK(pt_app_profile(&profile, app, PT_SV("id:1"), &options, shop_arena(), &err));
    CHECK_OK(pt_app_why(&whys, app, profile, shop_arena(), &err));
    CHECK(!whys.placed);
    const pt_why *best = &whys.tags[shop_tag(app, "best")];
    CHECK_INT(best->n_claims, 3);
    CHECK(best->claims[1].file == NULL && best->claims[1].time != PT_I64_MISSING);
    pt_app_close(app);
}
