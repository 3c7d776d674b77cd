#include "app/card_text.h"

#include <stdarg.h>

#include "base/str.h"

pt_card_text pt_card_printf(pt_arena *arena, const char *zh, const char *en, ...)
{
    pt_card_text text;
    va_list args, again;

    va_start(args, en);
    va_copy(again, args);
    text.zh = pt_arena_vprintf(arena, zh, args);
    text.en = pt_arena_vprintf(arena, en, again);
    va_end(again);
    va_end(args);
    return text;
}

const char *pt_card_digits(pt_arena *arena, uint64_t n)
{
    char text[32];

    return pt_arena_strdup(arena, pt_format_count(text, n));
}

const char *pt_card_last_day(pt_arena *arena, int64_t instant, const pt_zone *zone)
{
    char text[32];

    return pt_arena_strdup(arena, pt_date_format(text, pt_zone_date(zone, instant - 1)));
}
