#include "link/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/roots.h"
#include "link/weigh.h"

enum { MOST_PAIRS = 4096 }; /* between two groups */

typedef struct chaining {
    const uint32_t *start;
    uint32_t n;
    pt_link_pair *pairs; /* strongest first, then those of the chain's group */
    uint32_t
        *parent; /* by record: groups while pairs are followed; then the place of the pair that led there, one more */
} chaining;

static uint32_t node_of(const chaining *c, uint32_t record)
{
    return c->start ? c->start[record] : record;
}

/* How many of the strongest pairs it takes until the two ends are connected; 0: all are not enough. Pairs of other groups are then
 * left out. */
static size_t connect(chaining *c, size_t n, uint32_t a, uint32_t b)
{
    size_t used = 0, kept = 0;

    for (uint32_t i = 0; i < c->n; i++)
        c->parent[i] = i;
    while (used < n && pt_root(c->parent, a) != pt_root(c->parent, b)) {
        uint32_t x = pt_root(c->parent, node_of(c, c->pairs[used].a)),
                 y = pt_root(c->parent, node_of(c, c->pairs[used].b));
        c->parent[x > y ? x : y] = x > y ? y : x;
        used++;
    }
    if (pt_root(c->parent, a) != pt_root(c->parent, b))
        return 0;
    for (size_t i = 0; i < used; i++)
        if (pt_root(c->parent, node_of(c, c->pairs[i].a)) == pt_root(c->parent, a))
            c->pairs[kept++] = c->pairs[i];
    return kept;
}

/* Records reached in one more step, by the strongest pair that leads there; false when there are none. */
static bool advance(chaining *c, size_t n, uint32_t *steps, uint32_t step)
{
    bool any = false;

    for (size_t i = 0; i < n; i++) {
        uint32_t x = node_of(c, c->pairs[i].a), y = node_of(c, c->pairs[i].b);
        if (steps[x] == UINT32_MAX && steps[y] == step) {
            uint32_t swap = x;
            x = y;
            y = swap;
        }
        if (steps[x] != step || steps[y] != UINT32_MAX)
            continue;
        steps[y] = step + 1;
        c->parent[y] = (uint32_t)i;
        any = true;
    }
    return any;
}

/* From the end back to the beginning, each pair turned so that it leads forward. */
static void write_back(pt_link_pair *steps, size_t n, const chaining *c, uint32_t to)
{
    for (size_t i = n; i-- > 0;) {
        pt_link_pair p = c->pairs[c->parent[to]];
        if (node_of(c, p.b) != to)
            p = (pt_link_pair){p.b, p.a, p.weight};
        steps[i] = p;
        to = node_of(c, p.a);
    }
}

static pt_rc walk(pt_link_pair **out, size_t *n_out, chaining *c, size_t n, uint32_t a, uint32_t b, pt_arena *arena,
                  pt_err *err)
{
    uint32_t *steps = pt_alloc64((size_t)c->n + 1, sizeof *steps), step = 0;

    if (!steps)
        return pt_fail_nomem(err, "a chain of records");
    for (uint32_t i = 0; i < c->n; i++)
        steps[i] = UINT32_MAX;
    steps[a] = 0;
    while (steps[b] == UINT32_MAX && advance(c, n, steps, step))
        step++;
    *n_out = steps[b] == UINT32_MAX ? 0 : steps[b];
    free(steps);
    *out = PT_NEW_ARRAY(arena, pt_link_pair, *n_out + 1);
    if (!*out)
        return pt_fail_nomem(err, "a chain of records");
    write_back(*out, *n_out, c, b);
    return PT_OK;
}

pt_rc pt_link_chain(pt_link_pair **steps, size_t *n, const uint32_t *start, uint32_t n_records,
                    const pt_link_pair *pairs, size_t n_pairs, uint32_t a, uint32_t b, pt_arena *arena, pt_err *err)
{
    chaining c = {.start = start,
                  .n = n_records,
                  .pairs = pt_alloc64(n_pairs + 1, sizeof *c.pairs),
                  .parent = pt_alloc64((size_t)n_records + 1, sizeof *c.parent)};
    pt_rc rc = c.pairs && c.parent ? PT_OK : pt_fail_nomem(err, "a chain of records");

    *steps = NULL;
    *n = 0;
    a = node_of(&c, a);
    b = node_of(&c, b);
    if (rc == PT_OK && a != b) {
        if (n_pairs)
            memcpy(c.pairs, pairs, n_pairs * sizeof *pairs);
        qsort(c.pairs, n_pairs, sizeof *c.pairs, pt_link_by_strength);
        size_t kept = connect(&c, n_pairs, a, b);
        rc = kept ? walk(steps, n, &c, kept, a, b, arena, err) : PT_OK;
    }
    free(c.pairs);
    free(c.parent);
    return rc;
}

/* --- between groups ---------------------------------------------------------------------------------------------------------- */

static uint32_t list_group(uint32_t *out, const uint32_t *group, uint32_t n, uint32_t wanted)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < n; i++)
        if (group[i] == wanted)
            out[count++] = i;
    return count;
}

static double mean_weight(link_weigher *w, const uint32_t *a, uint32_t n_a, const uint32_t *b, uint32_t n_b)
{
    uint64_t pairs = (uint64_t)n_a * n_b, step = (pairs + MOST_PAIRS - 1) / MOST_PAIRS, looked = 0;
    double sum = 0;

    for (uint64_t i = 0; i < pairs; i += step, looked++)
        sum += link_weigh(w, a[i / n_b], b[i % n_b]);
    return sum / (double)looked;
}

pt_rc pt_link_between_groups(pt_link_between *out, const pt_link_model *model, const pt_link_records *records,
                             const uint32_t *group, uint32_t a, uint32_t b, pt_err *err)
{
    uint32_t *members = pt_alloc64(2 * ((size_t)records->n + 1), sizeof *members);
    link_weigher *w = NULL;

    *out = (pt_link_between){0};
    if (!members)
        return pt_fail_nomem(err, "groups of records");
    pt_rc rc = link_weigher_new(&w, model, records, err);
    if (rc == PT_OK) {
        out->n_a = list_group(members, group, records->n, group[a]);
        out->n_b = list_group(members + records->n, group, records->n, group[b]);
        out->mean = mean_weight(w, members, out->n_a, members + records->n, out->n_b);
    }
    link_weigher_free(w);
    free(members);
    return rc;
}

pt_rc pt_link_weigh_all(double *weights, const pt_link_model *model, const pt_link_records *records, const uint32_t *a,
                        size_t n_a, const uint32_t *b, size_t n_b, pt_err *err)
{
    link_weigher *w;

    PT_TRY(link_weigher_new(&w, model, records, err));
    for (size_t i = 0; i < n_a * n_b; i++)
        weights[i] = link_weigh(w, a[i / n_b], b[i % n_b]);
    link_weigher_free(w);
    return PT_OK;
}
