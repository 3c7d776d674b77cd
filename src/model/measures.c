/* Figures of classifications. All of them come from one walk over the rows in the order of their scores, in which a row counts as
 * often as its weight says: 1 for the figure, what was drawn for its interval. */
#include "model/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chances.h"
#include "model/bootstrap.h"
#include "model/likeliest.h"
#include "model/ranking.h"

static const char *const class_names[] = {"auc",     "pr_auc",   "log_loss",  "brier",  "ece", "ks",
                                          "lift_10", "accuracy", "precision", "recall", "f1"};

enum { AUC, PR_AUC, LOG_LOSS, BRIER, ECE, KS, LIFT_10, ACCURACY, PRECISION, RECALL, F1, CLASS_FIGURES, ECE_BINS = 10 };

/* What all draws look at. */
typedef struct classified {
    const pt_outcome *o;
    uint32_t classes;
    double threshold;
    pt_ranking *rankings; /* of class 1, or of each of several classes */
    uint32_t n_rankings;
    float *log_loss, *brier; /* of each row */
    uint16_t *chosen;        /* the class that is meant */
    uint8_t *bin;            /* of the probability that calibration is about */
    float *confidence;       /* that probability; of class 1, or of the class that is meant */
} classified;

static uint32_t meant(const classified *c, const float *p)
{
    if (c->threshold > 0 && c->classes == 2)
        return (double)p[1] >= c->threshold;
    return pt_likeliest(p, c->classes);
}

static void note_row(classified *c, size_t i)
{
    const float *p = c->o->predicted + i * c->classes;
    const uint32_t actual = (uint32_t)c->o->actual[i];
    double squares = 0;

    c->chosen[i] = (uint16_t)meant(c, p);
    c->log_loss[i] = (float)-log(fmin(fmax((double)p[actual], 1e-15), 1 - 1e-15));
    for (uint32_t k = 0; k < c->classes; k++)
        squares += pow((double)p[k] - (k == actual), 2);
    c->brier[i] = (float)(c->classes == 2 ? squares / 2 : squares);
    c->confidence[i] = p[c->classes == 2 ? 1 : c->chosen[i]];
    c->bin[i] = (uint8_t)fmin(fmax(floor((double)c->confidence[i] * ECE_BINS), 0), ECE_BINS - 1);
}

/* --- one draw ------------------------------------------------------------------------------------------------------ */

static void row_means(const classified *c, const uint8_t *weights, double *out)
{
    double n = 0, log_loss = 0, brier = 0, right = 0, off = 0;
    double rows[ECE_BINS] = {0}, said[ECE_BINS] = {0}, came[ECE_BINS] = {0};

    for (size_t i = 0; i < c->o->n; i++) {
        const double w = weights ? weights[i] : 1;
        const uint32_t actual = (uint32_t)c->o->actual[i];
        n += w;
        log_loss += w * (double)c->log_loss[i];
        brier += w * (double)c->brier[i];
        right += w * (c->chosen[i] == actual);
        rows[c->bin[i]] += w;
        said[c->bin[i]] += w * (double)c->confidence[i];
        came[c->bin[i]] += w * (c->classes == 2 ? actual == 1 : actual == c->chosen[i]);
    }
    for (int b = 0; b < ECE_BINS; b++)
        off += fabs(said[b] - came[b]);
    out[LOG_LOSS] = log_loss / n;
    out[BRIER] = brier / n;
    out[ACCURACY] = right / n;
    out[ECE] = off / n;
}

/* Precision is 0 when nothing is meant, recall is not defined when nothing came. */
static void one_class(const classified *c, const uint8_t *weights, uint32_t class_code, double *out)
{
    double both = 0, said = 0, came = 0;

    for (size_t i = 0; i < c->o->n; i++) {
        const double w = weights ? weights[i] : 1;
        const int is = (uint32_t)c->o->actual[i] == class_code;
        const int meant_it = c->chosen[i] == class_code;
        both += w * (is && meant_it);
        said += w * meant_it;
        came += w * is;
    }
    out[0] = said > 0 ? both / said : 0;
    out[1] = came > 0 ? both / came : NAN;
    out[2] = said + came > 0 ? 2 * both / (said + came) : NAN;
}

/* Of several classes the mean over those that occur. */
static void class_means(const classified *c, const uint8_t *weights, double *out)
{
    double figures[CLASS_FIGURES] = {0}, one[3];
    double n = 0;

    for (uint32_t k = c->classes == 2 ? 1 : 0; k < c->classes; k++) {
        one_class(c, weights, k, one);
        if (c->classes > 2 && isnan(one[1]))
            continue;
        for (int f = 0; f < 3; f++)
            figures[f] += one[f];
        n++;
    }
    out[PRECISION] = figures[0] / n;
    out[RECALL] = figures[1] / n;
    out[F1] = figures[2] / n;
}

static void ranking_means(const classified *c, const uint8_t *weights, double *out)
{
    pt_ranking_figures sum = {0}, one;
    double n = 0;

    for (uint32_t k = 0; k < c->n_rankings; k++) {
        pt_ranking_walk(&one, &c->rankings[k], weights);
        if (c->n_rankings > 1 && isnan(one.auc))
            continue;
        sum.auc += one.auc;
        sum.average_precision += one.average_precision;
        sum.ks += one.ks;
        sum.lift_10 += one.lift_10;
        n++;
    }
    out[AUC] = sum.auc / n;
    out[PR_AUC] = sum.average_precision / n;
    out[KS] = sum.ks / n;
    out[LIFT_10] = sum.lift_10 / n;
}

static void class_figures(const void *context, const uint8_t *weights, double *out)
{
    const classified *c = (const classified *)context;

    row_means(c, weights, out);
    class_means(c, weights, out);
    ranking_means(c, weights, out);
}

/* --- all ----------------------------------------------------------------------------------------------------------- */

static pt_rc classified_new(classified *c, const pt_outcome *o, const pt_measure_options *options, pt_arena *arena,
                            pt_err *err)
{
    *c = (classified){.o = o, .classes = (uint32_t)o->outputs, .threshold = options->threshold};
    c->n_rankings = c->classes == 2 ? 1 : c->classes;
    c->rankings = PT_NEW_ARRAY(arena, pt_ranking, c->n_rankings);
    c->log_loss = PT_NEW_ARRAY(arena, float, o->n);
    c->brier = PT_NEW_ARRAY(arena, float, o->n);
    c->confidence = PT_NEW_ARRAY(arena, float, o->n);
    c->chosen = PT_NEW_ARRAY(arena, uint16_t, o->n);
    c->bin = PT_NEW_ARRAY(arena, uint8_t, o->n);
    if (!c->rankings || !c->log_loss || !c->brier || !c->confidence || !c->chosen || !c->bin)
        return pt_fail_nomem(err, "measures");
    for (size_t i = 0; i < o->n; i++)
        note_row(c, i);
    for (uint32_t k = 0; k < c->n_rankings; k++)
        PT_TRY(pt_ranking_of_class(&c->rankings[k], o, c->classes == 2 ? 1 : k, arena, err));
    return PT_OK;
}

static pt_rc check_outcome(const pt_outcome *o, pt_err *err)
{
    return o->n && o->n < UINT32_MAX ? PT_OK : pt_fail(err, PT_EINVAL, "there are no rows to measure on");
}

/* Wilson's interval of a share. */
static void analytic_share(pt_measured *m, double n)
{
    const double z2 = PT_Z95 * PT_Z95;
    const double middle = (m->value + z2 / (2 * n)) / (1 + z2 / n);
    const double width = PT_Z95 * sqrt(m->value * (1 - m->value) / n + z2 / (4 * n * n)) / (1 + z2 / n);

    m->low = fmin(middle - width, m->value);
    m->high = fmax(middle + width, m->value);
}

/* DeLong's interval. */
static void analytic_auc(pt_measured *m, const classified *c)
{
    double error;

    if (c->classes != 2 || isnan(m->value))
        return;
    error = PT_Z95 * sqrt(pt_ranking_auc_variance(&c->rankings[0]));
    m->low = fmax(m->value - error, 0);
    m->high = fmin(m->value + error, 1);
}

/* Where all hits come first, or last, every draw says the same: how few they are must still count. Rows of one group count in part. */
static void widen_perfect_auc(pt_measured *m, const classified *c)
{
    const pt_outcome *o = c->o;
    double hits = 0, groups = 0;

    if (c->classes != 2 || (m->value < 1 && m->value > 0) || isnan(m->value))
        return;
    for (size_t i = 0; i < o->n; i++) {
        hits += o->actual[i] == 1.0F;
        groups = o->group ? fmax(groups, 1.0 + o->group[i]) : (double)o->n;
    }
    const double share = groups / (double)o->n;
    pt_auc_interval(&m->low, &m->high, m->value, fmax(hits * share, 1), fmax(((double)o->n - hits) * share, 1));
}

pt_rc pt_measure_classes(const pt_measured **out, size_t *n, const pt_outcome *o, const pt_measure_options *options,
                         pt_arena *arena, pt_err *err)
{
    classified c;
    double figures[CLASS_FIGURES];
    pt_measured *measures = PT_NEW_ARRAY(arena, pt_measured, CLASS_FIGURES);
    pt_arena *work = pt_arena_new(0);
    pt_rc rc = check_outcome(o, err);

    if (rc == PT_OK && (!measures || !work))
        rc = pt_fail_nomem(err, "measures");
    if (rc == PT_OK)
        rc = classified_new(&c, o, options, work, err);
    if (rc == PT_OK) {
        class_figures(&c, NULL, figures);
        for (int k = 0; k < CLASS_FIGURES; k++)
            measures[k] = (pt_measured){class_names[k], figures[k], NAN, NAN};
        rc =
            pt_bootstrap_run(measures, &(pt_bootstrap){o->n, o->group, CLASS_FIGURES, &c, class_figures}, options, err);
    }
    if (rc == PT_OK && !o->group) { /* rows apart from one another: better than drawing again */
        analytic_auc(&measures[AUC], &c);
        analytic_share(&measures[ACCURACY], (double)o->n);
    }
    if (rc == PT_OK)
        widen_perfect_auc(&measures[AUC], &c);
    pt_arena_free(work);
    *out = measures;
    *n = CLASS_FIGURES;
    return rc;
}

const pt_measured *pt_measured_find(const pt_measured *measures, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(measures[i].name, name) == 0)
            return &measures[i];
    return NULL;
}

bool pt_measure_rises(const char *name)
{
    static const char *const falling[] = {"log_loss", "brier",          "ece",     "rmse", "mae",
                                          "mape",     "davies_bouldin", "inertia", "noise"};

    for (size_t i = 0; i < PT_COUNT(falling); i++)
        if (strcmp(name, falling[i]) == 0)
            return false;
    return true;
}

void pt_measure_confusion(uint64_t *counts, const pt_outcome *o, double threshold)
{
    const classified c = {.o = o, .classes = (uint32_t)o->outputs, .threshold = threshold};

    memset(counts, 0, o->outputs * o->outputs * sizeof *counts);
    for (size_t i = 0; i < o->n; i++)
        counts[(size_t)o->actual[i] * o->outputs + meant(&c, o->predicted + i * o->outputs)]++;
}

/* --- values -------------------------------------------------------------------------------------------------------- */

static const char *const value_names[] = {"rmse", "mae", "mape", "r2"};

enum { RMSE, MAE, MAPE, R2, VALUE_FIGURES };

typedef struct valued {
    const pt_outcome *o;
    double mean; /* of what came: squares are taken around it */
} valued;

static void value_figures(const void *context, const uint8_t *weights, double *out)
{
    const valued *v = (const valued *)context;
    double n = 0, squares = 0, absolute = 0, relative = 0, counted = 0, sum = 0, spread = 0;

    for (size_t i = 0; i < v->o->n; i++) {
        const double w = weights ? weights[i] : 1;
        const double actual = (double)v->o->actual[i];
        const double off = (double)v->o->predicted[i] - actual;
        n += w;
        squares += w * off * off;
        absolute += w * fabs(off);
        sum += w * (actual - v->mean);
        spread += w * (actual - v->mean) * (actual - v->mean);
        if (actual != 0) {
            relative += w * fabs(off / actual);
            counted += w;
        }
    }
    spread -= sum * sum / n;
    out[RMSE] = sqrt(squares / n);
    out[MAE] = absolute / n;
    out[MAPE] = counted > 0 ? relative / counted : NAN;
    out[R2] = spread > 0 ? 1 - squares / spread : NAN;
}

pt_rc pt_measure_values(const pt_measured **out, size_t *n, const pt_outcome *o, const pt_measure_options *options,
                        pt_arena *arena, pt_err *err)
{
    valued v = {o, 0};
    double figures[VALUE_FIGURES];
    pt_measured *measures = PT_NEW_ARRAY(arena, pt_measured, VALUE_FIGURES);

    PT_TRY(check_outcome(o, err));
    if (!measures)
        return pt_fail_nomem(err, "measures");
    for (size_t i = 0; i < o->n; i++)
        v.mean += (double)o->actual[i] / (double)o->n;
    value_figures(&v, NULL, figures);
    for (int k = 0; k < VALUE_FIGURES; k++)
        measures[k] = (pt_measured){value_names[k], figures[k], NAN, NAN};
    *out = measures;
    *n = VALUE_FIGURES;
    return pt_bootstrap_run(measures, &(pt_bootstrap){o->n, o->group, VALUE_FIGURES, &v, value_figures}, options, err);
}
