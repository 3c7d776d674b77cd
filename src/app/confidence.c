#include "app/confidence.h"

typedef struct run {
    const pt_confidence_of *of;
    const pt_project *project;
    bool *wanted;   /* by tag number */
    uint32_t *tags; /* those computed, in the order of the module */
    size_t n_tags;
    pt_eval *eval; /* of these */
    double *out;
    pt_arena *arena;
} run;

enum { NO_RESULT = UINT32_MAX };

/* --- by origin ----------------------------------------------------------------------------------------------------- */

/* The most events that one aggregate, sequence or funnel counts. */
static pt_rc most_events(size_t *out, pt_eval *eval, size_t result, pt_arena *arena, pt_err *err)
{
    const pt_leaf *leaves;
    size_t n;

    *out = 0;
    PT_TRY(pt_eval_leaves(&leaves, &n, eval, result, arena, err));
    for (size_t i = 0; i < n; i++)
        *out = leaves[i].n_events > *out ? leaves[i].n_events : *out;
    return PT_OK;
}

/* What stands behind a value: of one that was kept, what stood behind it then. */
static pt_rc count_evidence(size_t *out, const run *r, uint32_t tag, size_t result, pt_err *err)
{
    int64_t kept = pt_eval_kept(r->eval, result);
    pt_question question = {.tags = &tag, .n_tags = 1, .base = r->of->base};
    pt_eval *past;

    if (kept == PT_I64_MISSING)
        return most_events(out, r->eval, result, r->arena, err);
    PT_TRY(pt_question_ask(&past, r->project, &question, r->of->batch, kept, r->arena, err));
    return most_events(out, past, 0, r->arena, err);
}

static double trust_of(const pt_project *p, const struct pt_use_column *c)
{
    const pt_source *s = &p->sources[c->source];
    double own = c->column < 0 ? (double)NAN : s->columns[c->column].trust;

    return isnan(own) ? s->trust : own;
}

static double least_trust(const pt_project *p, const pt_uses *uses)
{
    double least = 1;

    for (size_t i = 0; i < uses->n_columns; i++)
        least = trust_of(p, &uses->columns[i]) < least ? trust_of(p, &uses->columns[i]) : least;
    return least;
}

/* The least of the tags used; NaN where none has one. */
static double least_of_tags(const run *r, const pt_uses *uses)
{
    double least = (double)NAN;

    for (size_t i = 0; i < uses->n_tags; i++)
        if (!isnan(r->out[uses->tags[i]]) && !(r->out[uses->tags[i]] >= least))
            least = r->out[uses->tags[i]];
    return least;
}

static pt_rc by_origin(double *out, const run *r, uint32_t tag, size_t result, pt_err *err)
{
    pt_tag_origin origin = r->project->tags[tag].origin;
    pt_uses uses = {0};
    size_t events = 0;

    if (r->project->module->tags[tag])
        PT_TRY(pt_lang_uses(&uses, r->project->module->tags[tag], r->arena, err));
    switch (origin) {
    case PT_ORIGIN_FACT: *out = 1; break;
    case PT_ORIGIN_MODEL: *out = 0.7; break;
    case PT_ORIGIN_SURVEY:
    case PT_ORIGIN_IMPORT: *out = 0.8; break;
    default:
        *out = origin == PT_ORIGIN_RULE ? least_of_tags(r, &uses) : (double)NAN;
        if (!isnan(*out))
            break;
        if (result == NO_RESULT) { /* a query looks at everything there is */
            *out = 1;
            break;
        }
        PT_TRY(count_evidence(&events, r, tag, result, err));
        *out = (double)events / (double)(events + 1);
    }
    *out *= least_trust(r->project, &uses);
    return PT_OK;
}

/* --- by expression --------------------------------------------------------------------------------------------------- */

static pt_rc by_expression(double *out, const run *r, const pt_node *node, pt_err *err)
{
    pt_question question = {.node = node, .base = r->of->base};
    pt_eval *eval;

    PT_TRY(pt_question_ask(&eval, r->project, &question, r->of->batch, r->of->as_of, r->arena, err));
    double v = ((const double *)pt_eval_tag(eval, 0)->data)[0];
    *out = v < 0 ? 0 : v > 1 ? 1 : v;
    return PT_OK;
}

/* --- all ------------------------------------------------------------------------------------------------------------- */

static pt_rc one_tag(run *r, uint32_t tag, size_t result, pt_err *err)
{
    const pt_module *m = r->project->module;
    const pt_column *value = result == NO_RESULT ? &r->of->batch->external[tag] : pt_eval_tag(r->eval, result);

    r->out[tag] = (double)NAN;
    if (pt_column_missing(value, 0))
        return PT_OK;
    if (m->confidences[tag])
        return by_expression(&r->out[tag], r, m->confidences[tag], err);
    return r->project->tags[tag].merge ? PT_OK : by_origin(&r->out[tag], r, tag, result, err);
}

/* Marks what the given tags use: backwards through the module's order, a tag's turn comes after all its users. */
static pt_rc mark_used(run *r, const uint32_t *tags, size_t n, pt_err *err)
{
    const pt_module *m = r->project->module;
    pt_uses uses;

    for (size_t i = 0; i < n; i++)
        r->wanted[tags[i]] = true;
    for (size_t i = m->n_tags; i-- > 0;) {
        uint32_t tag = m->order[i];
        if (!r->wanted[tag] || !m->tags[tag])
            continue;
        PT_TRY(pt_lang_uses(&uses, m->tags[tag], r->arena, err));
        for (size_t k = 0; k < uses.n_tags; k++)
            r->wanted[uses.tags[k]] = true;
    }
    for (size_t i = 0; i < m->n_tags; i++)
        if (r->wanted[m->order[i]] && m->tags[m->order[i]])
            r->tags[r->n_tags++] = m->order[i];
    return PT_OK;
}

pt_rc pt_confidences(const double **out, const pt_confidence_of *of, const uint32_t *tags, size_t n, pt_arena *arena,
                     pt_err *err)
{
    const pt_module *m = of->project->module;
    run r = {.of = of, .project = of->project, .arena = arena};
    size_t result = 0;

    r.wanted = PT_NEW_ARRAY(arena, bool, m->n_tags);
    r.tags = PT_NEW_ARRAY(arena, uint32_t, m->n_tags);
    r.out = PT_NEW_ARRAY(arena, double, m->n_tags);
    if (!r.wanted || !r.tags || !r.out)
        return pt_fail_nomem(err, "the confidence of tags");
    PT_TRY(mark_used(&r, tags, n, err));
    if (r.n_tags)
        PT_TRY(pt_question_ask(&r.eval, of->project,
                               &(pt_question){.tags = r.tags, .n_tags = r.n_tags, .base = of->base}, of->batch,
                               of->as_of, arena, err));
    for (size_t i = 0; i < m->n_tags; i++)
        if (r.wanted[m->order[i]])
            PT_TRY(one_tag(&r, m->order[i], m->tags[m->order[i]] ? result++ : NO_RESULT, err));
        else
            r.out[m->order[i]] = (double)NAN;
    *out = r.out;
    return PT_OK;
}
