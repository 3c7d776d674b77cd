#include "link/bounds.h"

#include <math.h>
#include <stdlib.h>

#include "link/sign.h"

/* Sums of upper bounds are compared with this much room: rounding must not cost a pair. */
#define ROUNDING 1e-9

enum { PACKED = 1 << 14 }; /* records packed at a time */
enum { NOWHERE = UINT16_MAX };

/* Where a column lies in a row of words; NOWHERE: not there. Pairs of words begin at even places. */
typedef struct slot {
    uint32_t column;
    uint16_t code, sign, places, number;
} slot;

typedef enum answer { NO, PERHAPS, YES } answer;

typedef struct check {
    pt_link_test test;
    bool unknown; /* rows do not tell */
    bool sure;    /* what rows tell is all that is asked */
    const slot *at, *other;
    double bound, jaro;
    double weight;
} check;

typedef struct comparison {
    const slot *column, *against; /* against: of crossed ones, else NULL */
    uint8_t group;
    bool plain;
    double equal; /* weight of level 0 */
    const float *frequency;
    double most; /* of any level but equality */
    check checks[PT_LINK_LEVELS_MAX];
    uint32_t n_checks;
    double rest; /* weight of "different" */
} comparison;

struct link_bounds {
    const pt_link_model *model;
    const pt_link_records *records;
    const link_weights *weights;
    slot slots[3 * PT_LINK_COMPARISONS_MAX * PT_LINK_LEVELS_MAX];
    size_t n_slots;
    comparison comparisons[PT_LINK_COMPARISONS_MAX];
    size_t n;
    uint8_t telling[PT_LINK_COMPARISONS_MAX]; /* comparisons, those first of which a difference costs most */
    uint32_t *rows;
    size_t width;
};

/* --- rows -------------------------------------------------------------------------------------------------------------------- */

typedef enum part { CODE = 1, SIGN = 2, PLACES = 4, NUMBER = 8 } part;

static uint16_t take_words(link_bounds *b, size_t n)
{
    size_t at = n == 2 ? (b->width + 1) & ~(size_t)1 : b->width;

    b->width = at + n;
    return (uint16_t)at;
}

/* The slot of a column with these parts of it. */
static const slot *slot_of(link_bounds *b, uint32_t column, unsigned parts)
{
    const pt_link_column *c = &b->records->columns[column];
    slot *s = b->slots;

    while (s < b->slots + b->n_slots && s->column != column)
        s++;
    if (s == b->slots + b->n_slots) {
        *s = (slot){column, NOWHERE, NOWHERE, NOWHERE, NOWHERE};
        b->n_slots++;
    }
    if (parts & CODE && s->code == NOWHERE)
        s->code = take_words(b, 1);
    if (parts & SIGN && s->sign == NOWHERE && c->signs)
        s->sign = take_words(b, 2);
    if (parts & PLACES && s->places == NOWHERE && c->places)
        s->places = take_words(b, 2);
    if (parts & NUMBER && s->number == NOWHERE && c->numbers)
        s->number = take_words(b, 2);
    return s;
}

static pt_rc pack_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    link_bounds *b = arg;
    uint32_t first = (uint32_t)index * PACKED, end = b->records->n - first < PACKED ? b->records->n : first + PACKED;

    (void)worker, (void)err;
    for (const slot *s = b->slots; s < b->slots + b->n_slots; s++) {
        const pt_link_column *c = &b->records->columns[s->column];
        for (uint32_t i = first; i < end; i++) {
            uint32_t *row = b->rows + i * b->width, code = c->codes[i];
            if (s->code != NOWHERE)
                row[s->code] = code;
            if (s->sign != NOWHERE)
                memcpy(row + s->sign, &c->signs[code], sizeof *c->signs);
            if (s->places != NOWHERE)
                memcpy(row + s->places, &c->places[code], sizeof *c->places);
            if (s->number != NOWHERE)
                memcpy(row + s->number, &c->numbers[code], sizeof *c->numbers);
        }
    }
    return PT_OK;
}

const void *link_bounds_rows(const link_bounds *b, size_t *row_bytes)
{
    *row_bytes = b->width * sizeof *b->rows;
    return b->rows;
}

/* --- what rows tell ---------------------------------------------------------------------------------------------------------- */

static inline uint64_t word_at(const uint32_t *row, uint16_t at)
{
    uint64_t word;

    memcpy(&word, row + at, sizeof word);
    return word;
}

static inline double number_at(const uint32_t *row, uint16_t at)
{
    double number;

    memcpy(&number, row + at, sizeof number);
    return number;
}

static inline bool may_be_inside(const check *c, const uint32_t *inner, const uint32_t *outer)
{
    uint64_t p = word_at(inner, c->at->sign), w = word_at(outer, c->other->sign);

    return p && w && link_may_be_part(p, w);
}

/* Of two rows whose values in the comparison's column are not equal. */
static inline answer ask(const check *c, const uint32_t *a, const uint32_t *b)
{
    if (c->unknown)
        return PERHAPS;
    switch (c->test) {
    case PT_LINK_SAME: return a[c->at->code] && a[c->at->code] == b[c->at->code] ? YES : NO;
    case PT_LINK_WITHIN: return fabs(number_at(a, c->at->number) - number_at(b, c->at->number)) <= c->bound ? YES : NO;
    case PT_LINK_JARO_WINKLER:
        return link_jaro_at_most(word_at(a, c->at->sign), word_at(b, c->at->sign)) >= c->jaro ? PERHAPS : NO;
    case PT_LINK_EDITS:
        return link_may_be_within(word_at(a, c->at->sign), word_at(b, c->at->sign), word_at(a, c->at->places),
                                  word_at(b, c->at->places), (uint32_t)c->bound)
                   ? PERHAPS
                   : NO;
    case PT_LINK_MASKED: return link_may_fit(word_at(a, c->at->sign), word_at(b, c->at->sign)) ? PERHAPS : NO;
    case PT_LINK_INSIDE: return may_be_inside(c, a, b) || may_be_inside(c, b, a) ? PERHAPS : NO;
    case PT_LINK_SWAPPED:
        return word_at(a, c->at->sign) == word_at(b, c->other->sign) &&
                       word_at(b, c->at->sign) == word_at(a, c->other->sign)
                   ? PERHAPS
                   : NO;
    default: return PERHAPS;
    }
}

/* The most that a comparison of unequal values can have. What weighs less than is left open anyway is asked only when the answer may be
 * sure. */
static inline double most_of(const comparison *x, const uint32_t *a, const uint32_t *b)
{
    double most = -INFINITY;

    for (uint32_t i = 0; i < x->n_checks; i++) {
        const check *c = &x->checks[i];
        answer found = c->weight > most || c->sure ? ask(c, a, b) : PERHAPS;
        if (found == NO)
            continue;
        most = c->weight > most ? c->weight : most;
        if (found == YES && c->sure)
            return most;
    }
    return x->rest > most ? x->rest : most;
}

/* --- a pair ------------------------------------------------------------------------------------------------------------------ */

/* A weight that the pair does not exceed: by comparison, and summed by group; `most` of group 0 is its sum. */
typedef struct hope {
    double most[PT_LINK_GROUPS], least[PT_LINK_GROUPS], value[PT_LINK_COMPARISONS_MAX];
} hope;

/* Whether it is less than is asked for; not when infinite weights leave it open. */
static inline bool is_below(const hope *h, double least)
{
    double total = h->most[0];

    for (int g = 1; g < PT_LINK_GROUPS; g++)
        total += h->most[g] + h->least[g];
    return total < least - ROUNDING;
}

static inline void add_value(hope *h, uint8_t group, double value)
{
    if (!group)
        h->most[0] += value;
    else if (value > h->most[group])
        h->most[group] = value;
    else if (value < h->least[group])
        h->least[group] = value;
}

static inline void replace(hope *h, const link_bounds *b, size_t changed, double value)
{
    uint8_t group = b->comparisons[changed].group;

    h->value[changed] = value;
    h->most[group] = group ? 0 : b->weights->prior;
    h->least[group] = 0;
    for (size_t k = 0; k < b->n; k++)
        if (b->comparisons[k].group == group)
            add_value(h, group, h->value[k]);
}

/* Equal values have their weight, of others the most that they may have is taken; returns which are open. `levels`: of those that are
 * closed. */
static inline uint32_t open_pair(hope *h, uint8_t *levels, const link_bounds *b, const uint32_t *x, const uint32_t *y)
{
    uint32_t open = 0;

    *h = (hope){.most = {b->weights->prior}};
    for (size_t k = 0; k < b->n; k++) {
        const comparison *c = &b->comparisons[k];
        uint32_t p = x[c->column->code], q = y[c->column->code];
        double value = 0;
        levels[k] = PT_LINK_NULL;
        if (c->against ? (p && y[c->against->code]) || (q && x[c->against->code]) : p && q) {
            bool same = p == q && c->plain;
            value = same ? c->equal + (c->frequency ? (double)c->frequency[p] : 0) : c->most;
            levels[k] = same ? 0 : PT_LINK_NULL;
            open |= (uint32_t)!same << k;
        }
        h->value[k] = value;
        add_value(h, c->group, value);
    }
    return open;
}

static double sum_levels(const link_bounds *b, const uint8_t *levels, uint32_t x, uint32_t y)
{
    const uint32_t *row = b->rows + x * b->width;
    link_sum sum = {.alone = b->weights->prior};

    for (size_t k = 0; k < b->n; k++)
        link_sum_add(&sum, b->comparisons[k].group,
                     link_weight_of(b->weights, k, levels[k], row[b->comparisons[k].column->code], x, y));
    return link_sum_total(&sum);
}

bool link_bounds_weigh(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y, double least)
{
    const uint32_t *p = b->rows + x * b->width, *q = b->rows + y * b->width;
    uint8_t levels[PT_LINK_COMPARISONS_MAX];
    hope h;
    uint32_t open = open_pair(&h, levels, b, p, q);

    for (size_t i = 0; i < b->n; i++) {
        if (is_below(&h, least))
            return false;
        if (open >> b->telling[i] & 1)
            replace(&h, b, b->telling[i], most_of(&b->comparisons[b->telling[i]], p, q));
    }
    for (size_t i = 0; open && !is_below(&h, least); i++) {
        uint32_t k = b->weights->costly[i];
        if (!(open >> k & 1))
            continue;
        open &= ~(UINT32_C(1) << k);
        levels[k] = link_level(c, k, x, y);
        replace(&h, b, k, link_weight_of(b->weights, k, levels[k], p[b->comparisons[k].column->code], x, y));
    }
    if (open)
        return false;
    *weight = sum_levels(b, levels, x, y);
    return *weight >= least;
}

/* --- making ------------------------------------------------------------------------------------------------------------------ */

static unsigned parts_of(pt_link_test test)
{
    switch (test) {
    case PT_LINK_SAME: return CODE;
    case PT_LINK_WITHIN: return NUMBER;
    case PT_LINK_EDITS: return SIGN | PLACES;
    case PT_LINK_JARO_WINKLER:
    case PT_LINK_MASKED:
    case PT_LINK_INSIDE:
    case PT_LINK_SWAPPED: return SIGN;
    default: return 0;
    }
}

static bool has_parts(const slot *s, unsigned parts)
{
    return (!(parts & SIGN) || s->sign != NOWHERE) && (!(parts & PLACES) || s->places != NOWHERE) &&
           (!(parts & NUMBER) || s->number != NOWHERE);
}

static check check_of(link_bounds *b, const pt_link_level *l, double weight)
{
    unsigned parts = parts_of(l->test);
    bool two = l->test == PT_LINK_INSIDE || l->test == PT_LINK_SWAPPED;
    check c = {.test = l->test, .bound = l->bound, .weight = weight, .unknown = !parts};

    c.jaro = link_jaro_for(l->bound);
    if (c.unknown)
        return c;
    c.at = slot_of(b, l->column, parts);
    c.unknown = !has_parts(c.at, parts) || (l->test == PT_LINK_EDITS && l->bound > LINK_PLACES);
    if (two) {
        c.other = slot_of(b, l->other, parts);
        c.unknown |= !has_parts(c.other, parts);
    }
    c.sure = !c.unknown && !l->also && (l->test == PT_LINK_SAME || l->test == PT_LINK_WITHIN);
    return c;
}

static void add_comparison(link_bounds *b, size_t k)
{
    const pt_link_comparison *x = &b->model->comparisons[k];
    const link_weights *w = b->weights;
    comparison *c = &b->comparisons[k];

    *c = (comparison){.group = x->group, .plain = w->plain[k], .equal = w->level[k][0], .frequency = w->frequency[k]};
    c->column = slot_of(b, x->column, CODE);
    c->against = x->crossed ? slot_of(b, x->against, CODE) : NULL;
    c->most = c->rest = w->level[k][x->n_levels];
    for (uint32_t i = c->plain; i < x->n_levels; i++) {
        double weight = i == 0 && c->frequency ? INFINITY : x->levels[i].silent ? 0 : w->level[k][i] + w->most[k][i];
        c->checks[c->n_checks++] = check_of(b, &x->levels[i], weight);
        c->most = fmax(c->most, weight);
    }
}

/* Comparisons by how much is lost when values turn out to be different. */
static void order_by_loss(link_bounds *b)
{
    for (size_t k = 0; k < b->n; k++) {
        const comparison *c = b->comparisons;
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
    for (size_t k = 0; k < b->n; k++)
        add_comparison(b, k);
    order_by_loss(b);
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
