/* Text to typed values: the one definition of what a cell of a file means, used for rows that the store reads (as
 * functions inside SQL, functions.c) and for events that never pass through it. Pure. */
#ifndef PT_SOURCE_CONVERT_H
#define PT_SOURCE_CONVERT_H

#include "base/time.h"
#include "base/type.h"

/* White space around a value never matters; an empty value is no value and false here. */
bool pt_convert_number(double *out, pt_sv text);      /* "12", "-1.5e3"; no thousands separators, nothing infinite */
bool pt_convert_money(int64_t *out, pt_sv text);      /* decimals, also with an exponent; below 10^14 of the currency */
bool pt_convert_money_number(int64_t *out, double v); /* by its shortest decimal text: 0.1 is 0.10 */
bool pt_convert_bool(uint8_t *out, pt_sv text);       /* true false t f yes no y n 1 0 是 否, in any case */

/* How dates and instants are written. */
typedef enum pt_time_kind {
    PT_TIME_DEFAULT, /* 2017-01-31, 2017/1/31, 20170131, with an optional time and offset */
    PT_TIME_PATTERN, /* as strptime: %Y %y %m %d %e %H %k %I %l %p %M %S %f %z %b %B %a %A %j %T %R %F %D %% */
    PT_TIME_EPOCH_S, /* "epoch_s": seconds since 1970, fractions allowed */
    PT_TIME_EPOCH_MS /* "epoch_ms" */
} pt_time_kind;

typedef struct pt_time_format {
    pt_time_kind kind;
    const char *pattern; /* borrowed */
    const pt_zone *zone; /* for texts without an offset; borrowed */
} pt_time_format;

/* NULL pattern is the default form. False with *bad set to what is not understood ("%Q", or "no year"). */
bool pt_time_format_open(pt_time_format *out, const char *pattern, const pt_zone *zone, const char **bad);
bool pt_convert_instant(int64_t *out, pt_sv text, const pt_time_format *format);
/* A time of day is dropped; an offset is followed to the format's zone first. */
bool pt_convert_date(int32_t *out, pt_sv text, const pt_time_format *format);

/* For time_format.c: reads a text by a pattern. */
bool pt_time_pattern_read(pt_civil *out, int32_t *offset, bool *has_offset, pt_sv text, const char *pattern);
bool pt_time_pattern_check(const char *pattern, const char **bad);

#endif
