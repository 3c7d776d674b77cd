#include "app/crowd_scan.h"

#include <stdlib.h>

#include "index/crosstab.h"

typedef struct walking {
    pt_crowd_query *query;
    const pt_crowd_walk *walk;
    uint64_t **rooms; /* by worker: members, then scratch */
} walking;

static pt_rc walk_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    walking *w = arg;
    uint64_t *bits = w->rooms[worker], *scratch = bits + PT_BLOCK_WORDS;

    PT_TRY(pt_cancel_check(w->query->options->cancel, err));
    pt_crowd_block(bits, w->query->crowd, (uint32_t)block, scratch);
    return w->walk->block(w->walk->ctx, worker, (uint32_t)block, bits, scratch, err);
}

/* Rooms of `words` each; zeroed. NULL when memory is short. */
static uint64_t **new_rooms(unsigned workers, size_t words)
{
    uint64_t **rooms = pt_zalloc(workers, sizeof *rooms);

    for (unsigned w = 0; rooms && w < workers; w++)
        if ((rooms[w] = pt_alloc64(words, sizeof **rooms)) != NULL)
            memset(rooms[w], 0, words * sizeof **rooms);
    return rooms;
}

static bool all_rooms(uint64_t *const *rooms, unsigned workers)
{
    for (unsigned w = 0; rooms && w < workers; w++)
        if (!rooms[w])
            return false;
    return rooms != NULL;
}

static void free_rooms(uint64_t **rooms, unsigned workers)
{
    for (unsigned w = 0; rooms && w < workers; w++)
        free(rooms[w]);
    free(rooms);
}

pt_rc pt_crowd_each(pt_crowd_query *q, const pt_crowd_walk *walk, pt_err *err)
{
    unsigned workers = pt_pool_threads(q->pool);
    size_t scratch = pt_crowd_scratch(q->crowd);
    walking w = {.query = q, .walk = walk};

    scratch = scratch < walk->scratch ? walk->scratch : scratch;
    w.rooms = new_rooms(workers, PT_BLOCK_WORDS + ((scratch + 7) & ~(size_t)7));
    pt_rc rc = all_rooms(w.rooms, workers) ? PT_OK : pt_fail_nomem(err, "a count");
    if (rc == PT_OK)
        rc = pt_pool_run(q->pool, pt_crowd_blocks(q->crowd), walk_block, &w, err);
    free_rooms(w.rooms, workers);
    return rc;
}

typedef struct scan {
    const pt_crowd_visit *visit;
    uint64_t **counts; /* by worker */
} scan;

static pt_rc scan_block(void *ctx, unsigned worker, uint32_t block, const uint64_t *bits, uint64_t *scratch,
                        pt_err *err)
{
    const scan *s = ctx;

    (void)err;
    s->visit->block(s->visit->ctx, s->counts[worker], bits, block, scratch);
    return PT_OK;
}

pt_rc pt_crowd_scan(uint64_t *counts, pt_crowd_query *q, const pt_crowd_visit *visit, pt_err *err)
{
    unsigned workers = pt_pool_threads(q->pool);
    scan s = {.visit = visit, .counts = new_rooms(workers, visit->n_counts)};
    const pt_crowd_walk walk = {.ctx = &s, .scratch = visit->scratch, .block = scan_block};
    pt_rc rc = all_rooms(s.counts, workers) ? pt_crowd_each(q, &walk, err) : pt_fail_nomem(err, "a count");

    for (unsigned w = 0; rc == PT_OK && w < workers; w++)
        for (size_t i = 0; i < visit->n_counts; i++)
            counts[i] += s.counts[w][i];
    free_rooms(s.counts, workers);
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
