/* What customers did up to an instant, as networks take it: their last events one by one, or their last days. Nothing after the
 * instant is looked at.
 *
 * Of an event: a code for each column of texts (0: missing, rare or new), and numbers: the logarithm of 1 + the days since the event
 * before, then each column of numbers as sign(v) log(1 + |v|).
 * Of a day (24 hours that end at the instant, 48 hours, ...): log(1 + events), each column of numbers summed and then as above, and for
 * each column of texts log(1 + events) with each of its most frequent values.
 * Of a customer: log(1 + days since the last event), log(1 + events), log(1 + days since the first). */
#ifndef PT_APP_BEHAVIOUR_H
#define PT_APP_BEHAVIOUR_H

#include "eval/eval.h"
#include "model/net.h"

enum { PT_BEHAVIOUR_STATICS = 3, PT_BEHAVIOUR_MAX_NUMBERS = 32 };

/* A column of texts: the codes of its dictionary to those of the network, 0 for what the network does not know. */
typedef struct pt_behaviour_words {
    const pt_column *column;
    const uint32_t *known; /* by code of the dictionary, the missing code 0 included */
    uint32_t n;            /* codes of the network, 0 included */
} pt_behaviour_words;

typedef struct pt_behaviour {
    const pt_events *events; /* of one source, checked, of all ordinals */
    bool by_day;
    uint32_t length; /* events at most, or days exactly */
    pt_behaviour_words words[PT_NET_MAX_CODES];
    uint32_t n_words;
    const pt_column *numbers[PT_BEHAVIOUR_MAX_NUMBERS]; /* bool, number, money, duration */
    uint32_t n_numbers;
} pt_behaviour;

typedef struct pt_behaviour_row {
    uint32_t ordinal;
    int64_t as_of;
} pt_behaviour_row;

/* Numbers of an event or a day, and codes of an event (0 of a day). */
uint32_t pt_behaviour_numbers(const pt_behaviour *b);
uint32_t pt_behaviour_codes(const pt_behaviour *b);
/* Whether a column of this type can be one of words, or one of numbers. */
bool pt_behaviour_is_words(pt_type type);
bool pt_behaviour_is_numbers(pt_type type);

/* Arrays that are used again from call to call; zero-initialised is empty. */
typedef struct pt_behaviour_set {
    pt_sequences s; /* what was gathered; labels are the caller's */
    uint64_t *offsets;
    uint32_t *codes;
    float *numbers, *statics;
    size_t offsets_cap, codes_cap, numbers_cap, statics_cap;
} pt_behaviour_set;

void pt_behaviour_free(pt_behaviour_set *set);
pt_rc pt_behaviour_gather(pt_behaviour_set *set, const pt_behaviour *b, const pt_behaviour_row *rows, size_t n,
                          pt_err *err);
/* counts[code of the dictionary] += the events with it among those that gather would look at. */
void pt_behaviour_count(uint64_t *counts, const pt_behaviour *b, const pt_column *column, const pt_behaviour_row *rows,
                        size_t n);

#endif
