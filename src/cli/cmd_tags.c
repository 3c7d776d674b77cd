#include "app/item_names.h"
#include "app/render.h"
#include "base/collate.h"
#include "base/money.h"
#include "base/utf8.h"
#include "cli/cataloguetext.h"
#include "cli/cli.h"
#include "cli/conflicttext.h"
#include "cli/figures.h"
#include "cli/tagtext.h"
#include "cli/trendtext.h"

/* --- the catalogue ------------------------------------------------------------------------------------------------ */

static const char *coverage_text(const pt_cli *cli, const pt_coverage *c, uint32_t tag)
{
    if (!c->known || c->known[tag] == UINT64_MAX || !c->customers)
        return "";
    return pt_arena_printf(cli->arena, "%.1f%%", 100.0 * (double)c->known[tag] / (double)c->customers);
}

/* The tags of one group, in catalogue order. */
static size_t list_group(pt_cli *cli, const pt_project *p, const pt_coverage *c, const char *group)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_RIGHT};
    size_t n = 0;
    pt_table t;

    pt_table_init(&t, cli->arena, 4, align, NULL);
    for (uint32_t i = 0; i < p->n_tags; i++) {
        const pt_tag *tag = &p->tags[i];
        if (strcmp(tag->group, group) != 0)
            continue;
        n++;
        pt_table_row(&t, (const char *const[]){
                             tag->name, pt_label_text(&tag->label, pt_lang_code(cli->lang), tag->name),
                             pt_cli_translate(cli, pt_type_name(p->module->types[i])), coverage_text(cli, c, i)});
    }
    pt_str_addf(&cli->out, "%s%s%s\n", cli->color ? "\033[1m" : "",
                pt_group_text(p, group, pt_lang_code(cli->lang), cli->arena), cli->color ? "\033[0m" : "");
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
    return n;
}

static bool is_first_of_group(const pt_project *p, uint32_t tag)
{
    for (uint32_t i = 0; i < tag; i++)
        if (strcmp(p->tags[i].group, p->tags[tag].group) == 0)
            return false;
    return true;
}

/* Groups in the order of their names as a reader of the language looks them up. */
static pt_rc list(pt_cli *cli, const pt_project *p, const pt_coverage *c, const char *group, pt_err *err)
{
    const char **groups = PT_NEW_ARRAY(cli->arena, const char *, p->n_tags);
    pt_sv *shown = PT_NEW_ARRAY(cli->arena, pt_sv, p->n_tags);
    uint32_t *order = PT_NEW_ARRAY(cli->arena, uint32_t, p->n_tags);
    char count[32], customers[32];
    size_t n = 0, n_groups = 0;

    if (!groups || !shown || !order)
        return pt_fail_nomem(err, "the catalogue");
    for (uint32_t i = 0; i < p->n_tags; i++)
        if (pt_cli_tag_in_group(cli, p, i, group) && is_first_of_group(p, i)) {
            groups[n_groups] = p->tags[i].group;
            shown[n_groups++] = pt_sv_of(pt_group_text(p, p->tags[i].group, pt_lang_code(cli->lang), cli->arena));
        }
    PT_TRY(pt_collate_order(order, shown, n_groups, pt_lang_code(cli->lang), err));
    for (size_t i = 0; i < n_groups; i++)
        n += list_group(cli, p, c, groups[order[i]]);
    if (c->known)
        PT_CLI_SAY(cli, TAGS_COUNT, pt_format_count(count, n), pt_format_about(customers, c->customers, cli->lang));
    else
        PT_CLI_SAY(cli, TAGS_COUNT_UNBUILT, pt_format_count(count, n));
    return PT_OK;
}

static void json_label(pt_json *j, const char *key, const pt_label *l)
{
    if (!l->zh && !l->en)
        return;
    pt_json_put_open(j, key, '{');
    pt_json_put_cstr(j, "zh", l->zh);
    pt_json_put_cstr(j, "en", l->en);
    pt_json_close(j, '}');
}

static void json_tag(pt_json *j, const pt_project *p, const pt_coverage *c, uint32_t tag)
{
    const pt_tag *t = &p->tags[tag];

    pt_json_put_cstr(j, "name", t->name);
    pt_json_put_cstr(j, "type", pt_type_name(p->module->types[tag]));
    pt_json_put_cstr(j, "group", t->group);
    json_label(j, "label", &t->label);
    json_label(j, "description", &t->description);
    json_label(j, "unit", &t->unit);
    pt_json_put_cstr(j, "origin", pt_tag_origins[t->origin]);
    pt_json_put_cstr(j, "sensitivity", t->sensitivity);
    pt_json_put_cstr(j, "owner", t->owner);
    json_label(j, "purpose", &t->purpose);
    json_label(j, "consent", &t->consent);
    pt_json_put_int(j, "version", t->version);
    pt_json_put_bool(j, "live", t->live);
    pt_json_key(j, "known");
    if (c->known && c->known[tag] != UINT64_MAX)
        pt_json_int(j, (int64_t)c->known[tag]);
    else
        pt_json_null(j);
}

static void list_json(pt_cli *cli, const pt_project *p, const pt_coverage *c, const char *group)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_key(&j, "customers");
    if (c->known)
        pt_json_int(&j, (int64_t)c->customers);
    else
        pt_json_null(&j);
    pt_json_put_open(&j, "tags", '[');
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (!pt_cli_tag_in_group(cli, p, t, group))
            continue;
        pt_json_open(&j, '{');
        json_tag(&j, p, c, t);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- one tag ------------------------------------------------------------------------------------------------------ */

static void print_field(pt_cli *cli, pt_text title, const char *value)
{
    if (value && *value)
        pt_str_addf(&cli->out, "%s%s\n", pt_cli_text(cli, title), value);
}

static void print_definition(pt_cli *cli, const pt_project *p, uint32_t tag)
{
    const pt_lang_tag *t = &p->catalog.tags[tag];
    const char *title = pt_cli_text(cli, PT_TEXT_TAG_TIERS);

    if (p->tags[tag].model)
        PT_CLI_SAY(cli, MODEL_GIVES, p->tags[tag].model->name,
                   p->tags[tag].model->kind->outputs[p->tags[tag].model_output].name);
    else if (p->tags[tag].sql)
        pt_str_addf(&cli->out, "%s\n%s\n", pt_cli_text(cli, PT_TEXT_TAG_QUERY), p->tags[tag].sql);
    else if (p->tags[tag].merge)
        pt_merge_print(cli, p, p->tags[tag].merge);
    else if (t->value.len)
        pt_str_addf(&cli->out, "%s%.*s\n", pt_cli_text(cli, PT_TEXT_TAG_VALUE), (int)t->value.len, t->value.ptr);
    for (size_t i = 0; i < t->n_tiers; i++) {
        if (i)
            pt_str_pad(&cli->out, ' ', pt_utf8_width(pt_sv_of(title)));
        else
            pt_str_add(&cli->out, title);
        pt_str_addf(&cli->out, "%s: %.*s\n", t->tiers[i].label, (int)t->tiers[i].condition.len,
                    t->tiers[i].condition.ptr);
    }
}

/* What the customer was asked, of a tag that is an answer. */
static void print_questions(pt_cli *cli, const pt_project *p, uint32_t tag)
{
    pt_uses uses;

    if (!p->module->tags[tag] || pt_lang_uses(&uses, p->module->tags[tag], cli->arena, NULL) != PT_OK)
        return;
    for (size_t i = 0; i < uses.n_columns; i++) {
        const struct pt_use_column *use = &uses.columns[i];
        if (use->column >= 0)
            print_field(
                cli, PT_TEXT_TAG_QUESTION,
                pt_label_text(&p->sources[use->source].columns[use->column].question, pt_lang_code(cli->lang), ""));
    }
}

static void print_about(pt_cli *cli, const pt_project *p, uint32_t tag)
{
    const pt_tag *t = &p->tags[tag];
    const char *lang = pt_lang_code(cli->lang);

    pt_cli_title(cli, p, tag);
    print_field(cli, PT_TEXT_TAG_DESCRIPTION, pt_label_text(&t->description, lang, ""));
    print_definition(cli, p, tag);
    print_field(cli, PT_TEXT_TAG_TYPE, pt_cli_translate(cli, pt_type_name(p->module->types[tag])));
    print_field(cli, PT_TEXT_TAG_UNIT, pt_label_text(&t->unit, lang, ""));
    print_field(cli, PT_TEXT_TAG_GROUP, pt_group_text(p, t->group, lang, cli->arena));
    print_field(cli, PT_TEXT_TAG_ORIGIN, pt_cli_translate(cli, pt_tag_origins[t->origin]));
    print_field(cli, PT_TEXT_TAG_SENSITIVITY, pt_cli_translate(cli, t->sensitivity));
    print_field(cli, PT_TEXT_TAG_OWNER, t->owner);
    print_questions(cli, p, tag);
    print_field(cli, PT_TEXT_TAG_PURPOSE, pt_label_text(&t->purpose, lang, ""));
    print_field(cli, PT_TEXT_TAG_CONSENT, pt_label_text(&t->consent, lang, ""));
    pt_cli_tag_upkeep(cli, p, tag);
    if (!t->live)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_TAG_NOT_LIVE));
}

/* Values that as many customers have stand in the order of their names. Which values are shown does not depend on it. */
static pt_rc order_equal_bars(pt_cli *cli, const pt_render_style *style, uint32_t tag, const pt_distribution *d,
                              pt_bar *bars, pt_err *err)
{
    pt_sv *names = PT_NEW_ARRAY(cli->arena, pt_sv, d->n_bars);
    uint32_t *order = PT_NEW_ARRAY(cli->arena, uint32_t, d->n_bars);

    if (!names || !order)
        return pt_fail_nomem(err, "the distribution");
    for (size_t from = 0, to; from < d->n_bars; from = to) {
        for (to = from; to < d->n_bars && d->bars[to].count == d->bars[from].count; to++)
            names[to - from] = pt_render_label(style, (int)tag, d->bars[to].text);
        PT_TRY(pt_collate_order(order, names, to - from, pt_lang_code(cli->lang), err));
        for (size_t i = from; i < to; i++)
            bars[i] = d->bars[from + order[i - from]];
    }
    return PT_OK;
}

/* A customer has many items of a list: the others are counted as often as they occur, which is no share of the customers. */
static void print_bars(pt_cli *cli, const pt_render_style *style, uint32_t tag, const pt_distribution *d)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_BARS};
    const bool list = pt_type_is_list(style->project->module->types[tag]);
    uint64_t most = list ? 0 : d->others;
    char count[32];
    pt_table t;

    for (size_t i = 0; i < d->n_bars; i++)
        most = d->bars[i].count > most ? d->bars[i].count : most;
    pt_table_init(&t, cli->arena, 4, align, NULL);
    for (size_t i = 0; i < d->n_bars + (d->others > 0); i++) {
        bool others = i == d->n_bars;
        uint64_t n = others ? d->others : d->bars[i].count;
        bool counted = !(others && list);
        const char *share = counted ? pt_cli_share(cli, n, d->known) : "";
        pt_table_row(&t, (const char *const[]){others ? pt_cli_text(cli, PT_TEXT_TAG_OTHERS)
                                                      : pt_cli_bar_title(cli, style, tag, &d->bars[i]),
                                               pt_format_count(count, n), share,
                                               counted ? pt_cli_bar(cli, n, most, PT_BAR_CELLS) : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
}

static pt_rc print_distribution(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_distribution *d, pt_err *err)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    char known[32], customers[32], distinct[32];

    if (p->tags[tag].model)
        PT_TRY(pt_item_names_open(&style.items, p, cli->arena, err));

    PT_CLI_SAY(cli, TAG_COVERAGE, pt_format_count(known, d->known), pt_format_count(customers, d->customers),
               pt_arena_printf(cli->arena, "%.1f", d->customers ? 100.0 * (double)d->known / (double)d->customers : 0),
               pt_format_count(distinct, d->distinct));
    if (d->ordered)
        PT_CLI_SAY(cli, TAG_FIGURES, pt_cli_figure(cli, &style, tag, d->min), pt_cli_figure(cli, &style, tag, d->p25),
                   pt_cli_figure(cli, &style, tag, d->median), pt_cli_figure(cli, &style, tag, d->p75),
                   pt_cli_figure(cli, &style, tag, d->max), pt_cli_figure(cli, &style, tag, d->mean));
    if (d->known && d->n_bars && d->bars[0].text.ptr) {
        pt_bar *bars = PT_NEW_ARRAY(cli->arena, pt_bar, d->n_bars);
        pt_distribution named = *d;
        named.bars = bars;
        PT_TRY(bars ? order_equal_bars(cli, &style, tag, d, bars, err) : pt_fail_nomem(err, "the distribution"));
        print_bars(cli, &style, tag, &named);
    } else if (d->known) {
        print_bars(cli, &style, tag, d);
    }
    return PT_OK;
}

static void json_distribution(pt_json *j, const pt_project *p, uint32_t tag, const pt_distribution *d)
{
    pt_type type = p->module->types[tag];

    pt_json_put_open(j, "distribution", '{');
    pt_json_put_int(j, "customers", (int64_t)d->customers);
    pt_json_put_int(j, "known", (int64_t)d->known);
    pt_json_put_int(j, "distinct", (int64_t)d->distinct);
    if (d->ordered) {
        pt_cli_json_bound(j, "min", d->min, type, p->zone);
        pt_cli_json_bound(j, "p25", d->p25, type, p->zone);
        pt_cli_json_bound(j, "median", d->median, type, p->zone);
        pt_cli_json_bound(j, "p75", d->p75, type, p->zone);
        pt_cli_json_bound(j, "max", d->max, type, p->zone);
        pt_cli_json_bound(j, "mean", d->mean, type, p->zone);
    }
    pt_json_put_open(j, "bars", '[');
    for (size_t i = 0; i < d->n_bars; i++) {
        pt_json_open(j, '{');
        if (d->bars[i].text.ptr) {
            pt_json_put_text(j, "value", d->bars[i].text);
        } else {
            pt_cli_json_bound(j, "low", d->bars[i].low, type, p->zone);
            pt_cli_json_bound(j, "high", d->bars[i].high, type, p->zone);
        }
        pt_json_put_int(j, "count", (int64_t)d->bars[i].count);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_put_int(j, "others", (int64_t)d->others);
    pt_json_close(j, '}');
}

static void describe_json(pt_cli *cli, const pt_project *p, uint32_t tag, const pt_distribution *d, const pt_lineage *l,
                          const pt_conflict *conflicts, size_t n_conflicts)
{
    pt_coverage none = {0};
    uint64_t *known = NULL;
    pt_json j;

    if (d && (known = PT_NEW_ARRAY(cli->arena, uint64_t, p->n_tags))) {
        known[tag] = d->known;
        none.known = known;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    json_tag(&j, p, &none, tag);
    if (d)
        json_distribution(&j, p, tag, d);
    pt_lineage_json(&j, p, l);
    if (n_conflicts)
        pt_conflicts_json(&j, cli, p, conflicts, n_conflicts);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* A tag that has not been built yet still has a definition and a lineage. */
static pt_rc describe(pt_cli *cli, pt_app *app, const char *name, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    int tag = pt_project_find_tag(p, pt_sv_of(name));
    const pt_conflict *conflicts = NULL;
    size_t n_conflicts = 0;
    pt_distribution d;
    pt_lineage l;

    if (tag < 0 && (tag = pt_cli_tag_version(cli, p, pt_sv_of(name))) == PT_TAG_SHOWN)
        return PT_OK;
    if (tag < 0)
        return pt_cli_unknown_tag(p, pt_sv_of(name), PT_ENOTFOUND, err);
    PT_TRY(pt_lineage_of(&l, p, tag, NULL, cli->arena, err));
    pt_rc rc = pt_app_distribution(&d, app, (uint32_t)tag, cli->arena, err);
    if (rc != PT_OK && rc != PT_ENOTFOUND)
        return rc;
    bool merged = rc == PT_OK && p->tags[tag].merge;
    if (merged)
        PT_TRY(pt_app_conflicts(&conflicts, &n_conflicts, app, tag, cli->arena, err));
    if (cli->json) {
        describe_json(cli, p, (uint32_t)tag, rc == PT_OK ? &d : NULL, &l, conflicts, n_conflicts);
        return PT_OK;
    }
    print_about(cli, p, (uint32_t)tag);
    pt_lineage_print(cli, p, &l);
    pt_str_addc(&cli->out, '\n');
    if (rc == PT_OK)
        PT_TRY(print_distribution(cli, p, (uint32_t)tag, &d, err));
    else
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_TAG_UNBUILT));
    if (n_conflicts) {
        pt_str_addc(&cli->out, '\n');
        pt_conflicts_matrix(cli, p, conflicts);
    }
    return PT_OK;
}

static pt_rc trend(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    int tag = cli->n_args ? pt_project_find_tag(p, pt_sv_of(cli->args[0])) : -1;

    if (!cli->n_args)
        return pt_fail(err, PT_EINVAL, "%s", pt_cli_text(cli, PT_TEXT_TREND_NEEDS_TAG));
    return tag < 0 ? pt_cli_unknown_tag(p, pt_sv_of(cli->args[0]), PT_ENOTFOUND, err)
                   : pt_cli_tag_trend(cli, app, (uint32_t)tag, err);
}

static pt_rc tags(pt_cli *cli, pt_app *app, pt_err *err)
{
    const char *group = pt_cli_option(cli, "group");
    pt_coverage c = {0};

    if (pt_cli_option(cli, "trend"))
        return trend(cli, app, err);
    if (cli->n_args)
        return describe(cli, app, cli->args[0], err);
    PT_TRY(pt_cli_check_tag_group(cli, pt_app_project(app), group, err));
    pt_rc rc = pt_app_coverage(&c, app, cli->arena, err);
    if (rc != PT_OK && rc != PT_ENOTFOUND)
        return rc;
    if (!cli->json)
        return list(cli, pt_app_project(app), &c, group, err);
    list_json(cli, pt_app_project(app), &c, group);
    return PT_OK;
}

pt_rc pt_cmd_tags(pt_cli *cli, pt_err *err)
{
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    if (pt_cli_option(cli, "templates"))
        return pt_tags_templates(cli, app, err);
    if (pt_cli_option(cli, "roles"))
        return pt_tags_roles(cli, app, err);
    if (pt_cli_option(cli, "view"))
        return pt_tags_view(cli, app, err);
    return tags(cli, app, err);
}
