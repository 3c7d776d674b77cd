#include "link/compare.h"

#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "link/sign.h"

/* Levels of pairs of values met before, a place a pair: names repeat, and comparing texts takes tens of nanoseconds. */
enum { MEMO_LOG2 = 15, MEMO = 1 << MEMO_LOG2 };

typedef struct memo {
    uint64_t values; /* smaller code first; 0: free */
    uint32_t epoch;
    uint16_t comparison, level;
} memo;

typedef struct column_pattern {
    pt_pattern pattern;
    uint32_t code; /* of the column; 0: none yet */
} column_pattern;

struct link_comparer {
    const pt_link_model *model;
    const pt_link_records *records;
    column_pattern *patterns; /* by column; those without texts are never set */
    uint64_t *room;           /* of bigrams: twice the longest text and more */
    bool keeps[PT_LINK_COMPARISONS_MAX];
    memo *met;
    uint32_t epoch; /* memos of others are void */
};

/* The tests that look at two columns. */
static bool is_of_two(pt_link_test test)
{
    return test == PT_LINK_SWAPPED || test == PT_LINK_NEAR || test == PT_LINK_INSIDE;
}

static bool follows(const pt_link_comparison *x, const pt_link_records *records, uint32_t column)
{
    return column == x->column || records->columns[column].of == (int32_t)x->column;
}

bool link_is_of_one_column(const pt_link_comparison *x, const pt_link_records *records)
{
    for (uint32_t i = 0; i < x->n_levels; i++)
        for (const pt_link_level *l = &x->levels[i]; l; l = l->also)
            if (!follows(x, records, l->column) || (is_of_two(l->test) && !follows(x, records, l->other)))
                return false;
    return true;
}

static bool needs_text(pt_link_test test)
{
    return test == PT_LINK_JARO_WINKLER || test == PT_LINK_EDITS || test == PT_LINK_BIGRAMS ||
           test == PT_LINK_COVERED || test == PT_LINK_MASKED || test == PT_LINK_INSIDE;
}

link_comparer *link_comparer_new(const pt_link_model *model, const pt_link_records *records)
{
    link_comparer *c = pt_zalloc(1, sizeof *c);

    if (!c)
        return NULL;
    c->model = model;
    c->records = records;
    c->patterns = pt_zalloc(records->n_columns ? records->n_columns : 1, sizeof *c->patterns);
    c->room = pt_zalloc(2 * (PT_POINTS_COMPARED + 1), sizeof *c->room);
    c->met = pt_zalloc(MEMO, sizeof *c->met);
    if (!c->patterns || !c->room || !c->met) {
        link_comparer_free(c);
        return NULL;
    }
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        for (uint32_t i = 0; i < x->n_levels; i++)
            for (const pt_link_level *l = &x->levels[i]; l; l = l->also)
                c->keeps[k] |= needs_text(l->test);
        c->keeps[k] &= link_is_of_one_column(x, records);
    }
    return c;
}

void link_comparer_forget(link_comparer *c)
{
    for (size_t i = 0; i < c->records->n_columns; i++)
        c->patterns[i].code = 0;
    c->epoch++;
}

void link_comparer_free(link_comparer *c)
{
    if (!c)
        return;
    free(c->patterns);
    free(c->room);
    free(c->met);
    free(c);
}

static pt_points points_of(const pt_link_column *column, uint32_t code)
{
    uint64_t from = column->ends[code - 1], n = column->ends[code] - from;

    return (pt_points){column->points + from, n < PT_POINTS_COMPARED ? (uint32_t)n : PT_POINTS_COMPARED};
}

static const pt_pattern *pattern_of(link_comparer *c, uint32_t column, uint32_t code)
{
    column_pattern *p = &c->patterns[column];

    if (p->code != code) {
        pt_pattern_set(&p->pattern, points_of(&c->records->columns[column], code));
        p->code = code;
    }
    return &p->pattern;
}

static bool fits_mask(pt_points a, pt_points b, double bound)
{
    uint32_t equal = 0;

    if (a.n != b.n)
        return false;
    for (uint32_t i = 0; i < a.n; i++) {
        if (a.at[i] == '*' || b.at[i] == '*')
            continue;
        if (a.at[i] != b.at[i])
            return false;
        equal++;
    }
    return equal >= bound;
}

static bool share_items(const pt_link_column *column, uint32_t a, uint32_t b, double bound)
{
    uint64_t i = column->ends[a - 1], j = column->ends[b - 1];
    uint32_t both = 0;

    while (i < column->ends[a] && j < column->ends[b]) {
        uint32_t x = column->points[i], y = column->points[j];
        both += x == y;
        i += x <= y;
        j += y <= x;
    }
    return both >= bound;
}

/* Kilometres over the great circle of a sphere of the Earth's mean radius. */
static double kilometres(double latitude, double longitude, double other_latitude, double other_longitude)
{
    const double radian = 0.017453292519943295, radius = 6371.0088;
    double up = sin((other_latitude - latitude) * radian / 2), along = sin((other_longitude - longitude) * radian / 2);
    double h = up * up + cos(latitude * radian) * cos(other_latitude * radian) * along * along;

    return 2 * radius * asin(sqrt(h < 1 ? h : 1));
}

static bool is_near(const pt_link_records *r, const pt_link_level *l, uint32_t a, uint32_t b)
{
    const pt_link_column *up = &r->columns[l->column], *along = &r->columns[l->other];
    uint32_t x = along->codes[a], y = along->codes[b];

    return x && y &&
           kilometres(up->numbers[up->codes[a]], along->numbers[x], up->numbers[up->codes[b]], along->numbers[y]) <=
               l->bound;
}

/* The texts of two columns are numbered apart, so they are compared as texts. */
static bool is_same_text(const pt_link_column *x, uint32_t code, const pt_link_column *y, uint32_t other)
{
    if (!code || !other)
        return false;
    pt_points a = points_of(x, code), b = points_of(y, other);
    return a.n == b.n && memcmp(a.at, b.at, a.n * sizeof *a.at) == 0;
}

static bool is_part(const pt_link_column *parts, uint32_t part, const pt_link_column *wholes, uint32_t whole)
{
    if (!part || !whole ||
        (parts->signs && wholes->signs && !link_may_be_part(parts->signs[part], wholes->signs[whole])))
        return false;
    pt_points p = points_of(parts, part), w = points_of(wholes, whole);
    for (uint32_t i = 0; p.n && i + p.n <= w.n; i++)
        if (w.at[i] == p.at[0] && memcmp(w.at + i, p.at, p.n * sizeof *p.at) == 0)
            return true;
    return false;
}

/* False where the signs of two different values tell that the test fails. */
static bool may_hold(const pt_link_level *l, const pt_link_column *column, uint32_t x, uint32_t y)
{
    const uint64_t *signs = column->signs;

    if (!signs || x == y)
        return true;
    switch (l->test) {
    case PT_LINK_JARO_WINKLER: return link_jaro_may_be(signs[x], signs[y], link_jaro_for(l->bound));
    case PT_LINK_EDITS:
        return l->bound > LINK_PLACES ||
               link_may_be_within(signs[x], signs[y], column->places[x], column->places[y], (uint32_t)l->bound);
    case PT_LINK_MASKED: return link_may_fit(signs[x], signs[y]);
    default: return true;
    }
}

static bool test_holds(link_comparer *c, const pt_link_level *l, uint32_t a, uint32_t b)
{
    const pt_link_column *column = &c->records->columns[l->column];
    uint32_t x = column->codes[a], y = column->codes[b];

    if (l->test == PT_LINK_INSIDE) {
        const pt_link_column *whole = &c->records->columns[l->other];
        return is_part(column, x, whole, whole->codes[b]) || is_part(column, y, whole, whole->codes[a]);
    }
    if (!x || !y || !may_hold(l, column, x, y))
        return false;
    switch (l->test) {
    case PT_LINK_SAME: return x == y;
    case PT_LINK_KNOWN: return true;
    case PT_LINK_JARO_WINKLER:
        return x == y || pt_jaro_winkler(pattern_of(c, l->column, x), points_of(column, y)) >= l->bound;
    case PT_LINK_EDITS:
        return x == y || pt_alignment_distance(pattern_of(c, l->column, x), points_of(column, y)) <= l->bound;
    case PT_LINK_BIGRAMS:
        return x == y || pt_bigram_overlap(points_of(column, x), points_of(column, y), c->room) >= l->bound;
    case PT_LINK_COVERED:
        return x == y || pt_bigram_cover(points_of(column, x), points_of(column, y), c->room) >= l->bound;
    case PT_LINK_MASKED: return fits_mask(points_of(column, x), points_of(column, y), l->bound);
    case PT_LINK_SHARED: return share_items(column, x, y, l->bound);
    case PT_LINK_WITHIN: return fabs(column->numbers[x] - column->numbers[y]) <= l->bound;
    case PT_LINK_RATIO: {
        double p = fabs(column->numbers[x]), q = fabs(column->numbers[y]);
        return fabs(column->numbers[x] - column->numbers[y]) <= l->bound * (p > q ? p : q);
    }
    case PT_LINK_NEAR: return is_near(c->records, l, a, b);
    case PT_LINK_SWAPPED: {
        const pt_link_column *other = &c->records->columns[l->other];
        return is_same_text(column, x, other, other->codes[b]) && is_same_text(column, y, other, other->codes[a]);
    }
    default: return false;
    }
}

/* What is asked for besides comes first: it is cheaper where it is known beforehand. */
static bool holds(link_comparer *c, const pt_link_level *l, uint32_t a, uint32_t b)
{
    return (!l->also || holds(c, l->also, a, b)) && test_holds(c, l, a, b);
}

static uint32_t first_level(link_comparer *c, const pt_link_comparison *x, uint32_t a, uint32_t b)
{
    for (uint32_t i = 0; i < x->n_levels; i++)
        if (holds(c, &x->levels[i], a, b))
            return x->levels[i].silent ? PT_LINK_NULL : i;
    return x->n_levels;
}

uint8_t link_level(link_comparer *c, size_t k, uint32_t a, uint32_t b)
{
    const pt_link_comparison *x = &c->model->comparisons[k];
    const uint32_t *codes = c->records->columns[x->column].codes;
    uint32_t p = codes[a], q = codes[b];

    if (x->crossed) {
        const uint32_t *against = c->records->columns[x->against].codes;
        return (p && against[b]) || (q && against[a]) ? (uint8_t)first_level(c, x, a, b) : PT_LINK_NULL;
    }
    if (!p || !q)
        return PT_LINK_NULL;
    if (!c->keeps[k] || p == q)
        return (uint8_t)first_level(c, x, a, b);
    uint64_t values = p < q ? (uint64_t)p << 32 | q : (uint64_t)q << 32 | p;
    memo *m = &c->met[pt_mix64(values + (k << 58)) >> (64 - MEMO_LOG2)];
    if (m->values != values || m->comparison != k || m->epoch != c->epoch)
        *m = (memo){values, c->epoch, (uint16_t)k, (uint16_t)first_level(c, x, a, b)};
    return (uint8_t)m->level;
}

static bool column_has(const pt_link_column *c, pt_link_test test)
{
    return needs_text(test) || test == PT_LINK_SHARED || test == PT_LINK_SWAPPED ? c->ends && c->points
           : test == PT_LINK_SAME || test == PT_LINK_KNOWN                       ? true
                                                                                 : c->numbers != NULL;
}

static bool level_fits(const pt_link_level *l, const pt_link_records *records)
{
    return l->test < PT_LINK_TESTS && l->column < records->n_columns &&
           column_has(&records->columns[l->column], l->test) &&
           (!is_of_two(l->test) || (l->other < records->n_columns && column_has(&records->columns[l->other], l->test)));
}

pt_rc pt_link_check(const pt_link_model *model, const pt_link_records *records, pt_err *err)
{
    if (model->n_comparisons == 0 || model->n_comparisons > PT_LINK_COMPARISONS_MAX)
        return pt_fail(err, PT_EINVAL, "linking takes 1 to %d comparisons, not %zu", PT_LINK_COMPARISONS_MAX,
                       model->n_comparisons);
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        if (x->n_levels == 0 || x->n_levels > PT_LINK_LEVELS_MAX)
            return pt_fail(err, PT_EINVAL, "comparison '%s' takes 1 to %d levels, not %u", x->name, PT_LINK_LEVELS_MAX,
                           x->n_levels);
        bool fits = x->column < records->n_columns && (!x->crossed || x->against < records->n_columns);
        for (uint32_t i = 0; fits && i < x->n_levels; i++)
            for (const pt_link_level *l = &x->levels[i]; fits && l; l = l->also)
                fits = level_fits(l, records);
        if (!fits)
            return pt_fail(err, PT_EINVAL, "comparison '%s' asks of a column what it does not have", x->name);
    }
    return PT_OK;
}
