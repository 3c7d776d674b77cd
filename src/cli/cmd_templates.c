/* `portrait tags --templates`, `--roles` and `--view`: the catalogue, seen from this project. */
#include "cli/cataloguetext.h"

static void json_label(pt_json *j, const char *key, const pt_label *l)
{
    pt_json_put_open(j, key, '{');
    pt_json_put_cstr(j, "zh", l->zh);
    pt_json_put_cstr(j, "en", l->en);
    pt_json_close(j, '}');
}

static const char *label_of(const pt_cli *cli, const pt_label *l, const char *name)
{
    return pt_label_text(l, pt_lang_code(cli->lang), name);
}

static const char *say(pt_cli *cli, pt_text id, const char *const *args, size_t n)
{
    pt_str text = {0};

    pt_say(&text, cli->lang, id, args, n);
    return pt_cli_keep(cli, &text);
}

/* --- templates ---------------------------------------------------------------------------------------------------- */

static void add_use(pt_str *out, const char *role, const char *column)
{
    pt_str_addf(out, "%s%s%s%s", out->len ? ", " : "", role, column ? "." : "", column ? column : "");
}

/* Whether a definition uses a column of the role beside the role itself. */
static bool uses_column(const pt_definition *d, uint32_t role)
{
    for (size_t i = 0; i < d->n_columns; i++)
        if (d->columns[i].source == role && d->columns[i].column >= 0)
            return true;
    return false;
}

/* "purchases.amount, recency": what the definition that fits is made of. */
static const char *uses_of(pt_cli *cli, const pt_catalogue *c, const pt_definition *d)
{
    pt_str text = {0};

    for (size_t i = 0; i < d->n_columns; i++) {
        const pt_role *role = &c->roles[d->columns[i].source];
        if (d->columns[i].column >= 0)
            add_use(&text, role->name, role->columns[d->columns[i].column].name);
        else if (!uses_column(d, d->columns[i].source))
            add_use(&text, role->name, NULL);
    }
    for (size_t i = 0; i < d->n_tags; i++)
        add_use(&text, c->templates[d->tags[i]].name, NULL);
    return pt_cli_keep(cli, &text);
}

static const char *note_of(pt_cli *cli, const pt_catalogue_plan *plan, const pt_tag_template *t,
                           const pt_template_status *s)
{
    if (s->state == PT_TEMPLATE_LACKING)
        return say(cli, PT_TEXT_TEMPLATES_NEEDS, &s->missing, 1);
    if (s->state == PT_TEMPLATE_PRESENT) {
        const char *name = plan->project->tags[s->tag].name;
        return strcmp(name, t->name) == 0 ? "" : say(cli, PT_TEXT_TEMPLATES_AS, &name, 1);
    }
    if (t->needs_consent)
        return pt_cli_text(cli, PT_TEXT_TEMPLATES_CONSENT);
    const char *uses = uses_of(cli, plan->catalogue, &t->definitions[s->definition]);
    return say(cli, PT_TEXT_TEMPLATES_FROM, &uses, 1);
}

static void list_group(pt_cli *cli, const pt_catalogue_plan *plan, const char *group, size_t *counts)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT};
    pt_table t;

    pt_table_init(&t, cli->arena, 4, align, NULL);
    for (size_t i = 0; i < plan->catalogue->n_templates; i++) {
        const pt_tag_template *template = &plan->catalogue->templates[i];
        const pt_template_status *s = &plan->statuses[i];
        if (strcmp(template->group, group) != 0)
            continue;
        counts[s->state]++;
        pt_table_row(&t, (const char *const[]){template->name, label_of(cli, &template->label, template->name),
                                               pt_cli_state_text(cli, s->state), note_of(cli, plan, template, s)});
    }
    pt_str_addf(&cli->out, "%s%s%s\n", cli->color ? "\033[1m" : "", pt_cli_template_group(cli, plan->catalogue, group),
                cli->color ? "\033[0m" : "");
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
}

static void list_templates(pt_cli *cli, const pt_catalogue_plan *plan, const char *group)
{
    const pt_catalogue *c = plan->catalogue;
    size_t counts[PT_TEMPLATE_LACKING + 1] = {0}, all = 0;
    char texts[PT_TEMPLATE_LACKING + 2][32];

    for (size_t i = 0; i < c->n_templates; i++) {
        bool first = i == 0 || strcmp(c->templates[i].group, c->templates[i - 1].group) != 0;
        if (first && pt_cli_in_group(cli, c, c->templates[i].group, group))
            list_group(cli, plan, c->templates[i].group, counts);
    }
    for (size_t s = 0; s <= PT_TEMPLATE_LACKING; s++) {
        all += counts[s];
        pt_format_count(texts[s + 1], counts[s]);
    }
    pt_format_count(texts[0], all);
    PT_CLI_SAY(cli, TEMPLATES_COUNT, texts[0], texts[1], texts[2], texts[3], texts[4], texts[5]);
}

static void json_use(pt_json *j, const pt_catalogue *c, const struct pt_use_column *use)
{
    const pt_role *role = &c->roles[use->source];
    pt_str name = {0};

    pt_str_addf(&name, "%s%s%s", role->name, use->column < 0 ? "" : ".",
                use->column < 0 ? "" : role->columns[use->column].name);
    pt_json_text(j, (pt_sv){pt_str_cstr(&name), name.len});
    pt_str_free(&name);
}

/* Roles, columns of roles and tags that a definition uses. */
static void json_needs(pt_json *j, const pt_catalogue *c, const pt_definition *d)
{
    pt_json_put_open(j, "needs", '[');
    for (size_t i = 0; i < d->n_columns; i++)
        json_use(j, c, &d->columns[i]);
    for (size_t i = 0; i < d->n_tags; i++)
        pt_json_cstr(j, c->templates[d->tags[i]].name);
    pt_json_close(j, ']');
}

static void json_template(pt_json *j, const pt_catalogue_plan *plan, size_t number)
{
    const pt_tag_template *t = &plan->catalogue->templates[number];
    const pt_template_status *s = &plan->statuses[number];
    bool known = s->state != PT_TEMPLATE_LACKING;

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "name", t->name);
    pt_json_put_cstr(j, "group", t->group);
    json_label(j, "label", &t->label);
    pt_json_put_cstr(j, "state", pt_template_state_name(s->state));
    pt_json_put_cstr(j, "tag", s->tag < 0 ? NULL : plan->project->tags[s->tag].name);
    pt_json_put_cstr(j, "type", known ? pt_type_name(s->type) : NULL);
    pt_json_put_cstr(j, "origin", known ? pt_tag_origins[s->origin] : NULL);
    pt_json_put_cstr(j, "sensitivity", t->sensitivity);
    pt_json_put_bool(j, "needs_consent", t->needs_consent);
    pt_json_put_cstr(j, "missing", s->missing);
    json_needs(j, plan->catalogue, &t->definitions[s->definition < 0 ? 0 : s->definition]);
    pt_json_close(j, '}');
}

static void templates_json(pt_cli *cli, const pt_catalogue_plan *plan, const char *group)
{
    const pt_catalogue *c = plan->catalogue;
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_open(&j, "templates", '[');
    for (size_t i = 0; i < c->n_templates; i++)
        if (pt_cli_in_group(cli, c, c->templates[i].group, group))
            json_template(&j, plan, i);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_tags_templates(pt_cli *cli, pt_app *app, pt_err *err)
{
    const char *group = pt_cli_option(cli, "group");
    const pt_catalogue_plan *plan;

    PT_TRY(pt_cli_plan(&plan, cli, app, err));
    if (group)
        PT_TRY(pt_cli_check_template_group(cli, plan->catalogue, group, err));
    if (cli->json)
        templates_json(cli, plan, group);
    else
        list_templates(cli, plan, group);
    return PT_OK;
}

/* --- roles -------------------------------------------------------------------------------------------------------- */

static const char *player_of(pt_cli *cli, const pt_catalogue_plan *plan, size_t role)
{
    const pt_role_binding *b = &plan->bindings[role];
    const char *name = b->source < 0 ? NULL : plan->project->sources[b->source].name;
    pt_supply supply = plan->catalogue->roles[role].supply;

    if (name)
        return b->how == PT_BOUND_GUESSED ? say(cli, PT_TEXT_ROLE_GUESSED, &name, 1) : name;
    if (supply == PT_SUPPLY_DATA)
        return pt_cli_text(cli, PT_TEXT_ROLE_NONE);
    return pt_cli_text(cli, supply == PT_SUPPLY_SURVEY ? PT_TEXT_ROLE_QUESTIONNAIRE : PT_TEXT_ROLE_IMPORT);
}

static void list_role(pt_cli *cli, const pt_catalogue_plan *plan, size_t role)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT};
    const pt_role *r = &plan->catalogue->roles[role];
    const pt_role_binding *b = &plan->bindings[role];
    pt_table t;

    pt_str_addf(&cli->out, "%s%s%s  %s · %s\n", cli->color ? "\033[1m" : "", r->name, cli->color ? "\033[0m" : "",
                label_of(cli, &r->label, r->name), player_of(cli, plan, role));
    pt_table_init(&t, cli->arena, 4, align, NULL);
    for (size_t i = 0; i < r->n_columns; i++) {
        bool bound = b->source >= 0 && b->columns[i] >= 0;
        pt_table_row(&t, (const char *const[]){r->columns[i].name, label_of(cli, &r->columns[i].label, ""),
                                               pt_cli_translate(cli, pt_type_name(r->columns[i].types[0])),
                                               bound ? plan->names.sources[role].columns[i].name : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
}

static void json_role(pt_json *j, const pt_catalogue_plan *plan, size_t role)
{
    static const char *const hows[] = {"none", "guessed", "declared"}; /* as pt_binding_how */
    const pt_role *r = &plan->catalogue->roles[role];
    const pt_role_binding *b = &plan->bindings[role];

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "name", r->name);
    json_label(j, "label", &r->label);
    pt_json_put_cstr(j, "kind", r->kind == PT_SOURCE_EVENT ? "event" : "record");
    pt_json_put_cstr(j, "source", b->source < 0 ? NULL : plan->project->sources[b->source].name);
    pt_json_put_cstr(j, "bound", hows[b->how]);
    pt_json_put_open(j, "columns", '{');
    for (size_t i = 0; i < r->n_columns; i++) {
        bool bound = b->source >= 0 && b->columns[i] >= 0;
        pt_json_put_cstr(j, r->columns[i].name, bound ? plan->names.sources[role].columns[i].name : NULL);
    }
    pt_json_close(j, '}');
    pt_json_close(j, '}');
}

pt_rc pt_tags_roles(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_catalogue_plan *plan;
    pt_json j;

    PT_TRY(pt_cli_plan(&plan, cli, app, err));
    if (!cli->json) {
        for (size_t r = 0; r < plan->catalogue->n_roles; r++)
            list_role(cli, plan, r);
        return PT_OK;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_open(&j, "roles", '[');
    for (size_t r = 0; r < plan->catalogue->n_roles; r++)
        json_role(&j, plan, r);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
    return PT_OK;
}

/* --- views -------------------------------------------------------------------------------------------------------- */

static const char *absent_text(pt_cli *cli, const pt_catalogue_plan *plan, uint32_t template)
{
    static const pt_text texts[] = {PT_TEXT_VIEW_COMPUTABLE, PT_TEXT_VIEW_COMPUTABLE, PT_TEXT_VIEW_SURVEY,
                                    PT_TEXT_VIEW_IMPORT, PT_TEXT_VIEW_LACKING};
    const pt_template_status *s = &plan->statuses[template];
    const char *name = s->state == PT_TEMPLATE_LACKING ? s->missing : plan->catalogue->templates[template].name;

    return say(cli, texts[s->state], &name, 1);
}

static const char *state_text(pt_cli *cli, const pt_catalogue_plan *plan, const pt_item_status *s,
                              const pt_coverage *coverage)
{
    const char *args[2] = {"", ""};

    if (s->tag >= 0)
        args[0] = pt_cli_translate(cli, pt_tag_origins[plan->project->tags[s->tag].origin]);
    switch (s->state) {
    case PT_ITEM_KNOWN:
        args[1] = pt_arena_printf(cli->arena, "%.1f", 100.0 * (double)s->known / (double)coverage->customers);
        return say(cli, PT_TEXT_VIEW_KNOWN, args, 2);
    case PT_ITEM_UNBUILT: return say(cli, PT_TEXT_VIEW_UNBUILT, args, 1);
    case PT_ITEM_EMPTY: return pt_cli_text(cli, PT_TEXT_VIEW_EMPTY);
    case PT_ITEM_ABSENT: break;
    }
    return absent_text(cli, plan, s->template);
}

static void print_view(pt_cli *cli, const pt_catalogue_plan *plan, const pt_catalogue_view *view,
                       const pt_item_status *items, const pt_coverage *coverage)
{
    static const pt_align align[] = {PT_RIGHT, PT_LEFT, PT_LEFT, PT_LEFT};
    const char *title = label_of(cli, &view->label, view->name);
    size_t counts[PT_ITEM_ABSENT + 1] = {0};
    char some[32], all[32];
    pt_table t;

    pt_table_init(&t, cli->arena, 4, align, NULL);
    for (size_t i = 0; i < view->n_items; i++) {
        const pt_item_status *s = &items[i];
        counts[s->state]++;
        pt_table_row(&t, (const char *const[]){view->items[i].number, label_of(cli, &view->items[i].label, ""),
                                               s->tag < 0 ? "" : plan->project->tags[s->tag].name,
                                               state_text(cli, plan, s, coverage)});
    }
    pt_format_count(all, view->n_items);
    if (coverage->known)
        PT_CLI_SAY(cli, VIEW_TITLE, title, pt_format_count(some, counts[PT_ITEM_KNOWN]), all);
    else
        PT_CLI_SAY(cli, VIEW_TITLE_UNBUILT, title, all, pt_format_count(some, counts[PT_ITEM_UNBUILT]));
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
}

static void json_item(pt_json *j, const pt_catalogue_plan *plan, const pt_view_item *item, const pt_item_status *s)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "number", item->number);
    json_label(j, "label", &item->label);
    pt_json_put_cstr(j, "state", pt_item_state_name(s->state));
    pt_json_put_cstr(j, "tag", s->tag < 0 ? NULL : plan->project->tags[s->tag].name);
    pt_json_put_cstr(j, "origin", s->tag < 0 ? NULL : pt_tag_origins[plan->project->tags[s->tag].origin]);
    pt_json_key(j, "known");
    if (s->state == PT_ITEM_KNOWN || s->state == PT_ITEM_EMPTY)
        pt_json_int(j, (int64_t)s->known);
    else
        pt_json_null(j);
    pt_json_put_cstr(j, "template", plan->catalogue->templates[s->template].name);
    pt_json_put_cstr(j, "template_state", pt_template_state_name(plan->statuses[s->template].state));
    pt_json_put_cstr(j, "missing", plan->statuses[s->template].missing);
    pt_json_close(j, '}');
}

static void view_json(pt_cli *cli, const pt_catalogue_plan *plan, const pt_catalogue_view *view,
                      const pt_item_status *items, const pt_coverage *coverage)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "view", view->name);
    json_label(&j, "label", &view->label);
    pt_json_key(&j, "customers");
    if (coverage->known)
        pt_json_int(&j, (int64_t)coverage->customers);
    else
        pt_json_null(&j);
    pt_json_put_open(&j, "items", '[');
    for (size_t i = 0; i < view->n_items; i++)
        json_item(&j, plan, &view->items[i], &items[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static pt_rc find_view(const pt_catalogue_view **out, const pt_catalogue *c, const char *name, pt_err *err)
{
    int found = pt_catalogue_find_view(c, pt_sv_of(name));
    pt_str names = {0};

    if (found >= 0) {
        *out = &c->views[found];
        return PT_OK;
    }
    for (size_t i = 0; i < c->n_views; i++)
        pt_str_addf(&names, "%s%s", i ? ", " : "", c->views[i].name);
    pt_fail(err, PT_ENOTFOUND, "there is no view '%.60s'", name);
    pt_err_hint(err, "one of: %s", pt_str_cstr(&names));
    pt_str_free(&names);
    return PT_ENOTFOUND;
}

pt_rc pt_tags_view(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_catalogue_plan *plan;
    const pt_catalogue_view *view;
    const pt_item_status *items;
    pt_coverage coverage = {0};

    PT_TRY(pt_cli_plan(&plan, cli, app, err));
    PT_TRY(find_view(&view, plan->catalogue, pt_cli_option(cli, "view"), err));
    pt_rc rc = pt_app_coverage(&coverage, app, cli->arena, err);
    if (rc != PT_OK && rc != PT_ENOTFOUND)
        return rc;
    PT_TRY(pt_app_items(&items, plan, view, &coverage, cli->arena, err));
    if (cli->json)
        view_json(cli, plan, view, items, &coverage);
    else
        print_view(cli, plan, view, items, &coverage);
    return PT_OK;
}
