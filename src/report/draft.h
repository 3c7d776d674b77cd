/* A report in the making: figures, tiles and statements are added in the order in which they are read. */
#ifndef PT_REPORT_DRAFT_H
#define PT_REPORT_DRAFT_H

#include "report/report.h"
#include "report/words.h"

enum { PT_FACT_NO_TAG = UINT32_MAX };

/* What the figures say about a value of a tag, or about the numbers of one. */
typedef struct pt_fact {
    uint32_t tag;           /* PT_FACT_NO_TAG: of no tag ("data_quality") */
    pt_sv value;            /* as the data has it; ptr NULL: the tag's numbers */
    const char *value_text; /* as people read it */
    double share;           /* of the group; NaN: not known */
    /* Of a segment: */
    double base_share, index;
    double median, base_median; /* of numbers, in the units of the tag */
    bool significant;           /* it differs from the base by more than chance */
    bool wanted;                /* a rule holds of it: a figure should show it */
    unsigned figure;            /* the one that does; 0: none */
} pt_fact;

typedef struct pt_facts {
    bool segment; /* else of all customers */
    pt_fact *list;
    size_t n, room;
} pt_facts;

typedef struct pt_draft {
    pt_report *report;
    pt_app *app;
    const pt_project *project;
    const pt_report_options *options;
    pt_words words; /* its `failed` stands for all of the draft */
    pt_arena *arena;
    pt_diags *diags;
    pt_facts facts; /* of the part in the making */
} pt_draft;

/* Forgets the facts of the part before; adds one. */
void pt_draft_facts(pt_draft *d, bool segment);
void pt_draft_fact(pt_draft *d, const pt_fact *fact);

/* Each returns what it added, or NULL when memory is short (words.failed). */
pt_report_part *pt_draft_part(pt_draft *d, const char *id, const char *title);
pt_chapter *pt_draft_chapter(pt_draft *d, pt_report_part *part, const char *title);
void pt_draft_tile(pt_draft *d, pt_tile **tiles, const char *title, const char *value, const char *note);
void pt_draft_statement(pt_draft *d, pt_statement **list, const char *rule, const char *text, unsigned figure);
/* With room for rows and cells, all empty; the columns' titles are for the caller to set. */
pt_figure *pt_draft_figure(pt_draft *d, pt_chapter *chapter, pt_chart chart, const char *title, size_t n_rows,
                           size_t n_columns);
void pt_figure_set(pt_figure *f, size_t row, size_t column, double value, const char *text);

/* A title for each column of the figure; bit c of `drawn` says whether column c is. */
void pt_figure_columns(pt_draft *d, pt_figure *f, const char *const *titles, uint32_t drawn);
/* Which of the groups that `total` customers fall into are not shown: those of fewer than `least`, and the smallest of the
 * others when what is left of the total would tell how few the hidden ones are. Customers in none of them count as hidden. */
void pt_hide_small(bool *hidden, const uint64_t *counts, size_t n, uint64_t total, uint64_t least);
/* `more` after what is there, as sentences are put together. */
void pt_draft_note(pt_draft *d, const char **note, const char *more);

/* Of a page about one thing, a card or a pair: words with what they mean, and what the page was made of. */
void pt_draft_terms(pt_draft *d, const pt_word terms[][2], size_t n, const char *made_of);
/* The page of the draft, appended to `out`. */
pt_rc pt_draft_html(pt_str *out, const pt_draft *d, pt_err *err);

/* How the customers spread over a tag's values, and facts of it; NULL in *out, and no figure, when there is nothing to show. */
pt_rc pt_draft_distribution(pt_figure **out, pt_draft *d, pt_chapter *chapter, uint32_t tag, pt_err *err);
/* Which tenths of the customers the sum of a money tag comes from. NULL in *out when there is nothing to show. */
pt_rc pt_draft_tenths(pt_figure **out, pt_draft *d, pt_chapter *chapter, uint32_t tag, pt_err *err);

/* The tag of this name, or the one that stands for the catalogue's template of this name; -1 when there is none that was
 * built. Of several names ("a|b") the first that is there. */
int pt_draft_find(const pt_draft *d, const char *names);
/* Whether a tag may be described at all: one on sensitive personal information may not. */
bool pt_draft_allows(const pt_draft *d, uint32_t tag);

pt_rc pt_draft_base(pt_draft *d, pt_err *err); /* the part on all customers */
/* The part on a segment: `saved` NULL for a condition that has no name. */
pt_rc pt_draft_segment(pt_draft *d, const pt_segment *saved, pt_sv condition, pt_err *err);

#endif
