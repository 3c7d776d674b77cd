/* Tables for a terminal: columns align by the cells that characters take (a Chinese character takes two), numbers stand to
 * the right, and a table wider than the terminal draws its bars shorter, then cuts its widest texts with an ellipsis. */
#ifndef PT_CLI_TABLE_H
#define PT_CLI_TABLE_H

#include "base/str.h"

typedef enum pt_align {
    PT_LEFT,
    PT_RIGHT,
    PT_BARS /* the last column only: one character repeated as a figure is great; all are drawn to one scale */
} pt_align;

typedef struct pt_table {
    pt_arena *arena; /* owns the copies of the cells */
    size_t columns, rows, cap;
    const pt_align *align; /* one a column; borrowed */
    const char **cells;    /* rows * columns; row 0 is the header when there is one */
    bool header, failed;
} pt_table;

/* `header` holds a title for each column, or is NULL. */
void pt_table_init(pt_table *t, pt_arena *arena, size_t columns, const pt_align *align, const char *const *header);
void pt_table_free(pt_table *t);
/* One row; cells are copied, NULL is an empty cell. Line breaks and other control characters become spaces. */
void pt_table_row(pt_table *t, const char *const *cells);
/* `width` 0: no limit. `indent` spaces before each line. Lines carry no trailing spaces. `color` sets the header apart. */
void pt_table_print(const pt_table *t, pt_str *out, size_t width, size_t indent, bool color);

#endif
