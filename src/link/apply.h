/* What a project says of linking (rules.h), over the fields of a setup: after pt_link_set_up. */
#ifndef PT_LINK_APPLY_H
#define PT_LINK_APPLY_H

#include "link/kinds.h"
#include "link/rules.h"

/* Which field a column in a rule means: by the order in which fields were added to the setup; -1: it is not there. */
typedef struct pt_link_naming {
    void *ctx;
    int (*find)(void *ctx, pt_sv source, pt_sv column);
} pt_link_naming;

/* One more rule; the last of those that were made by default is given up when there is no room. Records that lack a column that the
 * rule needs have no key: where the column is not there, none has. `name` is borrowed. */
pt_rc pt_link_apply_keys(pt_link_setup *s, pt_link_rule *rules, size_t *n_rules, const char *name,
                         const pt_link_expr *e, const pt_link_naming *naming, pt_err *err);

/* What is said of one comparison. */
typedef struct pt_link_wish {
    const pt_link_level_rule *const *levels; /* n_levels 0: as they are */
    uint32_t n_levels;
    int by_frequency; /* -1: by kind, where the first level is equality */
    int group;        /* -1: by kind */
} pt_link_wish;

/* `field`: by the order in which fields were added. Nothing happens when it is no comparison any more. */
pt_rc pt_link_apply_wish(pt_link_setup *s, uint32_t field, const pt_link_wish *wish, const pt_link_naming *naming,
                         pt_err *err);
/* The field is there for rules and is not compared. */
pt_rc pt_link_leave_out(pt_link_setup *s, uint32_t field, pt_err *err);

#endif
