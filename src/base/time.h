/* Civil time, explicitly. Instants are microseconds since 1970-01-01T00:00:00Z in the proleptic Gregorian calendar
 * without leap seconds; dates are days since 1970-01-01. A zone turns one into the other and is always an argument.
 * Nothing here reads the clock; app/ does. */
#ifndef PT_BASE_TIME_H
#define PT_BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define PT_SECOND INT64_C(1000000)
#define PT_MINUTE (60 * PT_SECOND)
#define PT_HOUR (60 * PT_MINUTE)
#define PT_DAY (24 * PT_HOUR)
#define PT_WEEK (7 * PT_DAY)

/* The instants and dates that are accepted anywhere: 0001-01-01 to 9999-12-31. */
#define PT_DATE_MIN INT32_C(-719162)
#define PT_DATE_MAX INT32_C(2932896)

typedef struct pt_civil {
    int32_t year;       /* 1..9999 */
    int32_t month, day; /* 1..12, 1..31 */
    int32_t hour, minute, second, micro;
} pt_civil;

int32_t pt_date_from_civil(int32_t year, int32_t month, int32_t day); /* no range check */
void pt_date_to_civil(int32_t *year, int32_t *month, int32_t *day, int32_t date);
bool pt_civil_valid(const pt_civil *c);
int pt_date_weekday(int32_t date); /* 1 Monday .. 7 Sunday (ISO 8601) */

typedef struct pt_zone pt_zone; /* immutable; any thread may read it */

/* "UTC", "+08:00", or an IANA name read from the system's zone files (and its POSIX rule for later years).
 * The caller frees. PT_ENOTFOUND with a hint when there is no such zone. */
pt_rc pt_zone_open(pt_zone **out, const char *name, pt_err *err);
void pt_zone_free(pt_zone *z);
const pt_zone *pt_zone_utc(void);
const char *pt_zone_name(const pt_zone *z);
/* Offset of local time from UTC in seconds at an instant. */
int32_t pt_zone_offset(const pt_zone *z, int64_t instant);
/* The time around an instant in which local time is UTC + offset (microseconds, all): [from, until), the ends of all time
 * where nothing changes. For loops over many instants, which mostly stay inside one. */
typedef struct pt_zone_stretch {
    int64_t from, until, offset;
} pt_zone_stretch;
pt_zone_stretch pt_zone_stretch_at(const pt_zone *z, int64_t instant);
/* Local date of an instant; first instant of a local date (the first that exists, where midnight is skipped). */
int32_t pt_zone_date(const pt_zone *z, int64_t instant);
int64_t pt_zone_midnight(const pt_zone *z, int32_t date);
void pt_zone_civil(pt_civil *out, const pt_zone *z, int64_t instant);
/* The instant of a civil time. In a gap (clocks go forward) the time is read with the offset before the gap; in an
 * overlap the earlier instant is taken. */
int64_t pt_zone_instant(const pt_zone *z, const pt_civil *c);

/* How many of n rising numbers (instants of events, say) are at most `last`. */
static inline uint64_t pt_times_until(const int64_t *times, uint64_t n, int64_t last)
{
    uint64_t low = 0, high = n;

    while (low < high) {
        uint64_t mid = low + (high - low) / 2;
        if (times[mid] <= last)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* "2017-01-31" (also 20170131, 2017/1/31). */
bool pt_date_parse(int32_t *out, pt_sv s);
/* "2017-01-31", "2017-01-31T10:00", "2017-01-31 10:00:00.123456", with an optional Z or +08:00; without one it is
 * local to `zone`. */
bool pt_instant_parse(int64_t *out, pt_sv s, const pt_zone *zone);
/* "30d 12h", units us ms s m h d w. */
bool pt_duration_parse(int64_t *out, pt_sv s);
/* buf holds at least 40 bytes; each returns buf. Instants as 2017-01-31T10:00:00+08:00, fractions only when not 0. */
const char *pt_date_format(char *buf, int32_t date);
const char *pt_instant_format(char *buf, int64_t instant, const pt_zone *zone);
const char *pt_duration_format(char *buf, int64_t duration); /* "30d 12h"; "0s" */

#endif
