/* Which pairs people should be asked about, so that an answer tells most. Pure. */
#ifndef PT_LINK_REVIEW_H
#define PT_LINK_REVIEW_H

#include "link/link.h"

typedef struct pt_link_question {
    uint32_t a, b;      /* records of two groups, a < b; of all pairs between the two the strongest */
    float weight;       /* bits */
    uint64_t pairs;     /* pairs of records that a yes joins: the sizes of the two groups multiplied */
    double information; /* what the answer tells: its entropy in bits, for each of these pairs */
    bool
        inside; /* the two are of one group, which this link alone holds together: a and b of two of its parts, `pairs` a no parts */
} pt_link_question;

/* At most one question for each two groups that at least one pair of `least` bits or more connects; what tells most first, then by
 * (a, b). A pair is not asked about whose groups are in `never`: pairs (smaller first, rising by both) that were answered with no or
 * may not be one; n_never of them. `group` by record: the smallest record of its group. In the arena. */
pt_rc pt_link_questions(pt_link_question **out, size_t *n, const uint32_t *group, uint32_t n_records,
                        const pt_link_pair *pairs, size_t n_pairs, double least, const pt_link_pair *never,
                        size_t n_never, pt_arena *arena, pt_err *err);

/* Of the links that hold groups together those of at most `most` bits, as questions; what tells most first. `start` by record: the
 * first record of its part, which nothing doubtful holds; `links`: between any two parts of a group there is one way over them. In the
 * arena. */
pt_rc pt_link_doubtful(pt_link_question **out, size_t *n, const uint32_t *group, const uint32_t *start,
                       uint32_t n_records, const pt_link_pair *links, size_t n_links, double most, pt_arena *arena,
                       pt_err *err);

/* What tells most first, then by (a, b). */
void pt_link_questions_sort(pt_link_question *questions, size_t n);

/* The entropy of a yes with this weight, in bits: 1 where yes and no are as likely. */
double pt_link_doubt(double weight);

#endif
