/* Bits over all events of a block, and the same for whoever looks at events one by one. */
#include <stdlib.h>

#include "eval/state.h"

/* --- bits of the whole block ----------------------------------------------------------------------------------------------- */

typedef struct collecting {
    plane_id plane;
    block_bits *into;
    uint32_t from, end; /* rows in the window: chunks without any are not looked at */
} collecting;

static void collect(pt_eval *e, chunk *ch, void *ctx)
{
    const collecting *c = ctx;
    bool inside = ch->offset < c->end && ch->offset + ch->n > c->from;
    const uint64_t *bits = inside ? plane_bits(e, ch, c->plane) : e->zeros;

    if (bits)
        memcpy(c->into->words + ch->offset / 64, bits, pt_bits_words(ch->n) * sizeof *bits);
}

uint32_t block_bound(const pt_eval *e, uint32_t bound, uint32_t c)
{
    const plan_bound *b = &e->program->bounds[bound];

    return b->kind == BOUND_FIRST ? e->sources[b->source].begin[c] : e->pos[bound][c];
}

const uint64_t *block_plane(pt_eval *e, const plan_track *t, plane_id plane, block_bits *buffer)
{
    block_source *s = &e->sources[t->source];
    collecting c = {plane, buffer, block_bound(e, t->start, 0), block_bound(e, t->end, 0)};

    if (s->whole)
        return plane_bits(e, &s->chunk, plane);
    if (!pt_grow(&buffer->words, &buffer->cap, pt_bits_words(s->n) + PT_BITS_PAD, sizeof *buffer->words)) {
        e->nomem = true;
        return NULL;
    }
    buffer->words[pt_bits_words(s->n)] = 0;
    each_chunk(e, t->source, collect, &c);
    return buffer->words;
}

/* --- marks ------------------------------------------------------------------------------------------------------------------ */

typedef struct mark_state {
    block_bits buffers[EVAL_MOST_STEPS];
} mark_state;

void mark_state_free(mark_state *s)
{
    for (size_t i = 0; s && i < EVAL_MOST_STEPS; i++)
        free(s->buffers[i].words);
    free(s);
}

static void mark(pt_mark *out, pt_eval *e, const plan_track *t, plane_id bits, block_bits *buffer)
{
    bool first = e->program->bounds[t->start].kind == BOUND_FIRST;

    *out = (pt_mark){.source = t->source,
                     .base = e->sources[t->source].base,
                     .bits = block_plane(e, t, bits, buffer),
                     .from = first ? e->sources[t->source].begin : e->pos[t->start],
                     .end = e->pos[t->end]};
}

/* The one root: a sequence's steps, or the family that counts a did. */
static bool mark_root(pt_mark *out, pt_eval *e)
{
    const pt_program *p = e->program;
    op_id root = p->results[0];

    for (size_t i = 0; i < p->n_sequences; i++) {
        const plan_sequence *s = &p->sequences[i];
        for (uint32_t k = 0; s->out == root && k < s->node->u.seq->n_steps; k++)
            mark(&out[k], e, &s->tracks[s->steps[k].track], s->steps[k].bits, &e->marks->buffers[k]);
        if (s->out == root)
            return true;
    }
    for (size_t i = 0; i < p->n_families; i++) {
        const plan_family *f = &p->families[i];
        plan_track t = {.source = f->source, .start = f->members[0].start, .end = f->end};
        if (f->n_members != 1 || f->members[0].out != root)
            continue;
        mark(out, e, &t, f->bits, &e->marks->buffers[0]);
        return true;
    }
    return false;
}

pt_rc pt_eval_marks(pt_mark *out, pt_eval *e, const pt_batch *batch, pt_err *err)
{
    bool known = false;

    if (!e->marks && !(e->marks = pt_zalloc(1, sizeof *e->marks)))
        return pt_fail_nomem(err, "the events of a condition");
    PT_TRY(eval_run_below_root(e, batch, err));
    if (!e->nomem)
        known = mark_root(out, e);
    PT_TRY(eval_after(e, PT_OK, err));
    return known ? PT_OK : pt_fail(err, PT_EINVAL, "only a did, a sequence or a funnel has events to point at");
}
