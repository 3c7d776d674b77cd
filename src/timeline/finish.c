/* From rows in partitions to a file: dictionaries, the layout, then partition after partition on all threads. */
#include "timeline/timeline_int.h"

#include <stdlib.h>

typedef pt_rc (*task_fn)(void *arg, size_t index, unsigned worker, pt_err *err);

static pt_rc run(pt_pool *pool, size_t n, task_fn fn, void *arg, pt_err *err)
{
    if (pool)
        return pt_pool_run(pool, n, fn, arg, err);
    for (size_t i = 0; i < n; i++)
        PT_TRY(fn(arg, i, 0, err));
    return PT_OK;
}

/* --- dictionaries -------------------------------------------------------------------------------------------------- */

/* One worker's texts of one column, put in order. */
static pt_rc rank_texts(void *arg, size_t index, unsigned worker, pt_err *err)
{
    finish *f = arg;
    size_t column = index % f->b->schema.n_columns;
    add_worker *w = f->b->workers[index / f->b->schema.n_columns];

    (void)worker;
    if (!w->interns[column])
        return PT_OK;
    w->remap[column] = pt_zalloc((size_t)pt_intern_count(w->interns[column]) + 1, sizeof(uint32_t));
    if (!w->remap[column])
        return pt_fail_nomem(err, "a dictionary");
    return pt_intern_rank(w->interns[column], w->remap[column], err);
}

static pt_rc merge_texts(void *arg, size_t column, unsigned worker, pt_err *err)
{
    finish *f = arg;
    pt_timeline_builder *b = f->b;
    const pt_intern **parts = pt_zalloc(b->n_workers, sizeof *parts);
    uint32_t **ranks = pt_zalloc(b->n_workers, sizeof *ranks);
    pt_rc rc = PT_OK;

    (void)worker;
    if (!parts || !ranks) {
        rc = pt_fail_nomem(err, "a dictionary");
        goto done;
    }
    if (!timeline_has_dict(b->schema.columns[column].type))
        goto done;
    for (unsigned i = 0; i < b->n_workers; i++) {
        parts[i] = b->workers[i]->interns[column];
        ranks[i] = b->workers[i]->remap[column];
    }
    rc = pt_dict_merge(&f->dicts[column], parts, ranks, b->n_workers, err);
    for (unsigned i = 0; i < b->n_workers && rc == PT_OK; i++) {
        pt_intern_free(b->workers[i]->interns[column]);
        b->workers[i]->interns[column] = NULL;
        free(b->workers[i]->words[column].pairs);
        b->workers[i]->words[column].pairs = NULL;
    }
done:
    free(parts);
    free(ranks);
    return rc;
}

static pt_rc make_dictionaries(finish *f, pt_pool *pool, pt_err *err)
{
    size_t n = f->b->schema.n_columns;

    f->dicts = PT_NEW_ARRAY(f->b->arena, pt_dict, n);
    if (!f->dicts)
        return pt_fail_nomem(err, "a dictionary");
    PT_TRY(run(pool, n * f->b->n_workers, rank_texts, f, err));
    return run(pool, n, merge_texts, f, err);
}

/* --- counts and layout --------------------------------------------------------------------------------------------- */

static uint64_t rows_of(const pt_timeline_builder *b, const add_worker *w, uint32_t partition)
{
    uint64_t n = 0;

    for (const chunk *c = w->parts[partition].first; c; c = c->next)
        n += c->rows;
    for (size_t i = 0; i < w->n_spills; i++)
        n += w->segments[i * b->partitions + partition].rows;
    return n;
}

static pt_rc count_rows(finish *f, pt_err *err)
{
    const pt_timeline_builder *b = f->b;
    size_t lists = b->n_lists;

    f->rows_before = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)b->partitions + 1);
    f->items_before = PT_NEW_ARRAY(b->arena, uint64_t, ((size_t)b->partitions + 1) * lists);
    if (!f->rows_before || !f->items_before)
        return pt_fail_nomem(err, "a timeline's counts");
    for (uint32_t p = 0; p < b->partitions; p++) {
        f->rows_before[p + 1] = f->rows_before[p];
        for (size_t k = 0; k < lists; k++)
            f->items_before[(p + 1) * lists + k] = f->items_before[p * lists + k];
        for (unsigned i = 0; i < b->n_workers; i++) {
            f->rows_before[p + 1] += rows_of(b, b->workers[i], p);
            for (size_t k = 0; k < lists; k++)
                f->items_before[(p + 1) * lists + k] += b->workers[i]->items[p * lists + k];
        }
    }
    return PT_OK;
}

static void describe_column(const finish *f, size_t i, timeline_column *out)
{
    const pt_timeline_builder *b = f->b;
    const pt_timeline_column *c = &b->schema.columns[i];

    *out = (timeline_column){.name = c->name, .type = c->type, .width = (uint8_t)pt_type_width(c->type)};
    if (timeline_has_dict(c->type)) {
        out->texts = f->dicts[i].n;
        out->text_bytes = f->dicts[i].offsets[f->dicts[i].n];
        out->width = pt_frame_code_width(out->texts);
    }
    if (c->type != PT_TYPE_LIST)
        return;
    out->items = f->items_before[(size_t)b->partitions * b->n_lists + b->list_of[i]];
    for (unsigned w = 0; w < b->n_workers; w++)
        out->has_absent |= b->workers[w]->absent[b->list_of[i]];
}

static pt_rc lay_out(finish *f, pt_err *err)
{
    const pt_timeline_builder *b = f->b;

    f->meta = (timeline_meta){.source = b->schema.source,
                              .ordinals = b->ordinals,
                              .events = f->rows_before[b->partitions],
                              .made_from = b->made_from,
                              .first = INT64_MIN,
                              .last = INT64_MIN,
                              .columns = PT_NEW_ARRAY(b->arena, timeline_column, b->schema.n_columns),
                              .n_columns = b->schema.n_columns};
    if (!f->meta.columns)
        return pt_fail_nomem(err, "a timeline's directory");
    if (f->meta.events > TIMELINE_MOST_EVENTS)
        return pt_fail(err, PT_EINVAL, "source '%s' has more than 2^40 events", b->schema.source);
    for (size_t i = 0; i < b->schema.n_columns; i++)
        describe_column(f, i, &f->meta.columns[i]);
    return timeline_meta_layout(&f->meta, b->arena, err);
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

static pt_rc new_scratch(finish_worker *w, const pt_timeline_builder *b, pt_err *err)
{
    size_t ordinals = (size_t)1 << b->shift;

    w->starts = pt_zalloc(ordinals + 1, sizeof *w->starts);
    w->counts = pt_zalloc(ordinals + 1, sizeof *w->counts);
    w->piece = pt_alloc64(PIECE, 8);
    w->marks = pt_alloc64(PIECE, 1);
    w->codes = pt_alloc64(PIECE, 4);
    w->stats = pt_zalloc(b->schema.n_columns + 1, sizeof *w->stats);
    if (!w->starts || !w->counts || !w->piece || !w->marks || !w->codes || !w->stats)
        return pt_fail_nomem(err, "writing a timeline");
    return PT_OK;
}

static void free_scratch(finish_worker *w)
{
    free(w->entries);
    free(w->spare);
    free(w->loaded);
    free(w->batches);
    free(w->starts);
    free(w->counts);
    free(w->piece);
    free(w->marks);
    free(w->codes);
    free(w->stats);
}

static pt_rc write_dictionary(finish *f, size_t column, pt_err *err)
{
    const timeline_column *c = &f->meta.columns[column];
    const pt_dict *d = &f->dicts[column];

    if (!timeline_has_dict(c->type))
        return PT_OK;
    PT_TRY(outfile_put(f->out, c->dict_offsets, 0, c->texts + 1, d->offsets, err));
    return outfile_put(f->out, c->dict_bytes, 0, c->text_bytes, d->bytes, err);
}

/* The last of each array of offsets: what no partition writes. */
static pt_rc write_ends(finish *f, pt_err *err)
{
    const timeline_meta *m = &f->meta;

    PT_TRY(outfile_put(f->out, TIMELINE_OFFSETS, m->ordinals, 1, &m->events, err));
    for (size_t i = 0; i < m->n_columns; i++)
        if (m->columns[i].type == PT_TYPE_LIST)
            PT_TRY(outfile_put(f->out, m->columns[i].offsets, m->events, 1, &m->columns[i].items, err));
    return PT_OK;
}

static pt_rc write_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    finish *f = arg;

    if (index < f->b->partitions)
        return partition_write(f, &f->workers[worker], (uint32_t)index, err);
    return write_dictionary(f, index - f->b->partitions, err);
}

static void merge_stats(value_stats *to, const value_stats *from, bool number)
{
    to->missing += from->missing;
    if (!from->any)
        return;
    double least, most, a, b;
    memcpy(&least, &to->least, sizeof least);
    memcpy(&most, &to->most, sizeof most);
    memcpy(&a, &from->least, sizeof a);
    memcpy(&b, &from->most, sizeof b);
    if (!to->any || (number ? a < least : from->least < to->least))
        to->least = from->least;
    if (!to->any || (number ? b > most : from->most > to->most))
        to->most = from->most;
    to->any = true;
}

static void collect_stats(finish *f)
{
    value_stats times = {0};

    for (unsigned i = 0; i < f->n_workers; i++)
        merge_stats(&times, &f->workers[i].stats[0], false);
    if (times.any) {
        f->meta.first = times.least;
        f->meta.last = times.most;
    }
    for (size_t k = 0; k < f->meta.n_columns; k++) {
        timeline_column *c = &f->meta.columns[k];
        value_stats all = {0};
        for (unsigned i = 0; i < f->n_workers; i++)
            merge_stats(&all, &f->workers[i].stats[k + 1], c->type == PT_TYPE_NUMBER);
        c->missing = all.missing;
        c->least = all.least;
        c->most = all.most;
    }
}

static pt_rc commit(finish *f, pt_err *err)
{
    pt_str directory = {0};

    collect_stats(f);
    timeline_meta_write(&directory, &f->meta);
    pt_rc rc = pt_str_check(&directory, err);
    pt_frame_head head = {.magic = TIMELINE_MAGIC,
                          .version = TIMELINE_VERSION,
                          .block_log2 = TIMELINE_BLOCK_LOG2,
                          .directory = {directory.ptr, directory.len},
                          .data_bytes = f->meta.data_bytes};
    if (rc == PT_OK) {
        rc = outfile_commit(f->out, &head, err);
        f->out = NULL;
    }
    pt_str_free(&directory);
    return rc;
}

/* The directory has the same size whatever the statistics in it, so the data's place is known before they are. */
static pt_rc open_output(finish *f, pt_err *err)
{
    pt_str directory = {0};

    timeline_meta_write(&directory, &f->meta);
    pt_rc rc = pt_str_check(&directory, err);
    pt_frame_head head = {.block_log2 = TIMELINE_BLOCK_LOG2,
                          .directory = {directory.ptr, directory.len},
                          .data_bytes = f->meta.data_bytes};
    if (rc == PT_OK)
        rc = outfile_open(&f->out, f->b->path, &f->meta, pt_frame_head_bytes(&head), err);
    pt_str_free(&directory);
    return rc;
}

static pt_rc write_all(finish *f, pt_pool *pool, pt_err *err)
{
    f->workers = pt_zalloc(f->n_workers, sizeof *f->workers);
    if (!f->workers)
        return pt_fail_nomem(err, "writing a timeline");
    for (unsigned i = 0; i < f->n_workers; i++)
        PT_TRY(new_scratch(&f->workers[i], f->b, err));
    PT_TRY(open_output(f, err));
    PT_TRY(run(pool, f->b->partitions + f->meta.n_columns, write_part, f, err));
    PT_TRY(write_ends(f, err));
    return commit(f, err);
}

static pt_rc close_rows(pt_timeline_builder *b, pt_err *err)
{
    for (unsigned i = 0; i < b->n_workers; i++) {
        if (b->workers[i]->failed)
            return pt_fail(err, PT_EINTERNAL, "rows of '%s' are missing: adding them failed", b->schema.source);
        chunk_close_all(b, b->workers[i]);
        slabs_free_spare(b->workers[i]);
    }
    return PT_OK;
}

pt_rc pt_timeline_builder_finish(pt_timeline_builder *b, pt_pool *pool, pt_err *err)
{
    finish f = {.b = b, .n_workers = pool ? pt_pool_threads(pool) : 1};

    f.room = b->memory / 4 / f.n_workers;
    pt_rc rc = close_rows(b, err);
    if (rc == PT_OK)
        rc = make_dictionaries(&f, pool, err);
    if (rc == PT_OK)
        rc = count_rows(&f, err);
    if (rc == PT_OK)
        rc = lay_out(&f, err);
    if (rc == PT_OK)
        rc = write_all(&f, pool, err);
    outfile_abort(f.out);
    for (unsigned i = 0; f.workers && i < f.n_workers; i++)
        free_scratch(&f.workers[i]);
    free(f.workers);
    for (size_t i = 0; f.dicts && i < b->schema.n_columns; i++)
        pt_dict_dispose(&f.dicts[i]);
    pt_timeline_builder_abort(b);
    return rc;
}
