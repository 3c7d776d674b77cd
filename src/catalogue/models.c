#include "catalogue/models.h"

#include "catalogue/catalogue_int.h"

/* "models/churn.yaml" -> "churn"; NULL for other files. */
static const char *name_of(const char *path, pt_arena *arena)
{
    size_t n = strlen(path);

    if (strncmp(path, "models/", 7) != 0 || n < 13 || strcmp(path + n - 5, ".yaml") != 0)
        return NULL;
    return pt_arena_strndup(arena, path + 7, n - 12);
}

/* The rest of a line "# zh: text", which ends the head of a file; the text moves on. */
static const char *take_line(pt_sv *text, const char *prefix, pt_arena *arena)
{
    const char *end = memchr(text->ptr, '\n', text->len);
    size_t n = strlen(prefix);

    if (!end || !pt_sv_has_prefix(*text, prefix))
        return NULL;
    const char *line = pt_arena_strndup(arena, text->ptr + n, (size_t)(end - text->ptr) - n);
    text->len -= (size_t)(end + 1 - text->ptr);
    text->ptr = end + 1;
    return line;
}

/* Whether a hole is a role or a column of one: braces are YAML's too. */
static bool is_role(const pt_catalogue *c, const pt_hole *hole, int *role, int *column)
{
    *role = pt_catalogue_find_role(c, hole->role);
    *column = *role < 0 || !hole->column.len ? -1 : pt_role_find_column(&c->roles[*role], hole->column);
    return *role >= 0 && (!hole->column.len || *column >= 0);
}

/* The next role; what else stands in braces is looked into. */
static bool next_role(pt_hole *hole, size_t *at, pt_sv text, const pt_catalogue *c, int *role, int *column)
{
    while (pt_hole_next(hole, at, text)) {
        if (is_role(c, hole, role, column))
            return true;
        *at = hole->from + 1;
    }
    return false;
}

static bool is_bound(const pt_catalogue_plan *plan, int role, int column)
{
    const pt_role_binding *b = &plan->bindings[role];

    return b->source >= 0 && (column < 0 || b->columns[column] >= 0);
}

static pt_rc find_missing(pt_model_template *m, const pt_catalogue_plan *plan, pt_arena *arena, pt_err *err)
{
    int role, column;
    size_t at = 0;
    pt_hole hole;

    while (next_role(&hole, &at, m->text, plan->catalogue, &role, &column)) {
        if (is_bound(plan, role, column))
            continue;
        m->missing = pt_arena_strndup(arena, m->text.ptr + hole.from + 1, hole.to - hole.from - 2);
        return m->missing ? PT_OK : pt_fail_nomem(err, "the catalogue");
    }
    return PT_OK;
}

static bool has_model(const pt_project *p, const char *name)
{
    for (size_t i = 0; i < p->n_models; i++)
        if (strcmp(p->models[i].name, name) == 0)
            return true;
    return false;
}

pt_rc pt_catalogue_models(const pt_model_template **out, size_t *n, const pt_catalogue_plan *plan, pt_arena *arena,
                          pt_err *err)
{
    const pt_embedded *files = pt_catalogue_files;
    pt_model_template *list;
    size_t most = 0;

    while (files[most].path)
        most++;
    if (!(list = PT_NEW_ARRAY(arena, pt_model_template, most)))
        return pt_fail_nomem(err, "the catalogue");
    *n = 0;
    for (size_t i = 0; i < most; i++) {
        pt_model_template m = {.name = name_of(files[i].path, arena),
                               .text = {(const char *)files[i].bytes, files[i].size}};
        if (!m.name)
            continue;
        m.label.zh = take_line(&m.text, "# zh: ", arena);
        m.label.en = take_line(&m.text, "# en: ", arena);
        m.present = has_model(plan->project, m.name);
        PT_TRY(find_missing(&m, plan, arena, err));
        list[(*n)++] = m;
    }
    *out = list;
    return PT_OK;
}

/* The text with the project's names; whole[] notes the roles that it uses. */
static void fill_in(pt_str *out, bool *used, const pt_catalogue_plan *plan, pt_sv text)
{
    size_t at = 0, done = 0;
    int role, column;
    pt_hole hole;

    while (next_role(&hole, &at, text, plan->catalogue, &role, &column)) {
        const pt_lang_source *source = &plan->names.sources[role];
        pt_str_addn(out, text.ptr + done, hole.from - done);
        pt_str_add(out, source->name);
        if (column >= 0)
            pt_str_addf(out, ".%s", source->columns[column].name);
        used[role] = true;
        done = hole.to;
    }
    pt_str_addn(out, text.ptr + done, text.len - done);
}

pt_rc pt_catalogue_add_model(pt_addition *out, const pt_catalogue_plan *plan, const pt_model_template *model,
                             pt_arena *arena, pt_err *err)
{
    bool *used = PT_NEW_ARRAY(arena, bool, plan->catalogue->n_roles);
    pt_str text = {0};

    if (!used)
        return pt_fail_nomem(err, "the catalogue");
    if (model->present)
        return pt_fail(err, PT_EINVAL, "the project has a model '%s' already", model->name);
    if (model->missing) {
        pt_fail(err, PT_EINVAL, "the project's data cannot give '%s'", model->name);
        return pt_err_hint(err, "missing: %s", model->missing);
    }
    fill_in(&text, used, plan, model->text);
    pt_rc rc = pt_addition_of_file(out, plan, pt_arena_printf(arena, "models/%s.yaml", model->name),
                                   (pt_sv){pt_str_cstr(&text), text.len}, used, arena, err);
    if (rc == PT_OK)
        rc = pt_str_check(&text, err);
    pt_str_free(&text);
    return rc;
}
