/* A project, its problems, its catalogue. */
#include <stdlib.h>

#include "lib/lib_int.h"

/* --- what a sound project holds ----------------------------------------------------------------------------------- */

static pt_rc list_sources(portrait_project *project, pt_err *err)
{
    static const char *const kinds[] = {
        [PT_SOURCE_RECORD] = "record",
        [PT_SOURCE_EVENT] = "event",
        [PT_SOURCE_REFERENCE] = "reference",
        [PT_SOURCE_LINK] = "link",
    };
    const pt_project *p = pt_app_project(project->app);

    if (!(project->sources = PT_NEW_ARRAY(project->arena, portrait_source, p->n_sources)))
        return pt_fail_nomem(err, "the sources");
    for (size_t i = 0; i < p->n_sources; i++) {
        const pt_source *s = &p->sources[i];
        portrait_column *columns = PT_NEW_ARRAY(project->arena, portrait_column, s->n_columns);
        if (!columns)
            return pt_fail_nomem(err, "the sources");
        for (size_t c = 0; c < s->n_columns; c++)
            columns[c] = (portrait_column){s->columns[c].name, (portrait_type)s->columns[c].type};
        project->sources[i] = (portrait_source){s->name, kinds[s->kind], columns, s->n_columns};
    }
    return PT_OK;
}

static const char *definition(const pt_project *p, size_t tag, pt_arena *arena)
{
    const pt_node *node = p->module->tags[tag];
    pt_str text = {0};

    if (!node)
        return p->tags[tag].sql ? p->tags[tag].sql : "";
    pt_lang_print(&text, node, &p->catalog);
    const char *copy = text.failed ? NULL : pt_arena_strdup(arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

static pt_rc list_tags(portrait_project *project, pt_err *err)
{
    const pt_project *p = pt_app_project(project->app);

    if (!(project->tags = PT_NEW_ARRAY(project->arena, portrait_tag, p->n_tags)))
        return pt_fail_nomem(err, "the tags");
    for (size_t i = 0; i < p->n_tags; i++) {
        const pt_tag *t = &p->tags[i];
        const char *text = definition(p, i, project->arena);
        if (!text)
            return pt_fail_nomem(err, "the tags");
        project->tags[i] = (portrait_tag){.number = i,
                                          .name = t->name,
                                          .type = (portrait_type)p->module->types[i],
                                          .label_en = t->label.en,
                                          .label_zh = t->label.zh,
                                          .description_en = t->description.en,
                                          .description_zh = t->description.zh,
                                          .unit_en = t->unit.en,
                                          .unit_zh = t->unit.zh,
                                          .group = t->group ? t->group : "",
                                          .origin = pt_tag_origins[t->origin],
                                          .sensitivity = t->sensitivity,
                                          .owner = t->owner,
                                          .definition = text,
                                          .live = t->live};
    }
    project->n_tags = p->n_tags;
    return PT_OK;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static void describe(portrait_project *project)
{
    const pt_project *p = pt_app_project(project->app);

    project->info = (portrait_project_info){.root = p->root,
                                            .data_dir = p->data_dir,
                                            .name = p->name,
                                            .label = pt_label_text(&p->label, p->locale, p->name),
                                            .time_zone = p->zone_name,
                                            .locale = p->locale,
                                            .currency = p->currency,
                                            .sources = p->n_sources,
                                            .tags = p->n_tags};
}

static pt_rc open_project(portrait_project *project, const char *dir, pt_err *err)
{
    project->arena = pt_arena_new(0);
    project->problem_arena = pt_arena_new(0);
    project->build_arena = pt_arena_new(0);
    if (!project->arena || !project->problem_arena || !project->build_arena)
        return pt_fail_nomem(err, "the project");
    PT_TRY(pt_app_open(&project->app, dir, err));
    describe(project);
    if (pt_app_diags(project->app)->errors)
        return PT_OK;
    PT_TRY(list_sources(project, err));
    return list_tags(project, err);
}

portrait_status portrait_open(portrait_project **out, const char *dir, portrait_error *error)
{
    portrait_project *project = pt_zalloc(1, sizeof *project);
    pt_err err = {0};

    *out = NULL;
    if (!project)
        return pt_lib_nomem(error, "the project");
    pt_rc rc = open_project(project, dir, &err);
    if (rc == PT_OK)
        *out = project;
    else
        portrait_close(project);
    return pt_lib_done(rc, &err, error);
}

void portrait_close(portrait_project *project)
{
    if (!project)
        return;
    pt_arena_free(project->build_arena);
    pt_arena_free(project->problem_arena);
    pt_arena_free(project->arena);
    pt_app_close(project->app);
    free(project);
}

const portrait_project_info *portrait_project_get(const portrait_project *project)
{
    return &project->info;
}

/* --- problems ----------------------------------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const portrait_problem *x = a, *y = b;
    int order = strcmp(x->file, y->file);

    if (!order)
        order = (x->line > y->line) - (x->line < y->line);
    return order ? order : (x->column > y->column) - (x->column < y->column);
}

static pt_rc list_problems(portrait_project *project, pt_err *err)
{
    const pt_diags *diags = pt_app_diags(project->app);
    pt_arena *arena = project->problem_arena;

    pt_arena_reset(arena);
    project->n_problems = 0;
    if (!(project->problems = PT_NEW_ARRAY(arena, portrait_problem, diags->n)))
        return pt_fail_nomem(err, "the project's problems");
    for (size_t i = 0; i < diags->n; i++) {
        const pt_diag *d = &diags->items[i];
        const char *code = pt_arena_printf(arena, "E%04d", d->code);
        if (!code)
            return pt_fail_nomem(err, "the project's problems");
        project->problems[i] = (portrait_problem){.severity = (portrait_severity)d->severity,
                                                  .code = code,
                                                  .message = d->msg,
                                                  .hint = d->hint,
                                                  .file = d->place.file,
                                                  .line = d->place.line,
                                                  .column = d->place.col,
                                                  .length = d->place.length};
    }
    project->n_problems = diags->n;
    if (diags->n > 1)
        qsort(project->problems, diags->n, sizeof *project->problems, by_place);
    return PT_OK;
}

portrait_status portrait_check(portrait_project *project, portrait_error *error)
{
    pt_err err = {0};
    pt_rc rc = PT_OK;

    if (!project->checked && !pt_app_diags(project->app)->errors)
        rc = pt_app_check(project->app, &err);
    if (rc == PT_OK)
        rc = list_problems(project, &err);
    if (rc != PT_OK)
        return pt_lib_fail(error, &err);
    project->checked = true;
    if (!project->n_problems)
        return pt_lib_ok(error);
    pt_fail(&err, PT_EPROBLEM, "the project has problems");
    return pt_lib_fail(error, &err);
}

/* What loading found is listed when first asked for; when memory is short then, portrait_check says so. */
static const portrait_problem *problems(const portrait_project *project)
{
    portrait_project *lists = (portrait_project *)project; /* its problems were there all along */

    if (!project->problems && list_problems(lists, NULL) != PT_OK)
        lists->problems = NULL;
    return project->problems;
}

size_t portrait_problem_count(const portrait_project *project)
{
    return problems(project) ? project->n_problems : 0;
}

const portrait_problem *portrait_problem_get(const portrait_project *project, size_t i)
{
    return i < portrait_problem_count(project) ? &project->problems[i] : NULL;
}

/* --- the catalogue ------------------------------------------------------------------------------------------------ */

const portrait_source *portrait_source_get(const portrait_project *project, size_t i)
{
    return project->sources && i < project->info.sources ? &project->sources[i] : NULL;
}

const portrait_tag *portrait_tag_get(const portrait_project *project, size_t i)
{
    return i < project->n_tags ? &project->tags[i] : NULL;
}

const portrait_tag *portrait_tag_find(const portrait_project *project, const char *name)
{
    int i = pt_project_find_tag(pt_app_project(project->app), pt_sv_of(name));

    return i >= 0 ? portrait_tag_get(project, (size_t)i) : NULL;
}

struct portrait_coverage {
    pt_arena *arena;
    pt_coverage found;
    size_t n_tags;
};

portrait_status portrait_coverage_open(portrait_coverage **out, portrait_project *project, portrait_error *error)
{
    portrait_coverage *c = pt_zalloc(1, sizeof *c);
    pt_err err = {0};

    *out = NULL;
    if (!c || !(c->arena = pt_arena_new(0))) {
        free(c);
        return pt_lib_nomem(error, "the coverage");
    }
    c->n_tags = project->info.tags;
    pt_rc rc = pt_app_coverage(&c->found, project->app, c->arena, &err);
    if (rc == PT_OK)
        *out = c;
    else
        portrait_coverage_free(c);
    return pt_lib_done(rc, &err, error);
}

void portrait_coverage_free(portrait_coverage *coverage)
{
    if (!coverage)
        return;
    pt_arena_free(coverage->arena);
    free(coverage);
}

uint64_t portrait_coverage_customers(const portrait_coverage *coverage)
{
    return coverage->found.customers;
}

int64_t portrait_coverage_as_of(const portrait_coverage *coverage)
{
    return coverage->found.as_of;
}

uint64_t portrait_coverage_known(const portrait_coverage *coverage, size_t tag)
{
    return tag < coverage->n_tags ? coverage->found.known[tag] : UINT64_MAX;
}
