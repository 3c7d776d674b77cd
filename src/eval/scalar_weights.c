/* Weighted lists made of weighted lists: normalize, take, lift, tf_idf; and numbers of them: total_weight, item_weight,
 * entropy. A list made here keeps the dictionary of the first argument, has no weight that is not above zero, and is in
 * falling order; of equal weights the one that was first stays first. */
#include "eval/scalar.h"

/* The list being made: row i takes items from..to of the slot's memory. */
typedef struct made_list {
    slot *out;
    uint32_t *codes;
    double *weights; /* NULL for plain lists */
    size_t from, to;
} made_list;

static bool begin_lists(made_list *m, pt_eval *e, slot *out, const pt_column *list, size_t n)
{
    size_t items = (size_t)(list->offsets[n] - list->offsets[0]);
    bool weighted = list->weights || list->type == PT_TYPE_WEIGHTED;

    if (!slot_list_room(e, out, n, items, weighted) || !slot_absent(e, out, n))
        return false;
    *m = (made_list){.out = out, .codes = out->data, .weights = weighted ? out->weights : NULL};
    out->col.dict = list->dict;
    out->offsets[0] = 0;
    return true;
}

static void end_list(made_list *m, size_t row, bool missing)
{
    m->out->absent[row] = missing;
    m->out->offsets[row + 1] = m->from = m->to;
}

/* The place of a weight among those of the row so far: behind all that are not below it. */
static size_t place_of_weight(const made_list *m, double weight)
{
    size_t lo = m->from, hi = m->to;

    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (m->weights[mid] >= weight)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void put_item(made_list *m, uint32_t code, double weight)
{
    if (!(weight > 0) || !isfinite(weight))
        return;
    size_t at = place_of_weight(m, weight), behind = m->to - at;

    memmove(m->codes + at + 1, m->codes + at, behind * sizeof *m->codes);
    memmove(m->weights + at + 1, m->weights + at, behind * sizeof *m->weights);
    m->codes[at] = code;
    m->weights[at] = weight;
    m->to++;
}

static double total_of(const pt_column *list, size_t row)
{
    double total = 0;

    for (uint64_t k = list->offsets[row]; k < list->offsets[row + 1]; k++)
        total += list->weights[k];
    return total;
}

/* --- one list -------------------------------------------------------------------------------------------------------- */

static RUNNER(run_normalize)
{
    made_list m;

    (void)op;
    for (size_t i = 0; i < n && (i || begin_lists(&m, e, out, args[0], n)); i++) {
        double total = total_of(args[0], i);
        for (uint64_t k = args[0]->offsets[i]; k < args[0]->offsets[i + 1]; k++)
            put_item(&m, pt_column_code(args[0], k), args[0]->weights[k] / total);
        end_list(&m, i, pt_column_missing(args[0], i));
    }
}

static RUNNER(run_take)
{
    uint64_t most = (uint64_t) * (const double *)args[1]->data;
    made_list m;

    (void)op;
    for (size_t i = 0; i < n && (i || begin_lists(&m, e, out, args[0], n)); i++) {
        for (uint64_t k = args[0]->offsets[i]; k < args[0]->offsets[i + 1] && m.to - m.from < most; k++, m.to++) {
            m.codes[m.to] = pt_column_code(args[0], k);
            if (m.weights)
                m.weights[m.to] = args[0]->weights[k];
        }
        end_list(&m, i, pt_column_missing(args[0], i));
    }
}

static RUNNER(run_total_weight)
{
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = pt_column_missing(args[0], i) ? (double)NAN : number_or_missing(total_of(args[0], i));
}

static RUNNER(run_item_weight)
{
    double *o = slot_room(e, out, n, sizeof *o);
    uint64_t place = (uint64_t) * (const double *)args[1]->data;

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        bool some = !pt_column_missing(args[0], i) && place <= args[0]->offsets[i + 1] - args[0]->offsets[i];
        o[i] = some ? args[0]->weights[args[0]->offsets[i] + place - 1] : (double)NAN;
    }
}

/* In nats, of the shares of the weights above zero. */
static double entropy_of(const pt_column *list, size_t row)
{
    double total = 0, sum = 0;

    for (uint64_t k = list->offsets[row]; k < list->offsets[row + 1]; k++)
        total += list->weights[k] > 0 ? list->weights[k] : 0;
    for (uint64_t k = list->offsets[row]; k < list->offsets[row + 1]; k++) {
        double share = list->weights[k] / total;
        if (share > 0)
            sum -= share * log(share);
    }
    return total > 0 ? number_or_missing(sum + 0.0) : (double)NAN;
}

static RUNNER(run_entropy)
{
    double *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = pt_column_missing(args[0], i) ? (double)NAN : entropy_of(args[0], i);
}

/* --- a list by another ------------------------------------------------------------------------------------------------ */

/* The place of a text in row `row` of `by`, or SIZE_MAX. */
static size_t find_text(const pt_column *by, size_t row, pt_sv text)
{
    for (uint64_t k = by->offsets[row]; k < by->offsets[row + 1]; k++)
        if (pt_sv_eq(column_text(by, pt_column_code(by, k)), text))
            return (size_t)k;
    return SIZE_MAX;
}

enum { NOT_THERE = UINT32_MAX };

/* The place in `by` of a text of `list`. A statistic of the base is the same for all customers, so each text is looked for
 * once (`memo`): 0 not yet, else 1 + its place or NOT_THERE. */
static size_t find_item(code_memo *memo, const pt_column *list, uint32_t code, const pt_column *by, size_t row)
{
    if (!memo)
        return find_text(by, row, column_text(list, code));
    if (!memo->values[code]) {
        size_t at = find_text(by, 0, column_text(list, code));
        memo->values[code] = at == SIZE_MAX ? NOT_THERE : (uint32_t)at + 1;
    }
    return memo->values[code] == NOT_THERE ? SIZE_MAX : memo->values[code] - 1;
}

/* lift: the own share over the other's weight. tf_idf: the own share times ln(1 / the other's weight). */
static RUNNER(run_relative)
{
    const pt_column *list = args[0], *by = args[1];
    bool base = op->node->args[1]->kind == PT_NODE_BASE, lift = op->node->u.fn == PT_FN_LIFT;
    code_memo *memo = base ? slot_memo(e, out, 0, op->n_args, list->dict) : NULL;
    made_list m;

    for (size_t i = 0; i < n && (i || begin_lists(&m, e, out, list, n)); i++) {
        bool missing = pt_column_missing(list, i) || pt_column_missing(by, i);
        double total = total_of(list, i);
        for (uint64_t k = list->offsets[i]; k < list->offsets[i + 1] && !missing; k++) {
            uint32_t code = pt_column_code(list, k);
            size_t at = find_item(memo, list, code, by, i);
            if (at == SIZE_MAX)
                continue;
            double share = list->weights[k] / total, other = by->weights[at];
            put_item(&m, code, lift ? share / other : share * -log(other));
        }
        end_list(&m, i, missing);
    }
}

op_run weights_runner(pt_fn fn)
{
    switch (fn) {
    case PT_FN_NORMALIZE: return run_normalize;
    case PT_FN_TAKE: return run_take;
    case PT_FN_TOTAL_WEIGHT: return run_total_weight;
    case PT_FN_ITEM_WEIGHT: return run_item_weight;
    case PT_FN_ENTROPY: return run_entropy;
    case PT_FN_LIFT:
    case PT_FN_TF_IDF: return run_relative;
    default: return NULL;
    }
}
