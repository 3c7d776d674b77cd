/* Areas under curves and what else is read off an order. */
#include "model/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/chances.h"
#include "model/sort_scores.h"

pt_rc pt_ranking_new(pt_ranking *out, const float *score, size_t step, const uint8_t *hit, size_t n, pt_arena *arena,
                     pt_err *err)
{
    uint64_t *keys = (uint64_t *)pt_alloc64(n + 1, 2 * sizeof *keys);
    uint32_t *row = PT_NEW_ARRAY(arena, uint32_t, n);
    float *sorted = PT_NEW_ARRAY(arena, float, n);
    uint8_t *hits = PT_NEW_ARRAY(arena, uint8_t, n);
    uint8_t *last = PT_NEW_ARRAY(arena, uint8_t, n);

    if (!keys || !row || !sorted || !hits || !last) {
        free(keys);
        return pt_fail_nomem(err, "measures");
    }
    for (size_t i = 0; i < n; i++)
        keys[i] = pt_score_key(-score[i * step], (uint32_t)i);
    pt_sort_scores(keys, keys + n + 1, n);
    for (size_t i = 0; i < n; i++) {
        row[i] = pt_score_row(keys[i]);
        sorted[i] = 0.0F - pt_score_value(keys[i]); /* 0, not -0 */
        hits[i] = hit[row[i]];
        last[i] = i + 1 == n || keys[i] >> 32 != keys[i + 1] >> 32;
    }
    free(keys);
    *out = (pt_ranking){n, row, sorted, hits, last};
    return PT_OK;
}

pt_rc pt_ranking_of_class(pt_ranking *out, const pt_outcome *o, uint32_t class_code, pt_arena *arena, pt_err *err)
{
    uint8_t *hit = PT_NEW_ARRAY(arena, uint8_t, o->n);

    if (!hit)
        return pt_fail_nomem(err, "measures");
    for (size_t i = 0; i < o->n; i++)
        hit[i] = (uint32_t)o->actual[i] == class_code;
    return pt_ranking_new(out, o->predicted + class_code, o->outputs, hit, o->n, arena, err);
}

static void count_all(double *hits, double *others, const pt_ranking *r, const uint8_t *weights)
{
    *hits = *others = 0;
    for (size_t i = 0; i < r->n; i++) {
        const double w = weights ? weights[r->row[i]] : 1;
        *hits += r->hit[i] ? w : 0;
        *others += r->hit[i] ? 0 : w;
    }
}

void pt_ranking_walk(pt_ranking_figures *out, const pt_ranking *r, const uint8_t *weights)
{
    double hits, others;
    double above = 0, false_above = 0; /* hits and others with a higher score than the tie at hand */
    double tie = 0, false_tie = 0, area = 0, precision = 0, widest = 0, first_tenth = NAN;

    count_all(&hits, &others, r, weights);
    const double tenth = (hits + others) / 10;
    for (size_t i = 0; i < r->n; i++) {
        const double w = weights ? weights[r->row[i]] : 1;
        tie += r->hit[i] ? w : 0;
        false_tie += r->hit[i] ? 0 : w;
        if (!r->last[i])
            continue;
        const double in_tie = tie + false_tie;
        const double so_far = above + false_above + in_tie;
        area += false_tie * (above + tie / 2);
        if (in_tie > 0)
            precision += tie * (above + tie) / so_far;
        if (isnan(first_tenth) && so_far >= tenth && in_tie > 0)
            first_tenth = above + tie * (tenth - (so_far - in_tie)) / in_tie;
        above += tie;
        false_above += false_tie;
        widest = fmax(widest, fabs(above / hits - false_above / others));
        tie = false_tie = 0;
    }
    const int defined = hits > 0 && others > 0;
    out->auc = defined ? area / (hits * others) : NAN;
    out->average_precision = hits > 0 ? precision / hits : NAN;
    out->ks = defined ? widest : NAN;
    out->lift_10 = hits > 0 ? first_tenth / tenth / (hits / (hits + others)) : NAN;
}

double pt_ranking_auc_variance(const pt_ranking *r)
{
    double hits, others;
    double above = 0, false_above = 0, tie = 0, false_tie = 0;
    double of_hits = 0, of_hits_squared = 0, of_others = 0, of_others_squared = 0;

    count_all(&hits, &others, r, NULL);
    for (size_t i = 0; i < r->n; i++) {
        tie += r->hit[i];
        false_tie += !r->hit[i];
        if (!r->last[i])
            continue;
        const double beaten = (others - false_above - false_tie / 2) / others; /* by each hit of the tie */
        const double beaten_by = (above + tie / 2) / hits;                     /* each other of the tie */
        of_hits += tie * beaten;
        of_hits_squared += tie * beaten * beaten;
        of_others += false_tie * beaten_by;
        of_others_squared += false_tie * beaten_by * beaten_by;
        above += tie;
        false_above += false_tie;
        tie = false_tie = 0;
    }
    if (hits < 2 || others < 2)
        return NAN;
    return fmax((of_hits_squared - of_hits * of_hits / hits) / (hits - 1), 0) / hits +
           fmax((of_others_squared - of_others * of_others / others) / (others - 1), 0) / others;
}

/* Of Hanley and McNeil 1982, with the mean of both numbers where theirs are (Newcombe's N*). */
static double variance_at(double auc, double hits, double others)
{
    const double more = (hits + others) / 2 - 1;

    return auc * (1 - auc) * (1 + more * (1 - auc) / (2 - auc) + more * auc / (1 + auc)) / (hits * others);
}

/* The lowest area that is not too far under the one found. */
static double lowest_auc(double auc, double hits, double others)
{
    enum { HALVINGS = 60 };
    double low = 0, high = auc;

    for (int i = 0; i < HALVINGS; i++) {
        const double middle = (low + high) / 2, away = auc - middle;
        if (away * away > PT_Z95 * PT_Z95 * variance_at(middle, hits, others))
            low = middle;
        else
            high = middle;
    }
    return low;
}

void pt_auc_interval(double *low, double *high, double auc, double hits, double others)
{
    *low = *high = NAN;
    if (!(hits >= 1) || !(others >= 1) || isnan(auc))
        return;
    *low = lowest_auc(auc, hits, others);
    *high = 1 - lowest_auc(1 - auc, hits, others);
}

/* --- single figures ------------------------------------------------------------------------------------------------ */

static pt_rc single(pt_ranking_figures *out, const float *score, const uint8_t *hit, size_t n, pt_err *err)
{
    pt_ranking r;
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc = arena ? pt_ranking_new(&r, score, 1, hit, n, arena, err) : pt_fail_nomem(err, "measures");

    if (rc == PT_OK)
        pt_ranking_walk(out, &r, NULL);
    pt_arena_free(arena);
    return rc;
}

pt_rc pt_auc(double *out, const float *score, const uint8_t *hit, size_t n, pt_err *err)
{
    pt_ranking_figures f;

    PT_TRY(single(&f, score, hit, n, err));
    *out = f.auc;
    return PT_OK;
}

pt_rc pt_average_precision(double *out, const float *score, const uint8_t *hit, size_t n, pt_err *err)
{
    pt_ranking_figures f;

    PT_TRY(single(&f, score, hit, n, err));
    *out = f.average_precision;
    return PT_OK;
}

pt_rc pt_ks(double *out, const float *score, const uint8_t *hit, size_t n, pt_err *err)
{
    pt_ranking_figures f;

    PT_TRY(single(&f, score, hit, n, err));
    *out = f.ks;
    return PT_OK;
}

/* --- curves -------------------------------------------------------------------------------------------------------- */

enum { MOST_POINTS = 201, TENTHS = 10 };

/* Points at the ends of ties, at most MOST_POINTS of them: those nearest to even steps of the rows, and the ends. */
static pt_rc draw_curves(pt_class_curves *out, const pt_ranking *r, pt_arena *arena, pt_err *err)
{
    pt_point *roc = PT_NEW_ARRAY(arena, pt_point, MOST_POINTS + 1);
    pt_point *pr = PT_NEW_ARRAY(arena, pt_point, MOST_POINTS + 1);
    double hits, others, above = 0, false_above = 0;
    size_t n = 1;

    if (!roc || !pr)
        return pt_fail_nomem(err, "curves");
    count_all(&hits, &others, r, NULL);
    out->roc = roc;
    out->pr = pr;
    if (hits == 0 || others == 0)
        return PT_OK;
    for (size_t i = 0; i < r->n; i++) {
        above += r->hit[i];
        false_above += !r->hit[i];
        const bool due = (double)(i + 1) / (double)r->n * (MOST_POINTS - 1) >= (double)n || i + 1 == r->n;
        if (!r->last[i] || !due)
            continue;
        roc[n] = (pt_point){false_above / others, above / hits};
        pr[n] = (pt_point){above / hits, above / (above + false_above)};
        n++;
    }
    pr[0] = (pt_point){0, n > 1 ? pr[1].y : 1};
    out->n_roc = out->n_pr = n;
    return PT_OK;
}

static void fill_calibration(pt_class_curves *out, const pt_ranking *r)
{
    for (int b = 0; b < TENTHS; b++)
        out->calibration[b] = (pt_calibration_bin){b / 10.0, (b + 1) / 10.0, 0, 0, 0};
    for (size_t i = 0; i < r->n; i++) {
        const int b = (int)fmin(fmax(floor((double)r->score[i] * TENTHS), 0), TENTHS - 1);
        out->calibration[b].rows++;
        out->calibration[b].predicted += (double)r->score[i];
        out->calibration[b].actual += r->hit[i];
    }
    for (int b = 0; b < TENTHS; b++) {
        pt_calibration_bin *bin = &out->calibration[b];
        bin->predicted = bin->rows ? bin->predicted / (double)bin->rows : NAN;
        bin->actual = bin->rows ? bin->actual / (double)bin->rows : NAN;
    }
}

static void fill_lift(pt_class_curves *out, const pt_ranking *r)
{
    double hits, others;
    size_t so_far = 0, rows = 0;

    count_all(&hits, &others, r, NULL);
    for (size_t t = 0; t < TENTHS; t++) {
        pt_lift_row *row = &out->lift[t];
        const size_t from = r->n * t / TENTHS;
        const size_t to = r->n * (t + 1) / TENTHS;
        *row = (pt_lift_row){.rows = to - from, .threshold = to > from ? (double)r->score[to - 1] : NAN};
        for (size_t i = from; i < to; i++)
            row->hits += r->hit[i];
        so_far += row->hits;
        rows += row->rows;
        row->rate = row->rows ? (double)row->hits / (double)row->rows : NAN;
        row->lift = row->rate / (hits / (double)r->n);
        row->gain = (double)so_far / hits;
        row->cumulative_lift = rows ? row->gain / ((double)rows / (double)r->n) : NAN;
    }
}

pt_rc pt_measure_curves(pt_class_curves *out, const pt_outcome *o, uint32_t class_code, pt_arena *arena, pt_err *err)
{
    pt_ranking r;

    *out = (pt_class_curves){0};
    PT_TRY(pt_ranking_of_class(&r, o, class_code, arena, err));
    PT_TRY(draw_curves(out, &r, arena, err));
    fill_calibration(out, &r);
    fill_lift(out, &r);
    return PT_OK;
}
