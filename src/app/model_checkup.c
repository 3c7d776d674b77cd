#include "app/model_checkup.h"

#include "app/train.h"

typedef struct checkup {
    const pt_project *p;
    pt_arena *arena;
    pt_health health;
    const char *detail; /* of the gravest, the first of equal ones; NULL when all is well */
    size_t in_use;
} checkup;

static void note(checkup *c, pt_health health, const char *detail)
{
    if (detail && (!c->detail || health > c->health)) {
        c->health = health;
        c->detail = pt_arena_strdup(c->arena, detail);
    }
}

/* The version in use is read whole, against its checksums, and made ready as a build would. */
static void check_use(checkup *c, const pt_model_def *def)
{
    pt_err err = {0};
    uint32_t version;
    void *model;

    if (pt_model_open_approved(&model, &version, c->p, def, c->arena, &err) != PT_OK)
        note(c, PT_HEALTH_FAIL, err.msg);
    else if (model)
        pt_learn_kind_of(def)->close(model);
    c->in_use += model != NULL;
}

static void check_versions(checkup *c, const pt_model_def *def)
{
    pt_model_versions versions;
    pt_err err = {0};

    if (pt_model_store_list(&versions, c->p->data_dir, def->name, c->arena, &err) != PT_OK) {
        note(c, PT_HEALTH_FAIL, err.msg);
        return;
    }
    for (size_t i = 0; i < versions.n_damaged; i++)
        if (versions.damaged[i] != versions.approved)
            note(c, PT_HEALTH_WARN,
                 pt_arena_printf(c->arena, "version v%u of model '%s' is damaged", versions.damaged[i], def->name));
}

/* Only training needs these libraries: versions are used without them. */
static void check_algorithms(checkup *c, const pt_model_def *def)
{
    for (size_t i = 0; i < def->n_algorithms; i++) {
        const pt_learner *l = def->algorithms[i].learner;
        pt_err err = {0};
        if (l && l->ready && l->ready(&err) != PT_OK)
            note(c, PT_HEALTH_WARN, err.msg);
    }
}

const char *pt_model_checkup(pt_health *health, const pt_project *p, pt_arena *arena)
{
    checkup c = {.p = p, .arena = arena, .health = PT_HEALTH_OK};

    for (size_t m = 0; m < p->n_models; m++) {
        check_use(&c, &p->models[m]);
        check_versions(&c, &p->models[m]);
        check_algorithms(&c, &p->models[m]);
    }
    *health = c.health;
    return c.detail ? c.detail : pt_arena_printf(arena, "%zu, %zu in use", p->n_models, c.in_use);
}
