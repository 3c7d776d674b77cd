#include "support/quality.h"

#include "clean/clean.h"
#include "source/source.h"
#include "support/test.h"

static pt_err err;

static void read_sources(examined *e)
{
    const pt_project *p = e->loaded.project;
    const uint32_t *order;
    pt_read_stats stats;

    CHECK_OK(pt_source_prepare(e->store.conn, &err));
    CHECK_OK(pt_clean_prepare(e->store.conn, &err));
    CHECK_OK(pt_quality_prepare(e->store.conn, &err));
    CHECK_OK(pt_source_order(&order, p, e->loaded.arena, &err));
    for (size_t i = 0; i < p->n_sources; i++) {
        CHECK_OK(pt_source_read(&stats, p, order[i], e->store.conn, test_dir(), &err));
        CHECK_OK(pt_clean_source(p, order[i], e->context.as_of, e->store.conn, &err));
    }
}

void examine_project(examined *e, const char *as_of)
{
    examine_source(e, as_of, NULL);
}

void examine_source(examined *e, const char *as_of, const char *only)
{
    *e = (examined){0};
    load_clean(&e->loaded);
    test_store_open(&e->store, NULL);
    const pt_project *p = e->loaded.project;
    e->context = (pt_quality_context){.project = p, .conn = e->store.conn, .arena = e->loaded.arena};
    CHECK(pt_instant_parse(&e->context.as_of, pt_sv_of(as_of), p->zone));
    e->context.now = e->context.as_of;
    read_sources(e);
    e->sources = PT_NEW_ARRAY(e->loaded.arena, pt_quality_source, p->n_sources);
    CHECK(e->sources);
    for (uint32_t s = 0; s < p->n_sources; s++) {
        if (only && strcmp(p->sources[s].name, only) != 0)
            continue;
        CHECK_OK(pt_quality_profile(&e->sources[s], &e->context, s, &err));
        CHECK_OK(pt_quality_examine(&e->sources[s], &e->context, &err));
    }
}

void examine_close(examined *e)
{
    test_store_close(&e->store);
    unload(&e->loaded);
}

const pt_quality_source *examined_source(const examined *e, const char *name)
{
    int s = pt_project_find_source(e->loaded.project, pt_sv_of(name));

    CHECK(s >= 0);
    return &e->sources[s];
}

const pt_quality_column *examined_column(const examined *e, const char *source, const char *column)
{
    const pt_quality_source *s = examined_source(e, source);

    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, column) == 0)
            return &s->columns[i];
    test_fail(__FILE__, __LINE__, "no column %s", column);
}

const pt_quality_finding *examined_finding(const examined *e, const char *source, const char *kind, const char *column)
{
    const pt_quality_source *s = examined_source(e, source);

    for (size_t i = 0; i < s->n_findings; i++) {
        const pt_quality_finding *f = &s->findings[i];
        if (strcmp(pt_finding_name(f->kind), kind) == 0 && (!column || (f->column && strcmp(f->column, column) == 0)))
            return f;
    }
    return NULL;
}

static void add_finding(pt_str *out, const char *source, const pt_quality_finding *f)
{
    pt_str_addf(out, "%s %s%s%s %s %llu/%llu: ", pt_finding_severity_name(f->severity), source, f->column ? "." : "",
                f->column ? f->column : "", pt_finding_name(f->kind), (unsigned long long)f->rows,
                (unsigned long long)f->of);
    pt_finding_say(out, f, "en");
    pt_str_addc(out, '\n');
}

const char *examined_text(const examined *e)
{
    pt_str out = {0};

    for (size_t s = 0; s < e->loaded.project->n_sources; s++)
        for (size_t i = 0; i < e->sources[s].n_findings; i++)
            add_finding(&out, e->loaded.project->sources[s].name, &e->sources[s].findings[i]);
    const char *copy = pt_arena_strdup(e->loaded.arena, pt_str_cstr(&out));
    pt_str_free(&out);
    CHECK(copy);
    return copy;
}
