/* Items near an item: over the customers who have it, how many have each other item. */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/blob.h"
#include "model/recommend.h"
#include "model/rules.h"

enum { MOST_ITEMS = 5000, TASK_ITEMS = 16 };

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "similar items");
}

void pt_neighbours_free(pt_neighbours *n)
{
    free(n->offsets);
    free(n->near);
    free(n->weights);
    *n = (pt_neighbours){0};
}

typedef struct neighbour {
    uint32_t item;
    float weight;
} neighbour;

static bool nearer(const neighbour *a, const neighbour *b)
{
    return a->weight > b->weight || (a->weight == b->weight && a->item < b->item);
}

/* The `most` nearest seen so far, the farthest on top. */
typedef struct heap {
    neighbour *all;
    size_t n, most;
} heap;

static void sink(heap *h, size_t at)
{
    for (size_t child; (child = 2 * at + 1) < h->n; at = child) {
        if (child + 1 < h->n && nearer(&h->all[child], &h->all[child + 1]))
            child++;
        if (!nearer(&h->all[at], &h->all[child]))
            return;
        neighbour x = h->all[at];
        h->all[at] = h->all[child];
        h->all[child] = x;
    }
}

static void heap_offer(heap *h, neighbour x)
{
    if (h->n == h->most) {
        if (h->most && nearer(&x, &h->all[0])) {
            h->all[0] = x;
            sink(h, 0);
        }
        return;
    }
    size_t at = h->n++;
    h->all[at] = x;
    for (size_t up; at && nearer(&h->all[up = (at - 1) / 2], &h->all[at]); at = up) {
        neighbour y = h->all[up];
        h->all[up] = h->all[at];
        h->all[at] = y;
    }
}

static int by_nearness(const void *a, const void *b)
{
    return nearer(a, b) ? -1 : nearer(b, a);
}

/* --- the pass ------------------------------------------------------------------------------------------------------------------ */

typedef struct near_job {
    const pt_owned *owned;
    const pt_neighbours_options *options;
    uint64_t *offsets; /* by item: its customers */
    uint32_t *customers;
    uint64_t n; /* customers that take part */
    unsigned workers;
    uint32_t **both;    /* by worker: customers who have the other item, too */
    uint32_t **met;     /* by worker: which other items */
    neighbour *similar; /* by item: `most` each */
    neighbour *rules;
    uint32_t *n_similar, *n_rules;
} near_job;

static void offer_item(near_job *j, heap *similar, heap *rules, uint32_t item, uint32_t other, uint32_t both)
{
    uint64_t left = j->offsets[item + 1] - j->offsets[item], right = j->offsets[other + 1] - j->offsets[other];

    if (both < j->options->min_both)
        return;
    heap_offer(similar, (neighbour){other, (float)((double)both / sqrt((double)left * (double)right))});
    neighbour rule = {other, (float)((double)both / (double)left)};
    if ((double)both * (double)j->n <= (double)left * (double)right ||
        (rules->n == rules->most && !nearer(&rule, &rules->all[0])))
        return;
    if (pt_rule_measure((pt_rule_counts){j->n, left, right, both}).p < j->options->significance)
        heap_offer(rules, rule);
}

static bool takes_part(const near_job *j, uint32_t customer)
{
    size_t most = j->options->most_items ? j->options->most_items : MOST_ITEMS;

    return j->owned->offsets[customer + 1] - j->owned->offsets[customer] <= most;
}

static void near_item(near_job *j, uint32_t item, unsigned worker)
{
    uint32_t *both = j->both[worker], *met = j->met[worker], n = 0;
    heap similar = {j->similar + (size_t)item * j->options->most, 0, j->options->most};
    heap rules = {j->rules + (size_t)item * j->options->most, 0, j->options->most};

    for (uint64_t k = j->offsets[item]; k < j->offsets[item + 1]; k++) {
        uint32_t customer = j->customers[k];
        for (uint64_t i = j->owned->offsets[customer]; i < j->owned->offsets[customer + 1]; i++) {
            uint32_t other = j->owned->items[i];
            if (!both[other]++)
                met[n++] = other;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        if (met[i] != item)
            offer_item(j, &similar, &rules, item, met[i], both[met[i]]);
        both[met[i]] = 0;
    }
    qsort(similar.all, similar.n, sizeof *similar.all, by_nearness);
    qsort(rules.all, rules.n, sizeof *rules.all, by_nearness);
    j->n_similar[item] = (uint32_t)similar.n;
    j->n_rules[item] = (uint32_t)rules.n;
}

static pt_rc near_task(void *arg, size_t task, unsigned worker, pt_err *err)
{
    near_job *j = arg;
    uint64_t end = ((uint64_t)task + 1) * TASK_ITEMS;

    (void)err;
    for (uint64_t i = (uint64_t)task * TASK_ITEMS; i < end && i < j->owned->n_items; i++)
        near_item(j, (uint32_t)i, worker);
    return PT_OK;
}

static pt_rc list_customers(near_job *j, pt_err *err)
{
    const pt_owned *o = j->owned;
    uint64_t *next = pt_zalloc((size_t)o->n_items + 1, sizeof *next);

    j->offsets = pt_zalloc((size_t)o->n_items + 1, sizeof *j->offsets);
    j->customers = pt_zalloc((size_t)o->offsets[o->n_customers] + 1, sizeof *j->customers);
    if (!next || !j->offsets || !j->customers) {
        free(next);
        return no_memory(err);
    }
    for (uint32_t u = 0; u < o->n_customers; u++)
        for (uint64_t i = o->offsets[u]; takes_part(j, u) && i < o->offsets[u + 1]; i++)
            j->offsets[o->items[i] + 1]++;
    for (uint32_t i = 0; i < o->n_items; i++)
        j->offsets[i + 1] += j->offsets[i];
    memcpy(next, j->offsets, o->n_items * sizeof *next);
    for (uint32_t u = 0; u < o->n_customers; u++) {
        j->n += takes_part(j, u);
        for (uint64_t i = o->offsets[u]; takes_part(j, u) && i < o->offsets[u + 1]; i++)
            j->customers[next[o->items[i]]++] = u;
    }
    free(next);
    return PT_OK;
}

static pt_rc make_room(near_job *j, pt_err *err)
{
    size_t items = j->owned->n_items, cells = items * j->options->most + 1;
    bool able;

    j->both = pt_zalloc(j->workers, sizeof *j->both);
    j->met = pt_zalloc(j->workers, sizeof *j->met);
    j->similar = pt_zalloc(cells, sizeof *j->similar);
    j->rules = pt_zalloc(cells, sizeof *j->rules);
    j->n_similar = pt_zalloc(items + 1, sizeof *j->n_similar);
    j->n_rules = pt_zalloc(items + 1, sizeof *j->n_rules);
    able = j->both && j->met && j->similar && j->rules && j->n_similar && j->n_rules;
    for (unsigned w = 0; able && w < j->workers; w++) {
        j->both[w] = pt_zalloc(items + 1, sizeof **j->both);
        j->met[w] = pt_zalloc(items + 1, sizeof **j->met);
        able = j->both[w] && j->met[w];
    }
    return able ? PT_OK : no_memory(err);
}

static void near_dispose(near_job *j)
{
    for (unsigned w = 0; w < j->workers; w++) {
        if (j->both)
            free(j->both[w]);
        if (j->met)
            free(j->met[w]);
    }
    free(j->both);
    free(j->met);
    free(j->offsets);
    free(j->customers);
    free(j->similar);
    free(j->rules);
    free(j->n_similar);
    free(j->n_rules);
}

static pt_rc near_of(pt_neighbours *out, const near_job *j, const neighbour *all, const uint32_t *counts, pt_err *err)
{
    uint64_t total = 0;

    for (uint32_t i = 0; i < j->owned->n_items; i++)
        total += counts[i];
    *out = (pt_neighbours){.n_items = j->owned->n_items,
                           .offsets = pt_zalloc((size_t)j->owned->n_items + 1, sizeof *out->offsets),
                           .near = pt_zalloc((size_t)total + 1, sizeof *out->near),
                           .weights = pt_zalloc((size_t)total + 1, sizeof *out->weights)};
    if (!out->offsets || !out->near || !out->weights)
        return no_memory(err);
    for (uint32_t i = 0; i < out->n_items; i++) {
        uint64_t at = out->offsets[i];
        for (uint32_t k = 0; k < counts[i]; k++, at++) {
            out->near[at] = all[(size_t)i * j->options->most + k].item;
            out->weights[at] = all[(size_t)i * j->options->most + k].weight;
        }
        out->offsets[i + 1] = at;
    }
    return PT_OK;
}

pt_rc pt_neighbours_fit(pt_neighbours *similar, pt_neighbours *rules, const pt_owned *owned,
                        const pt_neighbours_options *options, pt_err *err)
{
    near_job j = {.owned = owned, .options = options, .workers = options->pool ? pt_pool_threads(options->pool) : 1};
    size_t tasks = ((size_t)owned->n_items + TASK_ITEMS - 1) / TASK_ITEMS;

    *similar = *rules = (pt_neighbours){0};
    pt_rc rc = list_customers(&j, err);
    if (rc == PT_OK)
        rc = make_room(&j, err);
    if (rc == PT_OK && options->pool)
        rc = pt_pool_run(options->pool, tasks, near_task, &j, err);
    for (size_t i = 0; rc == PT_OK && !options->pool && i < tasks; i++)
        rc = near_task(&j, i, 0, err);
    if (rc == PT_OK)
        rc = near_of(similar, &j, j.similar, j.n_similar, err);
    if (rc == PT_OK)
        rc = near_of(rules, &j, j.rules, j.n_rules, err);
    near_dispose(&j);
    return rc;
}

/* --- bytes ----------------------------------------------------------------------------------------------------------------------- */

#define MAGIC "PNEA"
enum { VERSION = 1 };

pt_rc pt_neighbours_save(pt_str *out, const pt_neighbours *n, pt_err *err)
{
    uint64_t total = n->n_items ? n->offsets[n->n_items] : 0;

    pt_blob_begin(out, MAGIC, VERSION);
    pt_blob_put_count(out, n->n_items);
    for (uint32_t i = 0; i < n->n_items; i++) {
        uint32_t count = (uint32_t)(n->offsets[i + 1] - n->offsets[i]);
        pt_blob_put_codes(out, &count, 1);
    }
    pt_blob_put_codes(out, n->near, (size_t)total);
    pt_blob_put_floats(out, n->weights, (size_t)total);
    return pt_str_check(out, err);
}

pt_rc pt_neighbours_load(pt_neighbours *out, pt_sv bytes, uint32_t n_items, pt_err *err)
{
    pt_blob b;
    uint64_t total = 0;

    *out = (pt_neighbours){0};
    pt_blob_open(&b, bytes, MAGIC, VERSION);
    uint32_t n = (uint32_t)pt_blob_count(&b, 0, n_items);
    uint32_t *counts = pt_blob_codes(&b, n, UINT32_MAX);
    if (n != n_items && n != 0)
        pt_blob_refuse(&b);
    out->offsets = pt_zalloc((size_t)n + 1, sizeof *out->offsets);
    for (uint32_t i = 0; out->offsets && counts && i < n; i++)
        out->offsets[i + 1] = total += counts[i];
    /* More than there are bytes for is refused before memory is asked for. */
    out->near = pt_blob_codes(&b, (size_t)total, n_items ? n_items : 1);
    out->weights = pt_blob_floats(&b, (size_t)total);
    free(counts);
    pt_rc rc = pt_blob_end(&b, "recommend", err);
    if (rc == PT_OK && !out->offsets)
        rc = no_memory(err);
    out->n_items = n;
    if (rc != PT_OK)
        pt_neighbours_free(out);
    return rc;
}
