#include <stdlib.h>
#include <string.h>

#include <roaring.h>

#include "base/frame.h"
#include "index/memberset_int.h"
#include "index/slices.h"

struct pt_memberset_writer {
    pt_memberset_head head;
    const char *const *names;
    pt_members *sets;
    size_t n, added;
    pt_tagset_sink sink;
    uint64_t head_bytes, at;
};

size_t pt_members_words(uint32_t ordinals)
{
    return (((size_t)ordinals + PT_BLOCK - 1) >> PT_BLOCK_LOG2) * PT_BLOCK_WORDS;
}

uint64_t pt_members_identity(const uint64_t *id_hashes, uint32_t ordinals)
{
    return pt_hash64(id_hashes, (size_t)ordinals * sizeof *id_hashes);
}

pt_rc pt_memberset_begin(pt_memberset_writer **out, const pt_memberset_head *head, const char *const *names, size_t n,
                         const pt_tagset_sink *sink, pt_err *err)
{
    static const unsigned char zeros[HEADED_ALIGN];
    pt_memberset_writer *w = pt_zalloc(1, sizeof *w);

    *out = w;
    if (!w || !(w->sets = pt_zalloc(n + 1, sizeof *w->sets)))
        return pt_fail_nomem(err, "the segments");
    w->head = *head;
    w->names = names;
    w->n = n;
    w->sink = *sink;
    w->head_bytes = MEMBERSET_FIXED;
    for (size_t i = 0; i < n; i++)
        w->head_bytes += MEMBERSET_ENTRY + strlen(names[i]);
    w->head_bytes = headed_round(w->head_bytes);
    for (; w->at < w->head_bytes; w->at += HEADED_ALIGN) /* zeros: no reader takes it for a file yet */
        PT_TRY(sink->append(sink->ctx, zeros, HEADED_ALIGN, err));
    return PT_OK;
}

void pt_memberset_writer_free(pt_memberset_writer *w)
{
    if (!w)
        return;
    free(w->sets);
    free(w);
}

/* --- bitmaps ------------------------------------------------------------------------------------------------------------- */

/* Rows of one block of words: ordinals that come in order keep the bitmap's containers in their one form. */
static size_t list_rows(uint32_t *rows, const uint64_t *bits, const uint64_t *before, uint32_t first)
{
    size_t n = 0;

    for (uint32_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w] ^ (before ? before[w] : 0); left; left &= left - 1)
            rows[n++] = first + w * 64 + (uint32_t)__builtin_ctzll(left);
    return n;
}

/* The set, or what is different from `before`; to be freed. NULL when memory is short. */
static roaring_bitmap_t *make_bitmap(const uint64_t *bits, const uint64_t *before, size_t words)
{
    roaring_bitmap_t *r = roaring_bitmap_create();
    uint32_t *rows = malloc(PT_BLOCK * sizeof *rows);

    for (size_t at = 0; r && rows && at < words; at += PT_BLOCK_WORDS) {
        size_t n = list_rows(rows, bits + at, before ? before + at : NULL, (uint32_t)(at * 64));
        roaring_bitmap_add_many(r, n, rows);
    }
    if (r && rows)
        roaring_bitmap_run_optimize(r);
    if (!rows && r) {
        roaring_bitmap_free(r);
        r = NULL;
    }
    free(rows);
    return r;
}

static pt_rc append(pt_memberset_writer *w, pt_members *set, const roaring_bitmap_t *r, pt_err *err)
{
    size_t n = roaring_bitmap_portable_size_in_bytes(r), whole = headed_round(n);
    char *bytes = pt_zalloc(whole + 1, 1);

    if (!bytes)
        return pt_fail_nomem(err, "the segments");
    roaring_bitmap_portable_serialize(r, bytes);
    set->offset = w->at;
    set->size = n;
    set->sum = pt_hash64(bytes, n);
    w->at += whole;
    pt_rc rc = w->sink.append(w->sink.ctx, bytes, whole, err);
    free(bytes);
    return rc;
}

static uint64_t count_bits(const uint64_t *bits, size_t words)
{
    uint64_t n = 0;

    for (size_t w = 0; w < words; w += PT_BLOCK_WORDS)
        n += pt_slice_kernels_best()->count(bits + w);
    return n;
}

pt_rc pt_memberset_add(pt_memberset_writer *w, const pt_members *what, const uint64_t *bits, const uint64_t *before,
                       uint32_t chain, pt_err *err)
{
    size_t words = pt_members_words(w->head.ordinals);
    pt_members *set = &w->sets[w->added];
    bool may_differ = before && chain < PT_MEMBERS_MOST_CHAIN;

    if (w->added == w->n || strcmp(what->name, w->names[w->added]) != 0)
        return pt_fail(err, PT_EINTERNAL, "a segment that was not announced");
    w->added++;
    *set = *what;
    set->members = count_bits(bits, words);
    set->content = pt_hash64(bits, words * sizeof *bits);
    set->form = PT_MEMBERS_WHOLE;
    set->chain = 0;
    roaring_bitmap_t *whole = make_bitmap(bits, NULL, words);
    roaring_bitmap_t *delta = may_differ ? make_bitmap(bits, before, words) : NULL;
    pt_rc rc = whole && (delta || !may_differ) ? PT_OK : pt_fail_nomem(err, "the segments");
    if (rc == PT_OK && delta &&
        roaring_bitmap_portable_size_in_bytes(delta) < roaring_bitmap_portable_size_in_bytes(whole)) {
        set->form = PT_MEMBERS_DELTA;
        set->chain = chain;
    }
    if (rc == PT_OK)
        rc = append(w, set, set->form == PT_MEMBERS_DELTA ? delta : whole, err);
    if (whole)
        roaring_bitmap_free(whole);
    if (delta)
        roaring_bitmap_free(delta);
    return rc;
}

/* --- the head ------------------------------------------------------------------------------------------------------------ */

static void put_hash(pt_str *out, pt_hash128 h)
{
    pt_frame_put64(out, h.lo);
    pt_frame_put64(out, h.hi);
}

static void put_set(pt_str *out, const pt_members *s)
{
    uint32_t forms[2] = {(uint32_t)s->kind | (uint32_t)s->form << 8, s->chain};

    pt_frame_put_text(out, s->name);
    put_hash(out, s->definition);
    pt_frame_put(out, forms, sizeof forms);
    pt_frame_put64(out, s->members);
    pt_frame_put64(out, s->since);
    pt_frame_put64(out, s->ids);
    pt_frame_put64(out, s->unknown);
    put_hash(out, s->source);
    pt_frame_put64(out, s->offset);
    pt_frame_put64(out, s->size);
    pt_frame_put64(out, s->sum);
    pt_frame_put64(out, s->content);
}

static void put_head(pt_str *out, const pt_memberset_writer *w)
{
    uint32_t numbers[2] = {MEMBERSET_VERSION, HEADED_BYTE_ORDER};

    pt_str_addn(out, MEMBERSET_MAGIC, 8);
    pt_frame_put(out, numbers, sizeof numbers);
    pt_frame_put64(out, w->at);
    pt_frame_put(out, &w->head.ordinals, sizeof w->head.ordinals);
    pt_frame_put(out, &(uint32_t){(uint32_t)w->n}, sizeof(uint32_t));
    pt_frame_put(out, &w->head.as_of, sizeof w->head.as_of);
    pt_frame_put64(out, w->head.build);
    pt_frame_put64(out, w->head.base);
    pt_frame_put64(out, w->head.identity);
    put_hash(out, w->head.made_from);
    for (size_t i = 0; i < w->n; i++)
        put_set(out, &w->sets[i]);
}

pt_rc pt_memberset_end(pt_memberset_writer *w, pt_err *err)
{
    pt_str head = {0};

    if (w->added != w->n)
        return pt_fail(err, PT_EINTERNAL, "a segment is missing");
    put_head(&head, w);
    while (head.len < w->head_bytes && !head.failed)
        pt_str_addn(&head, "", 1);
    pt_rc rc = pt_str_check(&head, err);
    if (rc == PT_OK) {
        uint64_t sum = pt_hash64(head.ptr, w->head_bytes);
        rc = w->sink.append(w->sink.ctx, &sum, sizeof sum, err);
    }
    if (rc == PT_OK)
        rc = w->sink.patch(w->sink.ctx, 0, head.ptr, w->head_bytes, err);
    pt_str_free(&head);
    return rc;
}
