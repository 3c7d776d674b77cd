/* What goes together: items in baskets, and values of a tag with what customers like (docs/models.md, "Association").
 *
 * A rule that would describe fewer customers than the project's min_group is left out, and counted. Structs lie in the arena and
 * refer to the app. */
#ifndef PT_APP_ASSOCIATE_H
#define PT_APP_ASSOCIATE_H

#include "app/journeys.h"
#include "model/rules.h"

typedef struct pt_associate_question {
    pt_sv left;   /* an item, part of its name, or a condition over customers; empty: whatever there is */
    pt_sv with;   /* the column or tag whose values stand on the right; empty: the column of the items */
    pt_sv source; /* of events, with a condition if need be; empty: that which has the column */
    pt_sv item;   /* the column that names items; empty: the first that knows the one on the left */
    pt_sv by;     /* what a basket is: "customer", a column, or "basket"; empty: a customer */
    double min_support, min_confidence, min_lift; /* negative: by default */
    unsigned max_size;                            /* items in a rule without a left side; 0: 3 */
    size_t top;                                   /* rules; 0: PT_ASSOCIATE_TOP */
} pt_associate_question;

enum { PT_ASSOCIATE_TOP = 20 };

typedef enum pt_associate_left { PT_LEFT_ANY, PT_LEFT_ITEMS, PT_LEFT_CONDITION } pt_associate_left;

typedef struct pt_associate_rule {
    const pt_sv *left; /* items; none: what the question said */
    size_t n_left;
    pt_sv right;
    uint64_t customers; /* who did both; of rules by basket no more than were counted: as many as may be shown */
    pt_rule_counts counts;
    pt_rule_measures measures;
    double q;
} pt_associate_rule;

typedef struct pt_associate {
    pt_journey about;
    pt_associate_left left;
    const char *condition; /* of the left side, in canonical form */
    const pt_sv *items;    /* of the left side: any of these */
    size_t n_items;
    const char *source, *left_column, *right_column; /* NULL where none is used */
    int tag;                                         /* of the right side, -1 */
    const char *by;                                  /* a column; NULL: a basket is a customer */
    uint64_t baskets, left_baskets;
    double min_support, min_confidence, min_lift;
    const pt_associate_rule *rules; /* those hardly by chance first (q < 0.05), then by lift */
    size_t n_rules;                 /* shown */
    size_t n_found;                 /* of those that may be shown */
    size_t n_hidden;                /* too few customers */
    uint64_t looked_at;
} pt_associate;

/* Problems in conditions go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_associate(pt_associate *out, pt_app *app, const pt_associate_question *question,
                       const pt_journey_options *options, pt_diags *diags, pt_arena *arena, pt_err *err);

#endif
