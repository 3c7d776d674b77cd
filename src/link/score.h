/* Scoring on a scale that others use, too. */
#ifndef PT_LINK_SCORE_H
#define PT_LINK_SCORE_H

#include "link/weigh.h"

/* As pt_link_score. */
pt_rc link_score_pairs(pt_link_pair **pairs, size_t *n, const link_scale *scale, pt_link_blocks *blocks, double least,
                       pt_pool *pool, pt_err *err);

#endif
