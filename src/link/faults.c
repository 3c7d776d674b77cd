/* Which known pairs are wrong, and at which step they went wrong. */
#include <math.h>
#include <stdlib.h>

#include "link/evaluate.h"

static bool is_worse(const pt_link_fault *a, const pt_link_fault *b)
{
    return a->mistake == PT_LINK_TOO_WEAK ? a->weight < b->weight : a->weight > b->weight;
}

/* Keeps the `most` worst; of equal ones those that came first. */
static void list(pt_link_faults *out, pt_link_fault fault, size_t most)
{
    pt_link_fault *l = out->listed[fault.mistake];
    size_t *n = &out->n_listed[fault.mistake], at = *n;

    while (at > 0 && is_worse(&fault, &l[at - 1]))
        at--;
    if (at == most)
        return;
    *n += *n < most;
    for (size_t i = *n - 1; i > at; i--)
        l[i] = l[i - 1];
    l[at] = fault;
}

static void look_at_scored(pt_link_faults *out, const pt_link_truth *t, const uint32_t *group,
                           const pt_link_pair *pairs, size_t n, double least, size_t most)
{
    for (size_t i = 0; i < n; i++) {
        const pt_link_pair *p = &pairs[i];
        pt_link_answer is = pt_link_truth_of(t, p->a, p->b);
        bool together = group[p->a] == group[p->b];
        if (is == PT_LINK_UNSAID || (is == PT_LINK_ONE) == together)
            continue;
        pt_link_mistake m = is == PT_LINK_TWO            ? PT_LINK_WRONG
                            : (double)p->weight >= least ? PT_LINK_KEPT_APART
                                                         : PT_LINK_TOO_WEAK;
        out->n[m] += m != PT_LINK_WRONG; /* those are counted from the groups */
        list(out, (pt_link_fault){p->a, p->b, p->weight, m}, most);
    }
}

static int compare_pairs(const void *p, const void *q)
{
    const pt_link_pair *x = p, *y = q;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static bool is_scored(const pt_link_pair *pairs, size_t n, uint32_t a, uint32_t b)
{
    pt_link_pair wanted = {a, b, 0};

    return n && bsearch(&wanted, pairs, n, sizeof wanted, compare_pairs);
}

static void look_at_unscored(pt_link_faults *out, uint32_t a, uint32_t b, const pt_link_pair *pairs, size_t n,
                             size_t most)
{
    uint32_t low = a < b ? a : b, high = a < b ? b : a;

    if (!is_scored(pairs, n, low, high))
        list(out, (pt_link_fault){low, high, -INFINITY, PT_LINK_NOT_BLOCKED}, most);
}

/* Known records by person, then by group. */
typedef struct place {
    uint64_t key; /* person, group */
    uint32_t record;
} place;

static int by_key(const void *p, const void *q)
{
    const place *x = p, *y = q;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->record > y->record) - (x->record < y->record);
}

/* Pairs of one person in two groups, until enough were found that are not scored: no more pairs are looked at than are scored. */
static pt_rc list_unscored(pt_link_faults *out, const pt_link_truth *t, const uint32_t *group,
                           const pt_link_pair *pairs, size_t n, size_t most, pt_err *err)
{
    place *places = pt_alloc64((size_t)t->n + 1, sizeof *places);
    size_t known = 0;

    if (!places)
        return pt_fail_nomem(err, "labels of records");
    for (uint32_t i = 0; i < t->n; i++)
        if (t->entity[i] != PT_LINK_UNKNOWN)
            places[known++] = (place){(uint64_t)t->entity[i] << 32 | group[i], i};
    qsort(places, known, sizeof *places, by_key);
    for (size_t i = 0, next = 0; i < known && out->n_listed[PT_LINK_NOT_BLOCKED] < most; i++) {
        while (next < known && places[next].key <= places[i].key) /* the person's next group */
            next++;
        for (size_t j = next;
             j < known && places[j].key >> 32 == places[i].key >> 32 && out->n_listed[PT_LINK_NOT_BLOCKED] < most; j++)
            look_at_unscored(out, places[i].record, places[j].record, pairs, n, most);
    }
    free(places);
    return PT_OK;
}

pt_rc pt_link_faults_of(pt_link_faults *out, const pt_link_truth *t, const pt_link_agreement *sums,
                        const uint32_t *group, const pt_link_pair *pairs, size_t n, double least, size_t most,
                        pt_arena *arena, pt_err *err)
{
    *out = (pt_link_faults){0};
    for (size_t m = 0; m < PT_LINK_MISTAKES; m++)
        if (!(out->listed[m] = PT_NEW_ARRAY(arena, pt_link_fault, most + 1)))
            return pt_fail_nomem(err, "pairs that are wrong");
    look_at_scored(out, t, group, pairs, n, least, most);
    out->n[PT_LINK_WRONG] = sums->found - sums->right;
    out->n[PT_LINK_NOT_BLOCKED] = sums->truth - sums->right - out->n[PT_LINK_KEPT_APART] - out->n[PT_LINK_TOO_WEAK];
    if (t->entity)
        return list_unscored(out, t, group, pairs, n, most, err);
    for (size_t i = 0; i < t->n_labels; i++)
        if (t->labels[i].same && group[t->labels[i].a] != group[t->labels[i].b])
            look_at_unscored(out, t->labels[i].a, t->labels[i].b, pairs, n, most);
    return PT_OK;
}
