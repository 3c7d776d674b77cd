/* One record resolved at once against many that stay in memory: who is it? Scores are those of pt_link_score with the same model: what
 * is known of values (frequencies) stays as it was when the index was made, until that is made anew.
 *
 * Each pair is weighed for itself. What pt_link_propose makes of pairs (compete.h) is not done here: that a record without a partner
 * gains (6 bits at most), and that persons who fit and are not one share the odds. So a weight is lower than the batch's where the record
 * is alone so far, and higher where several fit: then they are all among the matches, with weights near each other, and a caller who
 * acts on the first one looks at the second. The best match is of the group that the batch makes of the record; tests/link/test_online.c
 * holds that against 3,000 invented records.
 *
 * One thread changes the index, with nobody else in it; otherwise any number of threads ask at the same time, each through a query of its
 * own. A caller with both holds a lock for readers and writers. */
#ifndef PT_LINK_ONLINE_H
#define PT_LINK_ONLINE_H

#include "link/kinds.h"

typedef struct pt_link_online pt_link_online;
typedef struct pt_link_query pt_link_query;

typedef struct pt_link_online_options {
    uint32_t queries; /* that may be open at a time; 0: one */
    /* Records that may be added or changed before the index has to be made anew (removing makes no room: values stay); 0: a tenth and
     * 1,000. */
    uint32_t room;
    uint64_t largest; /* keys that more records share are not followed, as in blocks; 0: 5,000 */
    double least;     /* bits that a match has at least */
    /* What was done to the setup after its fields were added, where it is more than pt_link_set_up: done to each record's too. */
    pt_rc (*set_up)(void *ctx, pt_link_setup *s, pt_err *err);
    void *ctx;
} pt_link_online_options;

/* An index of the setup's records and rules. `blocks` of those rules tell which keys were left out (NULL: none were); keys of blocks that
 * were taken apart (split.h) are not followed. The setup must outlive the index. */
pt_rc pt_link_online_new(pt_link_online **out, const pt_link_setup *s, const pt_link_model *model,
                         const pt_link_blocks *blocks, const pt_link_online_options *options, pt_pool *pool,
                         pt_err *err);
void pt_link_online_free(pt_link_online *o); /* NULL is fine; after its queries */

typedef struct pt_link_match {
    uint32_t record;
    double weight, probability;
} pt_link_match;

pt_rc pt_link_query_new(pt_link_query **out, pt_link_online *o, pt_err *err); /* takes the lock of writers */
void pt_link_query_free(pt_link_query *q);                                    /* likewise; NULL is fine */
/* The best matches of a record, strongest first, of equal ones the first record: at most `most`; *n of them. `values`: raw, one for each
 * field in the order in which they were added to the setup; empty: missing. */
pt_rc pt_link_resolve(pt_link_query *q, const pt_sv *values, pt_link_match *matches, size_t most, size_t *n,
                      pt_err *err);

/* Changes, through any query. Records have the numbers that they had in the setup; new ones get the next, or one that is free. PT_EINVAL
 * when there is no such record or no room. After a failure all is as it was. */
pt_rc pt_link_online_add(pt_link_query *q, const pt_sv *values, uint32_t *record, pt_err *err);
pt_rc pt_link_online_change(pt_link_query *q, uint32_t record, const pt_sv *values, pt_err *err);
pt_rc pt_link_online_remove(pt_link_query *q, uint32_t record, pt_err *err);

#endif
