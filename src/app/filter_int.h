/* Shared by filter*.c: the columns of one source as they grow row by row. */
#ifndef PT_APP_FILTER_INT_H
#define PT_APP_FILTER_INT_H

#include "app/filter.h"
#include "base/intern.h"
#include "eval/eval.h"

typedef struct pt_rows_column {
    pt_type type;
    unsigned width;    /* bytes of one value; lists: of one code */
    bool used;         /* some tag reads it; the fields of other columns are not looked at */
    char *data;        /* values, or the items of lists */
    size_t cap;        /* of data, in values or items */
    uint64_t *offsets; /* lists: rows + 1 */
    uint8_t *absent;   /* lists: rows */
    size_t list_cap, absent_cap;
    pt_intern *texts; /* text, category, list */
} pt_rows_column;

/* The events of one source for the customers of the batch, in the layout of pt_events. */
typedef struct pt_rows_source {
    const pt_source *source;
    pt_rows_column *columns; /* one for each of the source's */
    int64_t *time;
    size_t n, time_cap;
    size_t first;      /* where the current customer's rows begin */
    bool unsorted;     /* the current customer's rows are not in order of time */
    uint64_t *offsets; /* customers + 1 */
    pt_column *views;
} pt_rows_source;

typedef struct pt_rows_scratch {
    pt_str text;     /* an unescaped field */
    uint32_t *order; /* for sorting: row numbers, then the merge's spare room */
    size_t order_cap;
    char *gather;
    size_t gather_cap;
    const pt_zone *zone;
} pt_rows_scratch;

/* Prepares the columns that `program` reads. Memory from `arena` and the heap; free with pt_rows_free. */
pt_rc pt_rows_init(pt_rows_source *s, uint32_t number, const pt_source *source, const pt_program *program,
                   size_t most_customers, pt_arena *arena, pt_err *err);
void pt_rows_free(pt_rows_source *s);
/* One row: `rest` holds the time and the columns, tab separated. PT_EINVAL (nothing added) when it does not fit. */
pt_rc pt_rows_add(pt_rows_source *s, pt_sv rest, pt_rows_scratch *scratch, pt_err *err);
/* The current customer has all its rows: brings them into order of time, stably. `customer` is its place in the batch. */
pt_rc pt_rows_end_customer(pt_rows_source *s, size_t customer, pt_rows_scratch *scratch, pt_err *err);
/* The batch as the evaluator wants it, until the next add. */
pt_events pt_rows_events(pt_rows_source *s);
/* Forgets the rows. True when dictionaries had grown past their bound and were emptied: the evaluator must forget them. */
bool pt_rows_clear(pt_rows_source *s);
/* `\t \n \r \\ \| \:` and \e undone; a view of `field` itself when nothing is escaped. False on any other escape. */
bool pt_rows_unescape(pt_sv *out, pt_sv field, pt_str *room);
/* The other way round, of a text that is no item of a list (app/render.c). */
void pt_rows_escape(pt_str *out, pt_sv text);

/* Reads a field of a type that is no text and no list to `at`, \N as missing. False when it is no such value. */
bool pt_rows_parse(void *at, pt_type type, pt_sv field, const pt_zone *zone);

#endif
