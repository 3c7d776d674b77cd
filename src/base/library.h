/* A shared library that is loaded when it is first needed, so that the program starts without it and runs where it is not
 * installed.
 *
 *     static struct { __typeof__(&XGBoosterFree) free_booster; ... } api;
 *     static const char *const symbols[] = {"XGBoosterFree", ...};   // in the same order
 *     static const char *const files[] = {"libxgboost.so.0", "libxgboost.so", NULL};
 *     static pt_library xgboost = {.name = "XGBoost", .file = "libxgboost.so", .package = "libxgboost0", .files = files,
 *                                  .variable = "PORTRAIT_XGBOOST", .symbols = symbols, .n_symbols = PT_COUNT(symbols),
 *                                  .table = &api};
 *     PT_TRY(pt_library_load(&xgboost, err));
 */
#ifndef PT_BASE_LIBRARY_H
#define PT_BASE_LIBRARY_H

#include "base/mem.h"

typedef struct pt_library {
    const char *name;         /* "XGBoost": what messages call it */
    const char *file;         /* "libxgboost.so": likewise */
    const char *const *files; /* what the system's loader is asked for, in turn; ends with NULL */
    const char *variable;     /* the environment variable that names the file instead */
    const char *package;      /* Debian's, for the hint where it is absent */
    const char *hint;         /* instead of that hint; may be NULL */
    void *(*find)(void);      /* asked before `files`: a handle of dlopen, or NULL. May be NULL */
    /* Called once, when the table has been filled. May be NULL. */
    void (*loaded)(const struct pt_library *);
    const char *const *symbols; /* names of functions */
    size_t n_symbols;
    void *table; /* n_symbols pointers to functions, in the order of `symbols`: filled when all are there */

    bool is_loaded; /* kept by pt_library_load */
} pt_library;

/* Loads the library once for the process; later calls only look. Any thread may ask. It is never unloaded: threads of its own
 * may outlive what is done with it by a moment. PT_EENGINE where it is absent, does not load or lacks a function. */
pt_rc pt_library_load(pt_library *l, pt_err *err);

#endif
