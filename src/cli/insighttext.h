/* What `portrait insight` prints: for people (insighttext.c, insighttext_more.c) and for programs (insightjson.c). */
#ifndef PT_CLI_INSIGHTTEXT_H
#define PT_CLI_INSIGHTTEXT_H

#include "app/insight.h"
#include "cli/figures.h"

/* `all`: every value of every tag, and not only what sets the segment apart. */
void pt_insight_print(pt_cli *cli, const pt_project *p, const pt_insight *x, bool all);
void pt_insight_json(pt_cli *cli, const pt_project *p, const pt_insight *x);

/* The parts of --by and the tables of --cross. */
void pt_insight_print_parts(pt_cli *cli, const pt_project *p, const pt_insight *x);
void pt_insight_print_cross(pt_cli *cli, const pt_project *p, const pt_insight_cross *c);

/* Texts of figures, in the arena of `cli`. */
const char *pt_insight_value_text(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_insight_value *v);
/* "12.3%"; "" when it is not known. */
const char *pt_insight_share_text(const pt_cli *cli, double share);
/* "134"; "" when it is not known, "only here" when only the segment has the value. */
const char *pt_insight_tgi_text(const pt_cli *cli, double tgi);
/* A bar around 100: to the right above, to the left below; a doubling is three cells. "" when standard output is no terminal. */
const char *pt_insight_bar(pt_cli *cli, double tgi);

#endif
