#include "segment/population.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "index/slices.h"
#include "support/test.h"

typedef struct tag_kind {
    const char *name;
    pt_type type;
    uint32_t values;  /* about how many different ones; 0: every customer another */
    uint32_t missing; /* of 100 */
} tag_kind;

static const tag_kind kinds[POPULATION_TAGS] = {
    {"city", PT_TYPE_CATEGORY, 7, 12},    {"level", PT_TYPE_CATEGORY, 3, 0},  {"note", PT_TYPE_TEXT, 0, 30},
    {"spend", PT_TYPE_MONEY, 0, 15},      {"refund", PT_TYPE_MONEY, 9, 40},   {"score", PT_TYPE_NUMBER, 21, 10},
    {"ratio", PT_TYPE_NUMBER, 0, 20},     {"visits", PT_TYPE_NUMBER, 300, 5}, {"vip", PT_TYPE_BOOL, 2, 30},
    {"open", PT_TYPE_BOOL, 2, 1},         {"born", PT_TYPE_DATE, 15000, 18},  {"joined", PT_TYPE_DATE, 12, 8},
    {"seen", PT_TYPE_INSTANT, 0, 10},     {"wait", PT_TYPE_DURATION, 40, 25}, {"likes", PT_TYPE_LIST, 4, 20},
    {"tastes", PT_TYPE_WEIGHTED, 30, 10}, {"never", PT_TYPE_NUMBER, 1, 100},  {"same", PT_TYPE_CATEGORY, 1, 0},
    {"big", PT_TYPE_BOOL, 2, 0},          {"invited", PT_TYPE_BOOL, 2, 0},
};

const uint8_t population_bucket_counts[POPULATION_BUCKETS] = {10, 3};
const char *const population_bucket_seeds[POPULATION_BUCKETS] = {"x", "y"};

static void *make(population *p, size_t n, size_t size)
{
    void *memory = pt_arena_array(p->arena, n + 1, size);

    CHECK(memory);
    return memory;
}

static uint64_t pick(population *p, uint64_t n)
{
    return pt_rng_below(&p->rng, n);
}

/* Which of `n` values: small numbers far more often, and neighbours often alike. */
static uint32_t draw(population *p, uint32_t n, uint32_t *last)
{
    if (pick(p, 4) == 0)
        return *last;
    double skewed = pt_rng_double(&p->rng);
    *last = (uint32_t)(skewed * skewed * skewed * n);
    return *last;
}

static bool is_missing(population *p, const tag_kind *k)
{
    return pick(p, 100) < k->missing;
}

/* --- texts ------------------------------------------------------------------------------------------------------------------ */

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *text_of(population *p, const char *name, uint32_t i)
{
    static const char *const odd[] = {
        "o'clock", "back\\slash", "Beijing", "beijing", "\xe5\xb9\xbf\xe5\xb7\x9e", "\xf0\x9f\x99\x82", "a b"};

    if (i < PT_COUNT(odd) && strcmp(name, "level") != 0)
        return odd[i];
    char *text = make(p, 24, 1);
    snprintf(text, 24, "%c%u", (char)('A' + i % 26), i * 7919 % 100000);
    return text;
}

/* `n` texts in order of bytes. */
static const pt_dict *make_dict(population *p, const char *name, uint32_t n)
{
    const char **texts = make(p, n, sizeof *texts);
    pt_dict *d = make(p, 1, sizeof *d);
    uint64_t *offsets = make(p, n + 1, sizeof *offsets);
    char *bytes = make(p, n, 24);
    uint32_t kept = 0;

    for (uint32_t i = 0; i < n; i++)
        texts[i] = text_of(p, name, i);
    qsort(texts, n, sizeof *texts, by_bytes);
    for (uint32_t i = 0; i < n; i++) {
        if (i && strcmp(texts[i], texts[i - 1]) == 0)
            continue;
        memcpy(bytes + offsets[kept], texts[i], strlen(texts[i]));
        offsets[kept + 1] = offsets[kept] + strlen(texts[i]);
        kept++;
    }
    *d = (pt_dict){.n = kept, .sorted = true, .offsets = offsets, .bytes = bytes};
    return d;
}

static void fill_texts(population *p, pt_column *c, const tag_kind *k)
{
    uint32_t *codes = make(p, p->ordinals, sizeof *codes), last = 0;
    const pt_dict *d = make_dict(p, k->name, k->values ? k->values : p->ordinals);

    for (uint32_t i = 0; i < p->ordinals; i++)
        codes[i] = is_missing(p, k) ? 0 : 1 + (k->values ? draw(p, d->n, &last) : (uint32_t)pick(p, d->n));
    *c = (pt_column){.width = 4, .data = codes, .dict = d};
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */

static void fill_lists(population *p, pt_column *c, const tag_kind *k)
{
    enum { MOST = 4 };
    uint64_t *offsets = make(p, p->ordinals + 1, sizeof *offsets);
    uint8_t *absent = make(p, p->ordinals, 1);
    uint32_t *items = make(p, (size_t)p->ordinals * MOST, sizeof *items);
    double *weights = make(p, (size_t)p->ordinals * MOST, sizeof *weights);
    const pt_dict *d = make_dict(p, k->name, k->values);

    for (uint32_t i = 0; i < p->ordinals; i++) {
        uint64_t first = offsets[i], at = first;
        absent[i] = is_missing(p, k);
        for (unsigned n = absent[i] ? 0 : (unsigned)pick(p, MOST + 1); n > 0; n--) {
            uint32_t item = 1 + (uint32_t)pick(p, d->n), other = 0;
            for (uint64_t j = first; j < at; j++)
                other |= items[j] == item;
            if (other)
                continue;
            items[at] = item;
            weights[at++] = (double)(n * 3);
        }
        offsets[i + 1] = at;
    }
    *c = (pt_column){.width = 4, .data = items, .offsets = offsets, .absent = absent, .dict = d};
    if (k->type == PT_TYPE_WEIGHTED)
        c->weights = weights;
}

/* --- numbers and times ------------------------------------------------------------------------------------------------------ */

static double number_of(population *p, const tag_kind *k, uint32_t *last)
{
    static const double extremes[] = {0, -0.0, 1e300, -1e300, 1e-300, 0.1, -0.1, 4503599627370497.5, 1e15};

    if (k->values)
        return (double)draw(p, k->values, last) / 4 - 1;
    if (pick(p, 50) == 0)
        return extremes[pick(p, PT_COUNT(extremes))];
    return (pt_rng_double(&p->rng) - 0.25) * pow(10, (double)pick(p, 8));
}

static int64_t units_of(population *p, const tag_kind *k, uint32_t *last)
{
    int64_t step = k->type == PT_TYPE_MONEY ? 2500 : k->type == PT_TYPE_DURATION ? INT64_C(5400000000) : 777777;

    if (k->values)
        return (int64_t)draw(p, k->values, last) * step - (k->type == PT_TYPE_MONEY ? 2 * step : 0);
    if (k->type == PT_TYPE_INSTANT)
        return INT64_C(1480000000000000) + (int64_t)pick(p, 1U << 30) * step;
    return (int64_t)pick(p, 1000) * (int64_t)pick(p, 90000) - 20000;
}

static void fill_numbers(population *p, pt_column *c, const tag_kind *k)
{
    double *values = make(p, p->ordinals, sizeof *values);
    uint32_t last = 0;

    for (uint32_t i = 0; i < p->ordinals; i++)
        values[i] = is_missing(p, k) ? (double)NAN : number_of(p, k, &last);
    *c = (pt_column){.width = 8, .data = values};
}

static void fill_units(population *p, pt_column *c, const tag_kind *k)
{
    int64_t *values = make(p, p->ordinals, sizeof *values);
    uint32_t last = 0;

    for (uint32_t i = 0; i < p->ordinals; i++)
        values[i] = is_missing(p, k) ? PT_I64_MISSING : units_of(p, k, &last);
    *c = (pt_column){.width = 8, .data = values};
}

static void fill_dates(population *p, pt_column *c, const tag_kind *k)
{
    int32_t *values = make(p, p->ordinals, sizeof *values);
    uint32_t last = 0;

    for (uint32_t i = 0; i < p->ordinals; i++)
        values[i] = is_missing(p, k) ? PT_I32_MISSING : (int32_t)draw(p, k->values, &last) - 2000;
    *c = (pt_column){.width = 4, .data = values};
}

static void fill_bools(population *p, pt_column *c, const tag_kind *k)
{
    uint8_t *values = make(p, p->ordinals, 1);
    uint32_t last = 0;

    for (uint32_t i = 0; i < p->ordinals; i++)
        values[i] = is_missing(p, k) ? PT_BOOL_MISSING : (uint8_t)draw(p, 2, &last);
    *c = (pt_column){.width = 1, .data = values};
}

static void fill(population *p, size_t tag)
{
    const tag_kind *k = &kinds[tag];
    pt_column *c = &p->columns[tag];

    switch (k->type) {
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: fill_texts(p, c, k); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: fill_lists(p, c, k); break;
    case PT_TYPE_NUMBER: fill_numbers(p, c, k); break;
    case PT_TYPE_DATE: fill_dates(p, c, k); break;
    case PT_TYPE_BOOL: fill_bools(p, c, k); break;
    default: fill_units(p, c, k);
    }
    c->type = k->type;
    p->tags[tag] = (pt_lang_tag){.name = k->name, .external = true, .type = k->type};
}

/* --- the whole -------------------------------------------------------------------------------------------------------------- */

static uint64_t *make_bits(const population *p)
{
    size_t words = ((p->ordinals + PT_BLOCK - 1) / PT_BLOCK) * (size_t)PT_BLOCK_WORDS;
    uint64_t *bits = pt_alloc64(words, sizeof *bits);

    CHECK(bits);
    memset(bits, 0, words * sizeof *bits);
    return bits;
}

static void make_index(population *p, size_t tag)
{
    pt_tag_info info = {kinds[tag].name, kinds[tag].type};
    pt_err err = {0};
    size_t n;

    CHECK_OK(pt_tagindex_build(&p->files[tag], &n, &info, &p->columns[tag], p->ordinals, (pt_hash128){0}, &err));
    CHECK_OK(pt_tagindex_open(&p->indexes[tag], kinds[tag].name, p->files[tag], n, &err));
}

static void make_segments(population *p)
{
    p->customers = make_bits(p);
    for (uint32_t i = 0; i < p->ordinals; i++)
        if (pick(p, 20))
            p->customers[i / 64] |= UINT64_C(1) << (i % 64);
    for (size_t s = 0; s < POPULATION_SEGMENTS; s++) {
        const uint8_t *values = p->columns[POPULATION_TAGS - POPULATION_SEGMENTS + s].data;
        p->members[s] = make_bits(p);
        for (uint32_t i = 0; i < p->ordinals; i++)
            if (values[i] == 1)
                p->members[s][i / 64] |= UINT64_C(1) << (i % 64);
    }
}

static void draw_buckets(population *p)
{
    double *numbers = malloc(p->ordinals * sizeof *numbers);
    char text[64];

    CHECK(numbers);
    for (size_t b = 0; b < POPULATION_BUCKETS; b++) {
        snprintf(text, sizeof text, "random_bucket('%s', %u)", population_bucket_seeds[b], population_bucket_counts[b]);
        population_ask(numbers, p, population_parse(p, text, PT_TYPE_NUMBER, p->arena), sizeof *numbers);
        p->buckets[b] = make(p, p->ordinals, 1);
        for (uint32_t i = 0; i < p->ordinals; i++)
            p->buckets[b][i] = (uint8_t)numbers[i];
    }
    free(numbers);
}

void population_open(population *p, uint32_t ordinals, uint64_t seed)
{
    static const pt_lang_source none = {.name = "orders", .kind = PT_SOURCE_EVENT};
    pt_diags diags;
    pt_err err = {0};

    memset(p, 0, sizeof *p);
    pt_rng_seed(&p->rng, seed);
    p->ordinals = ordinals;
    CHECK(p->arena = pt_arena_new(0));
    for (size_t t = 0; t < POPULATION_TAGS; t++)
        fill(p, t);
    for (size_t t = 0; !population_is_segment((uint32_t)t); t++)
        make_index(p, t);
    make_segments(p);
    p->identities = make(p, ordinals, sizeof *p->identities);
    for (uint32_t i = 0; i < ordinals; i++)
        p->identities[i] = pt_rng_u64(&p->rng);
    p->catalog = (pt_catalog){.sources = &none, .n_sources = 1, .tags = p->tags, .n_tags = POPULATION_TAGS};
    pt_diags_init(&diags, p->arena);
    CHECK_OK(pt_lang_check(&p->module, &p->catalog, &diags, p->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    draw_buckets(p);
}

void population_close(population *p)
{
    for (size_t t = 0; t < POPULATION_TAGS; t++) {
        pt_tagindex_close(p->indexes[t]);
        free(p->files[t]);
    }
    for (size_t s = 0; s < POPULATION_SEGMENTS; s++)
        free(p->members[s]);
    free(p->customers);
    pt_arena_free(p->arena);
}

const pt_node *population_parse(population *p, const char *text, pt_type type, pt_arena *arena)
{
    pt_place place = {.file = "x", .text = pt_sv_of(text), .line = 1, .col = 1, .length = 1};
    const pt_node *node;
    pt_diags diags;
    pt_err err = {0};

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_expression(&node, p->module, pt_sv_of(text), place, type, &diags, arena, &err));
    if (!node) {
        pt_str s = {0};
        pt_diags_print(&diags, &s, false);
        test_fail(__FILE__, __LINE__, "%s", pt_str_cstr(&s));
    }
    pt_diags_free(&diags);
    return node;
}

void population_ask(void *answers, population *p, const pt_node *node, size_t width)
{
    pt_eval_options options = {.as_of = 0, .zone = pt_zone_utc()};
    pt_batch batch = {
        .n_customers = p->ordinals, .sources = p->sources, .identities = p->identities, .external = p->columns};
    pt_program *program;
    pt_err err = {0};
    pt_eval *eval;

    CHECK_OK(pt_program_build_expression(&program, p->module, node, &err));
    CHECK_OK(pt_eval_new(&eval, program, &options, &err));
    CHECK_OK(pt_eval_run(eval, &batch, &err));
    memcpy(answers, pt_eval_tag(eval, 0)->data, p->ordinals * width);
    pt_eval_free(eval);
    pt_program_free(program);
}
