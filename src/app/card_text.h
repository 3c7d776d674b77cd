/* Texts of model cards, in both languages, that printf makes. */
#ifndef PT_APP_CARD_TEXT_H
#define PT_APP_CARD_TEXT_H

#include "app/card_draft.h"
#include "base/time.h"

/* Both sentences with the same arguments in the same order. A text that memory is too short for is NULL. */
pt_card_text pt_card_printf(pt_arena *arena, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
/* "1,234"; "2017-10-01", of the day that holds the last microsecond before an instant. */
const char *pt_card_digits(pt_arena *arena, uint64_t n);
const char *pt_card_last_day(pt_arena *arena, int64_t instant, const pt_zone *zone);

#endif
