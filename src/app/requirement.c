/* How far a value is from what a leaf needs. */
#include "app/requirement.h"

static int64_t units_of(const pt_column *c)
{
    return c->type == PT_TYPE_DATE ? ((const int32_t *)c->data)[0] : ((const int64_t *)c->data)[0];
}

static bool is_ordered(pt_type t)
{
    return t == PT_TYPE_NUMBER || t == PT_TYPE_MONEY || t == PT_TYPE_DATE || t == PT_TYPE_INSTANT ||
           t == PT_TYPE_DURATION;
}

static int compare(const pt_column *a, const pt_column *b)
{
    if (a->type == PT_TYPE_NUMBER) {
        double x = ((const double *)a->data)[0], y = ((const double *)b->data)[0];
        return (x > y) - (x < y);
    }
    int64_t x = units_of(a), y = units_of(b);
    return (x > y) - (x < y);
}

/* From the value to `bound`; dates by days of 24 hours. No gap where it would not fit. */
static void set_gap(pt_requirement *r, const pt_column *bound)
{
    int64_t gap;

    r->gap_type = r->value.type == PT_TYPE_NUMBER || r->value.type == PT_TYPE_MONEY ? r->value.type : PT_TYPE_DURATION;
    if (r->value.type == PT_TYPE_NUMBER) {
        r->number = ((const double *)bound->data)[0] - ((const double *)r->value.data)[0];
        r->has_gap = isfinite(r->number);
        return;
    }
    r->has_gap = !__builtin_sub_overflow(units_of(bound), units_of(&r->value), &gap) &&
                 !(r->value.type == PT_TYPE_DATE && __builtin_mul_overflow(gap, PT_DAY, &gap));
    r->units = r->has_gap ? gap : 0;
}

/* The whole number that is enough: more than 2 orders are 3. */
static void make_whole(pt_requirement *r, double bound)
{
    double value = ((const double *)r->value.data)[0];

    switch (r->need.op) {
    case PT_OP_GE: bound = ceil(bound); break;
    case PT_OP_GT: bound = floor(bound) + 1; break;
    case PT_OP_LE: bound = floor(bound); break;
    case PT_OP_LT: bound = ceil(bound) - 1; break;
    default: break;
    }
    r->number = bound - value;
}

void pt_requirement_measure(pt_requirement *r)
{
    const pt_need *n = &r->need;
    bool near = n->kind == PT_NEED_COMPARE || n->kind == PT_NEED_EVENTS || n->kind == PT_NEED_BETWEEN ||
                (n->kind == PT_NEED_ONE_OF && n->n_bounds == 1);

    if (!near || !n->n_bounds || !is_ordered(r->value.type) || pt_column_missing(&r->value, 0))
        return;
    for (size_t i = 0; i < n->n_bounds; i++)
        if (r->bounds[i].type != r->value.type || pt_column_missing(&r->bounds[i], 0))
            return;
    bool above = n->kind == PT_NEED_BETWEEN && compare(&r->value, &r->bounds[0]) >= 0;
    set_gap(r, &r->bounds[above]);
    if (r->has_gap && r->value.type == PT_TYPE_NUMBER && pt_need_is_count(n->subject) && n->kind != PT_NEED_BETWEEN &&
        n->kind != PT_NEED_ONE_OF)
        make_whole(r, ((const double *)r->bounds[0].data)[0]);
}

void pt_requirement_of_events(pt_requirement *r, size_t n_events)
{
    r->has_gap = true;
    r->gap_type = PT_TYPE_NUMBER;
    r->number = (double)r->need.least - (double)n_events;
}
