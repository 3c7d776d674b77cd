/* Who is like the customers of a condition that is asked about once: what `task: lookalike` learns (docs/models.md, "Lookalike
 * customers"), without a model file and without keeping a version. */
#ifndef PT_APP_LOOKALIKES_H
#define PT_APP_LOOKALIKES_H

#include "app/app.h"
#include "app/model_card.h"

enum { PT_LOOKALIKES_TOP = 1000 };

typedef struct pt_lookalikes_question {
    pt_sv seed; /* a segment or a condition */
    size_t top; /* how many of the others to name; 0: PT_LOOKALIKES_TOP */
    const char *features,
        *except; /* names of tags, with commas between: learned from alone, or not at all; NULL: none */
    void (*report)(void *ctx, const char *what, uint64_t done, uint64_t total); /* may be NULL */
    void *report_ctx;
    unsigned threads;  /* 0: all cores */
    pt_cancel *cancel; /* may be NULL */
} pt_lookalikes_question;

typedef struct pt_lookalikes_row {
    const char *id;
    double score; /* the chance, 0..1, that the customer is like the seed */
} pt_lookalikes_row;

typedef struct pt_lookalikes {
    int64_t as_of;
    const char *seed; /* the condition */
    uint64_t in_seed, others;
    pt_card card;                  /* how many to expect at each depth */
    const pt_lookalikes_row *rows; /* the likest first */
    size_t n;
} pt_lookalikes;

/* Problems in the condition go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_lookalikes(pt_lookalikes *out, pt_app *app, const pt_lookalikes_question *question, pt_diags *diags,
                        pt_arena *arena, pt_err *err);

#endif
