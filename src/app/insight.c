#include "app/crowd_scan.h"
#include "app/insight_int.h"

/* --- the two groups --------------------------------------------------------------------------------------------------------- */

/* The segment, and those it is compared with who are outside it. */
static pt_rc fill_groups(insight_run *r, pt_err *err)
{
    const pt_slice_kernels *k = pt_slice_kernels_best();

    PT_TRY(pt_crowd_bits(&r->segment.bits, r->query, r->query->crowd, err));
    PT_TRY(pt_crowd_bits(&r->rest.bits, r->versus, r->versus->crowd, err));
    for (uint32_t b = 0; b < pt_crowd_blocks(r->query->crowd); b++) {
        uint64_t *in = r->segment.bits + (size_t)b * PT_BLOCK_WORDS, *out = r->rest.bits + (size_t)b * PT_BLOCK_WORDS;
        k->and_not_row(out, in);
        r->segment.n += k->count(in);
        r->rest.n += k->count(out);
    }
    return PT_OK;
}

/* --- counts ----------------------------------------------------------------------------------------------------------------- */

/* Against all customers the index knows the totals: the rest is what the segment does not have. */
static pt_rc count_rest(uint64_t *rest, const uint64_t *segment, insight_run *r, pt_err *err)
{
    if (r->out->versus)
        return pt_insight_tally(rest, r, &r->rest, err);
    for (size_t i = 0; i < r->out->n_tags; i++) {
        const insight_source *s = &r->sources[i];
        if (!s->tally)
            continue;
        const uint64_t *all = pt_tagindex_counts(s->index);
        for (size_t c = 0; c < pt_tally_size(s->tally); c++)
            rest[s->at + c] = all[c] - (all[c] < segment[s->at + c] ? all[c] : segment[s->at + c]);
    }
    return PT_OK;
}

static pt_rc describe(insight_run *r, pt_err *err)
{
    uint64_t *segment, *rest;

    PT_TRY(pt_insight_read_sources(r, err));
    segment = PT_NEW_ARRAY(r->arena, uint64_t, r->n_counts);
    rest = PT_NEW_ARRAY(r->arena, uint64_t, r->n_counts);
    if (!segment || !rest)
        return pt_fail_nomem(err, "an insight");
    PT_TRY(pt_insight_definitions(r, err));
    PT_TRY(pt_insight_tally(segment, r, &r->segment, err));
    PT_TRY(count_rest(rest, segment, r, err));
    insight_sides sides = {&r->segment, &r->rest, r->out->versus, segment, rest};
    PT_TRY(pt_insight_describe((pt_insight_tag *)r->out->tags, r, &sides, err));
    PT_TRY(pt_insight_rank(r, err));
    PT_TRY(pt_insight_split(r, segment, err));
    return pt_insight_cross_all(r, err);
}

/* --- the call --------------------------------------------------------------------------------------------------------------- */

static pt_rc open_queries(insight_run *r, pt_app *app, pt_sv condition, pt_diags *diags, pt_err *err)
{
    const pt_insight_options *o = r->options;

    r->query = PT_NEW(r->arena, pt_crowd_query);
    r->versus = PT_NEW(r->arena, pt_crowd_query);
    if (!r->query || !r->versus)
        return pt_fail_nomem(err, "an insight");
    PT_TRY(pt_crowd_query_open(r->query, app, condition, &o->crowd, diags, r->arena, err));
    return pt_crowd_query_open(r->versus, app, o->vs, &o->crowd, diags, r->arena, err);
}

/* Whether there is anybody to describe, and somebody to compare with. */
static void set_sizes(insight_run *r)
{
    pt_insight *out = r->out;

    out->members = r->segment.n;
    out->base = r->rest.n + (out->versus ? 0 : r->segment.n);
    out->everybody = r->rest.n == 0;
    out->small =
        r->segment.n < r->least || (r->rest.n > 0 && r->rest.n < r->least) || (out->versus && r->rest.n < r->least);
}

pt_rc pt_app_insight(pt_insight *out, pt_app *app, pt_sv condition, const pt_insight_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err)
{
    insight_run r = {.out = out, .options = options, .arena = arena};

    *out = (pt_insight){.by = -1, .versus = pt_sv_trim(options->vs).len > 0};
    PT_TRY(open_queries(&r, app, condition, diags, err));
    out->customers = r.query->view->n_customers;
    out->as_of = r.query->view->as_of;
    out->min_group = r.query->view->project->min_group;
    r.least = out->min_group;
    PT_TRY(pt_crowd_text(&out->text, r.query, err));
    PT_TRY(pt_crowd_text(&out->vs_text, r.versus, err));
    PT_TRY(fill_groups(&r, err));
    set_sizes(&r);
    return out->small ? PT_OK : describe(&r, err);
}
