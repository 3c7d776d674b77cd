/* Blocking rules of expressions. Each part of a key (a + b) is worked out once for each distinct value of its column, and put
 * together record by record. */
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/hash.h"
#include "link/expr.h"

enum { KEYS_MOST = 64 }; /* a record */

/* Hashes of what a part gives: of value v (a code of its column, or a record) hashes[starts[v] .. starts[v + 1]). */
typedef struct part {
    link_bound bound;
    const uint32_t *codes; /* by record; NULL: of records themselves */
    uint64_t *starts, *hashes;
    size_t cap;
} part;

static void free_parts(part *parts, size_t n)
{
    for (size_t i = 0; parts && i < n; i++) {
        free(parts[i].starts);
        free(parts[i].hashes);
    }
    free(parts);
}

static size_t sort_distinct(uint64_t *items, size_t n)
{
    size_t kept = 0;

    if (n > 1)
        qsort(items, n, sizeof *items, pt_compare_u64);
    for (size_t i = 0; i < n; i++)
        if (!kept || items[i] != items[kept - 1])
            items[kept++] = items[i];
    return kept;
}

static bool add_hashes(part *p, uint64_t *n, const link_words *words)
{
    uint64_t some[LINK_WORDS_MOST];

    for (size_t i = 0; i < words->n; i++) {
        pt_sv word = link_word(words, i);
        some[i] = pt_hash64_seed(word.ptr, word.len, 0);
    }
    size_t distinct = sort_distinct(some, words->n);
    if (!pt_grow(&p->hashes, &p->cap, *n + distinct, sizeof *some))
        return false;
    if (distinct)
        memcpy(p->hashes + *n, some, distinct * sizeof *some);
    *n += distinct;
    return true;
}

static pt_rc run_part(part *p, const pt_link_setup *s, pt_err *err)
{
    bool by_code = p->bound.single && !p->bound.absent;
    const pt_link_column *column = by_code ? &s->table.columns[p->bound.columns[0]] : NULL;
    uint64_t values = by_code ? (uint64_t)column->n_values + 1 : s->table.records.n, n = 0;
    link_words words = {0};
    bool room = (p->starts = pt_alloc64(values + 1, sizeof *p->starts)) != NULL;

    p->codes = by_code ? column->codes : NULL;
    for (uint64_t v = 0; room && v < values; v++) {
        p->starts[v] = n;
        if (by_code && v == 0) /* missing */
            continue;
        if (by_code)
            link_run_value(&words, &p->bound, s->table.texts[p->bound.columns[0]][v]);
        else
            link_run(&words, &p->bound, (uint32_t)v);
        room = !words.text.failed && add_hashes(p, &n, &words);
    }
    if (room)
        p->starts[values] = n;
    pt_str_free(&words.text);
    return room ? PT_OK : pt_fail_nomem(err, "blocking rules");
}

/* Keys of a record: each hash of each part with each of the others. */
static size_t put_together(uint64_t *keys, const part *parts, size_t n_parts, uint32_t record)
{
    uint64_t next[KEYS_MOST];
    size_t n = 1;

    keys[0] = n_parts;
    for (size_t p = 0; n && p < n_parts; p++) {
        size_t v = parts[p].codes ? parts[p].codes[record] : record, m = 0;
        for (size_t i = 0; i < n; i++)
            for (uint64_t h = parts[p].starts[v]; h < parts[p].starts[v + 1] && m < KEYS_MOST; h++)
                next[m++] = pt_mix64(keys[i] * 0x9E3779B97F4A7C15 + parts[p].hashes[h]) | 1;
        n = m;
        memcpy(keys, next, n * sizeof *keys);
    }
    return sort_distinct(keys, n);
}

static pt_rc make_keys(pt_link_rule *rule, pt_link_setup *s, const part *parts, size_t n_parts, pt_err *err)
{
    uint32_t records = s->table.records.n;
    uint64_t *starts = PT_NEW_ARRAY(s->table.arena, uint64_t, (size_t)records + 1), *keys = NULL, n = 0;
    size_t cap = 0;
    bool room = starts && pt_grow(&keys, &cap, (size_t)records + 1, sizeof *keys);

    for (uint32_t i = 0; room && i < records; i++) {
        uint64_t some[KEYS_MOST];
        size_t count = put_together(some, parts, n_parts, i);
        starts[i] = n;
        if ((room = pt_grow(&keys, &cap, n + count, sizeof *keys)) && count)
            memcpy(keys + n, some, count * sizeof *some);
        n += count;
    }
    if (room)
        starts[records] = n;
    if (!room || !pt_arena_defer(s->table.arena, free, keys)) {
        free(keys);
        return pt_fail_nomem(err, "blocking rules");
    }
    rule->starts = starts;
    rule->keys = keys;
    return PT_OK;
}

/* The columns that keys follow from, and those that these follow from. */
static void note_columns(pt_link_rule *rule, const pt_link_setup *s, const link_bound *b)
{
    for (size_t i = 0; !b->absent && i < b->n; i++) {
        int32_t of = s->table.columns[b->columns[i]].of;
        rule->columns |= (pt_link_mask)1 << b->columns[i] | (of >= 0 ? (pt_link_mask)1 << of : 0);
    }
}

pt_rc pt_link_apply_keys(pt_link_setup *s, pt_link_rule *rules, size_t *n_rules, const char *name,
                         const pt_link_expr *e, const pt_link_naming *naming, pt_err *err)
{
    bool sum = !e->function && e->n_args;
    size_t n = sum ? e->n_args : 1;
    part *parts = pt_zalloc(n, sizeof *parts);
    pt_link_rule rule = {.name = name};
    pt_rc rc = parts ? PT_OK : pt_fail_nomem(err, "blocking rules");

    for (size_t i = 0; rc == PT_OK && i < n; i++) {
        link_bind(&parts[i].bound, sum ? e->args[i] : e, s, naming);
        note_columns(&rule, s, &parts[i].bound);
        rc = run_part(&parts[i], s, err);
    }
    if (rc == PT_OK)
        rc = make_keys(&rule, s, parts, n, err);
    free_parts(parts, n);
    if (rc == PT_OK) {
        *n_rules -= *n_rules == PT_LINK_RULES_MAX;
        rules[(*n_rules)++] = rule;
    }
    return rc;
}
