#include "app/linking_rules.h"

#include "link/apply.h"

/* --- columns ----------------------------------------------------------------------------------------------------------------- */

bool linking_said(int *kind, const char **as, const pt_link_config *c, const pt_source *s, uint32_t source,
                  const char *column, bool guessed)
{
    const pt_link_column_choice *choice = c->on ? pt_link_choice(c, source, column) : NULL;

    *as = choice ? choice->as : NULL;
    if (choice && choice->kind != PT_LINK_NO_KIND) {
        *kind = choice->kind;
        return true;
    }
    if (guessed || !c->on || !pt_link_is_named(c, s->name, column, *as))
        return false;
    *kind = PT_LINK_WORDS;
    return true;
}

static const char *column_name(const pt_linking *l, const pt_linking_column *c)
{
    return c->column >= 0 ? l->project->sources[c->source].columns[c->column].name
                          : l->project->identity.types[c->type].name;
}

static bool has_column(const pt_linking *l, const pt_linking_field *f, pt_sv source, pt_sv column)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if ((!source.len || pt_sv_eq(source, pt_sv_of(l->project->sources[f->columns[i].source].name))) &&
            pt_sv_eq(column, pt_sv_of(column_name(l, &f->columns[i]))))
            return true;
    return false;
}

static bool is_of_kind(const pt_linking_field *f, pt_sv kind)
{
    pt_link_kind k = pt_link_kind_find(kind);

    return f->kind == k || (k == PT_LINK_LOCATION && f->kind == PT_LINK_LATITUDE);
}

int linking_field_named(const pt_linking *l, pt_sv source, pt_sv column)
{
    for (size_t f = 0; !source.len && f < l->n_fields; f++)
        if (pt_sv_eq(column, pt_sv_of(l->fields[f].name)))
            return (int)f;
    for (size_t f = 0; f < l->n_fields; f++)
        if (has_column(l, &l->fields[f], source, column))
            return (int)f;
    for (size_t f = 0; !source.len && f < l->n_fields; f++)
        if (is_of_kind(&l->fields[f], column))
            return (int)f;
    return -1;
}

/* --- rules ------------------------------------------------------------------------------------------------------------------- */

static int find_field(void *ctx, pt_sv source, pt_sv column)
{
    return linking_field_named(ctx, source, column);
}

static pt_rc apply_keys(pt_linking *l, const pt_link_key_rule *rules, size_t n, pt_link_rule *to, size_t *n_to,
                        pt_err *err)
{
    pt_link_naming naming = {l, find_field};

    for (size_t i = 0; i < n; i++)
        PT_TRY(pt_link_apply_keys(&l->setup, to, n_to, rules[i].text, rules[i].expr, &naming, err));
    return PT_OK;
}

/* Pairs of sure rules are what m is learned from, beside those of the columns that identify; where there are neither, from the
 * project's own blocking rules. */
static pt_rc apply_rules(pt_linking *l, const pt_link_config *c, pt_err *err)
{
    pt_link_setup *s = &l->setup;

    if (c->blocking_only)
        s->n_rules = 0;
    if (c->sure_only)
        s->n_sure = 0;
    PT_TRY(apply_keys(l, c->blocking, c->n_blocking, s->rules, &s->n_rules, err));
    PT_TRY(apply_keys(l, c->sure, c->n_sure, s->sure, &s->n_sure, err));
    for (size_t i = s->n_sure - c->n_sure; i < s->n_sure && s->n_training < PT_LINK_RULES_MAX; i++)
        s->training[s->n_training++] = s->sure[i];
    for (size_t i = 0; !s->n_training && i < s->n_rules; i++)
        s->training[i] = s->rules[i];
    if (!s->n_training)
        s->n_training = s->n_rules;
    return PT_OK;
}

/* --- comparisons ------------------------------------------------------------------------------------------------------------- */

/* Numbers of groups: those that kinds have, then names as they come. */
static int group_number(const char *seen[PT_LINK_GROUPS], const char *name)
{
    int g = 1;

    if (!name)
        return -1;
    if (!name[0])
        return 0;
    while (g < PT_LINK_GROUPS - 1 && seen[g] && strcmp(seen[g], name) != 0)
        g++;
    seen[g] = name;
    return g;
}

static pt_rc apply_comparisons(pt_linking *l, const pt_link_config *c, pt_err *err)
{
    const char *groups[PT_LINK_GROUPS] = {"", "household", "name"}; /* as kinds.c numbers them */
    pt_link_naming naming = {l, find_field};

    for (size_t i = 0; i < c->n_comparisons; i++) {
        const pt_link_comparison_rule *x = &c->comparisons[i];
        int field = linking_field_named(l, (pt_sv){0}, pt_sv_of(x->column)), group = group_number(groups, x->group);
        pt_link_wish wish = {x->levels, x->n_levels, x->by_frequency, group};
        if (field >= 0 && !x->ignored)
            PT_TRY(pt_link_apply_wish(&l->setup, (uint32_t)field, &wish, &naming, err));
    }
    for (size_t i = 0; i < c->n_comparisons; i++) {
        int field = linking_field_named(l, (pt_sv){0}, pt_sv_of(c->comparisons[i].column));
        if (field >= 0 && c->comparisons[i].ignored)
            PT_TRY(pt_link_leave_out(&l->setup, (uint32_t)field, err));
    }
    return PT_OK;
}

pt_rc linking_apply_rules(pt_linking *l, pt_err *err)
{
    const pt_link_config *c = l->project->link;

    if (!c->on)
        return PT_OK;
    PT_TRY(apply_rules(l, c, err));
    return apply_comparisons(l, c, err);
}
