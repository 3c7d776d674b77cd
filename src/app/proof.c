#include "app/proof.h"

pt_rc pt_node_text(const char **out, const pt_node *node, const pt_catalog *catalog, pt_arena *arena, pt_err *err)
{
    pt_str text = {0};

    pt_lang_print(&text, node, catalog);
    pt_rc rc = pt_str_check(&text, err);
    *out = rc == PT_OK ? pt_arena_strndup(arena, pt_str_cstr(&text), text.len) : NULL;
    pt_str_free(&text);
    return rc == PT_OK && !*out ? pt_fail_nomem(err, "the explanation") : rc;
}

/* The last PT_PROOF_EVENTS of a leaf's events, with their times. */
static pt_rc keep_events(pt_proof *proof, const pt_events *events, const pt_leaf *leaf, pt_arena *arena, pt_err *err)
{
    size_t n = leaf->n_events < PT_PROOF_EVENTS ? leaf->n_events : PT_PROOF_EVENTS, from = leaf->n_events - n;
    int64_t *times = PT_NEW_ARRAY(arena, int64_t, n);

    if (!times)
        return pt_fail_nomem(err, "the explanation");
    for (size_t i = 0; i < n; i++)
        times[i] = events[leaf->sources[from + i]].time[leaf->events[from + i]];
    proof->n_events = leaf->n_events;
    proof->n_shown = n;
    proof->events = leaf->events + from;
    proof->event_sources = leaf->sources + from;
    proof->times = times;
    return PT_OK;
}

pt_rc pt_proof_of(pt_proof *out, const pt_project *project, const pt_events *events, const pt_leaf *leaf,
                  pt_arena *arena, pt_err *err)
{
    pt_uses uses;

    PT_TRY(pt_node_text(&out->text, leaf->node, &project->catalog, arena, err));
    PT_TRY(pt_lang_uses(&uses, leaf->node, arena, err));
    out->columns = uses.columns;
    out->n_columns = uses.n_columns;
    out->value = *leaf->value;
    out->changes_at = leaf->expires;
    return keep_events(out, events, leaf, arena, err);
}

bool pt_proof_belongs(const pt_node *tree, const pt_node *leaf)
{
    bool found = tree->kind == leaf->kind && pt_node_equal(tree, leaf);

    for (uint32_t i = 0; i < tree->n_args && !found; i++)
        found = pt_proof_belongs(tree->args[i], leaf);
    if (!found && tree->kind == PT_NODE_AGGREGATE && tree->u.agg->where)
        found = pt_proof_belongs(tree->u.agg->where, leaf);
    return found;
}
