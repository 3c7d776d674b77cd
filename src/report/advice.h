/* Conclusions and suggested actions: rules over figures (advice_list.h) that hold become sentences. A sentence is said only when
 * a figure of the report shows what it says. */
#ifndef PT_REPORT_ADVICE_H
#define PT_REPORT_ADVICE_H

#include "report/draft.h"

/* Marks those of the draft's facts of which a rule holds (fact.wanted). */
void pt_advice_mark(pt_draft *d);
/* Adds the sentences of the rules that hold of the draft's facts with a figure to the part, in the order of the rules. */
void pt_advice_tell(pt_draft *d, pt_report_part *part);
/* The sentence that a fact makes out of a template with {0} the share, {1} that of all, {2} the TGI, {3} the figure, {4} the
 * median, {5} that of all, {6} the tag, {7} the value. */
const char *pt_advice_say(pt_draft *d, const pt_fact *fact, const char *sentence);
/* Where no rule fits a project's tags: the most frequent value of each of the first few that have one. */
void pt_advice_tell_most(pt_draft *d, pt_report_part *part);

#endif
