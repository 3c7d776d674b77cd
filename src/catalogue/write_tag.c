/* A template as an entry of a file in tags/, in the project's own names. */
#include "catalogue/catalogue_int.h"

static void write_node(pt_str *out, const pt_catalogue_plan *plan, size_t indent, const char *key, const pt_node *node)
{
    pt_str text = {0};

    pt_lang_print(&text, node, &plan->names);
    pt_yaml_add_expression(out, indent, key, (pt_sv){pt_str_cstr(&text), text.len});
    out->failed |= text.failed;
    pt_str_free(&text);
}

/* --- queries ------------------------------------------------------------------------------------------------------ */

static void add_quoted(pt_str *out, const char *name)
{
    pt_str_addc(out, '"');
    for (; *name; name++) {
        if (*name == '"')
            pt_str_addc(out, '"');
        pt_str_addc(out, *name);
    }
    pt_str_addc(out, '"');
}

static void fill_hole(pt_str *out, const pt_catalogue_plan *plan, const pt_hole *hole)
{
    int role = pt_catalogue_find_role(plan->catalogue, hole->role);
    int column = role >= 0 && hole->column.len ? pt_role_find_column(&plan->catalogue->roles[role], hole->column) : -1;

    if (role >= 0)
        add_quoted(out, column < 0 ? plan->names.sources[role].name : plan->names.sources[role].columns[column].name);
}

static void write_query(pt_str *out, const pt_catalogue_plan *plan, const char *sql)
{
    pt_sv text = pt_sv_trim(pt_sv_of(sql));
    pt_str filled = {0};
    pt_hole hole;
    size_t from = 0;

    for (size_t at = 0; pt_hole_next(&hole, &at, text); from = hole.to) {
        pt_str_addn(&filled, text.ptr + from, hole.from - from);
        fill_hole(&filled, plan, &hole);
    }
    pt_str_addn(&filled, text.ptr + from, text.len - from);
    pt_str_add(out, "  sql: |\n");
    for (const char *line = pt_str_cstr(&filled); *line;) {
        size_t n = strcspn(line, "\n");
        if (n)
            pt_str_pad(out, ' ', 4);
        pt_str_addn(out, line, n);
        pt_str_addc(out, '\n');
        line += n + (line[n] == '\n');
    }
    out->failed |= filled.failed;
    pt_str_free(&filled);
}

/* --- a tag -------------------------------------------------------------------------------------------------------- */

static void write_definition(pt_str *out, const pt_catalogue_plan *plan, const pt_tag_template *t,
                             const pt_template_status *status)
{
    const pt_definition *d = &t->definitions[status->definition];

    if (d->sql) {
        write_query(out, plan, d->sql);
        return;
    }
    if (!d->n_tiers) {
        write_node(out, plan, 2, "value", status->nodes[0]);
        return;
    }
    pt_str_add(out, "  tiers:\n");
    for (size_t i = 0; i < d->n_tiers; i++)
        write_node(out, plan, 4, d->tiers[i].label, status->nodes[i]);
}

static void write_currency(pt_str *out, const char *code)
{
    static const char *const chinese[][2] = {{"CNY", "元"},   {"USD", "美元"}, {"EUR", "欧元"},  {"GBP", "英镑"},
                                             {"JPY", "日元"}, {"HKD", "港元"}, {"TWD", "新台币"}};
    pt_label unit = {code, code};

    for (size_t i = 0; i < PT_COUNT(chinese); i++)
        if (strcmp(chinese[i][0], code) == 0)
            unit.zh = chinese[i][1];
    pt_yaml_add_label(out, 2, "unit", &unit);
}

/* Only labels of values that this definition can give; those of tiers must be among them. */
static void write_labels(pt_str *out, const pt_tag_template *t, const pt_definition *d)
{
    bool begun = false;

    for (size_t i = 0; i < t->n_labels; i++) {
        bool given = d->n_tiers == 0;
        for (size_t k = 0; k < d->n_tiers; k++)
            given |= strcmp(d->tiers[k].label, t->labels[i].name) == 0;
        if (!given)
            continue;
        if (!begun)
            pt_str_add(out, "  labels:\n");
        begun = true;
        pt_yaml_add_label(out, 4, t->labels[i].name, &t->labels[i].label);
    }
}

static void write_word(pt_str *out, const char *key, const char *word)
{
    if (word)
        pt_str_addf(out, "  %s: %s\n", key, word);
}

void pt_write_tag(pt_str *out, const pt_catalogue_plan *plan, uint32_t template, const char *file_group,
                  const pt_addition_options *options)
{
    const pt_tag_template *t = &plan->catalogue->templates[template];
    const pt_template_status *status = &plan->statuses[template];
    const pt_definition *d = &t->definitions[status->definition];
    bool collected = status->origin == PT_ORIGIN_SURVEY || status->origin == PT_ORIGIN_IMPORT;

    pt_yaml_add_key(out, 0, t->name);
    pt_str_addc(out, '\n');
    write_definition(out, plan, t, status);
    write_word(out, "type", d->sql || t->declared != PT_TYPE_NONE ? pt_type_name(status->type) : NULL);
    pt_yaml_add_label(out, 2, "label", &t->label);
    if (t->in_currency)
        write_currency(out, plan->project->currency);
    write_word(out, "unit", t->is_share ? "percent" : NULL);
    pt_yaml_add_label(out, 2, "unit", &t->unit);
    pt_yaml_add_label(out, 2, "description", &t->description);
    write_word(out, "group", strcmp(file_group, t->group) == 0 ? NULL : t->group);
    write_word(out, "origin", collected || d->origin >= 0 ? pt_tag_origins[status->origin] : NULL);
    write_word(out, "sensitivity", t->sensitivity);
    if (t->needs_consent) {
        pt_yaml_add_label(out, 2, "purpose", &options->purpose);
        pt_yaml_add_label(out, 2, "consent", &options->consent);
    }
    write_labels(out, t, d);
}
