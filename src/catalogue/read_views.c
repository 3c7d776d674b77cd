/* catalogue/views.yaml and groups.yaml: the lists of items that the field knows, and what groups are called. */
#include "catalogue/catalogue_int.h"

static const char *const view_keys[] = {"label", "items"};
static const char *const item_keys[] = {"number", "label", "tags"};

static void read_item_tags(const pt_fields *f, pt_shelf *s, pt_view_item *item)
{
    const char *const *names = NULL;
    size_t n = 0;
    const pt_yaml *value = pt_field_required(f, "tags");

    if (!value || !pt_field_texts(f, &names, &n, "tags"))
        return;
    uint32_t *tags = PT_NEW_ARRAY(f->loader->arena, uint32_t, n);
    if (!tags) {
        f->loader->nomem = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        int t = pt_catalogue_find_template(s->catalogue, pt_sv_of(names[i]));
        if (t < 0)
            pt_load_error(f->loader, PT_E_UNKNOWN_TAG, value->place, "there is no template '%s'", names[i]);
        else
            tags[item->n_tags++] = (uint32_t)t;
    }
    item->tags = tags;
}

static void read_item(pt_shelf *s, pt_view_item *item, const pt_yaml *map)
{
    pt_loader *l = &s->loader;
    pt_fields f = {.loader = l, .map = map, .owner = map->place, .what = "an item"};

    item->number = "";
    if (!pt_load_is_map(l, map, "an item"))
        return;
    pt_fields_known(&f, item_keys, PT_COUNT(item_keys));
    pt_field_text(&f, &item->number, "number");
    pt_field_label(&f, &item->label, "label");
    read_item_tags(&f, s, item);
}

static void read_view(pt_shelf *s, pt_catalogue_view *view, const pt_yaml *key, const pt_yaml *map)
{
    pt_loader *l = &s->loader;
    pt_fields f = {.loader = l, .map = map, .owner = key->place, .what = key->text.ptr};

    view->name = key->text.ptr;
    if (!pt_load_is_map(l, map, view->name))
        return;
    pt_fields_known(&f, view_keys, PT_COUNT(view_keys));
    pt_field_label(&f, &view->label, "label");
    const pt_yaml *list = pt_field_required(&f, "items");
    if (!list || list->kind != PT_YAML_LIST)
        return;
    pt_view_item *items = PT_NEW_ARRAY(l->arena, pt_view_item, list->n);
    if (!items) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < list->n; i++)
        read_item(s, &items[i], list->items[i]);
    view->items = items;
    view->n_items = list->n;
}

void pt_shelf_views(pt_shelf *s, const pt_yaml *root)
{
    pt_loader *l = &s->loader;

    if (!pt_load_is_map(l, root, "views.yaml"))
        return;
    pt_catalogue_view *views = PT_NEW_ARRAY(l->arena, pt_catalogue_view, root->n);
    if (!views) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < root->n; i++)
        read_view(s, &views[i], root->keys[i], root->items[i]);
    s->catalogue->views = views;
    s->catalogue->n_views = root->n;
}

void pt_shelf_groups(pt_shelf *s, const pt_yaml *root)
{
    pt_loader *l = &s->loader;

    if (!pt_load_is_map(l, root, "groups.yaml"))
        return;
    pt_group *groups = PT_NEW_ARRAY(l->arena, pt_group, root->n);
    if (!groups) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < root->n; i++) {
        groups[i].path = root->keys[i]->text.ptr;
        pt_yaml_as_label(l, &groups[i].label, root->items[i], groups[i].path);
    }
    s->catalogue->groups = groups;
    s->catalogue->n_groups = root->n;
}
