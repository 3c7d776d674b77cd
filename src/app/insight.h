/* What a segment is like: every tag of the last build among its members and among those it is compared with, what sets it
 * apart most, and which pairs of values do so together (docs/insight.md).
 *
 * Shares are of the customers whose value is known. What would describe fewer customers than the project's
 * privacy.min_group is left out, and counted. */
#ifndef PT_APP_INSIGHT_H
#define PT_APP_INSIGHT_H

#include "app/crowds.h"
#include "segment/contrast.h"
#include "segment/cross_table.h"
#include "segment/effect.h"

typedef struct pt_insight_options {
    pt_crowd_options crowd;
    pt_sv vs; /* compare with those of this condition who are not in the segment; empty: with all customers */
    const uint32_t *tags; /* only these; n_tags 0: all */
    size_t n_tags;
    bool sensitive; /* tags marked `sensitivity: sensitive` too */
    int by;         /* the tag to split the segment by; -1: none */
    const uint32_t (*crosses)[2];
    size_t n_crosses;
    size_t top; /* lines of the headline, of `together`, and of each part; 0: PT_INSIGHT_TOP */
} pt_insight_options;

enum { PT_INSIGHT_TOP = 5 };
/* Bits a customer from which on a value is worth a line: among very many customers hardly anything is chance. */
#define PT_INSIGHT_WORTH_A_LINE 1e-4

/* --- one tag --------------------------------------------------------------------------------------------------------------- */

typedef enum pt_insight_state {
    PT_INSIGHT_TOLD,
    PT_INSIGHT_NOT_BUILT, /* the last build has no such tag */
    PT_INSIGHT_SENSITIVE, /* left out: pt_insight_options.sensitive */
    PT_INSIGHT_MANY,      /* too many different values to be compared */
    PT_INSIGHT_FEW        /* known of fewer customers than privacy.min_group on one of the sides */
} pt_insight_state;

/* A value, an item of a list, or a range of numbers; dates, times and money in their own units (base/type.h). */
typedef struct pt_insight_value {
    pt_sv text;           /* the value or item; ptr NULL: a range */
    double low, high;     /* low <= value < high, or value <= high when `closed`; infinite at open ends */
    bool closed;          /* low == high: one value */
    int64_t from, to;     /* the same for the index: a code, or keys of numbers (index/coding.h), both included */
    pt_contrast contrast; /* among customers whose value is known */
    double
        information; /* how much it tells, in bits a customer (docs/insight.md); negative when it is rarer than usual */
} pt_insight_value;

/* Of a number, date, time or money tag, in its own units; NaN where too few customers would be described. */
typedef struct pt_insight_figures {
    uint64_t known;
    double mean, deviation; /* the sample's */
    double p5, p25, median, p75, p95;
} pt_insight_figures;

typedef struct pt_insight_tag {
    uint32_t tag;
    pt_insight_state state; /* what follows is set only when told */
    bool definition;        /* the condition is made of it, of what it is made of, or of what is made of that */
    uint64_t known, base_known;
    pt_contrast missing;            /* of those without a value, among all */
    const pt_insight_value *values; /* tiers and numbers in their order, others the most frequent first */
    size_t n_values;
    size_t hidden;      /* values left out because they are of too few */
    double information; /* of the value that tells most; without sign */
    bool ordered;       /* numbers, dates, times, money: the figures below are set */
    pt_insight_figures segment, base;
    pt_effect effect; /* of the segment against the rest, or against those of `vs` */
} pt_insight_tag;

/* --- what stands out ----------------------------------------------------------------------------------------------------- */

typedef struct pt_insight_line {
    size_t tag, value; /* places in pt_insight.tags and in its values */
} pt_insight_line;

/* Two values of different tags that together set the segment apart more than either alone. */
typedef struct pt_insight_pair {
    pt_insight_line a, b;
    pt_contrast contrast; /* of customers that have both, among those of whom both are known */
    double a_tgi, b_tgi,
        expected; /* of each alone among the same customers; what they would give if they only multiplied */
    double gain, gain_low, gain_high; /* TGI / expected, with its 95 % interval */
    double p, q;                      /* that there is no more to it than the two */
} pt_insight_pair;

/* A value that sets a part of the segment apart from the whole of it: the contrast is between these two. */
typedef struct pt_insight_trait {
    uint32_t tag;
    pt_insight_value value;
} pt_insight_trait;

/* Members with one value of the tag of `by`. */
typedef struct pt_insight_part {
    pt_insight_value value;         /* compared with the base */
    const double *means;            /* by place in pt_insight.key_tags; NaN: known of too few */
    const pt_insight_trait *traits; /* what sets the part apart within the segment, one value a tag */
    size_t n_traits;
} pt_insight_part;

enum { PT_INSIGHT_PARTS = 12, PT_INSIGHT_KEY_TAGS = 4 };

typedef struct pt_insight_cross {
    uint32_t row_tag, column_tag;
    const pt_insight_value *rows, *columns; /* the most frequent, at most PT_CROSS_MOST each; no contrasts */
    size_t rows_left_out, columns_left_out; /* values not shown: infrequent, or of too few */
    pt_cross_table table;                   /* of the segment's members */
} pt_insight_cross;

typedef struct pt_insight {
    const char *text, *vs_text; /* the conditions in canonical form */
    int64_t as_of;
    uint32_t min_group;
    uint64_t customers, members;
    bool versus;    /* compared with `base` customers outside the segment, and not with all */
    uint64_t base;  /* customers it is compared with */
    bool small;     /* the segment, or those it is compared with, is smaller than min_group: nothing else is set */
    bool everybody; /* nobody is outside: there is nothing to compare with */
    const pt_insight_tag *tags; /* in the order of the project */
    size_t n_tags;
    size_t n_values, n_significant; /* of tags that are not part of the definition; significant at q < 0.05 */
    size_t n_hidden;
    const pt_insight_line
        *headline; /* what sets the segment apart most, each line saying something the others do not */
    size_t n_headline;
    const pt_insight_line *same; /* values that nearly the same customers have: left out of the headline */
    size_t n_same;
    const pt_insight_pair *together;
    size_t n_together;
    int by; /* -1: not asked for */
    const uint32_t
        *key_tags; /* numbers whose means parts have: those of the project's card, else those that differ most */
    size_t n_key_tags;
    const pt_insight_part *parts;
    size_t n_parts, parts_hidden;
    const pt_insight_cross *crosses;
    size_t n_crosses;
} pt_insight;

/* Insight into those for whom `condition` is true; empty: all customers, of whom tags are described and nothing compared.
 * Problems in the conditions go to `diags`, and PT_EINVAL is returned. The result lies in the arena. */
pt_rc pt_app_insight(pt_insight *out, pt_app *app, pt_sv condition, const pt_insight_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err);

#endif
