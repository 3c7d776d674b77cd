/* A fixed catalogue with every type of column and every kind of source and tag, and one-line calls for tests of the
 * language. */
#ifndef TESTS_SUPPORT_LANG_FIXTURE_H
#define TESTS_SUPPORT_LANG_FIXTURE_H

#include "base/diag.h"
#include "lang/lang.h"

extern const pt_catalog lang_catalog;

typedef struct lang_fixture {
    pt_arena *arena;
    pt_diags diags; /* of the last expression checked */
    pt_module *module;
} lang_fixture;

void lang_fixture_open(lang_fixture *f);
void lang_fixture_close(lang_fixture *f);
/* Checks an expression; NULL when it has errors, which are then in f->diags. */
const pt_node *lang_check(lang_fixture *f, const char *text, pt_type want);
const pt_node *lang_check_sv(lang_fixture *f, pt_sv text, pt_type want);
/* As lang_check, failing the test when there are errors. */
const pt_node *lang_whole(lang_fixture *f, const char *text);
/* The canonical text; valid until the fixture is closed. */
const char *lang_printed(lang_fixture *f, const pt_node *n);
const char *lang_dumped(lang_fixture *f, const pt_node *n);

#endif
