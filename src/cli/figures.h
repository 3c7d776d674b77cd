/* Figures of distributions as people and programs read them: shared by the commands that draw bars. Texts are in the arena
 * of `cli`. */
#ifndef PT_CLI_FIGURES_H
#define PT_CLI_FIGURES_H

#include "app/app.h"
#include "app/render.h"
#include "cli/cli.h"

/* A number in the words of its tag: a date as a date, money with its currency, a share as per cent; "" when it is infinite. */
const char *pt_cli_figure(pt_cli *cli, const pt_render_style *style, uint32_t tag, double v);
/* The label of a value of the tag, or its range: "10 .. 20", ">= 20". */
const char *pt_cli_bar_title(pt_cli *cli, const pt_render_style *style, uint32_t tag, const pt_bar *b);
/* Whether the terminal shows characters beyond ASCII: as far as its locale says. */
bool pt_cli_unicode(void);
/* Values from left to right as blocks that stand as high as they are between the least and the greatest; NaN leaves a gap.
 * More values than `cells` are averaged. "" when standard output is no terminal. */
const char *pt_cli_sparkline(pt_cli *cli, const double *values, size_t n, size_t cells);
enum { PT_BAR_CELLS = 30 };
/* A bar of up to `cells`; "" when standard output is no terminal. */
const char *pt_cli_bar(pt_cli *cli, uint64_t count, uint64_t most, size_t cells);
/* A number as the type's JSON; null when it is infinite. */
void pt_cli_json_bound(pt_json *j, const char *key, double v, pt_type type, const pt_zone *zone);

#endif
