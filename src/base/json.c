#include "base/json.h"

#include <inttypes.h>
#include <math.h>

#include "base/utf8.h"

void pt_json_init(pt_json *j, pt_str *out, int indent)
{
    *j = (pt_json){.out = out, .indent = indent, .first = {true}};
}

static void new_line(pt_json *j)
{
    if (!j->indent)
        return;
    pt_str_addc(j->out, '\n');
    pt_str_pad(j->out, ' ', (size_t)(j->indent * j->depth));
}

/* What comes before a value or a key: a comma where one is due. */
static void lead(pt_json *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (!j->first[j->depth])
        pt_str_addc(j->out, ',');
    j->first[j->depth] = false;
    if (j->depth)
        new_line(j);
}

void pt_json_open(pt_json *j, char bracket)
{
    lead(j);
    PT_ASSERT(j->depth + 1 < PT_JSON_DEPTH);
    pt_str_addc(j->out, bracket);
    j->first[++j->depth] = true;
}

void pt_json_close(pt_json *j, char bracket)
{
    PT_ASSERT(j->depth > 0);
    bool empty = j->first[j->depth--];
    if (!empty)
        new_line(j);
    pt_str_addc(j->out, bracket);
}

static const char *escape_of(unsigned char c)
{
    switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    case '\b': return "\\b";
    case '\f': return "\\f";
    default: return NULL;
    }
}

static bool is_plain(unsigned char c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

static void quoted(pt_str *out, pt_sv v)
{
    pt_str_addc(out, '"');
    for (size_t at = 0; at < v.len;) {
        size_t from = at;
        while (at < v.len && is_plain((unsigned char)v.ptr[at]))
            at++;
        pt_str_addn(out, v.ptr + from, at - from);
        if (at == v.len)
            break;
        from = at;
        int32_t cp = pt_utf8_next(v, &at);
        if (cp < 0)
            pt_str_add(out, "\xEF\xBF\xBD");
        else if (cp >= 0x80)
            pt_str_addn(out, v.ptr + from, at - from);
        else if (escape_of((unsigned char)cp))
            pt_str_add(out, escape_of((unsigned char)cp));
        else
            pt_str_addf(out, "\\u%04x", (unsigned)cp);
    }
    pt_str_addc(out, '"');
}

void pt_json_keysv(pt_json *j, pt_sv key)
{
    lead(j);
    quoted(j->out, key);
    pt_str_add(j->out, j->indent ? ": " : ":");
    j->after_key = true;
}

void pt_json_key(pt_json *j, const char *key)
{
    pt_json_keysv(j, pt_sv_of(key));
}

void pt_json_text(pt_json *j, pt_sv v)
{
    lead(j);
    quoted(j->out, v);
}

void pt_json_cstr(pt_json *j, const char *v)
{
    if (v)
        pt_json_text(j, pt_sv_of(v));
    else
        pt_json_null(j);
}

void pt_json_int(pt_json *j, int64_t v)
{
    lead(j);
    pt_str_addf(j->out, "%" PRId64, v);
}

void pt_json_number(pt_json *j, double v)
{
    char buf[32];

    if (!isfinite(v)) {
        pt_json_null(j);
        return;
    }
    lead(j);
    pt_str_addn(j->out, buf, pt_format_double(buf, v));
}

void pt_json_bool(pt_json *j, bool v)
{
    pt_json_raw(j, v ? PT_SV("true") : PT_SV("false"));
}

void pt_json_null(pt_json *j)
{
    pt_json_raw(j, PT_SV("null"));
}

void pt_json_raw(pt_json *j, pt_sv v)
{
    lead(j);
    pt_str_addsv(j->out, v);
}

/* --- keys with their values ----------------------------------------------------------------------------------------------------- */

void pt_json_put_open(pt_json *j, const char *key, char bracket)
{
    pt_json_key(j, key);
    pt_json_open(j, bracket);
}

void pt_json_put_text(pt_json *j, const char *key, pt_sv v)
{
    pt_json_key(j, key);
    pt_json_text(j, v);
}

void pt_json_put_cstr(pt_json *j, const char *key, const char *v)
{
    pt_json_key(j, key);
    pt_json_cstr(j, v);
}

void pt_json_put_int(pt_json *j, const char *key, int64_t v)
{
    pt_json_key(j, key);
    pt_json_int(j, v);
}

void pt_json_put_count(pt_json *j, const char *key, uint64_t n)
{
    pt_json_key(j, key);
    pt_json_int(j, (int64_t)n);
}

void pt_json_put_number(pt_json *j, const char *key, double v)
{
    pt_json_key(j, key);
    pt_json_number(j, v);
}

void pt_json_put_bool(pt_json *j, const char *key, bool v)
{
    pt_json_key(j, key);
    pt_json_bool(j, v);
}
