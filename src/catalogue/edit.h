/* Texts put into YAML files that people write: what stands there stays, byte for byte. */
#ifndef PT_CATALOGUE_EDIT_H
#define PT_CATALOGUE_EDIT_H

#include "project/yaml.h"

/* Whether entries can be put below what the file holds: its root is a mapping in block form that begins at the margin, or
 * there is nothing in it. False also for what is not YAML. */
pt_rc pt_edit_can_append(bool *out, pt_sv old, pt_arena *arena, pt_err *err);
/* `old`, an empty line, `entries`. */
void pt_edit_append(pt_str *out, pt_sv old, const char *entries);
/* Entries (keys at the margin) put into the mapping under the top-level `key`, first in it; where there is no such key, at
 * the end, with `comment` above. PT_EINVAL when the mapping is written with braces. */
pt_rc pt_edit_insert(pt_str *out, pt_sv old, const char *file, const char *key, const char *comment,
                     const char *entries, pt_arena *arena, pt_err *err);

#endif
