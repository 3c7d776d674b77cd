/* Shared inside app/. */
#ifndef PT_APP_APP_INT_H
#define PT_APP_APP_INT_H

#include "app/app.h"
#include "app/filter.h"
#include "app/view.h"

struct pt_app {
    pt_arena *arena; /* owns the project */
    pt_diags diags;
    pt_project *project;
    pt_view *view;        /* NULL until asked for */
    uint64_t view_number; /* how many views there have been: what remembers one asks whether it is still that */
};

/* PT_EINVAL with the first problem when the project has errors: what needs tags and sources asks this first. */
pt_rc pt_app_sound(const pt_app *app, pt_err *err);
/* Values of `sql:` tags for one customer: those of the build when the as-of is the build's, else missing. By tag number. */
pt_rc pt_profile_external(const pt_column **out, pt_view *v, uint32_t ordinal, int64_t as_of, pt_arena *arena,
                          pt_err *err);

#endif
