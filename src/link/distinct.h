/* Long lists of texts on several threads: the distinct ones numbered in order of first appearance, whatever the number of threads. */
#ifndef PT_LINK_DISTINCT_H
#define PT_LINK_DISTINCT_H

#include "base/pool.h"
#include "base/str.h"

/* codes[i]: which of the distinct texts texts[i] is, from 1; 0: it is empty. first[code]: the first that is it; of n + 1 numbers. */
pt_rc link_number_texts(uint32_t *codes, uint32_t *first, uint32_t *n_distinct, const pt_sv *texts, uint32_t n,
                        pt_pool *pool, pt_err *err);

#endif
