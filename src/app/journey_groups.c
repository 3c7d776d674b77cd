/* The values of a tag as groups of customers. */
#include <math.h>
#include <stdlib.h>

#include "app/journey_walk.h"
#include "base/compare.h"

static double number_at(const pt_column *c, uint64_t row)
{
    switch (c->type) {
    case PT_TYPE_NUMBER: return ((const double *)c->data)[row];
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[row];
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[row];
    default: return (double)((const int64_t *)c->data)[row];
    }
}

static pt_rc too_many(const char *tag, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "tag '%s' has too many values to split by", tag);
    return pt_err_hint(err, "a tag that puts them into bands, such as band(x, 100, 1000)");
}

/* All different numbers of the column; at most some thousands, so that putting one in between is cheap. */
static pt_rc collect_numbers(pt_walk_groups *g, const pt_walk *w, const char *tag, pt_err *err)
{
    for (uint64_t row = 0; row < w->view->n_ordinals; row++) {
        if (pt_column_missing(g->column, row) || !(w->members[row / 64] >> (row % 64) & 1))
            continue;
        double v = number_at(g->column, row);
        size_t at = pt_count_below(g->numbers, g->n, v);
        if (at < g->n && g->numbers[at] == v)
            continue;
        if (g->n == PT_WALK_MOST_GROUPS)
            return too_many(tag, err);
        memmove(g->numbers + at + 1, g->numbers + at, (g->n - at) * sizeof *g->numbers);
        g->numbers[at] = v;
        g->n++;
    }
    return PT_OK;
}

static pt_rc name_groups(pt_walk_groups *g, const pt_walk *w, pt_err *err)
{
    if (!(g->values = PT_NEW_ARRAY(w->arena, pt_journey_value, (size_t)g->n + 1)))
        return pt_fail_nomem(err, "the groups");
    for (uint32_t i = 0; i < g->n; i++) {
        if (g->column->type == PT_TYPE_BOOL)
            g->values[i].text = g->numbers[i] != 0 ? pt_sv_of("true") : pt_sv_of("false");
        else if (g->numbers)
            g->values[i].number = g->numbers[i];
        else
            g->values[i].text = pt_dict_text(g->column->dict, i + 1);
    }
    g->values[g->n++] = (pt_journey_value){.missing = true};
    return PT_OK;
}

pt_rc pt_walk_groups_open(pt_walk_groups *out, pt_walk *w, pt_sv tag, pt_err *err)
{
    pt_catalog catalog = *w->query.module->catalog;
    uint32_t number = 0;

    while (number < catalog.n_tags && !pt_sv_eq(pt_sv_of(catalog.tags[number].name), tag))
        number++;
    if (number >= w->project->n_tags)
        return pt_fail(err, PT_ENOTFOUND, "there is no tag '%.*s'", (int)tag.len, tag.ptr);
    *out = (pt_walk_groups){.tag = number};
    PT_TRY(w->query.env.column(&out->column, &w->query, number, err));
    if (pt_type_is_list(out->column->type))
        return pt_fail(err, PT_EINVAL, "tag '%.*s' is a list: a customer would be in several groups", (int)tag.len,
                       tag.ptr);
    if (out->column->dict) {
        if ((out->n = out->column->dict->n) > PT_WALK_MOST_GROUPS)
            return too_many(catalog.tags[number].name, err);
        return name_groups(out, w, err);
    }
    if (!(out->numbers = PT_NEW_ARRAY(w->arena, double, PT_WALK_MOST_GROUPS)))
        return pt_fail_nomem(err, "the groups");
    PT_TRY(collect_numbers(out, w, catalog.tags[number].name, err));
    return name_groups(out, w, err);
}

uint32_t pt_walk_group_of(const pt_walk_groups *g, uint32_t ordinal)
{
    if (pt_column_missing(g->column, ordinal))
        return g->n - 1;
    if (g->numbers)
        return (uint32_t)pt_count_below(g->numbers, g->n - 1, number_at(g->column, ordinal));
    return pt_column_code(g->column, ordinal) - 1;
}
