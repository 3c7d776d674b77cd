#include "app/segment_list.h"

#include "app/finder.h"
#include "app/view.h"
#include "base/io.h"
#include "source/csv.h"

enum { CHECK_EVERY = 4096 };
#define MOST_BYTES (UINT64_C(1) << 32)

typedef struct list_run {
    const pt_project *project;
    const pt_segment *segment;
    const pt_directory *directory;
    pt_cancel *cancel;
    pt_finder *finder;
    uint64_t *bits;
    pt_segment_list found;
} list_run;

static pt_rc find_file(const char **path, const pt_project *p, const pt_segment *s, pt_arena *arena, pt_err *err)
{
    if (!(*path = pt_path_join(arena, p->root, s->list)))
        return pt_fail_nomem(err, "a list of ids");
    if (pt_is_file(*path))
        return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "the segment '%s' is a list, and there is no file '%s'", s->name, s->list);
    return pt_err_hint(err, "'list' is a path from the folder of portrait.yaml");
}

static pt_rc read_list(pt_sv *out, const pt_project *p, const pt_segment *s, pt_arena *arena, pt_err *err)
{
    const char *path;

    PT_TRY(find_file(&path, p, s, arena, err));
    PT_TRY(pt_read_file(out, path, MOST_BYTES, arena, err));
    if (memchr(out->ptr, 0, out->len)) {
        pt_fail(err, PT_EINVAL, "'%s' is no text: it holds NUL bytes", s->list);
        return pt_err_hint(err, "one id a line, in UTF-8; or a CSV file, with `column: NAME`");
    }
    return PT_OK;
}

static pt_rc add_id(list_run *r, pt_sv id, pt_err *err)
{
    uint32_t ordinal;

    if (pt_sv_trim(id).len == 0)
        return PT_OK;
    if (r->found.ids++ % CHECK_EVERY == 0)
        PT_TRY(pt_cancel_check(r->cancel, err));
    if (r->segment->list_by)
        PT_TRY(pt_finder_value(&ordinal, r->finder, r->segment->list_by, id, err));
    else
        PT_TRY(pt_finder_any(&ordinal, r->finder, id, err));
    if (ordinal == PT_ID_NONE || !pt_is_customer(r->directory, ordinal)) {
        r->found.unknown++;
        return PT_OK;
    }
    r->found.members += !(r->bits[ordinal / 64] >> (ordinal % 64) & 1);
    r->bits[ordinal / 64] |= UINT64_C(1) << (ordinal % 64);
    return PT_OK;
}

static pt_rc add_lines(list_run *r, pt_csv *csv, pt_err *err)
{
    while (pt_csv_next_line(csv))
        PT_TRY(add_id(r, csv->fields[0], err));
    return PT_OK;
}

static pt_rc find_column(size_t *out, const pt_csv *csv, const pt_segment *s, pt_err *err)
{
    for (size_t i = 0; i < csv->n_fields; i++) {
        if (pt_sv_eq(pt_sv_trim(csv->fields[i]), pt_sv_of(s->list_column))) {
            *out = i;
            return PT_OK;
        }
    }
    pt_fail(err, PT_EINVAL, "'%s' has no column '%s'", s->list, s->list_column);
    return pt_err_hint(err, "the first line of the file names the columns");
}

static pt_rc add_rows(list_run *r, pt_csv *csv, pt_err *err)
{
    size_t column = 0;

    if (!pt_csv_next(csv))
        return csv->nomem ? PT_OK : pt_fail(err, PT_EINVAL, "'%s' is empty", r->segment->list);
    PT_TRY(find_column(&column, csv, r->segment, err));
    csv->expect = csv->n_fields;
    while (pt_csv_next(csv)) {
        if (csv->wrong)
            return pt_fail(err, PT_EINVAL, "'%s', line %llu: %s", r->segment->list, (unsigned long long)csv->line,
                           csv->wrong);
        PT_TRY(add_id(r, csv->fields[column], err));
    }
    return PT_OK;
}

static pt_rc add_all(list_run *r, pt_sv text, pt_err *err)
{
    pt_csv csv = {0};

    pt_csv_open(&csv, text, ',', '"', 0);
    pt_rc rc = r->segment->list_column ? add_rows(r, &csv, err) : add_lines(r, &csv, err);
    if (rc == PT_OK && csv.nomem)
        rc = pt_fail_nomem(err, "a list of ids");
    pt_csv_close(&csv);
    return rc;
}

pt_rc pt_segment_list_members(uint64_t *bits, pt_segment_list *out, const pt_project *p, const pt_segment *s,
                              const pt_directory *d, pt_cancel *cancel, pt_err *err)
{
    list_run r = {.project = p, .segment = s, .directory = d, .cancel = cancel, .bits = bits};
    pt_arena *arena = pt_arena_new(0);
    pt_sv text;
    pt_rc rc = arena ? read_list(&text, p, s, arena, err) : pt_fail_nomem(err, "a list of ids");

    if (rc == PT_OK)
        rc = pt_finder_new(&r.finder, p, d, err);
    if (rc == PT_OK) {
        r.found.bytes = pt_hash128_of(text.ptr, text.len);
        rc = add_all(&r, text, err);
    }
    pt_finder_free(r.finder);
    pt_arena_free(arena);
    if (rc == PT_OK)
        rc = pt_view_named(pt_directory_damage(d, err), PT_FILE_DIRECTORY, err);
    if (rc == PT_OK && out)
        *out = r.found;
    return rc;
}

pt_rc pt_segment_lists_exist(const pt_project *p, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_rc rc = arena ? PT_OK : pt_fail_nomem(err, "a list of ids");
    const char *path;

    for (size_t s = 0; rc == PT_OK && s < p->n_segments; s++)
        if (p->segments[s].list)
            rc = find_file(&path, p, &p->segments[s], arena, err);
    pt_arena_free(arena);
    return rc;
}

pt_rc pt_segment_list_hash(pt_hash128 *out, const pt_project *p, const pt_segment *s, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    const char *path = arena ? pt_path_join(arena, p->root, s->list) : NULL;
    pt_rc rc = path ? PT_OK : pt_fail_nomem(err, "a list of ids");

    *out = (pt_hash128){0, 0};
    if (rc == PT_OK && pt_is_file(path))
        rc = pt_hash_file(out, path, err);
    pt_arena_free(arena);
    return rc;
}
