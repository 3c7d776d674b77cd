/* What the files of catalogue/ share. */
#ifndef PT_CATALOGUE_CATALOGUE_INT_H
#define PT_CATALOGUE_CATALOGUE_INT_H

#include "base/embed.h"
#include "base/json.h"
#include "catalogue/catalogue.h"
#include "project/load.h"

/* A catalogue while it is read; `loader` is what the readers of YAML fields report to. */
typedef struct pt_shelf {
    pt_loader loader;
    pt_catalogue *catalogue;
    pt_role *roles;
    pt_tag_template *templates;
} pt_shelf;

/* read.c's parts; what is wrong goes to the loader's diags. */
void pt_shelf_roles(pt_shelf *s, const pt_yaml *root);                        /* read_roles.c */
void pt_shelf_templates(pt_shelf *s, const pt_yaml *root, const char *group); /* read_templates.c */
void pt_shelf_views(pt_shelf *s, const pt_yaml *root);                        /* read_views.c: after all templates */
void pt_shelf_groups(pt_shelf *s, const pt_yaml *root);                       /* read_views.c */
/* types.c: checks every definition against the roles, finds what each uses, and the order. */
pt_rc pt_shelf_check(pt_shelf *s, pt_err *err);

/* One definition of a template checked: its value's node, or one a tier. False when it is not sound, or not of the type
 * that the template declares; which is in `diags`. */
pt_rc pt_definition_check(bool *sound, const pt_node ***nodes, const pt_tag_template *t, const pt_definition *d,
                          const pt_module *module, pt_diags *diags, pt_arena *arena, pt_err *err);
static inline size_t pt_definition_parts(const pt_definition *d)
{
    return d->sql ? 0 : d->n_tiers ? d->n_tiers : 1;
}

/* The next {name} or {name.column} of a query; false at the end. `at` moves on; [from, to) is its braces and all. */
typedef struct pt_hole {
    size_t from, to;
    pt_sv role, column; /* column.len 0: the role alone */
} pt_hole;
bool pt_hole_next(pt_hole *hole, size_t *at, pt_sv sql);
static inline int pt_role_find_column(const pt_role *r, pt_sv name)
{
    for (size_t i = 0; i < r->n_columns; i++)
        if (pt_sv_eq(pt_sv_of(r->columns[i].name), name))
            return (int)i;
    return -1;
}

/* write_tag.c, write_source.c: entries of files in tags/ and sources/. `file_group`: the group that the file's path makes. */
void pt_write_tag(pt_str *out, const pt_catalogue_plan *plan, uint32_t template, const char *file_group,
                  const pt_addition_options *options);
void pt_write_questionnaire(pt_str *out, const pt_catalogue_plan *plan, uint32_t role);
void pt_write_role(pt_str *out, const pt_catalogue_plan *plan, uint32_t role);

/* yaml_text.c: texts as YAML that reads back to the same. A key takes `indent` spaces before it. */
void pt_yaml_add_text(pt_str *out, pt_sv text, bool in_flow);
void pt_yaml_add_key(pt_str *out, size_t indent, const char *key);                          /* "  key:" */
void pt_yaml_add_label(pt_str *out, size_t indent, const char *key, const pt_label *label); /* nothing when empty */
/* add.c: one new file, and the guesses of the roles that it uses (by role). PT_EINVAL when the file is there. */
pt_rc pt_addition_of_file(pt_addition *out, const pt_catalogue_plan *plan, const char *path, pt_sv text,
                          const bool *roles, pt_arena *arena, pt_err *err);

/* An expression: on the line when it fits, else folded below it. */
void pt_yaml_add_expression(pt_str *out, size_t indent, const char *key, pt_sv text);

#endif
