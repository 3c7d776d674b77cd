/* Every code that reading a source can end with can be asked about, in both languages. */
#include <stdlib.h>

#include "base/io.h"
#include "source/source.h"
#include "support/test.h"

static bool is_explained(int code)
{
    for (const pt_diag_info *i = pt_source_diag_infos; i->code; i++)
        if (i->code == code)
            return i->title && i->explanation && i->title_zh && i->explanation_zh;
    return false;
}

TEST(source_explain__every_code_is_explained)
{
    pt_arena *arena = pt_arena_new(0);
    pt_err err = {0};
    pt_sv text;
    size_t found = 0;

    CHECK_OK(pt_read_file(&text, pt_arena_printf(arena, "%s/src/source/codes.h", test_source_dir()), 0, arena, &err));
    for (const char *at = text.ptr; (at = strstr(at, " = 4")); at++, found++) {
        int code = (int)strtol(at + 3, NULL, 10);
        if (!is_explained(code))
            test_fail(__FILE__, __LINE__, "E0%d is not explained", code);
    }
    CHECK(found > 10);
    pt_arena_free(arena);
}

TEST(source_explain__codes_are_in_order)
{
    int last = 400;

    for (const pt_diag_info *i = pt_source_diag_infos; i->code; i++) {
        CHECK(i->code > last && i->code < 500);
        last = i->code;
    }
}
