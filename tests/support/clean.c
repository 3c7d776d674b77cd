#include "support/clean.h"

#include <string.h>

#include "base/io.h"
#include "source/source.h"
#include "support/test.h"

static void write_file(const char *name, const char *bytes, size_t n)
{
    char path[512];
    pt_err err = {0};

    snprintf(path, sizeof path, "%s/%s", test_dir(), name);
    CHECK_OK(pt_write_file(path, bytes, n, &err));
}

static void write_source(const char *const *rules, size_t n)
{
    pt_str s = {0};

    pt_str_add(
        &s, "t:\n  from: t.csv\n  kind: event\n  time: at\n  customer: {user: user}\n  header: true\n  columns: {name: "
            "text, city: category, x: number, amount: money, born: date, tags: list, ok: bool}\n");
    if (n)
        pt_str_add(&s, "  clean:\n");
    for (size_t i = 0; i < n; i++)
        pt_str_addf(&s, "    - %s\n", rules[i]);
    CHECK(!s.failed);
    write_file("sources/t.yaml", s.ptr, s.len);
    pt_str_free(&s);
}

void test_clean_again(test_clean *t, const char *csv, const char *const *rules, size_t n)
{
    pt_read_stats stats;
    pt_err err = {0};

    write_source(rules, n);
    write_file("t.csv", csv, strlen(csv));
    CHECK_OK(pt_project_load(&t->project, test_dir(), &t->diags, t->arena, &err));
    if (t->diags.errors) {
        pt_str s = {0};
        pt_diags_print(&t->diags, &s, false);
        test_fail(__FILE__, __LINE__, "%s", pt_str_cstr(&s));
    }
    t->err = (pt_err){0};
    if (pt_source_read(&stats, t->project, 0, t->store.conn, test_dir(), &t->err) != PT_OK)
        test_fail(__FILE__, __LINE__, "reading fails: %s (%s)", t->err.msg, t->err.hint);
    if (test_clean_run(t) != PT_OK)
        test_fail(__FILE__, __LINE__, "cleaning fails: %s (%s)", t->err.msg, t->err.hint);
}

void test_clean_open(test_clean *t, const char *csv, const char *const *rules, size_t n)
{
    static const char config[] = "name: test\ntime_zone: UTC\n";
    char path[512];
    pt_err err = {0};

    *t = (test_clean){.arena = pt_arena_new(0)};
    CHECK(t->arena);
    pt_diags_init(&t->diags, t->arena);
    test_store_open(&t->store, NULL);
    CHECK_OK(pt_source_prepare(t->store.conn, &err));
    CHECK_OK(pt_clean_prepare(t->store.conn, &err));
    CHECK(pt_instant_parse(&t->as_of, PT_SV("2100-01-01T00:00"), pt_zone_utc()));
    snprintf(path, sizeof path, "%s/sources", test_dir());
    CHECK_OK(pt_mkdirs(path, &err));
    write_file("portrait.yaml", config, strlen(config));
    test_clean_again(t, csv, rules, n);
}

void test_clean_close(test_clean *t)
{
    test_store_close(&t->store);
    pt_diags_free(&t->diags);
    pt_arena_free(t->arena);
}

pt_rc test_clean_run(test_clean *t)
{
    t->err = (pt_err){0};
    return pt_clean_source(t->project, 0, t->as_of, t->store.conn, &t->err);
}

const char *test_clean_rows(test_clean *t, const char *sql)
{
    return test_query_rows(t->store.conn, sql);
}
