/* What needs the whole project: the catalogue for the language, the check of all expressions, and what follows from
 * it. */
#include "project/load.h"

static bool make_catalog(pt_loader *l)
{
    pt_project *p = l->project;
    pt_lang_source *sources = PT_NEW_ARRAY(l->arena, pt_lang_source, p->n_sources);

    if (!sources)
        return false;
    for (size_t s = 0; s < p->n_sources; s++) {
        const pt_source *from = &p->sources[s];
        pt_lang_column *columns = PT_NEW_ARRAY(l->arena, pt_lang_column, from->n_columns);
        if (!columns)
            return false;
        for (size_t c = 0; c < from->n_columns; c++)
            columns[c] = (pt_lang_column){from->columns[c].name, from->columns[c].type};
        sources[s] = (pt_lang_source){from->name, from->kind, columns, from->n_columns};
    }
    p->catalog.sources = sources;
    p->catalog.n_sources = p->n_sources;
    return true;
}

static void check_card(pt_loader *l)
{
    const pt_project *p = l->project;
    pt_fields f = {.loader = l, .map = l->config.root, .what = "portrait.yaml"};
    const pt_yaml *card = f.map && f.map->kind == PT_YAML_MAP ? pt_field(&f, "card") : NULL;
    const char **names = PT_NEW_ARRAY(l->arena, const char *, p->n_tags);

    if (!names) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < p->n_tags; i++)
        names[i] = p->tags[i].name;
    for (size_t i = 0; card && card->kind == PT_YAML_LIST && i < card->n; i++) {
        const pt_yaml *item = card->items[i];
        if (item->kind != PT_YAML_SCALAR || l->incomplete || pt_project_find_tag(p, item->text) >= 0)
            continue;
        pt_diag *d =
            pt_load_error(l, PT_E_UNKNOWN_TAG, item->place, "unknown tag '%.*s'", (int)item->text.len, item->text.ptr);
        if (p->n_tags)
            pt_diag_suggest(l->diags, d, item->text, names, p->n_tags);
    }
}

/* --- origin ------------------------------------------------------------------------------------------------------- */

/* A fact uses columns of records and tags that are facts, and at least one of them. */
static pt_rc is_fact(bool *out, const pt_project *p, const pt_node *node, pt_arena *arena, pt_err *err)
{
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, arena, err));
    *out = uses.n_tags + uses.n_columns > 0 && uses.n_bases == 0;
    for (size_t i = 0; i < uses.n_columns; i++)
        *out &= p->sources[uses.columns[i].source].kind == PT_SOURCE_RECORD;
    for (size_t i = 0; i < uses.n_tags; i++)
        *out &= p->tags[uses.tags[i]].origin == PT_ORIGIN_FACT;
    return PT_OK;
}

static pt_rc find_origins(pt_loader *l, pt_err *err)
{
    const pt_project *p = l->project;

    for (size_t i = 0; i < p->n_tags; i++) {
        uint32_t t = p->module->order[i];
        bool fact = false;
        if (l->tags[t].origin != PT_ORIGIN_UNSET)
            continue;
        if (p->catalog.tags[t].n_tiers > 0) {
            l->tags[t].origin = PT_ORIGIN_RULE;
            continue;
        }
        if (p->module->tags[t])
            PT_TRY(is_fact(&fact, p, p->module->tags[t], l->arena, err));
        l->tags[t].origin = fact ? PT_ORIGIN_FACT : PT_ORIGIN_STATISTIC;
    }
    return PT_OK;
}

static void warn_empty(pt_loader *l)
{
    if (l->project->n_sources > 0 || l->incomplete)
        return;
    pt_place place = {.file = l->config.path, .text = l->config.bytes, .line = 1, .col = 1, .length = 1};
    pt_diag *d = pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_NO_SOURCES, place, "the project has no sources");
    pt_diag_hint(l->diags, d, "write one into sources/, for example sources/orders.yaml");
}

/* --- expressions -------------------------------------------------------------------------------------------------- */

/* lang's codes for a name that is not in the catalogue. */
enum { UNKNOWN_NAME = 301, UNKNOWN_SOURCE = 302, UNKNOWN_COLUMN = 303 };

/* When a file could not be read, what it defines is not missing: nothing is said of names that may be in it. */
static bool is_worth_saying(const pt_loader *l, const pt_diag *d)
{
    return !l->incomplete || (d->code != UNKNOWN_NAME && d->code != UNKNOWN_SOURCE && d->code != UNKNOWN_COLUMN);
}

pt_rc pt_load_expressions(pt_loader *l, pt_module **module, const pt_catalog *catalog, const char *folder, pt_err *err)
{
    pt_diags found;

    pt_diags_init(&found, l->arena);
    pt_rc rc = pt_lang_check(module, catalog, &found, l->arena, err);
    for (size_t i = 0; i < found.n; i++) {
        const pt_diag *f = &found.items[i];
        if (!is_worth_saying(l, f) || !pt_sv_has_prefix(pt_sv_of(f->place.file), folder))
            continue;
        pt_diag *d = pt_diags_add(l->diags, f->severity, f->code, f->place, "%s", f->msg);
        if (f->hint)
            pt_diag_hint(l->diags, d, "%s", f->hint);
    }
    l->nomem |= found.nomem;
    pt_diags_free(&found);
    return rc;
}

static void check_histories(pt_loader *l, const pt_module *module)
{
    for (size_t i = 0; i < l->project->n_tags; i++)
        if (l->tags[i].history == PT_KEPT_ALWAYS && pt_type_is_list(module->types[i]))
            pt_load_error(l, PT_E_BAD_VALUE, l->tags[i].place, "the history of a list is not kept");
}

pt_rc pt_load_check(pt_loader *l, pt_err *err)
{
    pt_project *p = l->project;
    pt_module *module = NULL;

    if (!make_catalog(l))
        return pt_fail_nomem(err, "the catalogue");
    check_card(l);
    warn_empty(l);
    PT_TRY(pt_load_expressions(l, &module, &p->catalog, "", err));
    PT_TRY(pt_load_lint(l, l->diags->errors == 0 ? module : NULL, err));
    PT_TRY(pt_load_conditions(l, module, err));
    PT_TRY(pt_load_learning(l, err));
    check_histories(l, module);
    if (l->diags->errors == 0)
        p->module = module;
    if (p->module)
        PT_TRY(find_origins(l, err));
    for (size_t i = 0; i < p->n_tags; i++)
        if (l->tags[i].origin == PT_ORIGIN_UNSET)
            l->tags[i].origin = PT_ORIGIN_STATISTIC;
    return PT_OK;
}
