/* Shared by data_dir.c (writes generations), generation.c (reads them) and manifest.c. */
#ifndef PT_APP_GENERATION_INT_H
#define PT_APP_GENERATION_INT_H

#include "app/generation.h"

/* The manifest as the text of manifest.json; `m->files` included. */
void manifest_write(pt_str *out, const pt_manifest *m);
/* PT_ECORRUPT when the text is not a manifest that manifest_write made, to the last byte. */
pt_rc manifest_read(pt_manifest *out, pt_sv text, pt_arena *arena, pt_err *err);

/* "g000012" -> 12; 0 for any other name. */
uint64_t generation_number(pt_sv name);
/* What CURRENT names; *out is NULL when nothing was published. */
pt_rc generation_current(const char **out, const char *data_dir, pt_arena *arena, pt_err *err);
/* Whether the generation has a manifest, the last of its files to be written. A failure to find out is not a no. */
pt_rc generation_exists(bool *out, const char *data_dir, const char *name, pt_arena *a, pt_err *err);
/* Folders of published generations (those with a manifest, not later than `current`), by number. */
pt_rc generation_names(const char *const **out, size_t *n, const char *data_dir, const char *current, pt_arena *a,
                       pt_err *err);
/* Opens the files that a manifest lists, in the folder `path`; the manifest is borrowed for as long. */
pt_rc generation_open_files(pt_generation **out, const char *path, const pt_manifest *m, pt_err *err);
/* Names in a folder, by byte, without "." and "..". */
pt_rc folder_names(const char *const **out, size_t *n, const char *dir, pt_arena *a, pt_err *err);

#endif
