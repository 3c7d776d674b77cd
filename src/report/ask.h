/* Questions to app/ whose answers are figures. What a project has no tag or source for is no figure, and no failure. */
#ifndef PT_REPORT_ASK_H
#define PT_REPORT_ASK_H

#include "report/pictures.h"

/* About those of a condition; empty: all customers. */
pt_rc pt_ask_pyramid(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);
/* `shown`, by tag, is set for tags that the figure shows. */
pt_rc pt_ask_regions(pt_draft *d, pt_chapter *chapter, pt_sv condition, bool *shown, pt_err *err);
pt_rc pt_ask_channels(pt_draft *d, pt_chapter *chapter, pt_sv condition, bool *shown, pt_err *err);
pt_rc pt_ask_rfm(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);
/* How members of the values of the life cycle moved, over the last months. */
pt_rc pt_ask_flow(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);
/* When the events that the project knows as purchases happen, and who comes back in later months. */
pt_rc pt_ask_hours(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);
pt_rc pt_ask_cohorts(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);

#endif
