#include "support/link_people.h"

#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/intern.h"
#include "base/io.h"
#include "link/link.h"
#include "support/test.h"

/* --- files ------------------------------------------------------------------------------------------------------------------- */

static pt_sv next_cell(const char **at, const char *end, pt_arena *arena, bool *last)
{
    pt_str cell = {0};
    const char *p = *at;
    bool quoted = false;

    for (; p < end && (quoted || (*p != ',' && *p != '\n')); p++) {
        if (*p != '"')
            pt_str_addc(&cell, *p);
        else if (quoted && p + 1 < end && p[1] == '"')
            pt_str_addc(&cell, *p++);
        else
            quoted = !quoted;
    }
    *last = p >= end || *p == '\n';
    *at = p < end ? p + 1 : p;
    pt_sv value = pt_sv_trim((pt_sv){pt_arena_strndup(arena, pt_str_cstr(&cell), cell.len), cell.len});
    pt_str_free(&cell);
    return value;
}

link_people *link_people_read(const char *file)
{
    const char *shared = test_shared_data();
    pt_arena *arena = pt_arena_new(0);
    link_people *p = PT_NEW(arena, link_people);
    pt_sv text;
    size_t cap = 0, n = 0;
    bool last;

    if (!shared) {
        pt_arena_free(arena);
        test_skip("the shared data is not there");
    }
    *p = (link_people){.arena = arena};
    CHECK_INT(pt_read_file(&text, pt_path_join(arena, shared, file), 0, arena, NULL), PT_OK);
    const char *at = text.ptr, *end = text.ptr + text.len;
    pt_sv header[64];
    do
        header[p->n_fields++] = next_cell(&at, end, arena, &last);
    while (!last && p->n_fields < PT_COUNT(header));
    p->names = PT_NEW_ARRAY(arena, pt_sv, p->n_fields);
    memcpy(p->names, header, p->n_fields * sizeof *header);
    pt_sv *values = NULL;
    while (at < end) {
        CHECK(pt_grow(&values, &cap, n + p->n_fields, sizeof *values));
        for (size_t f = 0; f < p->n_fields; f++) {
            values[n++] = next_cell(&at, end, arena, &last);
            CHECK_INT(last, f + 1 == p->n_fields);
        }
    }
    p->values = PT_NEW_ARRAY(arena, pt_sv, n);
    memcpy(p->values, values, n * sizeof *values);
    free(values);
    p->n = (uint32_t)(n / p->n_fields);
    return p;
}

void link_people_free(link_people *p)
{
    pt_arena_free(p->arena);
}

size_t link_people_field(const link_people *p, const char *name)
{
    for (size_t f = 0; f < p->n_fields; f++)
        if (pt_sv_eq(p->names[f], pt_sv_of(name)))
            return f;
    test_fail(__FILE__, __LINE__, "there is no field %s", name);
}

void link_people_truth(link_people *p, const char *field, pt_sv (*of)(pt_sv value))
{
    size_t f = link_people_field(p, field);
    pt_intern *in = pt_intern_new();

    p->person = PT_NEW_ARRAY(p->arena, uint32_t, p->n);
    for (uint32_t i = 0; i < p->n; i++) {
        pt_sv value = p->values[i * p->n_fields + f];
        p->person[i] = pt_intern_add(in, of ? of(value) : value);
    }
    pt_intern_free(in);
}

/* --- truth ------------------------------------------------------------------------------------------------------------------- */

/* Pairs of records with equal numbers. */
static double pairs_in(const uint32_t *group, uint32_t n)
{
    uint32_t *sorted = malloc(n * sizeof *sorted);
    double pairs = 0;

    memcpy(sorted, group, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, pt_compare_u32);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && sorted[end] == sorted[i];)
            end++;
        pairs += (double)(end - i) * (end - i - 1) / 2;
    }
    free(sorted);
    return pairs;
}

static link_quality quality(double found, double right, double truth, double at)
{
    double precision = found > 0 ? right / found : 1, recall = truth > 0 ? right / truth : 1;

    return (link_quality){precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0, precision, recall,
                          at};
}

static int by_weight(const void *a, const void *b)
{
    float x = ((const pt_link_pair *)a)->weight, y = ((const pt_link_pair *)b)->weight;

    return (x < y) - (x > y);
}

link_quality link_best_f1(const link_people *p, pt_link_pair *pairs, size_t n)
{
    link_quality best = {0};
    double truth = pairs_in(p->person, p->n), right = 0;

    qsort(pairs, n, sizeof *pairs, by_weight);
    for (size_t i = 0; i < n; i++) {
        right += p->person[pairs[i].a] == p->person[pairs[i].b];
        if (i + 1 < n && pairs[i + 1].weight == pairs[i].weight)
            continue;
        link_quality q = quality((double)i + 1, right, truth, (double)pairs[i].weight);
        best = q.f1 > best.f1 ? q : best;
    }
    return best;
}

static uint32_t root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

link_quality link_groups_f1(const link_people *p, const uint32_t *group)
{
    uint32_t *both = malloc(p->n * sizeof *both);
    pt_intern *in = pt_intern_new();

    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t key[2] = {group[i], p->person[i]};
        both[i] = pt_intern_add(in, (pt_sv){(const char *)key, sizeof key});
    }
    link_quality q = quality(pairs_in(group, p->n), pairs_in(both, p->n), pairs_in(p->person, p->n), 0);
    pt_intern_free(in);
    free(both);
    return q;
}

link_quality link_cluster_f1(const link_people *p, const pt_link_pair *pairs, size_t n, double least)
{
    uint32_t *parent = malloc(p->n * sizeof *parent);

    for (uint32_t i = 0; i < p->n; i++)
        parent[i] = i;
    for (size_t i = 0; i < n; i++)
        if ((double)pairs[i].weight >= least)
            parent[root(parent, pairs[i].a)] = root(parent, pairs[i].b);
    for (uint32_t i = 0; i < p->n; i++)
        parent[i] = root(parent, i);
    link_quality q = link_groups_f1(p, parent);
    q.at = least;
    free(parent);
    return q;
}
