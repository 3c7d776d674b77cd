#include "app/journey_walk.h"

#include "app/crowd_scan.h"
#include "base/utf8.h"

enum { TASK_ORDINALS = 16384 }; /* a multiple of 64 */

/* --- steps ----------------------------------------------------------------------------------------------------------------- */

static pt_rc no_step(pt_err *err)
{
    pt_fail(err, PT_EINVAL, "a step is a source, with a condition if need be");
    return pt_err_hint(err, "write for example \"orders where amount > 100\"");
}

/* A step is parsed as "did(STEP)": problems of it are shown at the step as it was written. */
static void show_in_step(pt_diags *diags, size_t first, pt_sv step)
{
    enum { BEFORE = sizeof "did(" - 1 };
    int width = (int)pt_utf8_length(step);

    for (size_t i = first; i < diags->n; i++) {
        pt_place *place = &diags->items[i].place;
        place->text = step;
        if (place->line != 1)
            continue;
        place->col = place->col > BEFORE ? place->col - BEFORE : 1;
        if (place->col > width + 1)
            place->col = width + 1;
    }
}

static pt_rc parse(const pt_node **out, pt_walk *w, const char *text, const char *what, pt_type type, pt_diags *diags,
                   pt_err *err)
{
    pt_sv sv = pt_sv_of(text);
    pt_place place = {.file = what, .text = sv, .line = 1, .col = 1, .length = 1};

    if (!text)
        return pt_fail_nomem(err, "a step");
    PT_TRY(pt_lang_expression(out, w->query.module, sv, place, type, diags, w->arena, err));
    return *out ? PT_OK : pt_diags_result(diags, err);
}

/* "did(x)" -> "x". */
static const char *inner_text(pt_walk *w, const pt_node *did)
{
    pt_str text = {0};

    pt_lang_print(&text, did, w->query.module->catalog);
    const char *copy = text.len > 5 ? pt_arena_strndup(w->arena, pt_str_cstr(&text) + 4, text.len - 5) : NULL;
    pt_str_free(&text);
    return copy;
}

static pt_rc parse_step(pt_walk *w, pt_sv step, pt_diags *diags, pt_err *err)
{
    uint32_t i = w->n_steps;
    const pt_node *n;

    if (pt_sv_trim(step).len == 0)
        return no_step(err);
    const char *text = pt_arena_printf(w->arena, "did(%.*s)", (int)step.len, step.ptr);
    size_t problems = diags->n;
    pt_rc rc = parse(&n, w, text, pt_arena_printf(w->arena, "step %u", i + 1), PT_TYPE_BOOL, diags, err);
    show_in_step(diags, problems, step);
    if (rc != PT_OK)
        return rc;
    if (n->kind != PT_NODE_AGGREGATE || n->u.agg->fn != PT_AGG_DID || n->u.agg->value || n->u.agg->weight ||
        n->u.agg->half_life)
        return no_step(err);
    if (n->u.agg->window.kind != PT_WINDOW_ALL) {
        pt_fail(err, PT_EINVAL, "a step has no window of its own");
        return pt_err_hint(err, "--within, --from and --to say when");
    }
    w->conditions[i] = n;
    w->sources[i] = n->u.agg->source;
    w->texts[i] = inner_text(w, n);
    w->n_steps++;
    return w->texts[i] ? PT_OK : pt_fail_nomem(err, "a step");
}

/* The days of a window, as the language writes them. */
static void add_days(pt_str *out, const pt_walk_events *events)
{
    char from[40], to[40];

    if (events->to != PT_I32_MISSING)
        pt_str_addf(out, " between %s and %s",
                    pt_date_format(from, events->from == PT_I32_MISSING ? PT_DATE_MIN : events->from),
                    pt_date_format(to, events->to));
    else if (events->from != PT_I32_MISSING)
        pt_str_addf(out, " since %s", pt_date_format(from, events->from));
}

static pt_rc parse_all(pt_walk *w, const pt_walk_events *events, pt_diags *diags, pt_err *err)
{
    pt_str text = {0};
    char within[40];

    for (size_t i = 0; i < events->n_steps; i++)
        PT_TRY(parse_step(w, events->steps[i], diags, err));
    pt_str_add(&text, w->n_steps > 1 ? "funnel(" : "did(");
    for (uint32_t i = 0; i < w->n_steps; i++)
        pt_str_addf(&text, i ? ", %s" : "%s", w->texts[i]);
    if (w->n_steps > 1 && events->within != INT64_MAX)
        pt_str_addf(&text, " within %s", pt_duration_format(within, events->within));
    add_days(&text, events);
    pt_str_addc(&text, ')');
    const char *copy = pt_arena_strndup(w->arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    return parse(&w->node, w, copy, "steps", w->n_steps > 1 ? PT_TYPE_NUMBER : PT_TYPE_BOOL, diags, err);
}

/* --- what is read ------------------------------------------------------------------------------------------------------------ */

pt_rc pt_walk_want(pt_walk *w, uint32_t source, int32_t column, pt_err *err)
{
    bool *columns = (bool *)w->wanted[source];

    if (!columns && !(columns = PT_NEW_ARRAY(w->arena, bool, w->project->sources[source].n_columns + 1)))
        return pt_fail_nomem(err, "the events");
    if (column >= 0)
        columns[column] = true;
    w->wanted[source] = columns;
    pt_timeline *t = w->view->timelines[source];
    return t ? pt_timeline_check_columns(t, 0, 0, columns, err) : PT_OK;
}

static pt_rc want_conditions(pt_walk *w, pt_uses *uses, pt_err *err)
{
    if (!(w->wanted = PT_NEW_ARRAY(w->arena, const bool *, w->project->n_sources)))
        return pt_fail_nomem(err, "the events");
    PT_TRY(pt_lang_uses(uses, w->node, w->arena, err));
    for (size_t i = 0; i < uses->n_columns; i++)
        PT_TRY(pt_walk_want(w, uses->columns[i].source, uses->columns[i].column, err));
    return PT_OK;
}

/* --- members ----------------------------------------------------------------------------------------------------------------- */

static void keep_block(void *ctx, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    pt_walk *w = ctx;

    (void)scratch;
    memcpy(w->members + (size_t)block * PT_BLOCK_WORDS, bits, PT_BLOCK_WORDS * sizeof *bits);
    counts[0] += pt_slice_kernels_best()->count(bits);
}

static pt_rc find_members(pt_walk *w, pt_err *err)
{
    size_t blocks = pt_crowd_blocks(w->query.crowd);
    pt_crowd_visit visit = {.ctx = w, .n_counts = 1, .block = keep_block};

    if (!(w->members = PT_NEW_ARRAY(w->arena, uint64_t, blocks * PT_BLOCK_WORDS)))
        return pt_fail_nomem(err, "the customers");
    return pt_crowd_scan(&w->about.members, &w->query, &visit, err);
}

static pt_rc describe(pt_walk *w, pt_err *err)
{
    PT_TRY(pt_crowd_text(&w->about.segment, &w->query, err));
    w->about.as_of = w->view->as_of;
    w->about.customers = w->view->n_customers;
    w->about.min_group = w->project->min_group;
    if (w->about.members >= w->about.min_group)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "%llu customers are too few to describe: a group has at least %u",
            (unsigned long long)w->about.members, w->about.min_group);
    return pt_err_hint(err, "privacy: {min_group: ...} in portrait.yaml");
}

unsigned pt_walk_workers(const pt_walk *w)
{
    return pt_pool_threads(w->query.pool);
}

pt_rc pt_walk_open(pt_walk *w, pt_app *app, const pt_walk_events *events, const pt_journey_options *options,
                   pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_uses uses;

    *w = (pt_walk){.options = options, .arena = arena};
    w->crowd_options = (pt_crowd_options){.threads = options->threads, .cancel = options->cancel};
    PT_TRY(pt_crowd_query_open(&w->query, app, options->segment, &w->crowd_options, diags, arena, err));
    w->view = w->query.view;
    w->project = w->view->project;
    PT_TRY(parse_all(w, events, diags, err));
    PT_TRY(pt_view_timelines(w->view, err));
    PT_TRY(want_conditions(w, &uses, err));
    PT_TRY(find_members(w, err));
    return describe(w, err);
}

/* --- walking ----------------------------------------------------------------------------------------------------------------- */

typedef struct walk_run {
    pt_walk *w;
    pt_walk_visit visit;
    void *ctx;
    pt_batch batch;
    pt_program *program;
    pt_eval **evals;    /* by worker */
    pt_events **slices; /* by worker */
} walk_run;

static bool is_member(const pt_walk *w, uint64_t ordinal)
{
    return w->members[ordinal / 64] >> (ordinal % 64) & 1;
}

static pt_rc check_events(const pt_walk *w, uint64_t first, uint64_t end, pt_err *err)
{
    for (size_t s = 0; s < w->project->n_sources; s++)
        if (w->wanted[s] && w->view->timelines[s])
            PT_TRY(pt_timeline_check_columns(w->view->timelines[s], (uint32_t)first, (uint32_t)(end - first),
                                             w->wanted[s], err));
    return PT_OK;
}

static pt_rc walk_block(walk_run *r, uint64_t first, size_t n, unsigned worker, pt_err *err)
{
    pt_mark marks[PT_WALK_MOST_STEPS];
    pt_batch slice = pt_batch_slice(&r->batch, first, n, r->slices[worker], r->w->project->n_sources);
    pt_walk_customer customer = {.marks = marks};

    PT_TRY(pt_eval_marks(marks, r->evals[worker], &slice, err));
    for (size_t i = 0; i < n; i++) {
        if (!is_member(r->w, first + i))
            continue;
        customer.ordinal = (uint32_t)(first + i);
        customer.row = (uint32_t)i;
        PT_TRY(r->visit(r->ctx, worker, &customer, err));
    }
    return PT_OK;
}

/* Blocks begin and end with a member: what lies between segments of a sparse one is not looked at. */
static pt_rc walk_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    walk_run *r = arg;
    uint64_t first = (uint64_t)index * TASK_ORDINALS, end = first + TASK_ORDINALS;

    end = end < r->w->view->n_ordinals ? end : r->w->view->n_ordinals;
    while (first < end && !is_member(r->w, first))
        first++;
    if (first == end)
        return PT_OK;
    PT_TRY(pt_cancel_check(r->w->options->cancel, err));
    PT_TRY(check_events(r->w, first, end, err));
    while (first < end) {
        size_t n = pt_eval_block(r->program, &r->batch, first), used;
        n = n < end - first ? n : (size_t)(end - first);
        for (used = n; used > 1 && !is_member(r->w, first + used - 1);)
            used--;
        PT_TRY(walk_block(r, first, used, worker, err));
        first += n;
        while (first < end && !is_member(r->w, first))
            first++;
    }
    return PT_OK;
}

static pt_rc read_tags(walk_run *r, pt_err *err)
{
    pt_crowd_query *q = &r->w->query;
    pt_column *external = PT_NEW_ARRAY(q->arena, pt_column, q->module->catalog->n_tags + 1);
    pt_uses uses;

    if (!external)
        return pt_fail_nomem(err, "the steps");
    PT_TRY(pt_lang_uses(&uses, r->w->node, q->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++) {
        const pt_column *c;
        PT_TRY(q->env.column(&c, q, uses.tags[i], err));
        external[uses.tags[i]] = *c;
    }
    r->batch.external = external;
    return PT_OK;
}

static pt_rc prepare(walk_run *r, pt_err *err)
{
    pt_crowd_query *q = &r->w->query;
    pt_view *v = r->w->view;
    unsigned workers = pt_walk_workers(r->w);
    pt_eval_options options = {.as_of = v->as_of, .zone = r->w->project->zone};

    PT_TRY(pt_view_batch_of_all(&r->batch, v, err));
    PT_TRY(read_tags(r, err));
    PT_TRY(pt_view_base(&options.base, v, r->w->node, q->arena, err));
    r->evals = PT_NEW_ARRAY(q->arena, pt_eval *, workers);
    r->slices = PT_NEW_ARRAY(q->arena, pt_events *, workers);
    if (!r->evals || !r->slices)
        return pt_fail_nomem(err, "the steps");
    PT_TRY(pt_program_build_expression(&r->program, q->module, r->w->node, err));
    for (unsigned i = 0; i < workers; i++) {
        if (!(r->slices[i] = PT_NEW_ARRAY(q->arena, pt_events, r->w->project->n_sources)))
            return pt_fail_nomem(err, "the steps");
        PT_TRY(pt_eval_new(&r->evals[i], r->program, &options, err));
    }
    return PT_OK;
}

pt_rc pt_walk_run(pt_walk *w, pt_walk_visit visit, void *ctx, pt_err *err)
{
    walk_run r = {.w = w, .visit = visit, .ctx = ctx};
    pt_rc rc = prepare(&r, err);

    if (rc == PT_OK)
        rc = pt_pool_run(w->query.pool, (w->view->n_ordinals + TASK_ORDINALS - 1) / TASK_ORDINALS, walk_range, &r, err);
    for (unsigned i = 0; r.evals && i < pt_walk_workers(w); i++)
        pt_eval_free(r.evals[i]);
    pt_program_free(r.program);
    return rc;
}

uint64_t pt_walk_after(const pt_walk *w, uint32_t source, uint32_t ordinal, int64_t instant)
{
    const pt_events *ev = &w->view->events[source];

    if (!ev->offsets)
        return 0;
    uint64_t first = ev->offsets[ordinal];
    return first + pt_times_until(ev->time + first, ev->offsets[ordinal + 1] - first, instant);
}

/* --- small groups ------------------------------------------------------------------------------------------------------------ */

size_t pt_walk_shown_parts(const pt_walk *w, const uint64_t *parts, size_t n, uint64_t whole)
{
    uint64_t rest = whole;
    size_t shown = 0;

    while (shown < n && parts[shown] >= w->about.min_group)
        rest -= parts[shown++];
    while (shown && !pt_walk_may_show(w, rest))
        rest += parts[--shown];
    return shown;
}
