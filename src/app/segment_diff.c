#include "app/segment_diff.h"

#include <stdlib.h>

#include "app/definitions.h"
#include "app/memberships.h"
#include "app/proof.h"
#include "app/segment_side.h"

/* One who came or went. */
typedef struct move {
    uint64_t leaves; /* a bit each; the last for all past PT_SEGMENT_DIFF_LEAVES */
    uint32_t ordinal;
    bool entered, counted; /* counted: a customer at both moments, with leaves */
} move;

typedef struct comparing {
    pt_segment_question question;
    pt_segment_side from, to;
    pt_segment_diff *out;
    const pt_segment_diff_options *options;
    move *moves;
    size_t n_moves;
    uint8_t *before, *after; /* values of leaves of one customer */
    bool *decisive;
    pt_arena *arena;
} comparing;

/* --- the two moments ------------------------------------------------------------------------------------------------------------ */

/* "g000012", whether or not it is still there. */
static bool is_build_name(pt_sv text)
{
    bool is = text.len >= 7 && text.len <= 20 && text.ptr[0] == 'g';

    for (size_t i = 1; i < text.len && is; i++)
        is = pt_is_digit(text.ptr[i]);
    return is;
}

static pt_rc read_moment(pt_segment_moment *m, const comparing *x, pt_sv text, pt_err *err)
{
    if (is_build_name(text)) {
        m->generation = pt_arena_strndup(x->arena, text.ptr, text.len);
        return m->generation ? PT_OK : pt_fail_nomem(err, "a comparison");
    }
    if (pt_instant_parse(&m->as_of, text, x->question.rules.project->zone)) {
        if (m->as_of == x->question.now->as_of) /* what the build worked out, queries too */
            m->generation = pt_generation_manifest(x->question.now->generation)->generation;
        return PT_OK;
    }
    pt_fail(err, PT_EINVAL, "'%.*s' is neither a time nor a build", text.len < 40 ? (int)text.len : 40, text.ptr);
    return pt_err_hint(err, "2017-06-30, or 2017-06-30T18:00, or %s",
                       pt_generation_manifest(x->question.now->generation)->generation);
}

static pt_rc only_one_build(pt_err *err)
{
    pt_fail(err, PT_ENOTFOUND, "there is only one build: nothing to compare it with");
    return pt_err_hint(err, "compare instants: --from 2017-07-01 --to 2018-01-01");
}

static uint64_t number_of(const char *generation)
{
    return strtoull(generation + 1, NULL, 10);
}

/* The build before `to`: one that is kept whole, or that left its members. */
static pt_rc find_earlier(comparing *x, pt_err *err)
{
    const pt_segment_moment *to = &x->to.moment;
    const char *data_dir = x->question.rules.project->data_dir;
    uint64_t now =
        number_of(to->generation ? to->generation : pt_generation_manifest(x->question.now->generation)->generation);
    uint64_t found = 0;
    const char *const *names;
    const uint64_t *builds;
    size_t n;

    PT_TRY(pt_generation_list(&names, &n, data_dir, x->arena, err));
    for (size_t i = 0; i < n; i++)
        found = number_of(names[i]) < now ? number_of(names[i]) : found;
    PT_TRY(pt_memberships_builds(&builds, &n, data_dir, now ? now - 1 : 0, x->arena, err));
    if (n && builds[n - 1] > found)
        found = builds[n - 1];
    if (!found)
        return only_one_build(err);
    x->from.moment.generation = pt_arena_printf(x->arena, "g%06llu", (unsigned long long)found);
    return x->from.moment.generation ? PT_OK : pt_fail_nomem(err, "a comparison");
}

static pt_rc choose_moments(comparing *x, pt_err *err)
{
    pt_sv from = pt_sv_trim(x->options->from), to = pt_sv_trim(x->options->to);

    if (to.len)
        PT_TRY(read_moment(&x->to.moment, x, to, err));
    else
        x->to.moment.generation = pt_generation_manifest(x->question.now->generation)->generation;
    if (from.len)
        return read_moment(&x->from.moment, x, from, err);
    return find_earlier(x, err);
}

static pt_rc check_order(const comparing *x, pt_err *err)
{
    const pt_segment_moment *a = &x->from.moment, *b = &x->to.moment;
    bool builds = a->generation && b->generation;

    if (builds ? strcmp(a->generation, b->generation) < 0 : a->as_of < b->as_of)
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "the comparison goes from an earlier time to a later one");
}

/* --- who moved ------------------------------------------------------------------------------------------------------------------ */

static bool has(const uint64_t *bits, uint32_t ordinals, uint32_t i)
{
    return i < ordinals && (bits[i / 64] >> (i % 64) & 1);
}

static void read_leaves(uint8_t *values, const pt_segment_side *s, size_t n, uint32_t i)
{
    for (size_t leaf = 0; leaf < n; leaf++)
        values[leaf] = has(s->leaves[leaf].yes, s->ordinals, i)  ? 1
                       : has(s->leaves[leaf].no, s->ordinals, i) ? 0
                                                                 : PT_BOOL_MISSING;
}

/* The leaves that changed and on which the verdict of now rests. */
static uint64_t changed_leaves(comparing *x, uint32_t i)
{
    const pt_logic_tree *tree = &x->question.tree;
    uint64_t mask = 0;

    read_leaves(x->before, &x->from, tree->n_leaves, i);
    read_leaves(x->after, &x->to, tree->n_leaves, i);
    memset(x->decisive, 0, tree->n_leaves * sizeof *x->decisive);
    pt_logic_decide(x->decisive, tree->root, x->after);
    for (size_t leaf = 0; leaf < tree->n_leaves; leaf++)
        if (x->decisive[leaf] && x->before[leaf] != x->after[leaf])
            mask |= UINT64_C(1) << (leaf < PT_SEGMENT_DIFF_LEAVES ? leaf : PT_SEGMENT_DIFF_LEAVES);
    return mask;
}

static void note(comparing *x, uint32_t i, bool was, bool is)
{
    pt_segment_diff *out = x->out;
    bool new = is && !was && !has(x->from.there, x->from.ordinals, i);
    bool lost = was && !is && !(i < x->to.ordinals && pt_is_customer(x->to.directory, i));
    bool merged = lost && i < x->to.ordinals && pt_directory_forward(x->to.directory, i) != i;
    move m = {.ordinal = i, .entered = is, .counted = !new && !lost && out->leaves_known};

    out->stayed += was && is;
    out->entered_new += new;
    out->left_merged += merged;
    out->left_gone += lost && !merged;
    out->entered += is && !was && !new;
    out->left += was && !is && !lost;
    if (was == is)
        return;
    if (m.counted)
        m.leaves = changed_leaves(x, i);
    x->moves[x->n_moves++] = m;
}

static void free_memory(void *memory)
{
    free(memory);
}

static pt_rc find_moves(comparing *x, pt_err *err)
{
    const pt_segment_side *a = &x->from, *b = &x->to;
    uint32_t most = a->ordinals > b->ordinals ? a->ordinals : b->ordinals;
    size_t n = 0, n_leaves = x->question.tree.n_leaves;

    for (uint32_t i = 0; i < most; i++)
        n += has(a->members, a->ordinals, i) != has(b->members, b->ordinals, i);
    x->moves = pt_zalloc(n + 1, sizeof *x->moves);
    if (!x->moves || !pt_arena_defer(x->arena, free_memory, x->moves)) {
        free(x->moves);
        return pt_fail_nomem(err, "a comparison");
    }
    x->before = PT_NEW_ARRAY(x->arena, uint8_t, n_leaves);
    x->after = PT_NEW_ARRAY(x->arena, uint8_t, n_leaves);
    x->decisive = PT_NEW_ARRAY(x->arena, bool, n_leaves);
    if (!x->before || !x->after || !x->decisive)
        return pt_fail_nomem(err, "a comparison");
    for (uint32_t i = 0; i < most; i++)
        note(x, i, has(a->members, a->ordinals, i), has(b->members, b->ordinals, i));
    return pt_view_named(pt_directory_damage(b->directory, err), PT_FILE_DIRECTORY, err);
}

/* --- causes --------------------------------------------------------------------------------------------------------------------- */

static int by_leaves(const void *left, const void *right)
{
    const uint64_t a = ((const move *)left)->leaves, b = ((const move *)right)->leaves;

    return a < b ? -1 : a > b;
}

static int most_first(const void *left, const void *right)
{
    const pt_segment_cause *a = left, *b = right;
    uint64_t x = a->entered + a->left, y = b->entered + b->left;

    if (x != y)
        return x > y ? -1 : 1;
    for (size_t i = 0; i < a->n_leaves && i < b->n_leaves; i++)
        if (a->leaves[i] != b->leaves[i])
            return a->leaves[i] < b->leaves[i] ? -1 : 1;
    return (a->n_leaves > b->n_leaves) - (a->n_leaves < b->n_leaves);
}

static pt_rc spell_leaves(pt_segment_cause *c, uint64_t mask, pt_arena *arena, pt_err *err)
{
    uint32_t *leaves = PT_NEW_ARRAY(arena, uint32_t, PT_SEGMENT_DIFF_LEAVES);

    if (!leaves)
        return pt_fail_nomem(err, "a comparison");
    for (uint32_t leaf = 0; leaf < PT_SEGMENT_DIFF_LEAVES; leaf++)
        if (mask >> leaf & 1)
            leaves[c->n_leaves++] = leaf;
    c->leaves = leaves;
    return PT_OK;
}

static void add_to_leaves(comparing *x, const pt_segment_cause *c)
{
    uint64_t *entered = (uint64_t *)(uintptr_t)x->out->entered_by, *left = (uint64_t *)(uintptr_t)x->out->left_by;

    for (size_t i = 0; i < c->n_leaves; i++) {
        entered[c->leaves[i]] += c->entered;
        left[c->leaves[i]] += c->left;
    }
}

static pt_rc count_causes(comparing *x, const move *sorted, size_t n, pt_err *err)
{
    pt_segment_cause *causes = NULL;
    size_t n_causes = 0;

    for (size_t i = 0; i < n; i++)
        n_causes += i == 0 || sorted[i].leaves != sorted[i - 1].leaves;
    if (!(causes = PT_NEW_ARRAY(x->arena, pt_segment_cause, n_causes)))
        return pt_fail_nomem(err, "a comparison");
    n_causes = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sorted[i].leaves != sorted[i - 1].leaves)
            PT_TRY(spell_leaves(&causes[n_causes++], sorted[i].leaves, x->arena, err));
        causes[n_causes - 1].entered += sorted[i].entered;
        causes[n_causes - 1].left += !sorted[i].entered;
    }
    for (size_t i = 0; i < n_causes; i++)
        add_to_leaves(x, &causes[i]);
    if (n_causes)
        qsort(causes, n_causes, sizeof *causes, most_first);
    x->out->causes = causes;
    x->out->n_causes = n_causes;
    return PT_OK;
}

static pt_rc find_causes(comparing *x, pt_err *err)
{
    size_t n_leaves = x->question.tree.n_leaves, n = 0;
    move *sorted = pt_zalloc(x->n_moves + 1, sizeof *sorted);

    x->out->entered_by = PT_NEW_ARRAY(x->arena, uint64_t, n_leaves);
    x->out->left_by = PT_NEW_ARRAY(x->arena, uint64_t, n_leaves);
    if (!sorted || !x->out->entered_by || !x->out->left_by) {
        free(sorted);
        return pt_fail_nomem(err, "a comparison");
    }
    for (size_t i = 0; i < x->n_moves; i++)
        if (x->moves[i].counted)
            sorted[n++] = x->moves[i];
    if (n)
        qsort(sorted, n, sizeof *sorted, by_leaves);
    pt_rc rc = count_causes(x, sorted, n, err);
    free(sorted);
    return rc;
}

/* --- leaves and movers for the reader -------------------------------------------------------------------------------------------- */

/* Below an odd number of NOTs, what takes people in is that the leaf is false: it is named as its negation. */
static void find_negated(bool *negated, const pt_logic *l, bool want)
{
    if (l->kind == PT_LOGIC_LEAF)
        negated[l->leaf] = !want;
    for (size_t i = 0; i < l->n_parts; i++)
        find_negated(negated, l->parts[i], l->kind == PT_LOGIC_NOT ? !want : want);
}

static pt_rc name_leaves(comparing *x, pt_err *err)
{
    const pt_logic_tree *tree = &x->question.tree;
    const char **texts = PT_NEW_ARRAY(x->arena, const char *, tree->n_leaves);
    bool *negated = PT_NEW_ARRAY(x->arena, bool, tree->n_leaves);

    if (!texts || !negated)
        return pt_fail_nomem(err, "a comparison");
    find_negated(negated, tree->root, true);
    for (size_t i = 0; i < tree->n_leaves; i++) {
        const pt_node *leaf = tree->leaves[i];
        pt_node negation = {
            .kind = PT_NODE_UNARY, .type = PT_TYPE_BOOL, .level = leaf->level, .n_args = 1, .args = &leaf};
        negation.u.op = PT_OP_NOT;
        PT_TRY(
            pt_node_text(&texts[i], negated[i] ? &negation : leaf, x->question.rules.module->catalog, x->arena, err));
    }
    x->out->leaves = texts;
    x->out->n_leaves = tree->n_leaves;
    return PT_OK;
}

static const pt_segment_cause *cause_of(const comparing *x, const move *m)
{
    for (size_t i = 0; i < x->out->n_causes && m->counted; i++) {
        const pt_segment_cause *c = &x->out->causes[i];
        uint64_t mask = 0;
        for (size_t k = 0; k < c->n_leaves; k++)
            mask |= UINT64_C(1) << c->leaves[k];
        if (mask == (m->leaves & ~(UINT64_C(1) << PT_SEGMENT_DIFF_LEAVES)))
            return c;
    }
    return NULL;
}

static pt_rc list_movers(comparing *x, pt_err *err)
{
    pt_segment_mover *movers = PT_NEW_ARRAY(x->arena, pt_segment_mover, x->n_moves);

    if (!movers)
        return pt_fail_nomem(err, "a comparison");
    for (size_t i = 0; i < x->n_moves; i++) {
        const move *m = &x->moves[i];
        const pt_segment_side *side = m->entered ? &x->to : &x->from; /* who left may be no customer any more */
        movers[i] = (pt_segment_mover){pt_directory_id(side->directory, m->ordinal), m->entered, cause_of(x, m)};
    }
    x->out->movers = movers;
    x->out->n_movers = x->n_moves;
    return PT_OK;
}

/* --- the definition --------------------------------------------------------------------------------------------------------------- */

/* "spend >= 1000 : dynamic", as the manifest has it. */
static pt_rc only_condition(const char **out, const char *text, pt_arena *arena, pt_err *err)
{
    size_t n = strlen(text);

    for (size_t i = 0; i + 2 < n; i++)
        if (memcmp(text + i, " : ", 3) == 0 && !strstr(text + i + 1, " : "))
            n = i;
    *out = pt_arena_strndup(arena, text, n);
    return *out ? PT_OK : pt_fail_nomem(err, "a comparison");
}

static pt_rc compare_definitions(comparing *x, pt_err *err)
{
    const pt_segment_side *a = &x->from;
    pt_segment_diff *out = x->out;

    out->redefined = x->from.redefined || x->to.redefined;
    if (!a->as_kept)
        return PT_OK;
    const pt_manifest *m = pt_generation_manifest(a->view->generation);
    const char *name = x->question.rules.project->segments[x->question.segment].name;
    const char *key = pt_arena_printf(x->arena, "segment %s", name);
    if (!key)
        return pt_fail_nomem(err, "a comparison");
    const char *text = pt_definition_find(m->definitions, m->n_definitions, key);
    PT_TRY(only_condition(&out->before, text ? text : "", x->arena, err));
    for (uint32_t i = 0; i < a->ordinals; i++) {
        bool was = has(a->as_kept, a->ordinals, i), would = has(a->members, a->ordinals, i);
        out->definition_entered += would && !was;
        out->definition_left += was && !would;
    }
    return PT_OK;
}

/* --- the whole --------------------------------------------------------------------------------------------------------------------- */

static void free_pool(void *pool)
{
    pt_pool_free(pool);
}

static pt_rc ask(comparing *x, pt_app *app, pt_sv what, pt_diags *diags, pt_err *err)
{
    pt_segment_question *q = &x->question;

    q->app = app;
    q->arena = x->arena;
    q->options = &x->options->crowd;
    PT_TRY(pt_rules_of(&q->rules, app->project, x->arena, err));
    PT_TRY(pt_rules_parse(&q->node, &q->tree, &q->rules, pt_sv_trim(what), diags, x->arena, err));
    q->segment = pt_rules_segment(&q->rules, q->node);
    PT_TRY(pt_node_text(&x->out->text, q->node, q->rules.module->catalog, x->arena, err));
    PT_TRY(pt_app_view(&q->now, app, err));
    PT_TRY(pt_pool_new(&q->pool, x->options->crowd.threads, err));
    if (pt_arena_defer(x->arena, free_pool, q->pool))
        return PT_OK;
    pt_pool_free(q->pool);
    return pt_fail_nomem(err, "a comparison");
}

static pt_rc compare(comparing *x, pt_err *err)
{
    pt_segment_diff *out = x->out;

    PT_TRY(choose_moments(x, err));
    PT_TRY(pt_segment_side_fill(&x->from, &x->question, err));
    PT_TRY(pt_segment_side_fill(&x->to, &x->question, err));
    PT_TRY(check_order(x, err));
    out->segment = x->question.segment;
    out->from = x->from.moment;
    out->to = x->to.moment;
    out->leaves_known = x->from.leaves && x->to.leaves;
    PT_TRY(name_leaves(x, err));
    PT_TRY(find_moves(x, err));
    PT_TRY(find_causes(x, err));
    PT_TRY(compare_definitions(x, err));
    return x->options->movers ? list_movers(x, err) : PT_OK;
}

pt_rc pt_app_segment_diff(const pt_segment_diff **out, pt_app *app, pt_sv what, const pt_segment_diff_options *options,
                          pt_diags *diags, pt_arena *arena, pt_err *err)
{
    comparing x = {.out = PT_NEW(arena, pt_segment_diff), .options = options, .arena = arena};

    PT_TRY(pt_app_sound(app, err));
    if (!x.out)
        return pt_fail_nomem(err, "a comparison");
    PT_TRY(ask(&x, app, what, diags, err));
    PT_TRY(compare(&x, err));
    *out = x.out;
    return PT_OK;
}
