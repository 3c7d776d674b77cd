#include "app/link_shadow.h"

#include <math.h>
#include <stdlib.h>

#include "app/app_int.h"
#include "app/link_names.h"
#include "app/linking_int.h"
#include "app/memberships.h"
#include "app/view.h"
#include "base/io.h"
#include "project/link_config.h"

typedef struct shadowing {
    pt_link_shadow *out;
    pt_app *app;
    const pt_link_shadow_request *q;
    pt_project project;    /* as it would be */
    pt_link_config config; /* likewise */
    pt_arena *arena;
    pt_err *err;
} shadowing;

/* --- the project as it would be -------------------------------------------------------------------------------------------------- */

static pt_rc read_identity(shadowing *x)
{
    pt_project_edit edit = {.path = "identity.yaml"};
    pt_project *loaded;
    pt_diags diags;

    PT_TRY(pt_read_file(&edit.bytes, x->q->identity, 0, x->arena, x->err));
    pt_diags_init(&diags, x->arena);
    PT_TRY(pt_project_load_edited(&loaded, x->app->project->root, &edit, 1, &diags, x->arena, x->err));
    if (diags.errors) {
        pt_rc rc = pt_diags_result(&diags, x->err);
        if (x->err && strcmp(x->err->file, edit.path) == 0)
            pt_err_at(x->err, x->q->identity, x->err->line, x->err->col);
        return rc;
    }
    x->project = *loaded;
    x->config = *loaded->link;
    return PT_OK;
}

static bool is_linked(const pt_linking *l, int source)
{
    for (size_t i = 0; i < l->n_sources; i++)
        if ((int)l->sources[i] == source)
            return true;
    return false;
}

static pt_rc drop_source(shadowing *x)
{
    const pt_linking *l = x->out->before;
    int source = pt_project_find_source(&x->project, pt_sv_of(x->q->source));
    uint32_t *kept = PT_NEW_ARRAY(x->arena, uint32_t, l->n_sources + 1);
    size_t n = 0;

    if (source < 0 || !is_linked(l, source)) {
        pt_fail(x->err, PT_EINVAL, "no records of a source '%s' are linked", x->q->source);
        return pt_err_hint(x->err, "portrait link lists them");
    }
    if (!kept)
        return pt_fail_nomem(x->err, "the change");
    for (size_t i = 0; i < l->n_sources; i++)
        if ((int)l->sources[i] != source)
            kept[n++] = l->sources[i];
    if (!n)
        return pt_fail(x->err, PT_EINVAL, "'%s' is the only source that is linked", x->q->source);
    x->config.sources = kept;
    x->config.n_sources = n;
    return PT_OK;
}

static const char *name_of(const pt_linking *l, const pt_linking_column *c)
{
    return c->column >= 0 ? l->project->sources[c->source].columns[c->column].name
                          : l->project->identity.types[c->type].name;
}

/* The field by its name, or by one of its columns; NULL. */
static const pt_linking_field *find_field(const pt_linking *l, const char *name)
{
    for (size_t f = 0; f < l->n_fields; f++)
        if (strcmp(l->fields[f].name, name) == 0)
            return &l->fields[f];
    for (size_t f = 0; f < l->n_fields; f++)
        for (size_t i = 0; i < l->fields[f].n_columns; i++)
            if (strcmp(name_of(l, &l->fields[f].columns[i]), name) == 0)
                return &l->fields[f];
    return NULL;
}

/* All columns of the field are as if identity.yaml said `ignore`. */
static pt_rc drop_column(shadowing *x)
{
    const pt_linking_field *f = find_field(x->out->before, x->q->column);
    size_t n = x->config.n_columns;

    if (!f) {
        pt_fail(x->err, PT_EINVAL, "no column '%s' is compared", x->q->column);
        return pt_err_hint(x->err, "portrait link lists them");
    }
    pt_link_column_choice *choices = PT_NEW_ARRAY(x->arena, pt_link_column_choice, n + f->n_columns + 1);
    if (!choices)
        return pt_fail_nomem(x->err, "the change");
    size_t at = 0;
    for (size_t i = 0; i < f->n_columns; i++)
        choices[at++] = (pt_link_column_choice){.source = (int)f->columns[i].source,
                                                .column = name_of(x->out->before, &f->columns[i]),
                                                .kind = PT_LINK_IGNORED};
    for (size_t i = 0; i < n; i++)
        choices[at++] = x->config.columns[i];
    x->config.columns = choices;
    x->config.n_columns = at;
    return PT_OK;
}

static pt_rc change_project(shadowing *x)
{
    x->project = *x->app->project;
    x->config = *x->app->project->link;
    if (x->q->identity)
        PT_TRY(read_identity(x));
    if (x->q->source)
        PT_TRY(drop_source(x));
    if (x->q->column)
        PT_TRY(drop_column(x));
    x->config.on = x->config.on || x->q->source || x->q->column;
    x->project.link = &x->config;
    return PT_OK;
}

/* --- linking twice --------------------------------------------------------------------------------------------------------------- */

static bool drop_named(pt_link_rule *rules, size_t *n, const char *name)
{
    size_t kept = 0, before = *n;

    for (size_t i = 0; i < before; i++)
        if (strcmp(rules[i].name, name) != 0)
            rules[kept++] = rules[i];
    *n = kept;
    return kept < before;
}

static pt_rc drop_rule(shadowing *x, pt_linking *l)
{
    const char *name;

    PT_TRY(pt_link_rule_named(&name, l, x->q->rule, x->arena, x->err));
    bool dropped = drop_named(l->setup.rules, &l->setup.n_rules, name);
    dropped |= drop_named(l->setup.training, &l->setup.n_training, name);
    dropped |= drop_named(l->setup.sure, &l->setup.n_sure, name);
    if (!dropped) {
        pt_fail(x->err, PT_EINVAL, "there is no blocking rule '%s'", x->q->rule);
        return pt_err_hint(x->err, "portrait link blocks lists them");
    }
    return l->setup.n_rules ? PT_OK : pt_fail(x->err, PT_EINVAL, "no blocking rule would be left");
}

static pt_rc link_after(shadowing *x, const pt_linking_options *options)
{
    pt_linking_run_options run = {
        .project = &x->project, .threads = x->q->threads, .until = PT_LINKING_READ, .cancel = x->q->cancel};

    PT_TRY(pt_app_linking(&x->out->after, x->app, &run, x->err));
    pt_linking *l = x->out->after;
    if (x->q->rule)
        PT_TRY(drop_rule(x, l));
    if (x->q->automatic > 0) {
        l->automatic = x->q->automatic;
        l->review = fmin(l->review, l->automatic);
    }
    PT_TRY(pt_linking_train(l, options, x->err));
    PT_TRY(pt_linking_score(l, options, x->err));
    return pt_linking_group(l, options, x->err);
}

static pt_rc link_both(shadowing *x)
{
    pt_linking_run_options run = {.threads = x->q->threads, .until = PT_LINKING_GROUP, .cancel = x->q->cancel};
    pt_linking_options options = {.cancel = x->q->cancel};

    PT_TRY(pt_app_linking(&x->out->before, x->app, &run, x->err));
    PT_TRY(change_project(x));
    PT_TRY(pt_pool_new(&options.pool, x->q->threads, x->err));
    pt_rc rc = link_after(x, &options);
    pt_pool_free(options.pool);
    return rc;
}

static size_t count_linked(const pt_linking *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_pairs; i++)
        n += pt_link_probability((double)l->pairs[i].weight) >= l->automatic;
    return n;
}

/* --- comparing ------------------------------------------------------------------------------------------------------------------- */

/* Strongest identifiers of both, numbered; those of the linking as it is come first. */
typedef struct units {
    pt_intern *names;   /* type, NUL, value */
    uint32_t *unit[2];  /* by record of each linking */
    uint32_t *first;    /* by unit: a record of the linking as it is, or PT_LINK_ABSENT */
    uint32_t *group[2]; /* by unit */
    uint32_t n;
} units;

static void free_units(units *u)
{
    pt_intern_free(u->names);
    for (int i = 0; i < 2; i++) {
        free(u->unit[i]);
        free(u->group[i]);
    }
    free(u->first);
}

static pt_rc number_units(units *u, int which, const pt_linking *l, pt_err *err)
{
    pt_str name = {0};
    bool ok = (u->unit[which] = pt_alloc64((size_t)l->n + 1, sizeof *u->unit[which])) != NULL;

    for (uint32_t i = 0; ok && i < l->n; i++) {
        uint32_t type;
        pt_sv value = pt_linking_identifier(l, i, &type);
        pt_str_clear(&name);
        pt_str_add(&name, l->project->identity.types[type].name);
        pt_str_addc(&name, '\0');
        pt_str_addsv(&name, value);
        uint32_t code = name.failed ? 0 : pt_intern_add(u->names, (pt_sv){name.ptr, name.len});
        ok = code != 0;
        u->unit[which][i] = code - 1;
    }
    pt_str_free(&name);
    return ok ? PT_OK : pt_fail_nomem(err, "groups compared");
}

/* The unit of a customer's first record stands for the customer. */
static pt_rc group_units(units *u, int which, const pt_linking *l, const uint32_t *customer, pt_err *err)
{
    uint32_t *group = u->group[which] = pt_alloc64((size_t)u->n + 1, sizeof *group);

    if (!group)
        return pt_fail_nomem(err, "groups compared");
    for (uint32_t i = 0; i < u->n; i++)
        group[i] = PT_LINK_ABSENT;
    for (uint32_t i = 0; i < l->n; i++)
        group[u->unit[which][i]] = u->unit[which][customer[i]];
    return PT_OK;
}

static pt_rc make_units(units *u, const pt_link_shadow *s, pt_err *err)
{
    *u = (units){.names = pt_intern_new()};
    if (!u->names)
        return pt_fail_nomem(err, "groups compared");
    PT_TRY(number_units(u, 0, s->before, err));
    PT_TRY(number_units(u, 1, s->after, err));
    u->n = pt_intern_count(u->names);
    PT_TRY(group_units(u, 0, s->before, s->settled_before.customer, err));
    PT_TRY(group_units(u, 1, s->after, s->settled_after.customer, err));
    if (!(u->first = pt_alloc64((size_t)u->n + 1, sizeof *u->first)))
        return pt_fail_nomem(err, "groups compared");
    for (uint32_t i = 0; i < u->n; i++)
        u->first[i] = PT_LINK_ABSENT;
    for (uint32_t i = s->before->n; i-- > 0;)
        u->first[u->unit[0][i]] = i;
    return PT_OK;
}

static uint32_t record_in(const units *u, int which, const pt_linking *l, uint32_t unit)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (u->unit[which][i] == unit)
            return i;
    return PT_LINK_ABSENT;
}

static pt_rc weigh(double *bits, const pt_linking *l, uint32_t a, uint32_t b, pt_err *err)
{
    pt_link_evidence e;

    PT_TRY(pt_link_explain(&e, &l->model, &l->setup.table.records, a, b, err));
    *bits = e.total;
    return PT_OK;
}

static pt_rc add_example(shadowing *x, const units *u, const pt_link_change *c)
{
    pt_link_shadow *s = x->out;
    pt_link_shadow_example *e = &s->examples[s->n_examples++];

    *e = (pt_link_shadow_example){.before = c->before,
                                  .after = c->after,
                                  .things = c->things,
                                  .a = u->first[c->a],
                                  .b = u->first[c->b],
                                  .merged = u->group[1][c->a] == u->group[1][c->b],
                                  .bits_before = NAN,
                                  .bits_after = NAN};
    PT_TRY(weigh(&e->bits_before, s->before, e->a, e->b, x->err));
    return weigh(&e->bits_after, s->after, record_in(u, 1, s->after, c->a), record_in(u, 1, s->after, c->b), x->err);
}

static pt_rc settle_in(shadowing *x, pt_conn *c)
{
    pt_link_shadow *s = x->out;

    PT_TRY(pt_linking_settle(&s->settled_before, s->before, c, x->q->cancel, x->arena, x->err));
    return pt_linking_settle(&s->settled_after, s->after, c, x->q->cancel, x->arena, x->err);
}

static pt_rc settle_both(shadowing *x)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_rc rc = linking_open_store(&store, &conn, x->app, x->q->threads, x->err);

    if (rc == PT_OK)
        rc = settle_in(x, conn);
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}

/* --- segments -------------------------------------------------------------------------------------------------------------------- */

/* By unit that stands for a customer. */
typedef struct shuffled {
    uint8_t *touched;   /* of now */
    uint32_t *other[2]; /* a customer of then that has something of it; of then: one of now. PT_LINK_ABSENT */
    uint32_t *ordinal;  /* of now: in the last build */
    uint64_t *members;  /* of then: customers of now that are members of the segment at hand */
} shuffled;

static void free_shuffled(shuffled *h)
{
    free(h->touched);
    free(h->other[0]);
    free(h->other[1]);
    free(h->ordinal);
    free(h->members);
}

static pt_rc make_shuffled(shuffled *h, uint32_t n, pt_err *err)
{
    *h = (shuffled){.touched = pt_zalloc((size_t)n + 1, 1),
                    .other = {pt_alloc64((size_t)n + 1, 4), pt_alloc64((size_t)n + 1, 4)},
                    .ordinal = pt_alloc64((size_t)n + 1, 4),
                    .members = pt_alloc64((size_t)n + 1, sizeof *h->members)};
    if (!h->touched || !h->other[0] || !h->other[1] || !h->ordinal || !h->members)
        return pt_fail_nomem(err, "segments compared");
    for (uint32_t i = 0; i < n; i++)
        h->other[0][i] = h->other[1][i] = PT_LINK_ABSENT;
    return PT_OK;
}

static void mark_touched(shuffled *h, const units *u)
{
    for (uint32_t i = 0; i < u->n; i++) {
        uint32_t now = u->group[0][i], then = u->group[1][i];
        if (now == PT_LINK_ABSENT || then == PT_LINK_ABSENT)
            continue;
        if (h->other[0][now] == PT_LINK_ABSENT)
            h->other[0][now] = then;
        if (h->other[1][then] == PT_LINK_ABSENT)
            h->other[1][then] = now;
        h->touched[now] |= h->other[0][now] != then;
        if (h->other[1][then] != now)
            h->touched[now] = h->touched[h->other[1][then]] = 1;
    }
}

static void find_ordinals(shuffled *h, const units *u, const pt_link_shadow *s, const pt_directory *d)
{
    for (uint32_t i = 0; i < u->n; i++) {
        uint32_t type;
        if (u->group[0][i] != i || !h->touched[i])
            continue;
        pt_sv value = pt_linking_identifier(s->before, u->first[i], &type);
        const char *name = s->before->project->identity.types[type].name;
        h->ordinal[i] = PT_ID_NONE;
        for (size_t t = 0; t < pt_directory_types(d); t++)
            if (strcmp(pt_directory_type_name(d, t), name) == 0)
                h->ordinal[i] = pt_directory_find(d, (int)t, value);
    }
}

static void count_members(pt_link_shadow_segment *out, shuffled *h, const units *u, const uint64_t *bits,
                          uint32_t ordinals)
{
    memset(h->members, 0, u->n * sizeof *h->members);
    for (uint32_t i = 0; i < u->n; i++) {
        uint32_t o = u->group[0][i] == i && h->touched[i] ? h->ordinal[i] : PT_ID_NONE;
        if (o >= ordinals || !(bits[o / 64] >> (o % 64) & 1))
            continue;
        out->touched++;
        if (h->other[0][i] != PT_LINK_ABSENT)
            out->fewer += h->members[h->other[0][i]]++ > 0;
    }
}

static int most_touched_first(const void *p, const void *q)
{
    const pt_link_shadow_segment *x = p, *y = q;

    if (x->touched != y->touched)
        return x->touched < y->touched ? 1 : -1;
    return strcmp(x->name, y->name);
}

static pt_rc count_segments(shadowing *x, shuffled *h, const units *u, const pt_memberships *m, pt_view *v)
{
    const pt_memberset *set = pt_memberships_set(m);
    size_t n = pt_memberset_count(set);
    pt_link_shadow_segment *list = PT_NEW_ARRAY(x->arena, pt_link_shadow_segment, n + 1);
    uint64_t *bits = pt_alloc64(pt_members_words(v->n_ordinals) + 1, sizeof *bits);
    pt_rc rc = list && bits ? PT_OK : pt_fail_nomem(x->err, "segments compared");

    for (size_t i = 0; rc == PT_OK && i < n; i++) {
        pt_link_shadow_segment *s = &list[x->out->n_segments];
        const char *name = pt_arena_strdup(x->arena, pt_memberset_info(set, i)->name);
        *s = (pt_link_shadow_segment){.name = name, .members = pt_memberset_info(set, i)->members};
        rc = name ? pt_memberships_read(bits, v->n_ordinals, m, i, x->err) : pt_fail_nomem(x->err, "segments compared");
        if (rc == PT_OK)
            count_members(s, h, u, bits, v->n_ordinals);
        x->out->n_segments += rc == PT_OK && s->touched > 0;
    }
    free(bits);
    x->out->segments = list;
    if (rc == PT_OK && x->out->n_segments)
        qsort(list, x->out->n_segments, sizeof *list, most_touched_first);
    return rc;
}

/* Of a project of which nothing is published, or whose last build left no members, nothing is said. */
static pt_rc compare_segments(shadowing *x, const units *u)
{
    pt_memberships *m = NULL;
    shuffled h = {0};
    pt_view *v;

    if (!x->out->changes.touched || pt_app_view(&v, x->app, NULL) != PT_OK)
        return PT_OK;
    uint64_t build = strtoull(pt_generation_manifest(v->generation)->generation + 1, NULL, 10);
    if (pt_memberships_open(&m, x->app->project->data_dir, build, NULL) != PT_OK)
        return PT_OK;
    pt_rc rc = make_shuffled(&h, u->n, x->err);
    if (rc == PT_OK) {
        mark_touched(&h, u);
        find_ordinals(&h, u, x->out, v->directory);
        rc = pt_directory_damage(v->directory, x->err);
    }
    if (rc == PT_OK)
        rc = count_segments(x, &h, u, m, v);
    free_shuffled(&h);
    pt_memberships_close(m);
    return rc;
}

/* --- all ------------------------------------------------------------------------------------------------------------------------- */

static pt_rc compare(shadowing *x)
{
    pt_link_shadow *s = x->out;
    units u;
    pt_rc rc = make_units(&u, s, x->err);

    if (rc == PT_OK)
        rc = pt_link_changes_of(&s->changes, u.group[0], u.group[1], u.n, x->arena, x->err);
    for (size_t i = 0; rc == PT_OK && i < s->changes.n && i < PT_LINK_SHADOW_EXAMPLES; i++)
        rc = add_example(x, &u, &s->changes.changes[i]);
    if (rc == PT_OK)
        rc = compare_segments(x, &u);
    free_units(&u);
    s->linked_before = count_linked(s->before);
    s->linked_after = count_linked(s->after);
    return rc;
}

pt_rc pt_app_link_shadow(pt_link_shadow *out, pt_app *app, const pt_link_shadow_request *q, pt_arena *arena,
                         pt_err *err)
{
    shadowing x = {.out = out, .app = app, .q = q, .arena = arena, .err = err};

    PT_TRY(link_both(&x));
    PT_TRY(settle_both(&x));
    return compare(&x);
}
