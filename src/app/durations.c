#include "app/durations.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/type.h"

enum { CELLS = 1024, CELL_BITS = 10 };

typedef struct pt_duration_cell {
    uint64_t n;
    int64_t least;
} duration_cell;

void pt_durations_free(pt_durations *d)
{
    for (size_t i = 0; i < PT_COUNT(d->rows); i++)
        free(d->rows[i]);
    *d = (pt_durations){0};
}

/* Below 2^10 each length has a cell of row 0; above, row k holds [2^(k+9), 2^(k+10)). */
static duration_cell *cell_of(pt_durations *d, int64_t length)
{
    unsigned bits = length ? 64 - (unsigned)__builtin_clzll((uint64_t)length) : 0;
    unsigned row = bits > CELL_BITS ? bits - CELL_BITS : 0;
    size_t cell = row ? (size_t)(length >> (row - 1)) - CELLS : (size_t)length;

    if (!d->rows[row] && !(d->rows[row] = pt_zalloc(CELLS, sizeof **d->rows)))
        return NULL;
    return &d->rows[row][cell];
}

static bool add(pt_durations *d, int64_t least, uint64_t n)
{
    duration_cell *c = cell_of(d, least);

    if (!c)
        return false;
    c->least = c->n == 0 || least < c->least ? least : c->least;
    c->n += n;
    d->n += n;
    return true;
}

bool pt_durations_add(pt_durations *d, int64_t length)
{
    return add(d, length < 0 ? 0 : length, 1);
}

bool pt_durations_merge(pt_durations *d, const pt_durations *from)
{
    for (size_t i = 0; i < PT_COUNT(from->rows); i++)
        for (size_t k = 0; from->rows[i] && k < CELLS; k++)
            if (from->rows[i][k].n && !add(d, from->rows[i][k].least, from->rows[i][k].n))
                return false;
    return true;
}

int64_t pt_durations_median(const pt_durations *d)
{
    uint64_t before = 0;

    for (size_t i = 0; i < PT_COUNT(d->rows) && d->n; i++) {
        for (size_t k = 0; d->rows[i] && k < CELLS; k++) {
            before += d->rows[i][k].n;
            if (before > (d->n - 1) / 2)
                return d->rows[i][k].least;
        }
    }
    return PT_I64_MISSING;
}
