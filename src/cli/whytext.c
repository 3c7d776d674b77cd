#include "cli/whytext.h"

#include <math.h>

#include "app/render.h"

static const char *const kinds[] = {"nothing", "merged", "fact", "computed", "query"}; /* as pt_why_kind */
static const char *const fates[] = {"counts", "older",        "less_trusted",
                                    "fewer",  "listed_later", NULL}; /* as pt_why_fate */

static const char *value_text(pt_cli *cli, const pt_project *p, int tag, const pt_column *value)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    pt_str text = {0};

    pt_render_text(&text, &style, tag, value, 0);
    return pt_cli_keep(cli, &text);
}

static const char *time_text(pt_cli *cli, const pt_project *p, int64_t time)
{
    pt_str text = {0};

    if (time == PT_I64_MISSING)
        return pt_cli_text(cli, PT_TEXT_WHY_ALWAYS);
    pt_render_instant(&text, time, p->zone);
    return pt_cli_keep(cli, &text);
}

static const char *column_text(pt_cli *cli, const pt_project *p, const pt_why_claim *c)
{
    const pt_source *s = &p->sources[c->source];

    return pt_arena_printf(cli->arena, "%s.%s", s->name, c->column < 0 ? "time" : s->columns[c->column].name);
}

static const char *place_text(pt_cli *cli, const pt_why_claim *c)
{
    char row[32];
    pt_str text = {0};

    if (!c->file)
        return "";
    PT_SAY(&text, cli->lang, WHY_PLACE, c->file, pt_format_count(row, c->row));
    return pt_cli_keep(cli, &text);
}

static const char *fate_text(pt_cli *cli, const pt_why_claim *c)
{
    static const pt_text texts[] = {PT_TEXT_WHY_COUNTS, PT_TEXT_WHY_OLDER, PT_TEXT_WHY_LESS_TRUSTED, PT_TEXT_WHY_FEWER,
                                    PT_TEXT_WHY_LISTED};

    return c->fate < PT_COUNT(texts) ? pt_cli_text(cli, texts[c->fate]) : "";
}

static void print_claims(pt_cli *cli, const pt_project *p, int tag, const pt_why *w)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT};
    bool merged = w->kind == PT_WHY_MERGED;
    pt_table t;

    pt_table_init(&t, cli->arena, 6, align, NULL);
    for (size_t i = 0; i < w->n_claims; i++) {
        const pt_why_claim *c = &w->claims[i];
        char trust[64];
        pt_str said = {0};
        snprintf(trust, sizeof trust, "%.3g", c->trust);
        PT_SAY(&said, cli->lang, WHY_TRUST, trust);
        pt_table_row(&t, (const char *const[]){column_text(cli, p, c), merged ? value_text(cli, p, tag, &c->value) : "",
                                               place_text(cli, c), time_text(cli, p, c->time),
                                               merged ? pt_str_cstr(&said) : "", merged ? fate_text(cli, c) : ""});
        pt_str_free(&said);
    }
    pt_table_print(&t, &cli->out, cli->width, 4, false);
    pt_table_free(&t);
}

static void print_counts(pt_cli *cli, const pt_project *p, const pt_why *w)
{
    char events[32];

    for (size_t i = 0; i < w->n_counts; i++) {
        const pt_why_count *c = &w->counts[i];
        const pt_source *s = &p->sources[c->source];
        PT_CLI_SAY(cli, WHY_EVENTS, pt_label_text(&s->label, pt_lang_code(cli->lang), s->name),
                   pt_format_count(events, c->events), time_text(cli, p, c->first), time_text(cli, p, c->last));
    }
    for (size_t i = 0; i < w->n_tags; i++)
        pt_str_addf(&cli->out, "%s%s", i ? ", " : pt_cli_text(cli, PT_TEXT_WHY_FROM_TAGS), p->tags[w->tags[i]].name);
    if (w->n_tags)
        pt_str_addc(&cli->out, '\n');
}

static void print_one(pt_cli *cli, const pt_project *p, const pt_profile *profile, uint32_t tag, const pt_why *w,
                      double confidence)
{
    const pt_tag *t = &p->tags[tag];

    pt_str_addf(&cli->out, "  %s%s%s = %s", cli->color ? "\033[1m" : "",
                pt_label_text(&t->label, pt_lang_code(cli->lang), t->name), cli->color ? "\033[0m" : "",
                value_text(cli, p, (int)tag, &profile->values[tag]));
    if (w->kind == PT_WHY_MERGED)
        PT_CLI_SAY(cli, WHY_POLICY, pt_cli_translate(cli, pt_merge_policy_name(t->merge->policy)));
    if (!isnan(confidence)) {
        char number[64];
        snprintf(number, sizeof number, "%.2f", confidence);
        PT_CLI_SAY(cli, WHY_CONFIDENCE, number);
    }
    pt_str_addc(&cli->out, '\n');
    if (w->kind == PT_WHY_QUERY)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_WHY_QUERY));
    else if (w->kind == PT_WHY_COMPUTED)
        print_counts(cli, p, w);
    else
        print_claims(cli, p, (int)tag, w);
}

void pt_why_print(pt_cli *cli, const pt_project *p, const pt_profile *profile, const pt_whys *whys)
{
    pt_str_addf(&cli->out, "\n%s", pt_cli_text(cli, PT_TEXT_WHY_TITLE));
    for (uint32_t t = 0; t < p->n_tags; t++)
        if (whys->tags[t].kind != PT_WHY_NOTHING)
            print_one(cli, p, profile, t, &whys->tags[t], whys->confidence[t]);
    if (!whys->placed)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_WHY_NOT_PLACED));
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_instant(pt_json *j, const char *key, int64_t instant, const pt_zone *zone)
{
    char buf[48];

    pt_json_put_cstr(j, key, instant == PT_I64_MISSING ? NULL : pt_instant_format(buf, instant, zone));
}

static void json_claim(pt_json *j, const pt_project *p, const pt_why *w, const pt_why_claim *c)
{
    const pt_source *s = &p->sources[c->source];

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "source", s->name);
    pt_json_put_cstr(j, "column", c->column < 0 ? "time" : s->columns[c->column].name);
    pt_json_key(j, "value");
    pt_render_json(j, &c->value, 0, p->zone);
    json_instant(j, "time", c->time, p->zone);
    pt_json_put_number(j, "trust", c->trust);
    if (w->kind == PT_WHY_MERGED && c->fate < PT_FATE_COUNT) {
        pt_json_put_cstr(j, "fate", fates[c->fate]);
    }
    pt_json_put_cstr(j, "file", c->file);
    if (c->file) {
        pt_json_put_int(j, "row", (int64_t)c->row);
    }
    pt_json_close(j, '}');
}

static void json_computed(pt_json *j, const pt_project *p, const pt_why *w)
{
    pt_json_put_open(j, "events", '{');
    for (size_t i = 0; i < w->n_counts; i++) {
        pt_json_put_open(j, p->sources[w->counts[i].source].name, '{');
        pt_json_put_int(j, "count", (int64_t)w->counts[i].events);
        json_instant(j, "first", w->counts[i].first, p->zone);
        json_instant(j, "last", w->counts[i].last, p->zone);
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
    pt_json_put_open(j, "tags", '[');
    for (size_t i = 0; i < w->n_tags; i++)
        pt_json_cstr(j, p->tags[w->tags[i]].name);
    pt_json_close(j, ']');
}

void pt_why_json(pt_json *j, const pt_project *p, const pt_whys *whys)
{
    pt_json_put_open(j, "why", '{');
    for (uint32_t t = 0; t < p->n_tags; t++) {
        const pt_why *w = &whys->tags[t];
        if (w->kind == PT_WHY_NOTHING)
            continue;
        pt_json_put_open(j, p->tags[t].name, '{');
        pt_json_put_cstr(j, "kind", kinds[w->kind]);
        pt_json_put_number(j, "confidence", whys->confidence[t]);
        if (p->tags[t].merge) {
            pt_json_put_cstr(j, "policy", pt_merge_policy_name(p->tags[t].merge->policy));
        }
        if (w->kind == PT_WHY_COMPUTED)
            json_computed(j, p, w);
        if (w->n_claims) {
            pt_json_put_open(j, "claims", '[');
            for (size_t i = 0; i < w->n_claims; i++)
                json_claim(j, p, w, &w->claims[i]);
            pt_json_close(j, ']');
        }
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
}

/* --- what holds the customer together ----------------------------------------------------------------------------- */

static const char *identifier_text(const pt_cli *cli, const pt_profile_identifier *i)
{
    return pt_arena_printf(cli->arena, "%.*s:%.*s", (int)i->type.len, i->type.ptr, (int)i->value.len, i->value.ptr);
}

void pt_likenesses_print(pt_cli *cli, const pt_likenesses *all)
{
    if (all->n)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_WHY_LIKENESSES));
    for (size_t i = 0; i < all->n; i++) {
        const pt_likeness *l = &all->items[i];
        PT_CLI_SAY(cli, WHY_LIKENESS, identifier_text(cli, &l->a), identifier_text(cli, &l->b),
                   pt_arena_printf(cli->arena, "%.1f%%", 100 * l->score), l->rule);
    }
}

static void json_identifier(pt_json *j, const char *key, const pt_profile_identifier *i)
{
    pt_json_put_open(j, key, '{');
    pt_json_put_text(j, "type", i->type);
    pt_json_put_text(j, "value", i->value);
    pt_json_close(j, '}');
}

void pt_likenesses_json(pt_json *j, const pt_likenesses *all)
{
    pt_json_put_open(j, "likenesses", '[');
    for (size_t i = 0; i < all->n; i++) {
        const pt_likeness *l = &all->items[i];
        pt_json_open(j, '{');
        json_identifier(j, "a", &l->a);
        json_identifier(j, "b", &l->b);
        pt_json_put_number(j, "score", l->score);
        pt_json_put_cstr(j, "rule", l->rule);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}
