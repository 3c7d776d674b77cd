/* The catalogue: what the field knows of customer profiles, as templates of tags over roles (docs/catalogue.md). The
 * templates are compiled in; a plan says what one project can do with each, and writes those it wants as files.
 * Everything lives in the arena given, and is immutable once returned. */
#ifndef PT_CATALOGUE_CATALOGUE_H
#define PT_CATALOGUE_CATALOGUE_H

#include "project/project.h"

/* --- roles -------------------------------------------------------------------------------------------------------- */

typedef enum pt_supply {
    PT_SUPPLY_DATA,   /* what a company has anyway */
    PT_SUPPLY_SURVEY, /* what customers answer */
    PT_SUPPLY_IMPORT  /* what a third party says */
} pt_supply;

enum { PT_ROLE_MOST_TYPES = 4 };

typedef struct pt_role_column {
    const char *name;
    pt_type types[PT_ROLE_MOST_TYPES]; /* what a bound column may be; the first is preferred */
    size_t n_types;
    bool required; /* a source without it does not play the role */
    pt_label label, question;
    const char *sensitivity;
    const char *const *names; /* what such columns are called, in both languages */
    size_t n_names;
} pt_role_column;

typedef struct pt_role {
    const char *name;
    pt_source_kind kind;
    pt_supply supply;
    pt_label label, description;
    const char *const *names;
    size_t n_names;
    const pt_role_column *columns;
    size_t n_columns;
} pt_role;

/* --- templates ---------------------------------------------------------------------------------------------------- */

/* One way to a tag's value. Exactly one of value, tiers, sql. */
typedef struct pt_definition {
    pt_sv value;
    const pt_lang_tier *tiers;
    size_t n_tiers;
    const char *sql;      /* roles and columns in braces */
    pt_place place;       /* of value or sql */
    int origin;           /* a pt_tag_origin, or -1: what it uses decides */
    const uint32_t *tags; /* templates it uses */
    size_t n_tags;
    const struct pt_use_column *columns; /* roles and columns it uses; column -1: the role alone or its time */
    size_t n_columns;
} pt_definition;

typedef struct pt_tag_template {
    const char *name, *group;
    pt_label label, description, unit;
    bool in_currency; /* its unit is the project's currency */
    bool is_share;    /* shown as a percentage: `unit: percent` */
    pt_type type;     /* of its first definition, roles having their preferred types */
    pt_type declared; /* NONE unless `type` is written */
    const char *sensitivity;
    bool needs_consent; /* sensitive personal information: only with a purpose and a consent */
    const struct pt_tier_label *labels;
    size_t n_labels;
    const pt_definition *definitions; /* in order of preference */
    size_t n_definitions;
    pt_place place;
} pt_tag_template;

typedef struct pt_view_item {
    const char *number; /* "14", or "" */
    pt_label label;
    const uint32_t *tags; /* templates that answer it, the best first */
    size_t n_tags;
} pt_view_item;

typedef struct pt_catalogue_view {
    const char *name;
    pt_label label;
    const pt_view_item *items;
    size_t n_items;
} pt_catalogue_view;

typedef struct pt_catalogue {
    const pt_role *roles; /* index = source number of `names` */
    size_t n_roles;
    const pt_tag_template *templates; /* index = tag number of `names` */
    size_t n_templates;
    const uint32_t *order; /* templates, each after those that any of its definitions uses */
    const pt_catalogue_view *views;
    size_t n_views;
    const pt_group *groups;
    size_t n_groups;
    pt_catalog names; /* roles as sources and templates as tags: what definitions are checked against */
} pt_catalogue;

/* The catalogue that is compiled in. A problem in it is a bug: PT_EINTERNAL with the first problem. */
pt_rc pt_catalogue_open(const pt_catalogue **out, pt_arena *arena, pt_err *err);
/* From files given: what pt_catalogue_open does, for tests. Problems go to `diags`. */
struct pt_embedded;
pt_rc pt_catalogue_read(const pt_catalogue **out, const struct pt_embedded *files, pt_diags *diags, pt_arena *arena,
                        pt_err *err);

int pt_catalogue_find_template(const pt_catalogue *c, pt_sv name); /* -1 when absent */
int pt_catalogue_find_role(const pt_catalogue *c, pt_sv name);
int pt_catalogue_find_view(const pt_catalogue *c, pt_sv name);

/* --- what a project can do with it -------------------------------------------------------------------------------- */

typedef enum pt_binding_how { PT_BOUND_NOT, PT_BOUND_GUESSED, PT_BOUND_DECLARED } pt_binding_how;

typedef struct pt_role_binding {
    pt_binding_how how;
    int source;         /* -1: none */
    const int *columns; /* by column of the role: column of the source, -1: none */
} pt_role_binding;

typedef enum pt_template_state {
    PT_TEMPLATE_PRESENT, /* the project has a tag of this name, or one that stands for it */
    PT_TEMPLATE_COMPUTABLE,
    PT_TEMPLATE_SURVEY,
    PT_TEMPLATE_IMPORT,
    PT_TEMPLATE_LACKING
} pt_template_state;
const char *pt_template_state_name(pt_template_state state); /* "present", "computable", ...: stable */

typedef struct pt_template_status {
    pt_template_state state;
    int tag;               /* present: the project's; else -1 */
    int definition;        /* the one that fits; -1 when present or lacking */
    pt_type type;          /* in this project; NONE when lacking */
    pt_tag_origin origin;  /* of the tag, or of what add would write */
    const char *missing;   /* lacking: what the first definition lacks, "purchases.payment, visits"; else NULL */
    const pt_node **nodes; /* the definition, checked: its value, or each tier's condition */
} pt_template_status;

typedef struct pt_catalogue_plan {
    const pt_catalogue *catalogue;
    const pt_project *project;
    const pt_role_binding *bindings;    /* by role */
    const pt_template_status *statuses; /* by template */
    pt_catalog names;                   /* as the nodes are printed: roles under their sources' names */
} pt_catalogue_plan;

/* `project` must be without errors. */
pt_rc pt_catalogue_plan_make(pt_catalogue_plan **out, const pt_catalogue *c, const pt_project *project, pt_arena *arena,
                             pt_err *err);
/* Whether the roles, columns of roles and templates that the project names are in the catalogue; others become problems. */
pt_rc pt_catalogue_check(const pt_catalogue *c, const pt_project *project, pt_diags *diags, pt_err *err);
extern const pt_diag_info pt_catalogue_diag_infos[]; /* ends with code 0 */
pt_rc pt_catalogue_bind(const pt_role_binding **out, const pt_catalogue *c, const pt_project *project, pt_arena *arena,
                        pt_err *err);

/* --- writing ------------------------------------------------------------------------------------------------------ */

typedef struct pt_addition_options {
    pt_label purpose, consent; /* for templates that need them; empty: those are refused */
} pt_addition_options;

typedef struct pt_addition {
    const pt_project_edit *edits; /* whole new files and files as they become */
    const bool *is_new;           /* by edit */
    const pt_sv *added;           /* by edit: the text that is not there today */
    size_t n_edits;
    const uint32_t *templates; /* those written, in the order of the catalogue */
    size_t n_templates;
    const uint32_t *roles; /* those whose guess is written down */
    size_t n_roles;
    const uint32_t *questionnaires; /* roles whose source is written */
    size_t n_questionnaires;
} pt_addition;

/* What the project's files become when the wanted templates, and those they need, are added. Reads files, writes none.
 * PT_EINVAL when a template cannot be added. */
pt_rc pt_catalogue_add(pt_addition *out, const pt_catalogue_plan *plan, const uint32_t *wanted, size_t n_wanted,
                       const pt_addition_options *options, pt_arena *arena, pt_err *err);
/* Loads the project with the addition, and where that finds no error writes its files. Problems go to `diags`. */
pt_rc pt_addition_check(const pt_addition *a, const pt_project *project, pt_diags *diags, pt_arena *arena, pt_err *err);
pt_rc pt_addition_write(const pt_addition *a, const pt_project *project, pt_arena *arena, pt_err *err);

#endif
