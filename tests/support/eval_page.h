/* A page of examples (support/doc_examples.h) made ready to evaluate. */
#ifndef TESTS_SUPPORT_EVAL_PAGE_H
#define TESTS_SUPPORT_EVAL_PAGE_H

#include "eval/eval.h"
#include "support/doc_examples.h"

typedef struct eval_page {
    doc_examples *doc;
    pt_arena *arena;
    pt_module *module;
    pt_events *events;
    uint64_t identities[16];
    pt_batch batch; /* all customers of the page */
} eval_page;

void eval_page_open(eval_page *p, const char *path);
void eval_page_close(eval_page *p);
/* The checked tree of an expression; NULL when it does not check. Lives as long as the page. */
const pt_node *eval_page_check(eval_page *p, const char *expression);
/* An evaluator for it, as of the page's instant; the caller frees both. */
pt_eval *eval_page_eval(eval_page *p, const pt_node *node, pt_program **program);

#endif
