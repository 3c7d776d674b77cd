/* Scores to probabilities, learned on rows that the score was not: Platt's sigmoid or a rising step function (isotonic). */
#ifndef PT_MODEL_CALIBRATION_H
#define PT_MODEL_CALIBRATION_H

#include "base/str.h"

typedef enum pt_calibration_kind {
    PT_CALIBRATE_PLATT, /* 1 / (1 + exp(-(slope * score + intercept))), targets drawn in a little (Platt 2000) */
    PT_CALIBRATE_ISOTONIC /* the rising function that fits best, by pooling neighbours; straight lines between its knots */
} pt_calibration_kind;

typedef struct pt_calibration {
    pt_calibration_kind kind;
    double slope, intercept; /* of Platt */
    size_t n;                /* of isotonic: knots, at least 1 */
    double *score, *value;   /* of isotonic: rising, not falling */
} pt_calibration;

/* event[i]: 1 or 0. Of Platt give log odds or a margin rather than a probability. weight may be NULL. PT_EINVAL for a score that is
 * not finite, or without both events and others. Release with pt_calibration_free. */
pt_rc pt_calibration_fit(pt_calibration *out, pt_calibration_kind kind, const double *score, const float *event,
                         const float *weight, size_t n, pt_err *err);
void pt_calibration_free(pt_calibration *c); /* what it holds, not c itself; zeroed is fine */
double pt_calibration_apply(const pt_calibration *c, double score);

/* As a part of a stored model. Bytes are not trusted: PT_ECORRUPT. */
pt_rc pt_calibration_save(pt_str *out, const pt_calibration *c, pt_err *err);
pt_rc pt_calibration_load(pt_calibration *out, pt_sv bytes, pt_err *err);

#endif
