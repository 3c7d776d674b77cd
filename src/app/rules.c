#include "app/rules.h"

#include "app/proof.h"

bool pt_rules_asks_history(const pt_node *node)
{
    if (node->kind == PT_NODE_WAS)
        return true;
    for (uint32_t i = 0; i < node->n_args; i++)
        if (pt_rules_asks_history(node->args[i]))
            return true;
    return false;
}

/* --- the module --------------------------------------------------------------------------------------------------------------- */

static bool is_worked_out(const pt_segment *s)
{
    return s->kind == PT_SEGMENT_DYNAMIC && s->node && !pt_rules_asks_history(s->node);
}

/* A segment keeps those of whom its condition is true: all others are known not to be in it. */
static pt_rc write_segment(pt_lang_tag *out, const pt_project *p, const pt_segment *s, pt_arena *arena, pt_err *err)
{
    const char *text;

    *out = (pt_lang_tag){.name = s->name, .segment = true, .external = true, .type = PT_TYPE_BOOL, .version = 1};
    if (!is_worked_out(s))
        return PT_OK;
    PT_TRY(pt_node_text(&text, s->node, p->conditions->catalog, arena, err));
    const char *two_valued = pt_arena_printf(arena, "coalesce(%s, false)", text);
    if (!two_valued)
        return pt_fail_nomem(err, "the segments");
    out->external = false;
    out->value = pt_sv_of(two_valued);
    out->place = (pt_place){.file = s->name, .text = out->value, .line = 1, .col = 1, .length = 1};
    return PT_OK;
}

/* A space is in no name of a project. */
static pt_rc write_extra(pt_lang_tag *out, const pt_project *p, const pt_node *node, size_t number, pt_arena *arena,
                         pt_err *err)
{
    const char *name = pt_arena_printf(arena, "condition %zu", number), *text;

    PT_TRY(pt_node_text(&text, node, p->conditions->catalog, arena, err));
    if (!name)
        return pt_fail_nomem(err, "the segments");
    *out = (pt_lang_tag){.name = name, .value = pt_sv_of(text), .type = PT_TYPE_BOOL, .version = 1};
    out->place = (pt_place){.file = "expression", .text = out->value, .line = 1, .col = 1, .length = 1};
    return PT_OK;
}

static pt_rc check_catalog(pt_rules *out, const pt_project *p, const pt_catalog *catalog, pt_arena *arena, pt_err *err)
{
    pt_module *module;
    pt_diags diags;

    pt_diags_init(&diags, arena);
    pt_rc rc = pt_lang_check(&module, catalog, &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    *out = (pt_rules){p, rc == PT_OK ? module : NULL};
    return rc;
}

pt_rc pt_rules_with(pt_rules *out, const pt_project *p, const pt_node *const *nodes, size_t n, pt_arena *arena,
                    pt_err *err)
{
    pt_catalog *catalog = PT_NEW(arena, pt_catalog);
    pt_lang_tag *tags = PT_NEW_ARRAY(arena, pt_lang_tag, p->n_tags + p->n_segments + n);

    if (!catalog || !tags)
        return pt_fail_nomem(err, "the segments");
    for (size_t t = 0; t < p->n_tags; t++)
        tags[t] = p->catalog.tags[t];
    for (size_t s = 0; s < p->n_segments; s++)
        PT_TRY(write_segment(&tags[p->n_tags + s], p, &p->segments[s], arena, err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(write_extra(&tags[p->n_tags + p->n_segments + i], p, nodes[i], i, arena, err));
    *catalog = p->catalog;
    catalog->tags = tags;
    catalog->n_tags = p->n_tags + p->n_segments + n;
    catalog->history = true;
    return check_catalog(out, p, catalog, arena, err);
}

pt_rc pt_rules_of(pt_rules *out, const pt_project *p, pt_arena *arena, pt_err *err)
{
    return pt_rules_with(out, p, NULL, 0, arena, err);
}

/* --- conditions --------------------------------------------------------------------------------------------------------------- */

static const pt_node *rule_of(void *ctx, uint32_t tag)
{
    const pt_project *p = ((const pt_rules *)ctx)->project;
    const pt_segment *s = tag >= p->n_tags ? &p->segments[tag - p->n_tags] : NULL;

    return s && s->kind == PT_SEGMENT_DYNAMIC ? s->node : NULL;
}

pt_rc pt_rules_parse(const pt_node **node, pt_logic_tree *tree, const pt_rules *r, pt_sv what, pt_diags *diags,
                     pt_arena *arena, pt_err *err)
{
    pt_place place = {.file = "expression", .text = what, .line = 1, .col = 1, .length = 1};
    pt_logic_names names = {rule_of, (void *)(uintptr_t)r};

    PT_TRY(pt_lang_expression(node, r->module, what, place, PT_TYPE_BOOL, diags, arena, err));
    if (!*node)
        return pt_diags_result(diags, err);
    return pt_logic_of(tree, *node, &names, arena, err);
}

int pt_rules_segment(const pt_rules *r, const pt_node *leaf)
{
    return leaf->kind == PT_NODE_TAG && leaf->u.tag >= r->project->n_tags ? (int)(leaf->u.tag - r->project->n_tags)
                                                                          : -1;
}

pt_rc pt_rules_given(bool *given, const pt_rules *r, const pt_node *node, pt_arena *arena, pt_err *err)
{
    const pt_project *p = r->project;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, arena, err));
    for (size_t i = 0; i < uses.n_tags; i++) {
        const pt_segment *s = uses.tags[i] >= p->n_tags ? &p->segments[uses.tags[i] - p->n_tags] : NULL;
        if (s && is_worked_out(s))
            PT_TRY(pt_rules_given(given, r, s->node, arena, err));
        else if (s)
            given[s - p->segments] = true;
    }
    return PT_OK;
}
