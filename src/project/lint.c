#include "project/lint.h"

#include "project/load.h"

typedef struct linter {
    pt_loader *loader;
    bool *behaviour; /* by tag: rests on what customers did; NULL when that is not known */
} linter;

/* --- names that insult -------------------------------------------------------------------------------------------- */

static void refuse_insult(const linter *k, const char *text, pt_place place)
{
    const char *insult = text ? pt_text_insult(text) : NULL;

    if (!insult)
        return;
    pt_diag *d = pt_load_error(k->loader, PT_E_INSULT, place, "'%s' insults customers", insult);
    pt_diag_hint(k->loader->diags, d, "say what is known, not what to think of it: 'spend below 100', not a judgement");
}

static void refuse_insults_of_label(const linter *k, const pt_label *l, pt_place place)
{
    refuse_insult(k, l->zh, place);
    if (!l->zh || !l->en || strcmp(l->zh, l->en) != 0)
        refuse_insult(k, l->en, place);
}

static void lint_tag_names(const linter *k, const pt_tag *t, const pt_lang_tag *twin)
{
    refuse_insult(k, t->name, t->place);
    refuse_insults_of_label(k, &t->label, t->place);
    refuse_insults_of_label(k, &t->description, t->place);
    for (size_t i = 0; i < twin->n_tiers; i++)
        refuse_insult(k, twin->tiers[i].label, t->place);
    for (size_t i = 0; i < t->n_tier_labels; i++)
        refuse_insults_of_label(k, &t->tier_labels[i].label, t->place);
}

static void lint_groups(const linter *k)
{
    const pt_project *p = k->loader->project;
    pt_place place = {
        .file = k->loader->config.path, .text = k->loader->config.bytes, .line = 1, .col = 1, .length = 1};

    for (size_t i = 0; i < p->n_groups; i++)
        refuse_insults_of_label(k, &p->groups[i].label, place);
}

/* --- sensitive personal information ------------------------------------------------------------------------------- */

static const pt_sensitive_kind *kind_of_label(const pt_label *l)
{
    const pt_sensitive_kind *found = l->zh ? pt_text_sensitive(l->zh) : NULL;

    return found || !l->en ? found : pt_text_sensitive(l->en);
}

/* What a tag tells of: by its name, its labels, and those of its values. */
static const pt_sensitive_kind *kind_of_tag(const pt_tag *t, const pt_lang_tag *twin)
{
    const pt_sensitive_kind *found = pt_text_sensitive(t->name);

    if (!found)
        found = kind_of_label(&t->label);
    for (size_t i = 0; !found && i < twin->n_tiers; i++)
        found = pt_text_sensitive(twin->tiers[i].label);
    for (size_t i = 0; !found && i < t->n_tier_labels; i++)
        found = kind_of_label(&t->tier_labels[i].label);
    return found;
}

static const pt_sensitive_kind *kind_of_column(const pt_source_column *c)
{
    const pt_sensitive_kind *found = pt_text_sensitive(c->name);

    return found ? found : kind_of_label(&c->label);
}

/* What the columns that a tag reads tell of. */
static pt_rc kind_of_columns(const pt_sensitive_kind **out, const linter *k, const pt_node *node, pt_err *err)
{
    const pt_project *p = k->loader->project;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, k->loader->arena, err));
    for (size_t i = 0; !*out && i < uses.n_columns; i++)
        if (uses.columns[i].column >= 0)
            *out = kind_of_column(&p->sources[uses.columns[i].source].columns[uses.columns[i].column]);
    return PT_OK;
}

static bool is_stated(const pt_label *l)
{
    return (l->zh && *l->zh) || (l->en && *l->en);
}

static void require_consent(const linter *k, const pt_tag *t, const pt_sensitive_kind *kind)
{
    bool sensitive = t->sensitivity && strcmp(t->sensitivity, "sensitive") == 0;

    if (sensitive && is_stated(&t->purpose) && is_stated(&t->consent))
        return;
    pt_diag *d = pt_load_error(k->loader, PT_E_NO_CONSENT, t->place,
                               "the tag '%s' tells of %s: sensitive personal information", t->name, kind->name);
    pt_diag_hint(k->loader->diags, d,
                 "it needs `sensitivity: sensitive`, `purpose:` (what for) and `consent:` (how customers agreed)");
}

static void lint_sensitive(const linter *k, size_t tag, const pt_sensitive_kind *kind)
{
    const pt_tag *t = &k->loader->project->tags[tag];

    require_consent(k, t, kind);
    if (!k->behaviour || !k->behaviour[tag] || t->origin == PT_ORIGIN_SURVEY || t->origin == PT_ORIGIN_IMPORT)
        return;
    pt_diag *d = pt_load_error(k->loader, PT_E_INFERRED, t->place, "the tag '%s' works out %s from what customers did",
                               t->name, kind->name);
    pt_diag_hint(k->loader->diags, d, "such things may be recorded when the customer said so, and not be inferred");
}

static void lint_columns(const linter *k, const pt_source *s)
{
    if (s->kind != PT_SOURCE_RECORD && s->kind != PT_SOURCE_EVENT)
        return;
    refuse_insults_of_label(k, &s->label, s->place);
    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        const pt_sensitive_kind *kind = kind_of_column(c);
        refuse_insults_of_label(k, &c->label, c->place);
        if (!kind || (c->sensitivity && strcmp(c->sensitivity, "sensitive") == 0))
            continue;
        pt_diag *d = pt_diags_add(k->loader->diags, PT_SEVERITY_WARNING, PT_E_SENSITIVE_COLUMN, c->place,
                                  "the column '%s' tells of %s: sensitive personal information", c->name, kind->name);
        pt_diag_hint(k->loader->diags, d, "say `sensitivity: sensitive`, or do not read it");
    }
}

/* --- behaviour ---------------------------------------------------------------------------------------------------- */

static pt_rc find_behaviour(const linter *k, const pt_module *module, pt_err *err)
{
    const pt_project *p = k->loader->project;
    pt_uses uses;

    for (size_t i = 0; i < p->n_tags; i++) {
        uint32_t t = module->order[i];
        k->behaviour[t] = p->tags[t].sql != NULL;
        if (!module->tags[t])
            continue;
        PT_TRY(pt_lang_uses(&uses, module->tags[t], k->loader->arena, err));
        for (size_t c = 0; c < uses.n_columns; c++)
            k->behaviour[t] |= p->sources[uses.columns[c].source].kind == PT_SOURCE_EVENT;
        for (size_t u = 0; u < uses.n_tags; u++)
            k->behaviour[t] |= k->behaviour[uses.tags[u]];
    }
    return PT_OK;
}

pt_rc pt_load_lint(pt_loader *l, const pt_module *module, pt_err *err)
{
    const pt_project *p = l->project;
    linter k = {.loader = l};

    if (module) {
        k.behaviour = PT_NEW_ARRAY(l->arena, bool, p->n_tags);
        if (!k.behaviour)
            return pt_fail_nomem(err, "the tags");
        PT_TRY(find_behaviour(&k, module, err));
    }
    lint_groups(&k);
    for (size_t i = 0; i < p->n_sources; i++)
        lint_columns(&k, &p->sources[i]);
    for (size_t i = 0; i < p->n_tags; i++) {
        const pt_sensitive_kind *kind = kind_of_tag(&p->tags[i], &p->catalog.tags[i]);
        lint_tag_names(&k, &p->tags[i], &p->catalog.tags[i]);
        if (!kind && module && module->tags[i])
            PT_TRY(kind_of_columns(&kind, &k, module->tags[i], err));
        if (kind)
            lint_sensitive(&k, i, kind);
    }
    return PT_OK;
}
