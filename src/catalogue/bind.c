/* Which source of a project plays which role: as portrait.yaml says, else guessed from kinds, names, labels, types. */
#include "base/utf8.h"
#include "catalogue/catalogue_int.h"
#include "project/codes.h"

/* How well a name fits. */
enum { FIT_NOT = 0, FIT_PART = 1, FIT_WHOLE = 3, FIT_ROLE = 4 };
enum { SHORTEST_PART = 4 }; /* bytes: a shorter word inside another means nothing, one Chinese character included */

/* --- names -------------------------------------------------------------------------------------------------------- */

typedef struct binder {
    pt_arena *arena;
    bool nomem; /* sticky: looked at after each role */
} binder;

/* Lower case, without '_', '-' and spaces: "Order_No" and "order no" are one name. */
static const char *plain_name(const char *name, binder *b)
{
    pt_str lower = {0};
    char *out = NULL;
    size_t n = 0;

    pt_utf8_lower(&lower, pt_sv_of(name));
    if (!lower.failed && (out = pt_arena_strndup(b->arena, pt_str_cstr(&lower), lower.len)))
        for (size_t i = 0; i < lower.len; i++)
            if (!strchr("_- ", out[i]))
                out[n++] = out[i];
    if (out)
        out[n] = '\0';
    pt_str_free(&lower);
    b->nomem |= !out;
    return out ? out : "";
}

static int fit(const char *name, const char *wanted)
{
    size_t n = strlen(name), m = strlen(wanted);

    if (!n || !m)
        return FIT_NOT;
    if (strcmp(name, wanted) == 0)
        return FIT_WHOLE;
    if (m < SHORTEST_PART || n < m)
        return FIT_NOT;
    bool begins = strncmp(name, wanted, m) == 0, ends = strcmp(name + n - m, wanted) == 0;
    return begins || ends ? FIT_PART : FIT_NOT;
}

/* How well a thing with this name and label fits a list of names. */
static int fit_names(const char *name, const pt_label *label, const char *own, const char *const *names, size_t n,
                     binder *b)
{
    const char *called[] = {plain_name(name, b), plain_name(label->zh ? label->zh : "", b),
                            plain_name(label->en ? label->en : "", b)};
    int best = strcmp(name, own) == 0 ? FIT_ROLE : FIT_NOT;

    for (size_t i = 0; i < PT_COUNT(called); i++) {
        for (size_t k = 0; k < n; k++) {
            int found = fit(called[i], plain_name(names[k], b));
            best = found > best ? found : best;
        }
    }
    return best;
}

/* --- guessing ----------------------------------------------------------------------------------------------------- */

static bool takes_type(const pt_role_column *c, pt_type type)
{
    for (size_t i = 0; i < c->n_types; i++)
        if (c->types[i] == type)
            return true;
    return false;
}

typedef struct guess {
    const pt_role *role;
    const pt_source *source;
    int *columns; /* by column of the role */
    int score;
    binder *binder;
} guess;

static bool is_taken(const guess *g, int column)
{
    for (size_t i = 0; i < g->role->n_columns; i++)
        if (g->columns[i] == column)
            return true;
    return false;
}

/* The best columns first: those that have the very name, then those that have it as a part. */
static void guess_columns(guess *g, int at_least)
{
    for (size_t i = 0; i < g->role->n_columns; i++) {
        const pt_role_column *wanted = &g->role->columns[i];
        int best = at_least - 1, chosen = -1;
        for (size_t c = 0; g->columns[i] < 0 && c < g->source->n_columns; c++) {
            const pt_source_column *column = &g->source->columns[c];
            if (!takes_type(wanted, column->type) || is_taken(g, (int)c))
                continue;
            int found =
                fit_names(column->name, &column->label, wanted->name, wanted->names, wanted->n_names, g->binder);
            if (found > best) {
                best = found;
                chosen = (int)c;
            }
        }
        if (chosen >= 0) {
            g->columns[i] = chosen;
            g->score += best;
        }
    }
}

static bool has_required(const guess *g)
{
    for (size_t i = 0; i < g->role->n_columns; i++)
        if (g->role->columns[i].required && g->columns[i] < 0)
            return false;
    return true;
}

static pt_rc guess_role(pt_role_binding *out, const pt_role *role, const pt_project *p, binder *b, pt_err *err)
{
    int best = 0;

    for (size_t s = 0; s < p->n_sources; s++) {
        guess g = {.role = role, .source = &p->sources[s], .binder = b};
        if (g.source->kind != role->kind)
            continue;
        int named = fit_names(g.source->name, &g.source->label, role->name, role->names, role->n_names, b);
        if (!named)
            continue;
        if (!(g.columns = PT_NEW_ARRAY(b->arena, int, role->n_columns)))
            return pt_fail_nomem(err, "the roles");
        for (size_t i = 0; i < role->n_columns; i++)
            g.columns[i] = -1;
        guess_columns(&g, FIT_WHOLE);
        guess_columns(&g, FIT_PART);
        g.score += 100 * named; /* what a source is called says more than what its columns are called */
        if (has_required(&g) && g.score > best) {
            best = g.score;
            *out = (pt_role_binding){PT_BOUND_GUESSED, (int)s, g.columns};
        }
    }
    return b->nomem ? pt_fail_nomem(err, "the roles") : PT_OK;
}

/* --- declared ----------------------------------------------------------------------------------------------------- */

static const pt_role_choice *declared(const pt_project *p, const pt_role *role)
{
    for (size_t i = 0; i < p->n_roles; i++)
        if (strcmp(p->roles[i].role, role->name) == 0)
            return &p->roles[i];
    return NULL;
}

/* What does not fit the role is left out; pt_catalogue_check says so. */
static pt_rc take_choice(pt_role_binding *out, const pt_role *role, const pt_role_choice *choice, const pt_project *p,
                         pt_arena *arena, pt_err *err)
{
    int *columns = PT_NEW_ARRAY(arena, int, role->n_columns);
    bool fits = choice->source >= 0 && p->sources[choice->source].kind == role->kind;

    if (!columns)
        return pt_fail_nomem(err, "the roles");
    for (size_t i = 0; i < role->n_columns; i++)
        columns[i] = -1;
    for (size_t i = 0; fits && i < choice->n_columns; i++) {
        int c = pt_role_find_column(role, pt_sv_of(choice->columns[i].role_column));
        if (c >= 0 && takes_type(&role->columns[c], p->sources[choice->source].columns[choice->columns[i].column].type))
            columns[c] = choice->columns[i].column;
    }
    *out = (pt_role_binding){PT_BOUND_DECLARED, fits ? choice->source : -1, columns};
    return PT_OK;
}

pt_rc pt_catalogue_bind(const pt_role_binding **out, const pt_catalogue *c, const pt_project *p, pt_arena *arena,
                        pt_err *err)
{
    pt_role_binding *bindings = PT_NEW_ARRAY(arena, pt_role_binding, c->n_roles);
    binder b = {.arena = arena};

    if (!bindings)
        return pt_fail_nomem(err, "the roles");
    for (size_t r = 0; r < c->n_roles; r++) {
        const pt_role_choice *choice = declared(p, &c->roles[r]);
        bindings[r] = (pt_role_binding){PT_BOUND_NOT, -1, NULL};
        PT_TRY(choice ? take_choice(&bindings[r], &c->roles[r], choice, p, arena, err)
                      : guess_role(&bindings[r], &c->roles[r], p, &b, err));
    }
    *out = bindings;
    return PT_OK;
}

/* --- checking what is declared ------------------------------------------------------------------------------------ */

static void suggest(pt_diags *diags, pt_diag *d, const char *word, const char *const *names, size_t n)
{
    if (n)
        pt_diag_suggest(diags, d, pt_sv_of(word), names, n);
}

static bool check_columns(const pt_role *role, const pt_project *p, const pt_role_choice *choice, pt_diags *diags)
{
    const char **names = PT_NEW_ARRAY(diags->arena, const char *, role->n_columns);

    for (size_t i = 0; names && i < role->n_columns; i++)
        names[i] = role->columns[i].name;
    for (size_t i = 0; names && i < choice->n_columns; i++) {
        const struct pt_role_column_choice *given = &choice->columns[i];
        const pt_source_column *column = &p->sources[choice->source].columns[given->column];
        int c = pt_role_find_column(role, pt_sv_of(given->role_column));
        if (c < 0) {
            pt_diag *d = pt_diags_add(diags, PT_SEVERITY_ERROR, PT_E_UNKNOWN_ROLE, given->place,
                                      "the role '%s' has no column '%s'", role->name, given->role_column);
            suggest(diags, d, given->role_column, names, role->n_columns);
        } else if (!takes_type(&role->columns[c], column->type)) {
            pt_diags_add(diags, PT_SEVERITY_ERROR, PT_E_UNKNOWN_ROLE, given->place,
                         "'%s' of the role '%s' is %s, and the column '%s' is %s", given->role_column, role->name,
                         pt_type_name(role->columns[c].types[0]), column->name, pt_type_name(column->type));
        }
    }
    return names != NULL;
}

static bool check_choice(const pt_catalogue *c, const pt_project *p, const pt_role_choice *choice, pt_diags *diags)
{
    int r = pt_catalogue_find_role(c, pt_sv_of(choice->role));

    if (r >= 0 && choice->source < 0)
        return true;
    if (r >= 0 && p->sources[choice->source].kind != c->roles[r].kind) {
        pt_diags_add(diags, PT_SEVERITY_ERROR, PT_E_UNKNOWN_ROLE, choice->place,
                     "the role '%s' is for %s sources, and '%s' is none", choice->role,
                     c->roles[r].kind == PT_SOURCE_EVENT ? "event" : "record", p->sources[choice->source].name);
        return true;
    }
    if (r >= 0)
        return check_columns(&c->roles[r], p, choice, diags);
    const char **names = PT_NEW_ARRAY(diags->arena, const char *, c->n_roles);
    for (size_t i = 0; names && i < c->n_roles; i++)
        names[i] = c->roles[i].name;
    pt_diag *d =
        pt_diags_add(diags, PT_SEVERITY_ERROR, PT_E_UNKNOWN_ROLE, choice->place, "there is no role '%s'", choice->role);
    if (names)
        suggest(diags, d, choice->role, names, c->n_roles);
    return names != NULL;
}

static bool check_tag(const pt_catalogue *c, const pt_tag *t, pt_diags *diags)
{
    if (!t->stands_for || pt_catalogue_find_template(c, pt_sv_of(t->stands_for)) >= 0)
        return true;
    const char **names = PT_NEW_ARRAY(diags->arena, const char *, c->n_templates);
    for (size_t i = 0; names && i < c->n_templates; i++)
        names[i] = c->templates[i].name;
    pt_diag *d = pt_diags_add(diags, PT_SEVERITY_ERROR, PT_E_UNKNOWN_TEMPLATE, t->place,
                              "the tag '%s' stands for '%s', which is no template", t->name, t->stands_for);
    if (names)
        suggest(diags, d, t->stands_for, names, c->n_templates);
    return names != NULL;
}

pt_rc pt_catalogue_check(const pt_catalogue *c, const pt_project *p, pt_diags *diags, pt_err *err)
{
    for (size_t i = 0; i < p->n_roles; i++)
        if (!check_choice(c, p, &p->roles[i], diags))
            return pt_fail_nomem(err, "the roles");
    for (size_t i = 0; i < p->n_tags; i++)
        if (!check_tag(c, &p->tags[i], diags))
            return pt_fail_nomem(err, "the tags");
    return PT_OK;
}
