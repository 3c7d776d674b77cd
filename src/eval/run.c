/* Running a program: constants when the as-of is set; then blocks of customers, stage by stage. */
#include <stdlib.h>

#include "eval/family.h"
#include "eval/keep.h"

/* --- constants and as-of --------------------------------------------------------------------------------------------- */

static void run_constants(pt_eval *e)
{
    const pt_program *p = e->program;

    for (op_id id = 1; id < p->n_ops && !e->nomem; id++) {
        const plan_op *op = &p->ops[id];
        slot *out = &e->slots[id];
        if (op->kind != OP_CONSTANT)
            continue;
        for (uint32_t i = 0; i < op->n_args; i++)
            out->args[i] = &e->slots[op->args[i]].col;
        op->run(e, op, out, out->args, 1);
        constant_keep(e, out);
    }
}

/* Later starts first; the beginning of time last. */
static void sort_members(pt_eval *e, uint32_t family)
{
    const plan_family *f = &e->program->families[family];
    uint32_t *order = e->families[family].order;

    for (uint32_t i = 0; i < f->n_members; i++) {
        uint32_t start = f->members[i].start, at = i;
        int64_t cut = e->program->bounds[start].kind == BOUND_FIRST ? INT64_MIN : e->cuts[start];
        for (; at > 0; at--) {
            uint32_t other = f->members[order[at - 1]].start;
            if (e->program->bounds[other].kind != BOUND_FIRST && e->cuts[other] >= cut)
                break;
            if (e->program->bounds[other].kind == BOUND_FIRST && cut == INT64_MIN)
                break;
            order[at] = order[at - 1];
        }
        order[at] = i;
    }
}

/* What depends on the as-of alone. When memory is short it is left to the next run to try again. */
static void settle(pt_eval *e)
{
    run_constants(e);
    e->unsettled = e->nomem;
    if (e->nomem)
        return;
    set_cuts(e);
    for (uint32_t i = 0; i < e->program->n_families; i++)
        sort_members(e, i);
}

void pt_eval_set_as_of(pt_eval *e, int64_t as_of)
{
    e->as_of = as_of;
    settle(e);
    e->nomem = false;
}

/* --- life -------------------------------------------------------------------------------------------------------------- */

static bool start_slots(pt_eval *e)
{
    const pt_program *p = e->program;

    for (op_id id = 0; id < p->n_ops; id++) {
        slot *s = &e->slots[id];
        s->col.type = p->ops[id].type;
        s->col.width = (uint8_t)pt_type_width(s->col.type);
        if (pt_type_is_list(s->col.type))
            s->col.width = sizeof(uint32_t);
        if (!(s->args = pt_zalloc(p->ops[id].n_args, sizeof *s->args)))
            return false;
    }
    for (uint32_t i = 0; i < p->n_families; i++) {
        family_state *f = &e->families[i];
        size_t n = p->families[i].n_members;
        f->order = pt_zalloc(n, sizeof *f->order);
        f->starts = pt_zalloc(n, sizeof *f->starts);
        f->basic = pt_zalloc(n, sizeof *f->basic);
        f->counts = pt_zalloc(n, sizeof *f->counts);
        if (!f->order || !f->starts || !f->basic || !f->counts)
            return false;
    }
    return true;
}

/* Room that depends on how large a block may be. */
static bool size_blocks(pt_eval *e)
{
    size_t words = pt_bits_words(e->max_events) + PT_BITS_PAD, customers = e->max_customers;

    free(e->ones);
    free(e->zeros);
    free(e->window_bits);
    free(e->picked);
    free(e->counts);
    e->ones = pt_zalloc(words, sizeof *e->ones);
    e->zeros = pt_zalloc(words, sizeof *e->zeros);
    e->window_bits = pt_zalloc(words, sizeof *e->window_bits);
    e->picked = pt_zalloc(customers, sizeof *e->picked);
    e->counts = pt_zalloc(customers, sizeof *e->counts);
    if (!e->ones || !e->zeros || !e->window_bits || !e->picked || !e->counts)
        return false;
    memset(e->ones, 0xFF, (words - PT_BITS_PAD) * sizeof *e->ones);
    for (size_t i = 0; i < e->program->n_bounds; i++) {
        free(e->pos[i]);
        if (!(e->pos[i] = pt_zalloc(customers, sizeof *e->pos[i])))
            return false;
    }
    for (size_t i = 0; i < e->program->module->catalog->n_sources; i++) {
        free(e->sources[i].begin);
        if (!(e->sources[i].begin = pt_zalloc(customers + 1, sizeof *e->sources[i].begin)))
            return false;
    }
    return true;
}

static bool start(pt_eval *e)
{
    const pt_program *p = e->program;

    e->slots = pt_zalloc(p->n_ops, sizeof *e->slots);
    e->planes = pt_zalloc(p->n_planes, sizeof *e->planes);
    e->cuts = pt_zalloc(p->n_bounds, sizeof *e->cuts);
    e->pos = pt_zalloc(p->n_bounds, sizeof *e->pos);
    e->clipped = pt_zalloc(p->n_bounds, sizeof *e->clipped);
    e->sources = pt_zalloc(p->module->catalog->n_sources, sizeof *e->sources);
    e->families = pt_zalloc(p->n_families, sizeof *e->families);
    e->results = pt_zalloc(p->n_results, sizeof *e->results);
    e->tags = pt_zalloc(p->n_results, sizeof *e->tags);
    return e->slots && e->planes && e->cuts && e->pos && e->clipped && e->sources && e->families && e->results &&
           e->tags && start_slots(e) && size_blocks(e);
}

pt_rc pt_eval_new(pt_eval **out, const pt_program *p, const pt_eval_options *options, pt_err *err)
{
    pt_eval *e = pt_zalloc(1, sizeof *e);

    *out = NULL;
    if (!e)
        return pt_fail_nomem(err, "the evaluator");
    e->program = p;
    e->zone = options->zone;
    e->base = options->base;
    e->kernels = pt_kernels_best();
    e->max_customers = BLOCK_CUSTOMERS;
    e->max_events = BLOCK_EVENTS;
    e->as_of = options->as_of;
    if (start(e))
        settle(e);
    else
        e->nomem = true;
    for (size_t i = 0; i < p->n_results && !e->nomem; i++)
        e->tags[i] = e->slots[p->results[i]].col;
    if (e->nomem) {
        pt_eval_free(e);
        return pt_fail_nomem(err, "the evaluator");
    }
    *out = e;
    return PT_OK;
}

static void free_parts(pt_eval *e)
{
    const pt_program *p = e->program;

    for (size_t i = 0; e->slots && i < p->n_ops; i++)
        slot_free(&e->slots[i]);
    for (size_t i = 0; e->planes && i < p->n_planes; i++)
        free(e->planes[i].bits);
    for (size_t i = 0; e->pos && i < p->n_bounds; i++)
        free(e->pos[i]);
    for (size_t i = 0; e->sources && i < p->module->catalog->n_sources; i++)
        free(e->sources[i].begin);
    for (size_t i = 0; e->families && i < p->n_families; i++)
        family_state_free(&e->families[i]);
    for (size_t i = 0; e->results && i < p->n_results; i++)
        slot_free(&e->results[i]);
}

void pt_eval_free(pt_eval *e)
{
    if (!e)
        return;
    free_parts(e);
    free(e->slots);
    free(e->planes);
    free(e->cuts);
    free(e->pos);
    free(e->clipped);
    free(e->sources);
    free(e->families);
    free(e->results);
    free(e->tags);
    free(e->ones);
    free(e->zeros);
    free(e->window_bits);
    free(e->picked);
    free(e->counts);
    sequence_state_free(e->sequences);
    mark_state_free(e->marks);
    pt_str_free(&e->text);
    free(e);
}

pt_rc pt_eval_limit(pt_eval *e, uint32_t customers, uint32_t events, pt_err *err)
{
    e->max_customers = customers;
    e->max_events = (events + 63) / 64 * 64;
    return size_blocks(e) ? PT_OK : pt_fail_nomem(err, "the evaluator");
}

void pt_eval_use_kernels(pt_eval *e, const pt_kernels *k)
{
    e->kernels = k;
}

/* Computed texts and everything that refers to them by code, and what was learnt about sources' dictionaries. */
void pt_eval_forget(pt_eval *e)
{
    for (size_t i = 0; i < e->program->n_ops; i++) {
        slot *s = &e->slots[i];
        if (s->texts)
            pt_intern_clear(s->texts);
        for (uint32_t k = 0; k < s->n_memos; k++)
            s->memos[k].dict = NULL;
        s->table_n = 0;
        keep_state_forget(s->keep);
    }
    for (size_t i = 0; i < e->program->n_planes; i++)
        e->planes[i].dict = NULL;
    e->many_texts = false;
    e->unsettled = true; /* constants may be texts */
}

/* --- blocks ------------------------------------------------------------------------------------------------------------- */

static uint64_t events_of(const pt_events *ev, size_t first, size_t end)
{
    return ev->offsets ? ev->offsets[end] - ev->offsets[first] : 0;
}

/* Customers from `first` on that fit a block: whole ones, at least one. */
static size_t block_size(const pt_program *p, const pt_batch *b, size_t first, size_t most, uint64_t events)
{
    size_t n = b->n_customers - first < most ? b->n_customers - first : most;

    for (size_t s = 0; s < p->module->catalog->n_sources; s++) {
        const pt_events *ev = &b->sources[s];
        if (!p->source_used[s] || !ev->offsets)
            continue;
        /* The largest n whose events fit. */
        size_t lo = 1, hi = n;
        while (lo < hi) {
            size_t mid = lo + (hi - lo + 1) / 2;
            if (events_of(ev, first, first + mid) <= events)
                lo = mid;
            else
                hi = mid - 1;
        }
        n = lo;
    }
    return n;
}

size_t pt_eval_block(const pt_program *p, const pt_batch *batch, size_t first)
{
    return block_size(p, batch, first, BLOCK_CUSTOMERS, BLOCK_EVENTS);
}

pt_batch pt_batch_slice(const pt_batch *batch, size_t first, size_t n, pt_events *sources_out, size_t n_sources)
{
    pt_batch slice = *batch;

    for (size_t s = 0; s < n_sources; s++) {
        sources_out[s] = batch->sources[s];
        if (sources_out[s].offsets)
            sources_out[s].offsets += first;
    }
    slice.n_customers = n;
    slice.sources = sources_out;
    slice.identities = batch->identities ? batch->identities + first : NULL;
    slice.external_first = batch->external_first + first;
    return slice;
}

static pt_rc set_source(pt_eval *e, uint32_t source, pt_err *err)
{
    const pt_events *ev = &e->batch->sources[source];
    block_source *s = &e->sources[source];
    uint64_t n = events_of(ev, e->first, e->first + e->rows);

    if (n >= PT_NO_EVENT)
        return pt_fail(err, PT_EINVAL, "a customer has %llu events of one source; the most is %u",
                       (unsigned long long)n, PT_NO_EVENT - 1);
    s->events = ev->offsets ? ev : NULL;
    s->base = ev->offsets ? ev->offsets[e->first] : 0;
    s->n = (uint32_t)n;
    s->whole = n <= e->max_events;
    for (uint32_t c = 0; c <= e->rows; c++)
        s->begin[c] = ev->offsets ? (uint32_t)(ev->offsets[e->first + c] - s->base) : 0;
    s->chunk = (chunk){.id = ++e->chunk_serial,
                       .source = source,
                       .events = s->events,
                       .base = s->base,
                       .n = s->n,
                       .n_customers = e->rows,
                       .begin = s->begin,
                       .newest = true,
                       .oldest = true};
    return PT_OK;
}

void each_chunk(pt_eval *e, uint32_t source, void (*fn)(pt_eval *e, chunk *ch, void *ctx), void *ctx)
{
    block_source *s = &e->sources[source];
    uint32_t begin[2] = {0, 0};

    if (s->whole) {
        fn(e, &s->chunk, ctx);
        return;
    }
    for (uint32_t end = s->n; end > 0 && !e->nomem;) {
        /* Chunks begin at multiples of their size, so only the newest is short. */
        uint32_t from = (end - 1) / e->max_events * e->max_events;
        chunk ch = {.id = ++e->chunk_serial,
                    .source = source,
                    .events = s->events,
                    .base = s->base + from,
                    .offset = from,
                    .n = end - from,
                    .n_customers = 1,
                    .begin = begin,
                    .newest = end == s->n,
                    .oldest = from == 0};
        begin[1] = ch.n;
        fn(e, &ch, ctx);
        end = from;
    }
}

/* --- stages -------------------------------------------------------------------------------------------------------------- */

typedef struct family_span {
    uint32_t from, end;
} family_span;

static void run_families(pt_eval *e, chunk *ch, void *ctx)
{
    const family_span *span = ctx;

    for (uint32_t i = span->from; i < span->end && !e->nomem; i++)
        run_family(e, ch, i);
}

/* The families of one stage lie together, those of one source together among them. */
static uint32_t run_stage_families(pt_eval *e, uint32_t at, uint32_t stage)
{
    const pt_program *p = e->program;

    while (at < p->n_families && p->families[at].stage == stage) {
        family_span span = {at, at};
        while (span.end < p->n_families && p->families[span.end].stage == stage &&
               p->families[span.end].source == p->families[at].source)
            span.end++;
        each_chunk(e, p->families[at].source, run_families, &span);
        at = span.end;
    }
    return at;
}

static void view_external(pt_eval *e, op_id id)
{
    slot *s = &e->slots[id];
    size_t row = e->batch->external_first + e->first;

    s->col = e->batch->external[e->program->ops[id].u.tag];
    if (pt_type_is_list(s->col.type)) {
        s->col.offsets += row;
        s->col.absent = s->col.absent ? s->col.absent + row : NULL;
    } else {
        s->col.data = (const char *)s->col.data + row * s->col.width;
    }
}

static void run_op(pt_eval *e, op_id id)
{
    const plan_op *op = &e->program->ops[id];
    slot *out = &e->slots[id];

    if (op->kind == OP_EXTERNAL) {
        view_external(e, id);
        return;
    }
    for (uint32_t i = 0; i < op->n_args && !e->nomem; i++)
        out->args[i] = customer_value(e, op->args[i]);
    if (!e->nomem)
        op->run(e, op, out, out->args, e->rows);
}

static void run_stages(pt_eval *e)
{
    const pt_program *p = e->program;
    uint32_t family = 0;
    size_t op = 0;

    for (uint32_t stage = 0; stage < p->n_stages && !e->nomem; stage++) {
        family = run_stage_families(e, family, stage);
        for (size_t i = 0; i < p->n_sequences && !e->nomem; i++)
            if (p->sequences[i].stage == stage && !(e->below_root && p->sequences[i].out == p->results[0]))
                run_sequence(e, i);
        for (; op < p->schedule_ends[stage] && !e->nomem; op++)
            run_op(e, p->schedule[op]);
    }
}

static pt_rc run_block(pt_eval *e, size_t first, size_t n, pt_err *err)
{
    const pt_program *p = e->program;

    e->first = first;
    e->rows = (uint32_t)n;
    for (uint32_t s = 0; s < p->module->catalog->n_sources; s++) {
        if (!p->source_used[s])
            continue;
        PT_TRY(set_source(e, s, err));
        if (e->sources[s].events)
            set_positions(e, s);
    }
    run_stages(e);
    return PT_OK;
}

/* --- results -------------------------------------------------------------------------------------------------------------- */

static void append_plain(pt_eval *e, slot *out, const pt_column *c)
{
    size_t width = c->width;

    if (slot_room(e, out, e->batch->n_customers, c->width))
        memcpy((char *)out->data + e->first * width, c->data, e->rows * width);
}

static void append_list(pt_eval *e, slot *out, const pt_column *c)
{
    size_t at = e->first ? (size_t)out->offsets[e->first] : 0, n = (size_t)(c->offsets[e->rows] - c->offsets[0]);
    uint8_t *absent = slot_absent(e, out, e->batch->n_customers);

    if (!absent || !slot_list_room(e, out, e->batch->n_customers, at + n, c->type == PT_TYPE_WEIGHTED))
        return;
    out->offsets[e->first] = at;
    for (uint32_t i = 0; i < e->rows; i++) {
        absent[e->first + i] = pt_column_missing(c, i);
        for (uint64_t k = c->offsets[i]; k < c->offsets[i + 1]; k++, at++) {
            ((uint32_t *)out->data)[at] = pt_column_code(c, k);
            if (out->col.weights)
                out->weights[at] = c->weights[k];
        }
        out->offsets[e->first + i + 1] = at;
    }
}

/* A batch of one block gives its ops' own columns; of several, copies put end to end. */
static void keep_results(pt_eval *e, bool only_block)
{
    const pt_program *p = e->program;

    for (size_t i = 0; i < p->n_results && !e->nomem; i++) {
        const pt_column *c = customer_value(e, p->results[i]);
        slot *out = &e->results[i];
        if (!c)
            return;
        e->tags[i] = *c;
        if (only_block)
            continue;
        out->col.type = c->type;
        out->col.dict = c->dict ? c->dict : e->first ? out->col.dict : NULL;
        if (pt_type_is_list(c->type))
            append_list(e, out, c);
        else
            append_plain(e, out, c);
        e->tags[i] = out->col;
    }
}

static pt_rc run_blocks(pt_eval *e, pt_err *err)
{
    const pt_batch *b = e->batch;
    size_t n = 0;

    for (size_t first = 0; first < b->n_customers && !e->nomem; first += n) {
        n = block_size(e->program, b, first, e->max_customers, e->max_events);
        PT_TRY(run_block(e, first, n, err));
        if (!e->nomem)
            keep_results(e, n == b->n_customers);
    }
    return PT_OK;
}

pt_rc eval_after(pt_eval *e, pt_rc rc, pt_err *err)
{
    if (!e->nomem)
        return rc;
    pt_eval_forget(e);     /* half-filled tables are not to be trusted */
    pt_str_free(&e->text); /* its failure would stay */
    e->nomem = false;
    return pt_fail_nomem(err, "evaluating the tags");
}

static void begin(pt_eval *e, const pt_batch *batch)
{
    e->batch = batch;
    if (e->many_texts)
        pt_eval_forget(e);
    if (e->unsettled)
        settle(e);
}

pt_rc pt_eval_run(pt_eval *e, const pt_batch *batch, pt_err *err)
{
    begin(e, batch);
    return eval_after(e, e->nomem ? PT_OK : run_blocks(e, err), err);
}

pt_rc eval_run_below_root(pt_eval *e, const pt_batch *batch, pt_err *err)
{
    if (block_size(e->program, batch, 0, e->max_customers, e->max_events) < batch->n_customers)
        return pt_fail(err, PT_EINVAL, "events are pointed at a block at a time");
    begin(e, batch);
    e->below_root = true;
    pt_rc rc = e->nomem ? PT_OK : run_block(e, 0, batch->n_customers, err);
    e->below_root = false;
    return rc;
}

int64_t pt_eval_kept(const pt_eval *e, size_t i)
{
    return keep_state_instant(e->slots[e->program->results[i]].keep);
}

const pt_column *pt_eval_tag(const pt_eval *e, size_t i)
{
    return &e->tags[i];
}
