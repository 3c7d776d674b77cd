/* Two tags against each other among the members of the segment. */
#include "app/insight_int.h"

enum { LINES = PT_CROSS_MOST + 1 }; /* the values, and then whether one is known */

typedef struct side {
    const insight_source *source;
    const pt_insight_value *values;
    size_t n;
    pt_crowd *crowds[LINES];
} side;

typedef struct cross_counts {
    uint64_t cells[LINES][LINES];
} cross_counts;

typedef struct cross_run {
    const insight_run *run;
    side rows, columns;
    size_t scratch;
    uint64_t **rooms; /* by worker: scratch, then a row of words for each line of both sides */
    cross_counts *sums;
} cross_run;

static void fill_lines(uint64_t *words, const side *s, const uint64_t *segment, uint32_t block, uint64_t *scratch)
{
    for (size_t i = 0; i <= s->n; i++) {
        uint64_t *row = words + i * PT_BLOCK_WORDS;
        pt_crowd_block(row, s->crowds[i], block, scratch);
        pt_slice_kernels_best()->and_row(row, segment);
    }
}

static pt_rc cross_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    cross_run *c = arg;
    const uint64_t *segment = c->run->segment.bits + block * PT_BLOCK_WORDS;
    uint64_t *scratch = c->rooms[worker], *rows = scratch + c->scratch, *columns = rows + LINES * PT_BLOCK_WORDS;

    PT_TRY(pt_cancel_check(c->run->options->crowd.cancel, err));
    fill_lines(rows, &c->rows, segment, (uint32_t)block, scratch);
    fill_lines(columns, &c->columns, segment, (uint32_t)block, scratch);
    for (size_t i = 0; i <= c->rows.n; i++)
        for (size_t k = 0; k <= c->columns.n; k++)
            c->sums[worker].cells[i][k] +=
                pt_slice_kernels_best()->count_and(rows + i * PT_BLOCK_WORDS, columns + k * PT_BLOCK_WORDS);
    return PT_OK;
}

static pt_rc open_side(side *s, cross_run *c, uint32_t tag, pt_err *err)
{
    const insight_run *r = c->run;
    size_t place;

    PT_TRY(pt_insight_source(&place, r, tag, err));
    s->source = &r->sources[place];
    PT_TRY(pt_insight_frequent(&s->values, &s->n, &r->out->tags[place], PT_CROSS_MOST, r->arena, err));
    for (size_t i = 0; i <= s->n; i++) {
        const pt_crowd_node *leaf =
            i < s->n ? pt_insight_leaf(s->source, &s->values[i], r->arena) : pt_insight_known(s->source, r->arena);
        PT_TRY(pt_insight_crowd(&s->crowds[i], r, leaf, err));
        size_t words = (pt_crowd_scratch(s->crowds[i]) + 7) & ~(size_t)7;
        c->scratch = words > c->scratch ? words : c->scratch;
    }
    return PT_OK;
}

static pt_rc count(cross_counts *out, cross_run *c, pt_err *err)
{
    const insight_run *r = c->run;
    unsigned workers = pt_pool_threads(r->query->pool);

    c->rooms = PT_NEW_ARRAY(r->arena, uint64_t *, workers);
    c->sums = PT_NEW_ARRAY(r->arena, cross_counts, workers);
    if (!c->rooms || !c->sums)
        return pt_fail_nomem(err, "an insight");
    for (unsigned w = 0; w < workers; w++)
        PT_TRY(pt_insight_words(&c->rooms[w], r, c->scratch + 2 * LINES * PT_BLOCK_WORDS, err));
    PT_TRY(pt_pool_run(r->query->pool, pt_crowd_blocks(r->query->crowd), cross_block, c, err));
    for (unsigned w = 0; w < workers; w++)
        for (size_t i = 0; i < LINES; i++)
            for (size_t k = 0; k < LINES; k++)
                out->cells[i][k] += c->sums[w].cells[i][k];
    return PT_OK;
}

/* --- what is shown ---------------------------------------------------------------------------------------------------------- */

/* Of values that exclude each other the total is what the table shows; of items, those who have the other tag at all. */
static uint64_t row_total(const cross_counts *x, const cross_run *c, const bool *columns, size_t row)
{
    uint64_t sum = 0;

    if (c->rows.source->list || c->columns.source->list)
        return x->cells[row][c->columns.n];
    for (size_t k = 0; k < c->columns.n; k++)
        sum += columns[k] ? x->cells[row][k] : 0;
    return sum;
}

static uint64_t column_total(const cross_counts *x, const cross_run *c, const bool *rows, size_t column)
{
    uint64_t sum = 0;

    if (c->rows.source->list || c->columns.source->list)
        return x->cells[c->rows.n][column];
    for (size_t i = 0; i < c->rows.n; i++)
        sum += rows[i] ? x->cells[i][column] : 0;
    return sum;
}

/* A row or column of too few would tell its size by its total: it is left out, which may make others small. */
static void choose_lines(bool *rows, bool *columns, const cross_counts *x, const cross_run *c)
{
    for (size_t i = 0; i < PT_CROSS_MOST; i++) {
        rows[i] = i < c->rows.n;
        columns[i] = i < c->columns.n;
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (size_t i = 0; i < c->rows.n; i++)
            if (rows[i] && row_total(x, c, columns, i) < c->run->least)
                changed = !(rows[i] = false);
        for (size_t k = 0; k < c->columns.n; k++)
            if (columns[k] && column_total(x, c, rows, k) < c->run->least)
                changed = !(columns[k] = false);
    }
}

static const pt_insight_value *keep_values(size_t *n, const side *s, const bool *kept, pt_arena *arena)
{
    pt_insight_value *values = PT_NEW_ARRAY(arena, pt_insight_value, s->n);

    *n = 0;
    for (size_t i = 0; values && i < s->n; i++)
        if (kept[i])
            values[(*n)++] = s->values[i];
    return values;
}

static void fill_table(pt_insight_cross *out, const cross_counts *x, const cross_run *c, const bool *rows,
                       const bool *columns)
{
    pt_cross_table *t = &out->table;
    size_t row = 0;

    t->exclusive = !c->rows.source->list && !c->columns.source->list;
    t->total = x->cells[c->rows.n][c->columns.n];
    for (size_t i = 0; i < c->rows.n; i++) {
        if (!rows[i])
            continue;
        size_t column = 0;
        for (size_t k = 0; k < c->columns.n; k++) {
            if (!columns[k])
                continue;
            t->column_totals[column] = column_total(x, c, rows, k);
            t->cells[row][column++].count = x->cells[i][k];
        }
        t->row_totals[row++] = row_total(x, c, columns, i);
    }
    pt_cross_table_fill(t);
    pt_cross_table_hide(t, c->run->least);
}

static pt_rc cross(pt_insight_cross *out, const insight_run *r, const uint32_t tags[2], pt_err *err)
{
    bool rows[PT_CROSS_MOST], columns[PT_CROSS_MOST];
    cross_counts *x = PT_NEW(r->arena, cross_counts);
    cross_run c = {.run = r};

    if (!x)
        return pt_fail_nomem(err, "an insight");
    *out = (pt_insight_cross){.row_tag = tags[0], .column_tag = tags[1]};
    PT_TRY(open_side(&c.rows, &c, tags[0], err));
    PT_TRY(open_side(&c.columns, &c, tags[1], err));
    PT_TRY(count(x, &c, err));
    choose_lines(rows, columns, x, &c);
    out->rows = keep_values(&out->table.n_rows, &c.rows, rows, r->arena);
    out->columns = keep_values(&out->table.n_columns, &c.columns, columns, r->arena);
    if (!out->rows || !out->columns)
        return pt_fail_nomem(err, "an insight");
    out->rows_left_out = c.rows.n - out->table.n_rows;
    out->columns_left_out = c.columns.n - out->table.n_columns;
    fill_table(out, x, &c, rows, columns);
    return PT_OK;
}

pt_rc pt_insight_cross_all(insight_run *r, pt_err *err)
{
    size_t n = r->options->n_crosses;
    pt_insight_cross *all = PT_NEW_ARRAY(r->arena, pt_insight_cross, n);

    if (!all)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < n; i++)
        PT_TRY(cross(&all[i], r, r->options->crosses[i], err));
    r->out->crosses = all;
    r->out->n_crosses = n;
    return PT_OK;
}
