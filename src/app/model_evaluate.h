/* `portrait evaluate`: how trained models do as of another day, and what has moved since they were trained. */
#ifndef PT_APP_MODEL_EVALUATE_H
#define PT_APP_MODEL_EVALUATE_H

#include "app/train.h"

typedef struct pt_evaluate_options {
    const char *model; /* NULL: all that have a version in use */
    uint32_t version;  /* 0: the one in use */
    bool has_as_of;
    int64_t as_of;     /* else the latest day whose outcome is known */
    unsigned threads;  /* 0: all cores */
    pt_cancel *cancel; /* may be NULL */
} pt_evaluate_options;

typedef struct pt_evaluated {
    uint32_t model;      /* in the project */
    const char *failure; /* in the user's words; NULL: it was evaluated. Of several models the others still are */
    const char *hint;    /* may be NULL */
    uint32_t version;
    int64_t as_of;
    pt_card trained; /* the card of its training */
    pt_card card;    /* of this day, in the same arena */
} pt_evaluated;

typedef struct pt_evaluated_models {
    const pt_evaluated *items;
    size_t n;
} pt_evaluated_models;

/* Fails when the one model asked for could not be evaluated. */
pt_rc pt_app_evaluate(pt_evaluated_models *out, pt_app *app, const pt_evaluate_options *options, pt_arena *arena,
                      pt_err *err);

#endif
