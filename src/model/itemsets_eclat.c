/* Eclat (Zaki 2000) over rows of bits: for each item as the rarest of a set, the baskets that hold it are gathered into a small
 * table of bits, one row an item that is frequent among them, and sets grow by meeting rows. A basket that stands for w equal
 * ones has a column for each bit of w, which counts 2^k. */
#include <stdlib.h>

#include "model/bitrows.h"
#include "model/itemsets_int.h"

/* Rows of the sets that begin alike; reused by all sets of that size. */
typedef struct level {
    uint64_t *rows;
    uint64_t *counts;
    uint32_t *which;
    uint32_t *codes;
    uint64_t *packed;
    size_t rows_cap, n_cap, packed_cap; /* in words; in rows; in words */
} level;

struct pt_eclat {
    const pt_coded *coded;
    const pt_bitrow_kernels *kernels;
    uint64_t least;
    unsigned max_size;
    uint64_t *counts;  /* by code: among the baskets of the first item */
    uint32_t *rows_of; /* by code: its row; a row for all that are rare */
    uint64_t *shifts;  /* by word of a row */
    size_t shifts_cap;
    level *levels;
    size_t n_levels;
    uint32_t *set; /* the codes of the set at hand */
    size_t set_cap;
    pt_found *found;
};

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "itemsets");
}

void pt_eclat_free(pt_eclat *e)
{
    if (!e)
        return;
    for (size_t i = 0; i < e->n_levels; i++) {
        free(e->levels[i].rows);
        free(e->levels[i].counts);
        free(e->levels[i].which);
        free(e->levels[i].codes);
        free(e->levels[i].packed);
    }
    free(e->levels);
    free(e->counts);
    free(e->rows_of);
    free(e->shifts);
    free(e->set);
    free(e);
}

pt_rc pt_eclat_new(pt_eclat **out, const pt_coded *coded, uint64_t min_count, unsigned max_size, pt_err *err)
{
    pt_eclat *e = pt_zalloc(1, sizeof *e);

    *out = e;
    if (!e)
        return no_memory(err);
    e->coded = coded;
    e->kernels = pt_bitrow_kernels_best();
    e->least = min_count;
    e->max_size = max_size ? max_size : UINT32_MAX;
    e->counts = pt_zalloc((size_t)coded->n_codes + 1, sizeof *e->counts);
    e->rows_of = pt_zalloc((size_t)coded->n_codes + 1, sizeof *e->rows_of);
    e->set = pt_zalloc((size_t)coded->n_codes + 1, sizeof *e->set);
    return e->counts && e->rows_of && e->set ? PT_OK : no_memory(err);
}

/* Room for other contents: what was there is not kept. */
static bool room(uint64_t **rows, size_t *cap, size_t need)
{
    if (need <= *cap)
        return true;
    free(*rows);
    *cap = need + need / 2;
    *rows = pt_alloc64(*cap, sizeof **rows);
    if (!*rows)
        *cap = 0;
    return *rows != NULL;
}

static pt_rc level_room(level **out, pt_eclat *e, size_t depth, size_t n, size_t words, pt_err *err)
{
    if (depth >= e->n_levels) {
        size_t cap = e->n_levels;
        if (!pt_grow(&e->levels, &cap, depth + 1, sizeof *e->levels))
            return no_memory(err);
        memset(e->levels + e->n_levels, 0, (cap - e->n_levels) * sizeof *e->levels);
        e->n_levels = cap;
    }
    level *l = &e->levels[depth];
    if (n > l->n_cap) {
        size_t a = l->n_cap, b = l->n_cap, c = l->n_cap;
        if (!pt_grow(&l->counts, &a, n, sizeof *l->counts) || !pt_grow(&l->which, &b, n, sizeof *l->which) ||
            !pt_grow(&l->codes, &c, n, sizeof *l->codes))
            return no_memory(err);
        l->n_cap = a;
    }
    if (!room(&l->rows, &l->rows_cap, n * words))
        return no_memory(err);
    *out = l;
    return PT_OK;
}

/* --- the baskets of one item as a table of bits -------------------------------------------------------------------------- */

/* What stands beside the first item, and how often. */
static void count_beside(pt_eclat *e, uint32_t first)
{
    const pt_coded *c = e->coded;

    memset(e->counts + first, 0, (c->n_codes - first) * sizeof *e->counts);
    for (uint64_t k = c->place_offsets[first]; k < c->place_offsets[first + 1]; k++) {
        uint64_t weight = c->weights ? c->weights[c->place_baskets[k]] : 1;
        for (const uint32_t *at = c->codes + c->places[k] + 1; *at != PT_BASKET_END; at++)
            e->counts[*at] += weight;
    }
}

/* Columns of the table by the bit of the weight they stand for: where those of bit k begin, in words. */
typedef struct columns {
    size_t begin[33];
    size_t words;
} columns;

static pt_rc lay_out_columns(columns *out, pt_eclat *e, uint32_t first, pt_err *err)
{
    const pt_coded *c = e->coded;
    uint64_t n[32] = {0};
    size_t at = 0;

    *out = (columns){0};
    for (uint64_t k = c->place_offsets[first]; c->weights && k < c->place_offsets[first + 1]; k++)
        for (uint32_t left = c->weights[c->place_baskets[k]]; left; left &= left - 1)
            n[__builtin_ctz(left)]++;
    if (!c->weights)
        n[0] = c->place_offsets[first + 1] - c->place_offsets[first];
    for (unsigned bit = 0; bit < 32; bit++) {
        out->begin[bit] = at;
        at += (size_t)((n[bit] + 63) / 64);
    }
    out->begin[32] = at;
    out->words = (at + PT_BITROW_WORDS - 1) / PT_BITROW_WORDS * PT_BITROW_WORDS;
    if (!c->weights)
        return PT_OK;
    if (!room(&e->shifts, &e->shifts_cap, out->words))
        return no_memory(err);
    memset(e->shifts, 0, out->words * sizeof *e->shifts);
    for (unsigned bit = 0; bit < 32; bit++)
        for (size_t w = out->begin[bit]; w < out->begin[bit + 1]; w++)
            e->shifts[w] = bit;
    return PT_OK;
}

/* One more row than there are codes takes the bits of rare ones: cheaper than asking each time. */
static void fill_table(const pt_eclat *e, const level *l, uint32_t first, const columns *cols)
{
    const pt_coded *c = e->coded;
    size_t next[32];

    for (unsigned bit = 0; bit < 32; bit++)
        next[bit] = cols->begin[bit] * 64;
    for (uint64_t k = c->place_offsets[first]; k < c->place_offsets[first + 1]; k++) {
        uint32_t weight = c->weights ? c->weights[c->place_baskets[k]] : 1;
        for (; weight; weight &= weight - 1) {
            size_t column = next[__builtin_ctz(weight)]++;
            uint64_t *word = l->rows + column / 64, bit = UINT64_C(1) << (column & 63);
            for (const uint32_t *at = c->codes + c->places[k] + 1; *at != PT_BASKET_END; at++)
                word[e->rows_of[*at] * cols->words] |= bit;
        }
    }
}

/* Rows of the items that are frequent beside the first, in order of code: *n of them. */
static pt_rc make_table(size_t *n, size_t *words, pt_eclat *e, uint32_t first, pt_err *err)
{
    const pt_coded *c = e->coded;
    columns cols;
    level *l;

    *n = 0;
    count_beside(e, first);
    for (uint32_t code = first + 1; code < c->n_codes; code++)
        *n += e->counts[code] >= e->least;
    if (!*n)
        return PT_OK;
    PT_TRY(lay_out_columns(&cols, e, first, err));
    *words = cols.words;
    PT_TRY(level_room(&l, e, 0, *n + 1, cols.words, err));
    memset(l->rows, 0, (*n + 1) * cols.words * sizeof *l->rows);
    uint32_t row = 0;
    for (uint32_t code = first + 1; code < c->n_codes; code++) {
        bool frequent = e->counts[code] >= e->least;
        e->rows_of[code] = frequent ? row : (uint32_t)*n;
        l->codes[row] = code;
        l->counts[row] = e->counts[code];
        row += frequent;
    }
    if (*n > 1)
        fill_table(e, l, first, &cols);
    return PT_OK;
}

/* --- growing sets ---------------------------------------------------------------------------------------------------------- */

/* Rows much longer than what they still can count are packed: only the columns of the set at hand remain. */
enum { PACK_SHRINKS = 8, PACK_LEAST_ROWS = 8, PACK_LEAST_WORDS = 32 };

static pt_rc pack_rows(pt_bitrow_class *c, pt_eclat *e, level *l, uint64_t count, pt_err *err)
{
    size_t words = (size_t)((count + 63) / 64 + PT_BITROW_WORDS - 1) / PT_BITROW_WORDS * PT_BITROW_WORDS;

    if (c->shifts || c->n < PACK_LEAST_ROWS || c->words < PACK_LEAST_WORDS || words * PACK_SHRINKS > c->words)
        return PT_OK;
    if (!room(&l->packed, &l->packed_cap, (c->n + 1) * words))
        return no_memory(err);
    pt_bitrow_class packing = *c;
    packing.kept = l->packed;
    e->kernels->pack(&packing, words);
    /* All columns are those of the set: a row of ones meets them. */
    uint64_t *ones = l->packed + c->n * words;
    memset(ones, 0xff, words * sizeof *ones);
    c->rows = l->packed;
    c->row = ones;
    c->words = words;
    return PT_OK;
}

static pt_rc grow(pt_eclat *e, size_t depth, size_t n, size_t words, pt_err *err);

/* Sets with the item of row `j` of the level and those of later rows. */
static pt_rc grow_with(pt_eclat *e, size_t depth, size_t j, size_t n, size_t words, pt_err *err)
{
    level *to, *from;

    PT_TRY(level_room(&to, e, depth + 1, n - j - 1, words, err));
    from = &e->levels[depth];
    pt_bitrow_class c = {.row = from->rows + j * words,
                         .rows = from->rows + (j + 1) * words,
                         .shifts = e->coded->weights ? e->shifts : NULL,
                         .n = n - j - 1,
                         .words = words,
                         .least = e->least,
                         .kept = to->rows,
                         .which = to->which,
                         .counts = to->counts};
    PT_TRY(pack_rows(&c, e, to, from->counts[j], err));
    size_t kept = e->kernels->meet(&c);
    for (size_t i = 0; i < kept; i++)
        to->codes[i] = from->codes[j + 1 + to->which[i]];
    return kept ? grow(e, depth + 1, kept, c.words, err) : PT_OK;
}

/* The set at hand has depth + 1 codes; rows of the level are those it can grow by. */
static pt_rc grow(pt_eclat *e, size_t depth, size_t n, size_t words, pt_err *err)
{
    uint32_t size = (uint32_t)depth + 2;

    for (size_t j = 0; j < n; j++) {
        e->set[depth + 1] = e->levels[depth].codes[j];
        PT_TRY(pt_found_add(e->found, e->set, size, e->levels[depth].counts[j], err));
        if (j + 1 < n && size < e->max_size)
            PT_TRY(grow_with(e, depth, j, n, words, err));
    }
    return PT_OK;
}

pt_rc pt_eclat_from(pt_eclat *e, pt_found *found, uint32_t first, pt_err *err)
{
    size_t n, words = 0;

    e->found = found;
    e->set[0] = first;
    PT_TRY(pt_found_add(found, e->set, 1, e->coded->counts[first], err));
    if (e->max_size < 2)
        return PT_OK;
    PT_TRY(make_table(&n, &words, e, first, err));
    return n ? grow(e, 0, n, words, err) : PT_OK;
}
