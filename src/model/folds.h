/* Parts of the rows for cross-validation inside a learner (calibration of margins). */
#ifndef PT_MODEL_FOLDS_H
#define PT_MODEL_FOLDS_H

#include "base/err.h"
#include <stddef.h>
#include <stdint.h>

/* part[row]: 0..n-1, each class spread evenly in an order that the seed decides. PT_ENOMEM. */
pt_rc pt_folds_of(uint8_t *part, const uint32_t *label, size_t rows, uint32_t classes, unsigned n, uint64_t seed,
                  pt_err *err);

#endif
