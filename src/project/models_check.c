/* The expressions of models, checked in a module of their own, project->learning: the tags as written, the segments as bools that
 * are true or not, then one name for each expression. So that what is learned from is worked out as of any day. */
#include "project/models.h"

/* --- the module ------------------------------------------------------------------------------------------------------- */

static bool asks_history(const pt_node *node)
{
    if (node->kind == PT_NODE_WAS)
        return true;
    for (uint32_t i = 0; i < node->n_args; i++)
        if (asks_history(node->args[i]))
            return true;
    return false;
}

static bool is_worked_out(const pt_segment *s)
{
    return s->kind == PT_SEGMENT_DYNAMIC && s->node && !asks_history(s->node);
}

/* A segment keeps those of whom its condition is true: all others are known not to be in it. */
static pt_lang_tag segment_twin(pt_loader *l, size_t s)
{
    pt_lang_tag twin = l->segment_twins[s];
    const char *text = NULL;

    if (is_worked_out(&l->segments[s]))
        text = pt_arena_printf(l->arena, "coalesce((%.*s), false)", (int)twin.value.len, twin.value.ptr);
    twin.external = text == NULL;
    twin.value = text ? pt_sv_of(text) : (pt_sv){NULL, 0};
    twin.place.origin = NULL;
    twin.place.text = twin.value;
    return twin;
}

static pt_catalog *make_catalog(pt_loader *l, size_t n)
{
    const pt_project *p = l->project;
    pt_catalog *catalog = PT_NEW(l->arena, pt_catalog);
    pt_lang_tag *all = PT_NEW_ARRAY(l->arena, pt_lang_tag, n);
    size_t at = p->n_tags + p->n_segments;

    if (!catalog || !all)
        return NULL;
    *catalog = p->catalog;
    catalog->tags = all;
    catalog->n_tags = n;
    for (size_t t = 0; t < p->n_tags; t++)
        all[t] = p->catalog.tags[t];
    for (size_t s = 0; s < p->n_segments; s++)
        all[p->n_tags + s] = segment_twin(l, s);
    for (const pt_pending_expression *e = l->expressions; e; e = e->next)
        all[at++] = e->twin;
    return catalog;
}

/* --- what expressions may say --------------------------------------------------------------------------------------------- */

typedef struct walk {
    pt_loader *loader;
    const pt_module *module;
    const pt_pending_expression *e;
    bool *met;  /* by tag of the module */
    bool whole; /* there were no errors before: what segments say is known */
} walk;

static pt_place place_of(const walk *w)
{
    return w->e->twin.place;
}

static void hint(walk *w, pt_diag *d, const char *text)
{
    pt_diag_hint(w->loader->diags, d, "%s", text);
}

static bool refuse_name(walk *w, uint32_t tag)
{
    pt_loader *l = w->loader;
    const pt_project *p = l->project;

    if (tag >= p->n_tags && !w->module->tags[tag] &&
        (w->whole || p->segments[tag - p->n_tags].kind != PT_SEGMENT_DYNAMIC))
        hint(w,
             pt_load_error(l, PT_E_MODEL_EXPRESSION, place_of(w), "the segment '%s' says nothing of past days",
                           p->segments[tag - p->n_tags].name),
             "lists, static segments and those with was(...) are known for now alone");
    else if (tag < p->n_tags && p->tags[tag].model)
        hint(
            w,
            pt_load_error(l, PT_E_MODEL_EXPRESSION, place_of(w), "the tag '%s' is given by a model", p->tags[tag].name),
            "models do not learn from models");
    else if (tag < p->n_tags && p->tags[tag].sql)
        hint(w,
             pt_load_error(l, PT_E_MODEL_EXPRESSION, place_of(w),
                           "the tag '%s' is given by a query, which says nothing of past days", p->tags[tag].name),
             "take tags that are expressions");
    else
        return false;
    return true;
}

/* Names, at any depth, that say nothing of past days. */
static bool check_names(walk *w, const pt_node *node, pt_err *err)
{
    pt_uses uses;

    if (pt_lang_uses(&uses, node, w->loader->arena, err) != PT_OK)
        return false;
    for (size_t i = 0; i < uses.n_tags; i++) {
        uint32_t tag = uses.tags[i];
        if (w->met[tag])
            continue;
        w->met[tag] = true;
        if (!refuse_name(w, tag) && w->module->tags[tag] && !check_names(w, w->module->tags[tag], err))
            return false;
    }
    return true;
}

static bool target_fits(const pt_model_kind *k, pt_type type)
{
    if (k->learner_task == PT_TASK_CLASSIFY)
        return type == PT_TYPE_BOOL || pt_type_is_text(type);
    if (k->learner_task == PT_TASK_REGRESS)
        return type == PT_TYPE_NUMBER || type == PT_TYPE_MONEY || type == PT_TYPE_DURATION;
    return true;
}

static void check_target(walk *w, pt_model_def *def)
{
    const pt_node *node = def->target.node;

    if (!node || target_fits(def->kind, node->type)) {
        def->horizon = pt_lang_horizon(node);
        return;
    }
    if (def->kind->learner_task == PT_TASK_CLASSIFY)
        hint(w,
             pt_load_error(w->loader, PT_E_MODEL_EXPRESSION, place_of(w),
                           "the target of '%s' must be a bool, a text or a category", def->name),
             "for numbers the task is regress");
    else
        hint(w,
             pt_load_error(w->loader, PT_E_MODEL_EXPRESSION, place_of(w),
                           "the target of '%s' must be a number, money or a length of time", def->name),
             "for conditions the task is classify");
}

static void check_events(walk *w, const pt_node *node)
{
    if (node->kind != PT_NODE_AGGREGATE || node->u.agg->fn != PT_AGG_DID)
        hint(w, pt_load_error(w->loader, PT_E_MODEL_EXPRESSION, place_of(w), "'%s' must name events", w->e->twin.name),
             "for example orders where amount > 0 within 365d");
}

/* --- taking the answers --------------------------------------------------------------------------------------------------------- */

static const char *written(pt_loader *l, const pt_lang_tag *twin)
{
    pt_str s = {0};

    for (size_t i = 0; i < twin->value.len; i++)
        pt_str_addc(&s, twin->value.ptr[i] == '\n' ? ' ' : twin->value.ptr[i]);
    pt_sv trimmed = pt_sv_trim((pt_sv){pt_str_cstr(&s), s.len});
    const char *text = pt_arena_strndup(l->arena, trimmed.ptr, trimmed.len);
    pt_str_free(&s);
    l->nomem |= !text;
    return text;
}

static void put_answer(pt_loader *l, const pt_pending_expression *e, const pt_node *node, uint32_t number)
{
    if (e->whole)
        *e->whole = (pt_model_expression){node, number, written(l, &e->twin)};
    if (e->item) {
        e->item->node = node;
        e->item->tag = number;
        if (e->type == PT_SETTING_EVENTS)
            e->item->source = node->u.agg->source;
    }
}

static pt_rc take_answers(pt_loader *l, const pt_module *module, bool whole, pt_err *err)
{
    uint32_t number = (uint32_t)(l->project->n_tags + l->project->n_segments);

    for (const pt_pending_expression *e = l->expressions; e; e = e->next, number++) {
        walk w = {l, module, e, PT_NEW_ARRAY(l->arena, bool, module->n_tags), whole};
        const pt_node *node = module->tags[number];
        if (!w.met)
            return pt_fail_nomem(err, "the models");
        if (!node)
            continue;
        if (!check_names(&w, node, err))
            return pt_fail_nomem(err, "the models");
        if (e->type == PT_SETTING_EVENTS)
            check_events(&w, node);
        if (!l->diags->errors)
            put_answer(l, e, node, number);
        for (size_t m = 0; m < l->project->n_models; m++)
            if (e->whole == &l->models[m].target)
                check_target(&w, &l->models[m]);
    }
    return PT_OK;
}

/* --- what a model follows from ------------------------------------------------------------------------------------------------------ */

static void put_yaml(pt_str *out, const pt_yaml *y)
{
    if (y->kind == PT_YAML_SCALAR)
        pt_str_addf(out, "%zu:%.*s,", y->text.len, (int)y->text.len, y->text.ptr);
    else
        pt_str_addc(out, y->kind == PT_YAML_LIST ? '[' : y->kind == PT_YAML_MAP ? '{' : '-');
    for (size_t i = 0; y->kind >= PT_YAML_LIST && i < y->n; i++) {
        if (y->kind == PT_YAML_MAP)
            put_yaml(out, y->keys[i]);
        put_yaml(out, y->items[i]);
    }
    if (y->kind >= PT_YAML_LIST)
        pt_str_addc(out, ';');
}

/* Words for people and the tags that show the result change nothing of what is learned. */
static void hash_model(pt_loader *l, pt_model_def *def, const pt_yaml *map)
{
    static const char *const words[] = {"label", "description", "owner", "tags"};
    pt_str s = {0};

    pt_str_addf(&s, "%s\n", def->name);
    for (size_t i = 0; i < map->n; i++) {
        bool word = false;
        for (size_t k = 0; k < PT_COUNT(words); k++)
            word |= pt_sv_eq(map->keys[i]->text, pt_sv_of(words[k]));
        if (word)
            continue;
        put_yaml(&s, map->keys[i]);
        put_yaml(&s, map->items[i]);
    }
    def->hash = pt_hash128_of(pt_str_cstr(&s), s.len);
    l->nomem |= s.failed;
    pt_str_free(&s);
}

pt_rc pt_load_learning(pt_loader *l, pt_err *err)
{
    pt_project *p = l->project;
    size_t n = p->n_tags + p->n_segments;
    bool whole = l->diags->errors == 0;
    pt_module *module;

    for (const pt_pending_expression *e = l->expressions; e; e = e->next)
        n++;
    for (size_t i = 0; i < p->n_models; i++)
        hash_model(l, &l->models[i], l->model_maps[i]);
    const pt_catalog *catalog = p->n_models ? make_catalog(l, n) : NULL;
    if (!p->n_models)
        return PT_OK;
    if (!catalog)
        return pt_fail_nomem(err, "the models");
    PT_TRY(pt_load_expressions(l, &module, catalog, "models/", err));
    PT_TRY(take_answers(l, module, whole, err));
    if (!l->diags->errors)
        p->learning = module;
    return PT_OK;
}
