/* From counts to rules: measured, corrected for many looks, those of too few customers left out, the best first. */
#include <math.h>
#include <stdlib.h>

#include "app/associate_int.h"

#define SIGNIFICANT 0.05

static int by_rank(const void *a, const void *b)
{
    const pt_associate_rule *x = a, *y = b;
    bool sure = x->q < SIGNIFICANT, other = y->q < SIGNIFICANT;

    if (sure != other)
        return sure ? -1 : 1;
    if (x->measures.lift != y->measures.lift)
        return x->measures.lift > y->measures.lift ? -1 : 1;
    if (x->counts.both != y->counts.both)
        return x->counts.both > y->counts.both ? -1 : 1;
    int right = pt_sv_cmp(x->right, y->right);
    for (size_t i = 0; !right && i < x->n_left && i < y->n_left; i++)
        right = pt_sv_cmp(x->left[i], y->left[i]);
    return right ? right : (x->n_left > y->n_left) - (x->n_left < y->n_left);
}

static bool wanted(const pt_associate *a, const pt_rule_measures *m)
{
    return m->support >= a->min_support && m->confidence >= a->min_confidence && m->lift >= a->min_lift;
}

/* Neither those who did both nor those of the left who did not may be too few to describe: one is the other's rest. */
static bool may_show(const pt_associate *a, const pt_associate_rule *r)
{
    uint64_t rest = a->by ? 0 : r->counts.left - r->counts.both;

    return r->customers >= a->about.min_group && (rest == 0 || rest >= a->about.min_group);
}

/* Puts rules that may be shown in front, in order; the others are counted. */
static void keep_shown(pt_associate_job *j, pt_associate_rule *rules, size_t n)
{
    pt_associate *out = j->out;
    size_t top = j->question->top ? j->question->top : PT_ASSOCIATE_TOP;

    for (size_t i = 0; i < n; i++) {
        if (may_show(out, &rules[i]))
            rules[out->n_found++] = rules[i];
        else
            out->n_hidden++;
    }
    qsort(rules, out->n_found, sizeof *rules, by_rank);
    out->rules = rules;
    out->n_rules = out->n_found < top ? out->n_found : top;
}

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "the rules");
}

/* --- one side is given --------------------------------------------------------------------------------------------------- */

static pt_rc too_few(const pt_associate_job *j, uint64_t n, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "%llu customers are too few to describe: a group has at least %u", (unsigned long long)n,
            j->out->about.min_group);
    return pt_err_hint(err, "privacy: {min_group: ...} in portrait.yaml");
}

static pt_associate_rule rule_of(const pt_associate_job *j, uint32_t code)
{
    const pt_associate_part *p = &j->parts[0];
    pt_associate_rule r = {.right = pt_dict_text(j->dict, code), .customers = p->customers[code]};

    r.counts = (pt_rule_counts){p->baskets, p->left, p->right[code], p->both[code]};
    r.measures = pt_rule_measure(r.counts);
    return r;
}

/* What is on the left is not asked for again on the right. */
static bool asked_for(const pt_associate_job *j, uint32_t code)
{
    return j->on_left && j->item == j->with && j->on_left[code];
}

pt_rc pt_associate_direct(pt_associate_job *j, pt_err *err)
{
    const pt_associate_part *p = &j->parts[0];
    pt_associate *out = j->out;
    size_t n = 0, kept = 0;

    out->baskets = p->baskets;
    out->left_baskets = p->left;
    uint64_t customers = out->by ? p->left_customers : p->left;
    if (customers < out->about.min_group)
        return too_few(j, customers, err);
    pt_associate_rule *rules = PT_NEW_ARRAY(j->arena, pt_associate_rule, (size_t)j->dict->n + 1);
    double *p_values = PT_NEW_ARRAY(j->arena, double, (size_t)j->dict->n + 1);
    double *q_values = PT_NEW_ARRAY(j->arena, double, (size_t)j->dict->n + 1);
    if (!rules || !p_values || !q_values)
        return no_memory(err);
    for (uint32_t code = 1; code <= j->dict->n; code++) {
        if (!p->right[code] || asked_for(j, code))
            continue;
        rules[n] = rule_of(j, code);
        p_values[n] = rules[n].measures.p;
        n++;
    }
    out->looked_at = n;
    PT_TRY(pt_rules_correct(q_values, p_values, n, n, err));
    for (size_t i = 0; i < n; i++) {
        rules[i].q = q_values[i];
        if (rules[i].counts.both && wanted(out, &rules[i].measures))
            rules[kept++] = rules[i];
    }
    keep_shown(j, rules, kept);
    return PT_OK;
}

/* --- neither side is given ------------------------------------------------------------------------------------------------- */

typedef struct mined {
    pt_baskets baskets;
    uint64_t *offsets;
    uint32_t *items, *owners;
    pt_itemsets sets;
    pt_rules rules;
} mined;

static void mined_dispose(mined *m)
{
    free(m->offsets);
    free(m->items);
    free(m->owners);
    pt_itemsets_free(&m->sets);
    pt_rules_free(&m->rules);
}

/* What the workers kept, one after the other. Which worker kept what depends on chance, the sets they hold together do not. */
static pt_rc join_baskets(mined *m, const pt_associate_job *j, pt_err *err)
{
    size_t n = 0, n_items = 0;

    for (unsigned w = 0; w < pt_walk_workers(&j->walk); w++) {
        const pt_associate_part *p = &j->parts[w];
        n += p->n_kept;
        n_items += p->n_kept ? (size_t)p->offsets[p->n_kept] : 0;
    }
    m->offsets = pt_zalloc(n + 1, sizeof *m->offsets);
    m->items = pt_zalloc(n_items + 1, sizeof *m->items);
    m->owners = pt_zalloc(n + 1, sizeof *m->owners);
    if (!m->offsets || !m->items || !m->owners)
        return no_memory(err);
    m->baskets = (pt_baskets){.offsets = m->offsets, .items = m->items, .n_items = j->dict->n};
    for (unsigned w = 0; w < pt_walk_workers(&j->walk); w++) {
        const pt_associate_part *p = &j->parts[w];
        uint64_t from = m->offsets[m->baskets.n];
        for (size_t i = 0; i < p->n_kept; i++) {
            m->owners[m->baskets.n] = p->owners[i];
            m->offsets[++m->baskets.n] = from + p->offsets[i + 1];
        }
        if (p->n_kept)
            memcpy(m->items + from, p->items, (size_t)p->offsets[p->n_kept] * sizeof *m->items);
    }
    return PT_OK;
}

static bool holds(const mined *m, size_t basket, const uint32_t *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t k = m->offsets[basket];
        while (k < m->offsets[basket + 1] && m->items[k] != items[i])
            k++;
        if (k == m->offsets[basket + 1])
            return false;
    }
    return true;
}

/* Whether enough customers hold a set: counted no further than that. A customer's baskets are neighbours. */
static uint64_t count_owners(const pt_associate_job *j, const mined *m, size_t set, uint64_t enough)
{
    const uint32_t *items = m->sets.items + m->sets.offsets[set];
    size_t size = (size_t)(m->sets.offsets[set + 1] - m->sets.offsets[set]);
    uint32_t last = UINT32_MAX;
    uint64_t n = 0;

    if (!j->out->by)
        return m->sets.counts[set];
    for (size_t i = 0; i < m->baskets.n && n < enough; i++) {
        if (m->owners[i] == last || !holds(m, i, items, size))
            continue;
        last = m->owners[i];
        n++;
    }
    return n;
}

static pt_rc describe(pt_associate_rule *out, const pt_associate_job *j, const mined *m, const pt_rule *r, pt_err *err)
{
    const uint32_t *items = m->sets.items + m->sets.offsets[r->set];
    size_t size = (size_t)(m->sets.offsets[r->set + 1] - m->sets.offsets[r->set]);
    pt_sv *left = PT_NEW_ARRAY(j->arena, pt_sv, size);

    if (!left)
        return no_memory(err);
    *out = (pt_associate_rule){.left = left, .counts = r->counts, .measures = r->measures, .q = r->q};
    for (size_t i = 0; i < size; i++)
        if (i != r->right)
            left[out->n_left++] = pt_dict_text(j->dict, items[i] + 1);
    out->right = pt_dict_text(j->dict, items[r->right] + 1);
    return PT_OK;
}

/* Rules from the best down until there are enough to show; sets are asked for their owners only then. */
static pt_rc pick_rules(pt_associate_job *j, const mined *m, pt_err *err)
{
    pt_associate_rule *rules = PT_NEW_ARRAY(j->arena, pt_associate_rule, m->rules.n + 1);
    size_t n = 0;

    if (!rules)
        return no_memory(err);
    for (size_t i = 0; i < m->rules.n; i++) {
        if (m->rules.rules[i].q >= SIGNIFICANT)
            continue;
        PT_TRY(describe(&rules[n], j, m, &m->rules.rules[i], err));
        rules[n++].customers = i; /* which rule, until its customers are counted */
    }
    qsort(rules, n, sizeof *rules, by_rank);
    size_t top = j->question->top ? j->question->top : PT_ASSOCIATE_TOP, shown = 0;
    j->out->n_found = n;
    for (size_t i = 0; i < n && shown < top; i++) {
        rules[i].customers = count_owners(j, m, m->rules.rules[rules[i].customers].set, j->out->about.min_group);
        if (may_show(j->out, &rules[i]))
            rules[shown++] = rules[i];
        else
            j->out->n_hidden++;
    }
    j->out->rules = rules;
    j->out->n_rules = shown;
    return PT_OK;
}

pt_rc pt_associate_mined(pt_associate_job *j, pt_err *err)
{
    pt_associate *out = j->out;
    mined m = {0};
    pt_rule_options options = {out->min_confidence, out->min_lift};

    pt_rc rc = join_baskets(&m, j, err);
    out->baskets = m.baskets.n;
    pt_itemset_options find = {.max_size = j->question->max_size ? j->question->max_size : 3,
                               .pool = j->walk.query.pool};
    find.min_count = (uint64_t)ceil(out->min_support * (double)m.baskets.n * (1 - 1e-12));
    if (find.min_count < out->about.min_group)
        find.min_count = out->about.min_group;
    if (rc == PT_OK)
        rc = pt_itemsets_find(&m.sets, &m.baskets, &find, err);
    if (rc == PT_OK)
        rc = pt_rules_find(&m.rules, &m.sets, &options, err);
    out->looked_at = m.rules.looked_at;
    if (rc == PT_OK)
        rc = pick_rules(j, &m, err);
    mined_dispose(&m);
    return rc;
}
