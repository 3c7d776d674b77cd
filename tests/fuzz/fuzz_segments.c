/* Files of members: whatever the bytes, opening and reading stays inside them and ends. Each input is tried as it is, and
 * with good checksums, so that what is behind them is reached. */
#include <stdlib.h>

#include "base/hash.h"
#include "index/memberset_int.h"

enum { MOST_ORDINALS = 1 << 20, OFFSET_AT = 72, SUM_AT = 88 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static uint64_t number(const unsigned char *at)
{
    uint64_t v;

    memcpy(&v, at, sizeof v);
    return v;
}

/* The sums of all bitmaps that lie in the file, then that of the head. */
static void reseal(unsigned char *bytes, size_t n)
{
    size_t end = n >= 8 ? n - 8 : 0, at = MEMBERSET_FIXED;
    uint32_t sets = 0, length;

    if (end > MEMBERSET_FIXED)
        memcpy(&sets, bytes + 28, sizeof sets);
    for (uint32_t i = 0; i < sets && end - at >= MEMBERSET_ENTRY; i++) {
        memcpy(&length, bytes + at, sizeof length);
        if (length > end - at - MEMBERSET_ENTRY)
            return;
        unsigned char *entry = bytes + at + sizeof length + length;
        uint64_t offset = number(entry + OFFSET_AT), size = number(entry + OFFSET_AT + 8);
        if (offset <= end && size <= end - offset) {
            uint64_t sum = pt_hash64(bytes + offset, (size_t)size);
            memcpy(entry + SUM_AT, &sum, sizeof sum);
        }
        at += MEMBERSET_ENTRY + length;
    }
    size_t head = (size_t)headed_round(at);
    if (end < MEMBERSET_FIXED || head > end)
        return;
    uint64_t whole = end, sum;
    memcpy(bytes + 16, &whole, sizeof whole);
    sum = pt_hash64(bytes, head);
    memcpy(bytes + end, &sum, sizeof sum);
}

static void use(const void *bytes, size_t n)
{
    pt_memberset *s;
    pt_err err;

    if (pt_memberset_open(&s, "the file", bytes, n, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    uint32_t ordinals = pt_memberset_get_head(s)->ordinals;
    uint64_t *bits = ordinals <= MOST_ORDINALS ? pt_alloc64(pt_members_words(ordinals) + 1, sizeof *bits) : NULL;
    for (size_t i = 0; bits && i < pt_memberset_count(s); i++) {
        memset(bits, 0, pt_members_words(ordinals) * sizeof *bits);
        pt_rc rc = pt_memberset_read(bits, s, i, &err);
        PT_ASSERT(rc == PT_OK || rc == PT_ECORRUPT || rc == PT_ENOMEM);
        pt_memberset_find(s, pt_memberset_info(s, i)->name);
    }
    free(bits);
    pt_memberset_close(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    unsigned char *copy = pt_alloc64(n + 1, 1);

    if (!copy)
        return 0;
    memcpy(copy, bytes, n);
    use(copy, n);
    reseal(copy, n);
    use(copy, n);
    free(copy);
    return 0;
}
