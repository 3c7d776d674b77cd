/* Shared by starter.c (looks at files), starter_guess.c (what they are) and starter_write.c (writes the project). */
#ifndef PT_APP_STARTER_INT_H
#define PT_APP_STARTER_INT_H

#include "app/starter.h"
#include "source/guess.h"

typedef struct starter_column {
    const char *file_name; /* in the file */
    const char *name;      /* in the project */
    pt_guessed guess;
    pt_type type;           /* what is declared */
    const char *identifier; /* the type it identifies customers by; NULL: none */
    bool personal, sensitive;
    bool unique;               /* every row has another value */
    const char *const *values; /* categories of few values: all of them */
    size_t n_values;
} starter_column;

typedef struct starter_file {
    const char *path; /* as it is written into the project */
    const char *name; /* of the source */
    pt_sniffed sniffed;
    starter_column *columns;
    size_t n_columns;
    pt_source_kind kind;
    int time, key;        /* numbers of columns; -1: none */
    bool row_is_customer; /* no column says who: each row is someone of its own */
    uint64_t rows, duplicates;
} starter_file;

typedef struct starter {
    starter_file *files;
    size_t n_files;
    const char *dir; /* absolute */
    const char *name;
    bool zh;
    pt_arena *arena;
    size_t n_tags; /* written */
} starter;

/* Types, identifiers, kinds, keys, times: from names and from what values look like. */
void starter_guess(starter *s);
bool starter_is_called(const char *name, const char *words);
/* The column of a file that holds the key of another, a reference; -1: none. */
int starter_lookup(const starter_file *f, const starter_file *reference);
pt_rc starter_write(starter *s, pt_err *err);

#endif
