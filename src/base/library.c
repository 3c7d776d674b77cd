/* Finds a shared library, and the addresses of its functions. */
#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER; /* of every library's is_loaded and table */

static void *find(const pt_library *l, const char *wanted)
{
    void *found = NULL;

    if (wanted)
        return dlopen(wanted, RTLD_LAZY | RTLD_LOCAL);
    if (l->find)
        found = l->find();
    for (const char *const *file = l->files; !found && *file; file++)
        found = dlopen(*file, RTLD_LAZY | RTLD_LOCAL);
    return found;
}

static void add_hint(const pt_library *l, pt_err *err)
{
    if (l->hint)
        pt_err_hint(err, "%s", l->hint);
    else
        pt_err_hint(err, "install it (Debian, Ubuntu: apt-get install %s), or set %s to the path of %s", l->package,
                    l->variable, l->file);
}

static pt_rc fail_load(const pt_library *l, const char *wanted, pt_err *err)
{
    const char *why = dlerror();

    if (wanted)
        pt_fail(err, PT_EENGINE, "cannot load %s: %s, which %s names, does not load", l->name, wanted, l->variable);
    else if (why && strstr(why, "No such file"))
        pt_fail(err, PT_EENGINE, "cannot load %s: %s was not found", l->name, l->file);
    else
        pt_fail(err, PT_EENGINE, "cannot load %s: %s does not load", l->name, l->file);
    add_hint(l, err);
    return PT_EENGINE;
}

static pt_rc fill_table(const pt_library *l, void *from, pt_err *err)
{
    void **addresses = pt_zalloc(l->n_symbols, sizeof *addresses);
    pt_rc rc = addresses ? PT_OK : pt_fail_nomem(err, "a shared library");

    for (size_t i = 0; rc == PT_OK && i < l->n_symbols; i++) {
        addresses[i] = dlsym(from, l->symbols[i]);
        if (!addresses[i]) {
            rc = pt_fail(err, PT_EENGINE, "%s has no function %s: it is too old", l->file, l->symbols[i]);
            add_hint(l, err);
        }
    }
    /* POSIX lets a function's address travel as a void *; the table's own type is the caller's. */
    if (rc == PT_OK)
        memcpy(l->table, addresses, l->n_symbols * sizeof *addresses);
    free(addresses);
    return rc;
}

static pt_rc load(pt_library *l, pt_err *err)
{
    const char *wanted = getenv(l->variable);

    if (wanted && !*wanted)
        wanted = NULL;
    void *found = find(l, wanted);
    if (!found)
        return fail_load(l, wanted, err);
    pt_rc rc = fill_table(l, found, err);
    if (rc != PT_OK) {
        dlclose(found);
        return rc;
    }
    l->is_loaded = true;
    if (l->loaded)
        l->loaded(l);
    return PT_OK;
}

pt_rc pt_library_load(pt_library *l, pt_err *err)
{
    pt_rc rc = PT_OK;

    pthread_mutex_lock(&guard);
    if (!l->is_loaded)
        rc = load(l, err);
    pthread_mutex_unlock(&guard);
    return rc;
}
