/* Separated text, record by record: what the engine's reader does fast for files without a fault, done carefully for
 * those with one. It reads a file without a fault exactly as the engine does (a test compares them): quotes are doubled
 * inside quotes, spaces around quotes and delimiters at the end of a row are passed over, empty lines are no rows.
 * Lines end with \n, \r\n or \r, also mixed. Pure; works on a whole file in memory (mapped). */
#ifndef PT_SOURCE_CSV_H
#define PT_SOURCE_CSV_H

#include "base/str.h"

/* Two of the reasons that `wrong` may be: with n_fields and expect they say more. */
extern const char pt_csv_too_few[], pt_csv_too_many[];

typedef struct pt_csv_copy {
    size_t field, from;
} pt_csv_copy;

typedef struct pt_csv {
    /* set by the caller */
    pt_sv text;
    char delimiter, quote; /* quote 0: none */
    size_t expect;         /* fields of a good record; 0: any number */
    /* the record that pt_csv_next found */
    pt_sv raw;     /* without its line end */
    uint64_t line; /* 1-based, where it begins */
    pt_sv *fields; /* unquoted; valid until the next call */
    size_t n_fields;
    const char *wrong; /* NULL, or why the record is not a row; its fields are then not to be used */
    /* its own */
    size_t at;
    uint64_t next_line;
    size_t cap_fields;
    pt_str unquoted;     /* fields that had doubled quotes */
    pt_csv_copy *copies; /* which fields those are */
    size_t n_copies, cap_copies;
    bool nomem;
} pt_csv;

/* Begins at the start of the text, after a byte order mark. Zero-initialise first; also rewinds. */
void pt_csv_open(pt_csv *c, pt_sv text, char delimiter, char quote, size_t expect);
/* The next record that is not an empty line; false at the end and when memory is short (nomem). A record that cannot be
 * read takes with it only its first line when the next line is a record of its own, so one stray quote does not swallow
 * a file. */
bool pt_csv_next(pt_csv *c);
/* The next line, quotes or not, as one field; empty ones too. */
bool pt_csv_next_line(pt_csv *c);
void pt_csv_close(pt_csv *c);

#endif
