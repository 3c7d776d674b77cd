/* Values of one customer and the events that prove them, as text and as JSON: shared by what explains. */
#ifndef PT_CLI_PROOFTEXT_H
#define PT_CLI_PROOFTEXT_H

#include "app/render.h"
#include "cli/cli.h"

typedef struct pt_proof_style {
    pt_cli *cli;
    const pt_project *project;
    const pt_events *events; /* by source number: where proofs point */
    pt_render_style style;
} pt_proof_style;

/* A value of tag `tag` (-1: of none), or the word for none. */
void pt_cli_value(pt_cli *cli, const pt_render_style *style, int tag, const pt_column *c);
/* The latest `most` events, a line each after `indent`, and how many more there are. */
void pt_cli_proof_events(const pt_proof_style *s, const pt_proof *proof, size_t most, const char *indent);
void pt_cli_json_proof(pt_json *j, const pt_proof_style *s, const pt_proof *proof);
/* An instant; null when it is `none`. */
void pt_cli_json_instant(pt_json *j, const char *key, int64_t instant, int64_t none, const pt_zone *zone);

#endif
