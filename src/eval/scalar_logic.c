/* Logic and comparisons, three-valued (Kleene): a byte a row, 0 false, 1 true, 2 missing. (No byte can lead out of a
 * table: 3 is taken for missing.) */
#include "eval/scalar.h"

RUNNER(run_not)
{
    static const uint8_t table[4] = {1, 0, 2, 2};
    const uint8_t *a = args[0]->data;
    uint8_t *o = slot_room(e, out, n, 1);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = table[a[i] & 3];
}

RUNNER(run_and)
{
    static const uint8_t table[4][4] = {{0, 0, 0, 0}, {0, 1, 2, 2}, {0, 2, 2, 2}, {0, 2, 2, 2}};
    const uint8_t *a = args[0]->data, *b = args[1]->data;
    uint8_t *o = slot_room(e, out, n, 1);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = table[a[i] & 3][b[i] & 3];
}

RUNNER(run_or)
{
    static const uint8_t table[4][4] = {{0, 1, 2, 2}, {1, 1, 1, 1}, {2, 1, 2, 2}, {2, 1, 2, 2}};
    const uint8_t *a = args[0]->data, *b = args[1]->data;
    uint8_t *o = slot_room(e, out, n, 1);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = table[a[i] & 3][b[i] & 3];
}

RUNNER(run_is_missing)
{
    uint8_t *o = slot_room(e, out, n, 1);

    (void)op;
    for (size_t i = 0; o && i < n; i++)
        o[i] = pt_column_missing(args[0], i);
}

/* --- comparing rows ------------------------------------------------------------------------------------------------------ */

#define ORDER(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_texts(const pt_column *a, size_t i, const pt_column *b, size_t j)
{
    uint32_t x = pt_column_code(a, i), y = pt_column_code(b, j);

    if (!x || !y)
        return ROW_MISSING;
    if (a->dict == b->dict && (x == y || a->dict->sorted))
        return ORDER(x, y);
    int c = pt_sv_cmp(column_text(a, x), column_text(b, y));
    return ORDER(c, 0);
}

int row_compare(const pt_column *a, size_t i, const pt_column *b, size_t j)
{
    if (pt_type_is_text(a->type))
        return compare_texts(a, i, b, j);
    if (pt_column_missing(a, i) || pt_column_missing(b, j))
        return ROW_MISSING;
    switch (a->type) {
    case PT_TYPE_BOOL: return ORDER(((const uint8_t *)a->data)[i], ((const uint8_t *)b->data)[j]);
    case PT_TYPE_NUMBER: return ORDER(((const double *)a->data)[i], ((const double *)b->data)[j]);
    case PT_TYPE_DATE: return ORDER(((const int32_t *)a->data)[i], ((const int32_t *)b->data)[j]);
    default: return ORDER(((const int64_t *)a->data)[i], ((const int64_t *)b->data)[j]);
    }
}

static uint8_t verdict(pt_op op, int order)
{
    if (order == ROW_MISSING)
        return PT_BOOL_MISSING;
    switch (op) {
    case PT_OP_EQ: return order == 0;
    case PT_OP_NE: return order != 0;
    case PT_OP_LT: return order < 0;
    case PT_OP_LE: return order <= 0;
    case PT_OP_GT: return order > 0;
    default: return order >= 0;
    }
}

static void compare_numbers(uint8_t *o, const double *a, const double *b, size_t n, pt_op op)
{
    for (size_t i = 0; i < n; i++)
        o[i] = isnan(a[i]) || isnan(b[i]) ? PT_BOOL_MISSING : verdict(op, ORDER(a[i], b[i]));
}

static void compare_integers(uint8_t *o, const int64_t *a, const int64_t *b, size_t n, pt_op op)
{
    for (size_t i = 0; i < n; i++) {
        bool missing = a[i] == PT_I64_MISSING || b[i] == PT_I64_MISSING;
        o[i] = missing ? PT_BOOL_MISSING : verdict(op, ORDER(a[i], b[i]));
    }
}

RUNNER(run_compare)
{
    pt_op cmp = op->node->u.op;
    uint8_t *o = slot_room(e, out, n, 1);

    if (!o)
        return;
    switch (args[0]->type) {
    case PT_TYPE_NUMBER: compare_numbers(o, args[0]->data, args[1]->data, n, cmp); break;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: compare_integers(o, args[0]->data, args[1]->data, n, cmp); break;
    default:
        for (size_t i = 0; i < n; i++)
            o[i] = verdict(cmp, row_compare(args[0], i, args[1], i));
    }
}

/* x >= low and x <= high: false as soon as one is, whatever is missing. */
RUNNER(run_between)
{
    uint8_t *o = slot_room(e, out, n, 1);

    (void)op;
    for (size_t i = 0; o && i < n; i++) {
        uint8_t low = verdict(PT_OP_GE, row_compare(args[0], i, args[1], i));
        uint8_t high = verdict(PT_OP_LE, row_compare(args[0], i, args[2], i));
        o[i] = !low || !high ? 0 : low == 1 && high == 1 ? 1 : PT_BOOL_MISSING;
    }
}

RUNNER(run_in)
{
    uint8_t *o = slot_room(e, out, n, 1);

    for (size_t i = 0; o && i < n; i++) {
        o[i] = pt_column_missing(args[0], i) ? PT_BOOL_MISSING : 0;
        for (uint32_t k = 1; k < op->n_args && o[i] == 0; k++)
            o[i] = row_compare(args[0], i, args[k], i) == 0;
    }
}
