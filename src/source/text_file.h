/* Text files as plain UTF-8: decompressed and transcoded into the work folder when they are not. */
#ifndef PT_SOURCE_TEXT_FILE_H
#define PT_SOURCE_TEXT_FILE_H

#include "base/io.h"

typedef struct pt_text_file {
    const char *path; /* of the plain text: the file itself or a temporary one; in the arena given to open */
    bool temporary;
    pt_map map;      /* the plain text */
    bool valid;      /* UTF-8 throughout */
    bool nul;        /* holds NUL bytes */
    bool mixed_ends; /* line ends of several kinds */
    bool edges;      /* white space may stand beside a separator: values need trimming */
} pt_text_file;

/* `encoding` NULL: found out. Lines in none of the possible encodings stay as they are and leave `valid` false. */
pt_rc pt_text_file_open(pt_text_file *out, const char *path, const char *encoding, const char *work_dir,
                        pt_arena *arena, pt_err *err);
void pt_text_file_close(pt_text_file *t); /* removes what is temporary */

/* gzip and zstd by their first bytes. */
bool pt_is_compressed(const char *path);
pt_rc pt_decompress(const char *to, const char *from, pt_err *err);

/* Whether a text may be converted at all: "gb18030", "utf-16le"; anything the system's iconv knows. */
pt_rc pt_encoding_check(const char *name, pt_err *err);
/* Writes `text` to the file `to` as UTF-8. NULL: GB18030, or a mix of it with UTF-8, line by line. */
pt_rc pt_transcode(const char *to, pt_sv text, const char *encoding, pt_err *err);

#endif
