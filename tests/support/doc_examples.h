/* The sample data and the examples of docs/language.md, read from the page itself, so that the page cannot be wrong.
 *
 *   ```events       the sample: `zone`, `as_of`, `customers`, then `event NAME: column type, ...` or `record ...`, each
 *                   followed by its rows `customer | time | value | ...`, written as literals of the language; lists as
 *                   ['a', 'b']; `missing`
 *   ```tags         `name = expression`, one a line: tags that the examples use
 *   ```portrait     examples `expression => value` for the first customer; "```portrait bob" for another one. An
 *                   expression may run over several lines. `=> error E0305` where the checker refuses.
 *
 * Values are written as doc_format_value writes them. */
#ifndef TESTS_SUPPORT_DOC_EXAMPLES_H
#define TESTS_SUPPORT_DOC_EXAMPLES_H

#include "base/time.h"
#include "lang/lang.h"

/* The events of one source, customer by customer in time order: the layout of pt_events (eval/eval.h). */
typedef struct doc_source {
    uint64_t *offsets; /* customers + 1 */
    int64_t *time;
    pt_column *columns; /* as in the catalogue */
} doc_source;

typedef struct doc_example {
    const char *expression, *expected;
    size_t customer;
    int line; /* of the page */
} doc_example;

typedef struct doc_examples {
    pt_arena *arena; /* owns everything */
    pt_zone *zone;
    int64_t as_of;
    const char **customers;
    size_t n_customers;
    pt_catalog catalog;  /* sources and tags of the page */
    doc_source *sources; /* one for each of the catalogue's */
    doc_example *items;
    size_t n;
} doc_examples;

/* Reads a page, for example "docs/language.md". Fails the running test when the page is malformed. */
doc_examples *doc_examples_read(const char *path);
void doc_examples_free(doc_examples *d);

/* 12.5, 310.50 (money), true, 'text', 2024-06-30, 2024-06-30T12:00:00+08:00, 30d 12h, ['a', 'b'], ['a': 2, 'b': 1.5],
 * missing. */
void doc_format_value(pt_str *out, const pt_column *c, uint64_t row, const pt_zone *zone);

#endif
