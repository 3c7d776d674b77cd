#include "app/item_names.h"
#include "app/render.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/whytext.h"

typedef struct card {
    pt_cli *cli;
    const pt_project *project;
    const pt_profile *profile;
    pt_render_style style;
    bool *shown;        /* by tag number */
    size_t label_width; /* of the widest label, so that groups align with each other */
} card;

static const char *label_of(const card *c, uint32_t tag)
{
    const pt_tag *t = &c->project->tags[tag];

    return pt_label_text(&t->label, c->style.lang, t->name);
}

static bool missing(const card *c, uint32_t tag)
{
    return pt_column_missing(&c->profile->values[tag], 0);
}

/* "3 次", "life cycle"; a dash for what has no value. */
static const char *value_of(const card *c, uint32_t tag)
{
    const pt_tag *t = &c->project->tags[tag];
    const char *unit = pt_label_text(&t->unit, c->style.lang, "");
    bool has_unit = c->profile->values[tag].type == PT_TYPE_MONEY || pt_tag_is_percent(t);
    pt_str text = {0};

    if (c->profile->unavailable[tag])
        pt_str_add(&text, pt_cli_text(c->cli, PT_TEXT_SHOW_UNAVAILABLE));
    else if (missing(c, tag))
        pt_str_add(&text, "-");
    else
        pt_render_text(&text, &c->style, (int)tag, &c->profile->values[tag], 0);
    if (*unit && !has_unit && !missing(c, tag))
        pt_str_addf(&text, " %s", unit);
    return pt_cli_keep(c->cli, &text);
}

static void add_line(card *c, pt_table *t, uint32_t tag)
{
    pt_str label = {0};

    pt_str_add(&label, label_of(c, tag));
    size_t width = pt_utf8_width(pt_sv_of(pt_str_cstr(&label)));
    pt_str_pad(&label, ' ', c->label_width > width ? c->label_width - width : 0);
    pt_table_row(t, (const char *const[]){pt_str_cstr(&label), value_of(c, tag)});
    pt_str_free(&label);
    c->shown[tag] = true;
}

static void print_lines(card *c, const char *title, const uint32_t *tags, size_t n)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT};
    bool bold = c->cli->color;
    pt_table t;

    if (!n)
        return;
    pt_table_init(&t, c->cli->arena, 2, align, NULL);
    for (size_t i = 0; i < n; i++)
        add_line(c, &t, tags[i]);
    pt_str_addc(&c->cli->out, '\n');
    if (title)
        pt_str_addf(&c->cli->out, "%s%s%s\n", bold ? "\033[1m" : "", title, bold ? "\033[0m" : "");
    pt_table_print(&t, &c->cli->out, c->cli->width, title ? 2 : 0, false);
    pt_table_free(&t);
}

/* Tags of the group of `first` that are not shown yet and have something to show, in catalogue order. */
static void print_group(card *c, uint32_t first, bool all)
{
    const char *group = c->project->tags[first].group;
    uint32_t *tags = PT_NEW_ARRAY(c->cli->arena, uint32_t, c->project->n_tags);
    size_t n = 0;

    for (uint32_t t = first; tags && t < c->project->n_tags; t++)
        if (!c->shown[t] && strcmp(c->project->tags[t].group, group) == 0 && (all || !missing(c, t)))
            tags[n++] = t;
    print_lines(c, pt_group_text(c->project, group, c->style.lang, c->cli->arena), tags, n);
}

static void print_card_tags(card *c)
{
    uint32_t *tags = PT_NEW_ARRAY(c->cli->arena, uint32_t, c->project->n_card);
    size_t n = 0;

    for (size_t i = 0; tags && i < c->project->n_card; i++) {
        int tag = pt_project_find_tag(c->project, pt_sv_of(c->project->card[i]));
        if (tag >= 0)
            tags[n++] = (uint32_t)tag;
    }
    print_lines(c, NULL, tags, n);
}

static void print_unknown(card *c)
{
    bool first = true;

    for (uint32_t t = 0; t < c->project->n_tags; t++) {
        if (c->shown[t])
            continue;
        pt_str_addf(&c->cli->out, "%s%s", pt_cli_text(c->cli, first ? PT_TEXT_SHOW_UNKNOWN : PT_TEXT_COMMA),
                    label_of(c, t));
        first = false;
    }
    if (!first)
        pt_str_addc(&c->cli->out, '\n');
}

/* --- the head ----------------------------------------------------------------------------------------------------- */

/* "Phone", "手机"; the type's name where it has no label. */
static const char *type_title(const card *c, pt_sv type)
{
    const pt_identity_config *identity = &c->project->identity;

    for (size_t i = 0; i < identity->n_types; i++)
        if (pt_sv_eq(pt_sv_of(identity->types[i].name), type))
            return pt_label_text(&identity->types[i].label, c->style.lang, identity->types[i].name);
    const char *copy = pt_arena_strndup(c->cli->arena, type.ptr, type.len);
    return copy ? copy : "";
}

static void print_identifiers(card *c, bool values)
{
    const pt_profile *p = c->profile;
    char count[32];

    pt_str_add(&c->cli->out, pt_cli_text(c->cli, PT_TEXT_SHOW_IDENTIFIERS));
    for (size_t i = 0; i < p->n_identifiers;) {
        size_t same = i;
        while (same < p->n_identifiers && pt_sv_eq(p->identifiers[same].type, p->identifiers[i].type))
            same++;
        pt_sv type = p->identifiers[i].type;
        if (i)
            pt_str_add(&c->cli->out, pt_cli_text(c->cli, PT_TEXT_COMMA));
        if (!values)
            PT_CLI_SAY(c->cli, SHOW_TYPE_COUNT, pt_format_count(count, same - i), type_title(c, type));
        for (size_t k = i; values && k < same; k++)
            pt_str_addf(&c->cli->out, "%s%.*s:%.*s", k > i ? ", " : "", (int)type.len, type.ptr,
                        (int)p->identifiers[k].value.len, p->identifiers[k].value.ptr);
        i = same;
    }
    if (!values)
        pt_str_add(&c->cli->out, pt_cli_text(c->cli, PT_TEXT_SHOW_HIDDEN));
    pt_str_addc(&c->cli->out, '\n');
}

static void print_purpose(card *c)
{
    const pt_profile *p = c->profile;
    const char *purpose = pt_cli_option(c->cli, "purpose"), *person;
    char allowed[32], withheld[32];

    if (!purpose)
        return;
    PT_CLI_SAY(c->cli, SHOW_PURPOSE, purpose, pt_format_count(allowed, p->n_identifiers),
               pt_format_count(withheld, p->withheld));
    if (!pt_sv_eq(p->person, p->id) && (person = pt_arena_strndup(c->cli->arena, p->person.ptr, p->person.len)))
        PT_CLI_SAY(c->cli, SHOW_PURPOSE_PERSON, purpose, person);
}

static void print_sources(card *c)
{
    const pt_profile *p = c->profile;
    char count[32], first[16], last[16];

    for (size_t i = 0; i < p->n_sources; i++) {
        const pt_profile_source *s = &p->sources[i];
        const pt_source *source = &c->project->sources[s->source];
        pt_str_add(&c->cli->out, pt_cli_text(c->cli, i ? PT_TEXT_COMMA : PT_TEXT_SHOW_EVENTS));
        pt_str_addf(&c->cli->out, "%s %s", pt_label_text(&source->label, c->style.lang, source->name),
                    pt_format_count(count, s->events));
        if (s->first != PT_I64_MISSING && source->kind == PT_SOURCE_EVENT)
            pt_str_addf(&c->cli->out, " (%s … %s)", pt_date_format(first, pt_zone_date(c->project->zone, s->first)),
                        pt_date_format(last, pt_zone_date(c->project->zone, s->last)));
    }
    if (p->n_sources)
        pt_str_addc(&c->cli->out, '\n');
}

static void print_head(card *c, bool identities)
{
    bool bold = c->cli->color;

    pt_str_addf(&c->cli->out, "%s%.*s%s  ", bold ? "\033[1m" : "", (int)c->profile->id.len, c->profile->id.ptr,
                bold ? "\033[0m" : "");
    PT_CLI_SAY(c->cli, SHOW_AS_OF, pt_format_as_of(c->cli, c->project, c->profile->as_of));
    if (c->profile->base_as_of != PT_I64_MISSING)
        PT_CLI_SAY(c->cli, SHOW_BASE, pt_format_as_of(c->cli, c->project, c->profile->base_as_of));
    print_identifiers(c, identities);
    print_purpose(c);
    print_sources(c);
}

static void print_card(card *c, bool all, bool identities)
{
    for (uint32_t t = 0; t < c->project->n_tags; t++) {
        size_t width = all || !missing(c, t) ? pt_utf8_width(pt_sv_of(label_of(c, t))) : 0;
        if (width > c->label_width)
            c->label_width = width;
    }
    pt_cli_forwarded(c->cli, c->profile->asked, c->profile->id);
    print_head(c, identities);
    print_card_tags(c);
    for (uint32_t t = 0; t < c->project->n_tags; t++)
        if (!c->shown[t] && (all || !missing(c, t)))
            print_group(c, t, all);
    if (!all) {
        pt_str_addc(&c->cli->out, '\n');
        print_unknown(c);
    }
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_identifiers(pt_json *j, const pt_profile *p)
{
    pt_json_put_open(j, "identifiers", '[');
    for (size_t i = 0; i < p->n_identifiers; i++) {
        pt_json_open(j, '{');
        pt_json_put_text(j, "type", p->identifiers[i].type);
        pt_json_put_text(j, "value", p->identifiers[i].value);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_purpose(pt_json *j, const char *purpose, const pt_profile *p)
{
    pt_json_put_open(j, "purpose", '{');
    pt_json_put_cstr(j, "name", purpose);
    pt_json_put_int(j, "identifiers", (int64_t)p->n_identifiers);
    pt_json_put_int(j, "withheld", (int64_t)p->withheld);
    pt_json_put_text(j, "person", p->person);
    pt_json_close(j, '}');
}

static void json_instant(pt_json *j, const char *key, int64_t instant, const pt_zone *zone)
{
    char buf[48];

    pt_json_put_cstr(j, key, instant == PT_I64_MISSING ? NULL : pt_instant_format(buf, instant, zone));
}

static void json_sources(pt_json *j, const card *c)
{
    pt_json_put_open(j, "events", '{');
    for (size_t i = 0; i < c->profile->n_sources; i++) {
        const pt_profile_source *s = &c->profile->sources[i];
        pt_json_put_open(j, c->project->sources[s->source].name, '{');
        pt_json_put_int(j, "count", (int64_t)s->events);
        json_instant(j, "first", s->first, c->project->zone);
        json_instant(j, "last", s->last, c->project->zone);
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
}

static void print_json(card *c, bool identities, const pt_whys *whys, const pt_likenesses *likenesses)
{
    const pt_profile *p = c->profile;
    pt_json j;

    pt_json_init(&j, &c->cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_text(&j, "customer", p->id);
    if (p->asked.len) {
        pt_json_put_text(&j, "asked", p->asked);
    }
    json_instant(&j, "as_of", p->as_of, c->project->zone);
    json_instant(&j, "base_as_of", p->base_as_of, c->project->zone);
    pt_json_put_bool(&j, "reevaluated", p->reevaluated);
    if (identities)
        json_identifiers(&j, p);
    if (pt_cli_option(c->cli, "purpose"))
        json_purpose(&j, pt_cli_option(c->cli, "purpose"), p);
    json_sources(&j, c);
    pt_json_put_open(&j, "tags", '{');
    for (uint32_t t = 0; t < c->project->n_tags; t++) {
        pt_json_key(&j, c->project->tags[t].name);
        pt_render_json(&j, &p->values[t], 0, c->project->zone);
    }
    pt_json_close(&j, '}');
    pt_json_put_open(&j, "unavailable", '[');
    for (uint32_t t = 0; t < c->project->n_tags; t++)
        if (p->unavailable[t])
            pt_json_cstr(&j, c->project->tags[t].name);
    pt_json_close(&j, ']');
    if (whys) {
        pt_why_json(&j, c->project, whys);
        pt_likenesses_json(&j, likenesses);
    }
    pt_json_close(&j, '}');
    pt_str_addc(&c->cli->out, '\n');
}

static pt_rc show(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    card c = {.cli = cli, .project = p, .style = {.project = p, .lang = pt_lang_code(cli->lang)}};
    pt_profile_options options = {0};
    bool identities = pt_cli_option(cli, "identities") != NULL, why = pt_cli_option(cli, "why") != NULL;
    pt_whys whys = {0};
    pt_likenesses likenesses = {0};

    PT_TRY(pt_cli_as_of(&options.as_of, &options.has_as_of, cli, p, err));
    options.purpose = pt_cli_option(cli, "purpose");
    PT_TRY(pt_app_profile(&c.profile, app, pt_sv_of(cli->args[0]), &options, cli->arena, err));
    if (why)
        PT_TRY(pt_app_why(&whys, app, c.profile, cli->arena, err));
    if (why)
        PT_TRY(pt_app_likenesses(&likenesses, app, c.profile->ordinal, cli->arena, err));
    if (cli->json) {
        print_json(&c, identities, why ? &whys : NULL, &likenesses);
        return PT_OK;
    }
    PT_TRY(pt_item_names_open(&c.style.items, p, cli->arena, err));
    if (!(c.shown = PT_NEW_ARRAY(cli->arena, bool, p->n_tags)))
        return pt_fail_nomem(err, "the profile");
    print_card(&c, pt_cli_option(cli, "all") != NULL, identities);
    if (why)
        pt_why_print(cli, p, c.profile, &whys);
    pt_likenesses_print(cli, &likenesses);
    return PT_OK;
}

pt_rc pt_cmd_show(pt_cli *cli, pt_err *err)
{
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    return show(cli, app, err);
}
