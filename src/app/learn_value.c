/* `task: value`: who buys again, how often and for how much. */
#include <stdlib.h>

#include "app/learn_value_int.h"
#include "base/money.h"
#include "model/blob.h"

static const char MAGIC[] = "valu";
static const double DAYS_OF_YEAR = 365.2425;

static const pt_setting_value *setting(const pt_model_def *def, int number)
{
    return &def->settings[number];
}

static double number_of(const pt_model_def *def, int number)
{
    return setting(def, number)->items[0].number;
}

static const pt_buying_model *model_of(const pt_model_def *def)
{
    return number_of(def, PT_VALUE_ALGORITHM) == PT_VALUE_PARETO_NBD ? &pt_pareto_nbd : &pt_bgnbd;
}

/* --- customers --------------------------------------------------------------------------------------------------------------- */

static bool allocate_set(pt_value_set *s, size_t n, pt_arena *arena)
{
    uint32_t **fields[] = {&s->ordinal, &s->x, &s->last, &s->age, &s->paid, &s->of};

    for (size_t f = 0; f < PT_COUNT(fields); f++)
        if (!(*fields[f] = PT_NEW_ARRAY(arena, uint32_t, n)))
            return false;
    return (s->mean = PT_NEW_ARRAY(arena, double, n)) != NULL;
}

static pt_rc keep_buyers(pt_value_set *s, const pt_purchases *p, pt_arena *arena, pt_err *err)
{
    size_t n = 0;

    for (uint32_t i = 0; i < p->n_ordinals; i++)
        n += p->bought[i];
    if (!allocate_set(s, n, arena))
        return pt_fail_nomem(err, "the customers");
    for (uint32_t i = 0; i < p->n_ordinals; i++) {
        if (!p->bought[i])
            continue;
        s->ordinal[s->n] = i;
        s->x[s->n] = p->x[i];
        s->last[s->n] = p->last[i];
        s->age[s->n] = p->age[i];
        s->paid[s->n] = p->paid[i];
        s->mean[s->n++] = p->paid[i] ? p->spent[i] / p->paid[i] : 0;
    }
    return PT_OK;
}

/* The amount must be of the source of the purchases. */
static pt_rc amount_column(int32_t *out, const pt_model_def *def, const pt_project *p, pt_err *err)
{
    const pt_setting_value *amount = setting(def, PT_VALUE_AMOUNT);
    const pt_setting_item *purchases = setting(def, PT_VALUE_PURCHASES)->items;

    *out = -1;
    if (!amount->given)
        return PT_OK;
    const pt_setting_item *item = &amount->items[0];
    if (item->source != purchases->source)
        return pt_fail(err, PT_EINVAL, "model '%s': `amount` is a column of the source of `purchases`", def->name);
    pt_type type = item->column < 0 ? PT_TYPE_INSTANT : p->catalog.sources[item->source].columns[item->column].type;
    if (type != PT_TYPE_MONEY && type != PT_TYPE_NUMBER)
        return pt_fail(err, PT_EINVAL, "model '%s': `amount` is money or a number, not a %s", def->name,
                       pt_type_name(type));
    *out = item->column;
    return PT_OK;
}

pt_rc pt_value_gather(pt_value_set *out, const bool *members, const pt_value_request *r, int64_t until, pt_err *err)
{
    int period = (int)number_of(r->def, PT_VALUE_PERIOD);
    pt_purchases purchases;
    int32_t column;
    size_t n;

    *out = (pt_value_set){0};
    PT_TRY(amount_column(&column, r->def, r->view->project, err));
    if (!members)
        PT_TRY(pt_learn_population(&members, &n, r->view, r->def, until, r->pool, r->cancel, r->arena, err));
    pt_purchases_question q = {
        {r->view, setting(r->def, PT_VALUE_PURCHASES)->items, column, until, r->pool, r->cancel}, period, members};
    PT_TRY(pt_purchases_gather(&purchases, &q, r->arena, err));
    PT_TRY(keep_buyers(out, &purchases, r->arena, err));
    return pt_buyers_collapse(&out->buyers, out->of, out->x, out->last, out->age, out->n, pt_purchases_ticks(period),
                              r->arena, err);
}

/* --- fitting ----------------------------------------------------------------------------------------------------------------- */

pt_rc pt_value_fit(pt_value_model *out, const pt_value_request *r, const pt_value_set *set, pt_err *err)
{
    const pt_model_def *def = r->def;
    pt_spending spending = {set->n, set->paid, set->mean};

    *out = (pt_value_model){.model = model_of(def),
                            .period = (int)number_of(def, PT_VALUE_PERIOD),
                            .spends = setting(def, PT_VALUE_AMOUNT)->given,
                            .horizon = setting(def, PT_VALUE_HORIZON)->items[0].length,
                            .discount = number_of(def, PT_VALUE_DISCOUNT),
                            .coverage = number_of(def, PT_VALUE_INTERVAL)};
    PT_TRY(pt_buying_fit(&out->buying, out->model, &set->buyers, r->pool, err));
    return out->spends ? pt_gamma_gamma_fit(&out->spending, &spending, r->pool, err) : PT_OK;
}

pt_lifetime_plan pt_value_plan(const pt_value_model *m, int64_t horizon)
{
    double year = pt_purchases_units((int64_t)(DAYS_OF_YEAR * (double)PT_DAY), m->period);
    pt_lifetime_plan plan = {.model = m->model,
                             .spends = m->spends,
                             .horizon = pt_purchases_units(horizon, m->period),
                             .discount = log1p(m->discount) / year,
                             .coverage = m->coverage};

    memcpy(plan.buying, m->buying.value, sizeof plan.buying);
    memcpy(plan.spending, m->spending.value, sizeof plan.spending);
    return plan;
}

static double correlation(const uint32_t *x, const double *y, size_t n)
{
    double count = 0, sums[2] = {0}, squares[2] = {0}, product = 0;

    for (size_t i = 0; i < n; i++) {
        if (!x[i])
            continue;
        count++;
        sums[0] += x[i];
        sums[1] += y[i];
        squares[0] += (double)x[i] * x[i];
        squares[1] += y[i] * y[i];
        product += x[i] * y[i];
    }
    double spread = (squares[0] - sums[0] * sums[0] / count) * (squares[1] - sums[1] * sums[1] / count);
    return count > 2 && spread > 0 ? (product - sums[0] * sums[1] / count) / sqrt(spread) : NAN;
}

static pt_rc add_up(pt_value_totals *out, const pt_value_model *m, const pt_value_set *set, const pt_value_request *r,
                    pt_err *err)
{
    pt_lifetime_plan plan = pt_value_plan(m, m->horizon);
    pt_lifetime *each = PT_NEW_ARRAY(r->arena, pt_lifetime, set->buyers.n);

    if (!each)
        return pt_fail_nomem(err, "the customers");
    plan.spends = false; /* intervals are not needed here */
    PT_TRY(pt_lifetimes(each, &plan, &set->buyers, r->pool, err));
    out->customers = set->n;
    out->correlation = m->spends ? correlation(set->paid, set->mean, set->n) : NAN;
    for (size_t i = 0; i < set->n; i++) {
        const pt_lifetime *l = &each[set->of[i]];
        out->repeaters += set->x[i] > 0;
        out->alive += l->alive;
        out->expected += l->expected;
        out->value +=
            m->spends ? l->discounted * pt_gamma_gamma_expected(plan.spending, set->paid[i], set->mean[i]) : NAN;
    }
    return PT_OK;
}

/* --- bytes ------------------------------------------------------------------------------------------------------------------- */

static void put_estimate(pt_str *out, const pt_estimate *e)
{
    pt_blob_put_count(out, e->n);
    for (size_t i = 0; i < e->n; i++) {
        pt_blob_put_number(out, e->value[i]);
        pt_blob_put_number(out, isnan(e->log_error[i]) ? -1 : e->log_error[i]);
        pt_blob_put_count(out, e->edge[i]);
    }
    pt_blob_put_number(out, e->log_likelihood);
    pt_blob_put_count(out, e->converged);
}

static void get_estimate(pt_estimate *out, pt_blob *b, size_t n)
{
    *out = (pt_estimate){.n = pt_blob_count(b, n, n)};
    for (size_t i = 0; i < n; i++) {
        out->value[i] = pt_blob_number(b, 1e-300, 1e300);
        double error = pt_blob_number(b, -1, 1e300);
        out->log_error[i] = error < 0 ? NAN : error;
        out->edge[i] = pt_blob_count(b, 0, 1) != 0;
    }
    out->log_likelihood = pt_blob_number(b, -INFINITY, INFINITY);
    out->converged = pt_blob_count(b, 0, 1) != 0;
}

static void save(pt_str *out, const pt_value_model *m)
{
    pt_blob_begin(out, MAGIC, 1);
    pt_blob_put_count(out, m->model == &pt_pareto_nbd);
    pt_blob_put_count(out, (size_t)m->period);
    pt_blob_put_count(out, m->spends);
    pt_blob_put_count(out, (size_t)m->horizon);
    pt_blob_put_number(out, m->discount);
    pt_blob_put_number(out, m->coverage);
    put_estimate(out, &m->buying);
    if (m->spends)
        put_estimate(out, &m->spending);
}

static pt_rc load(pt_value_model *out, pt_sv bytes, pt_err *err)
{
    pt_blob b;

    *out = (pt_value_model){0};
    pt_blob_open(&b, bytes, MAGIC, 1);
    out->model = pt_blob_count(&b, 0, 1) ? &pt_pareto_nbd : &pt_bgnbd;
    out->period = (int)pt_blob_count(&b, 0, PT_VALUE_PERIODS - 1);
    out->spends = pt_blob_count(&b, 0, 1) != 0;
    out->horizon = (int64_t)pt_blob_count(&b, 1, INT64_MAX);
    out->discount = pt_blob_number(&b, 0, 10);
    out->coverage = pt_blob_number(&b, 0.01, 0.999);
    get_estimate(&out->buying, &b, PT_BUYING);
    if (out->spends)
        get_estimate(&out->spending, &b, PT_SPENDING);
    return pt_blob_end(&b, "value", err);
}

/* --- the task ---------------------------------------------------------------------------------------------------------------- */

static pt_rc train(pt_learned *out, const pt_learn_request *request, pt_err *err)
{
    pt_value_request r = {request->view, request->def, request->pool, request->cancel, request->arena};
    int64_t end = request->data_end < r.view->as_of ? request->data_end : r.view->as_of;
    int64_t holdout = setting(r.def, PT_VALUE_HOLDOUT)->items[0].length;
    pt_value_totals totals = {.as_of = end};
    pt_value_holdout before = {0};
    pt_value_model model;
    pt_value_set set;

    pt_learn_report(request, model_of(r.def)->name, 0, 3);
    if (holdout > 0)
        PT_TRY(pt_value_hold_out(&before, NULL, &r, end - holdout, end, err));
    pt_learn_report(request, model_of(r.def)->name, 1, 3);
    PT_TRY(pt_value_gather(&set, NULL, &r, end, err));
    PT_TRY(pt_value_fit(&model, &r, &set, err));
    pt_learn_report(request, model_of(r.def)->name, 2, 3);
    PT_TRY(add_up(&totals, &model, &set, &r, err));
    PT_TRY(pt_value_card(&out->card, &model, &before, &totals, &r, err));
    save(&out->bytes, &model);
    out->algorithm = model.model->name;
    out->measure = before.known ? "mae" : NULL;
    return pt_str_check(&out->bytes, err);
}

static pt_rc open_model(void **model, pt_sv bytes, const pt_model_def *def, pt_err *err)
{
    pt_value_model *m = pt_zalloc(1, sizeof *m);

    if (!m)
        return pt_fail_nomem(err, "a model");
    pt_rc rc = load(m, bytes, err);
    if (rc == PT_OK &&
        (m->period != (int)number_of(def, PT_VALUE_PERIOD) || m->spends != setting(def, PT_VALUE_AMOUNT)->given))
        rc = pt_fail(err, PT_EINVAL, "model '%s' was trained with another `period` or `amount`", def->name);
    if (rc == PT_OK)
        *model = m;
    else
        free(m);
    return rc;
}

static void close_model(void *model)
{
    free(model);
}

/* What one output says of one customer; NaN: nothing. */
static double output_of(int output, const pt_value_model *m, const pt_lifetime_plan *plan, const pt_lifetime *l,
                        const pt_value_set *set, size_t i)
{
    pt_lifetime_value v = pt_lifetime_value_of(plan, l, set->paid[i], set->mean[i]);

    switch (output) {
    case PT_VALUE_ALIVE: return l->alive;
    case PT_VALUE_EXPECTED: return l->expected;
    case PT_VALUE_EXPECTED_LOW: return l->low;
    case PT_VALUE_EXPECTED_HIGH: return l->high;
    case PT_VALUE_SPEND: return m->spends ? pt_gamma_gamma_expected(plan->spending, set->paid[i], set->mean[i]) : NAN;
    case PT_VALUE_VALUE: return v.value;
    case PT_VALUE_LOW: return v.low;
    default: return v.high;
    }
}

static pt_rc money_column(pt_column *out, int64_t **values, size_t rows, pt_arena *arena, pt_err *err)
{
    if (!(*values = PT_NEW_ARRAY(arena, int64_t, rows)))
        return pt_fail_nomem(err, "the results of a model");
    for (size_t i = 0; i < rows; i++)
        (*values)[i] = PT_I64_MISSING;
    *out = (pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = *values};
    return PT_OK;
}

static pt_rc fill_output(pt_column *out, int output, const pt_value_model *m, const pt_lifetime *each,
                         const pt_value_set *set, const pt_score_request *request, pt_err *err)
{
    pt_lifetime_plan plan = pt_value_plan(m, m->horizon);
    bool money = pt_value_kind.outputs[output].type == PT_TYPE_MONEY;
    double *numbers = NULL;
    int64_t *units = NULL;

    PT_TRY(money ? money_column(out, &units, request->view->n_ordinals, request->arena, err)
                 : pt_learn_numbers(out, &numbers, request->view->n_ordinals, request->arena, err));
    for (size_t i = 0; i < set->n; i++) {
        double v = output_of(output, m, &plan, &each[set->of[i]], set, i);
        if (!isfinite(v))
            continue;
        if (!money)
            numbers[set->ordinal[i]] = v;
        else if (!pt_money_from_double(&units[set->ordinal[i]], v))
            units[set->ordinal[i]] = PT_I64_MISSING;
    }
    return PT_OK;
}

static pt_rc score(pt_column *columns, const void *model, const pt_score_request *request, pt_err *err)
{
    pt_value_request r = {request->view, request->def, request->pool, request->cancel, request->arena};
    const pt_value_model *m = model;
    pt_lifetime_plan plan = pt_value_plan(m, m->horizon);
    pt_value_set set;

    PT_TRY(pt_value_gather(&set, NULL, &r, request->as_of, err));
    pt_lifetime *each = PT_NEW_ARRAY(r.arena, pt_lifetime, set.buyers.n);
    if (!each)
        return pt_fail_nomem(err, "the results of a model");
    plan.spends = m->spends && (request->wanted[PT_VALUE_LOW] || request->wanted[PT_VALUE_HIGH]);
    PT_TRY(pt_lifetimes(each, &plan, &set.buyers, r.pool, err));
    for (int o = 0; o < PT_VALUE_OUTPUTS; o++)
        if (request->wanted[o])
            PT_TRY(fill_output(&columns[o], o, m, each, &set, request, err));
    return PT_OK;
}

static pt_rc evaluate(pt_card *card, const void *model, const pt_learn_request *request, pt_err *err)
{
    pt_value_request r = {request->view, request->def, request->pool, request->cancel, request->arena};
    const pt_value_model *m = model;
    int64_t end = request->data_end, from = request->has_test ? request->test : end - m->horizon;
    int64_t to = from < end - m->horizon ? from + m->horizon : end;
    pt_value_holdout h;

    if (from >= end)
        return pt_fail(err, PT_EINVAL, "nothing is known yet of what happened after that day");
    PT_TRY(pt_value_hold_out(&h, m, &r, from, to, err));
    return pt_value_holdout_card(card, &h, &r, err);
}

const pt_learn_kind pt_learn_value = {
    .task = "value",
    .train = train,
    .open = open_model,
    .close = close_model,
    .score = score,
    .evaluate = evaluate,
};
