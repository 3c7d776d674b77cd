/* Random conditions of the language: planned over indexes, and asked of the evaluator customer by customer. */
#include "segment/segment.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"

enum { TAGS = 7, ORDINALS = 12000, DEPTH = 6, ROUNDS = 2000 };

static const char *const names[TAGS] = {"city", "level", "spend", "score", "vip", "likes", "born"};
static const pt_type types[TAGS] = {PT_TYPE_CATEGORY, PT_TYPE_CATEGORY, PT_TYPE_MONEY, PT_TYPE_NUMBER,
                                    PT_TYPE_BOOL,     PT_TYPE_LIST,     PT_TYPE_DATE};
static const char *const cities[] = {"Beijing", "Chengdu", "Shanghai", "Xi'an", "\xe5\xb9\xbf\xe5\xb7\x9e"};
static const char *const levels[] = {"A", "B", "C"};
static const char *const likes[] = {"books", "tea", "wine"};

typedef struct world {
    pt_arena *arena;
    pt_rng rng;
    pt_lang_tag tags[TAGS];
    pt_catalog catalog;
    pt_module *module;
    pt_column columns[TAGS];
    unsigned char *files[TAGS];
    pt_tagindex *indexes[TAGS];
    pt_events sources[1];
    uint64_t identities[ORDINALS];
    pt_zone *zone;
    uint64_t *bits[64]; /* what decide() made, to be freed */
    size_t n_bits, decided;
    bool blind; /* no index is given: everything is decided */
} world;

static void *make(world *w, size_t n, size_t size)
{
    void *p = pt_arena_array(w->arena, n, size);

    CHECK(p);
    return p;
}

/* --- tags ------------------------------------------------------------------------------------------------------------------ */

static const pt_dict *dict_of(world *w, const char *const *texts, uint32_t n)
{
    pt_dict *d = make(w, 1, sizeof *d);
    uint64_t *offsets = make(w, n + 1, sizeof *offsets);
    char *bytes = make(w, n, 32);

    for (uint32_t i = 0; i < n; i++) {
        memcpy(bytes + offsets[i], texts[i], strlen(texts[i]));
        offsets[i + 1] = offsets[i] + strlen(texts[i]);
    }
    *d = (pt_dict){.n = n, .sorted = true, .offsets = offsets, .bytes = bytes};
    return d;
}

static pt_column texts_column(world *w, const char *const *texts, uint32_t n)
{
    uint8_t *codes = make(w, ORDINALS, 1);

    for (size_t i = 0; i < ORDINALS; i++)
        codes[i] = (uint8_t)pt_rng_below(&w->rng, n + 1);
    return (pt_column){.type = PT_TYPE_CATEGORY, .width = 1, .data = codes, .dict = dict_of(w, texts, n)};
}

static pt_column lists_column(world *w)
{
    uint64_t *offsets = make(w, ORDINALS + 1, sizeof *offsets);
    uint8_t *absent = make(w, ORDINALS, 1), *items = make(w, ORDINALS * 3, 1);

    for (size_t i = 0; i < ORDINALS; i++) {
        offsets[i + 1] = offsets[i];
        absent[i] = pt_rng_below(&w->rng, 4) == 0;
        for (uint8_t item = 1; item <= 3 && !absent[i]; item++)
            if (pt_rng_below(&w->rng, 2))
                items[offsets[i + 1]++] = item;
    }
    return (pt_column){.type = PT_TYPE_LIST,
                       .width = 1,
                       .data = items,
                       .offsets = offsets,
                       .absent = absent,
                       .dict = dict_of(w, likes, 3)};
}

static void make_columns(world *w)
{
    int64_t *spend = make(w, ORDINALS, sizeof *spend);
    double *score = make(w, ORDINALS, sizeof *score);
    uint8_t *vip = make(w, ORDINALS, 1);
    int32_t *born = make(w, ORDINALS, sizeof *born);
    bool many = pt_rng_below(&w->rng, 2);

    for (size_t i = 0; i < ORDINALS; i++) {
        /* Sometimes more different values than there are codes for: then codes are intervals. */
        spend[i] =
            pt_rng_below(&w->rng, 6) ? (int64_t)pt_rng_below(&w->rng, many ? 50000000 : 40) * 2500 : PT_I64_MISSING;
        score[i] = pt_rng_below(&w->rng, 6) ? (double)pt_rng_below(&w->rng, 21) / 4 - 2 : NAN;
        vip[i] = (uint8_t)pt_rng_below(&w->rng, 3);
        born[i] = pt_rng_below(&w->rng, 6) ? (int32_t)pt_rng_below(&w->rng, 20000) - 5000 : PT_I32_MISSING;
    }
    w->columns[0] = texts_column(w, cities, 5);
    w->columns[1] = texts_column(w, levels, 3);
    w->columns[2] = (pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = spend};
    w->columns[3] = (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = score};
    w->columns[4] = (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = vip};
    w->columns[5] = lists_column(w);
    w->columns[6] = (pt_column){.type = PT_TYPE_DATE, .width = 4, .data = born};
}

static void open_world(world *w, uint64_t seed)
{
    static const pt_lang_source none = {.name = "orders", .kind = PT_SOURCE_EVENT};
    pt_diags diags;
    pt_err err = {0};
    size_t n;

    memset(w, 0, sizeof *w);
    pt_rng_seed(&w->rng, seed);
    CHECK(w->arena = pt_arena_new(0));
    make_columns(w);
    for (size_t t = 0; t < TAGS; t++) {
        pt_tag_info info = {names[t], types[t]};
        w->tags[t] = (pt_lang_tag){.name = names[t], .external = true, .type = types[t]};
        CHECK_OK(pt_tagindex_build(&w->files[t], &n, &info, &w->columns[t], ORDINALS, (pt_hash128){0}, &err));
        CHECK_OK(pt_tagindex_open(&w->indexes[t], names[t], w->files[t], n, &err));
    }
    w->catalog = (pt_catalog){&none, 1, w->tags, TAGS, .history = true};
    pt_diags_init(&diags, w->arena);
    CHECK_OK(pt_lang_check(&w->module, &w->catalog, &diags, w->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    for (size_t i = 0; i < ORDINALS; i++)
        w->identities[i] = pt_rng_u64(&w->rng);
    CHECK_OK(pt_zone_open(&w->zone, "UTC", &err));
}

static void close_world(world *w)
{
    for (size_t t = 0; t < TAGS; t++) {
        pt_tagindex_close(w->indexes[t]);
        free(w->files[t]);
    }
    pt_zone_free(w->zone);
    pt_arena_free(w->arena);
}

/* --- conditions -------------------------------------------------------------------------------------------------------------- */

static uint64_t pick(world *w, uint64_t n)
{
    return pt_rng_below(&w->rng, n);
}

static void add_leaf(world *w, pt_str *s)
{
    static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};
    const char *op = ops[pick(w, 6)];

    switch (pick(w, 17)) {
    case 0: pt_str_addf(s, "city %s \"%s\"", op, pick(w, 9) ? cities[pick(w, 5)] : "Atlantis"); break;
    case 1: pt_str_addf(s, "level in (\"%s\", \"%s\")", levels[pick(w, 3)], levels[pick(w, 3)]); break;
    case 2: { /* a value that somebody has: where "<" and "<=" differ */
        int64_t v = ((const int64_t *)w->columns[2].data)[pick(w, ORDINALS)];
        if (v != PT_I64_MISSING) {
            pt_str_addf(s, "spend %s %lld.%04d", op, (long long)(v / PT_MONEY_UNIT), (int)(v % PT_MONEY_UNIT));
            break;
        }
    } /* fall through */
    case 15: pt_str_addf(s, "spend %s %llu", op, (unsigned long long)pick(w, 5000)); break;
    case 3: pt_str_addf(s, "%llu.25 %s spend", (unsigned long long)pick(w, 10000000), op); break;
    case 4: pt_str_addf(s, "score between %d and %d", (int)pick(w, 5) - 2, (int)pick(w, 5)); break;
    case 5: pt_str_addf(s, "score * 2 %s %d", op, (int)pick(w, 9) - 4); break;
    case 6: pt_str_add(s, "vip"); break;
    case 7: pt_str_addf(s, "%s is missing", names[pick(w, TAGS)]); break;
    case 8: pt_str_addf(s, "likes has \"%s\"", pick(w, 9) ? likes[pick(w, 3)] : "gold"); break;
    case 9:
        pt_str_addf(s, "has_%s(likes, \"tea\", \"%s\")", pick(w, 2) ? "any" : "all", pick(w, 5) ? "wine" : "gold");
        break;
    case 10: pt_str_addf(s, "born %s date(\"19%02d-06-%02d\")", op, 60 + (int)pick(w, 40), 1 + (int)pick(w, 30)); break;
    case 11: pt_str_addf(s, "coalesce(score, 0) %s %d", op, (int)pick(w, 4)); break;
    case 12: pt_str_addf(s, "random_bucket(\"x\", 10) %s %d", op, (int)pick(w, 10)); break;
    case 13: pt_str_addf(s, "score %s spend / 100", op); break;
    case 14:
        pt_str_addf(s, "spend between %llu and %llu", (unsigned long long)pick(w, 3000),
                    (unsigned long long)pick(w, 9000000));
        break;
    default: pt_str_addf(s, "size(likes) %s %d", op, (int)pick(w, 4)); break;
    }
}

static void add_condition(world *w, pt_str *s, unsigned depth)
{
    if (depth == 0 || pick(w, 4) == 0) {
        add_leaf(w, s);
        return;
    }
    bool negated = pick(w, 3) == 0;
    pt_str_add(s, negated ? "not (" : "(");
    add_condition(w, s, depth - 1);
    pt_str_add(s, pick(w, 2) ? ") and (" : ") or (");
    add_condition(w, s, depth - 1);
    pt_str_add(s, ")");
}

/* --- the two answers --------------------------------------------------------------------------------------------------------- */

static pt_rc ask_each(uint8_t *answers, world *w, const pt_node *node, pt_err *err)
{
    pt_eval_options options = {.as_of = 0, .zone = w->zone};
    pt_batch batch = {
        .n_customers = ORDINALS, .sources = w->sources, .identities = w->identities, .external = w->columns};
    pt_program *program;
    pt_eval *eval;

    PT_TRY(pt_program_build_expression(&program, w->module, node, err));
    PT_TRY(pt_eval_new(&eval, program, &options, err));
    PT_TRY(pt_eval_run(eval, &batch, err));
    memcpy(answers, pt_eval_tag(eval, 0)->data, ORDINALS);
    pt_eval_free(eval);
    pt_program_free(program);
    return PT_OK;
}

static pt_rc get_index(pt_tagindex **out, void *ctx, uint32_t tag, pt_err *err)
{
    world *w = ctx;

    (void)err;
    *out = w->blind ? NULL : w->indexes[tag];
    return PT_OK;
}

static pt_rc get_column(const pt_column **out, void *ctx, uint32_t tag, pt_err *err)
{
    (void)err;
    *out = &((world *)ctx)->columns[tag];
    return PT_OK;
}

static pt_rc no_members(const pt_crowd_node **out, void *ctx, uint32_t tag, pt_err *err)
{
    (void)ctx, (void)tag, (void)err;
    *out = NULL;
    return PT_OK;
}

static pt_rc decide(const uint64_t **yes, const uint64_t **no, void *ctx, const pt_node *node, pt_err *err)
{
    world *w = ctx;
    uint64_t *bits = pt_alloc64(2 * PT_BLOCK_WORDS, 8);
    static uint8_t answers[ORDINALS];

    CHECK(bits && w->n_bits < PT_COUNT(w->bits));
    w->bits[w->n_bits++] = bits;
    w->decided++;
    memset(bits, 0, (size_t)2 * PT_BLOCK_WORDS * 8);
    PT_TRY(ask_each(answers, w, node, err));
    for (size_t i = 0; i < ORDINALS; i++)
        if (answers[i] < 2)
            bits[(answers[i] == 1 ? 0 : PT_BLOCK_WORDS) + i / 64] |= UINT64_C(1) << (i % 64);
    *yes = bits;
    *no = bits + PT_BLOCK_WORDS;
    return PT_OK;
}

static void check_condition(world *w, const char *text)
{
    pt_segment_env env = {.module = w->module,
                          .options = {.as_of = 0, .zone = w->zone},
                          .ctx = w,
                          .index = get_index,
                          .column = get_column,
                          .members = no_members,
                          .decide = decide};
    static uint8_t want[ORDINALS];
    pt_arena *arena = pt_arena_new(0);
    const pt_crowd_node *root;
    const pt_node *node;
    pt_crowd *crowd;
    pt_diags diags;
    pt_err err = {0};

    CHECK(arena);
    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_expression(&node, w->module, pt_sv_of(text),
                                (pt_place){.file = "x", .text = pt_sv_of(text), .line = 1, .col = 1, .length = 1},
                                PT_TYPE_BOOL, &diags, arena, &err));
    if (!node) {
        pt_str s = {0};
        pt_diags_print(&diags, &s, false);
        test_fail(__FILE__, __LINE__, "%s", pt_str_cstr(&s));
    }
    CHECK_OK(pt_segment_plan(&root, &env, node, arena, &err));
    CHECK_OK(pt_crowd_new(&crowd, root, NULL, ORDINALS, &err));
    CHECK_OK(ask_each(want, w, node, &err));
    uint64_t *bits = pt_alloc64(PT_BLOCK_WORDS + pt_crowd_scratch(crowd), 8);
    CHECK(bits);
    pt_crowd_block(bits, crowd, 0, bits + PT_BLOCK_WORDS);
    for (size_t i = 0; i < ORDINALS; i++)
        if ((bits[i / 64] >> (i % 64) & 1) != (want[i] == 1))
            test_fail(__FILE__, __LINE__, "customer %zu, for whom it is %s, is %s by: %s", i,
                      want[i] == 0   ? "false"
                      : want[i] == 1 ? "true"
                                     : "missing",
                      want[i] == 1 ? "left out" : "let in", text);
    free(bits);
    pt_crowd_free(crowd);
    while (w->n_bits)
        free(w->bits[--w->n_bits]);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

TEST(segment__members_are_those_of_whom_the_evaluator_says_true)
{
    static world w;

    for (uint64_t seed = 1; seed <= 4; seed++) {
        open_world(&w, 1000 + seed);
        for (size_t round = 0; round < ROUNDS / 4; round++) {
            pt_str s = {0};
            add_condition(&w, &s, (unsigned)pick(&w, DEPTH + 1));
            w.blind = round % 5 == 4;
            check_condition(&w, pt_str_cstr(&s));
            pt_str_free(&s);
        }
        close_world(&w);
    }
}

TEST(segment__what_the_index_can_answer_is_not_decided_one_by_one)
{
    static world w;
    static const char *const indexed[] = {"city = \"Beijing\" and not vip", "spend >= 1000 or score * 2 < 3",
                                          "likes has \"tea\" and not has_all(likes, \"tea\", \"wine\")",
                                          "born >= date(\"1990-01-01\") and coalesce(level, \"A\") in (\"A\", \"C\")",
                                          "not (spend between 10 and 5000) and likes is not missing"};

    open_world(&w, 7);
    for (size_t i = 0; i < PT_COUNT(indexed); i++)
        check_condition(&w, indexed[i]);
    CHECK_INT(w.decided, 0);
    check_condition(&w, "score > spend / 100");
    CHECK_INT(w.decided, 1);
    close_world(&w);
}
