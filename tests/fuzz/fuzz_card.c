/* Stored model cards: whatever the bytes, what is let pass is rendered, as JSON and as a page. */
#include <stdlib.h>
#include <string.h>

#include "report/card.h"
#include "support/sealed.h"
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
    try_sealed(bytes, n, try_bytes);
    return 0;
}
