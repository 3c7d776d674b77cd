/* Saved segments as conditions see them: sets of customers, worked out once a query. */
#include <stdlib.h>

#include "app/crowd_query.h"
#include "app/segment_list.h"

/* --- sets of customers --------------------------------------------------------------------------------------------------- */

static void free_memory(void *memory)
{
    free(memory);
}

pt_rc pt_crowd_new_bits(uint64_t **out, pt_crowd_query *q, pt_err *err)
{
    size_t words = (((size_t)q->view->n_ordinals + PT_BLOCK - 1) >> PT_BLOCK_LOG2) * PT_BLOCK_WORDS;
    uint64_t *bits = pt_alloc64(words + 1, sizeof *bits);

    if (!bits || !pt_arena_defer(q->arena, free_memory, bits)) {
        free(bits);
        return pt_fail_nomem(err, "a condition");
    }
    memset(bits, 0, words * sizeof *bits);
    *out = bits;
    return PT_OK;
}

typedef struct bits_run {
    pt_crowd_query *query;
    const pt_crowd *crowd;
    uint64_t *bits;
    uint64_t **scratch; /* by worker */
} bits_run;

static pt_rc fill_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    bits_run *r = arg;

    PT_TRY(pt_cancel_check(r->query->options->cancel, err));
    pt_crowd_block(r->bits + block * PT_BLOCK_WORDS, r->crowd, (uint32_t)block, r->scratch[worker]);
    return PT_OK;
}

static bool make_scratch(bits_run *r, unsigned workers)
{
    r->scratch = pt_zalloc(workers, sizeof *r->scratch);
    for (unsigned w = 0; r->scratch && w < workers; w++)
        if (!(r->scratch[w] = pt_alloc64(pt_crowd_scratch(r->crowd) + 1, sizeof **r->scratch)))
            return false;
    return r->scratch;
}

pt_rc pt_crowd_bits(uint64_t **out, pt_crowd_query *q, const pt_crowd *crowd, pt_err *err)
{
    unsigned workers = pt_pool_threads(q->pool);
    bits_run r = {.query = q, .crowd = crowd};

    PT_TRY(pt_crowd_new_bits(&r.bits, q, err));
    pt_rc rc = make_scratch(&r, workers) ? pt_pool_run(q->pool, pt_crowd_blocks(crowd), fill_block, &r, err)
                                         : pt_fail_nomem(err, "a condition");
    for (unsigned w = 0; r.scratch && w < workers; w++)
        free(r.scratch[w]);
    free(r.scratch);
    *out = r.bits;
    return rc;
}

/* --- segments ------------------------------------------------------------------------------------------------------------ */

/* What the build kept, while the definition is still that which was built. */
static pt_rc find_kept(uint64_t **out, pt_crowd_query *q, const pt_segment *s, pt_err *err)
{
    const pt_memberset *kept;

    *out = NULL;
    PT_TRY(pt_generation_segments(&kept, q->view->generation, err));
    int at = kept ? pt_memberset_find(kept, s->name) : -1;
    if (at < 0 || pt_memberset_get_head(kept)->ordinals != q->view->n_ordinals ||
        memcmp(&pt_memberset_info(kept, (size_t)at)->definition, &s->hash, sizeof s->hash) != 0)
        return PT_OK;
    PT_TRY(pt_crowd_new_bits(out, q, err));
    return pt_view_named(pt_memberset_read(*out, kept, (size_t)at, err), PT_FILE_SEGMENTS, err);
}

static pt_rc work_out(uint64_t **out, pt_crowd_query *q, const pt_segment *s, pt_err *err)
{
    pt_crowd *crowd;

    PT_TRY(find_kept(out, q, s, err));
    if (*out)
        return PT_OK;
    if (s->kind == PT_SEGMENT_LIST) {
        PT_TRY(pt_crowd_new_bits(out, q, err));
        return pt_segment_list_members(*out, NULL, q->view->project, s, q->view->directory, q->options->cancel, err);
    }
    PT_TRY(pt_crowd_plan(&crowd, q, s->node, err));
    return pt_crowd_bits(out, q, crowd, err);
}

pt_rc pt_crowd_segment(const uint64_t **out, pt_crowd_query *q, uint32_t segment, pt_err *err)
{
    uint64_t *bits = NULL;

    if (!q->segments[segment]) {
        PT_TRY(work_out(&bits, q, &q->view->project->segments[segment], err));
        q->segments[segment] = bits;
    }
    *out = q->segments[segment];
    return PT_OK;
}

pt_rc pt_crowd_segment_list(uint64_t *ids, uint64_t *unknown, pt_crowd_query *q, uint32_t segment, pt_err *err)
{
    const pt_project *p = q->view->project;
    pt_segment_list found;
    uint64_t *bits = NULL;

    PT_TRY(pt_crowd_new_bits(&bits, q, err));
    PT_TRY(
        pt_segment_list_members(bits, &found, p, &p->segments[segment], q->view->directory, q->options->cancel, err));
    q->segments[segment] = bits;
    *ids = found.ids;
    *unknown = found.unknown;
    return PT_OK;
}

pt_rc pt_crowd_segment_column(const pt_column **out, pt_crowd_query *q, uint32_t segment, pt_err *err)
{
    uint32_t n = q->view->n_ordinals;
    uint8_t *values = malloc((size_t)n + 1);
    pt_column *column = PT_NEW(q->arena, pt_column);
    const uint64_t *bits;

    if (!values || !column || !pt_arena_defer(q->arena, free_memory, values)) {
        free(values);
        return pt_fail_nomem(err, "a segment");
    }
    PT_TRY(pt_crowd_segment(&bits, q, segment, err));
    for (uint32_t i = 0; i < n; i++)
        values[i] = bits[i / 64] >> (i % 64) & 1;
    *column = (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = values};
    *out = column;
    return PT_OK;
}

/* --- which a condition uses ---------------------------------------------------------------------------------------------- */

static pt_rc mark_uses(bool *used, const pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    size_t n_tags = q->view->project->n_tags;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, q->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++)
        if (uses.tags[i] >= n_tags)
            used[uses.tags[i] - n_tags] = true;
    return PT_OK;
}

pt_rc pt_crowd_segments_of(pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    const pt_project *p = q->view->project;
    bool *used = PT_NEW_ARRAY(q->arena, bool, p->n_segments);
    const uint64_t *bits;

    if (!used)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(mark_uses(used, q, node, err));
    for (size_t i = p->n_segments; i-- > 0;) {
        const pt_segment *s = &p->segments[p->segment_order[i]];
        if (used[p->segment_order[i]] && s->node && !q->segments[p->segment_order[i]])
            PT_TRY(mark_uses(used, q, s->node, err));
    }
    for (size_t i = 0; i < p->n_segments; i++)
        if (used[p->segment_order[i]])
            PT_TRY(pt_crowd_segment(&bits, q, p->segment_order[i], err));
    return PT_OK;
}
