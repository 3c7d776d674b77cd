#include "app/linking_check.h"

#include "app/linking_int.h"
#include "link/codes.h"

static const char needs[] =
    "sources of kind record with an identifier and two columns such as a name, a birth date, a phone "
    "or an address";

/* The type of which each customer has one, where all records that are compared have it as their strongest; NULL: none. */
static const char *only_type(const pt_linking *l)
{
    const pt_project *p = l->project;
    int only = -1;

    for (size_t i = 0; i < l->n_sources; i++) {
        resolve_types types;
        resolve_source_types(&types, p, l->sources[i]);
        int type = resolve_type_of(p, pt_sv_of(types.names[0]));
        if (types.n > 1 || p->identity.types[type].limit != 1 || (only >= 0 && only != type))
            return NULL;
        only = type;
    }
    return only >= 0 ? p->identity.types[only].name : NULL;
}

static void warn(const pt_linking *l, pt_rc chosen, pt_diags *diags)
{
    pt_place place = l->project->link->place;
    const char *type = chosen == PT_OK ? only_type(l) : NULL;
    pt_diag *d;

    if (chosen == PT_EINVAL || (chosen == PT_OK && l->n_fields < 2)) {
        d = pt_diags_add(diags, PT_SEVERITY_WARNING, PT_E_LINK_NOTHING, place, "'link' finds nothing to compare");
        pt_diag_hint(diags, d, "it compares %s", needs);
    } else if (type) {
        d = pt_diags_add(
            diags, PT_SEVERITY_WARNING, PT_E_LINK_NOTHING, place,
            "'link' can join nobody: a customer has one '%s' at most, and all records are told apart by it", type);
        pt_diag_hint(diags, d, "raise or drop the limit of '%s'", type);
    }
}

pt_rc pt_linking_check(const pt_project *p, pt_diags *diags, pt_err *err)
{
    pt_linking l = {.project = p};
    pt_err own = {0};

    if (!p->link->on || diags->errors)
        return PT_OK;
    if (!(l.arena = pt_arena_new(0)))
        return pt_fail_nomem(err, "columns to compare");
    pt_rc rc = linking_choose(&l, &own);
    warn(&l, rc, diags);
    pt_arena_free(l.arena);
    return rc == PT_ENOMEM ? pt_fail_nomem(err, "columns to compare") : PT_OK;
}
