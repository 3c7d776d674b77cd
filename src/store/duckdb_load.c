/* Finds and loads libduckdb when the first store is opened. The program is not linked to it, so that commands which need
 * no store (eval, check, show) start without its 70 MB and run where it is not installed. */
#include <dlfcn.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/library.h"
#include "store/store_int.h"

static duckdb_api loaded;
static char engine_name[64];

/* The folder of the file that holds this code: the program, or libportrait.so inside another. */
static bool own_folder(char out[PATH_MAX])
{
    Dl_info info;

    /* For a program the loader knows only how it was called; the system knows which file it is. */
    if (dladdr((void *)(uintptr_t)own_folder, &info) && info.dli_fname && strstr(info.dli_fname, ".so")) {
        if (!realpath(info.dli_fname, out))
            return false;
    } else {
        ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);
        if (n <= 0)
            return false;
        out[n] = '\0';
    }
    char *slash = strrchr(out, '/');
    if (!slash)
        return false;
    *slash = '\0';
    return true;
}

static void *open_at(const char *folder, const char *rest)
{
    char path[PATH_MAX + 64];

    if (snprintf(path, sizeof path, "%s%s", folder, rest) >= (int)sizeof path)
        return NULL;
    /* Asking first keeps dlerror for files that are there and do not load. */
    return access(path, R_OK) == 0 ? dlopen(path, RTLD_LAZY | RTLD_LOCAL) : NULL;
}

static void *find_beside(void)
{
    /* PREFIX/bin/portrait; PREFIX/lib/libportrait.so; PREFIX/lib/x86_64-linux-gnu/libportrait.so; an unpacked folder. */
    static const char *const beside[] = {"/../lib/portrait/libduckdb.so", "/portrait/libduckdb.so",
                                         "/../portrait/libduckdb.so", "/lib/libduckdb.so"};
    char folder[PATH_MAX];
    void *found = NULL;

    if (own_folder(folder))
        for (size_t i = 0; i < PT_COUNT(beside) && !found; i++)
            found = open_at(folder, beside[i]);
#ifdef PORTRAIT_DEPS_DIR
    if (!found)
        found = open_at(PORTRAIT_DEPS_DIR, "/duckdb/lib/libduckdb.so");
#endif
    return found;
}

static void keep_name(const pt_library *l)
{
    const char *version = loaded.library_version();

    (void)l;
    snprintf(engine_name, sizeof engine_name, "DuckDB %s", version + (version[0] == 'v'));
}

static const char *const symbols[] = {
#define DUCKDB_NAME(name) "duckdb_" #name,
    DUCKDB_FUNCTIONS(DUCKDB_NAME)
#undef DUCKDB_NAME
};
_Static_assert(sizeof symbols == sizeof loaded, "the table holds nothing but function pointers");

static const char *const files[] = {"libduckdb.so", NULL};

static pt_library duckdb = {
    .name = "DuckDB",
    .file = "libduckdb.so",
    .files = files,
    .variable = "PORTRAIT_DUCKDB",
    .hint = "run `make deps`, or set PORTRAIT_DUCKDB to the path of libduckdb.so (version 1.4 or later)",
    .find = find_beside,
    .loaded = keep_name,
    .symbols = symbols,
    .n_symbols = PT_COUNT(symbols),
    .table = &loaded,
};

pt_rc pt_duckdb_load(const duckdb_api **out, pt_err *err)
{
    pt_rc rc = pt_library_load(&duckdb, err);

    *out = rc == PT_OK ? &loaded : NULL;
    return rc;
}

const char *pt_store_engine(void)
{
    const duckdb_api *api;

    return pt_duckdb_load(&api, NULL) == PT_OK ? engine_name : NULL;
}
