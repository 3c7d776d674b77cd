#include "eval/tally.h"

#include <stdlib.h>
#include <string.h>

void tally_free(tally *t)
{
    free(t->entries);
    free(t->places);
    *t = (tally){0};
}

static bool set_places(tally *t, size_t n)
{
    uint32_t *places = pt_zalloc(n, sizeof *places);

    if (!places) {
        t->nomem = true;
        return false;
    }
    free(t->places);
    t->places = places;
    t->n_places = n;
    return true;
}

void tally_start(tally *t, uint64_t limit)
{
    bool direct = limit <= TALLY_DIRECT;

    t->n = 0;
    if (direct && (!t->direct || t->n_places < limit))
        direct = set_places(t, (size_t)limit + (size_t)limit / 2 + 16);
    else if (!direct && t->direct)
        t->n_places = 0; /* grown when first used */
    t->direct = direct;
}

bool tally_widen(tally *t, uint64_t key)
{
    size_t n = t->n_places, cap = t->n_places;

    if (!pt_grow(&t->places, &cap, (size_t)key + 1, sizeof *t->places)) {
        t->nomem = true;
        return false;
    }
    memset(t->places + n, 0, (cap - n) * sizeof *t->places);
    t->n_places = cap;
    return true;
}

/* Twice the places, every entry at its new one. */
static bool grow_places(tally *t)
{
    size_t n = t->n;

    t->n = 0;
    if (!set_places(t, t->n_places ? t->n_places * 2 : 64))
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t place = pt_mix64(t->entries[i].key) & (t->n_places - 1);
        while (tally_holds(t, place))
            place = (place + 1) & (t->n_places - 1);
        t->places[place] = (uint32_t)i;
        t->entries[i].place = (uint32_t)place;
        t->n = i + 1;
    }
    return true;
}

bool tally_grow(tally *t)
{
    if (!t->direct && t->n * 2 >= t->n_places && !grow_places(t))
        return false;
    if (!pt_grow(&t->entries, &t->cap, t->n + 1, sizeof *t->entries)) {
        t->nomem = true;
        return false;
    }
    return true;
}
