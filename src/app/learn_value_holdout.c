/* What a model of buying expects of a time that is known by now, against what happened. */
#include "app/learn_value_int.h"

/* By ordinal: the entry of a set; UINT32_MAX: not in it. */
static uint32_t *places_of(const pt_value_set *set, uint32_t n_ordinals, pt_arena *arena)
{
    uint32_t *place = PT_NEW_ARRAY(arena, uint32_t, n_ordinals);

    for (uint32_t i = 0; place && i < n_ordinals; i++)
        place[i] = UINT32_MAX;
    for (size_t i = 0; place && i < set->n; i++)
        place[set->ordinal[i]] = (uint32_t)i;
    return place;
}

typedef struct errors {
    double sum, squares, fourths, before; /* of |e|, e^2, e^4, and of |e| had they gone on as before */
} errors;

static void add_customer(pt_value_holdout *h, errors *e, uint32_t x, double expected, double actual, double as_before)
{
    size_t row = x < PT_VALUE_ROWS - 1 ? x : PT_VALUE_ROWS - 1;
    double off = expected - actual;

    h->customers++;
    h->expected += expected;
    h->actual += actual;
    h->rows[row]++;
    h->expected_mean[row] += expected;
    h->actual_mean[row] += actual;
    e->sum += fabs(off);
    e->squares += off * off;
    e->fourths += off * off * off * off;
    e->before += fabs(as_before - actual);
}

static void finish(pt_value_holdout *h, const errors *e)
{
    double n = (double)h->customers, square = e->squares / n;

    h->known = true;
    h->mae = e->sum / n;
    h->mae_error = sqrt(fmax(square - h->mae * h->mae, 0) / n);
    h->rmse = sqrt(square);
    h->rmse_error = h->rmse > 0 ? sqrt(fmax(e->fourths / n - square * square, 0) / n) / (2 * h->rmse) : 0;
    h->mae_before = e->before / n;
    for (size_t i = 0; i < PT_VALUE_ROWS; i++) {
        h->expected_mean[i] = h->rows[i] ? h->expected_mean[i] / (double)h->rows[i] : NAN;
        h->actual_mean[i] = h->rows[i] ? h->actual_mean[i] / (double)h->rows[i] : NAN;
    }
}

/* Spending after the first purchase; a first purchase is never after `from`. */
static double spent_of(const pt_value_set *set, size_t i)
{
    return set->paid[i] * set->mean[i];
}

static pt_rc compare(pt_value_holdout *h, const pt_value_model *m, const pt_value_set *before,
                     const pt_value_set *after, const pt_value_request *r, pt_err *err)
{
    uint32_t *place = places_of(after, r->view->n_ordinals, r->arena);
    pt_lifetime *each = PT_NEW_ARRAY(r->arena, pt_lifetime, before->buyers.n);
    pt_lifetime_plan plan = pt_value_plan(m, h->to - h->from);
    errors e = {0};

    if (!place || !each)
        return pt_fail_nomem(err, "the customers");
    plan.spends = false;
    plan.discount = 0;
    PT_TRY(pt_lifetimes(each, &plan, &before->buyers, r->pool, err));
    h->expected_spent = h->actual_spent = m->spends ? 0 : NAN;
    for (size_t i = 0; i < before->n; i++) {
        uint32_t then = place[before->ordinal[i]];
        if (then == UINT32_MAX)
            continue;
        double expected = each[before->of[i]].expected, actual = (double)after->x[then] - before->x[i];
        double rate = before->age[i] ? before->x[i] / (before->age[i] / before->buyers.ticks) : 0;
        add_customer(h, &e, before->x[i], expected, actual, rate * plan.horizon);
        if (m->spends) {
            h->expected_spent += expected * pt_gamma_gamma_expected(plan.spending, before->paid[i], before->mean[i]);
            h->actual_spent += spent_of(after, then) - spent_of(before, i);
        }
    }
    if (h->customers)
        finish(h, &e);
    return PT_OK;
}

pt_rc pt_value_hold_out(pt_value_holdout *out, const pt_value_model *model, const pt_value_request *r, int64_t from,
                        int64_t to, pt_err *err)
{
    pt_value_set before, after;
    pt_value_model fitted;
    const bool *members;
    size_t n;

    *out = (pt_value_holdout){.from = from, .to = to};
    PT_TRY(pt_learn_population(&members, &n, r->view, r->def, from, r->pool, r->cancel, r->arena, err));
    PT_TRY(pt_value_gather(&before, members, r, from, err));
    if (!before.buyers.most_x)
        return PT_OK; /* nobody had bought again by then */
    PT_TRY(pt_value_gather(&after, members, r, to, err));
    if (!model) {
        pt_rc rc = pt_value_fit(&fitted, r, &before, err);
        if (rc != PT_OK)
            return rc == PT_EINVAL ? PT_OK : rc; /* too little was known by then */
        model = &fitted;
    }
    return compare(out, model, &before, &after, r, err);
}
