/* Shared by the forms of a report: a figure as JSON, inside an object that is open. */
#ifndef PT_REPORT_PAGE_H
#define PT_REPORT_PAGE_H

#include "base/json.h"
#include "report/report.h"

/* "chart", "title", "columns", "rows", "values" (null: nothing to draw), "texts". */
void pt_report_json_figure(pt_json *j, const pt_figure *f);

#endif
