/* A checked tree as source text. The inverse of parser and checker: conversions print as nothing, since the checker
 * puts them back; parentheses only where the grammar needs them. */
#include "base/money.h"
#include "base/time.h"
#include "lang/lang.h"
#include "lang/syntax.h"

typedef struct printer {
    pt_str *out;
    const pt_catalog *catalog;
    bool qualify; /* columns as source.column: in the value of an aggregate, which names its source */
    bool clause;  /* a bare `between` here would begin a window */
} printer;

/* As in parser.c: how strongly each form binds. */
enum { BIND_OR = 1, BIND_AND, BIND_NOT, BIND_COMPARE, BIND_ADD, BIND_MUL, BIND_MINUS, BIND_ATOM };

static void print(const printer *p, const pt_node *n, int binding);

/* --- names and literals ------------------------------------------------------------------------------------------- */

/* Words that begin a clause could stand as names, but nobody could read it. */
static bool reads_as_clause(pt_sv name)
{
    static const char *const words[] = {"where", "within", "since", "weight", "half_life"};

    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (pt_sv_eq(name, pt_sv_of(words[i])))
            return true;
    return false;
}

static void print_name(const printer *p, const char *name)
{
    pt_sv text = pt_sv_of(name);
    bool plain = pt_word_is_plain(text) && !pt_word_is_reserved(text) && !reads_as_clause(text);

    pt_str_addf(p->out, plain ? "%s" : "`%s`", name);
}

static const pt_lang_source *source_at(const printer *p, uint32_t source)
{
    return &p->catalog->sources[source];
}

static void print_column(const printer *p, const pt_node *n)
{
    const pt_lang_source *source = source_at(p, (uint32_t)n->level);

    if (p->qualify) {
        print_name(p, source->name);
        pt_str_addc(p->out, '.');
    }
    if (n->kind == PT_NODE_TIME)
        pt_str_add(p->out, "time");
    else
        print_name(p, source->columns[n->u.column].name);
}

/* Whether a backslash before this would be read as an escape, and so must be doubled. A control character is printed as
 * an escape, so it begins one. */
static bool begins_escape(pt_sv text, size_t at)
{
    unsigned char c;

    if (at >= text.len)
        return true;
    c = (unsigned char)text.ptr[at];
    return c < 0x20 || c == 0x7F || strchr("\\'\"ntr", c) || (c == 'u' && at + 1 < text.len && text.ptr[at + 1] == '{');
}

static void print_text(const printer *p, pt_sv text)
{
    pt_str_addc(p->out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\n')
            pt_str_add(p->out, "\\n");
        else if (c == '\t')
            pt_str_add(p->out, "\\t");
        else if (c == '\r')
            pt_str_add(p->out, "\\r");
        else if ((unsigned char)c < 0x20 || c == 0x7F)
            pt_str_addf(p->out, "\\u{%X}", (unsigned)c);
        else if (c == '\'')
            pt_str_add(p->out, "\\'");
        else if (c == '\\' && begins_escape(text, i + 1))
            pt_str_add(p->out, "\\\\");
        else
            pt_str_addc(p->out, c);
    }
    pt_str_addc(p->out, '\'');
}

static void print_money(const printer *p, int64_t units)
{
    char buf[40];
    size_t n = pt_money_format(buf, units);

    while (memchr(buf, '.', n) && (buf[n - 1] == '0' || buf[n - 1] == '.')) {
        bool point = buf[n - 1] == '.';
        n--;
        if (point)
            break;
    }
    pt_str_addn(p->out, buf, n);
}

static void print_literal(const printer *p, const pt_node *n)
{
    const pt_literal *l = &n->u.literal;
    char buf[64];

    switch (n->type) {
    case PT_TYPE_BOOL: pt_str_add(p->out, l->u.boolean ? "true" : "false"); break;
    case PT_TYPE_NUMBER: pt_str_addn(p->out, buf, pt_format_double(buf, l->u.number)); break;
    case PT_TYPE_MONEY: print_money(p, l->u.i64); break;
    case PT_TYPE_DATE: pt_str_add(p->out, pt_date_format(buf, l->u.date)); break;
    case PT_TYPE_INSTANT: pt_str_add(p->out, pt_instant_format(buf, l->u.i64, pt_zone_utc())); break;
    case PT_TYPE_DURATION: pt_str_add(p->out, pt_duration_format(buf, l->u.i64)); break;
    default: print_text(p, l->u.text); break;
    }
}

/* --- aggregates and sequences ------------------------------------------------------------------------------------- */

static void print_clause(const printer *p, const char *word, const pt_node *n, bool between_is_window)
{
    printer inner = {p->out, p->catalog, false, between_is_window};

    if (!n)
        return;
    pt_str_addf(p->out, " %s ", word);
    print(&inner, n, BIND_OR);
}

static void print_between_window(const printer *p, const pt_window *w)
{
    printer inner = {p->out, p->catalog, false, true};

    if (w->kind != PT_WINDOW_BETWEEN)
        return;
    pt_str_add(p->out, " between ");
    print(&inner, w->from, BIND_ADD);
    pt_str_add(p->out, " and ");
    print(&inner, w->to, BIND_ADD);
}

/* `between` comes before `where`, whose condition would swallow it. */
static void print_window(const printer *p, const pt_window *w)
{
    if (w->kind == PT_WINDOW_WITHIN)
        print_clause(p, "within", w->from, true);
    else if (w->kind == PT_WINDOW_SINCE)
        print_clause(p, "since", w->from, true);
    else if (w->kind == PT_WINDOW_NEXT)
        print_clause(p, "within next", w->from, true);
}

static void print_duration(const printer *p, const char *word, int64_t duration)
{
    char buf[64];

    pt_str_addf(p->out, "%s %s", word, pt_duration_format(buf, duration));
}

static void print_aggregate(const printer *p, const pt_agg *a)
{
    printer value = {p->out, p->catalog, true, true};
    char buf[32];

    pt_str_addf(p->out, "%s(", pt_agg_name(a->fn));
    if (a->value)
        print(&value, a->value, BIND_OR);
    else
        print_name(p, source_at(p, a->source)->name);
    if (a->fn == PT_AGG_TOP)
        pt_str_addf(p->out, ", %u", a->k);
    if (a->fn == PT_AGG_QUANTILE) {
        pt_str_add(p->out, ", ");
        pt_str_addn(p->out, buf, pt_format_double(buf, a->q));
    }
    print_between_window(p, &a->window);
    print_clause(p, "where", a->where, false);
    print_window(p, &a->window);
    print_clause(p, "weight", a->weight, true);
    if (a->half_life)
        print_duration(p, " half_life", a->half_life);
    pt_str_addc(p->out, ')');
}

static void print_sequence(const printer *p, const pt_node *n)
{
    const pt_seq *s = n->u.seq;

    pt_str_add(p->out, n->kind == PT_NODE_SEQUENCE ? "sequence(" : "funnel(");
    for (uint32_t i = 0; i < s->n_steps; i++) {
        pt_str_add(p->out, i ? ", " : "");
        print_name(p, source_at(p, s->steps[i].source)->name);
        if (i + 1 == s->n_steps)
            print_between_window(p, &s->window);
        print_clause(p, "where", s->steps[i].where, false);
    }
    if (s->within != INT64_MAX)
        print_duration(p, " within", s->within);
    print_window(p, &s->window);
    pt_str_addc(p->out, ')');
}

static void print_was(const printer *p, const pt_node *n)
{
    printer inner = {p->out, p->catalog, false, false};

    pt_str_add(p->out, "was(");
    print(&inner, n->args[0], BIND_OR);
    if (n->u.was->at_least)
        print_duration(p, ", at least", n->u.was->at_least);
    if (n->u.was->within != INT64_MAX)
        print_duration(p, ", within", n->u.was->within);
    pt_str_addc(p->out, ')');
}

/* --- operators ---------------------------------------------------------------------------------------------------- */

static int binding_of_op(pt_op op)
{
    switch (op) {
    case PT_OP_OR: return BIND_OR;
    case PT_OP_AND: return BIND_AND;
    case PT_OP_NOT: return BIND_NOT;
    case PT_OP_ADD:
    case PT_OP_SUB: return BIND_ADD;
    case PT_OP_MUL:
    case PT_OP_DIV:
    case PT_OP_MOD: return BIND_MUL;
    case PT_OP_NEG: return BIND_MINUS;
    default: return BIND_COMPARE;
    }
}

static bool is_word_comparison(const pt_node *n)
{
    return n->kind == PT_NODE_IN || n->kind == PT_NODE_BETWEEN || n->kind == PT_NODE_IS_MISSING ||
           n->kind == PT_NODE_HAS || n->kind == PT_NODE_MATCHES;
}

static bool is_negated_comparison(const pt_node *n)
{
    return n->kind == PT_NODE_UNARY && n->u.op == PT_OP_NOT && is_word_comparison(n->args[0]);
}

static int binding_of(const pt_node *n, bool clause)
{
    if (n->kind == PT_NODE_BETWEEN && clause)
        return 0;
    if (is_word_comparison(n) || is_negated_comparison(n))
        return BIND_COMPARE;
    return n->kind == PT_NODE_UNARY || n->kind == PT_NODE_BINARY ? binding_of_op(n->u.op) : BIND_ATOM;
}

static void print_list(const printer *p, const pt_node *n, uint32_t from)
{
    printer inner = {p->out, p->catalog, p->qualify, false};

    for (uint32_t i = from; i < pt_node_written(n); i++) {
        pt_str_add(p->out, i > from ? ", " : "");
        print(&inner, n->args[i], BIND_OR);
    }
    pt_str_addc(p->out, ')');
}

static void print_word_comparison(const printer *p, const pt_node *n, bool negated)
{
    const char *no = negated ? "not " : "";

    print(p, n->args[0], BIND_ADD);
    switch (n->kind) {
    case PT_NODE_IN:
        pt_str_addf(p->out, " %sin (", no);
        print_list(p, n, 1);
        break;
    case PT_NODE_BETWEEN:
        pt_str_addf(p->out, " %sbetween ", no);
        print(p, n->args[1], BIND_ADD);
        pt_str_add(p->out, " and ");
        print(p, n->args[2], BIND_ADD);
        break;
    case PT_NODE_IS_MISSING: pt_str_addf(p->out, " is %smissing", no); break;
    default:
        pt_str_addf(p->out, " %s%s ", no, n->kind == PT_NODE_HAS ? "has" : "matches");
        print(p, n->args[1], BIND_ADD);
        break;
    }
}

/* What is printed for a node once conversions are left out. */
static const pt_node *without_casts(const pt_node *n)
{
    while (n->kind == PT_NODE_CAST)
        n = n->args[0];
    return n;
}

static void print_unary(const printer *p, const pt_node *n)
{
    if (is_negated_comparison(n)) {
        print_word_comparison(p, n->args[0], true);
    } else if (n->u.op == PT_OP_NOT) {
        pt_str_add(p->out, "not ");
        print(p, n->args[0], BIND_NOT);
    } else {
        /* -5 would be the literal. */
        pt_str_addc(p->out, '-');
        print(p, n->args[0], without_casts(n->args[0])->kind == PT_NODE_LITERAL ? BIND_ATOM + 1 : BIND_MINUS);
    }
}

static void print_binary(const printer *p, const pt_node *n)
{
    int binding = binding_of_op(n->u.op);

    print(p, n->args[0], binding == BIND_COMPARE ? BIND_ADD : binding);
    pt_str_addf(p->out, " %s ", pt_op_name(n->u.op));
    print(p, n->args[1], binding + 1);
}

static void print_tiers(const printer *p, const pt_node *n)
{
    printer inner = {p->out, p->catalog, p->qualify, false};

    pt_str_add(p->out, "tiers(");
    for (uint32_t i = 0; i < n->n_args; i++) {
        pt_str_add(p->out, i ? ", " : "");
        print(&inner, n->args[i], BIND_OR);
        pt_str_add(p->out, ", ");
        print_text(p, pt_sv_of(n->u.labels[i]));
    }
    pt_str_addc(p->out, ')');
}

static void print_base(const printer *p, const pt_base *b)
{
    char buf[32];

    pt_str_addf(p->out, "%s(", pt_base_name(b->fn));
    print_name(p, p->catalog->tags[b->tag].name);
    if (b->fn == PT_BASE_QUANTILE || b->fn == PT_BASE_TOP_SHARE) {
        pt_str_add(p->out, ", ");
        pt_str_addn(p->out, buf, pt_format_double(buf, b->q));
    }
    if (b->value) {
        pt_str_add(p->out, ", ");
        print_literal(p, b->value);
    }
    pt_str_addc(p->out, ')');
}

static void print_bare(const printer *p, const pt_node *n)
{
    switch (n->kind) {
    case PT_NODE_LITERAL: print_literal(p, n); break;
    case PT_NODE_MISSING: pt_str_add(p->out, "missing"); break;
    case PT_NODE_COLUMN:
    case PT_NODE_TIME: print_column(p, n); break;
    case PT_NODE_TAG: print_name(p, p->catalog->tags[n->u.tag].name); break;
    case PT_NODE_AS_OF: pt_str_add(p->out, "as_of"); break;
    case PT_NODE_UNARY: print_unary(p, n); break;
    case PT_NODE_BINARY: print_binary(p, n); break;
    case PT_NODE_CALL:
        pt_str_addf(p->out, "%s(", pt_fn_name(n->u.fn));
        print_list(p, n, 0);
        break;
    case PT_NODE_AGGREGATE: print_aggregate(p, n->u.agg); break;
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL: print_sequence(p, n); break;
    case PT_NODE_TIERS: print_tiers(p, n); break;
    case PT_NODE_BASE: print_base(p, n->u.base); break;
    case PT_NODE_WAS: print_was(p, n); break;
    default: print_word_comparison(p, n, false); break;
    }
}

/* `binding`: how strongly the place binds; a weaker node gets parentheses. */
static void print(const printer *p, const pt_node *n, int binding)
{
    printer inner = {p->out, p->catalog, p->qualify, false};

    n = without_casts(n);
    if (binding_of(n, p->clause) >= binding) {
        print_bare(p, n);
        return;
    }
    pt_str_addc(p->out, '(');
    print_bare(&inner, n);
    pt_str_addc(p->out, ')');
}

void pt_lang_print(pt_str *out, const pt_node *node, const pt_catalog *catalog)
{
    print(&(printer){.out = out, .catalog = catalog}, node, BIND_OR);
}
