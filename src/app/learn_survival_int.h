/* `task: survival` between learning (learn_survival.c) and telling (learn_survival_card.c). */
#ifndef PT_APP_LEARN_SURVIVAL_INT_H
#define PT_APP_LEARN_SURVIVAL_INT_H

#include "app/training.h"
#include "model/hazard.h"
#include "project/kind_survival.h"

/* Customers as of some days, with what came after. Everything in an arena. */
typedef struct pt_survival_rows {
    pt_table table;
    pt_spans spans;  /* days */
    double *watched; /* days from the row's day to the end of the data */
} pt_survival_rows;

/* How a model does on rows. */
typedef struct pt_survival_figures {
    size_t rows, events;
    double concordance, concordance_error;
    double brier, brier_error,
        brier_of_share;      /* at the horizon, over rows watched so long; NaN without any. of_share: had all been
                                                  given the same chance */
    double expected, actual; /* share to whom it happens within the horizon */
} pt_survival_figures;

typedef struct pt_survival_study {
    const pt_hazard *hazard;
    pt_survival_rows train, test; /* test without rows when there is none */
    pt_survival_figures on_train, on_test;
    const pt_training_features *features;
    double horizon; /* days */
} pt_survival_study;

double pt_survival_horizon(const pt_model_def *def); /* days */
pt_rc pt_survival_measure(pt_survival_figures *out, const pt_hazard *h, const pt_survival_rows *rows, double horizon,
                          pt_pool *pool, pt_err *err);
pt_rc pt_survival_card(pt_card *out, const pt_survival_study *s, const pt_learn_request *r, pt_err *err);
/* Of one day alone: what evaluate says. */
pt_rc pt_survival_later_card(pt_card *out, const pt_survival_figures *f, const pt_learn_request *r, pt_err *err);

#endif
