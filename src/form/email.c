/* The addresses that mail servers accept in practice: RFC 5321 without quoted local parts and address literals; letters
 * beyond ASCII as RFC 6531 allows. */
#include "base/utf8.h"
#include "form/form_int.h"

enum { LONGEST_LOCAL = 64, LONGEST_DOMAIN = 253, LONGEST_LABEL = 63 };

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_local_char(char c)
{
    return is_letter(c) || pt_is_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Parts between single dots. */
static bool is_local(pt_sv s)
{
    bool after_dot = true;

    for (size_t i = 0; i < s.len; i++) {
        bool dot = s.ptr[i] == '.';
        if (dot ? after_dot : !is_local_char(s.ptr[i]))
            return false;
        after_dot = dot;
    }
    return s.len > 0 && s.len <= LONGEST_LOCAL && !after_dot;
}

static bool is_label(pt_sv s)
{
    if (s.len == 0 || s.len > LONGEST_LABEL || s.ptr[0] == '-' || s.ptr[s.len - 1] == '-')
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_letter(s.ptr[i]) && !pt_is_digit(s.ptr[i]) && s.ptr[i] != '-')
            return false;
    return true;
}

/* At least two labels, the last no number: user@127.0.0.1 is no address. */
static bool is_domain(pt_sv s)
{
    size_t from = 0, labels = 0;
    bool number = false;

    if (s.len > LONGEST_DOMAIN)
        return false;
    for (size_t i = 0; i <= s.len; i++) {
        if (i < s.len && s.ptr[i] != '.')
            continue;
        if (!is_label((pt_sv){s.ptr + from, i - from}))
            return false;
        number = pt_is_digit(s.ptr[i - 1]) && pt_is_digit(s.ptr[from]);
        labels++;
        from = i + 1;
    }
    return labels >= 2 && !number;
}

/* The address of "mailto:a@b.c" and of "Wang Wei <a@b.c>". */
static pt_sv inner_address(pt_sv s)
{
    const char *open = s.len && s.ptr[s.len - 1] == '>' ? memrchr(s.ptr, '<', s.len) : NULL;

    if (open)
        s = pt_sv_trim((pt_sv){open + 1, (size_t)(s.ptr + s.len - 1 - (open + 1))});
    if (pt_sv_has_prefix(s, "mailto:"))
        s = (pt_sv){s.ptr + 7, s.len - 7};
    return s;
}

static pt_form_rc read_address(pt_str *out, pt_sv text)
{
    pt_sv s = inner_address(pt_sv_trim(text));
    const char *at = s.len ? memchr(s.ptr, '@', s.len) : NULL;

    if (!at)
        return PT_FORM_NOT;
    pt_sv local = {s.ptr, (size_t)(at - s.ptr)}, domain = {at + 1, s.len - local.len - 1};
    if (!is_local(local) || !is_domain(domain) || pt_utf8_valid(s) != s.len)
        return PT_FORM_NOT;
    for (size_t i = 0; i < s.len; i++)
        pt_str_addc(out, s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? (char)(s.ptr[i] + 32) : s.ptr[i]);
    return PT_FORM_OK;
}

/* An input method for Chinese leaves ＠ and 。 behind. */
static void add_plain(pt_str *out, pt_sv text)
{
    pt_str narrow = {0};

    pt_utf8_normalize(&narrow, text);
    for (size_t at = 0; at < narrow.len;) {
        size_t from = at;
        int32_t cp = pt_utf8_next((pt_sv){narrow.ptr, narrow.len}, &at);
        if (cp == 0x3002)
            pt_str_addc(out, '.');
        else
            pt_str_addn(out, narrow.ptr + from, at - from);
    }
    out->failed |= narrow.failed;
    pt_str_free(&narrow);
}

static bool is_ascii(pt_sv s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

pt_form_rc pt_form_email(pt_str *out, pt_sv text)
{
    enum { LONGEST = 1024 };
    pt_str plain = {0};

    if (text.len > LONGEST)
        return PT_FORM_NOT;
    if (is_ascii(text))
        return read_address(out, text);
    add_plain(&plain, text);
    pt_form_rc rc = read_address(out, (pt_sv){plain.ptr, plain.len});
    out->failed |= plain.failed;
    pt_str_free(&plain);
    return rc;
}
