/* The part on all customers: what the catalogue's tags show, in a fixed order, and where a project has few of these, what
 * tells customers apart best. */
#include <math.h>
#include <stdlib.h>

#include "app/quality.h"
#include "app/view.h"
#include "report/advice.h"
#include "report/ask.h"

enum { ENOUGH = 8, MOST_ELSE = 8 }; /* figures of tags */

typedef enum base_chapter { STATE, WHO, DO, LIKE, ELSE, DATA, CHAPTERS } base_chapter;
typedef enum picture { SPREAD, TENTHS } picture;

static const struct shown {
    base_chapter chapter;
    const char *names;
    picture how;
} shown[] = {
#define X(chapter, names, how) {chapter, names, how},
#include "report/base_list.h"
#undef X
};

static const pt_word titles[CHAPTERS] = {PT_WORD_CHAPTER_STATE, PT_WORD_CHAPTER_WHO,  PT_WORD_CHAPTER_DO,
                                         PT_WORD_CHAPTER_LIKE,  PT_WORD_CHAPTER_ELSE, PT_WORD_CHAPTER_DATA};

typedef struct base {
    pt_draft *draft;
    pt_report_part *part;
    pt_chapter *chapters[CHAPTERS];
    bool *used; /* by tag */
    size_t figures;
} base;

static bool is_built(base *b, uint32_t tag, pt_err *err)
{
    const pt_column *c = NULL;
    pt_view *v;

    return pt_app_view(&v, b->draft->app, err) == PT_OK && pt_view_column(&c, v, tag, err) == PT_OK && c;
}

static pt_rc add_tag(base *b, base_chapter chapter, uint32_t tag, picture how, pt_err *err)
{
    pt_figure *f;

    if (!pt_draft_allows(b->draft, tag) || !is_built(b, tag, err))
        return PT_OK;
    if (how == TENTHS)
        return pt_draft_tenths(&f, b->draft, b->chapters[chapter], tag, err);
    if (b->used[tag])
        return PT_OK;
    PT_TRY(pt_draft_distribution(&f, b->draft, b->chapters[chapter], tag, err));
    b->used[tag] = true;
    b->figures += f != NULL;
    return PT_OK;
}

static pt_rc add_known_tags(base *b, base_chapter chapter, pt_err *err)
{
    for (size_t i = 0; i < PT_COUNT(shown); i++) {
        int tag = shown[i].chapter == chapter ? pt_draft_find(b->draft, shown[i].names) : -1;
        if (tag >= 0)
            PT_TRY(add_tag(b, chapter, (uint32_t)tag, shown[i].how, err));
    }
    return PT_OK;
}

/* Figures have their numbers in the order in which they are read. */
static pt_rc add_chapters(base *b, pt_err *err)
{
    pt_draft *d = b->draft;

    PT_TRY(add_known_tags(b, STATE, err));
    PT_TRY(pt_ask_tag_trend(d, b->chapters[STATE], "life_cycle", err));
    PT_TRY(pt_ask_rfm(d, b->chapters[STATE], PT_SV(""), err));
    PT_TRY(pt_ask_flow(d, b->chapters[STATE], PT_SV(""), err));
    PT_TRY(pt_ask_pyramid(d, b->chapters[WHO], PT_SV(""), err));
    PT_TRY(pt_ask_regions(d, b->chapters[WHO], PT_SV(""), b->used, err));
    PT_TRY(pt_ask_channels(d, b->chapters[WHO], PT_SV(""), b->used, err));
    PT_TRY(add_known_tags(b, WHO, err));
    PT_TRY(add_known_tags(b, DO, err));
    PT_TRY(pt_ask_hours(d, b->chapters[DO], PT_SV(""), err));
    PT_TRY(pt_ask_cohorts(d, b->chapters[DO], PT_SV(""), err));
    return add_known_tags(b, LIKE, err);
}

/* --- what else tells customers apart --------------------------------------------------------------------------------------- */

typedef struct candidate {
    uint32_t tag;
    double information; /* bits of an average customer */
} candidate;

/* Of values that most customers share, or that hardly two share, one learns little; of small ones nothing is shown. */
static double information_of(const pt_distribution *d, uint64_t least)
{
    double bits = 0, shown_share = 0;

    for (size_t i = 0; i < d->n_bars && d->known; i++) {
        double share = d->bars[i].count < least ? 0 : (double)d->bars[i].count / (double)d->known;
        bits -= share > 0 && share < 1 ? share * log2(share) : 0;
        shown_share += share;
    }
    return d->distinct < 2 || shown_share < 0.5 ? 0 : bits * (double)d->known / (double)d->customers;
}

static int by_information(const void *left, const void *right)
{
    const candidate *a = left, *b = right;

    if (a->information != b->information)
        return a->information < b->information ? 1 : -1;
    return a->tag < b->tag ? -1 : 1;
}

static pt_rc find_candidates(candidate *out, size_t *n, base *b, pt_err *err)
{
    pt_distribution d;

    for (uint32_t t = 0; t < b->draft->project->n_tags; t++) {
        if (b->used[t] || !pt_draft_allows(b->draft, t) || !is_built(b, t, err))
            continue;
        PT_TRY(pt_app_distribution(&d, b->draft->app, t, b->draft->arena, err));
        double information = information_of(&d, b->draft->project->min_group);
        if (information > 0)
            out[(*n)++] = (candidate){t, information};
    }
    qsort(out, *n, sizeof *out, by_information);
    return PT_OK;
}

static pt_rc add_informative_tags(base *b, pt_err *err)
{
    candidate *candidates = PT_NEW_ARRAY(b->draft->arena, candidate, b->draft->project->n_tags);
    size_t n = 0;

    if (!candidates)
        return pt_fail_nomem(err, "the report");
    PT_TRY(find_candidates(candidates, &n, b, err));
    for (size_t i = 0; i < n && i < MOST_ELSE && b->figures < ENOUGH; i++)
        PT_TRY(add_tag(b, ELSE, candidates[i].tag, SPREAD, err));
    return PT_OK;
}

/* --- quality -------------------------------------------------------------------------------------------------------------- */

static void fill_source(pt_draft *d, pt_figure *f, size_t row, const pt_quality_source *s)
{
    pt_words *w = &d->words;
    const pt_source *source = &d->project->sources[s->source];

    f->rows[row] = pt_label_text(&source->label, w->lang, source->name);
    pt_figure_set(f, row, 0, s->score, isnan(s->score) ? PT_WORD(w, NONE) : pt_words_index(w, s->score));
    pt_figure_set(f, row, 1, (double)NAN, pt_words_count(w, s->rows));
    pt_figure_set(f, row, 2, (double)NAN, pt_words_count(w, s->n_findings));
}

static pt_rc draw_quality(base *b, const pt_quality_report *q, pt_err *err)
{
    pt_draft *d = b->draft;
    pt_words *w = &d->words;
    pt_figure *f = pt_draft_figure(d, b->chapters[DATA], PT_CHART_BARS, PT_WORD(w, FIGURE_QUALITY), q->n_sources, 3);

    if (!f)
        return pt_fail_nomem(err, "the report");
    pt_figure_columns(
        d, f, (const char *const[]){PT_WORD(w, COLUMN_SCORE), PT_WORD(w, COLUMN_ROWS), PT_WORD(w, COLUMN_FINDINGS)}, 1);
    f->about = PT_WORD(w, ABOUT_QUALITY);
    f->row_title = PT_WORD(w, COLUMN_SOURCE);
    for (size_t i = 0; i < q->n_sources; i++)
        fill_source(d, f, i, &q->sources[i]);
    pt_draft_tile(d, &d->report->tiles, PT_WORD(w, TILE_QUALITY), pt_words_index(w, q->score), PT_WORD(w, TILE_OF_100));
    pt_draft_fact(
        d, &(pt_fact){
               .tag = PT_FACT_NO_TAG, .value = PT_SV("data_quality"), .share = q->score / 100, .figure = f->number});
    return pt_words_check(w, err);
}

/* A store that is gone, or that a build holds, has no report: then there is none here. */
static pt_rc add_quality(base *b, pt_err *err)
{
    pt_quality_report q;
    pt_err own = {0};
    pt_rc rc = pt_app_quality(&q, b->draft->app, NULL, b->draft->arena, &own);

    if (rc == PT_ENOMEM || rc == PT_ECANCELED) {
        *err = own;
        return rc;
    }
    return rc == PT_OK && q.n_sources && !isnan(q.score) ? draw_quality(b, &q, err) : PT_OK;
}

pt_rc pt_draft_base(pt_draft *d, pt_err *err)
{
    base b = {.draft = d, .part = pt_draft_part(d, "all", PT_WORD(&d->words, BASE_TITLE))};

    b.used = pt_arena_alloc(d->arena, d->project->n_tags + 1);
    for (size_t c = 0; b.part && c < CHAPTERS; c++)
        b.chapters[c] = pt_draft_chapter(d, b.part, pt_word_text(&d->words, titles[c]));
    PT_TRY(pt_words_check(&d->words, err));
    if (!b.used)
        return pt_fail_nomem(err, "the report");
    memset(b.used, 0, d->project->n_tags + 1);
    b.part->lead = PT_WORD(&d->words, BASE_LEAD);
    if (d->report->customers < d->project->min_group) {
        b.part->note = PT_WORDS(&d->words, NOTE_TOO_FEW, pt_words_count(&d->words, d->project->min_group));
        return pt_words_check(&d->words, err);
    }
    pt_draft_facts(d, false);
    PT_TRY(add_chapters(&b, err));
    PT_TRY(add_informative_tags(&b, err));
    PT_TRY(add_quality(&b, err));
    PT_TRY(pt_ask_quality_trend(d, b.chapters[DATA], err));
    pt_advice_tell(d, b.part);
    if (!b.part->conclusions)
        pt_advice_tell_most(d, b.part);
    return pt_words_check(&d->words, err);
}
