/* Invented data for the example projects: people, phones and companies that do not exist, with the faults that real
 * files have. The bytes follow from the number of customers and the seed alone, and a larger number begins with the
 * same customers. Everything happens in the 18 months before 1 January 2025. */
#ifndef PT_SAMPLE_SAMPLE_H
#define PT_SAMPLE_SAMPLE_H

#include <stdint.h>

#include "base/err.h"

enum { PT_SAMPLE_MOST_CUSTOMERS = 10000000 };

typedef struct pt_sample {
    const char *name;   /* of the template whose data it is */
    uint64_t customers; /* when nobody says how many */
    pt_rc (*write)(const char *dir, uint64_t customers, uint64_t seed, pt_err *err); /* files into an existing folder */
} pt_sample;

/* NULL: the template brings no data. */
const pt_sample *pt_sample_find(const char *name);

#endif
