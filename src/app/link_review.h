/* Asking people about pairs that are in doubt: `portrait link review` (docs/linking.md, "Asking people"). Answers are decisions
 * (app/decisions.h, rule `review`): appended one by one, applied by the next build. */
#ifndef PT_APP_LINK_REVIEW_H
#define PT_APP_LINK_REVIEW_H

#include "app/decisions.h"
#include "app/link_find.h"
#include "app/link_labels.h"
#include "link/changes.h"
#include "link/review.h"

typedef struct pt_link_review pt_link_review;

/* What there is to ask about `l`, which is grouped and outlives it; decisions that stand are answers already. */
pt_rc pt_link_review_new(pt_link_review **out, const pt_linking *l, pt_err *err);
void pt_link_review_free(pt_link_review *r); /* NULL is fine */

/* All questions that nothing has been answered to, those that tell most first: customers that may be one, and customers that are one
 * by a weak link alone. */
const pt_link_question *pt_link_review_questions(const pt_link_review *r, size_t *n);
/* The next one whose answer does not follow from those that were given; NULL when all is answered. */
const pt_link_question *pt_link_review_next(pt_link_review *r);
/* Passes the question over. */
void pt_link_review_skip(pt_link_review *r);
/* Notes the answer to the question that pt_link_review_next gave, kept as decision `number`. */
pt_rc pt_link_review_answer(pt_link_review *r, bool same, uint32_t number, pt_err *err);
/* Notes an answer to any pair of records. */
pt_rc pt_link_review_add(pt_link_review *r, uint32_t a, uint32_t b, bool same, uint32_t number, pt_err *err);
/* Takes the last answer or skip back; its question is the next one. The number of the decision that is to be undone in *number, 0 when
 * it was skipped. False when there is nothing to take back. */
bool pt_link_review_undo(pt_link_review *r, uint32_t *number);
size_t pt_link_review_answered(const pt_link_review *r, size_t *yes);

/* What the answers change: groups by answers against groups without. In the arena. */
pt_rc pt_link_review_changes(pt_link_changes *out, pt_link_review *r, pt_linking *l, const pt_linking_options *options,
                             pt_arena *arena, pt_err *err);

/* Answers as rows of decisions; texts are those of the linking. A yes names the other parts of both customers, too, those that only
 * likenesses hold to them: a build finds likenesses anew, under what was decided, and might leave them behind. In the arena. */
pt_rc pt_link_review_decisions(const pt_decision **rows, size_t *n, pt_link_review *r, const pt_link_label *answers,
                               size_t n_answers, pt_sv who, pt_sv why, pt_arena *arena, pt_err *err);

/* Questions as CSV: a, b, same (to be filled in), probability, bits, pairs, now ("one" customer or "two"), then each column of both records. Appended. */
void pt_link_review_csv(pt_str *out, const pt_linking *l, const pt_link_question *q, size_t n);

/* Answers of such a file as records; PT_EINVAL with the line for a record there is not, a pair of one record, and a pair answered both
 * ways. In the arena. */
pt_rc pt_link_review_read(pt_link_label **out, size_t *n, const char *path, pt_link_find *find, pt_arena *arena,
                          pt_err *err);

#endif
