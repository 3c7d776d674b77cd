/* The graph as it is observed: identifiers numbered in order of appearance, edges in a list, customers of earlier
 * builds. */
#include <math.h>
#include <stdlib.h>

#include "identity/graph_int.h"

static int stronger(const pt_id_type *a, const pt_id_type *b)
{
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    return strcmp(a->name, b->name);
}

/* Insertion sort: there are a handful of types. */
static void rank_types(pt_identity *g)
{
    for (size_t t = 0; t < g->n_types; t++) {
        size_t at = t;
        for (; at > 0 && stronger(&g->types[t], &g->types[g->type_of_rank[at - 1]]) < 0; at--)
            g->type_of_rank[at] = g->type_of_rank[at - 1];
        g->type_of_rank[at] = (uint8_t)t;
    }
    for (size_t r = 0; r < g->n_types; r++)
        g->rank[g->type_of_rank[r]] = (uint8_t)r;
}

static bool copy_types(pt_identity *g, const pt_id_options *options)
{
    size_t n = options->n_types;

    g->types = pt_zalloc(n, sizeof *g->types);
    g->values = pt_zalloc(n, sizeof *g->values);
    g->rank = pt_zalloc(n, 1);
    g->type_of_rank = pt_zalloc(n, 1);
    if (!g->types || !g->values || !g->rank || !g->type_of_rank)
        return false;
    g->n_types = n;
    for (size_t t = 0; t < n; t++) {
        g->types[t] = options->types[t];
        g->types[t].name = strdup(options->types[t].name);
        g->values[t].texts = pt_intern_new();
        if (!g->types[t].name || !g->values[t].texts) {
            g->n_types = t + 1;
            return false;
        }
    }
    return true;
}

pt_rc pt_identity_new(pt_identity **out, const pt_id_options *options, pt_err *err)
{
    pt_identity *g;

    *out = NULL;
    if (options->n_types == 0 || options->n_types > PT_ID_TYPES_MAX)
        return pt_fail(err, PT_EINVAL, "%zu identifier types; there may be 1 to %d", options->n_types, PT_ID_TYPES_MAX);
    g = pt_zalloc(1, sizeof *g);
    if (!g || !copy_types(g, options)) {
        pt_identity_free(g);
        return pt_fail_nomem(err, "the identity graph");
    }
    g->max_component = options->max_component ? options->max_component : UINT32_MAX;
    rank_types(g);
    *out = g;
    return PT_OK;
}

void pt_identity_free(pt_identity *g)
{
    if (!g)
        return;
    for (size_t t = 0; t < g->n_types; t++) {
        free((char *)g->types[t].name);
        pt_intern_free(g->values[t].texts);
        free(g->values[t].node);
    }
    free(g->types);
    free(g->values);
    free(g->rank);
    free(g->type_of_rank);
    free(g->nodes);
    free(g->home);
    free(g->edges);
    free(g->decisions);
    free(g->facts);
    free(g->ids);
    free(g->born);
    free(g->forward);
    free(g->node_at);
    free(g->place);
    free(g->root);
    free(g->ordinal);
    free(g->refused);
    free(g);
}

pt_rc pt_identity_add_customer(pt_identity *g, pt_sv id, uint32_t born, uint32_t forward, pt_err *err)
{
    size_t n = g->n_customers;

    PT_ASSERT(!g->resolved);
    if (id.len == 0 || id.len >= PT_ID_SIZE || memchr(id.ptr, 0, id.len))
        return pt_fail(err, PT_EINVAL, "customer %zu has an id of %zu bytes; ids have 1 to %d", n, id.len,
                       PT_ID_SIZE - 1);
    if (n >= PT_ID_NONE - 1)
        return pt_fail(err, PT_EINVAL, "more than %u customers", PT_ID_NONE - 1);
    if (!pt_grow(&g->ids, &g->cap_ids, n + 1, sizeof *g->ids) ||
        !pt_grow(&g->born, &g->cap_born, n + 1, sizeof *g->born) ||
        !pt_grow(&g->forward, &g->cap_forward, n + 1, sizeof *g->forward))
        return pt_fail_nomem(err, "customers");
    memset(&g->ids[n], 0, sizeof g->ids[n]);
    memcpy(g->ids[n].text, id.ptr, id.len);
    g->born[n] = born;
    g->forward[n] = forward;
    g->n_customers++;
    return PT_OK;
}

static pt_rc new_node(pt_identity *g, uint32_t type, uint32_t code, pt_err *err)
{
    id_values *v = &g->values[type];
    size_t n = g->n_nodes;

    if (n >= PT_ID_NONE - 1)
        return pt_fail(err, PT_EINVAL, "more than %u identifiers", PT_ID_NONE - 1);
    if (!pt_grow(&v->node, &v->cap, code, sizeof *v->node) ||
        !pt_grow(&g->nodes, &g->cap_nodes, n + 1, sizeof *g->nodes) ||
        !pt_grow(&g->home, &g->cap_home, n + 1, sizeof *g->home))
        return pt_fail_nomem(err, "identifiers");
    v->node[code - 1] = (uint32_t)n;
    g->nodes[n] = (id_node){.code = code, .type = (uint8_t)type};
    g->home[n] = PT_ID_NONE;
    g->n_nodes++;
    return PT_OK;
}

static pt_rc find_or_add(pt_identity *g, uint32_t type, pt_sv value, uint32_t *node, pt_err *err)
{
    id_values *v;
    uint32_t before, code;

    PT_ASSERT(!g->resolved);
    PT_ASSERT(type < g->n_types);
    v = &g->values[type];
    before = pt_intern_count(v->texts);
    code = pt_intern_add(v->texts, value);
    if (!code)
        return pt_fail_nomem(err, "identifiers");
    if (code > before)
        PT_TRY(new_node(g, type, code, err));
    *node = v->node[code - 1];
    return PT_OK;
}

bool pt_identity_find(const pt_identity *g, uint32_t type, pt_sv value, uint32_t *node)
{
    PT_ASSERT(type < g->n_types);
    const id_values *v = &g->values[type];
    uint32_t code = pt_intern_find(v->texts, value);

    if (code)
        *node = v->node[code - 1];
    return code != 0;
}

pt_rc pt_identity_add_node(pt_identity *g, uint32_t type, pt_sv value, uint32_t home, pt_err *err)
{
    uint32_t node = 0;

    if (home >= g->n_customers)
        return pt_fail(err, PT_EINVAL, "an identifier belongs to customer number %u, and there are %zu", home,
                       g->n_customers);
    PT_TRY(find_or_add(g, type, value, &node, err));
    g->home[node] = home;
    return PT_OK;
}

pt_rc pt_identity_see(pt_identity *g, uint32_t type, pt_sv value, uint32_t *node, pt_err *err)
{
    PT_TRY(find_or_add(g, type, value, node, err));
    g->nodes[*node].seen = true;
    return PT_OK;
}

pt_rc pt_identity_link(pt_identity *g, uint32_t a, uint32_t b, double score, uint32_t since, pt_err *err)
{
    PT_ASSERT(!g->resolved);
    PT_ASSERT(a < g->n_nodes && b < g->n_nodes && g->nodes[a].seen && g->nodes[b].seen);
    if (!(score >= 0 && score <= 1))
        return pt_fail(err, PT_EINVAL, "a link between identifiers has the score %g; scores are 0 to 1", score);
    if (a == b)
        return PT_OK;
    if (!pt_grow(&g->edges, &g->cap_edges, g->n_edges + 1, sizeof *g->edges))
        return pt_fail_nomem(err, "links between identifiers");
    g->edges[g->n_edges++] = (id_edge){a, b, since, (float)score};
    return PT_OK;
}

pt_rc pt_identity_name(pt_identity *g, uint32_t type, pt_sv value, uint32_t *node, pt_err *err)
{
    return find_or_add(g, type, value, node, err);
}

pt_rc pt_identity_decide(pt_identity *g, pt_id_decision kind, uint32_t a, uint32_t b, uint32_t number, pt_err *err)
{
    PT_ASSERT(!g->resolved);
    PT_ASSERT(a < g->n_nodes && b < g->n_nodes);
    if (a == b && kind == PT_ID_DIFFERENT)
        return pt_fail(err, PT_EINVAL, "decision %u says that an identifier is different from itself", number);
    if (a == b && kind == PT_ID_SAME)
        return PT_OK;
    if (!pt_grow(&g->decisions, &g->cap_decisions, g->n_decisions + 1, sizeof *g->decisions))
        return pt_fail_nomem(err, "decisions");
    g->decisions[g->n_decisions++] = (id_decision){a, b, number, (uint8_t)kind};
    return PT_OK;
}

pt_rc pt_identity_fact(pt_identity *g, uint32_t node, uint32_t attribute, uint64_t value, pt_err *err)
{
    PT_ASSERT(!g->resolved);
    PT_ASSERT(node < g->n_nodes && attribute < PT_ID_ATTRIBUTES_MAX);
    if (!pt_grow(&g->facts, &g->cap_facts, g->n_facts + 1, sizeof *g->facts))
        return pt_fail_nomem(err, "what is known of identifiers");
    g->facts[g->n_facts++] = (id_fact){node, attribute, value};
    return PT_OK;
}

pt_sv pt_identity_node_value(const pt_identity *g, uint32_t node, uint32_t *type)
{
    const id_node *n = &g->nodes[node];

    if (type)
        *type = n->type;
    return pt_dict_text(pt_intern_dict(g->values[n->type].texts), n->code);
}

pt_rc pt_identity_resolve(const pt_id_result **out, pt_identity *g, uint32_t build, pt_err *err)
{
    *out = NULL;
    PT_ASSERT(!g->resolved);
    for (size_t i = 0; i < g->n_customers; i++)
        if (g->forward[i] >= g->n_customers)
            return pt_fail(err, PT_EINVAL, "customer number %zu forwards to %u, and there are %zu", i, g->forward[i],
                           g->n_customers);
    PT_TRY(id_order_nodes(g, err));
    PT_TRY(id_settle(g, err));
    PT_TRY(id_assign(g, build, err));
    g->resolved = true;
    *out = &g->result;
    return PT_OK;
}
