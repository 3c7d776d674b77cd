#include "app/recommend.h"

#include "app/app_int.h"
#include "app/learn.h"
#include "app/model_store.h"
#include "app/recommend_model.h"
#include "base/utf8.h"

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "the recommendations");
}

/* --- which model ----------------------------------------------------------------------------------------------------------------- */

static bool recommends(const pt_model_def *d)
{
    return strcmp(d->kind->task, "recommend") == 0;
}

static pt_rc find_model(const pt_model_def **out, const pt_project *p, pt_sv name, pt_err *err)
{
    const pt_model_def *found = NULL;
    size_t n = 0;

    for (size_t i = 0; i < p->n_models; i++) {
        if (!recommends(&p->models[i]) || (name.len && !pt_sv_eq(pt_sv_of(p->models[i].name), name)))
            continue;
        found = &p->models[i];
        n++;
    }
    *out = found;
    if (n == 1)
        return PT_OK;
    if (n)
        return pt_fail(err, PT_EINVAL, "%zu models recommend: --model says which", n);
    if (name.len)
        return pt_fail(err, PT_ENOTFOUND, "there is no model '%.*s' that recommends", (int)name.len, name.ptr);
    pt_fail(err, PT_ENOTFOUND, "no model of the project recommends");
    return pt_err_hint(err, "a file of models/ with `task: recommend`; docs/models.md shows one");
}

/* --- asking ------------------------------------------------------------------------------------------------------------------------ */

typedef struct asking {
    const pt_recommend_question *question;
    pt_recommend_answer *out;
    const pt_model_def *def;
    pt_view *view;
    pt_pool *pool;
    pt_arena *arena;
    pt_recommend_model *model;
    pt_items items;
    uint32_t ordinal;
    const uint64_t *excluded;
    pt_tastes tastes;
} asking;

static pt_tastes_request request_of(const asking *a, uint32_t first, uint32_t end)
{
    return (pt_tastes_request){.view = a->view,
                               .def = a->def,
                               .as_of = a->view->as_of,
                               .after = PT_I64_MISSING,
                               .first = first,
                               .end = end,
                               .cancel = a->question->cancel,
                               .arena = a->arena};
}

/* The version that builds use, when there is one. */
static pt_rc read_stored(asking *a, pt_err *err)
{
    const char *data_dir = a->view->project->data_dir;
    pt_model_versions versions;
    pt_sv artifact;
    pt_card card;

    PT_TRY(pt_model_store_list(&versions, data_dir, a->def->name, a->arena, err));
    if (!versions.approved)
        return PT_OK;
    PT_TRY(pt_model_store_read(&artifact, &card, data_dir, a->def->name, versions.approved, a->arena, err));
    a->out->version = versions.approved;
    return pt_recommend_model_load(&a->model, artifact, err);
}

/* Without a stored one the model is learned from what the last build knows. */
static pt_rc learn_now(asking *a, pt_err *err)
{
    pt_tastes_request request = request_of(a, 0, a->view->n_ordinals);
    size_t n;

    PT_TRY(pt_learn_population(&request.members, &n, a->view, a->def, a->view->as_of, a->pool, request.cancel, a->arena,
                               err));
    return pt_recommend_learn(&a->model, &request, a->pool, a->def->seed, err);
}

static pt_rc prepare(asking *a, pt_err *err)
{
    pt_tastes_request request = request_of(a, 0, a->view->n_ordinals);

    PT_TRY(pt_recommend_check(a->view, a->def, err));
    PT_TRY(read_stored(a, err));
    if (!a->model)
        PT_TRY(learn_now(a, err));
    a->items = a->model->items;
    PT_TRY(pt_items_match(&a->items, &request, err));
    return pt_items_excluded((uint64_t **)&a->excluded, &a->items, &request, err);
}

/* --- a customer -------------------------------------------------------------------------------------------------------------------- */

/* Whether the customer takes part, and has agreed. */
static pt_rc may_recommend(asking *a, pt_err *err)
{
    const pt_setting_value *consent = &a->def->settings[PT_RECOMMEND_CONSENT];
    const pt_column *agreed = NULL;
    const bool *members;
    size_t n;

    PT_TRY(pt_learn_population(&members, &n, a->view, a->def, a->view->as_of, a->pool, a->question->cancel, a->arena,
                               err));
    a->out->outside = !members[a->ordinal];
    if (!consent->n)
        return PT_OK;
    PT_TRY(pt_learn_columns(&agreed, a->view, &consent->items[0].tag, 1, a->view->as_of, a->pool, a->question->cancel,
                            a->arena, err));
    a->out->refused = ((const uint8_t *)agreed->data)[a->ordinal] != 1;
    return PT_OK;
}

static pt_rc of_customer(asking *a, pt_basket_of *basket, pt_err *err)
{
    uint32_t type;
    pt_sv id;

    PT_TRY(pt_view_find(&a->ordinal, a->view, a->question->who, err));
    if (!pt_directory_identifier(a->view->directory, a->ordinal, 0, &type, &id))
        id = a->question->who;
    a->out->id = pt_arena_strndup(a->arena, id.ptr, id.len);
    PT_TRY(may_recommend(a, err));
    pt_tastes_request request = request_of(a, a->ordinal, a->ordinal + 1);
    PT_TRY(pt_tastes_gather(&a->tastes, &a->items, &request, err));
    a->out->has = (size_t)a->tastes.offsets[1];
    *basket = (pt_basket_of){.items = a->tastes.items,
                             .confidence = a->tastes.weights,
                             .n = a->out->has,
                             .again = pt_recommend_number(a->def, PT_RECOMMEND_AGAIN) > 0};
    return PT_OK;
}

/* --- an item ------------------------------------------------------------------------------------------------------------------------- */

static bool folded_has(pt_sv text, pt_sv folded_part, bool whole)
{
    pt_str folded = {0};
    bool found = false;

    pt_utf8_fold(&folded, text);
    for (size_t i = 0; !found && i + folded_part.len <= folded.len; i += whole ? folded.len + 1 : 1)
        found =
            memcmp(folded.ptr + i, folded_part.ptr, folded_part.len) == 0 && (!whole || folded.len == folded_part.len);
    pt_str_free(&folded);
    return found;
}

/* The item of that text or name; else the first that has it in its name. */
static pt_rc of_item(asking *a, pt_basket_of *basket, uint32_t *item, pt_err *err)
{
    static const float one = 1;
    pt_sv wanted = pt_sv_trim(a->question->item);
    pt_str folded = {0};
    uint32_t found = a->items.n;

    pt_utf8_fold(&folded, wanted);
    for (int whole = 1; whole >= 0 && found == a->items.n && folded.len; whole--)
        for (uint32_t i = 0; found == a->items.n && i < a->items.n; i++)
            if (folded_has(a->items.texts[i], (pt_sv){folded.ptr, folded.len}, whole) ||
                folded_has(a->items.names[i], (pt_sv){folded.ptr, folded.len}, whole))
                found = i;
    pt_str_free(&folded);
    if (found == a->items.n)
        return pt_fail(err, PT_ENOTFOUND, "the model knows no item '%.*s'", (int)wanted.len, wanted.ptr);
    *item = found;
    a->out->item_name = a->items.names[found];
    *basket = (pt_basket_of){.items = item, .confidence = &one, .n = 1};
    return PT_OK;
}

/* --- the answer ------------------------------------------------------------------------------------------------------------------------ */

static pt_sv copy(pt_arena *arena, pt_sv text)
{
    return (pt_sv){pt_arena_strndup(arena, text.ptr, text.len), text.len};
}

static pt_rc describe(asking *a, const pt_recommendation *best, size_t n, pt_err *err)
{
    pt_recommended *items = PT_NEW_ARRAY(a->arena, pt_recommended, n + 1);
    double all = 0;

    if (!items)
        return no_memory(err);
    for (int w = 0; w < PT_WAYS; w++)
        all += a->model->recommender.weights[w];
    for (size_t i = 0; i < n; i++) {
        const pt_recommendation *x = &best[i];
        pt_recommended *to = &items[i];
        *to = (pt_recommended){.item = copy(a->arena, a->items.texts[x->item]),
                               .name = copy(a->arena, a->items.names[x->item]),
                               .score = (double)x->score / all,
                               .way = x->way,
                               .reason = {pt_recommend_reason(a->model, x, false, a->arena),
                                          pt_recommend_reason(a->model, x, true, a->arena)}};
        for (int w = 0; w < PT_WAYS; w++)
            to->parts[w] = (double)x->parts[w] / all;
        if (x->because != UINT32_MAX)
            to->because = copy(a->arena, a->items.names[x->because]);
        if (!to->item.ptr || !to->name.ptr || !to->reason[0] || !to->reason[1])
            return no_memory(err);
    }
    a->out->items = items;
    a->out->n = n;
    return PT_OK;
}

static pt_rc answer(asking *a, const pt_basket_of *basket, pt_err *err)
{
    size_t most = a->question->top ? a->question->top : PT_RECOMMEND_TOP, n = 0;
    pt_recommendation *best = PT_NEW_ARRAY(a->arena, pt_recommendation, most);
    pt_recommend_scratch *scratch = NULL;

    if (!best)
        return no_memory(err);
    pt_rc rc = pt_recommend_scratch_new(&scratch, &a->model->recommender, err);
    if (rc == PT_OK)
        rc = pt_recommend(best, &n, most, &a->model->recommender, NULL, basket, scratch, err);
    pt_recommend_scratch_free(scratch);
    return rc == PT_OK ? describe(a, best, n, err) : rc;
}

static pt_rc ask(asking *a, pt_err *err)
{
    pt_basket_of basket = {0};
    uint32_t item;

    PT_TRY(prepare(a, err));
    if (a->question->who.len)
        PT_TRY(of_customer(a, &basket, err));
    else
        PT_TRY(of_item(a, &basket, &item, err));
    if (a->out->refused)
        return PT_OK;
    basket.excluded = a->excluded;
    pt_rc rc = answer(a, &basket, err);
    a->out->item_name = a->out->item_name.ptr ? copy(a->arena, a->out->item_name) : a->out->item_name;
    return rc;
}

pt_rc pt_app_recommend(pt_recommend_answer *out, pt_app *app, const pt_recommend_question *question, pt_arena *arena,
                       pt_err *err)
{
    asking a = {.question = question, .out = out, .arena = arena};

    *out = (pt_recommend_answer){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(find_model(&a.def, pt_app_project(app), question->model, err));
    out->model = a.def->name;
    PT_TRY(pt_app_view(&a.view, app, err));
    out->as_of = a.view->as_of;
    PT_TRY(pt_view_timelines(a.view, err));
    PT_TRY(pt_pool_new(&a.pool, question->threads, err));
    pt_rc rc = ask(&a, err);
    pt_tastes_free(&a.tastes);
    pt_recommend_model_free(a.model);
    pt_pool_free(a.pool);
    return rc;
}
