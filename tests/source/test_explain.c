/* Every code that reading a source can end with can be asked about, in both languages. */
#include <dirent.h>
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

/* The number after "E0" or "pt_fail_input(..., " in a line; 0 when there is none. */
static int code_in(const char *line)
{
    const char *at = strstr(line, "\"E04"), *input = strstr(line, "pt_fail_input(");

    if (at)
        return atoi(at + 2);
    at = input ? strstr(input, ", 4") : NULL;
    return at ? atoi(at + 2) : 0;
}

TEST(source_explain__every_code_is_explained)
{
    pt_arena *arena = pt_arena_new(0);
    const char *folder = pt_arena_printf(arena, "%s/src/source", test_source_dir());
    DIR *dir = opendir(folder);
    struct dirent *entry;
    size_t found = 0;

    CHECK(dir != NULL);
    while ((entry = readdir(dir))) {
        pt_sv text;
        if (!strstr(entry->d_name, ".c"))
            continue;
        CHECK_INT(pt_read_file(&text, pt_arena_printf(arena, "%s/%s", folder, entry->d_name), 1 << 20, arena, NULL),
                  PT_OK);
        char *rest = pt_arena_strndup(arena, text.ptr, text.len);
        for (char *line; (line = strsep(&rest, "\n"));) {
            int code = code_in(line);
            found += code != 0;
            if (code && !is_explained(code))
                test_fail(__FILE__, __LINE__, "E%04d is not explained", code);
        }
    }
    CHECK(found > 10);
    closedir(dir);
    pt_arena_free(arena);
}
