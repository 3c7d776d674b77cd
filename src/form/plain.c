#include "base/utf8.h"
#include "form/form_int.h"

/* What a character is written as in plain text: 0 for nothing at all, itself when it stays. */
static int32_t plain_char(int32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return cp - 0xFF01 + '!';
    if (cp >= 0x2010 && cp <= 0x2015)
        return '-'; /* hyphens and dashes */
    switch (cp) {
    case '\t':
    case '\n':
    case '\r':
    case 0x00A0:
    case 0x2002:
    case 0x2003:
    case 0x2007:
    case 0x2009:
    case 0x202F:
    case 0x3000: return ' ';
    case 0x2212:
    case 0xFE63: return '-';
    case 0x2018:
    case 0x2019: return '\'';
    case 0xFFE5: return 0x00A5; /* ￥ and ¥ */
    case 0x200B:                /* zero width, and direction marks that copying from an address book leaves */
    case 0x200E:
    case 0x200F:
    case 0x202A:
    case 0x202B:
    case 0x202C:
    case 0x202D:
    case 0x202E:
    case 0xFEFF: return 0;
    default: return cp;
    }
}

static bool is_plain_ascii(pt_sv s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80 || (unsigned char)s.ptr[i] < ' ')
            return false;
    return true;
}

bool form_plain(pt_sv *out, char buf[FORM_LONGEST], pt_sv text)
{
    pt_sv s = pt_sv_trim(text);
    size_t n = 0;

    if (s.len == 0 || s.len > FORM_LONGEST)
        return false;
    *out = s;
    if (is_plain_ascii(s))
        return true;
    for (size_t at = 0; at < s.len;) {
        int32_t cp = pt_utf8_next(s, &at);
        if (cp < 0)
            return false;
        cp = plain_char(cp);
        if (cp == 0)
            continue;
        if (cp < ' ')
            return false;
        n += pt_utf8_encode(buf + n, cp); /* never longer than what it stands for */
    }
    *out = pt_sv_trim((pt_sv){buf, n});
    return out->len > 0;
}

void form_add_plain(pt_str *out, pt_sv text)
{
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        int32_t cp = pt_utf8_next(text, &at), plain = plain_char(cp);
        if (cp < 0 || plain == cp)
            pt_str_addn(out, text.ptr + from, at - from);
        else if (plain)
            pt_utf8_put(out, plain);
    }
}
