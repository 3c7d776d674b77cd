/* Stored model cards: whatever the bytes, what is let pass is rendered, as JSON and as a page. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "report/card.h"
#include "support/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void try_bytes(const char *bytes, size_t n)
{
    pt_err err;
    pt_card card;
    pt_str out = {0};
    pt_arena *a = pt_arena_new(64 << 20);

    if (a && pt_card_load(&card, (pt_sv){bytes, n}, a, &err) == PT_OK) {
        pt_card_json(&out, &card);
        (void)pt_card_html(&out, &card, "project", "zh", &err);
        walk_sink += out.len;
    }
    pt_str_free(&out);
    pt_arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    char *copy = n ? malloc(n) : NULL;

    try_bytes((const char *)bytes, n);
    if (copy && n > 8) {
        const uint64_t sum = pt_hash64(bytes, n - 8);
        memcpy(copy, bytes, n);
        memcpy(copy + n - 8, &sum, 8);
        try_bytes(copy, n);
    }
    free(copy);
    return 0;
}
