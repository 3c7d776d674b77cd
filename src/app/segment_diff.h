/* Who came into a segment and who left it between two moments, and which part of its rule made it so (docs/why.md). */
#ifndef PT_APP_SEGMENT_DIFF_H
#define PT_APP_SEGMENT_DIFF_H

#include "app/crowds.h"
#include "segment/logic.h"

/* One of the two moments: a build, with the tags and members it kept; or an instant, for which tags are worked out from the
 * timelines of the last build. */
typedef struct pt_segment_moment {
    const char *generation; /* NULL: an instant */
    int64_t as_of;
    uint64_t customers, members;
} pt_segment_moment;

/* Customers for whom the same leaves changed. */
typedef struct pt_segment_cause {
    const uint32_t *leaves;
    size_t n_leaves; /* 0: past the PT_SEGMENT_DIFF_LEAVES that are looked at */
    uint64_t entered, left;
} pt_segment_cause;

typedef struct pt_segment_mover {
    pt_sv id;
    bool entered;
    const pt_segment_cause *cause; /* NULL: new, merged, gone, or leaves are not known */
} pt_segment_mover;

typedef struct pt_segment_diff {
    const char *text;
    int segment; /* -1: a condition */
    pt_segment_moment from, to;
    uint64_t stayed, entered, left; /* of those who are customers at both moments */
    uint64_t entered_new; /* members now who were no customers then; of an instant: of whom nothing was known */
    uint64_t left_merged, left_gone; /* members then who are part of another customer now, or nobody */
    bool leaves_known;
    const char *const *leaves; /* texts, by leaf */
    size_t n_leaves;
    const uint64_t *entered_by, *left_by; /* by leaf: of how many movers it is a cause, alone or with others */
    const pt_segment_cause *causes;       /* the most frequent first */
    size_t n_causes;
    /* When the definition itself was changed from one build to the other: what that did, to the data of the first. The figures
     * above are then by the definition of now at both ends. */
    const char *before; /* the definition at `from`; NULL: the same */
    bool
        redefined; /* of one of the builds only the members under another definition are known: some moved because of that */
    uint64_t definition_entered, definition_left;
    const pt_segment_mover *movers; /* by ordinal; all of them, when asked for */
    size_t n_movers;
} pt_segment_diff;

enum { PT_SEGMENT_DIFF_LEAVES = 63 };

typedef struct pt_segment_diff_options {
    pt_crowd_options crowd;
    pt_sv from,
        to; /* dates or instants in the project's zone, or builds "g000012". Empty: the last build; from: the build before it */
    bool movers;
} pt_segment_diff_options;

/* `what` is a saved segment or a condition. */
pt_rc pt_app_segment_diff(const pt_segment_diff **out, pt_app *app, pt_sv what, const pt_segment_diff_options *options,
                          pt_diags *diags, pt_arena *arena, pt_err *err);

#endif
