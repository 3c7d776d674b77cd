/* Groups of records by average linkage (Sokal and Michener 1958) over the weights of pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/roots.h"
#include "link/apart.h"
#include "link/sort.h"
#include "link/weigh.h"

/* The most, in bits, that the pairs between two groups may have against each other on the mean, where the mean is not
 * likely itself. Who lives together shares a name, an address and a phone: the more records there are, the rarer those
 * are and the more such pairs weigh, while given names and birth dates speak against them as much as ever. */
#define MOST_AGAINST 7.0

enum { MOST_PAIRS = 4096 }; /* between two groups; of larger ones a part is looked at, evenly spread */

/* Two groups that were not joined: until one of them grows, the next pair between them finds the same. */
typedef struct refused {
    uint32_t a, b, size_a, size_b;
} refused;

enum { REFUSED_LOG2 = 14, REFUSED = 1 << REFUSED_LOG2 };

typedef struct clustering {
    const pt_link_model *model;
    link_weigher *weigher;
    uint32_t *group;       /* by record: the root's number, through parents */
    uint32_t *next, *last; /* members of a group as a list: next of a record, last of a root */
    uint32_t *size;        /* of a root */
    uint64_t *clean;       /* of a root: the clean sources that it has records of; NULL: there are none */
    link_apart apart;
    struct refused *refused;
} clustering;

/* Falling weights as rising numbers. */
static uint32_t falling(float weight)
{
    uint32_t bits;

    memcpy(&bits, &weight, sizeof bits);
    return bits & 0x80000000 ? bits : ~bits & 0x7FFFFFFF;
}

static void put_in_order(pt_link_pair *pairs, const pt_link_pair *copy, link_entry **from, link_entry **to, size_t n)
{
    for (size_t i = 0; i < n; i++)
        (*from)[i] = (link_entry){(uint64_t)pairs[i].a << 32 | pairs[i].b, (uint32_t)i};
    link_sort(from, to, n);
    for (size_t i = 0; i < n; i++)
        (*from)[i].key = falling(pairs[(*from)[i].value].weight);
    link_sort(from, to, n);
    for (size_t i = 0; i < n; i++)
        pairs[i] = copy[(*from)[i].value];
}

/* Strongest first, of equal ones by records. */
static pt_rc sort_pairs(pt_link_pair *pairs, size_t n, pt_err *err)
{
    link_entry *from = pt_alloc64(n + 1, sizeof *from), *to = pt_alloc64(n + 1, sizeof *to);
    pt_link_pair *copy = pt_alloc64(n + 1, sizeof *copy);
    bool room = n <= UINT32_MAX && from && to && copy;

    if (room) {
        if (n)
            memcpy(copy, pairs, n * sizeof *pairs);
        put_in_order(pairs, copy, &from, &to, n);
    }
    free(from);
    free(to);
    free(copy);
    return room ? PT_OK : pt_fail_nomem(err, "groups of records");
}

/* Of the pairs between two groups, on the mean. */
typedef struct opinion {
    double weight, against; /* bits */
} opinion;

static opinion opinion_of(const clustering *c, uint32_t a, uint32_t b)
{
    uint64_t pairs = (uint64_t)c->size[a] * c->size[b], step = (pairs + MOST_PAIRS - 1) / MOST_PAIRS, at = 0,
             looked = 0;
    opinion sum = {0};
    double against;

    for (uint32_t x = a;; x = c->next[x]) {
        for (uint32_t y = b;; y = c->next[y]) {
            if (at++ % step == 0) {
                sum.weight += link_weigh_both(&against, c->weigher, x, y);
                sum.against += against;
                looked++;
            }
            if (y == c->last[b])
                break;
        }
        if (x == c->last[a])
            break;
    }
    return (opinion){sum.weight / (double)looked, sum.against / (double)looked};
}

static bool speaks_for(const clustering *c, uint32_t a, uint32_t b, double least)
{
    refused now = a < b ? (refused){a, b, c->size[a], c->size[b]} : (refused){b, a, c->size[b], c->size[a]};
    refused *place = &c->refused[pt_mix64((uint64_t)now.a << 32 | now.b) >> (64 - REFUSED_LOG2)];

    if (c->size[a] + c->size[b] == 2)
        return true;
    if (memcmp(place, &now, sizeof now) == 0)
        return false;
    opinion o = opinion_of(c, a, b);
    if (o.weight >= least && (o.weight >= 0 || o.against >= -MOST_AGAINST))
        return true;
    *place = now;
    return false;
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
            if (pt_root(c->group, k->partner[i]) == other)
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
        uint32_t a = pt_root(c->group, known->start[i]), b = pt_root(c->group, i);
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
    c->refused = pt_zalloc(REFUSED, sizeof *c->refused);
    if (!c->next || !c->last || !c->size || !c->refused || (records->source && records->clean && !c->clean))
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
    double enough = fmin(least, log2(model->prior / (1 - model->prior)) / 2);
    pt_rc rc = prepare(&c, records, known, err);

    if (rc == PT_OK)
        rc = sort_pairs(pairs, n, err);
    for (size_t i = 0; rc == PT_OK && i < n && (double)pairs[i].weight >= least; i++) {
        uint32_t a = pt_root(c.group, pairs[i].a), b = pt_root(c.group, pairs[i].b);
        if (a != b && may_join(&c, a, b) && speaks_for(&c, a, b, enough))
            join(&c, a, b);
    }
    for (uint32_t i = 0; rc == PT_OK && i < records->n; i++)
        group[i] = pt_root(c.group, i);
    link_weigher_free(c.weigher);
    free(c.next);
    free(c.last);
    free(c.size);
    free(c.clean);
    free(c.refused);
    link_apart_free(&c.apart);
    return rc;
}
