/* The frozen form (CRoaring, roaring.h): words of all bitmap containers, then runs, then arrays, then of each container its
 * block, its size and its kind, then a word that says how many there are. A container holds the members of a block. */
#include "index/roaring_write.h"

#include <string.h>

enum { COOKIE = 13766, BITMAP = 1, ARRAY = 2, RUNS = 3, ARRAY_MOST = 4096, BITMAP_BYTES = 8192 };

/* The members of one block, and what becomes of them. */
typedef struct container {
    const uint32_t *members;
    uint32_t n, runs;
    uint16_t block;
    uint8_t kind;
} container;

/* The next container; false at the end. */
static bool next_container(container *c, const uint32_t **at, const uint32_t *end)
{
    if (*at == end)
        return false;
    *c = (container){.members = *at, .block = (uint16_t)(**at >> 16)};
    for (; *at < end && **at >> 16 == c->block; (*at)++)
        c->runs += c->n++ == 0 || (*at)[0] != (*at)[-1] + 1;
    uint32_t bytes = c->n > ARRAY_MOST ? BITMAP_BYTES : c->n * 2;
    c->kind = c->runs * 4 < bytes ? RUNS : c->n > ARRAY_MOST ? BITMAP : ARRAY;
    return true;
}

/* Bytes of each zone, by kind, and how many containers there are. */
static uint32_t measure(uint64_t zones[RUNS + 1], const uint32_t *members, uint64_t n)
{
    const uint32_t *at = members;
    uint32_t containers = 0;
    container c;

    memset(zones, 0, (RUNS + 1) * sizeof *zones);
    for (; next_container(&c, &at, members + n); containers++)
        zones[c.kind] += c.kind == BITMAP ? BITMAP_BYTES : c.kind == RUNS ? c.runs * UINT64_C(4) : c.n * UINT64_C(2);
    return containers;
}

uint64_t roaring_write_size(const uint32_t *members, uint64_t n)
{
    uint64_t zones[RUNS + 1];
    uint32_t containers = measure(zones, members, n);

    return zones[BITMAP] + zones[RUNS] + zones[ARRAY] + containers * UINT64_C(5) + sizeof(uint32_t);
}

static unsigned char *write_bitmap(unsigned char *to, const container *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        to[(c->members[i] & 0xFFFF) / 8] |= (unsigned char)(1u << c->members[i] % 8);
    return to + BITMAP_BYTES;
}

static unsigned char *write_array(unsigned char *to, const container *c)
{
    for (uint32_t i = 0; i < c->n; i++, to += 2)
        memcpy(to, &(uint16_t){(uint16_t)c->members[i]}, 2);
    return to;
}

/* Of each run its first member and how many follow. */
static unsigned char *write_runs(unsigned char *to, const container *c)
{
    for (uint32_t i = 0; i < c->n; to += 4) {
        uint32_t first = i;
        do
            i++;
        while (i < c->n && c->members[i] == c->members[i - 1] + 1);
        uint16_t run[2] = {(uint16_t)c->members[first], (uint16_t)(i - first - 1)};
        memcpy(to, run, sizeof run);
    }
    return to;
}

void roaring_write(unsigned char *bytes, const uint32_t *members, uint64_t n)
{
    const uint32_t *at = members;
    uint64_t zones[RUNS + 1];
    uint32_t containers = measure(zones, members, n);
    unsigned char *bitmaps = bytes, *runs = bitmaps + zones[BITMAP], *arrays = runs + zones[RUNS];
    unsigned char *blocks = arrays + zones[ARRAY], *sizes = blocks + containers * (size_t)2,
                  *kinds = sizes + containers * (size_t)2;
    container c;

    memset(bitmaps, 0, zones[BITMAP]);
    while (next_container(&c, &at, members + n)) {
        uint16_t size = (uint16_t)(c.kind == RUNS ? c.runs : c.n - 1);
        if (c.kind == BITMAP)
            bitmaps = write_bitmap(bitmaps, &c);
        else if (c.kind == RUNS)
            runs = write_runs(runs, &c);
        else
            arrays = write_array(arrays, &c);
        memcpy(blocks, &c.block, sizeof c.block);
        memcpy(sizes, &size, sizeof size);
        *kinds++ = c.kind;
        blocks += 2;
        sizes += 2;
    }
    memcpy(kinds, &(uint32_t){containers << 15 | COOKIE}, sizeof(uint32_t));
}
