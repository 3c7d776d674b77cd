/* Leaves that no index answers: the evaluator goes over all customers, with tags taken from their columns. */
#include "app/crowd_query.h"
#include "app/was.h"

enum { TASK_ORDINALS = 16384 }; /* a multiple of 64: no two tasks write one word */

typedef struct pt_decided {
    const pt_node *node;
    uint64_t *yes, *no;
    struct pt_decided *next;
} pt_decided;

typedef struct decide_run {
    pt_crowd_query *query;
    pt_batch batch;
    pt_program *program;
    pt_eval **evals;    /* by worker */
    pt_events **slices; /* by worker */
    bool timelines;     /* whether events are read at all */
    pt_decided *out;
} decide_run;

/* --- what is read -------------------------------------------------------------------------------------------------------- */

static pt_rc read_tags(decide_run *r, const pt_uses *uses, pt_err *err)
{
    pt_crowd_query *q = r->query;
    pt_column *external = PT_NEW_ARRAY(q->arena, pt_column, q->module->catalog->n_tags);

    if (!external)
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < uses->n_tags; i++) {
        const pt_column *c;
        PT_TRY(q->env.column(&c, q, uses->tags[i], err));
        external[uses->tags[i]] = *c;
    }
    r->batch.external = external;
    return PT_OK;
}

static pt_rc read_events(decide_run *r, const pt_uses *uses, pt_err *err)
{
    pt_crowd_query *q = r->query;

    r->batch.sources = PT_NEW_ARRAY(q->arena, pt_events, q->view->project->n_sources);
    if (!r->batch.sources)
        return pt_fail_nomem(err, "a condition");
    if (uses->n_columns == 0)
        return PT_OK;
    r->timelines = true;
    PT_TRY(pt_view_timelines(q->view, err));
    r->batch.sources = q->view->events;
    return PT_OK;
}

/* --- evaluating ---------------------------------------------------------------------------------------------------------- */

static void set_bits(const decide_run *r, uint64_t first, size_t n, const uint8_t *answers)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t row = first + i, bit = UINT64_C(1) << (row % 64);
        r->out->yes[row / 64] |= answers[i] == 1 ? bit : 0;
        r->out->no[row / 64] |= answers[i] == 0 ? bit : 0;
    }
}

static pt_rc decide_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    decide_run *r = arg;
    const pt_view *v = r->query->view;
    uint64_t first = (uint64_t)index * TASK_ORDINALS, end = first + TASK_ORDINALS;

    end = end < v->n_ordinals ? end : v->n_ordinals;
    PT_TRY(pt_cancel_check(r->query->options->cancel, err));
    for (size_t s = 0; r->timelines && s < v->project->n_sources; s++)
        if (v->timelines[s])
            PT_TRY(pt_timeline_check(v->timelines[s], (uint32_t)first, (uint32_t)(end - first), err));
    for (uint64_t at = first; at < end;) {
        size_t n = pt_eval_block(r->program, &r->batch, at);
        n = n < end - at ? n : (size_t)(end - at);
        pt_batch slice = pt_batch_slice(&r->batch, at, n, r->slices[worker], v->project->n_sources);
        PT_TRY(pt_eval_run(r->evals[worker], &slice, err));
        set_bits(r, at, n, pt_eval_tag(r->evals[worker], 0)->data);
        at += n;
    }
    return PT_OK;
}

static pt_rc make_evaluators(decide_run *r, const pt_node *node, pt_err *err)
{
    pt_crowd_query *q = r->query;
    unsigned workers = pt_pool_threads(q->pool);

    r->evals = PT_NEW_ARRAY(q->arena, pt_eval *, workers);
    r->slices = PT_NEW_ARRAY(q->arena, pt_events *, workers);
    if (!r->evals || !r->slices)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(pt_program_build_expression(&r->program, q->module, node, err));
    for (unsigned w = 0; w < workers; w++) {
        if (!(r->slices[w] = PT_NEW_ARRAY(q->arena, pt_events, q->view->project->n_sources)))
            return pt_fail_nomem(err, "a condition");
        PT_TRY(pt_eval_new(&r->evals[w], r->program, &q->env.options, err));
    }
    return PT_OK;
}

static pt_rc prepare(decide_run *r, const pt_node *node, pt_err *err)
{
    pt_crowd_query *q = r->query;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, q->arena, err));
    r->batch = (pt_batch){.n_customers = q->view->n_ordinals, .identities = pt_directory_id_hashes(q->view->directory)};
    if (!r->batch.identities)
        return pt_view_named(pt_directory_damage(q->view->directory, err), PT_FILE_DIRECTORY, err);
    PT_TRY(read_tags(r, &uses, err));
    PT_TRY(read_events(r, &uses, err));
    return make_evaluators(r, node, err);
}

/* --- results ------------------------------------------------------------------------------------------------------------- */

static pt_rc evaluate(pt_decided *out, pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    decide_run r = {.query = q, .out = out};
    pt_rc rc = prepare(&r, node, err);

    if (rc == PT_OK)
        rc = pt_pool_run(q->pool, (q->view->n_ordinals + TASK_ORDINALS - 1) / TASK_ORDINALS, decide_range, &r, err);
    for (unsigned w = 0; r.evals && w < pt_pool_threads(q->pool); w++)
        pt_eval_free(r.evals[w]);
    pt_program_free(r.program);
    return rc;
}

static pt_rc decide(pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    pt_decided *out = PT_NEW(q->arena, pt_decided);

    if (!out)
        return pt_fail_nomem(err, "a condition");
    *out = (pt_decided){.node = node, .next = q->decided};
    PT_TRY(pt_crowd_new_bits(&out->yes, q, err));
    PT_TRY(pt_crowd_new_bits(&out->no, q, err));
    PT_TRY(node->kind == PT_NODE_WAS ? pt_was_decide(out->yes, out->no, q, node, err) : evaluate(out, q, node, err));
    q->decided = out;
    return PT_OK;
}

pt_rc pt_crowd_decide(const uint64_t **yes, const uint64_t **no, pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    const pt_decided *d = q->decided;

    while (d && !pt_node_equal(d->node, node))
        d = d->next;
    if (!d) {
        PT_TRY(decide(q, node, err));
        d = q->decided;
    }
    *yes = d->yes;
    *no = d->no;
    return PT_OK;
}
