/* first and last: the oldest and the newest event of the window that counts and has the value. */
#include <stdlib.h>

#include "eval/family.h"

/* Copies the picked events' values out. In a customer's later (older) chunks, last keeps what it has, and first takes
 * what it finds. */
static void pick_plain(const family_run *r, uint32_t m, const uint32_t *rows)
{
    slot *out = family_out(r, m);

    if (r->ch->newest)
        column_fill_missing(out->data, out->col.type, r->ranges.n_customers);
    for (uint32_t c = 0; c < r->ranges.n_customers; c++)
        if (rows[c] != PT_NO_EVENT)
            column_put_key(out->data, out->col.type, c, column_bits(r->value, rows[c]));
}

static size_t picked_items(const family_run *r, const uint32_t *rows)
{
    size_t n = 0;

    for (uint32_t c = 0; c < r->ranges.n_customers; c++)
        if (rows[c] != PT_NO_EVENT)
            n += (size_t)(r->value->offsets[rows[c] + 1] - r->value->offsets[rows[c]]);
    return n;
}

static void pick_lists(const family_run *r, uint32_t m, const uint32_t *rows)
{
    slot *out = family_out(r, m);
    uint32_t n = r->ranges.n_customers;
    uint8_t *absent = slot_absent(r->e, out, n);
    size_t at = 0;

    if (!absent || !slot_list_room(r->e, out, n, picked_items(r, rows), false))
        return;
    out->col.dict = r->value->dict ? r->value->dict : out->col.dict;
    for (uint32_t c = 0; c < n; c++) {
        out->offsets[c] = at;
        absent[c] = rows[c] == PT_NO_EVENT;
        if (rows[c] == PT_NO_EVENT)
            continue;
        for (uint64_t k = r->value->offsets[rows[c]]; k < r->value->offsets[rows[c] + 1]; k++)
            ((uint32_t *)out->data)[at++] = pt_column_code(r->value, k);
    }
    out->offsets[n] = at;
}

/* In a customer of many chunks, whether this one adds nothing to the member's result. */
static bool is_settled(const family_run *r, uint32_t m, const uint32_t *rows)
{
    bool last = family_member(r, m)->agg->fn == PT_AGG_LAST;
    const slot *out = family_out(r, m);

    if (r->ch->newest)
        return false;
    return rows[0] == PT_NO_EVENT || (last && !pt_column_missing(&out->col, 0));
}

void family_pick(const family_run *r)
{
    const pt_kernels *k = r->e->kernels;
    uint32_t *rows = r->e->picked;

    for (uint32_t m = 0; m < r->ranges.n_members; m++) {
        bool last = family_member(r, m)->agg->fn == PT_AGG_LAST;
        (last ? k->newest : k->oldest)(rows, r->ranges.bits, r->ranges.starts[m], r->ranges.end, r->ranges.n_customers);
        if (is_settled(r, m, rows))
            continue;
        if (pt_type_is_list(r->value->type))
            pick_lists(r, m, rows);
        else
            pick_plain(r, m, rows);
    }
}
