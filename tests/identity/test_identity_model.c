/* Random graphs against a model: docs/identity.md written down as plainly as possible, with labels instead of a forest,
 * sorting by comparison, and every rule recomputed from scratch. Also the properties that the document promises. */
#include <stdlib.h>

#include "base/rng.h"
#include "identity/identity.h"
#include "support/test.h"

enum { TYPES = 4, VALUES = 7, NODES = TYPES * VALUES, LINKS = 60, CUSTOMERS = 400, NOBODY = -1 };

/* Node k is value k % VALUES of type k / VALUES. Values sort as their numbers do. */
typedef struct world {
    pt_id_type types[TYPES];
    uint32_t max_component;
    bool seen[NODES];
    struct link {
        int a, b;
        double score;
        uint32_t since;
        bool refused;
    } links[LINKS];
    int n_links;
} world;

/* What lasts from build to build. */
typedef struct memory {
    int home[NODES];
    int forward[CUSTOMERS], n;
} memory;

static pt_err err;

/* --- the model ---------------------------------------------------------------------------------------------------- */

static const world *compared; /* for qsort */

static int type_of(int node)
{
    return node / VALUES;
}

static int strength(const world *w, int x, int y)
{
    const pt_id_type *a = &w->types[type_of(x)], *b = &w->types[type_of(y)];

    if (type_of(x) == type_of(y))
        return x - y;
    return a->priority != b->priority ? a->priority - b->priority : strcmp(a->name, b->name);
}

static int same_types(const world *w, int x, int y)
{
    return type_of(x) == type_of(y) ? 0 : strength(w, x, y);
}

static int by_class(const struct link *x, const struct link *y)
{
    int weaker = same_types(compared, x->b, y->b);

    return weaker ? weaker : same_types(compared, x->a, y->a);
}

/* What is not sure comes last, and there the score before all else. */
static int by_order(const void *left, const void *right)
{
    const struct link *x = left, *y = right;
    int c = by_class(x, y);

    if (x->score != y->score && (x->score < 1) + (y->score < 1) > 0)
        return x->score > y->score ? -1 : 1;
    if (c)
        return c;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    if (x->score >= 1 && x->since != y->since)
        return x->since < y->since ? -1 : 1;
    c = strength(compared, x->a, y->a);
    return c ? c : strength(compared, x->b, y->b);
}

static void relabel(int *label, int from, int to)
{
    for (int i = 0; i < NODES; i++)
        if (label[i] == from)
            label[i] = to;
}

static uint32_t count_group(const int *label, int group, int type)
{
    uint32_t n = 0;

    for (int i = 0; i < NODES; i++)
        n += label[i] == group && (type < 0 || type_of(i) == type);
    return n;
}

static bool breaks_limit(const world *w, const int *label, int x, int y)
{
    for (int t = 0; t < TYPES; t++)
        if (w->types[t].limit && count_group(label, x, t) + count_group(label, y, t) > w->types[t].limit)
            return true;
    return false;
}

static uint32_t degree(const struct link *links, int n, int node, const int *label, int group)
{
    uint32_t d = 0;

    for (int i = 0; i < n; i++)
        if (!links[i].refused && label[links[i].a] == group)
            d += (links[i].a == node) + (links[i].b == node);
    return d;
}

static void cut_hubs(struct link *links, int n, const int *label, int group)
{
    bool hub[NODES] = {false};
    uint32_t top = 0;

    for (int i = 0; i < NODES; i++)
        if (label[i] == group && degree(links, n, i, label, group) > top)
            top = degree(links, n, i, label, group);
    for (int i = 0; i < NODES; i++)
        hub[i] = label[i] == group && degree(links, n, i, label, group) > top / 2;
    for (int i = 0; i < n; i++)
        if (label[links[i].a] == group && (hub[links[i].a] || hub[links[i].b]))
            links[i].refused = true;
}

/* One class: follow in order; then, while a group is too large, cut its hubs and start again from what was before. */
static void model_class(const world *w, struct link *links, int n, int *label)
{
    int before[NODES], group;

    memcpy(before, label, sizeof before);
    for (int i = 0; i < n; i++) {
        int a = label[links[i].a], b = label[links[i].b];
        links[i].refused = a != b && breaks_limit(w, label, a, b);
        if (!links[i].refused)
            relabel(label, b, a);
    }
    for (;;) {
        for (group = 0; group < NODES; group++)
            if (w->max_component && count_group(label, group, -1) > w->max_component)
                break;
        if (group == NODES)
            return;
        cut_hubs(links, n, label, group);
        memcpy(label, before, sizeof before);
        for (int i = 0; i < n; i++)
            if (!links[i].refused)
                relabel(label, label[links[i].b], label[links[i].a]);
    }
}

/* Each for itself. */
static void model_unsure(const world *w, struct link *l, int *label)
{
    int a = label[l->a], b = label[l->b];

    l->refused =
        a != b && (breaks_limit(w, label, a, b) ||
                   (w->max_component && count_group(label, a, -1) + count_group(label, b, -1) > w->max_component));
    if (!l->refused)
        relabel(label, b, a);
}

static void model_groups(const world *w, struct link *links, int *n, int *label)
{
    *n = 0;
    for (int i = 0; i < w->n_links; i++) { /* the best of each pair, stronger end first */
        struct link l = w->links[i];
        int k;
        if (strength(w, l.a, l.b) > 0) {
            int swap = l.a;
            l.a = l.b;
            l.b = swap;
        }
        for (k = 0; k < *n && (links[k].a != l.a || links[k].b != l.b); k++)
            ;
        if (k == *n)
            links[(*n)++] = l;
        else if (l.score > links[k].score || (l.score == links[k].score && l.since < links[k].since))
            links[k] = l;
    }
    compared = w;
    qsort(links, (size_t)*n, sizeof *links, by_order);
    for (int i = 0; i < NODES; i++)
        label[i] = i;
    int sure = 0;
    while (sure < *n && links[sure].score >= 1)
        sure++;
    for (int from = 0, i = 1; i <= sure; i++)
        if (i == sure || by_class(&links[i], &links[from]) != 0) {
            model_class(w, links + from, i - from, label);
            from = i;
        }
    for (int i = sure; i < *n; i++)
        model_unsure(w, &links[i], label);
}

static void by_strength(const world *w, int order[NODES])
{
    for (int i = 0; i < NODES; i++) {
        int at = i;
        for (; at > 0 && strength(w, i, order[at - 1]) < 0; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
}

/* The rules 1 to 4 of "Ids and ordinals". */
static void model_customers(const world *w, const int *label, memory *m, int ordinal[NODES])
{
    int order[NODES], holder[CUSTOMERS], of_group[NODES], before = m->n;

    by_strength(w, order);
    for (int c = 0; c < m->n; c++) {
        holder[c] = NOBODY;
        for (int i = NODES; i-- > 0;)
            if (w->seen[order[i]] && m->home[order[i]] == c)
                holder[c] = label[order[i]];
    }
    for (int g = 0; g < NODES; g++) {
        of_group[g] = NOBODY;
        for (int c = m->n; c-- > 0;)
            if (holder[c] == g)
                of_group[g] = c;
    }
    for (int i = 0; i < NODES; i++) {
        int node = order[i], g = label[node];
        if (w->seen[node] && of_group[g] == NOBODY) {
            CHECK(m->n < CUSTOMERS);
            of_group[g] = m->n++;
        }
        ordinal[node] = w->seen[node] ? of_group[g] : NOBODY;
    }
    for (int c = 0; c < m->n; c++)
        m->forward[c] = c >= before || holder[c] == NOBODY ? c : of_group[holder[c]];
    for (int i = 0; i < NODES; i++)
        if (w->seen[i] && (m->home[i] == NOBODY || m->home[i] >= before || holder[m->home[i]] != label[i]))
            m->home[i] = ordinal[i];
}

/* --- running the real one ----------------------------------------------------------------------------------------- */

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

static pt_sv name_of(int node, char buf[8])
{
    return (pt_sv){buf, (size_t)snprintf(buf, 8, "v%d", node % VALUES)};
}

typedef struct outcome {
    int ordinal[NODES];
    memory after;
    uint32_t n_new, n_merged, n_split, n_live;
    int n_refused;
    bool refused[NODES][NODES];
} outcome;

static pt_identity *load(const world *w, const memory *m, pt_rng *rng, uint32_t node_of[NODES])
{
    pt_identity *g;
    int order[LINKS];
    char buf[8];

    CHECK_OK(pt_identity_new(&g, &(pt_id_options){w->types, TYPES, w->max_component}, &err));
    for (int c = 0; c < m->n; c++) {
        char id[16];
        int len = snprintf(id, sizeof id, "C%07d", c + 1);
        CHECK_OK(pt_identity_add_customer(g, (pt_sv){id, (size_t)len}, 1, (uint32_t)m->forward[c], &err));
    }
    shuffle(rng, order, NODES);
    for (int i = 0; i < NODES; i++)
        if (m->home[order[i]] != NOBODY)
            CHECK_OK(pt_identity_add_node(g, (uint32_t)type_of(order[i]), name_of(order[i], buf),
                                          (uint32_t)m->home[order[i]], &err));
    shuffle(rng, order, NODES);
    for (int i = 0; i < NODES; i++)
        if (w->seen[order[i]])
            CHECK_OK(pt_identity_see(g, (uint32_t)type_of(order[i]), name_of(order[i], buf), &node_of[order[i]], &err));
    shuffle(rng, order, w->n_links);
    for (int i = 0; i < w->n_links; i++) {
        const struct link *l = &w->links[order[i]];
        bool turn = pt_rng_below(rng, 2);
        CHECK_OK(
            pt_identity_link(g, node_of[turn ? l->a : l->b], node_of[turn ? l->b : l->a], l->score, l->since, &err));
    }
    return g;
}

static int node_named(uint32_t type, pt_sv value)
{
    return (int)type * VALUES + (value.ptr[1] - '0');
}

static void run(outcome *out, const world *w, const memory *before, pt_rng *rng)
{
    uint32_t node_of[NODES];
    pt_identity *g = load(w, before, rng, node_of);
    const pt_id_result *r;

    CHECK_OK(pt_identity_resolve(&r, g, 9, &err));
    *out = (outcome){.n_new = r->n_new,
                     .n_merged = r->n_merged,
                     .n_split = r->n_split,
                     .n_live = r->n_live,
                     .n_refused = (int)r->n_refused};
    out->after.n = (int)r->n_customers;
    for (uint32_t c = 0; c < r->n_customers; c++)
        out->after.forward[c] = (int)r->forward[c];
    for (int i = 0; i < NODES; i++)
        out->ordinal[i] = out->after.home[i] = NOBODY;
    for (uint32_t i = 0; i < r->n_nodes; i++) {
        uint32_t type;
        pt_sv value = pt_identity_node_value(g, i, &type);
        int node = node_named(type, value);
        out->ordinal[node] = r->node_ordinal[i] == PT_ID_NONE ? NOBODY : (int)r->node_ordinal[i];
        out->after.home[node] = (int)r->node_home[i];
    }
    for (size_t i = 0; i < r->n_refused; i++) {
        uint32_t ta, tb;
        pt_sv a = pt_identity_node_value(g, r->refused[i].a, &ta), b = pt_identity_node_value(g, r->refused[i].b, &tb);
        out->refused[node_named(ta, a)][node_named(tb, b)] = true;
    }
    pt_identity_free(g);
}

/* --- random worlds ------------------------------------------------------------------------------------------------ */

static void random_rules(world *w, pt_rng *rng)
{
    static const char *const names[TYPES] = {"mail", "phone", "device", "user"};

    *w = (world){0};
    for (int t = 0; t < TYPES; t++)
        w->types[t] = (pt_id_type){names[t], 1 + (int)pt_rng_below(rng, 3),
                                   pt_rng_below(rng, 2) ? 1 + (uint32_t)pt_rng_below(rng, 3) : 0};
    w->max_component = pt_rng_below(rng, 3) ? 1 + (uint32_t)pt_rng_below(rng, 9) : 0;
}

static void random_link(world *w, pt_rng *rng, uint32_t since)
{
    static const double scores[] = {1, 1, 0.9, 0.5};
    struct link l = {(int)pt_rng_below(rng, NODES), (int)pt_rng_below(rng, NODES), scores[pt_rng_below(rng, 4)], since,
                     false};

    if (w->n_links == LINKS || l.a == l.b)
        return;
    w->seen[l.a] = w->seen[l.b] = true;
    w->links[w->n_links++] = l;
}

static void random_links(world *w, pt_rng *rng)
{
    for (uint64_t n = pt_rng_below(rng, LINKS); n > 0; n--)
        random_link(w, rng, 1 + (uint32_t)pt_rng_below(rng, 3));
    for (int i = 0; i < NODES; i++)
        w->seen[i] |= pt_rng_below(rng, 8) == 0;
}

static memory nothing_before(void)
{
    memory m = {.n = 0};

    for (int i = 0; i < NODES; i++)
        m.home[i] = NOBODY;
    return m;
}

static void check_counts(const world *w, const memory *before, const memory *after, const outcome *got)
{
    uint32_t merged = 0, split = 0, live = 0;

    for (int c = 0; c < after->n; c++) {
        bool lost = false, lives = false, mine = false;
        for (int i = 0; i < NODES; i++) {
            lost |= w->seen[i] && before->home[i] == c && after->home[i] != c;
            lives |= w->seen[i] && after->home[i] == c;
            mine |= w->seen[i] && got->ordinal[i] == c;
        }
        live += mine;
        if (c >= before->n)
            continue;
        merged += after->forward[c] != c && after->forward[c] != before->forward[c];
        split += lost || (lives && before->forward[c] != c && after->forward[c] != before->forward[c]);
    }
    CHECK_INT(got->n_new, after->n - before->n);
    CHECK_INT(got->n_merged, merged);
    CHECK_INT(got->n_split, split);
    CHECK_INT(got->n_live, live);
}

static void check_model(const world *w, const memory *before, const outcome *got)
{
    struct link links[LINKS];
    int n, label[NODES], ordinal[NODES], n_refused = 0;
    memory m = *before;

    model_groups(w, links, &n, label);
    model_customers(w, label, &m, ordinal);
    for (int i = 0; i < NODES; i++) {
        CHECK_INT(got->ordinal[i], ordinal[i]);
        CHECK_INT(got->after.home[i], m.home[i]);
        if (ordinal[i] != NOBODY)
            CHECK_INT(ordinal[i], m.forward[m.home[i]]);
    }
    CHECK_INT(got->after.n, m.n);
    for (int c = 0; c < m.n; c++)
        CHECK_INT(got->after.forward[c], m.forward[c]);
    for (int i = 0; i < n; i++) {
        n_refused += links[i].refused;
        CHECK_INT(got->refused[links[i].a][links[i].b], links[i].refused);
    }
    CHECK_INT(got->n_refused, n_refused);
    check_counts(w, before, &m, got);
}

TEST(identity_model__agrees_on_random_graphs)
{
    for (uint64_t seed = 0; seed < 4000; seed++) {
        pt_rng rng;
        world w;
        memory none = nothing_before();
        outcome got;
        pt_rng_seed(&rng, seed);
        random_rules(&w, &rng);
        random_links(&w, &rng);
        run(&got, &w, &none, &rng);
        check_model(&w, &none, &got);
    }
}

/* Builds in a row: links and identifiers come and go. */
TEST(identity_model__agrees_on_sequences_of_builds)
{
    for (uint64_t seed = 0; seed < 400; seed++) {
        pt_rng rng;
        world w;
        memory m = nothing_before();
        pt_rng_seed(&rng, seed);
        random_rules(&w, &rng);
        for (uint32_t build = 1; build <= 8; build++) {
            outcome got;
            for (uint64_t n = pt_rng_below(&rng, 8); n > 0 && w.n_links > 0; n--) {
                w.links[pt_rng_below(&rng, (uint64_t)w.n_links)] = w.links[w.n_links - 1];
                w.n_links--;
            }
            for (int i = 0; i < NODES; i++)
                w.seen[i] = pt_rng_below(&rng, 4) == 0;
            for (int i = 0; i < w.n_links; i++)
                w.seen[w.links[i].a] = w.seen[w.links[i].b] = true;
            for (uint64_t n = pt_rng_below(&rng, 12); n > 0; n--)
                random_link(&w, &rng, build);
            run(&got, &w, &m, &rng);
            check_model(&w, &m, &got);
            m = got.after;
        }
    }
}

/* --- promises ----------------------------------------------------------------------------------------------------- */

static bool same_groups(const int *x, const int *y)
{
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < i; k++)
            if ((x[i] == x[k] && x[i] != NOBODY) != (y[i] == y[k] && y[i] != NOBODY))
                return false;
    return true;
}

TEST(identity_promise__withdrawing_links_gives_the_groups_before_them)
{
    int ids_kept = 0;

    for (uint64_t seed = 0; seed < 1000; seed++) {
        pt_rng rng;
        world w, more;
        memory none = nothing_before();
        outcome first, merged, again;
        pt_rng_seed(&rng, seed);
        random_rules(&w, &rng);
        random_links(&w, &rng);
        run(&first, &w, &none, &rng);
        more = w;
        for (int k = 0; k < 5; k++)
            random_link(&more, &rng, 4);
        run(&merged, &more, &first.after, &rng);
        run(&again, &w, &merged.after, &rng);
        CHECK(same_groups(first.ordinal, again.ordinal));
        if (merged.n_split)
            continue;
        /* Nothing came apart on the way, so everybody has the id of before, too. */
        ids_kept++;
        for (int i = 0; i < NODES; i++)
            CHECK_INT(again.ordinal[i], first.ordinal[i]);
    }
    CHECK(ids_kept > 300);
}

TEST(identity_promise__a_build_with_nothing_new_changes_nothing)
{
    for (uint64_t seed = 0; seed < 500; seed++) {
        pt_rng rng;
        world w;
        memory none = nothing_before();
        outcome first, again;
        pt_rng_seed(&rng, seed);
        random_rules(&w, &rng);
        random_links(&w, &rng);
        run(&first, &w, &none, &rng);
        run(&again, &w, &first.after, &rng);
        CHECK_INT(again.n_new, 0);
        CHECK_INT(again.n_merged, 0);
        CHECK_INT(again.n_split, 0);
        CHECK_INT(again.n_live, first.n_live);
        CHECK(memcmp(first.ordinal, again.ordinal, sizeof first.ordinal) == 0);
        CHECK(memcmp(first.after.home, again.after.home, sizeof first.after.home) == 0);
    }
}

/* Whatever the links of `some` join, those of `all` join too. */
static void check_joins_stay(const world *some, const world *all, pt_rng *rng)
{
    memory none = nothing_before();
    outcome without, with;

    run(&without, some, &none, rng);
    run(&with, all, &none, rng);
    for (int i = 0; i < NODES; i++)
        for (int k = 0; k < NODES; k++)
            if (all->seen[i] && all->seen[k] && without.ordinal[i] == without.ordinal[k])
                CHECK_INT(with.ordinal[i], with.ordinal[k]);
}

/* Links of weak identifiers never take apart what sure ones of stronger identifiers have joined. */
TEST(identity_promise__weak_identifiers_do_not_part_strong_ones)
{
    for (uint64_t seed = 0; seed < 1000; seed++) {
        pt_rng rng;
        world strong, all;
        int weakest = 0;
        pt_rng_seed(&rng, seed);
        random_rules(&all, &rng);
        random_links(&all, &rng);
        for (int i = 0; i < all.n_links; i++)
            all.links[i].score = 1;
        for (int t = 1; t < TYPES; t++)
            if (strength(&all, t * VALUES, weakest * VALUES) > 0)
                weakest = t;
        strong = all;
        strong.n_links = 0;
        for (int i = 0; i < all.n_links; i++)
            if (type_of(all.links[i].a) != weakest && type_of(all.links[i].b) != weakest)
                strong.links[strong.n_links++] = all.links[i];
        check_joins_stay(&strong, &all, &rng);
    }
}

TEST(identity_promise__likenesses_do_not_part_what_equal_identifiers_join)
{
    for (uint64_t seed = 0; seed < 1000; seed++) {
        pt_rng rng;
        world sure, all;
        pt_rng_seed(&rng, seed);
        random_rules(&all, &rng);
        random_links(&all, &rng);
        sure = all;
        sure.n_links = 0;
        for (int i = 0; i < all.n_links; i++)
            if (all.links[i].score >= 1)
                sure.links[sure.n_links++] = all.links[i];
        check_joins_stay(&sure, &all, &rng);
    }
}
