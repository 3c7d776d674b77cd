/* Walks a tree leaf by leaf; what the way says of the columns of one feature is taken together. */
#include "model/tree_rules.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/forest.h"
#include "model/pipeline_int.h"

/* What a way allows of a column. */
typedef struct allowed {
    double low, high; /* low < value <= high */
    bool missing;     /* NaN, of columns that keep it */
    uint32_t column;
} allowed;

typedef struct way {
    uint32_t node, n;
    allowed columns[PT_FOREST_DEPTH];
} way;

typedef struct maker {
    const pt_pipeline *p;
    const pt_forest *f;
    pt_arena *arena;
    pt_tree_rule *rules;
    size_t n;
} maker;

/* --- conditions ------------------------------------------------------------------------------------------------------- */

static bool allows(const allowed *a, double value)
{
    return isnan(value) ? a->missing : value > a->low && value <= a->high;
}

/* A number for people: the shortest that is the same float. */
static double plain(double v)
{
    char text[32];
    double out = v;

    for (int digits = 1; digits <= 9 && isfinite(v); digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (pt_parse_double(&out, pt_sv_of(text)) && (float)out == (float)v)
            return out;
    }
    return v;
}

/* A list that is missing has no items. */
static void set_range(pt_tree_condition *out, const allowed *a)
{
    out->low = plain(a->low);
    out->high = plain(a->high);
    out->missing = out->kind == PT_TREE_LENGTH ? allows(a, 0) : a->missing;
    out->present = !(a->low == INFINITY);
}

/* The names whose numbers a column that stands for all of them allows: ranks, or rates. The shorter of the two lists is given. */
static bool set_names(pt_tree_condition *out, const maker *m, const pt_prepared_column *column, const allowed *a)
{
    const pt_prepared_feature *f = &m->p->prepare.features[column->feature];
    const char **names = PT_NEW_ARRAY(m->arena, const char *, (size_t)f->n_names + 1);
    bool ranked = column->kind == PT_COLUMN_RANK;
    size_t stride = ranked ? 1 : m->p->prepare.n_targets, slot = ranked ? 0 : column->slot;
    const double *numbers = ranked ? f->ranks : f->rates;
    double missing = column->keeps_missing ? (double)NAN : ranked ? column->fill : 0;

    if (!names || !numbers)
        return false;
    out->others = allows(a, (double)(float)numbers[f->n_names * stride + slot]);
    for (uint32_t i = 0; i < f->n_names; i++)
        if (allows(a, (double)(float)numbers[i * stride + slot]) != out->others)
            names[out->n_names++] = f->names[i];
    if (!ranked)
        missing = (double)(float)numbers[(f->n_names + 1) * stride + slot];
    out->names = names;
    out->missing = allows(a, missing);
    out->present = out->others || out->n_names;
    return true;
}

/* A column of 0 and 1 for one name. */
static bool set_name(pt_tree_condition *out, const maker *m, const pt_prepared_column *column, const allowed *a)
{
    const pt_prepared_feature *f = &m->p->prepare.features[column->feature];
    bool yes = allows(a, 1);

    out->names = f->names + (column->slot < f->n_names ? column->slot : 0);
    out->n_names = 1;
    out->others = !yes;
    out->missing = !yes;
    out->present = true;
    if (column->kind == PT_COLUMN_ITEM || column->slot < f->n_names)
        return true;
    if (column->slot == f->n_names) { /* another name than those known */
        out->n_names = f->n_names;
        out->others = yes;
        return true;
    }
    out->n_names = 0; /* missing or not */
    out->others = !yes;
    out->present = !yes;
    out->missing = yes;
    return true;
}

static bool fill_condition(pt_tree_condition *out, const maker *m, const allowed *a)
{
    const pt_prepared_column *column = &m->p->prepare.columns[a->column];

    *out = (pt_tree_condition){
        .feature = m->p->prepare.features[column->feature].name, .low = -INFINITY, .high = INFINITY};
    switch (column->kind) {
    case PT_COLUMN_NUMBER: out->kind = PT_TREE_RANGE; break;
    case PT_COLUMN_LENGTH: out->kind = PT_TREE_LENGTH; break;
    case PT_COLUMN_ITEM: out->kind = PT_TREE_ITEM; return set_name(out, m, column, a);
    case PT_COLUMN_NAME: out->kind = PT_TREE_NAMES; return set_name(out, m, column, a);
    case PT_COLUMN_RANK:
    case PT_COLUMN_TARGET: out->kind = PT_TREE_NAMES; return set_names(out, m, column, a);
    case PT_COLUMN_MISSING:
        out->kind = PT_TREE_RANGE;
        out->missing = allows(a, 1);
        out->present = !out->missing;
        return true;
    default: return false;
    }
    set_range(out, a);
    return true;
}

static bool make_condition(pt_tree_condition *out, const maker *m, const allowed *a)
{
    bool able = fill_condition(out, m, a);

    out->never_missing = m->p->prepare.features[m->p->prepare.columns[a->column].feature].used.missing == 0;
    return able;
}

/* --- ways --------------------------------------------------------------------------------------------------------------- */

/* What is left of a column after one more split. */
static void narrow(way *w, const pt_node *node, bool left)
{
    uint32_t column = pt_node_column(node), i = 0;
    bool missing = left == ((node->column & PT_NODE_MISSING_LEFT) != 0);
    /* Values below the split go left: at most the number before it do. */
    double bound = isinf(node->split) ? INFINITY : (double)nextafterf(node->split, -INFINITY);

    while (i < w->n && w->columns[i].column != column)
        i++;
    if (i == w->n)
        w->columns[w->n++] = (allowed){-INFINITY, INFINITY, true, column};
    allowed *a = &w->columns[i];
    if (left)
        a->high = bound < a->high ? bound : a->high;
    else
        a->low = bound > a->low ? bound : a->low;
    a->missing = a->missing && missing;
}

static pt_rc add_rule(maker *m, const way *w, pt_err *err)
{
    const pt_forest *f = m->f;
    pt_tree_rule *rule = &m->rules[m->n++];
    pt_tree_condition *conditions = PT_NEW_ARRAY(m->arena, pt_tree_condition, (size_t)w->n + 1);
    float *values = PT_NEW_ARRAY(m->arena, float, f->outputs);

    if (!conditions || !values)
        return pt_fail_nomem(err, "the rules of a tree");
    for (uint32_t i = 0; i < w->n; i++)
        if (!make_condition(&conditions[i], m, &w->columns[i]))
            return pt_fail(err, PT_EINVAL, "the tree is over a feature that no rule can be written of");
    if (f->width > 1) {
        memcpy(values, f->leaves + (size_t)f->leaf[w->node] * f->width, f->width * sizeof *values);
    } else {
        values[f->outputs - 1] = f->nodes[w->node].value;
        if (f->outputs == 2)
            values[0] = 1 - values[1];
    }
    *rule = (pt_tree_rule){conditions, w->n, (double)f->cover[w->node], (double)f->cover[w->node] / (double)f->cover[0],
                           values};
    return PT_OK;
}

static pt_rc walk(maker *m, way *stack, pt_err *err)
{
    size_t n = 1;

    while (n) {
        way *right = &stack[n - 1], *left = &stack[n];
        const pt_node *node = &m->f->nodes[right->node];
        if (pt_node_is_leaf(m->f->nodes, right->node)) {
            PT_TRY(add_rule(m, right, err));
            n--;
            continue;
        }
        *left = *right;
        left->node = node->left;
        right->node = node->left + 1;
        narrow(left, node, true);
        narrow(right, node, false);
        n++;
    }
    return PT_OK;
}

/* --- order -------------------------------------------------------------------------------------------------------------- */

static int from_highest(const void *a, const void *b, void *context)
{
    const pt_tree_rule *x = a, *y = b;
    size_t outputs = *(const size_t *)context, k = outputs > 2 ? pt_likeliest(x->values, outputs) : outputs - 1;

    if (outputs > 2 && k != pt_likeliest(y->values, outputs))
        return k < pt_likeliest(y->values, outputs) ? -1 : 1;
    if (x->values[k] != y->values[k])
        return x->values[k] > y->values[k] ? -1 : 1;
    return x->weight == y->weight ? 0 : x->weight > y->weight ? -1 : 1;
}

pt_rc pt_tree_rules(pt_tree_rule_set *out, const pt_pipeline *p, pt_arena *arena, pt_err *err)
{
    const pt_forest *f = p->model;

    if (!pt_sv_eq(pt_sv_of(p->learner->name), PT_SV("tree"))) {
        pt_fail(err, PT_EINVAL, "only a decision tree has rules; this model is %s", p->learner->name);
        return pt_err_hint(err, "train one with `algorithm: tree`");
    }
    maker m = {
        .p = p, .f = f, .arena = arena, .rules = PT_NEW_ARRAY(arena, pt_tree_rule, ((size_t)f->n_nodes + 1) / 2)};
    way *stack = pt_zalloc(PT_FOREST_DEPTH + 2, sizeof *stack);
    pt_rc rc = m.rules && stack ? walk(&m, stack, err) : pt_fail_nomem(err, "the rules of a tree");
    free(stack);
    size_t outputs = f->outputs;
    if (rc == PT_OK)
        qsort_r(m.rules, m.n, sizeof *m.rules, from_highest, &outputs);
    *out = (pt_tree_rule_set){m.rules, m.n, outputs, outputs > 1 ? (const char *const *)p->classes : NULL};
    return rc;
}
