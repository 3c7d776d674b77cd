/* Files of kept states against the columns they were made from. */
#include "history/history.h"

#include <stdlib.h>

#include "base/rng.h"
#include "history/history_int.h"
#include "support/reseal.h"
#include "support/test.h"

enum { STATES = 6, TAGS = 6, MOST = 70000 };

static const pt_type types[TAGS] = {PT_TYPE_BOOL,   PT_TYPE_CATEGORY, PT_TYPE_TEXT,
                                    PT_TYPE_NUMBER, PT_TYPE_DATE,     PT_TYPE_MONEY};
static const char *const names[TAGS] = {"flag", "stage", "note", "spend", "born", "paid"};

/* --- a world that changes ---------------------------------------------------------------------------------------------- */

typedef struct world {
    pt_arena *arena;
    pt_rng rng;
    uint32_t ordinals[STATES];
    pt_column columns[STATES][TAGS];
    pt_history_state states[STATES];
    unsigned char *bytes;
    size_t n;
} world;

static void *make(world *w, size_t n, size_t size)
{
    void *p = pt_arena_array(w->arena, n + 1, size);

    CHECK(p);
    return p;
}

/* Texts in order; which of them there are differs from state to state. */
static const pt_dict *make_dict(world *w, uint32_t texts)
{
    pt_dict *d = make(w, 1, sizeof *d);
    uint64_t *offsets = make(w, texts + 1, sizeof *offsets);
    char *bytes = make(w, texts, 8);
    uint32_t number = 0;

    for (uint32_t i = 0; i < texts; i++) {
        number += 1 + (uint32_t)pt_rng_below(&w->rng, 3);
        snprintf(bytes + (size_t)i * 7, 8, "%07u", number);
        offsets[i + 1] = (uint64_t)(i + 1) * 7;
    }
    *d = (pt_dict){.n = texts, .sorted = true, .offsets = offsets, .bytes = bytes};
    return d;
}

static int64_t value_of(world *w, const pt_column *c)
{
    bool missing = pt_rng_below(&w->rng, 5) == 0;
    double number = missing ? (double)NAN : (double)pt_rng_below(&w->rng, 9) - 4.5;
    int64_t bits;

    switch (c->type) {
    case PT_TYPE_BOOL: return (int64_t)pt_rng_below(&w->rng, 3);
    case PT_TYPE_NUMBER: memcpy(&bits, &number, sizeof bits); return bits;
    case PT_TYPE_DATE: return missing ? PT_I32_MISSING : (int64_t)pt_rng_below(&w->rng, 20000);
    case PT_TYPE_MONEY: return missing ? PT_I64_MISSING : (int64_t)pt_rng_below(&w->rng, 1000000);
    default: return missing || !c->dict->n ? 0 : 1 + (int64_t)pt_rng_below(&w->rng, c->dict->n);
    }
}

static void set_value(const pt_column *c, uint32_t row, int64_t value)
{
    char *to = (char *)c->data + (size_t)row * c->width;
    uint8_t one = (uint8_t)value;
    uint16_t two = (uint16_t)value;
    uint32_t four = (uint32_t)value;

    memcpy(to,
           c->width == 1   ? (void *)&one
           : c->width == 2 ? (void *)&two
           : c->width == 4 ? (void *)&four
                           : &value,
           c->width);
}

static pt_sv text_of(const pt_column *c, uint64_t row)
{
    uint32_t code = pt_column_code(c, row);

    return code ? pt_dict_text(c->dict, code) : (pt_sv){NULL, 0};
}

/* The same text in another dictionary; 0 when it is not there. */
static uint32_t find_text(const pt_dict *d, pt_sv text)
{
    for (uint32_t i = 1; i <= d->n; i++)
        if (pt_sv_eq(pt_dict_text(d, i), text))
            return i;
    return 0;
}

/* A few rows differ from those of the state before, by chance of 1 in `one_in`. */
static void make_column(world *w, size_t state, size_t tag, uint32_t one_in)
{
    pt_column *c = &w->columns[state][tag];
    const pt_column *before = state ? &w->columns[state - 1][tag] : NULL;
    uint32_t texts = types[tag] == PT_TYPE_CATEGORY ? (uint32_t)pt_rng_below(&w->rng, 20)
                                                    : 200 + (uint32_t)pt_rng_below(&w->rng, 300);
    bool text = pt_type_is_text(types[tag]);

    *c = (pt_column){.type = types[tag], .width = (uint8_t)pt_type_width(types[tag])};
    if (text) {
        c->dict = before && pt_rng_below(&w->rng, 2) ? before->dict : make_dict(w, texts);
        c->width = pt_frame_code_width(c->dict->n);
    }
    c->data = make(w, w->ordinals[state], c->width);
    for (uint32_t row = 0; row < w->ordinals[state]; row++) {
        if (!before || row >= w->ordinals[state - 1] || pt_rng_below(&w->rng, one_in) == 0)
            set_value(c, row, value_of(w, c));
        else if (text)
            set_value(c, row,
                      before->dict == c->dict ? pt_column_code(before, row)
                                              : (int64_t)find_text(c->dict, text_of(before, row)));
        else
            memcpy((char *)c->data + (size_t)row * c->width, (const char *)before->data + (size_t)row * c->width,
                   c->width);
    }
}

/* --- files ----------------------------------------------------------------------------------------------------------------- */

typedef struct file_bytes {
    unsigned char *bytes;
    size_t n, cap;
} file_bytes;

static pt_rc append(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    file_bytes *f = ctx;

    (void)err;
    while (f->n + n > f->cap) {
        size_t cap = f->cap ? 2 * f->cap : 1 << 16;
        unsigned char *more = pt_alloc64(cap, 1);
        CHECK(more);
        if (f->n)
            memcpy(more, f->bytes, f->n);
        free(f->bytes);
        f->bytes = more;
        f->cap = cap;
    }
    memcpy(f->bytes + f->n, bytes, n);
    f->n += n;
    return PT_OK;
}

static pt_rc patch(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *err)
{
    (void)err;
    memcpy(((file_bytes *)ctx)->bytes + offset, bytes, n);
    return PT_OK;
}

static void write_file(file_bytes *f, const pt_history_state *states, size_t n)
{
    pt_tagset_sink sink = {f, append, patch};
    pt_err err;

    CHECK_OK(pt_history_write(states, n, false, &sink, &err));
}

/* Tag t is left out of state s now and then. */
static bool is_left_out(size_t state, size_t tag)
{
    return (state * 7 + tag) % 11 == 3;
}

static void make_state(world *w, size_t s, const pt_history_state *last, size_t last_pieces[TAGS])
{
    pt_history_piece *pieces = make(w, TAGS, sizeof *pieces);
    pt_err err;

    w->states[s] = (pt_history_state){
        .as_of = (int64_t)s * 1000, .ordinals = w->ordinals[s], .identity = s, .base = "", .pieces = pieces};
    for (size_t t = 0; t < TAGS; t++) {
        pt_history_before before = {0};
        pt_tag_info info = {names[t], types[t]};
        if (last && last_pieces[t] != SIZE_MAX)
            before = (pt_history_before){&w->columns[s - 1][t], w->ordinals[s - 1], last->pieces[last_pieces[t]].since};
        last_pieces[t] = SIZE_MAX;
        if (is_left_out(s, t))
            continue;
        CHECK_OK(pt_history_piece_make(&pieces[w->states[s].n_pieces], &info, &w->columns[s][t], w->ordinals[s],
                                       &before, &err));
        last_pieces[t] = w->states[s].n_pieces++;
    }
}

static void make_world(world *w, uint64_t seed)
{
    size_t last_pieces[TAGS];
    uint32_t n = 0;

    *w = (world){.arena = pt_arena_new(0)};
    CHECK(w->arena);
    pt_rng_seed(&w->rng, seed);
    for (size_t s = 0; s < STATES; s++) {
        n += (uint32_t)pt_rng_below(&w->rng, s ? 200 : seed % 8 == 0 ? MOST : 300);
        w->ordinals[s] = n;
        for (size_t t = 0; t < TAGS; t++)
            make_column(w, s, t, 1 + (uint32_t)pt_rng_below(&w->rng, 40));
        make_state(w, s, s ? &w->states[s - 1] : NULL, last_pieces);
    }
    file_bytes f = {0};
    write_file(&f, w->states, STATES);
    w->bytes = f.bytes;
    w->n = f.n;
}

static void free_world(world *w)
{
    for (size_t s = 0; s < STATES; s++)
        for (size_t i = 0; i < w->states[s].n_pieces; i++)
            pt_history_piece_free(&((pt_history_piece *)w->states[s].pieces)[i]);
    free(w->bytes);
    pt_arena_free(w->arena);
}

/* --- playing again ------------------------------------------------------------------------------------------------------- */

static void forget(void *values, pt_type type)
{
    for (size_t i = 0; i < PT_HISTORY_BLOCK; i++) {
        if (type == PT_TYPE_BOOL)
            ((uint8_t *)values)[i] = PT_BOOL_MISSING;
        else if (type == PT_TYPE_DATE)
            ((int32_t *)values)[i] = PT_I32_MISSING;
        else if (pt_type_is_text(type))
            ((uint32_t *)values)[i] = 0;
        else if (type == PT_TYPE_NUMBER)
            ((double *)values)[i] = (double)NAN;
        else
            ((int64_t *)values)[i] = PT_I64_MISSING;
    }
}

/* What the test calls a text: the number that it is. */
static uint32_t number_of_text(pt_sv text)
{
    char copy[8] = {0};

    if (text.len)
        memcpy(copy, text.ptr, text.len < 7 ? text.len : 7);
    return text.len ? (uint32_t)strtoul(copy, NULL, 10) : 0;
}

static bool same(const pt_column *c, uint64_t row, const void *values, uint32_t at)
{
    switch (c->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[row] == ((const uint8_t *)values)[at];
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[row] == ((const int32_t *)values)[at];
    case PT_TYPE_NUMBER: {
        double x = ((const double *)c->data)[row], y = ((const double *)values)[at];
        return x == y || (isnan(x) && isnan(y));
    }
    case PT_TYPE_MONEY: return ((const int64_t *)c->data)[row] == ((const int64_t *)values)[at];
    default: return number_of_text(text_of(c, row)) == ((const uint32_t *)values)[at];
    }
}

static void check_rows(const world *w, size_t state, size_t tag, uint32_t block, const void *values)
{
    uint64_t first = (uint64_t)block * PT_HISTORY_BLOCK;

    for (uint64_t row = first; row < w->ordinals[state] && row < first + PT_HISTORY_BLOCK; row++)
        if (!same(&w->columns[state][tag], row, values, (uint32_t)(row - first)))
            test_fail(__FILE__, __LINE__, "%s of %llu in state %zu", names[tag], (unsigned long long)row, state);
}

static void take_codes(uint32_t **codes, pt_history *h, size_t state, size_t piece)
{
    pt_dict d;
    pt_err err;

    CHECK_OK(pt_history_dict(&d, h, state, piece, &err));
    *codes = pt_zalloc((size_t)d.n + 1, sizeof **codes);
    CHECK(*codes);
    for (uint32_t i = 1; i <= d.n; i++)
        (*codes)[i] = number_of_text(pt_dict_text(&d, i));
}

static void replay_tag(const world *w, pt_history *h, size_t tag, uint32_t block, void *values)
{
    uint64_t changed[PT_HISTORY_BLOCK / 64] = {0};
    pt_err err;

    forget(values, types[tag]);
    for (size_t s = 0; s < STATES; s++) {
        int piece = pt_history_find(h, s, names[tag], types[tag]);
        uint32_t *codes;
        CHECK((piece < 0) == is_left_out(s, tag));
        if (piece < 0)
            continue;
        take_codes(&codes, h, s, (size_t)piece);
        CHECK_OK(pt_history_block(values, changed, h, s, (size_t)piece, block, codes, &err));
        free(codes);
        check_rows(w, s, tag, block, values);
    }
}

TEST(history_file__states_come_back_as_they_were)
{
    void *values = pt_alloc64(PT_HISTORY_BLOCK, 8);
    pt_history *h;
    world w;
    pt_err err;

    CHECK(values);
    for (uint64_t seed = 1; seed <= 16; seed++) {
        make_world(&w, seed);
        CHECK_OK(pt_history_open(&h, "history", w.bytes, w.n, &err));
        CHECK_INT(pt_history_count(h), STATES);
        for (uint32_t block = 0; block <= (w.ordinals[STATES - 1] + PT_HISTORY_BLOCK - 1) / PT_HISTORY_BLOCK; block++)
            for (size_t t = 0; t < TAGS; t++)
                replay_tag(&w, h, t, block, values);
        CHECK_INT(pt_history_state_at(h, 2)->as_of, 2000);
        CHECK_INT(pt_history_state_at(h, 3)->ordinals, w.ordinals[3]);
        pt_history_close(h);
        free_world(&w);
    }
    free(values);
}

/* --- how much is stored ---------------------------------------------------------------------------------------------------- */

static pt_column bools(uint8_t *values, uint32_t n, uint32_t trues)
{
    for (uint32_t i = 0; i < n; i++)
        values[i] = i < trues;
    return (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = values};
}

TEST(history_piece__changes_are_stored_until_they_add_up_to_the_whole)
{
    enum { N = 12000 };
    static uint8_t before[N], now[N];
    pt_tag_info info = {"flag", PT_TYPE_BOOL};
    pt_history_before was = {.ordinals = N};
    pt_history_piece piece;
    pt_column then = bools(before, N, 0), column = bools(now, N, 300);
    pt_err err;
    int wholes = 0;

    CHECK_OK(pt_history_piece_make(&piece, &info, &then, N, NULL, &err));
    CHECK(piece.kind == PT_HISTORY_WHOLE && piece.bits == 2 && piece.n == N && piece.since == 0);
    pt_history_piece_free(&piece);
    was.column = &then;
    for (int build = 0; build < 10; build++) {
        CHECK_OK(pt_history_piece_make(&piece, &info, &column, N, &was, &err));
        wholes += piece.kind == PT_HISTORY_WHOLE;
        if (piece.kind == PT_HISTORY_CHANGES)
            CHECK_INT(piece.n, 300);
        was.since = piece.since;
        pt_history_piece_free(&piece);
    }
    /* 300 changes take 900 bytes, the whole 3,000: three times changes, then the whole, and so on. */
    CHECK_INT(wholes, 2);
}

TEST(history_piece__texts_that_did_not_change_are_not_stored)
{
    static const uint64_t offsets[] = {0, 1, 2, 3}, others[] = {0, 1, 2};
    static const pt_dict three = {3, true, offsets, "abc"}, two = {2, true, others, "ac"};
    static const uint8_t then[] = {1, 2, 3, 0, 3}, now[] = {1, 2, 2, 0, 1};
    pt_column was = {.type = PT_TYPE_CATEGORY, .width = 1, .data = then, .dict = &three};
    pt_column is = {.type = PT_TYPE_CATEGORY, .width = 1, .data = now, .dict = &two};
    pt_tag_info info = {"stage", PT_TYPE_CATEGORY};
    pt_history_before before = {.column = &was, .ordinals = 5};
    pt_history_piece piece;
    pt_err err;

    /* a, b -> c, c -> c, missing, c -> a */
    CHECK_OK(pt_history_piece_make(&piece, &info, &is, 5, &before, &err));
    CHECK(piece.kind == PT_HISTORY_WHOLE); /* five values are less than two changes */
    pt_history_piece_free(&piece);
    static uint8_t many_then[1000], many_now[1000];
    memset(many_then, 1, sizeof many_then);
    memset(many_now, 1, sizeof many_now);
    many_then[500] = 2;
    many_now[500] = 2; /* b, then c */
    was.data = many_then;
    is.data = many_now;
    before.ordinals = 1000;
    CHECK_OK(pt_history_piece_make(&piece, &info, &is, 1000, &before, &err));
    CHECK(piece.kind == PT_HISTORY_CHANGES && piece.n == 1 && piece.texts == 1);
    CHECK_INT(piece.rows[0], 500);
    CHECK(memcmp(piece.bytes, "c", 1) == 0 && piece.offsets[1] == 1);
    pt_history_piece_free(&piece);
}

/* --- damage ---------------------------------------------------------------------------------------------------------------- */

static void read_everything(const void *bytes, size_t n)
{
    uint64_t changed[PT_HISTORY_BLOCK / 64] = {0};
    void *values = pt_alloc64(PT_HISTORY_BLOCK, 8);
    pt_history *h;
    pt_err err = {0};

    CHECK(values);
    if (pt_history_open(&h, "history", bytes, n, &err) != PT_OK) {
        CHECK(err.code == PT_ECORRUPT);
        free(values);
        return;
    }
    for (size_t s = 0; s < pt_history_count(h); s++)
        for (size_t i = 0; i < pt_history_state_at(h, s)->n_pieces; i++) {
            pt_dict d;
            if (pt_history_dict(&d, h, s, i, &err) != PT_OK)
                continue;
            uint32_t *codes = pt_zalloc((size_t)d.n + 1, sizeof *codes);
            if (codes)
                (void)pt_history_block(values, changed, h, s, i, 0, codes, &err);
            free(codes);
        }
    pt_history_close(h);
    free(values);
}

TEST(history_file__damage_is_noticed_and_forgery_does_no_harm)
{
    pt_history *h;
    world w;
    pt_err err;
    pt_rng rng;
    size_t opened = 0;

    make_world(&w, 5);
    pt_rng_seed(&rng, 9);
    unsigned char *copy = pt_alloc64(w.n + 64, 1);
    CHECK(copy);
    for (int i = 0; i < 2000; i++) {
        memcpy(copy, w.bytes, w.n);
        size_t at = (size_t)pt_rng_below(&rng, i % 2 ? w.n : reseal_number(w.bytes, 32));
        copy[at] ^= (unsigned char)(1 + pt_rng_below(&rng, 255));
        if (i % 4 == 3)
            reseal(copy, w.n, HISTORY_MAGIC, HISTORY_VERSION, HISTORY_BLOCK_LOG2);
        read_everything(copy, w.n);
    }
    for (size_t n = 0; n < w.n; n += 1 + w.n / 97) {
        memcpy(copy, w.bytes, n);
        opened += pt_history_open(&h, "history", copy, n, &err) == PT_OK;
    }
    CHECK_INT(opened, 0);
    free(copy);
    free_world(&w);
}

TEST(history_file__bytes_follow_from_the_values_alone)
{
    world a, b;

    make_world(&a, 3);
    make_world(&b, 3);
    CHECK(a.n == b.n && memcmp(a.bytes, b.bytes, a.n) == 0);
    free_world(&a);
    free_world(&b);
}
