#include "report/html.h"

#include "base/utf8.h"

static const char *entity(int32_t c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void pt_html_text(pt_str *out, const char *text)
{
    pt_sv s = pt_sv_of(text);

    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        int32_t c = pt_utf8_next(s, &at);
        if (entity(c))
            pt_str_add(out, entity(c));
        else if (c == '\n' || c == '\t' || c == '\r')
            pt_str_addc(out, ' ');
        else if (c < 0x20 || (c >= 0x7F && c < 0xA0))
            pt_str_add(out, "\xEF\xBF\xBD");
        else
            pt_str_addn(out, s.ptr + from, at - from);
    }
}

/* '<' stands in JSON inside texts alone, where an escape means the same. */
void pt_html_json(pt_str *out, pt_sv json)
{
    size_t from = 0;

    for (size_t i = 0; i < json.len; i++) {
        if (json.ptr[i] != '<')
            continue;
        pt_str_addn(out, json.ptr + from, i - from);
        pt_str_add(out, "\\u003c");
        from = i + 1;
    }
    pt_str_addn(out, json.ptr + from, json.len - from);
}

static unsigned hex_digit(char c)
{
    return pt_is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 0x20) - 'a' + 10);
}

void pt_html_base64(pt_str *out, const char *hex)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t n = strlen(hex) / 2;

    for (size_t i = 0; i < n; i += 3) {
        unsigned bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < n ? hex_digit(hex[2 * (i + k)]) << 4 | hex_digit(hex[2 * (i + k) + 1]) : 0);
        pt_str_addc(out, letters[bits >> 18]);
        pt_str_addc(out, letters[bits >> 12 & 63]);
        pt_str_addc(out, i + 1 < n ? letters[bits >> 6 & 63] : '=');
        pt_str_addc(out, i + 2 < n ? letters[bits & 63] : '=');
    }
}
