#include "app/link_explain.h"

#include <math.h>
#include <stdlib.h>

#include "app/card_draft.h"
#include "app/link_names.h"
#include "project/link_config.h"

/* More than so many records of a side are not compared each with each: the first ones stand for them. */
enum { MOST_RECORDS = 200, MOST_SENTENCES = 8 };

typedef struct explaining {
    pt_link_explanation *out;
    const pt_linking *linking;
    pt_link_find *find;
    const pt_directory *directory;
    pt_arena *arena;
    pt_err *err;
} explaining;

/* --- which records --------------------------------------------------------------------------------------------------------------- */

static pt_rc meant(const uint32_t **records, size_t *n, explaining *x, pt_sv who, char side)
{
    PT_TRY(pt_link_find_all(records, n, x->find, who, x->arena, x->err));
    if (*n)
        return PT_OK;
    pt_fail(x->err, PT_ENOTFOUND, "%c: no record that is linked has this identifier", side);
    return pt_err_hint(x->err, "TYPE:VALUE, a value, a customer's id, or #N for record N");
}

static bool share_one(const uint32_t *a, size_t n_a, const uint32_t *b, size_t n_b)
{
    for (size_t i = 0; i < n_a; i++)
        for (size_t j = 0; j < n_b; j++)
            if (a[i] == b[j])
                return true;
    return false;
}

/* Of all pairs of what was meant the strongest. */
static pt_rc choose(explaining *x, const uint32_t *a, const uint32_t *b, pt_link_evidence *best)
{
    size_t n_a = x->out->n_a < MOST_RECORDS ? x->out->n_a : MOST_RECORDS,
           n_b = x->out->n_b < MOST_RECORDS ? x->out->n_b : MOST_RECORDS;
    double *weights = PT_NEW_ARRAY(x->arena, double, n_a *n_b);

    if (!weights)
        return pt_fail_nomem(x->err, "a pair of records");
    PT_TRY(pt_link_weigh_all(weights, &x->linking->model, &x->linking->setup.table.records, a, n_a, b, n_b, x->err));
    size_t at = 0;
    for (size_t i = 1; i < n_a * n_b; i++)
        at = weights[i] > weights[at] ? i : at;
    x->out->a = a[at / n_b];
    x->out->b = b[at % n_b];
    return pt_link_explain(best, &x->linking->model, &x->linking->setup.table.records, x->out->a, x->out->b, x->err);
}

static pt_rc name_customer(const char **out, explaining *x, uint32_t record)
{
    uint32_t type, ordinal = PT_ID_NONE;
    pt_sv value = pt_linking_identifier(x->linking, record, &type);

    *out = NULL;
    for (size_t t = 0; x->directory && t < pt_directory_types(x->directory); t++)
        if (strcmp(pt_directory_type_name(x->directory, t), x->linking->project->identity.types[type].name) == 0)
            ordinal = pt_directory_find(x->directory, (int)t, value);
    if (ordinal == PT_ID_NONE)
        return PT_OK;
    pt_sv id = pt_directory_id(x->directory, ordinal);
    *out = pt_arena_strndup(x->arena, id.ptr, id.len);
    return *out ? PT_OK : pt_fail_nomem(x->err, "a pair of records");
}

static pt_rc find_pair(explaining *x, pt_sv who, pt_sv whom, pt_link_evidence *e)
{
    pt_link_explanation *o = x->out;
    const uint32_t *a, *b;

    PT_TRY(meant(&a, &o->n_a, x, who, 'A'));
    PT_TRY(meant(&b, &o->n_b, x, whom, 'B'));
    if (share_one(a, o->n_a, b, o->n_b)) {
        pt_fail(x->err, PT_EINVAL, "both are the same record");
        return pt_err_hint(x->err, "two identifiers of one customer that different records have can be explained");
    }
    PT_TRY(choose(x, a, b, e));
    o->name_a = pt_link_name(x->linking, o->a, x->arena);
    o->name_b = pt_link_name(x->linking, o->b, x->arena);
    if (!o->name_a || !o->name_b)
        return pt_fail_nomem(x->err, "a pair of records");
    PT_TRY(name_customer(&o->customer_a, x, o->a));
    return name_customer(&o->customer_b, x, o->b);
}

/* --- the waterfall --------------------------------------------------------------------------------------------------------------- */

/* NULL: no memory. */
static const char *keep(explaining *x, pt_sv text)
{
    return pt_arena_strndup(x->arena, text.ptr ? text.ptr : "", text.len);
}

static pt_sv text_of(const pt_linking *l, int32_t column, uint32_t record)
{
    uint32_t code = column < 0 ? 0 : l->setup.table.columns[column].codes[record];

    return code ? l->setup.table.texts[column][code] : (pt_sv){0};
}

/* The value as it was written; of what other columns give away, as it is compared. */
static const char *value_of(explaining *x, size_t k, uint32_t record)
{
    const pt_linking *l = x->linking;
    const pt_link_comparison *c = &l->model.comparisons[k];
    const pt_link_column *column = &l->setup.table.columns[c->column];

    for (size_t f = 0; f < l->n_fields; f++)
        if (strcmp(l->fields[f].name, c->name) == 0 && pt_linking_value(l, record, f).len)
            return keep(x, pt_linking_value(l, record, f));
    if (l->setup.fields[k].kind == PT_LINK_REGION) /* the places that it was found in */
        return keep(x, text_of(l, column->of, record));
    if (!c->crossed)
        return keep(x, text_of(l, (int32_t)c->column, record));
    const char *own = keep(x, text_of(l, column->of, record)),
               *against = keep(x, text_of(l, l->setup.table.columns[c->against].of, record));
    return own && against ? pt_arena_printf(x->arena, "%s%s%s", own, *own && *against ? " · " : "", against) : NULL;
}

/* "one in 45 has it: +9.2 bits instead of +13.4". */
static pt_rc frequency_note(explaining *x, size_t k, const pt_link_evidence *e)
{
    const pt_link_column *c = &x->linking->setup.table.columns[x->linking->model.comparisons[k].column];
    uint32_t code = c->codes[x->out->a];
    double known = 0;

    for (uint32_t v = 1; v <= c->n_values; v++)
        known += c->counts[v];
    double chance = c->chances ? (double)c->chances[code] : c->counts[code] / known;
    bool common = e->frequency[k] < 0;
    const char *one_in = pt_arena_printf(x->arena, "%.0f", fmax(1 / chance, 1));
    const char *is = pt_arena_printf(x->arena, "%+.1f", e->weight[k] + e->frequency[k]);
    const char *usual = pt_arena_printf(x->arena, "%+.1f", e->weight[k]);
    if (!one_in || !is || !usual)
        return pt_fail_nomem(x->err, "a pair of records");
    return PT_LINK_SAY(&x->out->steps[k].note,
                       common ? "a common value, one in {0} has it: {1} instead of {2}"
                              : "a rare value, one in {0} has it: {1} instead of {2}",
                       common ? "常见的取值，每 {0} 个中有一个：{1}，而不是 {2}"
                              : "少见的取值，每 {0} 个中有一个：{1}，而不是 {2}",
                       x->arena, x->err, pt_card_same(one_in), pt_card_same(is), pt_card_same(usual));
}

/* The comparison of the same group that speaks in its stead. */
static pt_rc group_note(explaining *x, size_t k, const pt_link_evidence *e)
{
    const pt_link_comparison *all = x->linking->model.comparisons;
    bool for_it = e->weight[k] + e->frequency[k] > 0;
    pt_card_text stronger = pt_card_same("");

    for (size_t j = 0; j < x->linking->model.n_comparisons; j++)
        if (j != k && all[j].group == all[k].group && e->counts[j] && (e->weight[j] + e->frequency[j] > 0) == for_it)
            stronger = pt_link_column_text(x->linking, all[j].name);
    if (!stronger.en[0]) {
        x->out->steps[k].note =
            pt_card_both("不计入：其他列已说明同一件事", "not counted: other columns tell of the same");
        return PT_OK;
    }
    return PT_LINK_SAY(&x->out->steps[k].note, "not counted: tells of the same as {0}, which says more",
                       "不计入：与 {0} 说明的是同一件事，而后者更有力", x->arena, x->err, stronger);
}

/* Whether there is something to compare, though the comparison may say nothing of it. */
static bool is_compared(const pt_linking *l, size_t k, uint32_t a, uint32_t b)
{
    const pt_link_comparison *c = &l->model.comparisons[k];
    const uint32_t *codes = l->setup.table.columns[c->column].codes,
                   *against = l->setup.table.columns[c->against].codes;

    return c->crossed ? (codes[a] && against[b]) || (codes[b] && against[a]) : codes[a] && codes[b];
}

#define TELLING 0.05 /* bits of frequency that are worth a word */

static pt_rc add_step(explaining *x, size_t k, const pt_link_evidence *e, double *sum)
{
    const pt_linking *l = x->linking;
    pt_link_step *s = &x->out->steps[k];

    *s = (pt_link_step){.name = l->model.comparisons[k].name,
                        .label = pt_link_column_text(l, l->model.comparisons[k].name),
                        .kind = l->setup.fields[k].kind,
                        .level = pt_link_level_name(l, k, e->level[k]),
                        .a = value_of(x, k, x->out->a),
                        .b = value_of(x, k, x->out->b),
                        .weight = e->weight[k],
                        .frequency = e->frequency[k],
                        .counts = e->counts[k] || e->level[k] == PT_LINK_NULL};
    if (!s->a || !s->b)
        return pt_fail_nomem(x->err, "a pair of records");
    PT_TRY(pt_link_level_text(&s->what, l, k, e->level[k], x->arena, x->err));
    if (e->level[k] == PT_LINK_NULL && is_compared(l, k, x->out->a, x->out->b))
        s->what = pt_card_both("此处不作判断", "says nothing here");
    if (!s->counts)
        PT_TRY(group_note(x, k, e));
    else if (fabs(e->frequency[k]) >= TELLING)
        PT_TRY(frequency_note(x, k, e));
    s->added = s->counts ? s->weight + s->frequency : 0;
    s->sum = *sum += s->added;
    return PT_OK;
}

/* A record that has no other to go with gains, several that fit share the odds (link/compete.h): what that makes of a scored pair. */
static double competition(const explaining *x, const pt_link_evidence *e)
{
    const pt_linking *l = x->linking;
    uint32_t a = x->out->a, b = x->out->b;
    pt_link_pair wanted = {a < b ? a : b, a < b ? b : a, 0};
    const pt_link_pair *pair =
        l->n_pairs ? bsearch(&wanted, l->pairs, l->n_pairs, sizeof wanted, pt_link_by_records) : NULL;

    return pair ? (double)pair->weight - e->total : 0;
}

static void add_competition(explaining *x, const pt_link_evidence *e)
{
    pt_link_explanation *o = x->out;
    double bits = competition(x, e);

    if (fabs(bits) < 0.01)
        return;
    o->steps[o->n] = (pt_link_step){.name = "others",
                                    .label = pt_card_both("其他记录", "others"),
                                    .kind = PT_LINK_CATEGORY,
                                    .level = "others",
                                    .what = pt_card_both("其他相符的记录", "other records that fit"),
                                    .a = "",
                                    .b = "",
                                    .weight = bits,
                                    .counts = true,
                                    .added = bits,
                                    .sum = e->total + bits};
    o->n++;
    o->total = e->total + bits;
}

static pt_rc fall(explaining *x, const pt_link_evidence *e)
{
    pt_link_explanation *o = x->out;
    double sum = o->prior = e->prior;

    o->n = x->linking->model.n_comparisons;
    for (size_t k = 0; k < o->n; k++)
        PT_TRY(add_step(x, k, e, &sum));
    o->total = e->total;
    add_competition(x, e);
    o->probability = pt_link_probability(o->total);
    o->automatic = x->linking->automatic;
    o->review = x->linking->review;
    o->verdict = o->probability >= o->automatic ? PT_LINK_VERDICT_LINKED
                 : o->probability >= o->review  ? PT_LINK_VERDICT_ASKED
                                                : PT_LINK_VERDICT_APART;
    return PT_OK;
}

/* --- blocking -------------------------------------------------------------------------------------------------------------------- */

/* A key that both records have, whose block is not too large. */
typedef enum shared_key { KEY_NONE, KEY_CROWDED, KEY_SHARED } shared_key;

static bool is_crowded(const pt_link_rule *r, uint32_t n, uint64_t key, uint64_t largest)
{
    uint64_t holders = 0;

    for (uint64_t k = 0; k < r->starts[n]; k++)
        holders += r->keys[k] == key;
    return largest && holders > largest;
}

static shared_key share_key(const pt_link_rule *r, uint32_t n, uint32_t a, uint32_t b, uint64_t largest)
{
    shared_key found = KEY_NONE;

    for (uint64_t i = r->starts[a], j = r->starts[b]; i < r->starts[a + 1] && j < r->starts[b + 1];) {
        if (r->keys[i] < r->keys[j]) {
            i++;
        } else if (r->keys[i] > r->keys[j]) {
            j++;
        } else {
            if (!is_crowded(r, n, r->keys[i], largest))
                return KEY_SHARED;
            found = KEY_CROWDED;
            i++;
            j++;
        }
    }
    return found;
}

static pt_rc find_rules(explaining *x)
{
    const pt_linking *l = x->linking;
    pt_link_explanation *o = x->out;

    o->rules = PT_NEW_ARRAY(x->arena, const char *, l->setup.n_rules + 1);
    o->rule_texts = PT_NEW_ARRAY(x->arena, pt_card_text, l->setup.n_rules + 1);
    if (!o->rules || !o->rule_texts)
        return pt_fail_nomem(x->err, "a pair of records");
    for (size_t r = 0; r < l->setup.n_rules; r++) {
        shared_key k = share_key(&l->setup.rules[r], l->n, o->a, o->b, pt_linking_largest_block(l));
        o->crowded += k == KEY_CROWDED;
        if (k != KEY_SHARED)
            continue;
        PT_TRY(pt_link_rule_text(&o->rule_texts[o->n_rules], l, r, x->arena, x->err));
        o->rules[o->n_rules++] = l->setup.rules[r].name;
    }
    return PT_OK;
}

/* --- one customer or two --------------------------------------------------------------------------------------------------------- */

/* Pairs that could join: strong enough and inside one group. */
static size_t linked_pairs(pt_link_pair *out, const pt_linking *l, uint32_t group)
{
    size_t n = 0;

    for (size_t i = 0; i < l->n_pairs; i++)
        if (l->group[l->pairs[i].a] == group && l->group[l->pairs[i].b] == group &&
            pt_link_probability((double)l->pairs[i].weight) >= l->automatic)
            out[n++] = l->pairs[i];
    return n;
}

static pt_rc name_hops(explaining *x, const pt_link_pair *hops, size_t n, pt_link_explainer *explainer)
{
    pt_link_explanation *o = x->out;

    for (o->n_chain = 0; o->n_chain < n; o->n_chain++) {
        const pt_link_pair *h = &hops[o->n_chain];
        char *rule;
        PT_TRY(pt_linking_rule(&rule, x->linking, explainer, h->a, h->b, x->arena, x->err));
        o->chain[o->n_chain] = (pt_link_hop){h->a, h->b, (double)h->weight, rule};
    }
    return PT_OK;
}

static pt_rc find_chain(explaining *x)
{
    pt_link_explainer *explainer;
    const pt_linking *l = x->linking;
    pt_link_explanation *o = x->out;
    pt_link_pair *pairs = PT_NEW_ARRAY(x->arena, pt_link_pair, l->n_pairs + 1), *hops;

    if (!pairs)
        return pt_fail_nomem(x->err, "a chain of records");
    size_t n = linked_pairs(pairs, l, l->group[o->a]);
    PT_TRY(pt_link_chain(&hops, &n, l->start, l->n, pairs, n, o->a, o->b, x->arena, x->err));
    if (!(o->chain = PT_NEW_ARRAY(x->arena, pt_link_hop, n + 1)))
        return pt_fail_nomem(x->err, "a chain of records");
    PT_TRY(pt_link_explainer_new(&explainer, &l->model, &l->setup.table.records, x->err));
    pt_rc rc = name_hops(x, hops, n, explainer);
    pt_link_explainer_free(explainer);
    return rc;
}

static pt_rc place(explaining *x)
{
    const pt_linking *l = x->linking;
    pt_link_explanation *o = x->out;

    o->equal = l->start[o->a] == l->start[o->b];
    o->together = l->group[o->a] == l->group[o->b];
    if (o->equal)
        return PT_OK;
    if (o->together)
        return o->verdict == PT_LINK_VERDICT_LINKED ? PT_OK : find_chain(x);
    return pt_link_between_groups(&o->between, &l->model, &l->setup.table.records, l->group, o->a, o->b, x->err);
}

/* --- in words -------------------------------------------------------------------------------------------------------------------- */

static pt_card_text bits(const explaining *x, double v)
{
    return pt_card_same(pt_arena_printf(x->arena, "%+.1f", v));
}

static pt_card_text percent(const explaining *x, double p)
{
    if (p < 1 && p >= 0.9999)
        return pt_card_same(">99.99%");
    if (p > 0 && p < 0.0001)
        return pt_card_same("<0.01%");
    return pt_card_same(pt_arena_printf(x->arena, "%.*f%%", p > 0.99 || p < 0.01 ? 2 : 1, 100 * p));
}

static pt_card_text count(const explaining *x, uint64_t n)
{
    char buf[32];

    return pt_card_same(pt_arena_strdup(x->arena, pt_format_count(buf, n)));
}

#define ADD(x, en, zh, ...) \
    PT_TRY(PT_LINK_SAY(&(x)->out->sentences[(x)->out->n_sentences++], en, zh, (x)->arena, (x)->err, __VA_ARGS__))

static pt_rc say_verdict(explaining *x)
{
    const pt_link_explanation *o = x->out;

    ADD(x, "The pair has {0} bits: {1}.", "这对记录共 {0} 比特：概率 {1}。", bits(x, o->total),
        percent(x, o->probability));
    if (o->verdict == PT_LINK_VERDICT_LINKED)
        ADD(x, "From {0} on records are linked without being asked: this pair is strong enough.",
            "概率达到 {0} 即自动匹配：这对记录证据充分。", percent(x, o->automatic));
    else if (o->verdict == PT_LINK_VERDICT_ASKED)
        ADD(x, "Between {0} and {1} people are asked (portrait link review).",
            "概率在 {0} 到 {1} 之间，交由人工确认（portrait link review）。", percent(x, o->review),
            percent(x, o->automatic));
    else
        ADD(x, "Below {0} nobody is asked: the pair alone links nothing.",
            "概率低于 {0}，不再询问：仅凭这对记录不会匹配。", percent(x, o->review));
    return PT_OK;
}

static const char *join_rules(const explaining *x, const char *lang, const char *between)
{
    pt_str names = {0};

    for (size_t i = 0; i < x->out->n_rules; i++)
        pt_str_addf(&names, "%s%s", i ? between : "", pt_card_say(x->out->rule_texts[i], lang));
    const char *kept = names.failed ? NULL : pt_arena_strdup(x->arena, pt_str_cstr(&names));
    pt_str_free(&names);
    return kept;
}

static pt_rc say_rules(explaining *x)
{
    pt_link_explanation *o = x->out;
    pt_card_text names = {join_rules(x, "zh", "、"), join_rules(x, "en", "; ")};

    if (!names.zh || !names.en)
        return pt_fail_nomem(x->err, "words");
    if (o->n_rules)
        ADD(x, "Blocking rules that bring the pair together: {0}.", "选中这对记录的分块规则：{0}。", names);
    else if (o->crowded)
        ADD(x,
            "No blocking rule brings the pair together: {0} would, but too many records share their key. It was never "
            "looked at.",
            "没有分块规则选中这对记录：有 {0} 条本可选中，但共用其键值的记录太多。因此从未比较过。",
            count(x, o->crowded));
    else
        ADD(x, "No blocking rule brings the pair together: it was never looked at.",
            "没有分块规则选中这对记录：从未比较过。", pt_card_same(""));
    return PT_OK;
}

static pt_rc say_together(explaining *x)
{
    const pt_link_explanation *o = x->out;
    double weakest = INFINITY;

    for (size_t i = 0; i < o->n_chain; i++)
        weakest = fmin(weakest, o->chain[i].weight);
    if (o->equal)
        ADD(x, "Equal identifiers, or people who said so, join the two: no likeness is needed.",
            "相同的标识符或人工判定已把两者相连：无需依据相似度。", pt_card_same(""));
    else if (o->n_chain)
        ADD(x,
            "They are one customer all the same: a chain of {0} links leads from one to the other, the weakest of {1} "
            "bits.",
            "两者仍是同一位客户：有 {0} 步匹配链相连，最弱的一步为 {1} 比特。", count(x, o->n_chain), bits(x, weakest));
    else
        ADD(x, "They are one customer, by this very pair.", "两者因这对记录而成为同一位客户。", pt_card_same(""));
    return PT_OK;
}

/* The first value that the group has in a column of the setup; 0 none. */
static uint32_t value_in_group(const pt_linking *l, uint32_t column, uint32_t group)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (l->group[i] == group && l->setup.table.columns[column].codes[i])
            return l->setup.table.columns[column].codes[i];
    return 0;
}

/* A column of which a customer has one value, and in which the two groups differ; NULL. */
static const char *different_fact(const pt_linking *l, uint32_t a, uint32_t b)
{
    for (size_t k = 0; k < l->n_never; k++) {
        uint32_t x = value_in_group(l, l->never[k], l->group[a]), y = value_in_group(l, l->never[k], l->group[b]);
        if (x && y && x != y)
            return l->setup.table.columns[l->never[k]].name;
    }
    return NULL;
}

static bool is_decided(const pt_linking *l, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < l->n_apart; i++) {
        uint32_t x = l->group[l->apart[i].a], y = l->group[l->apart[i].b];
        if ((x == l->group[a] && y == l->group[b]) || (x == l->group[b] && y == l->group[a]))
            return true;
    }
    return false;
}

static pt_rc say_apart(explaining *x)
{
    const pt_link_explanation *o = x->out;
    const pt_linking *l = x->linking;
    const char *fact = different_fact(l, o->a, o->b);

    if (is_decided(l, o->a, o->b))
        ADD(x, "They are two customers: people said so (portrait identity list).",
            "两者是两位客户：有人这样判定（portrait identity list）。", pt_card_same(""));
    else if (fact)
        ADD(x, "They are two customers: a customer has one {0}, and theirs differ.",
            "两者是两位客户：一位客户只有一个 {0}，而两者不同。", pt_link_column_text(l, fact));
    else if (l->pinned && (l->pinned[l->start[o->a]] || l->pinned[l->start[o->b]]))
        ADD(x, "They are two customers: one is pinned, and links do not reach it (portrait identity list).",
            "两者是两位客户：其中一位已被固定，不再接受匹配（portrait identity list）。", pt_card_same(""));
    else if (o->verdict == PT_LINK_VERDICT_LINKED && o->n_rules)
        ADD(x,
            "They are two customers all the same: between their groups of {0} and {1} records the mean of all pairs is "
            "{2} bits.",
            "两者仍是两位客户：各自的分组有 {0} 条和 {1} 条记录，组间所有记录对平均为 {2} 比特。",
            count(x, o->between.n_a), count(x, o->between.n_b), bits(x, o->between.mean));
    else
        ADD(x, "They are two customers.", "两者是两位客户。", pt_card_same(""));
    return PT_OK;
}

/* What the last build made of them may be something else: identity.yaml has limits, and data has changed since. */
static pt_rc say_build(explaining *x)
{
    const pt_link_explanation *o = x->out;

    if (!o->customer_a || !o->customer_b)
        return PT_OK;
    if (strcmp(o->customer_a, o->customer_b) == 0)
        ADD(x, "In the last build both are {0}.", "上次构建中两者都是 {0}。", pt_card_same(o->customer_a));
    else
        ADD(x, "In the last build they are {0} and {1}.", "上次构建中两者分别是 {0} 和 {1}。",
            pt_card_same(o->customer_a), pt_card_same(o->customer_b));
    if (o->together && !o->equal && !x->linking->project->link->on)
        ADD(x, "Builds follow no links yet: identity.yaml has no link:.",
            "构建尚未按匹配合并客户：identity.yaml 中没有 link:。", pt_card_same(""));
    return PT_OK;
}

static pt_rc say_all(explaining *x)
{
    if (!(x->out->sentences = PT_NEW_ARRAY(x->arena, pt_card_text, MOST_SENTENCES)))
        return pt_fail_nomem(x->err, "words");
    PT_TRY(say_verdict(x));
    PT_TRY(say_rules(x));
    PT_TRY(x->out->together ? say_together(x) : say_apart(x));
    return say_build(x);
}

pt_rc pt_link_explain_pair(pt_link_explanation *out, const pt_linking *l, pt_link_find *find, const pt_directory *d,
                           pt_sv who, pt_sv whom, pt_arena *arena, pt_err *err)
{
    explaining x = {out, l, find, d, arena, err};
    pt_link_evidence e;

    *out = (pt_link_explanation){0};
    PT_TRY(find_pair(&x, who, whom, &e));
    PT_TRY(fall(&x, &e));
    PT_TRY(find_rules(&x));
    PT_TRY(place(&x));
    return say_all(&x);
}
