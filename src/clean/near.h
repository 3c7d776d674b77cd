/* Texts that are nearly alike. Each text is compared with those kept before it that share a hash of their pairs of
 * characters (MinHash, in bands): near texts share one almost surely, far ones hardly ever, so that a text meets a bounded
 * number of others however many there are. A candidate is then compared exactly. */
#ifndef PT_CLEAN_NEAR_H
#define PT_CLEAN_NEAR_H

#include "base/str.h"

typedef struct pt_near pt_near;

/* similarity: 0.5 to 1. */
pt_rc pt_near_new(pt_near **out, double similarity, pt_err *err);
void pt_near_free(pt_near *n); /* NULL is fine */
/* The texts that follow are compared with those of this group only; groups come one after the other. */
void pt_near_group(pt_near *n, uint64_t group);
/* Whether `text` is near to one kept before; *kept is then that one's number. Else it is kept, as `number`. */
pt_rc pt_near_add(bool *dropped, uint64_t *kept, pt_near *n, uint64_t number, pt_sv text, pt_err *err);

/* Twice the pairs of neighbouring characters that both have, by all pairs of both, without capitals, white space and
 * full-width forms: 1 when alike, 0 when nothing is shared. A text of one character is one pair; one of none has no
 * similarity with any. Pairs that repeat count once. */
pt_rc pt_near_similarity(double *out, pt_sv a, pt_sv b, pt_err *err);

#endif
