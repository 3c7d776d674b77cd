#include "support/tag_table.h"

#include <math.h>
#include <stdlib.h>

#include "support/test.h"

void *tag_table_make(tag_table *t, size_t n, size_t size)
{
    void *p = pt_arena_array(t->arena, n, size);

    CHECK(p);
    return p;
}

/* --- columns --------------------------------------------------------------------------------------------------------------- */

static const pt_dict *letters(tag_table *t, uint32_t n)
{
    pt_dict *d = tag_table_make(t, 1, sizeof *d);
    uint64_t *offsets = tag_table_make(t, n + 1, sizeof *offsets);
    char *bytes = tag_table_make(t, n + 1, 6);

    for (uint32_t i = 0; i < n; i++) {
        snprintf(bytes + i * 5, 6, "%05u", i);
        offsets[i + 1] = (i + 1) * 5;
    }
    *d = (pt_dict){.n = n, .sorted = true, .offsets = offsets, .bytes = bytes};
    return d;
}

static pt_column codes_column(tag_table *t, uint32_t texts)
{
    uint16_t *codes = tag_table_make(t, t->ordinals + 1, sizeof *codes);

    for (uint32_t i = 0; i < t->ordinals; i++)
        codes[i] = (uint16_t)pt_rng_below(&t->rng, pt_rng_below(&t->rng, texts + 1) + 1);
    return (pt_column){.type = PT_TYPE_CATEGORY, .width = 2, .data = codes, .dict = letters(t, texts)};
}

/* `spread`: how many different values there may be. */
static pt_column numbers_column(tag_table *t, uint64_t spread)
{
    double *v = tag_table_make(t, t->ordinals + 1, sizeof *v);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = pt_rng_below(&t->rng, 9) == 0 ? NAN : ((double)pt_rng_below(&t->rng, spread) - (double)(spread / 3)) / 8;
    return (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = v};
}

static pt_column money_column(tag_table *t)
{
    int64_t *v = tag_table_make(t, t->ordinals + 1, sizeof *v);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = pt_rng_below(&t->rng, 5) == 0 ? PT_I64_MISSING
                                             : (int64_t)(pt_rng_u64(&t->rng) >> (20 + pt_rng_below(&t->rng, 40)));
    return (pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = v};
}

static pt_column dates_column(tag_table *t)
{
    int32_t *v = tag_table_make(t, t->ordinals + 1, sizeof *v);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = pt_rng_below(&t->rng, 5) == 0 ? PT_I32_MISSING : (int32_t)pt_rng_below(&t->rng, 900) - 300;
    return (pt_column){.type = PT_TYPE_DATE, .width = 4, .data = v};
}

static pt_column bools_column(tag_table *t)
{
    uint8_t *v = tag_table_make(t, t->ordinals + 1, 1);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = (uint8_t)pt_rng_below(&t->rng, 3);
    return (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = v};
}

/* Items of which low ones are frequent: containers of all three kinds. */
static pt_column lists_column(tag_table *t, uint32_t texts)
{
    uint64_t *offsets = tag_table_make(t, (size_t)t->ordinals + 1, sizeof *offsets);
    uint8_t *absent = tag_table_make(t, t->ordinals + 1, 1);
    uint16_t *items = tag_table_make(t, (size_t)t->ordinals * 4 + 1, sizeof *items);
    uint64_t n = 0;

    for (uint32_t i = 0; i < t->ordinals; i++) {
        absent[i] = i / 1000 % 7 == 3;
        uint16_t item = 0;
        for (unsigned k = 0; k < 4 && !absent[i]; k++) {
            item = (uint16_t)(item + 1 + pt_rng_below(&t->rng, 1 + pt_rng_below(&t->rng, texts)));
            if (item > texts)
                break;
            items[n++] = item;
        }
        offsets[i + 1] = n;
    }
    return (pt_column){.type = PT_TYPE_LIST,
                       .width = 2,
                       .data = items,
                       .offsets = offsets,
                       .absent = absent,
                       .dict = letters(t, texts)};
}

void tag_table_open(tag_table *t, uint64_t seed, uint32_t ordinals)
{
    pt_err err = {0};

    *t = (tag_table){.arena = pt_arena_new(0), .ordinals = ordinals};
    CHECK(t->arena);
    pt_rng_seed(&t->rng, seed);
    const pt_column all[TAG_TABLE_TAGS] = {codes_column(t, 10),       codes_column(t, 300), numbers_column(t, 50),
                                           numbers_column(t, 100000), money_column(t),      dates_column(t),
                                           bools_column(t),           lists_column(t, 6),   lists_column(t, 400)};
    uint32_t blocks = (uint32_t)(((uint64_t)ordinals + PT_BLOCK - 1) >> PT_BLOCK_LOG2);
    for (size_t i = 0; i < TAG_TABLE_TAGS; i++) {
        pt_tag_info info = {.name = "t", .type = all[i].type};
        size_t n;
        t->columns[i] = all[i];
        CHECK_OK(pt_tagindex_build(&t->files[i], &n, &info, &t->columns[i], ordinals, (pt_hash128){1, i}, &err));
        CHECK_OK(pt_tagindex_open(&t->indexes[i], "an index", t->files[i], n, &err));
    }
    t->base = pt_alloc64((size_t)(blocks + 1) * PT_BLOCK_WORDS, 8);
    CHECK(t->base);
    for (size_t i = 0; i < (size_t)blocks * PT_BLOCK_WORDS; i++) {
        uint64_t some = pt_rng_u64(&t->rng);
        t->base[i] = some | pt_rng_u64(&t->rng);
    }
}

void tag_table_close(tag_table *t)
{
    for (size_t i = 0; i < TAG_TABLE_TAGS; i++) {
        pt_tagindex_close(t->indexes[i]);
        free(t->files[i]);
    }
    free(t->base);
    pt_arena_free(t->arena);
}

uint32_t tag_table_code(const pt_column *c, uint32_t row)
{
    if (c->type != PT_TYPE_BOOL)
        return pt_column_code(c, row);
    uint8_t v = ((const uint8_t *)c->data)[row];
    return v == PT_BOOL_MISSING ? 0 : v + 1u;
}

bool tag_table_has(const pt_column *c, uint32_t row, uint32_t item)
{
    for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++)
        if (pt_column_code(c, i) == item)
            return true;
    return item == 0 && !c->absent[row];
}
