/* The smallest sets of leaves whose change makes a condition true: alternatives are worked out from the leaves up, an AND
 * joining those of its parts, an OR offering them, with NOT exchanging the two. */
#include "segment/logic.h"

/* What a part of the condition should be. A segment is left by what makes its rule anything but true. */
typedef enum target { BE_FALSE, BE_TRUE, NOT_BE_TRUE, NOT_BE_FALSE } target;

/* What a set asks of a leaf, a bit each, by the value it is then. Also of leaves that are so already, and must stay. */
typedef enum ask { ASK_FALSE, ASK_TRUE, ASK_MISSING, ASKS } ask;

typedef struct option {
    uint64_t *asks;
    unsigned cost; /* how many of them are changes */
} option;

/* The best found, the cheapest first, none of which asks all that another asks. */
typedef struct options {
    option items[PT_PATHS_MOST];
    size_t n;
} options;

typedef struct search {
    const pt_logic_tree *tree;
    const uint8_t *leaves;
    const pt_reach *reach;
    pt_arena *arena;
    size_t words;
} search;

static bool asked(const uint64_t *asks, uint32_t leaf, unsigned what)
{
    size_t bit = (size_t)leaf * ASKS + what;

    return asks[bit / 64] >> (bit % 64) & 1;
}

static unsigned asks_of(const uint64_t *asks, uint32_t leaf)
{
    return (unsigned)asked(asks, leaf, ASK_FALSE) + asked(asks, leaf, ASK_TRUE) + asked(asks, leaf, ASK_MISSING);
}

/* --- which sets can be ---------------------------------------------------------------------------------------------------- */

/* What the subject of a leaf may still be under all that is asked of it. */
static uint64_t room_of(const search *s, const uint64_t *asks, uint32_t leaf)
{
    uint64_t room = UINT64_MAX;

    for (uint32_t i = 0; i < s->tree->n_leaves; i++) {
        bool same = i == leaf || (s->reach[leaf].subject >= 0 && s->reach[i].subject == s->reach[leaf].subject);
        for (unsigned want = 0; want < 2 && same; want++)
            if (asked(asks, i, want))
                room &= s->reach[i].when[want];
    }
    return room;
}

static bool is_possible(const search *s, const uint64_t *asks)
{
    for (uint32_t i = 0; i < s->tree->n_leaves; i++)
        if (asks_of(asks, i) > 1 || (asks_of(asks, i) && !room_of(s, asks, i)))
            return false;
    return true;
}

static unsigned cost_of(const search *s, const uint64_t *asks)
{
    unsigned cost = 0;

    for (uint32_t i = 0; i < s->tree->n_leaves; i++)
        for (unsigned what = 0; what < ASKS; what++)
            cost += asked(asks, i, what) && s->leaves[i] != what;
    return cost;
}

/* --- keeping the best ----------------------------------------------------------------------------------------------------- */

/* Fewer changes first, then those that stand first in the condition. */
static bool comes_before(const search *s, const option *a, const option *b)
{
    if (a->cost != b->cost)
        return a->cost < b->cost;
    for (uint32_t i = 0; i < s->tree->n_leaves * ASKS; i++) {
        bool x = asked(a->asks, i / ASKS, i % ASKS), y = asked(b->asks, i / ASKS, i % ASKS);
        if (x != y)
            return x;
    }
    return false;
}

static bool holds_all(const search *s, const uint64_t *asks, const uint64_t *of)
{
    for (size_t w = 0; w < s->words; w++)
        if (of[w] & ~asks[w])
            return false;
    return true;
}

static bool is_superfluous(const search *s, const options *o, const option *new)
{
    for (size_t i = 0; i < o->n; i++)
        if (holds_all(s, new->asks, o->items[i].asks))
            return true;
    return o->n == PT_PATHS_MOST && !comes_before(s, new, &o->items[o->n - 1]);
}

static void drop_those_that_hold(const search *s, options *o, const uint64_t *asks)
{
    size_t kept = 0;

    for (size_t i = 0; i < o->n; i++)
        if (!holds_all(s, o->items[i].asks, asks))
            o->items[kept++] = o->items[i];
    o->n = kept;
}

static pt_rc keep(const search *s, options *o, const uint64_t *asks, pt_err *err)
{
    option new = {.asks = (uint64_t *)asks, .cost = cost_of(s, asks)};
    size_t at;

    if (is_superfluous(s, o, &new) || !is_possible(s, asks))
        return PT_OK;
    if (!(new.asks = PT_NEW_ARRAY(s->arena, uint64_t, s->words)))
        return pt_fail_nomem(err, "a condition");
    memcpy(new.asks, asks, s->words * sizeof *asks);
    drop_those_that_hold(s, o, asks);
    o->n -= o->n == PT_PATHS_MOST;
    for (at = o->n; at > 0 && comes_before(s, &new, &o->items[at - 1]); at--)
        o->items[at] = o->items[at - 1];
    o->items[at] = new;
    o->n++;
    return PT_OK;
}

/* --- from the leaves up ----------------------------------------------------------------------------------------------------- */

static pt_rc add_ask(options *out, const search *s, uint32_t leaf, ask what, pt_err *err)
{
    uint64_t *asks = PT_NEW_ARRAY(s->arena, uint64_t, s->words);
    size_t bit = (size_t)leaf * ASKS + what;

    if (!asks)
        return pt_fail_nomem(err, "a condition");
    asks[bit / 64] |= UINT64_C(1) << (bit % 64);
    return keep(s, out, asks, err);
}

/* What is missing may stay so, where it need only not be the other. */
static pt_rc find_leaf(options *out, const search *s, uint32_t leaf, target want, pt_err *err)
{
    bool may_stay = (want == NOT_BE_TRUE || want == NOT_BE_FALSE) && s->leaves[leaf] == PT_BOOL_MISSING;

    if (may_stay)
        PT_TRY(add_ask(out, s, leaf, ASK_MISSING, err));
    return add_ask(out, s, leaf, want == BE_TRUE || want == NOT_BE_FALSE ? ASK_TRUE : ASK_FALSE, err);
}

static pt_rc join(options *out, const search *s, const options *a, const options *b, pt_err *err)
{
    uint64_t *both = PT_NEW_ARRAY(s->arena, uint64_t, s->words);

    if (!both)
        return pt_fail_nomem(err, "a condition");
    out->n = 0;
    for (size_t i = 0; i < a->n; i++)
        for (size_t k = 0; k < b->n; k++) {
            for (size_t w = 0; w < s->words; w++)
                both[w] = a->items[i].asks[w] | b->items[k].asks[w];
            PT_TRY(keep(s, out, both, err));
        }
    return PT_OK;
}

static pt_rc add_part(options *out, const search *s, const options *part, bool all, bool first, pt_err *err)
{
    options *before;

    if (all && !first) {
        if (!(before = PT_NEW(s->arena, options)))
            return pt_fail_nomem(err, "a condition");
        *before = *out;
        return join(out, s, before, part, err);
    }
    for (size_t i = 0; i < part->n; i++)
        PT_TRY(keep(s, out, part->items[i].asks, err));
    return PT_OK;
}

/* What the one part of NOT, or the rule of a segment, should be. */
static target of_part(const pt_logic *l, target want)
{
    static const target negated[] = {BE_TRUE, BE_FALSE, NOT_BE_FALSE, NOT_BE_TRUE};

    if (l->kind == PT_LOGIC_NOT)
        return negated[want];
    return want == BE_TRUE || want == NOT_BE_FALSE ? BE_TRUE : NOT_BE_TRUE;
}

static pt_rc find(options *out, const search *s, const pt_logic *l, target want, pt_err *err)
{
    bool all = (l->kind == PT_LOGIC_AND) == (want == BE_TRUE || want == NOT_BE_FALSE);
    options *part;

    out->n = 0;
    if (l->kind == PT_LOGIC_LEAF)
        return find_leaf(out, s, l->leaf, want, err);
    if (l->kind == PT_LOGIC_NOT || l->kind == PT_LOGIC_NAMED)
        return find(out, s, l->parts[0], of_part(l, want), err);
    if (!(part = PT_NEW(s->arena, options)))
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < l->n_parts; i++) {
        PT_TRY(find(part, s, l->parts[i], want, err));
        PT_TRY(add_part(out, s, part, all, i == 0, err));
    }
    return PT_OK;
}

/* --- what is told ----------------------------------------------------------------------------------------------------------- */

/* Only what changes; what merely stays is not told. */
static pt_rc keep_changes(options *out, const search *s, const options *found, pt_err *err)
{
    for (size_t i = 0; i < found->n; i++) {
        uint64_t *asks = found->items[i].asks;
        for (uint32_t leaf = 0; leaf < s->tree->n_leaves; leaf++) {
            size_t bit = (size_t)leaf * ASKS + s->leaves[leaf];
            asks[bit / 64] &= ~(UINT64_C(1) << (bit % 64));
        }
    }
    for (size_t i = 0; i < found->n; i++)
        PT_TRY(keep(s, out, found->items[i].asks, err));
    return PT_OK;
}

static pt_rc tell(pt_path *out, const search *s, const option *o, pt_err *err)
{
    pt_change *changes = PT_NEW_ARRAY(s->arena, pt_change, o->cost);

    if (!changes)
        return pt_fail_nomem(err, "a condition");
    *out = (pt_path){.changes = changes};
    for (uint32_t i = 0; i < s->tree->n_leaves * ASKS; i++)
        if (asked(o->asks, i / ASKS, i % ASKS))
            changes[out->n++] = (pt_change){i / ASKS, i % ASKS == ASK_TRUE};
    return PT_OK;
}

pt_rc pt_logic_paths(const pt_path **out, size_t *n, const pt_logic_tree *tree, const uint8_t *leaves,
                     const pt_reach *reach, pt_arena *a, pt_err *err)
{
    search s = {tree, leaves, reach, a, (tree->n_leaves * ASKS + 63) / 64};
    options *found = PT_NEW(a, options), *told = PT_NEW(a, options);
    pt_path *paths;

    *n = 0;
    if (!found || !told)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(find(found, &s, tree->root, BE_TRUE, err));
    PT_TRY(keep_changes(told, &s, found, err));
    if (!(paths = PT_NEW_ARRAY(a, pt_path, told->n)))
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < told->n; i++)
        PT_TRY(tell(&paths[(*n)++], &s, &told->items[i], err));
    *out = paths;
    return PT_OK;
}
