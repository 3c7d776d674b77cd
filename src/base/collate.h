/* The order of texts in lists shown to people: Chinese by pinyin (then strokes), other languages by their alphabet. Never
 * for what is stored or hashed: a newer ICU may order differently. Where order must be the same everywhere, pt_sv_cmp. */
#ifndef PT_BASE_COLLATE_H
#define PT_BASE_COLLATE_H

#include "base/str.h"

typedef struct pt_collator pt_collator; /* immutable; any thread may use it */

/* `lang` is "zh", "en", ... Takes about 0.3 ms: open one a list, not one a comparison. The caller frees. */
pt_rc pt_collator_open(pt_collator **out, const char *lang, pt_err *err);
void pt_collator_free(pt_collator *c); /* NULL is fine */
/* <0, 0, >0. Numbers inside texts count by their value (第2组 before 第10组); texts that are the same to a reader are ordered
 * by their bytes, so 0 is equality. */
int pt_collate(const pt_collator *c, pt_sv a, pt_sv b);
/* order[0..n) becomes the places of `texts` in ascending order. */
pt_rc pt_collate_order(uint32_t *order, const pt_sv *texts, size_t n, const char *lang, pt_err *err);

#endif
