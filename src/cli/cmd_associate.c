#include "app/associate.h"

#include <math.h>

#include "cli/journeytext.h"

enum { SHOWN_ITEMS = 4 };
#define SURE 0.05

/* --- for people ------------------------------------------------------------------------------------------------------------- */

static const char *percent(pt_cli *cli, double share)
{
    return pt_arena_printf(cli->arena, "%.1f", 100 * share);
}

static const char *chance(pt_cli *cli, double q)
{
    return q < 0.001 ? "<0.001" : pt_arena_printf(cli->arena, "%.3f", q);
}

static const char *join(pt_cli *cli, const pt_sv *items, size_t n, const char *between)
{
    pt_str text = {0};

    for (size_t i = 0; i < n; i++) {
        pt_str_add(&text, i ? between : "");
        pt_str_addsv(&text, items[i]);
    }
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy ? copy : "";
}

/* Baskets as what they are. */
static const char *baskets(pt_cli *cli, const pt_associate *a, uint64_t n)
{
    pt_str text = {0};

    if (a->by)
        PT_SAY(&text, cli->lang, ASSOCIATE_BASKETS, pt_journey_count(cli, n), a->by);
    else
        PT_SAY(&text, cli->lang, ASSOCIATE_CUSTOMERS, pt_journey_count(cli, n));
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy ? copy : "";
}

static void print_items(pt_cli *cli, const pt_associate *a)
{
    size_t shown = a->n_items <= SHOWN_ITEMS + 1 ? a->n_items : SHOWN_ITEMS;
    const char *items = join(cli, a->items, shown, cli->lang == PT_ZH ? "、" : ", ");
    pt_str text = {0};

    if (shown < a->n_items)
        PT_SAY(&text, cli->lang, ASSOCIATE_MORE_ITEMS, items, pt_journey_count(cli, a->n_items - shown));
    else
        pt_str_add(&text, items);
    PT_CLI_SAY(cli, ASSOCIATE_ITEMS, pt_str_cstr(&text));
    pt_str_free(&text);
}

static void print_head(pt_cli *cli, const pt_project *p, const pt_associate *a)
{
    pt_journey_head(cli, p, &a->about);
    if (a->left == PT_LEFT_ITEMS)
        print_items(cli, a);
    if (a->left == PT_LEFT_CONDITION)
        PT_CLI_SAY(cli, ASSOCIATE_CONDITION, a->condition);
    if (a->left == PT_LEFT_ANY)
        PT_CLI_SAY(cli, ASSOCIATE_ALL_OF, baskets(cli, a, a->baskets));
    else
        PT_CLI_SAY(cli, ASSOCIATE_LEFT_OF, baskets(cli, a, a->left_baskets), baskets(cli, a, a->baskets),
                   percent(cli, (double)a->left_baskets / (double)a->baskets));
}

static const char *right_title(pt_cli *cli, const pt_project *p, const pt_associate *a)
{
    if (a->left == PT_LEFT_ANY)
        return pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_RIGHT);
    return a->tag >= 0 ? pt_cli_tag_label(cli, p, (uint32_t)a->tag) : a->right_column;
}

/* A value of a tag by its label. */
static const char *right_text(pt_cli *cli, const pt_project *p, const pt_associate *a, pt_sv right)
{
    pt_journey_value value = {.text = right};

    if (a->tag >= 0)
        return pt_journey_group(cli, p, (uint32_t)a->tag, &value);
    return pt_arena_strndup(cli->arena, right.ptr, right.len);
}

static void print_rules(pt_cli *cli, const pt_project *p, const pt_associate *a)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *header[] = {
        pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_LEFT),  right_title(cli, p, a),
        pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_BOTH),  pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_CONFIDENCE),
        pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_USUAL), pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_LIFT),
        pt_cli_text(cli, PT_TEXT_ASSOCIATE_HEAD_CHANCE)};
    size_t skip = a->left == PT_LEFT_ANY ? 0 : 1;
    pt_table t;

    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, PT_COUNT(align) - skip, align + skip, header + skip);
    for (size_t i = 0; i < a->n_rules; i++) {
        const pt_associate_rule *r = &a->rules[i];
        const char *cells[] = {
            join(cli, r->left, r->n_left, " + "),
            right_text(cli, p, a, r->right),
            pt_journey_count(cli, r->counts.both),
            pt_arena_printf(cli->arena, "%.1f%%", 100 * r->measures.confidence),
            pt_arena_printf(cli->arena, "%.1f%%", 100 * (double)r->counts.right / (double)r->counts.n),
            pt_arena_printf(cli->arena, "%.2f", r->measures.lift),
            chance(cli, r->q)};
        pt_table_row(&t, cells + skip);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (a->n_found > a->n_rules + (a->left == PT_LEFT_ANY ? a->n_hidden : 0))
        PT_CLI_SAY(cli, ASSOCIATE_MORE, pt_journey_count(cli, a->n_found - a->n_rules));
}

static void print_sentence(pt_cli *cli, const pt_project *p, const pt_associate *a)
{
    const pt_associate_rule *r = a->rules;

    if (!a->n_rules) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_ASSOCIATE_NONE));
        return;
    }
    const char *right = right_text(cli, p, a, r->right), *lift = pt_arena_printf(cli->arena, "%.2f", r->measures.lift);
    if (r->q >= SURE || r->measures.lift <= 1)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_ASSOCIATE_CHANCE_ONLY));
    else if (a->left == PT_LEFT_ANY)
        PT_CLI_SAY(cli, ASSOCIATE_BEST_RULE, join(cli, r->left, r->n_left, " + "), right,
                   percent(cli, r->measures.confidence), lift);
    else
        PT_CLI_SAY(cli, ASSOCIATE_BEST, right, percent(cli, r->measures.confidence),
                   percent(cli, (double)r->counts.right / (double)r->counts.n), lift);
}

static void print_all(pt_cli *cli, const pt_project *p, const pt_associate *a)
{
    print_head(cli, p, a);
    print_sentence(cli, p, a);
    if (a->n_rules)
        print_rules(cli, p, a);
    if (a->n_hidden)
        PT_CLI_SAY(cli, ASSOCIATE_HIDDEN, pt_journey_count(cli, a->n_hidden),
                   pt_journey_count(cli, a->about.min_group));
}

/* --- for programs ------------------------------------------------------------------------------------------------------------- */

static void json_number(pt_json *j, const char *key, double v)
{
    pt_json_key(j, key);
    if (isfinite(v))
        pt_json_number(j, v);
    else
        pt_json_null(j);
}

static void json_name(pt_json *j, const char *key, const char *name)
{
    pt_json_key(j, key);
    if (name)
        pt_json_cstr(j, name);
    else
        pt_json_null(j);
}

static void json_items(pt_json *j, const char *key, const pt_sv *items, size_t n)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++)
        pt_json_text(j, items[i]);
    pt_json_close(j, ']');
}

static void json_rule(pt_json *j, const pt_associate *a, const pt_associate_rule *r)
{
    pt_json_open(j, '{');
    if (a->left == PT_LEFT_ANY)
        json_items(j, "left", r->left, r->n_left);
    pt_json_put_text(j, "right", r->right);
    pt_json_put_count(j, "left_count", r->counts.left);
    pt_json_put_count(j, "right_count", r->counts.right);
    pt_json_put_count(j, "both", r->counts.both);
    json_number(j, "support", r->measures.support);
    json_number(j, "confidence", r->measures.confidence);
    json_number(j, "lift", r->measures.lift);
    json_number(j, "leverage", r->measures.leverage);
    json_number(j, "conviction", r->measures.conviction);
    json_number(j, "p", r->measures.p);
    json_number(j, "q", r->q);
    pt_json_close(j, '}');
}

static void json_all(pt_cli *cli, const pt_project *p, const pt_associate *a)
{
    pt_json j;

    pt_journey_json(&j, cli, p, &a->about);
    json_name(&j, "source", a->source);
    if (a->left == PT_LEFT_ITEMS) {
        json_name(&j, "left_column", a->left_column);
        json_items(&j, "items", a->items, a->n_items);
    }
    if (a->left == PT_LEFT_CONDITION)
        json_name(&j, "condition", a->condition);
    if (a->tag >= 0)
        json_name(&j, "tag", p->tags[a->tag].name);
    else
        json_name(&j, "column", a->right_column);
    json_name(&j, "by", a->by ? a->by : "customer");
    pt_json_put_count(&j, "baskets", a->baskets);
    if (a->left != PT_LEFT_ANY)
        pt_json_put_count(&j, "left_baskets", a->left_baskets);
    json_number(&j, "min_support", a->min_support);
    json_number(&j, "min_confidence", a->min_confidence);
    json_number(&j, "min_lift", a->min_lift);
    pt_json_put_count(&j, "looked_at", a->looked_at);
    pt_json_put_count(&j, "hidden", a->n_hidden);
    pt_json_put_open(&j, "rules", '[');
    for (size_t i = 0; i < a->n_rules; i++)
        json_rule(&j, a, &a->rules[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command --------------------------------------------------------------------------------------------------------------- */

/* A share as "0.01" or "1%". */
static pt_rc read_share(double *out, const pt_cli *cli, const char *option, double most, pt_err *err)
{
    pt_sv text = pt_journey_text(cli, option);
    bool share = text.len && text.ptr[text.len - 1] == '%';
    double value;

    *out = -1;
    if (!text.len)
        return PT_OK;
    if (share)
        text.len--;
    if (!pt_parse_double(&value, text) || value < 0 || value / (share ? 100 : 1) > most) {
        pt_fail(err, PT_EINVAL, "--%s takes a number, not '%s'", option, pt_cli_option(cli, option));
        return pt_err_hint(err, "a share is written 0.01 or with a percent sign");
    }
    *out = share ? value / 100 : value;
    return PT_OK;
}

static pt_rc read_question(pt_associate_question *q, const pt_cli *cli, pt_err *err)
{
    uint32_t top = 0, size = 0;

    *q = (pt_associate_question){.left = pt_sv_of(cli->n_args ? cli->args[0] : ""),
                                 .with = pt_journey_text(cli, "with"),
                                 .source = pt_journey_text(cli, "source"),
                                 .item = pt_journey_text(cli, "item"),
                                 .by = pt_journey_text(cli, "by")};
    PT_TRY(read_share(&q->min_support, cli, "min-support", 1, err));
    PT_TRY(read_share(&q->min_confidence, cli, "min-confidence", 1, err));
    PT_TRY(read_share(&q->min_lift, cli, "min-lift", 1e9, err));
    PT_TRY(pt_journey_number(&top, cli, "top", 9999, err));
    PT_TRY(pt_journey_number(&size, cli, "size", 20, err));
    q->top = top;
    q->max_size = size;
    return PT_OK;
}

pt_rc pt_cmd_associate(pt_cli *cli, pt_err *err)
{
    pt_journey_options options;
    pt_associate_question question;
    pt_associate found;
    pt_diags diags;
    pt_app *app;

    PT_TRY(read_question(&question, cli, err));
    PT_TRY(pt_journey_begin(&options, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_associate(&found, app, &question, &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_all(cli, pt_app_project(app), &found);
    else if (rc == PT_OK)
        print_all(cli, pt_app_project(app), &found);
    return pt_journey_end(cli, &diags, rc);
}
