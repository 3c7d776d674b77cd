/* Shared by rfm, flow, levels and pyramid: opening, and leaving small groups out. */
#ifndef PT_APP_GRID_INT_H
#define PT_APP_GRID_INT_H

#include "app/crowd_scan.h"
#include "app/pyramid.h"
#include "app/tag_for.h"

/* Opens the query of a condition, which goes with the arena, and counts its members. */
pt_rc pt_grid_open(pt_grid_head *head, pt_crowd_query **q, pt_app *app, pt_sv condition,
                   const pt_crowd_options *options, pt_diags *diags, pt_arena *arena, pt_err *err);
/* Whether a group is too small to be shown. Nobody is no group. */
static inline bool pt_grid_is_small(const pt_grid_head *head, uint64_t members)
{
    return members > 0 && members < head->min_group;
}
/* Parts of a whole whose size is told: sets hidden[i] for those of too few (others that are set stay so), and while all hidden ones
 * together would be too few, for the smallest shown part too. Counts them. `outside` (or NULL) are customers who have the part's value but are
 * no members: they are groups as well. That a value is not known describes nobody: the caller gives 0 for such a part. */
void pt_grid_hide(pt_grid_head *head, bool *hidden, const uint64_t *parts, const uint64_t *outside, size_t n);
/* The column of a tag of one value a customer: PT_EINVAL for a list. */
pt_rc pt_grid_column(const pt_column **out, pt_crowd_query *q, int tag, pt_err *err);
/* As above, of texts or yes and no. */
pt_rc pt_grid_texts(const pt_column **out, pt_crowd_query *q, int tag, pt_err *err);

#endif
