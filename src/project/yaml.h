/* YAML bytes -> a tree of scalars, lists and mappings that know their place. libfyaml reads the syntax; what it
 * leaves to its user (duplicate keys, aliases, limits, places in decoded text) is done here. The tree lives in the
 * arena. */
#ifndef PT_PROJECT_YAML_H
#define PT_PROJECT_YAML_H

#include "base/diag.h"

enum { PT_YAML_MOST_BYTES = 4 << 20, PT_YAML_MOST_DEPTH = 32, PT_YAML_MOST_NODES = 200000 };

typedef enum pt_yaml_kind { PT_YAML_NULL, PT_YAML_SCALAR, PT_YAML_LIST, PT_YAML_MAP } pt_yaml_kind;
typedef enum pt_yaml_style { PT_YAML_PLAIN, PT_YAML_SINGLE, PT_YAML_DOUBLE, PT_YAML_BLOCK } pt_yaml_style;

typedef struct pt_yaml {
    pt_yaml_kind kind;
    pt_yaml_style style;
    bool flow;           /* a list or mapping written with brackets */
    pt_place place;      /* of a scalar's first character (after the quote); of a list or mapping its first item */
    uint32_t start, end; /* bytes of the scalar in place.text */
    uint32_t weight;     /* nodes in this tree, aliases counted each time */
    pt_sv text;          /* scalars: decoded, terminated */
    size_t n;
    struct pt_yaml **items; /* list items, or the mapping's values */
    struct pt_yaml **keys;  /* mapping: scalars, each text once */
} pt_yaml;

/* root is NULL when the file is empty or not readable as YAML (which is then in `diags`). `bytes` must outlive the
 * tree. Fails only for want of memory. */
pt_rc pt_yaml_parse(pt_yaml **root, const char *file, pt_sv bytes, pt_diags *diags, pt_arena *arena, pt_err *err);

/* The place of a scalar's text, exact for every byte of it: with place.origin where quotes, escapes, folding or
 * indentation make the decoded text differ from the file's bytes. False when memory is short. */
bool pt_yaml_text_place(pt_place *out, const pt_yaml *scalar, pt_arena *arena);

#endif
