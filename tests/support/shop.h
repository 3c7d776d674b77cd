/* The generated shop of make_shop.sh, opened and built, for tests of app/. */
#ifndef TESTS_SUPPORT_SHOP_H
#define TESTS_SUPPORT_SHOP_H

#include "app/view.h"

/* Lives until the program ends; what tests read from a shop goes here. */
pt_arena *shop_arena(void);
/* Runs a shell command in the test's folder; it must succeed. */
void shop_shell(const char *command);
/* A fresh shop in the test's folder. */
pt_app *shop_open(int customers);
/* The same shop opened once more, after shop_open. */
pt_app *shop_open_again(void);
/* as_of NULL: the project's. */
pt_build_result shop_build(pt_app *app, unsigned threads, const char *as_of);
/* The view with its timelines. */
pt_view *shop_view(pt_app *app);
uint32_t shop_tag(pt_app *app, const char *name);
/* The value of a tag of a profile as a field of docs/eval-filter.md; valid until the next call but one. */
const char *shop_value(const pt_project *p, const pt_column *c, uint64_t row);

#endif
