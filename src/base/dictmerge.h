/* Dictionaries that several workers filled, made one: sorted by byte, each text once. What comes out does not depend on
 * which worker met which text. */
#ifndef PT_BASE_DICTMERGE_H
#define PT_BASE_DICTMERGE_H

#include "base/intern.h"

/* ranks[i] is what pt_intern_rank gave for parts[i] (count+1 entries); it is overwritten with the translation: the merged
 * code of each of the part's codes, 0 for 0. Parts may be NULL (nothing met). *out owns its arrays: pt_dict_dispose. */
pt_rc pt_dict_merge(pt_dict *out, const pt_intern *const *parts, uint32_t *const *ranks, size_t n, pt_err *err);
void pt_dict_dispose(pt_dict *d);

#endif
