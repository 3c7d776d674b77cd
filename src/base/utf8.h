/* UTF-8: validity, case, normal form, and width on a terminal (Chinese characters are two cells wide).
 * Character data from utf8proc. */
#ifndef PT_BASE_UTF8_H
#define PT_BASE_UTF8_H

#include "base/str.h"

/* Byte offset of the first invalid sequence, or s.len when all is valid. */
size_t pt_utf8_valid(pt_sv s);
/* Decodes one character at s.ptr[*at] and moves *at past it; -1 for an invalid byte (moves one) and at the end. */
int32_t pt_utf8_next(pt_sv s, size_t *at);
/* The bytes of a valid code point; returns how many, up to four. */
size_t pt_utf8_encode(char *out, int32_t cp);
/* Appends one code point. */
void pt_utf8_put(pt_str *out, int32_t cp);
size_t pt_utf8_length(pt_sv s); /* in characters */
/* Cells on a terminal; control characters count 0. */
size_t pt_utf8_width(pt_sv s);
/* The longest prefix of at most `cells` cells. */
pt_sv pt_utf8_fit(pt_sv s, size_t cells);
/* Full-width ASCII forms (U+FF01..FF5E, U+3000) become ASCII; then NFC. Invalid bytes are kept as they are. */
void pt_utf8_normalize(pt_str *out, pt_sv s);
void pt_utf8_lower(pt_str *out, pt_sv s);
void pt_utf8_upper(pt_str *out, pt_sv s);
/* Case folding for comparison. */
void pt_utf8_fold(pt_str *out, pt_sv s);
bool pt_utf8_is_letter(int32_t cp); /* L* and Nl categories and '_' : may start a name */
bool pt_utf8_is_digit(int32_t cp);  /* Nd */

#endif
