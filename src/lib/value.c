/* Values, and the profiles that hold one of each tag. */
#include <stdlib.h>

#include "base/money.h"
#include "lib/lib_int.h"

_Static_assert((int)PORTRAIT_BOOL == (int)PT_TYPE_BOOL && (int)PORTRAIT_NUMBER == (int)PT_TYPE_NUMBER, "same numbers");
_Static_assert((int)PORTRAIT_MONEY == (int)PT_TYPE_MONEY && (int)PORTRAIT_DATE == (int)PT_TYPE_DATE, "same numbers");
_Static_assert((int)PORTRAIT_INSTANT == (int)PT_TYPE_INSTANT && (int)PORTRAIT_DURATION == (int)PT_TYPE_DURATION,
               "same numbers");
_Static_assert((int)PORTRAIT_TEXT == (int)PT_TYPE_TEXT && (int)PORTRAIT_CATEGORY == (int)PT_TYPE_CATEGORY,
               "same numbers");
_Static_assert((int)PORTRAIT_LIST == (int)PT_TYPE_LIST && (int)PORTRAIT_WEIGHTED == (int)PT_TYPE_WEIGHTED,
               "same numbers");

const char *portrait_type_name(portrait_type type)
{
    return (unsigned)type < PT_TYPE_COUNT ? pt_type_name((pt_type)type) : "";
}

const char *pt_lib_text(pt_sv text, pt_arena *arena)
{
    return pt_arena_strndup(arena, text.ptr, text.len);
}

pt_rc pt_lib_as_of(int64_t *out, bool *given, const portrait_project *project, const char *text, pt_err *err)
{
    *given = text != NULL;
    if (!text || pt_instant_parse(out, pt_sv_of(text), pt_app_project(project->app)->zone))
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "'%s' is no time", text);
}

/* --- one value ---------------------------------------------------------------------------------------------------- */

static bool add_items(portrait_value *out, const pt_column *c, uint64_t row, pt_arena *arena)
{
    uint64_t first = c->offsets[row];
    portrait_item *items = PT_NEW_ARRAY(arena, portrait_item, (size_t)(c->offsets[row + 1] - first));

    if (!items)
        return false;
    out->n_items = (size_t)(c->offsets[row + 1] - first);
    out->items = items;
    for (size_t i = 0; i < out->n_items; i++) {
        items[i].text = pt_lib_text(pt_dict_text(c->dict, pt_column_code(c, first + i)), arena);
        items[i].weight = c->type == PT_TYPE_WEIGHTED ? c->weights[first + i] : 1;
        if (!items[i].text)
            return false;
    }
    return true;
}

static bool fill(portrait_value *out, const pt_column *c, uint64_t row, pt_arena *arena)
{
    switch (c->type) {
    case PT_TYPE_BOOL: out->integer = ((const uint8_t *)c->data)[row]; return true;
    case PT_TYPE_NUMBER: out->number = ((const double *)c->data)[row]; return true;
    case PT_TYPE_DATE: out->integer = ((const int32_t *)c->data)[row]; return true;
    case PT_TYPE_MONEY:
        out->integer = ((const int64_t *)c->data)[row];
        out->number = (double)out->integer / (double)PT_MONEY_UNIT;
        return true;
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: out->integer = ((const int64_t *)c->data)[row]; return true;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY:
        out->text = pt_lib_text(pt_dict_text(c->dict, pt_column_code(c, row)), arena);
        return out->text != NULL;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: return add_items(out, c, row, arena);
    default: return true;
    }
}

/* Both written forms. */
static bool write_forms(portrait_value *out, const pt_column *c, uint64_t row, int tag, const portrait_project *project,
                        pt_arena *arena)
{
    pt_render_style style = pt_lib_style(project);
    pt_str text = {0};
    pt_json j;

    pt_render_text(&text, &style, tag, c, row);
    out->shown = text.failed ? NULL : pt_arena_strdup(arena, pt_str_cstr(&text));
    pt_str_clear(&text);
    pt_json_init(&j, &text, 0);
    pt_render_json(&j, c, row, pt_app_project(project->app)->zone);
    out->json = text.failed ? NULL : pt_arena_strdup(arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return out->shown && out->json;
}

pt_rc pt_lib_value(portrait_value *out, const pt_column *c, uint64_t row, int tag, const portrait_project *project,
                   pt_arena *arena, pt_err *err)
{
    *out = (portrait_value){.type = (portrait_type)c->type, .text = ""};
    out->missing = pt_column_missing(c, row);
    if ((out->missing || fill(out, c, row, arena)) && write_forms(out, c, row, tag, project, arena))
        return PT_OK;
    return pt_fail_nomem(err, "a value");
}

/* --- profiles ----------------------------------------------------------------------------------------------------- */

struct portrait_profile {
    pt_arena *arena; /* all that follows: nothing points into the generation it was read from */
    const char *id;
    int64_t as_of;
    portrait_value *values;
    size_t n_values;
    portrait_identifier *identifiers;
    size_t n_identifiers;
};

static pt_rc copy_profile(portrait_profile *profile, const pt_profile *from, const portrait_project *project,
                          pt_err *err)
{
    pt_arena *arena = profile->arena;
    size_t n = project->info.tags;

    profile->id = pt_lib_text(from->id, arena);
    profile->as_of = from->as_of;
    profile->values = PT_NEW_ARRAY(arena, portrait_value, n);
    profile->identifiers = PT_NEW_ARRAY(arena, portrait_identifier, from->n_identifiers);
    if (!profile->id || !profile->values || !profile->identifiers)
        return pt_fail_nomem(err, "the profile");
    for (size_t t = 0; t < n; t++)
        PT_TRY(pt_lib_value(&profile->values[t], &from->values[t], 0, (int)t, project, arena, err));
    profile->n_values = n;
    for (size_t i = 0; i < from->n_identifiers; i++) {
        portrait_identifier *to = &profile->identifiers[i];
        to->type = pt_lib_text(from->identifiers[i].type, arena);
        to->value = pt_lib_text(from->identifiers[i].value, arena);
        if (!to->type || !to->value)
            return pt_fail_nomem(err, "the profile");
    }
    profile->n_identifiers = from->n_identifiers;
    return PT_OK;
}

static pt_rc find(portrait_profile *profile, portrait_project *project, const char *who, const char *as_of, pt_err *err)
{
    pt_profile_options options = {0};
    const pt_profile *found;
    pt_arena *scratch;

    PT_TRY(pt_lib_as_of(&options.as_of, &options.has_as_of, project, as_of, err));
    if (!(scratch = pt_arena_new(0)))
        return pt_fail_nomem(err, "the profile");
    pt_rc rc = pt_app_profile(&found, project->app, pt_sv_of(who), &options, scratch, err);
    if (rc == PT_OK)
        rc = copy_profile(profile, found, project, err);
    pt_arena_free(scratch);
    return rc;
}

portrait_status portrait_profile_open(portrait_profile **out, portrait_project *project, const char *who,
                                      const char *as_of, portrait_error *error)
{
    portrait_profile *profile = pt_zalloc(1, sizeof *profile);
    pt_err err = {0};

    *out = NULL;
    if (!profile || !(profile->arena = pt_arena_new(0))) {
        free(profile);
        return pt_lib_nomem(error, "the profile");
    }
    pt_rc rc = find(profile, project, who, as_of, &err);
    if (rc == PT_OK)
        *out = profile;
    else
        portrait_profile_free(profile);
    return pt_lib_done(rc, &err, error);
}

void portrait_profile_free(portrait_profile *profile)
{
    if (!profile)
        return;
    pt_arena_free(profile->arena);
    free(profile);
}

const char *portrait_profile_id(const portrait_profile *profile)
{
    return profile->id;
}

int64_t portrait_profile_as_of(const portrait_profile *profile)
{
    return profile->as_of;
}

const portrait_value *portrait_profile_value(const portrait_profile *profile, size_t tag)
{
    return tag < profile->n_values ? &profile->values[tag] : NULL;
}

const portrait_identifier *portrait_profile_identifier(const portrait_profile *profile, size_t i)
{
    return i < profile->n_identifiers ? &profile->identifiers[i] : NULL;
}
