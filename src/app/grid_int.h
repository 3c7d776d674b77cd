/* Shared by rfm, flow, levels and pyramid: opening, and leaving small groups out. */
#ifndef PT_APP_GRID_INT_H
#define PT_APP_GRID_INT_H

#include "app/crowd_scan.h"
#include "app/pyramid.h"
#include "app/tag_for.h"

/* Opens the query of a condition, which goes with the arena, and counts its members. */
pt_rc pt_grid_open(pt_grid_head *head, pt_crowd_query **q, pt_app *app, pt_sv condition,
                   const pt_crowd_options *options, pt_diags *diags, pt_arena *arena, pt_err *err);
/* Whether a group of `members` is too small to be shown; counts it. Nobody is no group. */
bool pt_grid_hides(pt_grid_head *head, uint64_t members);
/* The column of a tag of one value a customer: PT_EINVAL for a list. */
pt_rc pt_grid_column(const pt_column **out, pt_crowd_query *q, int tag, pt_err *err);
/* As above, of texts or yes and no. */
pt_rc pt_grid_texts(const pt_column **out, pt_crowd_query *q, int tag, pt_err *err);

#endif
