/* Holding a record against others, KERNEL_LANES at a time, for one kind of processor: KERNEL_TARGET says which, KERNEL_OWN_... what it has
 * instructions of its own for. The same bounds as in bounds_body.h. */
#include <math.h>
#include <string.h>

#include "link/bounds_int.h"
#include "link/sign.h"

#pragma GCC diagnostic ignored "-Wpsabi" /* vectors are passed between functions that are all inlined */

enum { LANES = KERNEL_LANES, EVERY = (1 << LANES) - 1 };

typedef uint64_t words __attribute__((vector_size(8 * LANES), may_alias));
typedef double numbers __attribute__((vector_size(8 * LANES), may_alias));

#define STEP KERNEL_TARGET static inline __attribute__((always_inline))

/* --- lanes ------------------------------------------------------------------------------------------------------------------- */

STEP words all_of(uint64_t x)
{
    return (words){0} + x;
}

STEP numbers every(double x)
{
    return x - (numbers){0};
}

/* Of integers below 2^52: the number whose last bits they are. */
STEP numbers number_of(words x)
{
    return (numbers)(x | UINT64_C(0x4330000000000000)) - 0x1p52;
}

STEP numbers choose(words which, numbers yes, numbers no)
{
    return (numbers)(((words)yes & which) | ((words)no & ~which));
}

STEP words choose_words(words which, words yes, words no)
{
    return (yes & which) | (no & ~which);
}

#ifdef KERNEL_OWN_MAX
STEP numbers smaller(numbers a, numbers b)
{
    return KERNEL_OWN_MIN(a, b);
}

STEP numbers larger(numbers a, numbers b)
{
    return KERNEL_OWN_MAX(a, b);
}
#else
STEP numbers smaller(numbers a, numbers b)
{
    return choose((words)(a < b), a, b);
}

STEP numbers larger(numbers a, numbers b)
{
    return choose((words)(a > b), a, b);
}
#endif

#ifdef KERNEL_OWN_COUNT
STEP words count_bits(words x)
{
    return KERNEL_OWN_COUNT(x);
}
#else
STEP words count_bits(words x)
{
    x -= x >> 1 & UINT64_C(0x5555555555555555);
    x = (x & UINT64_C(0x3333333333333333)) + (x >> 2 & UINT64_C(0x3333333333333333));
    x = (x + (x >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
    x += x >> 8;
    x += x >> 16;
    x += x >> 32;
    return x & 0x7F;
}
#endif

/* A bit for each lane whose bits are all set. */
STEP unsigned mask_of(words x)
{
#ifdef KERNEL_OWN_MASK
    return KERNEL_OWN_MASK(x);
#else
    unsigned mask = 0;

    for (unsigned i = 0; i < LANES; i++)
        mask |= (unsigned)(x[i] & 1) << i;
    return mask;
#endif
}

/* --- what rows tell ---------------------------------------------------------------------------------------------------------- */

/* A record's row, and the records that it is held against. */
typedef struct facing {
    const uint32_t *row;
    const uint64_t (*lanes)[LINK_LANES]; /* by word of a row */
} facing;

STEP words lanes_at(const facing *f, uint16_t at)
{
    return *(const words *)f->lanes[at];
}

STEP uint64_t word_of(const facing *f, uint16_t at)
{
    uint64_t word;

    memcpy(&word, f->row + at, sizeof word);
    return word;
}

/* How two texts differ as far as signs tell; of several checks of one column found once. */
typedef struct signs {
    const link_slot *slot;
    uint32_t n;            /* the record's length */
    words m;               /* the others' */
    words lost, lost_of_b; /* kinds of characters that the other does not have */
    numbers have, of;      /* partners * (n + m), and n * m */
    words open;            /* a length that says nothing */
} signs;

STEP void compare_signs(signs *s, const facing *f, const link_slot *slot)
{
    if (s->slot == slot)
        return;
    uint64_t a = word_of(f, slot->sign);
    words b = lanes_at(f, slot->sign);
    s->slot = slot;
    s->n = link_sign_length(a);
    s->m = b >> LINK_SIGN_BITS;
    s->lost = count_bits((a & LINK_SIGN_CHARACTERS) & ~b);
    s->lost_of_b = count_bits(b & (LINK_SIGN_CHARACTERS & ~a));
    numbers n = every(s->n), m = number_of(s->m);
    s->have = smaller(n - number_of(s->lost), m - number_of(s->lost_of_b)) * (n + m);
    s->of = n * m;
    s->open = (words)(s->m == 0) | (words)(s->m == LINK_SIGN_LONG);
}

/* As link_jaro_may_be. */
STEP words may_be_alike(const signs *s, double least)
{
    if (!s->n || s->n == LINK_SIGN_LONG)
        return all_of(~UINT64_C(0));
    return s->open | (words)(s->have >= (3 * least - 1) * s->of);
}

/* As link_may_be_within. */
STEP words may_be_within(const signs *s, const facing *f, const link_slot *slot, uint32_t most)
{
    words apart = s->m - s->n, no = (words)(s->lost > most) | (words)(s->lost_of_b > most);

    /* Between -most and most: wraps around. */
    no |= (words)(apart + most > 2 * (uint64_t)most);
    if (s->n > LINK_PLACES || !s->n || most > 3)
        return ~no;
    uint64_t a = word_of(f, slot->places);
    words b = lanes_at(f, slot->places), alone = all_of(LINK_PLACE_ONES >> (64 - 4 * s->n));
    for (uint32_t i = 0; i <= most; i++) {
        words left = (b << (4 * i)) ^ a, right = (b >> (4 * i)) ^ a;
        left |= left >> 1, right |= right >> 1;
        alone &= (left | left >> 2) & (right | right >> 2);
    }
    return ~(no | ((words)(s->m <= LINK_PLACES) & (words)(count_bits(alone) > most)));
}

/* As link_may_hold_part, of texts that are there. */
STEP words may_be_inside(const link_check *c, const facing *f)
{
    uint64_t part = word_of(f, c->at->pairs), whole = word_of(f, c->other->pairs);
    words parts = lanes_at(f, c->at->pairs), wholes = lanes_at(f, c->other->pairs),
          first = (words)((part & ~wholes) == 0) & (words)(lanes_at(f, c->other->code) != 0),
          second = (words)((parts & ~whole) == 0) & (words)(lanes_at(f, c->at->code) != 0);

    return (first & all_of(f->row[c->at->code] ? ~UINT64_C(0) : 0)) |
           (second & all_of(f->row[c->other->code] ? ~UINT64_C(0) : 0));
}

STEP words are_swapped(const link_check *c, const facing *f)
{
    return (words)(lanes_at(f, c->other->sign) == word_of(f, c->at->sign)) &
           (words)(lanes_at(f, c->at->sign) == word_of(f, c->other->sign));
}

STEP words may_fit(const link_check *c, const facing *f)
{
    uint64_t a = word_of(f, c->at->sign);
    words b = lanes_at(f, c->at->sign);

    return (words)(lanes_at(f, c->at->code) == (uint64_t)f->row[c->at->code]) |
           ((words)(b >> LINK_SIGN_BITS == a >> LINK_SIGN_BITS) & (words)(((b | a) >> (LINK_SIGN_BITS - 1) & 1) != 0));
}

STEP words are_near(const link_check *c, const facing *f)
{
    uint64_t a = word_of(f, c->at->number);
    double number;

    memcpy(&number, &a, sizeof number);
    numbers apart = (numbers)((words)((numbers)lanes_at(f, c->at->number) - number) & (UINT64_MAX >> 1));
    return (words)(apart <= c->bound);
}

/* In which lanes the test holds or may hold. */
STEP words ask(signs *s, const link_check *c, const facing *f)
{
    if (c->unknown)
        return all_of(~UINT64_C(0));
    switch (c->test) {
    case PT_LINK_SAME: {
        uint64_t code = f->row[c->at->code];
        return (words)(lanes_at(f, c->at->code) == code) & all_of(code ? ~UINT64_C(0) : 0);
    }
    case PT_LINK_WITHIN: return are_near(c, f);
    case PT_LINK_JARO_WINKLER: compare_signs(s, f, c->at); return may_be_alike(s, c->jaro);
    case PT_LINK_EDITS: compare_signs(s, f, c->at); return may_be_within(s, f, c->at, (uint32_t)c->bound);
    case PT_LINK_MASKED: return may_fit(c, f);
    case PT_LINK_INSIDE: return may_be_inside(c, f);
    case PT_LINK_SWAPPED: return are_swapped(c, f);
    default: return all_of(~UINT64_C(0));
    }
}

/* --- some pairs ------------------------------------------------------------------------------------------------------------- */

/* By comparison, of each lane: */
typedef struct state {
    numbers value[PT_LINK_COMPARISONS_MAX]; /* what it weighs at most */
    words open[PT_LINK_COMPARISONS_MAX];    /* known of both, and not equal */
    words unsure[PT_LINK_COMPARISONS_MAX];  /* of open ones that were asked: rows do not tell the level */
    words level[PT_LINK_COMPARISONS_MAX];   /* else */
    uint8_t is_open[PT_LINK_COMPARISONS_MAX], is_equal[PT_LINK_COMPARISONS_MAX]; /* bits of lanes */
    numbers group[PT_LINK_GROUPS]; /* the strongest agreement and disagreement */
    numbers total;
} state;

STEP void ask_all(state *t, const link_question *x, size_t k, const facing *f)
{
    numbers most = every(-LINK_BOUNDLESS);
    words left = t->open[k], level = all_of(x->n_levels), unsure = all_of(0);
    signs s = {.slot = NULL};

    for (uint32_t i = 0; i < x->n_checks; i++) {
        const link_check *c = &x->checks[i];
        words holds = ask(&s, c, f) & left;
        most = larger(most, choose(holds, every(c->weight), every(-LINK_BOUNDLESS)));
        if (c->sure) {
            level = choose_words(holds, all_of(c->level), level);
            left &= ~holds;
        } else {
            unsure |= holds;
        }
    }
    most = larger(most, choose(left, every(x->rest), every(-LINK_BOUNDLESS)));
    most = x->mixed ? larger(most, every(0)) : most;
    t->value[k] = choose(t->open[k], most, t->value[k]);
    t->level[k] = level;
    t->unsure[k] = unsure;
}

STEP void sum_group(state *t, const link_bounds *b, uint8_t group)
{
    numbers most = every(0), least = every(0);

    for (const link_member *m = b->members[group]; m < b->members[group] + b->n_members[group]; m++) {
        numbers value = t->value[m->comparison];
        if (m->when == LINK_WHEN_OPEN)
            value = (numbers)((words)value & t->open[m->comparison]);
        else if (m->when == LINK_WHEN_EQUAL)
            value = (numbers)((words)value & ~t->open[m->comparison]);
        most = larger(most, value);
        least = smaller(least, value);
    }
    t->total += most + least - t->group[group];
    t->group[group] = most + least;
}

STEP unsigned reach(const state *t, double least)
{
    return mask_of((words)(t->total >= least - LINK_ROUNDING));
}

/* As open_pair of bounds_body.h. */
STEP void open_one(state *t, const link_question *x, size_t k, const facing *f)
{
    uint64_t p = f->row[x->column->code];
    words q = lanes_at(f, x->column->code), known = (words)(q != 0) & all_of(p ? ~UINT64_C(0) : 0);
    double most = x->mixed && x->most < 0 ? 0 : x->most;

    if (x->against) {
        known = (words)(lanes_at(f, x->against->code) != 0) & all_of(p ? ~UINT64_C(0) : 0);
        if (f->row[x->against->code])
            known |= (words)(q != 0);
    }
    words same = known & (words)(q == p) & all_of(x->plain ? ~UINT64_C(0) : 0);
    t->open[k] = known & ~same;
    t->is_open[k] = (uint8_t)mask_of(t->open[k]);
    t->is_equal[k] = (uint8_t)mask_of(same);
    t->value[k] = (numbers)((words)every(most) & t->open[k]);
    if (t->is_equal[k])
        t->value[k] = (numbers)((words)t->value[k] | ((words)every(link_finite(link_equal(x, f->row))) & same));
}

STEP void open_lanes(state *t, const link_bounds *b, const facing *f)
{
    t->total = every(b->prior);
    for (size_t k = 0; k < b->n; k++)
        open_one(t, &b->comparisons[k], k, f);
    for (const link_member *m = b->members[0]; m < b->members[0] + b->n_members[0]; m++) {
        words which = m->when == LINK_WHEN_OPEN    ? t->open[m->comparison]
                      : m->when == LINK_WHEN_EQUAL ? ~t->open[m->comparison]
                                                   : all_of(~UINT64_C(0));
        t->total += (numbers)((words)t->value[m->comparison] & which);
    }
    for (uint8_t g = 1; g < PT_LINK_GROUPS; g++) {
        t->group[g] = every(0);
        if (b->n_members[g])
            sum_group(t, b, g);
    }
}

/* Asks a comparison of its open lanes. */
STEP void ask_next(state *t, const link_bounds *b, size_t k, const facing *f)
{
    const link_question *x = &b->comparisons[k];
    numbers before = t->value[k];

    ask_all(t, x, k, f);
    if (x->open)
        sum_group(t, b, x->open);
    else
        t->total += t->value[k] - before;
}

/* Of a lane that is left all open comparisons were asked. */
STEP void keep_lane(link_lanes *l, const state *t, uint32_t a, uint32_t b, unsigned lane)
{
    link_open *o = &l->queue[l->n_queue++];

    o->a = a;
    o->b = b;
    o->unsure = 0;
    for (size_t k = 0; k < l->bounds->n; k++) {
        bool open = t->is_open[k] >> lane & 1;
        o->level[k] = open ? (uint8_t)t->level[k][lane] : t->is_equal[k] >> lane & 1 ? 0 : PT_LINK_NULL;
        o->weight[k] = t->value[k][lane];
        o->unsure |= (uint32_t)(open && t->unsure[k][lane]) << k;
    }
}

KERNEL_TARGET static void weigh_some(link_lanes *l, uint32_t a, unsigned first, unsigned which)
{
    const link_bounds *b = l->bounds;
    facing f = {.row = b->rows + a * b->width,
                .lanes = (const uint64_t(*)[LINK_LANES])(&l->words[first / LINK_LANES * b->width][first % LINK_LANES])};
    state t;

    open_lanes(&t, b, &f);
    which &= reach(&t, l->least);
    for (size_t i = 0; which && i < b->n; i++) {
        uint8_t k = b->telling[i];
        if (!(t.is_open[k] & which))
            continue;
        ask_next(&t, b, k, &f);
        which &= reach(&t, l->least);
    }
    for (; which; which &= which - 1) {
        unsigned lane = (unsigned)__builtin_ctz(which);
        keep_lane(l, &t, a, l->records[first + lane], lane);
    }
}

KERNEL_TARGET static void weigh_lanes(link_lanes *l, uint32_t a, uint64_t which)
{
    for (unsigned first = 0; first < LINK_TILE; first += LANES)
        if (which >> first & EVERY)
            weigh_some(l, a, first, (unsigned)(which >> first & EVERY));
}
