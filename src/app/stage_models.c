#include "app/stage_models.h"

#include "app/app_int.h"
#include "app/train.h"

typedef struct opened_model {
    const pt_learn_kind *kind;
    void *model;
} opened_model;

static void close_model(void *context)
{
    opened_model *m = context;

    m->kind->close(m->model);
}

/* Versions there may be, of which nobody has approved one. */
static pt_rc say_none(const char **out, const pt_project *p, const char *model, pt_arena *arena, pt_err *err)
{
    pt_model_versions versions;

    PT_TRY(pt_model_store_list(&versions, p->data_dir, model, arena, err));
    *out = versions.n ? pt_arena_printf(arena, "no version is in use: portrait models %s", model)
                      : "no version is approved";
    return *out ? PT_OK : pt_fail_nomem(err, "the models");
}

/* A version that cannot be read or no longer fits leaves the tags without values, and says so. */
static pt_rc open_one(pt_stage_models *out, const pt_project *p, uint32_t i, pt_arena *arena, pt_err *err)
{
    const pt_model_def *def = &p->models[i];
    opened_model *held = PT_NEW(arena, opened_model);
    pt_err own = {0};

    if (!held)
        return pt_fail_nomem(err, "the models");
    pt_rc rc = pt_model_open_approved(&out->models[i], &out->versions[i], p, def, arena, &own);
    if (rc == PT_ENOMEM) {
        *err = own;
        return rc;
    }
    if (rc != PT_OK) {
        out->versions[i] = 0;
        out->reasons[i] = pt_arena_strdup(arena, own.msg);
        return out->reasons[i] ? PT_OK : pt_fail_nomem(err, "the models");
    }
    if (!out->models[i])
        return say_none(&out->reasons[i], p, def->name, arena, err);
    *held = (opened_model){pt_learn_kind_of(def), out->models[i]};
    if (pt_arena_defer(arena, close_model, held))
        return PT_OK;
    held->kind->close(held->model);
    out->models[i] = NULL;
    return pt_fail_nomem(err, "the models");
}

pt_rc pt_models_open(pt_stage_models *out, const pt_build *b, pt_arena *arena, pt_err *err)
{
    const pt_project *p = b->project;

    out->models = PT_NEW_ARRAY(arena, void *, p->n_models + 1);
    out->versions = PT_NEW_ARRAY(arena, uint32_t, p->n_models + 1);
    out->reasons = PT_NEW_ARRAY(arena, const char *, p->n_models + 1);
    if (!out->models || !out->versions || !out->reasons)
        return pt_fail_nomem(err, "the models");
    for (uint32_t i = 0; i < p->n_models; i++)
        if (p->models[i].n_tags)
            PT_TRY(open_one(out, p, i, arena, err));
    return PT_OK;
}

void pt_models_hash(pt_str *out, const pt_stage_models *m, const pt_build *b)
{
    for (size_t i = 0; i < b->project->n_models; i++) {
        const pt_hash128 *hash = &b->project->models[i].hash;
        pt_str_addn(out, (const char *)&m->versions[i], sizeof m->versions[i]);
        pt_str_addn(out, (const char *)hash, sizeof *hash);
    }
}

bool pt_models_any(const pt_stage_models *m, const pt_project *p)
{
    for (size_t i = 0; i < p->n_models; i++)
        if (m->models[i])
            return true;
    return false;
}

/* What scoring asks of a build that has timelines and no tags yet. */
static pt_rc make_view(pt_view *v, pt_build *b, const pt_base_set *base, pt_arena *arena, pt_err *err)
{
    *v = (pt_view){.project = b->project,
                   .directory = b->directory,
                   .as_of = b->as_of,
                   .n_ordinals = pt_directory_ordinals(b->directory),
                   .arena = arena,
                   .timelines = b->timelines,
                   .events = b->events,
                   .has_timelines = true,
                   .base = {*base, b->as_of},
                   .has_base = true,
                   .columns = PT_NEW_ARRAY(arena, int, b->project->n_tags + 1)};
    if (!v->columns)
        return pt_fail_nomem(err, "the models");
    for (size_t t = 0; t < b->project->n_tags; t++)
        v->columns[t] = -1;
    return PT_OK;
}

static pt_rc score_one(pt_column *external, const pt_stage_models *m, pt_build *b, pt_view *v, uint32_t i,
                       pt_arena *arena, pt_err *err)
{
    const pt_model_def *def = &b->project->models[i];
    bool *wanted = PT_NEW_ARRAY(arena, bool, def->kind->n_outputs + 1);
    pt_column *columns = PT_NEW_ARRAY(arena, pt_column, def->kind->n_outputs + 1);
    pt_score_request request = {.view = v,
                                .def = def,
                                .as_of = b->as_of,
                                .wanted = wanted,
                                .pool = b->pool,
                                .cancel = b->options->cancel,
                                .arena = arena};
    pt_err own = {0};

    if (!wanted || !columns)
        return pt_fail_nomem(err, "the models");
    for (size_t t = 0; t < def->n_tags; t++)
        wanted[def->tags[t].output] = true;
    pt_build_report(b, PT_STAGE_TAGS, def->name, 0, 0);
    pt_rc rc = pt_learn_kind_of(def)->score(columns, m->models[i], &request, &own);
    /* A version that fits the project no more. */
    if (rc == PT_EINVAL || rc == PT_ENOTFOUND || rc == PT_EENGINE) {
        m->reasons[i] = pt_arena_strdup(arena, own.msg);
        return m->reasons[i] ? PT_OK : pt_fail_nomem(err, "the models");
    }
    if (rc != PT_OK) {
        *err = own;
        return rc;
    }
    for (size_t t = 0; t < def->n_tags; t++)
        external[def->tags[t].tag] = columns[def->tags[t].output];
    return PT_OK;
}

pt_rc pt_models_score(pt_column *external, const pt_stage_models *m, pt_build *b, const pt_base_set *base,
                      pt_arena *arena, pt_err *err)
{
    pt_view v;

    PT_TRY(make_view(&v, b, base, arena, err));
    for (uint32_t i = 0; i < b->project->n_models; i++)
        if (m->models[i])
            PT_TRY(score_one(external, m, b, &v, i, arena, err));
    return PT_OK;
}

pt_rc pt_models_tell(const pt_build *b, const pt_stage_models *m, pt_err *err)
{
    const pt_project *p = b->project;
    pt_build_model *models = PT_NEW_ARRAY(b->arena, pt_build_model, p->n_models + 1);

    if (!models)
        return pt_fail_nomem(err, "the models");
    for (size_t i = 0; i < p->n_models; i++) {
        models[i] = (pt_build_model){.name = p->models[i].name, .tags = p->models[i].n_tags};
        models[i].version = m->reasons[i] ? 0 : m->versions[i];
        if (m->reasons[i] && !(models[i].reason = pt_arena_strdup(b->arena, m->reasons[i])))
            return pt_fail_nomem(err, "the models");
    }
    b->result->models = models;
    b->result->n_models = p->n_models;
    return PT_OK;
}
