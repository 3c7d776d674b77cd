/* models: each entry of each file of models/ becomes a pt_model_def, and each of its tags a pt_tag among those of tags/. */
#include "project/models.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/compare.h"
#include "model/study.h"

static const char *const words[] = {"task", "label", "description", "owner", "seed", "tags"};

/* Keys that only some kinds know. */
static const struct {
    const char *key;
    unsigned uses;
} common[] = {
    {"population", PT_MODEL_POPULATION},
    {"target", PT_MODEL_TARGET},
    {"features", PT_MODEL_FEATURES},
    {"fairness", PT_MODEL_FEATURES},
    {"algorithm", PT_MODEL_ALGORITHM},
    {"prepare", PT_MODEL_ALGORITHM},
    {"measure", PT_MODEL_ALGORITHM},
    {"validation", PT_MODEL_VALIDATION},
    {"tuning", PT_MODEL_TUNING},
    {"train", PT_MODEL_DATES},
    {"test", PT_MODEL_DATES},
};

enum { MOST_KEYS = PT_COUNT(words) + PT_COUNT(common) + 64 };

/* --- values ------------------------------------------------------------------------------------------------------- */

bool pt_yaml_as_number(pt_loader *l, double *out, const pt_yaml *value, const char *key, double low, double high,
                       bool whole)
{
    const char *text;
    double number;

    if (!pt_yaml_as_text(l, &text, value, key))
        return false;
    if (pt_parse_double(&number, value->text) && (!whole || number == floor(number)) &&
        (low == high || (number >= low && number <= high))) {
        *out = number;
        return true;
    }
    pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'%s' is no value of '%s'", text, key);
    if (low == high)
        pt_diag_hint(l->diags, d, "a number");
    else
        pt_diag_hint(l->diags, d, whole ? "a whole number from %g to %g" : "a number from %g to %g", low, high);
    return false;
}

bool pt_field_number(const pt_fields *f, double *out, const char *key, double low, double high, bool whole)
{
    const pt_yaml *value = pt_field(f, key);

    return value && pt_yaml_as_number(f->loader, out, value, key, low, high, whole);
}

static bool find_tag(pt_loader *l, uint32_t *out, const pt_yaml *value)
{
    const pt_project *p = l->project;
    int tag = pt_project_find_tag(p, value->text);
    const char **names;

    if (tag >= 0 && !p->tags[tag].model) {
        *out = (uint32_t)tag;
        return true;
    }
    if (tag >= 0) {
        pt_load_error(l, PT_E_MODEL_FEATURE, value->place, "'%.*s' is given by a model", (int)value->text.len,
                      value->text.ptr);
        return false;
    }
    if (l->incomplete || !(names = PT_NEW_ARRAY(l->arena, const char *, p->n_tags + 1)))
        return false;
    for (size_t i = 0; i < p->n_tags; i++)
        names[i] = p->tags[i].name;
    pt_diag *d =
        pt_load_error(l, PT_E_MODEL_FEATURE, value->place, "unknown tag '%.*s'", (int)value->text.len, value->text.ptr);
    if (p->n_tags)
        pt_diag_suggest(l->diags, d, value->text, names, p->n_tags);
    return false;
}

bool pt_yaml_as_tags(pt_loader *l, const uint32_t **out, size_t *n, const pt_yaml *value, const char *key)
{
    size_t count = value->kind == PT_YAML_LIST ? value->n : 1;
    uint32_t *tags = PT_NEW_ARRAY(l->arena, uint32_t, count);
    size_t kept = 0;

    l->nomem |= !tags;
    for (size_t i = 0; i < count && tags; i++) {
        const pt_yaml *item = value->kind == PT_YAML_LIST ? value->items[i] : value;
        if (item->kind != PT_YAML_SCALAR)
            pt_load_error(l, PT_E_WRONG_NODE, item->place, "'%s': expected the name of a tag", key);
        else
            kept += find_tag(l, &tags[kept], item);
    }
    *out = tags;
    *n = kept;
    return kept == count;
}

static bool read_instant(pt_loader *l, int64_t *out, const pt_yaml *value, const char *key)
{
    const char *text;
    int32_t date;

    if (!pt_yaml_as_text(l, &text, value, key))
        return false;
    if (l->project->zone && pt_date_parse(&date, value->text)) {
        *out = pt_zone_midnight(l->project->zone, date);
        return true;
    }
    if (l->project->zone && pt_instant_parse(out, value->text, l->project->zone))
        return true;
    pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'%s' is no value of '%s'", text, key);
    pt_diag_hint(l->diags, d, "a date (2018-01-01) or an instant (2018-01-01T08:00:00+08:00)");
    return false;
}

pt_pending_expression *pt_model_expression_later(pt_model_reading *r, const pt_yaml *value, const char *role,
                                                 pt_setting_type type)
{
    pt_loader *l = r->fields.loader;
    pt_pending_expression *e = PT_NEW(l->arena, pt_pending_expression);
    /* A space is in no name of a project. */
    const char *name = pt_arena_printf(l->arena, "%s: %s", r->def->name, role);

    if (!e || !name) {
        l->nomem = true;
        return NULL;
    }
    e->twin = (pt_lang_tag){.name = name, .place = value->place, .version = 1};
    e->twin.value = pt_load_expression(l, &e->twin.place, value, r->fields.what);
    e->twin.type = type == PT_SETTING_VALUE ? PT_TYPE_NONE : PT_TYPE_BOOL;
    e->type = type;
    e->model = r->def->name;
    *l->expressions_end = e;
    l->expressions_end = &e->next;
    return e;
}

/* --- the common keys ------------------------------------------------------------------------------------------------ */

static void read_expressions(pt_model_reading *r)
{
    const pt_yaml *population = pt_field(&r->fields, "population"), *target = pt_field(&r->fields, "target");
    pt_pending_expression *e;

    if ((r->def->kind->uses & PT_MODEL_POPULATION) && population &&
        (e = pt_model_expression_later(r, population, "population", PT_SETTING_CONDITION)))
        e->whole = &r->def->population;
    if (!(r->def->kind->uses & PT_MODEL_TARGET))
        return;
    if (pt_field_required(&r->fields, "target") &&
        (e = pt_model_expression_later(r, target, "target", PT_SETTING_VALUE))) {
        e->whole = &r->def->target;
        e->twin.ahead = true;
    }
}

static void no_features(pt_loader *l, const pt_yaml *value)
{
    pt_diag *d = pt_load_error(l, PT_E_BAD_VALUE, value->place, "'features' names nothing to learn from");

    pt_diag_hint(l->diags, d, "features: auto, or a list of tags");
}

static void read_feature_map(pt_model_reading *r, const pt_yaml *map)
{
    static const char *const keys[] = {"auto", "except", "also"};
    pt_fields f = {.loader = r->fields.loader, .map = map, .owner = map->place, .what = "features"};

    pt_fields_known(&f, keys, PT_COUNT(keys));
    pt_field_bool(&f, &r->def->auto_features, "auto");
    const pt_yaml *also = pt_field(&f, "also");
    if (!r->def->auto_features && !(also && also->n))
        no_features(f.loader, map);
    if (pt_field(&f, "except"))
        pt_yaml_as_tags(f.loader, &r->def->except, &r->def->n_except, pt_field(&f, "except"), "except");
    if (pt_field(&f, "also"))
        pt_yaml_as_tags(f.loader, &r->def->features, &r->def->n_features, pt_field(&f, "also"), "also");
}

static void read_features(pt_model_reading *r)
{
    const pt_yaml *value = pt_field(&r->fields, "features"), *fairness = pt_field(&r->fields, "fairness");

    r->def->auto_features = true;
    if (fairness)
        pt_yaml_as_tags(r->fields.loader, &r->def->fairness, &r->def->n_fairness, fairness, "fairness");
    if (!value || (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("auto"))))
        return;
    if (value->kind == PT_YAML_MAP) {
        read_feature_map(r, value);
        return;
    }
    r->def->auto_features = false;
    pt_yaml_as_tags(r->fields.loader, &r->def->features, &r->def->n_features, value, "features");
    if (value->kind == PT_YAML_LIST && !value->n)
        no_features(r->fields.loader, value);
}

static void read_train(pt_model_reading *r)
{
    static const char *const keys[] = {"as_of"};
    pt_loader *l = r->fields.loader;
    const pt_yaml *value = pt_field(&r->fields, "train");

    if (value && value->kind == PT_YAML_MAP) {
        pt_fields f = {.loader = l, .map = value, .owner = value->place, .what = "train"};
        pt_fields_known(&f, keys, PT_COUNT(keys));
        value = pt_field_required(&f, "as_of");
    }
    if (!value)
        return;
    size_t count = value->kind == PT_YAML_LIST ? value->n : 1;
    int64_t *instants = PT_NEW_ARRAY(l->arena, int64_t, count);
    l->nomem |= !instants;
    for (size_t i = 0; i < count && instants; i++)
        r->def->n_train +=
            read_instant(l, &instants[r->def->n_train], value->kind == PT_YAML_LIST ? value->items[i] : value, "train");
    r->def->train = instants;
    if (r->def->n_train > 1)
        qsort(instants, r->def->n_train, sizeof *instants, pt_compare_i64);
    for (size_t i = 1; i < r->def->n_train; i++)
        if (instants[i] == instants[i - 1])
            pt_load_error(l, PT_E_MODEL_DATES, value->place, "an as-of is given twice");
}

static void read_test(pt_model_reading *r)
{
    const pt_yaml *value = pt_field(&r->fields, "test");
    const pt_model_def *def = r->def;

    r->def->test_unsaid = !value;
    if (!value || (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("none"))))
        return;
    r->def->has_test = read_instant(r->fields.loader, &r->def->test, value, "test");
    if (r->def->has_test && def->n_train && def->test <= def->train[def->n_train - 1]) {
        pt_diag *d =
            pt_load_error(r->fields.loader, PT_E_MODEL_DATES, value->place, "the test is not later than the training");
        pt_diag_hint(r->fields.loader->diags, d,
                     "what was learned is tried on a day after all days it was learned from");
    }
}

static void read_validation(pt_model_reading *r)
{
    static const char *const keys[] = {"folds", "repeats", "by", "holdout"}, *const ways[] = {"stratified", "plain",
                                                                                              "group", "time"};
    pt_validation *v = PT_NEW(r->fields.loader->arena, pt_validation);
    const pt_yaml *value = pt_field(&r->fields, "validation");
    pt_fields f = {.loader = r->fields.loader, .map = value, .owner = r->fields.owner, .what = "validation"};
    int64_t folds = 5, repeats = 1;
    int by = PT_SPLIT_STRATIFIED;

    r->fields.loader->nomem |= !v;
    if (!v)
        return;
    r->def->validation = v;
    *v = (pt_validation){.by = PT_SPLIT_STRATIFIED, .folds = 5, .repeats = 1, .holdout = 0.2};
    if (!value || !pt_load_is_map(f.loader, value, "validation"))
        return;
    pt_fields_known(&f, keys, PT_COUNT(keys));
    pt_field_int(&f, &folds, "folds", 2, 100);
    pt_field_int(&f, &repeats, "repeats", 1, 100);
    pt_field_choice(&f, &by, "by", ways, PT_COUNT(ways));
    if (pt_field_number(&f, &v->holdout, "holdout", 0.01, 0.9, false)) {
        if (pt_field(&f, "folds"))
            pt_load_error(f.loader, PT_E_KEYS_CLASH, pt_field_key(&f, "folds")->place,
                          "validation has both 'folds' and 'holdout'");
        folds = 0;
    }
    v->by = (pt_split_by)by;
    v->folds = (unsigned)folds;
    v->repeats = (unsigned)repeats;
}

static void read_tuning(pt_model_reading *r)
{
    static const char *const keys[] = {"search", "trials", "folds"}, *const ways[] = {"none", "grid", "random"};
    const pt_yaml *value = pt_field(&r->fields, "tuning");
    pt_fields f = {.loader = r->fields.loader, .map = value, .owner = r->fields.owner, .what = "tuning"};
    int64_t trials = 20, folds = 3;
    int search = PT_SEARCH_RANDOM;
    pt_tuning *t = PT_NEW(r->fields.loader->arena, pt_tuning);

    r->fields.loader->nomem |= !t;
    if (!t)
        return;
    r->def->tuning = t;
    if (!value || (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("none"))) ||
        !pt_load_is_map(f.loader, value, "tuning"))
        return;
    pt_fields_known(&f, keys, PT_COUNT(keys));
    pt_field_choice(&f, &search, "search", ways, PT_COUNT(ways));
    pt_field_int(&f, &trials, "trials", 1, 10000);
    pt_field_int(&f, &folds, "folds", 2, 20);
    *t = (pt_tuning){(pt_search)search, (unsigned)trials, (unsigned)folds};
}

static void read_preparation(pt_model_reading *r)
{
    static const char *const keys[] = {"encoding", "rare", "most_names", "shrinkage", "balance"}, *const encodings[] = {
                                                                                                      "auto", "one_hot",
                                                                                                      "ordinal",
                                                                                                      "target"};
    pt_preparation *p = PT_NEW(r->fields.loader->arena, pt_preparation);
    const pt_yaml *value = pt_field(&r->fields, "prepare");
    pt_fields f = {.loader = r->fields.loader, .map = value, .owner = r->fields.owner, .what = "prepare"};
    int encoding = PT_ENCODE_AUTO;
    int64_t most = (int64_t)pt_preparation_preset.most_names;

    r->fields.loader->nomem |= !p;
    if (!p)
        return;
    r->def->preparation = p;
    *p = pt_preparation_preset;
    if (!value || !pt_load_is_map(f.loader, value, "prepare"))
        return;
    pt_fields_known(&f, keys, PT_COUNT(keys));
    pt_field_choice(&f, &encoding, "encoding", encodings, PT_COUNT(encodings));
    pt_field_number(&f, &p->rare_share, "rare", 0, 0.5, false);
    pt_field_int(&f, &most, "most_names", 1, 10000);
    pt_field_number(&f, &p->shrinkage, "shrinkage", 0, 1e9, false);
    pt_field_bool(&f, &p->balance_classes, "balance");
    p->encoding = (pt_encoding)encoding;
    p->most_names = (size_t)most;
}

/* --- tags ----------------------------------------------------------------------------------------------------------- */

static const char *joined(pt_loader *l, const char *model, const char *output)
{
    const char *text = pt_arena_printf(l->arena, "%s · %s", model, output);

    l->nomem |= !text;
    return text;
}

/* What people see of a tag that says nothing itself. */
static void set_words(pt_loader *l, pt_tag *t, const pt_model_def *def, const pt_model_output *output)
{
    static const pt_label percent = {"百分比", "percent"};

    if (!t->group && !(t->group = pt_arena_printf(l->arena, "models/%s", def->name)))
        l->nomem = true;
    if (!t->label.zh && !t->label.en)
        t->label = (pt_label){joined(l, pt_label_text(def->label, "zh", def->name), output->label_zh),
                              joined(l, pt_label_text(def->label, "en", def->name), output->label_en)};
    if (!t->unit.zh && !t->unit.en && output->share)
        t->unit = percent;
    if (!t->description.zh && !t->description.en && def->description)
        t->description = *def->description;
}

static int read_output(pt_loader *l, const pt_model_kind *kind, const pt_yaml *value, pt_place place)
{
    const char *names[32];

    if (!value || value->kind != PT_YAML_SCALAR) {
        pt_load_error(l, PT_E_MISSING_KEY, value ? value->place : place,
                      "a tag of a model needs 'value': what the model gives");
        return -1;
    }
    int output = pt_model_kind_output(kind, value->text);
    if (output >= 0)
        return output;
    for (size_t i = 0; i < kind->n_outputs && i < PT_COUNT(names); i++)
        names[i] = kind->outputs[i].name;
    pt_diag *d = pt_load_error(l, PT_E_MODEL_OUTPUT, value->place, "a model of task '%s' does not give '%.*s'",
                               kind->task, (int)value->text.len, value->text.ptr);
    pt_diag_suggest(l->diags, d, value->text, names,
                    kind->n_outputs < PT_COUNT(names) ? kind->n_outputs : PT_COUNT(names));
    return -1;
}

static bool claim_tag(pt_loader *l, const pt_yaml *key)
{
    int same = pt_project_find_tag(l->project, key->text);

    if (!pt_load_name(l, key, PT_NAME_TAG) || !pt_load_not_source(l, key, "a tag"))
        return false;
    if (same < 0)
        return true;
    const pt_place *first = &l->project->tags[same].place;
    pt_diag *d =
        pt_load_error(l, PT_E_NAME_TAKEN, key->place, "a second tag '%.*s'", (int)key->text.len, key->text.ptr);
    pt_diag_hint(l->diags, d, "the first is at %s:%d", first->file, first->line);
    return false;
}

static void read_tag(pt_loader *l, pt_model_def *def, pt_model_tag *out, const pt_yaml *key, const pt_yaml *value)
{
    pt_project *p = l->project;
    pt_tag *t = &l->tags[p->n_tags];
    pt_lang_tag *twin = &l->tag_twins[p->n_tags];
    char what[sizeof "the tag ''" + 4 * PT_NAME_MOST_CHARACTERS];
    const pt_yaml *said = value;

    snprintf(what, sizeof what, "the tag '%.*s'", (int)key->text.len, key->text.ptr);
    *t = (pt_tag){.name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len),
                  .place = key->place,
                  .origin = PT_ORIGIN_MODEL,
                  .version = 1,
                  .model = def};
    *twin = (pt_lang_tag){.name = t->name, .place = key->place, .external = true, .version = 1};
    l->nomem |= !t->name;
    if (value->kind == PT_YAML_MAP) {
        pt_fields f = {.loader = l, .map = value, .owner = key->place, .what = what};
        said = pt_field(&f, "value");
        pt_load_tag_words(&f, t, true);
    }
    int output = read_output(l, def->kind, said, key->place);
    twin->type = output >= 0 ? def->kind->outputs[output].type : PT_TYPE_NONE;
    t->model_output = output >= 0 ? (uint32_t)output : 0;
    if (output >= 0)
        set_words(l, t, def, &def->kind->outputs[output]);
    if (!t->group)
        t->group = "models";
    *out = (pt_model_tag){(uint32_t)p->n_tags++, t->model_output};
}

static void read_tags(pt_model_reading *r)
{
    pt_loader *l = r->fields.loader;
    const pt_yaml *map = pt_field(&r->fields, "tags");
    pt_model_tag *tags;

    if (!map || !pt_load_is_map(l, map, "tags"))
        return;
    if (!(tags = PT_NEW_ARRAY(l->arena, pt_model_tag, map->n))) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n && !l->nomem; i++)
        if (claim_tag(l, map->keys[i]))
            read_tag(l, r->def, &tags[r->def->n_tags++], map->keys[i], map->items[i]);
    r->def->tags = tags;
}

/* --- a model ------------------------------------------------------------------------------------------------------ */

static bool read_task(pt_model_reading *r)
{
    size_t n;
    const pt_model_kind *const *kinds = pt_model_kinds(&n);
    const char *names[64];
    int task = 0;

    for (size_t i = 0; i < n && i < PT_COUNT(names); i++)
        names[i] = kinds[i]->task;
    if (!pt_field_required(&r->fields, "task") || !pt_field_choice(&r->fields, &task, "task", names, n))
        return false;
    r->def->kind = kinds[task];
    return true;
}

static void check_keys(const pt_model_reading *r)
{
    const char *keys[MOST_KEYS];
    const pt_model_kind *k = r->def->kind;
    size_t n = 0;

    for (size_t i = 0; i < PT_COUNT(words); i++)
        keys[n++] = words[i];
    for (size_t i = 0; i < PT_COUNT(common); i++)
        if (k->uses & common[i].uses)
            keys[n++] = common[i].key;
    for (size_t i = 0; i < k->n_settings && n < MOST_KEYS; i++)
        keys[n++] = k->settings[i].name;
    pt_fields_known(&r->fields, keys, n);
}

/* What must be known before the tags of other models can be named. */
static void read_head(pt_model_reading *r)
{
    pt_loader *l = r->fields.loader;
    pt_label *labels = PT_NEW_ARRAY(l->arena, pt_label, 2);

    if (!labels) {
        l->nomem = true;
        return;
    }
    if (!read_task(r))
        return;
    check_keys(r);
    pt_field_label(&r->fields, &labels[0], "label");
    pt_field_label(&r->fields, &labels[1], "description");
    pt_field_text(&r->fields, &r->def->owner, "owner");
    r->def->label = &labels[0];
    r->def->description = &labels[1];
    read_tags(r);
}

static void read_rest(pt_model_reading *r)
{
    unsigned uses = r->def->kind->uses;
    int64_t seed = 1;

    pt_field_int(&r->fields, &seed, "seed", 0, INT64_MAX);
    r->def->seed = (uint64_t)seed;
    read_expressions(r);
    if (uses & PT_MODEL_FEATURES)
        read_features(r);
    if (uses & PT_MODEL_DATES) {
        read_train(r);
        read_test(r);
    }
    if (uses & PT_MODEL_ALGORITHM) {
        pt_model_read_algorithms(r);
        read_preparation(r);
        pt_field_text(&r->fields, &r->def->measure, "measure");
    }
    if (uses & PT_MODEL_VALIDATION)
        read_validation(r);
    if (uses & PT_MODEL_TUNING)
        read_tuning(r);
    pt_model_read_settings(r);
}

static bool claim_model(pt_loader *l, const pt_yaml *key)
{
    const pt_project *p = l->project;

    if (!pt_load_name(l, key, PT_NAME_MODEL))
        return false;
    for (size_t i = 0; i < p->n_models; i++) {
        if (!pt_sv_eq(key->text, pt_sv_of(p->models[i].name)))
            continue;
        pt_diag *d =
            pt_load_error(l, PT_E_NAME_TAKEN, key->place, "a second model '%.*s'", (int)key->text.len, key->text.ptr);
        pt_diag_hint(l->diags, d, "the first is at %s:%d", p->models[i].place.file, p->models[i].place.line);
        return false;
    }
    return true;
}

static pt_model_reading reading_of(pt_loader *l, pt_model_def *def, const pt_yaml *map)
{
    const char *what = pt_arena_printf(l->arena, "the model '%s'", def->name);

    l->nomem |= !what;
    return (pt_model_reading){{.loader = l, .map = map, .owner = def->place, .what = what ? what : "a model"}, def};
}

static void read_entry(pt_loader *l, const pt_yaml *key, const pt_yaml *value)
{
    pt_project *p = l->project;
    pt_model_def *def = &l->models[p->n_models];

    if (!claim_model(l, key))
        return;
    *def = (pt_model_def){.name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len), .place = key->place};
    if (!def->name) {
        l->nomem = true;
        return;
    }
    pt_model_reading r = reading_of(l, def, value);
    if (!pt_load_is_map(l, value, r.fields.what))
        return;
    read_head(&r);
    if (def->kind)
        l->model_maps[p->n_models++] = value;
}

size_t pt_load_model_tags_most(const pt_loader *l)
{
    size_t n = 0;

    for (size_t i = 0; i < l->model_files.n; i++) {
        const pt_yaml *root = l->model_files.items[i].root;
        for (size_t k = 0; root && root->kind == PT_YAML_MAP && k < root->n; k++) {
            const pt_yaml *model = root->items[k];
            for (size_t t = 0; model->kind == PT_YAML_MAP && t < model->n; t++)
                if (pt_sv_eq(model->keys[t]->text, PT_SV("tags")) && model->items[t]->kind == PT_YAML_MAP)
                    n += model->items[t]->n;
        }
    }
    return n;
}

void pt_load_models(pt_loader *l)
{
    pt_project *p = l->project;
    size_t most = pt_documents_entries(l, &l->model_files);

    l->expressions_end = &l->expressions;
    l->models = PT_NEW_ARRAY(l->arena, pt_model_def, most);
    l->model_maps = PT_NEW_ARRAY(l->arena, const pt_yaml *, most);
    p->models = l->models;
    l->nomem |= !l->models || !l->model_maps;
    for (size_t i = 0; i < l->model_files.n && !l->nomem; i++) {
        const pt_yaml *root = l->model_files.items[i].root;
        for (size_t k = 0; root && k < root->n && !l->nomem; k++)
            read_entry(l, root->keys[k], root->items[k]);
    }
    p->catalog.n_tags = p->n_tags;
    for (size_t i = 0; i < p->n_models && !l->nomem; i++) {
        pt_model_reading r = reading_of(l, &l->models[i], l->model_maps[i]);
        read_rest(&r);
    }
}

int pt_project_find_model(const pt_project *p, pt_sv name)
{
    for (size_t i = 0; i < p->n_models; i++)
        if (pt_sv_eq(name, pt_sv_of(p->models[i].name)))
            return (int)i;
    return -1;
}
