#include "app/model_evaluate.h"

#include "app/app_int.h"
#include "app/card_draft.h"
#include "app/model_doubt.h"
#include "app/training.h"

typedef struct evaluating {
    const pt_project *p;
    pt_view *view;
    const pt_evaluate_options *options;
    pt_pool *pool;
    pt_arena *arena;
} evaluating;

static pt_rc find_version(pt_model_version *out, const evaluating *e, const pt_model_def *def, pt_err *err)
{
    pt_model_versions versions;
    uint32_t wanted;

    PT_TRY(pt_model_store_list(&versions, e->p->data_dir, def->name, e->arena, err));
    wanted = e->options->version ? e->options->version : versions.approved;
    for (size_t i = 0; i < versions.n; i++)
        if (versions.items[i].number == wanted) {
            *out = versions.items[i];
            return PT_OK;
        }
    if (e->options->version)
        pt_fail(err, PT_ENOTFOUND, "model '%s' has no version v%u", def->name, wanted);
    else
        pt_fail(err, PT_ENOTFOUND, "model '%s' has no version in use", def->name);
    if (versions.n)
        return pt_err_hint(err, "portrait models %s lists its versions", def->name);
    return pt_err_hint(err, "portrait train %s", def->name);
}

/* The latest day that it was trained or tested on. */
static int64_t last_day(const pt_model_version *v)
{
    const int64_t trained = v->n_train ? v->train[v->n_train - 1] : PT_I64_MISSING;

    return v->test == PT_I64_MISSING ? trained : v->test;
}

/* On a day that is not later, the model may have seen what it is measured on. */
static void say_day(pt_evaluated *out, const evaluating *e, const pt_model_version *v)
{
    pt_card_draft d = {.card = &out->card, .arena = e->arena};
    char day[64], last[64];

    if (last_day(v) == PT_I64_MISSING || out->as_of > last_day(v))
        return;
    PT_CARD_SAY(&d, true, "{0} 并不晚于训练或检验所用的日期（{1}）：模型可能已经见过这些客户的结果。",
                "{0} is not later than the days of training and test (until {1}): the model may have seen what came.",
                pt_card_same(pt_arena_strdup(e->arena, pt_instant_format(day, out->as_of, e->p->zone))),
                pt_card_same(pt_arena_strdup(e->arena, pt_instant_format(last, last_day(v), e->p->zone))));
}

static pt_rc measure(pt_evaluated *out, const evaluating *e, const pt_learn_request *r, pt_sv artifact,
                     const pt_model_version *v, pt_err *err)
{
    const pt_learn_kind *kind = pt_learn_kind_of(r->def);
    void *model = NULL;
    bool doubtful;
    pt_rc rc = kind->open(&model, artifact, r->def, err);

    if (rc == PT_OK)
        rc = kind->evaluate(&out->card, model, r, err);
    if (model)
        kind->close(model);
    out->card.model = r->def->name;
    out->card.label = (pt_card_text){r->def->label->zh, r->def->label->en};
    out->card.task = r->def->kind->task;
    out->card.version = v->number;
    if (!out->card.algorithm)
        out->card.algorithm = v->algorithm;
    if (rc == PT_OK)
        rc = pt_model_doubt(&doubtful, &out->card, 0, r->arena, err);
    if (rc == PT_OK)
        say_day(out, e, v);
    return rc;
}

static pt_rc evaluate_one(pt_evaluated *out, const evaluating *e, uint32_t model, pt_err *err)
{
    const pt_model_def *def = &e->p->models[model];
    pt_learn_request r = {.view = e->view,
                          .def = def,
                          .has_test = true,
                          .seed = def->seed,
                          .pool = e->pool,
                          .cancel = e->options->cancel,
                          .arena = e->arena};
    pt_model_version version = {0};
    pt_sv artifact;
    int64_t first;

    *out = (pt_evaluated){.model = model};
    if (!pt_learn_knows(def) || !pt_learn_kind_of(def)->evaluate)
        return pt_fail(err, PT_EINVAL, "models of task '%s' cannot be evaluated on another day", def->kind->task);
    PT_TRY(find_version(&version, e, def, err));
    out->version = version.number;
    PT_TRY(pt_model_store_read(&artifact, &out->trained, e->p->data_dir, def->name, version.number, e->arena, err));
    PT_TRY(pt_learn_span(&first, &r.data_end, e->view, err));
    r.test = e->options->has_as_of ? e->options->as_of : pt_training_latest(&r);
    PT_TRY(pt_training_check_day(&r, r.test, err));
    out->as_of = r.test;
    return measure(out, e, &r, artifact, &version, err);
}

static pt_rc evaluate_all(pt_evaluated *items, const evaluating *e, pt_err *err)
{
    for (uint32_t m = 0; m < e->p->n_models; m++) {
        pt_err own = {0};
        pt_rc rc = evaluate_one(&items[m], e, m, &own);
        if (rc == PT_ENOMEM || rc == PT_ECANCELED) {
            *err = own;
            return rc;
        }
        if (rc == PT_OK)
            continue;
        items[m].failure = pt_arena_strdup(e->arena, own.msg);
        items[m].hint = own.hint[0] ? pt_arena_strdup(e->arena, own.hint) : NULL;
        if (!items[m].failure)
            return pt_fail_nomem(err, "an evaluation");
    }
    return PT_OK;
}

pt_rc pt_app_evaluate(pt_evaluated_models *out, pt_app *app, const pt_evaluate_options *options, pt_arena *arena,
                      pt_err *err)
{
    evaluating e = {.options = options, .arena = arena};
    uint32_t model = 0;
    pt_evaluated *items;

    *out = (pt_evaluated_models){0};
    PT_TRY(pt_app_sound(app, err));
    e.p = app->project;
    if (options->model)
        PT_TRY(pt_app_model_find(&model, app, options->model, err));
    if (!(items = PT_NEW_ARRAY(arena, pt_evaluated, e.p->n_models + 1)))
        return pt_fail_nomem(err, "an evaluation");
    PT_TRY(pt_app_view(&e.view, app, err));
    PT_TRY(pt_view_timelines(e.view, err));
    PT_TRY(pt_pool_new(&e.pool, options->threads, err));
    pt_rc rc = options->model ? evaluate_one(items, &e, model, err) : evaluate_all(items, &e, err);
    pt_pool_free(e.pool);
    *out = (pt_evaluated_models){items, options->model ? 1 : e.p->n_models};
    return rc;
}
