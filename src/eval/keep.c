/* keep(x): where x is missing, its value as of the latest earlier instant at which an event of the customer gave one. The
 * instants tried are the times of the customer's own events of the sources that x reads, newest first; x is planned a
 * second time, alone, and evaluated for that one customer as of each. So the result depends on nothing but the customer's
 * events, like any other value. */
#include <stdlib.h>

#include "eval/keep.h"
#include "eval/plan.h"

/* What an op of keep holds while it runs. */
struct keep_state {
    pt_eval *eval;     /* of x alone; made when first needed */
    pt_events *slice;  /* room for the sources of one customer */
    uint64_t *cursors; /* by source: behind the newest event not tried yet */
    int64_t instant;   /* of the last row's value; PT_I64_MISSING when it is the present one, or there is none */
    size_t items;      /* of lists: put so far */
};

void keep_state_free(keep_state *k)
{
    if (!k)
        return;
    pt_eval_free(k->eval);
    free(k->slice);
    free(k->cursors);
    free(k);
}

void keep_state_forget(keep_state *k)
{
    if (k && k->eval)
        pt_eval_forget(k->eval);
}

int64_t keep_state_instant(const keep_state *k)
{
    return k ? k->instant : PT_I64_MISSING;
}

/* --- planning --------------------------------------------------------------------------------------------------------- */

static void free_program(void *program)
{
    pt_program_free(program);
}

pt_rc bind_keep(plan_op *op, pt_program *p, pt_err *err)
{
    pt_program *x;

    PT_TRY(pt_program_build_expression(&x, p->module, op->node->args[0], err));
    if (!pt_arena_defer(p->arena, free_program, x)) {
        pt_program_free(x);
        return pt_fail_nomem(err, "the plan of the tags");
    }
    op->data = x;
    return PT_OK;
}

/* --- the past ---------------------------------------------------------------------------------------------------------- */

static keep_state *state_of(pt_eval *e, const plan_op *op, slot *out)
{
    pt_eval_options options = {.as_of = e->as_of, .zone = e->zone, .base = e->base};
    size_t n_sources = e->program->module->catalog->n_sources;
    keep_state *k = out->keep;

    if (!k && (k = out->keep = pt_zalloc(1, sizeof *k))) {
        k->slice = pt_zalloc(n_sources, sizeof *k->slice);
        k->cursors = pt_zalloc(n_sources, sizeof *k->cursors);
        if (!k->slice || !k->cursors || pt_eval_new(&k->eval, op->data, &options, NULL) != PT_OK) {
            keep_state_free(k);
            k = out->keep = NULL;
        }
    }
    e->nomem |= !k;
    return k;
}

static void begin_customer(const pt_program *p, keep_state *k, size_t n_sources)
{
    for (size_t s = 0; s < n_sources; s++)
        k->cursors[s] = p->source_used[s] && k->slice[s].offsets ? k->slice[s].offsets[1] : 0;
}

/* The latest time below `before` that an event not tried yet has; PT_I64_MISSING when there is none. */
static int64_t earlier_time(keep_state *k, size_t n_sources, int64_t before)
{
    int64_t latest = PT_I64_MISSING;

    for (size_t s = 0; s < n_sources; s++) {
        const pt_events *ev = &k->slice[s];
        while (k->cursors[s] && k->cursors[s] > ev->offsets[0] && ev->time[k->cursors[s] - 1] >= before)
            k->cursors[s]--;
        if (k->cursors[s] && k->cursors[s] > ev->offsets[0] && ev->time[k->cursors[s] - 1] > latest)
            latest = ev->time[k->cursors[s] - 1];
    }
    return latest;
}

/* The earliest instant whose value may be kept. */
static int64_t oldest_kept(const pt_eval *e, const plan_op *op)
{
    int64_t oldest = INT64_MIN;

    if (op->n_args > 1 && __builtin_sub_overflow(e->as_of, op->node->args[1]->u.literal.u.i64, &oldest))
        return INT64_MIN;
    return oldest;
}

/* x as it was for row i of the block; NULL when it never had a value. */
static const pt_column *value_of_the_past(pt_eval *e, const plan_op *op, keep_state *k, size_t i)
{
    size_t n_sources = e->program->module->catalog->n_sources;
    pt_batch one = pt_batch_slice(e->batch, e->first + i, 1, k->slice, n_sources);
    int64_t instant = e->as_of, oldest = oldest_kept(e, op);

    begin_customer(op->data, k, n_sources);
    for (int tries = 0; tries < KEEP_TRIES; tries++) {
        instant = earlier_time(k, n_sources, instant);
        if (instant == PT_I64_MISSING || instant <= oldest)
            return NULL;
        pt_eval_set_as_of(k->eval, instant);
        if (pt_eval_run(k->eval, &one, NULL) != PT_OK) {
            e->nomem = true;
            return NULL;
        }
        if (!pt_column_missing(pt_eval_tag(k->eval, 0), 0)) {
            k->instant = instant;
            return pt_eval_tag(k->eval, 0);
        }
    }
    return NULL;
}

/* --- rows ---------------------------------------------------------------------------------------------------------------- */

/* Row `from` of a list, put behind the items so far. */
static void put_list(pt_eval *e, slot *out, keep_state *k, size_t n, size_t row, const pt_column *c, size_t from)
{
    bool weighted = out->col.type == PT_TYPE_WEIGHTED, missing = !c || pt_column_missing(c, from);
    uint64_t first = missing ? 0 : c->offsets[from], items = missing ? 0 : c->offsets[from + 1] - first;

    if (!slot_list_room(e, out, n, k->items + items, weighted))
        return;
    out->absent[row] = missing;
    out->offsets[row] = k->items;
    for (uint64_t j = 0; j < items; j++, k->items++) {
        ((uint32_t *)out->data)[k->items] = slot_intern(e, out, column_text(c, pt_column_code(c, first + j)));
        if (weighted)
            out->weights[k->items] = c->weights[first + j];
    }
    out->offsets[row + 1] = k->items;
}

static void put_plain(pt_eval *e, slot *out, size_t row, const pt_column *c, size_t from)
{
    if (!c) {
        column_fill_missing((char *)out->data + row * out->col.width, out->col.type, 1);
    } else if (pt_type_is_text(c->type)) {
        uint32_t code = pt_column_code(c, from);
        ((uint32_t *)out->data)[row] = code ? slot_intern(e, out, column_text(c, code)) : PT_CODE_MISSING;
    } else {
        column_copy_row(out->data, row, c, from);
    }
}

static bool begin_rows(pt_eval *e, slot *out, keep_state *k, size_t n)
{
    pt_type type = out->col.type;

    k->items = 0;
    if (pt_type_is_list(type))
        return slot_list_room(e, out, n, 0, type == PT_TYPE_WEIGHTED) && slot_absent(e, out, n);
    return slot_room(e, out, n, pt_type_width(type)) != NULL;
}

RUNNER(run_keep)
{
    keep_state *k = state_of(e, op, out);
    bool list = pt_type_is_list(op->type);

    out->col.type = op->type;
    if (!k || !begin_rows(e, out, k, n))
        return;
    for (size_t i = 0; i < n && !e->nomem; i++) {
        bool now = !pt_column_missing(args[0], i);
        k->instant = PT_I64_MISSING;
        const pt_column *c = now ? args[0] : value_of_the_past(e, op, k, i);
        if (list)
            put_list(e, out, k, n, i, c, now ? i : 0);
        else
            put_plain(e, out, i, c, now ? i : 0);
    }
}
