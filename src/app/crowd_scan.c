#include "app/crowd_scan.h"

#include <stdlib.h>

#include "index/crosstab.h"

typedef struct scan {
    pt_crowd_query *query;
    const pt_crowd_visit *visit;
    size_t scratch;
    uint64_t **rooms; /* by worker: members, scratch, then counts */
} scan;

static pt_rc scan_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    scan *s = arg;
    uint64_t *bits = s->rooms[worker], *scratch = bits + PT_BLOCK_WORDS, *counts = scratch + s->scratch;

    PT_TRY(pt_cancel_check(s->query->options->cancel, err));
    pt_crowd_block(bits, s->query->crowd, (uint32_t)block, scratch);
    s->visit->block(s->visit->ctx, counts, bits, (uint32_t)block, scratch);
    return PT_OK;
}

static pt_rc make_rooms(scan *s, unsigned workers, pt_err *err)
{
    size_t words = PT_BLOCK_WORDS + s->scratch + s->visit->n_counts;

    s->rooms = pt_zalloc(workers, sizeof *s->rooms);
    for (unsigned w = 0; s->rooms && w < workers; w++) {
        if (!(s->rooms[w] = pt_alloc64(words, sizeof **s->rooms)))
            return pt_fail_nomem(err, "a count");
        memset(s->rooms[w], 0, words * sizeof **s->rooms);
    }
    return s->rooms ? PT_OK : pt_fail_nomem(err, "a count");
}

pt_rc pt_crowd_scan(uint64_t *counts, pt_crowd_query *q, const pt_crowd_visit *visit, pt_err *err)
{
    unsigned workers = pt_pool_threads(q->pool);
    scan s = {.query = q, .visit = visit, .scratch = pt_crowd_scratch(q->crowd)};

    s.scratch = s.scratch < visit->scratch ? visit->scratch : s.scratch;
    s.scratch = (s.scratch + 7) & ~(size_t)7;
    pt_rc rc = make_rooms(&s, workers, err);
    if (rc == PT_OK)
        rc = pt_pool_run(q->pool, pt_crowd_blocks(q->crowd), scan_block, &s, err);
    for (unsigned w = 0; s.rooms && w < workers; w++) {
        for (size_t i = 0; rc == PT_OK && i < visit->n_counts; i++)
            counts[i] += (s.rooms[w] + PT_BLOCK_WORDS + s.scratch)[i];
        free(s.rooms[w]);
    }
    free(s.rooms);
    return rc;
}

pt_rc pt_crowd_index(pt_tagindex **out, pt_crowd_query *q, uint32_t tag, pt_err *err)
{
    PT_TRY(q->env.index(out, q, tag, err));
    if (*out && pt_tagindex_which(*out) != PT_TAGINDEX_NONE)
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "tag '%s' has too many values to count by", q->view->project->tags[tag].name);
}

/* --- pairs of values ------------------------------------------------------------------------------------------------------- */

static void cross_block(void *ctx, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    pt_crosstab_block(ctx, counts, bits, block, scratch);
}

static pt_rc cross(pt_crowd_cells *out, pt_crowd_query *q, pt_crosstab *x, pt_err *err)
{
    size_t cells = out->rows * out->columns;
    pt_crowd_visit visit = {.ctx = x, .n_counts = cells, .scratch = pt_crosstab_scratch(x), .block = cross_block};
    uint64_t *counts = PT_NEW_ARRAY(q->arena, uint64_t, cells);

    if (!counts)
        return pt_fail_nomem(err, "a table");
    out->counts = counts;
    return pt_crowd_scan(counts, q, &visit, err);
}

pt_rc pt_crowd_cross(pt_crowd_cells *out, pt_crowd_query *q, uint32_t row_tag, uint32_t column_tag, pt_err *err)
{
    const pt_tag *tags = q->view->project->tags;
    pt_crosstab *x;

    *out = (pt_crowd_cells){0};
    PT_TRY(pt_crowd_index(&out->row_index, q, row_tag, err));
    PT_TRY(pt_crowd_index(&out->column_index, q, column_tag, err));
    out->rows = (size_t)pt_tagindex_codes(out->row_index) + 1;
    out->columns = (size_t)pt_tagindex_codes(out->column_index) + 1;
    if (out->rows > PT_CROWD_MOST_CELLS / out->columns)
        return pt_fail(err, PT_EINVAL, "tags '%s' and '%s' have too many values to be set against each other",
                       tags[row_tag].name, tags[column_tag].name);
    PT_TRY(pt_view_named(pt_crosstab_new(&x, out->row_index, out->column_index, err), PT_FILE_INDEX, err));
    pt_rc rc = cross(out, q, x, err);
    pt_crosstab_free(x);
    return rc;
}

/* --- words ----------------------------------------------------------------------------------------------------------------- */

static double number_of_key(pt_type type, int64_t key)
{
    return type == PT_TYPE_NUMBER ? pt_number_of_key(key) : (double)key;
}

pt_crowd_part pt_crowd_value(const pt_tagindex *x, const pt_column *c, uint32_t code)
{
    static const pt_sv bools[] = {{"false", 5}, {"true", 4}};
    const pt_coding *g = pt_tagindex_coding(x);
    pt_crowd_part part = {0};

    if (code == 0)
        part.missing = true;
    else if (c->type == PT_TYPE_BOOL)
        part.text = bools[code - 1];
    else if (c->dict)
        part.text = pt_dict_text(c->dict, code);
    else {
        part.low = number_of_key(c->type, g->lows[code - 1]);
        part.high = number_of_key(c->type, g->highs[code - 1]);
    }
    return part;
}

pt_rc pt_crowd_text(const char **out, const pt_crowd_query *q, pt_err *err)
{
    pt_str text = {0};

    if (q->node)
        pt_lang_print(&text, q->node, q->module->catalog);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK && !(*out = pt_arena_strndup(q->arena, pt_str_cstr(&text), text.len)))
        rc = pt_fail_nomem(err, "a count");
    pt_str_free(&text);
    return rc;
}
