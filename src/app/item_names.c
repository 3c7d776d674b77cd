#include "app/item_names.h"

#include <string.h>

#include "app/recommend_model.h"
#include "app/train.h"

typedef struct model_items {
    const pt_model_def *def;
    const pt_recommend_model *model;
    pt_sv *titles; /* by item */
} model_items;

struct pt_item_names {
    model_items *models;
    size_t n;
};

static void close_model(void *model)
{
    pt_recommend_model_free(model);
}

static pt_rc name_all(model_items *m, pt_arena *arena, pt_err *err)
{
    const pt_items *items = &m->model->items;

    m->titles = PT_NEW_ARRAY(arena, pt_sv, (size_t)items->n + 1);
    if (!m->titles)
        return pt_fail_nomem(err, "the names of items");
    for (uint32_t i = 0; i < items->n; i++) {
        pt_sv item = items->texts[i], name = items->names[i];
        if (!name.len || pt_sv_eq(name, item)) {
            m->titles[i] = item;
            continue;
        }
        const char *title = pt_arena_printf(arena, "%.*s %.*s", (int)name.len, name.ptr, (int)item.len, item.ptr);
        if (!title)
            return pt_fail_nomem(err, "the names of items");
        m->titles[i] = pt_sv_of(title);
    }
    return PT_OK;
}

static pt_rc open_one(pt_item_names *out, const pt_project *p, const pt_model_def *def, pt_arena *arena, pt_err *err)
{
    pt_err own = {0};
    uint32_t version;
    void *model;

    if (pt_model_open_approved(&model, &version, p, def, arena, &own) != PT_OK || !model)
        return own.code == PT_ENOMEM ? pt_fail_nomem(err, "the names of items") : PT_OK;
    if (!pt_arena_defer(arena, close_model, model)) {
        pt_recommend_model_free(model);
        return pt_fail_nomem(err, "the names of items");
    }
    out->models[out->n] = (model_items){.def = def, .model = model};
    return name_all(&out->models[out->n++], arena, err);
}

pt_rc pt_item_names_open(const pt_item_names **out, const pt_project *p, pt_arena *arena, pt_err *err)
{
    pt_item_names *names = PT_NEW(arena, pt_item_names);

    *out = NULL;
    if (!names || !(names->models = PT_NEW_ARRAY(arena, model_items, p->n_models + 1)))
        return pt_fail_nomem(err, "the names of items");
    for (size_t m = 0; m < p->n_models; m++)
        if (strcmp(p->models[m].kind->task, "recommend") == 0)
            PT_TRY(open_one(names, p, &p->models[m], arena, err));
    *out = names;
    return PT_OK;
}

pt_sv pt_item_name(const pt_item_names *names, const pt_tag *tag, pt_sv item)
{
    for (size_t i = 0; names && tag->model && i < names->n; i++) {
        const model_items *m = &names->models[i];
        int64_t number = m->def == tag->model ? pt_items_number(&m->model->items, item) : -1;
        if (number >= 0)
            return m->titles[number];
    }
    return item;
}
