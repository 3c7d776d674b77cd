/* How well linking agrees with what is known of some records. Pure.
 *
 * What is known is either which person each record is of (of all records or of a part), or of single pairs whether they are one
 * person. Records and pairs of which nothing is known count nowhere. Pairs of one person that no blocking rule brought together are
 * missed like any other: recall is of all pairs of one person. */
#ifndef PT_LINK_EVALUATE_H
#define PT_LINK_EVALUATE_H

#include "link/link.h"

#define PT_LINK_UNKNOWN UINT32_MAX

/* Whether two records are one person. */
typedef struct pt_link_label {
    uint32_t a, b; /* a < b */
    bool same;
} pt_link_label;

typedef struct pt_link_truth {
    uint32_t n;                  /* records */
    const uint32_t *entity;      /* by record: its person, below n, or PT_LINK_UNKNOWN; NULL: only pairs are known */
    const pt_link_label *labels; /* rising by (a, b), no pair twice; not looked at when there are entities */
    size_t n_labels;
} pt_link_truth;

typedef enum pt_link_answer { PT_LINK_UNSAID, PT_LINK_ONE, PT_LINK_TWO } pt_link_answer;
pt_link_answer pt_link_truth_of(const pt_link_truth *t, uint32_t a, uint32_t b); /* a < b */
/* Rising by (a, b), repeats made one. False when a pair is said to be both: it is in *a and *b then. */
bool pt_link_labels_sort(pt_link_label *labels, size_t *n, uint32_t *a, uint32_t *b);

/* Of what was found the share that is right, of what is true the share that was found; 1 when there was nothing to find. */
typedef struct pt_link_measure {
    double precision, recall, f1;
} pt_link_measure;
pt_link_measure pt_link_measure_of(double found, double right, double truth);

/* --- pairs by their weight ------------------------------------------------------------------------------------------------------ */

/* All known pairs of at least this weight. */
typedef struct pt_link_point {
    double weight;
    uint64_t found, right;
} pt_link_point;

typedef struct pt_link_curve {
    pt_link_point *points; /* one for each weight that a known pair has, strongest first */
    size_t n;
    uint64_t truth;       /* known pairs of one person, found by rules or not */
    uint64_t known;       /* scored pairs of which the answer is known */
    pt_link_point joined; /* pairs that are one from the start, whatever their weight: part of each point */
} pt_link_curve;

/* `start` by record, below n: records with one number are joined from the start; NULL: none are. Pairs of such records are passed
 * over. */
pt_rc pt_link_curve_of(pt_link_curve *out, const pt_link_truth *t, const uint32_t *start, const pt_link_pair *pairs,
                       size_t n, pt_arena *arena, pt_err *err);
/* What taking all pairs of at least `weight` bits gives. */
pt_link_point pt_link_curve_at(const pt_link_curve *c, double weight);
pt_link_measure pt_link_curve_measure(const pt_link_curve *c, const pt_link_point *p);
/* Of the best F1; of several equal ones the strongest. NULL when no scored pair is known. */
const pt_link_point *pt_link_curve_best(const pt_link_curve *c);

/* --- groups of records ----------------------------------------------------------------------------------------------------------- */

typedef struct pt_link_range {
    double low, high;
} pt_link_range;

typedef struct pt_link_estimate {
    pt_link_measure value;
    pt_link_range precision, recall, f1; /* 95 of 100: persons (or labelled pairs) drawn anew with replacement */
} pt_link_estimate;

typedef struct pt_link_agreement {
    uint64_t found, right, truth; /* pairs inside groups; of them of one person; pairs of one person */
    uint64_t groups, exact,
        persons; /* groups of known records; those that are just one person's; persons. 0 for pairs alone */
    pt_link_estimate pairs;
    pt_link_estimate clusters; /* found: groups, right: exact ones, truth: persons */
    pt_link_estimate
        b_cubed; /* Bagga and Baldwin 1998: the mean over records of the share of the group that is the record's person,
                                * and of the share of the person that is in the group */
} pt_link_agreement;

/* `group` by record, below n: as pt_link_cluster gives it. Clusters and b_cubed are zeros when only pairs are known. */
pt_rc pt_link_agreement_of(pt_link_agreement *out, const pt_link_truth *t, const uint32_t *group, uint64_t seed,
                           pt_err *err);

/* --- what went wrong -------------------------------------------------------------------------------------------------------------- */

typedef enum pt_link_mistake {
    PT_LINK_NOT_BLOCKED, /* one person, in two groups: no rule brought them together, or far below any bound */
    PT_LINK_TOO_WEAK,    /* below the bound */
    PT_LINK_KEPT_APART,  /* strong enough, but their groups were not joined */
    PT_LINK_WRONG,       /* two persons in one group */
    PT_LINK_MISTAKES
} pt_link_mistake;

typedef struct pt_link_fault {
    uint32_t a, b;
    float weight; /* -INFINITY for pairs that were not scored */
    pt_link_mistake mistake;
} pt_link_fault;

/* Of each mistake some: the strongest of the kept apart and the wrong ones, the weakest of the too weak. */
typedef struct pt_link_faults {
    uint64_t n[PT_LINK_MISTAKES]; /* how many pairs there are; wrong ones: scored or not */
    pt_link_fault *listed[PT_LINK_MISTAKES];
    size_t n_listed[PT_LINK_MISTAKES];
} pt_link_faults;

/* `sums` of the same groups. Pairs in order of (a, b); `least`: the bound from which they are followed; `most` are listed of each
 * mistake. */
pt_rc pt_link_faults_of(pt_link_faults *out, const pt_link_truth *t, const pt_link_agreement *sums,
                        const uint32_t *group, const pt_link_pair *pairs, size_t n, double least, size_t most,
                        pt_arena *arena, pt_err *err);

#endif
