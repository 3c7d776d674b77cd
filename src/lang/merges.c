/* merge_newest and its like: candidates of three arguments each. docs/merge.md says what they mean. */
#include "lang/check.h"

static bool bad_part(pt_checker *c, pt_fn fn, const pt_node *n, const char *words)
{
    pt_diag *d = pt_reader_problem(&c->reader, 312, pt_node_span(n), "%s takes %s here, this is %s", pt_fn_name(fn),
                                   words, pt_type_name(n->type));

    pt_diag_hint(c->reader.diags, d, "write %s(value, time, trust, value, time, trust, ...)", pt_fn_name(fn));
    return false;
}

/* Texts and lists of texts, side by side. */
static bool check_union(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 3) {
        if (args[i]->type == PT_TYPE_NONE || args[i]->type == PT_TYPE_WEIGHTED)
            args[i] = pt_convert(c, args[i], args[i]->type == PT_TYPE_NONE ? PT_TYPE_TEXT : PT_TYPE_LIST);
        if (!args[i])
            return false;
        if (!pt_set_has(PT_SET_TEXT | PT_IS(LIST), args[i]->type))
            return bad_part(c, fn, args[i], "text or a list");
    }
    return true;
}

static bool check_values(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t n, pt_type *type)
{
    const pt_node *values[PT_MERGE_MOST];
    uint32_t n_values = n / 3;
    bool one = fn == PT_FN_MERGE_FREQUENT;

    for (uint32_t i = 0; i < n_values; i++)
        values[i] = args[3 * i];
    *type = pt_unify_all(c, values, n_values, "the values");
    if (*type == PT_TYPE_NONE)
        return false;
    if (!pt_set_has(one ? PT_SET_SCALAR : PT_SET_ANY, *type))
        return bad_part(c, fn, args[0], one ? "a single value" : "a single value or a list");
    for (uint32_t i = 0; i < n_values; i++)
        args[3 * i] = values[i];
    return true;
}

bool pt_check_merge(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t n, pt_type *type)
{
    if (n % 3) {
        pt_diag *d = pt_reader_problem(&c->reader, 313, pt_node_span(args[n - 1]),
                                       "the arguments of %s come in threes, one for each source: this has %u",
                                       pt_fn_name(fn), n);
        pt_diag_hint(c->reader.diags, d, "write %s(value, time, trust, value, time, trust, ...)", pt_fn_name(fn));
        return false;
    }
    for (uint32_t i = 0; i < n; i += 3) {
        const pt_node **time = &args[i + 1], **trust = &args[i + 2];
        if ((*time)->type != PT_TYPE_INSTANT && (*time)->type != PT_TYPE_NONE)
            return bad_part(c, fn, *time, "an instant");
        if ((*trust)->type != PT_TYPE_NUMBER)
            return bad_part(c, fn, *trust, "a number");
        if (!(*time = pt_convert(c, *time, PT_TYPE_INSTANT)))
            return false;
    }
    return fn == PT_FN_MERGE_ALL ? check_union(c, fn, args, n) : check_values(c, fn, args, n, type);
}
