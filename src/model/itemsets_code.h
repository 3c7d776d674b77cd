/* Baskets made ready for finding itemsets. */
#ifndef PT_MODEL_ITEMSETS_CODE_H
#define PT_MODEL_ITEMSETS_CODE_H

#include "model/itemsets_int.h"

/* Items in at least `least` baskets alone. Also after a failure freed with pt_coded_free. */
pt_rc pt_coded_new(pt_coded *out, const pt_baskets *baskets, uint64_t least, pt_err *err);
void pt_coded_free(pt_coded *c);

#endif
