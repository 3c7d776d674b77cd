/* Saved segments and conditions as `portrait segment` shows them: who they are, how many belong, how that has changed. */
#ifndef PT_APP_SEGMENTS_H
#define PT_APP_SEGMENTS_H

#include "app/crowds.h"

/* The size of a segment at a build. */
typedef struct pt_segment_size {
    const char *generation; /* "g000012" */
    int64_t as_of;
    uint64_t members;
} pt_segment_size;

typedef struct pt_segment_entry {
    const pt_segment *segment; /* NULL: a condition that was typed */
    const char *text;          /* the condition in canonical form; "" of a list and of all customers */
    uint64_t members;
    bool built;                    /* the members are those that the last build found; else they were worked out now */
    const char *since;             /* static: the build that chose them; NULL: none yet */
    uint64_t ids, unknown;         /* list: ids of the file; those that are nobody's */
    bool has_before;               /* an earlier build counted it */
    uint64_t before;               /* its members at the build before */
    const pt_segment_size *builds; /* the last builds that counted it, this one last; pt_app_segment only */
    size_t n_builds;
    uint64_t came, left; /* since the build before: customers of now; pt_app_segment only, when `compared` */
    bool compared;
} pt_segment_entry;

typedef struct pt_segment_listing {
    uint64_t customers;
    int64_t as_of;
    const char *generation;
    const pt_segment_entry *entries; /* by segment number */
    size_t n;
} pt_segment_listing;

enum { PT_SEGMENT_BUILDS = 10 };

pt_rc pt_app_segments(pt_segment_listing *out, pt_app *app, const pt_crowd_options *options, pt_arena *arena,
                      pt_err *err);
/* One entry, of a saved segment or a condition. Problems in a condition go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_segment(pt_segment_listing *out, pt_app *app, pt_sv name_or_condition, const pt_crowd_options *options,
                     pt_diags *diags, pt_arena *arena, pt_err *err);

/* --- overlap ------------------------------------------------------------------------------------------------------------- */

enum { PT_OVERLAP_MOST = 6 };

/* Members by pattern: those who are in all segments whose bit is set, and in no other. */
typedef struct pt_overlap {
    uint64_t customers;
    int64_t as_of;
    size_t n;
    const pt_segment *segments[PT_OVERLAP_MOST]; /* NULL: a condition */
    const char *texts[PT_OVERLAP_MOST];          /* as given */
    uint64_t members[PT_OVERLAP_MOST];
    uint64_t regions[1 << PT_OVERLAP_MOST];          /* by pattern; [0] are those in none */
    uint64_t both[PT_OVERLAP_MOST][PT_OVERLAP_MOST]; /* members of both */
} pt_overlap;

/* Of 2 to PT_OVERLAP_MOST names or conditions. */
pt_rc pt_app_overlap(pt_overlap *out, pt_app *app, const pt_sv *conditions, size_t n, const pt_crowd_options *options,
                     pt_diags *diags, pt_arena *arena, pt_err *err);

#endif
