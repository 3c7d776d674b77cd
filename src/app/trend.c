#include "app/trend.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/generation_int.h"
#include "app/history.h"
#include "app/trend_file.h"
#include "base/io.h"

enum { FILE_MOST = 256 << 20 };

/* --- points -------------------------------------------------------------------------------------------------------------- */

/* What was found at one point. */
typedef struct finding {
    pt_trend_point point;
    uint64_t order; /* of generations; 0: recomputed */
    const pt_trend_state *state;
} finding;

typedef struct findings {
    finding *items;
    size_t n, most;
    const pt_trend_wish *wish;
    pt_arena *arena;
} findings;

static pt_rc read_file(findings *f, const char *path, const char *generation, uint64_t order, pt_err *err)
{
    const pt_trend_state *states;
    bool recomputed;
    pt_sv text;
    size_t n;

    PT_TRY(pt_read_file(&text, path, FILE_MOST, f->arena, err));
    pt_rc rc = pt_trend_read(&states, &n, &recomputed, text, f->wish, f->arena, err);
    if (rc == PT_ECORRUPT) {
        pt_err_at(err, path, 0, 0);
        pt_err_hint(err, "put back a copy of it, or move %s away: what it knew of the past is then forgotten", path);
    }
    PT_TRY(rc);
    if (f->n + n > f->most) {
        size_t most = 2 * (f->n + n);
        finding *items = PT_NEW_ARRAY(f->arena, finding, most);
        if (!items)
            return pt_fail_nomem(err, "a trend");
        if (f->n)
            memcpy(items, f->items, f->n * sizeof *items);
        f->items = items;
        f->most = most;
    }
    for (size_t i = 0; i < n; i++)
        f->items[f->n++] = (finding){.point = {.as_of = states[i].as_of,
                                               .generation = generation,
                                               .recomputed = recomputed,
                                               .customers = states[i].customers},
                                     .order = order,
                                     .state = &states[i]};
    return PT_OK;
}

static int by_time(const void *a, const void *b)
{
    const finding *x = a, *y = b;

    if (x->point.as_of != y->point.as_of)
        return x->point.as_of < y->point.as_of ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Of several for one as-of the latest build's counts; none is later than the current build's. */
static void choose(findings *f, int64_t as_of)
{
    size_t kept = 0;

    if (f->n)
        qsort(f->items, f->n, sizeof *f->items, by_time);
    for (size_t i = 0; i < f->n; i++)
        if (f->items[i].point.as_of <= as_of &&
            (i + 1 == f->n || f->items[i + 1].point.as_of != f->items[i].point.as_of))
            f->items[kept++] = f->items[i];
    f->n = kept;
}

static pt_rc read_all(findings *f, pt_app *app, const pt_trend_wish *wish, pt_arena *arena, pt_err *err)
{
    const pt_history_file *files;
    const char *recomputed;
    pt_view *v;
    size_t n;

    *f = (findings){.wish = wish, .arena = arena};
    PT_TRY(pt_app_view(&v, app, err));
    const pt_manifest *m = pt_generation_manifest(v->generation);
    const char *dir = app->project->data_dir;
    PT_TRY(pt_history_files(&files, &n, dir, PT_HISTORY_TREND, generation_number(pt_sv_of(m->generation)), arena, err));
    recomputed = pt_arena_printf(arena, "%s/" PT_HISTORY_DIR "/" PT_HISTORY_RECOMPUTED PT_HISTORY_TREND, dir);
    if (!recomputed)
        return pt_fail_nomem(err, "a path");
    if (pt_is_file(recomputed))
        PT_TRY(read_file(f, recomputed, PT_HISTORY_RECOMPUTED, 0, err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(read_file(f, files[i].path, files[i].generation, files[i].number, err));
    choose(f, v->as_of);
    return PT_OK;
}

static pt_rc take_points(const pt_trend_point **out, const findings *f, pt_err *err)
{
    pt_trend_point *points = PT_NEW_ARRAY(f->arena, pt_trend_point, f->n);

    if (!points)
        return pt_fail_nomem(err, "a trend");
    for (size_t i = 0; i < f->n; i++)
        points[i] = f->items[i].point;
    *out = points;
    return PT_OK;
}

/* --- a tag --------------------------------------------------------------------------------------------------------------- */

typedef struct total {
    pt_sv text;
    uint64_t count;
} total;

/* The tag at a point, when it then was of the type that it is now. */
static const pt_trend_tag *tag_at(const findings *f, size_t point, pt_type type)
{
    const pt_trend_state *s = f->items[point].state;

    return s->n_tags && s->tags[0].type == type ? &s->tags[0] : NULL;
}

static int by_total(const void *a, const void *b)
{
    const total *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? 1 : -1;
    return pt_sv_cmp(x->text, y->text);
}

static pt_rc add_total(total **totals, size_t *n, size_t *most, const pt_trend_value *v, pt_err *err)
{
    for (size_t i = 0; i < *n; i++)
        if (pt_sv_eq((*totals)[i].text, v->text)) {
            (*totals)[i].count += v->count;
            return PT_OK;
        }
    if (!pt_grow(totals, most, *n + 1, sizeof **totals))
        return pt_fail_nomem(err, "a trend");
    (*totals)[(*n)++] = (total){v->text, v->count};
    return PT_OK;
}

/* The values that are frequent over all points. Tiers are steps of a scale: in its order, all of them. */
static pt_rc choose_values(pt_tag_trend *out, const findings *f, const pt_lang_tag *tag, pt_type type, pt_err *err)
{
    total *totals = NULL;
    size_t n = 0, most = 0;
    pt_rc rc = PT_OK;

    for (size_t i = 0; i < tag->n_tiers && rc == PT_OK; i++)
        rc = add_total(&totals, &n, &most, &(pt_trend_value){pt_sv_of(tag->tiers[i].label), 0}, err);
    for (size_t p = 0; p < f->n && rc == PT_OK && !tag->n_tiers; p++) {
        const pt_trend_tag *t = tag_at(f, p, type);
        for (size_t i = 0; t && i < t->n_values && rc == PT_OK; i++)
            rc = add_total(&totals, &n, &most, &t->values[i], err);
    }
    if (!tag->n_tiers && type != PT_TYPE_BOOL && n)
        qsort(totals, n, sizeof *totals, by_total);
    out->n_values = tag->n_tiers || n < PT_TREND_VALUES ? n : PT_TREND_VALUES;
    pt_sv *values = PT_NEW_ARRAY(f->arena, pt_sv, out->n_values);
    for (size_t i = 0; values && i < out->n_values; i++)
        values[i] = totals[i].text;
    free(totals);
    out->values = values;
    return rc == PT_OK && !values ? pt_fail_nomem(err, "a trend") : rc;
}

static pt_rc fill_figures(pt_tag_figures *out, const pt_tag_trend *trend, const pt_trend_tag *t, pt_arena *arena,
                          pt_err *err)
{
    uint64_t *counts = PT_NEW_ARRAY(arena, uint64_t, trend->n_values);
    const double *d = t->figures;

    if (!counts)
        return pt_fail_nomem(err, "a trend");
    *out = (pt_tag_figures){.there = true, .known = t->known, .counts = counts, .others = t->others};
    for (size_t i = 0; i < t->n_values; i++) {
        size_t at = 0;
        while (at < trend->n_values && !pt_sv_eq(trend->values[at], t->values[i].text))
            at++;
        if (at < trend->n_values)
            counts[at] += t->values[i].count;
        else
            out->others += t->values[i].count;
    }
    if (t->ordered) {
        out->min = d[0], out->p05 = d[1], out->p25 = d[2], out->median = d[3];
        out->p75 = d[4], out->p95 = d[5], out->max = d[6], out->mean = d[7];
    }
    return PT_OK;
}

pt_rc pt_app_tag_trend(pt_tag_trend *out, pt_app *app, uint32_t tag, pt_arena *arena, pt_err *err)
{
    const pt_project *p = app->project;
    pt_trend_wish wish = {.tag = p->tags[tag].name};
    findings f;

    *out = (pt_tag_trend){.tag = tag};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(read_all(&f, app, &wish, arena, err));
    pt_type type = p->module->types[tag];
    out->ordered = type != PT_TYPE_BOOL && !pt_type_is_text(type) && !pt_type_is_list(type);
    out->n_points = f.n;
    PT_TRY(take_points(&out->points, &f, err));
    PT_TRY(choose_values(out, &f, &p->catalog.tags[tag], type, err));
    pt_tag_figures *figures = PT_NEW_ARRAY(arena, pt_tag_figures, f.n);
    if (!figures)
        return pt_fail_nomem(err, "a trend");
    for (size_t i = 0; i < f.n; i++) {
        const pt_trend_tag *t = tag_at(&f, i, type);
        if (t)
            PT_TRY(fill_figures(&figures[i], out, t, arena, err));
    }
    out->figures = figures;
    return PT_OK;
}

/* --- a segment ----------------------------------------------------------------------------------------------------------- */

static const pt_trend_size *size_at(const pt_trend_state *s, const char *segment)
{
    for (size_t i = 0; i < s->n_segments; i++)
        if (strcmp(s->segments[i].name, segment) == 0)
            return &s->segments[i];
    return NULL;
}

pt_rc pt_app_segment_trend(pt_segment_trend *out, pt_app *app, const char *segment, pt_arena *arena, pt_err *err)
{
    pt_trend_wish wish = {0};
    size_t kept = 0;
    findings f;

    *out = (pt_segment_trend){.segment = segment};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(read_all(&f, app, &wish, arena, err));
    uint64_t *members = PT_NEW_ARRAY(arena, uint64_t, f.n);
    if (!members)
        return pt_fail_nomem(err, "a trend");
    for (size_t i = 0; i < f.n; i++) {
        const pt_trend_size *s = size_at(f.items[i].state, segment);
        if (!s)
            continue;
        members[kept] = s->members;
        f.items[kept++] = f.items[i];
    }
    out->n_points = f.n = kept;
    out->members = members;
    return take_points(&out->points, &f, err);
}

/* --- quality ------------------------------------------------------------------------------------------------------------- */

static double score_at(const pt_trend_state *s, const char *source)
{
    for (size_t i = 0; i < s->n_scores; i++)
        if (strcmp(s->scores[i].source, source) == 0)
            return s->scores[i].score;
    return NAN;
}

static double mean_of(const double *scores, size_t n)
{
    double sum = 0;
    size_t known = 0;

    for (size_t i = 0; i < n; i++) {
        if (isnan(scores[i]))
            continue;
        sum += scores[i];
        known++;
    }
    return known ? sum / (double)known : NAN;
}

pt_rc pt_app_quality_trend(pt_quality_trend *out, pt_app *app, pt_arena *arena, pt_err *err)
{
    const pt_project *p = app->project;
    pt_trend_wish wish = {0};
    size_t kept = 0, n = p->n_sources;
    findings f;

    *out = (pt_quality_trend){.n_sources = n};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(read_all(&f, app, &wish, arena, err));
    for (size_t i = 0; i < f.n; i++)
        if (!f.items[i].point.recomputed)
            f.items[kept++] = f.items[i];
    out->n_points = f.n = kept;
    const char **sources = PT_NEW_ARRAY(arena, const char *, n);
    double *scores = pt_arena_array(arena, f.n * n + 1, sizeof *scores), *totals = PT_NEW_ARRAY(arena, double, f.n);
    if (!sources || !scores || !totals)
        return pt_fail_nomem(err, "a trend");
    for (size_t s = 0; s < n; s++)
        sources[s] = p->sources[s].name;
    for (size_t i = 0; i < f.n; i++) {
        for (size_t s = 0; s < n; s++)
            scores[i * n + s] = score_at(f.items[i].state, sources[s]);
        totals[i] = mean_of(scores + i * n, n);
    }
    out->sources = sources;
    out->scores = scores;
    out->totals = totals;
    return take_points(&out->points, &f, err);
}
