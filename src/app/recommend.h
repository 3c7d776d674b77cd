/* The next best products of one customer, or what goes with an item, with reasons (docs/models.md, "Recommendation"). */
#ifndef PT_APP_RECOMMEND_H
#define PT_APP_RECOMMEND_H

#include "app/app.h"
#include "model/recommend.h"

typedef struct pt_recommend_question {
    pt_sv who;   /* a customer as `show` takes one; empty: an item is asked about */
    pt_sv item;  /* an item, or part of its name */
    pt_sv model; /* empty: the only model of task recommend */
    size_t top;  /* 0: PT_RECOMMEND_TOP */
    unsigned threads;
    pt_cancel *cancel; /* may be NULL */
} pt_recommend_question;

enum { PT_RECOMMEND_TOP = 10 };

typedef struct pt_recommended {
    pt_sv item, name; /* name: what people call it, often the item itself */
    double score;     /* the best would have 1: the weights of the ways that are used */
    double parts[PT_WAYS];
    pt_way way;
    pt_sv because;         /* the customer's item it has most to do with; ptr NULL: none */
    const char *reason[2]; /* in English and in Chinese */
} pt_recommended;

typedef struct pt_recommend_answer {
    const char *model;
    unsigned version; /* of the stored model; 0: learned just now, for none is approved */
    int64_t as_of;
    const char *id;  /* of the customer; NULL: an item was asked about */
    pt_sv item_name; /* of the item */
    size_t has;      /* how many items the customer has */
    bool outside;    /* not in the model's population */
    bool refused;    /* has not agreed: nothing is recommended */
    const pt_recommended *items;
    size_t n;
} pt_recommend_answer;

/* PT_ENOTFOUND: no such customer, item or model. */
pt_rc pt_app_recommend(pt_recommend_answer *out, pt_app *app, const pt_recommend_question *question, pt_arena *arena,
                       pt_err *err);

#endif
