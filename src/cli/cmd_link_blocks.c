/* `portrait link blocks`: how many pairs would be compared, rule by rule. */
#include "app/link_names.h"
#include "cli/linkanswers.h"
#include "link/count.h"

static const char *left_out(pt_cli *cli, const pt_link_block_report *r)
{
    return r->crowded ? pt_cli_count(cli, r->left_out) : "";
}

static const char *rule_name(pt_cli *cli, const pt_linking *l, size_t rule)
{
    pt_card_text text;

    if (pt_link_rule_text(&text, l, rule, cli->arena, NULL) == PT_OK)
        return pt_card_say(text, pt_lang_code(cli->lang));
    cli->out.failed = true;
    return "";
}

static void print_table(pt_cli *cli, const pt_linking *l, const pt_link_counts *c)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_LINK_RULE),    pt_cli_text(cli, PT_TEXT_LINK_RULE_PAIRS),
                                  pt_cli_text(cli, PT_TEXT_LINK_NEW),     pt_cli_text(cli, PT_TEXT_LINK_TOGETHER),
                                  pt_cli_text(cli, PT_TEXT_LINK_LARGEST), pt_cli_text(cli, PT_TEXT_LINK_LEFT_OUT)};
    uint64_t together = 0;
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t r = 0; r < l->setup.n_rules; r++) {
        const pt_link_block_report *x = &c->rules[r];
        together += c->distinct ? x->new_pairs : x->pairs;
        pt_table_row(&t, (const char *const[]){rule_name(cli, l, r), pt_cli_count(cli, x->pairs),
                                               c->distinct ? pt_cli_count(cli, x->new_pairs) : "?",
                                               pt_cli_count(cli, together), pt_cli_count(cli, x->largest),
                                               left_out(cli, x)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* Blocks that explode: by rule and size, never by what the records have in common. */
static void print_crowds(pt_cli *cli, const pt_linking *l, const pt_link_counts *c, uint64_t largest)
{
    for (size_t r = 0; r < l->setup.n_rules; r++) {
        const pt_link_rule *rule = &l->setup.rules[r];
        if (rule->split)
            PT_CLI_SAY(cli, LINK_SPLIT, rule_name(cli, l, r), pt_cli_count(cli, rule->split),
                       pt_cli_count(cli, largest), pt_cli_count(cli, rule->split_largest));
        if (c->rules[r].crowded)
            PT_CLI_SAY(cli, LINK_CROWDED, rule_name(cli, l, r), pt_cli_count(cli, c->rules[r].crowded),
                       pt_cli_count(cli, largest), pt_cli_count(cli, c->rules[r].left_out));
    }
}

void pt_link_json_rule(pt_json *j, const pt_link_rule *rule, const pt_link_block_report *x, bool distinct)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "rule", rule->name);
    pt_json_put_count(j, "pairs", x->pairs);
    if (distinct)
        pt_json_put_count(j, "new_pairs", x->new_pairs);
    pt_json_put_count(j, "blocks", x->blocks);
    pt_json_put_count(j, "largest", x->largest);
    pt_json_put_count(j, "split", rule->split);
    pt_json_put_count(j, "split_largest", rule->split_largest);
    pt_json_put_count(j, "left_out_blocks", x->crowded);
    pt_json_put_count(j, "left_out_pairs", x->left_out);
    pt_json_close(j, '}');
}

static void print_json(pt_cli *cli, const pt_link_setup *s, const pt_link_counts *c, uint64_t largest)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_count(&j, "records", s->table.records.n);
    pt_json_put_count(&j, "largest_block", largest);
    pt_json_put_count(&j, "pairs", c->distinct ? c->total : c->sum);
    pt_json_put_bool(&j, "distinct", c->distinct);
    pt_json_put_open(&j, "rules", '[');
    for (size_t r = 0; r < s->n_rules; r++)
        pt_link_json_rule(&j, &s->rules[r], &c->rules[r], c->distinct);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

void pt_link_print_rules(pt_cli *cli, const pt_linking *l, const pt_link_counts *c)
{
    print_table(cli, l, c);
    if (c->distinct)
        PT_CLI_SAY(cli, LINK_ALL_PAIRS, pt_cli_count(cli, c->total), pt_cli_count(cli, l->n));
    else
        PT_CLI_SAY(cli, LINK_MOST_PAIRS, pt_cli_count(cli, c->sum), pt_cli_count(cli, l->n));
    print_crowds(cli, l, c, pt_linking_largest_block(l));
}

static pt_rc count(pt_cli *cli, pt_link_session *session, pt_err *err)
{
    pt_link_counts counts;

    PT_TRY(pt_link_session_open(session, cli, PT_LINKING_READ, err));
    const pt_linking *l = session->linking;
    uint64_t largest = pt_linking_largest_block(l);
    PT_TRY(pt_link_count(&counts, &l->setup, largest, session->options.pool, err));
    if (cli->json) {
        print_json(cli, &l->setup, &counts, largest);
        return PT_OK;
    }
    pt_link_print_rules(cli, l, &counts);
    return PT_OK;
}

pt_rc pt_cmd_link_blocks(pt_cli *cli, pt_err *err)
{
    pt_link_session session = {0};
    pt_rc rc = count(cli, &session, err);

    pt_link_session_close(&session);
    return rc;
}
