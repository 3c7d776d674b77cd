#include "app/grid_int.h"

static void count_members(void *ctx, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    (void)ctx, (void)block, (void)scratch;
    counts[0] += pt_slice_kernels_best()->count(bits);
}

pt_rc pt_grid_open(pt_grid_head *head, pt_crowd_query **q, pt_app *app, pt_sv condition,
                   const pt_crowd_options *options, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    const pt_crowd_visit visit = {.n_counts = 1, .block = count_members};

    *head = (pt_grid_head){.min_group = pt_app_project(app)->min_group};
    if (!(*q = PT_NEW(arena, pt_crowd_query)))
        return pt_fail_nomem(err, "a count");
    PT_TRY(pt_crowd_query_open(*q, app, condition, options, diags, arena, err));
    head->customers = (*q)->view->n_customers;
    head->as_of = (*q)->view->as_of;
    PT_TRY(pt_crowd_text(&head->text, *q, err));
    PT_TRY(pt_crowd_scan(&head->members, *q, &visit, err));
    head->small = pt_grid_is_small(head, head->members);
    return PT_OK;
}

static uint64_t hidden_sum(const uint64_t *parts, const bool *hidden, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; parts && i < n; i++)
        sum += hidden[i] ? parts[i] : 0;
    return sum;
}

/* The smallest part that is shown; n when there is none. */
static size_t smallest_shown(const uint64_t *parts, const bool *hidden, size_t n)
{
    size_t best = n;

    for (size_t i = 0; i < n; i++)
        if (!hidden[i] && parts[i] && (best == n || parts[i] < parts[best]))
            best = i;
    return best;
}

void pt_grid_hide(pt_grid_head *head, bool *hidden, const uint64_t *parts, const uint64_t *outside, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hidden[i] |= parts[i] && (pt_grid_is_small(head, parts[i]) || (outside && pt_grid_is_small(head, outside[i])));
    for (size_t next = 0; next < n;) {
        bool told = pt_grid_is_small(head, hidden_sum(parts, hidden, n)) ||
                    pt_grid_is_small(head, hidden_sum(outside, hidden, n));
        next = told ? smallest_shown(parts, hidden, n) : n;
        if (next < n)
            hidden[next] = true;
    }
    for (size_t i = 0; i < n; i++)
        head->hidden += hidden[i];
}

pt_rc pt_grid_column(const pt_column **out, pt_crowd_query *q, int tag, pt_err *err)
{
    PT_TRY(q->env.column(out, q, (uint32_t)tag, err));
    if (pt_type_is_list((*out)->type))
        return pt_fail(err, PT_EINVAL, "tag '%s' is a list: a customer stands in several of its values",
                       q->view->project->tags[tag].name);
    return PT_OK;
}

pt_rc pt_grid_texts(const pt_column **out, pt_crowd_query *q, int tag, pt_err *err)
{
    PT_TRY(pt_grid_column(out, q, tag, err));
    if (pt_type_is_text((*out)->type) || (*out)->type == PT_TYPE_BOOL)
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "tag '%s' is %s: names are wanted here, or yes and no",
                   q->view->project->tags[tag].name, pt_type_name((*out)->type));
}
