/* A tag's value as text: for people (pt_render_text), for programs (pt_render_json), for pipes (pt_render_tsv). The last two are
 * exact and do not depend on language: reading them back gives the same value. */
#ifndef PT_APP_RENDER_H
#define PT_APP_RENDER_H

#include "base/json.h"
#include "project/project.h"

typedef struct pt_render_style {
    const pt_project *project;
    const char *lang; /* "zh" or "en" */
    const struct pt_item_names
        *items; /* of recommending models (app/item_names.h); NULL: items are shown as they are */
} pt_render_style;

/* Appends row `row` of tag `tag`'s column, rounded to what an eye can take in: money with its currency, the tier's label,
 * list items joined; nothing when it is missing. `tag` -1: a value that is no tag's. */
void pt_render_text(pt_str *out, const pt_render_style *style, int tag, const pt_column *c, uint64_t row);
/* A figure of a tag of numbers or times (a mean, a bound of a bar) in the words of its values: a date as a date, money with
 * its currency, a share as per cent; nothing when it is infinite. */
void pt_render_figure(pt_str *out, const pt_render_style *style, uint32_t tag, double v);
/* Numbers and money as numbers, dates and instants as ISO text in `zone`, durations as "30d 12h", lists as arrays, weighted
 * lists as [{"value", "weight"}] heaviest first, missing as null. */
void pt_render_json(pt_json *j, const pt_column *c, uint64_t row, const pt_zone *zone);
/* Exact, for a cell of a table of its own rules: texts as they are, nothing for missing, list items joined by | (\| and \\ in
 * an item), weights after a colon. */
void pt_render_cell(pt_str *out, const pt_column *c, uint64_t row, const pt_zone *zone);
/* docs/eval-filter.md: \N for missing, \t \n \r \\ escaped, list items joined by | (\| inside an item), weights after : */
void pt_render_tsv(pt_str *out, const pt_column *c, uint64_t row, const pt_zone *zone);

/* As pt_render_instant; in Chinese "2017年6月30日 18:00". For sentences and values; columns of times keep the short form. */
void pt_render_moment(pt_str *out, int64_t instant, const pt_zone *zone, const char *lang);
/* "2017-06-30 18:00", local; seconds only when it has them. */
void pt_render_instant(pt_str *out, int64_t instant, const pt_zone *zone);
/* Whether a tag's number is a share, shown as per cent: `unit: percent`. */
bool pt_tag_is_percent(const pt_tag *tag);
/* "CNY"; in Chinese "元". */
const char *pt_render_currency(const pt_render_style *style);
/* The label of one text of a tag in a language: a tier's label, of a model's reasons the label of the tag
 * that is named, or the text itself. */
pt_sv pt_render_label(const pt_render_style *style, int tag, pt_sv text);

#endif
