/* What one project can do with each template: the definition that fits its sources and tags, with the types they have. */
#include "catalogue/catalogue_int.h"

typedef struct planner {
    pt_catalogue_plan *plan;
    pt_template_status *statuses;
    pt_lang_source *sources; /* roles as they are here: bound, or as `add` would write them */
    pt_lang_tag *tags;       /* templates that are there: by a tag of the project, or because they fit */
    pt_lang_tag *printed;    /* the same under their names in the project */
    size_t n_tags, n_checked;
    pt_module *module;
    pt_arena *arena;
} planner;

const char *pt_template_state_name(pt_template_state state)
{
    static const char *const names[] = {"present", "computable", "survey", "import", "lacking"};

    return names[state];
}

/* --- names -------------------------------------------------------------------------------------------------------- */

static bool is_bound(const planner *k, size_t role)
{
    return k->plan->bindings[role].source >= 0;
}

/* Whether a column can be used: bound, or of a questionnaire that would be written. */
static bool has_column(const planner *k, size_t role, int32_t column)
{
    const pt_role_binding *b = &k->plan->bindings[role];

    if (b->source < 0)
        return b->how == PT_BOUND_NOT && k->plan->catalogue->roles[role].supply != PT_SUPPLY_DATA;
    return column < 0 || b->columns[column] >= 0;
}

/* All columns of each role in the catalogue's order, with the types they have here. */
static bool make_sources(planner *k)
{
    const pt_catalogue *c = k->plan->catalogue;

    k->sources = PT_NEW_ARRAY(k->arena, pt_lang_source, c->n_roles);
    for (size_t r = 0; k->sources && r < c->n_roles; r++) {
        const pt_role_binding *b = &k->plan->bindings[r];
        pt_lang_column *columns = PT_NEW_ARRAY(k->arena, pt_lang_column, c->roles[r].n_columns);
        if (!columns)
            return false;
        for (size_t i = 0; i < c->roles[r].n_columns; i++) {
            bool bound = b->source >= 0 && b->columns[i] >= 0;
            columns[i] = c->names.sources[r].columns[i];
            if (bound)
                columns[i].type = k->plan->project->sources[b->source].columns[b->columns[i]].type;
        }
        k->sources[r] = (pt_lang_source){c->roles[r].name, c->roles[r].kind, columns, c->roles[r].n_columns};
    }
    return k->sources != NULL;
}

/* The same shape under the project's names: what checked trees are printed with. */
static bool make_printed_sources(planner *k)
{
    const pt_catalogue *c = k->plan->catalogue;
    const pt_project *p = k->plan->project;
    pt_lang_source *sources = PT_NEW_ARRAY(k->arena, pt_lang_source, c->n_roles);

    for (size_t r = 0; sources && r < c->n_roles; r++) {
        const pt_role_binding *b = &k->plan->bindings[r];
        pt_lang_column *columns = PT_NEW_ARRAY(k->arena, pt_lang_column, c->roles[r].n_columns);
        if (!columns)
            return false;
        sources[r] = k->sources[r];
        sources[r].name = b->source >= 0 ? p->sources[b->source].name : c->roles[r].name;
        sources[r].columns = columns;
        for (size_t i = 0; i < sources[r].n_columns; i++) {
            columns[i] = k->sources[r].columns[i];
            if (b->source >= 0 && b->columns[i] >= 0)
                columns[i].name = p->sources[b->source].columns[b->columns[i]].name;
        }
    }
    k->plan->names.sources = sources;
    k->plan->names.n_sources = c->n_roles;
    return sources != NULL;
}

/* A tag under the name that templates use; `printed` is its name in the project. */
static void add_tag(planner *k, const char *name, const char *printed, pt_type type)
{
    k->tags[k->n_tags] = (pt_lang_tag){.name = name, .external = true, .type = type};
    k->printed[k->n_tags] = k->tags[k->n_tags];
    k->printed[k->n_tags].name = printed;
    k->n_tags++;
}

/* The template that a tag of the project answers: of its name, or the one it stands for; -1 when none. */
static int template_of(const planner *k, const pt_tag *t)
{
    const pt_catalogue *c = k->plan->catalogue;
    int own = pt_catalogue_find_template(c, pt_sv_of(t->name));

    if (own >= 0 || !t->stands_for || pt_project_find_tag(k->plan->project, pt_sv_of(t->stands_for)) >= 0)
        return own;
    return pt_catalogue_find_template(c, pt_sv_of(t->stands_for));
}

static void add_project_tags(planner *k)
{
    const pt_project *p = k->plan->project;

    for (size_t i = 0; i < p->n_tags; i++) {
        int t = template_of(k, &p->tags[i]);
        if (t < 0 || k->statuses[t].state == PT_TEMPLATE_PRESENT)
            continue;
        add_tag(k, k->plan->catalogue->templates[t].name, p->tags[i].name, p->module->types[i]);
        k->statuses[t] = (pt_template_status){.state = PT_TEMPLATE_PRESENT,
                                              .tag = (int)i,
                                              .definition = -1,
                                              .type = p->module->types[i],
                                              .origin = p->tags[i].origin};
    }
}

static pt_rc start(planner *k, pt_err *err)
{
    const pt_catalogue *c = k->plan->catalogue;

    k->tags = PT_NEW_ARRAY(k->arena, pt_lang_tag, c->n_templates);
    k->printed = PT_NEW_ARRAY(k->arena, pt_lang_tag, c->n_templates);
    k->statuses = PT_NEW_ARRAY(k->arena, pt_template_status, c->n_templates);
    if (!k->tags || !k->printed || !k->statuses || !make_sources(k) || !make_printed_sources(k))
        return pt_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < c->n_templates; i++)
        k->statuses[i] = (pt_template_status){.state = PT_TEMPLATE_LACKING, .tag = -1, .definition = -1};
    add_project_tags(k);
    return PT_OK;
}

/* The module of all tags there are so far. */
static pt_rc renew_module(planner *k, pt_err *err)
{
    pt_catalog *names;
    pt_diags diags;

    if (k->module && k->n_checked == k->n_tags)
        return PT_OK;
    if (!(names = PT_NEW(k->arena, pt_catalog)))
        return pt_fail_nomem(err, "the catalogue");
    *names = (pt_catalog){
        .sources = k->sources, .n_sources = k->plan->catalogue->n_roles, .tags = k->tags, .n_tags = k->n_tags};
    k->n_checked = k->n_tags;
    pt_diags_init(&diags, k->arena);
    pt_rc rc = pt_lang_check(&k->module, names, &diags, k->arena, err);
    pt_diags_free(&diags);
    return rc;
}

/* --- one definition ----------------------------------------------------------------------------------------------- */

/* Whether everything it uses is there, and how it would come: present means computed from what is there. */
static bool has_all(pt_template_state *state, const planner *k, const pt_definition *d)
{
    *state = PT_TEMPLATE_COMPUTABLE;
    for (size_t i = 0; i < d->n_columns; i++) {
        uint32_t role = d->columns[i].source;
        pt_supply supply = k->plan->catalogue->roles[role].supply;
        if (!has_column(k, role, d->columns[i].column) || (d->sql && !is_bound(k, role)))
            return false;
        pt_template_state needed = supply == PT_SUPPLY_DATA     ? PT_TEMPLATE_COMPUTABLE
                                   : supply == PT_SUPPLY_SURVEY ? PT_TEMPLATE_SURVEY
                                                                : PT_TEMPLATE_IMPORT;
        *state = needed > *state ? needed : *state;
    }
    for (size_t i = 0; i < d->n_tags; i++) {
        pt_template_state needed = k->statuses[d->tags[i]].state;
        if (needed == PT_TEMPLATE_LACKING)
            return false;
        *state = needed > *state ? needed : *state;
    }
    return true;
}

static pt_tag_origin origin_of(const planner *k, const pt_definition *d)
{
    bool facts = d->n_columns + d->n_tags > 0;

    if (d->origin >= 0)
        return (pt_tag_origin)d->origin;
    for (size_t i = 0; i < d->n_columns; i++) {
        const pt_role *role = &k->plan->catalogue->roles[d->columns[i].source];
        if (role->supply != PT_SUPPLY_DATA)
            return role->supply == PT_SUPPLY_SURVEY ? PT_ORIGIN_SURVEY : PT_ORIGIN_IMPORT;
        facts &= role->kind == PT_SOURCE_RECORD;
    }
    for (size_t i = 0; i < d->n_tags; i++)
        facts &= k->statuses[d->tags[i]].origin == PT_ORIGIN_FACT;
    return d->n_tiers ? PT_ORIGIN_RULE : facts ? PT_ORIGIN_FACT : PT_ORIGIN_STATISTIC;
}

static pt_type type_of(const pt_tag_template *t, const pt_definition *d, const pt_node *const *nodes)
{
    if (t->declared != PT_TYPE_NONE)
        return t->declared;
    return d->n_tiers ? PT_TYPE_CATEGORY : nodes[0]->type;
}

static pt_rc try_definition(planner *k, uint32_t template, size_t number, pt_err *err)
{
    const pt_tag_template *t = &k->plan->catalogue->templates[template];
    const pt_definition *d = &t->definitions[number];
    pt_template_status *status = &k->statuses[template];
    pt_template_state state;
    const pt_node **nodes;
    pt_diags diags;
    bool sound;

    if (!has_all(&state, k, d) || state >= status->state)
        return PT_OK;
    PT_TRY(renew_module(k, err));
    pt_diags_init(&diags, k->arena);
    pt_rc rc = pt_definition_check(&sound, &nodes, t, d, k->module, &diags, k->arena, err);
    pt_diags_free(&diags);
    if (rc != PT_OK || !sound)
        return rc;
    *status = (pt_template_status){state, -1, (int)number, type_of(t, d, nodes), origin_of(k, d), NULL, nodes};
    return PT_OK;
}

/* --- what is missing ---------------------------------------------------------------------------------------------- */

static void name_missing(pt_str *out, const char *role, const char *column)
{
    pt_str_addf(out, "%s%s%s%s", out->len ? ", " : "", role, column ? "." : "", column ? column : "");
}

/* What the tags that a definition uses lack is what it lacks. */
static void missing_tags(pt_str *out, const planner *k, const pt_definition *d)
{
    for (size_t i = 0; i < d->n_tags; i++) {
        const char *missing = k->statuses[d->tags[i]].missing;
        if (missing && !(out->len && strstr(pt_str_cstr(out), missing)))
            name_missing(out, missing, NULL);
    }
}

/* A role that is missing is named once, not with each of its columns. */
static void missing_columns(pt_str *out, const planner *k, const pt_definition *d)
{
    const pt_role *roles = k->plan->catalogue->roles;

    for (size_t i = 0; i < d->n_columns; i++) {
        uint32_t role = d->columns[i].source;
        bool named = false;
        if (has_column(k, role, d->columns[i].column))
            continue;
        for (size_t j = 0; j < i; j++)
            named |= d->columns[j].source == role && !is_bound(k, role);
        if (!named)
            name_missing(out, roles[role].name,
                         is_bound(k, role) ? roles[role].columns[d->columns[i].column].name : NULL);
    }
    missing_tags(out, k, d);
}

static pt_rc say_missing(planner *k, uint32_t template, pt_err *err)
{
    const pt_tag_template *t = &k->plan->catalogue->templates[template];
    pt_str text = {0};

    missing_columns(&text, k, &t->definitions[0]);
    if (!text.len)
        pt_str_add(&text, "another type"); /* everything is there, but not of a type that any definition takes */
    const char *copy = text.failed ? NULL : pt_arena_strndup(k->arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    k->statuses[template].missing = copy;
    return copy ? PT_OK : pt_fail_nomem(err, "the catalogue");
}

static pt_rc plan_template(planner *k, uint32_t template, pt_err *err)
{
    const pt_tag_template *t = &k->plan->catalogue->templates[template];
    pt_template_status *status = &k->statuses[template];

    if (status->state == PT_TEMPLATE_PRESENT)
        return PT_OK;
    for (size_t d = 0; d < t->n_definitions; d++)
        PT_TRY(try_definition(k, template, d, err));
    if (status->state == PT_TEMPLATE_LACKING)
        return say_missing(k, template, err);
    add_tag(k, t->name, t->name, status->type);
    return PT_OK;
}

pt_rc pt_catalogue_plan_make(pt_catalogue_plan **out, const pt_catalogue *c, const pt_project *project, pt_arena *arena,
                             pt_err *err)
{
    pt_catalogue_plan *plan = PT_NEW(arena, pt_catalogue_plan);
    planner k = {.plan = plan, .arena = arena};

    if (!plan)
        return pt_fail_nomem(err, "the catalogue");
    *plan = (pt_catalogue_plan){.catalogue = c, .project = project};
    PT_TRY(pt_catalogue_bind(&plan->bindings, c, project, arena, err));
    PT_TRY(start(&k, err));
    for (size_t i = 0; i < c->n_templates; i++)
        PT_TRY(plan_template(&k, c->order[i], err));
    plan->statuses = k.statuses;
    plan->names.tags = k.printed;
    plan->names.n_tags = k.n_tags;
    *out = plan;
    return PT_OK;
}
