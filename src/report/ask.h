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
/* How things went from build to build: a tag's values, the quality of the data, and the size of a saved segment, with a
 * sentence on what became of it since the build before. */
pt_rc pt_ask_tag_trend(pt_draft *d, pt_chapter *chapter, const char *names, pt_err *err);
pt_rc pt_ask_quality_trend(pt_draft *d, pt_chapter *chapter, pt_err *err);
pt_rc pt_ask_segment_trend(pt_draft *d, pt_report_part *part, pt_chapter *chapter, const char *segment, pt_err *err);
/* When the events that the project knows as purchases happen, and who comes back in later months. */
pt_rc pt_ask_hours(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);
pt_rc pt_ask_cohorts(pt_draft *d, pt_chapter *chapter, pt_sv condition, pt_err *err);

#endif
