/* What the scalar_*.c files share. Each runner fills rows 0..n-1 of an op; missing in, missing out, unless said
 * otherwise. pt_op_bind (bind.c) chooses among them. */
#ifndef PT_EVAL_SCALAR_H
#define PT_EVAL_SCALAR_H

#include "eval/state.h"

#define RUNNER(name) void name(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n)

/* scalar_const.c */
RUNNER(run_literal);
RUNNER(run_missing);
RUNNER(run_as_of);
RUNNER(run_today);
RUNNER(run_base);
/* scalar_arith.c */
op_run arithmetic_runner(pt_op op, pt_type left, pt_type right);
op_run negate_runner(pt_type type);
op_run math_runner(pt_fn fn, pt_type type);
/* scalar_logic.c */
RUNNER(run_not);
RUNNER(run_and);
RUNNER(run_or);
RUNNER(run_compare);
RUNNER(run_between);
RUNNER(run_in);
RUNNER(run_is_missing);
/* scalar_choose.c */
RUNNER(run_if);
RUNNER(run_fresh);
RUNNER(run_coalesce);
RUNNER(run_extreme);
RUNNER(run_tiers);
RUNNER(run_band);
RUNNER(run_bucket);
RUNNER(run_score);
RUNNER(run_base_score);
RUNNER(run_random_bucket);
/* Row i of the argument that out->choice[i] names; missing where it is UINT32_MAX. */
void take_chosen(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n);
/* scalar_merge.c */
op_run merge_runner(pt_fn fn);
/* scalar_cast.c */
op_run cast_runner(pt_type from, pt_type to);
/* scalar_time.c */
op_run time_runner(pt_fn fn);
/* scalar_text.c */
op_run text_runner(pt_fn fn);
RUNNER(run_matches);
/* scalar_list.c */
op_run list_runner(pt_fn fn);
RUNNER(run_has);
/* scalar_weights.c */
op_run weights_runner(pt_fn fn);
/* scalar_region.c */
op_run region_runner(pt_fn fn);

/* Rows of two columns of one type (text and category alike): <0, 0, >0, or ROW_MISSING. */
enum { ROW_MISSING = 2 };
int row_compare(const pt_column *a, size_t i, const pt_column *b, size_t j);

/* A double that may be missing: not finite is. */
static inline double number_or_missing(double v)
{
    return isfinite(v) ? v : (double)NAN;
}

/* The local date of an instant, from the evaluator's memory of the zone. */
static inline int32_t local_date(pt_eval *e, int64_t instant)
{
    if (instant < e->stretch.from || instant >= e->stretch.until)
        e->stretch = pt_zone_stretch_at(e->zone, instant);
    int64_t local = instant + e->stretch.offset;
    return (int32_t)((local >= 0 ? local : local - PT_DAY + 1) / PT_DAY);
}

static inline bool date_in_range(int64_t date)
{
    return date >= PT_DATE_MIN && date <= PT_DATE_MAX;
}

#endif
