/* Counting baskets: a customer's events are put together by basket, each value once. */
#include <stdlib.h>

#include "app/associate_int.h"

void pt_associate_dispose(pt_associate_job *j)
{
    for (unsigned w = 0; j->parts && w < pt_walk_workers(&j->walk); w++) {
        pt_associate_part *p = &j->parts[w];
        free(p->right);
        free(p->both);
        free(p->customers);
        free(p->last);
        free(p->seen);
        free(p->pairs);
        free(p->offsets);
        free(p->items);
        free(p->owners);
    }
}

static bool part_init(pt_associate_part *p, uint32_t n)
{
    p->right = pt_zalloc((size_t)n + 1, sizeof *p->right);
    p->both = pt_zalloc((size_t)n + 1, sizeof *p->both);
    p->customers = pt_zalloc((size_t)n + 1, sizeof *p->customers);
    p->last = pt_zalloc((size_t)n + 1, sizeof *p->last);
    p->seen = pt_zalloc((size_t)n + 1, sizeof *p->seen);
    return p->right && p->both && p->customers && p->last && p->seen;
}

static pt_rc make_parts(pt_associate_job *j, unsigned workers, pt_err *err)
{
    if (!(j->parts = PT_NEW_ARRAY(j->arena, pt_associate_part, workers)))
        return pt_fail_nomem(err, "the baskets");
    for (unsigned w = 0; w < workers; w++)
        if (!part_init(&j->parts[w], j->dict->n))
            return pt_fail_nomem(err, "the baskets");
    return PT_OK;
}

static bool has_bit(const uint64_t *bits, uint32_t ordinal)
{
    return bits[ordinal / 64] >> (ordinal % 64) & 1;
}

/* --- one basket -------------------------------------------------------------------------------------------------------------- */

/* A pair is the basket's code, then whether it is an item of the left, then the code of the right. */
enum { LEFT_BIT = 31 };
#define CODE_OF(pair) ((uint32_t)(pair)&0x7fffffffu)

static pt_rc keep_basket(pt_associate_part *p, const uint64_t *pairs, size_t n, uint32_t ordinal, pt_err *err)
{
    uint64_t at = p->n_kept ? p->offsets[p->n_kept] : 0;

    if (!pt_grow(&p->offsets, &p->cap_offsets, p->n_kept + 2, sizeof *p->offsets) ||
        !pt_grow(&p->owners, &p->cap_owners, p->n_kept + 1, sizeof *p->owners) ||
        !pt_grow(&p->items, &p->cap_items, (size_t)at + n, sizeof *p->items))
        return pt_fail_nomem(err, "the baskets");
    if (!p->n_kept)
        p->offsets[0] = 0;
    p->owners[p->n_kept] = ordinal;
    for (size_t i = 0; i < n; i++)
        if (CODE_OF(pairs[i]))
            p->items[at++] = CODE_OF(pairs[i]) - 1;
    p->offsets[++p->n_kept] = at;
    return PT_OK;
}

static void count_basket(pt_associate_part *p, const uint64_t *pairs, size_t n, uint32_t ordinal, bool left)
{
    for (size_t i = 0; i < n; i++)
        left |= pairs[i] >> LEFT_BIT & 1;
    p->baskets++;
    p->left += left;
    p->basket++;
    for (size_t i = 0; i < n; i++) {
        uint32_t code = CODE_OF(pairs[i]);
        if (!code || p->last[code] == p->basket)
            continue;
        p->last[code] = p->basket;
        p->right[code]++;
        p->both[code] += left;
        if (left && p->seen[code] != ordinal + 1) {
            p->seen[code] = ordinal + 1;
            p->customers[code]++;
        }
    }
}

static pt_rc end_basket(pt_associate_job *j, pt_associate_part *p, size_t from, size_t to, uint32_t ordinal,
                        pt_err *err)
{
    if (j->out->left == PT_LEFT_ANY) {
        p->baskets++;
        return keep_basket(p, p->pairs + from, to - from, ordinal, err);
    }
    count_basket(p, p->pairs + from, to - from, ordinal, j->bits && has_bit(j->bits, ordinal));
    return PT_OK;
}

/* --- one customer ------------------------------------------------------------------------------------------------------------ */

static int by_basket(const void *a, const void *b)
{
    uint32_t x = (uint32_t)(*(const uint64_t *)a >> 32), y = (uint32_t)(*(const uint64_t *)b >> 32);

    return x < y ? -1 : x > y;
}

static pt_rc add_pair(pt_associate_part *p, uint32_t basket, bool left, uint32_t code, pt_err *err)
{
    if (!pt_grow(&p->pairs, &p->cap_pairs, p->n_pairs + 1, sizeof *p->pairs))
        return pt_fail_nomem(err, "the baskets");
    p->pairs[p->n_pairs++] = (uint64_t)basket << 32 | (uint64_t)left << LEFT_BIT | code;
    return PT_OK;
}

/* The values of an event on the right: one, or those of a list. */
static pt_rc add_event(const pt_associate_job *j, pt_associate_part *p, uint64_t at, pt_err *err)
{
    const pt_column *columns = j->walk.view->events[j->walk.sources[0]].columns;
    const pt_column *with = j->with < 0 ? NULL : &columns[j->with];
    uint32_t basket = j->by < 0 ? 0 : pt_column_code(&columns[j->by], at);
    bool left = j->on_left && j->item >= 0 && j->on_left[pt_column_code(&columns[j->item], at)];

    if (j->by >= 0 && !basket)
        return PT_OK; /* of no basket */
    if (!with || !pt_type_is_list(with->type))
        return add_pair(p, basket, left, with ? pt_column_code(with, at) : 0, err);
    for (uint64_t k = with->offsets[at]; k < with->offsets[at + 1]; k++)
        PT_TRY(add_pair(p, basket, left, pt_column_code(with, k), err));
    return PT_OK;
}

static bool any_left(const pt_associate_part *p)
{
    for (size_t i = 0; i < p->n_pairs; i++)
        if (p->pairs[i] >> LEFT_BIT & 1)
            return true;
    return false;
}

static pt_rc visit(void *ctx, unsigned worker, const pt_walk_customer *c, pt_err *err)
{
    pt_associate_job *j = ctx;
    pt_associate_part *p = &j->parts[worker];
    const pt_mark *m = &c->marks[0];

    p->n_pairs = 0;
    for (uint32_t row = m->from[c->row]; row < m->end[c->row]; row++)
        if (m->bits[row / 64] >> (row % 64) & 1)
            PT_TRY(add_event(j, p, m->base + row, err));
    bool left = any_left(p);
    p->left_customers += left;
    if (j->bought)
        j->bought[c->ordinal] = left;
    if (j->bought || !p->n_pairs)
        return PT_OK;
    if (j->by >= 0)
        qsort(p->pairs, p->n_pairs, sizeof *p->pairs, by_basket);
    for (size_t from = 0, to; from < p->n_pairs; from = to) {
        for (to = from + 1; to < p->n_pairs && p->pairs[to] >> 32 == p->pairs[from] >> 32;)
            to++;
        PT_TRY(end_basket(j, p, from, to, c->ordinal, err));
    }
    return PT_OK;
}

static void add_up(pt_associate_job *j)
{
    pt_associate_part *all = &j->parts[0];

    for (unsigned w = 1; w < pt_walk_workers(&j->walk); w++) {
        const pt_associate_part *p = &j->parts[w];
        all->baskets += p->baskets;
        all->left += p->left;
        all->left_customers += p->left_customers;
        for (uint32_t code = 0; code <= j->dict->n; code++) {
            all->right[code] += p->right[code];
            all->both[code] += p->both[code];
            all->customers[code] += p->customers[code];
        }
    }
}

pt_rc pt_associate_count(pt_associate_job *j, pt_err *err)
{
    PT_TRY(make_parts(j, pt_walk_workers(&j->walk), err));
    PT_TRY(pt_walk_run(&j->walk, visit, j, err));
    add_up(j);
    return PT_OK;
}

/* --- by a tag ---------------------------------------------------------------------------------------------------------------- */

static void count_value(pt_associate_part *p, uint32_t code, bool left)
{
    p->right[code]++;
    p->both[code] += left;
    p->customers[code] += left;
}

pt_rc pt_associate_count_tag(pt_associate_job *j, const pt_column *column, const uint64_t *members, pt_err *err)
{
    pt_associate_dispose(j);
    PT_TRY(make_parts(j, pt_walk_workers(&j->walk), err));
    for (uint32_t o = 0; o < j->walk.view->n_ordinals; o++) {
        if (!has_bit(members, o) || pt_column_missing(column, o))
            continue;
        bool left = j->bits ? has_bit(j->bits, o) : j->bought[o];
        j->parts->baskets++;
        j->parts->left += left;
        if (!pt_type_is_list(column->type))
            count_value(j->parts, pt_column_code(column, o), left);
        else
            for (uint64_t k = column->offsets[o]; k < column->offsets[o + 1]; k++)
                count_value(j->parts, pt_column_code(column, k), left);
    }
    return PT_OK;
}
