/* Generations: publishing, keeping, sweeping, damage, and builds that are killed or run out of disk. */
#include "app/generation.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/generation_int.h"
#include "base/io.h"
#include "base/pool.h"
#include "base/rng.h"
#include "support/test.h"

enum { AS_OF = 1000000 };

static pt_err err;

static const char *data_dir(void)
{
    static char path[256];

    snprintf(path, sizeof path, "%s/data", test_dir());
    return path;
}

static const char *in_data(const char *name)
{
    static char path[512];

    snprintf(path, sizeof path, "%s/%s", data_dir(), name);
    return path;
}

/* --- making generations ------------------------------------------------------------------------------------------- */

static pt_rc write_directory(const char *path, uint32_t customers, pt_err *e)
{
    static const pt_id_type type = {"user_id", 1, 1};
    const pt_id_result *r;
    pt_identity *g;
    pt_writer *w;
    pt_rc rc;

    PT_TRY(pt_identity_new(&g, &(pt_id_options){&type, 1, 0}, e));
    for (uint32_t i = 0; i < customers; i++) {
        char name[16];
        uint32_t node;
        snprintf(name, sizeof name, "u%06u", i);
        PT_TRY(pt_identity_see(g, 0, pt_sv_of(name), &node, e));
    }
    PT_TRY(pt_identity_resolve(&r, g, 1, e));
    rc = pt_writer_open(&w, path, e);
    if (rc == PT_OK && (rc = pt_directory_write(g, r, pt_writer_append, w, e)) == PT_OK)
        rc = pt_writer_commit(w, e);
    pt_identity_free(g);
    return rc;
}

/* One tag, whose value is `value` for everybody. */
static pt_rc write_tags(const char *path, uint32_t customers, double value, pt_err *e)
{
    static const pt_tag_info tag = {"visits", PT_TYPE_NUMBER};
    pt_tagset_builder *b;
    pt_writer *w;
    double *values = calloc(customers + 1, sizeof *values);
    pt_column column = {.type = PT_TYPE_NUMBER, .width = 8, .data = values};
    pt_rc rc = pt_tagset_builder_new(&b, &tag, 1, customers, 1, e);

    for (uint32_t i = 0; i < customers; i++)
        values[i] = value;
    if (rc == PT_OK)
        rc = pt_tagset_builder_put(b, 0, 0, 0, customers, &column, e);
    if (rc == PT_OK && (rc = pt_writer_open(&w, path, e)) == PT_OK) {
        rc = pt_tagset_builder_write(b, AS_OF, (pt_hash128){1, 2},
                                     &(pt_tagset_sink){w, pt_writer_append, pt_writer_overwrite}, e);
        if (rc == PT_OK)
            rc = pt_writer_commit(w, e);
        else
            pt_writer_abort(w);
    }
    pt_tagset_builder_free(b);
    free(values);
    return rc;
}

static pt_rc write_timeline(const char *path, uint32_t customers, pt_err *e)
{
    static const pt_timeline_schema schema = {.source = "visits"};
    uint32_t ordinal = 0;
    int64_t at = AS_OF;
    uint64_t sequence = 1;
    pt_cells cells[] = {{.form = PT_CELLS_U32, .data = &ordinal},
                        {.type = PT_TYPE_INSTANT, .data = &at},
                        {.form = PT_CELLS_U64, .data = &sequence}};
    pt_timeline_builder *b;
    pt_rc rc;

    PT_TRY(pt_timeline_builder_new(&b, path, &schema, &(pt_timeline_options){.ordinals = customers, .workers = 1}, e));
    rc = pt_timeline_builder_add(b, 0, &(pt_rows){1, 3, cells}, e);
    if (rc == PT_OK)
        return pt_timeline_builder_finish(b, NULL, e);
    pt_timeline_builder_abort(b);
    return rc;
}

static const pt_manifest_number some_counts[] = {{"customers", 3}, {"events.visits", 1e15}};
static const pt_manifest_number some_stages[] = {{"read", 0.25}};

static pt_rc publish(pt_draft *draft, pt_err *e)
{
    pt_manifest m = {.as_of = AS_OF,
                     .built_at = 2 * AS_OF,
                     .zone = "Asia/Shanghai",
                     .program = "0.1.0",
                     .engine = "DuckDB \"1\"",
                     .made_from = {1, 2},
                     .tags_hash = {UINT64_MAX, 0},
                     .counts = some_counts,
                     .n_counts = PT_COUNT(some_counts),
                     .stages = some_stages,
                     .n_stages = PT_COUNT(some_stages)};

    return pt_draft_publish(draft, &m, e);
}

/* Everything a build does to the folder. The number of customers, the tag's value and the generation's number agree. */
static pt_rc build(const char *path, pt_err *e)
{
    pt_data_dir *d;
    pt_draft *draft = NULL;
    uint32_t number;
    pt_rc rc;

    PT_TRY(pt_data_dir_open(&d, path, e));
    number = pt_data_dir_current(d) ? (uint32_t)strtoul(pt_data_dir_current(d) + 1, NULL, 10) + 1 : 1;
    rc = pt_draft_new(&draft, d, e);
    if (rc == PT_OK)
        rc = write_directory(pt_draft_path(draft, PT_FILE_DIRECTORY), number, e);
    if (rc == PT_OK)
        rc = write_tags(pt_draft_path(draft, PT_FILE_TAGS), number, number, e);
    if (rc == PT_OK)
        rc = write_timeline(pt_draft_path(draft, "visits.timeline"), number, e);
    if (rc == PT_OK)
        rc = publish(draft, e);
    pt_draft_free(draft);
    pt_data_dir_close(d);
    return rc;
}

/* Opens the current generation and checks that it is whole; its number. */
static uint32_t check_current(void)
{
    pt_generation *g;
    pt_timeline *t;
    const pt_column *column;
    uint32_t number;

    CHECK_OK(pt_generation_open(&g, data_dir(), NULL, &err));
    number = (uint32_t)strtoul(pt_generation_manifest(g)->generation + 1, NULL, 10);
    CHECK_OK(pt_directory_verify(pt_generation_directory(g), &err));
    CHECK_INT(pt_directory_live(pt_generation_directory(g)), number);
    CHECK_INT(pt_tagset_ordinals(pt_generation_tags(g)), number);
    CHECK_OK(pt_tagset_column(&column, pt_generation_tags(g), 0, &err));
    CHECK_DOUBLE(((const double *)column->data)[0], number);
    CHECK_OK(pt_generation_timeline(&t, g, "visits", &err));
    CHECK_OK(pt_timeline_check(t, 0, number, &err));
    CHECK_INT(pt_timeline_events(t), 1);
    pt_generation_close(g);
    return number;
}

static size_t count_names(const char *dir, const char *beginning)
{
    pt_arena *a = pt_arena_new(0);
    const char *const *names;
    size_t n, found = 0;

    CHECK_OK(folder_names(&names, &n, dir, a, &err));
    for (size_t i = 0; i < n; i++)
        found += strncmp(names[i], beginning, strlen(beginning)) == 0;
    pt_arena_free(a);
    return found;
}

/* --- the good case ------------------------------------------------------------------------------------------------ */

TEST(generation_publish__makes_the_draft_current)
{
    pt_generation *g;
    const pt_manifest *m;
    pt_timeline *t, *again;

    CHECK_OK(build(data_dir(), &err));
    CHECK_INT(check_current(), 1);
    CHECK_OK(pt_generation_open(&g, data_dir(), "g000001", &err));
    m = pt_generation_manifest(g);
    CHECK_STR(m->generation, "g000001");
    CHECK_INT(m->as_of, AS_OF);
    CHECK_INT(m->built_at, 2 * AS_OF);
    CHECK_STR(m->zone, "Asia/Shanghai");
    CHECK_STR(m->program, "0.1.0");
    CHECK_STR(m->engine, "DuckDB \"1\"");
    CHECK(m->made_from.lo == 1 && m->made_from.hi == 2 && m->tags_hash.lo == UINT64_MAX && m->tags_hash.hi == 0);
    CHECK_INT(m->n_stages, 1);
    CHECK_STR(m->stages[0].name, "read");
    CHECK_DOUBLE(m->stages[0].value, 0.25);
    CHECK_DOUBLE(pt_manifest_count(m, "events.visits", 0), 1e15);
    CHECK_DOUBLE(pt_manifest_count(m, "nothing", -1), -1);
    CHECK_INT(m->n_files, 3);
    CHECK_STR(m->files[0].name, PT_FILE_DIRECTORY);
    CHECK_OK(pt_generation_timeline(&t, g, "visits", &err));
    CHECK_OK(pt_generation_timeline(&again, g, "visits", &err));
    CHECK(t == again);
    CHECK_INT(pt_generation_timeline(&t, g, "visit", &err), PT_ENOTFOUND);
    CHECK(!t);
    pt_generation_close(g);
}

TEST(generation_open__says_when_nothing_was_built)
{
    pt_generation *g;
    pt_data_dir *d;

    CHECK_INT(pt_generation_open(&g, data_dir(), NULL, &err), PT_ENOTFOUND);
    CHECK(strstr(err.msg, "no profiles have been built"));
    CHECK(strstr(err.hint, "portrait build"));
    CHECK_OK(pt_data_dir_open(&d, data_dir(), &err));
    CHECK(!pt_data_dir_current(d));
    CHECK(pt_is_dir(pt_data_dir_tmp(d)));
    CHECK_INT(pt_generation_open(&g, data_dir(), NULL, &err), PT_ENOTFOUND);
    CHECK_INT(pt_generation_open(&g, data_dir(), "g000001", &err), PT_ENOTFOUND);
    CHECK_INT(pt_generation_open(&g, data_dir(), "../x", &err), PT_EINVAL);
    pt_data_dir_close(d);
}

TEST(data_dir__one_build_at_a_time)
{
    pt_data_dir *d, *second;

    CHECK_OK(pt_data_dir_open_for(&d, data_dir(), "build", &err));
    CHECK_INT(pt_data_dir_open(&second, data_dir(), &err), PT_EBUSY);
    CHECK(!second);
    CHECK(strstr(err.hint, "another build"));
    pt_data_dir_close(d);
    CHECK_OK(pt_data_dir_open_for(&d, data_dir(), "history", &err));
    CHECK_INT(pt_data_dir_open(&second, data_dir(), &err), PT_EBUSY);
    CHECK(strstr(err.hint, "`portrait history` of this project"));
    pt_data_dir_close(d);
    CHECK_OK(pt_data_dir_open(&d, data_dir(), &err)); /* held for a moment only, as far as others know */
    CHECK_INT(pt_data_dir_open_for(&second, data_dir(), "build", &err), PT_EBUSY);
    CHECK(strstr(err.hint, "another command"));
    pt_data_dir_close(d);
    CHECK_OK(pt_data_dir_open(&d, data_dir(), &err));
    pt_data_dir_close(d);
}

TEST(generation_keep__shares_the_file)
{
    pt_data_dir *d;
    pt_draft *draft;
    struct stat before, after;

    CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_data_dir_open(&d, data_dir(), &err));
    CHECK_OK(pt_draft_new(&draft, d, &err));
    CHECK_STR(pt_draft_name(draft), "g000002");
    CHECK(pt_draft_earlier(draft, "visits.timeline"));
    CHECK(!pt_draft_earlier(draft, "others.timeline"));
    CHECK_OK(pt_draft_keep(draft, "visits.timeline", &err));
    CHECK_INT(pt_draft_keep(draft, "others.timeline", &err), PT_ENOTFOUND);
    CHECK_INT(stat(in_data("g000001/visits.timeline"), &before), 0);
    CHECK_INT(stat(in_data("g000002/visits.timeline"), &after), 0);
    CHECK(before.st_ino == after.st_ino);
    pt_draft_free(draft);
    CHECK(!pt_is_dir(in_data("g000002")));
    CHECK(pt_is_file(in_data("g000001/visits.timeline")));
    pt_data_dir_close(d);
    CHECK_INT(check_current(), 1);
}

static pt_rc use_in_thread(void *arg, size_t index, unsigned worker, pt_err *e)
{
    pt_generation *g = arg;
    pt_timeline *t;
    char name[16];

    (void)worker;
    PT_TRY(pt_generation_timeline(&t, g, "visits", e));
    PT_TRY(pt_timeline_check(t, 0, 1, e));
    snprintf(name, sizeof name, "u%06zu", index % 2);
    if (pt_directory_find(pt_generation_directory(g), -1, pt_sv_of(name)) != index % 2)
        return pt_fail(e, PT_EINTERNAL, "%s is not found", name);
    return pt_directory_damage(pt_generation_directory(g), e);
}

TEST(generation__serves_many_threads)
{
    pt_generation *g;
    pt_pool *pool;

    for (int i = 0; i < 2; i++)
        CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_generation_open(&g, data_dir(), NULL, &err));
    CHECK_OK(pt_pool_new(&pool, 4, &err));
    CHECK_OK(pt_pool_run(pool, 200, use_in_thread, g, &err));
    pt_pool_free(pool);
    pt_generation_close(g);
}

TEST(generation_publish__keeps_the_last_two)
{
    pt_arena *a = pt_arena_new(0);
    const char *const *names;
    size_t n;
    pt_generation *old;
    pt_timeline *t;

    CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_generation_open(&old, data_dir(), NULL, &err));
    CHECK_OK(pt_generation_timeline(&t, old, "visits", &err));
    for (int i = 0; i < 3; i++)
        CHECK_OK(build(data_dir(), &err));
    /* What a reader has open stays, and stays readable, until the first build after it is closed. */
    CHECK_OK(pt_generation_list(&names, &n, data_dir(), a, &err));
    CHECK_INT(n, 3);
    CHECK_STR(names[0], "g000001");
    CHECK_OK(pt_directory_verify(pt_generation_directory(old), &err));
    CHECK_OK(pt_timeline_check(t, 0, 1, &err));
    pt_generation_close(old);
    CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_generation_list(&names, &n, data_dir(), a, &err));
    CHECK_INT(n, 2);
    CHECK_STR(names[0], "g000004");
    CHECK_STR(names[1], "g000005");
    CHECK_INT(count_names(data_dir(), "g"), 2);
    pt_arena_free(a);
}

TEST(data_dir_open__removes_what_dead_builds_left)
{
    pt_data_dir *d;

    for (int i = 0; i < 2; i++)
        CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_mkdirs(in_data("g000003"), &err));
    CHECK_OK(pt_write_file(in_data("g000003/orders.timeline"), "x", 1, &err));
    CHECK_OK(pt_mkdirs(in_data("g000000009"), &err));
    CHECK_OK(pt_mkdirs(in_data("tmp/a"), &err));
    CHECK_OK(pt_write_file(in_data("tmp/a/b"), "x", 1, &err));
    CHECK_OK(pt_mkdirs(in_data("gallery"), &err)); /* not ours */
    CHECK_OK(pt_data_dir_open(&d, data_dir(), &err));
    CHECK_STR(pt_data_dir_current(d), "g000002");
    CHECK_INT(count_names(data_dir(), "g0"), 2);
    CHECK_INT(count_names(pt_data_dir_tmp(d), ""), 0);
    CHECK(pt_is_dir(in_data("gallery")));
    pt_data_dir_close(d);
}

/* --- damage ------------------------------------------------------------------------------------------------------- */

static void flip(const char *path, long at)
{
    FILE *f = fopen(path, "r+b");
    int c;

    CHECK(f);
    CHECK_INT(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    c = fgetc(f);
    CHECK(c != EOF);
    CHECK_INT(fseek(f, -1, SEEK_CUR), 0);
    fputc(c ^ 1, f);
    CHECK_INT(fclose(f), 0);
}

static void check_corrupt(const char *word)
{
    pt_generation *g;

    CHECK_INT(pt_generation_open(&g, data_dir(), NULL, &err), PT_ECORRUPT);
    CHECK(!g);
    CHECK(strstr(err.msg, word));
    CHECK(strstr(err.hint, "portrait build"));
}

TEST(generation_open__notices_a_changed_manifest)
{
    struct stat st;

    CHECK_OK(build(data_dir(), &err));
    CHECK_INT(stat(in_data("g000001/manifest.json"), &st), 0);
    for (long at = 0; at < st.st_size; at++) {
        flip(in_data("g000001/manifest.json"), at);
        check_corrupt("manifest.json");
        flip(in_data("g000001/manifest.json"), at);
    }
    CHECK_INT(check_current(), 1);
    for (off_t n = st.st_size - 1; n >= 0; n -= 1 + n / 9) {
        CHECK_INT(truncate(in_data("g000001/manifest.json"), n), 0);
        check_corrupt("manifest.json");
    }
}

TEST(generation_open__notices_files_that_do_not_fit)
{
    pt_generation *g;
    pt_timeline *t;
    struct stat st;

    CHECK_OK(build(data_dir(), &err));
    CHECK_INT(stat(in_data("g000001/visits.timeline"), &st), 0);
    CHECK_INT(truncate(in_data("g000001/visits.timeline"), st.st_size - 1), 0);
    CHECK_OK(pt_generation_open(&g, data_dir(), NULL, &err));
    CHECK_INT(pt_generation_timeline(&t, g, "visits", &err), PT_ECORRUPT);
    CHECK(strstr(err.msg, "visits.timeline"));
    CHECK(!t);
    pt_generation_close(g);

    CHECK_INT(stat(in_data("g000001/" PT_FILE_TAGS), &st), 0);
    CHECK_INT(truncate(in_data("g000001/" PT_FILE_TAGS), st.st_size + 64), 0);
    check_corrupt(PT_FILE_TAGS);
    CHECK_INT(truncate(in_data("g000001/" PT_FILE_TAGS), st.st_size), 0);
    flip(in_data("g000001/" PT_FILE_DIRECTORY), 20);
    check_corrupt("customer directory");
    CHECK_INT(unlink(in_data("g000001/" PT_FILE_DIRECTORY)), 0);
    check_corrupt(PT_FILE_DIRECTORY "' is gone");
    CHECK_OK(pt_remove_tree(in_data("g000001"), &err));
    check_corrupt("manifest.json' is gone");
    CHECK_INT(pt_generation_open(&g, data_dir(), "g000001", &err), PT_ENOTFOUND);
}

TEST(generation_open__files_of_two_generations_do_not_mix)
{
    CHECK_OK(build(data_dir(), &err));
    CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_remove_tree(in_data("g000002/manifest.json"), &err));
    {
        char from[512];
        snprintf(from, sizeof from, "%s", in_data("g000001/manifest.json"));
        CHECK_INT(rename(from, in_data("g000002/manifest.json")), 0);
    }
    check_corrupt("is the manifest of g000001");
}

TEST(data_dir_open__starts_over_when_current_names_nothing)
{
    pt_data_dir *d;

    CHECK_OK(build(data_dir(), &err));
    CHECK_OK(pt_write_file(in_data("CURRENT"), "rubbish\n", 8, &err));
    check_corrupt("CURRENT");
    CHECK_OK(pt_data_dir_open(&d, data_dir(), &err));
    CHECK(!pt_data_dir_current(d));
    pt_data_dir_close(d);
    CHECK_OK(build(data_dir(), &err));
    CHECK_INT(check_current(), 1);
}

TEST(manifest_read__refuses_well_signed_nonsense)
{
    static const char *const texts[] = {
        "{", "[1", "{\"manifest_version\": 2", "", "{\"manifest_version\": 1", "{\"a\": {\"b\": ["};
    pt_arena *a = pt_arena_new(0);
    pt_manifest m;

    for (size_t i = 0; i < PT_COUNT(texts); i++) {
        pt_str s = {0};
        char hex[33];
        pt_hash128_hex(hex, pt_hash128_of(texts[i], strlen(texts[i])));
        pt_str_addf(&s, "%s,\n  \"checksum\": \"%s\"\n}\n", texts[i], hex);
        CHECK_INT(manifest_read(&m, (pt_sv){s.ptr, s.len}, a, &err), PT_ECORRUPT);
        pt_str_free(&s);
    }
    pt_arena_free(a);
}

/* --- builds that die ---------------------------------------------------------------------------------------------- */

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void nap(double length)
{
    struct timespec t = {(time_t)length, (long)(fmod(length, 1) * 1e9)};

    nanosleep(&t, NULL);
}

static pid_t build_in_child(void)
{
    const char *path = data_dir();
    pid_t child = fork();

    CHECK(child >= 0);
    if (child)
        return child;
    for (;;) {
        pt_err e = {0};
        if (build(path, &e) != PT_OK) {
            fprintf(stderr, "build: %s\n", e.msg);
            _exit(3);
        }
    }
}

TEST(generation_publish__killed_at_any_moment_leaves_the_last_good_state)
{
    pt_rng rng;
    uint32_t last = 0;
    double began, reach;

    pt_rng_seed(&rng, 1);
    began = seconds();
    CHECK_OK(build(data_dir(), &err));
    reach = 3 * (seconds() - began);
    for (int round = 0; round < 40; round++) {
        int status;
        pid_t child = build_in_child();
        uint32_t number;
        nap(pt_rng_double(&rng) * reach); /* in its first, second or third build */
        kill(child, SIGKILL);
        CHECK(waitpid(child, &status, 0) == child);
        CHECK(WIFSIGNALED(status));
        number = check_current();
        CHECK(number >= last);
        if (number == last)
            reach *= 1.25; /* on a busy machine children are slower than we were: wait until builds get done */
        last = number;
    }
    CHECK(last > 1);
    CHECK_OK(build(data_dir(), &err));
    CHECK_INT(check_current(), last + 1);
    CHECK_INT(count_names(data_dir(), "g"), 2);
}

TEST(generation_open__works_while_builds_go_on)
{
    pid_t child;
    int status;
    uint32_t last = 0, opened = 0;

    CHECK_OK(build(data_dir(), &err));
    child = build_in_child();
    while (opened < 8) { /* different ones */
        pt_generation *g;
        uint32_t number;
        CHECK_INT(waitpid(child, &status, WNOHANG), 0);
        CHECK_OK(pt_generation_open(&g, data_dir(), NULL, &err));
        number = (uint32_t)strtoul(pt_generation_manifest(g)->generation + 1, NULL, 10);
        CHECK_INT(pt_directory_live(pt_generation_directory(g)), number);
        CHECK(number >= last);
        opened += number > last;
        last = number;
        pt_generation_close(g);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
}

/* Runs one build in a child that can write at most `bytes` to a file; its exit status is the code. */
static int build_with_room(rlim_t bytes)
{
    const char *path = data_dir();
    int status;
    pid_t child = fork();

    CHECK(child >= 0);
    if (child == 0) {
        struct rlimit limit = {bytes, bytes};
        pt_err e = {0};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        _exit((int)build(path, &e));
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

TEST(generation_publish__a_full_disk_leaves_the_last_good_state)
{
    bool failed = false;

    CHECK_OK(build(data_dir(), &err));
    for (rlim_t room = 0; room < 4096; room += 1 + room / 3) {
        int rc = build_with_room(room);
        if (rc == PT_OK)
            break;
        failed = true;
        CHECK_INT(rc, PT_EIO);
        CHECK_INT(check_current(), 1);
        CHECK_INT(count_names(data_dir(), "g"), 1);
    }
    CHECK(failed);
}

TEST(generation__a_read_only_directory_can_be_read_but_not_built)
{
    const char *path = data_dir();
    int status;
    pid_t child;

    CHECK_OK(build(path, &err));
    CHECK_INT(chmod(path, 0555), 0);
    CHECK_INT(chmod(test_dir(), 0755), 0);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        pt_generation *g;
        pt_err e = {0};
        if (geteuid() == 0 && setuid(65534) != 0)
            _exit(9);
        if (build(path, &e) != PT_EIO)
            _exit(1);
        if (pt_generation_open(&g, path, NULL, &e) != PT_OK)
            _exit(2);
        pt_generation_close(g);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK_INT(chmod(path, 0755), 0);
    CHECK(WIFEXITED(status));
    CHECK_INT(WEXITSTATUS(status), 0);
    CHECK_INT(check_current(), 1);
}
