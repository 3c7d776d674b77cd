/* One customer's profile: read from the generation, or worked out from the timelines for another instant. */
#include "app/app_int.h"
#include "app/evaluate.h"
#include "app/purposes.h"

static pt_rc list_identifiers(pt_profile *p, const pt_view *v, pt_arena *arena, pt_err *err)
{
    pt_profile_identifier *list = NULL;
    size_t n = 0;
    uint32_t type;
    pt_sv value;

    while (pt_directory_identifier(v->directory, p->ordinal, (uint32_t)n, &type, &value))
        n++;
    if (!(list = PT_NEW_ARRAY(arena, pt_profile_identifier, n)))
        return pt_fail_nomem(err, "the profile");
    for (size_t i = 0; i < n; i++) {
        if (!pt_directory_identifier(v->directory, p->ordinal, (uint32_t)i, &type, &value))
            return pt_directory_damage(v->directory, err);
        list[i] = (pt_profile_identifier){pt_sv_of(pt_directory_type_name(v->directory, type)), value};
    }
    p->identifiers = list;
    p->n_identifiers = n;
    return PT_OK;
}

/* Events up to the as-of; those without a time count and have no span. */
static pt_profile_source count_events(const pt_events *e, uint32_t source, int64_t as_of)
{
    pt_profile_source s = {source, 0, PT_I64_MISSING, PT_I64_MISSING};

    for (uint64_t i = e->offsets ? e->offsets[0] : 1; e->offsets && i < e->offsets[1] && e->time[i] <= as_of; i++) {
        s.events++;
        s.last = e->time[i];
        if (s.first == PT_I64_MISSING)
            s.first = e->time[i];
    }
    return s;
}

static pt_rc list_sources(pt_profile *p, const pt_view *v, const pt_events *events, pt_arena *arena, pt_err *err)
{
    pt_profile_source *list = PT_NEW_ARRAY(arena, pt_profile_source, v->project->n_sources);

    if (!list)
        return pt_fail_nomem(err, "the profile");
    for (uint32_t s = 0; s < v->project->n_sources; s++) {
        if (!v->timelines[s] || v->project->sources[s].circle)
            continue;
        list[p->n_sources] = count_events(&events[s], s, p->as_of);
        p->n_sources += list[p->n_sources].events > 0;
    }
    p->sources = list;
    return PT_OK;
}

/* A column of one missing value: what is not known is shown like what is missing. */
static pt_column missing_value(pt_type type)
{
    static const int64_t none = PT_I64_MISSING;
    static const double nan = (double)NAN;
    static const int32_t no_date = PT_I32_MISSING;
    static const uint8_t no_bool = PT_BOOL_MISSING, absent = 1;
    static const uint32_t no_code = PT_CODE_MISSING;
    static const uint64_t empty[2] = {0, 0};
    static const pt_dict no_texts = {0};
    pt_column c = {
        .type = type, .width = (uint8_t)(pt_type_is_list(type) ? 4 : pt_type_width(type)), .dict = &no_texts};

    switch (type) {
    case PT_TYPE_BOOL: c.data = &no_bool; break;
    case PT_TYPE_NUMBER: c.data = &nan; break;
    case PT_TYPE_DATE: c.data = &no_date; break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: c.data = &no_code; break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED:
        c.data = &no_code;
        c.weights = &nan;
        c.offsets = empty;
        c.absent = &absent;
        break;
    default: c.data = &none; break;
    }
    return c;
}

static pt_rc from_generation(pt_column *values, bool *unavailable, pt_view *v, uint32_t ordinal, pt_err *err)
{
    const pt_column *column;

    for (uint32_t t = 0; t < v->project->n_tags; t++) {
        PT_TRY(pt_view_row(&column, v, t, ordinal, err));
        unavailable[t] = !column;
        values[t] = column ? pt_column_from(column, ordinal) : missing_value(v->project->module->types[t]);
    }
    return PT_OK;
}

pt_rc pt_profile_external(const pt_column **out, pt_view *v, uint32_t ordinal, int64_t as_of, pt_arena *arena,
                          pt_err *err)
{
    const pt_project *p = v->project;
    pt_column *external = PT_NEW_ARRAY(arena, pt_column, p->n_tags);
    const pt_column *column;

    if (!external)
        return pt_fail_nomem(err, "the profile");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (!p->catalog.tags[t].external)
            continue;
        PT_TRY(pt_view_row(&column, v, t, ordinal, err));
        bool known = column && as_of == v->as_of;
        external[t] = known ? pt_column_from(column, ordinal) : missing_value(p->module->types[t]);
    }
    *out = external;
    return PT_OK;
}

/* Queries are not run here: their tags, and tags that use them, are there only for the as-of of the build. */
static pt_rc from_timelines(pt_column *values, bool *unavailable, pt_view *v, pt_profile *profile, pt_batch *batch,
                            pt_arena *arena, pt_err *err)
{
    const pt_project *p = v->project;
    uint32_t *tags = PT_NEW_ARRAY(arena, uint32_t, p->n_tags);
    const uint32_t *live;
    size_t n = 0, n_live;
    pt_eval *eval;

    if (!tags)
        return pt_fail_nomem(err, "the profile");
    PT_TRY(pt_profile_external(&batch->external, v, profile->ordinal, profile->as_of, arena, err));
    PT_TRY(pt_filter_tags(&live, &n_live, p, arena, err));
    for (uint32_t t = 0, l = 0; t < p->n_tags; t++) {
        bool queried = !(l < n_live && live[l] == t);
        l += !queried;
        unavailable[t] = queried && profile->as_of != v->as_of;
        values[t] = p->catalog.tags[t].external ? batch->external[t] : missing_value(p->module->types[t]);
        if (!p->catalog.tags[t].external && !unavailable[t])
            tags[n++] = t;
    }
    pt_question question = {.tags = tags, .n_tags = n};
    PT_TRY(pt_view_base(&question.base, v, NULL, arena, err));
    if (question.base->n && profile->as_of != v->as_of)
        profile->base_as_of = v->as_of;
    PT_TRY(pt_question_ask(&eval, p, &question, batch, profile->as_of, arena, err));
    for (size_t i = 0; i < n; i++)
        values[tags[i]] = *pt_eval_tag(eval, i);
    return PT_OK;
}

/* Leaves the identifiers that are sure enough. */
static pt_rc withhold(pt_profile *p, const pt_view *v, const char *purpose, pt_arena *arena, pt_err *err)
{
    pt_profile_identifier *list = PT_NEW_ARRAY(arena, pt_profile_identifier, p->n_identifiers);
    size_t n = 0;
    pt_purpose_view view;

    p->person = p->id;
    if (!purpose)
        return PT_OK;
    if (!list)
        return pt_fail_nomem(err, "the profile");
    PT_TRY(pt_purpose_open(&view, v->project, purpose, v->n_ordinals, arena, err));
    for (size_t i = 0; i < p->n_identifiers; i++)
        if (pt_purpose_allows(&view, p->identifiers[i].type, p->identifiers[i].value))
            list[n++] = p->identifiers[i];
    p->withheld = p->n_identifiers - n;
    p->identifiers = list;
    p->n_identifiers = n;
    p->person = pt_directory_id(v->directory, view.person[p->ordinal]);
    pt_purpose_close(&view);
    return PT_OK;
}

static pt_rc fill(pt_profile *profile, pt_view *v, const pt_profile_options *options, pt_arena *arena, pt_err *err)
{
    size_t n_tags = v->project->n_tags;
    pt_column *values = PT_NEW_ARRAY(arena, pt_column, n_tags);
    bool *unavailable = PT_NEW_ARRAY(arena, bool, n_tags);
    pt_events *events = PT_NEW_ARRAY(arena, pt_events, v->project->n_sources);
    pt_batch batch;

    if (!values || !unavailable || !events)
        return pt_fail_nomem(err, "the profile");
    profile->id = pt_directory_id(v->directory, profile->ordinal);
    profile->as_of = options->has_as_of ? options->as_of : v->as_of;
    profile->base_as_of = PT_I64_MISSING;
    profile->reevaluated = options->has_as_of;
    PT_TRY(list_identifiers(profile, v, arena, err));
    PT_TRY(withhold(profile, v, options->purpose, arena, err));
    PT_TRY(pt_view_timelines(v, err));
    PT_TRY(pt_view_batch(&batch, events, v, profile->ordinal, err));
    PT_TRY(list_sources(profile, v, events, arena, err));
    if (profile->reevaluated)
        PT_TRY(from_timelines(values, unavailable, v, profile, &batch, arena, err));
    else
        PT_TRY(from_generation(values, unavailable, v, profile->ordinal, err));
    profile->values = values;
    profile->unavailable = unavailable;
    return PT_OK;
}

pt_rc pt_app_profile(const pt_profile **out, pt_app *app, pt_sv who, const pt_profile_options *options, pt_arena *arena,
                     pt_err *err)
{
    pt_profile *profile = PT_NEW(arena, pt_profile);
    pt_view *v;

    if (!profile)
        return pt_fail_nomem(err, "the profile");
    PT_TRY(pt_app_view(&v, app, err));
    PT_TRY(pt_view_find(&profile->ordinal, v, who, err));
    profile->asked = pt_view_forwarded(v, who, profile->ordinal);
    PT_TRY(fill(profile, v, options, arena, err));
    *out = profile;
    return PT_OK;
}
