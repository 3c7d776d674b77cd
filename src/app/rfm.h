/* Recency, frequency, money: eight classes of customers, and the grid of R against F. */
#ifndef PT_APP_RFM_H
#define PT_APP_RFM_H

#include "app/pyramid.h"

enum { PT_RFM_SCORES = 5 };

/* Customers of one class or cell. Figures are NaN when nobody is in it or it is hidden. */
typedef struct pt_rfm_group {
    pt_sv value; /* classes: of the class tag, or "important_value", ...; cells: empty */
    uint64_t members;
    bool hidden;
    double recency, frequency, money; /* means; money in the currency */
    double money_share;               /* of the money of all who are classed */
} pt_rfm_group;

typedef struct pt_rfm {
    pt_grid_head head;
    int tags[3];          /* recency, frequency, money */
    int class_tag;        /* -1: classes are worked out here, each of R, F and M against its mean over all customers */
    int score_tags[2];    /* of R and F; -1: fifths of all customers, worked out here */
    double thresholds[3]; /* those means; NaN with a class tag */
    pt_rfm_group all;     /* members with a class */
    uint64_t without;     /* members without one */
    const pt_rfm_group *classes;
    size_t n_classes;
    pt_rfm_group cells[PT_RFM_SCORES][PT_RFM_SCORES]; /* [R - 1][F - 1]; 5 is best */
} pt_rfm;

typedef struct pt_rfm_options {
    pt_crowd_options crowd;
    pt_sv tags[3]; /* recency, frequency, money; empty: those that answer the catalogue's templates. One that is given
                      makes classes and scores be worked out here */
} pt_rfm_options;

pt_rc pt_app_rfm(pt_rfm *out, pt_app *app, pt_sv condition, const pt_rfm_options *options, pt_diags *diags,
                 pt_arena *arena, pt_err *err);

#endif
