#include "app/model_rules.h"

#include "app/learn_table.h"
#include "app/train.h"

pt_rc pt_app_model_rules(pt_tree_rule_set *out, pt_app *app, const char *model, pt_arena *arena, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    uint32_t number, version;
    void *opened = NULL;

    PT_TRY(pt_app_model_find(&number, app, model, err));
    const pt_model_def *def = &p->models[number];
    if (!def->kind->learner_task) {
        pt_fail(err, PT_EINVAL, "only a decision tree has rules; model '%s' is of the task '%s'", model,
                def->kind->task);
        return pt_err_hint(err, "train one with `algorithm: tree`");
    }
    PT_TRY(pt_model_open_approved(&opened, &version, p, def, arena, err));
    if (!opened) {
        pt_fail(err, PT_ENOTFOUND, "model '%s' has no version in use", model);
        return pt_err_hint(err, "portrait train %s", model);
    }
    void (*close)(void *) = pt_learn_kind_of(def)->close;
    if (!pt_arena_defer(arena, close, opened)) {
        close(opened);
        return pt_fail_nomem(err, "the rules of a tree");
    }
    return pt_tree_rules(out, pt_learn_pipeline(opened), arena, err);
}
