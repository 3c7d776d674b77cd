/* What `portrait check` says of linking, without data. */
#ifndef PT_APP_LINKING_CHECK_H
#define PT_APP_LINKING_CHECK_H

#include "base/diag.h"
#include "project/project.h"

/* Warns when identity.yaml asks for linking that can link nothing. */
pt_rc pt_linking_check(const pt_project *p, pt_diags *diags, pt_err *err);

#endif
