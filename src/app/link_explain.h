/* Why two records have the weight they have, and why they are one customer or two: `portrait link explain` (docs/linking.md). */
#ifndef PT_APP_LINK_EXPLAIN_H
#define PT_APP_LINK_EXPLAIN_H

#include "app/link_find.h"
#include "app/link_words.h"
#include "link/chain.h"

/* One comparison: a step of the waterfall. */
typedef struct pt_link_step {
    const char *name;   /* of the column, as programs see it */
    pt_card_text label; /* as people do */
    pt_link_kind kind;
    const char *level; /* of programs: "same", "missing" */
    pt_card_text what; /* "one is masked and fits" */
    pt_card_text note; /* how frequent the value is, or why the step does not count; NULL texts: nothing */
    const char *a, *b; /* values as written, or as they are compared where a column follows from others; "": none */
    double weight;     /* bits of the level */
    double frequency;  /* what the value's frequency adds */
    bool counts;       /* else another column of its group says more */
    double added, sum; /* to the pair's weight; with all steps before */
} pt_link_step;

typedef enum pt_link_verdict { PT_LINK_VERDICT_APART, PT_LINK_VERDICT_ASKED, PT_LINK_VERDICT_LINKED } pt_link_verdict;

/* A pair that leads from one record to the other. */
typedef struct pt_link_hop {
    uint32_t a, b;
    double weight;
    const char *rule; /* "name+birth" */
} pt_link_hop;

typedef struct pt_link_explanation {
    uint32_t a, b;                       /* of all records that were meant the two that are most alike */
    size_t n_a, n_b;                     /* how many were meant */
    const char *name_a, *name_b;         /* "member:M0001" */
    const char *customer_a, *customer_b; /* of the last build; NULL: none */
    double prior, total, probability, automatic, review;
    pt_link_step steps[PT_LINK_COMPARISONS_MAX + 1]; /* the last may be what other records that fit say */
    size_t n;
    pt_link_verdict verdict; /* of the pair alone */
    bool equal;              /* equal identifiers join the two */
    bool together;           /* one group */
    const char **rules;      /* blocking rules that bring the pair together, but for too large blocks */
    pt_card_text *rule_texts;
    size_t n_rules, crowded; /* crowded: rules that would, if their blocks were smaller */
    pt_link_hop *chain;      /* what joins them, when it is not the pair itself */
    size_t n_chain;
    pt_link_between between; /* of the groups they are in, when these are two */
    pt_card_text *sentences; /* all of that in words */
    size_t n_sentences;
} pt_link_explanation;

/* `l` is grouped, `find` is of it; `d` may be NULL. PT_ENOTFOUND when nobody is meant, PT_EINVAL when both are the same. In the
 * arena. */
pt_rc pt_link_explain_pair(pt_link_explanation *out, const pt_linking *l, pt_link_find *find, const pt_directory *d,
                           pt_sv who, pt_sv whom, pt_arena *arena, pt_err *err);

#endif
