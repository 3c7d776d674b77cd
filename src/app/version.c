#include "app/version.h"

#include <gnu/libc-version.h>
#include <libfyaml.h>
#include <string.h>
#include <unicode/uvernum.h>
#include <utf8proc.h>
#include <zlib.h>
#include <zstd.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <roaring.h>
#include <xxhash.h>

#include "base/err.h"
#include "store/store.h"

#define TEXT_OF(macro) QUOTED(macro)
#define QUOTED(tokens) #tokens

#if defined(__clang__)
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED ", address sanitizer"
#elif defined(__SANITIZE_THREAD__)
#define SANITIZED ", thread sanitizer"
#else
#define SANITIZED ""
#endif

#if defined(__x86_64__)
#define MACHINE "x86-64"
#elif defined(__aarch64__)
#define MACHINE "arm64"
#else
#define MACHINE "other"
#endif

static const char *compiler(void)
{
    return COMPILER;
}

static const char *target(void)
{
    return "linux " MACHINE SANITIZED;
}

/* "DuckDB 1.5.5" without its name. */
static const char *duckdb(void)
{
    const char *engine = pt_store_engine(), *space = engine ? strchr(engine, ' ') : NULL;

    return space ? space + 1 : "";
}

/* "10.42 2022-12-11": the library wants a buffer of the caller's; what it was compiled against is as good, since the
 * loader takes no older one. */
static const char *pcre2(void)
{
    return TEXT_OF(PCRE2_MAJOR) "." TEXT_OF(PCRE2_MINOR);
}

static const char *icu(void)
{
    return U_ICU_VERSION;
}

static const char *roaring(void)
{
    return ROARING_VERSION;
}

static const char *xxhash(void)
{
    return TEXT_OF(XXH_VERSION_MAJOR) "." TEXT_OF(XXH_VERSION_MINOR) "." TEXT_OF(XXH_VERSION_RELEASE);
}

pt_component pt_version_component(size_t i)
{
    static const struct {
        const char *name;
        const char *(*version)(void);
    } parts[] = {{"compiler", compiler},
                 {"target", target},
                 {"duckdb", duckdb},
                 {"libfyaml", fy_library_version},
                 {"utf8proc", utf8proc_version},
                 {"pcre2", pcre2},
                 {"icu", icu},
                 {"roaring", roaring},
                 {"zlib", zlibVersion},
                 {"zstd", ZSTD_versionString},
                 {"xxhash", xxhash},
                 {"glibc", gnu_get_libc_version}};

    return i < PT_COUNT(parts) ? (pt_component){parts[i].name, parts[i].version()} : (pt_component){0};
}

const char *pt_version_commit(void)
{
    return pt_build_commit;
}
