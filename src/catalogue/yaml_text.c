/* Texts as YAML that reads back to the same text. */
#include "catalogue/catalogue_int.h"

enum { WIDEST_LINE = 110 };

static bool is_word_char(char c)
{
    return pt_is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

/* Whether the text may stand without quotes. Inside { } and [ ], commas and brackets would end it. */
static bool is_plain(pt_sv text, bool in_flow)
{
    if (!text.len || !(is_word_char(text.ptr[0]) || text.ptr[0] == '(') || pt_sv_eq(text, PT_SV("null")) ||
        text.ptr[text.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i], next = i + 1 < text.len ? text.ptr[i + 1] : ' ';
        bool breaks = (unsigned char)c < 0x20 || c == 0x7F || (c == ':' && (next == ' ' || in_flow)) ||
                      (c == ' ' && next == '#') || (in_flow && strchr(",[]{}", c));
        if (breaks)
            return false;
    }
    return true;
}

void pt_yaml_add_text(pt_str *out, pt_sv text, bool in_flow)
{
    pt_json j;

    if (is_plain(text, in_flow)) {
        pt_str_addsv(out, text);
        return;
    }
    pt_json_init(&j, out, 0); /* a JSON text is a YAML text in double quotes */
    pt_json_text(&j, text);
}

void pt_yaml_add_key(pt_str *out, size_t indent, const char *key)
{
    pt_str_pad(out, ' ', indent);
    pt_yaml_add_text(out, pt_sv_of(key), false);
    pt_str_addc(out, ':');
}

void pt_yaml_add_label(pt_str *out, size_t indent, const char *key, const pt_label *label)
{
    const char *zh = label->zh, *en = label->en;

    if (!zh && !en)
        return;
    pt_yaml_add_key(out, indent, key);
    pt_str_addc(out, ' ');
    if (zh && en && strcmp(zh, en) == 0) {
        pt_yaml_add_text(out, pt_sv_of(zh), false);
        pt_str_addc(out, '\n');
        return;
    }
    pt_str_addc(out, '{');
    if (zh) {
        pt_str_add(out, "zh: ");
        pt_yaml_add_text(out, pt_sv_of(zh), true);
    }
    if (en) {
        pt_str_add(out, zh ? ", en: " : "en: ");
        pt_yaml_add_text(out, pt_sv_of(en), true);
    }
    pt_str_add(out, "}\n");
}

/* The end of the longest part of the text that fits the line and ends before a single space; a folded line is put
 * together with exactly one. */
static size_t line_end(pt_sv text, size_t width)
{
    size_t end = text.len;

    for (size_t i = 1; i + 1 < text.len; i++) {
        bool single = text.ptr[i] == ' ' && text.ptr[i - 1] != ' ' && text.ptr[i + 1] != ' ';
        if (single && (i <= width || end == text.len))
            end = i;
        if (i > width && end < text.len)
            break;
    }
    return text.len <= width ? text.len : end;
}

void pt_yaml_add_expression(pt_str *out, size_t indent, const char *key, pt_sv text)
{
    size_t begin = out->len;

    pt_yaml_add_key(out, indent, key);
    if (is_plain(text, false) && out->len - begin + 1 + text.len <= WIDEST_LINE) {
        pt_str_addc(out, ' ');
        pt_str_addsv(out, text);
        pt_str_addc(out, '\n');
        return;
    }
    pt_str_add(out, " >-\n");
    while (text.len) {
        size_t n = line_end(text, WIDEST_LINE - indent - 2);
        pt_str_pad(out, ' ', indent + 2);
        pt_str_addn(out, text.ptr, n);
        pt_str_addc(out, '\n');
        n += n < text.len;
        text = (pt_sv){text.ptr + n, text.len - n};
    }
}
