/* A checked tree, one node a line: "  binary and: bool, customer". Conversions show: this is what the evaluator
 * gets. */
#include <stdio.h>

#include "base/time.h"
#include "lang/lang.h"

typedef struct dumper {
    pt_str *out;
    const pt_catalog *catalog;
} dumper;

static void dump(const dumper *d, const pt_node *n, unsigned indent);

static void begin_line(const dumper *d, unsigned indent)
{
    pt_str_pad(d->out, ' ', (size_t)indent * 2);
}

static void add_column(const dumper *d, const pt_node *n)
{
    const pt_lang_source *source = &d->catalog->sources[n->level];

    pt_str_addf(d->out, " %s.%s", source->name, n->kind == PT_NODE_TIME ? "time" : source->columns[n->u.column].name);
}

/* What a node is beyond its kind: names, operators, values. */
static void add_details(const dumper *d, const pt_node *n)
{
    switch (n->kind) {
    case PT_NODE_LITERAL:
        pt_str_addc(d->out, ' ');
        pt_lang_print(d->out, n, d->catalog);
        break;
    case PT_NODE_COLUMN:
    case PT_NODE_TIME: add_column(d, n); break;
    case PT_NODE_TAG: pt_str_addf(d->out, " %s", d->catalog->tags[n->u.tag].name); break;
    case PT_NODE_UNARY:
    case PT_NODE_BINARY: pt_str_addf(d->out, " %s", pt_op_name(n->u.op)); break;
    case PT_NODE_CALL: pt_str_addf(d->out, " %s", pt_fn_name(n->u.fn)); break;
    case PT_NODE_AGGREGATE:
        pt_str_addf(d->out, " %s %s", pt_agg_name(n->u.agg->fn), d->catalog->sources[n->u.agg->source].name);
        break;
    default: break;
    }
}

static void add_type(const dumper *d, const pt_node *n)
{
    const char *level = n->level == PT_LEVEL_CONSTANT   ? "constant"
                        : n->level == PT_LEVEL_CUSTOMER ? "customer"
                                                        : d->catalog->sources[n->level].name;

    pt_str_addf(d->out, ": %s, %s%s\n", pt_type_name(n->type), n->level >= 0 ? "event of " : "", level);
}

static void dump_part(const dumper *d, const char *name, const pt_node *n, unsigned indent)
{
    if (!n)
        return;
    begin_line(d, indent);
    pt_str_addf(d->out, "%s:\n", name);
    dump(d, n, indent + 1);
}

static void dump_value(const dumper *d, const char *name, const char *value, unsigned indent)
{
    begin_line(d, indent);
    pt_str_addf(d->out, "%s: %s\n", name, value);
}

static void dump_micros(const dumper *d, const char *name, int64_t micros, unsigned indent)
{
    char buf[64];

    dump_value(d, name, pt_duration_format(buf, micros), indent);
}

static void dump_window(const dumper *d, const pt_window *w, unsigned indent)
{
    static const char *const names[] = {"all", "within", "since", "between", "within next"};

    dump_part(d, names[w->kind], w->from, indent);
    dump_part(d, "and", w->to, indent);
}

static void dump_aggregate(const dumper *d, const pt_agg *a, unsigned indent)
{
    char buf[32];

    if (a->fn == PT_AGG_TOP) {
        snprintf(buf, sizeof buf, "%u", a->k);
        dump_value(d, "items", buf, indent);
    }
    if (a->fn == PT_AGG_QUANTILE) {
        pt_format_double(buf, a->q);
        dump_value(d, "quantile", buf, indent);
    }
    dump_part(d, "value", a->value, indent);
    dump_part(d, "where", a->where, indent);
    dump_window(d, &a->window, indent);
    dump_part(d, "weight", a->weight, indent);
    if (a->half_life)
        dump_micros(d, "half_life", a->half_life, indent);
}

static void dump_sequence(const dumper *d, const pt_seq *s, unsigned indent)
{
    for (uint32_t i = 0; i < s->n_steps; i++) {
        dump_value(d, "step", d->catalog->sources[s->steps[i].source].name, indent);
        dump_part(d, "where", s->steps[i].where, indent + 1);
    }
    if (s->within != INT64_MAX)
        dump_micros(d, "within", s->within, indent);
    dump_window(d, &s->window, indent);
}

static void dump_was(const dumper *d, const pt_was *w, unsigned indent)
{
    if (w->at_least)
        dump_micros(d, "at least", w->at_least, indent);
    if (w->within != INT64_MAX)
        dump_micros(d, "within", w->within, indent);
}

static void dump_arguments(const dumper *d, const pt_node *n, unsigned indent)
{
    for (uint32_t i = 0; i < n->n_args; i++) {
        if (n->kind == PT_NODE_TIERS)
            dump_value(d, "tier", n->u.labels[i], indent);
        dump(d, n->args[i], indent + (n->kind == PT_NODE_TIERS));
    }
}

static void dump(const dumper *d, const pt_node *n, unsigned indent)
{
    begin_line(d, indent);
    pt_str_add(d->out, pt_node_kind_name(n->kind));
    add_details(d, n);
    add_type(d, n);
    dump_arguments(d, n, indent + 1);
    if (n->kind == PT_NODE_AGGREGATE)
        dump_aggregate(d, n->u.agg, indent + 1);
    if (n->kind == PT_NODE_SEQUENCE || n->kind == PT_NODE_FUNNEL)
        dump_sequence(d, n->u.seq, indent + 1);
    if (n->kind == PT_NODE_WAS)
        dump_was(d, n->u.was, indent + 1);
}

void pt_lang_dump(pt_str *out, const pt_node *node, const pt_catalog *catalog)
{
    dump(&(dumper){out, catalog}, node, 0);
}
