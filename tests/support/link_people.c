#include "support/link_people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/hash.h"
#include "base/intern.h"
#include "base/io.h"
#include "link/link.h"

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

static bool read_rows(link_people *p, pt_sv text, uint8_t source)
{
    const char *at = text.ptr, *end = text.ptr + text.len;
    pt_sv header[64];
    size_t n_fields = 0;
    bool last, fits = true;

    do
        header[n_fields++] = next_cell(&at, end, p->arena, &last);
    while (!last && n_fields < PT_COUNT(header));
    if (!p->n_fields) {
        p->n_fields = n_fields;
        p->names = PT_NEW_ARRAY(p->arena, pt_sv, n_fields);
        memcpy(p->names, header, n_fields * sizeof *header);
    }
    fits = n_fields == p->n_fields;
    while (fits && at < end) {
        if (!pt_grow(&p->values, &p->cap, (p->n + 1) * n_fields, sizeof *p->values) ||
            !pt_grow(&p->source, &p->cap_source, p->n + 1, sizeof *p->source))
            return false;
        p->source[p->n] = source;
        for (size_t f = 0; f < n_fields; f++) {
            p->values[p->n * n_fields + f] = next_cell(&at, end, p->arena, &last);
            fits &= last == (f + 1 == n_fields);
        }
        p->n++;
    }
    return fits;
}

link_people *link_people_read(const char *const *paths, size_t n)
{
    link_people *p = pt_zalloc(1, sizeof *p);
    bool fits = p && (p->arena = pt_arena_new(0));

    for (size_t i = 0; fits && i < n; i++) {
        pt_sv text;
        fits = pt_read_file(&text, paths[i], 0, p->arena, NULL) == PT_OK && read_rows(p, text, (uint8_t)i);
    }
    if (fits)
        return p;
    link_people_free(p);
    return NULL;
}

void link_people_free(link_people *p)
{
    if (!p)
        return;
    free(p->values);
    free(p->source);
    pt_arena_free(p->arena);
    free(p);
}

size_t link_people_field(const link_people *p, const char *name)
{
    for (size_t f = 0; f < p->n_fields; f++)
        if (pt_sv_eq(p->names[f], pt_sv_of(name)))
            return f;
    fprintf(stderr, "there is no field %s\n", name);
    abort();
}

/* Persons are kept or dropped whole. */
void link_people_thin(link_people *p, uint64_t seed, double share)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < p->n; i++) {
        if ((double)(pt_mix64(pt_mix64(seed) + p->person[i]) >> 11) * 0x1p-53 >= share)
            continue;
        memmove(p->values + n * p->n_fields, p->values + i * p->n_fields, p->n_fields * sizeof *p->values);
        p->source[n] = p->source[i];
        p->person[n++] = p->person[i];
    }
    p->n = n;
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
