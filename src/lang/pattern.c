#include "lang/pattern.h"

/* \C would match half a character. Case folding and classes are by Unicode; \d \w \s are ASCII, as marketers expect. */
pcre2_code *pt_pattern_compile(pt_sv pattern, char *msg, size_t cap, size_t *offset)
{
    int code;
    PCRE2_SIZE at = 0;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len, PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C, &code, &at, NULL);

    if (!compiled) {
        pcre2_get_error_message(code, (PCRE2_UCHAR *)msg, cap);
        *offset = at;
    }
    return compiled;
}
