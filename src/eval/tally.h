/* A small table of the values one customer's events hold: key -> entry, in order of first meeting. It forgets one
 * customer and turns to the next in no time: a place in the table counts only if the entry it names names it back. */
#ifndef PT_EVAL_TALLY_H
#define PT_EVAL_TALLY_H

#include "base/hash.h"
#include "base/mem.h"

typedef struct tally_entry {
    uint64_t key;
    double sum, error; /* of weights; TwoSum */
    uint32_t place;    /* in the table */
    uint32_t oldest;   /* row of its oldest event so far */
} tally_entry;

typedef struct tally {
    tally_entry *entries;
    size_t n, cap;
    uint32_t *places; /* entry numbers */
    size_t n_places;  /* a power of two, unless direct */
    bool direct;      /* keys are places: small codes */
    bool nomem;
} tally;

enum { TALLY_DIRECT = 1 << 16 };

void tally_free(tally *t);
/* Forgets all. Keys below `limit` will come, when it is small, in codes that index the table directly. */
void tally_start(tally *t, uint64_t limit);
bool tally_grow(tally *t);
/* Makes a direct table reach `key`. */
bool tally_widen(tally *t, uint64_t key);

static inline bool tally_holds(const tally *t, size_t place)
{
    uint32_t i = t->places[place];

    return i < t->n && t->entries[i].place == place;
}

/* The entry of `key`, new ones with sum 0; NULL when memory is short. */
static inline tally_entry *tally_at(tally *t, uint64_t key)
{
    size_t place;

    if ((t->n >= t->cap || (!t->direct && t->n * 2 >= t->n_places)) && !tally_grow(t))
        return NULL;
    if (t->direct) {
        if (key >= t->n_places && !tally_widen(t, key))
            return NULL;
        place = (size_t)key;
        if (tally_holds(t, place))
            return &t->entries[t->places[place]];
    } else {
        for (place = pt_mix64(key) & (t->n_places - 1); tally_holds(t, place); place = (place + 1) & (t->n_places - 1))
            if (t->entries[t->places[place]].key == key)
                return &t->entries[t->places[place]];
    }
    t->places[place] = (uint32_t)t->n;
    t->entries[t->n] = (tally_entry){.key = key, .place = (uint32_t)place};
    return &t->entries[t->n++];
}

#endif
