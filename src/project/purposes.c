/* `purposes` of identity.yaml. */
#include <stdio.h>

#include "link/codes.h"
#include "project/link_config.h"
#include "project/load.h"

/* Pairs below `review` are not kept: a bound below it would promise what is not there. */
static double least_bound(const pt_loader *l)
{
    const pt_link_config *link = l->project->link;

    return link && link->on ? link->review_from : 0.01;
}

static bool read_bound(pt_loader *l, double *out, const pt_yaml *value, const char *name)
{
    double least = least_bound(l);
    const char *text;

    if (!pt_yaml_as_text(l, &text, value, name))
        return false;
    if (pt_sv_eq(value->text, PT_SV("exact"))) {
        *out = 1;
        return true;
    }
    if (pt_parse_double(out, value->text) && *out >= least && *out <= 1)
        return true;
    pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'%s' is no bound of the purpose '%s'", text, name);
    pt_diag_hint(l->diags, d, "'exact', or a probability from %g (`review`) to 1", least);
    return false;
}

static void read_purpose(pt_loader *l, pt_purpose *purposes, const pt_yaml *key, const pt_yaml *value)
{
    pt_identity_config *identity = &l->project->identity;
    pt_purpose p = {.name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len)};

    if (!p.name) {
        l->nomem = true;
        return;
    }
    if (read_bound(l, &p.least, value, p.name))
        purposes[identity->n_purposes++] = p;
}

/* They choose among likenesses of records. */
static void warn_without_link(const pt_loader *l, const pt_yaml *link, const pt_yaml *map)
{
    if (map->n == 0 || (link && !(link->kind == PT_YAML_SCALAR && pt_sv_eq(link->text, PT_SV("none")))))
        return;
    pt_diag *d = pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_LINK_NOTHING, map->place,
                              "'purposes' says nothing without 'link'");
    pt_diag_hint(l->diags, d,
                 "a purpose chooses how sure a likeness of records has to be, and 'link' finds likenesses");
}

void pt_load_purposes(pt_loader *l, const pt_fields *file)
{
    const pt_yaml *map = pt_field(file, "purposes");

    if (!map || !pt_load_is_map(l, map, "purposes"))
        return;
    pt_purpose *purposes = PT_NEW_ARRAY(l->arena, pt_purpose, map->n);
    if (!purposes) {
        l->nomem = true;
        return;
    }
    l->project->identity.purposes = purposes;
    warn_without_link(l, pt_field(file, "link"), map);
    for (size_t i = 0; i < map->n && !l->nomem; i++)
        if (pt_load_name(l, map->keys[i], PT_NAME_PURPOSE))
            read_purpose(l, purposes, map->keys[i], map->items[i]);
}
