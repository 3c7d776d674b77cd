/* Rules of cleaning over bytes: each line is one rule of a source with columns of all types. What is taken must make
 * sense: it names columns that are there, and the columns it adds are the last ones. */
#include <stdint.h>
#include <string.h>

#include "project/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 leaks a buffer when a quoted text is never closed (fuzz_project.c). */
const char *__lsan_default_suppressions(void)
{
    return "leak:libfyaml.so";
}

static void check_rule(const pt_source *s, const pt_clean_rule *r)
{
    bool over_rows = !pt_clean_reads(r);

    PT_ASSERT(r->text && r->place.line > 0);
    PT_ASSERT(!over_rows || !r->column || pt_source_find_column(s, pt_sv_of(r->column)) >= 0);
    PT_ASSERT(!r->adds || pt_source_find_column(s, pt_sv_of(r->adds)) >= (int)s->n_file_columns);
    PT_ASSERT((r->kind == PT_CLEAN_DROP || r->kind == PT_CLEAN_FLAG) == (r->condition != NULL));
    PT_ASSERT(r->kind != PT_CLEAN_NEAR || (r->similarity >= 0.5 && r->similarity <= 1));
    PT_ASSERT(r->kind != PT_CLEAN_OUTLIERS || r->method == PT_OUTLIERS_RANGE || (r->factor > 0 && r->factor <= 1000));
    PT_ASSERT(r->kind != PT_CLEAN_FILL || r->fill != PT_FILL_CONSTANT || r->constant);
}

static void add_rules(pt_str *yaml, const uint8_t *data, size_t size)
{
    const char *at = (const char *)data, *end = at + size;

    pt_str_add(yaml,
               "s:\n  from: s.csv\n  kind: event\n  time: t\n  customer: {user: u}\n  columns: {b: bool, n: number, m: "
               "money, d: date, i: instant, x: text, c: category, l: list}\n  clean:\n");
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t n = newline ? (size_t)(newline - at) : (size_t)(end - at);
        pt_str_add(yaml, "    - ");
        pt_str_addn(yaml, at, n);
        pt_str_addc(yaml, '\n');
        at += n + 1;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pt_arena *arena = pt_arena_new((size_t)1 << 30);
    pt_loader l = {.arena = arena};
    pt_diags diags;
    pt_str yaml = {0}, out = {0};
    pt_err err = {0};

    pt_diags_init(&diags, arena);
    l.diags = &diags;
    add_rules(&yaml, data, size);
    l.config = (pt_document){.path = "portrait.yaml", .bytes = PT_SV("name: fuzz\n")};
    PT_ASSERT(!yaml.failed && pt_documents_add(&l.source_files, "sources/s.yaml", (pt_sv){yaml.ptr, yaml.len}));
    if (pt_project_load_bytes(&l, "/nowhere", &err) == PT_OK)
        for (size_t s = 0; s < l.project->n_sources; s++)
            for (size_t i = 0; i < l.project->sources[s].n_clean; i++)
                check_rule(&l.project->sources[s], &l.project->sources[s].clean[i]);
    pt_diags_print(&diags, &out, false);
    pt_str_free(&out);
    pt_loader_dispose(&l);
    pt_diags_free(&diags);
    pt_arena_free(arena);
    pt_str_free(&yaml);
    return 0;
}
