/* What a model file sets beside the common keys: its algorithms with their parameters, and the settings of its kind. */
#include "project/models.h"

/* --- algorithms ----------------------------------------------------------------------------------------------------- */

static bool fits(const pt_learner *learner, const pt_model_kind *kind)
{
    return (learner->tasks & kind->learner_task) != 0;
}

static const pt_learner *find_learner(pt_model_reading *r, const pt_yaml *name)
{
    pt_loader *l = r->fields.loader;
    const pt_learner *found = pt_learner_find(name->text);
    const char *names[64];
    size_t n, kept = 0;
    const pt_learner *const *all = pt_learners(&n);

    if (found && fits(found, r->def->kind))
        return found;
    for (size_t i = 0; i < n && kept < PT_COUNT(names); i++)
        if (fits(all[i], r->def->kind))
            names[kept++] = all[i]->name;
    pt_diag *d = pt_load_error(l, PT_E_MODEL_ALGORITHM, name->place,
                               found ? "'%.*s' is no algorithm for '%s'" : "unknown algorithm '%.*s' for '%s'",
                               (int)name->text.len, name->text.ptr, r->def->kind->task);
    pt_diag_suggest(l->diags, d, name->text, names, kept);
    return NULL;
}

static bool read_choice(pt_loader *l, double *out, const char *const *choices, const pt_yaml *value, const char *key)
{
    const char *text;
    size_t n = 0;

    if (!pt_yaml_as_text(l, &text, value, key))
        return false;
    for (; choices[n]; n++) {
        if (strcmp(text, choices[n]) == 0) {
            *out = (double)n;
            return true;
        }
    }
    pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'%s' is no value of '%s'", text, key);
    pt_diag_suggest(l->diags, d, value->text, choices, n);
    return false;
}

static void unknown_parameter(pt_loader *l, const pt_learner *learner, const pt_yaml *key)
{
    const char *names[64];
    size_t n = 0;

    for (size_t i = 0; i < learner->n_parameters && n < PT_COUNT(names); i++)
        names[n++] = learner->parameters[i].name;
    pt_diag *d = pt_load_error(l, PT_E_UNKNOWN_KEY, key->place, "unknown key '%.*s' in %s", (int)key->text.len,
                               key->text.ptr, learner->name);
    if (n)
        pt_diag_suggest(l->diags, d, key->text, names, n);
}

/* An integer's lowest values have words, {k: auto}, and no other form: 0 groups would be taken for a number of groups. */
static bool read_word(pt_loader *l, double *out, bool *given, const pt_parameter *p, const pt_yaml *value)
{
    int64_t number;

    for (int j = 0; value->kind == PT_YAML_SCALAR && p->choices[j]; j++) {
        *given = pt_sv_eq(value->text, pt_sv_of(p->choices[j]));
        *out = p->low + j;
        if (*given)
            return true;
        if (!pt_parse_int64(&number, value->text) || (double)number != *out)
            continue;
        pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'%.*s' is no value of '%s'", (int)value->text.len,
                                   value->text.ptr, p->name);
        pt_diag_hint(l->diags, d, "write %s, or a number up to %.0f", p->choices[j], p->high);
        return true;
    }
    return false;
}

static void read_parameter(pt_loader *l, const pt_learner *learner, double *values, bool *given, const pt_yaml *key,
                           const pt_yaml *value)
{
    int i = pt_learner_parameter(learner, key->text);

    if (i < 0) {
        unknown_parameter(l, learner, key);
        return;
    }
    const pt_parameter *p = &learner->parameters[i];
    if (p->kind == PT_PARAMETER_INTEGER && p->choices && read_word(l, &values[i], &given[i], p, value))
        return;
    given[i] = p->kind == PT_PARAMETER_CHOICE
                   ? read_choice(l, &values[i], p->choices, value, p->name)
                   : pt_yaml_as_number(l, &values[i], value, p->name, p->low, p->high, p->kind == PT_PARAMETER_INTEGER);
}

static bool set_algorithm(pt_loader *l, pt_model_algorithm *out, const pt_learner *learner, const pt_yaml *parameters)
{
    double *values = PT_NEW_ARRAY(l->arena, double, learner->n_parameters);
    bool *given = PT_NEW_ARRAY(l->arena, bool, learner->n_parameters);

    if (!values || !given) {
        l->nomem = true;
        return false;
    }
    for (size_t i = 0; i < learner->n_parameters; i++)
        values[i] = learner->parameters[i].preset;
    for (size_t i = 0; parameters && i < parameters->n; i++)
        read_parameter(l, learner, values, given, parameters->keys[i], parameters->items[i]);
    *out = (pt_model_algorithm){.name = learner->name, .learner = learner, .parameters = values, .given = given};
    return true;
}

static bool read_algorithm(pt_model_reading *r, pt_model_algorithm *out, const pt_yaml *item)
{
    pt_loader *l = r->fields.loader;
    bool map = item->kind == PT_YAML_MAP && item->n == 1;
    const pt_yaml *name = map ? item->keys[0] : item, *parameters = NULL;

    if (!map && item->kind != PT_YAML_SCALAR) {
        pt_load_error(l, PT_E_WRONG_NODE, item->place,
                      "'algorithm': expected a name, or a name with its parameters: {tree: {max_depth: 4}}");
        return false;
    }
    if (map && item->items[0]->kind != PT_YAML_NULL) {
        parameters = item->items[0];
        if (!pt_load_is_map(l, parameters, name->text.ptr))
            return false;
    }
    const pt_learner *learner = find_learner(r, name);
    if (!learner || !set_algorithm(l, out, learner, parameters))
        return false;
    out->place = name->place;
    return true;
}

/* The first of these that this program knows, when the file names none. */
static void preset_algorithms(pt_model_reading *r, pt_model_algorithm *out)
{
    static const char *const presets[] = {"logistic", "ridge", "xgboost", "kmeans", "tree"};
    enum { ENOUGH = 2 };

    for (size_t i = 0; i < PT_COUNT(presets) && r->def->n_algorithms < ENOUGH; i++) {
        const pt_learner *learner = pt_learner_find(pt_sv_of(presets[i]));
        if (learner && fits(learner, r->def->kind))
            r->def->n_algorithms += set_algorithm(r->fields.loader, &out[r->def->n_algorithms], learner, NULL);
    }
}

void pt_model_read_algorithms(pt_model_reading *r)
{
    const pt_yaml *value = pt_field(&r->fields, "algorithm");
    size_t count = !value ? 4 : value->kind == PT_YAML_LIST ? value->n : 1;
    pt_model_algorithm *algorithms = PT_NEW_ARRAY(r->fields.loader->arena, pt_model_algorithm, count);

    if (!algorithms) {
        r->fields.loader->nomem = true;
        return;
    }
    r->def->algorithms = algorithms;
    for (size_t i = 0; value && i < count; i++)
        r->def->n_algorithms +=
            read_algorithm(r, &algorithms[r->def->n_algorithms], value->kind == PT_YAML_LIST ? value->items[i] : value);
    if (!value)
        preset_algorithms(r, algorithms);
}

/* --- the settings of a kind ------------------------------------------------------------------------------------------- */

static bool visible(const pt_source *s)
{
    return s->kind == PT_SOURCE_EVENT || s->kind == PT_SOURCE_RECORD;
}

static bool read_source(pt_loader *l, pt_setting_item *out, pt_sv name, pt_place place)
{
    const pt_project *p = l->project;
    int source = pt_project_find_source(p, name);
    const char **names = PT_NEW_ARRAY(l->arena, const char *, p->n_sources + 1);
    size_t n = 0;

    if (source >= 0 && visible(&p->sources[source])) {
        out->source = (uint32_t)source;
        return true;
    }
    l->nomem |= !names;
    for (size_t i = 0; names && i < p->n_sources; i++)
        if (visible(&p->sources[i]))
            names[n++] = p->sources[i].name;
    if (l->incomplete)
        return false;
    pt_diag *d =
        pt_load_error(l, PT_E_MODEL_SOURCE, place, "no event or record source '%.*s'", (int)name.len, name.ptr);
    if (n)
        pt_diag_suggest(l->diags, d, name, names, n);
    return false;
}

static bool read_column(pt_loader *l, pt_setting_item *out, const pt_yaml *value)
{
    const char *dot = memchr(value->text.ptr, '.', value->text.len);
    pt_sv source = {value->text.ptr, dot ? (size_t)(dot - value->text.ptr) : value->text.len};
    pt_sv column = dot ? (pt_sv){dot + 1, value->text.len - source.len - 1} : (pt_sv){"", 0};

    if (!read_source(l, out, source, value->place))
        return false;
    const pt_source *s = &l->project->sources[out->source];
    out->column = pt_source_find_column(s, column);
    if (out->column >= 0 || pt_sv_eq(column, PT_SV("time")))
        return true;
    const char **names = PT_NEW_ARRAY(l->arena, const char *, s->n_columns + 1);
    l->nomem |= !names;
    for (size_t i = 0; names && i < s->n_columns; i++)
        names[i] = s->columns[i].name;
    pt_diag *d = pt_load_error(l, PT_E_MODEL_SOURCE, value->place, "'%s' has no column '%.*s'", s->name,
                               (int)column.len, column.ptr);
    if (names && s->n_columns)
        pt_diag_suggest(l->diags, d, column, names, s->n_columns);
    return false;
}

static bool read_length(pt_loader *l, const pt_setting *s, pt_setting_item *out, const pt_yaml *value)
{
    char low[64], high[64];

    if (pt_duration_parse(&out->length, value->text) &&
        (s->low == s->high || ((double)out->length >= s->low && (double)out->length <= s->high)))
        return true;
    pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'%.*s' is no value of '%s'", (int)value->text.len,
                               value->text.ptr, s->name);
    if (s->low == s->high)
        pt_diag_hint(l->diags, d, "a length of time: 90d");
    else
        pt_diag_hint(l->diags, d, "a length of time from %s to %s", pt_duration_format(low, (int64_t)s->low),
                     pt_duration_format(high, (int64_t)s->high));
    return false;
}

/* "orders where paid" becomes the condition did(orders where paid), each character of which knows its place. */
static void wrap_events(pt_loader *l, pt_lang_tag *twin, const pt_yaml *value)
{
    enum { BEFORE = sizeof "did(" - 1 };
    size_t n = twin->value.len;
    const char *text = pt_arena_printf(l->arena, "did(%.*s)", (int)n, twin->value.ptr);
    uint32_t *origin = PT_NEW_ARRAY(l->arena, uint32_t, n + BEFORE + 2);

    if (!text || !origin) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < n + BEFORE + 2; i++) {
        size_t at = i < BEFORE ? 0 : i - BEFORE < n ? i - BEFORE : n;
        origin[i] = twin->place.origin ? twin->place.origin[at] : value->start + (uint32_t)at;
    }
    twin->place.origin = origin;
    twin->value = pt_sv_of(text);
}

static bool read_expression(pt_model_reading *r, const pt_setting *s, pt_setting_item *out, const pt_yaml *value,
                            size_t number)
{
    const char *role = number ? pt_arena_printf(r->fields.loader->arena, "%s %zu", s->name, number + 1) : s->name;
    pt_pending_expression *e = role ? pt_model_expression_later(r, value, role, s->type) : NULL;

    if (!e || !e->twin.value.len)
        return false;
    if (s->type == PT_SETTING_EVENTS)
        wrap_events(r->fields.loader, &e->twin, value);
    e->item = out;
    return true;
}

static bool read_scalar(pt_model_reading *r, const pt_setting *s, pt_setting_item *out, const pt_yaml *value)
{
    static const char *const answers[] = {"false", "true", NULL};
    pt_loader *l = r->fields.loader;
    const uint32_t *tags;
    size_t n;

    switch (s->type) {
    case PT_SETTING_NUMBER: return pt_yaml_as_number(l, &out->number, value, s->name, s->low, s->high, false);
    case PT_SETTING_INTEGER: return pt_yaml_as_number(l, &out->number, value, s->name, s->low, s->high, true);
    case PT_SETTING_BOOL: return read_choice(l, &out->number, answers, value, s->name);
    case PT_SETTING_CHOICE: return read_choice(l, &out->number, s->choices, value, s->name);
    case PT_SETTING_DURATION: return read_length(l, s, out, value);
    case PT_SETTING_SOURCE: return read_source(l, out, value->text, value->place);
    case PT_SETTING_COLUMN: return read_column(l, out, value);
    case PT_SETTING_TAG:
        if (!pt_yaml_as_tags(l, &tags, &n, value, s->name))
            return false;
        out->tag = tags[0];
        return true;
    default: return true;
    }
}

static bool read_item(pt_model_reading *r, const pt_setting *s, pt_setting_item *out, const pt_yaml *value,
                      size_t number)
{
    *out = (pt_setting_item){.place = value->place, .column = -1};
    if (!pt_yaml_as_text(r->fields.loader, &out->text, value, s->name))
        return false;
    if (s->type == PT_SETTING_EVENTS || s->type == PT_SETTING_CONDITION || s->type == PT_SETTING_VALUE)
        return read_expression(r, s, out, value, number);
    return read_scalar(r, s, out, value);
}

/* Numbers, bools, choices and durations have a preset; the rest may be absent. */
static void preset(const pt_setting *s, pt_setting_value *out, pt_setting_item *item)
{
    bool has = s->type <= PT_SETTING_CHOICE || s->type == PT_SETTING_DURATION;

    *item = (pt_setting_item){.number = s->preset, .column = -1};
    if (s->type == PT_SETTING_DURATION)
        item->length = (int64_t)s->preset;
    *out = (pt_setting_value){.items = item, .n = has && !s->list};
}

static void read_setting(pt_model_reading *r, const pt_setting *s, pt_setting_value *out)
{
    pt_loader *l = r->fields.loader;
    const pt_yaml *value = s->required ? pt_field_required(&r->fields, s->name) : pt_field(&r->fields, s->name);
    bool list = value && value->kind == PT_YAML_LIST;
    size_t count = list ? value->n : 1;
    pt_setting_item *items = PT_NEW_ARRAY(l->arena, pt_setting_item, count + 1);

    if (!items) {
        l->nomem = true;
        return;
    }
    if (!value) {
        preset(s, out, items);
        return;
    }
    if (list && !s->list) {
        pt_load_error(l, PT_E_WRONG_NODE, value->place, "'%s' takes one value, not a list", s->name);
        return;
    }
    *out = (pt_setting_value){.given = true, .items = items};
    for (size_t i = 0; i < count; i++)
        out->n += read_item(r, s, &items[out->n], list ? value->items[i] : value, i);
}

void pt_model_read_settings(pt_model_reading *r)
{
    const pt_model_kind *k = r->def->kind;
    pt_setting_value *values = PT_NEW_ARRAY(r->fields.loader->arena, pt_setting_value, k->n_settings);

    if (!values) {
        r->fields.loader->nomem = true;
        return;
    }
    r->def->settings = values;
    for (size_t i = 0; i < k->n_settings; i++)
        read_setting(r, &k->settings[i], &values[i]);
}
