#include "link/compete.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/score.h"

/* Pairs from this weight on make the persons that others compete for. */
#define SETTLED 6.0
/* The most that having a partner in all likelihood may add. */
#define MOST_GAIN 6.0
/* Pairs from this weight on compete, whichever are asked for: one to nine. More of them change little, and are dear to find. */
#define HEARD (-3.0)
/* Candidates below this, in bits and with what having a partner adds, are no competition. */
#define FAINT (-5.0)

/* Weights are rounded to floats, by far fewer bits than this: pairs that may be on either side of a bound are scored. */
#define ROUNDING 0.001

enum { MOST_RIVALS = 16 };     /* groups that are asked for a record */
enum { PART_PAIRS = 1 << 12 }; /* weighed at a time */

typedef struct neighbour {
    uint32_t record;
    float weight;
} neighbour;

typedef struct competition {
    const link_scale *scale;
    link_comparer **comparers; /* by worker */
    uint32_t *group,
        *size;        /* by record: its group before anyone competes; of a group's first record: how many it has */
    uint64_t *starts; /* by record, n + 1: its neighbours, the likeliest first */
    neighbour *neighbours;
    double gain;  /* of records that are alone so far */
    double least; /* bits that pairs are to have in the end */
    pt_link_pair *pairs;
    size_t n;
    float *weights; /* by pair: after competition */
} competition;

static int likeliest_first(const void *p, const void *q)
{
    const neighbour *x = p, *y = q;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return (x->record > y->record) - (x->record < y->record);
}

static bool is_heard(const pt_link_pair *p)
{
    return (double)p->weight >= HEARD;
}

static pt_rc find_neighbours(competition *c, pt_err *err)
{
    uint32_t n = c->scale->records->n;
    uint64_t heard = 0;

    c->starts = pt_zalloc((size_t)n + 2, sizeof *c->starts);
    for (size_t i = 0; c->starts && i < c->n; i++)
        if (is_heard(&c->pairs[i]))
            c->starts[c->pairs[i].a + 2]++, c->starts[c->pairs[i].b + 2]++, heard++;
    c->neighbours = pt_alloc64(2 * heard + 1, sizeof *c->neighbours);
    if (!c->starts || !c->neighbours)
        return pt_fail_nomem(err, "pairs of records");
    for (uint32_t r = 2; r <= n; r++)
        c->starts[r] += c->starts[r - 1];
    for (size_t i = 0; i < c->n; i++) {
        const pt_link_pair *p = &c->pairs[i];
        if (!is_heard(p))
            continue;
        c->neighbours[c->starts[p->a + 1]++] = (neighbour){p->b, p->weight};
        c->neighbours[c->starts[p->b + 1]++] = (neighbour){p->a, p->weight};
    }
    for (uint32_t r = 0; r < n; r++)
        qsort(c->neighbours + c->starts[r], c->starts[r + 1] - c->starts[r], sizeof *c->neighbours, likeliest_first);
    return PT_OK;
}

static pt_rc find_groups(competition *c, const pt_link_known *known, pt_pool *pool, pt_err *err)
{
    uint32_t n = c->scale->records->n;

    c->group = pt_alloc64((uint64_t)n + 1, sizeof *c->group);
    c->size = pt_zalloc((size_t)n + 1, sizeof *c->size);
    if (!c->group || !c->size)
        return pt_fail_nomem(err, "pairs of records");
    PT_TRY(pt_link_cluster(c->group, c->scale->model, c->scale->records, known, c->pairs, c->n, SETTLED, pool, err));
    for (uint32_t r = 0; r < n; r++)
        c->size[c->group[r]]++;
    return PT_OK;
}

/* The odds of being of one certain person rather than of none, against the odds of being of one person with one certain record. */
static double find_gain(const competition *c, double prior)
{
    double alone = 0, persons = 0;

    for (uint32_t r = 0; r < c->scale->records->n; r++) {
        double none = 1;
        for (uint64_t i = c->starts[r]; i < c->starts[r + 1]; i++)
            none *= 1 - pt_link_probability((double)c->neighbours[i].weight);
        alone += none;
        persons += c->group[r] == r;
    }
    double share = fmin(fmax(alone / c->scale->records->n, 1e-6), 1 - 1e-6);
    return fmin(fmax(log2((1 - share) / persons / (share * prior)), 0), MOST_GAIN);
}

/* Whether what speaks against b and a neighbour of a being one person outweighs what speaks for that neighbour. Most that are one are
 * neighbours themselves; of the others a bound tells. */
static bool are_two(const competition *c, link_comparer *comparer, uint32_t b, const neighbour *other)
{
    double weight, least = -(double)other->weight;

    for (uint64_t i = c->starts[b]; i < c->starts[b + 1] && (double)c->neighbours[i].weight > least; i++)
        if (c->neighbours[i].record == other->record)
            return false;
    return !link_bounds_weigh(&weight, c->scale->bounds, comparer, b, other->record, least);
}

/* The odds, summed, of groups other than b's that a may belong to while b does not. What is beyond `most` is not summed to the end. */
static double rivals(const competition *c, link_comparer *comparer, uint32_t a, uint32_t b, double gain, double most)
{
    uint32_t met[MOST_RIVALS];
    size_t n = 0;
    double sum = 0;

    for (uint64_t i = c->starts[a]; i < c->starts[a + 1] && n < MOST_RIVALS && sum <= most; i++) {
        const neighbour *other = &c->neighbours[i];
        uint32_t group = c->group[other->record];
        bool known = group == c->group[b];
        if ((double)other->weight + gain < FAINT)
            break;
        for (size_t k = 0; k < n; k++)
            known |= met[k] == group;
        if (known)
            continue;
        met[n++] = group;
        if (are_two(c, comparer, b, other))
            sum += exp2((double)other->weight + gain);
    }
    return sum;
}

static pt_rc compete_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    competition *c = arg;
    size_t first = part * PART_PAIRS, end = c->n - first < PART_PAIRS ? c->n : first + PART_PAIRS;

    (void)err;
    for (size_t i = first; i < end; i++) {
        uint32_t a = c->pairs[i].a, b = c->pairs[i].b;
        c->weights[i] = c->pairs[i].weight;
        if (c->group[a] == c->group[b])
            continue;
        double gain = c->size[c->group[a]] == 1 || c->size[c->group[b]] == 1 ? c->gain : 0;
        c->weights[i] = (float)((double)c->pairs[i].weight + gain);
        if ((double)c->weights[i] < c->least) /* and rivals make it no more */
            continue;
        double most = exp2((double)c->pairs[i].weight + gain - c->least + ROUNDING);
        double against = rivals(c, c->comparers[worker], a, b, gain, most);
        against += rivals(c, c->comparers[worker], b, a, gain, most - against);
        c->weights[i] = (float)((double)c->pairs[i].weight + gain - log2(1 + against));
    }
    return PT_OK;
}

static pt_rc weigh_again(competition *c, pt_pool *pool, pt_err *err)
{
    unsigned workers = pt_pool_threads(pool);
    bool room;

    c->weights = pt_alloc64(c->n + 1, sizeof *c->weights);
    c->comparers = pt_zalloc(workers, sizeof(link_comparer *));
    room = c->weights && c->comparers;
    for (unsigned i = 0; room && i < workers; i++)
        room = (c->comparers[i] = link_comparer_new(c->scale->model, c->scale->records)) != NULL;
    pt_rc rc = room ? pt_pool_run(pool, (c->n + PART_PAIRS - 1) / PART_PAIRS, compete_part, c, err)
                    : pt_fail_nomem(err, "pairs of records");
    for (unsigned i = 0; c->comparers && i < workers; i++)
        link_comparer_free(c->comparers[i]);
    free(c->comparers);
    return rc;
}

/* Scores all pairs that may have `least` bits in the end, and those that compete. How much a partner adds is known only then. */
static pt_rc find_pairs(competition *c, pt_link_blocks *blocks, const pt_link_known *known, pt_pool *pool, pt_err *err)
{
    double from = (c->least < HEARD ? c->least - MOST_GAIN : HEARD) - ROUNDING;

    PT_TRY(link_score_pairs(&c->pairs, &c->n, c->scale, blocks, from, pool, err));
    PT_TRY(find_neighbours(c, err));
    PT_TRY(find_groups(c, known, pool, err));
    c->gain = find_gain(c, c->scale->model->prior);
    if (c->least - c->gain - ROUNDING >= from)
        return PT_OK;
    free(c->pairs);
    return link_score_pairs(&c->pairs, &c->n, c->scale, blocks, c->least - c->gain - ROUNDING, pool, err);
}

/* Those with enough bits after competition; returns how many. */
static size_t keep_strong(competition *c)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->n; i++)
        if ((double)c->weights[i] >= c->least)
            c->pairs[kept++] = (pt_link_pair){c->pairs[i].a, c->pairs[i].b, c->weights[i]};
    return kept;
}

pt_rc pt_link_propose(pt_link_pair **pairs, size_t *n, const pt_link_model *model, const pt_link_records *records,
                      pt_link_blocks *blocks, const pt_link_known *known, double least, pt_pool *pool, pt_err *err)
{
    link_scale *scale;

    *pairs = NULL;
    PT_TRY(link_scale_new(&scale, model, records, pool, err));
    competition c = {.scale = scale, .least = least};
    pt_rc rc = find_pairs(&c, blocks, known, pool, err);
    if (rc == PT_OK)
        rc = weigh_again(&c, pool, err);
    if (rc == PT_OK) {
        *n = keep_strong(&c);
        *pairs = c.pairs;
    } else {
        free(c.pairs);
    }
    free(c.group);
    free(c.size);
    free(c.starts);
    free(c.neighbours);
    free(c.weights);
    link_scale_free(scale);
    return rc;
}
