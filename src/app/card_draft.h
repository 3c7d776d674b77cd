/* Filling a card piece by piece. Memory that runs short shows in `failed`: add in series, check once. */
#ifndef PT_APP_CARD_DRAFT_H
#define PT_APP_CARD_DRAFT_H

#include "app/model_card.h"

typedef struct pt_card_draft {
    pt_card *card;
    pt_card_section *section; /* that curves, tables and its sentences are added to; NULL: the card's summary */
    pt_arena *arena;
    bool failed;
} pt_card_draft;

pt_card_text pt_card_both(const char *zh, const char *en);
/* The same in both languages: names, numbers. */
pt_card_text pt_card_same(const char *text);

void pt_card_add_fact(pt_card_draft *d, const char *key, pt_card_text label, pt_card_text value);
void pt_card_add_measures(pt_card_draft *d, const pt_measured *m, size_t n, const char *of, const char *part);
void pt_card_begin_section(pt_card_draft *d, const char *key, const char *zh, const char *en);
/* A sentence in both languages, with {0}, {1}, ... filled in by the texts. */
void pt_card_sentence_of(pt_card_draft *d, bool warning, const char *zh, const char *en, const pt_card_text *args,
                         size_t n);
#define PT_CARD_SAY(d, warning, zh, en, ...)                                             \
    pt_card_sentence_of((d), (warning), (zh), (en), (const pt_card_text[]){__VA_ARGS__}, \
                        sizeof((const pt_card_text[]){__VA_ARGS__}) / sizeof(pt_card_text))
pt_card_curve *pt_card_add_curve(pt_card_draft *d, const char *key, pt_card_chart chart, const char *zh,
                                 const char *en); /* NULL: failed */
void pt_card_add_series(pt_card_draft *d, pt_card_curve *c, pt_card_text label, const double *x, const double *y,
                        size_t n);
/* Columns and cells are borrowed; NULL when it failed. */
pt_card_table *pt_card_add_table(pt_card_draft *d, const char *key, const char *zh, const char *en);
/* Room in the arena; NULL when it failed. */
double *pt_card_doubles(pt_card_draft *d, size_t n);

pt_card_text pt_card_number(pt_card_draft *d, double v, int digits); /* "0.812"; "–" of NaN */
pt_card_text pt_card_share(pt_card_draft *d, double v);              /* "81.2%" */
pt_card_text pt_card_count(pt_card_draft *d, uint64_t n);            /* "12,345" */

#endif
