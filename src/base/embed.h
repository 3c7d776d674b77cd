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
extern const pt_embedded pt_report_files[];    /* "report.css": src/report/assets/ */
extern const pt_embedded pt_echarts_files[];   /* "echarts.common.min.js" */

/* The SHA-256 of an embedded file, by its name. */
typedef struct pt_embedded_hash {
    const char *path, *sha256; /* 64 hex digits */
} pt_embedded_hash;
extern const pt_embedded_hash pt_report_hashes[]; /* of the two tables above; ends with path NULL */

#endif
