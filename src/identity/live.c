/* Links and decisions are bonds: each is in a list of either end's. What an operation changes is the component of its ends,
 * found by walking bonds. It is settled by pt_identity_resolve on a graph of nothing else, which gives what it would give on
 * the whole: links and decisions of a component decide its groups alone; and since all seen identifiers of one home are in one
 * group once a state is settled, they decide the ids of its customers alone, too. */
#include "identity/live.h"

#include <stdlib.h>

#include "identity/graph_int.h"

typedef enum bond_kind { BOND_FREE, BOND_LINK, BOND_SAME, BOND_DIFFERENT, BOND_PIN } bond_kind;

typedef struct live_bond {
    uint32_t end[2];
    uint32_t next[2],
        before[2];   /* in the lists of the ends; PT_ID_NONE. A bond of a node with itself is only in the first */
    uint32_t number; /* of a decision; since when, of a link */
    float score;
    uint8_t kind;
} live_bond;

typedef struct live_node {
    uint32_t code; /* of the value, among those of its type */
    uint8_t type;
    bool seen;
    uint32_t first;         /* bond, or PT_ID_NONE */
    uint32_t home, ordinal; /* PT_ID_NONE: none */
    uint32_t visit;         /* the last walk that came by */
    uint32_t place;         /* among what that walk found */
} live_node;

typedef struct live_customer {
    pt_id_text id;
    uint32_t born, forward;
    uint32_t seat; /* any node that was seen and had it as home when last looked at; PT_ID_NONE */
} live_customer;

struct pt_live {
    pt_id_type *types; /* names owned */
    size_t n_types;
    uint32_t max_component;
    id_values *values; /* by type */
    live_node *nodes;
    size_t n_nodes, cap_nodes;
    live_bond *bonds;
    size_t n_bonds, cap_bonds;
    uint32_t first_free; /* bond; the others follow in next[0] */
    live_customer *customers;
    size_t n_customers, cap_customers;
    uint32_t build, walk;
    bool started;

    uint32_t *found; /* by place: nodes of the walk at hand */
    size_t n_found, cap_found;
    uint32_t *owners; /* customers that are home of one of them, rising */
    size_t n_owners, cap_owners;
    uint32_t *number; /* by place: node of the small graph */
    size_t cap_number;
    uint32_t *changed;
    size_t n_changed, cap_changed;
};

/* --- making ------------------------------------------------------------------------------------------------------- */

static bool copy_types(pt_live *l, const pt_id_options *options)
{
    l->types = pt_zalloc(options->n_types, sizeof *l->types);
    l->values = pt_zalloc(options->n_types, sizeof *l->values);
    if (!l->types || !l->values)
        return false;
    for (size_t t = 0; t < options->n_types; t++, l->n_types++) {
        l->types[t] = options->types[t];
        l->types[t].name = strdup(options->types[t].name);
        l->values[t].texts = pt_intern_new();
        if (!l->types[t].name || !l->values[t].texts) {
            l->n_types++;
            return false;
        }
    }
    return true;
}

pt_rc pt_live_new(pt_live **out, const pt_id_options *options, pt_err *err)
{
    pt_live *l;

    *out = NULL;
    if (options->n_types == 0 || options->n_types > PT_ID_TYPES_MAX)
        return pt_fail(err, PT_EINVAL, "%zu identifier types; there may be 1 to %d", options->n_types, PT_ID_TYPES_MAX);
    l = pt_zalloc(1, sizeof *l);
    if (!l || !copy_types(l, options)) {
        pt_live_free(l);
        return pt_fail_nomem(err, "the identity graph");
    }
    l->max_component = options->max_component;
    l->first_free = PT_ID_NONE;
    *out = l;
    return PT_OK;
}

void pt_live_free(pt_live *l)
{
    if (!l)
        return;
    for (size_t t = 0; t < l->n_types; t++) {
        free((char *)l->types[t].name);
        pt_intern_free(l->values[t].texts);
        free(l->values[t].node);
    }
    free(l->types);
    free(l->values);
    free(l->nodes);
    free(l->bonds);
    free(l->customers);
    free(l->found);
    free(l->owners);
    free(l->number);
    free(l->changed);
    free(l);
}

pt_rc pt_live_add_customer(pt_live *l, pt_sv id, uint32_t born, uint32_t forward, pt_err *err)
{
    PT_ASSERT(!l->started);
    if (id.len == 0 || id.len >= PT_ID_SIZE || memchr(id.ptr, 0, id.len))
        return pt_fail(err, PT_EINVAL, "customer %zu has an id of %zu bytes; ids have 1 to %d", l->n_customers, id.len,
                       PT_ID_SIZE - 1);
    if (!pt_grow(&l->customers, &l->cap_customers, l->n_customers + 1, sizeof *l->customers))
        return pt_fail_nomem(err, "customers");
    live_customer *c = &l->customers[l->n_customers++];
    *c = (live_customer){.born = born, .forward = forward, .seat = PT_ID_NONE};
    memcpy(c->id.text, id.ptr, id.len);
    return PT_OK;
}

static pt_rc new_node(pt_live *l, uint32_t type, uint32_t code, pt_err *err)
{
    id_values *v = &l->values[type];
    size_t n = l->n_nodes;

    if (n >= PT_ID_NONE - 1)
        return pt_fail(err, PT_EINVAL, "more than %u identifiers", PT_ID_NONE - 1);
    if (!pt_grow(&v->node, &v->cap, code, sizeof *v->node) ||
        !pt_grow(&l->nodes, &l->cap_nodes, n + 1, sizeof *l->nodes))
        return pt_fail_nomem(err, "identifiers");
    v->node[code - 1] = (uint32_t)n;
    l->nodes[n] = (live_node){
        .code = code, .type = (uint8_t)type, .first = PT_ID_NONE, .home = PT_ID_NONE, .ordinal = PT_ID_NONE};
    l->n_nodes++;
    return PT_OK;
}

pt_rc pt_live_name(pt_live *l, uint32_t type, pt_sv value, uint32_t *node, pt_err *err)
{
    id_values *v;
    uint32_t before, code;

    PT_ASSERT(type < l->n_types);
    v = &l->values[type];
    before = pt_intern_count(v->texts);
    code = pt_intern_add(v->texts, value);
    if (!code)
        return pt_fail_nomem(err, "identifiers");
    if (code > before)
        PT_TRY(new_node(l, type, code, err));
    *node = v->node[code - 1];
    return PT_OK;
}

pt_rc pt_live_add_node(pt_live *l, uint32_t type, pt_sv value, uint32_t home, pt_err *err)
{
    uint32_t node = 0;

    PT_ASSERT(!l->started);
    if (home >= l->n_customers)
        return pt_fail(err, PT_EINVAL, "an identifier belongs to customer number %u, and there are %zu", home,
                       l->n_customers);
    PT_TRY(pt_live_name(l, type, value, &node, err));
    l->nodes[node].home = home;
    return PT_OK;
}

/* --- bonds -------------------------------------------------------------------------------------------------------- */

static unsigned side_of(const live_bond *b, uint32_t node)
{
    return b->end[0] == node ? 0 : 1;
}

static void enter(pt_live *l, uint32_t bond, unsigned side)
{
    live_bond *b = &l->bonds[bond];
    live_node *n = &l->nodes[b->end[side]];

    b->before[side] = PT_ID_NONE;
    b->next[side] = n->first;
    if (n->first != PT_ID_NONE)
        l->bonds[n->first].before[side_of(&l->bonds[n->first], b->end[side])] = bond;
    n->first = bond;
}

static void leave(pt_live *l, uint32_t bond, unsigned side)
{
    live_bond *b = &l->bonds[bond];
    uint32_t node = b->end[side], next = b->next[side], before = b->before[side];

    if (before == PT_ID_NONE)
        l->nodes[node].first = next;
    else
        l->bonds[before].next[side_of(&l->bonds[before], node)] = next;
    if (next != PT_ID_NONE)
        l->bonds[next].before[side_of(&l->bonds[next], node)] = before;
}

static void tie(pt_live *l, uint32_t bond)
{
    enter(l, bond, 0);
    if (l->bonds[bond].end[0] != l->bonds[bond].end[1])
        enter(l, bond, 1);
}

static void untie(pt_live *l, uint32_t bond)
{
    leave(l, bond, 0);
    if (l->bonds[bond].end[0] != l->bonds[bond].end[1])
        leave(l, bond, 1);
}

static pt_rc take_bond(uint32_t *out, pt_live *l, live_bond what, pt_err *err)
{
    if (l->first_free != PT_ID_NONE) {
        *out = l->first_free;
        l->first_free = l->bonds[*out].next[0];
    } else {
        if (l->n_bonds >= PT_ID_NONE - 1 || !pt_grow(&l->bonds, &l->cap_bonds, l->n_bonds + 1, sizeof *l->bonds))
            return pt_fail_nomem(err, "links between identifiers");
        *out = (uint32_t)l->n_bonds++;
    }
    l->bonds[*out] = what;
    tie(l, *out);
    return PT_OK;
}

static void drop_bond(pt_live *l, uint32_t bond)
{
    l->bonds[bond].kind = BOND_FREE;
    l->bonds[bond].next[0] = l->first_free;
    l->first_free = bond;
}

/* --- what hangs together ------------------------------------------------------------------------------------------ */

static pt_rc visit(pt_live *l, uint32_t node, pt_err *err)
{
    live_node *n = &l->nodes[node];

    if (n->visit == l->walk)
        return PT_OK;
    if (!pt_grow(&l->found, &l->cap_found, l->n_found + 1, sizeof *l->found))
        return pt_fail_nomem(err, "identifiers");
    n->visit = l->walk;
    n->place = (uint32_t)l->n_found;
    l->found[l->n_found++] = node;
    return PT_OK;
}

/* All that bonds but those of difference lead to. */
static pt_rc spread(pt_live *l, pt_err *err)
{
    for (size_t i = 0; i < l->n_found; i++) {
        uint32_t node = l->found[i];
        for (uint32_t at = l->nodes[node].first; at != PT_ID_NONE;) {
            const live_bond *b = &l->bonds[at];
            unsigned side = side_of(b, node);
            if (b->kind != BOND_DIFFERENT)
                PT_TRY(visit(l, b->end[1 - side], err));
            at = b->next[side];
        }
    }
    return PT_OK;
}

static void new_walk(pt_live *l)
{
    l->n_found = 0;
    if (++l->walk)
        return;
    for (size_t i = 0; i < l->n_nodes; i++) /* after 2^32 walks a node may look as if it had been met */
        l->nodes[i].visit = 0;
    l->walk = 1;
}

static int by_number(const void *left, const void *right)
{
    uint32_t x = *(const uint32_t *)left, y = *(const uint32_t *)right;

    return x < y ? -1 : x > y;
}

static pt_rc find_owners(pt_live *l, pt_err *err)
{
    size_t kept = 0;

    l->n_owners = 0;
    if (!pt_grow(&l->owners, &l->cap_owners, l->n_found + 1, sizeof *l->owners))
        return pt_fail_nomem(err, "customers");
    for (size_t i = 0; i < l->n_found; i++) {
        const live_node *n = &l->nodes[l->found[i]];
        if (n->seen && n->home != PT_ID_NONE)
            l->owners[l->n_owners++] = n->home;
    }
    if (l->n_owners)
        qsort(l->owners, l->n_owners, sizeof *l->owners, by_number);
    for (size_t i = 0; i < l->n_owners; i++)
        if (!i || l->owners[i] != l->owners[kept - 1])
            l->owners[kept++] = l->owners[i];
    l->n_owners = kept;
    return PT_OK;
}

static uint32_t local_owner(const pt_live *l, uint32_t customer, uint32_t otherwise)
{
    const uint32_t *at = l->n_owners ? bsearch(&customer, l->owners, l->n_owners, sizeof *l->owners, by_number) : NULL;

    return at ? (uint32_t)(at - l->owners) : otherwise;
}

/* --- settling it -------------------------------------------------------------------------------------------------- */

static pt_sv value_of(const pt_live *l, const live_node *n)
{
    return pt_dict_text(pt_intern_dict(l->values[n->type].texts), n->code);
}

static pt_rc observe_nodes(pt_identity *g, pt_live *l, pt_err *err)
{
    for (uint32_t i = 0; i < l->n_owners; i++) {
        const live_customer *c = &l->customers[l->owners[i]];
        PT_TRY(pt_identity_add_customer(g, pt_id_sv(&c->id), c->born, local_owner(l, c->forward, i), err));
    }
    for (size_t i = 0; i < l->n_found; i++) {
        const live_node *n = &l->nodes[l->found[i]];
        if (n->seen && n->home != PT_ID_NONE)
            PT_TRY(pt_identity_add_node(g, n->type, value_of(l, n), local_owner(l, n->home, 0), err));
        if (n->seen)
            PT_TRY(pt_identity_see(g, n->type, value_of(l, n), &l->number[i], err));
        else
            PT_TRY(pt_identity_name(g, n->type, value_of(l, n), &l->number[i], err));
    }
    return PT_OK;
}

static pt_rc observe_bond(pt_identity *g, const pt_live *l, const live_bond *b, pt_err *err)
{
    static const pt_id_decision kinds[] = {
        [BOND_SAME] = PT_ID_SAME, [BOND_DIFFERENT] = PT_ID_DIFFERENT, [BOND_PIN] = PT_ID_PIN};
    const live_node *x = &l->nodes[b->end[0]], *y = &l->nodes[b->end[1]];

    if (y->visit != l->walk) /* different, and far apart */
        return PT_OK;
    if (b->kind == BOND_LINK)
        return pt_identity_link(g, l->number[x->place], l->number[y->place], b->score, b->number, err);
    return pt_identity_decide(g, kinds[b->kind], l->number[x->place], l->number[y->place], b->number, err);
}

static pt_rc observe_bonds(pt_identity *g, const pt_live *l, pt_err *err)
{
    for (size_t i = 0; i < l->n_found; i++) {
        uint32_t node = l->found[i];
        for (uint32_t at = l->nodes[node].first; at != PT_ID_NONE;) {
            const live_bond *b = &l->bonds[at];
            unsigned side = side_of(b, node);
            if (side == 0)
                PT_TRY(observe_bond(g, l, b, err));
            at = b->next[side];
        }
    }
    return PT_OK;
}

static uint32_t global_owner(const pt_live *l, uint32_t local, uint32_t first_new)
{
    if (local == PT_ID_NONE)
        return PT_ID_NONE;
    return local < l->n_owners ? l->owners[local] : first_new + (local - (uint32_t)l->n_owners);
}

static void take_node(pt_live *l, uint32_t node, const pt_id_result *r, uint32_t local, uint32_t first_new)
{
    live_node *n = &l->nodes[node];
    uint32_t ordinal = global_owner(l, r->node_ordinal[local], first_new);

    if (!n->seen)
        return;
    if (ordinal != n->ordinal)
        l->changed[l->n_changed++] = node;
    n->ordinal = ordinal;
    n->home = global_owner(l, r->node_home[local], first_new);
    l->customers[n->home].seat = node;
}

/* From here on nothing can fail: an operation happens whole or not at all. */
static pt_rc take_result(pt_live *l, const pt_id_result *r, pt_err *err)
{
    uint32_t first_new = (uint32_t)l->n_customers, n_new = r->n_customers - (uint32_t)l->n_owners;

    if (!pt_grow(&l->customers, &l->cap_customers, l->n_customers + n_new + 1, sizeof *l->customers) ||
        !pt_grow(&l->changed, &l->cap_changed, l->n_found + 1, sizeof *l->changed))
        return pt_fail_nomem(err, "customers");
    for (uint32_t i = 0; i < n_new; i++, l->n_customers++)
        l->customers[l->n_customers] = (live_customer){.id = id_text_of((uint32_t)l->n_customers),
                                                       .born = l->build,
                                                       .forward = (uint32_t)l->n_customers,
                                                       .seat = PT_ID_NONE};
    for (uint32_t i = 0; i < l->n_owners; i++)
        l->customers[l->owners[i]].forward = global_owner(l, r->forward[i], first_new);
    l->n_changed = 0;
    for (size_t i = 0; i < l->n_found; i++)
        take_node(l, l->found[i], r, l->number[i], first_new);
    return PT_OK;
}

static pt_rc settle_found(pt_live *l, pt_err *err)
{
    pt_identity *g = NULL;
    const pt_id_result *r;

    PT_TRY(find_owners(l, err));
    if (!pt_grow(&l->number, &l->cap_number, l->n_found + 1, sizeof *l->number))
        return pt_fail_nomem(err, "identifiers");
    pt_rc rc = pt_identity_new(&g, &(pt_id_options){l->types, l->n_types, l->max_component}, err);
    if (rc == PT_OK)
        rc = observe_nodes(g, l, err);
    if (rc == PT_OK)
        rc = observe_bonds(g, l, err);
    if (rc == PT_OK)
        rc = pt_identity_resolve(&r, g, l->build, err);
    if (rc == PT_OK)
        rc = take_result(l, r, err);
    pt_identity_free(g);
    return rc;
}

/* Settles what hangs together with two nodes (or one: twice the same), and with the customer that either comes from. */
static pt_rc settle_around(pt_live *l, uint32_t a, uint32_t b, pt_err *err)
{
    const uint32_t ends[] = {a, b};

    if (!l->started)
        return PT_OK;
    new_walk(l);
    for (size_t i = 0; i < PT_COUNT(ends); i++) {
        uint32_t home = l->nodes[ends[i]].home;
        PT_TRY(visit(l, ends[i], err));
        if (home != PT_ID_NONE && l->customers[home].seat != PT_ID_NONE)
            PT_TRY(visit(l, l->customers[home].seat, err));
    }
    PT_TRY(spread(l, err));
    return settle_found(l, err);
}

/* --- operations --------------------------------------------------------------------------------------------------- */

pt_rc pt_live_see(pt_live *l, uint32_t type, pt_sv value, uint32_t *node, pt_err *err)
{
    PT_TRY(pt_live_name(l, type, value, node, err));
    if (l->nodes[*node].seen)
        return PT_OK;
    l->nodes[*node].seen = true;
    pt_rc rc = settle_around(l, *node, *node, err);
    l->nodes[*node].seen = rc == PT_OK;
    return rc;
}

static pt_rc bind(pt_live *l, live_bond what, uint32_t *bond, pt_err *err)
{
    PT_TRY(take_bond(bond, l, what, err));
    pt_rc rc = settle_around(l, what.end[0], what.end[1], err);
    if (rc != PT_OK) {
        untie(l, *bond);
        drop_bond(l, *bond);
    }
    return rc;
}

pt_rc pt_live_link(pt_live *l, uint32_t a, uint32_t b, double score, uint32_t since, uint32_t *bond, pt_err *err)
{
    PT_ASSERT(a < l->n_nodes && b < l->n_nodes && l->nodes[a].seen && l->nodes[b].seen);
    if (!(score >= 0 && score <= 1))
        return pt_fail(err, PT_EINVAL, "a link between identifiers has the score %g; scores are 0 to 1", score);
    return bind(l, (live_bond){.end = {a, b}, .number = since, .score = (float)score, .kind = BOND_LINK}, bond, err);
}

pt_rc pt_live_decide(pt_live *l, pt_id_decision kind, uint32_t a, uint32_t b, uint32_t number, uint32_t *bond,
                     pt_err *err)
{
    static const bond_kind kinds[] = {
        [PT_ID_SAME] = BOND_SAME, [PT_ID_DIFFERENT] = BOND_DIFFERENT, [PT_ID_PIN] = BOND_PIN};

    PT_ASSERT(a < l->n_nodes && b < l->n_nodes);
    if (a == b && kind == PT_ID_DIFFERENT)
        return pt_fail(err, PT_EINVAL, "decision %u says that an identifier is different from itself", number);
    return bind(l, (live_bond){.end = {a, b}, .number = number, .kind = (uint8_t)kinds[kind]}, bond, err);
}

pt_rc pt_live_undo(pt_live *l, uint32_t bond, pt_err *err)
{
    PT_ASSERT(bond < l->n_bonds && l->bonds[bond].kind != BOND_FREE);
    untie(l, bond);
    pt_rc rc = settle_around(l, l->bonds[bond].end[0], l->bonds[bond].end[1], err);
    if (rc == PT_OK)
        drop_bond(l, bond);
    else
        tie(l, bond);
    return rc;
}

pt_rc pt_live_start(pt_live *l, uint32_t build, pt_err *err)
{
    PT_ASSERT(!l->started);
    for (size_t i = 0; i < l->n_customers; i++)
        if (l->customers[i].forward >= l->n_customers)
            return pt_fail(err, PT_EINVAL, "customer number %zu forwards to %u, and there are %zu", i,
                           l->customers[i].forward, l->n_customers);
    l->build = build;
    new_walk(l);
    for (uint32_t i = 0; i < l->n_nodes; i++)
        PT_TRY(visit(l, i, err));
    PT_TRY(settle_found(l, err));
    l->started = true;
    return PT_OK;
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

pt_live_change pt_live_changed(const pt_live *l)
{
    return (pt_live_change){l->changed, l->n_changed, l->n_found};
}

uint32_t pt_live_nodes(const pt_live *l)
{
    return (uint32_t)l->n_nodes;
}

uint32_t pt_live_customers(const pt_live *l)
{
    return (uint32_t)l->n_customers;
}

uint32_t pt_live_ordinal(const pt_live *l, uint32_t node)
{
    return l->nodes[node].ordinal;
}

uint32_t pt_live_home(const pt_live *l, uint32_t node)
{
    return l->nodes[node].home;
}

uint32_t pt_live_forward(const pt_live *l, uint32_t ordinal)
{
    return l->customers[ordinal].forward;
}

const pt_id_text *pt_live_id(const pt_live *l, uint32_t ordinal)
{
    return &l->customers[ordinal].id;
}

uint32_t pt_live_find(const pt_live *l, uint32_t type, pt_sv value)
{
    uint32_t code = pt_intern_find(l->values[type].texts, value);

    return code ? l->values[type].node[code - 1] : PT_ID_NONE;
}
