/* A model card as a page: charts, tables and sentences in one language, in one file that needs nothing else. */
#ifndef PT_REPORT_CARD_H
#define PT_REPORT_CARD_H

#include "app/model_card.h"
#include "report/report.h"

/* Appended; `project` is the name on the cover. The same card gives the same bytes. */
pt_rc pt_card_html(pt_str *out, const pt_card *card, const char *project, const char *lang, pt_err *err);

#endif
