/* The resident graph against the whole one: after every operation, groups, ids, homes and forwards are those of a resolve from
 * the state before. */
#include "identity/live.h"

#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

enum { TYPES = 3, VALUES = 6, NODES = TYPES * VALUES, BONDS = 60, CUSTOMERS = 4000 };

static const char *const names[TYPES] = {"user", "phone", "device"};
static pt_err err;

/* What both are told. Node k is value k % VALUES of type k / VALUES. */
typedef struct world {
    pt_id_type types[TYPES];
    uint32_t max_component;
    bool seen[NODES];
    struct bond {
        bool link;
        pt_id_decision kind;
        int a, b;
        double score;
        uint32_t number, name;
    } bonds[BONDS];
    int n_bonds;
    /* the state before, of the whole resolve */
    uint32_t home[NODES], forward[CUSTOMERS], n_customers;
    uint32_t ordinal[NODES];
} world;

static pt_sv value_of(int node, char buf[8])
{
    return (pt_sv){buf, (size_t)snprintf(buf, 8, "v%d", node % VALUES)};
}

static void observe(pt_identity *g, const world *w, uint32_t node_of[NODES])
{
    char buf[16];

    for (uint32_t c = 0; c < w->n_customers; c++) {
        int len = snprintf(buf, sizeof buf, "C%07u", c + 1);
        CHECK_OK(pt_identity_add_customer(g, (pt_sv){buf, (size_t)len}, 1, w->forward[c], &err));
    }
    for (int i = 0; i < NODES; i++) {
        uint32_t type = (uint32_t)(i / VALUES);
        if (w->home[i] != PT_ID_NONE)
            CHECK_OK(pt_identity_add_node(g, type, value_of(i, buf), w->home[i], &err));
        if (w->seen[i])
            CHECK_OK(pt_identity_see(g, type, value_of(i, buf), &node_of[i], &err));
        else
            CHECK_OK(pt_identity_name(g, type, value_of(i, buf), &node_of[i], &err));
    }
    for (int i = 0; i < w->n_bonds; i++) {
        const struct bond *b = &w->bonds[i];
        if (b->link)
            CHECK_OK(pt_identity_link(g, node_of[b->a], node_of[b->b], b->score, b->number, &err));
        else
            CHECK_OK(pt_identity_decide(g, b->kind, node_of[b->a], node_of[b->b], b->number, &err));
    }
}

static void resolve_whole(world *w)
{
    uint32_t node_of[NODES];
    const pt_id_result *r;
    pt_identity *g;

    CHECK_OK(pt_identity_new(&g, &(pt_id_options){w->types, TYPES, w->max_component}, &err));
    observe(g, w, node_of);
    CHECK_OK(pt_identity_resolve(&r, g, 2, &err));
    w->n_customers = r->n_customers;
    CHECK(r->n_customers < CUSTOMERS);
    for (uint32_t c = 0; c < r->n_customers; c++)
        w->forward[c] = r->forward[c];
    for (int i = 0; i < NODES; i++) {
        w->home[i] = r->node_home[node_of[i]];
        w->ordinal[i] = r->node_ordinal[node_of[i]];
    }
    pt_identity_free(g);
}

static void compare(const pt_live *l, const world *w, const uint32_t node_of[NODES])
{
    char id[16];

    CHECK_INT(pt_live_customers(l), w->n_customers);
    for (uint32_t c = 0; c < w->n_customers; c++) {
        CHECK_INT(pt_live_forward(l, c), w->forward[c]);
        snprintf(id, sizeof id, "C%07u", c + 1);
        CHECK_STR(pt_live_id(l, c)->text, id);
    }
    for (int i = 0; i < NODES; i++) {
        CHECK_INT(pt_live_ordinal(l, node_of[i]), w->ordinal[i]);
        CHECK_INT(pt_live_home(l, node_of[i]), w->home[i]);
    }
}

static void random_rules(world *w, pt_rng *rng)
{
    *w = (world){0};
    for (int t = 0; t < TYPES; t++)
        w->types[t] = (pt_id_type){names[t], t + 1, pt_rng_below(rng, 3) ? 0 : 1 + (uint32_t)pt_rng_below(rng, 2)};
    w->max_component = pt_rng_below(rng, 2) ? 3 + (uint32_t)pt_rng_below(rng, 8) : 0;
    for (int i = 0; i < NODES; i++)
        w->home[i] = w->ordinal[i] = PT_ID_NONE;
}

static void random_bond(pt_live *l, world *w, const uint32_t node_of[NODES], uint32_t number, pt_rng *rng)
{
    static const double scores[] = {1, 1, 1, 0.9, 0.5};
    struct bond b = {.link = pt_rng_below(rng, 4) != 0,
                     .kind = (pt_id_decision)pt_rng_below(rng, 3),
                     .a = (int)pt_rng_below(rng, NODES),
                     .b = (int)pt_rng_below(rng, NODES),
                     .score = scores[pt_rng_below(rng, 5)],
                     .number = number};

    if (w->n_bonds == BONDS || (b.a == b.b && !b.link && b.kind == PT_ID_DIFFERENT))
        return;
    if (b.link && !(w->seen[b.a] && w->seen[b.b]))
        return;
    if (b.link)
        CHECK_OK(pt_live_link(l, node_of[b.a], node_of[b.b], b.score, b.number, &b.name, &err));
    else
        CHECK_OK(pt_live_decide(l, b.kind, node_of[b.a], node_of[b.b], b.number, &b.name, &err));
    w->bonds[w->n_bonds++] = b;
}

static void random_step(pt_live *l, world *w, const uint32_t node_of[NODES], uint32_t step, pt_rng *rng)
{
    char buf[8];
    uint64_t dice = pt_rng_below(rng, 10);

    if (dice < 4 && w->n_bonds) {
        int at = (int)pt_rng_below(rng, (uint64_t)w->n_bonds);
        CHECK_OK(pt_live_undo(l, w->bonds[at].name, &err));
        w->bonds[at] = w->bonds[--w->n_bonds];
    } else if (dice == 4) {
        int node = (int)pt_rng_below(rng, NODES);
        uint32_t number;
        CHECK_OK(pt_live_see(l, (uint32_t)(node / VALUES), value_of(node, buf), &number, &err));
        CHECK_INT(number, node_of[node]);
        w->seen[node] = true;
    } else {
        random_bond(l, w, node_of, 1 + step / 3, rng);
    }
}

/* Some identifiers have had customers, whether or not they are seen now. */
static void random_past(pt_live *l, world *w, pt_rng *rng)
{
    char buf[16];

    for (w->n_customers = 0; w->n_customers < 6; w->n_customers++) {
        int len = snprintf(buf, sizeof buf, "C%07u", w->n_customers + 1);
        w->forward[w->n_customers] = w->n_customers;
        CHECK_OK(pt_live_add_customer(l, (pt_sv){buf, (size_t)len}, 1, w->n_customers, &err));
    }
    for (int i = 0; i < NODES; i++) {
        if (pt_rng_below(rng, 2))
            continue;
        w->home[i] = (uint32_t)pt_rng_below(rng, w->n_customers);
        CHECK_OK(pt_live_add_node(l, (uint32_t)(i / VALUES), value_of(i, buf), w->home[i], &err));
    }
}

static pt_live *start(world *w, uint32_t node_of[NODES], pt_rng *rng)
{
    pt_live *l;
    char buf[8];

    random_rules(w, rng);
    CHECK_OK(pt_live_new(&l, &(pt_id_options){w->types, TYPES, w->max_component}, &err));
    if (pt_rng_below(rng, 2))
        random_past(l, w, rng);
    for (int i = 0; i < NODES; i++) {
        w->seen[i] = pt_rng_below(rng, 4) != 0;
        if (w->seen[i])
            CHECK_OK(pt_live_see(l, (uint32_t)(i / VALUES), value_of(i, buf), &node_of[i], &err));
        else
            CHECK_OK(pt_live_name(l, (uint32_t)(i / VALUES), value_of(i, buf), &node_of[i], &err));
    }
    for (uint32_t n = (uint32_t)pt_rng_below(rng, 12); n > 0; n--)
        random_bond(l, w, node_of, 1, rng);
    CHECK_OK(pt_live_start(l, 2, &err));
    resolve_whole(w);
    return l;
}

TEST(identity_live__is_the_whole_graph_settled_after_every_operation)
{
    static world w;

    for (uint64_t seed = 0; seed < 150; seed++) {
        uint32_t node_of[NODES];
        pt_rng rng;
        pt_rng_seed(&rng, seed);
        pt_live *l = start(&w, node_of, &rng);
        compare(l, &w, node_of);
        for (uint32_t step = 0; step < 80; step++) {
            random_step(l, &w, node_of, step, &rng);
            resolve_whole(&w);
            compare(l, &w, node_of);
        }
        pt_live_free(l);
    }
}

TEST(identity_live__says_whose_customer_changed)
{
    static const pt_id_type types[] = {{"user", 1, 0}};
    uint32_t a, b, c, bond;
    pt_live *l;

    CHECK_OK(pt_live_new(&l, &(pt_id_options){types, 1, 0}, &err));
    CHECK_OK(pt_live_see(l, 0, PT_SV("a"), &a, &err));
    CHECK_OK(pt_live_see(l, 0, PT_SV("b"), &b, &err));
    CHECK_OK(pt_live_start(l, 1, &err));
    CHECK_OK(pt_live_see(l, 0, PT_SV("c"), &c, &err));
    CHECK_INT(pt_live_changed(l).n_nodes, 1);
    CHECK_INT(pt_live_changed(l).nodes[0], c);
    CHECK_OK(pt_live_decide(l, PT_ID_SAME, c, b, 1, &bond, &err));
    CHECK_INT(pt_live_changed(l).n_nodes, 1);
    CHECK_INT(pt_live_changed(l).nodes[0], c);
    CHECK_INT(pt_live_changed(l).n_touched, 2);
    CHECK_INT(pt_live_ordinal(l, c), 1);
    CHECK_INT(pt_live_forward(l, 2), 1);
    CHECK_OK(pt_live_undo(l, bond, &err));
    CHECK_INT(pt_live_ordinal(l, c), 2);
    CHECK_INT(pt_live_forward(l, 2), 2);
    CHECK_INT(pt_live_find(l, 0, PT_SV("b")), b);
    CHECK_INT(pt_live_find(l, 0, PT_SV("z")), PT_ID_NONE);
    CHECK_INT(pt_live_link(l, a, b, 2, 1, &bond, &err), PT_EINVAL);
    CHECK_INT(pt_live_decide(l, PT_ID_DIFFERENT, a, a, 1, &bond, &err), PT_EINVAL);
    pt_live_free(l);
}

/* --- replay ------------------------------------------------------------------------------------------------------- */

static void remember(uint32_t ordinals[NODES], const pt_live *l, const uint32_t node_of[NODES])
{
    for (int i = 0; i < NODES; i++)
        ordinals[i] = pt_live_ordinal(l, node_of[i]);
}

static bool same_groups(const uint32_t *x, const uint32_t *y)
{
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < i; k++)
            if ((x[i] == x[k]) != (y[i] == y[k]))
                return false;
    return true;
}

/* Undone, all is in the groups of before, decided again in those of after. Where a merge parts nobody, ids are those of before,
 * too; and what came apart once comes apart the same way again. */
TEST(identity_replay__a_decision_undone_and_made_again_gives_the_same_customers)
{
    static world w;
    int ids_kept = 0;

    for (uint64_t seed = 0; seed < 3000; seed++) {
        uint32_t node_of[NODES], before[NODES], with[NODES], without[NODES], again[NODES], customers, name;
        pt_rng rng;
        pt_rng_seed(&rng, seed);
        pt_live *l = start(&w, node_of, &rng);
        int a = (int)pt_rng_below(&rng, NODES), b = (int)pt_rng_below(&rng, NODES);
        pt_id_decision kind = (pt_id_decision)pt_rng_below(&rng, 3);
        if (a != b && w.seen[a] && w.seen[b]) {
            remember(before, l, node_of);
            customers = pt_live_customers(l);
            CHECK_OK(pt_live_decide(l, kind, node_of[a], node_of[b], 99, &name, &err));
            remember(with, l, node_of);
            bool parts = pt_live_customers(l) != customers;
            for (int i = 0; i < NODES; i++)
                for (int k = 0; k < i; k++)
                    parts |= w.seen[i] && w.seen[k] && before[i] == before[k] && with[i] != with[k];
            CHECK_OK(pt_live_undo(l, name, &err));
            remember(without, l, node_of);
            CHECK_OK(pt_live_decide(l, kind, node_of[a], node_of[b], 99, &name, &err));
            remember(again, l, node_of);
            CHECK(same_groups(before, without));
            CHECK(same_groups(with, again));
            if (!parts)
                CHECK(memcmp(before, without, sizeof before) == 0 && memcmp(with, again, sizeof with) == 0);
            ids_kept += !parts;
        }
        pt_live_free(l);
    }
    CHECK(ids_kept > 500);
}
