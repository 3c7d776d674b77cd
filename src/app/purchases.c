#include "app/purchases.h"

#include "base/money.h"
#include "project/kind_value.h"

static const double DAYS_OF_MONTH = 365.2425 / 12;

typedef struct gathering {
    const pt_purchases_question *question;
    pt_purchases *out;
    const pt_zone *zone;
    int32_t end; /* the period with which ages end */
} gathering;

static int32_t period_of(const gathering *g, int64_t instant)
{
    int32_t date = pt_zone_date(g->zone, instant), year, month, day;

    switch (g->question->period) {
    case PT_VALUE_WEEK:
        return (int32_t)((date + 3 + 7 * 1000000) / 7); /* Mondays begin a week; 1970-01-01 was a Thursday */
    case PT_VALUE_MONTH: pt_date_to_civil(&year, &month, &day, date); return year * 12 + month;
    default: return date;
    }
}

static double amount_at(const pt_column *c, uint64_t at)
{
    if (pt_column_missing(c, at))
        return 0;
    return c->type == PT_TYPE_MONEY ? pt_money_double(((const int64_t *)c->data)[at]) : ((const double *)c->data)[at];
}

static void end_period(pt_purchases *p, uint32_t ordinal, bool first, double spent)
{
    if (first || !(spent > 0))
        return;
    p->paid[ordinal]++;
    p->spent[ordinal] += spent;
}

static pt_rc visit(void *ctx, const pt_walked *w, pt_err *err)
{
    const gathering *g = ctx;
    pt_purchases *p = g->out;
    int32_t first = period_of(g, w->time[w->events[0]]), now = first;
    uint32_t who = w->ordinal;
    double spent = 0;

    (void)err;
    if (g->question->members && !g->question->members[who])
        return PT_OK;
    for (size_t i = 0; i < w->n; i++) {
        int32_t period = period_of(g, w->time[w->events[i]]);
        if (period != now) {
            end_period(p, who, now == first, spent);
            spent = 0;
            p->x[who]++;
            now = period;
        }
        spent += w->column ? amount_at(w->column, w->events[i]) : 0;
    }
    end_period(p, who, now == first, spent);
    p->bought[who] = true;
    p->last[who] = (uint32_t)(now - first);
    p->age[who] = (uint32_t)(g->end - first);
    return PT_OK;
}

pt_rc pt_purchases_gather(pt_purchases *out, const pt_purchases_question *q, pt_arena *arena, pt_err *err)
{
    uint32_t n = q->walk.view->n_ordinals;
    gathering g = {q, out, q->walk.view->project->zone, 0};

    *out = (pt_purchases){.n_ordinals = n};
    out->bought = PT_NEW_ARRAY(arena, bool, n);
    out->x = PT_NEW_ARRAY(arena, uint32_t, n);
    out->last = PT_NEW_ARRAY(arena, uint32_t, n);
    out->age = PT_NEW_ARRAY(arena, uint32_t, n);
    out->paid = PT_NEW_ARRAY(arena, uint32_t, n);
    out->spent = PT_NEW_ARRAY(arena, double, n);
    if (!out->bought || !out->x || !out->last || !out->age || !out->paid || !out->spent)
        return pt_fail_nomem(err, "the purchases");
    pt_event_walk walk = q->walk;
    walk.until--; /* what happens at midnight belongs to the day that begins */
    g.end = period_of(&g, walk.until);
    return pt_event_walk_run(&walk, visit, &g, err);
}

double pt_purchases_ticks(int period)
{
    return period == PT_VALUE_DAY ? 7 : 1;
}

double pt_purchases_units(int64_t length, int period)
{
    double days = (double)length / (double)PT_DAY;

    return period == PT_VALUE_MONTH ? days / DAYS_OF_MONTH : days / 7;
}
