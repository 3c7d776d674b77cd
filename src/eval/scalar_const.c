#include "eval/base.h"
#include "eval/scalar.h"

RUNNER(run_literal)
{
    const pt_literal *l = &op->node->u.literal;
    void *data = slot_room(e, out, n, pt_type_width(op->type));

    (void)args;
    if (!data)
        return;
    switch (op->type) {
    case PT_TYPE_BOOL: *(uint8_t *)data = l->u.boolean; break;
    case PT_TYPE_NUMBER: *(double *)data = l->u.number; break;
    case PT_TYPE_DATE: *(int32_t *)data = l->u.date; break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: *(uint32_t *)data = slot_intern(e, out, l->u.text); break;
    default: *(int64_t *)data = l->u.i64; break;
    }
}

RUNNER(run_missing)
{
    (void)args;
    if (pt_type_is_list(op->type)) {
        if (slot_list_room(e, out, n, 0, op->type == PT_TYPE_WEIGHTED) && slot_absent(e, out, n)) {
            memset(out->offsets, 0, (n + 1) * sizeof *out->offsets);
            memset(out->absent, 1, n);
        }
        return;
    }
    void *data = slot_room(e, out, n, pt_type_width(op->type));
    if (data)
        column_fill_missing(data, op->type, n);
}

RUNNER(run_as_of)
{
    int64_t *data = slot_room(e, out, n, sizeof *data);

    (void)op;
    (void)args;
    for (size_t i = 0; data && i < n; i++)
        data[i] = e->as_of;
}

RUNNER(run_today)
{
    int32_t *data = slot_room(e, out, n, sizeof *data);

    (void)op;
    (void)args;
    for (size_t i = 0; data && i < n; i++)
        data[i] = local_date(e, e->as_of);
}

/* A statistic of the base is known or not for all customers alike; it is run as a constant, for one row. */
RUNNER(run_base)
{
    const pt_column *value = e->base ? pt_base_find(e->base, op->node) : NULL;

    if (!value || pt_column_missing(value, 0)) {
        run_missing(e, op, out, args, n);
        return;
    }
    if (pt_type_is_list(op->type)) { /* a view: constants are copied before they are used */
        out->col = *value;
        return;
    }
    void *data = slot_room(e, out, n, value->width);
    for (size_t i = 0; data && i < n; i++)
        column_copy_row(data, i, value, 0);
}
