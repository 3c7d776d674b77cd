/* mode and top: the values with the greatest counts or weights. Of equals the one whose last event is latest comes first;
 * events are read newest first, so that is the one met first. */
#include <stdlib.h>

#include "eval/family.h"

typedef struct ranked {
    double total;
    uint32_t place; /* in order of meeting */
} ranked;

/* Only totals above zero are anyone's. */
static bool is_favourite(double total)
{
    return total > 0 && isfinite(total);
}

static int by_total(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* Sorts the few that customers mostly have without a call for each comparison. */
static void sort_ranked(ranked *v, size_t n)
{
    enum { FEW = 24 };

    if (n > FEW) {
        qsort(v, n, sizeof *v, by_total);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        ranked moving = v[i];
        size_t at = i;
        for (; at > 0 && v[at - 1].total < moving.total; at--)
            v[at] = v[at - 1];
        v[at] = moving;
    }
}

static ranked *ranked_room(const family_run *r, size_t n)
{
    family_state *s = r->state;

    if (pt_grow(&s->ranked, &s->ranked_cap, n ? n : 1, sizeof *s->ranked))
        return s->ranked;
    r->e->nomem = true;
    return NULL;
}

static void put_mode(const family_run *r, uint32_t m, uint32_t c, bool some, uint64_t key)
{
    slot *out = family_out(r, m);

    if (some)
        column_put_key(out->data, out->col.type, c, key);
    else
        column_fill_missing((char *)out->data + (size_t)c * out->col.width, out->col.type, 1);
}

/* --- any values, any weights ---------------------------------------------------------------------------------------- */

static void add_weight(void *ctx, uint32_t i)
{
    const family_run *r = ctx;
    tally_entry *entry = tally_at(&r->state->tally, column_key(r->value, i));
    double w = family_weight(r, i);

    if (!entry)
        return;
    double sum = entry->sum + w, part = sum - entry->sum;
    entry->error += (entry->sum - (sum - part)) + (w - part);
    entry->sum = sum;
}

/* The favourites, heaviest first; SIZE_MAX when memory is short. */
static size_t rank_entries(const family_run *r)
{
    const tally *t = &r->state->tally;
    ranked *v = ranked_room(r, t->n);
    size_t n = 0;

    for (uint32_t i = 0; v && i < t->n; i++) {
        double total = t->entries[i].sum + t->entries[i].error;
        if (is_favourite(total))
            v[n++] = (ranked){total, i};
    }
    if (v)
        sort_ranked(v, n);
    return v ? n : SIZE_MAX;
}

static void put_entries(void *ctx, uint32_t m, uint32_t c)
{
    const family_run *r = ctx;
    const pt_agg *agg = family_member(r, m)->agg;
    const tally_entry *entries = r->state->tally.entries;
    slot *out = family_out(r, m);
    size_t n = rank_entries(r);
    const ranked *v = r->state->ranked;

    if (n == SIZE_MAX)
        return;
    if (agg->fn == PT_AGG_MODE) {
        put_mode(r, m, c, n > 0, n ? entries[v[0].place].key : 0);
        return;
    }
    n = n < agg->k ? n : agg->k;
    size_t at = family_list_items(r, out, c, n);
    for (size_t i = 0; i < n && at != SIZE_MAX; i++) {
        ((uint32_t *)out->data)[at + i] = (uint32_t)entries[v[i].place].key;
        out->weights[at + i] = v[i].total;
    }
}

/* --- codes, counted -------------------------------------------------------------------------------------------------- */

static bool prepare_cells(const family_run *r)
{
    family_state *s = r->state;
    size_t n = (size_t)family_key_limit(r);

    if (!pt_grow(&s->cells, &s->cells_cap, n, sizeof *s->cells) ||
        !pt_grow(&s->codes, &s->codes_cap, n + 1, sizeof *s->codes)) {
        r->e->nomem = true;
        return false;
    }
    if (n > s->cells_n) {
        memset(s->cells + s->cells_n, 0, (n - s->cells_n) * sizeof *s->cells);
        s->cells_n = n;
    }
    if (s->serial > UINT32_MAX / 2) {
        memset(s->cells, 0, s->cells_n * sizeof *s->cells);
        s->serial = 0;
    }
    return true;
}

static void tally_codes(const family_run *r, uint32_t start, uint32_t end)
{
    const pt_kernels *k = r->e->kernels;
    const void *v = r->value->data;
    family_state *s = r->state;

    switch (r->value->width) {
    case 1: s->n_codes = k->tally_u8(r->ranges.bits, start, end, v, s->cells, s->serial, s->codes, s->n_codes); break;
    case 2: s->n_codes = k->tally_u16(r->ranges.bits, start, end, v, s->cells, s->serial, s->codes, s->n_codes); break;
    default: s->n_codes = k->tally_u32(r->ranges.bits, start, end, v, s->cells, s->serial, s->codes, s->n_codes); break;
    }
}

static uint32_t count_of(const family_state *s, size_t place)
{
    return (uint32_t)s->cells[s->codes[place]];
}

static size_t most_frequent(const family_state *s)
{
    size_t best = 0;

    for (size_t i = 1; i < s->n_codes; i++)
        best = count_of(s, i) > count_of(s, best) ? i : best;
    return best;
}

static void put_top_codes(const family_run *r, slot *out, uint32_t c, size_t k)
{
    const family_state *s = r->state;
    size_t n = s->n_codes < k ? s->n_codes : k, at = family_list_items(r, out, c, n);
    ranked one = {0}, *v = k == 1 ? &one : ranked_room(r, s->n_codes);

    if (at == SIZE_MAX || !v || n == 0)
        return;
    if (k == 1) {
        size_t best = most_frequent(s);
        one = (ranked){count_of(s, best), (uint32_t)best};
    } else {
        for (uint32_t i = 0; i < s->n_codes; i++)
            v[i] = (ranked){count_of(s, i), i};
        sort_ranked(v, s->n_codes);
    }
    for (size_t i = 0; i < n; i++) {
        ((uint32_t *)out->data)[at + i] = s->codes[v[i].place];
        out->weights[at + i] = v[i].total;
    }
}

static void put_codes(const family_run *r, uint32_t m, uint32_t c)
{
    const pt_agg *agg = family_member(r, m)->agg;
    const family_state *s = r->state;
    slot *out = family_out(r, m);

    if (agg->fn == PT_AGG_TOP)
        put_top_codes(r, out, c, agg->k);
    else
        ((uint32_t *)out->data)[c] = s->n_codes ? s->codes[most_frequent(s)] : PT_CODE_MISSING;
}

/* family_walk, with the counting of a range in one call. */
static void top_of_codes(const family_run *r)
{
    const pt_ranges *g = &r->ranges;

    if (!prepare_cells(r))
        return;
    for (uint32_t c = 0; c < g->n_customers; c++) {
        uint32_t end = g->end[c];
        if (r->ch->newest) {
            r->state->serial++;
            r->state->n_codes = 0;
        }
        for (uint32_t m = g->from; m < g->n_members; m++) {
            uint32_t start = g->starts[m][c];
            if (start < end) {
                tally_codes(r, start, end);
                end = start;
            }
            if (m < g->done)
                put_codes(r, m, c);
        }
    }
}

/* How many items a list mostly has: room that is made at once. */
static size_t usual_items(const family_run *r)
{
    size_t most = 0;

    for (uint32_t m = 0; m < r->ranges.n_members; m++)
        most = r->family->members[m].agg->k > most ? r->family->members[m].agg->k : most;
    return most < 4 ? most : 4;
}

void family_top(const family_run *r)
{
    family_run run = *r;

    if (!family_start_lists(r, usual_items(r)))
        return;
    if (!r->weight && !r->family->half_life && family_by_code(r)) {
        top_of_codes(r);
        return;
    }
    family_walk(r, &run, family_start_tally, add_weight, put_entries);
    family_end_tally(r);
}
