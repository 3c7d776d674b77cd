/* Texts put into files that people write: what stands there stays, and what is put in can be read. */
#include "base/rng.h"
#include "catalogue/catalogue_int.h"
#include "catalogue/edit.h"
#include "support/test.h"

static pt_err err;

static pt_rc insert(pt_str *out, const char *old, const char *entries)
{
    pt_arena *arena = pt_arena_new(0);

    CHECK(arena);
    pt_rc rc = pt_edit_insert(out, pt_sv_of(old), "f.yaml", "roles", "Roles.", entries, arena, &err);
    pt_arena_free(arena);
    return rc;
}

static void check_insert(const char *old, const char *expected)
{
    pt_str out = {0};

    CHECK_OK(insert(&out, old, "b: 2\nc:\n  d: 3\n"));
    CHECK_STR(pt_str_cstr(&out), expected);
    pt_str_free(&out);
}

TEST(catalogue_edit__appends_a_key_that_is_not_there)
{
    check_insert("name: x # me\n", "name: x # me\n\n# Roles.\nroles:\n  b: 2\n  c:\n    d: 3\n");
    check_insert("name: x", "name: x\n\n# Roles.\nroles:\n  b: 2\n  c:\n    d: 3\n");
    check_insert("", "# Roles.\nroles:\n  b: 2\n  c:\n    d: 3\n");
}

TEST(catalogue_edit__puts_entries_first_into_a_key_that_is_there)
{
    check_insert("roles:\n    # of old\n    a: 1 # one\nname: x\n",
                 "roles:\n    # of old\n    b: 2\n    c:\n      d: 3\n    a: 1 # one\nname: x\n");
    check_insert("roles:\nname: x\n", "roles:\n  b: 2\n  c:\n    d: 3\nname: x\n");
    check_insert("name: x\nroles:", "name: x\nroles:\n  b: 2\n  c:\n    d: 3\n");
}

TEST(catalogue_edit__refuses_braces_and_what_is_no_yaml)
{
    pt_str out = {0};

    CHECK_INT(insert(&out, "name: x\nroles: {a: 1}\n", "b: 2\n"), PT_EINVAL);
    CHECK_INT(insert(&out, "{name: x}\n", "b: 2\n"), PT_EINVAL);
    CHECK_INT(insert(&out, "roles: [\n", "b: 2\n"), PT_EINVAL);
    CHECK_INT(insert(&out, "roles: 3\n", "b: 2\n"), PT_EINVAL);
    pt_str_free(&out);
}

/* --- texts as YAML ------------------------------------------------------------------------------------------------ */

static const pt_yaml *read_back(const pt_str *text, pt_arena *arena)
{
    pt_diags diags;
    pt_yaml *root;
    pt_str printed = {0};

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_yaml_parse(&root, "t.yaml", (pt_sv){pt_str_cstr(text), text->len}, &diags, arena, &err));
    pt_diags_print(&diags, &printed, false);
    if (diags.errors)
        test_fail(__FILE__, __LINE__, "%s\n%s", pt_str_cstr(text), pt_str_cstr(&printed));
    pt_str_free(&printed);
    pt_diags_free(&diags);
    return root;
}

/* Of the characters that mean something in YAML, words, spaces, and Chinese. */
static const char *random_text(pt_rng *rng, pt_arena *arena)
{
    static const char *const parts[] = {"a",  "null",  " ", " ", "#",  ":", ": ", " #", "'", "\"", "\\", "{", "}",
                                        "[",  "]",     ",", "-", "- ", "?", "!",  "&",  "*", "%",  "@",  "`", "中文",
                                        "。", "x > 1", "|", ">", "1",  "~", "=",  "(",  ")", "\t", "é",  "  "};
    size_t n = 1 + pt_rng_below(rng, 60);
    pt_str text = {0};

    for (size_t i = 0; i < n; i++)
        pt_str_add(&text, parts[pt_rng_below(rng, PT_COUNT(parts))]);
    const char *copy = pt_arena_strndup(arena, pt_str_cstr(&text), text.len);
    pt_str_free(&text);
    CHECK(copy);
    return copy;
}

TEST(catalogue_edit__texts_read_back_as_they_are)
{
    pt_rng rng;
    pt_rng_seed(&rng, 11);

    for (int turn = 0; turn < 3000; turn++) {
        pt_arena *arena = pt_arena_new(0);
        const char *zh = random_text(&rng, arena), *en = random_text(&rng, arena), *key = random_text(&rng, arena);
        pt_label label = {zh, en};
        pt_str text = {0};
        pt_yaml_add_label(&text, 2, key, &label);
        const pt_yaml *root = read_back(&text, arena);
        CHECK_INT(root->n, 1);
        CHECK_STR(root->keys[0]->text.ptr, key);
        const pt_yaml *map = root->items[0];
        if (strcmp(zh, en) != 0) {
            CHECK_STR(map->items[0]->text.ptr, zh);
            CHECK_STR(map->items[1]->text.ptr, en);
        }
        pt_str_free(&text);
        pt_arena_free(arena);
    }
}

/* As pt_lang_print makes them: no line breaks, no space at the ends. */
TEST(catalogue_edit__expressions_read_back_as_they_are)
{
    pt_rng rng;
    pt_rng_seed(&rng, 12);

    for (int turn = 0; turn < 3000; turn++) {
        pt_arena *arena = pt_arena_new(0);
        pt_sv expression = pt_sv_trim(pt_sv_of(random_text(&rng, arena)));
        pt_str text = {0};
        if (expression.len && !memchr(expression.ptr, '\t', expression.len)) {
            pt_yaml_add_expression(&text, 4 * pt_rng_below(&rng, 3), "value", expression);
            const pt_yaml *root = read_back(&text, arena);
            CHECK_STR(root->items[0]->text.ptr, pt_arena_strndup(arena, expression.ptr, expression.len));
        }
        pt_str_free(&text);
        pt_arena_free(arena);
    }
}
