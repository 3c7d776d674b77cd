/* Blocking rules of columns as they are: a key is the values of one or more. Part of kinds.c. */
#ifndef PT_LINK_RULE_KEYS_H
#define PT_LINK_RULE_KEYS_H

#include "link/kinds.h"

typedef struct link_key_part {
    uint32_t column;
    uint32_t characters; /* 0: all */
} link_key_part;

/* Adds a rule; nothing when there is no room for one. */
pt_rc link_make_rule(pt_link_setup *s, pt_link_rule *rules, size_t *n_rules, const link_key_part *parts, size_t n,
                     pt_err *err);

#endif
