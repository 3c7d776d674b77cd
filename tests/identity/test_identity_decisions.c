/* Decisions and facts: cases by hand, random graphs against docs/identity.md written down as plainly as possible, and what
 * must always hold. */
#include <stdlib.h>

#include "base/rng.h"
#include "identity/identity.h"
#include "support/test.h"

enum { TYPES = 3, VALUES = 4, NODES = TYPES * VALUES, LINKS = 30, DECISIONS = 10, ATTRIBUTES = 2, NOBODY = -1 };

/* Node k is value k % VALUES of type k / VALUES; types and values are in order of strength. */
typedef struct world {
    pt_id_type types[TYPES];
    uint32_t max_component;
    bool seen[NODES];
    int fact[NODES][ATTRIBUTES]; /* 0: none */
    struct link {
        int a, b;
        uint32_t since;
        bool sure;
    } links[LINKS];
    int n_links;
    struct decision {
        pt_id_decision kind;
        int a, b;
        uint32_t number;
    } decisions[DECISIONS];
    int n_decisions;
} world;

static pt_err err;

/* --- the model ---------------------------------------------------------------------------------------------------- */

typedef struct model {
    const world *w;
    int label[NODES];
    struct decision apart[DECISIONS];
    int n_apart;
    int refused;
    int decided[NODES]; /* labels before any link */
} model;

static void relabel(int *label, int from, int to)
{
    for (int i = 0; i < NODES; i++)
        if (label[i] == from)
            label[i] = to;
}

static uint32_t count_type(const model *m, int group, int type)
{
    uint32_t n = 0;

    for (int i = 0; i < NODES; i++)
        n += m->w->seen[i] && m->label[i] == group && (type < 0 || i / VALUES == type);
    return n;
}

static bool may_join(const model *m, int x, int y)
{
    for (int t = 0; t < TYPES; t++)
        if (m->w->types[t].limit && count_type(m, x, t) + count_type(m, y, t) > m->w->types[t].limit)
            return false;
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < NODES; k++)
            for (int f = 0; f < ATTRIBUTES; f++)
                if (m->label[i] == x && m->label[k] == y && m->w->fact[i][f] && m->w->fact[k][f] &&
                    m->w->fact[i][f] != m->w->fact[k][f])
                    return false;
    for (int i = 0; i < m->n_apart; i++) {
        int a = m->label[m->apart[i].a], b = m->label[m->apart[i].b];
        if ((a == x && b == y) || (a == y && b == x))
            return false;
    }
    return true;
}

static int by_number(const void *left, const void *right)
{
    const struct decision *x = left, *y = right;

    if (x->number != y->number)
        return x->number > y->number ? -1 : 1;
    if (x->kind != y->kind)
        return (int)x->kind - (int)y->kind;
    return x->a != y->a ? x->a - y->a : x->b - y->b;
}

static void model_decisions(model *m)
{
    struct decision all[DECISIONS];

    memcpy(all, m->w->decisions, sizeof all);
    qsort(all, (size_t)m->w->n_decisions, sizeof *all, by_number);
    for (int i = 0; i < m->w->n_decisions; i++) {
        int a = m->label[all[i].a], b = m->label[all[i].b];
        if (all[i].kind == PT_ID_DIFFERENT) {
            if (a == b)
                m->refused++;
            else
                m->apart[m->n_apart++] = all[i];
        } else if (a != b && may_join(m, a, b) &&
                   (!m->w->max_component || count_type(m, a, -1) + count_type(m, b, -1) <= m->w->max_component)) {
            relabel(m->label, b, a);
        } else if (a != b) {
            m->refused++;
        }
    }
    memcpy(m->decided, m->label, sizeof m->decided);
}

static bool is_pinned(const world *w, int node)
{
    for (int i = 0; i < w->n_decisions; i++)
        if (w->decisions[i].kind == PT_ID_PIN && (w->decisions[i].a == node || w->decisions[i].b == node))
            return true;
    return false;
}

/* All links of `node` are sure and lead into one decided group, that of `to`; no decision is about it. */
static bool is_leaf(const model *m, int node, int to)
{
    const world *w = m->w;

    for (int i = 0; i < w->n_decisions; i++)
        if (w->decisions[i].kind != PT_ID_DIFFERENT && (w->decisions[i].a == node || w->decisions[i].b == node))
            return false;
    for (int i = 0; i < w->n_links; i++) {
        const struct link *l = &w->links[i];
        int other = l->a == node ? l->b : l->a;
        if ((l->a == node || l->b == node) && (!l->sure || m->decided[other] != m->decided[to]))
            return false;
    }
    return true;
}

static bool pin_allows(const model *m, const struct link *l)
{
    bool a = is_pinned(m->w, l->a), b = is_pinned(m->w, l->b);

    if (!a && !b)
        return true;
    return (!a && is_leaf(m, l->a, l->b)) || (!b && is_leaf(m, l->b, l->a));
}

static int by_order(const void *left, const void *right)
{
    const struct link *x = left, *y = right;

    if (x->sure != y->sure)
        return x->sure ? -1 : 1;
    if (x->b / VALUES != y->b / VALUES)
        return x->b - y->b;
    if (x->a / VALUES != y->a / VALUES)
        return x->a - y->a;
    if (x->sure && x->since != y->since)
        return x->since < y->since ? -1 : 1;
    return x->a != y->a ? x->a - y->a : x->b - y->b;
}

static bool same_ends(const struct link *x, const struct link *y)
{
    return x->a == y->a && x->b == y->b;
}

/* The best of each pair. */
static int distinct_links(struct link *out, const world *w)
{
    int n = 0, k;

    for (int i = 0; i < w->n_links; i++) {
        const struct link *l = &w->links[i];
        for (k = 0; k < n && !same_ends(&out[k], l); k++)
            ;
        if (k == n)
            out[n++] = *l;
        else if (by_order(l, &out[k]) < 0)
            out[k] = *l;
    }
    qsort(out, (size_t)n, sizeof *out, by_order);
    return n;
}

static void run_model(model *m, const world *w)
{
    struct link links[LINKS];
    int n = distinct_links(links, w);
    world distinct = *w;

    memcpy(distinct.links, links, sizeof links);
    distinct.n_links = n;
    *m = (model){.w = &distinct};
    for (int i = 0; i < NODES; i++)
        m->label[i] = i;
    model_decisions(m);
    for (int i = 0; i < n; i++) {
        int a = m->label[links[i].a], b = m->label[links[i].b];
        if (a == b)
            continue;
        bool fits =
            links[i].sure || !w->max_component || count_type(m, a, -1) + count_type(m, b, -1) <= w->max_component;
        if (pin_allows(m, &links[i]) && may_join(m, a, b) && fits)
            relabel(m->label, b, a);
        else
            m->refused++;
    }
    m->w = w;
}

/* --- the real one ------------------------------------------------------------------------------------------------- */

typedef struct outcome {
    int group[NODES]; /* NOBODY when not seen */
    size_t refused;
} outcome;

static void shuffle(pt_rng *rng, int *items, int n)
{
    for (int i = 0; i < n; i++)
        items[i] = i;
    for (int i = n; i > 1; i--) {
        int k = (int)pt_rng_below(rng, (uint64_t)i), swap = items[k];
        items[k] = items[i - 1];
        items[i - 1] = swap;
    }
}

static void observe(pt_identity *g, const world *w, uint32_t node_of[NODES], pt_rng *rng)
{
    int order[LINKS];

    shuffle(rng, order, NODES);
    for (int i = 0; i < NODES; i++) {
        char text[8];
        int node = order[i];
        pt_sv value = {text, (size_t)snprintf(text, sizeof text, "v%d", node % VALUES)};
        if (w->seen[node])
            CHECK_OK(pt_identity_see(g, (uint32_t)(node / VALUES), value, &node_of[node], &err));
        else
            CHECK_OK(pt_identity_name(g, (uint32_t)(node / VALUES), value, &node_of[node], &err));
        for (uint32_t k = 0; k < ATTRIBUTES; k++)
            if (w->fact[node][k])
                CHECK_OK(pt_identity_fact(g, node_of[node], k, (uint64_t)w->fact[node][k], &err));
    }
    shuffle(rng, order, w->n_links);
    for (int i = 0; i < w->n_links; i++) {
        const struct link *l = &w->links[order[i]];
        CHECK_OK(pt_identity_link(g, node_of[l->a], node_of[l->b], l->sure ? 1 : 0.75, l->since, &err));
    }
    shuffle(rng, order, w->n_decisions);
    for (int i = 0; i < w->n_decisions; i++) {
        const struct decision *d = &w->decisions[order[i]];
        CHECK_OK(pt_identity_decide(g, d->kind, node_of[d->a], node_of[d->b], d->number, &err));
    }
}

static outcome run(const world *w, pt_rng *rng)
{
    const pt_id_result *r;
    uint32_t node_of[NODES];
    pt_identity *g;
    outcome out;

    CHECK_OK(pt_identity_new(&g, &(pt_id_options){w->types, TYPES, w->max_component}, &err));
    observe(g, w, node_of, rng);
    CHECK_OK(pt_identity_resolve(&r, g, 9, &err));
    for (int i = 0; i < NODES; i++) {
        uint32_t o = r->node_ordinal[node_of[i]];
        CHECK((o == PT_ID_NONE) == !w->seen[i]);
        out.group[i] = o == PT_ID_NONE ? NOBODY : (int)o;
    }
    out.refused = r->n_refused;
    pt_identity_free(g);
    return out;
}

/* --- random worlds ------------------------------------------------------------------------------------------------ */

static int random_node(pt_rng *rng)
{
    return (int)pt_rng_below(rng, NODES);
}

static bool random_pair(int *a, int *b, pt_rng *rng)
{
    int x = random_node(rng), y = random_node(rng);

    *a = x < y ? x : y;
    *b = x < y ? y : x;
    return x != y;
}

static void random_decisions(world *w, pt_rng *rng)
{
    for (uint64_t n = pt_rng_below(rng, DECISIONS); n > 0; n--) {
        struct decision *d = &w->decisions[w->n_decisions];
        d->kind = (pt_id_decision)pt_rng_below(rng, 3);
        d->number = (uint32_t)w->n_decisions + 1 - (w->n_decisions && pt_rng_below(rng, 3) == 0);
        if (random_pair(&d->a, &d->b, rng) || d->kind == PT_ID_PIN)
            w->n_decisions++;
    }
    /* The same decision twice is one. */
    for (int i = 0; i < w->n_decisions; i++)
        for (int k = i + 1; k < w->n_decisions; k++)
            if (by_number(&w->decisions[i], &w->decisions[k]) == 0)
                w->decisions[k--] = w->decisions[--w->n_decisions];
}

static world random_world(pt_rng *rng, uint32_t max_component)
{
    static const char *const names[TYPES] = {"a", "b", "c"};
    bool facts = pt_rng_below(rng, 2);
    world w = {.max_component = max_component};

    for (int t = 0; t < TYPES; t++)
        w.types[t] = (pt_id_type){names[t], t + 1, pt_rng_below(rng, 3) ? 0 : 1 + (uint32_t)pt_rng_below(rng, 2)};
    for (int i = 0; i < NODES; i++) {
        w.seen[i] = pt_rng_below(rng, 6) != 0;
        for (int k = 0; facts && k < ATTRIBUTES; k++)
            w.fact[i][k] = pt_rng_below(rng, 3) ? 0 : 1 + (int)pt_rng_below(rng, 2);
    }
    for (uint64_t n = pt_rng_below(rng, LINKS); n > 0; n--) {
        struct link *l = &w.links[w.n_links];
        l->since = 1 + (uint32_t)pt_rng_below(rng, 2);
        l->sure = pt_rng_below(rng, 4) != 0;
        if (random_pair(&l->a, &l->b, rng)) {
            w.seen[l->a] = w.seen[l->b] = true;
            w.n_links++;
        }
    }
    random_decisions(&w, rng);
    return w;
}

TEST(identity_decisions__agree_with_the_rules_on_random_graphs)
{
    for (uint64_t seed = 0; seed < 20000; seed++) {
        pt_rng rng;
        pt_rng_seed(&rng, seed);
        world w = random_world(&rng, 0);
        outcome got = run(&w, &rng);
        model m;
        run_model(&m, &w);
        for (int i = 0; i < NODES; i++)
            for (int k = 0; k < i; k++)
                if (w.seen[i] && w.seen[k] && (got.group[i] == got.group[k]) != (m.label[i] == m.label[k]))
                    test_fail(__FILE__, __LINE__, "seed %d: %d and %d are %s", (int)seed, i, k,
                              m.label[i] == m.label[k] ? "apart" : "together");
        CHECK_INT(got.refused, m.refused);
    }
}

static void check_limits(const world *w, const outcome *o)
{
    for (int i = 0; i < NODES; i++) {
        uint32_t of_type[TYPES] = {0}, size = 0;
        for (int k = 0; k < NODES; k++) {
            if (o->group[k] == NOBODY || o->group[k] != o->group[i])
                continue;
            of_type[k / VALUES]++;
            size++;
            for (int f = 0; f < ATTRIBUTES; f++)
                CHECK(!w->fact[i][f] || !w->fact[k][f] || w->fact[i][f] == w->fact[k][f]);
        }
        CHECK(!w->max_component || size <= w->max_component);
        for (int t = 0; t < TYPES; t++)
            CHECK(!w->types[t].limit || of_type[t] <= w->types[t].limit);
    }
}

/* Nothing that was decided later speaks for it being broken: then it holds. */
static void check_latest(const world *w, const outcome *o)
{
    const struct decision *d = NULL;

    for (int i = 0; i < w->n_decisions; i++)
        if (!d || by_number(&w->decisions[i], d) < 0)
            d = &w->decisions[i];
    if (d && d->kind == PT_ID_DIFFERENT && w->seen[d->a] && w->seen[d->b])
        CHECK(o->group[d->a] != o->group[d->b]);
}

TEST(identity_decisions__never_break_a_limit_and_do_not_depend_on_the_order_of_observations)
{
    for (uint64_t seed = 0; seed < 6000; seed++) {
        pt_rng rng;
        pt_rng_seed(&rng, seed);
        world w = random_world(&rng, pt_rng_below(&rng, 2) ? 2 + (uint32_t)pt_rng_below(&rng, 6) : 0);
        outcome first = run(&w, &rng), again = run(&w, &rng);
        CHECK(memcmp(&first, &again, sizeof first) == 0);
        check_limits(&w, &first);
        check_latest(&w, &first);
    }
}

/* --- by hand ------------------------------------------------------------------------------------------------------ */

enum { USER, PHONE };
static const pt_id_type types[] = {{"user_id", 1, 0}, {"phone", 2, 0}};

static pt_identity *graph(uint32_t nodes[], int users, int phones, uint32_t limit)
{
    pt_id_type limited[] = {types[0], types[1]};
    pt_identity *g;

    limited[USER].limit = limit;
    CHECK_OK(pt_identity_new(&g, &(pt_id_options){limited, 2, 0}, &err));
    for (int i = 0; i < users + phones; i++) {
        char text[8];
        snprintf(text, sizeof text, "%d", i);
        CHECK_OK(pt_identity_see(g, i < users ? USER : PHONE, pt_sv_of(text), &nodes[i], &err));
    }
    return g;
}

static void link_nodes(pt_identity *g, uint32_t a, uint32_t b)
{
    CHECK_OK(pt_identity_link(g, a, b, 1, 1, &err));
}

static void decide(pt_identity *g, pt_id_decision kind, uint32_t a, uint32_t b, uint32_t number)
{
    CHECK_OK(pt_identity_decide(g, kind, a, b, number, &err));
}

static const pt_id_result *settle(pt_identity *g)
{
    const pt_id_result *r;

    CHECK_OK(pt_identity_resolve(&r, g, 1, &err));
    return r;
}

TEST(identity_different__cuts_a_group_at_its_weakest_link)
{
    uint32_t n[5]; /* two users, two phones: 0 - 3, 1 - 4, and 0 - 4 that came last */
    pt_identity *g = graph(n, 2, 3, 0);
    const pt_id_result *r;

    link_nodes(g, n[0], n[3]);
    link_nodes(g, n[1], n[4]);
    CHECK_OK(pt_identity_link(g, n[0], n[4], 1, 2, &err));
    decide(g, PT_ID_DIFFERENT, n[0], n[1], 7);
    r = settle(g);
    CHECK_INT(r->node_ordinal[n[3]], r->node_ordinal[n[0]]);
    CHECK_INT(r->node_ordinal[n[4]], r->node_ordinal[n[1]]);
    CHECK(r->node_ordinal[n[0]] != r->node_ordinal[n[1]]);
    CHECK_INT(r->n_refused, 1);
    CHECK_INT(r->refused[0].a, n[0]);
    CHECK_INT(r->refused[0].b, n[4]);
    CHECK_INT(r->refused[0].reason, PT_ID_APART);
    CHECK_INT(r->refused[0].because, 7);
    CHECK_INT(r->refused[0].decision, 0);
    pt_identity_free(g);
}

TEST(identity_same__does_not_break_a_limit_and_says_so)
{
    uint32_t n[2];
    pt_identity *g = graph(n, 2, 0, 1);
    const pt_id_result *r;

    decide(g, PT_ID_SAME, n[1], n[0], 3);
    r = settle(g);
    CHECK_INT(r->n_live, 2);
    CHECK_INT(r->n_refused, 1);
    CHECK_INT(r->refused[0].reason, PT_ID_OVER_LIMIT);
    CHECK_INT(r->refused[0].decision, 3);
    CHECK_INT(r->refused[0].size, 2);
    pt_identity_free(g);
}

TEST(identity_decisions__of_a_later_number_hold_where_two_contradict)
{
    for (uint32_t same = 1; same <= 3; same += 2) { /* before, and after, number 2 */
        uint32_t n[2];
        pt_identity *g = graph(n, 2, 0, 0);
        const pt_id_result *r;
        decide(g, PT_ID_DIFFERENT, n[0], n[1], 2);
        decide(g, PT_ID_SAME, n[0], n[1], same);
        r = settle(g);
        CHECK_INT(r->n_live, same == 3 ? 1 : 2);
        CHECK_INT(r->n_refused, 1);
        CHECK_INT(r->refused[0].decision, same == 3 ? 2 : 1);
        CHECK_INT(r->refused[0].reason, same == 3 ? PT_ID_CONTRADICTED : PT_ID_APART);
        CHECK_INT(r->refused[0].because, same == 3 ? 0 : 2);
        pt_identity_free(g);
    }
}

TEST(identity_pin__lets_in_what_only_its_customer_has)
{
    uint32_t n[6]; /* users 0, 1; phones 2..5 */
    pt_identity *g = graph(n, 2, 4, 0);
    const pt_id_result *r;

    link_nodes(g, n[0], n[2]);
    link_nodes(g, n[0], n[3]); /* only of user 0 */
    link_nodes(g, n[0], n[4]); /* of both */
    link_nodes(g, n[1], n[4]);
    CHECK_OK(pt_identity_link(g, n[0], n[5], 0.99, 1, &err)); /* not sure */
    decide(g, PT_ID_PIN, n[0], n[2], 5);
    r = settle(g);
    CHECK_INT(r->node_ordinal[n[2]], r->node_ordinal[n[0]]);
    CHECK_INT(r->node_ordinal[n[3]], r->node_ordinal[n[0]]);
    CHECK_INT(r->node_ordinal[n[4]], r->node_ordinal[n[1]]);
    CHECK(r->node_ordinal[n[5]] != r->node_ordinal[n[0]]);
    CHECK_INT(r->n_refused, 2);
    CHECK_INT(r->refused[0].reason, PT_ID_PINNED);
    CHECK_INT(r->refused[0].because, 5);
    pt_identity_free(g);
}

TEST(identity_pin__keeps_together_what_links_no_longer_join)
{
    uint32_t n[3];
    pt_identity *g = graph(n, 2, 1, 0);
    const pt_id_result *r;

    decide(g, PT_ID_PIN, n[0], n[1], 1);
    decide(g, PT_ID_PIN, n[0], n[2], 1);
    r = settle(g);
    CHECK_INT(r->n_live, 1);
    pt_identity_free(g);
}

TEST(identity_same__holds_through_an_identifier_that_has_gone)
{
    uint32_t n[2], gone;
    pt_identity *g = graph(n, 2, 0, 0);
    const pt_id_result *r;

    CHECK_OK(pt_identity_name(g, PHONE, PT_SV("gone"), &gone, &err));
    decide(g, PT_ID_SAME, n[0], gone, 1);
    decide(g, PT_ID_SAME, n[1], gone, 1);
    r = settle(g);
    CHECK_INT(r->n_live, 1);
    CHECK_INT(r->node_ordinal[gone], PT_ID_NONE);
    CHECK_INT(r->node_home[gone], PT_ID_NONE);
    CHECK_INT(r->n_seen, 2);
    pt_identity_free(g);
}

TEST(identity_fact__keeps_two_births_apart_at_the_weakest_link)
{
    uint32_t n[4]; /* users 0, 1; phones 2, 3: 0 - 2, 1 - 2, 1 - 3 */
    pt_identity *g = graph(n, 2, 2, 0);
    const pt_id_result *r;

    link_nodes(g, n[0], n[2]);
    CHECK_OK(pt_identity_link(g, n[1], n[2], 1, 2, &err));
    link_nodes(g, n[1], n[3]);
    CHECK_OK(pt_identity_fact(g, n[0], 1, 1990, &err));
    CHECK_OK(pt_identity_fact(g, n[3], 1, 1991, &err));
    CHECK_OK(pt_identity_fact(g, n[2], 1, 1990, &err)); /* told two: tells none */
    CHECK_OK(pt_identity_fact(g, n[2], 1, 1991, &err));
    r = settle(g);
    CHECK_INT(r->n_live, 2);
    CHECK_INT(r->node_ordinal[n[2]], r->node_ordinal[n[0]]);
    CHECK_INT(r->n_refused, 1);
    CHECK_INT(r->refused[0].reason, PT_ID_OTHER_FACT);
    CHECK_INT(r->refused[0].type, 1);
    CHECK_INT(r->refused[0].a, n[1]);
    pt_identity_free(g);
}

TEST(identity_decide__refuses_that_one_differs_from_itself)
{
    uint32_t n[1];
    pt_identity *g = graph(n, 1, 0, 0);

    CHECK_INT(pt_identity_decide(g, PT_ID_DIFFERENT, n[0], n[0], 1, &err), PT_EINVAL);
    pt_identity_free(g);
}
