#include <string.h>

#include <roaring.h>

#include "base/frame.h"
#include "index/memberset_int.h"
#include "index/roaring_block.h"

struct pt_memberset {
    pt_arena *arena;
    const unsigned char *bytes;
    const char *noun;
    pt_memberset_head head;
    pt_members *sets;
    size_t n;
};

/* --- the head ------------------------------------------------------------------------------------------------------------ */

static void get_hash(pt_frame_cursor *c, pt_hash128 *h)
{
    h->lo = pt_frame_get64(c);
    h->hi = pt_frame_get64(c);
}

static void get_set(pt_frame_cursor *c, pt_members *m, pt_arena *arena)
{
    uint32_t forms[2];

    m->name = pt_frame_get_text(c, arena);
    get_hash(c, &m->definition);
    pt_frame_get(c, forms, sizeof forms);
    m->kind = (uint8_t)forms[0];
    m->form = (pt_members_form)(forms[0] >> 8);
    m->chain = forms[1];
    m->members = pt_frame_get64(c);
    m->since = pt_frame_get64(c);
    m->ids = pt_frame_get64(c);
    m->unknown = pt_frame_get64(c);
    get_hash(c, &m->source);
    m->offset = pt_frame_get64(c);
    m->size = pt_frame_get64(c);
    m->sum = pt_frame_get64(c);
    m->content = pt_frame_get64(c);
}

static bool is_possible(const pt_memberset *s, const pt_members *m, uint64_t bytes)
{
    bool form = m->form == PT_MEMBERS_WHOLE ? m->chain == 0
                                            : m->form == PT_MEMBERS_DELTA && m->chain > 0 &&
                                                  m->chain <= PT_MEMBERS_MOST_CHAIN && s->head.base > 0;

    return form && m->members <= s->head.ordinals && m->unknown <= m->ids && m->offset % HEADED_ALIGN == 0 &&
           m->offset <= bytes && m->size <= bytes - m->offset;
}

static pt_rc read_sets(pt_memberset *s, pt_frame_cursor *c, uint64_t bytes, pt_err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        pt_members *m = &s->sets[i];
        get_set(c, m, s->arena);
        if (c->failed || !is_possible(s, m, bytes))
            return headed_corrupt(s->noun, "its table is impossible", err);
        if (!m->name)
            return pt_fail_nomem(err, s->noun);
    }
    return PT_OK;
}

/* The file ends with the checksum of its head. */
static pt_rc read_head(pt_memberset *s, size_t size, pt_err *err)
{
    pt_frame_cursor c = {.rest = {(const char *)s->bytes, size}};
    char magic[8];
    uint32_t numbers[2], n;

    pt_frame_get(&c, magic, sizeof magic);
    pt_frame_get(&c, numbers, sizeof numbers);
    uint64_t bytes = pt_frame_get64(&c);
    pt_frame_get(&c, &s->head.ordinals, sizeof s->head.ordinals);
    pt_frame_get(&c, &n, sizeof n);
    pt_frame_get(&c, &s->head.as_of, sizeof s->head.as_of);
    s->head.build = pt_frame_get64(&c);
    s->head.base = pt_frame_get64(&c);
    s->head.identity = pt_frame_get64(&c);
    get_hash(&c, &s->head.made_from);
    if (c.failed || memcmp(magic, MEMBERSET_MAGIC, sizeof magic) != 0)
        return pt_fail(err, PT_ECORRUPT, "%s is no file of segments", s->noun);
    if (numbers[0] != MEMBERSET_VERSION || numbers[1] != HEADED_BYTE_ORDER)
        return pt_fail(err, PT_ECORRUPT, "%s was written by another version or on another machine", s->noun);
    if (bytes != size - sizeof(uint64_t) || n > c.rest.len / MEMBERSET_ENTRY || s->head.ordinals == UINT32_MAX)
        return headed_corrupt(s->noun, "it is not as long as it says", err);
    s->n = n;
    if (!(s->sets = PT_NEW_ARRAY(s->arena, pt_members, s->n)))
        return pt_fail_nomem(err, s->noun);
    PT_TRY(read_sets(s, &c, bytes, err));
    return headed_check(s->bytes, size - c.rest.len, bytes, s->noun, err);
}

pt_rc pt_memberset_open(pt_memberset **out, const char *noun, const void *bytes, size_t n, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_memberset *s = arena ? PT_NEW(arena, pt_memberset) : NULL;
    pt_rc rc = PT_OK;

    *out = NULL;
    if (!s || !(s->noun = pt_arena_strdup(arena, noun)))
        rc = pt_fail_nomem(err, noun);
    if (rc == PT_OK) {
        s->arena = arena;
        s->bytes = bytes;
        rc = n < MEMBERSET_FIXED + sizeof(uint64_t) ? headed_corrupt(s->noun, "it is too short", err)
                                                    : read_head(s, n, err);
    }
    if (rc == PT_OK)
        *out = s;
    else
        pt_arena_free(arena);
    return rc;
}

void pt_memberset_close(pt_memberset *s)
{
    if (s)
        pt_arena_free(s->arena);
}

const pt_memberset_head *pt_memberset_get_head(const pt_memberset *s)
{
    return &s->head;
}

size_t pt_memberset_count(const pt_memberset *s)
{
    return s->n;
}

const pt_members *pt_memberset_info(const pt_memberset *s, size_t at)
{
    return &s->sets[at];
}

int pt_memberset_find(const pt_memberset *s, const char *name)
{
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->sets[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* --- sets ---------------------------------------------------------------------------------------------------------------- */

/* CRoaring believes what it reads: what it does not look at itself is checked here. */
static pt_rc read_bitmap(roaring_bitmap_t **out, const pt_memberset *s, const pt_members *m, pt_err *err)
{
    const char *bytes = (const char *)s->bytes + m->offset, *reason;

    *out = NULL;
    if (pt_hash64(bytes, m->size) != m->sum)
        return headed_corrupt(s->noun, "a set does not have the checksum it should", err);
    size_t size = roaring_bitmap_portable_deserialize_size(bytes, m->size);
    roaring_bitmap_t *r = size == m->size ? roaring_bitmap_portable_deserialize_safe(bytes, m->size) : NULL;
    if (!r)
        return size == m->size ? pt_fail_nomem(err, s->noun) : headed_corrupt(s->noun, "a set cannot be read", err);
    if (!roaring_bitmap_internal_validate(r, &reason) ||
        (!roaring_bitmap_is_empty(r) && roaring_bitmap_maximum(r) >= s->head.ordinals)) {
        roaring_bitmap_free(r);
        return headed_corrupt(s->noun, "a set contradicts itself", err);
    }
    *out = r;
    return PT_OK;
}

static void apply(uint64_t *bits, const roaring_bitmap_t *r, bool delta, size_t words)
{
    _Alignas(64) uint64_t scratch[PT_BLOCK_WORDS];

    for (size_t at = 0; at < words; at += PT_BLOCK_WORDS) {
        const uint64_t *block = roaring_block(scratch, r, (uint32_t)(at / PT_BLOCK_WORDS));
        if (!delta)
            memset(bits + at, 0, sizeof scratch);
        for (size_t w = 0; block && w < PT_BLOCK_WORDS; w++)
            bits[at + w] ^= block[w];
    }
}

pt_rc pt_memberset_read(uint64_t *bits, const pt_memberset *s, size_t at, pt_err *err)
{
    const pt_members *m = &s->sets[at];
    size_t words = pt_members_words(s->head.ordinals);
    roaring_bitmap_t *r;

    PT_TRY(read_bitmap(&r, s, m, err));
    apply(bits, r, m->form == PT_MEMBERS_DELTA, words);
    roaring_bitmap_free(r);
    if (pt_hash64(bits, words * sizeof *bits) != m->content)
        return headed_corrupt(s->noun,
                              m->form == PT_MEMBERS_DELTA ? "a set is not the one that its changes were made for"
                                                          : "a set is not what it was",
                              err);
    return PT_OK;
}
