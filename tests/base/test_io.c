#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rng.h"
#include "support/test.h"

static const char *path_in_dir(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", test_dir(), name);
    return path;
}

static void put(const char *name, const char *text)
{
    pt_err err = {0};

    CHECK_OK(pt_write_file(path_in_dir(name), text, strlen(text), &err));
}

static void check_content(const char *path, const void *want, size_t n)
{
    pt_err err = {0};
    pt_sv got;
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    CHECK_OK(pt_read_file(&got, path, 0, a, &err));
    CHECK_INT(got.len, n);
    CHECK(n == 0 || memcmp(got.ptr, want, n) == 0);
    CHECK(got.ptr[n] == '\0');
    pt_arena_free(a);
}

TEST(base_io__files_read_back)
{
    pt_err err = {0};
    pt_sv got;
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    put("f", "hello");
    check_content(path_in_dir("f"), "hello", 5);
    put("f", "");
    check_content(path_in_dir("f"), "", 0);
    CHECK_INT(pt_read_file(&got, path_in_dir("none"), 0, a, &err), PT_ENOTFOUND);
    CHECK_INT(pt_read_file(&got, test_dir(), 0, a, &err), PT_EIO);
    put("f", "12345");
    CHECK_OK(pt_read_file(&got, path_in_dir("f"), 5, a, &err));
    CHECK_INT(pt_read_file(&got, path_in_dir("f"), 4, a, &err), PT_EINVAL);
    CHECK_OK(pt_read_file(&got, "/proc/self/status", 0, a, &err)); /* says size 0 */
    CHECK(got.len > 100);
    CHECK_INT(pt_read_file(&got, "/proc/self/status", 10, a, &err), PT_EINVAL);
    pt_arena_free(a);
}

TEST(base_io__a_capped_arena_fails_cleanly)
{
    pt_err err = {0};
    pt_sv got;
    pt_arena *a = pt_arena_new(64);

    CHECK(a);
    CHECK_INT(pt_read_file(&got, "/proc/self/status", 0, a, &err), PT_ENOMEM);
    pt_arena_free(a);
}

TEST(base_io__maps_outlive_the_name)
{
    pt_err err = {0};
    pt_map m;

    put("f", "mapped");
    CHECK_OK(pt_map_open(&m, path_in_dir("f"), &err));
    put("f", "other");
    unlink(path_in_dir("f"));
    CHECK(m.size == 6 && memcmp(m.ptr, "mapped", 6) == 0);
    pt_map_close(&m);
    CHECK(m.ptr == NULL && m.size == 0);
    put("f", "");
    CHECK_OK(pt_map_open(&m, path_in_dir("f"), &err));
    CHECK(m.ptr == NULL && m.size == 0);
    pt_map_close(&m);
    CHECK_INT(pt_map_open(&m, path_in_dir("none"), &err), PT_ENOTFOUND);
    CHECK_INT(pt_map_open(&m, test_dir(), &err), PT_EIO);
    CHECK(m.ptr == NULL);
}

TEST(base_io__a_writer_replaces_files_and_nothing_else)
{
    const char *pipe = path_in_dir("pipe");
    struct stat s;
    pt_err err = {0};
    pt_writer *w;

    CHECK_INT(mkfifo(pipe, 0600), 0);
    CHECK_OK(pt_writer_open(&w, pipe, &err));
    pt_writer_write(w, "x", 1);
    CHECK_INT(pt_writer_commit(w, &err), PT_EIO);
    CHECK_INT(lstat(pipe, &s), 0);
    CHECK(S_ISFIFO(s.st_mode));
    CHECK_INT(unlink(pipe), 0);
}

/* Random writes, gaps and patches against a plain array. */
TEST(base_io__a_writer_writes_what_an_array_holds)
{
    enum { MOST = 6 << 20 };
    unsigned char *want = calloc(1, MOST), *piece = malloc(MOST);
    pt_rng r;
    pt_err err = {0};

    CHECK(want && piece);
    pt_rng_seed(&r, 21);
    for (size_t i = 0; i < MOST; i++)
        piece[i] = (unsigned char)pt_rng_u64(&r);
    for (int round = 0; round < 12; round++) {
        pt_writer *w;
        size_t n = 0;
        CHECK_OK(pt_writer_open(&w, path_in_dir("f"), &err));
        memset(want, 0, MOST);
        while (n < MOST / 3) {
            size_t size = pt_rng_below(&r, pt_rng_below(&r, 8) ? 5000 : 2 << 20);
            if (size > MOST - n - 8192)
                size = 1;
            pt_writer_write(w, piece + n % 100, size);
            memcpy(want + n, piece + n % 100, size);
            n += size;
            CHECK_INT(pt_writer_offset(w), n);
            if (pt_rng_below(&r, 3) == 0) {
                size_t align = (size_t)1 << pt_rng_below(&r, 13);
                n = (n + align - 1) / align * align;
                CHECK_INT(pt_writer_align(w, align), n);
            }
            if (n && pt_rng_below(&r, 5) == 0) {
                size_t from = pt_rng_below(&r, n), length = pt_rng_below(&r, n - from + 1) % 3000;
                pt_writer_patch(w, from, piece, length);
                memcpy(want + from, piece, length);
                CHECK_INT(pt_writer_offset(w), n);
            }
        }
        CHECK_OK(pt_writer_commit(w, &err));
        check_content(path_in_dir("f"), want, n);
    }
    CHECK(!pt_is_file(path_in_dir("f.tmp")));
    free(want);
    free(piece);
}

TEST(base_io__nothing_is_seen_before_commit)
{
    pt_err err = {0};
    pt_writer *w;

    put("f", "old");
    CHECK_OK(pt_writer_open(&w, path_in_dir("f"), &err));
    pt_writer_write(w, "new", 3);
    check_content(path_in_dir("f"), "old", 3);
    pt_writer_abort(w);
    pt_writer_abort(NULL);
    check_content(path_in_dir("f"), "old", 3);
    CHECK(!pt_is_file(path_in_dir("f.tmp")));
    CHECK_INT(pt_writer_open(&w, path_in_dir("none/f"), &err), PT_EIO);
    CHECK(w == NULL);
}

/* In a child whose files may not grow past 64 KiB: the kernel refuses as it does on a full disk. */
TEST(base_io__a_full_disk_leaves_the_old_file)
{
    const char *path = path_in_dir("f");

    put("f", "old");
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        static char block[4096];
        struct rlimit limit = {65536, 65536};
        pt_err err = {0};
        pt_writer *w;
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit) != 0 || pt_writer_open(&w, path, &err) != PT_OK)
            _exit(10);
        for (int i = 0; i < 600; i++)
            pt_writer_write(w, block, sizeof block);
        pt_writer_align(w, 1 << 20);
        pt_writer_patch(w, 0, block, 10);
        if (pt_writer_commit(w, &err) != PT_EIO || !strstr(err.msg, "File too large"))
            _exit(11);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
    check_content(path, "old", 3);
    CHECK(!pt_is_file(path_in_dir("f.tmp")));
}

TEST(base_io__folders)
{
    pt_err err = {0};

    CHECK_OK(pt_mkdirs(path_in_dir("a/b//c/"), &err));
    CHECK_OK(pt_mkdirs(path_in_dir("a/b/c"), &err));
    CHECK(pt_is_dir(path_in_dir("a/b/c")) && !pt_is_file(path_in_dir("a/b/c")));
    put("a/b/c/f", "x");
    CHECK_INT(pt_mkdirs(path_in_dir("a/b/c/f"), &err), PT_EIO);
    CHECK_INT(pt_mkdirs(path_in_dir("a/b/c/f/g"), &err), PT_EIO);
    CHECK_OK(pt_sync_dir(path_in_dir("a"), &err));
    CHECK_INT(pt_sync_dir(path_in_dir("none"), &err), PT_ENOTFOUND);
    /* A link is removed, not what it points to. */
    put("kept", "x");
    CHECK(symlink(test_dir(), path_in_dir("a/link")) == 0);
    CHECK_OK(pt_remove_tree(path_in_dir("a"), &err));
    CHECK(!pt_is_dir(path_in_dir("a")) && pt_is_file(path_in_dir("kept")));
    CHECK_OK(pt_remove_tree(path_in_dir("a"), &err));
}

TEST(base_io__paths)
{
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    CHECK_STR(pt_path_join(a, "dir", "f"), "dir/f");
    CHECK_STR(pt_path_join(a, "dir/", "f"), "dir/f");
    CHECK_STR(pt_path_join(a, "dir", "/f"), "/f");
    CHECK_STR(pt_path_join(a, "", "f"), "f");
    CHECK(pt_sv_eq(pt_path_base("a/b.c"), PT_SV("b.c")) && pt_sv_eq(pt_path_base("b"), PT_SV("b")));
    pt_arena_free(a);
}

/* The names found, relative to the test's folder, joined by spaces. */
static const char *glob_text(const char *pattern)
{
    static pt_str text;
    const char *const *found;
    size_t n;
    pt_err err = {0};
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    CHECK_OK(pt_glob(&found, &n, path_in_dir(pattern), a, &err));
    pt_str_free(&text);
    for (size_t i = 0; i < n; i++)
        pt_str_addf(&text, "%s%s", i ? " " : "", found[i] + strlen(test_dir()) + 1);
    pt_arena_free(a);
    return pt_str_cstr(&text);
}

TEST(base_io__globs)
{
    static const char *const files[] = {"a.csv",        "b.csv",    "b.txt",       "B.csv",
                                        ".hidden.csv",  "d/x.csv",  "d/e/x.csv",   "d/e/y",
                                        "d/.git/x.csv", "q[1].csv", "z/d/e/x.csv", "客户/订单.csv"};
    pt_err err = {0};

    CHECK_OK(pt_mkdirs(path_in_dir("d/e"), &err));
    CHECK_OK(pt_mkdirs(path_in_dir("d/.git"), &err));
    CHECK_OK(pt_mkdirs(path_in_dir("z/d/e"), &err));
    CHECK_OK(pt_mkdirs(path_in_dir("客户"), &err));
    for (size_t i = 0; i < PT_COUNT(files); i++)
        put(files[i], "x");
    CHECK(symlink("..", path_in_dir("d/loop")) == 0);
    CHECK_STR(glob_text("*.csv"), "B.csv a.csv b.csv q[1].csv");
    CHECK_STR(glob_text("[ab].csv"), "a.csv b.csv");
    CHECK_STR(glob_text("?.txt"), "b.txt");
    CHECK_STR(glob_text("b.txt"), "b.txt");
    CHECK_STR(glob_text("none"), "");
    CHECK_STR(glob_text("none/*.csv"), "");
    CHECK_STR(glob_text("d"), "");
    CHECK_STR(glob_text("*/x.csv"), "d/x.csv");
    CHECK_STR(glob_text("**/x.csv"), "d/e/x.csv d/x.csv z/d/e/x.csv");
    CHECK_STR(glob_text("**/e/**/*.csv"), "d/e/x.csv z/d/e/x.csv");
    CHECK_STR(glob_text("d/**"), "d/e/x.csv d/e/y d/x.csv");
    CHECK_STR(glob_text("*/*.csv"), "d/x.csv 客户/订单.csv");
    CHECK_STR(glob_text("b.txt/*"), "");
    CHECK_STR(glob_text("d/e/"), "");
    CHECK_STR(glob_text(""), "");
}

TEST(base_io__relative_globs_keep_relative_names)
{
    const char *const *found;
    size_t n;
    char here[512];
    pt_err err = {0};
    pt_arena *a = pt_arena_new(0);

    CHECK(a && getcwd(here, sizeof here));
    put("a.csv", "x");
    CHECK(chdir(test_dir()) == 0);
    pt_rc rc = pt_glob(&found, &n, "*.csv", a, &err);
    CHECK(chdir(here) == 0);
    CHECK_INT(rc, PT_OK);
    CHECK_INT(n, 1);
    CHECK_STR(found[0], "a.csv");
    pt_arena_free(a);
}

TEST(base_io__one_holder_of_a_lock)
{
    pt_err err = {0};
    pt_lock one, two;
    char want[64];

    CHECK_OK(pt_lock_take(&one, path_in_dir("LOCK"), &err));
    CHECK_INT(pt_lock_take(&two, path_in_dir("LOCK"), &err), PT_EBUSY);
    CHECK_INT(two.fd, -1);
    snprintf(want, sizeof want, "locked by another process: %ld", (long)getpid());
    CHECK(strstr(err.msg, want));
    pt_lock_release(&two);
    pt_lock_release(&one);
    CHECK_OK(pt_lock_take(&two, path_in_dir("LOCK"), &err));
    pt_lock_release(&two);
    CHECK_INT(pt_lock_take(&one, path_in_dir("none/LOCK"), &err), PT_ENOTFOUND);
}

TEST(base_io__a_lock_dies_with_its_holder)
{
    const char *path = path_in_dir("LOCK");
    int ready[2];
    pt_err err = {0};
    pt_lock lock;
    char byte;

    CHECK(pipe(ready) == 0);
    pid_t child = fork();
    if (child == 0) {
        pt_lock held;
        if (pt_lock_take(&held, path, NULL) == PT_OK && write(ready[1], "x", 1) == 1)
            for (;;)
                pause();
        _exit(1);
    }
    CHECK(read(ready[0], &byte, 1) == 1);
    CHECK_INT(pt_lock_take(&lock, path, &err), PT_EBUSY);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    CHECK_OK(pt_lock_take(&lock, path, &err));
    pt_lock_release(&lock);
    close(ready[0]);
    close(ready[1]);
}
