#include "app/catalogue.h"

#include "app/app_int.h"

pt_rc pt_app_plan(const pt_catalogue_plan **out, pt_app *app, pt_arena *arena, pt_err *err)
{
    const pt_catalogue *c;
    pt_catalogue_plan *plan;

    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_catalogue_open(&c, arena, err));
    PT_TRY(pt_catalogue_check(c, app->project, &app->diags, err));
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_catalogue_plan_make(&plan, c, app->project, arena, err));
    *out = plan;
    return PT_OK;
}

static pt_rc check_and_write(const pt_addition *a, const pt_catalogue_plan *plan, bool write, pt_diags *diags,
                             pt_arena *arena, pt_err *err)
{
    PT_TRY(pt_addition_check(a, plan->project, diags, arena, err));
    PT_TRY(pt_diags_result(diags, err));
    return write ? pt_addition_write(a, plan->project, arena, err) : PT_OK;
}

pt_rc pt_app_add(pt_addition *out, const pt_catalogue_plan *plan, const uint32_t *wanted, size_t n_wanted,
                 const pt_addition_options *options, bool write, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    PT_TRY(pt_catalogue_add(out, plan, wanted, n_wanted, options, arena, err));
    return check_and_write(out, plan, write, diags, arena, err);
}

pt_rc pt_app_add_model(pt_addition *out, const pt_catalogue_plan *plan, const pt_model_template *model, bool write,
                       pt_diags *diags, pt_arena *arena, pt_err *err)
{
    PT_TRY(pt_catalogue_add_model(out, plan, model, arena, err));
    return check_and_write(out, plan, write, diags, arena, err);
}

/* --- views -------------------------------------------------------------------------------------------------------- */

const char *pt_item_state_name(pt_item_state state)
{
    static const char *const names[] = {"known", "unbuilt", "empty", "absent"};

    return names[state];
}

static pt_item_status status_of(const pt_catalogue_plan *plan, uint32_t template, const pt_coverage *coverage)
{
    pt_item_status s = {PT_ITEM_ABSENT, template, plan->statuses[template].tag, 0};

    if (s.tag < 0)
        return s;
    if (!coverage->known || coverage->known[s.tag] == UINT64_MAX) {
        s.state = PT_ITEM_UNBUILT;
        return s;
    }
    s.known = coverage->known[s.tag];
    s.state = s.known ? PT_ITEM_KNOWN : PT_ITEM_EMPTY;
    return s;
}

/* Whether `a` answers better than `b`; of equals the earlier stands. */
static bool is_better(const pt_catalogue_plan *plan, const pt_item_status *a, const pt_item_status *b)
{
    if (a->state != b->state)
        return a->state < b->state;
    return a->state == PT_ITEM_ABSENT && plan->statuses[a->template].state < plan->statuses[b->template].state;
}

pt_rc pt_app_items(const pt_item_status **out, const pt_catalogue_plan *plan, const pt_catalogue_view *view,
                   const pt_coverage *coverage, pt_arena *arena, pt_err *err)
{
    pt_item_status *list = PT_NEW_ARRAY(arena, pt_item_status, view->n_items);

    if (!list)
        return pt_fail_nomem(err, "the view");
    for (size_t i = 0; i < view->n_items; i++) {
        const pt_view_item *item = &view->items[i];
        list[i] = status_of(plan, item->tags[0], coverage);
        for (size_t k = 1; k < item->n_tags; k++) {
            pt_item_status other = status_of(plan, item->tags[k], coverage);
            if (is_better(plan, &other, &list[i]))
                list[i] = other;
        }
    }
    *out = list;
    return PT_OK;
}
