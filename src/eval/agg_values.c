/* distinct, values, mode, top: what a small table of the values met can say. */
#include <stdlib.h>

#include "eval/family.h"

/* Keys that may come; text codes are few and small. */
static uint64_t key_limit(const family_run *r)
{
    if (!pt_type_is_text(r->value->type))
        return UINT64_MAX;
    return r->value->dict ? (uint64_t)r->value->dict->n + 1 : 1;
}

static void start_tally(void *ctx)
{
    const family_run *r = ctx;

    tally_start(&r->state->tally, key_limit(r));
}

static void end_tally(const family_run *r)
{
    r->e->nomem = r->e->nomem || r->state->tally.nomem;
    r->state->tally.nomem = false;
}

/* --- distinct ------------------------------------------------------------------------------------------------------------- */

static bool prepare_seen(const family_run *r)
{
    family_state *s = r->state;
    size_t n = (size_t)key_limit(r);

    if (!pt_grow(&s->seen, &s->seen_cap, n, sizeof *s->seen)) {
        r->e->nomem = true;
        return false;
    }
    if (n > s->seen_n) {
        memset(s->seen + s->seen_n, 0, (n - s->seen_n) * sizeof *s->seen);
        s->seen_n = n;
    }
    if (s->serial > UINT32_MAX / 2) {
        memset(s->seen, 0, s->seen_n * sizeof *s->seen);
        s->serial = 0;
    }
    return true;
}

static void distinct_codes(const family_run *r)
{
    family_state *s = r->state;
    const pt_kernels *k = r->e->kernels;
    bool whole = r->ch->newest && r->ch->oldest;

    if (!prepare_seen(r))
        return;
    for (uint32_t m = 0; m < r->ranges.n_members; m++)
        s->counts[m] = family_out(r, m)->data;
    if (!whole && r->ch->newest) {
        s->serial++;
        s->met = 0;
    }
    uint64_t *met = whole ? NULL : &s->met;
    switch (r->value->width) {
    case 1: k->distinct_u8(&r->ranges, r->value->data, s->seen, &s->serial, s->counts, met); break;
    case 2: k->distinct_u16(&r->ranges, r->value->data, s->seen, &s->serial, s->counts, met); break;
    default: k->distinct_u32(&r->ranges, r->value->data, s->seen, &s->serial, s->counts, met); break;
    }
}

static void meet(void *ctx, uint32_t i)
{
    const family_run *r = ctx;

    tally_at(&r->state->tally, column_key(r->value, i));
}

static void count_met(void *ctx, uint32_t m, uint32_t c)
{
    const family_run *r = ctx;

    ((double *)family_out(r, m)->data)[c] = (double)r->state->tally.n;
}

void family_distinct(const family_run *r)
{
    family_run run = *r;

    if (pt_type_is_text(r->value->type) && key_limit(r) <= TALLY_DIRECT) {
        distinct_codes(r);
        return;
    }
    family_walk(r, &run, start_tally, meet, count_met);
    end_tally(r);
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */

/* Offsets for the block's customers, and no items yet. */
static bool start_lists(const family_run *r)
{
    for (uint32_t m = 0; m < r->ranges.n_members && r->ch->newest; m++) {
        slot *out = family_out(r, m);
        if (!pt_type_is_list(out->col.type))
            continue;
        if (!slot_list_room(r->e, out, r->ranges.n_customers, 0, out->col.type == PT_TYPE_WEIGHTED))
            return false;
        out->col.dict = r->value->dict ? r->value->dict : out->col.dict;
        out->offsets[0] = 0;
    }
    return true;
}

/* Room for n items of customer c after those before it; gives where they go, SIZE_MAX when memory is short. */
static size_t list_items(const family_run *r, slot *out, uint32_t c, size_t n)
{
    size_t at = (size_t)out->offsets[c];

    if (!slot_list_room(r->e, out, r->ranges.n_customers, at + n, out->col.type == PT_TYPE_WEIGHTED)) {
        out->offsets[c + 1] = at;
        return SIZE_MAX;
    }
    out->offsets[c + 1] = at + n;
    return at;
}

static uint32_t *ranking_room(const family_run *r)
{
    family_state *s = r->state;

    if (!pt_grow(&s->ranking, &s->ranking_cap, s->tally.n, sizeof *s->ranking)) {
        r->e->nomem = true;
        return NULL;
    }
    for (uint32_t i = 0; i < s->tally.n; i++)
        s->ranking[i] = i;
    return s->ranking;
}

/* --- values ------------------------------------------------------------------------------------------------------------------- */

static void note_place(void *ctx, uint32_t i)
{
    const family_run *r = ctx;
    tally_entry *entry = tally_at(&r->state->tally, column_key(r->value, i));

    if (entry)
        entry->oldest = r->ch->offset + i;
}

static int by_oldest(const void *a, const void *b, void *entries)
{
    const tally_entry *x = (const tally_entry *)entries + *(const uint32_t *)a;
    const tally_entry *y = (const tally_entry *)entries + *(const uint32_t *)b;

    return (x->oldest > y->oldest) - (x->oldest < y->oldest);
}

static void list_values(void *ctx, uint32_t m, uint32_t c)
{
    const family_run *r = ctx;
    const tally *t = &r->state->tally;
    slot *out = family_out(r, m);
    size_t at = list_items(r, out, c, t->n);
    uint32_t *ranking = ranking_room(r);

    if (at == SIZE_MAX || !ranking)
        return;
    qsort_r(ranking, t->n, sizeof *ranking, by_oldest, t->entries);
    for (size_t i = 0; i < t->n; i++)
        ((uint32_t *)out->data)[at + i] = (uint32_t)t->entries[ranking[i]].key;
}

void family_values(const family_run *r)
{
    family_run run = *r;

    if (start_lists(r))
        family_walk(r, &run, start_tally, note_place, list_values);
    end_tally(r);
}

/* --- mode and top ---------------------------------------------------------------------------------------------------------------- */

static void count_one(void *ctx, uint32_t i)
{
    const family_run *r = ctx;
    tally_entry *entry = tally_at(&r->state->tally, column_key(r->value, i));

    if (entry)
        entry->sum++;
}

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

static double total(const tally_entry *e)
{
    return e->sum + e->error;
}

/* Only totals above zero are anyone's. */
static bool counts(const tally_entry *e)
{
    return total(e) > 0 && isfinite(total(e));
}

/* Heaviest first; entries are in order of their last event, latest first, and equals stay so. */
static int by_total(const void *a, const void *b, void *entries)
{
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    double x = total((const tally_entry *)entries + i), y = total((const tally_entry *)entries + k);

    if (x != y)
        return x > y ? -1 : 1;
    return (i > k) - (i < k);
}

static const tally_entry *heaviest(const tally *t)
{
    const tally_entry *best = NULL;

    for (size_t i = 0; i < t->n; i++)
        if (counts(&t->entries[i]) && (!best || total(&t->entries[i]) > total(best)))
            best = &t->entries[i];
    return best;
}

/* The k heaviest, in order, into `ranking`; how many there are. */
static size_t rank(const family_run *r, uint32_t *ranking, size_t k)
{
    const tally *t = &r->state->tally;
    size_t n = 0;

    if (k == 1) {
        const tally_entry *best = heaviest(t);
        if (best)
            ranking[0] = (uint32_t)(best - t->entries);
        return best != NULL;
    }
    for (uint32_t i = 0; i < t->n; i++)
        if (counts(&t->entries[i]))
            ranking[n++] = i;
    qsort_r(ranking, n, sizeof *ranking, by_total, t->entries);
    return n < k ? n : k;
}

static void put_top(const family_run *r, uint32_t m, uint32_t c)
{
    const tally *t = &r->state->tally;
    slot *out = family_out(r, m);
    uint32_t *ranking = ranking_room(r);
    size_t n = ranking ? rank(r, ranking, family_member(r, m)->agg->k) : 0, at = list_items(r, out, c, n);

    for (size_t i = 0; i < n && at != SIZE_MAX; i++) {
        const tally_entry *entry = &t->entries[ranking[i]];
        ((uint32_t *)out->data)[at + i] = (uint32_t)entry->key;
        out->weights[at + i] = total(entry);
    }
}

static void put_mode(const family_run *r, uint32_t m, uint32_t c)
{
    const tally_entry *best = heaviest(&r->state->tally);
    slot *out = family_out(r, m);

    if (best)
        column_put_key(out->data, out->col.type, c, best->key);
    else
        column_fill_missing((char *)out->data + (size_t)c * out->col.width, out->col.type, 1);
}

static void put_heaviest(void *ctx, uint32_t m, uint32_t c)
{
    const family_run *r = ctx;

    if (family_member(r, m)->agg->fn == PT_AGG_TOP)
        put_top(r, m, c);
    else
        put_mode(r, m, c);
}

void family_top(const family_run *r)
{
    family_run run = *r;

    if (!start_lists(r))
        return;
    if (r->weight || r->family->half_life)
        family_walk(r, &run, start_tally, add_weight, put_heaviest);
    else
        family_walk(r, &run, start_tally, count_one, put_heaviest);
    end_tally(r);
}
