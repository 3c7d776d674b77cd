/* Cohorts: who came in one period, and what became of them in the periods after. */
#include <math.h>
#include <stdlib.h>

#include "app/journey_walk.h"
#include "base/money.h"

/* Numbers are added in millionths, so that sums do not depend on the order of threads. */
#define NUMBER_UNIT 1e6

typedef struct cohort_tally {
    uint64_t base, active;
    __int128 sum;
} cohort_tally;

typedef struct cohort_worker {
    cohort_tally *cells; /* by row, then period */
    uint64_t *customers; /* by row */
    pt_zone_stretch stretch;
} cohort_worker;

typedef struct cohort_job {
    pt_walk walk;
    const pt_cohort_question *question;
    int64_t first, last; /* periods since 1970: of the source's first event, and the last that has begun */
    bool last_over;
    int64_t from, to; /* periods of the rows */
    uint32_t n_rows, n_cells;
    pt_walk_groups groups;
    bool by_tag;
    int column; /* summed; -1 */
    cohort_worker **workers;
} cohort_job;

/* --- periods ----------------------------------------------------------------------------------------------------------------- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Weeks begin on Monday. 1970-01-01 was a Thursday. */
static int64_t period_of_date(pt_cohort_every every, int32_t date)
{
    int32_t year, month, day;

    if (every == PT_EVERY_WEEK)
        return floor_div((int64_t)date + 3, 7);
    pt_date_to_civil(&year, &month, &day, date);
    return (int64_t)(year - 1970) * 12 + month - 1;
}

static int32_t first_day(pt_cohort_every every, int64_t period)
{
    if (every == PT_EVERY_WEEK)
        return (int32_t)(period * 7 - 3);
    return pt_date_from_civil((int32_t)(1970 + floor_div(period, 12)),
                              (int32_t)(period - floor_div(period, 12) * 12) + 1, 1);
}

static int64_t period_at(cohort_worker *mine, const cohort_job *j, int64_t instant)
{
    if (instant < mine->stretch.from || instant >= mine->stretch.until)
        mine->stretch = pt_zone_stretch_at(j->walk.project->zone, instant);
    return period_of_date(j->question->every, (int32_t)floor_div(instant + mine->stretch.offset, PT_DAY));
}

/* --- one customer ------------------------------------------------------------------------------------------------------------ */

typedef struct life {
    int64_t first;   /* period */
    uint64_t active; /* by period after the first */
    __int128 sums[PT_COHORT_MOST_PERIODS + 1];
} life;

static __int128 amount_of(const pt_column *c, uint64_t row)
{
    if (c->type == PT_TYPE_MONEY)
        return ((const int64_t *)c->data)[row];
    return (__int128)(((const double *)c->data)[row] * NUMBER_UNIT + (((const double *)c->data)[row] < 0 ? -0.5 : 0.5));
}

static bool live(life *out, cohort_job *j, cohort_worker *mine, const pt_walk_customer *c)
{
    const pt_mark *m = &c->marks[0];
    const pt_events *ev = &j->walk.view->events[m->source];
    const pt_column *column = j->column >= 0 && ev->columns ? &ev->columns[j->column] : NULL;
    bool some = false;

    for (uint32_t row = m->from[c->row]; row < m->end[c->row]; row++) {
        if (!(m->bits[row / 64] >> (row % 64) & 1) || ev->time[m->base + row] == PT_I64_MISSING)
            continue;
        int64_t period = period_at(mine, j, ev->time[m->base + row]);
        if (!some)
            *out = (life){.first = period};
        some = true;
        if (period > j->last || period - out->first >= j->n_cells)
            break;
        out->active |= UINT64_C(1) << (period - out->first);
        if (column && !pt_column_missing(column, m->base + row))
            out->sums[period - out->first] += amount_of(column, m->base + row);
    }
    return some && out->first <= j->last;
}

static pt_rc visit(void *ctx, unsigned worker, const pt_walk_customer *c, pt_err *err)
{
    cohort_job *j = ctx;
    cohort_worker *mine = j->workers[worker];
    life l;

    (void)err;
    if (!live(&l, j, mine, c) || l.first < j->from || l.first > j->to)
        return PT_OK;
    size_t row = j->by_tag ? pt_walk_group_of(&j->groups, c->ordinal) : (size_t)(l.first - j->from);
    int64_t until = j->by_tag && !j->last_over ? j->last - 1 : j->last;
    uint64_t since = 0;
    __int128 sum = 0;
    mine->customers[row]++;
    for (uint32_t k = 0; k < j->n_cells && l.first + k <= until; k++) {
        cohort_tally *cell = &mine->cells[row * j->n_cells + k];
        since |= k ? l.active & UINT64_C(1) << k : 0;
        sum += l.sums[k];
        cell->base++;
        cell->active += j->question->cumulative && k ? since != 0 : l.active >> k & 1;
        cell->sum += j->question->cumulative ? sum : l.sums[k];
    }
    return PT_OK;
}

/* --- preparing --------------------------------------------------------------------------------------------------------------- */

static pt_rc find_column(cohort_job *j, pt_err *err)
{
    const pt_source *s = &j->walk.project->sources[j->walk.sources[0]];
    pt_sv name = j->question->sum;

    j->column = -1;
    for (size_t i = 0; i < s->n_columns && name.len; i++)
        if (pt_sv_eq(pt_sv_of(s->columns[i].name), name))
            j->column = (int)i;
    if (!name.len)
        return PT_OK;
    if (j->column < 0)
        return pt_fail(err, PT_ENOTFOUND, "source '%s' has no column '%.*s'", s->name, (int)name.len, name.ptr);
    pt_type type = s->columns[j->column].type;
    if (type != PT_TYPE_NUMBER && type != PT_TYPE_MONEY)
        return pt_fail(err, PT_EINVAL, "column '%s' is neither number nor money: there is nothing to add up",
                       s->columns[j->column].name);
    return pt_walk_want(&j->walk, j->walk.sources[0], j->column, err);
}

/* The periods from the source's first event to the as-of. At the first instant of a period, the one before has just ended. */
static pt_rc find_periods(cohort_job *j, pt_err *err)
{
    const pt_cohort_question *q = j->question;
    pt_timeline *t = j->walk.view->timelines[j->walk.sources[0]];
    const pt_zone *zone = j->walk.project->zone;
    int64_t as_of = j->walk.about.as_of, earliest, latest;

    j->last = period_of_date(q->every, pt_zone_date(zone, as_of - 1));
    j->last_over = period_of_date(q->every, pt_zone_date(zone, as_of)) > j->last;
    j->first = j->last;
    if (t && pt_timeline_span(t, &earliest, &latest) && earliest <= as_of)
        j->first = period_of_date(q->every, pt_zone_date(zone, earliest));
    j->first = j->first < j->last ? j->first : j->last;
    j->from = q->from == PT_I32_MISSING ? j->first : period_of_date(q->every, q->from);
    j->to = q->to == PT_I32_MISSING ? j->last : period_of_date(q->every, q->to);
    j->from = j->from > j->first ? j->from : j->first;
    j->to = j->to < j->last ? j->to : j->last;
    if (j->to < j->from)
        return pt_fail(err, PT_EINVAL, "the source has no events in these days");
    if (!j->by_tag && j->to - j->from >= PT_COHORT_MOST_ROWS) {
        pt_fail(err, PT_EINVAL, "there are more than %d periods", PT_COHORT_MOST_ROWS);
        return pt_err_hint(err, "--from leaves out the early ones");
    }
    return PT_OK;
}

static void free_worker(void *p)
{
    cohort_worker *mine = p;

    free(mine->cells);
    free(mine->customers);
    free(mine);
}

static pt_rc make_workers(cohort_job *j, pt_err *err)
{
    unsigned n = pt_walk_workers(&j->walk);

    if (!(j->workers = PT_NEW_ARRAY(j->walk.arena, cohort_worker *, n)))
        return pt_fail_nomem(err, "the cohorts");
    for (unsigned i = 0; i < n; i++) {
        cohort_worker *mine = j->workers[i] = pt_zalloc(1, sizeof *mine);
        if (!mine || !pt_arena_defer(j->walk.arena, free_worker, mine)) {
            free(mine);
            return pt_fail_nomem(err, "the cohorts");
        }
        mine->cells = pt_zalloc((size_t)j->n_rows * j->n_cells, sizeof *mine->cells);
        mine->customers = pt_zalloc(j->n_rows, sizeof *mine->customers);
        if (!mine->cells || !mine->customers)
            return pt_fail_nomem(err, "the cohorts");
    }
    return PT_OK;
}

static void merge_workers(cohort_job *j)
{
    cohort_worker *all = j->workers[0];

    for (unsigned k = 1; k < pt_walk_workers(&j->walk); k++) {
        for (size_t i = 0; i < (size_t)j->n_rows * j->n_cells; i++) {
            all->cells[i].base += j->workers[k]->cells[i].base;
            all->cells[i].active += j->workers[k]->cells[i].active;
            all->cells[i].sum += j->workers[k]->cells[i].sum;
        }
        for (size_t i = 0; i < j->n_rows; i++)
            all->customers[i] += j->workers[k]->customers[i];
    }
}

/* --- results ----------------------------------------------------------------------------------------------------------------- */

/* Few who came are told as "fewer than", few who did not as "more than". */
static pt_cohort_cell show_cell(const cohort_job *j, const cohort_tally *t, bool partial)
{
    const pt_walk *w = &j->walk;
    uint64_t few = w->about.min_group - 1, others = t->base - t->active;
    pt_cohort_cell cell = {PT_HIDDEN, PT_HIDDEN, .sum = (double)NAN, .partial = partial};

    if (t->base <= few)
        return cell;
    cell.base = cell.most = t->base;
    if (!pt_walk_may_show(w, t->active))
        cell.most = few;
    if (!pt_walk_may_show(w, others))
        cell.least = t->base - few;
    if (cell.most < cell.least) {
        cell.least = 0;
        cell.most = t->base;
    } else if (cell.least == 0 && cell.most == t->base) {
        cell.active = cell.least = cell.most = t->active;
    }
    if (pt_walk_may_show(w, t->active) && j->column >= 0) {
        bool money = w->project->sources[w->sources[0]].columns[j->column].type == PT_TYPE_MONEY;
        cell.sum = (double)t->sum / (money ? (double)PT_MONEY_UNIT : NUMBER_UNIT);
    }
    return cell;
}

static pt_rc show_row(pt_cohort_row *out, const cohort_job *j, uint32_t row, pt_err *err)
{
    const cohort_tally *tallies = j->workers[0]->cells + (size_t)row * j->n_cells;
    pt_cohort_cell *cells = PT_NEW_ARRAY(j->walk.arena, pt_cohort_cell, j->n_cells);

    if (!cells)
        return pt_fail_nomem(err, "the cohorts");
    *out = (pt_cohort_row){.start = PT_I32_MISSING, .customers = j->workers[0]->customers[row], .cells = cells};
    if (j->by_tag)
        out->value = j->groups.values[row];
    else
        out->start = first_day(j->question->every, j->from + row);
    for (uint32_t k = 0; k < j->n_cells && tallies[k].base; k++)
        cells[out->n_cells++] = show_cell(j, &tallies[k], !j->by_tag && !j->last_over && j->from + row + k == j->last);
    return PT_OK;
}

typedef struct ranked_row {
    uint32_t row;
    uint64_t customers;
} ranked_row;

static int by_customers(const void *left, const void *right)
{
    const ranked_row *a = left, *b = right;

    if (a->customers != b->customers)
        return a->customers > b->customers ? -1 : 1;
    return (a->row > b->row) - (a->row < b->row);
}

static int by_row(const void *left, const void *right)
{
    const ranked_row *a = left, *b = right;

    return (a->row > b->row) - (a->row < b->row);
}

/* The rows that may be shown, in their order. */
static pt_rc choose_rows(ranked_row **out, pt_cohort *c, const cohort_job *j, pt_err *err)
{
    ranked_row *ranked = PT_NEW_ARRAY(j->walk.arena, ranked_row, j->n_rows);
    uint64_t *parts = PT_NEW_ARRAY(j->walk.arena, uint64_t, j->n_rows), whole = 0;
    size_t n = 0;

    if (!ranked || !parts)
        return pt_fail_nomem(err, "the cohorts");
    for (uint32_t row = 0; row < j->n_rows; row++)
        if (j->workers[0]->customers[row])
            ranked[n++] = (ranked_row){row, j->workers[0]->customers[row]};
    if (n)
        qsort(ranked, n, sizeof *ranked, by_customers);
    for (size_t i = 0; i < n; i++)
        whole += parts[i] = ranked[i].customers;
    c->n_rows = pt_walk_shown_parts(&j->walk, parts, n, whole);
    c->hidden_rows = n - c->n_rows;
    for (size_t i = c->n_rows; i < n; i++)
        c->hidden_customers += parts[i];
    if (!j->by_tag && c->n_rows)
        qsort(ranked, c->n_rows, sizeof *ranked, by_row);
    *out = ranked;
    return PT_OK;
}

/* Cells that are shown and over, added up. */
static pt_rc sum_rows(pt_cohort *c, const cohort_job *j, pt_err *err)
{
    pt_cohort_cell *cells = PT_NEW_ARRAY(j->walk.arena, pt_cohort_cell, j->n_cells);

    if (!cells)
        return pt_fail_nomem(err, "the cohorts");
    c->all = (pt_cohort_row){.start = PT_I32_MISSING, .cells = cells};
    for (size_t i = 0; i < c->n_rows; i++) {
        const pt_cohort_row *row = &c->rows[i];
        c->all.customers += row->customers;
        for (size_t k = 0; k < row->n_cells; k++) {
            const pt_cohort_cell *cell = &row->cells[k];
            bool whole = j->column >= 0 ? !isnan(cell->sum) : cell->active != PT_HIDDEN;
            if (cell->partial || !whole)
                continue;
            cells[k].base += cell->base;
            cells[k].sum += cell->sum;
            bool hidden = cell->active == PT_HIDDEN || cells[k].active == PT_HIDDEN;
            cells[k].active = hidden ? PT_HIDDEN : cells[k].active + cell->active;
            cells[k].least += cell->least;
            cells[k].most += cell->most;
            c->all.n_cells = k + 1 > c->all.n_cells ? k + 1 : c->all.n_cells;
        }
    }
    for (size_t k = 0; k < c->all.n_cells; k++)
        if (!cells[k].base)
            cells[k] = (pt_cohort_cell){PT_HIDDEN, PT_HIDDEN, .sum = (double)NAN};
    return PT_OK;
}

static pt_rc describe(pt_cohort *out, const cohort_job *j, pt_err *err)
{
    const pt_walk *w = &j->walk;
    pt_cohort_row *rows = PT_NEW_ARRAY(w->arena, pt_cohort_row, j->n_rows);
    ranked_row *chosen = NULL;

    if (!rows)
        return pt_fail_nomem(err, "the cohorts");
    *out = (pt_cohort){.about = w->about,
                       .event = w->texts[0],
                       .every = j->question->every,
                       .cumulative = j->question->cumulative,
                       .of = j->by_tag ? (int)j->groups.tag : -1,
                       .sum = j->column,
                       .source = w->sources[0],
                       .data_begins = first_day(j->question->every, j->first),
                       .rows = rows};
    PT_TRY(choose_rows(&chosen, out, j, err));
    for (size_t i = 0; i < out->n_rows; i++)
        PT_TRY(show_row(&rows[i], j, chosen[i].row, err));
    return sum_rows(out, j, err);
}

pt_rc pt_app_cohort(pt_cohort *out, pt_app *app, const pt_cohort_question *question, const pt_journey_options *options,
                    pt_diags *diags, pt_arena *arena, pt_err *err)
{
    cohort_job *j = PT_NEW(arena, cohort_job);
    pt_walk_events events = {&question->event, 1, INT64_MAX, PT_I32_MISSING, PT_I32_MISSING};

    if (!j)
        return pt_fail_nomem(err, "the cohorts");
    if (question->periods > PT_COHORT_MOST_PERIODS)
        return pt_fail(err, PT_EINVAL, "at most %d periods are followed", PT_COHORT_MOST_PERIODS);
    *j = (cohort_job){.question = question, .by_tag = question->of.len > 0, .n_cells = question->periods + 1};
    PT_TRY(pt_walk_open(&j->walk, app, &events, options, diags, arena, err));
    PT_TRY(find_column(j, err));
    PT_TRY(find_periods(j, err));
    if (j->by_tag)
        PT_TRY(pt_walk_groups_open(&j->groups, &j->walk, question->of, err));
    j->n_rows = j->by_tag ? j->groups.n : (uint32_t)(j->to - j->from + 1);
    PT_TRY(make_workers(j, err));
    PT_TRY(pt_walk_run(&j->walk, visit, j, err));
    merge_workers(j);
    return describe(out, j, err);
}
