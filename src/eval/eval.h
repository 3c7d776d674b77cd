/* The evaluator: timelines of some customers and an as-of instant in, tag values out. Pure and deterministic: the
 * result for a customer depends on nothing but its events, the as-of, the zone and its id; not on its neighbours in the
 * batch, the thread, or how the batch was cut. The full build, one customer's update, and `portrait eval` all come
 * through pt_eval_run.
 *
 *   pt_module (lang) --pt_program_build--> pt_program (immutable plan, shared by threads)
 *   pt_program --pt_eval_new--> pt_eval (one thread's scratch) --pt_eval_run(batch)--> pt_eval_tag(i) columns */
#ifndef PT_EVAL_EVAL_H
#define PT_EVAL_EVAL_H

#include "base/time.h"
#include "lang/lang.h"

/* The events of one source for the customers of a batch: customer by customer, each in order of time (ties in order of
 * arrival). Event e of customer c: offsets[c] <= e < offsets[c+1]; all arrays are indexed by e. offsets[0] may be > 0,
 * so a batch is a window into a memory-mapped timeline without copying. */
typedef struct pt_events {
    const uint64_t *offsets;  /* n_customers + 1; NULL when the source has no events at all */
    const int64_t *time;      /* microseconds UTC; INT64_MIN for a record that is valid from the beginning */
    const pt_column *columns; /* one for each column of the source in the catalogue, in that order */
} pt_events;

typedef struct pt_batch {
    size_t n_customers;
    const pt_events *sources;   /* one for each source of the catalogue; reference and link sources are empty */
    const uint64_t *identities; /* pt_hash64 of each customer's stable id: what random_bucket hashes */
    const pt_column *external;  /* one for each tag of the catalogue; read only for external tags. NULL when no external
                                   tag is used */
    size_t external_first;      /* the row of `external` that is the batch's first customer */
} pt_batch;

typedef struct pt_program pt_program;

/* Plans the given tags (numbers in the module) and all tags they use. The module must outlive the program. */
pt_rc pt_program_build(pt_program **out, const pt_module *module, const uint32_t *tags, size_t n_tags, pt_err *err);
/* As above for one expression checked against the module; it is tag 0 of the program's results. */
pt_rc pt_program_build_expression(pt_program **out, const pt_module *module, const pt_node *node, pt_err *err);
void pt_program_free(pt_program *p);
/* The plan in words, one operation a line: windows, conditions, aggregates, scalar steps. Stable. */
void pt_program_dump(pt_str *out, const pt_program *p);
/* Whether column `column` of source `source` is read at all; -1 asks for the times. */
bool pt_program_reads(const pt_program *p, uint32_t source, int32_t column);

typedef struct pt_eval pt_eval;

typedef struct pt_eval_options {
    int64_t as_of;       /* instant */
    const pt_zone *zone; /* day boundaries; must outlive the evaluator */
    /* Statistics of the base that the program reads (eval/base.h): those not in it are missing. NULL: none are known. Must
     * outlive the evaluator. */
    const struct pt_base_set *base;
} pt_eval_options;

/* One thread's state: scratch memory and caches over dictionaries. Memory is bounded by the plan and the largest batch
 * (about a bit an event for each distinct condition), not by the data. */
pt_rc pt_eval_new(pt_eval **out, const pt_program *p, const pt_eval_options *options, pt_err *err);
void pt_eval_free(pt_eval *e);
/* Moves the as-of; caches that do not depend on it stay. */
void pt_eval_set_as_of(pt_eval *e, int64_t as_of);

/* How many customers from `first` on make a good batch: about 8,192 events and at most 1,024 customers; at least 1. */
size_t pt_eval_block(const pt_program *p, const pt_batch *batch, size_t first);
/* The part [first, first+n) of a batch, without copying. `sources_out` has room for the catalogue's sources. */
pt_batch pt_batch_slice(const pt_batch *batch, size_t first, size_t n, pt_events *sources_out, size_t n_sources);

/* Evaluates all planned tags for the batch. Columns' dictionaries may have grown since the last run (same pt_dict
 * address, larger n) but must not otherwise change while the evaluator lives, unless pt_eval_forget is called. */
pt_rc pt_eval_run(pt_eval *e, const pt_batch *batch, pt_err *err);
void pt_eval_forget(pt_eval *e);
/* Result i, in the order given to pt_program_build: n_customers rows; valid until the next run. Text results may refer to
 * a source's dictionary or to one of the evaluator's own. */
const pt_column *pt_eval_tag(const pt_eval *e, size_t i);

/* After a run over one customer: the instant that result i was kept from, where it is a `keep` and has no value now; else
 * PT_I64_MISSING. */
int64_t pt_eval_kept(const pt_eval *e, size_t i);

/* For whoever looks at events one by one: which of a block's events satisfy the condition of a `did`, or each step of a
 * `sequence` or `funnel` (the program's one expression). Rows count the block's events of the source: row r is event
 * base + r. Valid until the next run. */
typedef struct pt_mark {
    uint32_t source;
    uint64_t base;
    const uint64_t *bits;       /* by row; those of the window alone are to be looked at, padded by a word */
    const uint32_t *from, *end; /* by customer: the rows in the window, which ends with the as-of */
} pt_mark;

/* `marks` has a place for each step. The batch is one block, of no more than pt_eval_block customers, and at least one. */
pt_rc pt_eval_marks(pt_mark *marks, pt_eval *e, const pt_batch *batch, pt_err *err);

/* Evidence, for explanations: after a run over a batch of exactly one customer, the aggregates and sequences of result i:
 * its own, then those of the tags it uses, and so on; each once. */
typedef struct pt_leaf {
    const pt_node *node;     /* the aggregate or sequence, in the module's tree */
    const pt_column *value;  /* its value; row 0 */
    const uint64_t *events;  /* indices of the events it counted, in time order; of first and last the one event */
    const uint32_t *sources; /* the source of each */
    size_t n_events;
    int64_t expires; /* the next instant at which time alone takes an event out of (or into) its window;
                                INT64_MAX when never */
} pt_leaf;
pt_rc pt_eval_leaves(const pt_leaf **out, size_t *n, pt_eval *e, size_t i, pt_arena *arena, pt_err *err);

#endif
