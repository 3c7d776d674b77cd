#include "app/export.h"

#include <stdlib.h>

#include "app/export_int.h"
#include "app/memberships.h"
#include "base/io.h"

const char *const pt_export_formats[PT_EXPORT_FORMATS] = {"ids", "csv", "parquet", "xlsx"};

/* --- rows -------------------------------------------------------------------------------------------------------------- */

enum { CHECK_EVERY = 4096 };

pt_export_walk pt_export_begin(const pt_export *x)
{
    return (pt_export_walk){.x = x, .left = x->rows};
}

bool pt_export_next(pt_export_walk *w, uint32_t *ordinal, pt_rc *rc, pt_err *err)
{
    const pt_crowd_query *q = w->x->query;
    uint32_t n = q->view->n_ordinals, at = w->next;

    if (*rc != PT_OK || !w->left)
        return false;
    while (at < n) {
        uint64_t word = w->x->members[at / 64] >> (at % 64);
        if (word) {
            at += (uint32_t)__builtin_ctzll(word);
            break;
        }
        at = (at / 64 + 1) * 64;
    }
    if (at >= n)
        return false;
    if (w->left-- % CHECK_EVERY == 0 && (*rc = pt_cancel_check(q->options->cancel, err)) != PT_OK)
        return false;
    w->next = at + 1;
    *ordinal = at;
    return true;
}

/* --- columns ----------------------------------------------------------------------------------------------------------- */

static bool is_sensitive(const pt_tag *t)
{
    return t->sensitivity && strcmp(t->sensitivity, "sensitive") == 0;
}

static pt_rc no_tag(const pt_project *p, pt_sv name, pt_arena *arena, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(arena, const char *, p->n_tags);

    if (!names)
        return pt_fail_nomem(err, "an export");
    for (size_t t = 0; t < p->n_tags; t++)
        names[t] = p->tags[t].name;
    pt_fail(err, PT_ENOTFOUND, "there is no tag '%.*s'", (int)name.len, name.ptr);
    int near = pt_nearest(name, names, p->n_tags);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near]) : PT_ENOTFOUND;
}

pt_sv pt_export_next_name(pt_sv *list)
{
    const char *comma = memchr(list->ptr, ',', list->len);
    size_t length = comma ? (size_t)(comma - list->ptr) : list->len;
    pt_sv name = pt_sv_trim((pt_sv){list->ptr, length});

    *list = comma ? (pt_sv){comma + 1, list->len - length - 1} : (pt_sv){NULL, 0};
    return name;
}

/* The tags of "a, b", each once, in that order. */
static pt_rc named_tags(uint32_t *tags, size_t *n, const pt_project *p, pt_sv list, pt_arena *arena, pt_err *err)
{
    while (list.len) {
        pt_sv name = pt_export_next_name(&list);
        int tag = pt_project_find_tag(p, name);
        bool again = false;
        if (tag < 0)
            return no_tag(p, name, arena, err);
        for (size_t i = 0; i < *n; i++)
            again |= tags[i] == (uint32_t)tag;
        if (!again)
            tags[(*n)++] = (uint32_t)tag;
    }
    return PT_OK;
}

static pt_rc choose_tags(uint32_t *tags, size_t *n, size_t *withheld, const pt_export *x, pt_err *err)
{
    const pt_project *p = x->project;

    *n = *withheld = 0;
    if (x->options->format == PT_EXPORT_IDS)
        return PT_OK;
    if (x->options->tags.len)
        return named_tags(tags, n, p, x->options->tags, x->arena, err);
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (is_sensitive(&p->tags[t]) && !x->options->sensitive)
            ++*withheld;
        else
            tags[(*n)++] = t;
    }
    return PT_OK;
}

/* A label that several columns have says which is meant. */
static const char *title_of(const pt_export *x, const uint32_t *tags, size_t n, size_t at)
{
    const pt_tag *t = &x->project->tags[tags[at]];
    bool labels = x->options->labels || x->options->format == PT_EXPORT_XLSX;
    const char *label = labels ? pt_label_text(&t->label, x->options->lang, t->name) : t->name;

    for (size_t i = 0; labels && i < n; i++) {
        const pt_tag *other = &x->project->tags[tags[i]];
        if (i != at && strcmp(pt_label_text(&other->label, x->options->lang, other->name), label) == 0)
            return pt_arena_printf(x->arena, "%s (%s)", label, t->name);
    }
    return label;
}

static pt_rc make_columns(pt_export *x, pt_export_result *out, pt_err *err)
{
    uint32_t *tags = PT_NEW_ARRAY(x->arena, uint32_t, x->project->n_tags);
    bool labels = x->options->labels || x->options->format == PT_EXPORT_XLSX;

    if (!tags)
        return pt_fail_nomem(err, "an export");
    PT_TRY(choose_tags(tags, &x->n_columns, &out->withheld, x, err));
    pt_export_column *columns = PT_NEW_ARRAY(x->arena, pt_export_column, x->n_columns);
    if (!columns)
        return pt_fail_nomem(err, "an export");
    for (size_t i = 0; i < x->n_columns; i++) {
        columns[i] = (pt_export_column){.title = title_of(x, tags, x->n_columns, i), .tag = tags[i]};
        if (!columns[i].title)
            return pt_fail_nomem(err, "an export");
        PT_TRY(x->query->env.column(&columns[i].values, x->query, tags[i], err));
    }
    x->columns = columns;
    x->id_title = labels && strcmp(x->options->lang, "zh") == 0 ? "客户编号" : "customer";
    return PT_OK;
}

/* --- the whole ----------------------------------------------------------------------------------------------------------- */

/* A segment's own bits are not to be changed. */
static pt_rc once_each(const uint64_t **bits, pt_export *x, pt_err *err)
{
    size_t words = pt_members_words(x->query->view->n_ordinals);
    uint64_t *copy;

    if (!x->purpose.purpose)
        return PT_OK;
    if (!(copy = PT_NEW_ARRAY(x->arena, uint64_t, words)))
        return pt_fail_nomem(err, "an export");
    memcpy(copy, *bits, words * sizeof *copy);
    pt_purpose_once_each(&x->purpose, copy);
    *bits = copy;
    return PT_OK;
}

static pt_rc find_members(pt_export *x, pt_sv condition, pt_export_result *out, pt_diags *diags, pt_err *err)
{
    const uint64_t *bits;
    uint64_t *worked_out;
    const pt_node *node;
    pt_crowd *crowd;
    int segment = pt_project_find_segment(x->project, pt_sv_trim(condition));

    if (segment >= 0) {
        PT_TRY(pt_crowd_segment(&bits, x->query, (uint32_t)segment, err));
    } else {
        PT_TRY(pt_crowd_parse(&node, x->query, condition, diags, err));
        PT_TRY(pt_crowd_plan(&crowd, x->query, node, err));
        PT_TRY(pt_crowd_bits(&worked_out, x->query, crowd, err));
        bits = worked_out;
    }
    PT_TRY(once_each(&bits, x, err));
    x->members = bits;
    for (size_t w = 0; w < pt_members_words(x->query->view->n_ordinals); w++)
        out->members += (uint64_t)__builtin_popcountll(bits[w]);
    x->rows = x->options->limit && x->options->limit < out->members ? x->options->limit : out->members;
    return PT_OK;
}

/* Said before the work, and in no library's words. */
static pt_rc check_target(const pt_export_options *options, pt_arena *arena, pt_err *err)
{
    const char *path = options->path, *slash = path ? strrchr(path, '/') : NULL;
    const char *folder = slash ? pt_arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path)) : ".";

    if (!path)
        return PT_OK;
    if (!folder)
        return pt_fail_nomem(err, "an export");
    if (!pt_is_dir(folder))
        return pt_fail(err, PT_EIO, "there is no folder to write '%s' into", path);
    if (pt_is_dir(path))
        return pt_fail(err, PT_EIO, "'%s' is a folder and cannot be written over", path);
    return PT_OK;
}

pt_rc pt_app_export(pt_export_result *out, pt_app *app, pt_sv condition, const pt_export_options *options,
                    pt_diags *diags, pt_arena *arena, pt_err *err)
{
    static pt_export_writer *const writers[PT_EXPORT_FORMATS] = {pt_export_text, pt_export_text, pt_export_parquet,
                                                                 pt_export_xlsx};
    pt_export x = {.options = options, .arena = arena, .query = PT_NEW(arena, pt_crowd_query)};

    *out = (pt_export_result){0};
    if (!x.query)
        return pt_fail_nomem(err, "an export");
    PT_TRY(check_target(options, arena, err));
    PT_TRY(pt_crowd_query_open(x.query, app, PT_SV(""), &options->crowd, diags, arena, err));
    x.project = pt_app_project(app);
    PT_TRY(pt_purpose_open(&x.purpose, x.project, options->purpose, x.query->view->n_ordinals, arena, err));
    pt_rc rc = find_members(&x, condition, out, diags, err);
    if (rc == PT_OK)
        rc = make_columns(&x, out, err);
    if (rc == PT_OK)
        rc = pt_export_add_identifiers(&x, err);
    pt_purpose_close(&x.purpose);
    PT_TRY(rc);
    PT_TRY(writers[options->format](&x, err));
    out->rows = x.rows;
    out->columns = x.n_columns;
    return pt_directory_damage(x.query->view->directory, err);
}
