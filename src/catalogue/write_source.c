/* A questionnaire or the form of an import as an entry of sources/, and a role as an entry of portrait.yaml. */
#include "catalogue/catalogue_int.h"

/* The identifier type that customers of the project are best known by: of the strongest priority, else the first used. */
static const char *strongest_identifier(const pt_project *p)
{
    const pt_identifier_type *best = NULL;

    for (size_t i = 0; i < p->identity.n_types; i++)
        if (!best || p->identity.types[i].priority < best->priority)
            best = &p->identity.types[i];
    return best ? best->name : "user_id";
}

static void write_column(pt_str *out, const pt_role_column *c)
{
    pt_yaml_add_key(out, 4, c->name);
    pt_str_addf(out, "\n      type: %s\n", pt_type_name(c->types[0]));
    pt_yaml_add_label(out, 6, "label", &c->label);
    pt_yaml_add_label(out, 6, "question", &c->question);
    if (c->sensitivity)
        pt_str_addf(out, "      sensitivity: %s\n", c->sensitivity);
}

void pt_write_questionnaire(pt_str *out, const pt_catalogue_plan *plan, uint32_t role)
{
    const pt_role *r = &plan->catalogue->roles[role];
    const char *who = strongest_identifier(plan->project);

    pt_str_addf(out, "%s:\n", r->name);
    pt_yaml_add_label(out, 2, "label", &r->label);
    pt_str_addf(out, "  from: data/%s.csv\n", r->name);
    pt_str_addf(out, "  optional: true # while the file is absent, what it would tell is not collected\n");
    pt_str_addf(out, "  kind: %s\n  time: answered_at\n", r->kind == PT_SOURCE_EVENT ? "event" : "record");
    pt_str_addf(out, "  customer: {%s: %s}\n  columns: # one a question; take out those that are not asked\n", who,
                who);
    for (size_t i = 0; i < r->n_columns; i++)
        write_column(out, &r->columns[i]);
}

void pt_write_role(pt_str *out, const pt_catalogue_plan *plan, uint32_t role)
{
    const pt_role *r = &plan->catalogue->roles[role];
    const pt_role_binding *b = &plan->bindings[role];

    pt_yaml_add_key(out, 0, r->name);
    pt_str_add(out, "\n  source: ");
    pt_yaml_add_text(out, pt_sv_of(plan->names.sources[role].name), false);
    pt_str_addc(out, '\n');
    for (size_t i = 0; i < r->n_columns; i++) {
        if (b->columns[i] < 0)
            continue;
        pt_yaml_add_key(out, 2, r->columns[i].name);
        pt_str_addc(out, ' ');
        pt_yaml_add_text(out, pt_sv_of(plan->names.sources[role].columns[i].name), false);
        pt_str_addc(out, '\n');
    }
}
