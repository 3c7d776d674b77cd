#include "app/model_explain.h"

#include "app/train.h"

static pt_rc ask(pt_model_why *out, const void *model, const pt_learn_kind *kind, pt_score_request *r, uint32_t ordinal,
                 const char *lang, pt_err *err)
{
    pt_pool *pool;

    PT_TRY(pt_pool_new(&pool, 0, err));
    r->pool = pool;
    pt_rc rc = kind->explain(&out->reasons, &out->n, model, r, ordinal, lang, err);
    pt_pool_free(pool);
    return rc;
}

pt_rc pt_model_why_of(pt_model_why *out, pt_view *v, uint32_t tag, uint32_t ordinal, int64_t as_of, const char *lang,
                      pt_arena *arena, pt_err *err)
{
    const pt_model_def *def = v->project->tags[tag].model;
    void *model;

    *out = (pt_model_why){0};
    if (!def)
        return PT_OK;
    const pt_learn_kind *kind = pt_learn_kind_of(def);
    out->model = def->name;
    PT_TRY(pt_model_open_approved(&model, &out->version, v->project, def, arena, err));
    if (!model)
        return PT_OK;
    pt_score_request r = {.view = v,
                          .def = def,
                          .as_of = as_of,
                          .wanted = PT_NEW_ARRAY(arena, bool, def->kind->n_outputs + 1),
                          .arena = arena};
    pt_rc rc = !r.wanted       ? pt_fail_nomem(err, "the reasons")
               : kind->explain ? ask(out, model, kind, &r, ordinal, lang, err)
                               : PT_OK;
    kind->close(model);
    return rc;
}
