/* Why two records are one customer or two, as a page: the waterfall drawn, its table, the sentences. */
#ifndef PT_REPORT_LINKPAGE_H
#define PT_REPORT_LINKPAGE_H

#include "app/link_explain.h"
#include "report/report.h"

/* Appended, in one language. The same explanation gives the same bytes. */
pt_rc pt_link_html(pt_str *out, const pt_link_explanation *e, const pt_linking *l, const char *lang, pt_err *err);

#endif
