/* Trees of and, or, not over a few leaves, against all there is: every value of the leaves, every set of changes. */
#include "segment/logic.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"

enum { LEAVES = 5, ROUNDS = 3000 };

/* Tags 0 .. LEAVES-1 are leaves, LEAVES stands for a saved segment. */
typedef struct forest {
    pt_arena *arena;
    pt_rng rng;
    const pt_node *segment;
} forest;

static uint64_t pick(forest *f, uint64_t n)
{
    return pt_rng_below(&f->rng, n);
}

static const pt_node *make(forest *f, pt_node what, const pt_node *a, const pt_node *b)
{
    pt_node *n = PT_NEW(f->arena, pt_node);
    const pt_node **args = PT_NEW_ARRAY(f->arena, const pt_node *, 2);

    CHECK(n && args);
    args[0] = a;
    args[1] = b;
    what.type = PT_TYPE_BOOL;
    what.args = args;
    what.n_args = (a != NULL) + (b != NULL);
    *n = what;
    return n;
}

static const pt_node *random_tree(forest *f, unsigned depth, uint32_t tags)
{
    unsigned kind = depth ? (unsigned)pick(f, 8) : 0;

    if (kind < 2)
        return make(f, (pt_node){.kind = PT_NODE_TAG, .u.tag = (uint32_t)pick(f, tags)}, NULL, NULL);
    if (kind == 2)
        return make(f, (pt_node){.kind = PT_NODE_UNARY, .u.op = PT_OP_NOT}, random_tree(f, depth - 1, tags), NULL);
    return make(f, (pt_node){.kind = PT_NODE_BINARY, .u.op = kind % 2 ? PT_OP_AND : PT_OP_OR},
                random_tree(f, depth - 1, tags), random_tree(f, depth - 1, tags));
}

static const pt_node *rule_of(void *ctx, uint32_t tag)
{
    return tag == LEAVES ? ((forest *)ctx)->segment : NULL;
}

static void grow(pt_logic_tree *tree, forest *f)
{
    pt_logic_names names = {rule_of, f};
    pt_err err = {0};

    pt_arena_reset(f->arena);
    f->segment = random_tree(f, 2, LEAVES);
    CHECK_OK(pt_logic_of(tree, random_tree(f, 4, LEAVES + 1), &names, f->arena, &err));
    CHECK(tree->n_leaves >= 1 && tree->n_leaves <= LEAVES);
}

/* --- an evaluator of its own -------------------------------------------------------------------------------------------------- */

/* As numbers: false 0, missing 1, true 2; and is the least, or the greatest, not 2 - x. */
static int level_of(const forest *f, const pt_node *n, const int *levels)
{
    if (n->kind == PT_NODE_TAG)
        return n->u.tag < LEAVES ? levels[n->u.tag] : level_of(f, f->segment, levels) == 2 ? 2 : 0;
    int a = level_of(f, n->args[0], levels);
    if (n->kind == PT_NODE_UNARY)
        return 2 - a;
    int b = level_of(f, n->args[1], levels);
    return (n->u.op == PT_OP_AND) == (a < b) ? a : b;
}

static uint8_t truth(const forest *f, const pt_logic_tree *t, const uint8_t *values)
{
    static const uint8_t back[] = {0, PT_BOOL_MISSING, 1};
    int levels[LEAVES] = {0};

    for (size_t i = 0; i < t->n_leaves; i++)
        levels[t->leaves[i]->u.tag] = values[i] == PT_BOOL_MISSING ? 1 : values[i] * 2;
    return back[level_of(f, t->root->node, levels)];
}

static void random_values(uint8_t *values, forest *f, size_t n)
{
    for (size_t i = 0; i < n; i++)
        values[i] = (uint8_t)pick(f, 3);
}

TEST(segment_logic__is_kleenes_and_a_segment_has_two_values)
{
    forest f = {.arena = pt_arena_new(0)};
    pt_logic_tree tree;
    uint8_t values[LEAVES];

    CHECK(f.arena);
    pt_rng_seed(&f.rng, 41);
    for (int round = 0; round < ROUNDS; round++) {
        grow(&tree, &f);
        random_values(values, &f, tree.n_leaves);
        CHECK_INT(pt_logic_value(tree.root, values), truth(&f, &tree, values));
    }
    pt_arena_free(f.arena);
}

/* As long as the leaves that decide stay, whatever becomes of the others. */
TEST(segment_logic__what_is_called_decisive_decides)
{
    forest f = {.arena = pt_arena_new(0)};
    pt_logic_tree tree;
    uint8_t values[LEAVES], other[LEAVES];
    size_t spared = 0;

    CHECK(f.arena);
    pt_rng_seed(&f.rng, 42);
    for (int round = 0; round < ROUNDS; round++) {
        bool decisive[LEAVES] = {0};
        grow(&tree, &f);
        random_values(values, &f, tree.n_leaves);
        pt_logic_decide(decisive, tree.root, values);
        for (int i = 0; i < 20; i++) {
            random_values(other, &f, tree.n_leaves);
            for (size_t leaf = 0; leaf < tree.n_leaves; leaf++)
                other[leaf] = decisive[leaf] ? values[leaf] : other[leaf];
            CHECK_INT(truth(&f, &tree, other) == 1, truth(&f, &tree, values) == 1);
        }
        for (size_t leaf = 0; leaf < tree.n_leaves; leaf++)
            spared += !decisive[leaf];
    }
    CHECK(spared > ROUNDS / 4);
    pt_arena_free(f.arena);
}

/* --- ways in ------------------------------------------------------------------------------------------------------------------ */

/* A set of changes as a number to base 3: each leaf stays (0), becomes false (1) or true (2). */
enum { SETS = 3 * 3 * 3 * 3 * 3 };

static unsigned digit(unsigned set, size_t leaf)
{
    for (; leaf; leaf--)
        set /= 3;
    return set % 3;
}

/* What all leaves of one subject ask of it must leave something that it can be; leaves that stay ask for what they are. */
static bool is_possible(const pt_logic_tree *t, const pt_reach *reach, unsigned set)
{
    for (size_t i = 0; i < t->n_leaves; i++) {
        uint64_t room = UINT64_MAX;
        for (size_t k = 0; k < t->n_leaves; k++) {
            bool same = k == i || (reach[i].subject >= 0 && reach[k].subject == reach[i].subject);
            if (same && digit(set, k))
                room &= reach[k].when[digit(set, k) - 1];
        }
        if (!room)
            return false;
    }
    return true;
}

static bool works(const forest *f, const pt_logic_tree *t, const uint8_t *values, const pt_reach *reach, unsigned set)
{
    uint8_t after[LEAVES];

    for (size_t i = 0; i < t->n_leaves; i++) {
        if (digit(set, i) && values[i] == digit(set, i) - 1)
            return false; /* no change */
        after[i] = digit(set, i) ? (uint8_t)(digit(set, i) - 1) : values[i];
    }
    return is_possible(t, reach, set) && truth(f, t, after) == 1;
}

static bool holds(unsigned set, unsigned smaller, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (digit(smaller, i) && digit(smaller, i) != digit(set, i))
            return false;
    return true;
}

static bool is_minimal(const bool *working, unsigned set, size_t n)
{
    for (unsigned other = 0; other < SETS; other++)
        if (other != set && working[other] && holds(set, other, n))
            return false;
    return true;
}

static unsigned set_of(const pt_path *path)
{
    static const unsigned powers[] = {1, 3, 9, 27, 81};
    unsigned set = 0;

    for (size_t i = 0; i < path->n; i++)
        set += powers[path->changes[i].leaf] * (path->changes[i].want ? 2 : 1);
    return set;
}

static size_t check_paths(forest *f, const pt_logic_tree *t, const uint8_t *values, const pt_reach *reach, bool exact)
{
    bool working[SETS] = {0}, told[SETS] = {0};
    unsigned sets = 1;
    const pt_path *paths;
    pt_err err = {0};
    size_t n;

    for (size_t i = 0; i < t->n_leaves; i++)
        sets *= 3;
    for (unsigned set = 0; set < sets; set++)
        working[set] = works(f, t, values, reach, set);
    CHECK_OK(pt_logic_paths(&paths, &n, t, values, reach, f->arena, &err));
    for (size_t i = 0; i < n; i++) {
        CHECK(working[set_of(&paths[i])]);
        CHECK(i == 0 || paths[i - 1].n <= paths[i].n);
        told[set_of(&paths[i])] = true;
    }
    for (unsigned set = 0; set < sets && exact; set++)
        CHECK_INT(told[set], working[set] && is_minimal(working, set, t->n_leaves));
    return n;
}

TEST(segment_paths__are_all_smallest_sets_of_changes)
{
    forest f = {.arena = pt_arena_new(0)};
    pt_reach reach[LEAVES];
    uint8_t values[LEAVES];
    pt_logic_tree tree;
    size_t n = 0;

    CHECK(f.arena);
    pt_rng_seed(&f.rng, 43);
    for (size_t i = 0; i < LEAVES; i++)
        reach[i] = (pt_reach){-1, {UINT64_MAX, UINT64_MAX}};
    for (int round = 0; round < ROUNDS; round++) {
        grow(&tree, &f);
        random_values(values, &f, tree.n_leaves);
        for (size_t i = 0; i < tree.n_leaves; i++) /* one that never changes, now and then */
            reach[i].when[0] = reach[i].when[1] = pick(&f, 8) ? UINT64_MAX : 0;
        for (size_t i = 0; i < tree.n_leaves; i++)
            if (values[i] != PT_BOOL_MISSING)
                reach[i].when[values[i]] = UINT64_MAX;
        if (pt_logic_value(tree.root, values) != 1)
            n += check_paths(&f, &tree, values, reach, true);
    }
    CHECK(n > ROUNDS / 2);
    pt_arena_free(f.arena);
}

/* "spend >= 1000" and "spend < 500" of one subject: not both. */
TEST(segment_paths__leaves_of_one_subject_bind_one_another)
{
    forest f = {.arena = pt_arena_new(0)};
    pt_logic_tree tree;
    uint8_t values[LEAVES];
    pt_reach reach[LEAVES];
    const pt_path *paths;
    pt_err err = {0};
    size_t n;

    CHECK(f.arena);
    const pt_node *a = make(&f, (pt_node){.kind = PT_NODE_TAG, .u.tag = 0}, NULL, NULL);
    const pt_node *b = make(&f, (pt_node){.kind = PT_NODE_TAG, .u.tag = 1}, NULL, NULL);
    const pt_node *both = make(&f, (pt_node){.kind = PT_NODE_BINARY, .u.op = PT_OP_AND}, a, b);
    CHECK_OK(pt_logic_of(&tree, both, NULL, f.arena, &err));
    values[0] = values[1] = 0;
    /* below 500, between, from 1000 on */
    reach[0] = (pt_reach){.subject = 7, .when = {3, 4}};
    reach[1] = (pt_reach){.subject = 7, .when = {6, 1}};
    CHECK_OK(pt_logic_paths(&paths, &n, &tree, values, reach, f.arena, &err));
    CHECK_INT(n, 0);
    reach[1] = (pt_reach){.subject = 8, .when = {6, 1}};
    CHECK_OK(pt_logic_paths(&paths, &n, &tree, values, reach, f.arena, &err));
    CHECK_INT(n, 1);
    CHECK_INT(paths[0].n, 2);
    pt_arena_free(f.arena);
}
