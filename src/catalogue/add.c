/* What a project's files become when templates are added. */
#include <errno.h>
#include <unistd.h>

#include "base/io.h"
#include "catalogue/catalogue_int.h"
#include "catalogue/edit.h"

static const char HEAD[] = "From the catalogue (portrait add); yours to change.";

typedef struct adder {
    const pt_catalogue_plan *plan;
    const pt_addition_options *options;
    bool *chosen;        /* by template */
    bool *questionnaire; /* by role: its source is to be written */
    bool *guessed;       /* by role: its guess is to be written down */
    pt_project_edit *edits;
    bool *is_new;
    pt_sv *added;
    size_t n_edits;
    pt_arena *arena;
} adder;

/* --- what is to be written ---------------------------------------------------------------------------------------- */

static pt_rc refuse(const adder *a, uint32_t template, pt_err *err)
{
    const pt_tag_template *t = &a->plan->catalogue->templates[template];

    pt_fail(err, PT_EINVAL, "the project's data cannot give '%s'", t->name);
    return pt_err_hint(err, "missing: %s", a->plan->statuses[template].missing);
}

static pt_rc check_consent(const adder *a, const pt_tag_template *t, pt_err *err)
{
    const pt_addition_options *o = a->options;

    if (!t->needs_consent || ((o->purpose.zh || o->purpose.en) && (o->consent.zh || o->consent.en)))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "'%s' is sensitive personal information", t->name);
    return pt_err_hint(err, "say what it is for and how customers agreed: --purpose TEXT --consent TEXT");
}

static void note_roles(adder *a, const pt_definition *d)
{
    for (size_t i = 0; i < d->n_columns; i++) {
        uint32_t role = d->columns[i].source;
        if (a->plan->bindings[role].source < 0)
            a->questionnaire[role] = true;
        else if (a->plan->bindings[role].how == PT_BOUND_GUESSED)
            a->guessed[role] = true;
    }
}

/* A template with all that its definition needs. Recursion ends: definitions do not use each other in a circle. */
static pt_rc choose(adder *a, uint32_t template, pt_err *err)
{
    const pt_tag_template *t = &a->plan->catalogue->templates[template];
    const pt_template_status *status = &a->plan->statuses[template];

    if (status->state == PT_TEMPLATE_PRESENT || a->chosen[template])
        return PT_OK;
    if (status->state == PT_TEMPLATE_LACKING)
        return refuse(a, template, err);
    PT_TRY(check_consent(a, t, err));
    a->chosen[template] = true;
    const pt_definition *d = &t->definitions[status->definition];
    note_roles(a, d);
    for (size_t i = 0; i < d->n_tags; i++)
        PT_TRY(choose(a, d->tags[i], err));
    return PT_OK;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

/* ptr NULL when the project has no such file. */
static pt_rc read_old(pt_sv *out, const adder *a, const char *path, pt_err *err)
{
    const char *full = pt_path_join(a->arena, a->plan->project->root, path);

    *out = (pt_sv){NULL, 0};
    if (!full)
        return pt_fail_nomem(err, "a path");
    if (access(full, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
        return PT_OK;
    return pt_read_file(out, full, PT_YAML_MOST_BYTES, a->arena, err);
}

static pt_rc keep_edit(adder *a, const char *path, pt_str *text, pt_sv added, bool is_new, pt_err *err)
{
    pt_rc rc = pt_str_check(text, err);

    if (rc == PT_OK) {
        const char *bytes = pt_arena_strndup(a->arena, pt_str_cstr(text), text->len);
        a->added[a->n_edits] = added;
        a->is_new[a->n_edits] = is_new;
        a->edits[a->n_edits++] = (pt_project_edit){path, {bytes, text->len}};
        if (!bytes || !added.ptr)
            rc = pt_fail_nomem(err, "the project's files");
    }
    pt_str_free(text);
    return rc;
}

/* Entries for a file of tags/ or sources/: below what is there, or a new file. */
static pt_rc append_entries(adder *a, const char *path, const char *head, const pt_str *entries, pt_err *err)
{
    pt_sv old, added = {pt_arena_strndup(a->arena, pt_str_cstr(entries), entries->len), entries->len};
    pt_str text = {0};

    PT_TRY(read_old(&old, a, path, err));
    if (!old.ptr)
        pt_str_addf(&text, "# %s\n\n", head);
    pt_edit_append(&text, old, pt_str_cstr(entries));
    text.failed |= entries->failed;
    return keep_edit(a, path, &text, added, !old.ptr, err);
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

/* The file of a group; where that is written in a form that cannot be added to, another beside it. */
static pt_rc group_file(const char **path, const char **file_group, const adder *a, const char *group, pt_err *err)
{
    bool can = true;
    pt_sv old;

    *file_group = group;
    *path = pt_arena_printf(a->arena, "tags/%s.yaml", group);
    if (!*path)
        return pt_fail_nomem(err, "a path");
    PT_TRY(read_old(&old, a, *path, err));
    if (old.ptr)
        PT_TRY(pt_edit_can_append(&can, old, a->arena, err));
    if (can)
        return PT_OK;
    *file_group = pt_arena_printf(a->arena, "%s-catalogue", group);
    *path = pt_arena_printf(a->arena, "tags/%s-catalogue.yaml", group);
    return *path && *file_group ? PT_OK : pt_fail_nomem(err, "a path");
}

static pt_rc add_group(adder *a, const char *group, pt_err *err)
{
    const pt_catalogue *c = a->plan->catalogue;
    const char *path, *file_group;
    pt_str entries = {0};

    PT_TRY(group_file(&path, &file_group, a, group, err));
    for (size_t i = 0; i < c->n_templates; i++) {
        if (!a->chosen[i] || strcmp(c->templates[i].group, group) != 0)
            continue;
        if (entries.len)
            pt_str_addc(&entries, '\n');
        pt_write_tag(&entries, a->plan, (uint32_t)i, file_group, a->options);
    }
    pt_rc rc = PT_OK;
    if (entries.len || entries.failed)
        rc = append_entries(a, path, HEAD, &entries, err);
    pt_str_free(&entries);
    return rc;
}

/* Templates of one group stand together in the catalogue. */
static pt_rc add_tags(adder *a, pt_err *err)
{
    const pt_catalogue *c = a->plan->catalogue;

    for (size_t i = 0; i < c->n_templates; i++)
        if (i == 0 || strcmp(c->templates[i].group, c->templates[i - 1].group) != 0)
            PT_TRY(add_group(a, c->templates[i].group, err));
    return PT_OK;
}

static pt_rc add_questionnaires(adder *a, pt_err *err)
{
    const pt_catalogue *c = a->plan->catalogue;

    for (size_t r = 0; r < c->n_roles; r++) {
        pt_str entry = {0};
        if (!a->questionnaire[r])
            continue;
        pt_write_questionnaire(&entry, a->plan, (uint32_t)r);
        const char *path = pt_arena_printf(a->arena, "sources/%s.yaml", c->roles[r].name);
        pt_rc rc = path ? append_entries(a, path, HEAD, &entry, err) : pt_fail_nomem(err, "a path");
        pt_str_free(&entry);
        PT_TRY(rc);
    }
    return PT_OK;
}

/* --- portrait.yaml ------------------------------------------------------------------------------------------------ */

static bool has_label(const pt_project *p, const char *path)
{
    for (size_t i = 0; i < p->n_groups; i++)
        if (strcmp(p->groups[i].path, path) == 0)
            return true;
    return false;
}

/* Whether a group that gets tags is this one or below it. */
static bool is_used(const adder *a, const char *path)
{
    const pt_catalogue *c = a->plan->catalogue;
    size_t n = strlen(path);

    for (size_t i = 0; i < c->n_templates; i++) {
        const char *group = c->templates[i].group;
        if (a->chosen[i] && strncmp(group, path, n) == 0 && (group[n] == '\0' || group[n] == '/'))
            return true;
    }
    return false;
}

static void group_labels(pt_str *out, const adder *a)
{
    const pt_catalogue *c = a->plan->catalogue;

    for (size_t i = 0; i < c->n_groups; i++)
        if (!has_label(a->plan->project, c->groups[i].path) && is_used(a, c->groups[i].path))
            pt_yaml_add_label(out, 0, c->groups[i].path, &c->groups[i].label);
}

static void role_entries(pt_str *out, const adder *a)
{
    for (size_t r = 0; r < a->plan->catalogue->n_roles; r++)
        if (a->guessed[r])
            pt_write_role(out, a->plan, (uint32_t)r);
}

static pt_rc insert(pt_str *text, pt_sv *old, const char *key, const char *comment, const pt_str *entries, adder *a,
                    pt_err *err)
{
    if (!entries->len && !entries->failed)
        return PT_OK;
    pt_str_clear(text);
    PT_TRY(pt_edit_insert(text, *old, "portrait.yaml", key, comment, pt_str_cstr(entries), a->arena, err));
    text->failed |= entries->failed;
    PT_TRY(pt_str_check(text, err));
    *old = (pt_sv){pt_arena_strndup(a->arena, pt_str_cstr(text), text->len), text->len};
    return old->ptr ? PT_OK : pt_fail_nomem(err, "portrait.yaml");
}

static pt_rc add_config(adder *a, pt_err *err)
{
    pt_str groups = {0}, roles = {0}, text = {0}, added = {0};
    pt_sv old;

    PT_TRY(read_old(&old, a, "portrait.yaml", err));
    group_labels(&groups, a);
    role_entries(&roles, a);
    pt_rc rc = insert(&text, &old, "groups", "What people see instead of the paths of groups.", &groups, a, err);
    if (rc == PT_OK)
        rc = insert(&text, &old, "roles",
                    "What the sources are for, as the catalogue guessed: put it right where it is wrong.", &roles, a,
                    err);
    if (rc == PT_OK && text.len) {
        pt_str_addf(&added, "%s%s", pt_str_cstr(&groups), pt_str_cstr(&roles));
        pt_sv copy = {added.failed ? NULL : pt_arena_strndup(a->arena, pt_str_cstr(&added), added.len), added.len};
        rc = keep_edit(a, "portrait.yaml", &text, copy, false, err);
    }
    pt_str_free(&groups);
    pt_str_free(&roles);
    pt_str_free(&text);
    pt_str_free(&added);
    return rc;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static size_t list(const uint32_t **out, const bool *which, size_t n, pt_arena *arena)
{
    uint32_t *numbers = PT_NEW_ARRAY(arena, uint32_t, n);
    size_t count = 0;

    for (size_t i = 0; numbers && i < n; i++)
        if (which[i])
            numbers[count++] = (uint32_t)i;
    *out = numbers;
    return count;
}

static pt_rc start(adder *a, pt_err *err)
{
    const pt_catalogue *c = a->plan->catalogue;
    size_t most = c->n_templates + c->n_roles + 1; /* files: a group, a questionnaire, portrait.yaml */

    a->chosen = PT_NEW_ARRAY(a->arena, bool, c->n_templates);
    a->questionnaire = PT_NEW_ARRAY(a->arena, bool, c->n_roles);
    a->guessed = PT_NEW_ARRAY(a->arena, bool, c->n_roles);
    a->edits = PT_NEW_ARRAY(a->arena, pt_project_edit, most);
    a->is_new = PT_NEW_ARRAY(a->arena, bool, most);
    a->added = PT_NEW_ARRAY(a->arena, pt_sv, most);
    return a->chosen && a->questionnaire && a->guessed && a->edits && a->is_new && a->added
               ? PT_OK
               : pt_fail_nomem(err, "the project's files");
}

pt_rc pt_catalogue_add(pt_addition *out, const pt_catalogue_plan *plan, const uint32_t *wanted, size_t n_wanted,
                       const pt_addition_options *options, pt_arena *arena, pt_err *err)
{
    const pt_catalogue *c = plan->catalogue;
    adder a = {.plan = plan, .options = options, .arena = arena};

    PT_TRY(start(&a, err));
    for (size_t i = 0; i < n_wanted; i++)
        PT_TRY(choose(&a, wanted[i], err));
    PT_TRY(add_questionnaires(&a, err));
    PT_TRY(add_config(&a, err));
    PT_TRY(add_tags(&a, err));
    *out = (pt_addition){.edits = a.edits, .is_new = a.is_new, .added = a.added, .n_edits = a.n_edits};
    out->n_templates = list(&out->templates, a.chosen, c->n_templates, arena);
    out->n_roles = list(&out->roles, a.guessed, c->n_roles, arena);
    out->n_questionnaires = list(&out->questionnaires, a.questionnaire, c->n_roles, arena);
    return out->templates && out->roles && out->questionnaires ? PT_OK : pt_fail_nomem(err, "the project's files");
}

pt_rc pt_addition_of_file(pt_addition *out, const pt_catalogue_plan *plan, const char *path, pt_sv text,
                          const bool *roles, pt_arena *arena, pt_err *err)
{
    const pt_catalogue *c = plan->catalogue;
    pt_addition_options options = {0};
    adder a = {.plan = plan, .options = &options, .arena = arena};
    pt_str whole = {0};
    pt_sv old;

    PT_TRY(start(&a, err));
    for (size_t r = 0; r < c->n_roles; r++)
        a.guessed[r] = roles[r] && plan->bindings[r].how == PT_BOUND_GUESSED;
    PT_TRY(read_old(&old, &a, path, err));
    if (old.ptr)
        return pt_fail(err, PT_EINVAL, "the project has a file %s already", path);
    PT_TRY(add_config(&a, err));
    pt_str_addf(&whole, "# %s\n\n", HEAD);
    pt_str_addsv(&whole, text);
    pt_sv added = {pt_arena_strndup(arena, text.ptr, text.len), text.len};
    PT_TRY(keep_edit(&a, path, &whole, added, true, err));
    *out = (pt_addition){.edits = a.edits, .is_new = a.is_new, .added = a.added, .n_edits = a.n_edits};
    out->n_roles = list(&out->roles, a.guessed, c->n_roles, arena);
    return out->roles ? PT_OK : pt_fail_nomem(err, "the project's files");
}

pt_rc pt_addition_check(const pt_addition *a, const pt_project *project, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_project *edited;

    return pt_project_load_edited(&edited, project->root, a->edits, a->n_edits, diags, arena, err);
}

static pt_rc write_edit(const pt_project_edit *edit, const char *root, pt_arena *arena, pt_err *err)
{
    const char *slash = strrchr(edit->path, '/'), *full = pt_path_join(arena, root, edit->path);

    if (!full)
        return pt_fail_nomem(err, "a path");
    if (slash) {
        const char *folder = pt_arena_strndup(arena, full, strlen(full) - strlen(slash));
        if (!folder)
            return pt_fail_nomem(err, "a path");
        PT_TRY(pt_mkdirs(folder, err));
    }
    return pt_write_file(full, edit->bytes.ptr, edit->bytes.len, err);
}

/* Sources and roles come before the tags that need them: stopped half way, the project is still sound. */
pt_rc pt_addition_write(const pt_addition *a, const pt_project *project, pt_arena *arena, pt_err *err)
{
    for (size_t i = 0; i < a->n_edits; i++)
        PT_TRY(write_edit(&a->edits[i], project->root, arena, err));
    return PT_OK;
}
