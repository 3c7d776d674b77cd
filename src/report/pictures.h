/* Figures of what app/ answers about all customers or a segment; each adds nothing when there is nothing to show. */
#ifndef PT_REPORT_PICTURES_H
#define PT_REPORT_PICTURES_H

#include "app/flow.h"
#include "app/journeys.h"
#include "app/levels.h"
#include "app/pyramid.h"
#include "app/rfm.h"
#include "app/trend.h"
#include "report/draft.h"

void pt_draw_pyramid(pt_draft *d, pt_chapter *chapter, const pt_pyramid *in);
/* A tree of regions or channels: the largest of each level under the one above. */
void pt_draw_levels(pt_draft *d, pt_chapter *chapter, const pt_levels *in, const char *title);
void pt_draw_rfm(pt_draft *d, pt_chapter *chapter, const pt_rfm *in);
void pt_draw_flow(pt_draft *d, pt_chapter *chapter, const pt_flow *in);
void pt_draw_heatmap(pt_draft *d, pt_chapter *chapter, const pt_heatmap *in);
void pt_draw_cohort(pt_draft *d, pt_chapter *chapter, const pt_cohort *in);
/* Lines through the as-ofs of the builds kept; of fewer than two there is none. */
void pt_draw_tag_trend(pt_draft *d, pt_chapter *chapter, const pt_tag_trend *in);
/* With a sentence on what became of its size since the build before. */
void pt_draw_segment_trend(pt_draft *d, pt_report_part *part, pt_chapter *chapter, const pt_segment_trend *in);
void pt_draw_quality_trend(pt_draft *d, pt_chapter *chapter, const pt_quality_trend *in);

#endif
