/* Traditional characters and phrases, made by tools/simplified.c when the program is built: constants, so that nothing is
 * read or worked out when it starts. */
#ifndef PT_FORM_SIMPLIFIED_TABLE_H
#define PT_FORM_SIMPLIFIED_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum { SIMPLIFIED_PAGE = 256, SIMPLIFIED_END = 0x40000, SIMPLIFIED_BEGINS = 1 << 24 };

/* By code point: what it is in simplified Chinese (0: itself), with SIMPLIFIED_BEGINS when a phrase begins with it. */
extern const uint32_t simplified_pages[][SIMPLIFIED_PAGE];
extern const uint8_t simplified_page[SIMPLIFIED_END / SIMPLIFIED_PAGE];

typedef struct simplified_phrase {
    const char *from, *to;
} simplified_phrase;
extern const simplified_phrase simplified_phrases[]; /* in byte order */
extern const size_t simplified_phrase_count;

#endif
