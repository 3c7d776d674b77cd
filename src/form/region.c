/* Names of provinces, cities and districts to codes. An address is read from its front: a province, a city in it, a
 * district in that, each by its full name or by its short one, levels left out where people leave them out. What follows
 * the last of them is the rest of the address. */
#include "form/region_table.h"

#include "base/utf8.h"
#include "form/form_int.h"

enum { HEAD = 6, /* bytes: two Chinese characters, fewer than any name has */ LONGEST_ADDRESS = 400 };

typedef enum level { LEVEL_PROVINCE = 1, LEVEL_CITY, LEVEL_DISTRICT } level;

static level level_of(uint32_t code)
{
    return code % 10000 == 0 ? LEVEL_PROVINCE : code % 100 == 0 ? LEVEL_CITY : LEVEL_DISTRICT;
}

static const region_row *find_code(uint32_t code)
{
    size_t low = 0, high = region_count;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (region_rows[mid].code < code)
            low = mid + 1;
        else
            high = mid;
    }
    return low < region_count && region_rows[low].code == code ? &region_rows[low] : NULL;
}

const char *pt_region_name(uint32_t code)
{
    const region_row *r = find_code(code);

    return r ? r->name : NULL;
}

static uint64_t head_of(pt_sv s)
{
    uint64_t head = 0;

    for (size_t i = 0; i < HEAD; i++)
        head = head << 8 | (unsigned char)s.ptr[i];
    return head;
}

/* The first place whose name does not come before these first characters. */
static size_t first_named(uint64_t head)
{
    size_t low = 0, high = regions_by_name_count;

    while (low < high) {
        size_t mid = (low + high) / 2;
        if (regions_by_name_head[mid] < head)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* --- one name ---------------------------------------------------------------------------------------------------------- */

/* The places whose names an address may go on with. */
typedef struct matches {
    const region_row *place; /* one of the best */
    size_t n;                /* how many are as good */
    size_t length;           /* bytes of the address */
    bool whole;              /* by the full name */
} matches;

static bool inside(uint32_t code, const region_row *parent)
{
    if (!parent)
        return true;
    uint32_t unit = level_of(parent->code) == LEVEL_PROVINCE ? 10000 : 100;
    return code / unit == parent->code / unit && code != parent->code;
}

/* A full name is better than a short one, a longer name than one it begins with; a city than a district of its name in it
 * (嘉峪关), which comes after it. */
static void offer(matches *m, const region_row *r, size_t length, bool whole)
{
    if (m->n && (m->whole > whole || (m->whole == whole && m->length > length)))
        return;
    if (!m->n || m->whole != whole || m->length != length)
        *m = (matches){r, 1, length, whole};
    else if (!inside(r->code, m->place))
        m->n++;
}

static matches match(pt_sv s, const region_row *parent, unsigned levels)
{
    matches m = {0};

    if (s.len < HEAD)
        return m;
    uint64_t head = head_of(s);
    for (size_t i = first_named(head); i < regions_by_name_count && regions_by_name_head[i] == head; i++) {
        const region_row *r = &region_rows[regions_by_name[i]];
        if (!(levels >> level_of(r->code) & 1) || !inside(r->code, parent))
            continue;
        if (s.len >= r->n && memcmp(r->name, s.ptr, r->n) == 0)
            offer(&m, r, r->n, true);
        else if (r->stem && s.len >= r->stem && memcmp(r->name, s.ptr, r->stem) == 0)
            offer(&m, r, r->stem, false);
    }
    /* 内蒙 is shorter than the short name and used all the same. */
    if (!m.n && (levels >> LEVEL_PROVINCE & 1) && memcmp(s.ptr, "内蒙", HEAD) == 0)
        m = (matches){find_code(150000), 1, HEAD, false};
    return m;
}

/* --- an address --------------------------------------------------------------------------------------------------------- */

/* What stands n bytes further on, behind what people put between names. */
static pt_sv after(pt_sv s, size_t n)
{
    for (;;) {
        if (n < s.len && s.ptr[n] && strchr(" ,-/|>", s.ptr[n]))
            n++;
        else if (n + 2 <= s.len && memcmp(s.ptr + n, "·", 2) == 0)
            n += 2;
        else
            return (pt_sv){s.ptr + n, s.len - n};
    }
}

/* Passes over a level that has no place of its own (北京市市辖区东城区) and over a name written twice (北京市北京市东城区). */
static pt_sv pass_repeats(pt_sv s, const region_row *place)
{
    if (pt_sv_has_prefix(s, "市辖区"))
        s = after(s, strlen("市辖区"));
    if (level_of(place->code) == LEVEL_PROVINCE && pt_sv_has_prefix(s, place->name))
        s = after(s, place->n);
    return s;
}

/* A short name alone at the front of more text is a place only when places follow: 上海路5号 is not in Shanghai. */
static bool is_sure(const matches *m, pt_sv rest, const region_row *parent)
{
    if (m->whole || rest.len == 0)
        return true;
    if (match(rest, m->place, 1u << LEVEL_CITY | 1u << LEVEL_DISTRICT).n)
        return true;
    return parent && level_of(m->place->code) == LEVEL_CITY && level_of(parent->code) == LEVEL_PROVINCE;
}

/* Goes on inside `place` as far as names lead. */
static const region_row *descend(const region_row *place, pt_sv s)
{
    while (level_of(place->code) != LEVEL_DISTRICT) {
        s = pass_repeats(s, place);
        unsigned levels =
            level_of(place->code) == LEVEL_PROVINCE ? 1u << LEVEL_CITY | 1u << LEVEL_DISTRICT : 1u << LEVEL_DISTRICT;
        matches m = match(s, place, levels);
        if (m.n != 1 || !is_sure(&m, after(s, m.length), place))
            break;
        s = after(s, m.length);
        place = m.place;
    }
    return place;
}

/* A short name that is a province's and something else's as well (吉林, 海南) is the province's. */
static pt_form_rc read_names(const region_row **out, pt_sv s)
{
    static const unsigned from[] = {1u << LEVEL_PROVINCE, 1u << LEVEL_CITY | 1u << LEVEL_DISTRICT};

    for (size_t i = 0; i < PT_COUNT(from); i++) {
        matches m = match(s, NULL, from[i]);
        if (!m.n || !is_sure(&m, after(s, m.length), NULL))
            continue;
        if (m.n > 1)
            return PT_FORM_AMBIGUOUS;
        *out = descend(m.place, after(s, m.length));
        return PT_FORM_OK;
    }
    return PT_FORM_NOT;
}

/* 11, 1101, 110101; longer codes of streets and villages begin with the district's. */
static pt_form_rc read_code(const region_row **out, pt_sv s)
{
    uint32_t code = 0;
    size_t n = s.len < 6 ? s.len : 6;

    if (s.len != 2 && s.len != 4 && s.len != 6 && s.len != 9 && s.len != 12)
        return PT_FORM_NOT;
    for (size_t i = 0; i < s.len; i++)
        if (!pt_is_digit(s.ptr[i]))
            return PT_FORM_NOT;
    for (size_t i = 0; i < 6; i++)
        code = code * 10 + (i < n ? (uint32_t)(s.ptr[i] - '0') : 0);
    *out = find_code(code);
    return *out ? PT_FORM_OK : PT_FORM_RANGE;
}

/* The city of a district of a municipality is 110100; of a municipality too, and of a province nobody knows. */
static pt_form_rc at_level(uint32_t *out, uint32_t code, level want)
{
    bool municipality = code / 10000 == 11 || code / 10000 == 12 || code / 10000 == 31 || code / 10000 == 50;

    if (want == LEVEL_PROVINCE)
        code = code / 10000 * 10000;
    else if (want == LEVEL_CITY && level_of(code) == LEVEL_PROVINCE && municipality)
        code += 100;
    else if (want == LEVEL_CITY)
        code = code / 100 * 100;
    if (want && level_of(code) != want)
        return PT_FORM_AMBIGUOUS;
    *out = code;
    return PT_FORM_OK;
}

static pt_form_rc read_address(const region_row **out, pt_sv s)
{
    if (pt_sv_has_prefix(s, "中国"))
        s = after(s, strlen("中国"));
    return read_names(out, s);
}

/* As written, and in simplified characters when that leads further: 乾 of 乾安县 is simplified here and traditional elsewhere. */
static pt_form_rc read_either(const region_row **out, pt_sv s, pt_str *scratch)
{
    const region_row *place = NULL;
    pt_form_rc rc = read_address(out, s);

    pt_str_clear(scratch);
    pt_form_simplify(scratch, s);
    if (scratch->failed || pt_sv_eq(s, (pt_sv){scratch->ptr, scratch->len}))
        return rc;
    pt_form_rc other = read_address(&place, (pt_sv){scratch->ptr, scratch->len});
    if (other != PT_FORM_OK || (rc == PT_FORM_OK && level_of((*out)->code) >= level_of(place->code)))
        return rc;
    *out = place;
    return other;
}

pt_form_rc pt_form_region(uint32_t *out, pt_sv text, pt_region_level want, pt_str *scratch)
{
    const region_row *place = NULL;
    pt_sv s = pt_sv_trim(text);

    if (s.len == 0 || s.len > LONGEST_ADDRESS || pt_utf8_valid(s) != s.len)
        return PT_FORM_NOT;
    pt_form_rc rc = read_code(&place, s);
    if (rc == PT_FORM_NOT)
        rc = read_either(&place, s, scratch);
    return rc == PT_FORM_OK ? at_level(out, place->code, (level)want) : rc;
}
