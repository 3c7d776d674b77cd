/* Tables of features: tags as of days, customer by customer, one day after the other. */
#include "app/training.h"

#include <math.h>
#include <stdlib.h>

#include "app/app_int.h"
#include "base/intern.h"

static const double micros_of_day = 86400e6;

/* One day's share of a table. */
typedef struct day {
    int64_t as_of;
    const bool *members;      /* by ordinal */
    const pt_column **values; /* by feature, then (at last) the target */
    size_t rows;
    const uint32_t *ordinals; /* by row */
} day;

typedef struct table_run {
    pt_view *view;
    const pt_project *p;
    const uint32_t *tags;
    size_t n_tags, n_learned; /* the rest are set aside */
    const pt_model_def *def;
    bool with_target;
    pt_pool *pool;
    pt_cancel *cancel;
    pt_arena *arena;
    pt_arena *past; /* the tags as they were, larger than the table; NULL when nothing of a day is there */
    day *days;
    size_t n_days, rows;
} table_run;

/* --- a day ------------------------------------------------------------------------------------------------------------ */

static pt_rc choose_rows(day *d, const table_run *r, pt_err *err)
{
    const pt_column *target = r->with_target ? d->values[r->n_tags] : NULL;
    uint32_t *ordinals = PT_NEW_ARRAY(r->arena, uint32_t, r->view->n_ordinals + 1);

    if (!ordinals)
        return pt_fail_nomem(err, "the training set");
    for (uint32_t c = 0; c < r->view->n_ordinals; c++)
        if (d->members[c] && !(target && pt_column_missing(target, c)))
            ordinals[d->rows++] = c;
    d->ordinals = ordinals;
    return PT_OK;
}

static pt_rc read_day(table_run *r, day *d, pt_err *err)
{
    uint32_t *numbers = PT_NEW_ARRAY(r->arena, uint32_t, r->n_tags + 1);
    size_t n;

    d->values = PT_NEW_ARRAY(r->arena, const pt_column *, r->n_tags + 1);
    if (!numbers || !d->values)
        return pt_fail_nomem(err, "the training set");
    for (size_t i = 0; i < r->n_tags; i++)
        numbers[i] = r->tags[i];
    numbers[r->n_tags] = r->with_target ? r->def->target.number : 0;
    if (!r->past && !(r->past = pt_arena_new(0)))
        return pt_fail_nomem(err, "the training set");
    PT_TRY(pt_learn_population(&d->members, &n, r->view, r->def, d->as_of, r->pool, r->cancel, r->past, err));
    PT_TRY(pt_learn_columns(d->values, r->view, numbers, r->n_tags + r->with_target, d->as_of, r->pool, r->cancel,
                            r->past, err));
    PT_TRY(choose_rows(d, r, err));
    r->rows += d->rows;
    return PT_OK;
}

/* --- numbers ------------------------------------------------------------------------------------------------------------ */

/* Times are days before the as-of, so that they mean the same on every day. */
static double number_at(const pt_column *c, uint32_t row, int64_t as_of, const pt_zone *zone)
{
    if (pt_column_missing(c, row))
        return (double)NAN;
    switch (c->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[row];
    case PT_TYPE_NUMBER: return ((const double *)c->data)[row];
    case PT_TYPE_MONEY: return (double)((const int64_t *)c->data)[row] / PT_MONEY_UNIT;
    case PT_TYPE_DURATION: return (double)((const int64_t *)c->data)[row] / micros_of_day;
    case PT_TYPE_INSTANT: return (double)(as_of - ((const int64_t *)c->data)[row]) / micros_of_day;
    case PT_TYPE_DATE: return (double)(pt_zone_date(zone, as_of) - ((const int32_t *)c->data)[row]);
    default: return (double)NAN;
    }
}

/* Infinite ones are of no use to any learner. */
static float as_feature(double v)
{
    return isfinite(v) && fabs(v) < (double)HUGE_VALF ? (float)v : (float)NAN;
}

static pt_rc fill_numbers(pt_feature *f, const table_run *r, size_t i, pt_err *err)
{
    float *out = (float *)pt_arena_array(r->arena, r->rows + 1, sizeof *out);
    size_t at = 0;

    if (!out)
        return pt_fail_nomem(err, "the training set");
    for (size_t d = 0; d < r->n_days; d++)
        for (size_t row = 0; row < r->days[d].rows; row++)
            out[at++] =
                as_feature(number_at(r->days[d].values[i], r->days[d].ordinals[row], r->days[d].as_of, r->p->zone));
    f->kind = PT_FEATURE_NUMBER;
    f->numbers = out;
    return PT_OK;
}

/* --- names: of categories and of items ----------------------------------------------------------------------------------- */

typedef struct naming {
    pt_intern *all;   /* in the order first met, tiers first */
    uint32_t **codes; /* by day, by code of its dictionary: in `all` */
    uint32_t *rank;   /* by code in `all`, from 0: the place in the feature's names */
    size_t n;
} naming;

static bool add_tiers(naming *m, const pt_lang_tag *twin)
{
    for (size_t i = 0; i < twin->n_tiers; i++)
        if (!pt_intern_add(m->all, pt_sv_of(twin->tiers[i].label)))
            return false;
    return true;
}

static bool add_names(naming *m, const table_run *r, size_t feature)
{
    for (size_t d = 0; d < r->n_days; d++) {
        const pt_dict *dict = r->days[d].values[feature]->dict;
        uint32_t n = dict ? dict->n : 0;
        if (!(m->codes[d] = PT_NEW_ARRAY(r->arena, uint32_t, (size_t)n + 1)))
            return false;
        for (uint32_t c = 1; c <= n; c++)
            if (!(m->codes[d][c] = pt_intern_add(m->all, pt_dict_text(dict, c))))
                return false;
    }
    return true;
}

/* In byte order, or as the tiers are written: the same whatever the days are. */
static bool rank_names(pt_feature *f, naming *m, const table_run *r, bool ordered)
{
    const char **names;

    m->n = pt_intern_count(m->all);
    names = PT_NEW_ARRAY(r->arena, const char *, m->n + 1);
    m->rank = PT_NEW_ARRAY(r->arena, uint32_t, m->n + 1);
    if (!names || !m->rank || (!ordered && pt_intern_rank(m->all, m->rank, NULL) != PT_OK))
        return false;
    for (uint32_t c = 1; c <= m->n; c++) {
        pt_sv text = pt_dict_text(pt_intern_dict(m->all), c);
        m->rank[c] = ordered ? c - 1 : m->rank[c] - 1;
        if (!(names[m->rank[c]] = pt_arena_strndup(r->arena, text.ptr, text.len)))
            return false;
    }
    f->names = names;
    f->n_names = m->n;
    f->ordered = ordered;
    return true;
}

static bool make_names(pt_feature *f, naming *m, const table_run *r, size_t feature)
{
    const pt_lang_tag *twin = &r->p->catalog.tags[r->tags[feature]];
    bool ordered = twin->n_tiers > 0 && f->kind == PT_FEATURE_CATEGORY;

    m->codes = PT_NEW_ARRAY(r->arena, uint32_t *, r->n_days + 1);
    return m->codes && m->all && (!ordered || add_tiers(m, twin)) && add_names(m, r, feature) &&
           rank_names(f, m, r, ordered);
}

static bool put_codes(pt_feature *f, const naming *m, const table_run *r, size_t feature)
{
    uint32_t *out = (uint32_t *)pt_arena_array(r->arena, r->rows + 1, sizeof *out);
    size_t at = 0;

    for (size_t d = 0; out && d < r->n_days; d++) {
        const pt_column *c = r->days[d].values[feature];
        for (size_t row = 0; row < r->days[d].rows; row++) {
            uint32_t code = pt_column_code(c, r->days[d].ordinals[row]);
            out[at++] = code == PT_CODE_MISSING ? PT_NO_CODE : m->rank[m->codes[d][code]];
        }
    }
    f->codes = out;
    return out != NULL;
}

static uint64_t item_count(const table_run *r, size_t feature)
{
    uint64_t n = 0;

    for (size_t d = 0; d < r->n_days; d++) {
        const uint64_t *offsets = r->days[d].values[feature]->offsets;
        for (size_t row = 0; row < r->days[d].rows; row++)
            n += offsets[r->days[d].ordinals[row] + 1] - offsets[r->days[d].ordinals[row]];
    }
    return n;
}

static bool put_items(pt_feature *f, const naming *m, const table_run *r, size_t feature)
{
    uint64_t *offsets = PT_NEW_ARRAY(r->arena, uint64_t, r->rows + 1);
    uint32_t *items = PT_NEW_ARRAY(r->arena, uint32_t, item_count(r, feature) + 1);
    size_t at = 0;

    for (size_t d = 0; offsets && items && d < r->n_days; d++) {
        const pt_column *c = r->days[d].values[feature];
        for (size_t row = 0; row < r->days[d].rows; row++, at++) {
            uint32_t o = r->days[d].ordinals[row];
            offsets[at + 1] = offsets[at];
            for (uint64_t i = c->offsets[o]; i < c->offsets[o + 1]; i++)
                items[offsets[at + 1]++] = m->rank[m->codes[d][pt_column_code(c, i)]];
        }
    }
    f->offsets = offsets;
    f->items = items;
    return offsets && items;
}

static pt_rc fill_names(pt_feature *f, const table_run *r, size_t feature, bool list, pt_err *err)
{
    naming m = {.all = pt_intern_new()};

    f->kind = list ? PT_FEATURE_LIST : PT_FEATURE_CATEGORY;
    bool done = make_names(f, &m, r, feature) && (list ? put_items(f, &m, r, feature) : put_codes(f, &m, r, feature));
    pt_intern_free(m.all);
    return done ? PT_OK : pt_fail_nomem(err, "the training set");
}

/* --- the target ------------------------------------------------------------------------------------------------------------ */

static bool set_classes(pt_table *t, const pt_feature *f, const table_run *r)
{
    float *target = (float *)pt_arena_array(r->arena, r->rows + 1, sizeof *target);

    for (size_t i = 0; target && i < r->rows; i++)
        target[i] = (float)f->codes[i];
    t->target = target;
    t->classes = f->names;
    t->n_classes = (uint32_t)f->n_names;
    return target != NULL;
}

static pt_rc fill_target(pt_table *t, const table_run *r, pt_err *err)
{
    static const char *const answers[] = {"false", "true"};
    pt_type type = r->p->learning->types[r->def->target.number];
    pt_feature f = {.name = "target"};

    if (pt_type_is_text(type)) {
        naming m = {.all = pt_intern_new(), .codes = PT_NEW_ARRAY(r->arena, uint32_t *, r->n_days + 1)};
        f.kind = PT_FEATURE_CATEGORY;
        bool done = m.all && m.codes && add_names(&m, r, r->n_tags) && rank_names(&f, &m, r, false) &&
                    put_codes(&f, &m, r, r->n_tags) && set_classes(t, &f, r);
        pt_intern_free(m.all);
        return done ? PT_OK : pt_fail_nomem(err, "the training set");
    }
    PT_TRY(fill_numbers(&f, r, r->n_tags, err));
    t->target = f.numbers;
    if (type == PT_TYPE_BOOL) {
        t->classes = answers;
        t->n_classes = 2;
    }
    return PT_OK;
}

/* --- the whole -------------------------------------------------------------------------------------------------------------- */

static pt_rc fill_feature(pt_feature *f, const table_run *r, size_t i, pt_err *err)
{
    pt_type type = r->p->module->types[r->tags[i]];

    *f = (pt_feature){.name = r->p->tags[r->tags[i]].name, .aside = i >= r->n_learned};
    if (pt_type_is_list(type))
        return fill_names(f, r, i, true, err);
    return pt_type_is_text(type) ? fill_names(f, r, i, false, err) : fill_numbers(f, r, i, err);
}

static pt_rc fill_rows(pt_table *t, const table_run *r, pt_err *err)
{
    uint64_t *ids = PT_NEW_ARRAY(r->arena, uint64_t, r->rows + 1);
    int64_t *times = PT_NEW_ARRAY(r->arena, int64_t, r->rows + 1);
    size_t at = 0;

    if (!ids || !times)
        return pt_fail_nomem(err, "the training set");
    for (size_t d = 0; d < r->n_days; d++) {
        for (size_t row = 0; row < r->days[d].rows; row++, at++) {
            ids[at] = r->days[d].ordinals[row];
            times[at] = r->days[d].as_of;
        }
    }
    t->ids = ids;
    t->times = times;
    return PT_OK;
}

static pt_rc make_table(pt_table *t, table_run *r, pt_err *err)
{
    pt_feature *features = PT_NEW_ARRAY(r->arena, pt_feature, r->n_tags + 1);

    if (!features)
        return pt_fail_nomem(err, "the training set");
    *t = (pt_table){.rows = r->rows, .n_features = r->n_tags, .features = features};
    for (size_t i = 0; i < r->n_tags; i++)
        PT_TRY(fill_feature(&features[i], r, i, err));
    if (r->with_target)
        PT_TRY(fill_target(t, r, err));
    return fill_rows(t, r, err);
}

/* Learning takes long and much memory, and needs neither. */
static void give_back(table_run *r)
{
    const pt_view *v = r->view;

    pt_arena_free(r->past);
    r->past = NULL;
    for (size_t s = 0; s < v->project->n_sources; s++)
        if (v->timelines[s] && v->n_ordinals)
            pt_timeline_release(v->timelines[s], 0, v->n_ordinals);
}

static pt_rc read_days(table_run *r, const pt_learn_request *request, const int64_t *days, pt_err *err)
{
    for (size_t d = 0; d < r->n_days; d++) {
        r->days[d].as_of = days[d];
        pt_learn_report(request, "features", d, r->n_days);
        PT_TRY(read_day(r, &r->days[d], err));
    }
    return PT_OK;
}

pt_rc pt_training_table(pt_table *out, const pt_learn_request *request, const int64_t *days, size_t n_days,
                        const pt_training_features *features, pt_arena *arena, pt_err *err)
{
    table_run r = {.view = request->view,
                   .p = request->view->project,
                   .tags = features->tags,
                   .n_tags = features->n + features->n_aside,
                   .n_learned = features->n,
                   .def = request->def,
                   .with_target = request->def->target.node != NULL,
                   .pool = request->pool,
                   .cancel = request->cancel,
                   .arena = arena,
                   .n_days = n_days};

    if (!(r.days = PT_NEW_ARRAY(arena, day, n_days + 1)))
        return pt_fail_nomem(err, "the training set");
    pt_rc rc = read_days(&r, request, days, err);
    if (rc == PT_OK)
        rc = make_table(out, &r, err);
    give_back(&r);
    return rc;
}

pt_rc pt_scoring_table(pt_table *out, const uint32_t **ordinals, const pt_score_request *request, const uint32_t *tags,
                       size_t n_tags, pt_arena *arena, pt_err *err)
{
    day today = {.as_of = request->as_of};
    table_run r = {.view = request->view,
                   .p = request->view->project,
                   .tags = tags,
                   .n_tags = n_tags,
                   .n_learned = n_tags,
                   .def = request->def,
                   .pool = request->pool,
                   .cancel = request->cancel,
                   .arena = arena,
                   .days = &today,
                   .n_days = 1};

    pt_rc rc = read_day(&r, &today, err);
    *ordinals = today.ordinals;
    if (rc == PT_OK)
        rc = make_table(out, &r, err);
    give_back(&r);
    return rc;
}

pt_rc pt_scoring_row(pt_table *out, bool *found, const pt_score_request *request, const uint32_t *tags, size_t n_tags,
                     uint32_t ordinal, pt_arena *arena, pt_err *err)
{
    day today = {.as_of = request->as_of, .rows = 1, .ordinals = &ordinal};
    table_run r = {.view = request->view,
                   .p = request->view->project,
                   .tags = tags,
                   .n_tags = n_tags,
                   .n_learned = n_tags,
                   .def = request->def,
                   .arena = arena,
                   .days = &today,
                   .n_days = 1,
                   .rows = 1};

    *found = true;
    if (!(today.values = PT_NEW_ARRAY(arena, const pt_column *, n_tags + 1)))
        return pt_fail_nomem(err, "the reasons");
    for (size_t i = 0; i < n_tags && *found; i++) {
        PT_TRY(pt_view_column(&today.values[i], request->view, tags[i], err));
        *found = today.values[i] && today.values[i]->type == r.p->module->types[tags[i]];
    }
    return *found ? make_table(out, &r, err) : PT_OK;
}

/* --- what the data shows ------------------------------------------------------------------------------------------------------- */

static bool constant_numbers(const float *v, size_t n)
{
    size_t i = 0;

    while (i < n && isnan(v[i]))
        i++;
    for (size_t k = i + 1; k < n; k++)
        if (v[k] != v[i] && !isnan(v[k]))
            return false;
    /* Known of some and not of others: that too tells something. */
    for (size_t k = 0; k < n && i < n; k++)
        if (isnan(v[k]))
            return false;
    return true;
}

static bool constant_codes(const uint32_t *v, size_t n)
{
    for (size_t k = 1; k < n; k++)
        if (v[k] != v[0])
            return false;
    return true;
}

static pt_left_out look(const pt_feature *f, size_t rows)
{
    enum { MANY = 1000 };

    if (f->kind == PT_FEATURE_NUMBER)
        return constant_numbers(f->numbers, rows) ? PT_LEFT_CONSTANT : PT_LEFT_NOT;
    if (f->kind == PT_FEATURE_LIST)
        return f->offsets[rows] == 0 ? PT_LEFT_CONSTANT : PT_LEFT_NOT;
    if (constant_codes(f->codes, rows))
        return PT_LEFT_CONSTANT;
    return f->n_names > MANY || f->n_names * 2 > rows + 20 ? PT_LEFT_IDS : PT_LEFT_NOT;
}

static bool is_named(const pt_model_def *def, uint32_t tag)
{
    for (size_t i = 0; i < def->n_features; i++)
        if (def->features[i] == tag)
            return true;
    return false;
}

pt_rc pt_training_prune(pt_table *table, pt_training_features *features, const pt_model_def *def, pt_arena *arena,
                        pt_err *err)
{
    pt_feature *kept = PT_NEW_ARRAY(arena, pt_feature, table->n_features + 1);
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, table->n_features + 1);
    pt_left_out *why = (pt_left_out *)(uintptr_t)features->left_out;
    size_t n = 0, learned = 0;

    if (!kept || !tags)
        return pt_fail_nomem(err, "the features");
    for (size_t i = 0; i < table->n_features; i++) {
        uint32_t tag = features->tags[i];
        bool stays = table->features[i].aside || is_named(def, tag);
        pt_left_out found = stays ? PT_LEFT_NOT : look(&table->features[i], table->rows);
        if (found != PT_LEFT_NOT) {
            why[tag] = found;
            continue;
        }
        learned += !table->features[i].aside;
        tags[n] = tag;
        kept[n++] = table->features[i];
    }
    *features = (pt_training_features){.tags = tags, .n = learned, .n_aside = n - learned, .left_out = why};
    table->features = kept;
    table->n_features = n;
    return learned ? PT_OK : pt_fail(err, PT_EINVAL, "model '%s' has no tag to learn from", def->name);
}
