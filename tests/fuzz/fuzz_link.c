/* Record linkage over any bytes: lines are records, tabs part their fields, which are one of each kind. Everything is written alike,
 * learned from, scored and grouped; groups must be a partition whose numbers are their smallest members. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/kinds.h"

enum { MOST_RECORDS = 40, FIELDS = PT_LINK_REGION };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t cut(pt_sv fields[FIELDS][MOST_RECORDS], const char *at, size_t size)
{
    uint32_t n = 0;

    for (const char *end = at + size; at < end && n < MOST_RECORDS; n++) {
        const char *line = memchr(at, '\n', (size_t)(end - at)), *stop = line ? line : end;
        for (size_t f = 0; f < FIELDS; f++) {
            const char *tab = at < stop ? memchr(at, '\t', (size_t)(stop - at)) : NULL, *last = tab ? tab : stop;
            fields[f][n] = (pt_sv){at, (size_t)(last - at)};
            at = tab ? tab + 1 : stop;
        }
        at = line ? line + 1 : end;
    }
    return n;
}

static void check_groups(const uint32_t *group, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (group[i] > i || group[group[i]] != group[i])
            abort();
}

static pt_rc link_all(pt_link_setup *s, uint32_t n, pt_pool *pool)
{
    pt_link_model model = {.n_comparisons = s->n_fields, .comparisons = s->comparisons, .prior = 0.01};
    pt_link_training t = {.pool = pool, .seed = 1, .iterations = 5};
    const pt_link_records *records = &s->table.records;
    uint32_t group[MOST_RECORDS];
    pt_link_blocks *b = NULL;
    pt_link_pair *pairs = NULL;
    size_t n_pairs = 0;

    if (n < 2)
        return PT_OK;
    if (pt_link_check(&model, records, NULL) != PT_OK)
        abort();
    pt_link_preset(&model);
    pt_rc rc = pt_link_learn_u(&model, records, &t, NULL);
    if (rc == PT_OK)
        rc = pt_link_blocks_new(&b, records, s->rules, s->n_rules, 20, pool, NULL);
    if (rc == PT_OK)
        rc = pt_link_learn_m(&model, records, b, &t, NULL);
    if (rc == PT_OK)
        rc = pt_link_score(&pairs, &n_pairs, &model, records, b, 0, pool, NULL);
    if (rc == PT_OK)
        rc = pt_link_cluster(group, &model, records, NULL, pairs, n_pairs, 2, pool, NULL);
    if (rc == PT_OK)
        check_groups(group, n);
    for (size_t i = 0; i < n_pairs; i++)
        if (!isfinite(pairs[i].weight) || pairs[i].a >= pairs[i].b || pairs[i].b >= n)
            abort();
    free(pairs);
    pt_link_blocks_free(b);
    return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static pt_sv fields[FIELDS][MOST_RECORDS];
    static pt_pool *pool;
    static pt_latin *latin;
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup *s = PT_NEW(arena, pt_link_setup);
    uint32_t n = cut(fields, (const char *)data, size);

    if ((!pool && pt_pool_new(&pool, 1, NULL) != PT_OK) || (!latin && pt_latin_open(&latin, NULL) != PT_OK))
        abort();
    s->table.arena = arena;
    s->latin = latin;
    for (size_t f = 0; f < FIELDS; f++)
        if (pt_link_add_field(s, pt_link_kind_name((pt_link_kind)f), (pt_link_kind)f, fields[f], n, NULL) != PT_OK)
            abort();
    if (pt_link_set_up(s, NULL) != PT_OK || link_all(s, n, pool) != PT_OK)
        abort();
    pt_arena_free(arena);
    return 0;
}
