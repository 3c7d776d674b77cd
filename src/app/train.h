/* `portrait train` and `portrait models`: models learned from the last build's timelines, kept as versions. */
#ifndef PT_APP_TRAIN_H
#define PT_APP_TRAIN_H

#include "app/model_store.h"

typedef struct pt_train_options {
    const char *model; /* NULL: all of the project */
    bool
        approve; /* the new version becomes the approved one; it does so by itself when none is and it is not doubtful */
    unsigned threads;  /* 0: all cores */
    pt_cancel *cancel; /* may be NULL */
    /* Told now and then; `what` is an algorithm or a part of the work. May be NULL. */
    void (*report)(void *ctx, const char *model, const char *what, uint64_t done, uint64_t total);
    void *report_ctx;
} pt_train_options;

typedef struct pt_trained {
    uint32_t model;      /* in the project */
    const char *failure; /* in the user's words; NULL: it was trained. Of several models the others still are */
    const char *hint;    /* may be NULL */
    bool same;           /* it learned what the latest version has learned: that one is told, and no new one made */
    bool approved;
    bool doubtful; /* nothing shows that it is better than guessing: the card's first sentence says why */
    pt_model_version version;
    pt_card card;
    double seconds;
} pt_trained;

typedef struct pt_trained_models {
    const pt_trained *items;
    size_t n;
} pt_trained_models;

/* Fails when the one model asked for could not be trained; with several, each has its own `failure`. */
pt_rc pt_app_train(pt_trained_models *out, pt_app *app, const pt_train_options *options, pt_arena *arena, pt_err *err);

typedef struct pt_model_status {
    uint32_t model;
    pt_model_versions versions;
    bool stale; /* the approved version was trained from another definition than today's */
} pt_model_status;

typedef struct pt_model_list {
    const pt_model_status *items; /* by model of the project, or the one asked for */
    size_t n;
} pt_model_list;

/* `model` NULL: all. PT_ENOTFOUND for a name that is no model. */
pt_rc pt_app_models(pt_model_list *out, pt_app *app, const char *model, pt_arena *arena, pt_err *err);
pt_rc pt_app_model_approve(pt_app *app, const char *model, uint32_t version, pt_arena *arena, pt_err *err);
/* *version: what is approved now, 0 for none. */
pt_rc pt_app_model_roll_back(uint32_t *version, pt_app *app, const char *model, pt_arena *arena, pt_err *err);
pt_rc pt_app_model_find(uint32_t *out, const pt_app *app, const char *model, pt_err *err);

/* An approved version, ready to score: *model NULL when there is none. Close with the kind's close. */
pt_rc pt_model_open_approved(void **model, uint32_t *version, const pt_project *p, const pt_model_def *def,
                             pt_arena *arena, pt_err *err);

#endif
