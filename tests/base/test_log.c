#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/io.h"
#include "support/test.h"

/* What pt_log writes to standard error while the level is `level`. */
static pt_sv logged(pt_log_level level, pt_arena *a, const char *value)
{
    char path[256];
    pt_err err = {0};
    pt_sv text;

    snprintf(path, sizeof path, "%s/log", test_dir());
    int kept = dup(STDERR_FILENO), file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    CHECK(kept >= 0 && file >= 0 && dup2(file, STDERR_FILENO) >= 0);
    pt_log_set_level(level);
    pt_log(PT_LOG_WARN, "source", "file=%s rows=%d", value, 7);
    pt_log(PT_LOG_DEBUG, "source", "detail=%d", 1);
    pt_log_set_level(PT_LOG_WARN);
    CHECK(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    close(file);
    CHECK_OK(pt_read_file(&text, path, 0, a, &err));
    return text;
}

TEST(base_log__one_line_a_call)
{
    pt_arena *a = pt_arena_new(0);
    char huge[5000];

    CHECK(a);
    CHECK_STR(logged(PT_LOG_WARN, a, "x.csv").ptr, "warn source file=x.csv rows=7\n");
    CHECK_STR(logged(PT_LOG_ERROR, a, "x.csv").ptr, "");
    CHECK_STR(logged(PT_LOG_DEBUG, a, "a\nb").ptr, "warn source file=a b rows=7\ndebug source detail=1\n");
    memset(huge, 'x', sizeof huge);
    huge[sizeof huge - 1] = '\0';
    pt_sv line = logged(PT_LOG_WARN, a, huge);
    CHECK(line.len > 1000 && line.len <= 2048 && line.ptr[line.len - 1] == '\n');
    pt_arena_free(a);
}
