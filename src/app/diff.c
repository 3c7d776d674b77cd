#include "app/diff.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/diff_int.h"

typedef struct side {
    pt_generation *generation;
    const pt_manifest *manifest;
    const pt_directory *directory;
    pt_tagset *tags;
    bool *live; /* by ordinal */
    uint32_t n_ordinals, customers;
} side;

typedef struct comparing {
    const pt_project *project;
    side before, after;
    pt_diff *out;
    pt_arena *arena;
} comparing;

/* --- the two generations ------------------------------------------------------------------------------------------ */

static pt_rc open_side(side *s, const pt_project *p, const char *name, pt_arena *arena, pt_err *err)
{
    PT_TRY(pt_generation_open(&s->generation, p->data_dir, name, err));
    s->manifest = pt_generation_manifest(s->generation);
    s->directory = pt_generation_directory(s->generation);
    s->tags = pt_generation_tags(s->generation);
    s->n_ordinals = pt_tagset_ordinals(s->tags);
    if (!(s->live = PT_NEW_ARRAY(arena, bool, s->n_ordinals)))
        return pt_fail_nomem(err, "the customers");
    for (uint32_t i = 0; i < s->n_ordinals; i++) {
        s->live[i] = pt_is_customer(s->directory, i);
        s->customers += s->live[i];
    }
    return pt_view_named(pt_directory_damage(s->directory, err), PT_FILE_DIRECTORY, err);
}

static pt_rc no_generation(const char *wanted, const char *const *names, size_t n, pt_err *err)
{
    if (!wanted) {
        pt_fail(err, PT_ENOTFOUND, "only one build is kept: there is nothing to compare it with");
        return pt_err_hint(err, "after the next portrait build there is; the last two builds are kept");
    }
    pt_fail(err, PT_ENOTFOUND, "there is no build '%.40s'", wanted);
    return pt_err_hint(err, n > 1 ? "kept are %s and %s" : "kept is %s", names[0], n > 1 ? names[n - 1] : "");
}

static bool is_listed(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static pt_rc choose(const char **from, const char **to, const pt_project *p, pt_arena *arena, pt_err *err)
{
    const char *const *names;
    size_t n;

    PT_TRY(pt_generation_list(&names, &n, p->data_dir, arena, err));
    if (!n) {
        pt_fail(err, PT_ENOTFOUND, "nothing has been built yet");
        return pt_err_hint(err, "portrait build");
    }
    if (*from && !is_listed(*from, names, n))
        return no_generation(*from, names, n, err);
    if (*to && !is_listed(*to, names, n))
        return no_generation(*to, names, n, err);
    if (!*from && n < 2)
        return no_generation(NULL, names, n, err);
    *to = *to ? *to : names[n - 1];
    *from = *from ? *from : names[n - 2];
    return PT_OK;
}

/* --- customers ---------------------------------------------------------------------------------------------------- */

static void count_customers(comparing *x)
{
    pt_diff *out = x->out;
    uint32_t most = x->before.n_ordinals > x->after.n_ordinals ? x->before.n_ordinals : x->after.n_ordinals;

    out->customers_from = x->before.customers;
    out->customers_to = x->after.customers;
    for (uint32_t i = 0; i < most; i++) {
        bool was = i < x->before.n_ordinals && x->before.live[i], is = i < x->after.n_ordinals && x->after.live[i];
        bool merged = was && !is && i < x->after.n_ordinals && pt_directory_forward(x->after.directory, i) != i;
        out->customers_new += !was && is;
        out->customers_merged += merged;
        out->customers_gone += was && !is && !merged;
    }
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

static pt_rc side_column(diff_side *out, const side *s, const char *name, pt_err *err)
{
    int at = pt_tagset_find(s->tags, pt_sv_of(name));

    *out = (diff_side){.live = s->live, .rows = s->n_ordinals, .customers = s->customers, .as_of = s->manifest->as_of};
    if (at < 0)
        return PT_OK;
    return pt_view_named(pt_tagset_column(&out->column, s->tags, (size_t)at, err), PT_FILE_TAGS, err);
}

static bool is_redefined(const comparing *x, const char *tag)
{
    for (size_t i = 0; i < x->out->n_changes; i++) {
        const pt_definition_change *c = &x->out->changes[i];
        if (c->kind == PT_CHANGE_CHANGED && strncmp(c->name, "tag ", 4) == 0 && strcmp(c->name + 4, tag) == 0)
            return true;
    }
    return false;
}

/* Tiers have an order of their own; a yes or no and few values do without. */
static pt_rc add_moves(pt_diff_tag *t, const comparing *x, const diff_side *before, const diff_side *after, pt_err *err)
{
    const pt_lang_tag *tag = t->tag >= 0 ? &x->project->catalog.tags[t->tag] : NULL;
    const char **steps = PT_NEW_ARRAY(x->arena, const char *, tag ? tag->n_tiers : 0);

    if (!steps)
        return pt_fail_nomem(err, "the comparison");
    if (!tag || !tag->n_tiers)
        return PT_OK;
    for (size_t i = 0; i < tag->n_tiers; i++)
        steps[i] = tag->tiers[i].label;
    return diff_moves(&t->moves, before, after, steps, tag->n_tiers, x->arena, err);
}

static pt_rc compare_tag(pt_diff_tag *t, const comparing *x, const char *name, pt_err *err)
{
    diff_side before, after;

    *t = (pt_diff_tag){.name = name, .tag = pt_project_find_tag(x->project, pt_sv_of(name))};
    PT_TRY(side_column(&before, &x->before, name, err));
    PT_TRY(side_column(&after, &x->after, name, err));
    t->in_before = before.column != NULL;
    t->in_after = after.column != NULL;
    t->redefined = is_redefined(x, name);
    t->type = after.column ? after.column->type : before.column->type;
    if (!t->in_before || !t->in_after)
        return PT_OK;
    PT_TRY(diff_measure(t, &before, &after, x->arena, err));
    return add_moves(t, x, &before, &after, err);
}

/* Moved much before moved some; then by how many times the threshold; then by name. */
static int worst_first(const void *left, const void *right)
{
    const pt_diff_tag *a = left, *b = right;
    double x = a->measure == PT_DIFF_COVERAGE ? 0 : a->distance, y = b->measure == PT_DIFF_COVERAGE ? 0 : b->distance;

    if (a->moved != b->moved)
        return a->moved > b->moved ? -1 : 1;
    if (a->redefined != b->redefined)
        return a->redefined ? -1 : 1;
    if (x != y)
        return x > y ? -1 : 1;
    return strcmp(a->name, b->name);
}

static pt_rc compare_tags(comparing *x, pt_err *err)
{
    size_t n_before = pt_tagset_count(x->before.tags), n_after = pt_tagset_count(x->after.tags), n = 0;
    pt_diff_tag *tags = PT_NEW_ARRAY(x->arena, pt_diff_tag, n_before + n_after);

    if (!tags)
        return pt_fail_nomem(err, "the comparison");
    for (size_t i = 0; i < n_after; i++)
        PT_TRY(compare_tag(&tags[n++], x, pt_tagset_info(x->after.tags, i)->name, err));
    for (size_t i = 0; i < n_before; i++) {
        const char *name = pt_tagset_info(x->before.tags, i)->name;
        if (pt_tagset_find(x->after.tags, pt_sv_of(name)) < 0)
            PT_TRY(compare_tag(&tags[n++], x, name, err));
    }
    if (n)
        qsort(tags, n, sizeof *tags, worst_first);
    x->out->tags = tags;
    x->out->n_tags = n;
    return PT_OK;
}

/* --- figures ------------------------------------------------------------------------------------------------------ */

static int most_first(const void *left, const void *right)
{
    const pt_diff_count *a = left, *b = right;
    double x = fabs(a->after - a->before) / (1 + fabs(a->before)),
           y = fabs(b->after - b->before) / (1 + fabs(b->before));

    if (isnan(x) || isnan(y))
        return isnan(x) == isnan(y) ? strcmp(a->name, b->name) : isnan(x) ? 1 : -1;
    if (x != y)
        return x > y ? -1 : 1;
    return strcmp(a->name, b->name);
}

static pt_rc compare_counts(comparing *x, pt_err *err)
{
    const pt_manifest *a = x->before.manifest, *b = x->after.manifest;
    pt_diff_count *list = PT_NEW_ARRAY(x->arena, pt_diff_count, a->n_counts + b->n_counts);
    size_t n = 0;

    if (!list)
        return pt_fail_nomem(err, "the comparison");
    for (size_t i = 0; i < b->n_counts; i++) {
        pt_diff_count c = {b->counts[i].name, pt_manifest_count(a, b->counts[i].name, NAN), b->counts[i].value};
        if (c.before != c.after)
            list[n++] = c;
    }
    for (size_t i = 0; i < a->n_counts; i++)
        if (isnan(pt_manifest_count(b, a->counts[i].name, NAN)))
            list[n++] = (pt_diff_count){a->counts[i].name, a->counts[i].value, NAN};
    if (n)
        qsort(list, n, sizeof *list, most_first);
    x->out->counts = list;
    x->out->n_counts = n;
    return PT_OK;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static pt_rc compare_definitions(comparing *x, pt_err *err)
{
    const pt_manifest *a = x->before.manifest, *b = x->after.manifest;
    const pt_definition_change *all;
    size_t n, kept = 0;

    PT_TRY(pt_definitions_compare(&all, &n, a->definitions, a->n_definitions, b->definitions, b->n_definitions,
                                  x->arena, err));
    pt_definition_change *shown = PT_NEW_ARRAY(x->arena, pt_definition_change, n);
    if (!shown)
        return pt_fail_nomem(err, "the comparison");
    for (size_t i = 0; i < n; i++)
        if (pt_definition_is_shown(all[i].name))
            shown[kept++] = all[i];
    x->out->changes = shown;
    x->out->n_changes = kept;
    return PT_OK;
}

static pt_rc compare(comparing *x, pt_err *err)
{
    pt_diff *out = x->out;

    out->from = x->before.manifest->generation;
    out->to = x->after.manifest->generation;
    out->as_of_from = x->before.manifest->as_of;
    out->as_of_to = x->after.manifest->as_of;
    out->built_from = x->before.manifest->built_at;
    out->built_to = x->after.manifest->built_at;
    PT_TRY(compare_definitions(x, err));
    count_customers(x);
    PT_TRY(compare_tags(x, err));
    return compare_counts(x, err);
}

static void close_generation(void *generation)
{
    pt_generation_close(generation);
}

/* What is found refers to the generations: they stay open as long as the arena. */
static pt_rc keep_open(side *s, pt_arena *arena, pt_err *err)
{
    if (pt_arena_defer(arena, close_generation, s->generation))
        return PT_OK;
    pt_generation_close(s->generation);
    return pt_fail_nomem(err, "the comparison");
}

pt_rc pt_app_diff(const pt_diff **out, pt_app *app, const char *from, const char *to, pt_arena *arena, pt_err *err)
{
    comparing x = {.project = app->project, .out = PT_NEW(arena, pt_diff), .arena = arena};

    PT_TRY(pt_app_sound(app, err));
    if (!x.out)
        return pt_fail_nomem(err, "the comparison");
    PT_TRY(choose(&from, &to, app->project, arena, err));
    pt_rc rc = open_side(&x.before, app->project, from, arena, err);
    if (x.before.generation)
        PT_TRY(keep_open(&x.before, arena, err));
    PT_TRY(rc);
    rc = open_side(&x.after, app->project, to, arena, err);
    if (x.after.generation)
        PT_TRY(keep_open(&x.after, arena, err));
    PT_TRY(rc);
    PT_TRY(compare(&x, err));
    *out = x.out;
    return PT_OK;
}
