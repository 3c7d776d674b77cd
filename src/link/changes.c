#include "link/changes.h"

#include <stdlib.h>

#include "base/compare.h"
#include "base/roots.h"

typedef struct comparing {
    const uint32_t *before, *after;
    uint32_t n;
    uint32_t *size_before, *size_after; /* by group, of all its things */
    uint32_t *one_before, *one_after;   /* by group: its first thing that both have; ABSENT: none */
    uint32_t *part;                     /* by thing that both have: the smallest thing of its part, through parents */
    uint8_t *is_merged, *is_split;      /* by group of before */
    pt_link_change **change;            /* by the smallest thing of a part */
} comparing;

static void free_comparing(comparing *c)
{
    free(c->size_before);
    free(c->size_after);
    free(c->one_before);
    free(c->one_after);
    free(c->part);
    free(c->is_merged);
    free(c->is_split);
    free(c->change);
}

static pt_rc make_comparing(comparing *c, pt_err *err)
{
    size_t n = (size_t)c->n + 1;

    c->size_before = pt_zalloc(n, sizeof *c->size_before);
    c->size_after = pt_zalloc(n, sizeof *c->size_after);
    c->one_before = pt_alloc64(n, sizeof *c->one_before);
    c->one_after = pt_alloc64(n, sizeof *c->one_after);
    c->part = pt_alloc64(n, sizeof *c->part);
    c->is_merged = pt_zalloc(n, 1);
    c->is_split = pt_zalloc(n, 1);
    c->change = pt_zalloc(n, sizeof(pt_link_change *));
    if (!c->size_before || !c->size_after || !c->one_before || !c->one_after || !c->part || !c->is_merged ||
        !c->is_split || !c->change)
        return pt_fail_nomem(err, "groups compared");
    for (uint32_t i = 0; i < c->n; i++) {
        c->one_before[i] = c->one_after[i] = PT_LINK_ABSENT;
        c->part[i] = i;
    }
    return PT_OK;
}

static bool has_both(const comparing *c, uint32_t i)
{
    return c->before[i] != PT_LINK_ABSENT && c->after[i] != PT_LINK_ABSENT;
}

/* Sizes, parts, and which groups of before are merged or split: seen from the first thing of a group that is elsewhere on the other
 * side. */
static void walk_things(comparing *c, pt_link_changes *out)
{
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t x = c->before[i], y = c->after[i];
        if (x != PT_LINK_ABSENT)
            c->size_before[x]++;
        if (y != PT_LINK_ABSENT)
            c->size_after[y]++;
        out->gone += x != PT_LINK_ABSENT && y == PT_LINK_ABSENT;
        out->come += x == PT_LINK_ABSENT && y != PT_LINK_ABSENT;
        if (!has_both(c, i))
            continue;
        if (c->one_before[x] == PT_LINK_ABSENT)
            c->one_before[x] = i;
        if (c->one_after[y] == PT_LINK_ABSENT)
            c->one_after[y] = i;
        uint32_t beside = c->one_before[x], under = c->one_after[y];
        pt_roots_join(c->part, i, beside);
        pt_roots_join(c->part, i, under);
        c->is_split[x] |= c->after[beside] != y;
        if (c->before[under] != x)
            c->is_merged[x] = c->is_merged[c->before[under]] = 1;
    }
}

static void count_groups(const comparing *c, pt_link_changes *out)
{
    for (uint32_t g = 0; g < c->n; g++) {
        out->groups_before += c->size_before[g] > 0;
        out->groups_after += c->size_after[g] > 0;
        out->largest_before = c->size_before[g] > out->largest_before ? c->size_before[g] : out->largest_before;
        out->largest_after = c->size_after[g] > out->largest_after ? c->size_after[g] : out->largest_after;
        out->merged += c->is_merged[g];
        out->split += c->is_split[g];
        out->touched += c->is_merged[g] | c->is_split[g];
    }
}

static pt_rc make_changes(comparing *c, pt_link_changes *out, pt_arena *arena, pt_err *err)
{
    size_t n = 0;

    for (uint32_t i = 0; i < c->n; i++) {
        if (has_both(c, i) && c->one_before[c->before[i]] == i)
            n += c->is_merged[c->before[i]] |
                 c->is_split[c->before[i]]; /* as many as touched, at most that many parts */
    }
    out->changes = PT_NEW_ARRAY(arena, pt_link_change, n + 1);
    return out->changes ? PT_OK : pt_fail_nomem(err, "groups compared");
}

/* A thing's part, made when it is the first of it; things of groups that stay as they are have none. */
static pt_link_change *change_of(comparing *c, pt_link_changes *out, uint32_t i)
{
    uint32_t root = pt_root(c->part, i);

    if (!has_both(c, i) || !(c->is_merged[c->before[i]] | c->is_split[c->before[i]]))
        return NULL;
    if (!c->change[root]) {
        c->change[root] = &out->changes[out->n++];
        *c->change[root] = (pt_link_change){.first = root, .a = PT_LINK_ABSENT, .b = PT_LINK_ABSENT};
    }
    return c->change[root];
}

static void fill_changes(comparing *c, pt_link_changes *out)
{
    for (uint32_t i = 0; i < c->n; i++) {
        pt_link_change *change = change_of(c, out, i);
        if (!change)
            continue;
        uint32_t beside = c->one_before[c->before[i]], under = c->one_after[c->after[i]];
        change->things++;
        change->before += beside == i;
        change->after += under == i;
        bool joins = change->a != PT_LINK_ABSENT && c->after[change->a] == c->after[change->b];
        if (!joins && c->before[under] != c->before[i]) {
            change->a = under;
            change->b = i;
        } else if (change->a == PT_LINK_ABSENT && c->after[beside] != c->after[i]) {
            change->a = beside;
            change->b = i;
        }
    }
}

static int largest_first(const void *p, const void *q)
{
    const pt_link_change *x = p, *y = q;

    if (x->things != y->things)
        return x->things < y->things ? 1 : -1;
    return (x->first > y->first) - (x->first < y->first);
}

static uint64_t pairs_of(uint64_t n)
{
    return n ? n * (n - 1) / 2 : 0;
}

/* Pairs of equal keys. */
static uint64_t count_pairs(uint64_t *keys, size_t n)
{
    uint64_t pairs = 0;

    qsort(keys, n, sizeof *keys, pt_compare_u64);
    for (size_t from = 0, end; from < n; from = end) {
        for (end = from + 1; end < n && keys[end] == keys[from];)
            end++;
        pairs += pairs_of(end - from);
    }
    return pairs;
}

static pt_rc count_joined(const comparing *c, pt_link_changes *out, pt_err *err)
{
    uint64_t *keys = pt_alloc64((size_t)c->n + 1, sizeof *keys), together[3];

    if (!keys)
        return pt_fail_nomem(err, "groups compared");
    for (int which = 0; which < 3; which++) { /* in both, before, after */
        size_t n = 0;
        for (uint32_t i = 0; i < c->n; i++)
            if (has_both(c, i))
                keys[n++] = (which == 2 ? 0 : (uint64_t)c->before[i] << 32) | (which == 1 ? 0 : c->after[i]);
        together[which] = count_pairs(keys, n);
    }
    out->joined = together[2] - together[0];
    out->parted = together[1] - together[0];
    free(keys);
    return PT_OK;
}

pt_rc pt_link_changes_of(pt_link_changes *out, const uint32_t *before, const uint32_t *after, uint32_t n,
                         pt_arena *arena, pt_err *err)
{
    comparing c = {.before = before, .after = after, .n = n};
    pt_rc rc = make_comparing(&c, err);

    *out = (pt_link_changes){0};
    if (rc == PT_OK) {
        walk_things(&c, out);
        count_groups(&c, out);
        rc = make_changes(&c, out, arena, err);
    }
    if (rc == PT_OK) {
        fill_changes(&c, out);
        qsort(out->changes, out->n, sizeof *out->changes, largest_first);
        rc = count_joined(&c, out, err);
    }
    free_comparing(&c);
    return rc;
}
