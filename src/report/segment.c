/* The part on a segment: what sets it apart, then group by group of tags what its members are, do and like, each value against
 * all customers. The insight of app/ is the only source: it has already left out what describes too few. */
#include <math.h>
#include <stdlib.h>

#include "app/insight.h"
#include "report/advice.h"
#include "report/ask.h"
#include "report/segment.h"

enum {
    HEADLINE = 10,
    TOLD_LINES = 4,
    TOLD_NUMBERS = 2,
    MOST_NUMBERS = 8,
    MOST_IN_CHAPTER = 4,
    MOST_ROWS = 12,
    TILES = 3
};
static const double q_limit = 0.05, small_delta = 0.147; /* below it Cliff's delta is called negligible (Romano 2006) */

typedef enum subject { WHO, DO, LIKE, SUBJECTS } subject;

/* Groups of tags, by the beginning of their paths, and what they tell; all others tell what customers do. */
static const struct {
    const char *prefix;
    subject about;
} groups[] = {
    {"basic", WHO},
    {"social", WHO},
    {"business", WHO},
    {"interview", WHO},
    {"consumption/brand", LIKE},
    {"consumption/preference", LIKE},
    {"consumption/price", LIKE},
    {"promotion", LIKE},
    {"psychology", LIKE},
};

static const pt_word titles[SUBJECTS] = {PT_WORD_CHAPTER_WHO, PT_WORD_CHAPTER_DO, PT_WORD_CHAPTER_LIKE};

typedef struct part {
    pt_draft *draft;
    pt_report_part *out;
    const pt_insight *in;
    unsigned *figures; /* by place in in->tags: the figure that shows the tag; 0: none */
} part;

static subject subject_of(const pt_tag *tag)
{
    for (size_t i = 0; i < PT_COUNT(groups); i++) {
        size_t n = strlen(groups[i].prefix);
        if (strncmp(tag->group, groups[i].prefix, n) == 0 && (!tag->group[n] || tag->group[n] == '/'))
            return groups[i].about;
    }
    return DO;
}

static bool is_told(const part *p, const pt_insight_tag *t)
{
    return t->state == PT_INSIGHT_TOLD && pt_draft_allows(p->draft, t->tag);
}

static const char *value_name(pt_words *w, uint32_t tag, const pt_insight_value *v)
{
    pt_bar bar = {.text = v->text, .low = v->low, .high = v->closed ? v->low : v->high};

    return pt_words_value(w, tag, &bar);
}

static bool differs(const pt_insight_value *v)
{
    return v->contrast.q < q_limit;
}

/* Of many numbers some differ by chance: each is asked for a share of the usual 5 %. */
static bool numbers_differ(const part *p, const pt_insight_tag *t)
{
    return t->ordered && t->effect.p_ranks * (double)p->in->n_tags < q_limit && fabs(t->effect.delta) >= small_delta &&
           !isnan(t->segment.median) && !isnan(t->base.median);
}

/* --- facts, which figures and sentences are chosen by ------------------------------------------------------------------- */

static pt_fact fact_of_value(pt_words *w, const pt_insight_tag *t, const pt_insight_value *v)
{
    return (pt_fact){.tag = t->tag,
                     .value = v->text,
                     .value_text = value_name(w, t->tag, v),
                     .share = v->contrast.share,
                     .base_share = v->contrast.base_share,
                     .index = v->contrast.tgi,
                     .significant = differs(v)};
}

static pt_fact fact_of_numbers(const part *p, const pt_insight_tag *t)
{
    return (pt_fact){.tag = t->tag,
                     .share = (double)NAN,
                     .base_share = (double)NAN,
                     .index = (double)NAN,
                     .median = t->segment.median,
                     .base_median = t->base.median,
                     .significant = numbers_differ(p, t)};
}

static void collect_facts(part *p)
{
    for (size_t i = 0; i < p->in->n_tags; i++) {
        const pt_insight_tag *t = &p->in->tags[i];
        if (!is_told(p, t))
            continue;
        for (size_t k = 0; k < t->n_values; k++) {
            pt_fact fact = fact_of_value(&p->draft->words, t, &t->values[k]);
            if (fact.value.ptr)
                pt_draft_fact(p->draft, &fact);
        }
        pt_fact fact = fact_of_numbers(p, t);
        if (t->ordered)
            pt_draft_fact(p->draft, &fact);
    }
}

static bool is_wanted(const part *p, uint32_t tag)
{
    for (size_t i = 0; i < p->draft->facts.n; i++)
        if (p->draft->facts.list[i].wanted && p->draft->facts.list[i].tag == tag && p->draft->facts.list[i].value.ptr)
            return true;
    return false;
}

/* --- what sets it apart --------------------------------------------------------------------------------------------------- */

static const char *index_text(pt_words *w, const pt_contrast *c)
{
    const char *index = pt_words_index(w, c->tgi);

    return c->q < q_limit ? index : PT_WORDS(w, NOT_SIGNIFICANT, index);
}

static void fill_line(part *p, pt_figure *f, size_t row, const pt_insight_line *line)
{
    const pt_insight_tag *t = &p->in->tags[line->tag];
    const pt_insight_value *v = &t->values[line->value];
    pt_words *w = &p->draft->words;
    const pt_contrast *c = &v->contrast;

    f->rows[row] = PT_WORDS(w, TAG_VALUE, pt_words_tag(w, t->tag), value_name(w, t->tag, v));
    pt_figure_set(f, row, 0, c->tgi, pt_words_index(w, c->tgi));
    pt_figure_set(f, row, 1, c->low, pt_words_index(w, c->low));
    pt_figure_set(f, row, 2, c->high, pt_words_index(w, c->high));
    pt_figure_set(f, row, 3, c->share, pt_words_share(w, c->share));
    pt_figure_set(f, row, 4, c->base_share, pt_words_share(w, c->base_share));
}

/* The lines of the headline that chance does not explain. */
static size_t significant_lines(const part *p, const pt_insight_line *out[HEADLINE])
{
    size_t n = 0;

    for (size_t i = 0; i < p->in->n_headline && n < HEADLINE; i++) {
        const pt_insight_line *line = &p->in->headline[i];
        const pt_insight_tag *t = &p->in->tags[line->tag];
        if (differs(&t->values[line->value]) && is_told(p, t))
            out[n++] = line;
    }
    return n;
}

static void say_line(part *p, const pt_insight_line *line, unsigned figure)
{
    const pt_insight_tag *t = &p->in->tags[line->tag];
    pt_words *w = &p->draft->words;
    pt_fact fact = fact_of_value(w, t, &t->values[line->value]);
    pt_word sentence = fact.share <= 0 ? PT_WORD_SAY_NONE : fact.index < 100 ? PT_WORD_SAY_FEWER : PT_WORD_SAY_MORE;

    fact.figure = figure;
    pt_draft_statement(p->draft, &p->out->conclusions, "headline",
                       pt_advice_say(p->draft, &fact, pt_word_text(w, sentence)), figure);
}

static void draw_headline(part *p, pt_chapter *chapter)
{
    const pt_insight_line *lines[HEADLINE];
    size_t n = significant_lines(p, lines);
    pt_words *w = &p->draft->words;
    pt_figure *f = n ? pt_draft_figure(p->draft, chapter, PT_CHART_INDEX, PT_WORD(w, FIGURE_HEADLINE), n, 5) : NULL;

    if (!f)
        return;
    pt_figure_columns(p->draft, f,
                      (const char *const[]){PT_WORD(w, TERM_INDEX), PT_WORD(w, COLUMN_LOW), PT_WORD(w, COLUMN_HIGH),
                                            PT_WORD(w, COLUMN_SEGMENT), PT_WORD(w, COLUMN_BASE)},
                      7);
    f->wide = true;
    f->about = PT_WORD(w, ABOUT_HEADLINE);
    f->row_title = PT_WORD(w, COLUMN_TRAIT);
    for (size_t i = 0; i < n; i++)
        fill_line(p, f, i, lines[i]);
    for (size_t i = 0; i < n && i < TOLD_LINES; i++)
        say_line(p, lines[i], f->number);
}

/* --- numbers -------------------------------------------------------------------------------------------------------------- */

static int by_delta(const void *left, const void *right)
{
    const pt_insight_tag *a = *(const pt_insight_tag *const *)left, *b = *(const pt_insight_tag *const *)right;
    double x = fabs(a->effect.delta), y = fabs(b->effect.delta);

    if (x != y)
        return x < y ? 1 : -1;
    return a->tag < b->tag ? -1 : a->tag > b->tag;
}

/* A median can be compared as a multiple when neither is below nothing. */
static bool has_ratio(const pt_insight_tag *t, const pt_type *types)
{
    bool amount =
        types[t->tag] == PT_TYPE_NUMBER || types[t->tag] == PT_TYPE_MONEY || types[t->tag] == PT_TYPE_DURATION;

    return amount && t->base.median > 0 && t->segment.median >= 0;
}

static size_t find_numbers(const part *p, const pt_insight_tag **out)
{
    size_t n = 0;

    for (size_t i = 0; i < p->in->n_tags; i++) {
        const pt_insight_tag *t = &p->in->tags[i];
        if (is_told(p, t) && !t->definition && numbers_differ(p, t) && has_ratio(t, p->draft->project->module->types))
            out[n++] = t;
    }
    qsort(out, n, sizeof *out, by_delta);
    return n < MOST_NUMBERS ? n : MOST_NUMBERS;
}

static void fill_number(part *p, pt_figure *f, size_t row, const pt_insight_tag *t)
{
    pt_words *w = &p->draft->words;
    double ratio = 100 * t->segment.median / t->base.median;

    f->rows[row] = pt_words_tag(w, t->tag);
    pt_figure_set(f, row, 0, ratio, pt_words_index(w, ratio));
    pt_figure_set(f, row, 1, (double)NAN, pt_words_figure(w, t->tag, t->segment.median));
    pt_figure_set(f, row, 2, (double)NAN, pt_words_figure(w, t->tag, t->base.median));
    p->figures[t - p->in->tags] = f->number;
}

static void say_number(part *p, const pt_insight_tag *t, unsigned figure)
{
    pt_fact fact = fact_of_numbers(p, t);

    fact.figure = figure;
    pt_draft_statement(p->draft, &p->out->conclusions, "numbers",
                       pt_advice_say(p->draft, &fact, PT_WORD(&p->draft->words, SAY_NUMBER)), figure);
}

static void draw_numbers(part *p, pt_chapter *chapter)
{
    const pt_insight_tag **tags = PT_NEW_ARRAY(p->draft->arena, const pt_insight_tag *, p->in->n_tags + 1);
    size_t n = tags ? find_numbers(p, tags) : 0;
    pt_words *w = &p->draft->words;
    pt_figure *f = n ? pt_draft_figure(p->draft, chapter, PT_CHART_INDEX, PT_WORD(w, FIGURE_NUMBERS), n, 3) : NULL;

    w->failed |= !tags;
    if (!f)
        return;
    pt_figure_columns(
        p->draft, f,
        (const char *const[]){PT_WORD(w, COLUMN_RATIO), PT_WORD(w, COLUMN_MEDIAN), PT_WORD(w, COLUMN_BASE_MEDIAN)}, 1);
    f->wide = true;
    f->about = PT_WORD(w, ABOUT_NUMBERS);
    f->row_title = PT_WORD(w, COLUMN_TAG);
    for (size_t i = 0; i < n; i++)
        fill_number(p, f, i, tags[i]);
    for (size_t i = 0; i < n && i < TOLD_NUMBERS; i++)
        say_number(p, tags[i], f->number);
}

/* --- tag by tag ----------------------------------------------------------------------------------------------------------- */

static void fill_value(part *p, pt_figure *f, size_t row, const pt_insight_tag *t, const pt_insight_value *v)
{
    pt_words *w = &p->draft->words;
    const pt_contrast *c = &v->contrast;

    f->rows[row] = value_name(w, t->tag, v);
    pt_figure_set(f, row, 0, c->share, pt_words_share(w, c->share));
    pt_figure_set(f, row, 1, c->base_share, pt_words_share(w, c->base_share));
    pt_figure_set(f, row, 2, c->tgi, isnan(c->tgi) ? PT_WORD(w, NONE) : index_text(w, c));
    pt_figure_set(f, row, 3, (double)c->with, pt_words_count(w, c->with));
}

static const char *tag_note(part *p, const pt_insight_tag *t, size_t shown)
{
    pt_words *w = &p->draft->words;
    const char *note = NULL;

    if (t->known < p->in->members)
        pt_draft_note(p->draft, &note,
                      PT_WORDS(w, NOTE_KNOWN_MEMBERS, pt_words_count(w, t->known), pt_words_count(w, p->in->members)));
    if (t->hidden)
        pt_draft_note(p->draft, &note,
                      PT_WORDS(w, NOTE_HIDDEN, pt_words_count(w, t->hidden), pt_words_count(w, p->in->min_group)));
    if (t->n_values > shown)
        pt_draft_note(p->draft, &note, PT_WORDS(w, NOTE_MORE_VALUES, pt_words_count(w, t->n_values - shown)));
    return note;
}

static void draw_tag(part *p, pt_chapter *chapter, const pt_insight_tag *t)
{
    size_t n = t->n_values < MOST_ROWS ? t->n_values : MOST_ROWS;
    pt_words *w = &p->draft->words;
    pt_figure *f = pt_draft_figure(p->draft, chapter, PT_CHART_BARS, pt_words_tag(w, t->tag), n, 4);

    if (!f)
        return;
    pt_figure_columns(p->draft, f,
                      (const char *const[]){PT_WORD(w, COLUMN_SEGMENT), PT_WORD(w, COLUMN_BASE), PT_WORD(w, TERM_INDEX),
                                            PT_WORD(w, COLUMN_MEMBERS)},
                      3);
    f->row_title = PT_WORD(w, COLUMN_VALUE);
    for (size_t i = 0; i < n; i++)
        fill_value(p, f, i, t, &t->values[i]);
    f->note = tag_note(p, t, n);
    p->figures[t - p->in->tags] = f->number;
}

/* A tag that a rule speaks of is shown; of the others those that tell most, when they tell anything for sure. */
static bool may_draw(const part *p, const pt_insight_tag *t)
{
    if (!is_told(p, t) || t->n_values < 2 || p->figures[t - p->in->tags])
        return false;
    for (size_t i = 0; i < t->n_values && !t->definition; i++)
        if (differs(&t->values[i]))
            return true;
    return false;
}

static int by_information(const void *left, const void *right)
{
    const pt_insight_tag *a = *(const pt_insight_tag *const *)left, *b = *(const pt_insight_tag *const *)right;

    if (a->information != b->information)
        return a->information < b->information ? 1 : -1;
    return a->tag < b->tag ? -1 : a->tag > b->tag;
}

static void draw_about(part *p, pt_chapter *chapter, subject about)
{
    const pt_insight_tag **tags = PT_NEW_ARRAY(p->draft->arena, const pt_insight_tag *, p->in->n_tags + 1);
    size_t n = 0, drawn = 0;

    if (!tags) {
        p->draft->words.failed = true;
        return;
    }
    for (size_t i = 0; i < p->in->n_tags; i++) {
        const pt_insight_tag *t = &p->in->tags[i];
        if (subject_of(&p->draft->project->tags[t->tag]) != about)
            continue;
        if (is_told(p, t) && t->n_values && is_wanted(p, t->tag)) {
            draw_tag(p, chapter, t);
            drawn++;
        } else if (may_draw(p, t)) {
            tags[n++] = t;
        }
    }
    qsort(tags, n, sizeof *tags, by_information);
    for (size_t i = 0; i < n && drawn < MOST_IN_CHAPTER; i++, drawn++)
        draw_tag(p, chapter, tags[i]);
}

/* Which figure shows what each fact says. */
static void name_figures(part *p)
{
    for (size_t i = 0; i < p->draft->facts.n; i++) {
        pt_fact *fact = &p->draft->facts.list[i];
        for (size_t k = 0; k < p->in->n_tags; k++)
            if (p->in->tags[k].tag == fact->tag)
                fact->figure = p->figures[k];
    }
}

/* --- the part ------------------------------------------------------------------------------------------------------------- */

/* Numbers that the project shows first in a profile: the member in the middle, and that of all customers. */
static void add_tiles(part *p)
{
    const pt_project *project = p->draft->project;
    pt_words *w = &p->draft->words;
    size_t added = 0;

    pt_draft_tile(p->draft, &p->out->tiles, PT_WORD(w, TILE_MEMBERS), pt_words_count(w, p->in->members),
                  PT_WORDS(w, TILE_OF_ALL, pt_words_share(w, (double)p->in->members / (double)p->in->customers)));
    for (size_t c = 0; c < project->n_card && added < TILES; c++) {
        int tag = pt_project_find_tag(project, pt_sv_of(project->card[c]));
        for (size_t i = 0; i < p->in->n_tags && tag >= 0; i++) {
            const pt_insight_tag *t = &p->in->tags[i];
            if ((int)t->tag != tag || !is_told(p, t) || !t->ordered || isnan(t->segment.median) ||
                isnan(t->base.median))
                continue;
            pt_draft_tile(p->draft, &p->out->tiles, PT_WORDS(w, TILE_MEDIAN, pt_words_tag(w, t->tag)),
                          pt_words_figure(w, t->tag, t->segment.median),
                          PT_WORDS(w, TILE_BASE_MEDIAN, pt_words_figure(w, t->tag, t->base.median)));
            added++;
        }
    }
}

static void describe(part *p)
{
    pt_draft *d = p->draft;
    pt_chapter *apart = pt_draft_chapter(d, p->out, PT_WORD(&d->words, CHAPTER_APART)), *chapters[SUBJECTS];

    for (size_t a = 0; a < SUBJECTS; a++)
        chapters[a] = pt_draft_chapter(d, p->out, pt_word_text(&d->words, titles[a]));
    if (d->words.failed)
        return;
    add_tiles(p);
    pt_draft_facts(d, true);
    collect_facts(p);
    pt_advice_mark(d);
    draw_headline(p, apart);
    draw_numbers(p, apart);
    for (size_t a = 0; a < SUBJECTS; a++)
        draw_about(p, chapters[a], (subject)a);
    name_figures(p);
    pt_advice_tell(d, p->out);
    if (!p->out->conclusions)
        p->out->note = PT_WORD(&d->words, NOTE_NOTHING_APART);
    if (p->in->n_hidden)
        pt_draft_note(d, &p->out->note,
                      PT_WORDS(&d->words, NOTE_HIDDEN, pt_words_count(&d->words, p->in->n_hidden),
                               pt_words_count(&d->words, p->in->min_group)));
}

pt_rc pt_draft_insight(pt_draft *d, pt_report_part *out, const pt_insight *in, pt_err *err)
{
    pt_words *w = &d->words;
    part p = {.draft = d, .out = out, .in = in, .figures = PT_NEW_ARRAY(d->arena, unsigned, in->n_tags + 1)};

    if (!p.figures)
        return pt_fail_nomem(err, "the report");
    for (size_t i = 0; i < in->n_tags; i++)
        p.figures[i] = 0;
    out->condition = in->text;
    if (in->small)
        out->note = PT_WORDS(w, NOTE_SMALL_SEGMENT, pt_words_count(w, in->members), pt_words_count(w, in->min_group));
    else if (in->everybody)
        out->note = PT_WORD(w, NOTE_EVERYBODY);
    else
        describe(&p);
    return pt_words_check(w, err);
}

/* What became of it: its size from build to build, and where its members stood before. */
static pt_rc add_changes(pt_draft *d, pt_report_part *out, const char *saved, pt_sv condition, bool small, pt_err *err)
{
    pt_chapter *chapter = pt_draft_chapter(d, out, PT_WORD(&d->words, CHAPTER_CHANGE));

    if (!chapter)
        return pt_words_check(&d->words, err);
    if (saved)
        PT_TRY(pt_ask_segment_trend(d, out, chapter, saved, err));
    return small ? PT_OK : pt_ask_flow(d, chapter, condition, err);
}

static pt_rc add_segment(pt_draft *d, pt_report_part *out, const char *saved, pt_sv condition, pt_err *err)
{
    pt_insight_options options = {
        .crowd = {.threads = d->options->threads, .cancel = d->options->cancel}, .by = -1, .top = HEADLINE};
    pt_insight in;

    PT_TRY(pt_app_insight(&in, d->app, condition, &options, d->diags, d->arena, err));
    PT_TRY(pt_draft_insight(d, out, &in, err));
    return add_changes(d, out, saved, condition, in.small, err);
}

pt_rc pt_draft_segment(pt_draft *d, const pt_segment *saved, pt_sv condition, pt_err *err)
{
    pt_words *w = &d->words;
    const char *id = saved ? pt_arena_printf(d->arena, "segment-%s", saved->name) : "segment";
    const char *title = saved ? pt_label_text(&saved->label, w->lang, saved->name) : PT_WORD(w, SEGMENT_TITLE);
    pt_report_part *out = id ? pt_draft_part(d, id, title) : NULL;

    if (!out)
        return pt_fail_nomem(err, "the report");
    if (!saved)
        return add_segment(d, out, NULL, condition, err);
    /* The condition itself, where it is what decides: an insight then knows which tags the segment is made of. */
    bool by_name = saved->kind != PT_SEGMENT_DYNAMIC || !saved->when.len;
    out->lead = pt_label_text(&saved->description, w->lang, NULL);
    return add_segment(d, out, saved->name, by_name ? pt_sv_of(saved->name) : saved->when, err);
}
