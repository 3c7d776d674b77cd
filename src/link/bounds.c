#include "link/bounds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/bounds_int.h"
#include "link/sign.h"

enum { PACKED = 1 << 14 }; /* records packed at a time */

/* --- rows -------------------------------------------------------------------------------------------------------------------- */

typedef enum part { CODE = 1, SIGN = 2, PLACES = 4, NUMBER = 8, PAIRS = 16 } part;

static uint16_t take_words(link_bounds *b, size_t n)
{
    size_t at = n == 2 ? (b->width + 1) & ~(size_t)1 : b->width;

    b->width = at + n;
    if (n == 1)
        b->single[b->n_single++] = (uint16_t)at;
    else
        b->twin[b->n_twin++] = (uint16_t)at;
    return (uint16_t)at;
}

/* The slot of a column with these parts of it. */
static const link_slot *slot_of(link_bounds *b, uint32_t column, unsigned parts)
{
    const pt_link_column *c = &b->records->columns[column];
    link_slot *s = b->slots;

    while (s < b->slots + b->n_slots && s->column != column)
        s++;
    if (s == b->slots + b->n_slots) {
        *s = (link_slot){column, LINK_NOWHERE, LINK_NOWHERE, LINK_NOWHERE, LINK_NOWHERE, LINK_NOWHERE};
        b->n_slots++;
    }
    if (parts & CODE && s->code == LINK_NOWHERE)
        s->code = take_words(b, 1);
    if (parts & SIGN && s->sign == LINK_NOWHERE && c->signs)
        s->sign = take_words(b, 2);
    if (parts & PLACES && s->places == LINK_NOWHERE && c->places)
        s->places = take_words(b, 2);
    if (parts & NUMBER && s->number == LINK_NOWHERE && c->numbers)
        s->number = take_words(b, 2);
    if (parts & PAIRS && s->pairs == LINK_NOWHERE && c->ends)
        s->pairs = take_words(b, 2);
    return s;
}

static void pack_slot(const link_bounds *b, const link_slot *s, uint32_t record)
{
    const pt_link_column *c = &b->records->columns[s->column];
    uint32_t *row = b->rows + record * b->width, code = c->codes[record];

    if (s->code != LINK_NOWHERE)
        row[s->code] = code;
    if (s->sign != LINK_NOWHERE)
        memcpy(row + s->sign, &c->signs[code], sizeof *c->signs);
    if (s->places != LINK_NOWHERE)
        memcpy(row + s->places, &c->places[code], sizeof *c->places);
    if (s->number != LINK_NOWHERE) { /* no value is near to none */
        double number = code ? c->numbers[code] : NAN;
        memcpy(row + s->number, &number, sizeof number);
    }
    if (s->pairs != LINK_NOWHERE) {
        uint64_t from = code ? c->ends[code - 1] : 0, n = code ? c->ends[code] - from : 0;
        uint64_t pairs =
            link_pairs_of((pt_points){c->points + from, n < PT_POINTS_COMPARED ? (uint32_t)n : PT_POINTS_COMPARED});
        memcpy(row + s->pairs, &pairs, sizeof pairs);
    }
}

static void pack_rarity(const link_bounds *b, const link_question *c, uint32_t record)
{
    uint32_t code = b->records->columns[c->column->column].codes[record];

    memcpy(b->rows + record * b->width + c->rarity, &c->frequency[code], sizeof *c->frequency);
}

static void pack_records(const link_bounds *b, uint32_t first, uint32_t end)
{
    for (size_t s = 0; s < b->n_slots; s++)
        for (uint32_t i = first; i < end; i++)
            pack_slot(b, &b->slots[s], i);
    for (size_t k = 0; k < b->n; k++)
        for (uint32_t i = first; b->comparisons[k].frequency && i < end; i++)
            pack_rarity(b, &b->comparisons[k], i);
}

void link_bounds_pack(link_bounds *b, uint32_t record)
{
    pack_records(b, record, record + 1);
}

static pt_rc pack_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    link_bounds *b = arg;
    uint32_t first = (uint32_t)index * PACKED, end = b->records->n - first < PACKED ? b->records->n : first + PACKED;

    (void)worker, (void)err;
    pack_records(b, first, end);
    return PT_OK;
}

const void *link_bounds_rows(const link_bounds *b, size_t *row_bytes)
{
    *row_bytes = b->width * sizeof *b->rows;
    return b->rows;
}

/* --- making ------------------------------------------------------------------------------------------------------------------ */

static unsigned parts_of(pt_link_test test)
{
    switch (test) {
    case PT_LINK_SAME: return CODE;
    case PT_LINK_WITHIN: return NUMBER;
    case PT_LINK_EDITS: return SIGN | PLACES;
    case PT_LINK_MASKED: return CODE | SIGN;
    case PT_LINK_INSIDE: return CODE | PAIRS;
    case PT_LINK_JARO_WINKLER:
    case PT_LINK_SWAPPED: return SIGN;
    default: return 0;
    }
}

static bool has_parts(const link_slot *s, unsigned parts)
{
    return (!(parts & SIGN) || s->sign != LINK_NOWHERE) && (!(parts & PLACES) || s->places != LINK_NOWHERE) &&
           (!(parts & NUMBER) || s->number != LINK_NOWHERE) && (!(parts & PAIRS) || s->pairs != LINK_NOWHERE);
}

static link_check check_of(link_bounds *b, const pt_link_level *l, uint8_t level, double weight)
{
    unsigned parts = parts_of(l->test);
    bool two = l->test == PT_LINK_INSIDE || l->test == PT_LINK_SWAPPED;
    link_check c = {.test = l->test, .level = level, .bound = l->bound, .weight = weight, .unknown = !parts};

    c.jaro = fmin(link_jaro_for(l->bound), 1); /* equal values pass whatever the bound */
    if (c.unknown)
        return c;
    c.at = slot_of(b, l->column, parts);
    c.unknown = !has_parts(c.at, parts) || (l->test == PT_LINK_EDITS && !(l->bound >= 0 && l->bound <= LINK_PLACES));
    if (two) {
        c.other = slot_of(b, l->other, parts);
        c.unknown |= !has_parts(c.other, parts);
    }
    c.sure = !c.unknown && !l->also && (l->test == PT_LINK_SAME || l->test == PT_LINK_WITHIN);
    return c;
}

static void find_groups(link_question *c, const pt_link_comparison *x, const double *weights)
{
    for (unsigned i = 0; i <= PT_LINK_LEVELS_MAX; i++)
        c->group[i] = link_group_of(x, i);
    c->open = c->group[0];
    for (unsigned i = 1; i <= x->n_levels; i++) {
        c->mixed |= c->group[i] != c->group[0];
        if (c->group[i] != c->open && (i < x->n_levels || weights[i] > 0))
            c->open = 0;
    }
}

static void add_read(link_question *c, const pt_link_column *column)
{
    for (uint32_t i = 0; i < c->n_read; i++)
        if (c->read[i] == column)
            return;
    if (c->n_read < LINK_READ)
        c->read[c->n_read++] = column;
}

static void find_read(link_question *c, const pt_link_comparison *x, const pt_link_column *columns)
{
    add_read(c, &columns[x->column]);
    if (x->crossed)
        add_read(c, &columns[x->against]);
    for (uint32_t i = 0; i < x->n_levels; i++)
        for (const pt_link_level *l = &x->levels[i]; l; l = l->also) {
            add_read(c, &columns[l->column]);
            if ((l->test == PT_LINK_SWAPPED || l->test == PT_LINK_NEAR || l->test == PT_LINK_INSIDE))
                add_read(c, &columns[l->other]);
        }
}

static void add_member(link_bounds *b, uint8_t group, size_t k, link_when when)
{
    b->members[group][b->n_members[group]++] = (link_member){(uint8_t)k, (uint8_t)when};
}

static void add_comparison(link_bounds *b, size_t k)
{
    const pt_link_comparison *x = &b->model->comparisons[k];
    const link_weights *w = b->weights;
    link_question *c = &b->comparisons[k];

    *c = (link_question){.plain = w->plain[k] && !x->levels[0].silent && (w->frequency[k] || !w->more[k][0]),
                         .equal = w->level[k][0],
                         .frequency = w->frequency[k],
                         .n_levels = (uint8_t)x->n_levels};
    find_groups(c, x, w->level[k]);
    add_member(b, c->open, k, c->group[0] == c->open ? LINK_ALWAYS : LINK_WHEN_OPEN);
    if (c->group[0] != c->open)
        add_member(b, c->group[0], k, LINK_WHEN_EQUAL);
    find_read(c, x, b->records->columns);
    c->column = slot_of(b, x->column, CODE);
    if (c->frequency)
        c->rarity = (uint16_t)b->width++;
    c->against = x->crossed ? slot_of(b, x->against, CODE) : NULL;
    c->most = c->rest = link_finite(w->level[k][x->n_levels]);
    for (uint32_t i = c->plain; i < x->n_levels; i++) {
        bool silent = x->levels[i].silent;
        double weight = link_finite(i == 0 && c->frequency ? INFINITY : silent ? 0 : w->level[k][i] + w->most[k][i]);
        c->checks[c->n_checks++] = check_of(b, &x->levels[i], silent ? PT_LINK_NULL : (uint8_t)i, weight);
        c->most = fmax(c->most, weight);
    }
}

/* Comparisons by how much is lost when values turn out to be different. */
static void order_by_loss(link_bounds *b)
{
    for (size_t k = 0; k < b->n; k++) {
        const link_question *c = b->comparisons;
        size_t at = k;
        while (at > 0 && c[b->telling[at - 1]].most - c[b->telling[at - 1]].rest < c[k].most - c[k].rest) {
            b->telling[at] = b->telling[at - 1];
            at--;
        }
        b->telling[at] = (uint8_t)k;
    }
}

pt_rc link_bounds_new(link_bounds **out, const pt_link_model *model, const pt_link_records *records,
                      const link_weights *weights, pt_pool *pool, pt_err *err)
{
    link_bounds *b = pt_zalloc(1, sizeof *b);

    *out = NULL;
    if (!b)
        return pt_fail_nomem(err, "pairs of records");
    b->model = model;
    b->records = records;
    b->weights = weights;
    b->n = model->n_comparisons;
    b->prior = link_finite(weights->prior);
    for (size_t k = 0; k < b->n; k++)
        add_comparison(b, k);
    order_by_loss(b);
    b->weigh = link_weigh_popcnt() ? link_weigh_popcnt() : link_weigh_plain();
    b->weigh_lanes = link_weigh_lanes_avx512() ? link_weigh_lanes_avx512()
                     : link_weigh_lanes_avx2() ? link_weigh_lanes_avx2()
                                               : link_weigh_lanes_plain();
    b->width += b->width & 1;
    b->rows = pt_alloc64((size_t)records->n + 1, b->width * sizeof *b->rows);
    pt_rc rc = b->rows ? pt_pool_run(pool, (records->n + PACKED - 1) / PACKED, pack_part, b, err)
                       : pt_fail_nomem(err, "pairs of records");
    if (rc == PT_OK)
        *out = b;
    else
        link_bounds_free(b);
    return rc;
}

void link_bounds_free(link_bounds *b)
{
    if (!b)
        return;
    free(b->rows);
    free(b);
}

bool link_bounds_weigh(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y, double least)
{
    return b->weigh(weight, b, c, x, y, least);
}
