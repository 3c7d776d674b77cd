/* Inside lang/: what the files that check share. Each pt_check_* gives a node of the tree of ast.h, or NULL after a
 * report (or without memory: reader.nomem). Callers go on with the other parts, so that one run finds all problems, and
 * pass NULL up in silence, so that no problem is reported twice. */
#ifndef PT_LANG_CHECK_H
#define PT_LANG_CHECK_H

#include "lang/lang.h"
#include "lang/syntax.h"

/* A set of types. */
typedef uint32_t pt_typeset;
#define PT_IS(type) (UINT32_C(1) << PT_TYPE_##type)
enum {
    PT_SET_TEXT = PT_IS(TEXT) | PT_IS(CATEGORY),
    PT_SET_QUANTITY = PT_IS(NUMBER) | PT_IS(MONEY) | PT_IS(DURATION),
    PT_SET_TIME = PT_IS(DATE) | PT_IS(INSTANT),
    PT_SET_ORDERED = PT_SET_QUANTITY | PT_SET_TIME | PT_SET_TEXT,
    PT_SET_SCALAR = PT_SET_ORDERED | PT_IS(BOOL),
    PT_SET_LISTS = PT_IS(LIST) | PT_IS(WEIGHTED),
    PT_SET_ANY = PT_SET_SCALAR | PT_SET_LISTS
};
static inline bool pt_set_has(pt_typeset set, pt_type type)
{
    return (set >> type) & 1;
}

typedef struct pt_checker {
    pt_reader reader;
    const pt_catalog *catalog;
    const struct pt_names *names;
    const pt_node *const *tags; /* by tag number: those checked so far */
    const pt_type *tag_types;   /* NONE: the tag has problems of its own, say nothing more */
    bool condition;             /* reading what stands after `where`: aggregates there are the customer's own */
    bool history;               /* was(...) may stand here */
    bool ahead;                 /* windows ahead may stand here: the target of a model */
    bool past;                  /* reading a previous definition, which can name no other */
    int32_t
        scope; /* a source number inside its aggregate, PT_LEVEL_CUSTOMER, or PT_LEVEL_CONSTANT in a window's bound */
} pt_checker;

/* --- names.c ------------------------------------------------------------------------------------------------------ */

typedef struct pt_names pt_names;
pt_names *pt_names_new(const pt_catalog *catalog, pt_arena *arena); /* NULL without memory */
int32_t pt_names_tag(const pt_names *names, pt_sv name);            /* -1 when absent */
/* `name@v2`, cut in two: the tag's number, or -1; and the version, 0 when the name has none. */
int32_t pt_names_versioned(const pt_names *names, pt_sv name, uint32_t *version);
/* The previous definition as written, set once it is parsed; NULL when there is none (that could be read). */
const struct pt_syn *pt_names_previous(const pt_names *names, uint32_t tag, uint32_t version);
void pt_names_set_previous(pt_names *names, uint32_t tag, size_t index, const struct pt_syn *syn);
int32_t pt_find_source(const pt_catalog *catalog, pt_sv name);    /* -1 when absent */
int32_t pt_find_column(const pt_lang_source *source, pt_sv name); /* -1 when absent; `time` is no column */
bool pt_source_visible(const pt_lang_source *source);             /* records and events */
/* What a name means where it stands. */
const pt_node *pt_check_name(pt_checker *c, const pt_syn *name);
/* The source that a bare name in an aggregate or step means; -1 after a report. */
int32_t pt_check_source_name(pt_checker *c, const pt_syn *name);

/* --- convert.c ---------------------------------------------------------------------------------------------------- */

/* A node over args, its level the highest of theirs. `args` is copied. */
pt_node *pt_make_node(pt_checker *c, pt_node_kind kind, pt_type type, pt_span span, const pt_node *const *args,
                      uint32_t n_args);
static inline pt_span pt_node_span(const pt_node *n)
{
    return (pt_span){n->offset, n->length};
}
/* Whether a value of `from` may stand where `to` is wanted, anywhere. */
bool pt_converts(pt_type from, pt_type to);
/* The node as a value of type `to`: itself, a literal made exact, or a CAST. Only for pairs that docs/language.md
 * lists. */
const pt_node *pt_convert(pt_checker *c, const pt_node *n, pt_type to);
/* The one type both can be; false when there is none. NONE meets everything. */
bool pt_unify(pt_type *out, pt_type a, pt_type b);
/* All nodes converted to their one type in place; NONE after a report. */
pt_type pt_unify_all(pt_checker *c, const pt_node **nodes, uint32_t n, const char *what);
/* Reports the literal `missing` where it has no meaning; true when it did. */
bool pt_refuse_missing(pt_checker *c, const pt_node *n);

/* --- operators.c -------------------------------------------------------------------------------------------------- */

const pt_node *pt_check_operator(pt_checker *c, const pt_syn *s); /* UNARY BINARY IN BETWEEN IS_MISSING HAS MATCHES */

/* --- check.c ------------------------------------------------------------------------------------------------------ */

const pt_node *pt_check_any(pt_checker *c, const pt_syn *s);
/* A bool; `what` names the place: "the condition after where". */
const pt_node *pt_check_condition(pt_checker *c, const pt_syn *s, const char *what);
/* False, after a report, when a call has clauses it does not take. */
bool pt_check_no_clauses(pt_checker *c, const pt_syn *call);
/* Label i of a tiered value: not empty, not given before. False after a report. */
bool pt_check_label(pt_checker *c, pt_span span, const char *label, const char **labels, uint32_t i);
/* Converts an expression's value to the type declared for it. */
const pt_node *pt_check_wanted(pt_checker *c, const pt_node *n, pt_type want, const char *what);

/* --- functions.c -------------------------------------------------------------------------------------------------- */

/* False when `name` is no scalar function. */
bool pt_find_function(pt_fn *out, pt_sv name);
const pt_node *pt_check_function(pt_checker *c, const pt_syn *call, pt_fn fn);
/* A number literal within [low, high], whole when `whole`; false after a report. */
bool pt_check_constant(pt_checker *c, const pt_node *n, double low, double high, bool whole, const char *what);

/* --- merges.c ----------------------------------------------------------------------------------------------------- */

#define PT_MERGE_USAGE(name) name "(value, time, trust, value, time, trust, ...)"
/* The arguments of a merge_ function, made of the types it runs on; *type is the result's. False after a report. */
bool pt_check_merge(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t n, pt_type *type);

/* --- aggregates.c, sequences.c ------------------------------------------------------------------------------------ */

const pt_node *pt_check_aggregate(pt_checker *c, const pt_syn *call, pt_agg_fn fn);
/* What stands after `where`. */
const pt_node *pt_check_where(pt_checker *c, const pt_syn *s, const char *what);
const pt_node *pt_check_sequence(pt_checker *c, const pt_syn *call, pt_node_kind kind);
/* Whether a call over events may stand here and has arguments; false after a report. */
bool pt_check_call_place(pt_checker *c, const pt_syn *s, const char *usage);
/* The window of a call's since and between (and within, when `within` is set). False after a report. */
bool pt_check_window(pt_checker *c, const pt_clauses *clauses, bool within, pt_window *out);
/* A duration literal above zero; false after a report. */
bool pt_check_positive_duration(pt_checker *c, const pt_syn *s, const char *what, int64_t *out);

/* --- was.c -------------------------------------------------------------------------------------------------------- */

const pt_node *pt_check_was(pt_checker *c, const pt_syn *call);
/* Reports every was(...) that does not stand alone or under and, or, not; false when there was one. */
bool pt_check_was_places(pt_checker *c, const pt_node *n);

/* --- bases.c ------------------------------------------------------------------------------------------------------ */

/* False when `name` is no statistic of the base. */
bool pt_find_base(pt_base_fn *out, pt_sv name);
const pt_node *pt_check_base(pt_checker *c, const pt_syn *call, pt_base_fn fn);
/* base_score(tag, n), base_score_low(tag, n). */
const pt_node *pt_check_base_score(pt_checker *c, const pt_syn *call, pt_fn fn);

/* --- versions.c --------------------------------------------------------------------------------------------------- */

/* What `tag@vN` means where it stands; the present version is the tag itself and not for this. */
const pt_node *pt_check_version(pt_checker *c, const pt_syn *name, uint32_t tag, uint32_t version);
/* Reports the problems of a tag's previous definitions; false without memory. */
bool pt_check_previous(pt_checker *c, uint32_t tag);
/* Parses all previous definitions into `names`; false without memory. */
bool pt_parse_previous(pt_names *names, const pt_catalog *catalog, pt_diags *diags, pt_arena *arena);

/* --- freshness.c -------------------------------------------------------------------------------------------------- */

/* fresh(x, d), keep(x), keep(x, d). */
const pt_node *pt_check_freshness(pt_checker *c, const pt_syn *call, pt_fn fn);
/* The nodes they become. fresh: NULL when no event stands behind x (or without memory: reader.nomem). keep: length 0 for
 * no limit. */
const pt_node *pt_make_fresh(pt_checker *c, pt_span span, const pt_node *x, int64_t length);
const pt_node *pt_make_keep(pt_checker *c, pt_span span, const pt_node *x, int64_t length);

/* --- tags.c ------------------------------------------------------------------------------------------------------- */

/* Calls fn for each name of a parsed expression that means a tag, with the rules of pt_check_name. */
void pt_syn_each_tag(const pt_catalog *catalog, const pt_names *names, const pt_syn *s,
                     void (*fn)(void *ctx, uint32_t tag, const pt_syn *name), void *ctx);
/* The source an aggregate's first argument names first; -1 when it names none. */
int32_t pt_syn_source(const pt_catalog *catalog, const pt_syn *value);

#endif
