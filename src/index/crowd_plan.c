/* A condition -> steps. Negations go down to the leaves, sets of codes take the form that reads least, and what is cheap and
 * drops most comes first. */
#include <stdlib.h>
#include <string.h>

#include "index/crowd_int.h"

/* What costs as much as reading a row, for a block: putting listed customers into words one by one, 1/100 of all; and how many
 * rows a range reads before everybody is decided, about one for each halving of those who are left in a line. */
static const double LISTED_ROWS = 100, RANGE_ROWS = 7;

static pt_rc plan(step **out, pt_crowd *c, const pt_crowd_node *n, bool yes, pt_err *err);

static step *make(pt_crowd *c, step what)
{
    step *s = PT_NEW(c->arena, step);

    if (s)
        *s = what;
    return s;
}

static pt_rc give(step **out, pt_crowd *c, step what, pt_err *err)
{
    *out = make(c, what);
    return *out ? PT_OK : pt_fail_nomem(err, "a condition");
}

static double share_of(uint64_t n, uint32_t ordinals)
{
    return ordinals ? (double)n / ordinals : 0;
}

static bool add_row(size_t *at, pt_crowd *c, crowd_row row)
{
    if (c->n_rows == c->cap_rows) {
        size_t cap = c->cap_rows * 2 + 16;
        crowd_row *more = PT_NEW_ARRAY(c->arena, crowd_row, cap);
        if (!more)
            return false;
        if (c->n_rows)
            memcpy(more, c->rows, c->n_rows * sizeof *more);
        c->rows = more;
        c->cap_rows = cap;
    }
    *at = c->n_rows++;
    c->rows[*at] = row;
    return true;
}

/* --- trees ------------------------------------------------------------------------------------------------------------------- */

/* Of AND the first to run should drop most for what it costs, of OR take most. */
static int by_worth(const void *left, const void *right, bool all)
{
    const step *a = *(step *const *)left, *b = *(step *const *)right;
    double x = a->cost / ((all ? 1 - a->share : a->share) + 1e-9),
           y = b->cost / ((all ? 1 - b->share : b->share) + 1e-9);

    return x < y ? -1 : x > y;
}

static int by_worth_and(const void *a, const void *b)
{
    return by_worth(a, b, true);
}

static int by_worth_or(const void *a, const void *b)
{
    return by_worth(a, b, false);
}

/* A step of one row is as good as either kind of set. */
static bool is_set(const step *s, bool all)
{
    return s->kind == (all ? STEP_ROWS : STEP_ANY) || (s->n == 1 && (s->kind == STEP_ROWS || s->kind == STEP_ANY));
}

/* Appends a step's rows to the crowd's; *first is where. */
static pt_rc copy_rows(size_t *first, pt_crowd *c, const step *s, pt_err *err)
{
    size_t at = c->n_rows;

    for (unsigned i = 0; i < s->n; i++)
        if (!add_row(i ? &(size_t){0} : &at, c, c->rows[s->first + i]))
            return pt_fail_nomem(err, "a condition");
    *first = at;
    return PT_OK;
}

/* Puts neighbours that are sets of the wanted kind together: their rows are then read side by side. Where few are left by
 * then, AND begins a new set: its rows are read only where somebody is. */
static pt_rc join_sets(step *s, pt_crowd *c, bool all, pt_err *err)
{
    const double few = 1.0 / 1024;
    double left = 1;
    size_t kept = 0;
    step *into = NULL;

    for (size_t i = 0; i < s->n_children; i++) {
        step *child = s->children[i];
        bool set = is_set(child, all);
        if (!set || !into || into->n + child->n > PT_ROWS_MOST || (all && left < few)) {
            s->children[kept++] = child;
            into = set ? child : NULL;
            if (set) {
                into->kind = all ? STEP_ROWS : STEP_ANY;
                PT_TRY(copy_rows(&into->first, c, child, err)); /* to where others can follow */
            }
        } else {
            size_t at;
            PT_TRY(copy_rows(&at, c, child, err));
            into->flips |= child->flips << into->n;
            into->n += child->n;
            into->share = all ? into->share * child->share : 1 - (1 - into->share) * (1 - child->share);
            into->cost += child->cost;
        }
        left *= child->share;
    }
    s->n_children = kept;
    return PT_OK;
}

/* Children that are of the parent's kind have theirs taken over. */
static pt_rc flatten(step *s, pt_crowd *c, pt_err *err)
{
    size_t n = 0, at = 0;

    for (size_t i = 0; i < s->n_children; i++)
        n += s->children[i]->kind == s->kind ? s->children[i]->n_children : 1;
    step **flat = PT_NEW_ARRAY(c->arena, step *, n);
    if (!flat)
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < s->n_children; i++) {
        step *child = s->children[i];
        if (child->kind != s->kind)
            flat[at++] = child;
        for (size_t k = 0; child->kind == s->kind && k < child->n_children; k++)
            flat[at++] = child->children[k];
    }
    s->children = flat;
    s->n_children = n;
    return PT_OK;
}

/* Order, then sets put together. */
static pt_rc finish(step *s, pt_crowd *c, pt_err *err)
{
    bool all = s->kind == STEP_AND;

    if (s->kind != STEP_AND && s->kind != STEP_OR)
        return PT_OK;
    for (size_t i = 0; i < s->n_children; i++)
        PT_TRY(finish(s->children[i], c, err));
    if (s->n_children)
        qsort(s->children, s->n_children, sizeof *s->children, all ? by_worth_and : by_worth_or);
    return join_sets(s, c, all, err);
}

/* How many slices of a range are read in any case, when `left` is the share of customers that come so far. Each slice decides
 * half of those of a line, so that after these hardly one is left: a wrong guess whether there is one costs as much as several
 * slices, hence the small remainder (measured). */
static void set_eager(step *s, double left)
{
    if (s->kind == STEP_RANGE) {
        double undecided = left * 512;
        for (s->range.eager = 0; undecided > 0.04 && s->range.eager < s->range.k; undecided /= 2)
            s->range.eager++;
    }
    for (size_t i = 0; i < s->n_children; i++) {
        set_eager(s->children[i], left);
        left *= s->kind == STEP_AND ? s->children[i]->share : 1;
    }
}

/* Leaves the crowd only rows that a step reads, and says how much scratch steps need: what one child has used another can
 * use after it. */
static pt_rc settle(step *s, pt_crowd *c, const crowd_row *rows, pt_err *err)
{
    static const size_t own[] = {[STEP_ANY] = 1, [STEP_RANGE] = 2, [STEP_OR] = 2};
    size_t first = c->n_rows, at;

    for (unsigned i = 0; i < s->n; i++) {
        c->n_expanded += rows[s->first + i].words == NULL;
        if (!add_row(&at, c, rows[s->first + i]))
            return pt_fail_nomem(err, "a condition");
    }
    s->first = first;
    for (size_t i = 0; i < s->n_children; i++) {
        PT_TRY(settle(s->children[i], c, rows, err));
        s->room = s->children[i]->room > s->room ? s->children[i]->room : s->room;
    }
    s->room += s->kind < PT_COUNT(own) ? own[s->kind] : 0;
    return PT_OK;
}

static pt_rc combine(step **out, pt_crowd *c, bool all, step **children, size_t n, pt_err *err)
{
    double kept = 1, cost = 0;

    for (size_t i = 0; i < n; i++) {
        kept *= all ? children[i]->share : 1 - children[i]->share;
        cost += children[i]->cost;
    }
    if (n == 1) {
        *out = children[0];
        return PT_OK;
    }
    PT_TRY(give(out, c,
                (step){.kind = all ? STEP_AND : STEP_OR,
                       .children = children,
                       .n_children = n,
                       .share = all ? kept : 1 - kept,
                       .cost = cost},
                err));
    return flatten(*out, c, err);
}

static pt_rc plan_children(step **out, pt_crowd *c, const pt_crowd_node *n, bool yes, pt_err *err)
{
    step **children = PT_NEW_ARRAY(c->arena, step *, n->n_children);
    bool all = (n->kind == PT_CROWD_AND) == yes;

    if (!children)
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < n->n_children; i++)
        PT_TRY(plan(&children[i], c, n->children[i], yes, err));
    if (n->n_children == 0)
        return give(out, c, (step){.kind = all ? STEP_ALL : STEP_NONE, .share = all}, err);
    return combine(out, c, all, children, n->n_children, err);
}

/* --- leaves of rows -------------------------------------------------------------------------------------------------------- */

static pt_rc plan_row(step **out, pt_crowd *c, crowd_row row, double share, double cost, bool yes, pt_err *err)
{
    step s = {.kind = STEP_ROWS, .n = 1, .flips = !yes, .share = yes ? share : 1 - share, .cost = cost};

    if (!add_row(&s.first, c, row))
        return pt_fail_nomem(err, "a condition");
    return give(out, c, s, err);
}

static void free_item(void *item)
{
    pt_roaring_free(item);
}

/* An item's customers; freed with the arena. */
static pt_rc open_item(const pt_roaring **out, pt_crowd *c, pt_tagindex *x, uint32_t item, pt_err *err)
{
    PT_TRY(pt_tagindex_item(out, x, item, err));
    if (pt_arena_defer(c->arena, free_item, (void *)(uintptr_t)*out))
        return PT_OK;
    pt_roaring_free(*out);
    return pt_fail_nomem(err, "a condition");
}

static pt_rc plan_owners(step **out, pt_crowd *c, const pt_crowd_node *n, uint32_t item, bool yes, pt_err *err)
{
    crowd_row row = {0};

    PT_TRY(open_item(&row.item, c, n->index, item, err));
    return plan_row(out, c, row, share_of(pt_tagindex_counts(n->index)[item], c->ordinals), 2, yes, err);
}

/* Those who have the item, or who have a list without it: list and not item. */
static pt_rc plan_item(step **out, pt_crowd *c, const pt_crowd_node *n, bool yes, pt_err *err)
{
    step **sides = PT_NEW_ARRAY(c->arena, step *, 2);

    if (!n->outside)
        return plan_owners(out, c, n, n->item, yes, err);
    if (!sides)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(plan_owners(&sides[0], c, n, 0, yes, err));
    PT_TRY(plan_owners(&sides[1], c, n, n->item, !yes, err));
    return combine(out, c, yes, sides, 2, err);
}

/* --- leaves of codes ------------------------------------------------------------------------------------------------------- */

/* A set of codes under plan. */
typedef struct code_set {
    pt_crowd *crowd;
    const pt_crowd_node *node;
    pt_tagindex *index;
    const uint64_t *counts;
    uint32_t codes; /* 1..codes */
    unsigned slices;
    bool lists; /* every code has a bitmap of its own or is listed */
} code_set;

static uint64_t members(const code_set *s, uint32_t low, uint32_t high)
{
    uint64_t n = 0;

    for (uint32_t code = low; code <= high; code++)
        n += s->counts[code];
    return n;
}

/* The fewest slices that tell the code from all others that somebody has: of a bool one of its two. */
static uint32_t telling_bits(const code_set *s, uint32_t code)
{
    enum { FEW_SLICES = 6 };
    uint32_t mask = (UINT32_C(1) << s->slices) - 1;

    for (unsigned j = 0; j < s->slices && s->slices <= FEW_SLICES; j++) {
        uint32_t less = mask & ~(UINT32_C(1) << j);
        bool tells = true;
        for (uint32_t other = 0; other <= s->codes && tells; other++)
            tells = other == code || s->counts[other] == 0 || ((other ^ code) & less);
        mask = tells ? less : mask;
    }
    return mask;
}

static crowd_row slice_row(const code_set *s, unsigned j)
{
    return (crowd_row){.words = pt_tagindex_rows(s->index, 0) + (size_t)j * PT_BLOCK_WORDS,
                       .stride = (size_t)s->slices * PT_BLOCK_WORDS};
}

/* code is `code`, by slices, the highest first: of many codes they drop as much as any. */
static pt_rc plan_equal(step **out, const code_set *s, uint32_t code, pt_err *err)
{
    uint32_t mask = telling_bits(s, code);
    step what = {.kind = STEP_ROWS, .first = s->crowd->n_rows, .share = share_of(s->counts[code], s->crowd->ordinals)};
    size_t at;

    PT_TRY(pt_tagindex_check_rows(s->index, err));
    for (unsigned j = s->slices; j-- > 0;) {
        if (!(mask >> j & 1))
            continue;
        if (!add_row(&at, s->crowd, slice_row(s, j)))
            return pt_fail_nomem(err, "a condition");
        what.flips |= (uint64_t)(~code >> j & 1) << what.n++;
    }
    what.cost = what.n;
    if (what.n == 0) /* the only code that anybody has */
        what.kind = STEP_ALL;
    return give(out, s->crowd, what, err);
}

static pt_rc plan_range(step **out, const code_set *s, pt_slice_range range, pt_err *err)
{
    double share = share_of(members(s, range.low, range.high < s->codes ? range.high : s->codes), s->crowd->ordinals);
    step what = {.kind = STEP_RANGE, .node = s->node, .range = range, .share = share};

    PT_TRY(pt_tagindex_check_rows(s->index, err));
    what.range.k = s->slices;
    what.cost = s->slices < RANGE_ROWS ? s->slices : RANGE_ROWS;
    return give(out, s->crowd, what, err);
}

/* The form of codes [low, high] that bitmaps and lists give: their cost in rows, or a negative one where that is no choice. */
static double cost_of_own(const code_set *s, uint32_t low, uint32_t high)
{
    uint64_t listed = 0;
    double cost = 0;

    for (uint32_t code = low; code <= high; code++) {
        bool bitmap = pt_tagindex_has_bitmap(s->index, code);
        cost += bitmap && s->counts[code] ? 1 : 0;
        listed += bitmap ? 0 : s->counts[code];
    }
    if (listed && !s->lists)
        return -1;
    return cost + (listed ? 0.5 : 0) + share_of(listed, s->crowd->ordinals) * LISTED_ROWS;
}

/* Any of the bitmaps and the lists of codes [low, high]. */
static pt_rc plan_own(step **out, const code_set *s, uint32_t low, uint32_t high, pt_err *err)
{
    step **parts = PT_NEW_ARRAY(s->crowd->arena, step *, (size_t)high - low + 2);
    size_t n = 0;
    uint64_t listed = 0;

    if (!parts)
        return pt_fail_nomem(err, "a condition");
    for (uint32_t code = low; code <= high; code++) {
        crowd_row row = {.stride = PT_BLOCK_WORDS};
        double share = share_of(s->counts[code], s->crowd->ordinals);
        PT_TRY(pt_tagindex_bitmap(&row.words, s->index, code, err));
        if (row.words && s->counts[code])
            PT_TRY(plan_row(&parts[n++], s->crowd, row, share, 1, true, err));
        listed += row.words ? 0 : s->counts[code];
    }
    if (listed) {
        crowd_row row = {.list = s->index, .low = low, .high = high};
        double share = share_of(listed, s->crowd->ordinals);
        PT_TRY(plan_row(&parts[n++], s->crowd, row, share, 0.5 + share * LISTED_ROWS, true, err));
    }
    if (n == 0)
        return give(out, s->crowd, (step){.kind = STEP_NONE}, err);
    return combine(out, s->crowd, false, parts, n, err);
}

/* A range from the lowest value on leaves out the missing: cheaper with them taken along and dropped after. */
static pt_rc plan_slices(step **out, const code_set *s, uint32_t low, uint32_t high, pt_err *err)
{
    step **sides = PT_NEW_ARRAY(s->crowd->arena, step *, 2);
    const uint64_t *missing = NULL;
    crowd_row row = {.stride = PT_BLOCK_WORDS};

    if (!sides)
        return pt_fail_nomem(err, "a condition");
    if (low == high)
        return plan_equal(out, s, low, err);
    if (high == s->codes)
        high = (UINT32_C(1) << s->slices) - 1;
    if (low == 1 && s->counts[0])
        PT_TRY(pt_tagindex_bitmap(&missing, s->index, 0, err));
    if (low != 1 || (s->counts[0] && !missing))
        return plan_range(out, s, (pt_slice_range){.low = low, .high = high}, err);
    PT_TRY(plan_range(&sides[0], s, (pt_slice_range){.low = 0, .high = high}, err));
    if (missing) {
        row.words = missing;
        PT_TRY(plan_row(&sides[1], s->crowd, row, share_of(s->counts[0], s->crowd->ordinals), 1, false, err));
    }
    return combine(out, s->crowd, true, sides, missing ? 2 : 1, err);
}

static double cost_of_slices(const code_set *s, uint32_t low, uint32_t high)
{
    if (low == high)
        return __builtin_popcount(telling_bits(s, low));
    return s->slices < RANGE_ROWS ? s->slices : RANGE_ROWS;
}

/* The cheaper of both; *cost what it costs. */
static bool own_is_cheaper(double *cost, const code_set *s, uint32_t low, uint32_t high)
{
    double own = high - low < 512 ? cost_of_own(s, low, high) : -1, slices = cost_of_slices(s, low, high);
    bool cheaper = own >= 0 && own <= slices;

    *cost = cheaper ? own : slices;
    return cheaper;
}

/* The ranges, or what lies between them: low and high of the i-th gap; false when it is empty. */
static bool gap(uint32_t *low, uint32_t *high, const code_set *s, size_t i)
{
    const pt_crowd_node *n = s->node;

    *low = i ? n->ranges[i - 1].high + 1 : 0;
    *high = i < n->n_ranges ? n->ranges[i].low - 1 : s->codes;
    return i == n->n_ranges ? *low <= s->codes : n->ranges[i].low > *low;
}

static bool outside_is_cheaper(const code_set *s)
{
    const pt_crowd_node *n = s->node;
    double inside = 0, outside = 0, cost;
    uint32_t low, high;

    for (size_t i = 0; i < n->n_ranges; i++) {
        own_is_cheaper(&cost, s, n->ranges[i].low, n->ranges[i].high);
        inside += cost;
    }
    for (size_t i = 0; i <= n->n_ranges; i++)
        if (gap(&low, &high, s, i) && members(s, low, high)) {
            own_is_cheaper(&cost, s, low, high);
            outside += cost;
        }
    return outside < inside;
}

/* Makes "not" of a step without nodes below that others share. */
static void negate(step *s)
{
    s->share = 1 - s->share;
    switch (s->kind) {
    case STEP_ALL: s->kind = STEP_NONE; break;
    case STEP_NONE: s->kind = STEP_ALL; break;
    case STEP_ROWS:
    case STEP_ANY:
        s->kind = s->kind == STEP_ROWS ? STEP_ANY : STEP_ROWS;
        s->flips = ~s->flips & (s->n < 64 ? (UINT64_C(1) << s->n) - 1 : ~UINT64_C(0));
        break;
    case STEP_RANGE: s->flip = !s->flip; break;
    case STEP_AND:
    case STEP_OR:
        s->kind = s->kind == STEP_AND ? STEP_OR : STEP_AND;
        for (size_t i = 0; i < s->n_children; i++)
            negate(s->children[i]);
    }
}

static pt_rc plan_one(step **out, const code_set *s, uint32_t low, uint32_t high, bool yes, pt_err *err)
{
    double cost;
    bool own = own_is_cheaper(&cost, s, low, high);

    PT_TRY(own ? plan_own(out, s, low, high, err) : plan_slices(out, s, low, high, err));
    if (!yes)
        negate(*out);
    return PT_OK;
}

/* Codes that a condition cuts belong to the range beside them: their customers are told apart at its edges. */
static pt_rc plan_edges(step **out, const code_set *s, pt_err *err)
{
    const pt_crowd_node *n = s->node;
    uint32_t first = n->partial[0], last = n->partial[n->n_partial - 1];
    pt_slice_range r = {.low = first, .high = last, .edge_low = true, .edge_high = true};

    if (n->n_ranges) {
        r.edge_low = first < n->ranges[0].low;
        r.edge_high = last > n->ranges[0].high;
        r.low = r.edge_low ? first : n->ranges[0].low;
        r.high = r.edge_high ? last : n->ranges[0].high;
    }
    if (!r.edge_high && r.high == s->codes)
        r.high = (UINT32_C(1) << s->slices) - 1;
    const uint64_t *missing = NULL;
    if (!r.edge_low && r.low == 1)
        PT_TRY(pt_tagindex_bitmap(&missing, s->index, 0, err));
    bool without = !r.edge_low && r.low == 1 && (missing || !s->counts[0]);
    r.low = without ? 0 : r.low;
    PT_TRY(plan_range(out, s, r, err));
    if (!missing)
        return PT_OK;
    step **sides = PT_NEW_ARRAY(s->crowd->arena, step *, 2);
    if (!sides)
        return pt_fail_nomem(err, "a condition");
    sides[0] = *out;
    PT_TRY(plan_row(&sides[1], s->crowd, (crowd_row){.words = missing, .stride = PT_BLOCK_WORDS},
                    share_of(s->counts[0], s->crowd->ordinals), 1, false, err));
    return combine(out, s->crowd, true, sides, 2, err);
}

static pt_rc plan_ranges(step **out, const code_set *s, pt_err *err)
{
    const pt_crowd_node *n = s->node;
    step **parts = PT_NEW_ARRAY(s->crowd->arena, step *, n->n_ranges + 1);
    bool outside = outside_is_cheaper(s);
    uint32_t low, high;
    size_t made = 0;

    if (!parts)
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < n->n_ranges && !outside; i++)
        PT_TRY(plan_one(&parts[made++], s, n->ranges[i].low, n->ranges[i].high, true, err));
    for (size_t i = 0; i <= n->n_ranges && outside; i++)
        if (gap(&low, &high, s, i) && members(s, low, high))
            PT_TRY(plan_one(&parts[made++], s, low, high, false, err));
    if (made == 0)
        return give(out, s->crowd, (step){.kind = outside ? STEP_ALL : STEP_NONE, .share = outside}, err);
    return combine(out, s->crowd, outside, parts, made, err);
}

static pt_rc plan_codes(step **out, pt_crowd *c, const pt_crowd_node *n, bool yes, pt_err *err)
{
    code_set s = {.crowd = c,
                  .node = n,
                  .index = n->index,
                  .counts = pt_tagindex_counts(n->index),
                  .codes = pt_tagindex_codes(n->index),
                  .slices = pt_tagindex_slices(n->index)};

    PT_TRY(pt_tagindex_check_lists(&s.lists, n->index, err));
    PT_TRY(n->n_partial ? plan_edges(out, &s, err) : plan_ranges(out, &s, err));
    if (!yes)
        negate(*out);
    return PT_OK;
}

/* --- any node --------------------------------------------------------------------------------------------------------------- */

static pt_rc plan(step **out, pt_crowd *c, const pt_crowd_node *n, bool yes, pt_err *err)
{
    if (n->index && pt_tagindex_ordinals(n->index) != c->ordinals)
        return pt_fail(err, PT_EINTERNAL, "the index of tag '%s' is of other customers",
                       pt_tagindex_info(n->index)->name);
    switch (n->kind) {
    case PT_CROWD_ALL:
    case PT_CROWD_NONE: {
        bool all = (n->kind == PT_CROWD_ALL) == yes;
        return give(out, c, (step){.kind = all ? STEP_ALL : STEP_NONE, .share = all}, err);
    }
    case PT_CROWD_CODES: return plan_codes(out, c, n, yes, err);
    case PT_CROWD_ITEM: return plan_item(out, c, n, yes, err);
    case PT_CROWD_BITS: {
        crowd_row row = {.words = n->bits, .stride = PT_BLOCK_WORDS};
        return plan_row(out, c, row, 0.5, 1, yes, err);
    }
    case PT_CROWD_NOT: return plan(out, c, n->children[0], !yes, err);
    default: return plan_children(out, c, n, yes, err);
    }
}

pt_rc crowd_plan(pt_crowd *c, const pt_crowd_node *root, pt_err *err)
{
    PT_TRY(plan(&c->root, c, root, true, err));
    PT_TRY(finish(c->root, c, err));
    set_eager(c->root, 1);
    const crowd_row *rows = c->rows;
    c->rows = NULL;
    c->n_rows = c->cap_rows = 0;
    return settle(c->root, c, rows, err);
}
