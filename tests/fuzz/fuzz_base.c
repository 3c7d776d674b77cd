/* Readers of text in base: the first byte picks one. */
#include <stdlib.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/money.h"
#include "base/time.h"
#include "base/utf8.h"
#include "base/zone_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void require(bool cond)
{
    if (!cond)
        abort();
}

/* What is accepted prints, and reads back as the same. */
static void times(pt_sv s)
{
    char buf[40];
    int64_t v, back;
    int32_t date, date_back;

    if (pt_instant_parse(&v, s, pt_zone_utc()))
        require(pt_instant_parse(&back, pt_sv_of(pt_instant_format(buf, v, pt_zone_utc())), pt_zone_utc()) &&
                back == v);
    if (pt_duration_parse(&v, s))
        require(pt_duration_parse(&back, pt_sv_of(pt_duration_format(buf, v))) && back == v);
    if (pt_date_parse(&date, s))
        require(pt_date_parse(&date_back, pt_sv_of(pt_date_format(buf, date))) && date_back == date);
}

static void numbers(pt_sv s)
{
    char buf[32];
    int64_t v, back;
    double d, d_back;

    if (pt_money_parse(&v, s))
        require(pt_money_parse(&back, (pt_sv){buf, pt_money_format(buf, v)}) && back == v);
    if (pt_parse_double(&d, s))
        require(pt_parse_double(&d_back, (pt_sv){buf, pt_format_double(buf, d)}) && d_back == d);
    pt_parse_int64(&v, s);
}

static void zone_rule(pt_sv s)
{
    pt_zone_rule rule;

    if (!pt_zone_rule_parse(&rule, s) || !rule.present)
        return;
    for (int64_t second = -62135596800; second < INT64_C(253402300800); second += INT64_C(4000000000)) {
        pt_zone_span span = pt_zone_rule_span(&rule, second);
        require(span.from <= second && second < span.until);
    }
}

static void texts(pt_sv s)
{
    pt_str a = {0}, b = {0};
    pt_json j;

    pt_utf8_normalize(&a, s);
    pt_utf8_normalize(&b, (pt_sv){a.ptr, a.len});
    require(pt_sv_eq((pt_sv){a.ptr, a.len}, (pt_sv){b.ptr, b.len}));
    pt_str_clear(&a);
    pt_utf8_fold(&a, s);
    require(pt_utf8_fit(s, 10).len <= s.len && pt_utf8_width(pt_utf8_fit(s, 10)) <= 10);
    pt_str_clear(&b);
    pt_json_init(&j, &b, 0);
    pt_json_text(&j, s);
    require(pt_utf8_valid((pt_sv){b.ptr, b.len}) == b.len);
    pt_str_free(&a);
    pt_str_free(&b);
}

/* The first two bytes say where in the text the problem is. */
static void drawing(pt_sv s)
{
    pt_diags d;
    pt_str out = {0};
    pt_arena *a = pt_arena_new(0);

    if (!a || s.len < 2)
        goto done;
    pt_sv text = {s.ptr + 2, s.len - 2};
    pt_place start = {.file = "f", .text = text, .line = 1, .col = 1, .length = 1};
    pt_diags_init(&d, a);
    pt_diags_add(&d, PT_SEVERITY_ERROR, 1, pt_place_at(start, text, (uint8_t)s.ptr[0], (uint8_t)s.ptr[1]), "x");
    pt_diags_print(&d, &out, false);
    pt_diags_json(&d, &out);
    pt_diags_free(&d);
done:
    pt_str_free(&out);
    pt_arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static void (*const targets[])(pt_sv) = {times, numbers, zone_rule, texts, drawing};

    if (n > 0)
        targets[bytes[0] % PT_COUNT(targets)]((pt_sv){(const char *)bytes + 1, n - 1});
    return 0;
}
