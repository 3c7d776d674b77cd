#include "cli/treetext.h"

#include <math.h>

enum { MOST_NAMES = 6 }; /* of a condition, that are written out for people */

/* --- parts ------------------------------------------------------------------------------------------------------------- */

static const char *say(const pt_cli *cli, pt_text id, const char *a, const char *b, const char *c)
{
    pt_str text = {0};

    pt_say(&text, cli->lang, id, (const char *const[]){a, b ? b : "", c ? c : ""}, 3);
    return pt_cli_keep(cli, &text);
}

static const char *percent(const pt_cli *cli, double share)
{
    const char *text = pt_arena_printf(cli->arena, "%.1f%%", 100 * share);

    return text ? text : "";
}

static const char *number(const pt_cli *cli, double v, pt_type type)
{
    const char *text = pt_arena_printf(cli->arena, fabs(v) < 1000 ? "%.4g" : "%.0f", v);

    return !text ? "" : type == PT_TYPE_DURATION ? say(cli, PT_TEXT_TREE_DAYS, text, NULL, NULL) : text;
}

/* What is compared, in words. */
static const char *subject(const pt_cli *cli, const pt_project *p, const pt_tree_condition *c, pt_type type)
{
    int tag = pt_project_find_tag(p, pt_sv_of(c->feature));
    const char *label = tag >= 0 ? pt_cli_tag_label(cli, p, (uint32_t)tag) : c->feature;

    if (c->kind == PT_TREE_LENGTH)
        return say(cli, PT_TEXT_TREE_ITEMS, label, NULL, NULL);
    return type == PT_TYPE_DATE || type == PT_TYPE_INSTANT ? say(cli, PT_TEXT_TREE_AGE, label, NULL, NULL) : label;
}

/* A category as it is shown: tiers may have labels. */
static const char *category(const pt_cli *cli, const pt_project *p, const char *feature, const char *name)
{
    int tag = pt_project_find_tag(p, pt_sv_of(feature));

    for (size_t i = 0; tag >= 0 && i < p->tags[tag].n_tier_labels; i++)
        if (pt_sv_eq(pt_sv_of(p->tags[tag].tier_labels[i].name), pt_sv_of(name)))
            return pt_label_text(&p->tags[tag].tier_labels[i].label, pt_lang_code(cli->lang), name);
    return name;
}

/* "A, B or C"; of many "A, B, C and 20 more". */
static const char *names(const pt_cli *cli, const pt_project *p, const pt_tree_condition *c)
{
    bool many = c->n_names > MOST_NAMES;
    size_t shown = many ? MOST_NAMES : c->n_names;
    pt_str all = {0};

    for (size_t i = 0; i + !many < shown; i++) {
        pt_str_add(&all, i ? pt_cli_text(cli, PT_TEXT_TREE_NAMES_COMMA) : "");
        pt_str_add(&all, category(cli, p, c->feature, c->names[i]));
    }
    const char *last = c->n_names ? category(cli, p, c->feature, c->names[c->n_names - 1]) : "";
    const char *most = pt_cli_keep(cli, &all);
    if (many)
        return say(cli, PT_TEXT_TREE_NAMES_MORE, most, pt_cli_count(cli, c->n_names - shown), NULL);
    return c->n_names > 1 ? say(cli, PT_TEXT_TREE_NAMES, most, last, NULL) : last;
}

static const char *range(const pt_cli *cli, const pt_tree_condition *c, const char *what, pt_type type)
{
    if (type == PT_TYPE_BOOL && c->kind == PT_TREE_RANGE && !(c->low < 0 && c->high >= 1))
        return say(cli, c->low < 0 ? PT_TEXT_TREE_NO : PT_TEXT_TREE_YES, what, NULL, NULL);
    if (isfinite(c->low) && isfinite(c->high))
        return say(cli, PT_TEXT_TREE_BETWEEN, what, number(cli, c->low, type), number(cli, c->high, type));
    if (isfinite(c->low))
        return say(cli, PT_TEXT_TREE_ABOVE, what, number(cli, c->low, type), NULL);
    if (isfinite(c->high))
        return say(cli, PT_TEXT_TREE_AT_MOST, what, number(cli, c->high, type), NULL);
    return say(cli, PT_TEXT_TREE_KNOWN, what, NULL, NULL);
}

static const char *condition(const pt_cli *cli, const pt_project *p, const pt_tree_condition *c)
{
    pt_type type = pt_tree_type(c->feature, p);
    const char *what = subject(cli, p, c, type), *text;

    if (!c->present)
        return say(cli, PT_TEXT_TREE_UNKNOWN, what, NULL, NULL);
    if (c->kind == PT_TREE_ITEM)
        return say(cli, c->others ? PT_TEXT_TREE_HAS_NOT : PT_TEXT_TREE_HAS, what, names(cli, p, c), NULL);
    if (c->kind == PT_TREE_NAMES && c->others && c->n_names == 0)
        text = say(cli, PT_TEXT_TREE_KNOWN, what, NULL, NULL);
    else if (c->kind == PT_TREE_NAMES)
        text = say(cli, c->others ? PT_TEXT_TREE_IS_NOT : PT_TEXT_TREE_IS, what, names(cli, p, c), NULL);
    else
        text = range(cli, c, what, type);
    return c->missing && !c->never_missing ? say(cli, PT_TEXT_TREE_OR_UNKNOWN, text, NULL, NULL) : text;
}

/* What a rule says of whom it is about: "83.1%", "gold 62.0%", "12.5". */
static const char *verdict(const pt_cli *cli, const pt_tree_rule_set *rules, const pt_tree_rule *r)
{
    char buf[32];

    if (rules->outputs == 2)
        return percent(cli, (double)r->values[1]);
    if (rules->outputs > 2) {
        size_t k = pt_likeliest(r->values, rules->outputs);
        return say(cli, PT_TEXT_TREE_CLASS, rules->classes[k], percent(cli, (double)r->values[k]), NULL);
    }
    snprintf(buf, sizeof buf, "%.6g", (double)r->values[0]);
    const char *text = pt_arena_strdup(cli->arena, buf);
    return text ? text : "";
}

/* --- the commands' --------------------------------------------------------------------------------------------------------- */

static void rules_json(pt_cli *cli, const pt_project *p, const pt_tree_rule_set *rules)
{
    pt_json j;
    pt_str when = {0};

    pt_json_init(&j, &cli->out, 2);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < rules->n; i++) {
        const pt_tree_rule *r = &rules->rules[i];
        pt_str_clear(&when);
        pt_tree_when(&when, r, p);
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "when", pt_str_cstr(&when));
        pt_json_put_number(&j, "share", round(r->share * 1e6) / 1e6);
        pt_json_key(&j, rules->outputs > 1 ? "classes" : "value");
        if (rules->outputs > 1)
            pt_json_open(&j, '{');
        for (size_t k = 0; k < rules->outputs; k++) {
            if (rules->outputs > 1)
                pt_json_key(&j, rules->classes[k]);
            pt_json_number(&j, round((double)r->values[k] * 1e6) / 1e6);
        }
        if (rules->outputs > 1)
            pt_json_close(&j, '}');
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
    cli->out.failed = cli->out.failed || when.failed;
    pt_str_free(&when);
}

static void say_rule(pt_cli *cli, const pt_project *p, const pt_tree_rule_set *rules, size_t i)
{
    const pt_tree_rule *r = &rules->rules[i];

    PT_CLI_SAY(cli, TREE_RULE, pt_cli_count(cli, i + 1), verdict(cli, rules, r), percent(cli, r->share));
    for (size_t c = 0; c < r->n; c++)
        pt_str_addf(&cli->out, "   %s\n", condition(cli, p, &r->conditions[c]));
    if (r->n == 0)
        pt_str_addf(&cli->out, "   %s\n", pt_cli_text(cli, PT_TEXT_TREE_EVERYBODY));
}

void pt_cli_tree_rules(pt_cli *cli, const pt_project *p, const pt_tree_rule_set *rules)
{
    const char *n = pt_cli_count(cli, rules->n);

    if (cli->json) {
        rules_json(cli, p, rules);
        return;
    }
    if (rules->outputs == 2)
        PT_CLI_SAY(cli, TREE_HEAD_CLASS, n, rules->classes[1]);
    else if (rules->outputs > 2)
        PT_CLI_SAY(cli, TREE_HEAD_CLASSES, n);
    else
        PT_CLI_SAY(cli, TREE_HEAD_VALUE, n);
    for (size_t i = 0; i < rules->n; i++)
        say_rule(cli, p, rules, i);
}

pt_rc pt_cli_tree_tiers(pt_cli *cli, const pt_project *p, const pt_model_def *model, const pt_tree_rule_set *rules,
                        pt_err *err)
{
    pt_label label = {0};

    const char **tiers = PT_NEW_ARRAY(cli->arena, const char *, rules->n),
               **notes = PT_NEW_ARRAY(cli->arena, const char *, rules->n);
    const char *tag = pt_arena_printf(cli->arena, "%s_rules", model->name);
    if (!tiers || !notes || !tag)
        return pt_fail_nomem(err, "the rules of a tree");
    for (size_t i = 0; i < rules->n; i++) {
        tiers[i] = say(cli, PT_TEXT_TREE_TIER, pt_cli_count(cli, i + 1), NULL, NULL);
        notes[i] = say(cli, PT_TEXT_TREE_TIER_NOTE, verdict(cli, rules, &rules->rules[i]),
                       percent(cli, rules->rules[i].share), NULL);
    }
    for (pt_lang_id lang = PT_EN; lang <= PT_ZH; lang++) {
        pt_str text = {0};
        pt_say(&text, lang, PT_TEXT_TREE_TIERS_LABEL,
               (const char *const[]){pt_label_text(model->label, pt_lang_code(lang), model->name)}, 1);
        *(lang == PT_ZH ? &label.zh : &label.en) = pt_cli_keep(cli, &text);
    }
    pt_tree_tiers(&cli->out, rules, tag, &label, tiers, notes, p);
    return pt_str_check(&cli->out, err);
}
