/* docs/errors.md says what the code does. */
#include <stdio.h>

#include "base/io.h"
#include "support/test.h"

static pt_sv read_source(const char *name, pt_arena *a)
{
    pt_err err = {0};
    pt_sv text;

    CHECK_OK(pt_read_file(&text, pt_path_join(a, test_source_dir(), name), 0, a, &err));
    return text;
}

TEST(base_err__the_page_lists_every_code)
{
    pt_arena *a = pt_arena_new(0);
    char row[64];

    CHECK(a);
    pt_sv page = read_source("docs/errors.md", a);
    for (int code = 0; code < PT_RC_COUNT; code++) {
        snprintf(row, sizeof row, "\n| %d | `%s` |", pt_rc_exit((pt_rc)code), pt_rc_name((pt_rc)code));
        if (!strstr(page.ptr, row))
            test_fail(__FILE__, __LINE__, "docs/errors.md has no row '%s'", row + 1);
    }
    pt_arena_free(a);
}

TEST(base_err__the_page_shows_code_that_is_in_the_tree)
{
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    const char *from = strstr(read_source("docs/errors.md", a).ptr, "```c\n");
    CHECK(from);
    from += strlen("```c\n");
    const char *end = strstr(from, "```");
    CHECK(end && end - from > 500);
    CHECK(strstr(read_source("src/base/hash.c", a).ptr, pt_arena_strndup(a, from, (size_t)(end - from))));
    pt_arena_free(a);
}
