/* How long a condition held: the answer of was(condition, at least d, within w) for a block of customers, from whether it
 * was true in each state (docs/history.md). Pure. */
#ifndef PT_HISTORY_STRETCH_H
#define PT_HISTORY_STRETCH_H

#include <stddef.h>
#include <stdint.h>

/* States in order of time. State i holds from from[i] up to from[i + 1], the last up to `as_of`. */
typedef struct pt_stretches {
    const int64_t *from;
    size_t n;
    int64_t as_of;
    const uint64_t *const *held;  /* by state: a bit for each customer for whom the condition is true */
    const uint64_t *const *known; /* by state: true or false */
    size_t words;                 /* of each bitmap */
    int64_t at_least;             /* 0: at any time */
    int64_t within;               /* INT64_MAX: all */
} pt_stretches;

/* The first state that lies in the window at all. */
size_t pt_stretch_first(const pt_stretches *s);
/* The length of the part that lies in the window of a stretch of states [first, end). */
int64_t pt_stretch_length(const pt_stretches *s, size_t first, size_t end);
/* yes: some stretch is long enough. no: the condition was known in some state, and none is. `starts` is scratch for 64 numbers. */
void pt_stretch_decide(uint64_t *yes, uint64_t *no, const pt_stretches *s, uint32_t *starts);

#endif
