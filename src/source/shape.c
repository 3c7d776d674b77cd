/* What a CSV file holds: its delimiter, whether its first row is a header, its columns. The definition says which names
 * the file should have, so that is the evidence: the delimiter is the one that makes those names appear, and a first row
 * without any of them is no header. The types of values play no part. */
#include "base/utf8.h"
#include "source/source_int.h"

enum { LOOK_AT = 100 }; /* records that are looked at where names decide nothing */

typedef struct guess {
    char delimiter;
    pt_shape shape; /* of the first record */
    size_t wanted;  /* names of the definition that it has */
    size_t same;    /* records of the first LOOK_AT with as many fields */
    const char *wrong;
} guess;

static char one_char(const char *text)
{
    return strcmp(text, "tab") == 0 || strcmp(text, "\\t") == 0 ? '\t' : text[0];
}

static pt_rc read_names(pt_shape *out, const pt_csv *csv, pt_arena *arena, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(arena, const char *, csv->n_fields);

    for (size_t i = 0; names && i < csv->n_fields; i++) {
        pt_sv field = pt_sv_trim(csv->fields[i]);
        names[i] = pt_arena_strndup(arena, field.len ? field.ptr : "", field.len);
        if (!names[i])
            names = NULL;
    }
    if (!names)
        return pt_fail_nomem(err, "a file's columns");
    out->names = names;
    out->n = csv->n_fields;
    return PT_OK;
}

static size_t count_wanted(const pt_shape *shape, const pt_read_run *run)
{
    size_t n = 0;

    for (size_t i = 0; i < run->n_wanted; i++)
        n += pt_shape_find(shape, run->wanted[i]) >= 0;
    return n;
}

static pt_rc try_delimiter(guess *g, pt_sv text, char quote, const pt_read_run *run, pt_arena *arena, pt_err *err)
{
    pt_csv csv = {0};
    pt_rc rc = PT_OK;

    pt_csv_open(&csv, text, g->delimiter, quote, 0);
    if (pt_csv_next(&csv)) {
        g->wrong = csv.wrong;
        rc = csv.wrong ? PT_OK : read_names(&g->shape, &csv, arena, err);
        g->wanted = count_wanted(&g->shape, run);
        for (size_t i = 0; i < LOOK_AT && pt_csv_next(&csv); i++)
            g->same += !csv.wrong && csv.n_fields == g->shape.n;
    }
    if (csv.nomem)
        rc = pt_fail_nomem(err, "a file's columns");
    pt_csv_close(&csv);
    return rc;
}

/* More of the wanted names; else, with more than one column, more records that agree; else more columns. */
static bool is_better(const guess *a, const guess *b)
{
    if (a->wanted != b->wanted)
        return a->wanted > b->wanted;
    if ((a->shape.n > 1) != (b->shape.n > 1))
        return a->shape.n > 1;
    return a->same != b->same ? a->same > b->same : a->shape.n > b->shape.n;
}

static pt_rc guess_delimiter(guess *best, pt_sv text, char quote, const pt_read_run *run, pt_arena *arena, pt_err *err)
{
    static const char usual[] = {',', '\t', ';', '|'};
    const char *declared = run->source->delimiter;

    if (declared) {
        *best = (guess){.delimiter = one_char(declared)};
        return try_delimiter(best, text, quote, run, arena, err);
    }
    for (size_t i = 0; i < sizeof usual; i++) {
        guess g = {.delimiter = usual[i]};
        PT_TRY(try_delimiter(&g, text, quote, run, arena, err));
        if (i == 0 || is_better(&g, best))
            *best = g;
    }
    return PT_OK;
}

/* A definition of nothing but positions is made for files without a header. */
static bool only_positions(const pt_read_run *run)
{
    for (size_t i = 0; i < run->n_wanted; i++) {
        const char *name = run->wanted[i];
        int64_t n;
        if (!pt_parse_int64(&n, pt_sv_of(strncmp(name, "column", 6) == 0 ? name + 6 : name)))
            return false;
    }
    return run->n_wanted > 0;
}

static pt_rc check_header(const pt_shape *s, const pt_read_run *run, const pt_input *in, pt_err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        if (pt_utf8_valid(pt_sv_of(s->names[i])) != strlen(s->names[i]))
            return pt_fail_input(err, run, in, PT_E_NOT_THE_FORMAT, "its header is not valid UTF-8; set `encoding`");
        for (size_t k = 0; k < i && *s->names[i]; k++)
            if (strcmp(s->names[i], s->names[k]) == 0)
                return pt_fail_input(err, run, in, PT_E_SAME_NAME, "columns %zu and %zu are both named '%s'", k + 1,
                                     i + 1, s->names[i]);
    }
    return PT_OK;
}

static pt_rc name_by_position(pt_shape *s, pt_arena *arena, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(arena, const char *, s->n);

    for (size_t i = 0; names && i < s->n; i++)
        if (!(names[i] = pt_arena_printf(arena, "column%zu", i + 1)))
            names = NULL;
    s->names = names;
    s->positions = true;
    return names ? PT_OK : pt_fail_nomem(err, "a file's columns");
}

pt_rc pt_csv_shape(pt_shape *out, const pt_text_file *text, const pt_input *in, const pt_read_run *run, pt_arena *arena,
                   pt_err *err)
{
    const pt_source *s = run->source;
    char quote = s->quote ? s->quote[0] : '"';
    guess best = {0};

    *out = (pt_shape){0};
    PT_TRY(guess_delimiter(&best, (pt_sv){(const char *)text->map.ptr, text->map.size}, quote, run, arena, err));
    if (best.wrong)
        return pt_fail_input(err, run, in, PT_E_NOT_THE_FORMAT, "its first row has %s", best.wrong);
    *out = best.shape;
    out->delimiter = best.delimiter;
    out->quote = quote;
    if (s->header == 0 || (s->header == -1 && best.wanted == 0 && only_positions(run)))
        return name_by_position(out, arena, err);
    return check_header(out, run, in, err);
}
