/* Patterns of `matches`: PCRE2 over UTF-8, compiled with the same options where they are checked and where they run. */
#ifndef PT_LANG_PATTERN_H
#define PT_LANG_PATTERN_H

#ifndef PCRE2_CODE_UNIT_WIDTH
#define PCRE2_CODE_UNIT_WIDTH 8
#endif
#include <pcre2.h>

#include "base/str.h"

/* NULL when the pattern is wrong: then `msg` (of `cap` bytes) says what, and *offset is where in the pattern.
 * The caller frees it with pcre2_code_free. */
pcre2_code *pt_pattern_compile(pt_sv pattern, char *msg, size_t cap, size_t *offset);

#endif
