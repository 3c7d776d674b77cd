/* Conditions of rules: SQL over one row, in which `is missing` may be said. */
#include <strings.h>

#include "project/load.h"

static bool is_name_byte(char c)
{
    return pt_is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* Length of `words` at the start of `s`, with any white space between them; 0 when they are not there. */
static size_t phrase_length(pt_sv s, const char *const *words, size_t n)
{
    size_t at = 0;

    for (size_t w = 0; w < n; w++) {
        size_t len = strlen(words[w]), spaces = at;
        while (at < s.len && (s.ptr[at] == ' ' || s.ptr[at] == '\t' || s.ptr[at] == '\n'))
            at++;
        if ((w && at == spaces) || s.len - at < len || strncasecmp(s.ptr + at, words[w], len) != 0)
            return 0;
        at += len;
    }
    return at < s.len && is_name_byte(s.ptr[at]) ? 0 : at;
}

const char *pt_condition_sql(pt_loader *l, pt_sv text)
{
    static const char *const missing[] = {"is", "missing"}, *const not_missing[] = {"is", "not", "missing"};
    pt_str out = {0};

    for (size_t i = 0; i < text.len;) {
        pt_sv rest = {text.ptr + i, text.len - i};
        const char *quote =
            *rest.ptr == '\'' || *rest.ptr == '"' ? memchr(rest.ptr + 1, *rest.ptr, rest.len - 1) : NULL;
        bool fresh = i == 0 || !is_name_byte(text.ptr[i - 1]);
        size_t yes = fresh ? phrase_length(rest, missing, 2) : 0;
        size_t no = fresh ? phrase_length(rest, not_missing, 3) : 0;
        size_t plain = quote ? (size_t)(quote - rest.ptr) + 1 : 1;
        if (yes || no)
            pt_str_add(&out, no ? "IS NOT NULL" : "IS NULL");
        else
            pt_str_addn(&out, rest.ptr, plain);
        i += yes ? yes : no ? no : plain;
    }
    const char *copy = out.failed ? NULL : pt_arena_strndup(l->arena, pt_str_cstr(&out), out.len);
    l->nomem |= !copy;
    pt_str_free(&out);
    return copy;
}
