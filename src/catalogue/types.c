/* Every definition of every template, checked against the roles: is it sound, what does it use, in which order do
 * templates come. A column of a role may have one of several types, so a definition is sound when it is with the
 * preferred types of all columns, or with the second of all that have one, and so on. */
#include "catalogue/catalogue_int.h"

/* --- holes of queries --------------------------------------------------------------------------------------------- */

bool pt_hole_next(pt_hole *hole, size_t *at, pt_sv sql)
{
    for (; *at < sql.len; (*at)++) {
        if (sql.ptr[*at] != '{')
            continue;
        const char *end = memchr(sql.ptr + *at, '}', sql.len - *at);
        if (!end)
            return false;
        pt_sv inside = {sql.ptr + *at + 1, (size_t)(end - sql.ptr) - *at - 1};
        const char *dot = memchr(inside.ptr, '.', inside.len);
        size_t role = dot ? (size_t)(dot - inside.ptr) : inside.len;
        *hole = (pt_hole){*at, *at + inside.len + 2, {inside.ptr, role}, {inside.ptr + role, 0}};
        if (dot)
            hole->column = (pt_sv){dot + 1, inside.len - role - 1};
        *at = hole->to;
        return true;
    }
    return false;
}

/* --- catalogues for the language ---------------------------------------------------------------------------------- */

/* Roles as sources, each column with its `variant`th type, or its last. */
static pt_lang_source *role_sources(const pt_catalogue *c, size_t variant, pt_arena *arena)
{
    pt_lang_source *sources = PT_NEW_ARRAY(arena, pt_lang_source, c->n_roles);

    for (size_t r = 0; sources && r < c->n_roles; r++) {
        const pt_role *role = &c->roles[r];
        pt_lang_column *columns = PT_NEW_ARRAY(arena, pt_lang_column, role->n_columns);
        if (!columns)
            return NULL;
        for (size_t i = 0; i < role->n_columns; i++) {
            const pt_role_column *column = &role->columns[i];
            size_t type = variant < column->n_types ? variant : column->n_types - 1;
            columns[i] = (pt_lang_column){column->name, column->types[type]};
        }
        sources[r] = (pt_lang_source){role->name, role->kind, columns, role->n_columns};
    }
    return sources;
}

/* Templates as tags by their first definition, to learn their types. */
static pt_lang_tag *first_definitions(const pt_catalogue *c, pt_arena *arena)
{
    pt_lang_tag *tags = PT_NEW_ARRAY(arena, pt_lang_tag, c->n_templates);

    for (size_t i = 0; tags && i < c->n_templates; i++) {
        const pt_tag_template *t = &c->templates[i];
        const pt_definition *d = &t->definitions[0];
        tags[i] = (pt_lang_tag){.name = t->name,
                                .value = d->value,
                                .place = d->place,
                                .tiers = d->tiers,
                                .n_tiers = d->n_tiers,
                                .external = d->sql != NULL,
                                .type = t->declared};
    }
    return tags;
}

static pt_rc learn_types(pt_shelf *s, pt_err *err)
{
    pt_catalogue *c = s->catalogue;
    pt_arena *arena = s->loader.arena;
    pt_module *module;

    c->names = (pt_catalog){.sources = role_sources(c, 0, arena),
                            .n_sources = c->n_roles,
                            .tags = first_definitions(c, arena),
                            .n_tags = c->n_templates};
    if (!c->names.sources || !c->names.tags)
        return pt_fail_nomem(err, "the catalogue");
    PT_TRY(pt_lang_check(&module, &c->names, s->loader.diags, arena, err));
    if (s->loader.diags->errors)
        return PT_OK;
    pt_lang_tag *tags = PT_NEW_ARRAY(arena, pt_lang_tag, c->n_templates);
    if (!tags)
        return pt_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < c->n_templates; i++) {
        s->templates[i].type = module->types[i];
        tags[i] = (pt_lang_tag){.name = c->templates[i].name, .external = true, .type = module->types[i]};
    }
    c->names.tags = tags;
    return PT_OK;
}

/* --- what a definition uses --------------------------------------------------------------------------------------- */

typedef struct uses {
    uint32_t *tags;
    struct pt_use_column *columns;
    size_t n_tags, n_columns;
} uses;

static void add_tag(uses *u, uint32_t tag)
{
    for (size_t i = 0; i < u->n_tags; i++)
        if (u->tags[i] == tag)
            return;
    u->tags[u->n_tags++] = tag;
}

static void add_column(uses *u, struct pt_use_column column)
{
    for (size_t i = 0; i < u->n_columns; i++)
        if (u->columns[i].source == column.source && u->columns[i].column == column.column)
            return;
    u->columns[u->n_columns++] = column;
}

static pt_rc add_uses(uses *u, const pt_node *node, pt_arena *arena, pt_err *err)
{
    pt_uses found;

    PT_TRY(pt_lang_uses(&found, node, arena, err));
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, u->n_tags + found.n_tags + found.n_bases);
    struct pt_use_column *columns = PT_NEW_ARRAY(arena, struct pt_use_column, u->n_columns + found.n_columns);
    if (!tags || !columns)
        return pt_fail_nomem(err, "the catalogue");
    if (u->n_tags)
        memcpy(tags, u->tags, u->n_tags * sizeof *tags);
    if (u->n_columns)
        memcpy(columns, u->columns, u->n_columns * sizeof *columns);
    u->tags = tags;
    u->columns = columns;
    for (size_t i = 0; i < found.n_tags; i++)
        add_tag(u, found.tags[i]);
    for (size_t i = 0; i < found.n_bases; i++)
        add_tag(u, found.bases[i]->u.base->tag);
    for (size_t i = 0; i < found.n_columns; i++)
        add_column(u, found.columns[i]);
    return PT_OK;
}

static void keep_uses(pt_definition *d, const uses *u)
{
    d->tags = u->tags;
    d->n_tags = u->n_tags;
    d->columns = u->columns;
    d->n_columns = u->n_columns;
}

static pt_rc check_query(pt_shelf *s, pt_definition *d, pt_err *err)
{
    pt_sv sql = pt_sv_of(d->sql);
    size_t at = 0, most = 0;
    pt_hole hole;
    uses u = {0};

    while (pt_hole_next(&hole, &at, sql))
        most++;
    u.columns = PT_NEW_ARRAY(s->loader.arena, struct pt_use_column, most);
    if (!u.columns)
        return pt_fail_nomem(err, "the catalogue");
    for (at = 0; pt_hole_next(&hole, &at, sql);) {
        int role = pt_catalogue_find_role(s->catalogue, hole.role);
        int column = role < 0 || !hole.column.len ? -1 : pt_role_find_column(&s->catalogue->roles[role], hole.column);
        if (role < 0 || (hole.column.len && column < 0))
            pt_load_error(&s->loader, PT_E_UNKNOWN_ROLE_SOURCE, d->place, "no role or column '%.*s'",
                          (int)(hole.to - hole.from), sql.ptr + hole.from);
        else
            add_column(&u, (struct pt_use_column){(uint32_t)role, column});
    }
    keep_uses(d, &u);
    return PT_OK;
}

/* --- checking ----------------------------------------------------------------------------------------------------- */

pt_rc pt_definition_check(bool *sound, const pt_node ***nodes, const pt_tag_template *t, const pt_definition *d,
                          const pt_module *module, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    size_t parts = pt_definition_parts(d), errors = diags->errors;

    *nodes = PT_NEW_ARRAY(arena, const pt_node *, parts);
    if (!*nodes)
        return pt_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < parts; i++) {
        pt_sv text = d->n_tiers ? d->tiers[i].condition : d->value;
        pt_place place = d->n_tiers ? d->tiers[i].place : d->place;
        PT_TRY(pt_lang_expression(&(*nodes)[i], module, text, place, d->n_tiers ? PT_TYPE_BOOL : t->declared, diags,
                                  arena, err));
    }
    *sound = diags->errors == errors;
    return PT_OK;
}

static void copy_problems(pt_diags *to, const pt_diags *from)
{
    for (size_t i = 0; i < from->n; i++)
        pt_diags_add(to, from->items[i].severity, from->items[i].code, from->items[i].place, "%s", from->items[i].msg);
}

/* With each variant of the columns' types in turn; what is wrong is said of the first. */
static pt_rc check_expression(pt_shelf *s, const pt_tag_template *t, pt_definition *d, pt_module *const *modules,
                              pt_err *err)
{
    pt_diags first, other;
    bool sound = false;
    const pt_node **nodes;
    uses u = {0};

    pt_diags_init(&first, s->loader.arena);
    pt_diags_init(&other, s->loader.arena);
    pt_rc rc = PT_OK;
    for (size_t v = 0; rc == PT_OK && !sound && v < PT_ROLE_MOST_TYPES; v++)
        rc = pt_definition_check(&sound, &nodes, t, d, modules[v], v ? &other : &first, s->loader.arena, err);
    if (rc == PT_OK && !sound)
        copy_problems(s->loader.diags, &first);
    for (size_t i = 0; rc == PT_OK && sound && i < pt_definition_parts(d); i++)
        rc = add_uses(&u, nodes[i], s->loader.arena, err);
    keep_uses(d, &u);
    pt_diags_free(&first);
    pt_diags_free(&other);
    return rc;
}

static pt_rc make_modules(pt_module **modules, pt_shelf *s, pt_err *err)
{
    for (size_t v = 0; v < PT_ROLE_MOST_TYPES; v++) {
        pt_catalog *names = PT_NEW(s->loader.arena, pt_catalog);
        if (!names)
            return pt_fail_nomem(err, "the catalogue");
        *names = s->catalogue->names;
        names->sources = role_sources(s->catalogue, v, s->loader.arena);
        if (!names->sources)
            return pt_fail_nomem(err, "the catalogue");
        PT_TRY(pt_lang_check(&modules[v], names, s->loader.diags, s->loader.arena, err));
    }
    return PT_OK;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

typedef struct sorter {
    const pt_catalogue *catalogue;
    uint32_t *order;
    size_t n;
    uint8_t *marks; /* 1 being visited, 2 done */
    pt_loader *loader;
} sorter;

static void visit(sorter *k, uint32_t template)
{
    const pt_tag_template *t = &k->catalogue->templates[template];

    if (k->marks[template] == 2)
        return;
    if (k->marks[template] == 1) {
        pt_load_error(k->loader, PT_E_KEYS_CLASH, t->place, "the template '%s' uses itself", t->name);
        return;
    }
    k->marks[template] = 1;
    for (size_t d = 0; d < t->n_definitions; d++)
        for (size_t i = 0; i < t->definitions[d].n_tags; i++)
            visit(k, t->definitions[d].tags[i]);
    k->marks[template] = 2;
    k->order[k->n++] = template;
}

static pt_rc sort(pt_shelf *s, pt_err *err)
{
    size_t n = s->catalogue->n_templates;
    sorter k = {.catalogue = s->catalogue, .loader = &s->loader};

    k.order = PT_NEW_ARRAY(s->loader.arena, uint32_t, n);
    k.marks = PT_NEW_ARRAY(s->loader.arena, uint8_t, n);
    if (!k.order || !k.marks)
        return pt_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < n; i++)
        visit(&k, (uint32_t)i);
    s->catalogue->order = k.order;
    return PT_OK;
}

pt_rc pt_shelf_check(pt_shelf *s, pt_err *err)
{
    pt_module *modules[PT_ROLE_MOST_TYPES];

    PT_TRY(learn_types(s, err));
    if (s->loader.diags->errors)
        return PT_OK;
    PT_TRY(make_modules(modules, s, err));
    for (size_t i = 0; i < s->catalogue->n_templates; i++) {
        const pt_tag_template *t = &s->templates[i];
        for (size_t d = 0; d < t->n_definitions; d++) {
            pt_definition *definition = (pt_definition *)&t->definitions[d];
            PT_TRY(definition->sql ? check_query(s, definition, err)
                                   : check_expression(s, t, definition, modules, err));
        }
    }
    return s->loader.diags->errors ? PT_OK : sort(s, err);
}
