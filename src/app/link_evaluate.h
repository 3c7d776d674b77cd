/* How well linking does, by labels: `portrait link evaluate` (docs/linking.md, "How well it does"). */
#ifndef PT_APP_LINK_EVALUATE_H
#define PT_APP_LINK_EVALUATE_H

#include "app/link_labels.h"

enum { PT_LINK_LISTED = 10 };

/* What taking all pairs of at least this probability gives. */
typedef struct pt_link_threshold {
    double probability, weight;
    pt_link_point counts;
    pt_link_measure measure;
} pt_link_threshold;

typedef struct pt_link_evaluation {
    pt_link_labels labels;
    pt_link_curve curve;                 /* by labelled identifiers: of several records the strongest pair counts */
    const pt_link_threshold *thresholds; /* probabilities rising, that from which records are linked among them */
    size_t n_thresholds;
    pt_link_threshold best;    /* of the best F1; NaN probability when there is none */
    pt_link_agreement groups;  /* what a build would make of it */
    pt_link_faults faults;     /* at the probability from which records are linked */
    uint64_t wrong_from_start; /* pairs of two persons that equal identifiers join */
    double automatic, review;  /* probabilities */
} pt_link_evaluation;

/* `l` is trained and not scored; it is scored down to where nobody would look, and grouped. `find` is of it. In the arena. */
pt_rc pt_link_evaluate(pt_link_evaluation *out, pt_linking *l, const pt_linking_options *options, pt_link_find *find,
                       const char *labels, pt_arena *arena, pt_err *err);

#endif
