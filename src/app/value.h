/* A tag's value as text: for people (pt_value_text), for programs (pt_value_json), for pipes (pt_value_tsv). The last two are
 * exact and do not depend on language: reading them back gives the same value. */
#ifndef PT_APP_VALUE_H
#define PT_APP_VALUE_H

#include "base/json.h"
#include "project/project.h"

typedef struct pt_value_style {
    const pt_project *project;
    const char *lang; /* "zh" or "en" */
} pt_value_style;

/* Appends row `row` of tag `tag`'s column: money with its currency, the tier's label, list items joined; nothing when
 * it is missing. `tag` -1: a value that is no tag's. */
void pt_value_text(pt_str *out, const pt_value_style *style, int tag, const pt_column *c, uint64_t row);
/* Numbers and money as numbers, dates and instants as ISO text in `zone`, durations as "30d 12h", lists as arrays, weighted
 * lists as [{"value", "weight"}] heaviest first, missing as null. */
void pt_value_json(pt_json *j, const pt_column *c, uint64_t row, const pt_zone *zone);
/* docs/eval-filter.md: \N for missing, \t \n \r \\ escaped, list items joined by | (\| inside an item), weights after : */
void pt_value_tsv(pt_str *out, const pt_column *c, uint64_t row, const pt_zone *zone);

/* The label of one text of a tag in a language: a tier's label, or the text itself. */
pt_sv pt_value_label(const pt_value_style *style, int tag, pt_sv text);
/* The k-th item of a list's row as text, and how many there are. */
size_t pt_value_items(const pt_column *c, uint64_t row);
pt_sv pt_value_item(const pt_column *c, uint64_t row, size_t k);
double pt_value_weight(const pt_column *c, uint64_t row, size_t k); /* weighted lists */

#endif
