/* What is known of who is who, from a file: CSV with a header, in one of two forms (docs/linking.md, "Labels").
 *
 *   record_id,person          a row a record: records with the same second value are one person
 *   a,b,same                  a row a pair: yes or no; rows without an answer are passed over
 *
 * Records are named as in link_find.h. An identifier that several records have is one thing to be labelled: its first record stands
 * for all. */
#ifndef PT_APP_LINK_LABELS_H
#define PT_APP_LINK_LABELS_H

#include "app/link_find.h"
#include "link/evaluate.h"

enum { PT_LINK_LINES = 5 };

typedef struct pt_link_labels {
    pt_link_truth truth;
    uint64_t rows;    /* with a label */
    uint64_t records; /* labelled, by their first records */
    uint64_t open;    /* rows of pairs without an answer */
    uint64_t unknown; /* rows that name a record there is not */
    uint64_t unknown_lines[PT_LINK_LINES];
} pt_link_labels;

/* PT_EINVAL with file and line where a row cannot be read or contradicts an earlier one, and when no row labels anything. In the
 * arena. */
pt_rc pt_link_labels_read(pt_link_labels *out, const char *path, pt_link_find *f, pt_arena *arena, pt_err *err);

/* One row of pairs, in the order of the file. */
typedef struct pt_link_answer_row {
    pt_sv a, b; /* as written */
    bool same;
    uint64_t line;
} pt_link_answer_row;
/* Only the rows that have an answer, unchecked; a file of pairs. In the arena. */
pt_rc pt_link_answers_read(pt_link_answer_row **out, size_t *n, const char *path, pt_arena *arena, pt_err *err);

#endif
