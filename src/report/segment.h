/* What an insight becomes in a report; apart, so that tests can hand in an insight of their own. */
#ifndef PT_REPORT_SEGMENT_H
#define PT_REPORT_SEGMENT_H

#include "app/insight.h"
#include "report/draft.h"

pt_rc pt_draft_insight(pt_draft *d, pt_report_part *out, const pt_insight *in, pt_err *err);

#endif
