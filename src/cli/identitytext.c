#include "cli/identitytext.h"

/* --- one by one --------------------------------------------------------------------------------------------------- */

const char *pt_cli_identifier(const pt_cli *cli, pt_sv type, pt_sv value)
{
    pt_str s = {0};

    pt_str_addsv(&s, type);
    pt_str_addc(&s, ':');
    pt_str_addsv(&s, value);
    return pt_cli_keep(cli, &s);
}

void pt_cli_identifier_json(pt_json *j, const char *key, pt_sv type, pt_sv value)
{
    if (key)
        pt_json_key(j, key);
    pt_json_open(j, '{');
    pt_json_put_text(j, "type", type);
    pt_json_put_text(j, "value", value);
    pt_json_close(j, '}');
}

const char *pt_cli_decision(const pt_cli *cli, const pt_decision *d)
{
    static const pt_text words[] = {[PT_DECISION_SAME] = PT_TEXT_IDENTITY_SAME,
                                    [PT_DECISION_DIFFERENT] = PT_TEXT_IDENTITY_DIFFERENT,
                                    [PT_DECISION_PIN] = PT_TEXT_IDENTITY_PIN,
                                    [PT_DECISION_UNDO] = PT_TEXT_IDENTITY_UNDO};
    char number[16];
    pt_str s = {0};

    snprintf(number, sizeof number, "%u", d->undoes);
    if (d->kind == PT_DECISION_UNDO)
        PT_SAY(&s, cli->lang, IDENTITY_UNDO, number);
    else if (d->kind == PT_DECISION_PIN)
        PT_SAY(&s, cli->lang, IDENTITY_PIN, pt_cli_identifier(cli, d->b.type, d->b.value));
    else
        pt_say(&s, cli->lang, words[d->kind],
               (const char *const[]){pt_cli_identifier(cli, d->a.type, d->a.value),
                                     pt_cli_identifier(cli, d->b.type, d->b.value)},
               2);
    return pt_cli_keep(cli, &s);
}

void pt_cli_decision_json(pt_json *j, const pt_decision *d)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "kind", pt_decision_kind_name(d->kind));
    if (d->kind == PT_DECISION_UNDO) {
        pt_json_put_int(j, "undoes", d->undoes);
    } else {
        pt_cli_identifier_json(j, "a", d->a.type, d->a.value);
        pt_cli_identifier_json(j, "b", d->b.type, d->b.value);
        pt_json_put_bool(j, "taken_along", pt_sv_eq(d->rule, PT_SV(PT_DECISION_ALONG)));
    }
    pt_json_close(j, '}');
}

const char *pt_cli_refusal(const pt_cli *cli, const char *reason)
{
    static const struct {
        const char *reason;
        pt_text text;
    } words[] = {{"over limit", PT_TEXT_IDENTITY_OVER_LIMIT},    {"too large", PT_TEXT_IDENTITY_TOO_LARGE},
                 {"kept apart", PT_TEXT_IDENTITY_APART},         {"pinned", PT_TEXT_IDENTITY_PINNED},
                 {"another value", PT_TEXT_IDENTITY_OTHER_FACT}, {"contradicted", PT_TEXT_IDENTITY_CONTRADICTED}};

    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (strcmp(words[i].reason, reason) == 0)
            return pt_cli_text(cli, words[i].text);
    return reason;
}

/* --- what changes ------------------------------------------------------------------------------------------------- */

static const char *rows_of(const pt_cli *cli, const pt_hand_change *c, uint64_t rows)
{
    return c->rows_known ? pt_cli_count(cli, rows) : "";
}

static const char *name_of(const pt_cli *cli, const pt_hand_customer *c)
{
    return c->id ? c->id : pt_cli_text(cli, PT_TEXT_IDENTITY_A_NEW);
}

/* What becomes of a customer: its own id, or the one that it forwards to. */
static const char *fate_of(const pt_cli *cli, const pt_hand_customer *c)
{
    pt_str s = {0};

    if (!c->survivor)
        return c->id;
    PT_SAY(&s, cli->lang, IDENTITY_PART_OF, c->survivor);
    return pt_cli_keep(cli, &s);
}

static void print_customers(pt_cli *cli, const pt_hand_change *c)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *const header[] = {"", pt_cli_text(cli, PT_TEXT_IDENTITY_CUSTOMER),
                                  pt_cli_text(cli, PT_TEXT_IDENTITY_IDENTIFIERS), pt_cli_text(cli, PT_TEXT_COL_ROWS),
                                  ""};
    const char *now = pt_cli_text(cli, PT_TEXT_IDENTITY_NOW), *then = pt_cli_text(cli, PT_TEXT_IDENTITY_THEN);
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < c->n_before; i++) {
        const pt_hand_customer *b = &c->before[i];
        pt_table_row(&t, (const char *const[]){i ? "" : now, name_of(cli, b), pt_cli_count(cli, b->identifiers),
                                               rows_of(cli, c, b->rows), b->survivor ? fate_of(cli, b) : ""});
    }
    for (size_t i = 0; i < c->n_after; i++) {
        const pt_hand_customer *a = &c->after[i];
        pt_table_row(&t, (const char *const[]){i ? "" : then, name_of(cli, a), pt_cli_count(cli, a->identifiers),
                                               rows_of(cli, c, a->rows), ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

enum { MOST_MOVES = 20 };

static bool moves(const pt_hand_change *c, const pt_hand_identifier *it)
{
    const char *then = c->after[it->after].id;

    return !then || strcmp(c->before[it->before].id, then) != 0;
}

static void print_moves(pt_cli *cli, const pt_hand_change *c)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_IDENTITY_IDENTIFIER), pt_cli_text(cli, PT_TEXT_IDENTITY_NOW),
                                  pt_cli_text(cli, PT_TEXT_IDENTITY_THEN)};
    size_t n = 0;
    pt_table t;

    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_IDENTITY_MOVES));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < c->n_identifiers; i++) {
        const pt_hand_identifier *it = &c->identifiers[i];
        if (moves(c, it) && n++ < MOST_MOVES)
            pt_table_row(&t, (const char *const[]){pt_cli_identifier(cli, it->type, it->value),
                                                   c->before[it->before].id, name_of(cli, &c->after[it->after])});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (n > MOST_MOVES)
        PT_CLI_SAY(cli, IDENTITY_MORE, pt_cli_count(cli, n - MOST_MOVES));
}

void pt_cli_change(pt_cli *cli, const pt_hand_change *c)
{
    if (c->unknown || !c->n_before) {
        pt_str_add(&cli->out, pt_cli_text(cli, c->unknown ? PT_TEXT_IDENTITY_UNKNOWN : PT_TEXT_IDENTITY_NO_CHANGE));
        return;
    }
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_IDENTITY_WILL));
    print_customers(cli, c);
    print_moves(cli, c);
}

static void json_customers(pt_json *j, const char *key, const pt_hand_change *c, const pt_hand_customer *list, size_t n)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "customer", list[i].id);
        pt_json_put_int(j, "identifiers", list[i].identifiers);
        pt_json_key(j, "rows");
        if (c->rows_known)
            pt_json_int(j, (int64_t)list[i].rows);
        else
            pt_json_null(j);
        if (list[i].survivor) {
            pt_json_put_cstr(j, "becomes_part_of", list[i].survivor);
        }
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

void pt_cli_change_json(pt_json *j, const pt_hand_change *c)
{
    pt_json_key(j, "change");
    if (c->unknown) {
        pt_json_null(j);
        return;
    }
    pt_json_open(j, '{');
    json_customers(j, "before", c, c->before, c->n_before);
    json_customers(j, "after", c, c->after, c->n_after);
    pt_json_put_open(j, "identifiers", '[');
    for (size_t i = 0; i < c->n_identifiers; i++) {
        const pt_hand_identifier *it = &c->identifiers[i];
        pt_json_open(j, '{');
        pt_json_put_text(j, "type", it->type);
        pt_json_put_text(j, "value", it->value);
        pt_json_put_cstr(j, "before", c->before[it->before].id);
        pt_json_put_cstr(j, "after", c->after[it->after].id);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static const char *first_words(const pt_cli *cli, const pt_hand_entry *e)
{
    const char *first = pt_cli_decision(cli, e->rows);
    pt_str s = {0};

    if (e->n_rows == 1)
        return first;
    PT_SAY(&s, cli->lang, IDENTITY_AND_MORE, first, pt_cli_count(cli, e->n_rows - 1));
    return pt_cli_keep(cli, &s);
}

static const char *state_of(const pt_cli *cli, const pt_hand_entry *e)
{
    pt_str s = {0};
    char number[16];

    snprintf(number, sizeof number, "%u", e->undone_by);
    if (e->undone_by)
        PT_SAY(&s, cli->lang, IDENTITY_UNDONE, number);
    else if (e->refused)
        PT_SAY(&s, cli->lang, IDENTITY_REFUSED, pt_cli_refusal(cli, e->refused));
    else
        return pt_cli_text(cli, e->waits ? PT_TEXT_IDENTITY_WAITS : PT_TEXT_IDENTITY_HOLDS);
    return pt_cli_keep(cli, &s);
}

static const char *sv_text(const pt_cli *cli, pt_sv text)
{
    const char *copy = pt_arena_strndup(cli->arena, text.ptr ? text.ptr : "", text.len);

    return copy ? copy : "";
}

void pt_cli_decisions(pt_cli *cli, const pt_project *p, const pt_hand_list *list)
{
    static const pt_align align[] = {PT_RIGHT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_IDENTITY_NUMBER), pt_cli_text(cli, PT_TEXT_IDENTITY_WHEN),
                                  pt_cli_text(cli, PT_TEXT_IDENTITY_WHO),    pt_cli_text(cli, PT_TEXT_IDENTITY_WHAT),
                                  pt_cli_text(cli, PT_TEXT_IDENTITY_WHY),    pt_cli_text(cli, PT_TEXT_IDENTITY_STATE)};
    char number[16];
    pt_table t;

    if (!list->n) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_IDENTITY_NONE));
        return;
    }
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < list->n; i++) {
        const pt_hand_entry *e = &list->items[i];
        snprintf(number, sizeof number, "%u", e->rows->number);
        pt_table_row(&t, (const char *const[]){number, pt_format_as_of(cli, p, e->rows->at), sv_text(cli, e->rows->who),
                                               first_words(cli, e), sv_text(cli, e->rows->why), state_of(cli, e)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void json_entry(pt_json *j, const pt_project *p, const pt_hand_entry *e)
{
    char at[48];

    pt_json_open(j, '{');
    pt_json_put_int(j, "decision", e->rows->number);
    pt_json_put_cstr(j, "at", pt_instant_format(at, e->rows->at, p->zone));
    pt_json_put_text(j, "who", e->rows->who);
    pt_json_put_text(j, "why", e->rows->why);
    pt_json_put_text(j, "rule", e->rows->rule);
    pt_json_put_open(j, "rows", '[');
    for (size_t i = 0; i < e->n_rows; i++)
        pt_cli_decision_json(j, &e->rows[i]);
    pt_json_close(j, ']');
    pt_json_key(j, "undone_by");
    if (e->undone_by)
        pt_json_int(j, e->undone_by);
    else
        pt_json_null(j);
    pt_json_put_bool(j, "waits", e->waits);
    pt_json_put_cstr(j, "refused", e->refused);
    pt_json_close(j, '}');
}

void pt_cli_decisions_json(pt_cli *cli, const pt_project *p, const pt_hand_list *list)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < list->n; i++)
        json_entry(&j, p, &list->items[i]);
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
}
