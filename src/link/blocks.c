#include "link/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/compare.h"

/* A part of a walk has about as many pairs. */
enum { PART_PAIRS = 1 << 16 };

typedef struct entry {
    uint64_t key;
    uint32_t record;
} entry;

/* Blocks [block, end_block) of a rule; of each the pairs whose first record is one of its rows [first, end): all rows, but where a
 * part is a piece of one block. */
typedef struct part {
    uint32_t rule;
    uint32_t first, end;
    uint64_t block, end_block;
} part;

typedef struct sorted_rule {
    uint32_t *order;  /* records, by key, then by number */
    uint64_t *blocks; /* where each begins; n_blocks + 1 */
    uint64_t *block_keys;
    uint64_t n_blocks;
    /* By record, those of crowded blocks left out: of the rule, or `own` copies. */
    const uint64_t *starts, *keys;
    uint64_t *own_starts, *own_keys;
    bool single; /* no record has two keys */
    part *parts;
    size_t n_parts, cap_parts;
    pt_link_block_report report;
} sorted_rule;

struct pt_link_blocks {
    const pt_link_records *records;
    const pt_link_rule *rules;
    size_t n_rules;
    uint64_t largest;
    sorted_rule sorted[PT_LINK_RULES_MAX];
};

/* --- sorting ----------------------------------------------------------------------------------------------------------------- */

enum { DIGIT = 11, DIGITS = (64 + DIGIT - 1) / DIGIT };

/* Stable, by key, least digit first. A digit that all keys share is passed over. */
static void sort_entries(entry **from, entry **to, uint64_t n)
{
    static const uint64_t mask = (1 << DIGIT) - 1;
    uint64_t counts[DIGITS][1 << DIGIT] = {0};

    for (uint64_t i = 0; i < n; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            counts[d][(*from)[i].key >> (d * DIGIT) & mask]++;
    for (unsigned d = 0; d < DIGITS; d++) {
        uint64_t at = 0;
        if (n && counts[d][(*from)[0].key >> (d * DIGIT) & mask] == n)
            continue;
        for (size_t v = 0; v <= mask; v++) {
            uint64_t count = counts[d][v];
            counts[d][v] = at;
            at += count;
        }
        for (uint64_t i = 0; i < n; i++)
            (*to)[counts[d][(*from)[i].key >> (d * DIGIT) & mask]++] = (*from)[i];
        entry *swap = *from;
        *from = *to, *to = swap;
    }
}

static uint64_t pairs_of(uint64_t n)
{
    return n * (n - 1) / 2;
}

/* Blocks of the sorted entries; those of one record are left out, and those that are too large, whose keys are gathered at the
 * front of `crowded`. */
static void cut_blocks(sorted_rule *s, const entry *entries, uint64_t n, uint64_t largest, uint64_t *crowded)
{
    uint64_t kept = 0;

    for (uint64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && entries[end].key == entries[i].key;)
            end++;
        if (end - i < 2)
            continue;
        if (largest && end - i > largest) {
            crowded[s->report.crowded++] = entries[i].key;
            s->report.left_out += pairs_of(end - i);
            continue;
        }
        s->block_keys[s->n_blocks] = entries[i].key;
        s->blocks[s->n_blocks++] = kept;
        for (uint64_t k = i; k < end; k++)
            s->order[kept++] = entries[k].record;
        s->report.pairs += pairs_of(end - i);
        s->report.largest = end - i > s->report.largest ? end - i : s->report.largest;
    }
    s->blocks[s->n_blocks] = kept;
    s->report.blocks = s->n_blocks;
}

/* The rule's keys without those of crowded blocks: a pair that only such a block has is not met there, so a later rule may have
 * it. */
static bool leave_out_crowded(sorted_rule *s, const pt_link_rule *r, uint32_t n, const uint64_t *crowded)
{
    uint64_t kept = 0;

    s->own_starts = pt_alloc64((size_t)n + 1, sizeof *s->own_starts);
    s->own_keys = pt_alloc64(r->starts[n] + 1, sizeof *s->own_keys);
    if (!s->own_starts || !s->own_keys)
        return false;
    for (uint32_t i = 0; i < n; i++) {
        s->own_starts[i] = kept;
        for (uint64_t k = r->starts[i]; k < r->starts[i + 1]; k++)
            if (!bsearch(&r->keys[k], crowded, s->report.crowded, sizeof *crowded, pt_compare_u64))
                s->own_keys[kept++] = r->keys[k];
    }
    s->own_starts[n] = kept;
    s->starts = s->own_starts;
    s->keys = s->own_keys;
    return true;
}

static bool add_part(sorted_rule *s, part p)
{
    if (!pt_grow(&s->parts, &s->cap_parts, s->n_parts + 1, sizeof *s->parts))
        return false;
    s->parts[s->n_parts++] = p;
    return true;
}

/* A block of many pairs is cut by its first records: row i has size - 1 - i pairs. */
static bool add_pieces(sorted_rule *s, uint32_t rule, uint64_t block)
{
    uint64_t size = s->blocks[block + 1] - s->blocks[block], held = 0;
    uint32_t first = 0;

    for (uint32_t i = 0; i + 1 < size; i++) {
        held += size - 1 - i;
        if (held < PART_PAIRS && i + 2 < size)
            continue;
        if (!add_part(s, (part){rule, first, i + 1, block, block + 1}))
            return false;
        first = i + 1;
        held = 0;
    }
    return true;
}

static bool make_parts(sorted_rule *s, uint32_t rule)
{
    uint64_t first = 0, held = 0;

    for (uint64_t b = 0; b < s->n_blocks; b++) {
        uint64_t pairs = pairs_of(s->blocks[b + 1] - s->blocks[b]);
        if (held && held + pairs > PART_PAIRS) {
            if (!add_part(s, (part){rule, 0, UINT32_MAX, first, b}))
                return false;
            held = 0;
        }
        first = held ? first : b;
        if (pairs > PART_PAIRS) {
            if (!add_pieces(s, rule, b))
                return false;
            continue;
        }
        held += pairs;
    }
    return !held || add_part(s, (part){rule, 0, UINT32_MAX, first, s->n_blocks});
}

static pt_rc sort_rule(void *arg, size_t rule, unsigned worker, pt_err *err)
{
    pt_link_blocks *b = arg;
    const pt_link_rule *r = &b->rules[rule];
    sorted_rule *s = &b->sorted[rule];
    uint64_t n = r->starts[b->records->n];
    entry *from = pt_alloc64(n + 1, sizeof *from), *to = pt_alloc64(n + 1, sizeof *to);
    pt_rc rc = PT_OK;

    (void)worker;
    s->single = true;
    s->starts = r->starts;
    s->keys = r->keys;
    s->order = pt_alloc64(n + 1, sizeof *s->order);
    s->blocks = pt_alloc64(n / 2 + 2, sizeof *s->blocks);
    s->block_keys = pt_alloc64(n / 2 + 2, sizeof *s->block_keys);
    if (from && to && s->order && s->blocks && s->block_keys) {
        for (uint32_t i = 0; i < b->records->n; i++) {
            s->single &= r->starts[i + 1] - r->starts[i] <= 1;
            for (uint64_t k = r->starts[i]; k < r->starts[i + 1]; k++)
                from[k] = (entry){r->keys[k], i};
        }
        sort_entries(&from, &to, n);
        uint64_t *crowded = (uint64_t *)to; /* the sorted entries are in `from` */
        cut_blocks(s, from, n, b->largest, crowded);
        if (!make_parts(s, (uint32_t)rule) || (s->report.crowded && !leave_out_crowded(s, r, b->records->n, crowded)))
            rc = pt_fail_nomem(err, "blocks of records");
    } else {
        rc = pt_fail_nomem(err, "blocks of records");
    }
    free(from);
    free(to);
    return rc;
}

pt_rc pt_link_blocks_new(pt_link_blocks **out, const pt_link_records *records, const pt_link_rule *rules,
                         size_t n_rules, uint64_t largest, pt_pool *pool, pt_err *err)
{
    pt_link_blocks *b = pt_zalloc(1, sizeof *b);

    *out = NULL;
    if (!b)
        return pt_fail_nomem(err, "blocks of records");
    *b = (pt_link_blocks){.records = records, .rules = rules, .n_rules = n_rules, .largest = largest};
    pt_rc rc = n_rules > PT_LINK_RULES_MAX
                   ? pt_fail(err, PT_EINVAL, "there may be %d blocking rules, not %zu", PT_LINK_RULES_MAX, n_rules)
                   : pt_pool_run(pool, n_rules, sort_rule, b, err);
    if (rc == PT_OK)
        *out = b;
    else
        pt_link_blocks_free(b);
    return rc;
}

void pt_link_blocks_free(pt_link_blocks *b)
{
    if (!b)
        return;
    for (size_t r = 0; r < b->n_rules && r < PT_LINK_RULES_MAX; r++) {
        free(b->sorted[r].order);
        free(b->sorted[r].blocks);
        free(b->sorted[r].block_keys);
        free(b->sorted[r].parts);
        free(b->sorted[r].own_starts);
        free(b->sorted[r].own_keys);
    }
    free(b);
}

size_t link_blocks_rules(const pt_link_blocks *b)
{
    return b->n_rules;
}

const pt_link_rule *link_blocks_rule(const pt_link_blocks *b, size_t rule)
{
    return &b->rules[rule];
}

const pt_link_block_report *pt_link_blocks_report(const pt_link_blocks *b, size_t rule)
{
    return &b->sorted[rule].report;
}

/* --- walking ----------------------------------------------------------------------------------------------------------------- */

/* One worker's copies of a block's rows. */
typedef struct rows {
    uint32_t *codes; /* by row: the record's number, then its codes */
    uint64_t *keys;  /* by row: its keys in earlier rules, 0 for none, where each has one at most */
    size_t cap_codes, cap_keys;
} rows;

typedef struct walking {
    const link_walk *walk;
    rows *by_worker;
    uint64_t *new_pairs; /* by part */
    size_t width;        /* of a row of codes */
} walking;

static const part *find_part(const link_walk *w, size_t index)
{
    for (size_t r = w->first_rule; r < w->end_rule; r++) {
        if (index < w->blocks->sorted[r].n_parts)
            return &w->blocks->sorted[r].parts[index];
        index -= w->blocks->sorted[r].n_parts;
    }
    return NULL;
}

size_t link_walk_parts(const link_walk *w)
{
    size_t n = 0;

    for (size_t r = w->first_rule; r < w->end_rule; r++)
        n += w->blocks->sorted[r].n_parts;
    return n;
}

/* The rows of records order[0 .. n) beside each other: their blocks lie anywhere, their pairs are many. */
static bool copy_rows(rows *to, const walking *w, const part *p, const uint32_t *order, uint64_t n)
{
    const pt_link_blocks *b = w->walk->blocks;
    size_t earlier = w->walk->alone ? 0 : p->rule;

    if (!pt_grow(&to->codes, &to->cap_codes, n * w->width, sizeof *to->codes) ||
        !pt_grow(&to->keys, &to->cap_keys, n * earlier + 1, sizeof *to->keys))
        return false;
    for (uint64_t i = 0; i < n; i++) {
        uint32_t record = order[i], *codes = to->codes + i * w->width;
        codes[0] = record;
        for (size_t k = 0; k + 1 < w->width; k++)
            codes[k + 1] = b->records->columns[w->walk->model->comparisons[k].column].codes[record];
        for (size_t r = 0; r < earlier; r++) {
            const sorted_rule *s = &b->sorted[r];
            to->keys[i * earlier + r] = s->starts[record] < s->starts[record + 1] ? s->keys[s->starts[record]] : 0;
        }
    }
    return true;
}

/* Whether two rising lists of keys have one below `limit` in common. */
static bool share_key(const sorted_rule *s, uint32_t a, uint32_t b, uint64_t limit)
{
    uint64_t i = s->starts[a], j = s->starts[b];

    while (i < s->starts[a + 1] && j < s->starts[b + 1] && s->keys[i] < limit) {
        if (s->keys[i] == s->keys[j])
            return true;
        if (s->keys[i] < s->keys[j])
            i++;
        else
            j++;
    }
    return false;
}

/* Whether an earlier rule has the pair. `keys` are those of copy_rows. */
static bool is_met(const pt_link_blocks *b, size_t earlier, const uint64_t *keys_a, const uint64_t *keys_b, uint32_t a,
                   uint32_t other)
{
    for (size_t r = 0; r < earlier; r++)
        if (keys_a[r] && keys_b[r] &&
            (keys_a[r] == keys_b[r] || (!b->sorted[r].single && share_key(&b->sorted[r], a, other, UINT64_MAX))))
            return true;
    return false;
}

typedef struct pair_walk {
    const walking *w;
    const part *p;
    size_t index; /* of the part */
    unsigned worker;
    uint64_t key; /* of the block */
} pair_walk;

static uint64_t walk_block(const pair_walk *x, const rows *r, uint32_t first, uint32_t end, uint32_t n)
{
    const link_walk *walk = x->w->walk;
    const sorted_rule *s = &walk->blocks->sorted[x->p->rule];
    size_t width = x->w->width, earlier = walk->alone ? 0 : x->p->rule;
    uint64_t met = 0;

    for (uint32_t i = first; i < end; i++) {
        const uint32_t *a = r->codes + i * width;
        for (uint32_t j = i + 1; j < n; j++) {
            const uint32_t *b = r->codes + j * width;
            if (!pt_link_comparable(walk->blocks->records, a[0], b[0]) ||
                is_met(walk->blocks, earlier, r->keys + i * earlier, r->keys + j * earlier, a[0], b[0]) ||
                (!s->single && share_key(s, a[0], b[0], x->key)))
                continue;
            met++;
            walk->visit(walk->ctx, x->worker, x->index, a, b);
        }
    }
    return met;
}

static pt_rc walk_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    walking *w = arg;
    const part *p = find_part(w->walk, index);
    const sorted_rule *s = &w->walk->blocks->sorted[p->rule];
    rows *r = &w->by_worker[worker];
    pair_walk x = {.w = w, .p = p, .index = index, .worker = worker};

    for (uint64_t b = p->block; b < p->end_block; b++) {
        uint32_t n = (uint32_t)(s->blocks[b + 1] - s->blocks[b]);
        if (!copy_rows(r, w, p, s->order + s->blocks[b], n))
            return pt_fail_nomem(err, "pairs of records");
        x.key = s->block_keys[b];
        w->new_pairs[index] += walk_block(&x, r, p->first, p->end < n ? p->end : n, n);
    }
    return PT_OK;
}

static void count_new_pairs(const walking *w)
{
    size_t index = 0;

    for (size_t r = w->walk->first_rule; r < w->walk->end_rule; r++) {
        sorted_rule *s = &w->walk->blocks->sorted[r];
        s->report.new_pairs = 0;
        for (size_t i = 0; i < s->n_parts; i++)
            s->report.new_pairs += w->new_pairs[index++];
    }
}

pt_rc link_walk_run(const link_walk *walk, pt_err *err)
{
    size_t parts = link_walk_parts(walk);
    unsigned workers = pt_pool_threads(walk->pool);
    walking w = {.walk = walk,
                 .width = 1 + walk->model->n_comparisons,
                 .by_worker = pt_zalloc(workers, sizeof *w.by_worker),
                 .new_pairs = pt_zalloc(parts + 1, sizeof *w.new_pairs)};
    pt_rc rc = w.by_worker && w.new_pairs ? pt_pool_run(walk->pool, parts, walk_part, &w, err)
                                          : pt_fail_nomem(err, "pairs of records");

    if (rc == PT_OK && !walk->alone)
        count_new_pairs(&w);
    for (unsigned i = 0; w.by_worker && i < workers; i++) {
        free(w.by_worker[i].codes);
        free(w.by_worker[i].keys);
    }
    free(w.by_worker);
    free(w.new_pairs);
    return rc;
}
