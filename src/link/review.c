#include "link/review.h"

#include <math.h>
#include <stdlib.h>

#include "base/compare.h"

double pt_link_doubt(double weight)
{
    double p = pt_link_probability(weight), q = pt_link_probability(-weight);

    return p > 0 && q > 0 ? -p * log2(p) - q * log2(q) : 0;
}

/* A pair with the groups it connects, as one number. */
typedef struct candidate {
    uint64_t groups;
    pt_link_pair pair;
} candidate;

static uint64_t groups_of(const uint32_t *group, const pt_link_pair *p)
{
    uint64_t a = group[p->a], b = group[p->b];

    return a < b ? a << 32 | b : b << 32 | a;
}

/* By groups, the strongest first. */
static int by_groups(const void *p, const void *q)
{
    const candidate *x = p, *y = q;

    if (x->groups != y->groups)
        return x->groups < y->groups ? -1 : 1;
    if (x->pair.weight != y->pair.weight)
        return x->pair.weight < y->pair.weight ? 1 : -1;
    if (x->pair.a != y->pair.a)
        return x->pair.a < y->pair.a ? -1 : 1;
    return (x->pair.b > y->pair.b) - (x->pair.b < y->pair.b);
}

static int most_telling_first(const void *p, const void *q)
{
    const pt_link_question *x = p, *y = q;

    if (x->information != y->information)
        return x->information < y->information ? 1 : -1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static uint64_t *never_groups(const uint32_t *group, const pt_link_pair *never, size_t n)
{
    uint64_t *out = pt_alloc64(n + 1, sizeof *out);

    for (size_t i = 0; out && i < n; i++)
        out[i] = groups_of(group, &never[i]);
    if (out)
        qsort(out, n, sizeof *out, pt_compare_u64);
    return out;
}

typedef struct asking {
    candidate *candidates;
    uint64_t *never;
    uint32_t *size; /* by group */
    size_t n, n_never;
} asking;

static void gather(asking *s, const uint32_t *group, uint32_t n_records, const pt_link_pair *pairs, size_t n,
                   double least)
{
    for (uint32_t i = 0; i < n_records; i++)
        s->size[group[i]]++;
    for (size_t i = 0; i < n; i++)
        if ((double)pairs[i].weight >= least && group[pairs[i].a] != group[pairs[i].b])
            s->candidates[s->n++] = (candidate){groups_of(group, &pairs[i]), pairs[i]};
    qsort(s->candidates, s->n, sizeof *s->candidates, by_groups);
}

static size_t ask(pt_link_question *out, const asking *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n; i++) {
        const candidate *c = &s->candidates[i];
        if ((i && c->groups == c[-1].groups) ||
            (s->n_never && bsearch(&c->groups, s->never, s->n_never, sizeof c->groups, pt_compare_u64)))
            continue;
        uint64_t joined = (uint64_t)s->size[c->groups >> 32] * s->size[(uint32_t)c->groups];
        out[n++] = (pt_link_question){c->pair.a, c->pair.b, c->pair.weight, joined,
                                      pt_link_doubt((double)c->pair.weight) * (double)joined};
    }
    qsort(out, n, sizeof *out, most_telling_first);
    return n;
}

pt_rc pt_link_questions(pt_link_question **out, size_t *n, const uint32_t *group, uint32_t n_records,
                        const pt_link_pair *pairs, size_t n_pairs, double least, const pt_link_pair *never,
                        size_t n_never, pt_arena *arena, pt_err *err)
{
    asking s = {.candidates = pt_alloc64(n_pairs + 1, sizeof *s.candidates),
                .never = never_groups(group, never, n_never),
                .size = pt_zalloc((size_t)n_records + 1, sizeof *s.size),
                .n_never = n_never};
    pt_rc rc = PT_OK;

    *n = 0;
    *out = NULL;
    if (s.candidates && s.never && s.size)
        gather(&s, group, n_records, pairs, n_pairs, least);
    else
        rc = pt_fail_nomem(err, "questions");
    if (rc == PT_OK && !(*out = PT_NEW_ARRAY(arena, pt_link_question, s.n + 1)))
        rc = pt_fail_nomem(err, "questions");
    if (rc == PT_OK)
        *n = ask(*out, &s);
    free(s.candidates);
    free(s.never);
    free(s.size);
    return rc;
}
