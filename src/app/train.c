#include "app/train.h"

#include <math.h>
#include <time.h>

#include "app/app_int.h"
#include "app/clock.h"
#include "app/generation.h"
#include "app/model_doubt.h"
#include "app/training.h"

pt_rc pt_app_model_find(uint32_t *out, const pt_app *app, const char *model, pt_err *err)
{
    int found = pt_project_find_model(app->project, pt_sv_of(model));

    if (found < 0) {
        pt_fail(err, PT_ENOTFOUND, "the project has no model '%s'", model);
        return pt_err_hint(err, "portrait models lists them; they are described in models/");
    }
    *out = (uint32_t)found;
    return PT_OK;
}

/* --- training -------------------------------------------------------------------------------------------------------- */

typedef struct training {
    pt_app *app;
    const pt_project *p;
    pt_view *view;
    const pt_train_options *options;
    pt_pool *pool;
    pt_arena *arena;
    const pt_model_def *def; /* at work */
} training;

static void tell(void *ctx, const char *what, uint64_t done, uint64_t total)
{
    const training *t = ctx;

    if (t->options->report)
        t->options->report(t->options->report_ctx, t->def->name, what, done, total);
}

/* The figure that lists show, of the part that was measured last. */
static void set_figure(pt_model_version *v, const pt_learned *learned)
{
    v->measure = learned->measure ? learned->measure : "";
    v->part = "";
    v->value = v->low = v->high = (double)NAN;
    for (size_t i = 0; learned->measure && i < learned->card.n_measures; i++) {
        const pt_card_measure *m = &learned->card.measures[i];
        if (strcmp(m->name, learned->measure) != 0 || (m->of && v->part[0]))
            continue;
        v->value = m->value;
        v->low = m->low;
        v->high = m->high;
        v->part = m->part ? m->part : "";
        if (!m->of)
            return;
    }
}

static pt_model_version version_of(const training *t, const pt_learn_request *r, const pt_learned *learned)
{
    pt_model_version v = {.task = t->def->kind->task,
                          .algorithm = learned->algorithm ? learned->algorithm : t->def->kind->task,
                          .train = r->train,
                          .n_train = r->n_train,
                          .test = r->has_test ? r->test : PT_I64_MISSING,
                          .data_end = r->data_end,
                          .definition = t->def->hash,
                          .program = PORTRAIT_VERSION};

    set_figure(&v, learned);
    return v;
}

static bool same_hash(pt_hash128 a, pt_hash128 b)
{
    return a.lo == b.lo && a.hi == b.hi;
}

/* A version that learned the same from the same definition is not made twice. */
static bool find_same(pt_trained *out, const pt_model_versions *versions, const pt_learned *learned,
                      const pt_model_def *def)
{
    const pt_model_version *last = versions->n ? &versions->items[versions->n - 1] : NULL;
    pt_hash128 hash = pt_hash128_of(pt_str_cstr(&learned->bytes), learned->bytes.len);

    out->same = last && same_hash(last->artifact, hash) && same_hash(last->definition, def->hash);
    if (out->same)
        out->version = *last;
    return out->same;
}

/* Whether builds can use the version in use; one that is damaged, or of another version of the program, is no use. */
static bool is_usable(const training *t)
{
    uint32_t version;
    void *model;
    bool opened = pt_model_open_approved(&model, &version, t->p, t->def, t->arena, NULL) == PT_OK && model;

    if (opened)
        pt_learn_kind_of(t->def)->close(model);
    return opened;
}

/* What took long to learn is not thrown away because a build is running at this moment. */
static pt_rc wait_for_dir(pt_data_dir **out, const training *t, pt_err *err)
{
    const struct timespec pause = {.tv_nsec = 200 * 1000 * 1000};
    pt_rc rc;

    while ((rc = pt_data_dir_open(out, t->p->data_dir, err)) == PT_EBUSY) {
        if (pt_cancel_fired(t->options->cancel))
            return pt_fail(err, PT_ECANCELED, "stopped; the last good state is untouched");
        tell((void *)(uintptr_t)t, "waits for another command of this project to end", 0, 0);
        nanosleep(&pause, NULL);
    }
    return rc;
}

static pt_rc keep(pt_trained *out, const training *t, const pt_learn_request *r, pt_learned *learned, pt_err *err)
{
    const char *data_dir = t->p->data_dir;
    pt_model_versions versions;
    pt_data_dir *lock;

    PT_TRY(wait_for_dir(&lock, t, err));
    pt_rc rc = pt_model_store_list(&versions, data_dir, t->def->name, t->arena, err);
    if (rc == PT_OK && !find_same(out, &versions, learned, t->def)) {
        out->version = version_of(t, r, learned);
        rc = pt_model_store_add(&out->version, data_dir, t->def->name,
                                (pt_sv){pt_str_cstr(&learned->bytes), learned->bytes.len}, &learned->card,
                                pt_clock_now(), t->arena, err);
    }
    out->approved = versions.approved == out->version.number;
    if (rc == PT_OK && !out->approved && (t->options->approve || (!out->doubtful && !is_usable(t)))) {
        rc = pt_model_store_approve(data_dir, t->def->name, out->version.number, pt_clock_now(), t->arena, err);
        out->approved = true;
    }
    pt_data_dir_close(lock);
    learned->card.version = out->version.number;
    out->card = learned->card;
    return rc;
}

static pt_rc learn(pt_trained *out, training *t, pt_err *err)
{
    pt_learn_request r = {.view = t->view,
                          .def = t->def,
                          .seed = t->def->seed,
                          .pool = t->pool,
                          .cancel = t->options->cancel,
                          .report = tell,
                          .report_ctx = t,
                          .arena = t->arena};
    pt_learned learned = {0};
    int64_t first;

    if (!pt_learn_knows(t->def))
        return pt_fail(err, PT_EINVAL, "this version cannot train models of task '%s'", t->def->kind->task);
    PT_TRY(pt_learn_span(&first, &r.data_end, t->view, err));
    PT_TRY(pt_training_dates(&r, first, t->arena, err));
    pt_rc rc = pt_learn_kind_of(t->def)->train(&learned, &r, err);
    if (rc == PT_OK)
        rc = pt_str_check(&learned.bytes, err);
    learned.card.model = t->def->name;
    learned.card.label = (pt_card_text){t->def->label->zh, t->def->label->en};
    learned.card.task = t->def->kind->task;
    learned.card.algorithm = learned.algorithm ? learned.algorithm : t->def->kind->task;
    if (rc == PT_OK)
        rc = pt_model_doubt(&out->doubtful, &learned.card, learned.measured, t->arena, err);
    if (rc == PT_OK)
        rc = keep(out, t, &r, &learned, err);
    pt_str_free(&learned.bytes);
    return rc;
}

static pt_rc train_one(pt_trained *out, training *t, uint32_t model, pt_err *err)
{
    double start = pt_clock_seconds();

    t->def = &t->p->models[model];
    *out = (pt_trained){.model = model};
    pt_rc rc = learn(out, t, err);
    out->seconds = pt_clock_seconds() - start;
    return rc;
}

/* One that cannot be trained does not keep the others from it. */
static pt_rc train_all(pt_trained *items, training *t, pt_err *err)
{
    for (uint32_t m = 0; m < t->p->n_models; m++) {
        pt_err own = {0};
        pt_rc rc = train_one(&items[m], t, m, &own);
        if (rc == PT_ENOMEM || rc == PT_ECANCELED || rc == PT_EBUSY) {
            *err = own;
            return rc;
        }
        if (rc == PT_OK)
            continue;
        items[m].failure = pt_arena_strdup(t->arena, own.msg);
        items[m].hint = own.hint[0] ? pt_arena_strdup(t->arena, own.hint) : NULL;
        if (!items[m].failure)
            return pt_fail_nomem(err, "the models");
    }
    return PT_OK;
}

pt_rc pt_app_train(pt_trained_models *out, pt_app *app, const pt_train_options *options, pt_arena *arena, pt_err *err)
{
    training t = {.app = app, .options = options, .arena = arena};
    uint32_t model = 0;
    pt_trained *items;

    *out = (pt_trained_models){0};
    PT_TRY(pt_app_sound(app, err));
    t.p = app->project;
    if (options->model)
        PT_TRY(pt_app_model_find(&model, app, options->model, err));
    if (!(items = PT_NEW_ARRAY(arena, pt_trained, t.p->n_models + 1)))
        return pt_fail_nomem(err, "the models");
    PT_TRY(pt_app_view(&t.view, app, err));
    PT_TRY(pt_view_timelines(t.view, err));
    PT_TRY(pt_pool_new(&t.pool, options->threads, err));
    pt_rc rc = options->model ? train_one(items, &t, model, err) : train_all(items, &t, err);
    pt_pool_free(t.pool);
    *out = (pt_trained_models){items, options->model ? 1 : t.p->n_models};
    return rc;
}

/* --- what is there ------------------------------------------------------------------------------------------------------- */

static pt_rc status_of(pt_model_status *out, const pt_project *p, uint32_t model, pt_arena *arena, pt_err *err)
{
    const pt_model_def *def = &p->models[model];

    *out = (pt_model_status){.model = model};
    PT_TRY(pt_model_store_list(&out->versions, p->data_dir, def->name, arena, err));
    for (size_t i = 0; i < out->versions.n; i++)
        if (out->versions.items[i].number == out->versions.approved)
            out->stale = !same_hash(out->versions.items[i].definition, def->hash);
    return PT_OK;
}

pt_rc pt_app_models(pt_model_list *out, pt_app *app, const char *model, pt_arena *arena, pt_err *err)
{
    pt_model_status *items;
    uint32_t one = 0;

    PT_TRY(pt_app_sound(app, err));
    const pt_project *p = app->project;
    if (!(items = PT_NEW_ARRAY(arena, pt_model_status, p->n_models + 1)))
        return pt_fail_nomem(err, "the models");
    *out = (pt_model_list){items, model ? 1 : p->n_models};
    if (!model) {
        for (uint32_t m = 0; m < p->n_models; m++)
            PT_TRY(status_of(&items[m], p, m, arena, err));
        return PT_OK;
    }
    PT_TRY(pt_app_model_find(&one, app, model, err));
    return status_of(items, p, one, arena, err);
}

pt_rc pt_app_model_approve(pt_app *app, const char *model, uint32_t version, pt_arena *arena, pt_err *err)
{
    pt_data_dir *lock;
    uint32_t found;

    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_model_find(&found, app, model, err));
    PT_TRY(pt_data_dir_open(&lock, app->project->data_dir, err));
    pt_rc rc = pt_model_store_approve(app->project->data_dir, model, version, pt_clock_now(), arena, err);
    pt_data_dir_close(lock);
    return rc;
}

pt_rc pt_app_model_roll_back(uint32_t *version, pt_app *app, const char *model, pt_arena *arena, pt_err *err)
{
    pt_data_dir *lock;
    uint32_t found;

    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_model_find(&found, app, model, err));
    PT_TRY(pt_data_dir_open(&lock, app->project->data_dir, err));
    pt_rc rc = pt_model_store_roll_back(version, app->project->data_dir, model, pt_clock_now(), arena, err);
    pt_data_dir_close(lock);
    return rc;
}

pt_rc pt_model_open_approved(void **model, uint32_t *version, const pt_project *p, const pt_model_def *def,
                             pt_arena *arena, pt_err *err)
{
    pt_model_versions versions;
    pt_sv artifact;

    *model = NULL;
    *version = 0;
    if (!pt_learn_knows(def))
        return PT_OK;
    PT_TRY(pt_model_store_list(&versions, p->data_dir, def->name, arena, err));
    PT_TRY(pt_model_log_check(&versions, def->name, err));
    if (!versions.approved)
        return PT_OK;
    PT_TRY(pt_model_store_read(&artifact, NULL, p->data_dir, def->name, versions.approved, arena, err));
    *version = versions.approved;
    pt_rc rc = pt_learn_kind_of(def)->open(model, artifact, def, err);
    if (rc == PT_ECORRUPT && err && !err->hint[0])
        pt_err_hint(err, "portrait train %s --approve learns it again", def->name);
    return rc;
}
