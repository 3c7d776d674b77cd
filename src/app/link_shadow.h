/* What a change of rules would merge or split, before it is made: `portrait link shadow` (docs/linking.md, "Before it goes live").
 * Records are linked twice over the same tables, and links settled with all others as a build would; nothing is written. */
#ifndef PT_APP_LINK_SHADOW_H
#define PT_APP_LINK_SHADOW_H

#include "app/linking.h"
#include "link/changes.h"

/* Each field says one change, all together are made; NULL and 0: none. */
typedef struct pt_link_shadow_request {
    double automatic;     /* records are linked from this probability */
    const char *rule;     /* a blocking rule that is left out, as `portrait link` names it */
    const char *source;   /* a source whose records are not linked */
    const char *column;   /* a column that is not compared */
    const char *identity; /* a file that stands for identity.yaml */
    unsigned threads;
    pt_cancel *cancel;
} pt_link_shadow_request;

enum { PT_LINK_SHADOW_EXAMPLES = 10 };

/* Records are counted by their strongest identifiers: what has one is one thing. */
typedef struct pt_link_shadow_example {
    uint32_t before, after; /* groups */
    uint32_t things;
    uint32_t a, b; /* records of the linking as it is: together now and not before, or the other way round */
    bool merged;
    double bits_before, bits_after; /* of the pair, by both models; NaN where the columns or records are gone */
} pt_link_shadow_example;

/* What becomes of a segment of the last build, as far as that can be told without building. */
typedef struct pt_link_shadow_segment {
    const char *name;
    uint64_t members;
    uint64_t touched; /* members that would be merged with others or split */
    uint64_t fewer;   /* members at least that would be part of another member */
} pt_link_shadow_segment;

typedef struct pt_link_shadow {
    pt_linking *before, *after; /* the caller's to free, also after a failure */
    pt_linking_settled settled_before, settled_after;
    const pt_link_shadow_segment
        *segments; /* with members that change, the most first; none when nothing is published */
    size_t n_segments;
    pt_link_changes changes;
    size_t linked_before, linked_after; /* pairs that reach the probability from which records are linked */
    pt_link_shadow_example examples[PT_LINK_SHADOW_EXAMPLES];
    size_t n_examples;
} pt_link_shadow;

/* Zero-initialise *out. PT_EINVAL when a rule, source or column is not there. In the arena. */
pt_rc pt_app_link_shadow(pt_link_shadow *out, pt_app *app, const pt_link_shadow_request *q, pt_arena *arena,
                         pt_err *err);

#endif
