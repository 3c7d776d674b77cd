/* `groups` of portrait.yaml: what people see instead of the paths that tags are grouped by. */
#include "project/load.h"

/* Whether a tag is in the group or below it. */
static bool is_used(const pt_project *p, pt_sv path)
{
    for (size_t i = 0; i < p->n_tags; i++) {
        const char *group = p->tags[i].group;
        if (pt_sv_has_prefix(pt_sv_of(group), path.ptr) && (group[path.len] == '\0' || group[path.len] == '/'))
            return true;
    }
    return false;
}

void pt_load_groups(pt_loader *l)
{
    pt_project *p = l->project;
    const pt_yaml *root = l->config.root;
    pt_fields f = {.loader = l, .map = root && root->kind == PT_YAML_MAP ? root : NULL, .what = "portrait.yaml"};
    const pt_yaml *map = pt_field(&f, "groups");

    if (!map || !pt_load_is_map(l, map, "'groups'"))
        return;
    pt_group *groups = PT_NEW_ARRAY(l->arena, pt_group, map->n);
    if (!groups) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        groups[i].path = map->keys[i]->text.ptr;
        pt_yaml_as_label(l, &groups[i].label, map->items[i], groups[i].path);
        if (l->incomplete || is_used(p, map->keys[i]->text))
            continue;
        pt_diag *d = pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_UNUSED_GROUP, map->keys[i]->place,
                                  "no tag is in the group '%s'", groups[i].path);
        pt_diag_hint(l->diags, d, "a group is the path of the tags' file inside tags/ or their 'group'");
    }
    p->groups = groups;
    p->n_groups = map->n;
}

/* Tags of models are in models/NAME unless their file says otherwise: that is called as the model is. */
static const pt_label *label_of_models(const pt_project *p, pt_sv path)
{
    static const pt_label models = {"模型", "Models"};
    const pt_sv above = PT_SV("models/");

    if (pt_sv_eq(path, PT_SV("models")))
        return &models;
    if (!pt_sv_has_prefix(path, "models/"))
        return NULL;
    int model = pt_project_find_model(p, (pt_sv){path.ptr + above.len, path.len - above.len});
    return model >= 0 ? p->models[model].label : NULL;
}

static const pt_label *label_of(const pt_project *p, pt_sv path)
{
    for (size_t i = 0; i < p->n_groups; i++)
        if (pt_sv_eq(pt_sv_of(p->groups[i].path), path))
            return &p->groups[i].label;
    return label_of_models(p, path);
}

const char *pt_group_text(const pt_project *p, const char *group, const char *lang, pt_arena *arena)
{
    pt_str text = {0};

    for (size_t from = 0;;) {
        size_t end = from + strcspn(group + from, "/");
        const pt_label *label = label_of(p, (pt_sv){group, end});
        const char *shown = label ? pt_label_text(label, lang, NULL) : NULL;
        if (shown)
            pt_str_add(&text, shown);
        else
            pt_str_addn(&text, group + from, end - from);
        if (!group[end])
            break;
        pt_str_addc(&text, '/');
        from = end + 1;
    }
    const char *copy = text.failed ? NULL : pt_arena_strndup(arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    return copy ? copy : group;
}
