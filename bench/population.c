#include "population.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

enum { BOOLS = 60, SMALL = 82, LARGE = 8, LISTS = 10, COUNTS = 14, DAYS = 10, MONEYS = 16, RANGE = 1 << 16 };
enum { STEPS = 1 << 16, LIST_DRAWS = 6 };

static const uint32_t large_values[LARGE] = {485, 34, 180, 90, 64, 40, 24, 48};
static const uint32_t list_values[LISTS] = {60, 60, 48, 48, 40, 36, 30, 24, 24, 23};

/* --- the catalogue ---------------------------------------------------------------------------------------------------- */

static population_tag make_tag(population_kind kind, unsigned i)
{
    static const struct {
        const char *name;
        pt_type type;
    } kinds[] = {{"is", PT_TYPE_BOOL},      {"kind", PT_TYPE_CATEGORY}, {"likes", PT_TYPE_LIST},
                 {"count", PT_TYPE_NUMBER}, {"days", PT_TYPE_NUMBER},   {"spend", PT_TYPE_MONEY}};
    uint64_t h = pt_mix64(kind * 1000u + i + 1);
    population_tag t = {.kind = kind, .type = kinds[kind].type, .trait = i % 2 == 1};

    snprintf(t.name, sizeof t.name, "%s_%u", kinds[kind].name, i);
    t.skew = 1.2 + (double)(h % 19) / 10;                       /* 1.2 to 3 */
    t.missing = h >> 32 & 1 ? 0 : (double)(h >> 33 & 63) / 200; /* half of them nobody, else up to 31 % */
    return t;
}

/* Values of the SMALL categories: 30 bands of 7, 52 others of 3 to 12, 536 in all. */
static uint32_t small_values(unsigned i)
{
    static const uint32_t sizes[] = {3, 4, 5, 6, 4, 8, 5, 3, 12, 7, 4, 10, 6};

    return i < 30 ? 7 : sizes[(i - 30) % PT_COUNT(sizes)] + (i % 4 == 0);
}

/* Kinds in turn, each as often as its share asks for. */
static void fill(population_tag *tags)
{
    static const unsigned counts[] = {BOOLS, SMALL + LARGE, LISTS, COUNTS, DAYS, MONEYS};
    unsigned given[PT_COUNT(counts)] = {0};

    for (unsigned at = 0; at < POPULATION_TAGS; at++) {
        unsigned next = 0;
        for (unsigned k = 1; k < PT_COUNT(counts); k++)
            if ((given[k] + 0.5) * counts[next] < (given[next] + 0.5) * counts[k])
                next = k;
        unsigned i = given[next]++;
        population_tag *t = &tags[at];
        *t = make_tag((population_kind)next, i);
        if (next == POPULATION_BOOL)
            t->values = 2;
        else if (next == POPULATION_CATEGORY) /* the large ones spread among the others */
            t->values = i % 11 == 5 && i / 11 < LARGE ? large_values[i / 11] : small_values(i - (i + 5) / 11);
        else if (next == POPULATION_LIST)
            t->values = list_values[i];
    }
}

const population_tag *population_tags(void)
{
    static population_tag tags[POPULATION_TAGS];

    if (!tags[0].name[0])
        fill(tags);
    return tags;
}

/* --- values -------------------------------------------------------------------------------------------------------------- */

/* A uniform draw of 16 bits for a customer and tag, and 32 bits of detail. */
static uint32_t draw(const population_tag *t, uint64_t number, uint32_t row, uint32_t *detail)
{
    uint64_t h = pt_mix64(((uint64_t)row << 16 | number) + UINT64_C(0x9E3779B97F4A7C15));
    uint32_t u = (uint32_t)(h >> 48);

    *detail = (uint32_t)h;
    if (t->trait)
        u = (u * 3 + (uint32_t)(pt_mix64(row + UINT64_C(0xABCDEF)) >> 48)) / 4;
    return u;
}

static uint32_t code_of_step(const population_tag *t, uint32_t step)
{
    double u = (step + 0.5) / STEPS;

    if (u >= 1 - t->missing)
        return 0;
    uint32_t code = 1 + (uint32_t)(t->values * pow(u / (1 - t->missing), t->skew));
    return code <= t->values ? code : t->values;
}

static size_t number_of(const population_tag *t)
{
    return (size_t)(t - population_tags());
}

uint32_t population_code(const population_tag *t, uint32_t row)
{
    uint32_t detail;

    return code_of_step(t, draw(t, number_of(t), row, &detail));
}

/* The value at a step of the distribution; NaN: missing. */
static double value_of_step(const population_tag *t, uint32_t step)
{
    double u = (step + 0.5) / STEPS, present = 1 - t->missing;

    if (u >= present)
        return NAN;
    u /= present;
    if (t->kind == POPULATION_COUNT) /* geometric after many zeros */
        return u < 0.35 ? 0 : floor(1 + log(1 - (u - 0.35) / 0.65) / log(1 - 0.25 / t->skew));
    if (t->kind == POPULATION_DAYS)
        return floor(730 * pow(u, t->skew));
    return u < 0.2 ? 0 : exp(5 + 0.9 * t->skew / 2 * log((u - 0.2) / (1 - u))) * (double)PT_MONEY_UNIT / 100;
}

/* --- columns ---------------------------------------------------------------------------------------------------------------- */

typedef struct filling {
    const population_tag *tag;
    uint32_t rows;
    void *data;
    uint8_t *lengths;
    double *steps; /* numbers: by step, and one more */
    uint16_t *codes;
} filling;

static void fill_number(const filling *f, uint32_t row, uint32_t step, uint32_t detail)
{
    double value = f->steps[step], next = f->steps[step + 1];

    if (f->tag->kind != POPULATION_MONEY) {
        ((double *)f->data)[row] = value;
        return;
    }
    if (!isnan(value) && !isnan(next))
        value += (next - value) * detail / 4294967296.0;
    ((int64_t *)f->data)[row] = isnan(value) ? PT_I64_MISSING : (int64_t)value * 100; /* whole cents */
}

static void fill_list(const filling *f, size_t number, uint32_t row)
{
    uint8_t *items = (uint8_t *)f->data + (size_t)row * LIST_DRAWS, n = 0;
    uint32_t detail, draws = draw(f->tag, number, row, &detail) * LIST_DRAWS / STEPS;

    for (uint32_t i = 0; i < draws; i++) {
        uint32_t step = (uint32_t)(pt_mix64(detail + i * UINT64_C(0x51ED2701)) >> 48);
        uint8_t code = (uint8_t)f->codes[step];
        bool known = code == 0;
        for (unsigned k = 0; k < n; k++)
            known = known || items[k] == code;
        if (!known)
            items[n++] = code;
    }
    f->lengths[row] = n;
}

static pt_rc fill_range(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const filling *f = arg;
    size_t number = number_of(f->tag);
    uint64_t end = (index + 1) * RANGE < f->rows ? (index + 1) * RANGE : f->rows;

    (void)worker, (void)err;
    for (uint32_t row = (uint32_t)(index * RANGE); row < end; row++) {
        uint32_t detail, step = draw(f->tag, number, row, &detail);
        if (f->tag->kind == POPULATION_LIST)
            fill_list(f, number, row);
        else if (f->steps)
            fill_number(f, row, step, detail);
        else if (f->tag->kind == POPULATION_BOOL)
            ((uint8_t *)f->data)[row] = (uint8_t)((f->codes[step] + 2) % 3); /* 0 missing, 1 false, 2 true */
        else if (f->tag->values > UINT8_MAX)
            ((uint16_t *)f->data)[row] = f->codes[step];
        else
            ((uint8_t *)f->data)[row] = (uint8_t)f->codes[step];
    }
    return PT_OK;
}

static bool make_steps(filling *f)
{
    bool number = f->tag->kind >= POPULATION_COUNT;

    f->steps = number ? malloc((STEPS + 1) * sizeof *f->steps) : NULL;
    f->codes = number ? NULL : malloc(STEPS * sizeof *f->codes);
    for (uint32_t i = 0; i <= STEPS; i++)
        if (f->steps)
            f->steps[i] = value_of_step(f->tag, i);
        else if (f->codes && i < STEPS)
            f->codes[i] = (uint16_t)code_of_step(f->tag, i);
    return f->steps || f->codes;
}

/* Texts "v001", "v002", ...; freed with the column. */
static const pt_dict *make_dict(uint32_t values)
{
    enum { TEXT = 4 };
    char text[16];
    pt_dict *d = malloc(sizeof *d);
    uint64_t *offsets = malloc((values + 1) * sizeof *offsets);
    char *bytes = malloc((size_t)values * TEXT + 1);

    if (!d || !offsets || !bytes) {
        free(d);
        free(offsets);
        free(bytes);
        return NULL;
    }
    for (uint32_t i = 0; i <= values; i++)
        offsets[i] = (uint64_t)i * TEXT;
    for (uint32_t i = 0; i < values; i++) {
        snprintf(text, sizeof text, "v%03u", i + 1);
        memcpy(bytes + i * TEXT, text, TEXT);
    }
    *d = (pt_dict){.n = values, .sorted = true, .offsets = offsets, .bytes = bytes};
    return d;
}

/* Items were filled LIST_DRAWS apart; moves them together. */
static bool settle_list(pt_column *c, filling *f)
{
    uint64_t *offsets = malloc(((size_t)f->rows + 1) * sizeof *offsets), n = 0;
    uint8_t *items = f->data;

    if (!offsets)
        return false;
    for (uint32_t row = 0; row < f->rows; row++) {
        offsets[row] = n;
        for (unsigned i = 0; i < f->lengths[row]; i++)
            items[n++] = items[(size_t)row * LIST_DRAWS + i];
    }
    offsets[f->rows] = n;
    c->offsets = offsets;
    return true;
}

pt_rc population_column(pt_column *out, size_t tag, uint32_t rows, pt_pool *pool, pt_err *err)
{
    filling f = {.tag = &population_tags()[tag], .rows = rows};
    bool list = f.tag->kind == POPULATION_LIST;

    *out = (pt_column){.type = f.tag->type,
                       .width = f.tag->kind >= POPULATION_COUNT ? 8
                                : f.tag->values > UINT8_MAX     ? 2
                                                                : 1};
    f.data = pt_alloc64((size_t)rows * (list ? LIST_DRAWS : out->width) + 1, 1);
    f.lengths = list ? malloc((size_t)rows + 1) : NULL;
    bool good = f.data && (f.lengths || !list) && make_steps(&f);
    out->data = f.data;
    if (good && (list || f.tag->kind == POPULATION_CATEGORY))
        good = (out->dict = make_dict(f.tag->values)) != NULL;
    pt_rc rc = good ? pt_pool_run(pool, ((size_t)rows + RANGE - 1) / RANGE, fill_range, &f, err) : PT_OK;
    if (good && rc == PT_OK && list)
        good = settle_list(out, &f);
    free(f.lengths);
    free(f.steps);
    free(f.codes);
    if (good && rc == PT_OK)
        return PT_OK;
    population_free(out);
    return rc == PT_OK ? pt_fail_nomem(err, "the population") : rc;
}

void population_free(pt_column *c)
{
    if (c->dict) {
        free((void *)(uintptr_t)c->dict->offsets);
        free((void *)(uintptr_t)c->dict->bytes);
    }
    free((void *)(uintptr_t)c->dict);
    free((void *)(uintptr_t)c->offsets);
    free((void *)(uintptr_t)c->data);
    *c = (pt_column){0};
}
