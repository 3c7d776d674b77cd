#include "link/online.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "link/blocks.h"
#include "link/online_int.h"
#include "link/sort.h"

enum { LARGEST = 5000, AHEAD = 8, LINE = 64 };
enum { NONE = UINT32_MAX };

/* A record under a key: in a list of those of the key, and in one of the record's. */
typedef struct entry {
    uint32_t record, key;  /* key: a place in `keys` */
    uint32_t next, before; /* of the key */
    uint32_t next_of_record;
} entry;

typedef struct key {
    uint64_t hash; /* of rule and key; 0: free */
    uint32_t first, n;
} key;

struct pt_link_online {
    link_store store;
    const pt_link_model *model;
    pt_link_online_options options;
    pt_link_shape shape;
    link_weights weights;
    link_bounds *bounds;
    size_t n_rules;
    uint64_t largest[PT_LINK_RULES_MAX];
    key *keys;
    size_t mask, n_keys;
    entry *entries;
    size_t n_entries, cap_entries;
    uint32_t free_entry;
    uint32_t *first_of_record;
    bool *there;    /* by record: whether it is one */
    uint32_t *gone; /* numbers that are free again */
    size_t n_gone, cap_gone;
    uint32_t end;     /* records have numbers below */
    uint32_t changes; /* that took room */
    bool *taken;      /* by query */
};

struct pt_link_query {
    pt_link_online *o;
    uint32_t number;
    link_comparer *comparer;
    pt_latin *latin;
    pt_arena *arena;
    uint32_t *seen, now; /* seen[record] == now: it is among the candidates */
    uint32_t *candidates;
    size_t n, cap;
};

/* --- keys -------------------------------------------------------------------------------------------------------------------- */

static uint64_t hash_of(size_t rule, uint64_t k)
{
    uint64_t h = pt_mix64(k + (rule + 1) * UINT64_C(0x9E3779B97F4A7C15));

    return h ? h : 1;
}

static key *place_of(const pt_link_online *o, uint64_t hash)
{
    size_t at = hash & o->mask;

    while (o->keys[at].hash && o->keys[at].hash != hash)
        at = (at + 1) & o->mask;
    return &o->keys[at];
}

static bool make_keys(pt_link_online *o, size_t distinct)
{
    size_t slots = 64;

    while (slots < 2 * distinct)
        slots *= 2;
    free(o->keys);
    o->keys = pt_zalloc(slots, sizeof *o->keys);
    o->mask = slots - 1;
    o->n_keys = 0;
    return o->keys != NULL;
}

/* Twice the places; keys that nobody has any more are forgotten. */
static bool widen(pt_link_online *o)
{
    key *old = o->keys;
    size_t slots = o->mask + 1;

    o->keys = NULL;
    if (!make_keys(o, slots)) {
        o->keys = old;
        o->mask = slots - 1;
        return false;
    }
    for (size_t i = 0; i < slots; i++) {
        if (!old[i].n)
            continue;
        key *k = place_of(o, old[i].hash);
        *k = old[i];
        o->n_keys++;
        for (uint32_t e = k->first; e != NONE; e = o->entries[e].next)
            o->entries[e].key = (uint32_t)(k - o->keys);
    }
    free(old);
    return true;
}

/* For `n` more entries, so that adding them cannot fail. */
static bool make_room(pt_link_online *o, uint64_t n)
{
    while (2 * (o->n_keys + n) > o->mask)
        if (!widen(o))
            return false;
    return n < NONE - o->n_entries && pt_grow(&o->entries, &o->cap_entries, o->n_entries + n, sizeof *o->entries);
}

/* There is room. */
static void add_entry(pt_link_online *o, uint64_t hash, uint32_t record)
{
    uint32_t at = o->free_entry;

    if (at != NONE)
        o->free_entry = o->entries[at].next;
    else
        at = (uint32_t)o->n_entries++;
    key *k = place_of(o, hash);
    if (!k->hash) {
        *k = (key){.hash = hash, .first = NONE};
        o->n_keys++;
    }
    o->entries[at] = (entry){.record = record,
                             .key = (uint32_t)(k - o->keys),
                             .next = k->first,
                             .before = NONE,
                             .next_of_record = o->first_of_record[record]};
    if (k->first != NONE)
        o->entries[k->first].before = at;
    k->first = at;
    k->n++;
    o->first_of_record[record] = at;
}

static void drop_entries(pt_link_online *o, uint32_t record)
{
    uint32_t next;

    for (uint32_t at = o->first_of_record[record]; at != NONE; at = next) {
        entry *e = &o->entries[at];
        key *k = &o->keys[e->key];
        next = e->next_of_record;
        if (e->before != NONE)
            o->entries[e->before].next = e->next;
        else
            k->first = e->next;
        if (e->next != NONE)
            o->entries[e->next].before = e->before;
        k->n--;
        e->next = o->free_entry;
        o->free_entry = at;
    }
    o->first_of_record[record] = NONE;
}

/* A rule's records by key, so that those of a key lie beside each other. */
static bool index_rule(pt_link_online *o, const pt_link_rule *r, size_t rule, uint32_t records)
{
    uint64_t n = r->starts[records];
    link_entry *from = pt_alloc64(n + 1, sizeof *from), *to = pt_alloc64(n + 1, sizeof *to);
    bool room = from && to;

    for (uint32_t i = 0; room && i < records; i++)
        for (uint64_t k = r->starts[i]; k < r->starts[i + 1]; k++)
            from[k] = (link_entry){r->keys[k], i};
    if (room)
        room = link_sort(&from, &to, n, NULL, NULL) == PT_OK;
    for (uint64_t k = 0; room && k < n; k++)
        if ((room = make_room(o, 1)))
            add_entry(o, hash_of(rule, from[k].key), o->store.queries + from[k].value);
    free(from);
    free(to);
    return room;
}

static pt_rc index_rules(pt_link_online *o, const pt_link_setup *s, const pt_link_blocks *blocks, pt_err *err)
{
    uint64_t all = 0;

    o->n_rules = s->n_rules;
    for (size_t r = 0; r < s->n_rules; r++) {
        const pt_link_block_report *report = blocks ? pt_link_blocks_report(blocks, r) : NULL;
        o->largest[r] =
            report && report->crowded && report->largest < o->options.largest ? report->largest : o->options.largest;
        all += s->rules[r].starts[s->table.records.n];
    }
    if (!make_keys(o, all / 2 + 1) || !pt_grow(&o->entries, &o->cap_entries, all + 1, sizeof *o->entries))
        return pt_fail_nomem(err, "an index of records");
    for (size_t r = 0; r < s->n_rules; r++)
        if (!index_rule(o, &s->rules[r], r, s->table.records.n))
            return pt_fail_nomem(err, "an index of records");
    return PT_OK;
}

/* --- the index --------------------------------------------------------------------------------------------------------------- */

/* What values that come later have more at a level: as much as the rarest. */
static bool extend(float **more, uint32_t n, uint32_t room)
{
    float *wide = *more ? realloc(*more, ((size_t)n + room + 1) * sizeof **more) : NULL, most = 0;

    if (!*more)
        return true;
    if (!wide)
        return false;
    for (uint32_t v = 1; v <= n; v++)
        most = wide[v] > most ? wide[v] : most;
    for (uint32_t v = n + 1; v <= n + room; v++)
        wide[v] = most;
    *more = wide;
    return true;
}

static pt_rc weigh_values(pt_link_online *o, pt_err *err)
{
    const pt_link_column *columns = o->store.columns;
    bool room = true;

    PT_TRY(link_weights_find(&o->weights, o->model, &o->store.records, err));
    for (size_t k = 0; k < o->model->n_comparisons; k++) {
        const pt_link_comparison *x = &o->model->comparisons[k];
        room = room && extend(&o->weights.frequency[k], columns[x->column].n_values, o->store.room);
        for (uint32_t i = 0; i < x->n_levels; i++)
            room = room && extend(&o->weights.more[k][i], columns[x->levels[i].frequent].n_values, o->store.room);
    }
    return room ? PT_OK : pt_fail_nomem(err, "an index of records");
}

static pt_rc fill(pt_link_online *o, const pt_link_setup *s, const pt_link_blocks *blocks, pt_pool *pool, pt_err *err)
{
    uint32_t n = s->table.records.n;

    PT_TRY(link_store_new(&o->store, &s->table, o->options.queries, o->options.room, err));
    size_t all = o->store.records.n;
    o->first_of_record = pt_alloc64(all, sizeof *o->first_of_record);
    o->there = pt_zalloc(all, sizeof *o->there);
    o->taken = pt_zalloc(o->options.queries, sizeof *o->taken);
    if (!o->first_of_record || !o->there || !o->taken)
        return pt_fail_nomem(err, "an index of records");
    memset(o->first_of_record, 0xFF, all * sizeof *o->first_of_record);
    memset(o->there + o->options.queries, true, n);
    o->end = o->options.queries + n;
    PT_TRY(index_rules(o, s, blocks, err));
    PT_TRY(weigh_values(o, err));
    return link_bounds_new(&o->bounds, o->model, &o->store.records, &o->weights, pool, err);
}

pt_rc pt_link_online_new(pt_link_online **out, const pt_link_setup *s, const pt_link_model *model,
                         const pt_link_blocks *blocks, const pt_link_online_options *options, pt_pool *pool,
                         pt_err *err)
{
    pt_link_online *o = pt_zalloc(1, sizeof *o);

    *out = NULL;
    if (!o)
        return pt_fail_nomem(err, "an index of records");
    o->model = model;
    o->options = *options;
    o->options.queries = options->queries ? options->queries : 1;
    o->options.room = options->room ? options->room : s->table.records.n / 10 + 1000;
    o->options.largest = options->largest ? options->largest : LARGEST;
    o->shape = s->shape;
    o->shape.given = true;
    o->free_entry = NONE;
    pt_rc rc = fill(o, s, blocks, pool, err);
    if (rc == PT_OK)
        *out = o;
    else
        pt_link_online_free(o);
    return rc;
}

void pt_link_online_free(pt_link_online *o)
{
    if (!o)
        return;
    link_bounds_free(o->bounds);
    link_weights_free(&o->weights);
    link_store_free(&o->store);
    free(o->keys);
    free(o->entries);
    free(o->first_of_record);
    free(o->there);
    free(o->gone);
    free(o->taken);
    free(o);
}

/* --- queries ----------------------------------------------------------------------------------------------------------------- */

pt_rc pt_link_query_new(pt_link_query **out, pt_link_online *o, pt_err *err)
{
    uint32_t number = 0;

    *out = NULL;
    while (number < o->options.queries && o->taken[number])
        number++;
    if (number == o->options.queries)
        return pt_fail(err, PT_EINVAL, "no more than %u threads may ask this index", o->options.queries);
    pt_link_query *q = pt_zalloc(1, sizeof *q);
    if (!q)
        return pt_fail_nomem(err, "an index of records");
    q->o = o;
    q->number = number;
    o->taken[number] = true;
    q->comparer = link_comparer_new(o->model, &o->store.records);
    q->arena = pt_arena_new(0);
    q->seen = pt_zalloc(o->store.records.n, sizeof *q->seen);
    pt_rc rc =
        q->comparer && q->arena && q->seen ? pt_latin_open(&q->latin, err) : pt_fail_nomem(err, "an index of records");
    if (rc == PT_OK)
        *out = q;
    else
        pt_link_query_free(q);
    return rc;
}

void pt_link_query_free(pt_link_query *q)
{
    if (!q)
        return;
    q->o->taken[q->number] = false;
    link_comparer_free(q->comparer);
    pt_latin_free(q->latin);
    pt_arena_free(q->arena);
    free(q->seen);
    free(q->candidates);
    free(q);
}

/* A setup of this one record, as the index's was made. */
static pt_rc set_up_one(pt_link_setup **out, pt_link_query *q, const pt_sv *values, pt_err *err)
{
    const pt_link_online *o = q->o;

    pt_arena_reset(q->arena);
    pt_link_setup *s = *out = PT_NEW(q->arena, pt_link_setup);
    if (!s)
        return pt_fail_nomem(err, "a record");
    s->table.arena = q->arena;
    s->latin = q->latin;
    s->shape = o->shape;
    for (size_t f = 0; f < o->shape.n_fields; f++)
        PT_TRY(pt_link_add_field(s, o->shape.fields[f].name, o->shape.fields[f].kind, &values[f], 1, err));
    PT_TRY(o->options.set_up ? o->options.set_up(o->options.ctx, s, err) : pt_link_set_up(s, err));
    if (s->table.records.n_columns == o->store.records.n_columns && s->n_rules == o->n_rules)
        return PT_OK;
    return pt_fail(err, PT_EINTERNAL, "a record is not set up as the index was");
}

static bool add_candidates(pt_link_query *q, const key *k)
{
    const pt_link_online *o = q->o;

    if (!pt_grow(&q->candidates, &q->cap, q->n + k->n, sizeof *q->candidates))
        return false;
    for (uint32_t e = k->first; e != NONE; e = o->entries[e].next) {
        uint32_t record = o->entries[e].record;
        if (q->seen[record] == q->now)
            continue;
        q->seen[record] = q->now;
        q->candidates[q->n++] = record;
    }
    return true;
}

static pt_rc find_candidates(pt_link_query *q, const pt_link_setup *one, pt_err *err)
{
    const pt_link_online *o = q->o;

    q->n = 0;
    if (++q->now == 0) {
        memset(q->seen, 0, o->store.records.n * sizeof *q->seen);
        q->now = 1;
    }
    for (size_t r = 0; r < o->n_rules; r++)
        for (uint64_t i = one->rules[r].starts[0]; i < one->rules[r].starts[1]; i++) {
            const key *k = place_of(o, hash_of(r, one->rules[r].keys[i]));
            if (k->n && k->n <= o->largest[r] && !add_candidates(q, k))
                return pt_fail_nomem(err, "matches of a record");
        }
    return PT_OK;
}

/* Keeps the strongest, of equal ones the first record. */
static void keep_match(pt_link_match *matches, size_t most, size_t *n, pt_link_match m)
{
    size_t at = *n < most ? (*n)++ : most;

    for (; at > 0 && (m.weight > matches[at - 1].weight ||
                      (m.weight == matches[at - 1].weight && m.record < matches[at - 1].record));
         at--)
        if (at < most)
            matches[at] = matches[at - 1];
    if (at < most)
        matches[at] = m;
}

static void fetch(const void *rows, size_t row_bytes, uint32_t record)
{
    for (size_t at = 0; at < row_bytes; at += LINE)
        __builtin_prefetch((const char *)rows + record * row_bytes + at);
}

pt_rc pt_link_resolve(pt_link_query *q, const pt_sv *values, pt_link_match *matches, size_t most, size_t *n,
                      pt_err *err)
{
    pt_link_online *o = q->o;
    pt_link_setup *one;
    size_t row_bytes;
    double weight;

    *n = 0;
    PT_TRY(set_up_one(&one, q, values, err));
    PT_TRY(link_store_set(&o->store, q->number, &one->table, err));
    link_bounds_pack(o->bounds, q->number);
    PT_TRY(find_candidates(q, one, err));
    link_comparer_forget(q->comparer);
    const void *rows = link_bounds_rows(o->bounds, &row_bytes);
    for (size_t i = 0; i < q->n; i++) {
        if (i + AHEAD < q->n)
            fetch(rows, row_bytes, q->candidates[i + AHEAD]);
        uint32_t record = q->candidates[i];
        if (link_bounds_weigh(&weight, o->bounds, q->comparer, q->number, record, o->options.least))
            keep_match(matches, most, n,
                       (pt_link_match){record - o->options.queries, weight, pt_link_probability(weight)});
    }
    return PT_OK;
}

/* --- changes ----------------------------------------------------------------------------------------------------------------- */

static uint64_t count_keys(const pt_link_setup *one)
{
    uint64_t n = 0;

    for (size_t r = 0; r < one->n_rules; r++)
        n += one->rules[r].starts[1];
    return n;
}

/* All of it or, without memory, nothing. */
static pt_rc put(pt_link_query *q, uint32_t record, const pt_sv *values, pt_err *err)
{
    pt_link_online *o = q->o;
    pt_link_setup *one;

    if (o->changes == o->options.room)
        return pt_fail(err, PT_EINVAL, "the index of records has no room for more than %u changes", o->options.room);
    PT_TRY(set_up_one(&one, q, values, err));
    if (!make_room(o, count_keys(one)))
        return pt_fail_nomem(err, "an index of records");
    PT_TRY(link_store_set(&o->store, record, &one->table, err));
    o->changes++;
    link_bounds_pack(o->bounds, record);
    drop_entries(o, record);
    o->there[record] = true;
    for (size_t r = 0; r < o->n_rules; r++)
        for (uint64_t i = one->rules[r].starts[0]; i < one->rules[r].starts[1]; i++)
            add_entry(o, hash_of(r, one->rules[r].keys[i]), record);
    return PT_OK;
}

pt_rc pt_link_online_add(pt_link_query *q, const pt_sv *values, uint32_t *record, pt_err *err)
{
    pt_link_online *o = q->o;
    uint32_t number = o->n_gone ? o->gone[o->n_gone - 1] : o->end;

    if (!o->n_gone && o->end == o->store.records.n)
        return pt_fail(err, PT_EINVAL, "the index of records has no room for more than %u changes", o->options.room);
    PT_TRY(put(q, number, values, err));
    if (o->n_gone)
        o->n_gone--;
    else
        o->end++;
    *record = number - o->options.queries;
    return PT_OK;
}

static pt_rc find_record(uint32_t *number, const pt_link_online *o, uint32_t record, pt_err *err)
{
    *number = record < o->end - o->options.queries ? record + o->options.queries : 0;
    return *number && o->there[*number] ? PT_OK : pt_fail(err, PT_EINVAL, "there is no record %u", record);
}

pt_rc pt_link_online_change(pt_link_query *q, uint32_t record, const pt_sv *values, pt_err *err)
{
    uint32_t number;

    PT_TRY(find_record(&number, q->o, record, err));
    return put(q, number, values, err);
}

pt_rc pt_link_online_remove(pt_link_query *q, uint32_t record, pt_err *err)
{
    pt_link_online *o = q->o;
    uint32_t number;

    PT_TRY(find_record(&number, o, record, err));
    if (!pt_grow(&o->gone, &o->cap_gone, o->n_gone + 1, sizeof *o->gone))
        return pt_fail_nomem(err, "an index of records");
    drop_entries(o, number);
    o->there[number] = false;
    o->gone[o->n_gone++] = number;
    return PT_OK;
}
