/* Blocks that explode: of a key that too many records share, the records are taken apart by what else is known of them. */
#ifndef PT_LINK_SPLIT_H
#define PT_LINK_SPLIT_H

#include "link/kinds.h"

/* Where more than `largest` records share a key of the rule, each gets instead a key for every one of a few other columns: key and
 * year of birth, key and place. Pairs that agree in none of these are given up; a block that is still too large is left out later, as
 * any. rule->split and ->split_largest tell of it. Rules whose blocks are small stay as they are. */
pt_rc pt_link_split(pt_link_setup *s, pt_link_rule *rule, uint64_t largest, pt_err *err);

#endif
