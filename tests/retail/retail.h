/* The grocery chain's example project, built once for all tests of this folder. */
#ifndef TESTS_RETAIL_RETAIL_H
#define TESTS_RETAIL_RETAIL_H

#include "support/example.h"

/* Skips the running test when the data is not here. */
const test_example *test_retail_example(void);

#endif
