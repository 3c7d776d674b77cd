/* What a flow comes to when it goes on as it did, as text and JSON. */
#ifndef PT_CLI_FLOWCHAIN_H
#define PT_CLI_FLOWCHAIN_H

#include "app/flow_chain.h"
#include "cli/gridtext.h"

/* Nothing when the chain is empty. */
void pt_flowchain_print(pt_cli *cli, const pt_project *p, const pt_flow *f, const pt_flow_chain *c);
void pt_flowchain_json(pt_json *j, const pt_flow *f, const pt_flow_chain *c);

#endif
