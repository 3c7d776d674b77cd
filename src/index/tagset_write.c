/* From puts to the bytes of a tag file. The arrays are produced in the file's order through one stream, which sums each block
 * and hands it on; the head, which holds the sums and comes first, is put in when they are known. */
#include <stdlib.h>

#include "index/tagset_int.h"

enum { PIECE = 4096, BLOCK = 1 << TAGSET_BLOCK_LOG2 };

/* Where the arrays' bytes go. */
typedef struct stream {
    uint64_t at; /* bytes of data so far */
    const pt_tagset_sink *sink;
    uint64_t *sums;       /* of the next block */
    unsigned char *block; /* the block that is being filled */
    size_t filled;
} stream;

typedef struct writer {
    pt_tagset_builder *b;
    tagset_meta meta;
    pt_dict *dicts;    /* by tag */
    uint32_t **remap;  /* by tag and worker: the worker's code -> the file's */
    tagset_put **puts; /* by tag, in order of ordinal */
    size_t *n_puts;
    uint64_t *piece; /* PIECE values */
} writer;

/* --- the stream ------------------------------------------------------------------------------------------------------ */

static pt_rc end_block(stream *s, const void *bytes, size_t n, pt_err *err)
{
    *s->sums++ = pt_hash64(bytes, n);
    return s->sink->append(s->sink->ctx, bytes, n, err);
}

static pt_rc out(stream *s, const void *from, size_t n, pt_err *err)
{
    const unsigned char *bytes = from;

    s->at += n;
    while (n) {
        if (s->filled == 0 && n >= BLOCK) {
            PT_TRY(end_block(s, bytes, BLOCK, err));
            bytes += BLOCK;
            n -= BLOCK;
            continue;
        }
        size_t fits = n < BLOCK - s->filled ? n : BLOCK - s->filled;
        memcpy(s->block + s->filled, bytes, fits);
        s->filled += fits;
        bytes += fits;
        n -= fits;
        if (s->filled == BLOCK) {
            PT_TRY(end_block(s, s->block, BLOCK, err));
            s->filled = 0;
        }
    }
    return PT_OK;
}

static pt_rc out_end(stream *s, pt_err *err)
{
    return s->filled ? end_block(s, s->block, s->filled, err) : PT_OK;
}

static pt_rc out_to(stream *s, uint64_t at, pt_err *err)
{
    static const unsigned char zeros[PT_FRAME_ALIGN];

    PT_ASSERT(at >= s->at && at - s->at < PT_FRAME_ALIGN);
    return out(s, zeros, (size_t)(at - s->at), err);
}

/* --- one tag's arrays ------------------------------------------------------------------------------------------------ */

/* `n` rows that nobody put. */
static pt_rc out_missing(writer *w, stream *s, const tagset_tag *t, uint64_t n, pt_err *err)
{
    uint64_t fill = 0;

    switch (t->info.type) {
    case PT_TYPE_NUMBER: fill = PT_FRAME_NAN; break;
    case PT_TYPE_BOOL: fill = PT_BOOL_MISSING * UINT64_C(0x0101010101010101); break;
    case PT_TYPE_DATE: fill = (uint32_t)PT_I32_MISSING * UINT64_C(0x100000001); break;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: fill = (uint64_t)PT_I64_MISSING; break;
    default: break; /* codes: 0 */
    }
    for (size_t i = 0; i < PIECE; i++)
        w->piece[i] = fill;
    for (uint64_t left = n * t->width; left;) {
        size_t fits = left < PIECE * sizeof fill ? (size_t)left : PIECE * sizeof fill;
        PT_TRY(out(s, w->piece, fits, err));
        left -= fits;
    }
    return PT_OK;
}

/* Codes of one put, translated, in the file's width. */
static void translate(void *to, unsigned to_width, const tagset_put *p, size_t from, size_t n, const uint32_t *remap)
{
    pt_column codes = {.width = p->width, .data = p->values};

    for (size_t i = 0; i < n; i++) {
        uint32_t code = remap[pt_column_code(&codes, from + i)];
        if (to_width == 1)
            ((uint8_t *)to)[i] = (uint8_t)code;
        else if (to_width == 2)
            ((uint16_t *)to)[i] = (uint16_t)code;
        else
            ((uint32_t *)to)[i] = code;
    }
}

static pt_rc out_codes(writer *w, stream *s, const tagset_tag *t, const tagset_put *p, uint64_t n, pt_err *err)
{
    const uint32_t *remap = w->remap[(size_t)(t - w->meta.tags) * w->b->n_workers + p->worker];

    for (uint64_t i = 0; i < n; i += PIECE) {
        size_t fits = n - i < PIECE ? (size_t)(n - i) : PIECE;
        translate(w->piece, t->width, p, i, fits, remap);
        PT_TRY(out(s, w->piece, fits * t->width, err));
    }
    return PT_OK;
}

/* The values of a tag that is no list. */
static pt_rc out_values(writer *w, stream *s, size_t tag, pt_err *err)
{
    const tagset_tag *t = &w->meta.tags[tag];
    uint64_t row = 0;

    for (size_t i = 0; i < w->n_puts[tag]; i++) {
        const tagset_put *p = &w->puts[tag][i];
        PT_TRY(out_missing(w, s, t, p->first - row, err));
        PT_TRY(pt_type_is_text(t->info.type) ? out_codes(w, s, t, p, p->n, err)
                                             : out(s, p->values, (size_t)p->n * t->width, err));
        row = (uint64_t)p->first + p->n;
    }
    return out_missing(w, s, t, w->meta.ordinals - row, err);
}

/* Calls fn for the length of every row's list, TAGSET_ABSENT for those that nobody put, gathering what it makes of them
 * into pieces of `width` bytes. */
typedef void (*length_fn)(void *piece, size_t i, uint32_t length, uint64_t *before);

static void as_offset(void *piece, size_t i, uint32_t length, uint64_t *before)
{
    ((uint64_t *)piece)[i] = *before;
    *before += length == TAGSET_ABSENT ? 0 : length;
}

static void as_mark(void *piece, size_t i, uint32_t length, uint64_t *before)
{
    (void)before;
    ((uint8_t *)piece)[i] = length == TAGSET_ABSENT;
}

static pt_rc out_lengths(writer *w, stream *s, size_t tag, length_fn fn, size_t width, uint64_t *before, pt_err *err)
{
    const tagset_put *p = w->puts[tag], *end = p + w->n_puts[tag];

    for (uint64_t row = 0; row < w->meta.ordinals;) {
        size_t n = w->meta.ordinals - row < PIECE ? (size_t)(w->meta.ordinals - row) : PIECE;
        for (size_t i = 0; i < n; i++, row++) {
            while (p < end && row >= (uint64_t)p->first + p->n)
                p++;
            fn(w->piece, i, p < end && row >= p->first ? p->lengths[row - p->first] : TAGSET_ABSENT, before);
        }
        PT_TRY(out(s, w->piece, n * width, err));
    }
    return PT_OK;
}

static pt_rc out_items(writer *w, stream *s, size_t tag, pt_err *err)
{
    for (size_t i = 0; i < w->n_puts[tag]; i++)
        PT_TRY(out_codes(w, s, &w->meta.tags[tag], &w->puts[tag][i], w->puts[tag][i].items, err));
    return PT_OK;
}

static pt_rc out_weights(writer *w, stream *s, size_t tag, pt_err *err)
{
    for (size_t i = 0; i < w->n_puts[tag]; i++)
        PT_TRY(out(s, w->puts[tag][i].weights, w->puts[tag][i].items * sizeof(double), err));
    return PT_OK;
}

static pt_rc out_list(writer *w, stream *s, size_t tag, pt_err *err)
{
    const tagset_tag *t = &w->meta.tags[tag];
    uint64_t before = 0;

    PT_TRY(out_to(s, w->meta.arrays[t->offsets].at, err));
    PT_TRY(out_lengths(w, s, tag, as_offset, sizeof before, &before, err));
    PT_TRY(out(s, &before, sizeof before, err));
    if (t->has_absent) {
        PT_TRY(out_to(s, w->meta.arrays[t->absent].at, err));
        PT_TRY(out_lengths(w, s, tag, as_mark, 1, NULL, err));
    }
    PT_TRY(out_to(s, w->meta.arrays[t->values].at, err));
    PT_TRY(out_items(w, s, tag, err));
    if (t->info.type != PT_TYPE_WEIGHTED)
        return PT_OK;
    PT_TRY(out_to(s, w->meta.arrays[t->weights].at, err));
    return out_weights(w, s, tag, err);
}

static pt_rc out_dict(writer *w, stream *s, size_t tag, pt_err *err)
{
    const tagset_tag *t = &w->meta.tags[tag];
    const pt_dict *d = &w->dicts[tag];

    PT_TRY(out_to(s, w->meta.arrays[t->dict_offsets].at, err));
    PT_TRY(out(s, d->offsets, (t->texts + 1) * sizeof *d->offsets, err));
    PT_TRY(out_to(s, w->meta.arrays[t->dict_bytes].at, err));
    return out(s, d->bytes, t->text_bytes, err);
}

static pt_rc out_all(writer *w, stream *s, pt_err *err)
{
    for (size_t i = 0; i < w->meta.n_tags; i++) {
        if (pt_type_is_list(w->meta.tags[i].info.type)) {
            PT_TRY(out_list(w, s, i, err));
            continue;
        }
        PT_TRY(out_to(s, w->meta.arrays[w->meta.tags[i].values].at, err));
        PT_TRY(out_values(w, s, i, err));
    }
    for (size_t i = 0; i < w->meta.n_tags; i++)
        if (tagset_has_dict(w->meta.tags[i].info.type))
            PT_TRY(out_dict(w, s, i, err));
    PT_ASSERT(s->at == w->meta.data_bytes);
    return PT_OK;
}

/* --- before the bytes: order and dictionaries ------------------------------------------------------------------------ */

static int by_first(const void *left, const void *right)
{
    const tagset_put *a = left, *b = right;

    return a->first < b->first ? -1 : a->first > b->first;
}

static pt_rc order_puts(writer *w, size_t tag, pt_err *err)
{
    const pt_tagset_builder *b = w->b;
    size_t n = 0;

    for (unsigned i = 0; i < b->n_workers; i++)
        n += b->workers[i]->tags[tag].n;
    tagset_put *all = w->puts[tag] = PT_NEW_ARRAY(b->arena, tagset_put, n);
    if (!all)
        return pt_fail_nomem(err, "tag columns");
    for (unsigned i = 0; i < b->n_workers; i++) {
        const put_list *l = &b->workers[i]->tags[tag];
        if (l->n)
            memcpy(all + w->n_puts[tag], l->items, l->n * sizeof *all);
        w->n_puts[tag] += l->n;
    }
    qsort(all, n, sizeof *all, by_first);
    for (size_t i = 1; i < n; i++)
        if (all[i].first < (uint64_t)all[i - 1].first + all[i - 1].n)
            return pt_fail(err, PT_EINTERNAL, "values of tag '%s' were given twice", b->tags[tag].name);
    return PT_OK;
}

static pt_rc merge_texts(writer *w, size_t tag, pt_err *err)
{
    const pt_tagset_builder *b = w->b;
    uint32_t **ranks = &w->remap[tag * b->n_workers];
    const pt_intern **parts = PT_NEW_ARRAY(b->arena, const pt_intern *, b->n_workers);

    if (!parts)
        return pt_fail_nomem(err, "tag columns");
    for (unsigned i = 0; i < b->n_workers; i++) {
        parts[i] = b->workers[i]->tags[tag].intern;
        if (!parts[i])
            continue;
        ranks[i] = pt_zalloc((size_t)pt_intern_count(parts[i]) + 1, sizeof **ranks);
        if (!ranks[i])
            return pt_fail_nomem(err, "tag columns");
        PT_TRY(pt_intern_rank(parts[i], ranks[i], err));
    }
    PT_TRY(pt_dict_merge(&w->dicts[tag], parts, ranks, b->n_workers, err));
    for (unsigned i = 0; i < b->n_workers; i++) {
        pt_intern_free(b->workers[i]->tags[tag].intern);
        b->workers[i]->tags[tag].intern = NULL;
    }
    return PT_OK;
}

/* Whether some row has no list: put as missing, or not put at all. */
static bool any_absent(const writer *w, size_t tag)
{
    uint64_t rows = 0;

    for (unsigned i = 0; i < w->b->n_workers; i++)
        if (w->b->workers[i]->tags[tag].absent)
            return true;
    for (size_t i = 0; i < w->n_puts[tag]; i++)
        rows += w->puts[tag][i].n;
    return rows < w->b->ordinals;
}

static void describe(writer *w, size_t tag)
{
    tagset_tag *t = &w->meta.tags[tag];
    pt_type type = w->b->tags[tag].type;

    *t = (tagset_tag){.info = w->b->tags[tag], .width = (uint8_t)pt_type_width(type)};
    for (unsigned i = 0; i < w->b->n_workers; i++)
        t->present += w->b->workers[i]->tags[tag].present;
    if (!tagset_has_dict(type))
        return;
    t->texts = w->dicts[tag].n;
    t->text_bytes = w->dicts[tag].offsets[t->texts];
    t->width = pt_frame_code_width(t->texts);
    if (!pt_type_is_list(type))
        return;
    for (size_t i = 0; i < w->n_puts[tag]; i++)
        t->items += w->puts[tag][i].items;
    t->has_absent = any_absent(w, tag);
}

static pt_rc prepare(writer *w, pt_err *err)
{
    pt_arena *a = w->b->arena;
    size_t n = w->b->n_tags;

    w->meta.tags = PT_NEW_ARRAY(a, tagset_tag, n);
    w->dicts = PT_NEW_ARRAY(a, pt_dict, n);
    w->remap = PT_NEW_ARRAY(a, uint32_t *, n * w->b->n_workers);
    w->puts = PT_NEW_ARRAY(a, tagset_put *, n);
    w->n_puts = PT_NEW_ARRAY(a, size_t, n);
    w->piece = PT_NEW_ARRAY(a, uint64_t, PIECE);
    if (!w->meta.tags || !w->dicts || !w->remap || !w->puts || !w->n_puts || !w->piece)
        return pt_fail_nomem(err, "tag columns");
    for (size_t i = 0; i < n; i++) {
        PT_TRY(order_puts(w, i, err));
        if (tagset_has_dict(w->b->tags[i].type))
            PT_TRY(merge_texts(w, i, err));
        describe(w, i);
    }
    return tagset_meta_layout(&w->meta, a, err);
}

/* --- the file -------------------------------------------------------------------------------------------------------- */

static pt_rc write_file(writer *w, const pt_frame_head *head, const pt_tagset_sink *sink, pt_err *err)
{
    uint64_t blocks = pt_frame_blocks(w->meta.data_bytes, TAGSET_BLOCK_LOG2), head_bytes = pt_frame_head_bytes(head);
    uint64_t *sums = PT_NEW_ARRAY(w->b->arena, uint64_t, blocks);
    unsigned char *bytes = pt_arena_alloc(w->b->arena, head_bytes), *block = pt_arena_alloc(w->b->arena, BLOCK);

    if (!sums || !bytes || !block)
        return pt_fail_nomem(err, "tag columns");
    stream s = {.sink = sink, .sums = sums, .block = block};
    PT_TRY(sink->append(sink->ctx, bytes, head_bytes, err)); /* zeros: no reader takes it for a file yet */
    PT_TRY(out_all(w, &s, err));
    PT_TRY(out_end(&s, err));
    PT_ASSERT(s.sums == sums + blocks);
    pt_frame_seal(bytes, head, sums);
    return sink->patch(sink->ctx, 0, bytes, head_bytes, err);
}

static pt_rc write_tags(writer *w, const pt_tagset_sink *sink, pt_err *err)
{
    pt_str directory = {0};

    PT_TRY(prepare(w, err));
    tagset_meta_write(&directory, &w->meta);
    pt_rc rc = pt_str_check(&directory, err);
    pt_frame_head head = {.magic = TAGSET_MAGIC,
                          .version = TAGSET_VERSION,
                          .block_log2 = TAGSET_BLOCK_LOG2,
                          .directory = {directory.ptr, directory.len},
                          .data_bytes = w->meta.data_bytes};
    if (rc == PT_OK)
        rc = write_file(w, &head, sink, err);
    pt_str_free(&directory);
    return rc;
}

pt_rc pt_tagset_builder_write(pt_tagset_builder *b, int64_t as_of, pt_hash128 made_from, const pt_tagset_sink *sink,
                              pt_err *err)
{
    writer w = {.b = b};

    w.meta = (tagset_meta){.ordinals = b->ordinals, .as_of = as_of, .made_from = made_from, .n_tags = b->n_tags};
    pt_rc rc = write_tags(&w, sink, err);
    for (size_t i = 0; w.remap && i < b->n_tags * b->n_workers; i++)
        free(w.remap[i]);
    for (size_t i = 0; w.dicts && i < b->n_tags; i++)
        pt_dict_dispose(&w.dicts[i]);
    return rc;
}
