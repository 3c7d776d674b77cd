#include "report/ask.h"

#include "app/catalogue.h"

/* Whether an answer is only that there is nothing to ask about. What was wrong then goes no further. */
static bool is_nothing(pt_rc rc)
{
    return rc == PT_ENOTFOUND || rc == PT_EINVAL;
}

/* Passes on what is worth failing for. */
static pt_rc settle(pt_rc rc, const pt_err *own, pt_err *err)
{
    if (rc == PT_OK || is_nothing(rc))
        return PT_OK;
    *err = *own;
    return rc;
}

static pt_crowd_options crowd_options(const pt_draft *d)
{
    return (pt_crowd_options){.threads = d->options->threads, .cancel = d->options->cancel};
}

pt_rc pt_ask_pyramid(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err)
{
    pt_pyramid_options options = {.crowd = crowd_options(d)};
    pt_err own = {0};
    pt_pyramid in;
    pt_rc rc = pt_app_pyramid(&in, d->app, condition, &options, d->diags, d->arena, &own);

    if (rc == PT_OK)
        pt_draw_pyramid(d, chapter, &in);
    return settle(rc, &own, err);
}

static void mark_shown(const pt_draft *d, const pt_levels *in, unsigned before, bool *shown)
{
    for (unsigned t = 0; t < in->n_tags && d->report->n_figures > before; t++)
        shown[in->tags[t]] = true;
}

pt_rc pt_ask_regions(pt_draft *d, pt_chapter *chapter, pt_sv condition, bool *shown, pt_err *err)
{
    pt_levels_options options = {.crowd = crowd_options(d), .level = PT_REGION_ANY};
    unsigned before = d->report->n_figures;
    pt_err own = {0};
    pt_levels in;
    pt_rc rc = pt_app_regions(&in, d->app, condition, &options, d->diags, d->arena, &own);

    if (rc == PT_OK) {
        pt_draw_levels(d, chapter, &in, PT_WORD(&d->words, FIGURE_REGIONS));
        mark_shown(d, &in, before, shown);
    }
    return settle(rc, &own, err);
}

pt_rc pt_ask_channels(pt_draft *d, pt_chapter *chapter, pt_sv condition, bool *shown, pt_err *err)
{
    pt_levels_options options = {.crowd = crowd_options(d)};
    unsigned before = d->report->n_figures;
    pt_err own = {0};
    pt_levels in;
    pt_rc rc = pt_app_channels(&in, d->app, condition, &options, d->diags, d->arena, &own);

    if (rc == PT_OK) {
        pt_draw_levels(d, chapter, &in, PT_WORD(&d->words, FIGURE_CHANNELS));
        mark_shown(d, &in, before, shown);
    }
    return settle(rc, &own, err);
}

pt_rc pt_ask_rfm(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err)
{
    pt_rfm_options options = {.crowd = crowd_options(d)};
    pt_err own = {0};
    pt_rfm in;
    pt_rc rc = pt_app_rfm(&in, d->app, condition, &options, d->diags, d->arena, &own);

    if (rc == PT_OK)
        pt_draw_rfm(d, chapter, &in);
    return settle(rc, &own, err);
}

pt_rc pt_ask_flow(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err)
{
    pt_flow_options options = {.crowd = crowd_options(d)};
    pt_err own = {0};
    pt_flow in;
    pt_rc rc = pt_app_flow(&in, d->app, condition, &options, d->diags, d->arena, &own);

    if (rc == PT_OK)
        pt_draw_flow(d, chapter, &in);
    return settle(rc, &own, err);
}

/* --- over time ------------------------------------------------------------------------------------------------------------ */

pt_rc pt_ask_tag_trend(pt_draft *d, pt_chapter *chapter, const char *names, pt_err *err)
{
    int tag = pt_draft_find(d, names);
    pt_err own = {0};
    pt_tag_trend in;

    if (tag < 0)
        return PT_OK;
    pt_rc rc = pt_app_tag_trend(&in, d->app, (uint32_t)tag, d->arena, &own);
    if (rc == PT_OK)
        pt_draw_tag_trend(d, chapter, &in);
    return settle(rc, &own, err);
}

pt_rc pt_ask_quality_trend(pt_draft *d, pt_chapter *chapter, pt_err *err)
{
    pt_quality_trend in;
    pt_err own = {0};
    pt_rc rc = pt_app_quality_trend(&in, d->app, d->arena, &own);

    if (rc == PT_OK)
        pt_draw_quality_trend(d, chapter, &in);
    return settle(rc, &own, err);
}

pt_rc pt_ask_segment_trend(pt_draft *d, pt_report_part *part, pt_chapter *chapter, const char *segment, pt_err *err)
{
    pt_segment_trend in;
    pt_err own = {0};
    pt_rc rc = pt_app_segment_trend(&in, d->app, segment, d->arena, &own);

    if (rc == PT_OK)
        pt_draw_segment_trend(d, part, chapter, &in);
    return settle(rc, &own, err);
}

/* --- events --------------------------------------------------------------------------------------------------------------- */

/* The source that plays the role of purchases; empty when none does. A project whose roles are wrong has none here. */
static pt_rc find_purchases(pt_sv *out, pt_draft *d, pt_err *err)
{
    const pt_catalogue_plan *plan;
    pt_err own = {0};
    pt_rc rc = pt_app_plan(&plan, d->app, d->arena, &own);
    int role = rc == PT_OK ? pt_catalogue_find_role(plan->catalogue, PT_SV("purchases")) : -1;
    int source = role >= 0 ? plan->bindings[role].source : -1;

    *out = source >= 0 ? pt_sv_of(d->project->sources[source].name) : PT_SV("");
    return settle(rc, &own, err);
}

static pt_journey_options journey_options(const pt_draft *d, pt_sv condition)
{
    return (pt_journey_options){.threads = d->options->threads, .cancel = d->options->cancel, .segment = condition};
}

pt_rc pt_ask_hours(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err)
{
    pt_journey_options options = journey_options(d, condition);
    pt_err own = {0};
    pt_heatmap in;
    pt_sv event;

    PT_TRY(find_purchases(&event, d, err));
    if (!event.len)
        return PT_OK;
    pt_rc rc = pt_app_heatmap(&in, d->app, event, &options, d->diags, d->arena, &own);
    if (rc == PT_OK)
        pt_draw_heatmap(d, chapter, &in);
    return settle(rc, &own, err);
}

pt_rc pt_ask_cohorts(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err)
{
    enum { MONTHS = 12 };
    pt_journey_options options = journey_options(d, condition);
    pt_cohort_question question = {
        .every = PT_EVERY_MONTH, .periods = MONTHS, .from = PT_I32_MISSING, .to = PT_I32_MISSING};
    pt_err own = {0};
    pt_cohort in;

    PT_TRY(find_purchases(&question.event, d, err));
    if (!question.event.len)
        return PT_OK;
    pt_rc rc = pt_app_cohort(&in, d->app, &question, &options, d->diags, d->arena, &own);
    if (rc == PT_OK)
        pt_draw_cohort(d, chapter, &in);
    return settle(rc, &own, err);
}
