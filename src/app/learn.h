/* What a task of models does: how it learns from a project's data, and what it then gives of each customer. One task is one file,
 * app/learn_<task>.c, with a line in learn_list.h; what a model file may say of it is its pt_model_kind (project/model_def.h). Versions,
 * files, progress, tags and commands are the frame's (app/train.h, app/model_store.h). */
#ifndef PT_APP_LEARN_H
#define PT_APP_LEARN_H

#include "app/model_card.h"
#include "app/reason.h"
#include "app/view.h"
#include "base/pool.h"

/* Of one run of train or evaluate. */
typedef struct pt_learn_request {
    pt_view *view; /* timelines are open (pt_view_timelines was called) */
    const pt_model_def *def;
    const int64_t *train; /* as-ofs, rising: the model file's, or worked out; none when the kind does not use dates */
    size_t n_train;
    bool has_test;
    int64_t test;     /* as-of */
    int64_t data_end; /* of the latest event: what happened after it is not known */
    uint64_t seed;
    pt_pool *pool;
    pt_cancel *cancel; /* may be NULL */
    /* Told now and then: what is being done (an algorithm, a part of the data; shown as it is), how much of it is. May be NULL. */
    void (*report)(void *ctx, const char *what, uint64_t done, uint64_t total);
    void *report_ctx;
    pt_arena *arena; /* of the answer */
} pt_learn_request;

/* What was learned. */
typedef struct pt_learned {
    pt_str
        bytes; /* the artifact; the caller frees it. The same request gives the same bytes on any number of threads */
    pt_card card;          /* in the request's arena; model, label, task and version are filled in by the frame */
    const char *algorithm; /* "xgboost": what lists show */
    const char
        *measure;    /* of card.measures: the figure that lists show and by which versions are compared; NULL: none */
    size_t measured; /* on how many customers the figures of the last part rest; 0: not known */
} pt_learned;

/* Of one run over all customers: a build's, or `show --as-of`'s later. */
typedef struct pt_score_request {
    pt_view *view; /* timelines are open; its columns of tags may not be there yet */
    const pt_model_def *def;
    int64_t as_of;
    const bool *wanted; /* by output of the kind: the others need not be worked out */
    pt_pool *pool;
    pt_cancel *cancel; /* may be NULL */
    pt_arena *arena;   /* of the columns */
} pt_score_request;

typedef struct pt_learn_kind {
    const char *task; /* as in its pt_model_kind */
    /* PT_EINVAL, in the user's words, when nothing can be learned. */
    pt_rc (*train)(pt_learned *out, const pt_learn_request *request, pt_err *err);
    /* The artifact ready for use; free with close. Bytes are not trusted: PT_ECORRUPT. PT_EINVAL when the model file has changed so
     * that it no longer fits. */
    pt_rc (*open)(void **model, pt_sv bytes, const pt_model_def *def, pt_err *err);
    void (*close)(void *model); /* NULL is fine */
    /* columns[o], by output of the kind, has a row for each ordinal of the view and the output's type; missing where the model says
     * nothing of a customer (not in the population). */
    pt_rc (*score)(pt_column *columns, const void *model, const pt_score_request *request, pt_err *err);
    /* How a trained model does as of another day, `request->test`, whose outcome is known; NULL: the kind cannot tell. */
    pt_rc (*evaluate)(pt_card *card, const void *model, const pt_learn_request *request, pt_err *err);
    /* Why a customer has the score it has, what counts most first, in words of `lang`; *n is 0 for one that has none. NULL: the kind
     * cannot tell. */
    pt_rc (*explain)(const pt_reason **reasons, size_t *n, const void *model, const pt_score_request *request,
                     uint32_t ordinal, const char *lang, pt_err *err);
} pt_learn_kind;

const pt_learn_kind *pt_learn_kind_of(const pt_model_def *def); /* never NULL; of no use unless pt_learn_knows */
bool pt_learn_knows(const pt_model_def *def);

void pt_learn_report(const pt_learn_request *request, const char *what, uint64_t done, uint64_t total);

/* Who takes part as of an instant: members[ordinal] is whether the customer is one and in the model's population, *n how many are.
 * In the arena. */
pt_rc pt_learn_population(const bool **members, size_t *n, pt_view *view, const pt_model_def *def, int64_t as_of,
                          pt_pool *pool, pt_cancel *cancel, pt_arena *arena, pt_err *err);
/* The values of any expressions of project->learning (settings, the target) as of an instant: columns[i] has a row for each ordinal.
 * The target sees as far ahead as it says, nothing else sees anything after the instant. */
pt_rc pt_learn_columns(const pt_column **columns, pt_view *view, const uint32_t *numbers, size_t n, int64_t as_of,
                       pt_pool *pool, pt_cancel *cancel, pt_arena *arena, pt_err *err);

/* From the first event to the end of the last one's day in the project's zone: what is known. PT_EINVAL without any event. */
pt_rc pt_learn_span(int64_t *first, int64_t *end, const pt_view *view, pt_err *err);

/* Columns without any value, for score to fill: of numbers NaN. Texts are codes of `names`, 1 the first, 0 missing. In the arena. */
pt_rc pt_learn_numbers(pt_column *out, double **values, size_t rows, pt_arena *arena, pt_err *err);
pt_rc pt_learn_bools(pt_column *out, uint8_t **values, size_t rows, pt_arena *arena, pt_err *err);
pt_rc pt_learn_categories(pt_column *out, uint32_t **codes, const char *const *names, size_t n_names, size_t rows,
                          pt_arena *arena, pt_err *err);
/* Of lists everything is given, in memory that lives as long as the column. */
pt_rc pt_learn_lists(pt_column *out, const uint32_t *codes, const uint64_t *offsets, const uint8_t *absent,
                     const char *const *names, size_t n_names, pt_arena *arena, pt_err *err);

#endif
