/* What would make a leaf of a condition true, or false, read off its form: "spend_365d >= 1000" asks that the subject
 * spend_365d be at least 1000. Values are the caller's to ask for. Pure. */
#ifndef PT_SEGMENT_NEED_H
#define PT_SEGMENT_NEED_H

#include "lang/lang.h"

typedef enum pt_need_kind {
    PT_NEED_TRUTH,   /* the leaf itself, without a subject: a bool tag, a call */
    PT_NEED_COMPARE, /* subject op bounds[0]; op is one of < <= > >= */
    PT_NEED_BETWEEN, /* bounds[0] <= subject <= bounds[1] */
    PT_NEED_OUTSIDE,
    PT_NEED_ONE_OF, /* also `=` */
    PT_NEED_NONE_OF,
    PT_NEED_HAS_ANY, /* a list and texts */
    PT_NEED_HAS_ALL,
    PT_NEED_HAS_NONE,
    PT_NEED_LACKS_ONE,
    PT_NEED_KNOWN,
    PT_NEED_MISSING,
    PT_NEED_MATCH,
    PT_NEED_NO_MATCH,
    PT_NEED_EVENTS,    /* op bounds: how many events of the subject, a `did` or `count` */
    PT_NEED_STEPS,     /* all steps of the subject, a sequence */
    PT_NEED_NOT_STEPS, /* not all of them in order */
    PT_NEED_FIXED      /* nothing a customer does changes it: a draw of lots, a condition on the calendar */
} pt_need_kind;

typedef struct pt_need {
    pt_need_kind kind;
    pt_op op;               /* COMPARE, EVENTS */
    const pt_node *subject; /* NULL: none. Of STEPS a funnel of the same steps, whose value is how many are done */
    const pt_node *const *bounds; /* constants, or what the subject is compared with */
    size_t n_bounds;
    uint32_t least; /* EVENTS without bounds: 1 with `>=`, for `did`; 0 with `<=` */
} pt_need;

/* Of a leaf (bool, not and, or, not). In the arena. */
pt_rc pt_need_of(pt_need *out, const pt_node *leaf, bool want, pt_arena *a, pt_err *err);

/* "compare", "one_of", ...: stable. */
const char *pt_need_name(pt_need_kind kind);
/* Whether values of the subject are whole numbers of events, days, steps. */
bool pt_need_is_count(const pt_node *subject);

#endif
