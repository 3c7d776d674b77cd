/* Looking at the files: each is read as a table of texts, into a store in memory and by the same reader that builds use, and
 * its columns are guessed from there. */
#include "app/starter.h"

#include <errno.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "app/starter_int.h"
#include "base/io.h"
#include "base/utf8.h"
#include "lang/lang.h"
#include "source/source.h"

enum { MOST_FILES = 64, MOST_COLUMNS = 1000, MOST_NAME = 60 };

/* --- names --------------------------------------------------------------------------------------------------------------- */

/* A name that a project may use: what cannot stand in one becomes `_`. */
static const char *make_name(pt_sv text, const char *fallback, pt_arena *arena)
{
    pt_str out = {0};
    size_t at = 0, characters = 0;

    while (at < text.len && characters < MOST_NAME) {
        size_t from = at;
        int32_t c = pt_utf8_next(text, &at);
        bool letter = c >= 0 && pt_utf8_is_letter(c), digit = c >= 0 && pt_utf8_is_digit(c);
        if (digit && !out.len)
            pt_str_add(&out, "n");
        if (letter || digit)
            pt_str_addn(&out, text.ptr + from, at - from);
        else if (out.len && out.ptr[out.len - 1] != '_')
            pt_str_addc(&out, '_');
        characters++;
    }
    while (out.len > 1 && out.ptr[out.len - 1] == '_')
        out.ptr[--out.len] = '\0';
    pt_sv name = {pt_str_cstr(&out), out.len};
    size_t skip = name.len && name.ptr[0] == '_';
    bool taken = pt_word_is_reserved(name) || pt_sv_eq(name, PT_SV("time")) || pt_sv_eq(name, PT_SV("customer"));
    const char *copy =
        pt_arena_printf(arena, "%s%s", out.len > skip ? pt_str_cstr(&out) + skip : fallback, taken ? "_value" : "");
    pt_str_free(&out);
    return copy;
}

/* The name with a number after it when it is taken already, in any case of letters. */
static const char *free_name(const char *name, const char *const *taken, size_t n, pt_arena *arena)
{
    const char *free_one = name;

    for (int number = 2; free_one; number++) {
        size_t i = 0;
        while (i < n && strcasecmp(taken[i], free_one) != 0)
            i++;
        if (i == n)
            break;
        free_one = pt_arena_printf(arena, "%s_%d", name, number);
    }
    return free_one;
}

static pt_rc name_columns(starter_file *f, pt_arena *arena, pt_err *err)
{
    const char **taken = PT_NEW_ARRAY(arena, const char *, f->n_columns);

    for (size_t i = 0; i < f->n_columns; i++) {
        starter_column *c = &f->columns[i];
        const char *fallback = pt_arena_printf(arena, "column%zu", i + 1);
        const char *name = !fallback ? NULL
                           : f->sniffed.header || f->sniffed.format != PT_FORMAT_CSV
                               ? make_name(pt_sv_of(c->file_name), fallback, arena)
                               : fallback;
        if (!taken || !name || !(c->name = taken[i] = free_name(name, taken, i, arena)))
            return pt_fail_nomem(err, "the first project");
    }
    return PT_OK;
}

/* "data/Online Retail.csv.gz" -> Online_Retail */
static const char *source_name(const char *path, pt_arena *arena)
{
    static const char *const endings[] = {".gz",    ".zst",    ".csv",  ".tsv",     ".txt",
                                          ".jsonl", ".ndjson", ".json", ".parquet", ".pq"};
    pt_sv base = pt_path_base(path);

    for (bool cut = true; cut;) {
        cut = false;
        for (size_t i = 0; i < PT_COUNT(endings); i++) {
            size_t n = strlen(endings[i]);
            if (base.len > n && strncasecmp(base.ptr + base.len - n, endings[i], n) == 0) {
                base.len -= n;
                cut = true;
            }
        }
    }
    return make_name(base, "source", arena);
}

/* --- reading -------------------------------------------------------------------------------------------------------------- */

typedef struct workshop {
    starter *s;
    char dir[64]; /* temporary: the project of texts */
    pt_store *store;
    pt_conn *conn;
} workshop;

/* A file column as a project writes it. Empty and doubly quoted names cannot be. */
static bool can_be_named(const char *name)
{
    return *name && !strchr(name, '"') && !strchr(name, '\n');
}

static pt_rc sniff(workshop *w, starter_file *f, const char *path, pt_err *err)
{
    pt_arena *a = w->s->arena;

    PT_TRY(pt_source_sniff(&f->sniffed, path, w->dir, w->conn, a, err));
    if (f->sniffed.n > MOST_COLUMNS)
        return pt_fail(err, PT_EINVAL, "%s has %zu columns, more than %d", path, f->sniffed.n, MOST_COLUMNS);
    if (!(f->columns = PT_NEW_ARRAY(a, starter_column, f->sniffed.n)))
        return pt_fail_nomem(err, "the first project");
    for (size_t i = 0; i < f->sniffed.n; i++)
        if (can_be_named(f->sniffed.names[i]))
            f->columns[f->n_columns++].file_name = f->sniffed.names[i];
    if (f->n_columns == 0)
        return pt_fail(err, PT_EINVAL, "%s has no column with a name", path);
    return name_columns(f, a, err);
}

static void add_quoted(pt_str *out, const char *text)
{
    pt_str_addc(out, '\'');
    for (; *text; text++) {
        pt_str_addc(out, *text);
        if (*text == '\'')
            pt_str_addc(out, '\'');
    }
    pt_str_addc(out, '\'');
}

/* Each file as a reference of texts. */
static pt_rc write_texts(workshop *w, const char *const *paths, pt_err *err)
{
    const char *config = pt_path_join(w->s->arena, w->dir, "portrait.yaml");
    const char *sources = pt_path_join(w->s->arena, w->dir, "sources/all.yaml");
    pt_str out = {0};

    for (size_t f = 0; f < w->s->n_files; f++) {
        const starter_file *file = &w->s->files[f];
        pt_str_addf(&out, "%s:\n  kind: reference\n  from: ", file->name);
        add_quoted(&out, paths[f]);
        if (file->sniffed.format == PT_FORMAT_CSV && !file->sniffed.header)
            pt_str_add(&out, "\n  header: false");
        pt_str_add(&out, "\n  columns:\n");
        for (size_t i = 0; i < file->n_columns; i++) {
            pt_str quoted = {0};
            pt_str_addf(&quoted, "\"%s\"", file->columns[i].file_name);
            pt_str_addf(&out, "    %s: {type: text, from: ", file->columns[i].name);
            add_quoted(&out, pt_str_cstr(&quoted));
            pt_str_add(&out, "}\n");
            out.failed |= quoted.failed;
            pt_str_free(&quoted);
        }
    }
    pt_rc rc = config && sources ? pt_str_check(&out, err) : pt_fail_nomem(err, "the first project");
    if (rc == PT_OK)
        rc = pt_write_file(config, "name: texts\n", strlen("name: texts\n"), err);
    if (rc == PT_OK)
        rc = pt_mkdirs(pt_path_join(w->s->arena, w->dir, "sources"), err);
    if (rc == PT_OK)
        rc = pt_write_file(sources, out.ptr, out.len, err);
    pt_str_free(&out);
    return rc;
}

static pt_rc count_one(uint64_t *out, const pt_sql *q, pt_conn *c, pt_err *err)
{
    int64_t n = 0;

    PT_TRY(pt_query_int(&n, c, q, err));
    *out = (uint64_t)n;
    return PT_OK;
}

/* Rows that are alike in every column. */
static pt_rc count_duplicates(workshop *w, starter_file *f, const char *relation, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT coalesce(sum(n - 1), 0)::BIGINT FROM (SELECT count(*) AS n FROM");
    pt_sql_kw(&q, relation);
    pt_sql_kw(&q, "GROUP BY hash(''");
    for (size_t i = 0; i < f->n_columns; i++) {
        pt_sql_kw(&q, ",");
        pt_sql_ident(&q, f->columns[i].name);
    }
    pt_sql_kw(&q, "))");
    pt_rc rc = count_one(&f->duplicates, &q, w->conn, err);
    pt_sql_free(&q);
    return rc;
}

/* All values of a column that has few. */
static pt_rc read_values(workshop *w, starter_column *c, const char *relation, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    if (c->guess.distinct == 0 || c->guess.distinct > 12)
        return PT_OK;
    pt_sql_kw(&q, "SELECT CAST(");
    pt_sql_ident(&q, c->name);
    pt_sql_kw(&q, "AS VARCHAR) AS v FROM");
    pt_sql_kw(&q, relation);
    pt_sql_kw(&q, "GROUP BY v HAVING v IS NOT NULL ORDER BY count(*) DESC, v LIMIT 24");
    pt_rc rc = pt_query(&cursor, w->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows) {
        const char **values = PT_NEW_ARRAY(w->s->arena, const char *, rows->n);
        const pt_sv *texts = rows->cells[0].data;
        for (size_t i = 0; values && i < rows->n; i++, c->n_values++)
            if (!(values[i] = pt_arena_strndup(w->s->arena, texts[i].ptr, texts[i].len)))
                values = NULL;
        c->values = values;
        rc = values ? PT_OK : pt_fail_nomem(err, "the first project");
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

static pt_rc look_at(workshop *w, starter_file *f, const pt_project *p, size_t number, pt_err *err)
{
    pt_sql name = {0};
    pt_read_stats stats;

    PT_TRY(pt_source_read(&stats, p, number, w->conn, w->dir, err));
    pt_str_add(&name.text, "raw.");
    pt_sql_ident(&name, f->name);
    const char *relation = pt_arena_strdup(w->s->arena, pt_str_cstr(&name.text));
    pt_sql_free(&name);
    if (!relation)
        return pt_fail_nomem(err, "the first project");
    f->rows = stats.rows;
    for (size_t i = 0; i < f->n_columns; i++) {
        PT_TRY(pt_source_guess(&f->columns[i].guess, relation, f->columns[i].name, w->conn, w->s->arena, err));
        PT_TRY(read_values(w, &f->columns[i], relation, err));
    }
    return count_duplicates(w, f, relation, err);
}

static pt_rc look_at_all(workshop *w, const char *const *paths, pt_err *err)
{
    pt_project *p = NULL;
    pt_diags diags;

    PT_TRY(write_texts(w, paths, err));
    pt_diags_init(&diags, w->s->arena);
    pt_rc rc = pt_project_load(&p, w->dir, &diags, w->s->arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    pt_diags_free(&diags);
    if (rc == PT_OK)
        rc = pt_source_prepare(w->conn, err);
    for (size_t f = 0; rc == PT_OK && f < w->s->n_files; f++)
        rc = look_at(w, &w->s->files[f], p, (size_t)pt_project_find_source(p, pt_sv_of(w->s->files[f].name)), err);
    return rc;
}

/* --- all of it -------------------------------------------------------------------------------------------------------------- */

static pt_rc open_workshop(workshop *w, pt_err *err)
{
    const char *tmp = getenv("TMPDIR");
    pt_store_options options = {0};

    if (!tmp || strlen(tmp) > 32)
        tmp = "/tmp";
    snprintf(w->dir, sizeof w->dir, "%s/portrait-init-XXXXXX", tmp);
    if (!mkdtemp(w->dir)) {
        w->dir[0] = '\0';
        return pt_fail_errno(err, PT_EIO, errno, "cannot make a folder in %s", tmp);
    }
    PT_TRY(pt_store_open(&w->store, &options, err));
    return pt_conn_open(&w->conn, w->store, err);
}

static void close_workshop(workshop *w)
{
    pt_conn_close(w->conn);
    pt_store_close(w->store);
    if (w->dir[0])
        pt_remove_tree(w->dir, NULL);
}

static pt_rc name_files(starter *s, const char *const *paths, pt_err *err)
{
    const char **taken = PT_NEW_ARRAY(s->arena, const char *, s->n_files);

    for (size_t f = 0; f < s->n_files; f++) {
        const char *name = source_name(paths[f], s->arena);
        if (!taken || !name || !(s->files[f].name = taken[f] = free_name(name, taken, f, s->arena)))
            return pt_fail_nomem(err, "the first project");
    }
    return PT_OK;
}

/* Relative to the project when the file is below it, so that both can move together; else where it is. */
static pt_rc find_paths(starter *s, const char **full, const char *const *paths, pt_err *err)
{
    size_t head = strlen(s->dir);

    for (size_t f = 0; f < s->n_files; f++) {
        char *real = realpath(paths[f], NULL);
        if (!real)
            return pt_fail_errno(err, errno == ENOENT ? PT_ENOTFOUND : PT_EIO, errno, "cannot read %s", paths[f]);
        full[f] = pt_arena_strdup(s->arena, real);
        free(real);
        if (!full[f])
            return pt_fail_nomem(err, "the first project");
        if (!pt_is_file(full[f]))
            return pt_fail(err, PT_EINVAL, "%s is not a file", paths[f]);
        bool below = strncmp(full[f], s->dir, head) == 0 && full[f][head] == '/';
        s->files[f].path = full[f] + (below ? head + 1 : 0);
    }
    return PT_OK;
}

static pt_rc find_dir(starter *s, const char *dir, pt_err *err)
{
    PT_TRY(pt_mkdirs(dir, err));
    char *real = realpath(dir, NULL);
    if (!real)
        return pt_fail_errno(err, PT_EIO, errno, "cannot use %s", dir);
    s->dir = pt_arena_strdup(s->arena, real);
    free(real);
    s->name = s->dir ? make_name(pt_path_base(s->dir), "project", s->arena) : NULL;
    return s->name ? PT_OK : pt_fail_nomem(err, "the first project");
}

static pt_rc report(pt_starter_result *out, const starter *s, pt_err *err)
{
    pt_starter_source *list = PT_NEW_ARRAY(s->arena, pt_starter_source, s->n_files);

    if (!list)
        return pt_fail_nomem(err, "the first project");
    for (size_t f = 0; f < s->n_files; f++)
        list[f] = (pt_starter_source){s->files[f].name, s->files[f].path, s->files[f].kind, s->files[f].rows,
                                      s->files[f].n_columns};
    *out = (pt_starter_result){list, s->n_files, s->n_tags};
    return PT_OK;
}

static pt_rc run(starter *s, workshop *w, const char *const *full, pt_err *err)
{
    for (size_t f = 0; f < s->n_files; f++)
        PT_TRY(sniff(w, &s->files[f], full[f], err));
    PT_TRY(look_at_all(w, full, err));
    starter_guess(s);
    return starter_write(s, err);
}

pt_rc pt_app_starter(pt_starter_result *out, const char *dir, const char *const *paths, size_t n, const char *lang,
                     pt_arena *arena, pt_err *err)
{
    starter s = {.n_files = n, .zh = strcmp(lang, "zh") == 0, .arena = arena};
    workshop w = {.s = &s};

    if (n > MOST_FILES)
        return pt_fail(err, PT_EINVAL, "%zu files are more than the %d that a first project may have", n, MOST_FILES);
    const char **full = PT_NEW_ARRAY(arena, const char *, n);
    s.files = PT_NEW_ARRAY(arena, starter_file, n);
    if (!s.files || !full)
        return pt_fail_nomem(err, "the first project");
    PT_TRY(find_dir(&s, dir, err));
    PT_TRY(find_paths(&s, full, paths, err));
    PT_TRY(name_files(&s, paths, err));
    pt_rc rc = open_workshop(&w, err);
    if (rc == PT_OK)
        rc = run(&s, &w, full, err);
    close_workshop(&w);
    return rc == PT_OK ? report(out, &s, err) : rc;
}
