#include "app/decisions.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/clock.h"
#include "app/generation.h"
#include "base/io.h"
#include "base/utf8.h"

static const char *const kind_names[] = {"same", "different", "pin", "undo"};

const char *pt_decision_kind_name(pt_decision_kind kind)
{
    return kind_names[kind];
}

pt_rc pt_decisions_prepare(pt_conn *c, pt_err *err)
{
    return pt_exec_text(
        c,
        "CREATE SCHEMA IF NOT EXISTS identity;"
        "CREATE TABLE IF NOT EXISTS identity.builds(build UINTEGER, inputs VARCHAR, directory VARCHAR);"
        "CREATE TABLE IF NOT EXISTS identity.decisions(decision UINTEGER, kind VARCHAR, a_type VARCHAR,"
        " a_value VARCHAR, b_type VARCHAR, b_value VARCHAR, undoes UINTEGER, rule VARCHAR, who VARCHAR, why VARCHAR,"
        " made_at TIMESTAMPTZ, build UINTEGER)",
        err);
}

/* --- what may be written ------------------------------------------------------------------------------------------ */

/* Control characters would let a text pass for several lines, or steer a terminal. */
static pt_rc check_line(pt_sv text, size_t most, const char *what, pt_err *err)
{
    if (text.len > most)
        return pt_fail(err, PT_EINVAL, "%s has %zu bytes; it may have %zu", what, text.len, most);
    if (pt_utf8_valid(text) != text.len)
        return pt_fail(err, PT_EINVAL, "%s is not valid UTF-8", what);
    for (size_t at = 0; at < text.len;) {
        int32_t c = pt_utf8_next(text, &at);
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
            return pt_fail(err, PT_EINVAL, "%s is one line, without control characters", what);
    }
    return PT_OK;
}

static pt_rc check_end(const pt_decision_end *end, pt_err *err)
{
    if (!end->type.len || pt_utf8_valid(end->value) != end->value.len || pt_utf8_valid(end->type) != end->type.len)
        return pt_fail(err, PT_EINVAL, "a decision needs identifiers in valid UTF-8");
    return PT_OK;
}

static pt_rc check_undo(const pt_decision *d, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;

    pt_sql_kw(&q, "SELECT count(*) FROM identity.decisions WHERE decision =");
    pt_sql_bind_int(&q, d->undoes);
    pt_rc rc = pt_query_int(&n, c, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK || n)
        return rc;
    return pt_fail(err, PT_ENOTFOUND, "there is no decision %u", d->undoes);
}

static pt_rc check_row(const pt_decision *d, pt_conn *c, pt_err *err)
{
    PT_TRY(check_line(d->who, PT_DECISION_WHO, "the name of who decides", err));
    PT_TRY(check_line(d->why, PT_DECISION_WHY, "the reason", err));
    if (!pt_sv_eq(d->rule, PT_SV(PT_DECISION_HAND)) && !pt_sv_eq(d->rule, PT_SV(PT_DECISION_REVIEW)) &&
        !pt_sv_eq(d->rule, PT_SV(PT_DECISION_ALONG)))
        return pt_fail(err, PT_EINTERNAL, "a decision without a rule");
    if (d->kind == PT_DECISION_UNDO)
        return check_undo(d, c, err);
    PT_TRY(check_end(&d->a, err));
    return check_end(&d->b, err);
}

/* --- appending ---------------------------------------------------------------------------------------------------- */

static pt_rc ask_number(int64_t *out, const char *sql, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query_int(out, c, &q, err);
    pt_sql_free(&q);
    return rc;
}

static void add_end(pt_sql *q, const pt_decision *d, const pt_decision_end *end)
{
    if (d->kind == PT_DECISION_UNDO) {
        pt_sql_kw(q, "NULL, NULL,");
        return;
    }
    pt_sql_bind_text(q, end->type);
    pt_sql_kw(q, ",");
    pt_sql_bind_text(q, end->value);
    pt_sql_kw(q, ",");
}

static void add_text(pt_sql *q, pt_sv text)
{
    pt_sql_bind_text(q, text);
    pt_sql_kw(q, ",");
}

static void add_row(pt_sql *q, const pt_decision *d, int64_t number, int64_t at, int64_t build)
{
    pt_sql_kw(q, "(");
    pt_sql_bind_int(q, number);
    pt_sql_kw(q, ",");
    add_text(q, pt_sv_of(kind_names[d->kind]));
    add_end(q, d, &d->a);
    add_end(q, d, &d->b);
    if (d->kind == PT_DECISION_UNDO)
        pt_sql_bind_int(q, d->undoes);
    else
        pt_sql_kw(q, "NULL");
    pt_sql_kw(q, ",");
    add_text(q, d->rule);
    add_text(q, d->who);
    add_text(q, d->why);
    pt_sql_bind_instant(q, at);
    pt_sql_kw(q, ",");
    pt_sql_bind_int(q, build);
    pt_sql_kw(q, ")");
}

pt_rc pt_decisions_append(uint32_t *number, const pt_decision *rows, size_t n, int64_t at, pt_conn *c, pt_err *err)
{
    int64_t last = 0, build = 0;
    pt_sql q = {0};

    if (n == 0 || n > PT_DECISION_ROWS)
        return pt_fail(err, PT_EINVAL, "a decision about %zu pairs; it may be about 1 to %d", n, PT_DECISION_ROWS);
    PT_TRY(pt_decisions_prepare(c, err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(check_row(&rows[i], c, err));
    PT_TRY(ask_number(&last, "SELECT coalesce(max(decision), 0) FROM identity.decisions", c, err));
    PT_TRY(ask_number(&build, "SELECT coalesce(max(build), 0) FROM identity.builds", c, err));
    pt_sql_kw(&q, "INSERT INTO identity.decisions VALUES");
    for (size_t i = 0; i < n; i++) {
        pt_sql_kw(&q, i ? "," : "");
        add_row(&q, &rows[i], last + 1, at, build);
    }
    pt_rc rc = pt_exec(c, &q, NULL, err);
    pt_sql_free(&q);
    *number = (uint32_t)(last + 1);
    return rc;
}

/* --- loading ------------------------------------------------------------------------------------------------------ */

typedef struct loader {
    pt_arena *arena;
    pt_decision *items;
    size_t n, cap;
} loader;

static pt_sv keep(loader *l, pt_sv text, bool *failed)
{
    char *copy = text.ptr ? pt_arena_strndup(l->arena, text.ptr, text.len) : NULL;

    *failed |= text.ptr && !copy;
    return (pt_sv){copy, copy ? text.len : 0};
}

static pt_rc kind_of(pt_decision_kind *out, pt_sv name, pt_err *err)
{
    for (size_t k = 0; k < PT_COUNT(kind_names); k++)
        if (pt_sv_eq(name, pt_sv_of(kind_names[k]))) {
            *out = (pt_decision_kind)k;
            return PT_OK;
        }
    pt_fail(err, PT_ECORRUPT, "the table of decisions has one of a kind that this program does not know");
    return pt_err_hint(err, "a later version of portrait may have written it");
}

static pt_rc take_row(loader *l, const pt_rows *rows, size_t i, pt_err *err)
{
    const pt_sv *text[8];
    const uint32_t *number = rows->cells[8].data, *undoes = rows->cells[9].data, *build = rows->cells[10].data;
    const int64_t *at = rows->cells[11].data;
    bool failed = false;
    pt_decision d = {.number = number[i], .build = build[i], .at = at[i]};

    for (size_t k = 0; k < 8; k++)
        text[k] = rows->cells[k].data;
    PT_TRY(kind_of(&d.kind, text[0][i], err));
    d.undoes = d.kind == PT_DECISION_UNDO ? undoes[i] : 0;
    d.a = (pt_decision_end){keep(l, text[1][i], &failed), keep(l, text[2][i], &failed)};
    d.b = (pt_decision_end){keep(l, text[3][i], &failed), keep(l, text[4][i], &failed)};
    d.rule = keep(l, text[5][i], &failed);
    d.who = keep(l, text[6][i], &failed);
    d.why = keep(l, text[7][i], &failed);
    if (failed || !pt_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items))
        return pt_fail_nomem(err, "decisions");
    l->items[l->n++] = d;
    return PT_OK;
}

static pt_rc read_rows(loader *l, pt_conn *c, pt_err *err)
{
    pt_cursor *cur = NULL;
    const pt_rows *rows;
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT kind, a_type, a_value, b_type, b_value, rule, who, why, decision, undoes, build, made_at"
                  " FROM identity.decisions"
                  " ORDER BY decision, rule = '" PT_DECISION_ALONG "', a_type, a_value, b_type, b_value");
    pt_rc rc = pt_query(&cur, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && rc == PT_OK; i++)
            rc = take_row(l, rows, i, err);
    pt_cursor_close(cur);
    pt_sql_free(&q);
    return rc;
}

static size_t first_of(const pt_decision *items, size_t n, uint32_t number)
{
    size_t low = 0, high = n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (items[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* From the latest: whether an undo stands is known before what it undoes is looked at. */
void pt_decisions_mark(pt_decision *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        items[i].undone = false;
    for (size_t i = n; i-- > 0;) {
        const pt_decision *d = &items[i];
        if (d->kind != PT_DECISION_UNDO || d->undone || d->undoes >= d->number)
            continue;
        for (size_t k = first_of(items, i, d->undoes); k < i && items[k].number == d->undoes; k++)
            items[k].undone = true;
    }
}

static pt_rc load_rows(pt_decisions *out, pt_conn *c, pt_arena *arena, pt_err *err)
{
    loader l = {.arena = arena};
    pt_decision *copy = NULL;
    pt_rc rc = read_rows(&l, c, err);

    if (rc == PT_OK && !(copy = PT_NEW_ARRAY(arena, pt_decision, l.n)))
        rc = pt_fail_nomem(err, "decisions");
    if (rc == PT_OK && l.n) {
        memcpy(copy, l.items, l.n * sizeof *copy);
        pt_decisions_mark(copy, l.n);
        *out = (pt_decisions){copy, l.n};
    }
    free(l.items);
    return rc;
}

pt_rc pt_decisions_load(pt_decisions *out, pt_conn *c, pt_arena *arena, pt_err *err)
{
    int64_t n = 0;

    *out = (pt_decisions){0};
    PT_TRY(ask_number(&n,
                      "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'identity'"
                      " AND table_name = 'decisions'",
                      c, err));
    return n ? load_rows(out, c, arena, err) : PT_OK;
}

/* --- for commands ------------------------------------------------------------------------------------------------- */

static pt_rc append_to(const char *path, uint32_t *number, const pt_decision *rows, size_t n, pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_rc rc;

    if (!pt_is_file(path)) {
        pt_fail(err, PT_ENOTFOUND, "nothing has been built yet");
        return pt_err_hint(err, "run portrait build");
    }
    rc = pt_store_open(&store, &(pt_store_options){.path = path}, err);
    if (rc == PT_OK)
        rc = pt_conn_open(&conn, store, err);
    if (rc == PT_OK)
        rc = pt_decisions_append(number, rows, n, pt_clock_now(), conn, err);
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}

pt_rc pt_app_decide(uint32_t *number, pt_app *app, const pt_decision *rows, size_t n, pt_err *err)
{
    pt_data_dir *dir;

    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_data_dir_open(&dir, app->project->data_dir, err));
    pt_rc rc = append_to(pt_data_dir_store(dir), number, rows, n, err);
    pt_data_dir_close(dir);
    return rc;
}
