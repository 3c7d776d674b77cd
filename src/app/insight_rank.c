/* What sets a segment apart most, in a few lines that each say something of their own. */
#include <stdlib.h>

#include "app/insight_int.h"

static const double SIGNIFICANT = 0.05; /* q: one in twenty of what is called so may be chance */
static const double SAME = 0.7;         /* correlation from which on two groups are nearly the same customers */
enum { LINES_OF_LIST = 2 };             /* items do not exclude each other: a list may have two lines */

bool pt_insight_tells_more(const pt_insight_value *a, const pt_insight_value *b)
{
    double x = fabs(a->information), y = fabs(b->information);

    if (fabs(x - y) > 1e-12 * (x + y))
        return x > y;
    if ((a->information > 0) != (b->information > 0))
        return a->information > 0;
    return a->contrast.with > b->contrast.with;
}

/* --- candidates ------------------------------------------------------------------------------------------------------------- */

bool pt_insight_stands_out(const insight_source *s, const pt_insight_value *v)
{
    bool opposite = s->column->type == PT_TYPE_BOOL && v->from == 1; /* "false" says what "true" says */

    return !s->definition && !opposite && fabs(v->information) >= PT_INSIGHT_WORTH_A_LINE &&
           v->contrast.q < SIGNIFICANT;
}

bool pt_insight_is_same(const pt_contrast *c)
{
    uint64_t all = c->base + (c->apart ? c->members : 0), with = c->base_with + (c->apart ? c->with : 0);
    pt_pair_counts both = {all, c->members, with, c->with};

    return pt_pair_phi(&both) >= SAME;
}

/* The best so far, the first the best; what comes later and tells as much stands behind. */
static size_t keep_best(insight_candidate *best, size_t n, size_t room, const insight_candidate *c)
{
    size_t at = n;

    while (at > 0 && pt_insight_tells_more(c->value, best[at - 1].value))
        at--;
    if (at == room)
        return n;
    n += n < room;
    memmove(&best[at + 1], &best[at], (n - at - 1) * sizeof *best);
    best[at] = *c;
    return n;
}

/* Of one tag, the values that tell most. */
static size_t best_of_tag(insight_candidate *best, insight_run *r, size_t tag)
{
    const pt_insight_tag *t = &r->out->tags[tag];
    const insight_source *s = &r->sources[tag];
    size_t n = 0;

    for (size_t v = 0; v < t->n_values; v++) {
        insight_candidate c = {.line = {tag, v}, .source = s, .value = &t->values[v]};
        r->out->n_values += !s->definition;
        r->out->n_significant += !s->definition && t->values[v].contrast.q < SIGNIFICANT;
        /* What is common is a plainer answer to "who are they" than what is missing. */
        c.weight = c.value->information > 0 ? c.value->information : -c.value->information / 2;
        if (pt_insight_stands_out(s, c.value))
            n = keep_best(best, n, LINES_OF_LIST, &c);
    }
    r->out->n_hidden += t->hidden;
    return n;
}

static size_t find_candidates(insight_candidate *best, insight_run *r)
{
    insight_candidate few[LINES_OF_LIST];
    size_t n = 0;

    for (size_t t = 0; t < r->out->n_tags; t++) {
        size_t found = best_of_tag(few, r, t);
        for (size_t i = 0; i < found; i++)
            n = keep_best(best, n, INSIGHT_CANDIDATES, &few[i]);
    }
    return n;
}

/* Takes out those that are another way of saying who the segment is. */
static pt_rc set_same_apart(insight_candidate *c, size_t *n, insight_run *r, pt_err *err)
{
    pt_insight_line *same = PT_NEW_ARRAY(r->arena, pt_insight_line, *n);
    size_t kept = 0;

    if (!same)
        return pt_fail_nomem(err, "an insight");
    r->out->same = same;
    for (size_t i = 0; i < *n; i++)
        if (pt_insight_is_same(&c[i].value->contrast))
            same[r->out->n_same++] = c[i].line;
        else
            c[kept++] = c[i];
    *n = kept;
    return PT_OK;
}

/* --- the headline ----------------------------------------------------------------------------------------------------------- */

static double sameness(const insight_meeting *pairs, size_t n, size_t i, size_t j)
{
    const insight_meeting *m = i < j ? &pairs[i * n + j] : &pairs[j * n + i];
    pt_pair_counts all = {m->segment.n + m->rest.n, m->segment.a + m->rest.a, m->segment.b + m->rest.b,
                          m->segment.both + m->rest.both};

    return fabs(pt_pair_phi(&all));
}

/* What candidate i adds to those that are chosen already. */
static double added(const insight_candidate *c, size_t n, const insight_meeting *pairs, const bool *chosen, size_t i)
{
    size_t of_tag = 0;
    double same = 0;

    for (size_t k = 0; k < n; k++) {
        if (!chosen[k])
            continue;
        of_tag += c[k].line.tag == c[i].line.tag;
        same = fmax(same, sameness(pairs, n, i, k));
    }
    return of_tag < (c[i].source->list ? LINES_OF_LIST : 1) ? c[i].weight * (1 - same) : 0;
}

static pt_rc choose_headline(insight_run *r, const insight_candidate *c, size_t n, const insight_meeting *pairs,
                             pt_err *err)
{
    size_t top = r->options->top ? r->options->top : PT_INSIGHT_TOP;
    pt_insight_line *lines = PT_NEW_ARRAY(r->arena, pt_insight_line, n);
    bool chosen[INSIGHT_CANDIDATES] = {0};

    if (!lines)
        return pt_fail_nomem(err, "an insight");
    r->out->headline = lines;
    while (r->out->n_headline < top) {
        size_t best = n;
        double most = 0;
        for (size_t i = 0; i < n; i++) {
            double adds = chosen[i] ? 0 : added(c, n, pairs, chosen, i);
            if (adds > most) {
                most = adds;
                best = i;
            }
        }
        if (best == n)
            break;
        chosen[best] = true;
        lines[r->out->n_headline++] = c[best].line;
    }
    return PT_OK;
}

pt_rc pt_insight_rank(insight_run *r, pt_err *err)
{
    insight_candidate *c = PT_NEW_ARRAY(r->arena, insight_candidate, INSIGHT_CANDIDATES + 1);

    if (!c)
        return pt_fail_nomem(err, "an insight");
    size_t n = find_candidates(c, r);
    PT_TRY(set_same_apart(c, &n, r, err));
    insight_meeting *pairs = PT_NEW_ARRAY(r->arena, insight_meeting, n * n);
    if (!pairs)
        return pt_fail_nomem(err, "an insight");
    PT_TRY(pt_insight_meet(pairs, r, c, n, err));
    PT_TRY(choose_headline(r, c, n, pairs, err));
    return pt_insight_together(r, c, n, pairs, err);
}
