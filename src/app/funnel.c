/* Funnels: each customer's furthest step, counted. */
#include <stdlib.h>

#include "app/durations.h"
#include "app/funnel_run.h"

enum { MOST_NEXTS = 5, MOST_NEXT_VALUES = 10000 };

/* What the events of a source are called when they come next: by the values of a column, or all alike. */
typedef struct next_names {
    int column;     /* -1: all alike */
    uint32_t first; /* place of the first of the source's names in the counts of a step */
    uint32_t n;
} next_names;

typedef struct funnel_worker {
    pt_funnel_scratch scratch;
    uint64_t *depths;    /* by group, then depth 0 to n_steps */
    uint64_t *nexts;     /* by step, then name; name 0 is nothing more */
    pt_durations *waits; /* by step */
} funnel_worker;

typedef struct funnel_job {
    pt_walk walk;
    const pt_funnel_question *question;
    pt_walk_groups groups;
    uint32_t n_groups; /* 1 without --by */
    bool grouped;
    next_names *names; /* by source; n 0: takes no part */
    uint32_t n_names;
    funnel_worker **workers;
} funnel_job;

/* --- one customer ------------------------------------------------------------------------------------------------------------ */

/* The name of the first event after an instant; 0: there is none. */
static uint32_t next_name(const funnel_job *j, uint32_t ordinal, int64_t instant)
{
    const pt_walk *w = &j->walk;
    uint32_t name = 0;
    int64_t soonest = 0;

    for (uint32_t s = 0; s < w->project->n_sources; s++) {
        const pt_events *ev = &w->view->events[s];
        if (!j->names[s].n)
            continue;
        uint64_t at = pt_walk_after(w, s, ordinal, instant);
        if (!ev->offsets || at >= ev->offsets[ordinal + 1] || ev->time[at] > w->about.as_of)
            continue;
        if (name && ev->time[at] >= soonest)
            continue;
        soonest = ev->time[at];
        name = j->names[s].first;
        if (j->names[s].column >= 0)
            name += pt_column_code(&ev->columns[j->names[s].column], at);
    }
    return name;
}

static pt_rc visit(void *ctx, unsigned worker, const pt_walk_customer *c, pt_err *err)
{
    funnel_job *j = ctx;
    const pt_walk *w = &j->walk;
    funnel_worker *mine = j->workers[worker];
    uint32_t n = w->n_steps, group = j->grouped ? pt_walk_group_of(&j->groups, c->ordinal) : 0;
    pt_funnel_run run;

    mine->scratch.n_lanes = 0;
    for (uint32_t i = 0; i < n; i++)
        pt_funnel_add(&mine->scratch, i, &c->marks[i], c->row, w->view->events[c->marks[i].source].time, w->sources);
    pt_funnel_walk(&run, &mine->scratch, n, j->question->within, j->question->strict);
    mine->depths[(size_t)group * (n + 1) + run.depth]++;
    for (uint32_t i = 1; i < run.depth; i++)
        if (!pt_durations_add(&mine->waits[i], run.times[i] - run.times[i - 1]))
            return pt_fail_nomem(err, "a funnel");
    if (run.depth > 0 && run.depth < n)
        mine->nexts[(size_t)(run.depth - 1) * j->n_names + next_name(j, c->ordinal, run.times[run.depth - 1])]++;
    return PT_OK;
}

/* --- preparing ---------------------------------------------------------------------------------------------------------------- */

/* The first column of few texts that a condition over the source reads. */
static pt_rc telling_column(int *out, const pt_walk *w, uint32_t source, pt_err *err)
{
    *out = -1;
    for (uint32_t i = 0; i < w->n_steps && *out < 0; i++) {
        pt_uses uses;
        if (w->sources[i] != source)
            continue;
        PT_TRY(pt_lang_uses(&uses, w->conditions[i], w->arena, err));
        for (size_t k = 0; k < uses.n_columns && *out < 0; k++) {
            int32_t c = uses.columns[k].column;
            if (c < 0 || uses.columns[k].source != source || !w->view->events[source].columns)
                continue;
            const pt_column *column = &w->view->events[source].columns[c];
            bool text = column->type == PT_TYPE_TEXT || column->type == PT_TYPE_CATEGORY;
            if (text && column->dict && column->dict->n <= MOST_NEXT_VALUES)
                *out = c;
        }
    }
    return PT_OK;
}

static pt_rc name_nexts(funnel_job *j, pt_err *err)
{
    pt_walk *w = &j->walk;

    j->n_names = 1;
    if (!(j->names = PT_NEW_ARRAY(w->arena, next_names, w->project->n_sources)))
        return pt_fail_nomem(err, "a funnel");
    for (uint32_t s = 0; s < w->project->n_sources; s++) {
        next_names *names = &j->names[s];
        if (w->project->sources[s].kind != PT_SOURCE_EVENT)
            continue;
        PT_TRY(pt_walk_want(w, s, -1, err));
        PT_TRY(telling_column(&names->column, w, s, err));
        names->first = j->n_names;
        names->n = 1 + (names->column >= 0 ? w->view->events[s].columns[names->column].dict->n : 0);
        j->n_names += names->n;
    }
    return PT_OK;
}

static void free_worker(void *p)
{
    funnel_worker *mine = p;

    for (size_t i = 0; mine->waits && i < PT_WALK_MOST_STEPS; i++)
        pt_durations_free(&mine->waits[i]);
    free(mine->waits);
    free(mine->depths);
    free(mine->nexts);
    free(mine);
}

static pt_rc make_worker(funnel_worker **out, const funnel_job *j, pt_err *err)
{
    funnel_worker *mine = pt_zalloc(1, sizeof *mine);

    *out = mine;
    if (!mine || !pt_arena_defer(j->walk.arena, free_worker, mine)) {
        free(mine);
        return pt_fail_nomem(err, "a funnel");
    }
    mine->waits = pt_zalloc(PT_WALK_MOST_STEPS, sizeof *mine->waits);
    mine->depths = pt_zalloc((size_t)j->n_groups * (j->walk.n_steps + 1), sizeof *mine->depths);
    mine->nexts = pt_zalloc((size_t)j->walk.n_steps * j->n_names, sizeof *mine->nexts);
    return mine->waits && mine->depths && mine->nexts ? PT_OK : pt_fail_nomem(err, "a funnel");
}

static pt_rc make_workers(funnel_job *j, pt_err *err)
{
    unsigned n = pt_walk_workers(&j->walk);

    if (!(j->workers = PT_NEW_ARRAY(j->walk.arena, funnel_worker *, n)))
        return pt_fail_nomem(err, "a funnel");
    for (unsigned i = 0; i < n; i++)
        PT_TRY(make_worker(&j->workers[i], j, err));
    return PT_OK;
}

/* What the workers have counted, into the first of them. */
static pt_rc merge_workers(funnel_job *j, pt_err *err)
{
    funnel_worker *all = j->workers[0];

    for (unsigned k = 1; k < pt_walk_workers(&j->walk); k++) {
        const funnel_worker *from = j->workers[k];
        for (size_t i = 0; i < (size_t)j->n_groups * (j->walk.n_steps + 1); i++)
            all->depths[i] += from->depths[i];
        for (size_t i = 0; i < (size_t)j->walk.n_steps * j->n_names; i++)
            all->nexts[i] += from->nexts[i];
        for (size_t i = 0; i < PT_WALK_MOST_STEPS; i++)
            if (!pt_durations_merge(&all->waits[i], &from->waits[i]))
                return pt_fail_nomem(err, "a funnel");
    }
    return PT_OK;
}

/* --- results ------------------------------------------------------------------------------------------------------------------ */

/* Who reached each step, and what that lies between where it is hidden. */
typedef struct reach {
    uint64_t *customers, *least, *most;
} reach;

static pt_rc new_reach(reach *out, const pt_walk *w, pt_err *err)
{
    out->customers = PT_NEW_ARRAY(w->arena, uint64_t, w->n_steps);
    out->least = PT_NEW_ARRAY(w->arena, uint64_t, w->n_steps);
    out->most = PT_NEW_ARRAY(w->arena, uint64_t, w->n_steps);
    return out->customers && out->least && out->most ? PT_OK : pt_fail_nomem(err, "a funnel");
}

/* A step that too few reached, or before which too few stopped, of those shown last. */
static void hide_step(reach *r, const pt_walk *w, uint32_t step, uint64_t before)
{
    uint64_t few = w->about.min_group - 1, customers = r->customers[step];

    r->least[step] = !pt_walk_may_show(w, before - customers) && before > few ? before - few : 0;
    r->most[step] = !pt_walk_may_show(w, customers) && before > few ? few : before;
    if (r->least[step] > r->most[step]) {
        r->least[step] = 0;
        r->most[step] = before;
    }
    r->customers[step] = PT_HIDDEN;
}

/* Customers by step from customers by depth. */
static void reach_steps(reach *r, const pt_walk *w, const uint64_t *depths)
{
    uint64_t reached = 0, before;

    for (uint32_t i = w->n_steps; i-- > 0;)
        r->customers[i] = reached += depths[i + 1];
    before = reached;
    for (uint32_t i = 0; i < w->n_steps; i++) {
        uint64_t customers = r->customers[i];
        r->least[i] = r->most[i] = customers;
        if (!pt_walk_may_show(w, reached))
            hide_step(r, w, i, w->about.min_group - 1);
        else if (pt_walk_may_show(w, customers) && pt_walk_may_show(w, before - customers))
            before = customers;
        else
            hide_step(r, w, i, before);
    }
}

static int by_customers(const void *left, const void *right)
{
    const pt_funnel_next *a = left, *b = right;

    if (a->customers != b->customers)
        return a->customers > b->customers ? -1 : 1;
    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return pt_sv_cmp(a->value, b->value);
}

static pt_funnel_next name_next(const funnel_job *j, uint32_t name)
{
    const pt_walk *w = &j->walk;
    uint32_t s = 0;

    if (name == 0)
        return (pt_funnel_next){.source = -1};
    while (!j->names[s].n || name < j->names[s].first || name >= j->names[s].first + j->names[s].n)
        s++;
    pt_funnel_next next = {.source = (int)s};
    if (j->names[s].column >= 0 && name > j->names[s].first) {
        next.column = w->project->sources[s].columns[j->names[s].column].name;
        next.value = pt_dict_text(w->view->events[s].columns[j->names[s].column].dict, name - j->names[s].first);
    }
    return next;
}

static pt_rc list_nexts(pt_funnel_step *out, const funnel_job *j, uint32_t step, pt_err *err)
{
    const uint64_t *counts = j->workers[0]->nexts + (size_t)step * j->n_names;
    pt_funnel_next *all = PT_NEW_ARRAY(j->walk.arena, pt_funnel_next, j->n_names);
    uint64_t *parts = PT_NEW_ARRAY(j->walk.arena, uint64_t, j->n_names);
    size_t n = 0;

    if (!all || !parts)
        return pt_fail_nomem(err, "a funnel");
    for (uint32_t name = 0; name < j->n_names; name++) {
        if (!counts[name])
            continue;
        all[n] = name_next(j, name);
        all[n++].customers = counts[name];
    }
    if (n)
        qsort(all, n, sizeof *all, by_customers);
    for (size_t i = 0; i < n; i++)
        parts[i] = all[i].customers;
    n = n < MOST_NEXTS ? n : MOST_NEXTS;
    out->nexts = all;
    out->n_nexts = pt_walk_shown_parts(&j->walk, parts, n, out->stopped);
    out->others = out->stopped;
    for (size_t i = 0; i < out->n_nexts; i++)
        out->others -= all[i].customers;
    if (out->n_nexts || parts[0] < j->walk.about.min_group)
        return PT_OK;
    /* The others are too few to say how many: what most did is told without its size. */
    all[0].customers = out->others = PT_HIDDEN;
    out->n_nexts = 1;
    return PT_OK;
}

static uint64_t stopped_at(const uint64_t *customers, uint32_t step, uint32_t n)
{
    if (step + 1 == n)
        return 0;
    if (customers[step] == PT_HIDDEN || customers[step + 1] == PT_HIDDEN)
        return PT_HIDDEN;
    return customers[step] - customers[step + 1];
}

static pt_rc list_steps(pt_funnel *out, const funnel_job *j, pt_err *err)
{
    const pt_walk *w = &j->walk;
    uint32_t n = w->n_steps;
    uint64_t *depths = PT_NEW_ARRAY(w->arena, uint64_t, n + 1);
    pt_funnel_step *steps = PT_NEW_ARRAY(w->arena, pt_funnel_step, n);

    reach r;

    if (!depths || !steps)
        return pt_fail_nomem(err, "a funnel");
    PT_TRY(new_reach(&r, w, err));
    for (size_t i = 0; i < (size_t)j->n_groups * (n + 1); i++)
        depths[i % (n + 1)] += j->workers[0]->depths[i];
    reach_steps(&r, w, depths);
    for (uint32_t i = 0; i < n; i++) {
        steps[i] = (pt_funnel_step){.text = w->texts[i],
                                    .source = w->sources[i],
                                    .customers = r.customers[i],
                                    .least = r.least[i],
                                    .most = r.most[i]};
        steps[i].stopped = stopped_at(r.customers, i, n);
        bool known = r.customers[i] != PT_HIDDEN && i > 0;
        steps[i].median = known ? pt_durations_median(&j->workers[0]->waits[i]) : PT_I64_MISSING;
        if (steps[i].stopped != PT_HIDDEN && steps[i].stopped > 0)
            PT_TRY(list_nexts(&steps[i], j, i, err));
    }
    out->steps = steps;
    out->n_steps = n;
    return PT_OK;
}

typedef struct ranked_group {
    uint32_t group;
    uint64_t members;
} ranked_group;

static int by_members(const void *left, const void *right)
{
    const ranked_group *a = left, *b = right;

    if (a->members != b->members)
        return a->members > b->members ? -1 : 1;
    return (a->group > b->group) - (a->group < b->group);
}

/* Groups of somebody, the largest first; *parts are their sizes. */
static ranked_group *rank_groups(size_t *n, uint64_t **parts, const funnel_job *j)
{
    ranked_group *ranked = PT_NEW_ARRAY(j->walk.arena, ranked_group, j->n_groups);
    size_t depths = j->walk.n_steps + 1;

    *n = 0;
    if (!ranked || !(*parts = PT_NEW_ARRAY(j->walk.arena, uint64_t, j->n_groups)))
        return NULL;
    for (uint32_t g = 0; g < j->n_groups; g++) {
        uint64_t members = 0;
        for (size_t d = 0; d < depths; d++)
            members += j->workers[0]->depths[g * depths + d];
        if (members)
            ranked[(*n)++] = (ranked_group){g, members};
    }
    qsort(ranked, *n, sizeof *ranked, by_members);
    for (size_t i = 0; i < *n; i++)
        (*parts)[i] = ranked[i].members;
    return ranked;
}

static pt_rc list_groups(pt_funnel *out, const funnel_job *j, pt_err *err)
{
    const pt_walk *w = &j->walk;
    size_t n, depths = w->n_steps + 1;
    uint64_t *parts;
    ranked_group *ranked = rank_groups(&n, &parts, j);
    pt_funnel_group *groups = PT_NEW_ARRAY(w->arena, pt_funnel_group, j->n_groups);

    if (!ranked || !groups)
        return pt_fail_nomem(err, "a funnel");
    out->n_groups = pt_walk_shown_parts(w, parts, n, w->about.members);
    out->hidden_groups = n - out->n_groups;
    out->hidden_members = w->about.members;
    for (size_t i = 0; i < out->n_groups; i++) {
        reach r;
        PT_TRY(new_reach(&r, w, err));
        reach_steps(&r, w, j->workers[0]->depths + ranked[i].group * depths);
        groups[i] =
            (pt_funnel_group){j->groups.values[ranked[i].group], ranked[i].members, r.customers, r.least, r.most};
        out->hidden_members -= ranked[i].members;
    }
    out->groups = groups;
    return PT_OK;
}

static pt_rc describe(pt_funnel *out, const funnel_job *j, pt_err *err)
{
    const pt_walk *w = &j->walk;
    pt_str text = {0};

    *out = (pt_funnel){.about = w->about, .within = j->question->within, .strict = j->question->strict, .by = -1};
    if (!j->question->strict) {
        pt_lang_print(&text, w->node, w->query.module->catalog);
        out->condition = pt_arena_strndup(w->arena, pt_str_cstr(&text), text.len);
        pt_str_free(&text);
        if (!out->condition)
            return pt_fail_nomem(err, "a funnel");
    }
    PT_TRY(list_steps(out, j, err));
    if (!j->grouped)
        return PT_OK;
    out->by = (int)j->groups.tag;
    return list_groups(out, j, err);
}

static pt_rc check_question(const pt_funnel_question *q, pt_err *err)
{
    if (q->n_steps < 2 || q->n_steps > PT_WALK_MOST_STEPS)
        return pt_fail(err, PT_EINVAL, "a funnel takes 2 to %d steps, this has %zu", PT_WALK_MOST_STEPS, q->n_steps);
    if (q->within <= 0)
        return pt_fail(err, PT_EINVAL, "the time from the first step to the last is more than nothing");
    if (q->from != PT_I32_MISSING && q->to != PT_I32_MISSING && q->from > q->to)
        return pt_fail(err, PT_EINVAL, "the first day is after the last");
    return PT_OK;
}

pt_rc pt_app_funnel(pt_funnel *out, pt_app *app, const pt_funnel_question *question, const pt_journey_options *options,
                    pt_diags *diags, pt_arena *arena, pt_err *err)
{
    funnel_job *j = PT_NEW(arena, funnel_job);
    pt_walk_events events = {question->steps, question->n_steps, question->within, question->from, question->to};

    if (!j)
        return pt_fail_nomem(err, "a funnel");
    *j = (funnel_job){.question = question, .n_groups = 1, .grouped = question->by.len > 0};
    PT_TRY(check_question(question, err));
    PT_TRY(pt_walk_open(&j->walk, app, &events, options, diags, arena, err));
    if (j->grouped) {
        PT_TRY(pt_walk_groups_open(&j->groups, &j->walk, question->by, err));
        j->n_groups = j->groups.n;
    }
    PT_TRY(name_nexts(j, err));
    PT_TRY(make_workers(j, err));
    PT_TRY(pt_walk_run(&j->walk, visit, j, err));
    PT_TRY(merge_workers(j, err));
    return describe(out, j, err);
}
