#include "app/rule_sizes.h"

#include "app/crowd_query.h"
#include "app/proof.h"
#include "app/rules.h"
#include "index/memberset.h"

typedef struct sizing {
    pt_crowd_query query;
    pt_logic_tree tree;
    size_t words;
    pt_arena *arena;
} sizing;

static uint64_t count_bits(const sizing *s, const uint64_t *bits)
{
    uint64_t n = 0;

    for (size_t w = 0; w < s->words; w++)
        n += (uint64_t)__builtin_popcountll(bits[w]);
    return n;
}

static pt_rc find_members(uint64_t **out, sizing *s, const pt_node *node, pt_err *err)
{
    pt_crowd *crowd;

    PT_TRY(pt_crowd_plan(&crowd, &s->query, node, err));
    return pt_crowd_bits(out, &s->query, crowd, err);
}

static pt_rc size_part(pt_rule_size *out, uint64_t **bits, sizing *s, const pt_logic *l, pt_err *err);

/* The parts one after the other, each with those before it. */
static pt_rc size_parts(pt_rule_size *out, sizing *s, pt_err *err)
{
    const pt_logic *l = out->logic;
    pt_rule_size *parts = PT_NEW_ARRAY(s->arena, pt_rule_size, l->n_parts);
    uint64_t *so_far = NULL, *bits;

    if (!parts)
        return pt_fail_nomem(err, "the sizes");
    out->parts = parts;
    for (size_t i = 0; i < l->n_parts; i++) {
        PT_TRY(size_part(&parts[i], &bits, s, l->parts[i], err));
        if (!so_far)
            so_far = bits;
        for (size_t w = 0; w < s->words; w++)
            so_far[w] = l->kind == PT_LOGIC_OR ? so_far[w] | bits[w] : so_far[w] & bits[w];
        parts[i].so_far = count_bits(s, so_far);
        out->n_parts++;
    }
    return PT_OK;
}

static pt_rc size_part(pt_rule_size *out, uint64_t **bits, sizing *s, const pt_logic *l, pt_err *err)
{
    out->logic = l;
    PT_TRY(find_members(bits, s, l->node, err));
    out->members = out->so_far = count_bits(s, *bits);
    return size_parts(out, s, err);
}

pt_rc pt_app_rule_sizes(pt_rule_sizes *out, pt_app *app, pt_sv what, const pt_crowd_options *options, pt_diags *diags,
                        pt_arena *arena, pt_err *err)
{
    sizing *s = PT_NEW(arena, sizing);
    const pt_node *node;
    pt_rules rules;
    uint64_t *bits;

    *out = (pt_rule_sizes){0};
    if (!s)
        return pt_fail_nomem(err, "the sizes");
    s->arena = arena;
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_rules_of(&rules, app->project, arena, err));
    PT_TRY(pt_rules_parse(&node, &s->tree, &rules, pt_sv_trim(what), diags, arena, err));
    out->segment = pt_rules_segment(&rules, node);
    out->catalog = rules.module->catalog;
    PT_TRY(pt_node_text(&out->text, node, out->catalog, arena, err));
    PT_TRY(pt_crowd_query_open(&s->query, app, PT_SV(""), options, diags, arena, err));
    s->words = pt_members_words(s->query.view->n_ordinals);
    out->as_of = s->query.view->as_of;
    out->customers = s->query.view->n_customers;
    return size_part(&out->root, &bits, s, s->tree.root, err);
}
