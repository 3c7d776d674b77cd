/* Records of persons with the truth, for tests and benchmarks of linking: CSV files as tables, and how well pairs agree with the truth. */
#ifndef TESTS_SUPPORT_LINK_PEOPLE_H
#define TESTS_SUPPORT_LINK_PEOPLE_H

#include "link/columns.h"

typedef struct link_people {
    pt_arena *arena;
    uint32_t n;
    size_t n_fields;
    pt_sv *names;    /* of fields */
    pt_sv *values;   /* [record * n_fields + field], trimmed */
    uint8_t *source; /* by record: the file it is from */
    size_t cap, cap_source;
    uint32_t *person; /* by record: who it is; set by link_people_truth */
} link_people;

/* CSV files with a header, of the same fields; NULL when one is not there or is no such file. */
link_people *link_people_read(const char *const *paths, size_t n);
void link_people_free(link_people *p);
size_t link_people_field(const link_people *p, const char *name);
/* Records with equal texts of `field`, as far as `of` returns, are one person. */
void link_people_truth(link_people *p, const char *field, pt_sv (*of)(pt_sv value));

/* Keeps about this share of the persons, drawn by the seed, with all their records. */
void link_people_thin(link_people *p, uint64_t seed, double share);

typedef struct link_quality {
    double f1, precision, recall, at; /* at: the threshold in bits */
} link_quality;
/* The best F1 over all thresholds, of all pairs of the truth; pairs as pt_link_score gives them. */
link_quality link_best_f1(const link_people *p, pt_link_pair *pairs, size_t n);
/* At one threshold, after connected components: of all pairs inside them. */
link_quality link_groups_f1(const link_people *p, const uint32_t *group);
link_quality link_cluster_f1(const link_people *p, const pt_link_pair *pairs, size_t n, double least);

#endif
