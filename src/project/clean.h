/* Reading rules of `clean`: what clean.c (the rules over whole sources) and clean_read.c (those that act while reading)
 * share. */
#ifndef PT_PROJECT_CLEAN_H
#define PT_PROJECT_CLEAN_H

#include <stdarg.h>
#include <stdio.h>

#include "base/money.h"
#include "project/load.h"

enum { PT_CLEAN_MOST_RULES = 200, PT_CLEAN_MOST_GROUPS = 8 };

/* A text of the file that is read word by word; `at` is the next byte. */
typedef struct pt_clean_text {
    pt_sv text;
    pt_place place; /* of its first byte */
    size_t at;
} pt_clean_text;

typedef struct pt_clean_piece {
    pt_sv text;
    size_t at;
} pt_clean_piece;

typedef struct pt_clean_parser {
    pt_loader *loader;
    pt_source *source;
    pt_source_column *columns; /* the source's, with room for what rules add */
    pt_clean_rule *rule;       /* being filled in */
    pt_clean_text head, tail;  /* before and after the colon */
    bool has_tail;
    const pt_yaml *tail_node; /* NULL when there is no colon */
    pt_place column_place;
    const char *form; /* how such a rule is written, for hints */
    bool failed;
} pt_clean_parser;

/* The next word; a comma is a word of its own. False at the end, `out` is then empty and lies there. */
bool pt_clean_word(pt_clean_text *t, pt_clean_piece *out);
/* What is left, trimmed. */
pt_clean_piece pt_clean_rest(const pt_clean_text *t);
pt_place pt_clean_place(const pt_clean_text *t, pt_clean_piece piece);
/* Reports a problem of the rule, which is then left out. */
pt_diag *pt_clean_error(pt_clean_parser *p, int code, pt_place place, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
const char *pt_clean_copy(pt_clean_parser *p, pt_sv s); /* NULL when memory is short */
/* Whether anything stands after the colon; otherwise says so. */
bool pt_clean_need_tail(pt_clean_parser *p);

/* clean_read.c: the rest of a rule after its first word. */
void pt_clean_parse_convert(pt_clean_parser *p);
void pt_clean_parse_map(pt_clean_parser *p);

#endif
