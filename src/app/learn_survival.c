/* `task: survival`: how long until something happens, by the tags that customers have. */
#include <stdlib.h>

#include "app/event_walk.h"
#include "app/learn_survival_int.h"
#include "base/compare.h"
#include "base/hash.h"
#include "model/blob.h"

static const char MAGIC[] = "surv";
enum { MOST_ROWS = 200000, BATCHES = 20 };

double pt_survival_horizon(const pt_model_def *def)
{
    return (double)def->settings[PT_SURVIVAL_HORIZON].items[0].length / (double)PT_DAY;
}

/* --- what came after --------------------------------------------------------------------------------------------------------- */

typedef struct following {
    const int64_t *days;
    size_t n_days;
    uint32_t n_ordinals;
    int64_t *next; /* [day * n_ordinals + ordinal]: the first event later than the day; PT_I64_MISSING: none */
} following;

static pt_rc note_next(void *ctx, const pt_walked *w, pt_err *err)
{
    const following *f = ctx;
    size_t at = 0;

    (void)err;
    for (size_t d = 0; d < f->n_days; d++) { /* days rise */
        while (at < w->n && w->time[w->events[at]] <= f->days[d])
            at++;
        if (at < w->n)
            f->next[d * f->n_ordinals + w->ordinal] = w->time[w->events[at]];
    }
    return PT_OK;
}

static pt_rc find_next(following *f, const pt_learn_request *r, const int64_t *days, size_t n_days, pt_err *err)
{
    uint32_t n = r->view->n_ordinals;
    const pt_setting_item *events = r->def->settings[PT_SURVIVAL_EVENT].items;
    pt_event_walk walk = {r->view, events, -1, r->data_end, r->pool, r->cancel};

    *f = (following){days, n_days, n, (int64_t *)pt_arena_array(r->arena, (size_t)n * n_days, sizeof(int64_t))};
    if (!f->next)
        return pt_fail_nomem(err, "what came after");
    for (size_t i = 0; i < (size_t)n * n_days; i++)
        f->next[i] = PT_I64_MISSING;
    return pt_event_walk_run(&walk, note_next, f, err);
}

static size_t day_number(const int64_t *days, size_t n_days, int64_t day)
{
    size_t d = 0;

    while (d + 1 < n_days && days[d] != day)
        d++;
    return d;
}

/* Whole days, begun ones counted: many rows then share their times. */
static double days_between(int64_t from, int64_t to)
{
    return ceil((double)(to - from) / (double)PT_DAY);
}

static pt_rc set_spans(pt_survival_rows *rows, const following *f, const pt_learn_request *r, pt_err *err)
{
    size_t n = rows->table.rows;
    double *time = PT_NEW_ARRAY(r->arena, double, n);
    uint8_t *happened = PT_NEW_ARRAY(r->arena, uint8_t, n);

    rows->watched = PT_NEW_ARRAY(r->arena, double, n);
    if (!time || !happened || !rows->watched)
        return pt_fail_nomem(err, "what came after");
    for (size_t i = 0; i < n; i++) {
        int64_t day = rows->table.times[i];
        size_t d = day_number(f->days, f->n_days, day);
        int64_t next = f->next[d * f->n_ordinals + rows->table.ids[i]];
        happened[i] = next != PT_I64_MISSING;
        rows->watched[i] = days_between(day, r->data_end);
        time[i] = happened[i] ? days_between(day, next) : rows->watched[i];
    }
    rows->spans = (pt_spans){n, time, happened};
    return PT_OK;
}

static pt_rc gather(pt_survival_rows *out, const pt_learn_request *r, const int64_t *days, size_t n_days,
                    const pt_training_features *features, pt_err *err)
{
    following next;

    *out = (pt_survival_rows){.table = {.rows = 0}};
    PT_TRY(pt_training_table(&out->table, r, days, n_days, features, r->arena, err));
    PT_TRY(find_next(&next, r, days, n_days, err));
    return set_spans(out, &next, r, err);
}

/* --- a sample ---------------------------------------------------------------------------------------------------------------- */

/* Of very many rows those of some customers, whom chance chooses: coefficients hardly gain from more. */
static bool is_taken(uint64_t seed, uint64_t id, double share)
{
    return (double)(pt_mix64(pt_mix64(seed + 3) + id) >> 11) < share * 9007199254740992.0;
}

static pt_feature take_feature(const pt_feature *f, const uint32_t *rows, size_t n, pt_arena *arena)
{
    pt_feature out = *f;
    float *numbers = f->numbers ? PT_NEW_ARRAY(arena, float, n) : NULL;
    uint32_t *codes = f->codes ? PT_NEW_ARRAY(arena, uint32_t, n) : NULL, *items = NULL;
    uint64_t *offsets = f->offsets ? PT_NEW_ARRAY(arena, uint64_t, n + 1) : NULL, total = 0;

    for (size_t i = 0; i < n && f->offsets; i++)
        total += f->offsets[rows[i] + 1] - f->offsets[rows[i]];
    if (f->offsets && !(items = (uint32_t *)pt_arena_array(arena, (size_t)total, sizeof *items)))
        offsets = NULL;
    for (size_t i = 0; i < n; i++) {
        if (numbers)
            numbers[i] = f->numbers[rows[i]];
        if (codes)
            codes[i] = f->codes[rows[i]];
        if (!offsets)
            continue;
        size_t length = (size_t)(f->offsets[rows[i] + 1] - f->offsets[rows[i]]);
        if (length)
            memcpy(items + offsets[i], f->items + f->offsets[rows[i]], length * sizeof *items);
        offsets[i + 1] = offsets[i] + length;
    }
    out.numbers = numbers;
    out.codes = codes;
    out.offsets = offsets;
    out.items = items;
    return out;
}

static bool feature_is_whole(const pt_feature *from, const pt_feature *to)
{
    return !from->numbers == !to->numbers && !from->codes == !to->codes && !from->offsets == !to->offsets;
}

/* The same without the arrays that are not looked at any more. */
static pt_rc take_rows(pt_survival_rows *rows, const uint32_t *which, size_t n, pt_arena *arena, pt_err *err)
{
    pt_feature *features = PT_NEW_ARRAY(arena, pt_feature, rows->table.n_features);
    double *time = PT_NEW_ARRAY(arena, double, n), *watched = PT_NEW_ARRAY(arena, double, n);
    uint8_t *happened = PT_NEW_ARRAY(arena, uint8_t, n);
    uint64_t *ids = PT_NEW_ARRAY(arena, uint64_t, n);

    if (!features || !time || !watched || !happened || !ids)
        return pt_fail_nomem(err, "a sample of customers");
    for (size_t c = 0; c < rows->table.n_features; c++) {
        features[c] = take_feature(&rows->table.features[c], which, n, arena);
        if (!feature_is_whole(&rows->table.features[c], &features[c]))
            return pt_fail_nomem(err, "a sample of customers");
    }
    for (size_t i = 0; i < n; i++) {
        time[i] = rows->spans.time[which[i]];
        happened[i] = rows->spans.happened[which[i]];
        watched[i] = rows->watched[which[i]];
        ids[i] = rows->table.ids[which[i]];
    }
    rows->table = (pt_table){.rows = n, .n_features = rows->table.n_features, .features = features, .ids = ids};
    rows->spans = (pt_spans){n, time, happened};
    rows->watched = watched;
    return PT_OK;
}

static pt_rc thin_out(pt_survival_rows *rows, uint64_t seed, pt_arena *arena, pt_err *err)
{
    uint32_t *which;
    size_t n = 0;

    if (rows->table.rows <= MOST_ROWS)
        return PT_OK;
    if (!(which = PT_NEW_ARRAY(arena, uint32_t, rows->table.rows)))
        return pt_fail_nomem(err, "a sample of customers");
    for (size_t i = 0; i < rows->table.rows; i++)
        if (is_taken(seed, rows->table.ids[i], (double)MOST_ROWS / (double)rows->table.rows))
            which[n++] = (uint32_t)i;
    return take_rows(rows, which, n, arena, err);
}

/* --- measuring --------------------------------------------------------------------------------------------------------------- */

static double batch_error(const double *values, size_t n)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        sum += values[i];
        squares += values[i] * values[i];
    }
    return n > 1 ? sqrt(fmax(squares - sum * sum / (double)n, 0) / (double)(n - 1) / (double)n) : NAN;
}

/* The spread of the concordance of parts of the customers says how sure that of all is. */
static pt_rc measure_concordance(pt_survival_figures *out, const pt_survival_rows *rows, const double *risk,
                                 pt_err *err)
{
    size_t n = rows->spans.n, parts = 0;
    double *time = pt_alloc64(2 * n + 1, sizeof *time), values[BATCHES], *part_risk = time ? time + n : NULL;
    uint8_t *happened = pt_alloc64(n + 1, 1);
    pt_rc rc = time && happened ? pt_concordance(&out->concordance, &rows->spans, risk, err)
                                : pt_fail_nomem(err, "concordance");

    for (uint64_t b = 0; rc == PT_OK && b < BATCHES; b++) {
        size_t at = 0;
        for (size_t i = 0; i < n; i++)
            if (pt_mix64(rows->table.ids[i] + 17) % BATCHES == b) {
                time[at] = rows->spans.time[i];
                happened[at] = rows->spans.happened[i];
                part_risk[at++] = risk[i];
            }
        rc = pt_concordance(&values[parts], &(pt_spans){at, time, happened}, part_risk, err);
        parts += rc == PT_OK && !isnan(values[parts]);
    }
    out->concordance_error = batch_error(values, parts);
    free(time);
    free(happened);
    return rc;
}

/* At the horizon, of rows that were watched so long (all of a day that is early enough). */
static void measure_chances(pt_survival_figures *out, const pt_cox *cox, const pt_survival_rows *rows,
                            const double *risk, double horizon)
{
    double n = 0, squares = 0, fourths = 0, chances = 0, happened = 0;

    for (size_t i = 0; i < rows->spans.n; i++) {
        if (rows->watched[i] < horizon)
            continue;
        bool did = rows->spans.happened[i] && rows->spans.time[i] <= horizon;
        double chance = 1 - pt_cox_survival(cox, risk[i], horizon), off = (chance - did) * (chance - did);
        n++;
        chances += chance;
        happened += did;
        squares += off;
        fourths += off * off;
    }
    double share = happened / n;
    out->brier = n > 0 ? squares / n : NAN;
    out->brier_error = n > 1 ? sqrt(fmax(fourths / n - out->brier * out->brier, 0) / n) : NAN;
    out->brier_of_share = n > 0 ? share * (1 - share) : NAN;
    out->expected = n > 0 ? chances / n : NAN;
    out->actual = n > 0 ? share : NAN;
}

pt_rc pt_survival_measure(pt_survival_figures *out, const pt_hazard *h, const pt_survival_rows *rows, double horizon,
                          pt_pool *pool, pt_err *err)
{
    double *risk = pt_alloc64(rows->spans.n + 1, sizeof *risk);

    *out = (pt_survival_figures){.rows = rows->spans.n, .concordance = NAN, .brier = NAN};
    if (!risk)
        return pt_fail_nomem(err, "measures");
    for (size_t i = 0; i < rows->spans.n; i++)
        out->events += rows->spans.happened[i];
    pt_rc rc = pt_hazard_risks(risk, h, &rows->table, pool, err);
    if (rc == PT_OK)
        rc = measure_concordance(out, rows, risk, err);
    if (rc == PT_OK)
        measure_chances(out, pt_hazard_cox(h), rows, risk, horizon);
    free(risk);
    return rc;
}

/* --- the task ---------------------------------------------------------------------------------------------------------------- */

/* Without days in the model file: two horizons and one before the end of the data. */
static pt_rc choose_days(pt_learn_request *r, pt_err *err)
{
    int64_t horizon = r->def->settings[PT_SURVIVAL_HORIZON].items[0].length, *day;

    if (r->def->n_train)
        return PT_OK;
    if (!(day = (int64_t *)pt_arena_array(r->arena, 1, sizeof *day)))
        return pt_fail_nomem(err, "days to learn from");
    *day = r->data_end - 2 * horizon;
    r->train = day;
    r->n_train = 1;
    if (!r->def->has_test) {
        r->has_test = true;
        r->test = r->data_end - horizon;
    }
    return PT_OK;
}

static pt_rc save(pt_str *out, const pt_hazard *h, double horizon, pt_err *err)
{
    pt_str part = {0};
    pt_rc rc = pt_hazard_save(&part, h, err);

    pt_blob_begin(out, MAGIC, 1);
    pt_blob_put_number(out, horizon);
    pt_blob_put_bytes(out, (pt_sv){pt_str_cstr(&part), part.len});
    pt_str_free(&part);
    return rc == PT_OK ? pt_str_check(out, err) : rc;
}

static pt_rc study(pt_learned *out, pt_survival_study *s, const pt_learn_request *r, pt_err *err)
{
    pt_hazard_options options = {(pt_ties)r->def->settings[PT_SURVIVAL_TIES].items[0].number,
                                 r->def->settings[PT_SURVIVAL_RIDGE].items[0].number, r->seed, r->pool};
    pt_hazard *h;

    if (!s->train.table.rows)
        return pt_fail(err, PT_EINVAL, "model '%s': nobody is in the population on the days of training", r->def->name);
    PT_TRY(pt_hazard_fit(&h, &s->train.table, &s->train.spans, &options, err));
    s->hazard = h;
    pt_learn_report(r, "cox", 2, 3);
    pt_rc rc = pt_survival_measure(&s->on_train, h, &s->train, s->horizon, r->pool, err);
    if (rc == PT_OK && s->test.table.rows)
        rc = pt_survival_measure(&s->on_test, h, &s->test, s->horizon, r->pool, err);
    if (rc == PT_OK)
        rc = pt_survival_card(&out->card, s, r, err);
    if (rc == PT_OK)
        rc = save(&out->bytes, h, s->horizon, err);
    pt_hazard_free(h);
    return rc;
}

static pt_rc train(pt_learned *out, const pt_learn_request *request, pt_err *err)
{
    pt_learn_request r = *request;
    pt_training_features features;
    pt_survival_study s = {.horizon = pt_survival_horizon(r.def), .features = &features};

    pt_learn_report(&r, "cox", 0, 3);
    PT_TRY(choose_days(&r, err));
    PT_TRY(pt_training_choose(&features, r.view->project, r.def, r.arena, err));
    PT_TRY(gather(&s.train, &r, r.train, r.n_train, &features, err));
    PT_TRY(pt_training_prune(&s.train.table, &features, r.def, r.arena, err));
    PT_TRY(thin_out(&s.train, r.seed, r.arena, err));
    if (r.has_test) {
        PT_TRY(gather(&s.test, &r, &r.test, 1, &features, err));
        PT_TRY(thin_out(&s.test, r.seed, r.arena, err));
    }
    pt_learn_report(&r, "cox", 1, 3);
    PT_TRY(study(out, &s, &r, err));
    out->algorithm = "cox";
    out->measure = "concordance";
    return PT_OK;
}

typedef struct survival_model {
    pt_hazard *hazard;
    double horizon;
} survival_model;

static void close_model(void *model)
{
    survival_model *m = model;

    if (m)
        pt_hazard_free(m->hazard);
    free(m);
}

static pt_rc open_model(void **model, pt_sv bytes, const pt_model_def *def, pt_err *err)
{
    survival_model *m = pt_zalloc(1, sizeof *m);
    pt_blob b;

    (void)def;
    if (!m)
        return pt_fail_nomem(err, "a model");
    pt_blob_open(&b, bytes, MAGIC, 1);
    m->horizon = pt_blob_number(&b, 1e-6, 1e9);
    pt_sv part = pt_blob_bytes(&b);
    pt_rc rc = pt_blob_end(&b, "survival", err);
    if (rc == PT_OK)
        rc = pt_hazard_load(&m->hazard, part, err);
    if (rc == PT_OK)
        *model = m;
    else
        close_model(m);
    return rc;
}

/* --- scoring ----------------------------------------------------------------------------------------------------------------- */

static pt_rc find_tags(const uint32_t **out, const pt_hazard *h, const pt_score_request *r, pt_err *err)
{
    size_t n = pt_hazard_n_features(h);
    uint32_t *tags = PT_NEW_ARRAY(r->arena, uint32_t, n + 1);

    if (!tags)
        return pt_fail_nomem(err, "the features");
    for (size_t i = 0; i < n; i++) {
        int tag = pt_project_find_tag(r->view->project, pt_sv_of(pt_hazard_feature(h, i)));
        if (tag < 0) {
            pt_fail(err, PT_EINVAL, "model '%s' learned from tag '%s', which is no more", r->def->name,
                    pt_hazard_feature(h, i));
            return pt_err_hint(err, "portrait train %s", r->def->name);
        }
        tags[i] = (uint32_t)tag;
    }
    *out = tags;
    return PT_OK;
}

typedef struct scores {
    const survival_model *m;
    const uint32_t *ordinals;
    const double *risk;
    size_t n, rows; /* scored; ordinals of the view */
    pt_arena *arena;
} scores;

static pt_rc fill_percentiles(double *values, const scores *s, pt_err *err)
{
    double *sorted = PT_NEW_ARRAY(s->arena, double, s->n);

    if (!sorted)
        return pt_fail_nomem(err, "the scores");
    memcpy(sorted, s->risk, s->n * sizeof *sorted);
    qsort(sorted, s->n, sizeof *sorted, pt_compare_doubles);
    for (size_t i = 0; i < s->n; i++)
        values[s->ordinals[i]] = (double)pt_count_below(sorted, s->n, s->risk[i]) / (double)s->n;
    return PT_OK;
}

static pt_rc fill_medians(pt_column *out, const scores *s, pt_err *err)
{
    int64_t *values = (int64_t *)pt_arena_array(s->arena, s->rows, sizeof *values);

    if (!values)
        return pt_fail_nomem(err, "the scores");
    for (size_t i = 0; i < s->rows; i++)
        values[i] = PT_I64_MISSING;
    for (size_t i = 0; i < s->n; i++) {
        double days = pt_cox_quantile(pt_hazard_cox(s->m->hazard), s->risk[i], 0.5);
        if (isfinite(days))
            values[s->ordinals[i]] = (int64_t)(days * (double)PT_DAY);
    }
    *out = (pt_column){.type = PT_TYPE_DURATION, .width = sizeof *values, .data = values};
    return PT_OK;
}

static pt_rc fill_output(pt_column *out, int output, const scores *s, pt_err *err)
{
    const pt_cox *cox = pt_hazard_cox(s->m->hazard);
    double *values;

    if (output == PT_SURVIVAL_MEDIAN)
        return fill_medians(out, s, err);
    PT_TRY(pt_learn_numbers(out, &values, s->rows, s->arena, err));
    if (output == PT_SURVIVAL_PERCENTILE)
        return fill_percentiles(values, s, err);
    for (size_t i = 0; i < s->n; i++)
        values[s->ordinals[i]] = output == PT_SURVIVAL_CHANCE ? 1 - pt_cox_survival(cox, s->risk[i], s->m->horizon)
                                                              : fmin(exp(s->risk[i]), 1e300);
    return PT_OK;
}

static pt_rc score(pt_column *columns, const void *model, const pt_score_request *request, pt_err *err)
{
    const survival_model *m = model;
    scores s = {.m = m, .rows = request->view->n_ordinals, .arena = request->arena};
    const uint32_t *tags = NULL;
    pt_table table;

    PT_TRY(find_tags(&tags, m->hazard, request, err));
    PT_TRY(pt_scoring_table(&table, &s.ordinals, request, tags, pt_hazard_n_features(m->hazard), request->arena, err));
    double *risk = PT_NEW_ARRAY(request->arena, double, table.rows);
    if (!risk)
        return pt_fail_nomem(err, "the scores");
    PT_TRY(pt_hazard_risks(risk, m->hazard, &table, request->pool, err));
    s.risk = risk;
    s.n = table.rows;
    for (int o = 0; o < PT_SURVIVAL_OUTPUTS; o++)
        if (request->wanted[o])
            PT_TRY(fill_output(&columns[o], o, &s, err));
    return PT_OK;
}

static pt_rc evaluate(pt_card *card, const void *model, const pt_learn_request *request, pt_err *err)
{
    const survival_model *m = model;
    pt_training_features features;
    pt_survival_figures figures;
    pt_survival_rows rows;

    PT_TRY(pt_training_choose(&features, request->view->project, request->def, request->arena, err));
    PT_TRY(gather(&rows, request, &request->test, 1, &features, err));
    if (!rows.table.rows)
        return pt_fail(err, PT_EINVAL, "model '%s': nobody is in the population on that day", request->def->name);
    PT_TRY(pt_survival_measure(&figures, m->hazard, &rows, m->horizon, request->pool, err));
    return pt_survival_later_card(card, &figures, request, err);
}

const pt_learn_kind pt_learn_survival = {
    .task = "survival",
    .train = train,
    .open = open_model,
    .close = close_model,
    .score = score,
    .evaluate = evaluate,
};
