#include "model/folds.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"

pt_rc pt_folds_of(uint8_t *part, const uint32_t *label, size_t rows, uint32_t classes, unsigned n, uint64_t seed,
                  pt_err *err)
{
    uint32_t *order = pt_zalloc(rows, sizeof *order), *next = pt_zalloc(classes, sizeof *next);
    pt_rng rng;

    if (!order || !next) {
        free(order);
        free(next);
        return pt_fail_nomem(err, "parts of the rows");
    }
    pt_rng_seed(&rng, seed);
    for (size_t i = 0; i < rows; i++) { /* Fisher-Yates, inside out */
        size_t j = pt_rng_below(&rng, i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
    for (size_t i = 0; i < rows; i++)
        part[order[i]] = (uint8_t)(next[label[order[i]]]++ % n);
    free(order);
    free(next);
    return PT_OK;
}
