#include "app/path_count.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/mem.h"

void pt_path_counts_free(pt_path_counts *c)
{
    free(c->items);
    *c = (pt_path_counts){0};
}

/* --- counting ---------------------------------------------------------------------------------------------------------------- */

static pt_path_count *find(pt_path_count *items, size_t cap, pt_path_key key)
{
    size_t at = (size_t)pt_mix64(key) & (cap - 1);

    while (items[at].key && items[at].key != key)
        at = (at + 1) & (cap - 1);
    return &items[at];
}

static bool make_room(pt_path_counts *c)
{
    size_t cap = c->cap ? c->cap * 2 : 1024;

    if (c->n + 1 <= c->cap / 2)
        return true;
    pt_path_count *items = pt_zalloc(cap, sizeof *items);
    if (!items)
        return false;
    for (size_t i = 0; i < c->cap; i++)
        if (c->items[i].key)
            *find(items, cap, c->items[i].key) = c->items[i];
    free(c->items);
    c->items = items;
    c->cap = cap;
    return true;
}

static pt_path_count *item_of(pt_path_counts *c, pt_path_key key)
{
    if (!make_room(c))
        return NULL;
    pt_path_count *item = find(c->items, c->cap, key);
    c->n += item->key == 0;
    item->key = key;
    return item;
}

bool pt_path_counts_add(pt_path_counts *c, const uint8_t *labels, uint32_t n, uint32_t customer)
{
    pt_path_key key = 0;

    for (uint32_t i = 0; i < n; i++) {
        key |= (pt_path_key)(labels[i] + 1) << (56 - 8 * i);
        pt_path_count *item = item_of(c, key);
        if (!item)
            return false;
        item->starts++;
        item->customers += item->last != customer + 1;
        item->last = customer + 1;
    }
    return true;
}

bool pt_path_counts_merge(pt_path_counts *c, const pt_path_counts *from)
{
    for (size_t i = 0; i < from->cap; i++) {
        if (!from->items[i].key)
            continue;
        pt_path_count *item = item_of(c, from->items[i].key);
        if (!item)
            return false;
        item->starts += from->items[i].starts;
        item->customers += from->items[i].customers;
    }
    return true;
}

/* --- the tree ---------------------------------------------------------------------------------------------------------------- */

typedef struct tree_making {
    pt_path_count *sorted; /* by key: a path, then all that begin with it */
    size_t n;
    const pt_path_shown *shown;
    pt_path_node *nodes; /* no more than twice n */
    size_t n_nodes;
} tree_making;

static int by_key(const void *left, const void *right)
{
    pt_path_key a = ((const pt_path_count *)left)->key, b = ((const pt_path_count *)right)->key;

    return (a > b) - (a < b);
}

static uint32_t length_of(pt_path_key key)
{
    uint32_t n = 0;

    while (n < 8 && key << (8 * n))
        n++;
    return n;
}

static uint8_t label_at(pt_path_key key, uint32_t level)
{
    return (uint8_t)((key >> (64 - 8 * level)) - 1);
}

/* A child, and where all that begin with it lie. */
typedef struct child {
    size_t at, end;
    const pt_path_count *count;
} child;

static int by_starts(const void *left, const void *right)
{
    const child *a = left, *b = right;

    if (a->count->starts != b->count->starts)
        return a->count->starts > b->count->starts ? -1 : 1;
    return (a->count->key > b->count->key) - (a->count->key < b->count->key);
}

static size_t list_children(child *out, const tree_making *m, size_t from, size_t end, uint32_t level)
{
    size_t n = 0;

    for (size_t i = from; i < end; i++) {
        if (length_of(m->sorted[i].key) != level)
            continue;
        if (n)
            out[n - 1].end = i;
        out[n++] = (child){i, end, &m->sorted[i]};
    }
    if (n)
        qsort(out, n, sizeof *out, by_starts);
    return n;
}

/* At least so many customers are in the rest. With several starts a customer may be in more than one path. */
static uint64_t rest_customers(const child *children, size_t from, size_t n, bool each)
{
    uint64_t rest = 0;

    for (size_t i = from; i < n; i++) {
        uint64_t customers = children[i].count->customers;
        rest = each ? (customers > rest ? customers : rest) : rest + customers;
    }
    return rest;
}

/* How many may be shown: each of enough customers, and the rest of nobody or enough. Sorts those first. */
static size_t choose(child *children, size_t n, const pt_path_shown *s)
{
    size_t shown = 0;

    for (size_t i = 0; i < n; i++) {
        if (children[i].count->customers < s->min_group)
            continue;
        child c = children[i];
        memmove(children + shown + 1, children + shown, (i - shown) * sizeof c);
        children[shown++] = c;
    }
    while (shown && shown < n && rest_customers(children, shown, n, s->each) < s->min_group)
        shown--;
    return shown;
}

static uint32_t add_node(tree_making *m, uint32_t level, uint32_t parent, const pt_path_count *c)
{
    m->nodes[m->n_nodes] = (pt_path_node){level, parent, label_at(c->key, level), c->starts, c->customers};
    return (uint32_t)m->n_nodes++;
}

/* `hidden`: the size of the parent is not told, so that what is told below it may not add up to it. */
static void add_children(tree_making *m, uint32_t parent, uint32_t level, size_t from, size_t end, bool hidden)
{
    child children[256];
    size_t n = list_children(children, m, from, end, level), shown = choose(children, n, m->shown);
    uint64_t rest = rest_customers(children, shown, n, m->shown->each);
    bool most = n && shown == 0 && children[0].count->customers >= m->shown->min_group &&
                rest_customers(children, 1, n, m->shown->each) > 0;

    shown = most ? 1 : shown;
    shown -= hidden && shown == n && n > 0;
    for (size_t i = 0; i < shown; i++) {
        uint32_t node = add_node(m, level, parent, children[i].count);
        if (most)
            m->nodes[node].starts = m->nodes[node].customers = PT_HIDDEN;
        if (level < PT_PATH_MOST_STEPS)
            add_children(m, node, level + 1, children[i].at + 1, children[i].end, most);
    }
    if (shown == n)
        return;
    pt_path_node line = {.level = level, .parent = parent, .label = m->shown->rest};
    for (size_t i = shown; i < n; i++)
        line.starts += children[i].count->starts;
    line.customers = m->shown->each ? PT_HIDDEN : rest;
    if (most || hidden || rest < m->shown->min_group)
        line.starts = line.customers = PT_HIDDEN;
    m->nodes[m->n_nodes++] = line;
}

/* --- links ------------------------------------------------------------------------------------------------------------------- */

static int by_ends(const void *left, const void *right)
{
    const pt_path_link *a = left, *b = right;

    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return (a->to > b->to) - (a->to < b->to);
}

static int by_weight(const void *left, const void *right)
{
    const pt_path_link *a = left, *b = right;

    if (a->level != b->level)
        return a->level < b->level ? -1 : 1;
    if (a->starts != b->starts)
        return a->starts > b->starts ? -1 : 1;
    return by_ends(left, right);
}

static pt_rc make_links(pt_path_tree *out, pt_arena *arena, pt_err *err)
{
    pt_path_link *links = PT_NEW_ARRAY(arena, pt_path_link, out->n_nodes);
    size_t n = 0, kept = 0;

    if (!links)
        return pt_fail_nomem(err, "the paths");
    for (size_t i = 0; i < out->n_nodes; i++) {
        const pt_path_node *node = &out->nodes[i];
        uint32_t from = node->parent == UINT32_MAX ? UINT32_MAX : out->nodes[node->parent].label;
        if (node->starts != PT_HIDDEN)
            links[n++] = (pt_path_link){node->level, from, node->label, node->starts};
    }
    if (n)
        qsort(links, n, sizeof *links, by_ends);
    for (size_t i = 0; i < n; i++) {
        if (kept && by_ends(&links[kept - 1], &links[i]) == 0)
            links[kept - 1].starts += links[i].starts;
        else
            links[kept++] = links[i];
    }
    if (kept)
        qsort(links, kept, sizeof *links, by_weight);
    out->links = links;
    out->n_links = kept;
    return PT_OK;
}

pt_rc pt_path_tree_make(pt_path_tree *out, pt_path_counts *c, const pt_path_shown *shown, pt_arena *arena, pt_err *err)
{
    tree_making m = {.shown = shown};

    *out = (pt_path_tree){0};
    m.sorted = pt_zalloc(c->n, sizeof *m.sorted);
    m.nodes = PT_NEW_ARRAY(arena, pt_path_node, 2 * c->n + 1);
    if (!m.sorted || !m.nodes) {
        free(m.sorted);
        return pt_fail_nomem(err, "the paths");
    }
    for (size_t i = 0; i < c->cap; i++)
        if (c->items[i].key)
            m.sorted[m.n++] = c->items[i];
    if (m.n)
        qsort(m.sorted, m.n, sizeof *m.sorted, by_key);
    add_children(&m, UINT32_MAX, 1, 0, m.n, false);
    free(m.sorted);
    out->nodes = m.nodes;
    out->n_nodes = m.n_nodes;
    return make_links(out, arena, err);
}
