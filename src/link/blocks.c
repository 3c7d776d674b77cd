#include "link/blocks.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/compare.h"
#include "link/sort.h"

/* A part of a walk has about as many pairs. */
enum { PART_PAIRS = 1 << 16 };

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
    /* By record and rule: the number of its block from 1; 0: none, or records have several keys. Rows of `width` numbers. */
    uint32_t *block_of;
    size_t width;
    size_t several[PT_LINK_RULES_MAX], n_several; /* rules of which records have several keys */
};

static uint64_t pairs_of(uint64_t n)
{
    return n * (n - 1) / 2;
}

enum { SIZES = 1 << 12 }; /* block sizes that are told apart */

/* The size up to which blocks are kept: so many that their pairs are no more than the rule may bring. */
static uint64_t largest_kept(const link_entry *entries, uint64_t n, uint64_t largest, uint64_t most_pairs)
{
    uint64_t pairs[SIZES] = {0}, all = 0, size = 1;

    if (!most_pairs)
        return largest;
    for (uint64_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && entries[end].key == entries[i].key;)
            end++;
        if (!largest || end - i <= largest)
            pairs[end - i < SIZES ? end - i : SIZES - 1] += pairs_of(end - i), all += pairs_of(end - i);
    }
    if (all <= most_pairs)
        return largest;
    for (all = 0; size + 1 < SIZES && all + pairs[size + 1] <= most_pairs; size++)
        all += pairs[size + 1];
    return size;
}

/* Blocks of the sorted entries; those of one record are left out, and those that are too large, whose keys are gathered at the
 * front of `crowded`. */
static void cut_blocks(sorted_rule *s, const link_entry *entries, uint64_t n, uint64_t largest, uint64_t *crowded)
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
            s->order[kept++] = entries[k].value;
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

/* What one worker sorts in; of all rules, since memory that is new is slow. */
typedef struct sorter {
    link_entry *from, *to;
} sorter;

typedef struct sorting {
    pt_link_blocks *blocks;
    const pt_pool *pool;
    sorter *sorters; /* by worker */
    uint64_t most;   /* entries of a rule */
} sorting;

static bool is_ready(sorter *s, uint64_t most)
{
    if (!s->from)
        s->from = pt_alloc64(most + 1, sizeof *s->from);
    if (!s->to)
        s->to = pt_alloc64(most + 1, sizeof *s->to);
    return s->from && s->to;
}

static pt_rc sort_rule(void *arg, size_t rule, unsigned worker, pt_err *err)
{
    const sorting *all = arg;
    pt_link_blocks *b = all->blocks;
    sorter *w = &all->sorters[worker];
    const pt_link_rule *r = &b->rules[rule];
    sorted_rule *s = &b->sorted[rule];
    uint64_t n = r->starts[b->records->n];

    s->single = true;
    s->starts = r->starts;
    s->keys = r->keys;
    s->order = pt_alloc64(n + 1, sizeof *s->order);
    s->blocks = pt_alloc64(n / 2 + 2, sizeof *s->blocks);
    s->block_keys = pt_alloc64(n / 2 + 2, sizeof *s->block_keys);
    if (!is_ready(w, all->most) || !s->order || !s->blocks || !s->block_keys)
        return pt_fail_nomem(err, "blocks of records");
    for (uint32_t i = 0; i < b->records->n; i++) {
        s->single &= r->starts[i + 1] - r->starts[i] <= 1;
        for (uint64_t k = r->starts[i]; k < r->starts[i + 1]; k++)
            w->from[k] = (link_entry){r->keys[k], i};
    }
    PT_TRY(link_sort(&w->from, &w->to, n, all->pool, err));
    uint64_t *crowded = (uint64_t *)w->to; /* the sorted entries are in `from` */
    cut_blocks(s, w->from, n, largest_kept(w->from, n, b->largest, r->most_pairs), crowded);
    return make_parts(s, (uint32_t)rule) &&
                   (!s->report.crowded || s->single || leave_out_crowded(s, r, b->records->n, crowded))
               ? PT_OK
               : pt_fail_nomem(err, "blocks of records");
}

static pt_rc sort_all(pt_link_blocks *b, pt_pool *pool, pt_err *err)
{
    sorting all = {.blocks = b, .pool = pool, .sorters = pt_zalloc(pt_pool_threads(pool), sizeof *all.sorters)};

    for (size_t r = 0; r < b->n_rules; r++)
        all.most = b->rules[r].starts[b->records->n] > all.most ? b->rules[r].starts[b->records->n] : all.most;
    pt_rc rc =
        all.sorters ? pt_pool_run(pool, b->n_rules, sort_rule, &all, err) : pt_fail_nomem(err, "blocks of records");
    for (unsigned w = 0; all.sorters && w < pt_pool_threads(pool); w++) {
        free(all.sorters[w].from);
        free(all.sorters[w].to);
    }
    free(all.sorters);
    return rc;
}

static pt_rc number_rule(void *arg, size_t rule, unsigned worker, pt_err *err)
{
    pt_link_blocks *b = arg;
    const sorted_rule *s = &b->sorted[rule];

    (void)worker, (void)err;
    for (uint64_t block = 0; s->single && block < s->n_blocks; block++)
        for (uint64_t k = s->blocks[block]; k < s->blocks[block + 1]; k++)
            b->block_of[s->order[k] * b->width + rule] = (uint32_t)block + 1;
    return PT_OK;
}

/* Which blocks each record is in, so that a pair of an earlier rule is known by its numbers. */
static pt_rc number_all(pt_link_blocks *b, pt_pool *pool, pt_err *err)
{
    b->width = b->n_rules;
    b->block_of = pt_zalloc((size_t)b->records->n * b->width + 1, sizeof *b->block_of);
    if (!b->block_of)
        return pt_fail_nomem(err, "blocks of records");
    for (size_t r = 0; r < b->n_rules; r++)
        if (!b->sorted[r].single)
            b->several[b->n_several++] = r;
    return pt_pool_run(pool, b->n_rules, number_rule, b, err);
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
                   : sort_all(b, pool, err);
    if (rc == PT_OK)
        rc = number_all(b, pool, err);
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
    free(b->block_of);
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

enum { AHEAD = 64, LINE = 64 };

typedef struct walking {
    const link_walk *walk;
    uint64_t *new_pairs; /* by part */
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

/* A tile of a block, and in which blocks of earlier rules its records are. */
typedef struct tile {
    const uint32_t *records;
    uint32_t n;
    uint32_t block_of[PT_LINK_RULES_MAX][LINK_TILE];
} tile;

typedef struct pair_walk {
    const link_walk *walk;
    const sorted_rule *rule;
    size_t earlier; /* rules whose pairs are left out */
    size_t index;   /* of the part */
    unsigned worker;
    uint64_t key; /* of the block */
    tile tile;
} pair_walk;

static void load_tile(pair_walk *x, const uint32_t *records, uint32_t n)
{
    const pt_link_blocks *b = x->walk->blocks;

    x->tile.records = records;
    x->tile.n = n;
    for (uint32_t i = 0; x->earlier && i < n; i++)
        for (size_t r = 0; r < x->earlier; r++)
            x->tile.block_of[r][i] = b->block_of[(size_t)records[i] * b->width + r];
    if (x->walk->load)
        x->walk->load(x->walk->ctx, x->worker, records, n);
}

/* Bits of the first n numbers that are equal to one. */
static uint64_t equal_ones(const uint32_t numbers[LINK_TILE], uint32_t n, uint32_t one)
{
    uint64_t equal = 0;

#ifdef __SSE2__
    const __m128i *four = (const __m128i *)numbers, ones = _mm_set1_epi32((int)one);
    for (uint32_t i = 0; i < n; i += 16, four += 4) {
        __m128i a = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(four), ones),
                                    _mm_cmpeq_epi32(_mm_loadu_si128(four + 1), ones)),
                b = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(four + 2), ones),
                                    _mm_cmpeq_epi32(_mm_loadu_si128(four + 3), ones));
        equal |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_packs_epi16(a, b)) << i;
    }
#else
    for (uint32_t i = 0; i < n; i++)
        equal |= (uint64_t)(numbers[i] == one) << i;
#endif
    return equal;
}

/* Of records of the tile those that may be paired with a, and that no earlier rule has. */
static uint64_t leave_new(const pair_walk *x, uint32_t a, uint64_t which)
{
    const pt_link_blocks *b = x->walk->blocks;
    const uint32_t *of_a = b->block_of + (size_t)a * b->width;

    for (size_t r = 0; r < x->earlier; r++)
        if (of_a[r])
            which &= ~equal_ones(x->tile.block_of[r], x->tile.n, of_a[r]);
    for (size_t i = 0; i < b->n_several && b->several[i] < x->earlier; i++)
        for (uint64_t left = which; left; left &= left - 1)
            if (share_key(&b->sorted[b->several[i]], a, x->tile.records[__builtin_ctzll(left)], UINT64_MAX))
                which &= ~(left & -left);
    return which;
}

static uint64_t leave_comparable(const pair_walk *x, uint32_t a, uint64_t which)
{
    for (uint64_t left = x->walk->blocks->records->source ? which : 0; left; left &= left - 1)
        if (!pt_link_comparable(x->walk->blocks->records, a, x->tile.records[__builtin_ctzll(left)]))
            which &= ~(left & -left);
    return which;
}

/* Those that an earlier block of the rule has are left out. */
static uint64_t leave_own(const pair_walk *x, uint32_t a, uint64_t which)
{
    for (uint64_t left = x->rule->single ? 0 : which; left; left &= left - 1)
        if (share_key(x->rule, a, x->tile.records[__builtin_ctzll(left)], x->key))
            which &= ~(left & -left);
    return which;
}

/* Record a with those of the tile from `first` on; returns how many pairs those are. */
static uint64_t walk_row(const pair_walk *x, uint32_t a, uint32_t first)
{
    const link_walk *walk = x->walk;
    uint64_t which = ~UINT64_C(0) >> (64 - x->tile.n) & ~UINT64_C(0) << first;

    which = leave_own(x, a, leave_new(x, a, leave_comparable(x, a, which)));
    if (walk->visit_tile && which)
        walk->visit_tile(walk->ctx, x->worker, a, which);
    for (uint64_t left = walk->visit ? which : 0; left; left &= left - 1)
        walk->visit(walk->ctx, x->worker, x->index, a, x->tile.records[__builtin_ctzll(left)]);
    return (uint64_t)__builtin_popcountll(which);
}

/* The pairs whose first record is one of rows [first, end), a tile of second records at a time. */
static uint64_t walk_block(pair_walk *x, const uint32_t *order, uint32_t first, uint32_t end, uint32_t n)
{
    uint64_t met = 0;

    for (uint32_t at = first; at < n; at += LINK_TILE) {
        load_tile(x, order + at, n - at < LINK_TILE ? n - at : LINK_TILE);
        for (uint32_t i = first; i < end && i + 1 < at + x->tile.n; i++)
            met += walk_row(x, order[i], i + 1 > at ? i + 1 - at : 0);
    }
    return met;
}

/* GCC drops calls of functions that do nothing but fetch. */
static inline __attribute__((always_inline)) void fetch_bytes(const void *from, size_t bytes)
{
    const char *at = from, *end = at + bytes;

    for (; at < end; at += LINE)
        __builtin_prefetch(at);
    if (bytes)
        __builtin_prefetch(end - 1);
}

/* Records of blocks lie anywhere: what will be asked of those that come soon is fetched. */
static inline __attribute__((always_inline)) void fetch(const link_walk *walk, uint32_t record)
{
    const pt_link_blocks *b = walk->blocks;
    const char *row = (const char *)walk->rows + record * walk->row_bytes;

    fetch_bytes(row, walk->row_bytes);
    if (!walk->alone)
        fetch_bytes(b->block_of + (size_t)record * b->width, b->width * sizeof *b->block_of);
}

static pt_rc walk_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    walking *w = arg;
    const part *p = find_part(w->walk, index);
    const sorted_rule *s = &w->walk->blocks->sorted[p->rule];
    pair_walk x = {
        .walk = w->walk, .rule = s, .earlier = w->walk->alone ? 0 : p->rule, .index = index, .worker = worker};
    uint64_t fetched = s->blocks[p->block];

    (void)err;
    for (uint64_t b = p->block; b < p->end_block; b++) {
        uint32_t n = (uint32_t)(s->blocks[b + 1] - s->blocks[b]);
        uint64_t next = s->blocks[b + 2 < p->end_block ? b + 2 : p->end_block],
                 far = s->blocks[b + 1] + AHEAD < next ? s->blocks[b + 1] + AHEAD : next;
        for (; fetched < far; fetched++)
            fetch(w->walk, s->order[fetched]);
        x.key = s->block_keys[b];
        w->new_pairs[index] += walk_block(&x, s->order + s->blocks[b], p->first, p->end < n ? p->end : n, n);
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
    walking w = {.walk = walk, .new_pairs = pt_zalloc(parts + 1, sizeof *w.new_pairs)};
    pt_rc rc =
        w.new_pairs ? pt_pool_run(walk->pool, parts, walk_part, &w, err) : pt_fail_nomem(err, "pairs of records");

    if (rc == PT_OK && !walk->alone)
        count_new_pairs(&w);
    free(w.new_pairs);
    return rc;
}
