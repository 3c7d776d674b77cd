#include "support/source.h"

#include "clean/clean.h"

#include <string.h>

#include "support/test.h"

void test_project_open(test_project *t)
{
    *t = (test_project){0};
    test_store_open(&t->store, NULL);
    t->arena = pt_arena_new(0);
    CHECK(t->arena);
    t->project = (pt_project){
        .root = test_dir(), .name = "test", .zone_name = "Asia/Shanghai", .sources = t->sources, .n_sources = 1};
    t->sources[0] = (pt_source){.name = "orders", .kind = PT_SOURCE_EVENT, .header = -1};
    test_from(t, 0, "orders*.csv", NULL);
    CHECK_INT(pt_source_prepare(t->store.conn, &t->err), PT_OK);
    CHECK_INT(pt_clean_prepare(t->store.conn, &t->err), PT_OK);
}

void test_project_close(test_project *t)
{
    test_store_close(&t->store);
    pt_arena_free(t->arena);
}

void test_from(test_project *t, size_t source, const char *a, const char *b)
{
    t->from[source][0] = a;
    t->from[source][1] = b;
    t->sources[source].from = t->from[source];
    t->sources[source].n_from = b ? 2 : 1;
}

/* The loader's hash is of the whole definition; here anything that changes with the columns will do. */
static void rehash(test_project *t, size_t source, const char *text)
{
    pt_source *s = &t->sources[source];

    s->hash.lo = s->hash.lo * 31 + pt_hash64(text, strlen(text));
}

void test_columns(test_project *t, size_t source, const char *const *specs, size_t n)
{
    pt_source_column *columns = PT_NEW_ARRAY(t->arena, pt_source_column, n);

    CHECK(columns);
    for (size_t i = 0; i < n; i++) {
        char name[64] = "", type[32] = "";
        const char *computed = strstr(specs[i], " := "), *plain = computed ? NULL : strstr(specs[i], " = ");
        CHECK(sscanf(specs[i], "%63s %31s", name, type) == 2);
        columns[i].name = pt_arena_strdup(t->arena, name);
        CHECK(pt_type_parse(&columns[i].type, pt_sv_of(type)));
        columns[i].from = plain ? plain + 3 : computed ? computed + 4 : NULL;
        columns[i].computed = computed != NULL;
        rehash(t, source, specs[i]);
    }
    t->sources[source].columns = columns;
    t->sources[source].n_columns = t->sources[source].n_file_columns = n;
}

void test_identifiers(test_project *t, size_t source, const char *const *specs, size_t n)
{
    pt_source_identifier *ids = PT_NEW_ARRAY(t->arena, pt_source_identifier, n);

    CHECK(ids);
    for (size_t i = 0; i < n; i++) {
        const char *space = strchr(specs[i], ' ');
        CHECK(space);
        ids[i].type = pt_arena_strndup(t->arena, specs[i], (size_t)(space - specs[i]));
        ids[i].column = space + 1;
        rehash(t, source, specs[i]);
    }
    t->sources[source].identifiers = ids;
    t->sources[source].n_identifiers = n;
}

void test_write(const char *name, const char *bytes, size_t n)
{
    char path[512];
    pt_err err = {0};

    snprintf(path, sizeof path, "%s/%s", test_dir(), name);
    CHECK_OK(pt_write_file(path, bytes, n, &err));
}

pt_rc test_read(test_project *t, size_t source)
{
    t->err = (pt_err){0};
    pt_rc rc = pt_source_read(&t->stats, &t->project, source, t->store.conn, test_dir(), &t->err);
    if (rc == PT_OK && t->sources[source].kind == PT_SOURCE_REFERENCE)
        rc = pt_clean_source(&t->project, source, 0, t->store.conn, &t->err);
    return rc;
}

void test_read_ok(test_project *t, size_t source)
{
    if (test_read(t, source) != PT_OK)
        test_fail(__FILE__, __LINE__, "reading fails: %s (%s)", t->err.msg, t->err.hint);
}

const char *test_rows(test_project *t, const char *sql)
{
    return test_query_rows(t->store.conn, sql);
}
