/* Problems in project files and expressions, collected so that all are reported together:
 *
 *   tags/value.yaml:12:24: error E0301: unknown tag 'lifecyle'
 *      12 | segment: {value: lifecyle = active}
 *         |                  ^~~~~~~~
 *         = did you mean 'life_cycle'?
 *
 * Codes are stable; each folder that reports lists its codes in a table of pt_diag_info for `portrait explain E0301`.
 * Ranges: E01xx project files · E02xx syntax of the language · E03xx names and types · E04xx sources and data ·
 * E05xx identity · E06xx build · E07xx cleaning. */
#ifndef PT_BASE_DIAG_H
#define PT_BASE_DIAG_H

#include "base/str.h"

typedef enum pt_severity { PT_SEVERITY_ERROR, PT_SEVERITY_WARNING } pt_severity;

/* A place in a text that the user wrote. `text` is the whole file (or the expression typed), for the caret line. */
typedef struct pt_place {
    const char *file; /* "tags/value.yaml", or "expression" for text typed on the command line */
    pt_sv text;       /* the whole file; borrowed */
    int line, col;    /* 1-based; col counts characters */
    int length;       /* characters under the caret; at least 1 */
    /* Of a place where an expression begins, when the expression's text is not the file's bytes as they stand (YAML's
     * escapes, folding, indentation): byte i of the expression is byte origin[i] of `text`, up to i = its length. */
    const uint32_t *origin;
} pt_place;

typedef struct pt_diag {
    pt_severity severity;
    int code; /* 301 prints as E0301 */
    pt_place place;
    const char *msg;
    const char *hint; /* NULL when none */
} pt_diag;

typedef struct pt_diags {
    pt_arena *arena; /* owns messages; outlives the list */
    pt_diag *items;  /* in order of report */
    size_t n, cap, errors;
    bool nomem; /* a report was lost for lack of memory */
} pt_diags;

typedef struct pt_diag_info {
    int code;
    const char *title;       /* "unknown tag" */
    const char *explanation; /* a paragraph: what it means, a wrong and a right example */
    const char *title_zh, *explanation_zh;
} pt_diag_info;

void pt_diags_init(pt_diags *d, pt_arena *arena);
void pt_diags_free(pt_diags *d); /* the list; the arena is the caller's */
/* Adds a problem; returns it for a hint, or a dummy when memory is short (never NULL). */
pt_diag *pt_diags_add(pt_diags *d, pt_severity severity, int code, pt_place place, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
void pt_diag_hint(pt_diags *d, pt_diag *diag, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Whether there are more problems than are printed: suggestions are then no longer worth making. */
bool pt_diags_full(const pt_diags *d);
/* "did you mean 'x'?" when a candidate is near; otherwise lists up to eight candidates ("one of: a, b, c"). */
void pt_diag_suggest(pt_diags *d, pt_diag *diag, pt_sv word, const char *const *candidates, size_t n);
/* The place `offset` bytes into a text that begins at `start` in its file: counts lines and characters. */
pt_place pt_place_at(pt_place start, pt_sv text, size_t offset, size_t length_bytes);
/* All problems as in the head of this file, sorted by file, line, column; then a line with the count. */
void pt_diags_print(const pt_diags *d, pt_str *out, bool color);
/* As pt_diags_print, its own words in "zh" or "en"; messages and hints stand as they are. */
void pt_diags_print_in(const pt_diags *d, pt_str *out, bool color, const char *lang);
void pt_diags_json(const pt_diags *d, pt_str *out);
/* PT_EINVAL with the first error's message and place when there are errors, else PT_OK. */
pt_rc pt_diags_result(const pt_diags *d, pt_err *err);

#endif
