/* Shared inside timeline/ only. Reading order: README.md. */
#ifndef PT_TIMELINE_INT_H
#define PT_TIMELINE_INT_H

#include <stdatomic.h>

#include "base/dictmerge.h"
#include "base/frame.h"
#include "timeline/timeline.h"

#define TIMELINE_MAGIC "PTTIMELN"
enum { TIMELINE_VERSION = 1, TIMELINE_BLOCK_LOG2 = 16 };
#define TIMELINE_MOST_EVENTS (UINT64_C(1) << 40)
#define TIMELINE_MOST_ORDINALS (UINT32_MAX - 1) /* 2^32-2 customers: ordinal + 1 never wraps */

/* --- format.c: what the directory says ----------------------------------------------------------------------------- */

typedef struct timeline_column {
    const char *name;
    pt_type type;
    uint8_t width;              /* of a value or code */
    bool has_absent;            /* lists */
    uint64_t missing;           /* events without a value */
    int64_t least, most;        /* doubles by their bits; see pt_timeline_stats */
    uint64_t items;             /* lists */
    uint64_t texts, text_bytes; /* dictionary */
    /* Numbers of the column's arrays; valid where the type has them. */
    size_t values, offsets, absent, dict_offsets, dict_bytes;
} timeline_column;

typedef struct timeline_meta {
    const char *source;
    uint32_t ordinals;
    uint64_t events;
    pt_hash128 made_from;
    int64_t first, last; /* both INT64_MIN when no event has a time */
    timeline_column *columns;
    size_t n_columns;
    pt_frame_array *arrays;
    size_t n_arrays;
    uint64_t data_bytes;
} timeline_meta;

enum { TIMELINE_OFFSETS, TIMELINE_TIMES, TIMELINE_FIRST_COLUMN }; /* array numbers */

static inline bool timeline_has_dict(pt_type t)
{
    return pt_type_is_text(t) || t == PT_TYPE_LIST;
}

static inline bool timeline_type_allowed(pt_type t)
{
    return t > PT_TYPE_NONE && t < PT_TYPE_WEIGHTED;
}

enum { TIMELINE_KEYS = 3 }; /* cells in front of a row's columns: ordinal, time, sequence */

/* Whether a batch has the cells that timeline.h asks for. */
bool timeline_rows_fit(const pt_timeline_schema *schema, const pt_rows *rows);

/* Lists the arrays that the counts in `m` imply and places them. False when they cannot be in one file. */
pt_rc timeline_meta_layout(timeline_meta *m, pt_arena *a, pt_err *err);
void timeline_meta_write(pt_str *directory, const timeline_meta *m);
pt_rc timeline_meta_read(timeline_meta *m, const pt_frame *f, pt_arena *a, pt_err *err);

/* --- outfile.c: a file written in pieces, at places, by several threads --------------------------------------------- */

typedef struct outfile outfile;

pt_rc outfile_open(outfile **out, const char *path, const timeline_meta *m, uint64_t data_at, pt_err *err);
/* Values [first, first+n) of an array. Each value is written once; a block that is complete is hashed. Any thread. */
pt_rc outfile_put(outfile *o, size_t array, uint64_t first, uint64_t n, const void *values, pt_err *err);
/* All values are there: writes the head, syncs, renames. Frees o; on failure the target is untouched. */
pt_rc outfile_commit(outfile *o, const pt_frame_head *head, pt_err *err);
void outfile_abort(outfile *o); /* NULL is fine */

/* Every byte or an error. */
pt_rc timeline_write_at(int fd, const void *bytes, size_t n, uint64_t at, const char *path, pt_err *err);
pt_rc timeline_read_at(int fd, void *bytes, size_t n, uint64_t at, const char *path, pt_err *err);
/* A file beside `path` that has no name: it is gone when it is closed, whatever happens to the process. */
pt_rc timeline_temp_open(int *fd, const char *path, pt_err *err);

/* --- add.c, chunk.c: rows on their way ----------------------------------------------------------------------------- */

/* How a row lies in a chunk: a record of fixed width. A list's cell is list_cell; its items lie at the chunk's end. */
typedef struct row_shape {
    uint32_t stride;
    uint32_t ordinal;  /* offsets of the fields; time is at 0, sequence at 8 */
    uint32_t batch;    /* which batch holds the row's list items; set while a partition is sorted. Lists only */
    uint32_t *columns; /* offset of each column's cell */
} row_shape;

typedef struct list_cell {
    uint32_t back; /* the first item lies this many items before the end of the chunk */
    uint32_t n;    /* items; LIST_ABSENT when the list is missing */
} list_cell;

#define LIST_ABSENT UINT32_MAX
enum { LIST_MOST_ITEMS = 1 << 26 };

/* Records from the front, list items (uint32_t codes) from the back. */
typedef struct chunk {
    struct chunk *next;
    uint32_t rows, items;
    uint32_t size; /* of data; a multiple of 8 */
    uint32_t pad;
    unsigned char data[];
} chunk;

/* One worker's rows of one partition. */
typedef struct part {
    unsigned char *next, *limit; /* where the next record goes; no record may pass limit */
    chunk *first, *last;
    uint32_t size; /* of the next chunk */
} part;

typedef struct slab {
    struct slab *next;
    size_t size, used; /* bytes of data */
    _Alignas(64) unsigned char data[];
} slab;

/* Bytes in all workers' slabs. A worker alone may use what the others leave. */
typedef struct slab_budget {
    _Atomic size_t held;
    size_t most;
} slab_budget;

/* Where one partition's rows of one spill lie: a sequence of packed chunks. */
typedef struct segment {
    uint64_t at, bytes, rows;
} segment;

typedef struct packed_chunk {
    uint32_t rows, items;
} packed_chunk; /* then the records, padded to 8, then the items */

/* Short texts seen lately and their codes: a cache in front of the dictionary, two texts to a cache line. */
typedef struct word {
    uint64_t a, b;
    uint32_t len, code;
} word;

typedef struct word_pair {
    _Alignas(64) word words[2];
} word_pair;

typedef struct word_table {
    word_pair *pairs;
    unsigned shift; /* 64 - log2 of pairs */
} word_table;

enum { WORD_MOST = 16, WORDS_LEAST_LOG2 = 6, WORDS_MOST_LOG2 = 17 };

typedef struct add_worker {
    part *parts;
    slab *slabs, *spare;  /* newest first; those to use again after a spill */
    size_t memory, share; /* bytes in slabs; a fair part of the budget */
    bool full;            /* to be spilled before more rows come */
    slab_budget *budget;
    pt_intern **interns; /* by column; NULL where it has no dictionary */
    word_table *words;   /* by column */
    uint64_t *items;     /* by partition and list column */
    bool *absent;        /* by list column: some list is missing */
    uint32_t **remap;    /* by column: this worker's code -> the file's */
    int spill_fd;        /* -1 until needed */
    uint64_t spill_end;
    segment *segments; /* n_spills times the partitions */
    size_t n_spills, segments_cap;
    bool failed; /* an add stopped half-way */
} add_worker;

struct pt_timeline_builder {
    pt_arena *arena;
    const char *path;
    pt_timeline_schema schema;
    uint32_t ordinals;
    size_t memory; /* options.memory: five eighths for rows while they are added, a quarter for finishing */
    slab_budget budget;
    unsigned n_workers;
    pt_hash128 made_from;
    row_shape shape;
    unsigned shift; /* partition = ordinal >> shift */
    uint32_t partitions;
    uint32_t *list_of; /* by column: which list column it is */
    size_t n_lists;
    add_worker **workers;
};

pt_rc chunk_open(const pt_timeline_builder *b, add_worker *w, part *p, size_t items, pt_err *err);
void chunk_close_all(const pt_timeline_builder *b, add_worker *w);
/* Aligned to 64 bytes; on huge pages where it is large and the system has them. Free with free(). */
void *huge_alloc(size_t n);
void slabs_free(add_worker *w);
void slabs_free_spare(add_worker *w);
void slabs_reuse(add_worker *w); /* forgets all chunks */
/* spill.c: writes all rows of a worker to its temporary file. */
pt_rc spill_worker(const pt_timeline_builder *b, add_worker *w, pt_err *err);

/* --- finish.c, partition.c, sort.c, emit.c, merge.c ------------------------------------------------------------------ */

/* Records of one origin: a chunk in memory or one read back. */
typedef struct batch {
    unsigned char *rows;
    uint32_t *items_end;
    uint32_t n;
    unsigned worker; /* whose codes these are */
} batch;

typedef struct entry {
    int64_t time;
    unsigned char *row;
} entry;

typedef struct value_stats {
    uint64_t missing;
    int64_t least, most;
    bool any; /* least and most are set */
} value_stats;

/* What one thread of the finish works with; all of it grows to what the largest partition needs. */
typedef struct finish_worker {
    entry *entries, *spare;
    size_t entries_cap, spare_cap;
    unsigned char *loaded; /* spilled rows read back */
    size_t loaded_cap;
    batch *batches;
    size_t n_batches, batches_cap;
    uint64_t *starts;   /* by ordinal of the partition: where its entries go */
    uint64_t *counts;   /* by ordinal of the partition: its events */
    void *piece;        /* PIECE values on their way to the file */
    uint8_t *marks;     /* PIECE absence marks */
    void *codes;        /* PIECE list items */
    value_stats *stats; /* the times', then each column's */
} finish_worker;

/* Where the next events of a partition go. */
typedef struct place {
    uint64_t event;
    uint64_t *items; /* by list column */
} place;

typedef struct finish {
    pt_timeline_builder *b;
    timeline_meta meta;
    pt_dict *dicts; /* by column */
    outfile *out;
    uint64_t *rows_before;  /* by partition, and all at the end */
    uint64_t *items_before; /* by partition and list column, and all at the end */
    finish_worker *workers;
    unsigned n_workers;
    size_t room; /* bytes a thread may use for one partition */
} finish;

enum { PIECE = 1 << 15 };

/* What is left to read of a segment. */
typedef struct segment_reader {
    int fd;
    const char *path;
    uint64_t at, end;
    uint32_t stride;
    unsigned worker;
} segment_reader;

/* Reads whole packed chunks, at most `limit` bytes but at least one chunk, into w->loaded from *used on, and adds their
 * batches. Room is made only while *used is 0 (batches point into it); otherwise, when there is too little, nothing is
 * read and r->at stays. */
pt_rc segment_load(segment_reader *r, finish_worker *w, size_t *used, size_t limit, pt_err *err);
size_t packed_bytes(uint32_t rows, uint32_t items, uint32_t stride);
pt_rc batch_add(finish_worker *w, batch item, pt_err *err);

static inline uint32_t partition_ordinals(const pt_timeline_builder *b, uint32_t partition)
{
    uint64_t first = (uint64_t)partition << b->shift, n = UINT64_C(1) << b->shift;

    return (uint32_t)(b->ordinals - first < n ? b->ordinals - first : n);
}

/* Sorts and writes the events of one partition. */
pt_rc partition_write(finish *f, finish_worker *w, uint32_t partition, pt_err *err);
/* The way for a partition that does not fit in f->room. */
pt_rc partition_merge(finish *f, finish_worker *w, uint32_t partition, place *at, pt_err *err);
/* Translates the codes of all batches, adds their rows to w->counts, and leaves them sorted in w->entries. */
pt_rc batches_sort(const finish *f, finish_worker *w, uint32_t partition, size_t *n, pt_err *err);
/* Writes sorted events and moves `at` on. */
pt_rc events_emit(const finish *f, finish_worker *w, const entry *entries, size_t n, place *at, pt_err *err);

static inline uint32_t load_u32(const unsigned char *p)
{
    uint32_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t load_u64(const unsigned char *p)
{
    uint64_t v;

    memcpy(&v, p, sizeof v);
    return v;
}

#endif
