/* Which runner computes a node. A new kind of node (a model's score, say) is one more line here. */
#include <math.h>

#include "eval/keep.h"
#include "eval/plan.h"
#include "eval/scalar.h"
#include "lang/pattern.h"

bool pt_fn_reads_as_of(pt_fn fn)
{
    return fn == PT_FN_TODAY || fn == PT_FN_DAYS_SINCE || fn == PT_FN_MONTHS_SINCE || fn == PT_FN_YEARS_SINCE;
}

static op_run binary_runner(const pt_node *n)
{
    switch (n->u.op) {
    case PT_OP_AND: return run_and;
    case PT_OP_OR: return run_or;
    case PT_OP_EQ:
    case PT_OP_NE:
    case PT_OP_LT:
    case PT_OP_LE:
    case PT_OP_GT:
    case PT_OP_GE: return run_compare;
    default: return arithmetic_runner(n->u.op, n->args[0]->type, n->args[1]->type);
    }
}

static op_run call_runner(const pt_node *n)
{
    pt_type first = n->n_args ? n->args[0]->type : PT_TYPE_NONE;

    switch (n->u.fn) {
    case PT_FN_IF: return run_if;
    case PT_FN_COALESCE: return run_coalesce;
    case PT_FN_LEAST:
    case PT_FN_GREATEST: return run_extreme;
    case PT_FN_BAND: return run_band;
    case PT_FN_BUCKET: return run_bucket;
    case PT_FN_SCORE: return run_score;
    case PT_FN_BASE_SCORE:
    case PT_FN_BASE_SCORE_LOW: return run_base_score;
    case PT_FN_RANDOM_BUCKET: return run_random_bucket;
    case PT_FN_FRESH: return run_fresh;
    case PT_FN_KEEP: return run_keep;
    case PT_FN_TODAY: return run_today;
    case PT_FN_DATE: return cast_runner(first, PT_TYPE_DATE);
    case PT_FN_TEXT: return cast_runner(first, PT_TYPE_TEXT);
    case PT_FN_NUMBER: return cast_runner(first, PT_TYPE_NUMBER);
    case PT_FN_MONEY: return cast_runner(first, PT_TYPE_MONEY);
    default: break;
    }
    op_run (*const tables[])(pt_fn) = {time_runner,    text_runner,   list_runner,
                                       weights_runner, region_runner, merge_runner};
    for (size_t i = 0; i < PT_COUNT(tables); i++)
        if (tables[i](n->u.fn))
            return tables[i](n->u.fn);
    return math_runner(n->u.fn, first);
}

static op_run runner_of(const pt_node *n)
{
    switch (n->kind) {
    case PT_NODE_LITERAL: return run_literal;
    case PT_NODE_MISSING: return run_missing;
    case PT_NODE_AS_OF: return run_as_of;
    case PT_NODE_UNARY: return n->u.op == PT_OP_NOT ? run_not : negate_runner(n->type);
    case PT_NODE_BINARY: return binary_runner(n);
    case PT_NODE_IN: return run_in;
    case PT_NODE_BETWEEN: return run_between;
    case PT_NODE_IS_MISSING: return run_is_missing;
    case PT_NODE_HAS: return run_has;
    case PT_NODE_MATCHES: return run_matches;
    case PT_NODE_CAST: return cast_runner(n->args[0]->type, n->type);
    case PT_NODE_CALL: return call_runner(n);
    case PT_NODE_TIERS: return run_tiers;
    case PT_NODE_BASE: return run_base;
    default: return NULL;
    }
}

/* --- what runners need beside their arguments ---------------------------------------------------------------------------------- */

static void free_pattern(void *code)
{
    pcre2_code_free(code);
}

static pt_rc bind_pattern(plan_op *op, pt_program *p, pt_err *err)
{
    char msg[160] = "";
    size_t offset = 0;
    pcre2_code *code = pt_pattern_compile(op->node->args[1]->u.literal.u.text, msg, sizeof msg, &offset);

    if (!code)
        return pt_fail(err, PT_EINTERNAL, "a pattern that was checked does not compile: %s", msg);
    if (!pt_arena_defer(p->arena, free_pattern, code)) {
        pcre2_code_free(code);
        return pt_fail_nomem(err, "a pattern");
    }
    op->data = code;
    return PT_OK;
}

/* A bound as a literal is written: "10", "99.5", "30d". */
static void write_bound(char buf[64], const pt_node *bound)
{
    size_t n;

    switch (bound->type) {
    case PT_TYPE_NUMBER:
        n = pt_format_double(buf, bound->u.literal.u.number);
        buf[n] = '\0';
        break;
    case PT_TYPE_MONEY:
        n = pt_money_format(buf, bound->u.literal.u.i64);
        while (buf[n - 1] == '0')
            n--;
        buf[buf[n - 1] == '.' ? n - 1 : n] = '\0';
        break;
    default: pt_duration_format(buf, bound->u.literal.u.i64); break;
    }
}

/* "<10", "10-20", ">=20" */
static pt_rc bind_band(plan_op *op, pt_program *p, pt_err *err)
{
    uint32_t n = op->n_args;
    const char **labels = PT_NEW_ARRAY(p->arena, const char *, n);

    for (uint32_t k = 0; labels && k < n; k++) {
        char low[64] = "", high[64] = "";
        if (k > 0)
            write_bound(low, op->node->args[k]);
        if (k + 1 < n)
            write_bound(high, op->node->args[k + 1]);
        labels[k] = pt_arena_printf(p->arena, "%s%s%s",
                                    k == 0       ? "<"
                                    : k + 1 == n ? ">="
                                                 : low,
                                    k && k + 1 < n ? "-" : "", k + 1 == n ? low : high);
        if (!labels[k])
            labels = NULL;
    }
    op->data = labels;
    return labels ? PT_OK : pt_fail_nomem(err, "the labels of a band");
}

pt_rc pt_op_bind(plan_op *op, pt_program *p, pt_err *err)
{
    const pt_node *n = op->node;

    op->run = runner_of(n);
    if (!op->run)
        return pt_fail(err, PT_EINTERNAL, "no way to compute a '%s' of %s", pt_node_kind_name(n->kind),
                       pt_type_name(n->type));
    if (n->kind == PT_NODE_MATCHES)
        return bind_pattern(op, p, err);
    if (n->kind == PT_NODE_CALL && n->u.fn == PT_FN_BAND)
        return bind_band(op, p, err);
    if (n->kind == PT_NODE_CALL && n->u.fn == PT_FN_KEEP)
        return bind_keep(op, p, err);
    if (n->kind == PT_NODE_TIERS)
        op->data = n->u.labels;
    return PT_OK;
}
