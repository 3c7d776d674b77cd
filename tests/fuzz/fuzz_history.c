/* Files of kept states and of trends: whatever the bytes, what is let pass can be read to the end. Files of states are tried
 * as they are and with good checksums; bytes that are no such file are tried as a trend, with a good checksum too. */
#include "app/trend_file.h"
#include "base/hash.h"
#include "history/history_int.h"
#include "support/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void read_blocks(pt_history *h, size_t state, size_t piece, void *values, uint64_t *changed)
{
    uint32_t blocks = (uint32_t)history_blocks(pt_history_state_at(h, state)->ordinals);
    pt_dict d;
    pt_err err;

    if (pt_history_dict(&d, h, state, piece, &err) != PT_OK)
        return;
    for (uint32_t i = 1; i <= d.n; i++)
        walk_sink += pt_dict_text(&d, i).len;
    uint32_t *codes = pt_zalloc((size_t)d.n + 1, sizeof *codes);
    for (uint32_t b = 0; codes && b <= blocks && b < 3; b++)
        walk_sink += pt_history_block(values, changed, h, state, piece, b, codes, &err) == PT_OK;
    free(codes);
}

static void use(const void *bytes, size_t n)
{
    static uint64_t changed[PT_HISTORY_BLOCK / 64], values[PT_HISTORY_BLOCK];
    pt_history *h;
    pt_err err;

    if (pt_history_open(&h, "history", bytes, n, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    for (size_t s = 0; s < pt_history_count(h); s++)
        for (size_t i = 0; i < pt_history_state_at(h, s)->n_pieces; i++)
            read_blocks(h, s, i, values, changed);
    pt_history_close(h);
}

static void walk_trend(const pt_trend_state *states, size_t n)
{
    for (size_t s = 0; s < n; s++) {
        for (size_t t = 0; t < states[s].n_tags; t++)
            for (size_t v = 0; v < states[s].tags[t].n_values; v++)
                walk_sink += pt_hash64(states[s].tags[t].values[v].text.ptr, states[s].tags[t].values[v].text.len);
        for (size_t i = 0; i < states[s].n_segments; i++)
            walk_sink += strlen(states[s].segments[i].name);
        for (size_t i = 0; i < states[s].n_scores; i++)
            walk_sink += strlen(states[s].scores[i].source);
    }
}

static void use_trend(const uint8_t *bytes, size_t n)
{
    pt_trend_wish wish = {.tag = "life_cycle"};
    pt_arena *arena = pt_arena_new(0);
    const pt_trend_state *states;
    pt_str text = {0};
    char hex[33];
    bool recomputed;
    size_t count;
    pt_err err;

    pt_str_add(&text, "portrait trend 1\nrecomputed\t0\n");
    pt_str_addn(&text, (const char *)bytes, n);
    pt_hash128_hex(hex, pt_hash128_of(pt_str_cstr(&text), text.len));
    pt_str_addf(&text, "checksum\t%s\n", hex);
    if (arena && !text.failed &&
        pt_trend_read(&states, &count, &recomputed, (pt_sv){text.ptr, text.len}, &wish, arena, &err) == PT_OK)
        walk_trend(states, count);
    pt_str_free(&text);
    pt_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    if (n >= 8 && memcmp(bytes, HISTORY_MAGIC, 8) == 0)
        walk_both(bytes, n, HISTORY_MAGIC, HISTORY_VERSION, HISTORY_BLOCK_LOG2, use);
    else
        use_trend(bytes, n);
    return 0;
}
