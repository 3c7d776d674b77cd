/* `portrait link evaluate | explain | review | shadow`: what linking answers, one file each; linkanswers.c opens for all of them. */
#ifndef PT_CLI_LINKANSWERS_H
#define PT_CLI_LINKANSWERS_H

#include "app/link_find.h"
#include "app/view.h"
#include "cli/cli.h"
#include "link/count.h"

/* An opened project with its linking, for one command. */
typedef struct pt_link_session {
    pt_app *app;
    pt_linking *linking;
    pt_view *view;      /* the app's; NULL when nothing is published */
    pt_link_find *find; /* of the linking */
    pt_linking_options options;
} pt_link_session;

/* Takes the steps up to `until`. Close it after a failure too; zero-initialise it before. */
pt_rc pt_link_session_open(pt_link_session *s, pt_cli *cli, pt_linking_step until, pt_err *err);
void pt_link_session_close(pt_link_session *s);

/* The subcommand that the first argument names. */
pt_rc pt_cmd_link_answer(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_link_blocks(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_link_evaluate(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_link_explain(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_link_review(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_link_shadow(pt_cli *cli, pt_err *err);

/* Blocking rules with the pairs they bring together; one of them for programs. */
void pt_link_print_rules(pt_cli *cli, const pt_linking *l, const pt_link_counts *c);
void pt_link_json_rule(pt_json *j, const pt_link_rule *rule, const pt_link_block_report *x, bool distinct);

/* Figures, in the arena of `cli`. */
const char *pt_link_text_bits(const pt_cli *cli, double bits);     /* "+6.1", "-0.4" */
const char *pt_link_text_probability(const pt_cli *cli, double p); /* "97.3%", ">99.99%" */
const char *pt_link_text_ratio(const pt_cli *cli, double v);       /* "0.973" */

/* Two records, a line each: their names and values as written. */
void pt_link_print_values(pt_cli *cli, const pt_linking *l, uint32_t a, uint32_t b);

/* A key and its value, in an object that is open. */
void pt_link_json_text(pt_json *j, const char *key, const char *text);
void pt_link_json_number(pt_json *j, const char *key, double v);
void pt_link_json_count(pt_json *j, const char *key, uint64_t n);

#endif
