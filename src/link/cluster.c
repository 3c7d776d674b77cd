/* Groups of records by average linkage (Sokal and Michener 1958) over the weights of pairs. */
#include <stdlib.h>
#include <string.h>

#include "link/apart.h"
#include "link/weigh.h"

/* Bits by which the mean may stay below what the strongest pair must have: records of one person that know little of each other. */
#define SLACK 4.0

enum { MOST_PAIRS = 4096 }; /* between two groups; of larger ones a part is looked at, evenly spread */

typedef struct clustering {
    const pt_link_model *model;
    link_weigher *weigher;
    uint32_t *group;       /* by record: the root's number, through parents */
    uint32_t *next, *last; /* members of a group as a list: next of a record, last of a root */
    uint32_t *size;        /* of a root */
    uint64_t *clean;       /* of a root: the clean sources that it has records of; NULL: there are none */
    link_apart apart;
} clustering;

static int strongest_first(const void *p, const void *q)
{
    const pt_link_pair *x = p, *y = q;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static uint32_t root_of(clustering *c, uint32_t record)
{
    while (c->group[record] != record)
        record = c->group[record] = c->group[c->group[record]];
    return record;
}

/* The mean weight of the pairs between two groups. */
static double mean_weight(const clustering *c, uint32_t a, uint32_t b)
{
    uint64_t pairs = (uint64_t)c->size[a] * c->size[b], step = (pairs + MOST_PAIRS - 1) / MOST_PAIRS, at = 0,
             looked = 0;
    double sum = 0;

    for (uint32_t x = a;; x = c->next[x]) {
        for (uint32_t y = b;; y = c->next[y]) {
            if (at++ % step == 0) {
                sum += link_weigh(c->weigher, x, y);
                looked++;
            }
            if (y == c->last[b])
                break;
        }
        if (x == c->last[a])
            break;
    }
    return sum / (double)looked;
}

/* Whether a record of one group is kept apart from one of the other; the group with fewer such pairs is looked through. */
static bool said_apart(clustering *c, uint32_t a, uint32_t b)
{
    const link_apart *k = &c->apart;

    if (!k->partners || !k->partners[a] || !k->partners[b])
        return false;
    uint32_t few = k->partners[a] <= k->partners[b] ? a : b, other = few == a ? b : a;
    for (uint32_t x = few;; x = c->next[x]) {
        for (uint64_t i = k->first[x]; i < k->first[x + 1]; i++)
            if (root_of(c, k->partner[i]) == other)
                return true;
        if (x == c->last[few])
            return false;
    }
}

/* Whether sources, values and decisions leave it open that two groups are one person. */
static bool may_join(clustering *c, uint32_t a, uint32_t b)
{
    return !(c->clean && c->clean[a] & c->clean[b]) && !link_apart_values(&c->apart, a, b) && !said_apart(c, a, b);
}

static void join(clustering *c, uint32_t a, uint32_t b)
{
    uint32_t root = a < b ? a : b, other = a < b ? b : a;

    c->group[other] = root;
    c->next[c->last[root]] = other;
    c->last[root] = c->last[other];
    c->size[root] += c->size[other];
    if (c->clean)
        c->clean[root] |= c->clean[other];
    link_apart_join(&c->apart, root, other);
}

/* Joins what is together from the start: whatever keeps groups apart, this does not part them. */
static void join_starts(clustering *c, const pt_link_known *known, uint32_t n)
{
    for (uint32_t i = 0; known && known->start && i < n; i++) {
        uint32_t a = root_of(c, known->start[i]), b = root_of(c, i);
        if (a != b)
            join(c, a, b);
    }
}

static pt_rc prepare(clustering *c, const pt_link_records *records, const pt_link_known *known, pt_err *err)
{
    size_t n = (size_t)records->n + 1;

    c->next = pt_alloc64(n, sizeof *c->next);
    c->last = pt_alloc64(n, sizeof *c->last);
    c->size = pt_alloc64(n, sizeof *c->size);
    if (records->source && records->clean)
        c->clean = pt_alloc64(n, sizeof *c->clean);
    if (!c->next || !c->last || !c->size || (records->source && records->clean && !c->clean))
        return pt_fail_nomem(err, "groups of records");
    for (uint32_t i = 0; i < records->n; i++) {
        c->group[i] = c->next[i] = c->last[i] = i;
        c->size[i] = 1;
        if (c->clean)
            c->clean[i] = records->source[i] < 64 ? records->clean & UINT64_C(1) << records->source[i] : 0;
    }
    PT_TRY(link_apart_new(&c->apart, known, records, err));
    join_starts(c, known, records->n);
    return link_weigher_new(&c->weigher, c->model, records, err);
}

pt_rc pt_link_cluster(uint32_t *group, const pt_link_model *model, const pt_link_records *records,
                      const pt_link_known *known, pt_link_pair *pairs, size_t n, double least, pt_err *err)
{
    clustering c = {.model = model, .group = group};
    pt_rc rc = prepare(&c, records, known, err);

    if (rc == PT_OK)
        qsort(pairs, n, sizeof *pairs, strongest_first);
    for (size_t i = 0; rc == PT_OK && i < n && (double)pairs[i].weight >= least; i++) {
        uint32_t a = root_of(&c, pairs[i].a), b = root_of(&c, pairs[i].b);
        if (a != b && may_join(&c, a, b) && (c.size[a] + c.size[b] == 2 || mean_weight(&c, a, b) >= least - SLACK))
            join(&c, a, b);
    }
    for (uint32_t i = 0; rc == PT_OK && i < records->n; i++)
        group[i] = root_of(&c, i);
    link_weigher_free(c.weigher);
    free(c.next);
    free(c.last);
    free(c.size);
    free(c.clean);
    link_apart_free(&c.apart);
    return rc;
}
