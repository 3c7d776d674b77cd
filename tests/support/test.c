#include "support/test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

static test_case *cases;
static jmp_buf leave;
static const char *skipped;
static char dir[128];

void test_register(test_case *t)
{
    /* Sorted by name, so the order does not depend on the linker. */
    test_case **at = &cases;

    while (*at && strcmp((*at)->name, t->name) < 0)
        at = &(*at)->next;
    t->next = *at;
    *at = t;
}

void test_fail(const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    printf("  %s:%d: ", file, line);
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    longjmp(leave, 1);
}

void test_skip(const char *reason)
{
    skipped = reason;
    longjmp(leave, 2);
}

const char *test_dir(void)
{
    if (!dir[0]) {
        const char *base = getenv("TMPDIR");
        snprintf(dir, sizeof dir, "%s/portrait-test-XXXXXX", base && *base ? base : "/tmp");
        if (!mkdtemp(dir))
            test_fail(__FILE__, __LINE__, "cannot make %s", dir);
    }
    return dir;
}

const char *test_source_dir(void)
{
    return TEST_SOURCE_DIR;
}

const char *test_shared_data(void)
{
    static const char *const places[] = {"../shared/data", "../../shared/data"};
    static char path[512];

    for (size_t i = 0; i < PT_COUNT(places); i++) {
        snprintf(path, sizeof path, "%s/%s", TEST_SOURCE_DIR, places[i]);
        if (pt_is_dir(path))
            return path;
    }
    return NULL;
}

void test_eq_int(const char *file, int line, const char *what, int64_t got, int64_t want)
{
    if (got != want)
        test_fail(file, line, "%s is %lld, expected %lld", what, (long long)got, (long long)want);
}

void test_eq_str(const char *file, int line, const char *what, const char *got, const char *want)
{
    if (strcmp(got ? got : "(null)", want) != 0)
        test_fail(file, line, "%s is\n    %s\n  expected\n    %s", what, got ? got : "(null)", want);
}

void test_eq_double(const char *file, int line, const char *what, double got, double want)
{
    if (memcmp(&got, &want, sizeof got) != 0 && !(isnan(got) && isnan(want)))
        test_fail(file, line, "%s is %.17g, expected %.17g", what, got, want);
}

void test_ok(const char *file, int line, const char *what, pt_rc rc, const pt_err *err)
{
    if (rc != PT_OK)
        test_fail(file, line, "%s: %s: %s", what, pt_rc_name(rc), err->code == rc ? err->msg : "(no message)");
}

static bool wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(name, argv[i]))
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    volatile int passed = 0, failed = 0, skips = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (test_case *volatile t = cases; t; t = t->next) {
        if (!wanted(t->name, argc, argv))
            continue;
        skipped = NULL;
        dir[0] = '\0';
        int how = setjmp(leave);
        if (how == 0)
            t->run();
        if (how == 2) {
            printf("skip %s: %s\n", t->name, skipped);
            skips++;
        } else if (how == 1) {
            printf("FAIL %s\n", t->name);
            failed++;
        } else {
            passed++;
        }
        if (how != 1 && dir[0])
            pt_remove_tree(dir, NULL);
    }
    printf("%d passed, %d failed, %d skipped\n", passed, failed, skips);
    return failed || passed + skips == 0;
}
