#define XXH_INLINE_ALL
#include <xxhash.h>

#include "base/intern.h"

#include <stdlib.h>

/* Open addressing with linear probing. A slot is eight bytes, so that a cache line holds eight of them: half the hash
 * to tell most strangers apart without touching their bytes, and the code (0: empty). The bytes of all texts lie in
 * one buffer in code order, which makes the table's dictionary a view of what is there already. */
typedef struct slot {
    uint32_t tag; /* upper half of the hash; the lower half picks the slot */
    uint32_t code;
} slot;

struct pt_intern {
    slot *slots;
    size_t mask; /* slots - 1, a power of two */
    char *bytes;
    size_t bytes_len, bytes_cap;
    uint64_t *offsets;
    size_t offsets_cap;
    pt_dict dict; /* n, offsets and bytes as they stand */
};

enum { FIRST_SLOTS = 64 };

static void refresh(pt_intern *in, uint32_t n)
{
    in->dict = (pt_dict){.n = n, .sorted = false, .offsets = in->offsets, .bytes = in->bytes};
}

pt_intern *pt_intern_new(void)
{
    pt_intern *in = pt_zalloc(1, sizeof *in);

    if (!in)
        return NULL;
    in->slots = pt_zalloc(FIRST_SLOTS, sizeof *in->slots);
    in->mask = FIRST_SLOTS - 1;
    if (!in->slots || !pt_grow(&in->offsets, &in->offsets_cap, FIRST_SLOTS, sizeof *in->offsets) ||
        !pt_grow(&in->bytes, &in->bytes_cap, FIRST_SLOTS * 8, 1)) {
        pt_intern_free(in);
        return NULL;
    }
    in->offsets[0] = 0;
    refresh(in, 0);
    return in;
}

void pt_intern_free(pt_intern *in)
{
    if (!in)
        return;
    free(in->slots);
    free(in->bytes);
    free(in->offsets);
    free(in);
}

static inline uint64_t hash_of(pt_sv text)
{
    return XXH3_64bits(text.len ? text.ptr : "", text.len);
}

/* The slot that holds `text`, or the empty one where it belongs. */
static inline size_t locate(const pt_intern *in, pt_sv text, uint64_t hash)
{
    uint32_t tag = (uint32_t)(hash >> 32);

    for (size_t at = (size_t)hash & in->mask;; at = (at + 1) & in->mask) {
        slot s = in->slots[at];
        if (!s.code)
            return at;
        if (s.tag != tag)
            continue;
        uint64_t from = in->offsets[s.code - 1];
        if (in->offsets[s.code] - from == text.len && (!text.len || !memcmp(in->bytes + from, text.ptr, text.len)))
            return at;
    }
}

/* Doubles the table. The lower halves of the hashes are not kept: hashing again runs through the bytes in order. */
static bool grow_slots(pt_intern *in)
{
    size_t mask = in->mask * 2 + 1;
    slot *slots = pt_zalloc(mask + 1, sizeof *slots);

    if (!slots)
        return false;
    for (uint32_t code = 1; code <= in->dict.n; code++) {
        uint64_t hash = hash_of(pt_dict_text(&in->dict, code));
        size_t at = (size_t)hash & mask;
        while (slots[at].code)
            at = (at + 1) & mask;
        slots[at] = (slot){.tag = (uint32_t)(hash >> 32), .code = code};
    }
    free(in->slots);
    in->slots = slots;
    in->mask = mask;
    return true;
}

static uint32_t add_new(pt_intern *in, pt_sv text, uint64_t hash, size_t at)
{
    uint32_t n = in->dict.n;

    if (n >= UINT32_MAX - 1)
        return 0;
    if ((size_t)n * 2 > in->mask) { /* at most half full: probes stay short */
        if (!grow_slots(in))
            return 0;
        at = locate(in, text, hash);
    }
    if (text.len > SIZE_MAX - in->bytes_len || !pt_grow(&in->bytes, &in->bytes_cap, in->bytes_len + text.len, 1) ||
        !pt_grow(&in->offsets, &in->offsets_cap, (size_t)n + 2, sizeof *in->offsets))
        return 0;
    if (text.len)
        memcpy(in->bytes + in->bytes_len, text.ptr, text.len);
    in->bytes_len += text.len;
    in->offsets[n + 1] = in->bytes_len;
    in->slots[at] = (slot){.tag = (uint32_t)(hash >> 32), .code = n + 1};
    refresh(in, n + 1);
    return n + 1;
}

uint32_t pt_intern_add(pt_intern *in, pt_sv text)
{
    uint64_t hash = hash_of(text);
    size_t at = locate(in, text, hash);
    uint32_t code = in->slots[at].code;

    return code ? code : add_new(in, text, hash, at);
}

enum { TOGETHER = 32 };

/* Looks ahead for some texts: their slots, then the places of the texts in them, then the texts. Each step asks for what
 * the next one reads. */
static void prefetch(const pt_intern *in, const pt_sv *texts, size_t n, uint64_t *hashes)
{
    for (size_t i = 0; i < n; i++) {
        hashes[i] = hash_of(texts[i]);
        __builtin_prefetch(&in->slots[hashes[i] & in->mask]);
    }
    for (size_t i = 0; i < n; i++) {
        slot s = in->slots[hashes[i] & in->mask];
        if (s.code)
            __builtin_prefetch(&in->offsets[s.code - 1]);
    }
    for (size_t i = 0; i < n; i++) {
        slot s = in->slots[hashes[i] & in->mask];
        if (s.code)
            __builtin_prefetch(in->bytes + in->offsets[s.code - 1]);
    }
}

bool pt_intern_add_all(pt_intern *in, const pt_sv *texts, size_t n, uint32_t *codes)
{
    uint64_t hashes[TOGETHER];

    for (size_t from = 0; from < n; from += TOGETHER) {
        size_t some = n - from < TOGETHER ? n - from : TOGETHER;
        prefetch(in, texts + from, some, hashes);
        for (size_t i = from; i < from + some; i++) {
            size_t at = locate(in, texts[i], hashes[i - from]);
            codes[i] = in->slots[at].code;
            if (!codes[i] && !(codes[i] = add_new(in, texts[i], hashes[i - from], at)))
                return false;
        }
    }
    return true;
}

uint32_t pt_intern_find(const pt_intern *in, pt_sv text)
{
    return in->slots[locate(in, text, hash_of(text))].code;
}

uint32_t pt_intern_count(const pt_intern *in)
{
    return in->dict.n;
}

const pt_dict *pt_intern_dict(const pt_intern *in)
{
    return &in->dict;
}

void pt_intern_clear(pt_intern *in)
{
    memset(in->slots, 0, (in->mask + 1) * sizeof *in->slots);
    in->bytes_len = 0;
    refresh(in, 0);
}
