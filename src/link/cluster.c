/* Groups of records by average linkage (Sokal and Michener 1958) over the weights of pairs. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pool_stop.h"
#include "base/roots.h"
#include "link/against.h"
#include "link/apart.h"
#include "link/components.h"
#include "link/parts.h"
#include "link/weigh.h"

enum { MOST_PAIRS = 4096 }; /* between two groups; of larger ones a part is looked at, evenly spread */

/* Two groups that were not joined: until one of them grows, the next pair between them finds the same. */
typedef struct refused {
    uint32_t a, b, size_a, size_b;
} refused;

enum { REFUSED_LOG2 = 10, REFUSED = 1 << REFUSED_LOG2 };

/* One thread's. */
typedef struct worker {
    link_weigher *weigher;
    refused *refused;
} worker;

/* Components are worked on by several threads: of records of other components nothing is read that changes. */
typedef struct clustering {
    const pt_link_model *model;
    const pt_pool *pool; /* NULL: the caller's thread does all */
    link_components components;
    double least; /* the mean weight of the pairs between two groups that are joined */
    /* What they have against each other on the mean, at most, where the mean is not likely itself. Who lives together shares a name,
     * an address and a phone: the more records there are, the rarer those are and the more such pairs weigh, while given names and
     * birth dates speak against them as much as ever. */
    double most_against;
    worker *workers;
    uint64_t *parts; /* where parts of the components begin */
    size_t n_parts;
    uint32_t *group;       /* by record: the root's number, through parents */
    uint32_t *next, *last; /* members of a group as a list: next of a record, last of a root */
    uint32_t *size;        /* of a root */
    uint64_t *clean;       /* of a root: the clean sources that it has records of; NULL: there are none */
    link_apart apart;
} clustering;

/* Of the pairs between two groups, on the mean. */
typedef struct opinion {
    double weight, against; /* bits */
} opinion;

static opinion opinion_of(const clustering *c, link_weigher *weigher, uint32_t a, uint32_t b)
{
    uint64_t pairs = (uint64_t)c->size[a] * c->size[b], step = (pairs + MOST_PAIRS - 1) / MOST_PAIRS, at = 0,
             looked = 0;
    opinion sum = {0};
    double against;

    for (uint32_t x = a;; x = c->next[x]) {
        for (uint32_t y = b;; y = c->next[y]) {
            if (at++ % step == 0) {
                sum.weight += link_weigh_both(&against, weigher, x, y);
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

/* The smaller root comes first: which pairs of large groups are looked at does not depend on which record of a pair led to them. */
static bool speaks_for(const clustering *c, const worker *w, uint32_t a, uint32_t b)
{
    refused now = a < b ? (refused){a, b, c->size[a], c->size[b]} : (refused){b, a, c->size[b], c->size[a]};
    refused *place = &w->refused[pt_mix64((uint64_t)now.a << 32 | now.b) >> (64 - REFUSED_LOG2)];

    if (c->size[a] + c->size[b] == 2)
        return true;
    if (memcmp(place, &now, sizeof now) == 0)
        return false;
    opinion o = opinion_of(c, w->weigher, now.a, now.b);
    if (o.weight >= c->least && (o.weight >= 0 || o.against >= c->most_against))
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
    const uint32_t *component = c->components.of;
    for (uint32_t x = few;; x = c->next[x]) {
        for (uint64_t i = k->first[x]; i < k->first[x + 1]; i++)
            if (component[k->partner[i]] == component[x] && pt_root(c->group, k->partner[i]) == other)
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

/* --- all components ---------------------------------------------------------------------------------------------------------- */

enum { PART_PAIRS = 1 << 12 };

/* Parts of whole components. */
static pt_rc cut_parts(clustering *c, pt_err *err)
{
    const link_components *x = &c->components;
    uint64_t held = 0;

    if (!(c->parts = pt_alloc64(x->starts[x->n] / PART_PAIRS + 2, sizeof *c->parts)))
        return pt_fail_nomem(err, "groups of records");
    for (uint32_t i = 0; i < x->n; i++) {
        if (!held)
            c->parts[c->n_parts++] = i;
        held += x->starts[i + 1] - x->starts[i];
        held = held < PART_PAIRS ? held : 0;
    }
    c->parts[c->n_parts] = x->n;
    return PT_OK;
}

/* Strongest first, of equal ones by records. Most components have a few pairs. */
static void sort_pairs(pt_link_pair *pairs, size_t n)
{
    enum { FEW = 12 };

    if (n > FEW) {
        qsort(pairs, n, sizeof *pairs, pt_link_by_strength);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        pt_link_pair pair = pairs[i];
        size_t at = i;
        for (; at > 0 && pt_link_by_strength(&pairs[at - 1], &pair) > 0; at--)
            pairs[at] = pairs[at - 1];
        pairs[at] = pair;
    }
}

enum { LOOK_UP = 256 }; /* pairs of a component after which a request to stop is looked for */

static pt_rc follow_pairs(clustering *c, const worker *w, pt_link_pair *pairs, size_t n, pt_err *err)
{
    sort_pairs(pairs, n);
    for (size_t i = 0; i < n; i++) {
        if (i % LOOK_UP == LOOK_UP - 1)
            PT_TRY(pt_pool_check(c->pool, err));
        uint32_t a = pt_root(c->group, pairs[i].a), b = pt_root(c->group, pairs[i].b);
        if (a != b && may_join(c, a, b) && speaks_for(c, w, a, b))
            join(c, a, b);
    }
    return PT_OK;
}

static pt_rc follow_part(void *arg, size_t part, unsigned number, pt_err *err)
{
    clustering *c = arg;
    const link_components *x = &c->components;

    for (uint64_t i = c->parts[part]; i < c->parts[part + 1]; i++)
        PT_TRY(follow_pairs(c, &c->workers[number], x->pairs + x->starts[i], x->starts[i + 1] - x->starts[i], err));
    return PT_OK;
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
    return cut_parts(c, err);
}

/* Weighers share what the first of them has found. */
static pt_rc make_workers(clustering *c, unsigned n, const pt_link_records *records, pt_err *err)
{
    if (!(c->workers = pt_zalloc(n, sizeof *c->workers)))
        return pt_fail_nomem(err, "groups of records");
    for (unsigned i = 0; i < n; i++) {
        worker *w = &c->workers[i];
        if (!(w->refused = pt_zalloc(REFUSED, sizeof *w->refused)))
            return pt_fail_nomem(err, "groups of records");
        PT_TRY(i ? link_weigher_share(&w->weigher, c->workers[0].weigher, err)
                 : link_weigher_new(&w->weigher, c->model, records, err));
    }
    return PT_OK;
}

static void free_clustering(clustering *c, unsigned workers)
{
    for (unsigned i = workers; c->workers && i-- > 0;) {
        link_weigher_free(c->workers[i].weigher);
        free(c->workers[i].refused);
    }
    free(c->workers);
    free(c->parts);
    free(c->next);
    free(c->last);
    free(c->size);
    free(c->clean);
    link_apart_free(&c->apart);
    link_components_free(&c->components);
}

pt_rc pt_link_cluster(uint32_t *group, const pt_link_model *model, const pt_link_records *records,
                      const pt_link_known *known, const pt_link_pair *pairs, size_t n, double least, pt_pool *pool,
                      pt_err *err)
{
    clustering c = {.model = model, .pool = pool, .group = group};
    unsigned workers = pool ? pt_pool_threads(pool) : 1;

    c.least = fmin(least, log2(model->prior / (1 - model->prior)) / 2);
    c.most_against = link_most_against(model);
    pt_rc rc = link_components_find(&c.components, records->n, known ? known->start : NULL, pairs, n, least, err);
    if (rc == PT_OK)
        rc = prepare(&c, records, known, err);
    if (rc == PT_OK)
        rc = make_workers(&c, workers, records, err);
    if (rc == PT_OK)
        rc = link_in_parts(pool, c.n_parts, follow_part, &c, err);
    for (uint32_t i = 0; rc == PT_OK && i < records->n; i++)
        group[i] = pt_root(group, i);
    free_clustering(&c, workers);
    return rc;
}
