/* Time zones: the system's compiled zone files (TZif, RFC 8536). */
#include "base/zone_int.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/io.h"

enum { LARGEST_FILE = 1 << 20, NAME_MAX_BYTES = 100 };

/* Transition i begins at seconds[i] and brings offsets[i]; before the first one `initial` holds, from the last one
 * on the rule does, where there is one. */
struct pt_zone {
    char name[NAME_MAX_BYTES + 1];
    bool utc;
    int32_t initial;
    size_t n;
    int64_t *seconds;
    int32_t *offsets;
    pt_zone_rule rule;
};

static const pt_zone utc_zone = {.name = "UTC", .utc = true};

const pt_zone *pt_zone_utc(void)
{
    return &utc_zone;
}

bool pt_zone_is_utc(const pt_zone *z)
{
    return z->utc;
}

const char *pt_zone_name(const pt_zone *z)
{
    return z->name;
}

void pt_zone_free(pt_zone *z)
{
    if (!z || z == &utc_zone)
        return;
    free(z->seconds);
    free(z->offsets);
    free(z);
}

static uint64_t big_endian(const unsigned char *p, int bytes)
{
    uint64_t v = 0;

    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return v;
}

/* The counts in a TZif header, and where its data block lies. */
typedef struct block {
    uint32_t isut, isstd, leap, times, types, chars;
    const unsigned char *data;
    size_t size;
} block;

enum { HEADER = 44, TYPE_BYTES = 6 };

/* Reads a header at `at` whose times have `width` bytes; false when the file ends before the block does. */
static bool read_block(block *b, pt_sv file, size_t at, unsigned width)
{
    const unsigned char *p = (const unsigned char *)file.ptr + at;

    if (file.len - at < HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2')
        return false;
    *b = (block){.isut = (uint32_t)big_endian(p + 20, 4),
                 .isstd = (uint32_t)big_endian(p + 24, 4),
                 .leap = (uint32_t)big_endian(p + 28, 4),
                 .times = (uint32_t)big_endian(p + 32, 4),
                 .types = (uint32_t)big_endian(p + 36, 4),
                 .chars = (uint32_t)big_endian(p + 40, 4),
                 .data = p + HEADER};
    uint64_t size = (uint64_t)b->times * (width + 1) + (uint64_t)b->types * TYPE_BYTES + b->chars +
                    (uint64_t)b->leap * (width + 4) + b->isstd + b->isut;
    b->size = (size_t)size;
    return size <= file.len - at - HEADER;
}

static bool offset_of_type(int32_t *out, const block *b, const unsigned char *types, unsigned type)
{
    if (type >= b->types)
        return false;
    *out = (int32_t)(uint32_t)big_endian(types + type * TYPE_BYTES, 4);
    return *out > -86400 && *out < 86400;
}

/* Files that count leap seconds ("right/...") would shift every instant: refused. */
static bool fill_table(pt_zone *z, const block *b)
{
    const unsigned char *times = b->data, *indices = times + (size_t)b->times * 8, *types = indices + b->times;

    if (b->leap || !offset_of_type(&z->initial, b, types, 0))
        return false;
    for (uint32_t i = 0; i < b->times; i++) {
        z->seconds[i] = (int64_t)big_endian(times + (size_t)i * 8, 8);
        if ((i && z->seconds[i] <= z->seconds[i - 1]) || !offset_of_type(&z->offsets[i], b, types, indices[i]))
            return false;
    }
    z->n = b->times;
    return true;
}

static bool read_rule(pt_zone *z, pt_sv footer)
{
    if (footer.len < 2 || footer.ptr[0] != '\n')
        return false;
    const char *end = memchr(footer.ptr + 1, '\n', footer.len - 1);
    return end && pt_zone_rule_parse(&z->rule, (pt_sv){footer.ptr + 1, (size_t)(end - footer.ptr - 1)});
}

static pt_rc decode(pt_zone *z, pt_sv file, pt_err *err)
{
    block v1, v2;

    if (!read_block(&v1, file, 0, 4) || !read_block(&v2, file, HEADER + v1.size, 8))
        return pt_fail(err, PT_ECORRUPT, "the file of time zone '%s' is not a zone file of version 2 or later",
                       z->name);
    z->seconds = pt_zalloc(v2.times, sizeof *z->seconds);
    z->offsets = pt_zalloc(v2.times, sizeof *z->offsets);
    if (!z->seconds || !z->offsets)
        return pt_fail_nomem(err, "a time zone");
    size_t end = (size_t)(v2.data - (const unsigned char *)file.ptr) + v2.size;
    if (!fill_table(z, &v2) || !read_rule(z, (pt_sv){file.ptr + end, file.len - end}))
        return pt_fail(err, PT_ECORRUPT, "the file of time zone '%s' is damaged or counts leap seconds", z->name);
    return PT_OK;
}

/* Letters, digits, _ + - and single slashes: a name from a project file must not lead out of the zone folder. */
static bool name_valid(const char *name)
{
    size_t n = strlen(name);

    if (n == 0 || n > NAME_MAX_BYTES || name[0] == '/' || name[n - 1] == '/' || strstr(name, "//"))
        return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-/") == n;
}

static const char *zone_dir(void)
{
    const char *dir = getenv("TZDIR");

    return dir && *dir ? dir : "/usr/share/zoneinfo";
}

/* Names in the folder's table of zones (zone.tab: country, coordinates, name), for "did you mean". */
static size_t list_names(const char ***out, pt_arena *a)
{
    pt_sv text;
    size_t n = 0, cap = 0;
    char *path = pt_path_join(a, zone_dir(), "zone.tab");

    *out = NULL;
    if (!path || pt_read_file(&text, path, LARGEST_FILE, a, NULL) != PT_OK)
        return 0;
    for (const char *line = text.ptr; line && *line; line += strcspn(line, "\n"), line += *line == '\n') {
        const char *name = line + strcspn(line, "\t\n");
        name += *name == '\t';
        name += strcspn(name, "\t\n");
        name += *name == '\t';
        char *copy = pt_arena_strndup(a, name, strcspn(name, "\t\n"));
        if (*line != '#' && copy && *copy && pt_grow(out, &cap, n + 1, sizeof **out))
            (*out)[n++] = copy;
    }
    return n;
}

static pt_rc no_such_zone(const char *name, pt_err *err)
{
    const char **names = NULL;
    pt_arena *a = pt_arena_new(0);
    size_t n = a ? list_names(&names, a) : 0;
    int near = strcmp(name, "Asia/Beijing") == 0 ? -1 : pt_nearest(pt_sv_of(name), names, n);

    pt_fail(err, PT_ENOTFOUND, "unknown time zone '%s'", name);
    if (strcmp(name, "Asia/Beijing") == 0) /* the most wanted zone that does not exist */
        pt_err_hint(err, "did you mean 'Asia/Shanghai'?");
    else if (near >= 0)
        pt_err_hint(err, "did you mean '%s'?", names[near]);
    else
        pt_err_hint(err, "an IANA name such as Asia/Shanghai, UTC, or an offset such as +08:00");
    free(names);
    pt_arena_free(a);
    return PT_ENOTFOUND;
}

static pt_rc load(pt_zone *z, pt_err *err)
{
    pt_sv file;
    pt_err io;
    pt_arena *a = pt_arena_new(0);
    char *path = a ? pt_path_join(a, zone_dir(), z->name) : NULL;

    if (!path) {
        pt_arena_free(a);
        return pt_fail_nomem(err, "a time zone");
    }
    pt_rc rc = pt_is_file(path) ? pt_read_file(&file, path, LARGEST_FILE, a, &io) : PT_ENOTFOUND;
    if (rc == PT_OK)
        rc = decode(z, file, err);
    else if (rc == PT_ENOTFOUND)
        rc = no_such_zone(z->name, err);
    else if (err)
        *err = io;
    pt_arena_free(a);
    return rc;
}

pt_rc pt_zone_open(pt_zone **out, const char *name, pt_err *err)
{
    int32_t offset = 0;
    bool is_offset = (name[0] == '+' || name[0] == '-') && pt_offset_parse(&offset, pt_sv_of(name));

    *out = NULL;
    if (!is_offset && !name_valid(name))
        return no_such_zone(name, err);
    pt_zone *z = pt_zalloc(1, sizeof *z);
    if (!z)
        return pt_fail_nomem(err, "a time zone");
    snprintf(z->name, sizeof z->name, "%s", name);
    z->initial = offset;
    z->utc = strcmp(name, "UTC") == 0;
    pt_rc rc = is_offset || z->utc ? PT_OK : load(z, err);
    if (rc == PT_OK)
        *out = z;
    else
        pt_zone_free(z);
    return rc;
}

/* Number of transitions at or before `second`. */
static size_t transitions_until(const pt_zone *z, int64_t second)
{
    return (size_t)pt_times_until(z->seconds, z->n, second);
}

static pt_zone_span span_at(const pt_zone *z, int64_t second)
{
    size_t i = transitions_until(z, second);

    if (i == z->n && z->rule.present) {
        pt_zone_span span = pt_zone_rule_span(&z->rule, second);
        if (z->n && span.from < z->seconds[z->n - 1])
            span.from = z->seconds[z->n - 1];
        return span;
    }
    return (pt_zone_span){.from = i ? z->seconds[i - 1] : INT64_MIN,
                          .until = i < z->n ? z->seconds[i] : INT64_MAX,
                          .offset = i ? z->offsets[i - 1] : z->initial};
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int32_t pt_zone_offset(const pt_zone *z, int64_t instant)
{
    if (z->n == 0 && !z->rule.present)
        return z->initial;
    int64_t second = floor_div(instant, PT_SECOND);
    size_t i = transitions_until(z, second);
    if (i == z->n && z->rule.present)
        return z->rule.has_dst ? pt_zone_rule_span(&z->rule, second).offset : z->rule.standard;
    return i ? z->offsets[i - 1] : z->initial;
}

pt_zone_stretch pt_zone_stretch_at(const pt_zone *z, int64_t instant)
{
    const int64_t most = INT64_MAX / PT_SECOND;
    pt_zone_span span = span_at(z, floor_div(instant, PT_SECOND));

    return (pt_zone_stretch){.from = span.from > -most ? span.from * PT_SECOND : INT64_MIN,
                             .until = span.until < most ? span.until * PT_SECOND : INT64_MAX,
                             .offset = span.offset * PT_SECOND};
}

int32_t pt_zone_date(const pt_zone *z, int64_t instant)
{
    return (int32_t)floor_div(instant + pt_zone_offset(z, instant) * PT_SECOND, PT_DAY);
}

/* The first second whose local reading is `local`. Where the clock skips that reading: the end of the gap, or, with
 * `read_on`, what the reading would be had the clock not been moved. Walks the few spans that can hold it: no offset
 * is a day or more. */
static int64_t second_of_local(const pt_zone *z, int64_t local, bool read_on)
{
    pt_zone_span before = span_at(z, local - 86400);

    for (pt_zone_span span = before;; before = span, span = span_at(z, span.until)) {
        int64_t second = local - span.offset;
        if (second < span.from)
            return read_on ? local - before.offset : span.from;
        if (second < span.until)
            return second;
    }
}

int64_t pt_zone_midnight(const pt_zone *z, int32_t date)
{
    return second_of_local(z, date * INT64_C(86400), false) * PT_SECOND;
}

void pt_zone_civil(pt_civil *out, const pt_zone *z, int64_t instant)
{
    int64_t local = instant + pt_zone_offset(z, instant) * PT_SECOND;
    int64_t day = floor_div(local, PT_DAY), of_day = local - day * PT_DAY;

    pt_date_to_civil(&out->year, &out->month, &out->day, (int32_t)day);
    out->hour = (int32_t)(of_day / PT_HOUR);
    out->minute = (int32_t)(of_day / PT_MINUTE % 60);
    out->second = (int32_t)(of_day / PT_SECOND % 60);
    out->micro = (int32_t)(of_day % PT_SECOND);
}

int64_t pt_zone_instant(const pt_zone *z, const pt_civil *c)
{
    int64_t day = pt_date_from_civil(c->year, c->month, c->day);
    int64_t local = day * 86400 + c->hour * 3600 + c->minute * 60 + c->second;

    return second_of_local(z, local, true) * PT_SECOND + c->micro;
}
