#include "source/guess.h"

#include "source/source_int.h"

/* --- columns ---------------------------------------------------------------------------------------------------------- */

/* A first row that holds a number or nothing in some place is data. */
static bool looks_like_header(const pt_shape *s)
{
    double number;

    for (size_t i = 0; i < s->n; i++) {
        if (!*s->names[i] || pt_convert_number(&number, pt_sv_of(s->names[i])))
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(s->names[i], s->names[k]) == 0)
                return false;
    }
    return s->n > 0;
}

static pt_rc number_columns(pt_sniffed *out, pt_arena *arena, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(arena, const char *, out->n);

    for (size_t i = 0; names && i < out->n; i++)
        if (!(names[i] = pt_arena_printf(arena, "%zu", i + 1)))
            names = NULL;
    out->names = names;
    return names ? PT_OK : pt_fail_nomem(err, "a file's columns");
}

/* The declared names of a file that has none are not wanted: `header` false makes them positions. */
static pt_rc sniff_csv(pt_sniffed *out, pt_reading *r, pt_source *source, pt_err *err)
{
    pt_rc rc = pt_csv_shape(&r->shape, &r->text, r->in, r->run, r->arena, err);

    if (rc != PT_OK) { /* a name twice, perhaps: it may be no header */
        source->header = 0;
        rc = pt_csv_shape(&r->shape, &r->text, r->in, r->run, r->arena, err);
    }
    out->names = r->shape.names;
    out->n = r->shape.n;
    out->header = source->header != 0 && looks_like_header(&r->shape);
    return rc == PT_OK && !out->header ? number_columns(out, r->arena, err) : rc;
}

static pt_rc sniff_text(pt_sniffed *out, pt_reading *r, pt_source *source, pt_err *err)
{
    PT_TRY(pt_text_file_open(&r->text, r->in->path, NULL, r->run->work_dir, r->arena, err));
    if (r->in->format == PT_FORMAT_CSV)
        return sniff_csv(out, r, source, err);
    PT_TRY(pt_json_shape(&r->shape, r, err));
    out->names = r->shape.names;
    out->n = r->shape.n;
    return PT_OK;
}

pt_rc pt_source_sniff(pt_sniffed *out, const char *path, const char *work_dir, pt_conn *conn, pt_arena *arena,
                      pt_err *err)
{
    pt_project project = {.root = "/"};
    pt_source source = {.name = path, .header = -1};
    pt_read_run run = {.project = &project, .source = &source, .conn = conn, .work_dir = work_dir, .arena = arena};
    pt_input in = {.path = path, .name = path, .format = pt_format_of(path)};
    pt_reading r = {.run = &run, .in = &in, .arena = arena};
    pt_rc rc;

    *out = (pt_sniffed){.format = in.format};
    if (in.format == PT_FORMAT_PARQUET) {
        rc = pt_parquet_shape(&r, err);
        out->names = r.shape.names;
        out->n = r.shape.n;
        return rc;
    }
    rc = sniff_text(out, &r, &source, err);
    pt_text_file_close(&r.text);
    if (rc == PT_OK && out->n == 0)
        rc = pt_fail(err, PT_EINVAL, "%s is empty", path);
    return rc;
}

/* --- values ------------------------------------------------------------------------------------------------------------ */

/* Words for "no value" are set aside first. */
static const char placeholder_sql[] =
    "lower(v) IN ('na', 'n/a', '#n/a', 'null', '(null)', 'nil', 'nan', 'none', '-', '--', "
    "'\\N', '无', '未知', '不详', '空')";

static const char *const time_formats[] = {NULL,
                                           "%d/%m/%Y",
                                           "%m/%d/%Y",
                                           "%d.%m.%Y",
                                           "%Y年%m月%d日",
                                           "%d/%m/%Y %H:%M",
                                           "%m/%d/%Y %H:%M",
                                           "%d/%m/%Y %H:%M:%S",
                                           "%m/%d/%Y %H:%M:%S",
                                           "%d %b %Y",
                                           "%b %d, %Y"};

enum { COUNTS = 16 };

static double number_at(const pt_rows *rows, size_t column)
{
    return ((const double *)rows->cells[column].data)[0];
}

/* Runs a query of one row of n DOUBLEs. */
static pt_rc ask(double *out, size_t n, const pt_sql *q, pt_conn *conn, pt_err *err)
{
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;
    pt_rc rc = pt_query(&cursor, conn, q, err);

    if (rc == PT_OK)
        rc = pt_cursor_next(&rows, cursor, err);
    for (size_t i = 0; i < n; i++)
        out[i] = rc == PT_OK && rows ? number_at(rows, i) : NAN;
    pt_cursor_close(cursor);
    return rc;
}

/* FROM the different values of the column, without words for "no value": v, n. */
static void add_values(pt_sql *q, const char *relation, const char *column)
{
    pt_str_addf(&q->text, " FROM (SELECT v, n FROM (SELECT CAST(");
    pt_sql_ident(q, column);
    pt_str_addf(&q->text, " AS VARCHAR) AS v, count(*) AS n FROM %s GROUP BY v) WHERE v IS NOT NULL AND NOT %s)",
                relation, placeholder_sql);
}

static void add_share(pt_sql *q, const char *condition)
{
    pt_str_addf(&q->text, ", coalesce(sum(n) FILTER (WHERE %s), 0)::DOUBLE", condition);
}

static const char *const shares[] = {
    "pt_number(v) IS NOT NULL", "pt_number(v) IS NOT NULL AND regexp_matches(v, '[.eE]')",
    "pt_number(v) < 0",         "pt_number(v) IS NOT NULL AND regexp_matches(v, '^[+-]?0[0-9]')",
    "pt_bool(v) IS NOT NULL",   "pt_bool(v) IS NOT NULL AND NOT regexp_full_match(v, '[01]')",
    "pt_is_phone_cn(v)",        "pt_is_email(v)",
    "pt_is_id_card(v)",
};
enum { NUMBERS, DECIMALS, NEGATIVES, PADDED, BOOLS, BOOL_WORDS, PHONES, EMAILS, ID_CARDS };

static pt_rc count_values(double *n, const char *relation, const char *column, pt_conn *conn, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT coalesce(sum(n), 0)::DOUBLE, count(*)::DOUBLE");
    for (size_t i = 0; i < PT_COUNT(shares); i++)
        add_share(&q, shares[i]);
    add_values(&q, relation, column);
    pt_rc rc = ask(n, 2 + PT_COUNT(shares), &q, conn, err);
    pt_sql_free(&q);
    return rc;
}

/* The format that reads most values as instants, and how many; and how many have a time of day. */
static pt_rc try_times(pt_guessed *out, double *fit, double *with_time, const char *relation, const char *column,
                       pt_conn *conn, pt_arena *arena, pt_err *err)
{
    const char *function;

    *fit = 0;
    for (size_t i = 0; i < PT_COUNT(time_formats); i++) {
        double n[2];
        pt_sql q = {0};
        PT_TRY(pt_define_time(&function, PT_TYPE_INSTANT, time_formats[i], "UTC", conn, arena, err));
        pt_str_addf(&q.text,
                    "SELECT coalesce(sum(n) FILTER (WHERE %s(v) IS NOT NULL), 0)::DOUBLE, coalesce(sum(n) FILTER (WHERE"
                    " contains(v, ':')), 0)::DOUBLE",
                    function);
        add_values(&q, relation, column);
        pt_rc rc = ask(n, 2, &q, conn, err);
        pt_sql_free(&q);
        if (rc != PT_OK)
            return rc;
        if (n[0] > *fit) {
            *fit = n[0];
            *with_time = n[1];
            out->format = time_formats[i];
        }
    }
    return PT_OK;
}

/* What reads as a number is no date: 20170131 is left to a person. */
static void decide(pt_guessed *out, const double *n, double fit, double with_time)
{
    const double *s = n + 2;
    double filled = n[0], most = 0.99 * filled;

    out->type = PT_TYPE_TEXT;
    if (filled == 0)
        return;
    if (s[PADDED] == 0 && s[NUMBERS] >= (out->distinct > 300 ? most : filled)) { /* few values are words, then */
        out->type = PT_TYPE_NUMBER;
        out->misfits = (uint64_t)(filled - s[NUMBERS]);
        out->whole = s[DECIMALS] == 0;
        out->negative = s[NEGATIVES] > 0;
    }
    if (s[BOOLS] == filled && out->distinct == 2) {
        out->type = PT_TYPE_BOOL;
    } else if (out->type == PT_TYPE_TEXT && fit >= most) {
        out->type = with_time > 0.5 * fit ? PT_TYPE_INSTANT : PT_TYPE_DATE;
        out->misfits = (uint64_t)(filled - fit);
    }
    out->phones = s[PHONES] / filled;
    out->emails = s[EMAILS] / filled;
    out->id_cards = s[ID_CARDS] / filled;
}

static pt_rc read_missing(pt_guessed *out, const char *relation, const char *column, pt_conn *conn, pt_arena *arena,
                          pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT v FROM (SELECT CAST(");
    pt_sql_ident(&q, column);
    pt_str_addf(&q.text, " AS VARCHAR) AS v, count(*) AS n FROM %s GROUP BY v) WHERE %s ORDER BY n DESC, v LIMIT 8",
                relation, placeholder_sql);
    pt_rc rc = pt_query(&cursor, conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows) {
        const char **words = PT_NEW_ARRAY(arena, const char *, rows->n);
        const pt_sv *values = rows->cells[0].data;
        for (size_t i = 0; words && i < rows->n; i++, out->n_missing++)
            if (!(words[i] = pt_arena_strndup(arena, values[i].ptr, values[i].len)))
                rc = pt_fail_nomem(err, "a file's columns");
        out->missing = words;
        if (!words)
            rc = pt_fail_nomem(err, "a file's columns");
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

pt_rc pt_source_guess(pt_guessed *out, const char *relation, const char *column, pt_conn *conn, pt_arena *arena,
                      pt_err *err)
{
    double n[COUNTS], fit = 0, with_time = 0;
    pt_sql q = {0};
    int64_t rows = 0;

    *out = (pt_guessed){.type = PT_TYPE_TEXT};
    PT_TRY(pt_source_define_forms(conn, err));
    pt_str_addf(&q.text, "SELECT count(*) FROM %s", relation);
    pt_rc rc = pt_query_int(&rows, conn, &q, err);
    pt_sql_free(&q);
    PT_TRY(rc);
    out->rows = (uint64_t)rows;
    PT_TRY(count_values(n, relation, column, conn, err));
    out->filled = (uint64_t)n[0];
    out->distinct = (uint64_t)n[1];
    if (n[2 + NUMBERS] < 0.99 * n[0])
        PT_TRY(try_times(out, &fit, &with_time, relation, column, conn, arena, err));
    decide(out, n, fit, with_time);
    if (out->type != PT_TYPE_DATE && out->type != PT_TYPE_INSTANT)
        out->format = NULL;
    return read_missing(out, relation, column, conn, arena, err);
}
