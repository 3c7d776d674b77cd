#include "cli/identitypast.h"

#include "cli/identitytext.h"

/* --- in words ----------------------------------------------------------------------------------------------------- */

static const char *text_of(const pt_cli *cli, pt_sv text)
{
    const char *copy = pt_arena_strndup(cli->arena, text.ptr ? text.ptr : "", text.len);

    return copy ? copy : "";
}

static const char *end_of(const pt_cli *cli, const pt_decision_end *end)
{
    return pt_cli_identifier(cli, end->type, end->value);
}

/* The words of rules that are the program's own; others are columns of the project. */
static const char *rule_of(const pt_cli *cli, const pt_past_event *e)
{
    if (pt_sv_eq(e->rule, PT_SV("same row")))
        return pt_cli_text(cli, PT_TEXT_PAST_SAME_ROW);
    if (pt_sv_eq(e->rule, PT_SV(PT_DECISION_HAND)))
        return pt_cli_text(cli, PT_TEXT_PAST_BY_HAND);
    if (pt_sv_eq(e->rule, PT_SV(PT_DECISION_REVIEW)))
        return pt_cli_text(cli, PT_TEXT_PAST_REVIEW);
    if (pt_sv_eq(e->rule, PT_SV(PT_DECISION_ALONG)))
        return pt_cli_text(cli, PT_TEXT_PAST_ALONG);
    return text_of(cli, e->rule);
}

static const char *number_text(const pt_cli *cli, uint32_t n)
{
    const char *text = pt_arena_printf(cli->arena, "%u", n);

    return text ? text : "";
}

static void say_link(pt_str *s, const pt_cli *cli, const pt_past_event *e)
{
    const char *a = end_of(cli, &e->a), *b = end_of(cli, &e->b), *source = text_of(cli, e->source);
    char sure[32];

    if (pt_sv_eq(e->source, PT_SV(PT_DECISION_HAND))) {
        PT_SAY(s, cli->lang, PAST_LINKED_HAND, a, b, rule_of(cli, e));
        return;
    }
    snprintf(sure, sizeof sure, "%.1f%%", e->score * 100);
    if (e->score < 1)
        PT_SAY(s, cli->lang, PAST_LINKED_SCORE, a, b, source, rule_of(cli, e), sure);
    else
        PT_SAY(s, cli->lang, PAST_LINKED, a, b, source, rule_of(cli, e));
}

static void say_unlinked(pt_str *s, const pt_cli *cli, const pt_past_event *e)
{
    const char *a = end_of(cli, &e->a), *b = end_of(cli, &e->b);

    if (pt_sv_eq(e->source, PT_SV(PT_DECISION_HAND)))
        PT_SAY(s, cli->lang, PAST_UNLINKED_HAND, a, b);
    else
        PT_SAY(s, cli->lang, PAST_UNLINKED, a, b, text_of(cli, e->source));
}

static void say_refused(pt_str *s, const pt_cli *cli, const pt_past_event *e)
{
    const char *a = end_of(cli, &e->a), *b = end_of(cli, &e->b), *why = pt_cli_refusal(cli, text_of(cli, e->reason));

    if (e->number)
        PT_SAY(s, cli->lang, PAST_REFUSED_DECISION, number_text(cli, e->number), a, b, why);
    else if (e->because)
        PT_SAY(s, cli->lang, PAST_REFUSED_BY, a, b, why, number_text(cli, e->because));
    else
        PT_SAY(s, cli->lang, PAST_REFUSED, a, b, why);
}

static void say_decided(pt_str *s, const pt_cli *cli, const pt_past_event *e)
{
    const pt_decision *d = e->decision;

    PT_SAY(s, cli->lang, PAST_DECIDED, number_text(cli, d->number), text_of(cli, d->who), pt_cli_decision(cli, d));
    if (d->why.len)
        PT_SAY(s, cli->lang, PAST_BECAUSE, text_of(cli, d->why));
    if (e->ended)
        pt_str_add(s, pt_cli_text(cli, PT_TEXT_PAST_UNDONE));
}

static const char *words_of(const pt_cli *cli, const pt_past_event *e)
{
    pt_str s = {0};

    switch (e->kind) {
    case PT_PAST_BORN: PT_SAY(&s, cli->lang, PAST_BORN, text_of(cli, e->id)); break;
    case PT_PAST_SEEN: PT_SAY(&s, cli->lang, PAST_SEEN, end_of(cli, &e->a), text_of(cli, e->id)); break;
    case PT_PAST_LINKED: say_link(&s, cli, e); break;
    case PT_PAST_UNLINKED: say_unlinked(&s, cli, e); break;
    case PT_PAST_MOVED:
        PT_SAY(&s, cli->lang, PAST_MOVED, end_of(cli, &e->a), text_of(cli, e->id), text_of(cli, e->other));
        break;
    case PT_PAST_MERGED: PT_SAY(&s, cli->lang, PAST_MERGED, text_of(cli, e->id), text_of(cli, e->other)); break;
    case PT_PAST_PARTED: PT_SAY(&s, cli->lang, PAST_PARTED, text_of(cli, e->id)); break;
    case PT_PAST_REFUSED: say_refused(&s, cli, e); break;
    case PT_PAST_DECIDED: say_decided(&s, cli, e); break;
    }
    return pt_cli_keep(cli, &s);
}

/* Whether an event is of now, not of the past. */
static bool holds(const pt_past_event *e)
{
    return (e->kind == PT_PAST_LINKED && !e->ended) || e->kind == PT_PAST_REFUSED ||
           (e->kind == PT_PAST_DECIDED && !e->ended && e->decision->kind != PT_DECISION_UNDO);
}

static void print_events(pt_cli *cli, const pt_project *p, const pt_past_story *story, bool now)
{
    static const pt_align align[] = {PT_RIGHT, PT_LEFT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_PAST_BUILD), pt_cli_text(cli, PT_TEXT_IDENTITY_WHEN),
                                  pt_cli_text(cli, PT_TEXT_IDENTITY_WHAT)};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < story->n; i++) {
        const pt_past_event *e = &story->events[i];
        bool first = !i || now || e->build != story->events[i - 1].build || e->kind == PT_PAST_DECIDED ||
                     story->events[i - 1].kind == PT_PAST_DECIDED;
        const char *build = e->kind == PT_PAST_DECIDED || !first ? "" : number_text(cli, e->build);
        if (!now || holds(e))
            pt_table_row(&t, (const char *const[]){
                                 build, e->at == PT_I64_MISSING || !first ? "" : pt_format_as_of(cli, p, e->at),
                                 words_of(cli, e)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (story->cut)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PAST_CUT));
}

void pt_cli_forwarded(pt_cli *cli, pt_sv asked, pt_sv id)
{
    if (asked.len)
        PT_CLI_SAY(cli, PAST_FORWARDED, text_of(cli, asked), text_of(cli, id));
}

void pt_cli_past(pt_cli *cli, const pt_project *p, const pt_past_story *story)
{
    pt_cli_forwarded(cli, pt_sv_of(story->asked), pt_sv_of(story->id));
    if (story->of)
        PT_CLI_SAY(cli, PAST_OF_IDENTIFIER, end_of(cli, story->of), story->id);
    else
        PT_CLI_SAY(cli, PAST_OF, story->id);
    print_events(cli, p, story, false);
}

void pt_cli_past_now(pt_cli *cli, const pt_project *p, const pt_past_story *story)
{
    bool any = false;

    pt_cli_forwarded(cli, pt_sv_of(story->asked), pt_sv_of(story->id));
    PT_CLI_SAY(cli, IDENTITY_HANGS, story->of ? end_of(cli, story->of) : story->id);
    for (size_t i = 0; i < story->n; i++)
        any |= holds(&story->events[i]);
    if (any)
        print_events(cli, p, story, true);
    else
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_IDENTITY_ALONE));
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_text(pt_json *j, const char *key, pt_sv text)
{
    if (!text.len)
        return;
    pt_json_put_text(j, key, text);
}

static void json_event(pt_json *j, const pt_project *p, const pt_past_event *e)
{
    char at[48];

    pt_json_open(j, '{');
    pt_json_put_int(j, "build", e->build);
    pt_json_put_cstr(j, "at", e->at == PT_I64_MISSING ? NULL : pt_instant_format(at, e->at, p->zone));
    pt_json_put_cstr(j, "event", pt_past_kind_name(e->kind));
    if (e->a.type.len)
        pt_cli_identifier_json(j, "a", e->a.type, e->a.value);
    if (e->b.type.len)
        pt_cli_identifier_json(j, "b", e->b.type, e->b.value);
    json_text(j, "customer", e->id);
    json_text(j, "to", e->other);
    json_text(j, "source", e->source);
    json_text(j, "rule", e->rule);
    if (e->kind == PT_PAST_LINKED) {
        pt_json_put_number(j, "score", e->score);
    }
    if (e->kind == PT_PAST_LINKED || e->kind == PT_PAST_DECIDED) {
        pt_json_put_bool(j, "stands", !e->ended);
    }
    json_text(j, "reason", e->reason);
    if (e->because) {
        pt_json_put_int(j, "because_of_decision", e->because);
    }
    if (e->decision || e->number) {
        pt_json_put_int(j, "decision", e->decision ? e->decision->number : e->number);
    }
    if (e->decision) {
        pt_json_put_cstr(j, "kind", pt_decision_kind_name(e->decision->kind));
        json_text(j, "who", e->decision->who);
        json_text(j, "why", e->decision->why);
    }
    pt_json_close(j, '}');
}

void pt_cli_past_json(pt_cli *cli, const pt_project *p, const pt_past_story *story, bool now)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "customer", story->id);
    pt_json_put_cstr(&j, "asked", story->asked);
    if (story->of)
        pt_cli_identifier_json(&j, "identifier", story->of->type, story->of->value);
    pt_json_put_open(&j, "events", '[');
    for (size_t i = 0; i < story->n; i++)
        if (!now || holds(&story->events[i]))
            json_event(&j, p, &story->events[i]);
    pt_json_close(&j, ']');
    pt_json_put_bool(&j, "cut", story->cut);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}
