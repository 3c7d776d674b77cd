/* What is compared: the sources, and fields made of their columns. */
#include "app/linking_rules.h"

/* Comparisons that setting up may add: gender, region, name in mail address. */
enum { MOST_FIELDS = PT_LINK_COMPARISONS_MAX - 3, LEAST_COLUMNS = 2 };

/* A column that may become a part of a field. */
typedef struct candidate {
    pt_linking_column column;
    linking_guess guess;
    const char *name;
    bool said;
} candidate;

typedef struct candidates {
    candidate *items;
    size_t n;
} candidates;

/* --- columns ----------------------------------------------------------------------------------------------------------------- */

static bool is_column(const pt_source *s, const char *identifier)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        if (strcmp(identifier, c->name) == 0 || (c->from && strcmp(identifier, c->from) == 0))
            return true;
    }
    return false;
}

/* What the column is compared as: as the project says, or as its name tells. */
static bool is_candidate(candidate *c, const pt_project *p, bool guessed)
{
    int kind;
    const char *as;

    c->said = linking_said(&kind, &as, p->link, &p->sources[c->column.source], c->column.source, c->name, guessed);
    c->name = as ? as : c->name;
    if (c->said && kind != PT_LINK_IGNORED)
        c->guess = (linking_guess){(pt_link_kind)kind, 0};
    return c->said ? kind != PT_LINK_IGNORED : guessed;
}

/* Columns of a source of which it is known what they hold, identifiers that are no columns among them. */
static void look_at_source(candidates *out, const pt_project *p, uint32_t source)
{
    const pt_source *s = &p->sources[source];

    for (size_t i = 0; i < s->n_columns; i++) {
        candidate c = {.column = {source, (int32_t)i, 0}, .name = s->columns[i].name};
        if (is_candidate(&c, p, linking_guess_column(&c.guess, &s->columns[i])))
            out->items[out->n++] = c;
    }
    for (size_t i = 0; i < s->n_identifiers; i++) {
        int type = resolve_type_of(p, pt_sv_of(s->identifiers[i].type));
        PT_ASSERT(type >= 0); /* the loader lists every type that a source uses */
        candidate c = {.column = {source, -1, (uint32_t)type}, .name = s->identifiers[i].type};
        if (!is_column(s, s->identifiers[i].column) &&
            is_candidate(&c, p, linking_guess_type(&c.guess, &p->identity.types[type])))
            out->items[out->n++] = c;
    }
}

static bool is_compared(const pt_project *p, uint32_t source)
{
    const pt_source *s = &p->sources[source];

    for (size_t i = 0; i < p->link->n_sources; i++)
        if (p->link->sources[i] == source)
            return true;
    return !p->link->n_sources && s->kind == PT_SOURCE_RECORD && s->n_identifiers > 0;
}

/* Columns of all sources that have enough of them. */
static pt_rc look_at_sources(candidates *out, pt_linking *l, pt_err *err)
{
    const pt_project *p = l->project;
    uint32_t *sources = PT_NEW_ARRAY(l->arena, uint32_t, p->n_sources);
    size_t most = 0;

    for (size_t s = 0; s < p->n_sources; s++)
        most += p->sources[s].n_columns + p->sources[s].n_identifiers;
    out->items = PT_NEW_ARRAY(l->arena, candidate, most);
    if (!sources || !out->items)
        return pt_fail_nomem(err, "columns to compare");
    for (uint32_t s = 0; s < p->n_sources; s++) {
        size_t before = out->n;
        if (!is_compared(p, s) || l->n_sources == UINT8_MAX)
            continue;
        look_at_source(out, p, s);
        if (out->n - before < LEAST_COLUMNS)
            out->n = before;
        else
            sources[l->n_sources++] = s;
    }
    l->sources = sources;
    return PT_OK;
}

/* --- fields ------------------------------------------------------------------------------------------------------------------ */

typedef struct draft {
    pt_linking_field field;
    pt_linking_column *columns; /* room for one a source */
    linking_guess guess;
} draft;

static bool has_source(const draft *d, uint32_t source)
{
    for (size_t i = 0; i < d->field.n_columns; i++)
        if (d->columns[i].source == source)
            return true;
    return false;
}

static bool same_guess(linking_guess a, linking_guess b)
{
    return a.kind == b.kind && a.sort == b.sort;
}

/* A person has one of it as a rule, whatever sources call it. A member number and an id card are two things. */
static bool pairs_by_kind(const linking_guess *g)
{
    switch (g->kind) {
    case PT_LINK_NUMBERED:
    case PT_LINK_CATEGORY:
    case PT_LINK_WORDS:
    case PT_LINK_NUMBER:
    case PT_LINK_LIST: return g->sort != 0; /* told by its name: state, company */
    default: return true;
    }
}

/* A field of the same kind that has no column of this source yet; by name first, then whichever. */
static draft *find_draft(draft *drafts, size_t n, const candidate *c, bool by_name)
{
    for (size_t i = 0; i < n; i++)
        if (same_guess(drafts[i].guess, c->guess) && !has_source(&drafts[i], c->column.source) &&
            (by_name ? strcmp(drafts[i].field.name, c->name) == 0 : pairs_by_kind(&c->guess)))
            return &drafts[i];
    return NULL;
}

/* Whether a later column of the source has the field's name: it is then that one's. */
static bool is_awaited(const draft *d, const candidates *all, size_t from, uint32_t source)
{
    for (size_t i = from + 1; i < all->n && all->items[i].column.source == source; i++)
        if (same_guess(d->guess, all->items[i].guess) && strcmp(d->field.name, all->items[i].name) == 0)
            return true;
    return false;
}

static pt_rc add_to_draft(draft *d, const pt_linking *l, const candidate *c, pt_err *err)
{
    if (!d->columns && !(d->columns = PT_NEW_ARRAY(l->arena, pt_linking_column, l->n_sources)))
        return pt_fail_nomem(err, "columns to compare");
    d->columns[d->field.n_columns++] = c->column;
    d->field.columns = d->columns;
    d->field.said |= c->said;
    return PT_OK;
}

static pt_rc leave_out(pt_linking *l, pt_linking_column column, int reason)
{
    l->left_out[l->n_left_out].column = column;
    l->left_out[l->n_left_out++].reason = reason;
    return PT_OK;
}

static pt_rc make_fields(pt_linking *l, const candidates *all, pt_err *err)
{
    draft *drafts = PT_NEW_ARRAY(l->arena, draft, all->n);
    size_t n = 0;

    l->fields = PT_NEW_ARRAY(l->arena, pt_linking_field, MOST_FIELDS);
    l->left_out = PT_NEW_ARRAY(l->arena, pt_linking_left_out, all->n);
    if (!drafts || !l->fields || !l->left_out)
        return pt_fail_nomem(err, "columns to compare");
    for (size_t i = 0; i < all->n; i++) {
        const candidate *c = &all->items[i];
        draft *d = find_draft(drafts, n, c, true);
        if (!d && (d = find_draft(drafts, n, c, false)) && is_awaited(d, all, i, c->column.source))
            d = NULL;
        if (!d) {
            d = &drafts[n++];
            *d = (draft){.field = {.name = c->name, .kind = c->guess.kind}, .guess = c->guess};
        }
        PT_TRY(add_to_draft(d, l, c, err));
    }
    for (size_t i = 0; i < n; i++) {
        if (l->n_fields < MOST_FIELDS)
            l->fields[l->n_fields++] = drafts[i].field;
        else
            for (size_t k = 0; k < drafts[i].field.n_columns; k++)
                leave_out(l, drafts[i].columns[k], PT_LINKING_TOO_MANY);
    }
    return PT_OK;
}

pt_rc linking_choose(pt_linking *l, pt_err *err)
{
    candidates all = {0};

    PT_TRY(look_at_sources(&all, l, err));
    if (l->n_sources)
        return make_fields(l, &all, err);
    pt_fail(err, PT_EINVAL, "no source has records that could be compared");
    return pt_err_hint(err,
                       "linking compares sources of kind record with an identifier and two columns such as a name, a "
                       "birth date, a phone or an address");
}

/* --- fields that tell nothing ------------------------------------------------------------------------------------------------ */

/* Whether the field is the strongest identifier of a source: records are told apart by it, so that no two persons to be found have
 * the same. */
static bool names_records(const pt_linking *l, const pt_linking_field *f)
{
    for (size_t i = 0; i < f->n_columns; i++) {
        const pt_source *s = &l->project->sources[f->columns[i].source];
        resolve_types types;
        resolve_source_types(&types, l->project, f->columns[i].source);
        for (size_t k = 0; k < s->n_identifiers; k++) {
            const pt_source_identifier *id = &s->identifiers[k];
            const pt_source_column *c = f->columns[i].column >= 0 ? &s->columns[f->columns[i].column] : NULL;
            if (strcmp(id->type, types.names[0]) == 0 &&
                (c ? strcmp(id->column, c->name) == 0 || (c->from && strcmp(id->column, c->from) == 0)
                   : resolve_type_of(l->project, pt_sv_of(id->type)) == (int)f->columns[i].type))
                return true;
        }
    }
    return false;
}

pt_rc linking_drop_idle(pt_linking *l, pt_err *err)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n_fields; i++) {
        const pt_linking_field *f = &l->fields[i];
        int reason = f->distinct == 0                                                 ? PT_LINKING_EMPTY
                     : f->distinct == 1                                               ? PT_LINKING_ONE_VALUE
                     : f->kind == PT_LINK_NUMBERED && !f->said && names_records(l, f) ? PT_LINKING_NAMES_RECORDS
                                                                                      : -1;
        if (reason < 0) {
            l->fields[kept++] = *f;
            continue;
        }
        for (size_t k = 0; k < f->n_columns; k++)
            leave_out(l, f->columns[k], reason);
    }
    l->n_fields = kept;
    if (l->n >= 2 && kept >= LEAST_COLUMNS)
        return PT_OK;
    pt_fail(err, PT_EINVAL,
            l->n < 2 ? "there are fewer than two records to compare"
                     : "there are fewer than two columns to compare that have different values");
    return pt_err_hint(err,
                       "linking compares sources of kind record with an identifier and two columns such as a name, a "
                       "birth date, a phone or an address");
}
