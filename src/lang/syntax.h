/* Inside lang/: tokens and the tree as written, before names mean anything. The parser makes it, the checker turns it
 * into the tree of ast.h, nobody else sees it. */
#ifndef PT_LANG_SYNTAX_H
#define PT_LANG_SYNTAX_H

#include "base/diag.h"
#include "lang/lang.h"

/* What hostile input may cost. Depth bounds every recursion over a tree, here and in the evaluator. */
enum {
    PT_LANG_MAX_LENGTH = 1 << 20, /* bytes of one expression */
    PT_LANG_MAX_DEPTH = 256,      /* levels of the tree; parentheses may add four times as many */
    PT_LANG_MAX_PROBLEMS = 50,    /* reported for one expression; the rest would not be read */
    PT_LANG_MAX_STEPS = 32,       /* of a sequence or funnel */
    PT_LANG_MAX_TIERS = 1000,
    PT_LANG_MAX_BOUNDS = 100 /* of band and score */
};

/* A text being read and where its problems go. */
typedef struct pt_reader {
    pt_sv text;
    pt_place start; /* where the text begins in its file */
    pt_diags *diags;
    pt_arena *arena;
    size_t errors; /* reported for this text */
    bool nomem;
    pt_diag unread; /* takes what is said beyond PT_LANG_MAX_PROBLEMS */
} pt_reader;

/* For "%.*s". */
#define PT_SV_ARG(sv) (int)(sv).len, (sv).ptr

/* Bytes of the reader's text. */
typedef struct pt_span {
    uint32_t offset, length;
} pt_span;

/* Report a problem in a span. Never NULL. */
pt_diag *pt_reader_problem(pt_reader *r, int code, pt_span span, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
pt_diag *pt_reader_warning(pt_reader *r, int code, pt_span span, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Arena memory; NULL sets r->nomem. */
void *pt_reader_alloc(pt_reader *r, size_t count, size_t size);
static inline pt_sv pt_reader_text(const pt_reader *r, pt_span span)
{
    return (pt_sv){r->text.ptr + span.offset, span.length};
}

/* --- tokens ------------------------------------------------------------------------------------------------------- */

typedef enum pt_token_kind {
    PT_TOKEN_END,
    PT_TOKEN_BAD, /* reported; the parser stops in silence */
    PT_TOKEN_NUMBER,
    PT_TOKEN_TEXT,
    PT_TOKEN_DATE,
    PT_TOKEN_INSTANT,
    PT_TOKEN_DURATION,
    PT_TOKEN_WORD, /* a name or a word of the language */
    PT_TOKEN_NAME, /* `backquoted`: always a name */
    PT_TOKEN_LPAREN,
    PT_TOKEN_RPAREN,
    PT_TOKEN_COMMA,
    PT_TOKEN_DOT,
    PT_TOKEN_OP /* a comparison or arithmetic operator */
} pt_token_kind;

typedef struct pt_token {
    pt_token_kind kind;
    pt_span span;
    pt_literal literal; /* NUMBER TEXT DATE INSTANT DURATION; the text of WORD and NAME */
    pt_op op;
} pt_token;

typedef struct pt_lexer {
    pt_reader *reader;
    size_t at;
} pt_lexer;

/* The next token; END again and again at the end. */
pt_token pt_lexer_next(pt_lexer *lx);
/* Whether `name` reads as one PT_TOKEN_WORD. */
bool pt_word_is_plain(pt_sv name);

/* --- the tree as written ------------------------------------------------------------------------------------------ */

typedef enum pt_syn_kind {
    PT_SYN_LITERAL, /* `type` says which; a number keeps its span for exact money */
    PT_SYN_MISSING,
    PT_SYN_NAME, /* name or qualifier.name */
    PT_SYN_UNARY,
    PT_SYN_BINARY,
    PT_SYN_IN,
    PT_SYN_BETWEEN,
    PT_SYN_IS_MISSING,
    PT_SYN_HAS,
    PT_SYN_MATCHES,
    PT_SYN_CALL
} pt_syn_kind;

typedef struct pt_syn pt_syn;

/* What may follow the arguments of a call. Absent parts are NULL. */
typedef struct pt_clauses {
    const pt_syn **where; /* one for each argument */
    const pt_syn *within, *since;
    const pt_syn *next;       /* of `within next` */
    const pt_syn *between[2]; /* both or none */
    const pt_syn *weight, *half_life;
    const pt_syn *at_least; /* of `was` */
} pt_clauses;

struct pt_syn {
    pt_syn_kind kind;
    pt_op op;
    bool negated; /* IN, BETWEEN, IS_MISSING, HAS, MATCHES: written with `not` */
    bool quoted;  /* NAME: backquoted, so never a word of the language */
    pt_span span;
    uint32_t depth; /* 1 for a leaf */
    pt_type type;
    pt_literal literal;
    pt_sv qualifier, name; /* NAME; the function of a CALL */
    pt_span qualifier_span, name_span;
    uint32_t n_args;
    const pt_syn **args;
    const pt_clauses *clauses; /* CALL */
};

bool pt_find_aggregate(pt_agg_fn *out, pt_sv name);
/* Parses the reader's whole text. NULL after a report (or without memory: reader->nomem). */
const pt_syn *pt_parse(pt_reader *r);

#endif
