#include "cli/table.h"

#include <stdlib.h>

#include "base/utf8.h"

enum { GAP = 2, NARROWEST = 8, SHORTEST_BARS = 5 };

static const char *copy_cell(pt_table *t, const char *cell)
{
    char *copy = pt_arena_strdup(t->arena, cell ? cell : "");

    if (!copy) {
        t->failed = true;
        return "";
    }
    for (char *c = copy; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = ' ';
    return copy;
}

void pt_table_init(pt_table *t, pt_arena *arena, size_t columns, const pt_align *align, const char *const *header)
{
    *t = (pt_table){.arena = arena, .columns = columns, .align = align, .header = header != NULL};
    if (header)
        pt_table_row(t, header);
}

void pt_table_free(pt_table *t)
{
    free(t->cells);
    *t = (pt_table){0};
}

void pt_table_row(pt_table *t, const char *const *cells)
{
    if (!pt_grow(&t->cells, &t->cap, (t->rows + 1) * t->columns, sizeof *t->cells)) {
        t->failed = true;
        return;
    }
    for (size_t c = 0; c < t->columns; c++)
        t->cells[t->rows * t->columns + c] = copy_cell(t, cells[c]);
    t->rows++;
}

static size_t widest_cell(const pt_table *t, size_t column)
{
    size_t most = 0;

    for (size_t r = 0; r < t->rows; r++) {
        size_t w = pt_utf8_width(pt_sv_of(t->cells[r * t->columns + column]));
        if (w > most)
            most = w;
    }
    return most;
}

/* Takes cells from bars, then the bars whole, then cells from the widest left-aligned column, until the line fits; numbers
 * are never cut. */
static void shrink(const pt_table *t, size_t *widths, size_t total, size_t limit)
{
    size_t *bars = t->align[t->columns - 1] == PT_BARS ? &widths[t->columns - 1] : NULL;

    for (; bars && *bars > SHORTEST_BARS && total > limit; total--)
        --*bars;
    if (bars && total > limit) {
        total -= *bars + GAP;
        *bars = 0;
    }
    while (total > limit) {
        size_t widest = t->columns;
        for (size_t c = 0; c < t->columns; c++)
            if (t->align[c] == PT_LEFT && widths[c] > NARROWEST && (widest == t->columns || widths[c] > widths[widest]))
                widest = c;
        if (widest == t->columns)
            return;
        widths[widest]--;
        total--;
    }
}

/* A bar of `longest` at most, drawn so that the longest takes `width`; who has one keeps one. */
static void put_bar(pt_str *out, const char *cell, size_t longest, size_t width)
{
    size_t length = pt_utf8_width(pt_sv_of(cell)), drawn = length;
    pt_sv block = pt_utf8_fit(pt_sv_of(cell), 1);

    if (longest > width)
        drawn = (length * width + longest / 2) / longest;
    for (size_t i = 0; i < (length && !drawn ? 1 : drawn); i++)
        pt_str_addsv(out, block);
}

static void put_cell(pt_str *out, const char *cell, pt_align align, size_t width, bool last)
{
    pt_sv text = pt_sv_of(cell);
    size_t taken = pt_utf8_width(text);
    bool cut = taken > width;

    if (cut) {
        text = pt_utf8_fit(text, width - 1);
        taken = pt_utf8_width(text) + 1;
    }
    if (align == PT_RIGHT)
        pt_str_pad(out, ' ', width - taken);
    pt_str_addsv(out, text);
    if (cut)
        pt_str_add(out, "…");
    if (align == PT_LEFT && !last)
        pt_str_pad(out, ' ', width - taken);
}

/* The last column that has text in this row: what follows it would be trailing spaces. */
static size_t last_column(const pt_table *t, size_t row)
{
    size_t c = t->columns;

    while (c > 1 && !t->cells[row * t->columns + c - 1][0])
        c--;
    return c - 1;
}

/* `longest`: bar of the last column, where that has bars. */
static void put_row(const pt_table *t, pt_str *out, size_t row, const size_t *widths, size_t indent, size_t longest)
{
    size_t last = last_column(t, row);

    last -= t->align[last] == PT_BARS && !widths[last];
    pt_str_pad(out, ' ', indent);
    for (size_t c = 0; c <= last; c++) {
        const char *cell = t->cells[row * t->columns + c];
        if (t->align[c] == PT_BARS && !(t->header && row == 0))
            put_bar(out, cell, longest, widths[c]);
        else
            put_cell(out, cell, t->align[c], widths[c], c == last);
        if (c < last)
            pt_str_pad(out, ' ', GAP);
    }
}

void pt_table_print(const pt_table *t, pt_str *out, size_t width, size_t indent, bool color)
{
    size_t *widths = PT_NEW_ARRAY(t->arena, size_t, t->columns), total = indent;

    if (!widths || t->failed) {
        out->failed = true;
        return;
    }
    for (size_t c = 0; c < t->columns; c++) {
        widths[c] = widest_cell(t, c);
        total += widths[c] + (c ? GAP : 0);
    }
    size_t longest = widths[t->columns - 1];
    if (width)
        shrink(t, widths, total, width);
    for (size_t r = 0; r < t->rows; r++) {
        bool bold = color && t->header && r == 0;
        if (bold)
            pt_str_add(out, "\033[1m");
        put_row(t, out, r, widths, indent, longest);
        pt_str_add(out, bold ? "\033[0m\n" : "\n");
    }
}
