/* Shared inside app/. */
#ifndef PT_APP_APP_INT_H
#define PT_APP_APP_INT_H

#include "app/app.h"

struct pt_app {
    pt_arena *arena; /* owns the project */
    pt_diags diags;
    pt_project *project;
};

/* PT_EINVAL with the first problem when the project has errors: what needs tags and sources asks this first. */
pt_rc pt_app_sound(const pt_app *app, pt_err *err);

#endif
