/* The driver: baskets are coded, each code is the first of its sets in turn, and what the workers found is put together in the
 * order of codes. */
#include "model/itemsets.h"

#include <stdlib.h>

#include "base/hash.h"
#include "model/itemsets_code.h"

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "itemsets");
}

/* --- collecting ------------------------------------------------------------------------------------------------------------ */

void pt_found_free(pt_found *f)
{
    free(f->codes);
    free(f->counts);
    free(f->sizes);
    *f = (pt_found){0};
}

pt_rc pt_found_too_many(uint64_t most, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "more than %llu sets of items are that frequent", (unsigned long long)most);
    return pt_err_hint(err, "ask for a higher support or for smaller sets");
}

pt_rc pt_found_add(pt_found *f, const uint32_t *codes, uint32_t size, uint64_t count, pt_err *err)
{
    if (f->n >= f->most)
        return pt_found_too_many(f->most, err);
    if (f->n_codes + size > f->codes_cap && !pt_grow(&f->codes, &f->codes_cap, f->n_codes + size, sizeof *f->codes))
        return no_memory(err);
    if (f->n >= f->counts_cap && !pt_grow(&f->counts, &f->counts_cap, f->n + 1, sizeof *f->counts))
        return no_memory(err);
    if (f->n >= f->sizes_cap && !pt_grow(&f->sizes, &f->sizes_cap, f->n + 1, sizeof *f->sizes))
        return no_memory(err);
    for (uint32_t i = 0; i < size; i++)
        f->codes[f->n_codes + i] = codes[i];
    f->n_codes += size;
    f->counts[f->n] = count;
    f->sizes[f->n++] = size;
    return PT_OK;
}

/* --- all codes, in parallel ---------------------------------------------------------------------------------------------- */

/* The sets of one code: a run of those its worker found. */
typedef struct run {
    unsigned worker;
    size_t set, n, code, n_codes;
} run;

typedef struct search {
    const pt_itemset_options *options;
    uint64_t least, most;
    pt_coded coded;
    pt_fptree *tree; /* FP-growth */
    unsigned workers;
    pt_eclat **eclats; /* by worker */
    pt_found *found;   /* by worker */
    run *runs;         /* by code */
} search;

static pt_rc search_from(void *arg, size_t index, unsigned worker, pt_err *err)
{
    search *s = arg;
    pt_found *f = &s->found[worker];
    run *r = &s->runs[index];

    *r = (run){.worker = worker, .set = f->n, .code = f->n_codes};
    if (!s->tree && !s->eclats[worker])
        PT_TRY(pt_eclat_new(&s->eclats[worker], &s->coded, s->least, s->options->max_size, err));
    if (s->tree)
        PT_TRY(pt_fptree_from(s->tree, f, (uint32_t)index, s->least, s->options->max_size, err));
    else
        PT_TRY(pt_eclat_from(s->eclats[worker], f, (uint32_t)index, err));
    r->n = f->n - r->set;
    r->n_codes = f->n_codes - r->code;
    return PT_OK;
}

static pt_rc search_all(search *s, pt_err *err)
{
    if (s->options->pool)
        return pt_pool_run(s->options->pool, s->coded.n_codes, search_from, s, err);
    for (size_t i = 0; i < s->coded.n_codes; i++)
        PT_TRY(search_from(s, i, 0, err));
    return PT_OK;
}

static void search_dispose(search *s)
{
    for (unsigned w = 0; w < s->workers; w++) {
        if (s->eclats)
            pt_eclat_free(s->eclats[w]);
        if (s->found)
            pt_found_free(&s->found[w]);
    }
    free(s->eclats);
    free(s->found);
    free(s->runs);
    pt_fptree_free(s->tree);
    pt_coded_free(&s->coded);
}

/* --- putting together ------------------------------------------------------------------------------------------------------ */

/* Few items: moved one by one into their places. */
static void sort_items(uint32_t *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        uint32_t x = items[i];
        size_t k = i;
        for (; k && items[k - 1] > x; k--)
            items[k] = items[k - 1];
        items[k] = x;
    }
}

static pt_rc sets_room(pt_itemsets *out, size_t n, size_t n_items, pt_err *err)
{
    out->offsets = pt_zalloc(n + 1, sizeof *out->offsets);
    out->counts = pt_zalloc(n + 1, sizeof *out->counts);
    out->items = pt_zalloc(n_items + 1, sizeof *out->items);
    return out->offsets && out->counts && out->items ? PT_OK : no_memory(err);
}

static void add_run(pt_itemsets *out, const search *s, const run *r)
{
    const pt_found *f = &s->found[r->worker];
    const uint32_t *codes = f->codes + r->code;

    for (size_t i = r->set; i < r->set + r->n; i++) {
        uint32_t *items = out->items + out->offsets[out->n], size = f->sizes[i];
        for (uint32_t k = 0; k < size; k++)
            items[k] = s->coded.items[codes[k]];
        codes += size;
        sort_items(items, size);
        out->counts[out->n] = f->counts[i];
        out->offsets[out->n + 1] = out->offsets[out->n] + size;
        out->n++;
    }
}

static pt_rc put_together(pt_itemsets *out, const search *s, pt_err *err)
{
    size_t n = 0, n_items = 0;

    for (uint32_t i = 0; i < s->coded.n_codes; i++) {
        n += s->runs[i].n;
        n_items += s->runs[i].n_codes;
    }
    if (n > s->most)
        return pt_found_too_many(s->most, err);
    PT_TRY(sets_room(out, n, n_items, err));
    for (uint32_t i = 0; i < s->coded.n_codes; i++)
        add_run(out, s, &s->runs[i]);
    return PT_OK;
}

/* --- closed and maximal ---------------------------------------------------------------------------------------------------- */

/* A set that has a frequent larger one has one with just one item more. */
static pt_rc mark_covered(bool *covered, const pt_itemsets *sets, pt_itemset_kind kind, pt_err *err)
{
    pt_itemset_table t;

    pt_rc rc = pt_itemset_table_new(&t, sets, err);
    for (size_t s = 0; rc == PT_OK && s < sets->n; s++) {
        uint64_t key = pt_itemset_table_key(&t, s);
        size_t size = (size_t)(sets->offsets[s + 1] - sets->offsets[s]);
        for (size_t i = 0; size > 1 && i < size; i++) {
            int64_t part = pt_itemset_table_without(&t, s, key, i);
            if (part >= 0 && (kind == PT_ITEMSETS_MAXIMAL || sets->counts[part] == sets->counts[s]))
                covered[part] = true;
        }
    }
    pt_itemset_table_free(&t);
    return rc;
}

static pt_rc drop_covered(pt_itemsets *sets, pt_itemset_kind kind, pt_err *err)
{
    bool *covered = pt_zalloc(sets->n + 1, sizeof *covered);
    size_t n = 0;

    pt_rc rc = covered ? mark_covered(covered, sets, kind, err) : no_memory(err);
    for (size_t s = 0; rc == PT_OK && s < sets->n; s++) {
        if (covered[s])
            continue;
        uint64_t from = sets->offsets[s], size = sets->offsets[s + 1] - from;
        memmove(sets->items + sets->offsets[n], sets->items + from, (size_t)size * sizeof *sets->items);
        sets->counts[n] = sets->counts[s];
        /* Written behind the place it is read from: n never is ahead of s. */
        uint64_t end = sets->offsets[n] + size;
        n++;
        if (n <= s)
            sets->offsets[n] = end;
    }
    if (rc == PT_OK)
        sets->n = n;
    free(covered);
    return rc;
}

/* --- the whole --------------------------------------------------------------------------------------------------------------- */

/* Rows of bits are faster by far wherever both were measured (bench fim), but the table of one item's baskets must fit: a tree
 * takes less where very many baskets hold very many items. */
#define TABLE_MOST (UINT64_C(1) << 30) /* bytes a worker */

static pt_itemset_method choose(const search *s)
{
    const pt_coded *c = &s->coded;

    if (s->options->method != PT_ITEMSETS_AUTO)
        return s->options->method;
    for (uint32_t code = 0; code < c->n_codes; code++)
        if ((c->place_offsets[code + 1] - c->place_offsets[code]) / 8 * (c->n_codes - code) > TABLE_MOST)
            return PT_ITEMSETS_FPGROWTH;
    return PT_ITEMSETS_ECLAT;
}

pt_rc pt_itemsets_find(pt_itemsets *out, const pt_baskets *baskets, const pt_itemset_options *options, pt_err *err)
{
    search s = {.options = options,
                .least = options->min_count ? options->min_count : 1,
                .most = options->most ? options->most : PT_ITEMSETS_MOST,
                .workers = options->pool ? pt_pool_threads(options->pool) : 1};

    *out = (pt_itemsets){0};
    for (size_t i = 0; i < baskets->n; i++)
        out->baskets += baskets->weights ? baskets->weights[i] : 1;
    pt_rc rc = pt_coded_new(&s.coded, baskets, s.least, err);
    if (rc == PT_OK) {
        out->method = choose(&s);
        s.eclats = pt_zalloc(s.workers, sizeof *s.eclats);
        s.found = pt_zalloc(s.workers, sizeof *s.found);
        s.runs = pt_zalloc((size_t)s.coded.n_codes + 1, sizeof *s.runs);
        rc = s.eclats && s.found && s.runs ? PT_OK : no_memory(err);
    }
    for (unsigned w = 0; rc == PT_OK && w < s.workers; w++)
        s.found[w].most = s.most;
    if (rc == PT_OK && out->method == PT_ITEMSETS_FPGROWTH)
        rc = pt_fptree_new(&s.tree, &s.coded, err);
    if (rc == PT_OK)
        rc = search_all(&s, err);
    if (rc == PT_OK)
        rc = put_together(out, &s, err);
    if (rc == PT_OK && options->kind != PT_ITEMSETS_ALL)
        rc = drop_covered(out, options->kind, err);
    search_dispose(&s);
    return rc;
}

void pt_itemsets_free(pt_itemsets *s)
{
    free(s->offsets);
    free(s->items);
    free(s->counts);
    *s = (pt_itemsets){0};
}

/* --- order ------------------------------------------------------------------------------------------------------------------- */

typedef struct sortable {
    const uint32_t *items;
    uint64_t count;
    uint32_t size;
} sortable;

static int by_size_then_items(const void *a, const void *b)
{
    const sortable *x = a, *y = b;

    if (x->size != y->size)
        return x->size < y->size ? -1 : 1;
    for (uint32_t i = 0; i < x->size; i++)
        if (x->items[i] != y->items[i])
            return x->items[i] < y->items[i] ? -1 : 1;
    return 0;
}

pt_rc pt_itemsets_sort(pt_itemsets *s, pt_err *err)
{
    sortable *all = pt_zalloc(s->n + 1, sizeof *all);
    pt_itemsets sorted = {.baskets = s->baskets, .method = s->method};

    pt_rc rc = all ? sets_room(&sorted, s->n, (size_t)(s->n ? s->offsets[s->n] : 0), err) : no_memory(err);
    if (rc != PT_OK) {
        free(all);
        pt_itemsets_free(&sorted);
        return rc;
    }
    for (size_t i = 0; i < s->n; i++)
        all[i] = (sortable){s->items + s->offsets[i], s->counts[i], (uint32_t)(s->offsets[i + 1] - s->offsets[i])};
    qsort(all, s->n, sizeof *all, by_size_then_items);
    for (; sorted.n < s->n; sorted.n++) {
        const sortable *x = &all[sorted.n];
        memcpy(sorted.items + sorted.offsets[sorted.n], x->items, x->size * sizeof *x->items);
        sorted.counts[sorted.n] = x->count;
        sorted.offsets[sorted.n + 1] = sorted.offsets[sorted.n] + x->size;
    }
    free(all);
    pt_itemsets_free(s);
    *s = sorted;
    return PT_OK;
}

/* --- looking sets up ------------------------------------------------------------------------------------------------------- */

uint64_t pt_itemset_key(uint32_t item)
{
    return pt_mix64(item + UINT64_C(0x9e3779b97f4a7c15));
}

uint64_t pt_itemset_table_key(const pt_itemset_table *t, size_t s)
{
    uint64_t key = 0;

    for (uint64_t i = t->sets->offsets[s]; i < t->sets->offsets[s + 1]; i++)
        key += pt_itemset_key(t->sets->items[i]);
    return key;
}

pt_rc pt_itemset_table_new(pt_itemset_table *out, const pt_itemsets *sets, pt_err *err)
{
    size_t slots = 16;

    while (slots < sets->n * 2)
        slots *= 2;
    *out = (pt_itemset_table){.sets = sets, .mask = slots - 1, .slots = pt_zalloc(slots, sizeof *out->slots)};
    if (!out->slots || sets->n >= UINT32_MAX)
        return no_memory(err);
    for (size_t s = 0; s < sets->n; s++) {
        size_t slot = pt_mix64(pt_itemset_table_key(out, s)) & out->mask;
        while (out->slots[slot])
            slot = (slot + 1) & out->mask;
        out->slots[slot] = (uint32_t)s + 1;
    }
    return PT_OK;
}

void pt_itemset_table_free(pt_itemset_table *t)
{
    free(t->slots);
    t->slots = NULL;
}

/* Whether set `part` is set `s` without the item at `place`. */
static bool is_without(const pt_itemsets *sets, size_t part, size_t s, size_t place)
{
    const uint32_t *small = sets->items + sets->offsets[part], *large = sets->items + sets->offsets[s];
    size_t n = (size_t)(sets->offsets[part + 1] - sets->offsets[part]);

    if (n + 1 != sets->offsets[s + 1] - sets->offsets[s])
        return false;
    for (size_t i = 0; i < n; i++)
        if (small[i] != large[i + (i >= place)])
            return false;
    return true;
}

int64_t pt_itemset_table_without(const pt_itemset_table *t, size_t s, uint64_t key, size_t place)
{
    uint64_t part = key - pt_itemset_key(t->sets->items[t->sets->offsets[s] + place]);

    for (size_t slot = pt_mix64(part) & t->mask; t->slots[slot]; slot = (slot + 1) & t->mask)
        if (is_without(t->sets, t->slots[slot] - 1, s, place))
            return t->slots[slot] - 1;
    return -1;
}
