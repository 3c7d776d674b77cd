#include "link/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/rng.h"

/* Draws of the bootstrap: many for few persons, fewer for many, where the interval is narrow and a draw costs more. */
enum { DRAWS_MOST = 2000, DRAWS_LEAST = 200 };
#define DRAWN_PERSONS 2e7

pt_link_measure pt_link_measure_of(double found, double right, double truth)
{
    pt_link_measure m = {found > 0 ? right / found : 1, truth > 0 ? right / truth : 1, 0};

    if (m.precision + m.recall > 0)
        m.f1 = 2 * m.precision * m.recall / (m.precision + m.recall);
    return m;
}

/* --- what is known of a pair ------------------------------------------------------------------------------------------------- */

static int by_records(const void *p, const void *q)
{
    const pt_link_label *x = p, *y = q;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

bool pt_link_labels_sort(pt_link_label *labels, size_t *n, uint32_t *a, uint32_t *b)
{
    size_t kept = 0;

    if (*n)
        qsort(labels, *n, sizeof *labels, by_records);
    for (size_t i = 0; i < *n; i++) {
        if (!kept || by_records(&labels[kept - 1], &labels[i]) != 0) {
            labels[kept++] = labels[i];
        } else if (labels[kept - 1].same != labels[i].same) {
            *a = labels[i].a;
            *b = labels[i].b;
            return false;
        }
    }
    *n = kept;
    return true;
}

pt_link_answer pt_link_truth_of(const pt_link_truth *t, uint32_t a, uint32_t b)
{
    if (t->entity) {
        if (t->entity[a] == PT_LINK_UNKNOWN || t->entity[b] == PT_LINK_UNKNOWN)
            return PT_LINK_UNSAID;
        return t->entity[a] == t->entity[b] ? PT_LINK_ONE : PT_LINK_TWO;
    }
    pt_link_label wanted = {a, b, false};
    const pt_link_label *l = t->n_labels ? bsearch(&wanted, t->labels, t->n_labels, sizeof wanted, by_records) : NULL;
    return !l ? PT_LINK_UNSAID : l->same ? PT_LINK_ONE : PT_LINK_TWO;
}

static uint64_t pairs_of(uint64_t n)
{
    return n ? n * (n - 1) / 2 : 0;
}

/* --- counts ------------------------------------------------------------------------------------------------------------------ */

/* The known records of one person that are in one group. */
typedef struct part {
    uint32_t person, group;
    uint32_t n;
} part;

/* Known records by person and group, persons rising. */
typedef struct parting {
    part *parts;
    size_t n;
    uint32_t *group_size; /* known records by group */
} parting;

static void free_parting(parting *p)
{
    free(p->parts);
    free(p->group_size);
}

static pt_rc make_parting(parting *p, const pt_link_truth *t, const uint32_t *group, pt_err *err)
{
    size_t known = 0;
    uint64_t *keys = pt_alloc64((size_t)t->n + 1, sizeof *keys);

    *p = (parting){.parts = pt_alloc64((size_t)t->n + 1, sizeof *p->parts),
                   .group_size = pt_zalloc((size_t)t->n + 1, sizeof *p->group_size)};
    if (!keys || !p->parts || !p->group_size) {
        free(keys);
        return pt_fail_nomem(err, "labels of records");
    }
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->entity[i] == PT_LINK_UNKNOWN)
            continue;
        keys[known++] = (uint64_t)t->entity[i] << 32 | (group ? group[i] : i);
        p->group_size[group ? group[i] : i]++;
    }
    qsort(keys, known, sizeof *keys, pt_compare_u64);
    for (size_t i = 0; i < known; i++) {
        if (!i || keys[i] != keys[i - 1])
            p->parts[p->n++] = (part){.person = (uint32_t)(keys[i] >> 32), .group = (uint32_t)keys[i]};
        p->parts[p->n - 1].n++;
    }
    free(keys);
    return PT_OK;
}

/* Known pairs in one group, of them those of one person, and all of one person. */
typedef struct tally {
    uint64_t found, right, truth;
} tally;

static void count_parts(tally *out, const parting *p, uint32_t n)
{
    for (size_t from = 0, end; from < p->n; from = end) {
        uint64_t whole = 0;
        for (end = from; end < p->n && p->parts[end].person == p->parts[from].person; end++) {
            whole += p->parts[end].n;
            out->right += pairs_of(p->parts[end].n);
        }
        out->truth += pairs_of(whole);
    }
    for (uint32_t g = 0; g < n; g++)
        out->found += pairs_of(p->group_size[g]);
}

/* Without groups each record is its own. */
static pt_rc count(tally *out, const pt_link_truth *t, const uint32_t *group, pt_err *err)
{
    parting p;

    *out = (tally){0};
    for (size_t i = 0; !t->entity && i < t->n_labels; i++) {
        bool together = group && group[t->labels[i].a] == group[t->labels[i].b];
        out->found += together;
        out->right += together && t->labels[i].same;
        out->truth += t->labels[i].same;
    }
    if (!t->entity)
        return PT_OK;
    pt_rc rc = make_parting(&p, t, group, err);
    if (rc == PT_OK)
        count_parts(out, &p, t->n);
    free_parting(&p);
    return rc;
}

/* --- pairs by their weight --------------------------------------------------------------------------------------------------- */

static int strongest_first(const void *p, const void *q)
{
    double x = ((const pt_link_point *)p)->weight, y = ((const pt_link_point *)q)->weight;

    return (x < y) - (x > y);
}

/* Points of one pair each, then sums of those at least as strong. */
static void add_up(pt_link_curve *c, pt_link_point *p, size_t n)
{
    qsort(p, n, sizeof *p, strongest_first);
    for (size_t i = 0; i < n; i++) {
        pt_link_point sum = c->n ? p[c->n - 1] : c->joined;
        bool new_weight = !c->n || sum.weight != p[i].weight;
        sum = (pt_link_point){p[i].weight, sum.found + 1, sum.right + p[i].right};
        p[c->n - !new_weight] = sum;
        c->n += new_weight;
    }
}

pt_rc pt_link_curve_of(pt_link_curve *out, const pt_link_truth *t, const uint32_t *start, const pt_link_pair *pairs,
                       size_t n, pt_arena *arena, pt_err *err)
{
    pt_link_point *p = out->points = PT_NEW_ARRAY(arena, pt_link_point, n + 1);
    tally sums;
    size_t known = 0;

    if (!p)
        return pt_fail_nomem(err, "labelled pairs");
    PT_TRY(count(&sums, t, start, err));
    *out = (pt_link_curve){.points = p, .truth = sums.truth, .joined = {INFINITY, sums.found, sums.right}};
    for (size_t i = 0; i < n; i++) {
        pt_link_answer is = pt_link_truth_of(t, pairs[i].a, pairs[i].b);
        if (is != PT_LINK_UNSAID && !(start && start[pairs[i].a] == start[pairs[i].b]))
            p[known++] = (pt_link_point){(double)pairs[i].weight, 1, is == PT_LINK_ONE};
    }
    out->known = known;
    add_up(out, p, known);
    return PT_OK;
}

pt_link_point pt_link_curve_at(const pt_link_curve *c, double weight)
{
    size_t low = 0, high = c->n; /* points before `low` are strong enough */

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->points[middle].weight >= weight)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? c->points[low - 1] : c->joined;
}

pt_link_measure pt_link_curve_measure(const pt_link_curve *c, const pt_link_point *p)
{
    return pt_link_measure_of((double)p->found, (double)p->right, (double)c->truth);
}

const pt_link_point *pt_link_curve_best(const pt_link_curve *c)
{
    const pt_link_point *best = NULL;
    double most = -1;

    for (size_t i = 0; i < c->n; i++) {
        double f1 = pt_link_curve_measure(c, &c->points[i]).f1;
        if (f1 > most) {
            most = f1;
            best = &c->points[i];
        }
    }
    return best;
}

/* --- intervals --------------------------------------------------------------------------------------------------------------- */

/* What one person (or labelled pair) adds to the sums that a measure is made of. */
typedef struct share {
    double found, found_right; /* precision is their quotient */
    double truth, truth_right; /* recall is theirs */
} share;

static pt_link_measure measure_shares(const share *s)
{
    pt_link_measure m = {s->found > 0 ? s->found_right / s->found : 1, s->truth > 0 ? s->truth_right / s->truth : 1, 0};

    if (m.precision + m.recall > 0)
        m.f1 = 2 * m.precision * m.recall / (m.precision + m.recall);
    return m;
}

static void add_share(share *sum, const share *x)
{
    sum->found += x->found;
    sum->found_right += x->found_right;
    sum->truth += x->truth;
    sum->truth_right += x->truth_right;
}

static pt_link_range middle_95(double *values, size_t n)
{
    qsort(values, n, sizeof *values, pt_compare_doubles);
    return (pt_link_range){values[(size_t)(0.025 * (double)(n - 1))], values[(size_t)ceil(0.975 * (double)(n - 1))]};
}

/* Persons are drawn whole: pairs of one person depend on each other, persons hardly (Efron 1979; Binette and others 2022). */
static pt_rc estimate(pt_link_estimate *out, const share *shares, size_t n, uint64_t seed, pt_err *err)
{
    double wanted = n ? DRAWN_PERSONS / (double)n : 0;
    size_t draws = wanted > DRAWS_MOST ? DRAWS_MOST : wanted < DRAWS_LEAST ? DRAWS_LEAST : (size_t)wanted;
    double *values = pt_alloc64(3 * draws, sizeof *values);
    share all = {0};
    pt_rng rng;

    if (!values)
        return pt_fail_nomem(err, "intervals of measures");
    for (size_t i = 0; i < n; i++)
        add_share(&all, &shares[i]);
    out->value = measure_shares(&all);
    pt_rng_seed(&rng, seed);
    for (size_t d = 0; d < draws; d++) {
        share sum = {0};
        for (size_t i = 0; i < n; i++)
            add_share(&sum, &shares[pt_rng_below(&rng, n)]);
        pt_link_measure m = measure_shares(&sum);
        values[d] = m.precision, values[draws + d] = m.recall, values[2 * draws + d] = m.f1;
    }
    out->precision = middle_95(values, draws);
    out->recall = middle_95(values + draws, draws);
    out->f1 = middle_95(values + 2 * draws, draws);
    free(values);
    return PT_OK;
}

/* --- groups of records ------------------------------------------------------------------------------------------------------- */

/* The shares of one person in the three measures. A pair of records of two persons counts half for each, a group as much as the
 * person has of it. */
typedef struct person_shares {
    share pairs, clusters, b_cubed;
} person_shares;

static void add_person(pt_link_agreement *out, person_shares *s, const parting *p, size_t from, size_t end)
{
    uint64_t n = 0;

    *s = (person_shares){.clusters.truth = 1};
    for (size_t i = from; i < end; i++)
        n += p->parts[i].n;
    for (size_t i = from; i < end; i++) {
        uint64_t own = p->parts[i].n, all = p->group_size[p->parts[i].group];
        bool exact = own == n && own == all;
        s->pairs.truth_right += (double)pairs_of(own);
        s->pairs.found += (double)pairs_of(own) + (double)(own * (all - own)) / 2;
        s->clusters.found += (double)own / (double)all;
        s->clusters.found_right += exact;
        s->b_cubed.found_right += (double)(own * own) / (double)all;
        s->b_cubed.truth_right += (double)(own * own) / (double)n;
        out->exact += exact;
    }
    s->pairs.truth = (double)pairs_of(n);
    s->pairs.found_right = s->pairs.truth_right;
    s->clusters.truth_right = s->clusters.found_right;
    s->b_cubed.found = s->b_cubed.truth = (double)n;
    out->persons++;
}

/* One of the three measures of all persons. */
static pt_rc estimate_one(pt_link_estimate *out, share *room, const person_shares *all, size_t n, size_t offset,
                          uint64_t seed, pt_err *err)
{
    for (size_t i = 0; i < n; i++)
        memcpy(&room[i], (const char *)&all[i] + offset, sizeof *room);
    return estimate(out, room, n, seed, err);
}

static pt_rc agree_persons(pt_link_agreement *out, const parting *p, const pt_link_truth *t, uint64_t seed, pt_err *err)
{
    person_shares *shares = pt_alloc64(p->n + 1, sizeof *shares);
    share *room = pt_alloc64(p->n + 1, sizeof *room);
    size_t n = 0;
    pt_rc rc = shares && room ? PT_OK : pt_fail_nomem(err, "labels of records");

    for (size_t from = 0, end; rc == PT_OK && from < p->n; from = end) {
        for (end = from + 1; end < p->n && p->parts[end].person == p->parts[from].person;)
            end++;
        add_person(out, &shares[n++], p, from, end);
    }
    for (uint32_t g = 0; rc == PT_OK && g < t->n; g++)
        out->groups += p->group_size[g] > 0;
    if (rc == PT_OK)
        rc = estimate_one(&out->pairs, room, shares, n, offsetof(person_shares, pairs), seed, err);
    if (rc == PT_OK)
        rc = estimate_one(&out->clusters, room, shares, n, offsetof(person_shares, clusters), seed, err);
    if (rc == PT_OK)
        rc = estimate_one(&out->b_cubed, room, shares, n, offsetof(person_shares, b_cubed), seed, err);
    free(shares);
    free(room);
    return rc;
}

static pt_rc agree_pairs(pt_link_agreement *out, const pt_link_truth *t, const uint32_t *group, uint64_t seed,
                         pt_err *err)
{
    share *shares = pt_zalloc(t->n_labels + 1, sizeof *shares);

    if (!shares)
        return pt_fail_nomem(err, "labelled pairs");
    for (size_t i = 0; i < t->n_labels; i++) {
        const pt_link_label *l = &t->labels[i];
        bool together = group[l->a] == group[l->b], right = together && l->same;
        shares[i] = (share){together, right, l->same, right};
    }
    pt_rc rc = estimate(&out->pairs, shares, t->n_labels, seed, err);
    free(shares);
    return rc;
}

pt_rc pt_link_agreement_of(pt_link_agreement *out, const pt_link_truth *t, const uint32_t *group, uint64_t seed,
                           pt_err *err)
{
    parting p;
    tally sums;

    PT_TRY(count(&sums, t, group, err));
    *out = (pt_link_agreement){.found = sums.found, .right = sums.right, .truth = sums.truth};
    if (!t->entity)
        return agree_pairs(out, t, group, seed, err);
    pt_rc rc = make_parting(&p, t, group, err);
    if (rc == PT_OK)
        rc = agree_persons(out, &p, t, seed, err);
    free_parting(&p);
    return rc;
}
