/* `link:` of identity.yaml. */
#include "project/load_link.h"

#include <math.h>
#include <stdio.h>

#include "link/codes.h"

static const char *const link_keys[] = {"sources",     "columns", "blocking", "sure",   "recall",        "prior",
                                        "comparisons", "never",   "auto",     "review", "largest_block", "train"};

enum { NAMES_MOST = 512 }; /* that are suggested from */

pt_link_kind pt_link_kind_find(pt_sv word)
{
    int k = 0;

    while (k < PT_LINK_KINDS && !pt_sv_eq(word, pt_sv_of(pt_link_kind_name((pt_link_kind)k))))
        k++;
    return (pt_link_kind)k;
}

/* --- what is there ------------------------------------------------------------------------------------------------- */

static bool is_linked(const pt_link_reading *r, uint32_t source)
{
    if (r->loader->project->sources[source].kind != PT_SOURCE_RECORD)
        return false;
    for (size_t i = 0; i < r->config->n_sources; i++)
        if (r->config->sources[i] == source)
            return true;
    return !r->config->n_sources;
}

static bool eq(const char *a, pt_sv b)
{
    return a && pt_sv_eq(b, pt_sv_of(a));
}

/* Names that rules may use for columns, and where they come from. */
static void add_name(pt_link_reading *r, const char *name)
{
    if (name && r->n_names < NAMES_MOST)
        r->names[r->n_names++] = name;
}

static void collect_names(pt_link_reading *r)
{
    const pt_project *p = r->loader->project;

    for (uint32_t s = 0; s < p->n_sources; s++) {
        for (size_t c = 0; is_linked(r, s) && c < p->sources[s].n_columns; c++)
            add_name(r, p->sources[s].columns[c].name);
        for (size_t i = 0; is_linked(r, s) && i < p->sources[s].n_identifiers; i++)
            add_name(r, p->sources[s].identifiers[i].type);
    }
    for (int k = 0; k < PT_LINK_KINDS; k++)
        add_name(r, pt_link_kind_name((pt_link_kind)k));
}

static bool has_column(const pt_source *s, pt_sv column)
{
    for (size_t i = 0; i < s->n_identifiers; i++)
        if (eq(s->identifiers[i].type, column))
            return true;
    return pt_source_find_column(s, column) >= 0;
}

static bool is_column(const pt_link_reading *r, pt_sv source, pt_sv column)
{
    const pt_project *p = r->loader->project;

    for (uint32_t s = 0; s < p->n_sources; s++)
        if (is_linked(r, s) && (!source.len || eq(p->sources[s].name, source)) && has_column(&p->sources[s], column))
            return true;
    return false;
}

static bool is_known(const pt_link_reading *r, pt_sv source, pt_sv column)
{
    for (size_t i = 0; !source.len && i < r->n_names; i++)
        if (eq(r->names[i], column))
            return true;
    return is_column(r, source, column);
}

static void unknown_column(const pt_link_reading *r, pt_place place, pt_sv source, pt_sv column)
{
    pt_loader *l = r->loader;

    if (l->incomplete)
        return;
    pt_diag *d =
        pt_load_error(l, PT_E_LINK_COLUMN, place, "no linked source has a column '%.*s%s%.*s'", (int)source.len,
                      source.ptr ? source.ptr : "", source.len ? "." : "", (int)column.len, column.ptr);
    pt_diag_suggest(l->diags, d, column, r->names, r->n_names);
}

static void check_column(void *ctx, const pt_link_expr *e)
{
    const pt_link_reading *r = ctx;

    if (!is_known(r, e->source, e->column))
        unknown_column(r, e->place, e->source, e->column);
}

/* --- sources ------------------------------------------------------------------------------------------------------- */

static void unknown_source(pt_loader *l, const pt_yaml *name)
{
    const pt_project *p = l->project;
    const char *names[64];
    size_t n = 0;

    for (size_t s = 0; s < p->n_sources && n < PT_COUNT(names); s++)
        if (p->sources[s].kind == PT_SOURCE_RECORD)
            names[n++] = p->sources[s].name;
    if (l->incomplete)
        return;
    pt_diag *d = pt_load_error(l, PT_E_LINK_SOURCE, name->place, "no source of kind record is called '%.*s'",
                               (int)name->text.len, name->text.ptr);
    if (n)
        pt_diag_suggest(l->diags, d, name->text, names, n);
}

static void mark_source(pt_link_reading *r, bool *chosen, const pt_yaml *name)
{
    pt_loader *l = r->loader;
    const char *text;

    if (!pt_yaml_as_text(l, &text, name, "sources"))
        return;
    int s = pt_project_find_source(l->project, name->text);
    if (s < 0 || l->project->sources[s].kind != PT_SOURCE_RECORD) {
        unknown_source(l, name);
        return;
    }
    if (!l->project->sources[s].n_identifiers) {
        pt_diag *d = pt_load_error(l, PT_E_LINK_SOURCE, name->place, "the source '%s' has no identifiers", text);
        pt_diag_hint(l->diags, d, "rows are linked by their identifiers: say which column is one under 'customer'");
        return;
    }
    chosen[s] = true;
}

static void read_sources(pt_link_reading *r)
{
    const pt_yaml *value = pt_field(&r->fields, "sources");
    size_t n = r->loader->project->n_sources;

    if (!value)
        return;
    if (value->kind == PT_YAML_MAP) {
        pt_load_error(r->loader, PT_E_WRONG_NODE, value->place, "'sources': expected a list of names");
        return;
    }
    bool *chosen = PT_NEW_ARRAY(r->loader->arena, bool, n + 1);
    uint32_t *sources = PT_NEW_ARRAY(r->loader->arena, uint32_t, n + 1);
    if (!chosen || !sources) {
        r->loader->nomem = true;
        return;
    }
    if (value->kind != PT_YAML_LIST)
        mark_source(r, chosen, value);
    for (size_t i = 0; value->kind == PT_YAML_LIST && i < value->n; i++)
        mark_source(r, chosen, value->items[i]);
    for (uint32_t s = 0; s < n; s++)
        if (chosen[s])
            sources[r->config->n_sources++] = s;
    r->config->sources = sources;
}

/* --- columns ------------------------------------------------------------------------------------------------------- */

static bool read_kind(pt_loader *l, int *out, const pt_yaml *value)
{
    const char *names[PT_LINK_KINDS + 1], *text;
    size_t n = 0;

    if (!pt_yaml_as_text(l, &text, value, "kind"))
        return false;
    for (int k = 0; k < PT_LINK_KINDS; k++)
        if (pt_link_kind_is_of_columns((pt_link_kind)k))
            names[n++] = pt_link_kind_name((pt_link_kind)k);
    names[n++] = "ignore";
    if (pt_sv_eq(value->text, PT_SV("ignore"))) {
        *out = PT_LINK_IGNORED;
        return true;
    }
    *out = pt_link_kind_find(value->text);
    if (*out < PT_LINK_KINDS && pt_link_kind_is_of_columns((pt_link_kind)*out))
        return true;
    pt_diag *d = pt_load_error(l, PT_E_LINK_KIND, value->place, "unknown kind of column '%s'", text);
    pt_diag_suggest(l->diags, d, value->text, names, n);
    return false;
}

/* {kind: phone, as: mobile} */
static bool read_choice(pt_loader *l, pt_link_column_choice *c, const pt_yaml *value)
{
    static const char *const keys[] = {"kind", "as"};
    pt_fields f = {.loader = l, .map = value, .owner = c->place, .what = "a linked column"};

    if (value->kind != PT_YAML_MAP)
        return read_kind(l, &c->kind, value);
    pt_fields_known(&f, keys, PT_COUNT(keys));
    const pt_yaml *kind = pt_field(&f, "kind"), *as = pt_field(&f, "as");
    if (!kind && !as)
        pt_load_error(l, PT_E_MISSING_KEY, c->place, "a linked column needs 'kind' or 'as'");
    if (as && as->kind == PT_YAML_SCALAR && !pt_load_name(l, as, PT_NAME_COLUMN))
        return false;
    if (as && !pt_yaml_as_text(l, &c->as, as, "as"))
        return false;
    return kind ? read_kind(l, &c->kind, kind) : as != NULL;
}

static bool find_column(pt_link_reading *r, pt_link_column_choice *c, const pt_yaml *key)
{
    const char *dot = memchr(key->text.ptr, '.', key->text.len);
    pt_sv source = {key->text.ptr, dot ? (size_t)(dot - key->text.ptr) : 0};
    pt_sv column = dot ? (pt_sv){dot + 1, key->text.len - source.len - 1} : key->text;

    c->column = pt_arena_strndup(r->loader->arena, column.ptr, column.len);
    r->loader->nomem |= !c->column;
    c->source = dot ? pt_project_find_source(r->loader->project, source) : -1;
    if (is_column(r, source, column))
        return true;
    unknown_column(r, key->place, source, column);
    return false;
}

static void read_columns(pt_link_reading *r)
{
    const pt_yaml *map = pt_field(&r->fields, "columns");

    if (!map || !pt_load_is_map(r->loader, map, "'columns' of 'link'"))
        return;
    pt_link_column_choice *columns = PT_NEW_ARRAY(r->loader->arena, pt_link_column_choice, map->n);
    if (!columns) {
        r->loader->nomem = true;
        return;
    }
    r->config->columns = columns;
    for (size_t i = 0; i < map->n; i++) {
        pt_link_column_choice c = {.source = -1, .kind = PT_LINK_NO_KIND, .place = map->keys[i]->place};
        bool found = find_column(r, &c, map->keys[i]), read = read_choice(r->loader, &c, map->items[i]);
        add_name(r, c.as);
        if (found && read)
            columns[r->config->n_columns++] = c;
    }
}

/* --- lists of expressions ------------------------------------------------------------------------------------------ */

static int open_brackets(pt_sv text)
{
    int open = 0;

    for (size_t i = 0; i < text.len; i++)
        open += (text.ptr[i] == '(') - (text.ptr[i] == ')');
    return open;
}

/* How many items from the i-th on are one expression that YAML has cut at its commas; 1: it is whole. */
static size_t count_cut(const pt_yaml *list, size_t i)
{
    int open = 0;

    for (size_t k = i; list->flow && k < list->n && list->items[k]->kind == PT_YAML_SCALAR; k++)
        if ((open += open_brackets(list->items[k]->text)) <= 0)
            return open ? 1 : k - i + 1;
    return 1;
}

/* One problem for all of them. */
static void refuse_cut(pt_loader *l, const pt_yaml *list, size_t i, size_t n)
{
    pt_str text = {0};
    pt_diag *d = pt_load_error(l, PT_E_LINK_EXPRESSION, list->items[i]->place, "a list has cut this at its comma");

    for (size_t k = i; k < i + n; k++) {
        pt_str_add(&text, k > i ? ", " : "");
        pt_str_addsv(&text, list->items[k]->text);
    }
    pt_diag_hint(l->diags, d, "between brackets a text with a comma stands in quotes: \"%s\"", pt_str_cstr(&text));
    l->nomem |= text.failed;
    pt_str_free(&text);
}

/* --- rules that make keys ------------------------------------------------------------------------------------------ */

static void read_key_rule(pt_link_reading *r, pt_link_key_rule *rules, size_t *n, const pt_yaml *value,
                          const char *what)
{
    pt_loader *l = r->loader;
    pt_place place;
    pt_sv text = pt_load_expression(l, &place, value, what);
    pt_err err = {0};

    if (!text.len)
        return;
    pt_link_key_rule *rule = &rules[*n];
    *rule = (pt_link_key_rule){.text = pt_arena_strndup(l->arena, text.ptr, text.len), .place = value->place};
    if (!rule->text || pt_link_read_expr(&rule->expr, text, place, l->diags, l->arena, &err) != PT_OK)
        l->nomem = true;
    if (!rule->expr)
        return;
    pt_link_expr_columns(rule->expr, r, check_column);
    ++*n;
}

/* A list of expressions, or {only: [...]}. */
static void read_key_rules(pt_link_reading *r, const char *key, const pt_link_key_rule **out, size_t *n, bool *only)
{
    static const char *const words[] = {"only"};
    const pt_yaml *value = pt_field(&r->fields, key);

    if (value && value->kind == PT_YAML_MAP) {
        pt_fields f = {.loader = r->loader, .map = value, .owner = value->place, .what = key};
        pt_fields_known(&f, words, PT_COUNT(words));
        value = pt_field_required(&f, "only");
        *only = value != NULL;
    }
    if (!value)
        return;
    if (value->kind == PT_YAML_MAP) {
        pt_load_error(r->loader, PT_E_WRONG_NODE, value->place, "'%s': expected a list of expressions", key);
        return;
    }
    size_t most = value->kind == PT_YAML_LIST ? value->n : 1;
    pt_link_key_rule *rules = PT_NEW_ARRAY(r->loader->arena, pt_link_key_rule, most);
    if (!rules) {
        r->loader->nomem = true;
        return;
    }
    if (most > PT_LINK_RULES_MAX) {
        pt_load_error(r->loader, PT_E_BAD_VALUE, value->place, "'%s' has more than %d rules", key, PT_LINK_RULES_MAX);
        return;
    }
    for (size_t i = 0, cut; i < most; i += cut) {
        cut = value->kind == PT_YAML_LIST ? count_cut(value, i) : 1;
        if (cut > 1)
            refuse_cut(r->loader, value, i, cut);
        else
            read_key_rule(r, rules, n, value->kind == PT_YAML_LIST ? value->items[i] : value, key);
    }
    *out = rules;
}

/* --- comparisons --------------------------------------------------------------------------------------------------- */

static void read_level(pt_link_reading *r, const pt_link_level_rule **levels, uint32_t *n, const pt_yaml *value)
{
    pt_loader *l = r->loader;
    pt_place place;
    pt_sv text = pt_load_expression(l, &place, value, "a level");
    pt_err err = {0};

    if (!text.len)
        return;
    if (pt_link_read_level(&levels[*n], text, place, l->diags, l->arena, &err) != PT_OK)
        l->nomem = true;
    if (!levels[*n])
        return;
    pt_link_level_columns(levels[*n], r, check_column);
    ++*n;
}

static void read_levels(pt_link_reading *r, pt_link_comparison_rule *c, const pt_yaml *value)
{
    size_t most = value->kind == PT_YAML_LIST ? value->n : 1;

    if (value->kind == PT_YAML_MAP) {
        pt_load_error(r->loader, PT_E_WRONG_NODE, value->place, "'levels': expected a list, such as [same, edits 1]");
        return;
    }
    if (most > PT_LINK_LEVELS_MAX || !most) {
        pt_load_error(r->loader, PT_E_BAD_VALUE, value->place, "a comparison has 1 to %d levels", PT_LINK_LEVELS_MAX);
        return;
    }
    const pt_link_level_rule **levels = PT_NEW_ARRAY(r->loader->arena, const pt_link_level_rule *, most);
    if (!levels) {
        r->loader->nomem = true;
        return;
    }
    for (size_t i = 0, cut; i < most; i += cut) {
        cut = value->kind == PT_YAML_LIST ? count_cut(value, i) : 1;
        if (cut > 1)
            refuse_cut(r->loader, value, i, cut);
        else
            read_level(r, levels, &c->n_levels, value->kind == PT_YAML_LIST ? value->items[i] : value);
    }
    c->levels = levels;
}

static void read_comparison(pt_link_reading *r, pt_link_comparison_rule *c, const pt_yaml *value)
{
    static const char *const keys[] = {"levels", "frequency", "group"};
    pt_fields f = {.loader = r->loader, .map = value, .owner = c->place, .what = "a comparison"};
    bool by_frequency;

    if (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("none"))) {
        c->ignored = true;
        return;
    }
    if (value->kind != PT_YAML_MAP) {
        read_levels(r, c, value);
        return;
    }
    pt_fields_known(&f, keys, PT_COUNT(keys));
    if (pt_field(&f, "levels"))
        read_levels(r, c, pt_field(&f, "levels"));
    if (pt_field_bool(&f, &by_frequency, "frequency"))
        c->by_frequency = by_frequency;
    if (pt_field_text(&f, &c->group, "group") && pt_sv_eq(pt_sv_of(c->group), PT_SV("none")))
        c->group = "";
}

/* The first level of a comparison by frequency is equality of the column. */
static void check_frequency(pt_link_reading *r, const pt_link_comparison_rule *c)
{
    const pt_link_level_rule *first = c->n_levels ? c->levels[0] : NULL;

    if (c->by_frequency != 1 || !first || (first->test == PT_LINK_SAME && !first->of && !first->also))
        return;
    pt_diag *d = pt_load_error(r->loader, PT_E_LINK_LEVEL, c->place,
                               "'frequency' needs 'same' as the first level of '%s'", c->column);
    pt_diag_hint(r->loader->diags, d, "how frequent a value is says something of pairs that have it in common");
}

/* Groups have numbers of few bits: those of the kinds, and what is left. */
static void check_groups(pt_link_reading *r)
{
    const char *seen[PT_LINK_GROUPS] = {"household", "name"};
    size_t n = 2;

    for (size_t i = 0; i < r->config->n_comparisons; i++) {
        const pt_link_comparison_rule *c = &r->config->comparisons[i];
        size_t g = 0;
        while (c->group && c->group[0] && g < n && strcmp(seen[g], c->group) != 0)
            g++;
        if (!c->group || !c->group[0] || g < n)
            continue;
        if (n < PT_LINK_GROUPS - 1) {
            seen[n++] = c->group;
            continue;
        }
        pt_diag *d = pt_load_error(r->loader, PT_E_BAD_VALUE, c->place, "the group '%s' is one too many", c->group);
        pt_diag_hint(r->loader->diags, d, "at most %d groups: household and name are two of them", PT_LINK_GROUPS - 1);
    }
}

static void read_comparisons(pt_link_reading *r)
{
    const pt_yaml *map = pt_field(&r->fields, "comparisons");

    if (!map || !pt_load_is_map(r->loader, map, "'comparisons'"))
        return;
    pt_link_comparison_rule *all = PT_NEW_ARRAY(r->loader->arena, pt_link_comparison_rule, map->n);
    if (!all) {
        r->loader->nomem = true;
        return;
    }
    r->config->comparisons = all;
    for (size_t i = 0; i < map->n; i++) {
        const pt_yaml *key = map->keys[i];
        pt_link_comparison_rule *c = &all[r->config->n_comparisons++];
        *c = (pt_link_comparison_rule){.column = key->text.ptr, .by_frequency = -1, .place = key->place};
        if (!is_known(r, (pt_sv){0}, key->text))
            unknown_column(r, key->place, (pt_sv){0}, key->text);
        read_comparison(r, c, map->items[i]);
        check_frequency(r, c);
    }
    check_groups(r);
}

/* --- never --------------------------------------------------------------------------------------------------------- */

static int find_type(const pt_project *p, pt_sv name)
{
    for (size_t i = 0; i < p->identity.n_types; i++)
        if (eq(p->identity.types[i].name, name))
            return (int)i;
    return -1;
}

static void read_never(pt_link_reading *r)
{
    const pt_yaml *value = pt_field(&r->fields, "never");
    const char *const *names;
    size_t n;

    if (!pt_field_texts(&r->fields, &names, &n, "never"))
        return;
    pt_link_never *never = PT_NEW_ARRAY(r->loader->arena, pt_link_never, n);
    if (!never) {
        r->loader->nomem = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        pt_place place = value->kind == PT_YAML_LIST ? value->items[i]->place : value->place;
        pt_sv name = pt_sv_of(names[i]);
        never[i] = (pt_link_never){names[i], find_type(r->loader->project, name), place};
        if (never[i].type < 0 && !is_known(r, (pt_sv){0}, name))
            unknown_column(r, place, (pt_sv){0}, name);
    }
    r->config->never = never;
    r->config->n_never = n;
}

/* --- numbers ------------------------------------------------------------------------------------------------------- */

static void read_training(pt_link_reading *r)
{
    static const char *const words[] = {"em", "labels"};
    int choice = 0;

    pt_field_choice(&r->fields, &choice, "train", words, PT_COUNT(words));
    r->config->train_labels = choice == 1;
}

static void read_numbers(pt_link_reading *r)
{
    pt_link_config *c = r->config;
    pt_fields *f = &r->fields;
    int64_t largest;

    pt_field_number(f, &c->auto_from, "auto", 0.5, 1, false);
    c->review_from = fmin(c->review_from, c->auto_from);
    pt_field_number(f, &c->review_from, "review", 0.01, 1, false);
    if (c->review_from > c->auto_from) {
        pt_diag *d = pt_load_error(r->loader, PT_E_BAD_VALUE, pt_field(f, "review")->place,
                                   "'review' is above 'auto', %g", c->auto_from);
        pt_diag_hint(r->loader->diags, d, "people are asked of pairs from 'review' up to 'auto'");
    }
    pt_field_number(f, &c->recall, "recall", 0.01, 1, false);
    pt_field_number(f, &c->prior, "prior", 1e-12, 0.999, false);
    if (pt_field_int(f, &largest, "largest_block", 2, INT32_MAX))
        c->largest_block = (uint64_t)largest;
}

/* --- the hash ------------------------------------------------------------------------------------------------------ */

static void put_tree(pt_str *s, const pt_yaml *n)
{
    if (n->kind == PT_YAML_SCALAR) {
        pt_str_addf(s, "%zu:", n->text.len);
        pt_str_addsv(s, n->text);
        return;
    }
    pt_str_addf(s, "%d(%zu", (int)n->kind, n->n);
    for (size_t i = 0; i < n->n; i++) {
        pt_str_addc(s, ' ');
        if (n->kind == PT_YAML_MAP)
            put_tree(s, n->keys[i]);
        put_tree(s, n->items[i]);
    }
    pt_str_addc(s, ')');
}

static pt_hash128 hash_of(pt_loader *l, const pt_yaml *tree)
{
    pt_str s = {0};
    pt_hash128 hash;

    put_tree(&s, tree);
    hash = pt_hash128_of(pt_str_cstr(&s), s.len);
    l->nomem |= s.failed;
    pt_str_free(&s);
    return hash;
}

/* --- the whole section --------------------------------------------------------------------------------------------- */

/* `auto`, {}: everything by default; `none`: no linking. */
static bool is_on(pt_loader *l, const pt_yaml *value)
{
    static const char *const words[] = {"auto", "none"};

    if (value->kind == PT_YAML_MAP)
        return true;
    if (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("auto")))
        return true;
    if (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("none")))
        return false;
    pt_diag *d = pt_load_error(l, value->kind == PT_YAML_SCALAR ? PT_E_BAD_VALUE : PT_E_WRONG_NODE, value->place,
                               "'link' is a mapping, 'auto' or 'none'");
    if (value->kind == PT_YAML_SCALAR)
        pt_diag_suggest(l->diags, d, value->text, words, PT_COUNT(words));
    return false;
}

void pt_load_link(pt_loader *l, const pt_fields *file)
{
    const pt_yaml *value = pt_field(file, "link");
    pt_link_config *config = PT_NEW(l->arena, pt_link_config);
    const char **names = PT_NEW_ARRAY(l->arena, const char *, NAMES_MOST);

    if (!config || !names) {
        l->nomem = true;
        return;
    }
    config->auto_from = 0.95;
    config->review_from = 0.5;
    l->project->link = config;
    if (!value || !is_on(l, value))
        return;
    config->on = true;
    config->place = pt_field_key(file, "link")->place;
    config->hash = hash_of(l, value);
    pt_link_reading r = {.loader = l, .config = config, .names = names};
    r.fields = (pt_fields){
        .loader = l, .map = value->kind == PT_YAML_MAP ? value : NULL, .owner = config->place, .what = "'link'"};
    pt_fields_known(&r.fields, link_keys, PT_COUNT(link_keys));
    read_sources(&r);
    collect_names(&r);
    read_columns(&r);
    read_key_rules(&r, "blocking", &config->blocking, &config->n_blocking, &config->blocking_only);
    read_key_rules(&r, "sure", &config->sure, &config->n_sure, &config->sure_only);
    read_comparisons(&r);
    read_never(&r);
    read_training(&r);
    read_numbers(&r);
}

/* --- answers ------------------------------------------------------------------------------------------------------- */

const pt_link_column_choice *pt_link_choice(const pt_link_config *c, uint32_t source, const char *column)
{
    const pt_link_column_choice *found = NULL;

    for (size_t i = 0; i < c->n_columns; i++) {
        const pt_link_column_choice *x = &c->columns[i];
        if (strcmp(x->column, column) == 0 && (x->source == (int)source || (x->source < 0 && !found)))
            found = x;
    }
    return found;
}

typedef struct wanted {
    const char *source, *column, *as;
    bool found;
} wanted;

static void look(void *ctx, const pt_link_expr *e)
{
    wanted *w = ctx;

    w->found |= eq(w->as, e->column) && !e->source.len;
    w->found |= eq(w->column, e->column) && (!e->source.len || eq(w->source, e->source));
}

bool pt_link_is_named(const pt_link_config *c, const char *source, const char *column, const char *as)
{
    wanted w = {source, column, as, false};

    for (size_t i = 0; i < c->n_blocking; i++)
        pt_link_expr_columns(c->blocking[i].expr, &w, look);
    for (size_t i = 0; i < c->n_sure; i++)
        pt_link_expr_columns(c->sure[i].expr, &w, look);
    for (size_t i = 0; i < c->n_comparisons; i++) {
        pt_link_expr named = {.column = pt_sv_of(c->comparisons[i].column)};
        look(&w, &named);
        for (uint32_t k = 0; k < c->comparisons[i].n_levels; k++)
            pt_link_level_columns(c->comparisons[i].levels[k], &w, look);
    }
    for (size_t i = 0; i < c->n_never; i++) {
        pt_link_expr named = {.column = pt_sv_of(c->never[i].name)};
        look(&w, &named);
    }
    return w.found;
}
