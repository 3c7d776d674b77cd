/* Events by hour and day of the week, in the project's zone. */
#include <math.h>
#include <stdlib.h>

#include "app/journey_walk.h"

enum { DAYS = 7, HOURS = 24, CELLS = DAYS * HOURS };

typedef struct heat_worker {
    uint64_t events[CELLS];
    uint64_t cells[CELLS], days[DAYS], hours[HOURS]; /* customers */
    uint64_t not_at_midnight;
    pt_zone_stretch stretch;
} heat_worker;

typedef struct heat_job {
    pt_walk walk;
    heat_worker **workers;
} heat_job;

/* --- counting ---------------------------------------------------------------------------------------------------------------- */

/* Where an instant lies in the local week, in microseconds since Monday 0:00. */
static int64_t in_week(heat_worker *mine, const pt_zone *zone, int64_t instant)
{
    if (instant < mine->stretch.from || instant >= mine->stretch.until)
        mine->stretch = pt_zone_stretch_at(zone, instant);
    int64_t since = (instant + mine->stretch.offset + 3 * PT_DAY) % PT_WEEK; /* 1970-01-01 was a Thursday */
    return since < 0 ? since + PT_WEEK : since;
}

static pt_rc visit(void *ctx, unsigned worker, const pt_walk_customer *c, pt_err *err)
{
    heat_job *j = ctx;
    heat_worker *mine = j->workers[worker];
    const pt_mark *m = &c->marks[0];
    const int64_t *times = j->walk.view->events[m->source].time;
    uint32_t days[DAYS] = {0}, hours = 0; /* where the customer has events: hours of each day */

    (void)err;
    for (uint32_t row = m->from[c->row]; row < m->end[c->row]; row++) {
        if (!(m->bits[row / 64] >> (row % 64) & 1) || times[m->base + row] == PT_I64_MISSING)
            continue;
        int64_t at = in_week(mine, j->walk.project->zone, times[m->base + row]);
        mine->events[at / PT_HOUR]++;
        mine->not_at_midnight += at % PT_DAY != 0;
        days[at / PT_DAY] |= UINT32_C(1) << (at % PT_DAY / PT_HOUR);
    }
    for (size_t d = 0; d < DAYS; d++) {
        mine->days[d] += days[d] != 0;
        hours |= days[d];
        for (uint32_t left = days[d]; left; left &= left - 1)
            mine->cells[d * HOURS + (size_t)__builtin_ctz(left)]++;
    }
    for (; hours; hours &= hours - 1)
        mine->hours[__builtin_ctz(hours)]++;
    return PT_OK;
}

static pt_rc count(heat_job *j, pt_app *app, pt_sv event, const pt_journey_options *options, pt_diags *diags,
                   pt_arena *arena, pt_err *err)
{
    pt_walk_events events = {&event, 1, INT64_MAX, PT_I32_MISSING, PT_I32_MISSING};

    PT_TRY(pt_walk_open(&j->walk, app, &events, options, diags, arena, err));
    unsigned n = pt_walk_workers(&j->walk);
    if (!(j->workers = PT_NEW_ARRAY(arena, heat_worker *, n)))
        return pt_fail_nomem(err, "the hours");
    for (unsigned i = 0; i < n; i++)
        if (!(j->workers[i] = PT_NEW(arena, heat_worker)))
            return pt_fail_nomem(err, "the hours");
    PT_TRY(pt_walk_run(&j->walk, visit, j, err));
    heat_worker *all = j->workers[0];
    for (unsigned k = 1; k < n; k++) {
        const heat_worker *from = j->workers[k];
        for (size_t i = 0; i < CELLS; i++) {
            all->events[i] += from->events[i];
            all->cells[i] += from->cells[i];
        }
        for (size_t i = 0; i < DAYS; i++)
            all->days[i] += from->days[i];
        for (size_t i = 0; i < HOURS; i++)
            all->hours[i] += from->hours[i];
        all->not_at_midnight += from->not_at_midnight;
    }
    return PT_OK;
}

/* --- results ----------------------------------------------------------------------------------------------------------------- */

static bool shown(const pt_heat_cell *c)
{
    return c->events != PT_HIDDEN;
}

/* A day or an hour: what its cells show; of all its events when they show none. */
static void sum_line(pt_heat_cell *out, const heat_job *j, size_t first, size_t step, size_t n, const pt_heatmap *map,
                     uint64_t customers)
{
    const pt_heat_cell *cells = &map->cells[0][0];
    uint64_t all = 0;
    bool some = false;

    *out = (pt_heat_cell){.customers = customers};
    for (size_t i = first, k = 0; k < n; i += step, k++) {
        all += j->workers[0]->events[i];
        some |= shown(&cells[i]) && cells[i].events;
        out->events += shown(&cells[i]) ? cells[i].events : 0;
    }
    if (!some)
        out->events = all;
    if (!pt_walk_may_show(&j->walk, customers))
        out->events = out->customers = PT_HIDDEN;
}

static void fill_shares(pt_heat_cell *cells, size_t n, uint64_t *total)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += shown(&cells[i]) ? cells[i].events : 0;
    for (size_t i = 0; i < n; i++) {
        cells[i].share = shown(&cells[i]) && sum ? (double)cells[i].events / (double)sum : (double)NAN;
        cells[i].index = (double)NAN;
    }
    if (total)
        *total = sum;
}

static void describe(pt_heatmap *out, const heat_job *j)
{
    const heat_worker *all = j->workers[0];
    pt_heat_cell *cells = &out->cells[0][0];

    *out = (pt_heatmap){.about = j->walk.about, .event = j->walk.texts[0], .source = j->walk.sources[0]};
    out->days_only = all->not_at_midnight == 0;
    for (size_t i = 0; i < CELLS; i++) {
        bool show = pt_walk_may_show(&j->walk, all->cells[i]);
        cells[i].events = show ? all->events[i] : PT_HIDDEN;
        cells[i].customers = show ? all->cells[i] : PT_HIDDEN;
        out->hidden_cells += !show;
    }
    for (size_t d = 0; d < DAYS; d++)
        sum_line(&out->days[d], j, d * HOURS, 1, HOURS, out, all->days[d]);
    for (size_t h = 0; h < HOURS; h++)
        sum_line(&out->hours[h], j, h, HOURS, DAYS, out, all->hours[h]);
    fill_shares(cells, CELLS, &out->events);
    fill_shares(out->days, DAYS, NULL);
    fill_shares(out->hours, HOURS, NULL);
}

static void fill_index(pt_heat_cell *cells, const pt_heat_cell *base, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (base[i].share > 0)
            cells[i].index = 100 * (cells[i].share / base[i].share);
}

pt_rc pt_app_heatmap(pt_heatmap *out, pt_app *app, pt_sv event, const pt_journey_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err)
{
    heat_job *j = PT_NEW(arena, heat_job), *base = PT_NEW(arena, heat_job);
    pt_journey_options everybody = {.threads = options->threads, .cancel = options->cancel};
    pt_heatmap *all = PT_NEW(arena, pt_heatmap);

    if (!j || !base || !all)
        return pt_fail_nomem(err, "the hours");
    PT_TRY(count(j, app, event, options, diags, arena, err));
    describe(out, j);
    if (!pt_sv_trim(options->segment).len)
        return PT_OK;
    PT_TRY(count(base, app, event, &everybody, diags, arena, err));
    describe(all, base);
    fill_index(&out->cells[0][0], &all->cells[0][0], CELLS);
    fill_index(out->days, all->days, DAYS);
    fill_index(out->hours, all->hours, HOURS);
    return PT_OK;
}
