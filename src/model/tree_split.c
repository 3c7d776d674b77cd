/* Sums of cells, and the split of a node that takes away most impurity. */
#include <math.h>
#include <stdlib.h>

#include "model/tree_int.h"

#define HIGH 32 /* where a TREE_BINARY cell counts all rows */

struct tree_scratch {
    int64_t *cells;                    /* of one column, a cell a code; all 0 between uses */
    uint64_t *marks;                   /* which of them are not: a bit a code */
    uint64_t *summary;                 /* which words of marks are not 0 */
    uint32_t *codes;                   /* those of values, in order */
    double *weights, *values, *scores; /* a code: what lies at or below it, and the score of a split there */
    int64_t *rows;
    int64_t *left, *right; /* TREE_CLASSES: a weight a class */
    size_t codes_most;
};

pt_rc tree_scratch_new(tree_scratch **out, const tree_rows *r, pt_err *err)
{
    tree_scratch *s = pt_zalloc(1, sizeof *s);

    if (!s)
        return pt_fail_nomem(err, "splitting a tree");
    s->codes_most = r->wide ? TREE_WIDE_MISSING + 1 : TREE_CODES;
    s->cells = pt_zalloc(s->codes_most * r->words, sizeof *s->cells);
    s->marks = pt_zalloc(s->codes_most / 64, sizeof *s->marks);
    s->summary = pt_zalloc(s->codes_most / 4096 + 1, sizeof *s->summary);
    s->codes = pt_zalloc(s->codes_most, sizeof *s->codes);
    s->weights = pt_zalloc(3 * s->codes_most, sizeof *s->weights);
    s->rows = pt_zalloc(s->codes_most, sizeof *s->rows);
    s->left = pt_zalloc(2 * (size_t)r->classes + 1, sizeof *s->left);
    if (!s->cells || !s->marks || !s->summary || !s->codes || !s->weights || !s->rows || !s->left) {
        tree_scratch_free(s);
        return pt_fail_nomem(err, "splitting a tree");
    }
    s->values = s->weights + s->codes_most;
    s->scores = s->values + s->codes_most;
    s->right = s->left + r->classes;
    *out = s;
    return PT_OK;
}

void tree_scratch_free(tree_scratch *s)
{
    if (!s)
        return;
    free(s->cells);
    free(s->marks);
    free(s->summary);
    free(s->codes);
    free(s->weights);
    free(s->rows);
    free(s->left);
    free(s);
}

/* --- cells ---------------------------------------------------------------------------------------------------------- */

/* A record's target as what is added to each of its cells; TREE_CLASSES: to which class. */
typedef struct target {
    int64_t words[3];
    uint32_t class;
} target;

static inline target target_of(tree_kind kind, const unsigned char *at)
{
    target t = {{1, 0, 0}, 0};

    switch (kind) {
    case TREE_BINARY: t.words[0] = (INT64_C(1) << HIGH) + *at; break;
    case TREE_VALUE: memcpy(&t.words[1], at, sizeof t.words[1]); break;
    case TREE_WEIGHTED: memcpy(&t.words[1], at, 2 * sizeof t.words[1]); break;
    case TREE_CLASSES:
        memcpy(&t.words[1], at, sizeof t.words[1]);
        memcpy(&t.class, at + sizeof t.words[1], sizeof t.class);
        break;
    }
    return t;
}

static inline void add_target(int64_t *cell, tree_kind kind, const target *t, int64_t sign)
{
    cell[0] += sign * t->words[0];
    if (kind == TREE_VALUE || kind == TREE_WEIGHTED)
        cell[1] += sign * t->words[1];
    if (kind == TREE_WEIGHTED)
        cell[2] += sign * t->words[2];
    if (kind == TREE_CLASSES)
        cell[1 + t->class] += sign * t->words[1];
}

/* One copy for each kind and sign, which are then no questions in the loop. */
static inline __attribute__((always_inline)) void change_cells(int64_t *cells, const tree_rows *r, tree_kind kind,
                                                               size_t words, const unsigned char *records, size_t n,
                                                               uint32_t from, uint32_t to, int64_t sign)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *record = records + i * r->stride;
        target t = target_of(kind, record + r->target);
        for (uint32_t c = from; c < to; c++)
            add_target(cells + ((size_t)(c - from) * TREE_CODES + record[c]) * words, kind, &t, sign);
    }
}

static inline __attribute__((always_inline)) void change_by_kind(int64_t *cells, const tree_rows *r,
                                                                 const unsigned char *records, size_t n, uint32_t from,
                                                                 uint32_t to, int64_t sign)
{
    switch (r->kind) {
    case TREE_BINARY: change_cells(cells, r, TREE_BINARY, 1, records, n, from, to, sign); return;
    case TREE_VALUE: change_cells(cells, r, TREE_VALUE, 2, records, n, from, to, sign); return;
    case TREE_WEIGHTED: change_cells(cells, r, TREE_WEIGHTED, 3, records, n, from, to, sign); return;
    case TREE_CLASSES: change_cells(cells, r, TREE_CLASSES, r->words, records, n, from, to, sign); return;
    }
}

void tree_add_cells(int64_t *cells, const tree_rows *r, const unsigned char *records, size_t n, uint32_t from,
                    uint32_t to)
{
    change_by_kind(cells, r, records, n, from, to, 1);
}

void tree_take_cells(int64_t *cells, const tree_rows *r, const unsigned char *records, size_t n, uint32_t from,
                     uint32_t to)
{
    change_by_kind(cells, r, records, n, from, to, -1);
}

void tree_sum(int64_t *sums, const tree_rows *r, const unsigned char *records, size_t n, const tree_node *left_of)
{
    bool weighted = r->kind == TREE_WEIGHTED || r->kind == TREE_CLASSES;

    for (size_t i = 0; i < n; i++) {
        const unsigned char *record = records + i * r->stride;
        target t = target_of(r->kind, record + r->target);
        int64_t counts = left_of ? tree_goes_left(r, record, left_of) : 1;
        int64_t value = r->kind == TREE_BINARY ? t.words[0] & 1 : r->kind == TREE_VALUE ? t.words[1] : t.words[2];
        sums[0] += counts;
        sums[1] += weighted ? counts * t.words[1] : counts;
        sums[2] += counts * value;
        if (r->kind == TREE_CLASSES)
            sums[3 + t.class] += counts * t.words[1];
    }
}

/* A cell of no classes. */
static inline tree_sums cell_sums(tree_kind kind, const int64_t *cell)
{
    int64_t low = cell[0] & ((INT64_C(1) << HIGH) - 1);

    switch (kind) {
    case TREE_BINARY: return (tree_sums){cell[0] >> HIGH, cell[0] >> HIGH, low, NULL};
    case TREE_VALUE: return (tree_sums){cell[0], cell[0], cell[1], NULL};
    default: return (tree_sums){cell[0], cell[1], cell[2], NULL};
    }
}

/* --- impurity ------------------------------------------------------------------------------------------------------- */

static double bits_of(double x)
{
    return x > 0 ? x * log2(x) : 0;
}

/* The part of a side in the score of a split: what is left of -impurity * weight when what all splits of a node share is left out. */
static double side(tree_criterion criterion, double weight, double value)
{
    if (criterion == TREE_ENTROPY)
        return bits_of(value) + bits_of(weight - value) - bits_of(weight);
    return value * value / weight;
}

static double side_of_classes(tree_criterion criterion, const int64_t *classes, uint32_t n)
{
    double weight = 0, sum = 0;

    for (uint32_t k = 0; k < n; k++) {
        double w = (double)classes[k];
        weight += w;
        sum += criterion == TREE_ENTROPY ? bits_of(w) : w * w;
    }
    return criterion == TREE_ENTROPY ? sum - bits_of(weight) : sum / weight;
}

bool tree_is_pure(const tree_sums *s, const tree_rows *r)
{
    if (r->kind != TREE_CLASSES)
        return r->classes && (s->value == 0 || s->value == s->weight);
    for (uint32_t k = 0; k < r->classes; k++)
        if (s->classes[k] == s->weight)
            return true;
    return false;
}

double tree_gain(const tree_split *split, const tree_sums *node, const tree_rows *r, tree_criterion criterion)
{
    double whole = r->kind == TREE_CLASSES ? side_of_classes(criterion, node->classes, r->classes)
                                           : side(criterion, (double)node->weight, (double)node->value);
    double gain = split->score - whole;

    if (!r->classes)
        return gain * r->value_unit / r->weight_unit * r->value_unit;
    /* Of two classes the square of one share stands for both: w - (s^2 + (w - s)^2) / w = 2 s - 2 s^2 / w. */
    return gain * r->weight_unit * (r->kind != TREE_CLASSES && criterion == TREE_GINI ? 2 : 1);
}

/* --- the best split of a column ---------------------------------------------------------------------------------- */

/* A column of a node, as its scan sees it. */
typedef struct scan {
    const tree_rows *r;
    const tree_limits *limits;
    const tree_sums *node;
    const int64_t *cells; /* a code */
    const uint32_t *codes;
    size_t n; /* codes of values that are there */
    uint32_t column;
    const int64_t *missing; /* the cell of rows without a value; NULL: there are none */
    tree_scratch *s;
} scan;

static void take_split(tree_split *best, const scan *a, size_t at, double score, int64_t left_rows, bool missing_left)
{
    if (!(score > best->score))
        return;
    uint32_t next = at + 1 < a->n ? a->codes[at + 1] : a->r->column[a->column].n;
    *best = (tree_split){score, a->column, a->codes[at], next, missing_left, left_rows};
}

static void sum_up(const scan *a)
{
    int64_t rows = 0, weight = 0, value = 0;

    for (size_t i = 0; i < a->n; i++) {
        tree_sums c = cell_sums(a->r->kind, a->cells + (size_t)a->codes[i] * a->r->words);
        rows += c.rows;
        weight += c.weight;
        value += c.value;
        a->s->rows[i] = rows;
        a->s->weights[i] = (double)weight;
        a->s->values[i] = (double)value;
    }
}

/* Scores of the first n cuts when `with` (the rows without a value, or nothing) goes left. */
static void score_cuts(const scan *a, size_t n, const tree_sums *with)
{
    double weight = (double)a->node->weight, value = (double)a->node->value;
    double more_weight = (double)with->weight, more_value = (double)with->value;
    const double *weights = a->s->weights, *values = a->s->values;
    double *scores = a->s->scores;

    if (a->limits->criterion == TREE_ENTROPY) {
        for (size_t i = 0; i < n; i++) {
            double w = weights[i] + more_weight, v = values[i] + more_value;
            scores[i] = side(TREE_ENTROPY, w, v) + side(TREE_ENTROPY, weight - w, value - v);
        }
        return;
    }
    for (size_t i = 0; i < n; i++) {
        double w = weights[i] + more_weight, v = values[i] + more_value, rest = weight - w, other = value - v;
        scores[i] = (v * v * rest + other * other * w) / (w * rest);
    }
}

static void scan_sums_with(tree_split *best, const scan *a, size_t n, const tree_sums *with, bool missing_left)
{
    int64_t least = a->limits->leaf_rows, most = a->node->rows - least;

    score_cuts(a, n, with);
    for (size_t i = 0; i < n; i++) {
        int64_t left = a->s->rows[i] + with->rows;
        double weight = a->s->weights[i] + (double)with->weight;
        if (a->s->scores[i] > best->score && left >= least && left <= most && weight > 0 &&
            weight < (double)a->node->weight)
            take_split(best, a, i, a->s->scores[i], left, missing_left);
    }
}

static void scan_sums(tree_split *best, const scan *a)
{
    tree_sums nothing = {0};

    sum_up(a);
    scan_sums_with(best, a, a->missing ? a->n : a->n - 1, &nothing, false);
    if (a->missing) {
        tree_sums missing = cell_sums(a->r->kind, a->missing);
        scan_sums_with(best, a, a->n - 1, &missing, true);
    }
}

static void scan_classes_with(tree_split *best, const scan *a, size_t n, const int64_t *with)
{
    uint32_t classes = a->r->classes;
    int64_t *left = a->s->left, *right = a->s->right, rows = with ? with[0] : 0;

    for (uint32_t k = 0; k < classes; k++) {
        left[k] = with ? with[1 + k] : 0;
        right[k] = a->node->classes[k] - left[k];
    }
    for (size_t i = 0; i < n; i++) {
        const int64_t *cell = a->cells + (size_t)a->codes[i] * a->r->words;
        rows += cell[0];
        for (uint32_t k = 0; k < classes; k++) {
            left[k] += cell[1 + k];
            right[k] -= cell[1 + k];
        }
        if (rows < a->limits->leaf_rows || a->node->rows - rows < a->limits->leaf_rows)
            continue;
        /* Without any weight on a side the score is no number, which is better than nothing. */
        take_split(best, a, i,
                   side_of_classes(a->limits->criterion, left, classes) +
                       side_of_classes(a->limits->criterion, right, classes),
                   rows, with != NULL);
    }
}

static void scan_column(tree_split *best, const scan *a)
{
    if (a->n == 0 || (a->n == 1 && !a->missing))
        return;
    if (a->r->kind != TREE_CLASSES) {
        scan_sums(best, a);
        return;
    }
    scan_classes_with(best, a, a->missing ? a->n : a->n - 1, NULL);
    if (a->missing)
        scan_classes_with(best, a, a->n - 1, a->missing);
}

void tree_scan_cells(tree_split *best, const tree_rows *r, const int64_t *cells, uint32_t from, uint32_t to,
                     const tree_sums *node, const tree_limits *limits, tree_scratch *s)
{
    for (uint32_t c = from; c < to; c++) {
        const int64_t *of_column = cells + (size_t)(c - from) * TREE_CODES * r->words;
        const int64_t *missing = of_column + TREE_MISSING * (size_t)r->words;
        scan a = {r, limits, node, of_column, s->codes, 0, c, missing[0] ? missing : NULL, s};
        for (uint32_t code = 0; code < r->column[c].n; code++) {
            s->codes[a.n] = code;
            a.n += of_column[(size_t)code * r->words] != 0;
        }
        scan_column(best, &a);
    }
}

/* --- out of records ------------------------------------------------------------------------------------------------- */

static inline __attribute__((always_inline)) void gather_cells(tree_scratch *s, const tree_rows *r, tree_kind kind,
                                                               size_t words, const unsigned char *records, size_t n,
                                                               uint32_t column)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char *record = records + i * r->stride;
        target t = target_of(kind, record + r->target);
        uint32_t code = tree_code(r, record, column);
        s->marks[code / 64] |= UINT64_C(1) << code % 64;
        s->summary[code / 4096] |= UINT64_C(1) << code / 64 % 64;
        add_target(s->cells + (size_t)code * words, kind, &t, 1);
    }
}

static void gather_by_kind(tree_scratch *s, const tree_rows *r, const unsigned char *records, size_t n, uint32_t column)
{
    switch (r->kind) {
    case TREE_BINARY: gather_cells(s, r, TREE_BINARY, 1, records, n, column); return;
    case TREE_VALUE: gather_cells(s, r, TREE_VALUE, 2, records, n, column); return;
    case TREE_WEIGHTED: gather_cells(s, r, TREE_WEIGHTED, 3, records, n, column); return;
    case TREE_CLASSES: gather_cells(s, r, TREE_CLASSES, r->words, records, n, column); return;
    }
}

/* The codes that are marked, in order; the marks are cleared. */
static size_t marked_codes(tree_scratch *s)
{
    size_t n = 0;

    for (size_t top = 0; top * 4096 < s->codes_most; top++)
        for (; s->summary[top]; s->summary[top] &= s->summary[top] - 1) {
            size_t word = top * 64 + (size_t)__builtin_ctzll(s->summary[top]);
            for (; s->marks[word]; s->marks[word] &= s->marks[word] - 1)
                s->codes[n++] = (uint32_t)(word * 64 + (size_t)__builtin_ctzll(s->marks[word]));
        }
    return n;
}

void tree_scan_records(tree_split *best, const tree_rows *r, const unsigned char *records, size_t n, uint32_t from,
                       uint32_t to, const tree_sums *node, const tree_limits *limits, tree_scratch *s)
{
    uint32_t missing = tree_missing(r);

    for (uint32_t c = from; c < to; c++) {
        gather_by_kind(s, r, records, n, c);
        size_t met = marked_codes(s);
        bool some_missing = met && s->codes[met - 1] == missing;
        scan a = {r,        limits,
                  node,     s->cells,
                  s->codes, met - some_missing,
                  c,        some_missing ? s->cells + (size_t)missing * r->words : NULL,
                  s};
        scan_column(best, &a);
        for (size_t i = 0; i < met; i++)
            memset(s->cells + (size_t)s->codes[i] * r->words, 0, r->words * sizeof *s->cells);
    }
}
