/* What time.c and zone.c share. */
#ifndef PT_BASE_ZONE_INT_H
#define PT_BASE_ZONE_INT_H

#include "base/time.h"

/* "Z", "+08:00", "-0330", "+08" as seconds east of UTC. */
bool pt_offset_parse(int32_t *seconds, pt_sv s);
/* Whether the zone is the one named UTC (not merely one whose offset happens to be 0). */
bool pt_zone_is_utc(const pt_zone *z);

/* The rule in the last line of a zone file, for instants after its table: POSIX TZ, "EST5EDT,M3.2.0,M11.1.0". */
typedef struct pt_zone_rule_day {
    char form;                /* 'J' day 1..365 without leap days, 'N' day 0..365, 'M' week and weekday of a month */
    int32_t month, week, day; /* 'M': week 5 is the last, day 0 is Sunday; else only day */
    int32_t seconds;          /* of local time after midnight; may be negative or beyond a day */
} pt_zone_rule_day;

typedef struct pt_zone_rule {
    bool present, has_dst;
    int32_t standard, dst;       /* offsets in seconds east of UTC */
    pt_zone_rule_day start, end; /* of dst */
} pt_zone_rule;

/* False when the text is not such a rule. An empty text is a valid absence. */
bool pt_zone_rule_parse(pt_zone_rule *out, pt_sv s);

/* A stretch of time with one offset: [from, until) in seconds since 1970 UTC. */
typedef struct pt_zone_span {
    int64_t from, until;
    int32_t offset;
} pt_zone_span;

pt_zone_span pt_zone_rule_span(const pt_zone_rule *rule, int64_t second);

#endif
