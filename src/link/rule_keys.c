#include "link/rule_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "link/parts.h"

/* What any rule may bring: pairs a record, and pairs of small sets; the largest blocks of a rule with more are left out, so that work
 * grows with the records and not with their square. */
enum { RULE_PAIRS_A_RECORD = 5, RULE_LEAST_PAIRS = 4000000 };

enum { PARTS_MOST = 4 };

typedef struct making {
    const pt_link_table *table;
    const link_key_part *parts;
    size_t n_parts, at;           /* `at`: the part whose values are hashed */
    uint64_t *hashes[PARTS_MOST]; /* by part, by code */
    uint64_t *first;              /* by part of the records: its first key */
    uint64_t *starts, *keys;
} making;

static const char *rule_name(pt_link_setup *s, const link_key_part *parts, size_t n)
{
    pt_str name = {0};

    for (size_t p = 0; p < n; p++) {
        pt_str_addf(&name, "%s%s", p ? " + " : "", s->table.columns[parts[p].column].name);
        if (parts[p].characters)
            pt_str_addf(&name, " (%u)", parts[p].characters);
    }
    const char *copy = name.failed ? NULL : pt_arena_strdup(s->table.arena, pt_str_cstr(&name));
    pt_str_free(&name);
    return copy;
}

/* The bound of what a rule may bring. */
static uint64_t most_pairs(uint32_t records)
{
    uint64_t most = (uint64_t)records * RULE_PAIRS_A_RECORD;

    return most < RULE_LEAST_PAIRS ? RULE_LEAST_PAIRS : most;
}

/* --- keys -------------------------------------------------------------------------------------------------------------------- */

static pt_rc hash_values(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const making *m = arg;
    const pt_link_column *c = &m->table->columns[m->parts[m->at].column];
    uint32_t most = m->parts[m->at].characters;
    link_range r = link_part_of(part, c->n_values);

    (void)worker, (void)err;
    for (uint32_t v = r.first + 1; v <= r.end; v++) {
        uint64_t length = c->ends[v] - c->ends[v - 1];
        length = most && length > most ? most : length;
        m->hashes[m->at][v] = pt_hash64(c->points + c->ends[v - 1], length * sizeof *c->points);
    }
    return PT_OK;
}

/* 0: the record lacks a value. It follows from the values alone, not from their codes, so that records that come later have the same. */
static uint64_t key_of(const making *m, uint32_t record)
{
    uint64_t key = m->n_parts;

    for (size_t p = 0; p < m->n_parts; p++) {
        uint32_t code = m->table->columns[m->parts[p].column].codes[record];
        if (!code)
            return 0;
        key = pt_mix64(key * UINT64_C(0x9E3779B97F4A7C15) + m->hashes[p][code]) | 1;
    }
    return key;
}

static pt_rc count_keys(void *arg, size_t part, unsigned worker, pt_err *err)
{
    making *m = arg;
    link_range r = link_part_of(part, m->table->records.n);
    uint64_t n = 0;

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++) {
        bool all = true;
        for (size_t p = 0; p < m->n_parts; p++)
            all &= m->table->columns[m->parts[p].column].codes[i] != 0;
        n += all;
    }
    m->first[part] = n;
    return PT_OK;
}

static pt_rc set_keys(void *arg, size_t part, unsigned worker, pt_err *err)
{
    making *m = arg;
    link_range r = link_part_of(part, m->table->records.n);
    uint64_t at = m->first[part];

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++) {
        uint64_t key = key_of(m, i);
        m->starts[i] = at;
        if (key)
            m->keys[at++] = key;
    }
    return PT_OK;
}

/* First how many keys each part of the records has, then the keys at their places. */
static pt_rc make_keys(making *m, pt_link_table *t, pt_err *err)
{
    size_t parts = link_parts_of(t->records.n);
    uint64_t all = 0;

    PT_TRY(link_in_parts(t->pool, parts, count_keys, m, err));
    for (size_t p = 0; p < parts; p++) {
        uint64_t n = m->first[p];
        m->first[p] = all;
        all += n;
    }
    m->starts = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)t->records.n + 1);
    m->keys = PT_NEW_ARRAY(t->arena, uint64_t, all);
    if (!m->starts || !m->keys)
        return pt_fail_nomem(err, "blocking rules");
    m->starts[t->records.n] = all;
    return link_in_parts(t->pool, parts, set_keys, m, err);
}

static pt_rc hash_and_make_keys(making *m, pt_link_table *t, pt_err *err)
{
    pt_rc rc = PT_OK;

    m->first = pt_alloc64(link_parts_of(t->records.n) + 1, sizeof *m->first);
    for (m->at = 0; rc == PT_OK && m->at < m->n_parts; m->at++) {
        uint32_t values = t->columns[m->parts[m->at].column].n_values;
        m->hashes[m->at] = pt_alloc64((size_t)values + 1, sizeof **m->hashes);
        rc = m->hashes[m->at] ? link_in_parts(t->pool, link_parts_of(values), hash_values, m, err)
                              : pt_fail_nomem(err, "blocking rules");
    }
    if (rc == PT_OK)
        rc = m->first ? make_keys(m, t, err) : pt_fail_nomem(err, "blocking rules");
    for (size_t p = 0; p < m->n_parts; p++)
        free(m->hashes[p]);
    free(m->first);
    return rc;
}

/* --- rules ------------------------------------------------------------------------------------------------------------------- */

/* A rule of the same columns in another list: it has these keys. */
static const pt_link_rule *find_made(const pt_link_setup *s, const char *name, pt_link_mask columns)
{
    const struct {
        const pt_link_rule *rules;
        size_t n;
    } lists[] = {{s->rules, s->n_rules}, {s->training, s->n_training}, {s->sure, s->n_sure}};

    for (size_t l = 0; l < PT_COUNT(lists); l++)
        for (size_t r = 0; r < lists[l].n; r++)
            if (lists[l].rules[r].columns == columns && strcmp(lists[l].rules[r].name, name) == 0)
                return &lists[l].rules[r];
    return NULL;
}

pt_rc link_make_rule(pt_link_setup *s, pt_link_rule *rules, size_t *n_rules, const link_key_part *parts, size_t n,
                     pt_err *err)
{
    pt_link_table *t = &s->table;
    making m = {.table = t, .parts = parts, .n_parts = n};
    pt_link_mask used = 0;
    const char *name;

    if (*n_rules == PT_LINK_RULES_MAX)
        return PT_OK;
    if (n > PARTS_MOST)
        return pt_fail(err, PT_EINTERNAL, "a blocking rule of %zu columns", n);
    if (!(name = rule_name(s, parts, n)))
        return pt_fail_nomem(err, "blocking rules");
    for (size_t p = 0; p < n; p++) {
        int32_t of = t->columns[parts[p].column].of;
        used |= (pt_link_mask)1 << parts[p].column | (of >= 0 ? (pt_link_mask)1 << of : 0);
    }
    const pt_link_rule *made = find_made(s, name, used);
    if (made)
        m.starts = (uint64_t *)(uintptr_t)made->starts, m.keys = (uint64_t *)(uintptr_t)made->keys;
    else
        PT_TRY(hash_and_make_keys(&m, t, err));
    rules[(*n_rules)++] = (pt_link_rule){
        .name = name, .starts = m.starts, .keys = m.keys, .columns = used, .most_pairs = most_pairs(t->records.n)};
    return PT_OK;
}
