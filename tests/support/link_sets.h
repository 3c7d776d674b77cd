/* The sets that linking is measured on, by tests and benchmarks: which columns are of which kind, and the truth. */
#ifndef TESTS_SUPPORT_LINK_SETS_H
#define TESTS_SUPPORT_LINK_SETS_H

#include "link/learn.h"
#include "support/link_people.h"

enum { LINK_SETS = 5, LINK_SET_FIELDS = 12 };

typedef struct link_told {
    const char *field; /* NULL: no more */
    pt_link_kind kind;
} link_told;

typedef struct link_set {
    const char *name;
    bool shared;          /* in the folder of shared data; else in what deps/install fetches */
    const char *files[2]; /* the second: another source. Both are then clean, and pairs are between them */
    const char *truth; /* records with equal texts in this field are of one person; NULL: truth.csv beside the file */
    bool numbered;     /* of the truth only the number counts: rec-223-org and rec-223-dup-0 are one */
    link_told fields[LINK_SET_FIELDS];
} link_set;

extern const link_set link_sets[LINK_SETS];

const link_set *link_set_find(const char *name);
/* With the truth; `shared` and `deps` are folders, NULL where they are not there. NULL when the set is not there. */
link_people *link_set_read(const link_set *set, const char *shared, const char *deps);
/* Fields and rules, in the people's arena; zero-initialised but for `latin`. */
pt_rc link_set_up(pt_link_setup *s, const link_set *set, link_people *p, pt_err *err);

#endif
