#include "app/build_int.h"
#include "app/clock.h"
#include "app/conflicts.h"
#include "app/definitions.h"
#include "app/inputs.h"

/* The counts a manifest keeps: of the whole, then "events.<source>", "rows.<source>", "quarantined.<source>", and
 * "conflicts.<tag>": customers whose sources of a merged tag disagree; "model.<name>": the version that gave its tags. */
static pt_rc fill_counts(pt_manifest *m, const pt_build *b, pt_err *err)
{
    const pt_project *p = b->project;
    pt_manifest_number *counts =
        PT_NEW_ARRAY(b->arena, pt_manifest_number, 3 + 3 * p->n_sources + b->result->n_conflicts + p->n_models);
    size_t n = 0;

    if (!counts)
        return pt_fail_nomem(err, "the manifest");
    counts[n++] = (pt_manifest_number){"customers", (double)b->resolved.customers};
    counts[n++] = (pt_manifest_number){"identifiers", (double)b->resolved.identifiers};
    counts[n++] = (pt_manifest_number){"tags", (double)p->n_tags};
    for (size_t s = 0; s < p->n_sources; s++) {
        const pt_build_source *stats = &b->sources[s];
        const char *rows = pt_arena_printf(b->arena, "rows.%s", stats->name);
        const char *bad = pt_arena_printf(b->arena, "quarantined.%s", stats->name);
        const char *events = pt_arena_printf(b->arena, "events.%s", stats->name);
        if (!rows || !bad || !events)
            return pt_fail_nomem(err, "the manifest");
        counts[n++] = (pt_manifest_number){rows, (double)stats->read.rows};
        counts[n++] = (pt_manifest_number){bad, (double)stats->read.quarantined};
        if (stats->has_timeline)
            counts[n++] = (pt_manifest_number){events, (double)stats->events};
    }
    for (size_t i = 0; i < b->result->n_conflicts; i++) {
        const pt_conflict *c = &b->result->conflicts[i];
        const char *name = pt_arena_printf(b->arena, "conflicts.%s", p->tags[c->tag].name);
        if (!name)
            return pt_fail_nomem(err, "the manifest");
        counts[n++] = (pt_manifest_number){name, (double)c->differing};
    }
    for (size_t i = 0; i < b->result->n_models; i++) {
        const pt_build_model *model = &b->result->models[i];
        const char *name = pt_arena_printf(b->arena, "model.%s", model->name);
        if (!name)
            return pt_fail_nomem(err, "the manifest");
        if (model->version)
            counts[n++] = (pt_manifest_number){name, (double)model->version};
    }
    m->counts = counts;
    m->n_counts = n;
    return PT_OK;
}

static pt_rc fill_stages(pt_manifest *m, const pt_build *b, pt_err *err)
{
    pt_manifest_number *stages = PT_NEW_ARRAY(b->arena, pt_manifest_number, PT_STAGE_PUBLISH);

    if (!stages)
        return pt_fail_nomem(err, "the manifest");
    for (pt_stage s = 0; s < PT_STAGE_PUBLISH; s++)
        stages[s] = (pt_manifest_number){pt_stage_name(s), b->result->seconds[s]};
    m->stages = stages;
    m->n_stages = PT_STAGE_PUBLISH;
    return PT_OK;
}

pt_rc pt_stage_publish(pt_build *b, pt_err *err)
{
    pt_manifest m = {.as_of = b->as_of,
                     .built_at = pt_clock_now(),
                     .zone = b->project->zone_name,
                     .program = PORTRAIT_VERSION,
                     .engine = pt_store_engine(),
                     .made_from = b->made_from,
                     .tags_hash = b->project->tags_hash};

    PT_TRY(pt_cancel_check(b->options->cancel, err));
    PT_TRY(pt_history_keep(b, err));
    PT_TRY(pt_trend_keep(b, err));
    PT_TRY(fill_counts(&m, b, err));
    PT_TRY(fill_stages(&m, b, err));
    PT_TRY(pt_definitions_of(&m.definitions, &m.n_definitions, b->project, b->arena, err));
    PT_TRY(pt_inputs_of(&m.inputs, &m.n_inputs, b->project, b->conn, b->arena, err));
    b->result->generation = pt_arena_strdup(b->arena, pt_draft_name(b->draft));
    if (!b->result->generation)
        return pt_fail_nomem(err, "the manifest");
    PT_TRY(pt_draft_publish(b->draft, &m, err));
    pt_history_published(b);
    return PT_OK;
}
