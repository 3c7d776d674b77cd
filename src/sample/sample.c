#include "sample/sample_int.h"

#include <stdarg.h>
#include <stdlib.h>

static const pt_sample samples[] = {
    {"bank", 1000, sample_bank},
    {"b2b", 300, sample_b2b},
};

const pt_sample *pt_sample_find(const char *name)
{
    for (size_t i = 0; i < PT_COUNT(samples); i++)
        if (strcmp(samples[i].name, name) == 0)
            return &samples[i];
    return NULL;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static pt_rc open_file(sample_file *f, const char *dir, const char *const name[2], pt_err *err)
{
    pt_str path = {0};

    pt_str_addf(&path, "%s/%s", dir, name[0]);
    pt_rc rc = pt_str_check(&path, err);
    if (rc == PT_OK)
        rc = pt_writer_open(&f->writer, path.ptr, err);
    pt_str_free(&path);
    if (rc == PT_OK)
        sample_row(f, "%s", name[1]);
    return rc;
}

pt_rc sample_open(sample_file *files, const char *const (*names)[2], size_t n, const char *dir, pt_err *err)
{
    pt_rc rc = PT_OK;

    for (size_t i = 0; i < n; i++)
        files[i] = (sample_file){0};
    for (size_t i = 0; rc == PT_OK && i < n; i++)
        rc = open_file(&files[i], dir, names[i], err);
    return rc == PT_OK ? PT_OK : sample_close(files, n, rc, err);
}

void sample_row(sample_file *f, const char *fmt, ...)
{
    va_list ap;
    char text[512];

    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    PT_ASSERT(n >= 0 && (size_t)n < sizeof text);
    pt_writer_write(f->writer, text, (size_t)n);
    pt_writer_write(f->writer, "\n", 1);
}

pt_rc sample_close(sample_file *files, size_t n, pt_rc rc, pt_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (!files[i].writer)
            continue;
        if (rc == PT_OK)
            rc = pt_writer_commit(files[i].writer, err);
        else
            pt_writer_abort(files[i].writer);
    }
    return rc;
}

/* --- chance ------------------------------------------------------------------------------------------------------- */

void sample_rng(pt_rng *out, uint64_t seed, uint64_t customer)
{
    pt_rng_seed(out, seed * UINT64_C(0x9E3779B97F4A7C15) + customer);
}

int64_t sample_between(pt_rng *r, int64_t low, int64_t high)
{
    return low + (int64_t)pt_rng_below(r, (uint64_t)(high - low + 1));
}

bool sample_chance(pt_rng *r, int per_thousand)
{
    return pt_rng_below(r, 1000) < (uint64_t)per_thousand;
}

/* --- time --------------------------------------------------------------------------------------------------------- */

int32_t sample_first_day(void)
{
    return pt_date_from_civil(2023, 7, 1);
}

int32_t sample_month(int month, int day)
{
    int from_january = 6 + month;

    return pt_date_from_civil(2023 + from_january / 12, 1 + from_january % 12, day);
}

const char *sample_date(sample_text out, int32_t day)
{
    int32_t y, m, d;

    pt_date_to_civil(&y, &m, &d, day);
    snprintf(out, sizeof(sample_text), "%04d-%02d-%02d", y, m, d);
    return out;
}

const char *sample_date_loosely(sample_text out, int32_t day, pt_rng *r)
{
    static const char *const forms[] = {"%04d-%02d-%02d", "%04d/%d/%d", "%04d%02d%02d", "%04d年%d月%d日"};
    int32_t y, m, d;

    pt_date_to_civil(&y, &m, &d, day);
    /* The format is one of the literals above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    snprintf(out, sizeof(sample_text), forms[sample_chance(r, 700) ? 0 : pt_rng_below(r, PT_COUNT(forms))], y, m, d);
#pragma GCC diagnostic pop
    return out;
}

const char *sample_time(sample_text out, int32_t day, int seconds)
{
    sample_text date;

    snprintf(out, sizeof(sample_text), "%.10s %02d:%02d:%02d", sample_date(date, day), seconds / 3600 % 24,
             seconds / 60 % 60, seconds % 60);
    return out;
}

/* --- money and phones --------------------------------------------------------------------------------------------- */

const char *sample_money(sample_text out, int64_t cents)
{
    snprintf(out, sizeof(sample_text), "%s%lld.%02d", cents < 0 ? "-" : "", (long long)(llabs(cents) / 100),
             (int)(llabs(cents) % 100));
    return out;
}

/* "1,234.50", in quotes: the comma separates thousands here, not fields. */
static void with_separators(sample_text out, int64_t cents)
{
    long long whole = llabs(cents) / 100;
    int part = (int)(llabs(cents) % 100);
    const char *sign = cents < 0 ? "-" : "";

    if (whole < 1000)
        snprintf(out, sizeof(sample_text), "%s%lld.%02d", sign, whole, part);
    else if (whole < 1000000)
        snprintf(out, sizeof(sample_text), "\"%s%lld,%03lld.%02d\"", sign, whole / 1000, whole % 1000, part);
    else
        snprintf(out, sizeof(sample_text), "\"%s%lld,%03lld,%03lld.%02d\"", sign, whole / 1000000, whole / 1000 % 1000,
                 whole % 1000, part);
}

/* Digits as Chinese input methods write them: U+FF10 to U+FF19. */
static void widen_digits(sample_text out, const char *text)
{
    size_t n = 0;

    for (; *text && n + 4 < sizeof(sample_text); text++) {
        if (*text >= '0' && *text <= '9') {
            out[n++] = (char)0xEF;
            out[n++] = (char)0xBC;
            out[n++] = (char)(0x90 + (*text - '0'));
        } else {
            out[n++] = *text;
        }
    }
    out[n] = '\0';
}

const char *sample_money_loosely(sample_text out, int64_t cents, pt_rng *r)
{
    sample_text plain;

    sample_money(plain, cents);
    switch (pt_rng_below(r, 60)) {
    case 0: with_separators(out, cents); break;
    case 1: snprintf(out, sizeof(sample_text), "¥%.60s", plain); break;
    case 2: widen_digits(out, plain); break;
    case 3: snprintf(out, sizeof(sample_text), "%.60s元", plain); break;
    default: snprintf(out, sizeof(sample_text), "%.60s", plain); break;
    }
    return out;
}

const char *sample_phone_loosely(sample_text out, const char *mobile, pt_rng *r)
{
    switch (pt_rng_below(r, 24)) {
    case 0: snprintf(out, sizeof(sample_text), "+86 %.3s-%.4s-%.4s", mobile, mobile + 3, mobile + 7); break;
    case 1: snprintf(out, sizeof(sample_text), "%.3s %.4s %.4s", mobile, mobile + 3, mobile + 7); break;
    case 2: snprintf(out, sizeof(sample_text), "0086%.11s", mobile); break;
    case 3: widen_digits(out, mobile); break;
    case 4: snprintf(out, sizeof(sample_text), "%.3s****%.4s", mobile, mobile + 7); break; /* masked: says nothing */
    default: snprintf(out, sizeof(sample_text), "%.11s", mobile); break;
    }
    return out;
}
