/* Lines of labels, and the tree that is shown of many. */
#include "app/path_count.h"
#include "app/path_line.h"
#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

static pt_err err;

/* "aab": a label a letter, ten apart; a capital is of the instant before it; a space is a pause. */
static void make_line(pt_path_line *l, const char *text, int64_t gap)
{
    int64_t now = 0;

    *l = (pt_path_line){.gap = gap};
    for (const char *c = text; *c; c++) {
        bool together = *c >= 'A' && *c <= 'Z';
        now += together ? 0 : 10;
        if (*c != ' ')
            CHECK(pt_path_line_add(l, now, (uint8_t)(*c - (together ? 'A' : 'a'))));
    }
    CHECK(pt_path_line_end(l));
}

static const char *letters(const uint8_t *labels, uint32_t n)
{
    static char text[16];

    for (uint32_t i = 0; i < n; i++)
        text[i] = (char)('a' + labels[i]);
    text[n] = '\0';
    return text;
}

static const char *after(const char *text, int64_t instant, uint32_t steps, int64_t within, int64_t gap)
{
    uint8_t labels[8];
    pt_path_line l;

    make_line(&l, text, gap);
    uint32_t n = pt_path_after(labels, &l, instant, steps, within);
    pt_path_line_free(&l);
    return letters(labels, n);
}

static const char *before(const char *text, int64_t instant, uint32_t steps, int64_t within, int64_t gap)
{
    uint8_t labels[8];
    pt_path_line l;

    make_line(&l, text, gap);
    uint32_t n = pt_path_before(labels, &l, instant, steps, within);
    pt_path_line_free(&l);
    return letters(labels, n);
}

TEST(app_path__what_follows_is_strictly_later)
{
    CHECK_STR(after("abc", 10, 4, INT64_MAX, INT64_MAX), "bc");
    CHECK_STR(after("aBc", 10, 4, INT64_MAX, INT64_MAX), "c");
    CHECK_STR(after("abcd", 10, 2, INT64_MAX, INT64_MAX), "bc");
    CHECK_STR(after("abc", 30, 4, INT64_MAX, INT64_MAX), "");
    CHECK_STR(after("", 30, 4, INT64_MAX, INT64_MAX), "");
}

TEST(app_path__what_came_before_is_strictly_earlier)
{
    CHECK_STR(before("abc", 30, 4, INT64_MAX, INT64_MAX), "ba");
    CHECK_STR(before("aBc", 10, 4, INT64_MAX, INT64_MAX), "");
    CHECK_STR(before("abbbc", 50, 4, INT64_MAX, INT64_MAX), "ba");
    CHECK_STR(before("abc", 10, 4, INT64_MAX, INT64_MAX), "");
}

TEST(app_path__repeats_in_a_row_are_one_step)
{
    CHECK_STR(after("abbba", 10, 4, INT64_MAX, INT64_MAX), "ba");
    CHECK_STR(after("abbba", 20, 4, INT64_MAX, INT64_MAX), "ba");  /* from amid the row */
    CHECK_STR(after("abABc", 10, 4, INT64_MAX, INT64_MAX), "bac"); /* of one instant each label once */
}

TEST(app_path__ends_at_a_pause_and_with_the_window)
{
    CHECK_STR(after("ab  cd", 10, 4, INT64_MAX, 20), "b");
    CHECK_STR(after("ab b c", 10, 4, INT64_MAX, 10), "b");
    CHECK_STR(after("a  b", 10, 4, INT64_MAX, 20), "");
    CHECK_STR(after("abcd", 10, 4, 20, INT64_MAX), "bc");
    CHECK_STR(before("ab  cd", 60, 4, INT64_MAX, 20), "c");
    CHECK_STR(before("abcd", 40, 4, 20, INT64_MAX), "cb");
}

/* --- the tree ------------------------------------------------------------------------------------------------------------------ */

/* Whether all that is shown, taken together, leaves no group below `least` to be worked out: for each parent told, what is told
 * of its children and what that leaves. */
static void check_tree(const pt_path_tree *t, uint64_t starts, uint32_t least, uint8_t rest)
{
    for (size_t parent = 0; parent <= t->n_nodes; parent++) {
        uint32_t mine = parent == t->n_nodes ? UINT32_MAX : (uint32_t)parent;
        uint64_t whole = parent == t->n_nodes ? starts : t->nodes[parent].starts, told = 0;
        size_t children = 0, hidden = 0;
        for (size_t i = 0; i < t->n_nodes; i++) {
            if (t->nodes[i].parent != mine)
                continue;
            children++;
            hidden += t->nodes[i].starts == PT_HIDDEN;
            if (t->nodes[i].starts == PT_HIDDEN)
                continue;
            CHECK(t->nodes[i].starts >= least);
            told += t->nodes[i].starts;
        }
        if (!children || (mine != UINT32_MAX && t->nodes[mine].label == rest))
            continue;
        if (whole == PT_HIDDEN)
            CHECK(hidden > 0); /* else the children would tell it */
        else if (hidden == 0)
            CHECK_INT(told, whole);
        else
            CHECK(whole - told >= least && hidden > 1);
    }
}

TEST(app_path__no_small_group_can_be_worked_out)
{
    enum { LABELS = 5, REST = 9 };
    pt_rng r;

    pt_rng_seed(&r, 44);
    for (int round = 0; round < 300; round++) {
        pt_arena *arena = pt_arena_new(0);
        pt_path_counts one = {0}, two = {0};
        pt_path_tree tree;
        uint64_t starts = 50 + pt_rng_below(&r, 800);
        for (uint32_t c = 0; c < starts; c++) {
            uint8_t labels[4];
            uint32_t n = 1 + (uint32_t)pt_rng_below(&r, 4);
            for (uint32_t i = 0; i < n; i++)
                labels[i] = (uint8_t)(pt_rng_below(&r, LABELS) * pt_rng_below(&r, LABELS) / (LABELS - 1));
            for (; n < 4; n++)
                labels[n] = LABELS; /* the end; n labels more only to make all children add up */
            CHECK(pt_path_counts_add(c % 2 ? &one : &two, labels, n, c));
        }
        CHECK(pt_path_counts_merge(&one, &two));
        pt_path_shown shown = {.min_group = 50, .rest = REST};
        CHECK_OK(pt_path_tree_make(&tree, &one, &shown, arena, &err));
        check_tree(&tree, starts, 50, REST);
        pt_path_counts_free(&one);
        pt_path_counts_free(&two);
        pt_arena_free(arena);
    }
}

TEST(app_path__a_customer_counts_once_however_often_it_starts)
{
    pt_path_counts c = {0};
    pt_arena *arena = pt_arena_new(0);
    pt_path_shown shown = {.min_group = 1, .rest = 9, .each = true};
    pt_path_tree tree;

    for (uint32_t customer = 0; customer < 3; customer++)
        for (int i = 0; i < 4; i++)
            CHECK(pt_path_counts_add(&c, (const uint8_t[]){0, (uint8_t)(i % 2)}, 2, customer));
    CHECK_OK(pt_path_tree_make(&tree, &c, &shown, arena, &err));
    CHECK_INT(tree.n_nodes, 3);
    CHECK_INT(tree.nodes[0].starts, 12);
    CHECK_INT(tree.nodes[0].customers, 3);
    CHECK_INT(tree.nodes[1].starts, 6);
    CHECK_INT(tree.nodes[1].customers, 3);
    CHECK_INT(tree.n_links, 3);
    pt_path_counts_free(&c);
    pt_arena_free(arena);
}
