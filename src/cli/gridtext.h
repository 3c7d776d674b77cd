/* What rfm, flow, regions, channels and pyramid share on a screen and in JSON. Texts are in the arena of `cli`. */
#ifndef PT_CLI_GRIDTEXT_H
#define PT_CLI_GRIDTEXT_H

#include "app/pyramid.h"
#include "cli/figures.h"

/* A question about the members of --segment. */
typedef struct pt_grid_question {
    pt_app *app;
    const pt_project *project;
    pt_sv condition;
    pt_crowd_options crowd;
    pt_diags diags;
} pt_grid_question;

/* Opens the project and reads what all these commands take. After PT_OK pt_gridtext_end must follow: it prints problems of the
 * condition and returns rc. */
pt_rc pt_gridtext_begin(pt_grid_question *q, pt_cli *cli, pt_err *err);
pt_rc pt_gridtext_end(pt_grid_question *q, pt_cli *cli, pt_rc rc);
/* The value of an option, or empty. */
pt_sv pt_gridtext_option(const pt_cli *cli, const char *name);

void pt_gridtext_head(pt_cli *cli, const pt_project *p, const pt_grid_head *head);
/* Says that the members are too few for anything to be said of them, where they are. */
bool pt_gridtext_small(pt_cli *cli, const pt_grid_head *head);
/* Says how many groups are not shown; nothing when all are. */
void pt_gridtext_hidden(pt_cli *cli, const pt_grid_head *head);
/* Opens the object and writes condition, as_of, members, customers, min_group, hidden. */
void pt_gridtext_json_head(pt_json *j, const pt_project *p, const pt_grid_head *head);
void pt_gridtext_json_count(pt_json *j, const char *key, uint64_t n);
/* null when hidden. */
void pt_gridtext_json_shown(pt_json *j, const char *key, uint64_t n, bool hidden);
/* null when it is not finite. */
void pt_gridtext_json_number(pt_json *j, const char *key, double v);
void pt_gridtext_json_value(pt_json *j, const char *key, pt_sv value);

/* The label of a value of a tag; ptr NULL: "(no value)". */
const char *pt_gridtext_value(pt_cli *cli, const pt_project *p, int tag, pt_sv value);
/* "1,234"; "*" of a hidden group. */
const char *pt_gridtext_count(pt_cli *cli, uint64_t n, bool hidden);
/* "12.3%"; "" of a hidden group, or without a whole. */
const char *pt_gridtext_share(pt_cli *cli, uint64_t part, uint64_t whole, bool hidden);

#endif
