/* The report of a project: its cover, then its parts. */
#include "app/view.h"
#include "report/draft.h"

static pt_rc fill_cover(pt_draft *d, pt_err *err)
{
    pt_report *r = d->report;
    pt_words *w = &d->words;
    pt_view *v;

    PT_TRY(pt_app_view(&v, d->app, err));
    r->project = pt_label_text(&d->project->label, w->lang, d->project->name);
    r->title = PT_WORD(w, TITLE);
    r->as_of = pt_words_day(w, v->as_of);
    r->generation = pt_arena_strdup(d->arena, pt_generation_manifest(v->generation)->generation);
    r->customers = v->n_customers;
    r->min_group = d->project->min_group;
    r->subtitle = PT_WORDS(w, SUBTITLE, r->as_of, pt_words_count(w, r->customers));
    pt_draft_tile(d, &r->tiles, PT_WORD(w, TILE_CUSTOMERS), pt_words_count(w, r->customers), NULL);
    pt_draft_tile(d, &r->tiles, PT_WORD(w, TILE_TAGS), pt_words_count(w, d->project->n_tags), NULL);
    return r->generation ? pt_words_check(w, err) : pt_fail_nomem(err, "the report");
}

/* A condition that is only the name of a saved segment is that segment. */
static const pt_segment *find_saved(const pt_project *p, pt_sv condition)
{
    for (size_t i = 0; i < p->n_segments; i++)
        if (pt_sv_eq(pt_sv_of(p->segments[i].name), pt_sv_trim(condition)))
            return &p->segments[i];
    return NULL;
}

static pt_rc add_segments(pt_draft *d, pt_err *err)
{
    pt_sv one = d->options->segment;

    if (one.len)
        return pt_draft_segment(d, find_saved(d->project, one), one, err);
    for (size_t i = 0; i < d->project->n_segments; i++)
        PT_TRY(pt_draft_segment(d, &d->project->segments[i], PT_SV(""), err));
    return PT_OK;
}

pt_rc pt_report_gather(pt_report *out, pt_app *app, const pt_report_options *options, pt_diags *diags, pt_arena *arena,
                       pt_err *err)
{
    pt_draft d = {
        .report = out, .app = app, .project = pt_app_project(app), .options = options, .arena = arena, .diags = diags};

    d.words = pt_words_in(options->lang, d.project, arena);
    *out = (pt_report){.lang = d.words.lang};
    PT_TRY(fill_cover(&d, err));
    PT_TRY(pt_draft_base(&d, err));
    PT_TRY(add_segments(&d, err));
    return pt_words_check(&d.words, err);
}
