/* The catalogue as a project sees it: what can be added, what the views show (docs/catalogue.md). */
#ifndef PT_APP_CATALOGUE_H
#define PT_APP_CATALOGUE_H

#include "app/app.h"
#include "catalogue/models.h"

/* What the project can do with each template. Problems of the roles it declares go to pt_app_diags, and PT_EINVAL is
 * returned when there are errors. */
pt_rc pt_app_plan(const pt_catalogue_plan **out, pt_app *app, pt_arena *arena, pt_err *err);
/* Works out what adding templates makes of the project's files, checks the project with them, and writes them when
 * `write` is true. Problems found by the check go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_add(pt_addition *out, const pt_catalogue_plan *plan, const uint32_t *wanted, size_t n_wanted,
                 const pt_addition_options *options, bool write, pt_diags *diags, pt_arena *arena, pt_err *err);

/* The same for a template of a model. */
pt_rc pt_app_add_model(pt_addition *out, const pt_catalogue_plan *plan, const pt_model_template *model, bool write,
                       pt_diags *diags, pt_arena *arena, pt_err *err);

typedef enum pt_item_state {
    PT_ITEM_KNOWN,   /* customers have a value */
    PT_ITEM_UNBUILT, /* the tag is defined, but the current generation does not have it */
    PT_ITEM_EMPTY,   /* built, and nobody has a value: not collected */
    PT_ITEM_ABSENT   /* no tag of the project answers it: not collected */
} pt_item_state;
const char *pt_item_state_name(pt_item_state state); /* "known", "unbuilt", "empty", "absent": stable */

typedef struct pt_item_status {
    pt_item_state state;
    uint32_t template; /* the one that answers, or that would answer best */
    int tag;           /* of the project; -1: absent */
    uint64_t known;    /* customers with a value */
} pt_item_status;

/* One status an item of the view. `coverage` of pt_app_coverage, known NULL when nothing is built. */
pt_rc pt_app_items(const pt_item_status **out, const pt_catalogue_plan *plan, const pt_catalogue_view *view,
                   const pt_coverage *coverage, pt_arena *arena, pt_err *err);

#endif
