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

void pt_link_questions_sort(pt_link_question *questions, size_t n)
{
    qsort(questions, n, sizeof *questions, most_telling_first);
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
        out[n++] = (pt_link_question){
            c->pair.a, c->pair.b, c->pair.weight, joined, pt_link_doubt((double)c->pair.weight) * (double)joined,
            false};
    }
    pt_link_questions_sort(out, n);
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

/* --- links inside groups ----------------------------------------------------------------------------------------------------- */

/* Parts as the nodes of trees whose leaves are taken off one after the other: the link of a leaf parts all that was taken off at the
 * leaf from the rest. */
typedef struct peeling {
    const pt_link_pair *links;
    const uint32_t *start;
    uint32_t *degree, *size, *total; /* by part: links left, records taken off here; by group: records */
    size_t *only;                    /* by part: its links left, as numbers from 1, combined by exclusive or */
    uint64_t *side;                  /* by link: records on one side of it */
} peeling;

static void count_records(peeling *p, const uint32_t *group, uint32_t n_records, size_t n_links)
{
    for (uint32_t i = 0; i < n_records; i++) {
        p->size[p->start[i]]++;
        p->total[group[i]]++;
    }
    for (size_t i = 0; i < n_links; i++) {
        const uint32_t ends[] = {p->start[p->links[i].a], p->start[p->links[i].b]};
        for (size_t e = 0; e < PT_COUNT(ends); e++) {
            p->degree[ends[e]]++;
            p->only[ends[e]] ^= i + 1;
        }
    }
}

static void peel(peeling *p, uint32_t n_records)
{
    for (uint32_t i = 0; i < n_records; i++)
        for (uint32_t leaf = i; p->degree[leaf] == 1;) {
            size_t link = p->only[leaf];
            uint32_t a = p->start[p->links[link - 1].a], b = p->start[p->links[link - 1].b], rest = leaf == a ? b : a;
            p->side[link - 1] = p->size[leaf];
            p->degree[leaf] = 0;
            p->degree[rest]--;
            p->only[rest] ^= link;
            p->size[rest] += p->size[leaf];
            leaf = rest;
        }
}

static size_t ask_inside(pt_link_question *out, const peeling *p, const uint32_t *group, size_t n_links, double most)
{
    size_t n = 0;

    for (size_t i = 0; i < n_links; i++) {
        const pt_link_pair *link = &p->links[i];
        uint64_t parted = p->side[i] * (p->total[group[link->a]] - p->side[i]);
        if ((double)link->weight <= most)
            out[n++] = (pt_link_question){
                link->a, link->b, link->weight, parted, pt_link_doubt((double)link->weight) * (double)parted, true};
    }
    pt_link_questions_sort(out, n);
    return n;
}

pt_rc pt_link_doubtful(pt_link_question **out, size_t *n, const uint32_t *group, const uint32_t *start,
                       uint32_t n_records, const pt_link_pair *links, size_t n_links, double most, pt_arena *arena,
                       pt_err *err)
{
    size_t records = (size_t)n_records + 1;
    peeling p = {.links = links,
                 .start = start,
                 .degree = pt_zalloc(records, sizeof *p.degree),
                 .size = pt_zalloc(records, sizeof *p.size),
                 .total = pt_zalloc(records, sizeof *p.total),
                 .only = pt_zalloc(records, sizeof *p.only),
                 .side = pt_zalloc(n_links + 1, sizeof *p.side)};

    *n = 0;
    *out = PT_NEW_ARRAY(arena, pt_link_question, n_links + 1);
    bool room = *out && p.degree && p.size && p.total && p.only && p.side;
    if (room) {
        count_records(&p, group, n_records, n_links);
        peel(&p, n_records);
        *n = ask_inside(*out, &p, group, n_links, most);
    }
    free(p.degree);
    free(p.size);
    free(p.total);
    free(p.only);
    free(p.side);
    return room ? PT_OK : pt_fail_nomem(err, "questions");
}
