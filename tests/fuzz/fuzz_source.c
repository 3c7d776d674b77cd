/* What source/ does to bytes of a file before SQL sees them: records of separated text, and the values of typed columns.
 * The first byte picks one. */
#include <stdlib.h>

#include "base/money.h"
#include "source/convert.h"
#include "source/csv.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(bool cond)
{
    if (!cond)
        abort();
}

static bool within(pt_sv part, pt_sv whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

/* Records come in order, lie in the text, do not overlap, and their lines go up; a good one has the fields expected. */
static void records(pt_sv s, char delimiter, char quote, size_t expect)
{
    pt_csv c = {0};
    size_t bytes = 0;
    uint64_t line = 0;
    const char *end = s.ptr;

    pt_csv_open(&c, s, delimiter, quote, expect);
    while (pt_csv_next(&c)) {
        require(within(c.raw, s) && c.raw.ptr >= end);
        require(c.line > line && c.raw.len > 0);
        require(c.wrong || expect == 0 || c.n_fields == expect);
        for (size_t i = 0; !c.wrong && i < c.n_fields; i++)
            bytes += c.fields[i].len + (c.fields[i].len ? (size_t)(unsigned char)c.fields[i].ptr[0] : 0);
        line = c.line;
        end = c.raw.ptr + c.raw.len;
    }
    require(!c.nomem && bytes < SIZE_MAX);
    pt_csv_close(&c);
}

static void separated(pt_sv s)
{
    if (s.len < 2)
        return;
    pt_sv text = {s.ptr + 2, s.len - 2};
    char delimiter = ",;\t|"[(uint8_t)s.ptr[0] % 4], quote = s.ptr[0] & 0x10 ? 0 : s.ptr[0] & 0x20 ? '\'' : '"';
    records(text, delimiter, quote, (uint8_t)s.ptr[1] % 5);
}

/* Every byte of the text is in a line or an end of one. */
static void lines(pt_sv s)
{
    pt_csv c = {0};
    size_t bytes = 0;

    pt_csv_open(&c, s, '\1', 0, 0);
    while (pt_csv_next_line(&c)) {
        require(within(c.raw, s) && c.n_fields == 1);
        bytes += c.raw.len;
    }
    require(!c.nomem && bytes <= s.len);
    pt_csv_close(&c);
}

static void numbers(pt_sv s)
{
    char buf[32];
    double d, again;
    int64_t v, back;
    uint8_t b;

    if (pt_convert_number(&d, s))
        require(pt_convert_number(&again, (pt_sv){buf, pt_format_double(buf, d)}) && again == d);
    if (pt_convert_money(&v, s))
        require(pt_convert_money(&back, (pt_sv){buf, pt_money_format(buf, v)}) && back == v);
    if (pt_convert_bool(&b, s))
        require(b <= 1);
}

/* The bytes up to the first NUL are a pattern, the rest a text. What a pattern accepts is an instant of the calendar. */
static void times(pt_sv s)
{
    const char *nul = s.len ? memchr(s.ptr, '\0', s.len) : NULL, *bad;
    pt_time_format f;
    int64_t instant;
    int32_t date;

    bool patterned = nul && nul > s.ptr;
    if (!pt_time_format_open(&f, patterned ? s.ptr : NULL, pt_zone_utc(), &bad))
        return;
    pt_sv text = nul ? (pt_sv){nul + 1, s.len - (size_t)(nul + 1 - s.ptr)} : s;
    if (pt_convert_instant(&instant, text, &f))
        require(instant >= PT_DATE_MIN * PT_DAY && instant < (PT_DATE_MAX + INT64_C(1)) * PT_DAY);
    if (pt_convert_date(&date, text, &f))
        require(date >= PT_DATE_MIN && date <= PT_DATE_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static void (*const targets[])(pt_sv) = {separated, lines, numbers, times};

    if (n > 0)
        targets[bytes[0] % PT_COUNT(targets)]((pt_sv){(const char *)bytes + 1, n - 1});
    return 0;
}
