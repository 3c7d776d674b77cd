/* `task: sequence` (docs/models.md, "Networks over behaviour"). */
#include <stdlib.h>

#include "app/learn_sequence_int.h"
#include "model/likeliest.h"

enum { CHUNK = 1 << 13 }; /* customers whose behaviour is in memory at once when many are scored */

static bool is_cancelled(void *context)
{
    return pt_cancel_fired(context);
}

/* --- predicting --------------------------------------------------------------------------------------------------------- */

/* A network's one probability as two; downwards, for they share their place. */
static void spread_two(float *out, size_t n)
{
    for (size_t i = n; i-- > 0;) {
        float p = out[i];
        out[2 * i] = 1 - p;
        out[2 * i + 1] = p;
    }
}

pt_rc sequence_predict(float *out, const sequence_model *m, const pt_behaviour *b, const pt_behaviour_row *rows,
                       size_t n, pt_pool *pool, pt_cancel *cancel, pt_err *err)
{
    pt_behaviour_set set = {0};
    pt_rc rc = PT_OK;

    for (size_t first = 0; rc == PT_OK && first < n; first += CHUNK) {
        size_t some = n - first < CHUNK ? n - first : CHUNK;
        rc = pt_cancel_fired(cancel) ? pt_fail(err, PT_ECANCELED, "predicting was stopped") : PT_OK;
        if (rc == PT_OK)
            rc = pt_behaviour_gather(&set, b, rows + first, some, err);
        if (rc == PT_OK)
            rc = pt_net_predict(out + first * m->n_classes, m->net, &set.s, pool, err);
        if (rc == PT_OK && m->condition)
            spread_two(out + first * m->n_classes, some);
    }
    pt_behaviour_free(&set);
    return rc;
}

/* --- learning ----------------------------------------------------------------------------------------------------------- */

static pt_net_shape shape_of(const sequence_model *m, const pt_model_def *def, const pt_behaviour *b)
{
    pt_net_shape s = {.kind = (pt_net_kind)sequence_whole(def, PT_SEQUENCE_NETWORK),
                      .n_codes = pt_behaviour_codes(b),
                      .n_numbers = pt_behaviour_numbers(b),
                      .n_statics = PT_BEHAVIOUR_STATICS,
                      .length = b->length,
                      .hidden = sequence_whole(def, PT_SEQUENCE_HIDDEN),
                      .outputs = m->condition ? 1 : m->n_classes};

    for (uint32_t i = 0; i < s.n_codes; i++) {
        s.vocabulary[i] = b->words[i].n;
        s.embedding[i] = sequence_whole(def, PT_SEQUENCE_EMBEDDING);
    }
    if (s.kind == PT_NET_CNN) {
        s.channels = 24;
        s.kernel = 5;
    }
    return s;
}

static pt_net_options options_of(const pt_learn_request *request, pt_curve *curve)
{
    const pt_model_def *def = request->def;
    pt_net_options o = PT_NET_OPTIONS_PRESET;

    o.epochs = sequence_whole(def, PT_SEQUENCE_EPOCHS);
    o.batch = sequence_whole(def, PT_SEQUENCE_BATCH);
    o.patience = sequence_whole(def, PT_SEQUENCE_PATIENCE);
    o.rate = sequence_number(def, PT_SEQUENCE_RATE);
    o.dropout = sequence_number(def, PT_SEQUENCE_DROPOUT);
    o.seed = request->seed;
    o.pool = request->pool;
    o.arena = request->arena;
    o.curve = curve;
    o.cancelled = is_cancelled;
    o.cancel_context = request->cancel;
    return o;
}

/* Everything of one training; freed together. */
typedef struct training {
    const pt_learn_request *request;
    sequence_model *model;
    pt_behaviour behaviour;
    sequence_rows taught, watched, held_out;
    pt_behaviour_set taught_set, watched_set;
    pt_curve curve;
    float *predicted[3];
} training;

static pt_rc gather_rows(training *t, pt_err *err)
{
    const pt_learn_request *r = t->request;

    for (size_t i = 0; i < r->n_train; i++) {
        pt_learn_report(r, "examples", i, r->n_train);
        PT_TRY(sequence_add_rows(&t->taught, t->model, r, r->train[i], SEQUENCE_TAUGHT, err));
        PT_TRY(sequence_add_rows(&t->watched, t->model, r, r->train[i], SEQUENCE_WATCHED, err));
    }
    PT_TRY(sequence_add_rows(&t->held_out, t->model, r, r->has_test ? r->test : r->train[r->n_train - 1],
                             SEQUENCE_HELD_OUT, err));
    if (t->taught.n == 0 || t->watched.n == 0)
        return pt_fail(err, PT_EINVAL,
                       "%zu examples are too few for a network: some must be learned from and others watched",
                       t->taught.n + t->watched.n);
    return PT_OK;
}

static pt_rc teach(training *t, pt_err *err)
{
    const pt_learn_request *r = t->request;
    const pt_model_def *def = r->def;
    sequence_model *m = t->model;
    bool by_day = sequence_whole(def, PT_SEQUENCE_NETWORK) == PT_NET_CNN;
    pt_net_options options = options_of(r, &t->curve);

    PT_TRY(sequence_choose_texts(m, r, &t->taught, err));
    PT_TRY(
        sequence_bind(&t->behaviour, m, def, r->view, by_day, sequence_whole(def, PT_SEQUENCE_LENGTH), r->arena, err));
    PT_TRY(pt_behaviour_gather(&t->taught_set, &t->behaviour, t->taught.rows, t->taught.n, err));
    PT_TRY(pt_behaviour_gather(&t->watched_set, &t->behaviour, t->watched.rows, t->watched.n, err));
    t->taught_set.s.labels = t->taught.labels;
    t->watched_set.s.labels = t->watched.labels;
    options.watched = &t->watched_set.s;
    pt_net_shape shape = shape_of(m, def, &t->behaviour);
    pt_learn_report(r, sequence_network_name(def), 0, 1);
    return pt_net_fit(&m->net, &shape, &t->taught_set.s, &options, err);
}

static pt_rc judge(training *t, pt_learned *out, pt_err *err)
{
    const sequence_rows *rows[] = {&t->taught, &t->watched, &t->held_out};
    const char *parts[] = {"train", "validation", "test"};
    sequence_judged judged[3];
    size_t n = t->held_out.n ? 3 : 2;

    for (size_t i = 0; i < n; i++) {
        t->predicted[i] = pt_alloc64(rows[i]->n * t->model->n_classes, sizeof(float));
        if (!t->predicted[i])
            return pt_fail_nomem(err, "predictions");
        PT_TRY(sequence_predict(t->predicted[i], t->model, &t->behaviour, rows[i]->rows, rows[i]->n, t->request->pool,
                                t->request->cancel, err));
        judged[i] = (sequence_judged){parts[i], rows[i], t->predicted[i]};
    }
    return sequence_card(&out->card, t->model, t->request, judged, n, &t->curve, err);
}

static pt_rc run(training *t, pt_learned *out, pt_err *err)
{
    PT_TRY(sequence_choose_classes(t->model, t->request, err));
    PT_TRY(sequence_choose_columns(t->model, t->request, err));
    PT_TRY(gather_rows(t, err));
    PT_TRY(teach(t, err));
    PT_TRY(judge(t, out, err));
    return sequence_save(&out->bytes, t->model, err);
}

const char *sequence_network_name(const pt_model_def *def)
{
    return pt_sequence_kind.settings[PT_SEQUENCE_NETWORK].choices[sequence_whole(def, PT_SEQUENCE_NETWORK)];
}

static pt_rc train(pt_learned *out, const pt_learn_request *request, pt_err *err)
{
    training t = {.request = request, .model = sequence_new()};

    if (!t.model)
        return pt_fail_nomem(err, "a model of sequences");
    t.model->seed = request->seed;
    out->algorithm = sequence_network_name(request->def);
    out->measure = request->def->target.node->type == PT_TYPE_BOOL ? "auc" : "accuracy";
    pt_rc rc = run(&t, out, err);
    for (size_t i = 0; i < PT_COUNT(t.predicted); i++)
        free(t.predicted[i]);
    sequence_rows_free(&t.taught);
    sequence_rows_free(&t.watched);
    sequence_rows_free(&t.held_out);
    pt_behaviour_free(&t.taught_set);
    pt_behaviour_free(&t.watched_set);
    sequence_free(t.model);
    return rc;
}

/* --- using -------------------------------------------------------------------------------------------------------------- */

static pt_rc open_model(void **out, pt_sv bytes, const pt_model_def *def, pt_err *err)
{
    sequence_model *m;
    bool condition = def->target.node->type == PT_TYPE_BOOL;

    *out = NULL;
    PT_TRY(sequence_load(&m, bytes, err));
    if (strcmp(m->source, def->settings[PT_SEQUENCE_SOURCE].items[0].text) != 0 || m->condition != condition) {
        pt_rc rc =
            pt_fail(err, PT_EINVAL, "model '%s' has another source or target than when it was taught", def->name);
        sequence_free(m);
        return rc;
    }
    *out = m;
    return PT_OK;
}

static void close_model(void *model)
{
    sequence_free(model);
}

static pt_rc bind_again(pt_behaviour *b, const sequence_model *m, const pt_model_def *def, pt_view *view,
                        pt_arena *arena, pt_err *err)
{
    const pt_net_shape *shape = pt_net_shape_of(m->net);

    return sequence_bind(b, m, def, view, shape->kind == PT_NET_CNN, shape->length, arena, err);
}

/* Of a condition how likely it is true; else how likely the likeliest class is. */
static double probability(const sequence_model *m, const float *p)
{
    return (double)p[m->condition ? 1 : pt_likeliest(p, m->n_classes)];
}

typedef struct ranked {
    double p;
    uint32_t ordinal;
} ranked;

static int by_probability(const void *a, const void *b)
{
    const ranked *x = a, *y = b;

    return (x->p > y->p) - (x->p < y->p);
}

/* The share of those scored that are below each. */
static pt_rc rank(double *percentile, const sequence_model *m, const pt_behaviour_row *rows, const float *p, size_t n,
                  pt_err *err)
{
    ranked *all = pt_alloc64(n ? n : 1, sizeof *all);

    if (!all)
        return pt_fail_nomem(err, "ranks");
    for (size_t i = 0; i < n; i++)
        all[i] = (ranked){probability(m, p + i * m->n_classes), rows[i].ordinal};
    qsort(all, n, sizeof *all, by_probability);
    for (size_t i = 0, below = 0; i < n; i++) {
        below = i && all[i].p > all[i - 1].p ? i : below;
        percentile[all[i].ordinal] = (double)below / (double)n;
    }
    free(all);
    return PT_OK;
}

static pt_rc fill_columns(pt_column *columns, const sequence_model *m, const pt_behaviour_row *rows, const float *p,
                          size_t n, size_t n_ordinals, const pt_score_request *r, pt_err *err)
{
    double *probabilities, *percentile;
    uint32_t *codes;

    PT_TRY(pt_learn_numbers(&columns[PT_SEQUENCE_PROBABILITY], &probabilities, n_ordinals, r->arena, err));
    PT_TRY(pt_learn_numbers(&columns[PT_SEQUENCE_PERCENTILE], &percentile, n_ordinals, r->arena, err));
    PT_TRY(
        pt_learn_categories(&columns[PT_SEQUENCE_CLASS], &codes, m->classes, m->n_classes, n_ordinals, r->arena, err));
    for (size_t i = 0; i < n; i++) {
        probabilities[rows[i].ordinal] = probability(m, p + i * m->n_classes);
        codes[rows[i].ordinal] = pt_likeliest(p + i * m->n_classes, m->n_classes) + 1;
    }
    return r->wanted[PT_SEQUENCE_PERCENTILE] ? rank(percentile, m, rows, p, n, err) : PT_OK;
}

static pt_rc score(pt_column *columns, const void *model, const pt_score_request *r, pt_err *err)
{
    const sequence_model *m = model;
    const bool *members;
    pt_behaviour b;
    size_t n_ordinals = r->view->n_ordinals, n_members, n = 0;

    PT_TRY(bind_again(&b, m, r->def, r->view, r->arena, err));
    PT_TRY(pt_learn_population(&members, &n_members, r->view, r->def, r->as_of, r->pool, r->cancel, r->arena, err));
    pt_behaviour_row *rows = pt_alloc64(n_members + 1, sizeof *rows);
    for (size_t i = 0; rows && i < n_ordinals; i++)
        if (members[i])
            rows[n++] = (pt_behaviour_row){(uint32_t)i, r->as_of};
    float *p = pt_alloc64(n * m->n_classes + 1, sizeof *p);
    pt_rc rc = rows && p ? sequence_predict(p, m, &b, rows, n, r->pool, r->cancel, err) : pt_fail_nomem(err, "scores");
    if (rc == PT_OK)
        rc = fill_columns(columns, m, rows, p, n, n_ordinals, r, err);
    free(rows);
    free(p);
    return rc;
}

static pt_rc evaluate(pt_card *card, const void *model, const pt_learn_request *request, pt_err *err)
{
    const sequence_model *m = model;
    sequence_rows rows = {0};
    pt_behaviour b;
    float *p = NULL;

    PT_TRY(bind_again(&b, m, request->def, request->view, request->arena, err));
    pt_rc rc = sequence_add_rows(&rows, m, request, request->test, SEQUENCE_HELD_OUT, err);
    if (rc == PT_OK && rows.n == 0)
        rc = pt_fail(err, PT_EINVAL, "nobody who was held out is in the population on that day");
    if (rc == PT_OK && !(p = pt_alloc64(rows.n * m->n_classes, sizeof *p)))
        rc = pt_fail_nomem(err, "predictions");
    if (rc == PT_OK)
        rc = sequence_predict(p, m, &b, rows.rows, rows.n, request->pool, request->cancel, err);
    if (rc == PT_OK)
        rc = sequence_card(card, m, request, &(sequence_judged){"later", &rows, p}, 1, NULL, err);
    free(p);
    sequence_rows_free(&rows);
    return rc;
}

const pt_learn_kind pt_learn_sequence = {
    .task = "sequence",
    .train = train,
    .open = open_model,
    .close = close_model,
    .score = score,
    .evaluate = evaluate,
};
