/* The project loader over bytes: a project in one file, its parts divided by lines "=== PATH". What stands before the
 * first such line is sources/f.yaml. */
#include <stdint.h>
#include <string.h>

#include "project/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 leaks a buffer when a quoted text is never closed. Our own use of it is checked for leaks by the
 * golden tests, which do without this. */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

static void add(pt_loader *l, const char *path, pt_sv bytes)
{
    if (strcmp(path, "portrait.yaml") == 0)
        l->config = (pt_document){.path = path, .bytes = bytes};
    else if (strcmp(path, "identity.yaml") == 0)
        l->identity = (pt_document){.path = path, .bytes = bytes};
    else
        PT_ASSERT(pt_documents_add(strncmp(path, "tags/", 5) == 0       ? &l->tag_files
                                   : strncmp(path, "segments/", 9) == 0 ? &l->segment_files
                                                                        : &l->source_files,
                                   path, bytes));
}

static void split(pt_loader *l, pt_sv rest)
{
    const char *path = "sources/f.yaml";

    while (path) {
        const char *mark = rest.len ? memmem(rest.ptr, rest.len, "\n=== ", 5) : NULL;
        size_t n = mark ? (size_t)(mark - rest.ptr) + 1 : rest.len;
        add(l, path, (pt_sv){rest.ptr, n});
        path = NULL;
        if (!mark)
            return;
        rest = (pt_sv){rest.ptr + n + 4, rest.len - n - 4};
        const char *end = memchr(rest.ptr, '\n', rest.len);
        if (end) {
            path = pt_arena_strndup(l->arena, rest.ptr, (size_t)(end - rest.ptr));
            rest = (pt_sv){end + 1, rest.len - (size_t)(end + 1 - rest.ptr)};
        }
    }
}

static void print(const pt_diags *d)
{
    pt_str out = {0};

    pt_diags_print(d, &out, false);
    pt_diags_json(d, &out);
    pt_str_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pt_arena *arena = pt_arena_new((size_t)1 << 30);
    pt_loader l = {.arena = arena};
    pt_diags diags;
    pt_err err = {0};

    pt_diags_init(&diags, arena);
    l.diags = &diags;
    add(&l, "portrait.yaml", PT_SV("name: fuzz\n"));
    split(&l, (pt_sv){(const char *)data, size});
    if (pt_project_load_bytes(&l, "/nowhere", &err) == PT_OK)
        PT_ASSERT((l.project->module != NULL) == (diags.errors == 0));
    print(&diags);
    pt_loader_dispose(&l);
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return 0;
}
