/* Files compiled into the program by tools/embed.c. */
#ifndef PT_BASE_EMBED_H
#define PT_BASE_EMBED_H

#include <stddef.h>

typedef struct pt_embedded {
    const char *path; /* relative, with '/' */
    const unsigned char *bytes;
    size_t size;
} pt_embedded;

/* Each table is sorted by path and ends with path NULL. */
extern const pt_embedded pt_template_files[];  /* "retail/portrait.yaml": examples/, for `portrait init` */
extern const pt_embedded pt_catalogue_files[]; /* "tags/value.yaml": catalogue/, for `portrait add` */

#endif
