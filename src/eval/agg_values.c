/* distinct and values: what a small table of the values met can say. */
#include <stdlib.h>

#include "eval/family.h"

/* Keys that may come; text codes are few and small. */
uint64_t family_key_limit(const family_run *r)
{
    if (!pt_type_is_text(r->value->type))
        return UINT64_MAX;
    return r->value->dict ? (uint64_t)r->value->dict->n + 1 : 1;
}

void family_start_tally(void *ctx)
{
    const family_run *r = ctx;

    tally_start(&r->state->tally, family_key_limit(r));
}

void family_end_tally(const family_run *r)
{
    r->e->nomem = r->e->nomem || r->state->tally.nomem;
    r->state->tally.nomem = false;
}

bool family_by_code(const family_run *r)
{
    if (r->ch->newest)
        r->state->by_code = pt_type_is_text(r->value->type) && family_key_limit(r) <= TALLY_DIRECT;
    return r->state->by_code;
}

/* --- distinct ------------------------------------------------------------------------------------------------------------- */

static bool prepare_seen(const family_run *r)
{
    family_state *s = r->state;
    size_t n = (size_t)family_key_limit(r);

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

    if (family_by_code(r)) {
        distinct_codes(r);
        return;
    }
    family_walk(r, &run, family_start_tally, meet, count_met);
    family_end_tally(r);
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */

bool family_start_lists(const family_run *r, size_t items_each)
{
    size_t n = r->ranges.n_customers;

    for (uint32_t m = 0; m < r->ranges.n_members && r->ch->newest; m++) {
        slot *out = family_out(r, m);
        if (!pt_type_is_list(out->col.type))
            continue;
        if (!slot_list_room(r->e, out, n, n * items_each, out->col.type == PT_TYPE_WEIGHTED))
            return false;
        out->col.dict = r->value->dict ? r->value->dict : out->col.dict;
        out->offsets[0] = 0;
    }
    return true;
}

size_t family_list_items(const family_run *r, slot *out, uint32_t c, size_t n)
{
    size_t at;

    if (r->e->nomem) /* then the offset before may never have been written */
        return SIZE_MAX;
    at = (size_t)out->offsets[c];
    if (!slot_list_room(r->e, out, r->ranges.n_customers, at + n, out->col.type == PT_TYPE_WEIGHTED))
        return SIZE_MAX;
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
    size_t at = family_list_items(r, out, c, t->n);
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

    if (family_start_lists(r, 0))
        family_walk(r, &run, family_start_tally, note_place, list_values);
    family_end_tally(r);
}
