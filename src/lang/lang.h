/* The portrait language: text -> tokens -> tree -> checked tree. Pure: no files, no clock. docs/language.md is the
 * definition; its examples run as tests. */
#ifndef PT_LANG_LANG_H
#define PT_LANG_LANG_H

#include "lang/ast.h"

/* A project's checked tags. Immutable; lives in the arena it was checked into. */
typedef struct pt_module {
    const pt_catalog *catalog;
    const pt_node **tags;        /* by tag number; NULL for an external tag */
    const pt_type *types;        /* by tag number */
    const uint32_t *order;       /* tag numbers, each after the tags it uses */
    const pt_node **confidences; /* by tag number; NULL where the tag has no expression of its own */
    size_t n_tags;
    struct pt_names *names; /* lang's own: tags by name */
} pt_module;

/* Checks all tags of a catalogue: syntax, names, types, cycles. Every problem found is added to `diags`; the module is
 * whole only when diags->errors is 0 afterwards. PT_ENOMEM is the only failure. The catalogue must outlive the module;
 * the tags' texts are needed by the problems only. */
pt_rc pt_lang_check(pt_module **out, const pt_catalog *catalog, pt_diags *diags, pt_arena *arena, pt_err *err);

/* Checks one expression typed by a user against a checked module. *out is NULL when it has errors. `want` is the type
 * it must have, or PT_TYPE_NONE for any. */
pt_rc pt_lang_expression(const pt_node **out, const pt_module *module, pt_sv text, pt_place place, pt_type want,
                         pt_diags *diags, pt_arena *arena, pt_err *err);

/* Whether a word means something to the grammar where a name could stand, so that a name must be backquoted. */
bool pt_word_is_reserved(pt_sv word);

/* The tree as source text in canonical form: parsing it again gives an equal tree. */
void pt_lang_print(pt_str *out, const pt_node *node, const pt_catalog *catalog);
/* One node a line, indented, with types and levels: stable, for `explain --stage ast` and golden tests. */
void pt_lang_dump(pt_str *out, const pt_node *node, const pt_catalog *catalog);
/* Same kind, type, names and values everywhere (positions aside). */
bool pt_node_equal(const pt_node *a, const pt_node *b);
/* A hash consistent with pt_node_equal. */
uint64_t pt_node_hash(const pt_node *n);

/* Tags that a node uses directly, (source, column) pairs (column -1 is the source's time or mere existence), and the
 * statistics of the base (PT_NODE_BASE), whose tags are not among `tags`. Each once. */
typedef struct pt_uses {
    const uint32_t *tags;
    size_t n_tags;
    const pt_node *const *bases;
    size_t n_bases;
    const struct pt_use_column {
        uint32_t source;
        int32_t column;
    } * columns;
    size_t n_columns;
} pt_uses;
pt_rc pt_lang_uses(pt_uses *out, const pt_node *node, pt_arena *arena, pt_err *err);

/* How far an expression looks ahead of the as-of: the longest of its windows `within next d`, in microseconds; 0 without any. */
int64_t pt_lang_horizon(const pt_node *node);

/* How many rounds of statistics of the base come before a tag: 0 without any, else one more than the tag whose statistic
 * it uses, at any depth. `levels` has a place for each tag of the module. */
pt_rc pt_lang_base_levels(uint32_t *levels, const pt_module *module, pt_arena *arena, pt_err *err);

extern const pt_diag_info pt_lang_diag_infos[]; /* ends with code 0 */

#endif
