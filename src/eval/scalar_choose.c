/* Functions whose result is one of their arguments, or one of a few labels: if, coalesce, least, greatest, tiers, band,
 * bucket, score, random_bucket. */
#include <stdlib.h>

#include "eval/scalar.h"

/* --- one of the arguments ----------------------------------------------------------------------------------------------- */

#define NO_CHOICE UINT32_MAX

static uint32_t *choice_room(pt_eval *e, slot *s, size_t n)
{
    if (pt_grow(&s->choice, &s->choice_cap, n ? n : 1, sizeof *s->choice))
        return s->choice;
    e->nomem = true;
    return NULL;
}

static void take_texts(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);

    for (uint32_t k = 0; k < op->n_args && o; k++) {
        code_memo *m = pt_type_is_text(args[k]->type) ? slot_memo(e, out, k, op->n_args, args[k]->dict) : NULL;
        for (size_t i = 0; m && i < n; i++)
            if (out->choice[i] == k)
                o[i] = slot_translate(e, out, m, args[k], i);
    }
    for (size_t i = 0; o && i < n; i++)
        if (out->choice[i] == NO_CHOICE)
            o[i] = PT_CODE_MISSING;
}

static size_t chosen_items(const slot *out, const pt_column *const *args, size_t n)
{
    size_t items = 0;

    for (size_t i = 0; i < n; i++) {
        const pt_column *c = out->choice[i] == NO_CHOICE ? NULL : args[out->choice[i]];
        items += c ? (size_t)(c->offsets[i + 1] - c->offsets[i]) : 0;
    }
    return items;
}

static bool memos_ready(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args)
{
    for (uint32_t k = 0; k < op->n_args; k++)
        if (pt_type_is_list(args[k]->type) && !slot_memo(e, out, k, op->n_args, args[k]->dict))
            return false;
    return true;
}

static void take_lists(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n)
{
    bool weighted = op->type == PT_TYPE_WEIGHTED;
    uint8_t *absent = slot_absent(e, out, n);
    size_t at = 0;

    if (!absent || !slot_list_room(e, out, n, chosen_items(out, args, n), weighted) || !memos_ready(e, op, out, args))
        return;
    for (size_t i = 0; i < n; i++) {
        uint32_t k = out->choice[i];
        out->offsets[i] = at;
        absent[i] = k == NO_CHOICE || pt_column_missing(args[k], i);
        if (k == NO_CHOICE)
            continue;
        for (uint64_t item = args[k]->offsets[i]; item < args[k]->offsets[i + 1]; item++, at++) {
            ((uint32_t *)out->data)[at] = slot_translate(e, out, &out->memos[k], args[k], item);
            if (weighted)
                out->weights[at] = args[k]->weights[item];
        }
    }
    out->offsets[n] = at;
}

void take_chosen(pt_eval *e, const plan_op *op, slot *out, const pt_column *const *args, size_t n)
{
    void *data;

    if (pt_type_is_text(op->type)) {
        take_texts(e, op, out, args, n);
        return;
    }
    if (pt_type_is_list(op->type)) {
        take_lists(e, op, out, args, n);
        return;
    }
    if (!(data = slot_room(e, out, n, pt_type_width(op->type))))
        return;
    column_fill_missing(data, op->type, n);
    for (size_t i = 0; i < n; i++)
        if (out->choice[i] != NO_CHOICE)
            column_copy_row(data, i, args[out->choice[i]], i);
}

/* A condition that is missing chooses as a false one does. */
RUNNER(run_if)
{
    const uint8_t *condition = args[0]->data;
    uint32_t *choice = choice_room(e, out, n);

    if (!choice)
        return;
    for (size_t i = 0; i < n; i++)
        choice[i] = condition[i] == 1 ? 1 : 2;
    take_chosen(e, op, out, args, n);
}

/* The value where the newest event behind it, args[2], is young enough. */
RUNNER(run_fresh)
{
    const uint8_t *young = args[2]->data;
    uint32_t *choice = choice_room(e, out, n);

    if (!choice)
        return;
    for (size_t i = 0; i < n; i++)
        choice[i] = young[i] == 1 && !pt_column_missing(args[0], i) ? 0 : NO_CHOICE;
    take_chosen(e, op, out, args, n);
}

RUNNER(run_coalesce)
{
    uint32_t *choice = choice_room(e, out, n);

    if (!choice)
        return;
    for (size_t i = 0; i < n; i++) {
        choice[i] = NO_CHOICE;
        for (uint32_t k = 0; k < op->n_args && choice[i] == NO_CHOICE; k++)
            if (!pt_column_missing(args[k], i))
                choice[i] = k;
    }
    take_chosen(e, op, out, args, n);
}

/* least and greatest, over the arguments that have a value. */
RUNNER(run_extreme)
{
    int better = op->node->u.fn == PT_FN_LEAST ? -1 : 1;
    uint32_t *choice = choice_room(e, out, n);

    if (!choice)
        return;
    for (size_t i = 0; i < n; i++) {
        choice[i] = NO_CHOICE;
        for (uint32_t k = 0; k < op->n_args; k++) {
            if (pt_column_missing(args[k], i))
                continue;
            if (choice[i] == NO_CHOICE || row_compare(args[k], i, args[choice[i]], i) == better)
                choice[i] = k;
        }
    }
    take_chosen(e, op, out, args, n);
}

/* --- labels -------------------------------------------------------------------------------------------------------------------- */

/* The code of label k, made when first needed. */
static uint32_t label_code(pt_eval *e, const plan_op *op, slot *out, uint32_t k)
{
    const char *const *labels = op->data;

    return slot_intern(e, out, pt_sv_of(labels[k]));
}

RUNNER(run_tiers)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++) {
        uint32_t k = 0;
        while (k < op->n_args && ((const uint8_t *)args[k]->data)[i] != 1)
            k++;
        o[i] = k < op->n_args ? label_code(e, op, out, k) : PT_CODE_MISSING;
    }
}

/* How many of the rising bounds, args[1..], row i has reached. */
static uint32_t reached(const pt_column *const *args, uint32_t n_args, size_t i)
{
    uint32_t n = 0;

    for (uint32_t k = 1; k < n_args; k++)
        n += row_compare(args[0], i, args[k], 0) >= 0;
    return n;
}

RUNNER(run_band)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++) {
        bool some = !pt_column_missing(args[0], i);
        o[i] = some ? label_code(e, op, out, reached(args, op->n_args, i)) : PT_CODE_MISSING;
    }
}

/* Whether all bounds are known: those of the base may not be. */
static bool bounds_known(const pt_column *const *args, uint32_t n_args)
{
    for (uint32_t k = 1; k < n_args; k++)
        if (pt_column_missing(args[k], 0))
            return false;
    return true;
}

/* Bounds of the base may be equal: the first and the last tell whether they fall. */
RUNNER(run_score)
{
    bool falling = op->n_args > 2 && row_compare(args[1], 0, args[op->n_args - 1], 0) > 0;
    bool known = bounds_known(args, op->n_args);
    double *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++) {
        uint32_t met = 0;
        for (uint32_t k = 1; k < op->n_args; k++) {
            int order = row_compare(args[0], i, args[k], 0);
            met += falling ? order <= 0 : order >= 0;
        }
        o[i] = !known || pt_column_missing(args[0], i) ? (double)NAN : 1.0 + met;
    }
}

/* 1 + how many of the quantiles between the steps, args[2..], lie below the value; from the other end, when low is good.
 * Without a base the first quantile is missing, and so is the score. */
RUNNER(run_base_score)
{
    bool low = op->node->u.fn == PT_FN_BASE_SCORE_LOW, known = !pt_column_missing(args[2], 0);
    double *o = slot_room(e, out, n, sizeof *o);

    for (size_t i = 0; o && i < n; i++) {
        uint32_t above = 0;
        for (uint32_t k = 2; k < op->n_args; k++)
            above += row_compare(args[0], i, args[k], 0) == 1;
        bool some = known && !pt_column_missing(args[0], i);
        o[i] = some ? 1.0 + (low ? op->n_args - 2 - above : above) : (double)NAN;
    }
}

/* The multiple of the width at or below v. */
static int64_t bucket_of(int64_t v, int64_t width)
{
    int64_t rest = v % width, low = v - rest;

    if (rest < 0 && (__builtin_sub_overflow(low, width, &low) || low == PT_I64_MISSING))
        return PT_I64_MISSING;
    return low;
}

RUNNER(run_bucket)
{
    void *data = slot_room(e, out, n, 8);

    for (size_t i = 0; data && i < n; i++) {
        if (op->type == PT_TYPE_NUMBER) {
            double width = *(const double *)args[1]->data;
            ((double *)data)[i] = number_or_missing(floor(((const double *)args[0]->data)[i] / width) * width);
        } else {
            int64_t v = ((const int64_t *)args[0]->data)[i];
            ((int64_t *)data)[i] = v == PT_I64_MISSING ? v : bucket_of(v, *(const int64_t *)args[1]->data);
        }
    }
}

/* 1 + floor(h n / 2^64): every customer's place is its own for each seed, and each of the n is as likely as another to
 * within n / 2^64. */
RUNNER(run_random_bucket)
{
    pt_sv seed = column_text(args[0], pt_column_code(args[0], 0));
    uint64_t hash = pt_hash64(seed.ptr, seed.len), buckets = (uint64_t) * (const double *)args[1]->data;
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        uint64_t h = pt_mix64(e->batch->identities[e->first + i] ^ hash);
        o[i] = 1.0 + (double)(uint64_t)((unsigned __int128)h * buckets >> 64);
    }
}
