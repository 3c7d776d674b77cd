/* The records of a text file one after another, CSV or one JSON value a line, each a row or a fault. Row numbers in a
 * table are the numbers of the records without a fault, so this also finds the line and the text of a row. */
#ifndef PT_SOURCE_RECORDS_H
#define PT_SOURCE_RECORDS_H

#include "source/csv.h"
#include "source/source_int.h"

typedef struct pt_records {
    pt_csv csv;        /* raw, line, fields of the record found; a JSON line is one field */
    bool lines;        /* JSON: a record is a line */
    bool may_be_bad;   /* the text has NUL bytes or is not UTF-8 throughout */
    const char *fault; /* why the record is no row; NULL when it is one */
    uint64_t row;      /* number of the record among the rows, when it is one */
    uint64_t next_row;
} pt_records;

void pt_records_open(pt_records *r, const pt_text_file *text, const pt_shape *shape, pt_file_format format);
bool pt_records_next(pt_records *r); /* false at the end and when memory is short (r->csv.nomem) */
void pt_records_close(pt_records *r);

#endif
