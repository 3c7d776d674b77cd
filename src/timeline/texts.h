/* A dictionary of the base file that can take more texts: overlay.c. */
#ifndef PT_TIMELINE_TEXTS_H
#define PT_TIMELINE_TEXTS_H

#include "timeline/reader.h"

/* An array of the file with room behind it: the file's pages mapped a second time, privately, into a larger stretch of
 * memory. Nothing of the file is copied, except the page in which the room begins, and that by the system. */
typedef struct grown {
    unsigned char *values; /* the base's own array until something is added */
    size_t used, room;     /* bytes */
    void *map;
    size_t map_bytes;
} grown;

typedef struct texts {
    pt_dict dict;
    grown offsets, bytes;
    pt_intern *extra; /* texts that the base does not have; code = base count + the intern's */
    pt_intern *seen;  /* texts of the base looked up lately */
    uint32_t *seen_codes;
    uint32_t base_n;
} texts;

pt_rc texts_init(texts *t, const pt_timeline *base, size_t column, pt_err *err);
void texts_dispose(texts *t);
/* The code of a text, given one if it is new. */
pt_rc texts_code(uint32_t *code, texts *t, const pt_timeline *base, size_t column, pt_sv text, pt_err *err);

#endif
