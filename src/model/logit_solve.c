/* Newton's method with an L1 part (proximal Newton; Lee, Sun, Saunders 2014; as in glmnet and newGLMNET): the objective is
 * replaced by its second-order model, which is minimised exactly - by Cholesky, or with an L1 part by coordinate descent on the
 * model - and a line search takes as much of the step as pays. With more than BLOCK_MAX coefficients those that promise most are
 * taken, again and again (block coordinate descent by the Gauss-Southwell rule). */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "model/logit.h"

enum { BLOCK_MAX = 512, MAX_STEPS = 2000, MAX_SWEEPS = 20000, MAX_HALVINGS = 40 };

static const double armijo = 1e-4;  /* share of the promised decrease that a step must bring */
static const double enough = 1e-15; /* promised decrease, against the objective, at which it is over */
static const double least_curve =
    1e-10; /* of the largest second derivative: added to intercepts, which nothing else holds */

typedef struct solver {
    const pt_logit *problem;
    const pt_fit_options *options;
    pt_logit_state *state;
    size_t n, width; /* coefficients; of a score with its intercept */
    double *beta, *trial;
    double *gradient, *trial_gradient; /* with the L2 part */
    double value;                      /* of the whole objective at beta */
    uint32_t *which;                   /* the block */
    size_t n_which;
    double *hessian, *factor, *step, *slope; /* of the block; slope: hessian * step */
    double most;                             /* the largest second derivative */
    double *losses;                          /* by step, for the curve */
    size_t n_losses;
} solver;

static bool is_intercept(const solver *s, size_t i)
{
    return i % s->width == s->width - 1;
}

static double l1_of(const solver *s, size_t i)
{
    return is_intercept(s, i) ? 0 : s->problem->l1;
}

static double penalty(const solver *s, const double *beta)
{
    double l1 = 0, l2 = 0;

    for (size_t i = 0; i < s->n; i++)
        if (!is_intercept(s, i)) {
            l1 += fabs(beta[i]);
            l2 += beta[i] * beta[i];
        }
    return s->problem->l1 * l1 + s->problem->l2 / 2 * l2;
}

static pt_rc look(double *value, double *loss, double *gradient, solver *s, const double *beta, pt_err *err)
{
    PT_TRY(pt_logit_look(loss, gradient, s->state, beta, s->options->pool, err));
    for (size_t i = 0; i < s->n; i++)
        if (!is_intercept(s, i))
            gradient[i] += s->problem->l2 * beta[i];
    *value = *loss + penalty(s, beta);
    return PT_OK;
}

/* How far the coefficient is from where nothing would be gained by moving it: the smallest subgradient. */
static double violation(const solver *s, size_t i)
{
    double l1 = l1_of(s, i), g = s->gradient[i];

    if (s->beta[i] > 0)
        return fabs(g + l1);
    if (s->beta[i] < 0)
        return fabs(g - l1);
    return fmax(0, fabs(g) - l1);
}

typedef struct candidate {
    double violation;
    uint32_t i;
} candidate;

static int by_violation(const void *a, const void *b)
{
    const candidate *x = a, *y = b;

    if (x->violation != y->violation)
        return x->violation > y->violation ? -1 : 1;
    return x->i < y->i ? -1 : 1;
}

/* All coefficients that may move; the BLOCK_MAX that promise most when they are more. */
static pt_rc choose_block(solver *s, pt_err *err)
{
    size_t n = 0;
    candidate *c = pt_zalloc(s->n, sizeof *c);

    if (!c)
        return pt_fail_nomem(err, "logistic regression");
    for (size_t i = 0; i < s->n; i++) {
        double v = violation(s, i);
        if (v > 0 || s->beta[i] != 0 || is_intercept(s, i))
            c[n++] = (candidate){is_intercept(s, i) ? INFINITY : v, (uint32_t)i};
    }
    if (n > BLOCK_MAX) {
        qsort(c, n, sizeof *c, by_violation);
        n = BLOCK_MAX;
    }
    for (size_t a = 0; a < n; a++)
        s->which[a] = c[a].i;
    free(c);
    s->n_which = n;
    qsort(s->which, n, sizeof *s->which, pt_compare_u32);
    return PT_OK;
}

static pt_rc block_hessian(solver *s, pt_err *err)
{
    size_t n = s->n_which;

    PT_TRY(pt_logit_hessian(s->hessian, s->state, s->which, n, s->options->pool, err));
    s->most = DBL_MIN;
    for (size_t a = 0; a < n; a++) {
        s->hessian[a * n + a] += is_intercept(s, s->which[a]) ? 0 : s->problem->l2;
        s->most = fmax(s->most, s->hessian[a * n + a]);
    }
    return PT_OK;
}

/* Lower triangle of the matrix becomes its Cholesky factor. False when it is not positive definite. */
static bool cholesky(double *m, size_t n)
{
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = m[a * n + b];
            for (size_t c = 0; c < b; c++)
                sum -= m[a * n + c] * m[b * n + c];
            if (a == b && !(sum > 0))
                return false;
            m[a * n + b] = a == b ? sqrt(sum) : sum / m[b * n + b];
        }
    return true;
}

/* step = -(factor factor^T)^-1 gradient */
static void solve_factored(solver *s)
{
    size_t n = s->n_which;
    const double *m = s->factor;

    for (size_t a = 0; a < n; a++) {
        double sum = -s->gradient[s->which[a]];
        for (size_t b = 0; b < a; b++)
            sum -= m[a * n + b] * s->step[b];
        s->step[a] = sum / m[a * n + a];
    }
    for (size_t a = n; a-- > 0;) {
        double sum = s->step[a];
        for (size_t b = a + 1; b < n; b++)
            sum -= m[b * n + a] * s->step[b];
        s->step[a] = sum / m[a * n + a];
    }
}

/* Where rounding left the second derivatives indefinite (all intercepts moved alike, features that repeat each other), more and
 * more is added to the diagonal, until they are not. False when nothing helps: they are not numbers. */
static bool newton_step(solver *s)
{
    size_t n = s->n_which;

    for (double more = s->most * least_curve; more <= s->most; more *= 10) {
        memcpy(s->factor, s->hessian, n * n * sizeof *s->factor);
        for (size_t a = 0; a < n; a++)
            s->factor[a * n + a] += more;
        if (cholesky(s->factor, n)) {
            solve_factored(s);
            return true;
        }
    }
    return false;
}

/* Where the second-order model and the L1 part are least along coefficient a, the others held; how far that is, times the root
 * of the curvature. */
static double descend(solver *s, size_t a)
{
    size_t n = s->n_which, i = s->which[a];
    double h = s->hessian[a * n + a] + s->most * least_curve, l1 = l1_of(s, i), now = s->beta[i] + s->step[a];
    double target = now - (s->gradient[i] + s->slope[a]) / h, limit = l1 / h;
    double next = target > limit ? target - limit : target < -limit ? target + limit : 0;
    double by = next - now;

    if (by == 0)
        return 0;
    s->step[a] += by;
    for (size_t b = 0; b < n; b++)
        s->slope[b] += by * s->hessian[a * n + b];
    return fabs(by) * sqrt(h);
}

static void coordinate_step(solver *s)
{
    size_t n = s->n_which;
    double first = 0;

    memset(s->step, 0, n * sizeof *s->step);
    memset(s->slope, 0, n * sizeof *s->slope);
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
        double moved = 0;
        for (size_t a = 0; a < n; a++)
            moved = fmax(moved, descend(s, a));
        first = fmax(first, moved);
        if (moved <= 1e-9 * first)
            return;
    }
}

/* What the step would bring if the objective were as steep as here all the way; never positive. */
static double promise(const solver *s)
{
    double sum = 0;

    for (size_t a = 0; a < s->n_which; a++) {
        size_t i = s->which[a];
        sum += s->gradient[i] * s->step[a];
        sum += l1_of(s, i) * (fabs(s->beta[i] + s->step[a]) - fabs(s->beta[i]));
    }
    return sum;
}

static void swap(double **a, double **b)
{
    double *t = *a;

    *a = *b;
    *b = t;
}

/* Takes the step, or the half, the quarter, ... of it. *moved is false when none of them brings anything. */
static pt_rc search(bool *moved, solver *s, double promised, pt_err *err)
{
    double share = 1, value = 0, loss = 0;

    *moved = false;
    for (int k = 0; k < MAX_HALVINGS; k++, share /= 2) {
        memcpy(s->trial, s->beta, s->n * sizeof *s->trial);
        for (size_t a = 0; a < s->n_which; a++)
            s->trial[s->which[a]] += share * s->step[a];
        PT_TRY(look(&value, &loss, s->trial_gradient, s, s->trial, err));
        if (value > s->value + armijo * share * promised)
            continue;
        *moved = true;
        s->value = value;
        swap(&s->beta, &s->trial);
        swap(&s->gradient, &s->trial_gradient);
        s->losses[s->n_losses++] = loss;
        return PT_OK;
    }
    return PT_OK;
}

static pt_rc one_step(bool *over, solver *s, pt_err *err)
{
    bool moved;

    if (s->options->cancelled && s->options->cancelled(s->options->cancel_context))
        return pt_fail(err, PT_ECANCELED, "learning was stopped");
    PT_TRY(choose_block(s, err));
    PT_TRY(block_hessian(s, err));
    if (s->problem->l1 > 0)
        coordinate_step(s);
    else if (!newton_step(s))
        return pt_fail(err, PT_EINVAL, "features are too large, or too much alike, for logistic regression");
    double promised = promise(s);
    *over = -promised <= enough * fmax(1, fabs(s->value));
    PT_TRY(search(&moved, s, promised, err));
    *over = *over || !moved;
    return PT_OK;
}

/* Where all classes have a score, adding the same to each intercept changes nothing: let them add up to 0. */
static void centre_intercepts(solver *s)
{
    size_t scores = s->n / s->width;
    double mean = 0;

    for (size_t k = 0; k < scores; k++)
        mean += s->beta[k * s->width + s->width - 1] / (double)scores;
    for (size_t k = 0; k < scores && scores > 1; k++)
        s->beta[k * s->width + s->width - 1] -= mean;
}

static bool solver_room(solver *s)
{
    size_t most = s->n < BLOCK_MAX ? s->n : BLOCK_MAX;

    s->beta = pt_zalloc(s->n, sizeof *s->beta);
    s->trial = pt_zalloc(s->n, sizeof *s->trial);
    s->gradient = pt_zalloc(s->n, sizeof *s->gradient);
    s->trial_gradient = pt_zalloc(s->n, sizeof *s->trial_gradient);
    s->which = pt_zalloc(most, sizeof *s->which);
    s->hessian = pt_zalloc(most * most, sizeof *s->hessian);
    s->factor = pt_zalloc(most * most, sizeof *s->factor);
    s->step = pt_zalloc(most, sizeof *s->step);
    s->slope = pt_zalloc(most, sizeof *s->slope);
    s->losses = pt_zalloc(MAX_STEPS + 1, sizeof *s->losses);
    return s->beta && s->trial && s->gradient && s->trial_gradient && s->which && s->hessian && s->factor && s->step &&
           s->slope && s->losses;
}

static void solver_close(solver *s)
{
    pt_logit_state_free(s->state);
    free(s->beta);
    free(s->trial);
    free(s->gradient);
    free(s->trial_gradient);
    free(s->which);
    free(s->hessian);
    free(s->factor);
    free(s->step);
    free(s->slope);
    free(s->losses);
}

static pt_rc descend_to_optimum(solver *s, pt_err *err)
{
    bool over = false;
    double loss;

    PT_TRY(look(&s->value, &loss, s->gradient, s, s->beta, err));
    s->losses[s->n_losses++] = loss;
    while (!over && s->n_losses < MAX_STEPS)
        PT_TRY(one_step(&over, s, err));
    centre_intercepts(s);
    return PT_OK;
}

/* Loss of a row on average, by step. */
static pt_rc fill_curve(const solver *s, pt_err *err)
{
    pt_curve *c = s->options->curve;
    const pt_logit *p = s->problem;
    double weight = 0;

    if (!c)
        return PT_OK;
    double *train = PT_NEW_ARRAY(s->options->arena, double, s->n_losses);
    if (!train)
        return pt_fail_nomem(err, "logistic regression");
    for (size_t r = 0; r < p->x.rows; r++)
        weight += p->weight ? p->weight[r] : 1;
    for (size_t i = 0; i < s->n_losses; i++)
        train[i] = s->losses[i] / weight;
    *c = (pt_curve){.measure = "log_loss", .n = s->n_losses, .train = train, .best = s->n_losses - 1};
    return PT_OK;
}

pt_rc pt_logit_solve(double *beta, const pt_logit *problem, const pt_fit_options *options, pt_err *err)
{
    solver s = {.problem = problem, .options = options, .width = problem->x.columns + 1};
    pt_rc rc;

    s.n = s.width * pt_logit_scores(problem->classes);
    if (!solver_room(&s))
        rc = pt_fail_nomem(err, "logistic regression");
    else
        rc = pt_logit_state_new(&s.state, problem, err);
    if (rc == PT_OK)
        rc = descend_to_optimum(&s, err);
    if (rc == PT_OK)
        rc = fill_curve(&s, err);
    if (rc == PT_OK)
        memcpy(beta, s.beta, s.n * sizeof *beta);
    solver_close(&s);
    return rc;
}
