/* Paths: what customers do before and after an event. */
#include <stdlib.h>

#include "app/journey_walk.h"
#include "app/path_count.h"
#include "app/path_line.h"

/* The first labels are always there. */
enum { LABEL_END, LABEL_OTHER, LABEL_REST, LABEL_EVENTS };
enum { MOST_SOURCES = 24, MOST_VALUES = 1000000 };

/* How the events of a source are called. */
typedef struct path_source {
    uint32_t source;
    int column;      /* whose values tell them apart; -1: all alike */
    uint8_t label;   /* without a value, or all alike */
    uint8_t *labels; /* by code */
} path_source;

typedef struct path_worker {
    pt_path_line line;
    pt_path_counts before, after;
    uint64_t starts, customers;
    uint64_t **frequencies; /* by place in `sources`, then code */
} path_worker;

typedef struct path_job {
    pt_walk walk;
    const pt_paths_question *question;
    path_source sources[MOST_SOURCES];
    uint32_t n_sources;
    pt_path_label *labels;
    uint32_t n_labels;
    path_worker **workers;
} path_job;

/* --- sources ------------------------------------------------------------------------------------------------------------------ */

static bool names_source(pt_sv list, const char *name)
{
    while (list.len) {
        size_t n = 0;
        while (n < list.len && list.ptr[n] != ',')
            n++;
        if (pt_sv_eq(pt_sv_trim((pt_sv){list.ptr, n}), pt_sv_of(name)))
            return true;
        n += n < list.len;
        list.ptr += n;
        list.len -= n;
    }
    return false;
}

/* Every name of --through is a source with events. */
static pt_rc check_names(const pt_project *p, pt_sv list, pt_err *err)
{
    while (list.len) {
        size_t n = 0, s = 0;
        while (n < list.len && list.ptr[n] != ',')
            n++;
        pt_sv name = pt_sv_trim((pt_sv){list.ptr, n});
        while (s < p->n_sources &&
               !(p->sources[s].kind == PT_SOURCE_EVENT && pt_sv_eq(name, pt_sv_of(p->sources[s].name))))
            s++;
        if (s == p->n_sources)
            return pt_fail(err, PT_ENOTFOUND, "there is no source of events '%.*s'", (int)name.len, name.ptr);
        n += n < list.len;
        list.ptr += n;
        list.len -= n;
    }
    return PT_OK;
}

/* The column of that name, when its values are texts. */
static int text_column(const pt_source *s, pt_sv name)
{
    for (size_t i = 0; i < s->n_columns && name.len; i++) {
        pt_type type = s->columns[i].type;
        if ((type == PT_TYPE_TEXT || type == PT_TYPE_CATEGORY) && pt_sv_eq(name, pt_sv_of(s->columns[i].name)))
            return (int)i;
    }
    return -1;
}

static pt_rc choose_sources(path_job *j, pt_err *err)
{
    const pt_project *p = j->walk.project;
    pt_sv by = j->question->by;
    bool told_apart = by.len == 0;

    PT_TRY(check_names(p, j->question->through, err));
    for (uint32_t s = 0; s < p->n_sources; s++) {
        if (p->sources[s].kind != PT_SOURCE_EVENT)
            continue;
        if (j->question->through.len && !names_source(j->question->through, p->sources[s].name))
            continue;
        if (j->n_sources == MOST_SOURCES) {
            pt_fail(err, PT_EINVAL, "paths go through at most %d sources", MOST_SOURCES);
            return pt_err_hint(err, "--through chooses some");
        }
        path_source *mine = &j->sources[j->n_sources++];
        *mine = (path_source){.source = s, .column = text_column(&p->sources[s], by)};
        told_apart |= mine->column >= 0;
        PT_TRY(pt_walk_want(&j->walk, s, mine->column, err));
    }
    if (!told_apart)
        return pt_fail(err, PT_ENOTFOUND, "no source of events has a text column '%.*s'", (int)by.len, by.ptr);
    return PT_OK;
}

/* --- labels ------------------------------------------------------------------------------------------------------------------- */

static const pt_dict *dict_of(const path_job *j, const path_source *s)
{
    return s->column >= 0 && j->walk.view->events[s->source].columns
               ? j->walk.view->events[s->source].columns[s->column].dict
               : NULL;
}

static pt_rc count_values(void *ctx, unsigned worker, const pt_walk_customer *c, pt_err *err)
{
    path_job *j = ctx;

    (void)err;
    for (uint32_t i = 0; i < j->n_sources; i++) {
        const path_source *s = &j->sources[i];
        uint64_t *counts = j->workers[worker]->frequencies[i];
        uint64_t end = counts ? pt_walk_end(&j->walk, s->source, c->ordinal) : 0;
        for (uint64_t e = counts ? pt_walk_after(&j->walk, s->source, c->ordinal, INT64_MIN) : 0; e < end; e++)
            counts[pt_column_code(&j->walk.view->events[s->source].columns[s->column], e)]++;
    }
    return PT_OK;
}

static pt_rc make_frequencies(path_job *j, path_worker *w, pt_err *err)
{
    if (!(w->frequencies = PT_NEW_ARRAY(j->walk.arena, uint64_t *, MOST_SOURCES)))
        return pt_fail_nomem(err, "the paths");
    for (uint32_t i = 0; i < j->n_sources; i++) {
        const pt_dict *d = dict_of(j, &j->sources[i]);
        if (!d)
            continue;
        if (d->n > MOST_VALUES)
            return pt_fail(err, PT_EINVAL, "the column has too many values to tell events apart by");
        if (!(w->frequencies[i] = PT_NEW_ARRAY(j->walk.arena, uint64_t, (size_t)d->n + 1)))
            return pt_fail_nomem(err, "the paths");
    }
    return PT_OK;
}

static uint8_t add_label(path_job *j, const path_source *s, uint32_t code)
{
    const pt_dict *d = dict_of(j, s);
    pt_path_label label = {.kind = PT_PATH_EVENT, .source = (int)s->source};

    if (s->column >= 0)
        label.column = j->walk.project->sources[s->source].columns[s->column].name;
    if (d && code)
        label.value = pt_dict_text(d, code);
    j->labels[j->n_labels] = label;
    return (uint8_t)j->n_labels++;
}

/* The most frequent value without a label; of equally frequent ones the first. */
static bool most_frequent(uint32_t *source, uint32_t *code, const path_job *j)
{
    uint64_t most = 0;

    for (uint32_t i = 0; i < j->n_sources; i++) {
        const pt_dict *d = dict_of(j, &j->sources[i]);
        for (uint32_t c = 1; d && c <= d->n; c++) {
            if (j->sources[i].labels[c] != LABEL_OTHER || j->workers[0]->frequencies[i][c] <= most)
                continue;
            most = j->workers[0]->frequencies[i][c];
            *source = i;
            *code = c;
        }
    }
    return most > 0;
}

/* Every source has a label of its own, for events without a value; then values by frequency, as many as there is room for. */
static pt_rc make_labels(path_job *j, pt_err *err)
{
    uint32_t source, code;

    if (!(j->labels = PT_NEW_ARRAY(j->walk.arena, pt_path_label, LABEL_EVENTS + MOST_SOURCES + PT_PATH_LABELS)))
        return pt_fail_nomem(err, "the paths");
    j->labels[LABEL_END] = (pt_path_label){.kind = PT_PATH_END, .source = -1};
    j->labels[LABEL_OTHER] = (pt_path_label){.kind = PT_PATH_OTHER, .source = -1};
    j->labels[LABEL_REST] = (pt_path_label){.kind = PT_PATH_REST, .source = -1};
    j->n_labels = LABEL_EVENTS;
    for (uint32_t i = 0; i < j->n_sources; i++) {
        path_source *s = &j->sources[i];
        const pt_dict *d = dict_of(j, s);
        s->label = add_label(j, s, 0);
        if (!d)
            continue;
        if (!(s->labels = PT_NEW_ARRAY(j->walk.arena, uint8_t, (size_t)d->n + 1)))
            return pt_fail_nomem(err, "the paths");
        memset(s->labels, LABEL_OTHER, (size_t)d->n + 1);
        s->labels[0] = s->label;
    }
    for (uint32_t n = 0; n < PT_PATH_LABELS && most_frequent(&source, &code, j); n++)
        j->sources[source].labels[code] = add_label(j, &j->sources[source], code);
    return PT_OK;
}

static pt_rc find_labels(path_job *j, pt_err *err)
{
    unsigned n = pt_walk_workers(&j->walk);

    for (unsigned i = 0; i < n; i++)
        PT_TRY(make_frequencies(j, j->workers[i], err));
    if (j->question->by.len)
        PT_TRY(pt_walk_run(&j->walk, count_values, j, err));
    for (unsigned k = 1; k < n; k++)
        for (uint32_t i = 0; i < j->n_sources; i++)
            for (uint32_t c = 0; dict_of(j, &j->sources[i]) && c <= dict_of(j, &j->sources[i])->n; c++)
                j->workers[0]->frequencies[i][c] += j->workers[k]->frequencies[i][c];
    return make_labels(j, err);
}

/* --- one customer ------------------------------------------------------------------------------------------------------------- */

/* All events of the sources up to the as-of, in order of time; of one instant by source. */
static bool make_line(pt_path_line *line, const path_job *j, uint32_t ordinal)
{
    uint64_t at[MOST_SOURCES], end[MOST_SOURCES];

    line->n = 0;
    for (uint32_t i = 0; i < j->n_sources; i++) {
        at[i] = pt_walk_after(&j->walk, j->sources[i].source, ordinal, INT64_MIN);
        end[i] = pt_walk_end(&j->walk, j->sources[i].source, ordinal);
    }
    for (;;) {
        uint32_t next = MOST_SOURCES;
        int64_t soonest = 0;
        for (uint32_t i = 0; i < j->n_sources; i++) {
            if (at[i] >= end[i])
                continue;
            int64_t time = j->walk.view->events[j->sources[i].source].time[at[i]];
            if (next < MOST_SOURCES && time >= soonest)
                continue;
            next = i;
            soonest = time;
        }
        if (next == MOST_SOURCES)
            return pt_path_line_end(line);
        const path_source *s = &j->sources[next];
        const pt_column *c = s->column >= 0 ? &j->walk.view->events[s->source].columns[s->column] : NULL;
        uint8_t label = c && s->labels ? s->labels[pt_column_code(c, at[next])] : s->label;
        if (!pt_path_line_add(line, soonest, label))
            return false;
        at[next]++;
    }
}

static bool add_start(path_job *j, path_worker *mine, uint32_t ordinal, int64_t instant)
{
    const pt_paths_question *q = j->question;
    uint8_t labels[PT_PATH_MOST_STEPS];
    bool whole = true;

    mine->starts++;
    if (q->after) {
        uint32_t n = pt_path_after(labels, &mine->line, instant, q->after, q->within);
        if (n < q->after)
            labels[n++] = LABEL_END;
        whole = pt_path_counts_add(&mine->after, labels, n, ordinal);
    }
    if (q->before && whole) {
        uint32_t n = pt_path_before(labels, &mine->line, instant, q->before, q->within);
        if (n < q->before)
            labels[n++] = LABEL_END;
        whole = pt_path_counts_add(&mine->before, labels, n, ordinal);
    }
    return whole;
}

/* The times of the event that is asked about: the first, the last, or each of them; an instant counts once. */
static pt_rc visit(void *ctx, unsigned worker, const pt_walk_customer *c, pt_err *err)
{
    path_job *j = ctx;
    path_worker *mine = j->workers[worker];
    const pt_mark *m = &c->marks[0];
    const int64_t *times = j->walk.view->events[m->source].time;
    int64_t previous = PT_I64_MISSING, last = PT_I64_MISSING;

    for (uint32_t row = m->from[c->row]; row < m->end[c->row]; row++) {
        int64_t time = times[m->base + row];
        if (!(m->bits[row / 64] >> (row % 64) & 1) || time == PT_I64_MISSING || time == previous)
            continue;
        if (previous == PT_I64_MISSING && !make_line(&mine->line, j, c->ordinal))
            return pt_fail_nomem(err, "the paths");
        previous = last = time;
        if (j->question->start == PT_PATH_LAST)
            continue;
        if (!add_start(j, mine, c->ordinal, time))
            return pt_fail_nomem(err, "the paths");
        if (j->question->start == PT_PATH_FIRST)
            break;
    }
    if (last == PT_I64_MISSING)
        return PT_OK;
    mine->customers++;
    if (j->question->start == PT_PATH_LAST && !add_start(j, mine, c->ordinal, last))
        return pt_fail_nomem(err, "the paths");
    return PT_OK;
}

/* --- results ------------------------------------------------------------------------------------------------------------------ */

static void free_worker(void *p)
{
    path_worker *w = p;

    pt_path_line_free(&w->line);
    pt_path_counts_free(&w->before);
    pt_path_counts_free(&w->after);
    free(w);
}

static pt_rc make_workers(path_job *j, pt_err *err)
{
    unsigned n = pt_walk_workers(&j->walk);

    if (!(j->workers = PT_NEW_ARRAY(j->walk.arena, path_worker *, n)))
        return pt_fail_nomem(err, "the paths");
    for (unsigned i = 0; i < n; i++) {
        path_worker *w = j->workers[i] = pt_zalloc(1, sizeof *w);
        if (!w || !pt_arena_defer(j->walk.arena, free_worker, w)) {
            free(w);
            return pt_fail_nomem(err, "the paths");
        }
        w->line.gap = j->question->gap;
    }
    return PT_OK;
}

static pt_rc describe(pt_paths *out, path_job *j, pt_err *err)
{
    pt_walk *w = &j->walk;
    path_worker *all = j->workers[0];

    *out = (pt_paths){.about = w->about,
                      .event = w->texts[0],
                      .start = j->question->start,
                      .labels = j->labels,
                      .n_labels = j->n_labels,
                      .starts = PT_HIDDEN,
                      .customers = PT_HIDDEN};
    for (unsigned k = 1; k < pt_walk_workers(w); k++) {
        if (!pt_path_counts_merge(&all->before, &j->workers[k]->before) ||
            !pt_path_counts_merge(&all->after, &j->workers[k]->after))
            return pt_fail_nomem(err, "the paths");
        all->starts += j->workers[k]->starts;
        all->customers += j->workers[k]->customers;
    }
    if (!pt_walk_may_show(w, all->customers))
        return PT_OK;
    out->starts = all->starts;
    out->customers = all->customers;
    pt_path_shown shown = {
        .min_group = w->about.min_group, .rest = LABEL_REST, .each = j->question->start == PT_PATH_EACH};
    PT_TRY(pt_path_tree_make(&out->before, &all->before, &shown, w->arena, err));
    return pt_path_tree_make(&out->after, &all->after, &shown, w->arena, err);
}

pt_rc pt_app_paths(pt_paths *out, pt_app *app, const pt_paths_question *question, const pt_journey_options *options,
                   pt_diags *diags, pt_arena *arena, pt_err *err)
{
    path_job *j = PT_NEW(arena, path_job);
    pt_walk_events events = {&question->event, 1, INT64_MAX, PT_I32_MISSING, PT_I32_MISSING};

    if (!j)
        return pt_fail_nomem(err, "the paths");
    if (question->before > PT_PATH_MOST_STEPS || question->after > PT_PATH_MOST_STEPS)
        return pt_fail(err, PT_EINVAL, "a path has at most %d steps", PT_PATH_MOST_STEPS);
    *j = (path_job){.question = question};
    PT_TRY(pt_walk_open(&j->walk, app, &events, options, diags, arena, err));
    PT_TRY(choose_sources(j, err));
    PT_TRY(make_workers(j, err));
    PT_TRY(find_labels(j, err));
    PT_TRY(pt_walk_run(&j->walk, visit, j, err));
    return describe(out, j, err);
}
