/* Which tags and columns a checked expression uses directly. */
#include <stdlib.h>

#include "base/compare.h"
#include "lang/lang.h"

/* Sorted, without repeats; on the heap while it grows. */
typedef struct collector {
    uint32_t *tags;
    size_t n_tags, cap_tags;
    struct pt_use_column *columns;
    size_t n_columns, cap_columns;
    const pt_node **bases; /* in the order met, without repeats */
    size_t n_bases, cap_bases;
    bool nomem;
} collector;

static void add_tag(collector *k, uint32_t tag)
{
    if (!pt_grow(&k->tags, &k->cap_tags, k->n_tags + 1, sizeof *k->tags))
        k->nomem = true;
    else
        k->tags[k->n_tags++] = tag;
}

static void add_column(collector *k, uint32_t source, int32_t column)
{
    if (!pt_grow(&k->columns, &k->cap_columns, k->n_columns + 1, sizeof *k->columns))
        k->nomem = true;
    else
        k->columns[k->n_columns++] = (struct pt_use_column){source, column};
}

static void add_base(collector *k, const pt_node *n)
{
    for (size_t i = 0; i < k->n_bases; i++)
        if (pt_node_equal(k->bases[i], n))
            return;
    if (!pt_grow(&k->bases, &k->cap_bases, k->n_bases + 1, sizeof *k->bases))
        k->nomem = true;
    else
        k->bases[k->n_bases++] = n;
}

static void collect(collector *k, const pt_node *n)
{
    if (!n)
        return;
    switch (n->kind) {
    case PT_NODE_TAG: add_tag(k, n->u.tag); break;
    case PT_NODE_BASE: add_base(k, n); break;
    case PT_NODE_COLUMN: add_column(k, (uint32_t)n->level, (int32_t)n->u.column); break;
    case PT_NODE_AGGREGATE:
        add_column(k, n->u.agg->source, -1);
        collect(k, n->u.agg->value);
        collect(k, n->u.agg->where);
        collect(k, n->u.agg->weight);
        break;
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL:
        for (uint32_t i = 0; i < n->u.seq->n_steps; i++) {
            add_column(k, n->u.seq->steps[i].source, -1);
            collect(k, n->u.seq->steps[i].where);
        }
        break;
    default: break;
    }
    for (uint32_t i = 0; i < n->n_args; i++)
        collect(k, n->args[i]);
}

static int64_t longest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t window_horizon(const pt_window *w)
{
    return w->kind == PT_WINDOW_NEXT ? w->from->u.literal.u.i64 : 0;
}

int64_t pt_lang_horizon(const pt_node *n)
{
    int64_t most = 0;

    if (!n)
        return 0;
    if (n->kind == PT_NODE_AGGREGATE) {
        const pt_node *parts[] = {n->u.agg->value, n->u.agg->where, n->u.agg->weight};
        most = window_horizon(&n->u.agg->window);
        for (size_t i = 0; i < PT_COUNT(parts); i++)
            most = longest(most, pt_lang_horizon(parts[i]));
    }
    if (n->kind == PT_NODE_SEQUENCE || n->kind == PT_NODE_FUNNEL) {
        most = window_horizon(&n->u.seq->window);
        for (uint32_t i = 0; i < n->u.seq->n_steps; i++)
            most = longest(most, pt_lang_horizon(n->u.seq->steps[i].where));
    }
    for (uint32_t i = 0; i < n->n_args; i++)
        most = longest(most, pt_lang_horizon(n->args[i]));
    return most;
}

static int by_source_and_column(const void *a, const void *b)
{
    const struct pt_use_column *x = a, *y = b;

    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->column > y->column) - (x->column < y->column);
}

/* Copies the sorted items without repeats; NULL without memory. */
static void *copy_unique(pt_arena *arena, void *items, size_t *n, size_t size, int (*order)(const void *, const void *))
{
    char *from = items, *to = pt_arena_array(arena, *n, size);
    size_t kept = 0;

    if (!to || !*n)
        return to;
    qsort(items, *n, size, order);
    for (size_t i = 0; i < *n; i++)
        if (i == 0 || order(from + (i - 1) * size, from + i * size) != 0)
            memcpy(to + kept++ * size, from + i * size, size);
    *n = kept;
    return to;
}

pt_rc pt_lang_uses(pt_uses *out, const pt_node *node, pt_arena *arena, pt_err *err)
{
    collector k = {0};

    collect(&k, node);
    *out = (pt_uses){0};
    if (!k.nomem) {
        out->tags = copy_unique(arena, k.tags, &k.n_tags, sizeof *k.tags, pt_compare_u32);
        out->n_tags = k.n_tags;
        out->columns = copy_unique(arena, k.columns, &k.n_columns, sizeof *k.columns, by_source_and_column);
        out->n_columns = k.n_columns;
        const pt_node **bases = PT_NEW_ARRAY(arena, const pt_node *, k.n_bases);
        for (size_t i = 0; bases && i < k.n_bases; i++)
            bases[i] = k.bases[i];
        out->bases = bases;
        out->n_bases = k.n_bases;
        k.nomem = !out->tags || !out->columns || !bases;
    }
    free(k.bases);
    free(k.tags);
    free(k.columns);
    return k.nomem ? pt_fail_nomem(err, "the list of what an expression uses") : PT_OK;
}

pt_rc pt_lang_base_levels(uint32_t *levels, const pt_module *m, pt_arena *arena, pt_err *err)
{
    pt_uses uses;

    for (size_t i = 0; i < m->n_tags; i++) {
        uint32_t tag = m->order[i], level = 0;
        if (m->tags[tag]) {
            PT_TRY(pt_lang_uses(&uses, m->tags[tag], arena, err));
            for (size_t k = 0; k < uses.n_tags; k++)
                level = levels[uses.tags[k]] > level ? levels[uses.tags[k]] : level;
            for (size_t k = 0; k < uses.n_bases; k++)
                level = levels[uses.bases[k]->u.base->tag] + 1 > level ? levels[uses.bases[k]->u.base->tag] + 1 : level;
        }
        levels[tag] = level;
    }
    return PT_OK;
}
