/* Borrowers with three features that tell something of who does not pay: age falling, income falling and bad where missing, one job
 * of four. */
#ifndef TESTS_SUPPORT_PORTFOLIO_H
#define TESTS_SUPPORT_PORTFOLIO_H

#include "model/table.h"

enum { PORTFOLIO_ROWS = 4000 };

typedef struct portfolio {
    float age[PORTFOLIO_ROWS], income[PORTFOLIO_ROWS], bad[PORTFOLIO_ROWS];
    uint32_t job[PORTFOLIO_ROWS];
    pt_feature features[3];
    pt_table table;
} portfolio;

portfolio *portfolio_new(void); /* free() */

#endif
