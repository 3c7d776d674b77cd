#include <stdlib.h>

#include "eval/plan.h"

static size_t locate(const plan_memo *m, const pt_node *node, uint64_t hash)
{
    for (size_t at = hash & (m->cap - 1);; at = (at + 1) & (m->cap - 1)) {
        const struct plan_memo_item *item = &m->items[at];
        if (!item->node || (item->hash == hash && item->node->level == node->level && pt_node_equal(item->node, node)))
            return at;
    }
}

static bool grow(plan_memo *m)
{
    plan_memo wider = {.cap = m->cap ? m->cap * 2 : 64};

    wider.items = pt_zalloc(wider.cap, sizeof *wider.items);
    if (!wider.items)
        return false;
    for (size_t i = 0; i < m->cap; i++)
        if (m->items[i].node)
            plan_memo_put(&wider, m->items[i].node, m->items[i].id);
    free(m->items);
    *m = wider;
    return true;
}

size_t plan_memo_find(plan_memo *m, const pt_node *node)
{
    if (m->n * 2 >= m->cap && !grow(m))
        return SIZE_MAX;
    return locate(m, node, pt_node_hash(node));
}

void plan_memo_put(plan_memo *m, const pt_node *node, uint32_t id)
{
    uint64_t hash = pt_node_hash(node);
    size_t at = locate(m, node, hash);

    m->n += !m->items[at].node;
    m->items[at] = (struct plan_memo_item){.node = node, .hash = hash, .id = id};
}

void plan_memo_free(plan_memo *m)
{
    free(m->items);
    *m = (plan_memo){0};
}
