#include "model/rules.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

/* --- measures ---------------------------------------------------------------------------------------------------------------- */

/* Rounding of confidences that are ratios of counts: 0.3 is to include 3 of 10. */
#define ROUNDING 1e-12

static double log_factorial(double n)
{
    int sign;

    return lgamma_r(n + 1, &sign);
}

static double log_choose(double n, double k)
{
    return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

/* The upper tail of the hypergeometric distribution. Terms are added up from `both` on, each from the one before, until they
 * stop to count; below the mean, the lower tail is the shorter way. */
static double chance_of_more(pt_rule_counts c)
{
    double n = (double)c.n, left = (double)c.left, right = (double)c.right, both = (double)c.both;
    double most = fmin(left, right), least = fmax(0, left + right - n);
    bool upper = both > left * right / n;
    double k = upper ? both : both - 1, sum = 0;

    if (both <= least)
        return 1;
    double term = exp(log_choose(right, k) + log_choose(n - right, left - k) - log_choose(n, left));
    while (k >= least && k <= most && term > 0) {
        sum += term;
        if (term < sum * 1e-17)
            break;
        if (upper)
            term *= (left - k) * (right - k) / ((k + 1) * (n - left - right + k + 1));
        else
            term *= k * (n - left - right + k) / ((left - k + 1) * (right - k + 1));
        k += upper ? 1 : -1;
    }
    return fmin(1, fmax(0, upper ? sum : 1 - sum));
}

pt_rule_measures pt_rule_measure(pt_rule_counts c)
{
    double n = (double)c.n, right = (double)c.right / n;
    pt_rule_measures m = {.support = (double)c.both / n, .confidence = (double)c.both / (double)c.left};

    if (!c.n || !c.left)
        return (pt_rule_measures){NAN, NAN, NAN, NAN, NAN, NAN};
    /* One rounding each, so that equal counts give equal figures whatever way they were found. */
    m.lift = (double)c.both * n / ((double)c.left * (double)c.right);
    m.leverage = m.support - (double)c.left / n * right;
    m.conviction = c.both == c.left ? (c.right == c.n ? NAN : INFINITY) : (1 - right) / (1 - m.confidence);
    m.p = chance_of_more(c);
    return m;
}

/* --- many at once ------------------------------------------------------------------------------------------------------------ */

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int by_p(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

pt_rc pt_rules_correct(double *q, const double *p, size_t n, uint64_t looked_at, pt_err *err)
{
    ranked *order = pt_zalloc(n + 1, sizeof *order);
    double least = 1;

    if (!order)
        return pt_fail_nomem(err, "rules");
    for (size_t i = 0; i < n; i++)
        order[i] = (ranked){p[i], i};
    qsort(order, n, sizeof *order, by_p);
    for (size_t i = n; i-- > 0;) {
        least = fmin(least, order[i].p * (double)looked_at / (double)(i + 1));
        q[order[i].at] = least;
    }
    free(order);
    return PT_OK;
}

/* --- rules of sets ----------------------------------------------------------------------------------------------------------- */

typedef struct finding {
    pt_rules *out;
    size_t cap;
    const pt_itemset_table *table;
    uint64_t *alone; /* by item: baskets that hold it */
    const pt_rule_options *options;
} finding;

static pt_rc find_rule(finding *f, size_t set, uint64_t key, size_t place, pt_err *err)
{
    const pt_itemsets *sets = f->table->sets;
    int64_t left = pt_itemset_table_without(f->table, set, key, place);
    uint32_t item = sets->items[sets->offsets[set] + place];

    if (left < 0)
        return pt_fail(err, PT_EINVAL, "rules need all frequent sets of items");
    f->out->looked_at++;
    pt_rule_counts c = {sets->baskets, sets->counts[left], f->alone[item], sets->counts[set]};
    double both = (double)c.both * (1 + ROUNDING);
    if (both < f->options->min_confidence * (double)c.left ||
        both * (double)c.n < f->options->min_lift * (double)c.left * (double)c.right)
        return PT_OK;
    if (f->out->n >= f->cap && !pt_grow(&f->out->rules, &f->cap, f->out->n + 1, sizeof *f->out->rules))
        return pt_fail_nomem(err, "rules");
    f->out->rules[f->out->n++] =
        (pt_rule){.set = (uint32_t)set, .right = (uint32_t)place, .counts = c, .measures = pt_rule_measure(c)};
    return PT_OK;
}

static pt_rc find_rules(finding *f, pt_err *err)
{
    const pt_itemsets *sets = f->table->sets;

    for (size_t s = 0; s < sets->n; s++) {
        size_t size = (size_t)(sets->offsets[s + 1] - sets->offsets[s]);
        uint64_t key = pt_itemset_table_key(f->table, s);
        for (size_t i = 0; size > 1 && i < size; i++)
            PT_TRY(find_rule(f, s, key, i, err));
    }
    return PT_OK;
}

static pt_rc count_alone(uint64_t **out, const pt_itemsets *sets, pt_err *err)
{
    uint32_t most = 0;

    for (size_t i = 0; sets->n && i < sets->offsets[sets->n]; i++)
        most = sets->items[i] > most ? sets->items[i] : most;
    *out = pt_zalloc((size_t)most + 1, sizeof **out);
    if (!*out)
        return pt_fail_nomem(err, "rules");
    for (size_t s = 0; s < sets->n; s++)
        if (sets->offsets[s + 1] - sets->offsets[s] == 1)
            (*out)[sets->items[sets->offsets[s]]] = sets->counts[s];
    return PT_OK;
}

static pt_rc correct(pt_rules *r, pt_err *err)
{
    double *p = pt_zalloc(r->n + 1, sizeof *p), *q = pt_zalloc(r->n + 1, sizeof *q);

    pt_rc rc = p && q ? PT_OK : pt_fail_nomem(err, "rules");
    for (size_t i = 0; rc == PT_OK && i < r->n; i++)
        p[i] = r->rules[i].measures.p;
    if (rc == PT_OK)
        rc = pt_rules_correct(q, p, r->n, r->looked_at, err);
    for (size_t i = 0; rc == PT_OK && i < r->n; i++)
        r->rules[i].q = q[i];
    free(p);
    free(q);
    return rc;
}

pt_rc pt_rules_find(pt_rules *out, const pt_itemsets *sets, const pt_rule_options *options, pt_err *err)
{
    pt_itemset_table table;
    finding f = {.out = out, .table = &table, .options = options};

    *out = (pt_rules){0};
    pt_rc rc = pt_itemset_table_new(&table, sets, err);
    if (rc == PT_OK)
        rc = count_alone(&f.alone, sets, err);
    if (rc == PT_OK)
        rc = find_rules(&f, err);
    if (rc == PT_OK)
        rc = correct(out, err);
    pt_itemset_table_free(&table);
    free(f.alone);
    return rc;
}

void pt_rules_free(pt_rules *r)
{
    free(r->rules);
    *r = (pt_rules){0};
}
