#include "link/split.h"

#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/hash.h"

enum { SPLITS_MOST = 4 };

/* --- keys that too many share -------------------------------------------------------------------------------------------------- */

typedef struct crowded {
    uint64_t *keys; /* rising */
    size_t n, cap;
    uint64_t largest; /* records of one */
} crowded;

/* Keys by their first bits: few of these buckets are large, and only what is in them is sorted. */
enum { BUCKET_BITS = 16, BUCKETS = 1 << BUCKET_BITS };

static size_t bucket_of(uint64_t key)
{
    return pt_mix64(key) >> (64 - BUCKET_BITS);
}

/* The keys in buckets of more than `largest`, sorted. The caller frees; NULL: no memory. */
static uint64_t *in_large_buckets(uint64_t *n, const uint64_t *keys, uint64_t n_keys, uint64_t largest)
{
    uint64_t *counts = pt_zalloc(BUCKETS, sizeof *counts), *found = NULL, some = 0;

    *n = 0;
    for (uint64_t i = 0; counts && i < n_keys; i++)
        counts[bucket_of(keys[i])]++;
    for (size_t b = 0; counts && b < BUCKETS; b++)
        some += counts[b] > largest ? counts[b] : 0;
    if (counts)
        found = pt_alloc64(some + 1, sizeof *found);
    for (uint64_t i = 0; found && some && i < n_keys; i++)
        if (counts[bucket_of(keys[i])] > largest)
            found[(*n)++] = keys[i];
    free(counts);
    if (found && *n)
        qsort(found, *n, sizeof *found, pt_compare_u64);
    return found;
}

static bool find_crowded(crowded *out, const pt_link_rule *r, uint32_t records, uint64_t largest)
{
    uint64_t n, *sorted = in_large_buckets(&n, r->keys, r->starts[records], largest);
    bool room = sorted != NULL;

    for (uint64_t i = 0, end; room && i < n; i = end) {
        for (end = i + 1; end < n && sorted[end] == sorted[i];)
            end++;
        if (end - i <= largest)
            continue;
        if ((room = pt_grow(&out->keys, &out->cap, out->n + 1, sizeof *out->keys)))
            out->keys[out->n++] = sorted[i];
        out->largest = end - i > out->largest ? end - i : out->largest;
    }
    free(sorted);
    return room;
}

/* --- what they are taken apart by ------------------------------------------------------------------------------------------------ */

/* A column of which two records of one person agree often, and two of others seldom. Whole dates, phones and mail addresses are rules
 * by themselves. */
static uint32_t splitting_column(const pt_link_field *f)
{
    switch (f->kind) {
    case PT_LINK_BIRTH: return f->year;
    case PT_LINK_PERSON: return f->family;
    case PT_LINK_GIVEN:
    case PT_LINK_FAMILY: return f->sound;
    case PT_LINK_PLACE:
    case PT_LINK_POSTCODE:
    case PT_LINK_REGION: return f->column;
    default: return UINT32_MAX;
    }
}

static size_t find_splits(const uint32_t *by[SPLITS_MOST], pt_link_mask *columns, const pt_link_setup *s,
                          const pt_link_rule *r)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_fields && n < SPLITS_MOST; i++) {
        uint32_t c = splitting_column(&s->fields[i]);
        if (c == UINT32_MAX || r->columns >> s->fields[i].column & 1)
            continue;
        by[n++] = s->table.columns[c].codes;
        *columns |= (pt_link_mask)1 << c | (pt_link_mask)1 << s->fields[i].column;
    }
    return n;
}

/* --- other keys -------------------------------------------------------------------------------------------------------------------- */

typedef struct new_keys {
    uint64_t *keys, n;
    size_t cap;
} new_keys;

/* The keys of one record. */
static bool add_keys(new_keys *to, const pt_link_rule *r, const crowded *c, const uint32_t *by[], size_t n_by,
                     uint32_t record)
{
    uint64_t begin = to->n;

    for (uint64_t k = r->starts[record]; k < r->starts[record + 1]; k++) {
        bool is_crowded = bsearch(&r->keys[k], c->keys, c->n, sizeof *c->keys, pt_compare_u64) != NULL;
        if (!pt_grow(&to->keys, &to->cap, to->n + n_by + 1, sizeof *to->keys))
            return false;
        if (!is_crowded)
            to->keys[to->n++] = r->keys[k];
        for (size_t i = 0; is_crowded && i < n_by; i++)
            if (by[i][record])
                to->keys[to->n++] = pt_mix64(r->keys[k] + (i + 1) * 0x9E3779B97F4A7C15 + by[i][record]) | 1;
    }
    if (to->n > begin + 1)
        qsort(to->keys + begin, to->n - begin, sizeof *to->keys, pt_compare_u64);
    return true;
}

static pt_rc take_apart(pt_link_setup *s, pt_link_rule *r, const crowded *c, pt_err *err)
{
    const uint32_t *by[SPLITS_MOST];
    uint32_t records = s->table.records.n;
    uint64_t *starts = PT_NEW_ARRAY(s->table.arena, uint64_t, (size_t)records + 1);
    pt_link_mask columns = r->columns;
    size_t n_by = find_splits(by, &columns, s, r);
    new_keys to = {0};
    bool room = starts && pt_grow(&to.keys, &to.cap, (size_t)records + 1, sizeof *to.keys);

    for (uint32_t i = 0; room && i < records; i++) {
        starts[i] = to.n;
        room = add_keys(&to, r, c, by, n_by, i);
    }
    if (!room || !pt_arena_defer(s->table.arena, free, to.keys)) {
        free(to.keys);
        return pt_fail_nomem(err, "blocking rules");
    }
    starts[records] = to.n;
    *r = (pt_link_rule){.name = r->name,
                        .starts = starts,
                        .keys = to.keys,
                        .columns = columns,
                        .most_pairs = r->most_pairs,
                        .split = c->n,
                        .split_largest = c->largest};
    return PT_OK;
}

pt_rc pt_link_split(pt_link_setup *s, pt_link_rule *rule, uint64_t largest, pt_err *err)
{
    crowded c = {0};
    pt_rc rc = find_crowded(&c, rule, s->table.records.n, largest) ? PT_OK : pt_fail_nomem(err, "blocking rules");

    if (rc == PT_OK && c.n)
        rc = take_apart(s, rule, &c, err);
    free(c.keys);
    return rc;
}
