/* One thread's state while it evaluates, and what the files that run a plan share. */
#ifndef PT_EVAL_STATE_H
#define PT_EVAL_STATE_H

#include "eval/eval_int.h"
#include "eval/tally.h"

/* What a function of one text gave for each code of a dictionary, so that it runs once for each text. */
typedef struct code_memo {
    const pt_dict *dict; /* whose codes; another dictionary starts it anew */
    uint32_t *values;    /* by code; 0: not computed yet */
    size_t n, cap;
} code_memo;

typedef struct keep_state keep_state;

enum { EVAL_MOST_STEPS = 32 }; /* of a sequence: PT_LANG_MAX_STEPS */

/* Bits over a block's events, put together from a large customer's chunks. */
typedef struct block_bits {
    uint64_t *words;
    size_t cap;
} block_bits;

/* The values of one op. */
struct slot {
    const pt_column **args; /* of the op: room for its arguments' columns */
    pt_column col;          /* what readers see; rows of the block or the chunk */
    void *data;             /* its own memory, when it is not a view */
    size_t data_cap;        /* bytes */
    uint64_t *offsets;      /* lists */
    size_t offsets_cap;
    double *weights;
    size_t weights_cap;
    uint8_t *absent;
    size_t absent_cap;
    size_t rows;      /* constants: rows filled so far */
    uint64_t chunk;   /* event level: the chunk it holds */
    pt_intern *texts; /* computed texts */
    code_memo *memos; /* by argument; made by the runners that want them */
    uint32_t n_memos;
    uint32_t *choice; /* by row: which argument; of the runners that choose */
    size_t choice_cap;
    void *match;    /* PCRE2's scratch of `matches` */
    uint8_t *table; /* PLANE_PREDICATE's answers by code, on the predicate's op: 0 not known, else 1 + the bool */
    size_t table_n, table_cap;
    const pt_dict *table_dict;
    keep_state *keep; /* of keep(x) */
};

typedef struct plane_slot {
    uint64_t *bits;
    size_t cap;          /* words */
    uint64_t chunk;      /* the chunk it holds */
    const pt_dict *dict; /* PLANE_CODE: the constant's code in it, as far as it has been searched */
    uint32_t searched, code;
} plane_slot;

/* The events of one source under evaluation: all of a block's, or a part of one customer's. Rows are events. */
typedef struct chunk {
    uint64_t id; /* never 0; no two chunks share one */
    uint32_t source;
    const pt_events *events;
    uint64_t base;   /* event number of row 0 */
    uint32_t offset; /* of row 0 in the block's events */
    uint32_t n;
    uint32_t n_customers;
    const uint32_t *begin; /* n_customers + 1: first row of each */
    bool newest, oldest;   /* of the block's chunks; they are read newest first */
    op_id replaced;        /* when not 0: this op's rows are `replacement`, and rows are texts, not events */
    pt_column replacement;
} chunk;

/* A block's events of one source. */
typedef struct block_source {
    const pt_events *events; /* NULL: none */
    uint64_t base;
    uint32_t n;
    uint32_t *begin; /* customers + 1 */
    bool whole;      /* one chunk holds all */
    chunk chunk;     /* then: that chunk */
} block_source;

/* What one family keeps between chunks and blocks; each kind uses its own part. */
typedef struct family_state {
    uint32_t *order;         /* members by where their windows begin, latest first */
    const uint32_t **starts; /* by member, in that order: room for the ranges at hand */
    pt_basic_out *basic;     /* the same for sums */
    double **counts;         /* the same for distinct */
    void *scratch;           /* the kind's own, of a fixed size */
    tally tally;             /* values met: distinct, values, mode, top */
    bool by_code;            /* distinct, mode, top: arrays over codes tell values apart */
    uint32_t *seen;          /* distinct: by code, the serial of the customer that met it last */
    size_t seen_n, seen_cap;
    uint64_t *cells; /* mode, top: by code, the serial, and below it how often */
    size_t cells_n, cells_cap;
    uint32_t *codes; /* mode, top: codes met, newest first */
    size_t codes_cap;
    uint32_t n_codes;
    uint32_t serial;
    uint64_t met;     /* distinct: so far, of a customer read in chunks */
    int64_t *numbers; /* median, quantile: a customer's values as sortable integers */
    size_t n_numbers, numbers_cap;
    uint32_t *ranking; /* values: entries in order */
    size_t ranking_cap;
    struct ranked *ranked; /* mode, top */
    size_t ranked_cap;
} family_state;

struct pt_eval {
    const pt_program *program;
    const pt_kernels *kernels;
    int64_t as_of;
    const pt_zone *zone;
    const struct pt_base_set *base;     /* NULL: none */
    pt_zone_stretch stretch;            /* of the zone, around the last instant asked for; empty at first */
    uint32_t max_customers, max_events; /* of a block; tests make them small */
    bool nomem;
    bool many_texts; /* some op's dictionary has become large */
    bool unsettled;  /* constants and cuts are to be worked out before the next run */
    uint64_t chunk_serial;

    slot *slots; /* by op */
    plane_slot *planes;
    int64_t *cuts;     /* by bound: the last instant before it */
    uint32_t **pos;    /* by bound: first row at or after it, for each customer of the block */
    uint32_t *clipped; /* pos for one customer and the chunk at hand */
    block_source *sources;
    family_state *families;
    struct sequence_state *sequences;
    struct mark_state *marks;
    bool below_root;        /* the root's own sequence is not run: its marks are wanted */
    uint64_t *ones, *zeros; /* PLANE_ALL, PLANE_NONE */
    uint64_t *window_bits;
    uint32_t *picked; /* by customer: scratch of first and last */
    double *counts;   /* by customer: scratch of did */

    pt_str text; /* the text being made */

    const pt_batch *batch;
    size_t first;    /* the block's first customer in the batch */
    uint32_t rows;   /* customers in the block */
    slot *results;   /* by result: a batch of several blocks is put together here */
    pt_column *tags; /* by result: what pt_eval_tag gives */
};

/* --- rows ----------------------------------------------------------------------------------------------------------- */

/* Room for n values in an op's own memory, made its column's data. NULL when memory is short (noted). */
void *slot_room(pt_eval *e, slot *s, size_t n, unsigned width);
/* Room for n+1 offsets, and for lists of `items` codes in all, with weights when asked. False when memory is short. */
bool slot_list_room(pt_eval *e, slot *s, size_t n, size_t items, bool weighted);
uint8_t *slot_absent(pt_eval *e, slot *s, size_t n);
void slot_free(slot *s);
/* Copies row `from` of `src` to row `to` of plain column data of the same type. */
void column_copy_row(void *dst, size_t to, const pt_column *src, size_t from);
/* The value that says missing, written n times. */
void column_fill_missing(void *dst, pt_type type, size_t n);

/* Makes a constant just computed the slot's own, where it may be a view of another's memory. */
void constant_keep(pt_eval *e, slot *s);
/* An op's values for the block's customers, or for a chunk's events. NULL when memory is short. */
const pt_column *customer_value(pt_eval *e, op_id id);
const pt_column *event_value(pt_eval *e, chunk *ch, op_id id);
const uint64_t *plane_bits(pt_eval *e, chunk *ch, plane_id id);

/* --- text ----------------------------------------------------------------------------------------------------------- */

/* The code, in the slot's own dictionary, of a text; 0 for memory trouble (noted). */
uint32_t slot_intern(pt_eval *e, slot *s, pt_sv text);
/* The memo of argument `arg`, ready for the codes of `dict`. NULL when memory is short. */
code_memo *slot_memo(pt_eval *e, slot *s, uint32_t arg, uint32_t n_args, const pt_dict *dict);
/* Row i of a text column, as the slot's own code: 0 for missing. */
uint32_t slot_translate(pt_eval *e, slot *s, code_memo *m, const pt_column *c, size_t i);
static inline pt_sv column_text(const pt_column *c, uint32_t code)
{
    return pt_dict_text(c->dict, code);
}

/* --- running -------------------------------------------------------------------------------------------------------- */

/* Works out the bounds for the as-of. */
void set_cuts(pt_eval *e);
/* Finds where the bounds of a source fall for each customer of the block. */
void set_positions(pt_eval *e, uint32_t source);
/* By customer: the chunk's first row at or after the bound. Valid until it is asked for the next chunk. */
const uint32_t *bound_rows(pt_eval *e, const chunk *ch, uint32_t bound);
/* Calls fn for each chunk of a source's events in the block, newest first. */
void each_chunk(pt_eval *e, uint32_t source, void (*fn)(pt_eval *e, chunk *ch, void *ctx), void *ctx);
void run_family(pt_eval *e, chunk *ch, uint32_t index);
void family_state_free(family_state *s);
void run_sequence(pt_eval *e, size_t index);
void sequence_state_free(struct sequence_state *s);
/* A customer's first row of the block at or after a bound. */
uint32_t block_bound(const pt_eval *e, uint32_t bound, uint32_t c);
/* The plane over the block's events of a track's source; a large customer's go to `buffer`. NULL when memory is short. */
const uint64_t *block_plane(pt_eval *e, const plan_track *t, plane_id plane, block_bits *buffer);
void mark_state_free(struct mark_state *s);
/* Runs one block up to what the root rests on. eval_after is to follow: it clears up when memory was short. */
pt_rc eval_run_below_root(pt_eval *e, const pt_batch *batch, pt_err *err);
pt_rc eval_after(pt_eval *e, pt_rc rc, pt_err *err);

/* For tests: smaller blocks and chunks, and the loops to use. Both limits are at least 1; events round up to 64. After a
 * failure the evaluator can only be freed. */
pt_rc pt_eval_limit(pt_eval *e, uint32_t customers, uint32_t events, pt_err *err);
void pt_eval_use_kernels(pt_eval *e, const pt_kernels *k);

#endif
