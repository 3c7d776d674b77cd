/* tests/golden/project/CASE/ is a project, CASE/expected.txt what `portrait check` says of it, byte for byte.
 * GOLDEN=accept rewrites the expected files: read the difference before you commit it. */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "link/codes.h"
#include "project/codes.h"
#include "project/project.h"
#include "support/test.h"

enum { MOST_CODES = 1000 };
static bool seen[MOST_CODES];

static void load(pt_str *out, const char *dir, pt_arena *arena)
{
    pt_project *project;
    pt_diags diags;
    pt_err err = {0};

    pt_diags_init(&diags, arena);
    pt_rc rc = pt_project_load(&project, dir, &diags, arena, &err);
    pt_diags_print(&diags, out, false);
    bool consistent = rc != PT_OK || (project->module != NULL) == (diags.errors == 0);
    for (size_t i = 0; i < diags.n; i++)
        seen[diags.items[i].code] = true;
    pt_diags_free(&diags);
    CHECK_OK(rc);
    CHECK(consistent);
}

static void check_case(const char *name)
{
    pt_arena *arena = pt_arena_new(0);
    pt_str got = {0};
    pt_err err = {0};
    char dir[1024], path[1100];
    pt_sv want = {0};

    snprintf(dir, sizeof dir, "%s/tests/golden/project/%s", test_source_dir(), name);
    snprintf(path, sizeof path, "%s/expected.txt", dir);
    load(&got, dir, arena);
    CHECK(!got.failed);
    const char *golden = getenv("GOLDEN");
    if (golden && strcmp(golden, "accept") == 0)
        CHECK_OK(pt_write_file(path, pt_str_cstr(&got), got.len, &err));
    CHECK_OK(pt_read_file(&want, path, 0, arena, &err));
    test_eq_str(path, 1, name, pt_str_cstr(&got), want.ptr);
    pt_str_free(&got);
    pt_arena_free(arena);
}

static size_t for_each_case(void (*fn)(const char *name))
{
    char dir[1024];
    struct dirent **entries;
    size_t cases = 0;

    snprintf(dir, sizeof dir, "%s/tests/golden/project", test_source_dir());
    int n = scandir(dir, &entries, NULL, alphasort);
    CHECK(n > 0);
    for (int i = 0; i < n; i++) {
        if (entries[i]->d_name[0] != '.') {
            fn(entries[i]->d_name);
            cases++;
        }
        free(entries[i]);
    }
    free(entries);
    return cases;
}

TEST(project_golden__says_what_is_wrong_and_where)
{
    CHECK(for_each_case(check_case) > 20);
}

/* Said by later parts, which check what needs the store's engine or the conversions; of settings that few kinds of models have. */
static bool is_said_later(int code)
{
    return code == PT_E_CLEAN_CONDITION || code == PT_E_CLEAN_CONVERTER || code == PT_E_NO_LIST ||
           code == PT_E_MODEL_SOURCE || code == PT_E_LINK_NOTHING;
}

static void check_codes(const pt_diag_info *infos)
{
    for (const pt_diag_info *info = infos; info->code; info++) {
        if (!seen[info->code] && !is_said_later(info->code))
            test_fail(__FILE__, __LINE__, "no case of tests/golden/project shows E%04d", info->code);
        CHECK(info->title[0] && info->explanation[0] && info->title_zh[0] && info->explanation_zh[0]);
        seen[info->code] = false;
    }
}

/* A code that no case shows is a message that nobody has read. */
TEST(project_golden__every_code_has_a_case_and_an_explanation)
{
    memset(seen, 0, sizeof seen);
    for_each_case(check_case);
    check_codes(pt_project_diag_infos);
    check_codes(pt_clean_diag_infos);
    check_codes(pt_quality_diag_infos);
    check_codes(pt_link_diag_infos);
    for (int code = 100; code < MOST_CODES; code++)
        if (seen[code] && (code < 200 || code >= 500))
            test_fail(__FILE__, __LINE__, "E%04d is reported but not explained", code);
}
