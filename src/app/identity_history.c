#include "app/identity_history.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/finder.h"
#include "base/io.h"

static const char *const kind_names[] = {"born",   "seen",   "linked",  "unlinked", "moved",
                                         "merged", "parted", "refused", "decided"};

const char *pt_past_kind_name(pt_past_kind kind)
{
    return kind_names[kind];
}

typedef struct teller {
    pt_past_story *out;
    pt_arena *arena;
    pt_conn *conn;
    pt_past_event *events;
    size_t n, cap;
    size_t of_kind; /* events of the kind that is being read */
} teller;

/* --- what it is about --------------------------------------------------------------------------------------------- */

static bool names_id(pt_sv id, pt_sv who)
{
    return pt_sv_eq(id, pt_sv_trim(who));
}

/* The identifier of the customer that `who` names, if it names one. */
static pt_rc find_identifier(const pt_decision_end **out, const pt_view *v, uint32_t ordinal, pt_sv who,
                             pt_arena *arena, pt_err *err)
{
    pt_decision_end *end = PT_NEW(arena, pt_decision_end);
    uint32_t type;
    pt_sv value;
    pt_finder *f;
    bool found = false;

    *out = NULL;
    if (!end)
        return pt_fail_nomem(err, "an identifier");
    PT_TRY(pt_finder_new(&f, v->project, v->directory, err));
    pt_rc rc = PT_OK;
    for (uint32_t k = 0; rc == PT_OK && !found && pt_directory_identifier(v->directory, ordinal, k, &type, &value); k++)
        rc = pt_finder_names(&found, f, who, type, value, err);
    pt_finder_free(f);
    if (rc == PT_OK && found) {
        *end = (pt_decision_end){pt_sv_of(pt_directory_type_name(v->directory, type)), value};
        *out = end;
    }
    return rc;
}

static pt_rc find_subject(teller *t, uint32_t *ordinal, const pt_view *v, pt_sv who, pt_err *err)
{
    pt_sv id;

    PT_TRY(pt_view_find(ordinal, v, who, err));
    id = pt_directory_id(v->directory, *ordinal);
    t->out->id = pt_arena_strndup(t->arena, id.ptr, id.len);
    if (!t->out->id)
        return pt_fail_nomem(err, "an id");
    if (names_id(id, who))
        return PT_OK;
    if (pt_directory_find_id(v->directory, pt_sv_trim(who)) != PT_ID_NONE) {
        t->out->asked = pt_arena_strndup(t->arena, pt_sv_trim(who).ptr, pt_sv_trim(who).len);
        return t->out->asked ? PT_OK : pt_fail_nomem(err, "an id");
    }
    return find_identifier(&t->out->of, v, *ordinal, who, t->arena, err);
}

static pt_rc run_for(teller *t, const char *before, uint32_t ordinal, const char *after, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, before);
    pt_sql_bind_int(&q, ordinal);
    pt_sql_kw(&q, after);
    pt_rc rc = pt_exec(t->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

/* Stores of earlier programs lack the later tables of the log; here they are as empty ones. */
static pt_rc has_log(bool *out, teller *t, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;

    pt_sql_kw(&q, "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'identity' AND"
                  " ((table_name = 'forwarded' AND column_name = 'build') OR"
                  " (table_name = 'rehomed' AND column_name = 'was') OR"
                  " (table_name = 'builds' AND column_name = 'built_at') OR"
                  " (table_name = 'refused' AND column_name = 'because'))");
    pt_rc rc = pt_query_int(&n, t->conn, &q, err);
    pt_sql_free(&q);
    *out = n == 4;
    return rc;
}

/* temp.past_customers: the customer, and those that ever became part of it or it of them. temp.past_nodes: their identifiers. */
static pt_rc choose_customer(teller *t, uint32_t ordinal, pt_err *err)
{
    PT_TRY(
        run_for(t, "CREATE OR REPLACE TEMP TABLE past_self AS SELECT CAST(", ordinal, "AS UINTEGER) AS ordinal", err));
    return pt_exec_text(
        t->conn,
        "CREATE OR REPLACE TEMP TABLE past_customers AS SELECT ordinal FROM temp.past_self"
        " UNION SELECT c.ordinal FROM identity.customers AS c JOIN temp.past_self AS s ON c.forward = s.ordinal"
        " UNION SELECT f.ordinal FROM identity.forwarded AS f JOIN temp.past_self AS s ON f.forward = s.ordinal"
        " UNION SELECT f.forward FROM identity.forwarded AS f JOIN temp.past_self AS s ON f.ordinal = s.ordinal;"
        "CREATE OR REPLACE TEMP TABLE past_nodes AS SELECT type, value FROM identity.nodes"
        " WHERE home IN (SELECT ordinal FROM temp.past_customers)"
        " UNION SELECT type, value FROM identity.rehomed WHERE was IN (SELECT ordinal FROM temp.past_customers)",
        err);
}

static pt_rc choose_identifier(teller *t, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE TEMP TABLE past_nodes AS SELECT");
    pt_sql_bind_text(&q, t->out->of->type);
    pt_sql_kw(&q, "AS type,");
    pt_sql_bind_text(&q, t->out->of->value);
    pt_sql_kw(&q, "AS value");
    pt_rc rc = pt_exec(t->conn, &q, NULL, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    return pt_exec_text(t->conn,
                        "CREATE OR REPLACE TEMP TABLE past_customers AS"
                        " SELECT n.home AS ordinal FROM identity.nodes AS n JOIN temp.past_nodes USING (type, value)"
                        " UNION SELECT r.was FROM identity.rehomed AS r JOIN temp.past_nodes USING (type, value)"
                        " UNION SELECT r.home FROM identity.rehomed AS r JOIN temp.past_nodes USING (type, value)",
                        err);
}

/* --- events of the log -------------------------------------------------------------------------------------------- */

/* All statements give the same columns: build, a, b, id, other, source, rule, score, ended, reason, number, because. */
#define OF_NODES(table)                                                                               \
    "(SELECT * FROM identity." table " AS e WHERE EXISTS (SELECT 1 FROM temp.past_nodes AS n"         \
    " WHERE n.type = e.a_type AND n.value = e.a_value) OR EXISTS (SELECT 1 FROM temp.past_nodes AS n" \
    " WHERE n.type = e.b_type AND n.value = e.b_value))"
#define NO_ENDS "NULL, NULL, NULL, NULL"
#define NO_LINK "NULL, NULL, NULL, false"
#define NO_REFUSAL "NULL, CAST(0 AS UINTEGER), CAST(0 AS UINTEGER)"

static const struct {
    pt_past_kind kind;
    const char *sql;
} statements[] = {
    {PT_PAST_BORN, "SELECT c.born_build, " NO_ENDS ", c.id, NULL, " NO_LINK ", " NO_REFUSAL
                   " FROM identity.customers AS c JOIN temp.past_customers USING (ordinal) ORDER BY ordinal"},
    {PT_PAST_SEEN, "SELECT n.since_build, n.type, n.value, NULL, NULL, c.id, NULL, " NO_LINK ", " NO_REFUSAL
                   " FROM identity.nodes AS n JOIN temp.past_nodes USING (type, value)"
                   " LEFT JOIN (SELECT type, value, arg_min(was, build) AS was FROM identity.rehomed"
                   " GROUP BY ALL) AS r ON r.type = n.type AND r.value = n.value"
                   " JOIN identity.customers AS c ON c.ordinal = coalesce(r.was, n.home) ORDER BY n.since_build, 2, 3"},
    {PT_PAST_LINKED,
     "SELECT e.since_build, e.a_type, e.a_value, e.b_type, e.b_value, NULL, NULL, e.source, e.rule,"
     " e.score, w.build IS NOT NULL, " NO_REFUSAL " FROM " OF_NODES(
         "edges") " AS e"
                  " LEFT JOIN identity.withdrawn AS w USING (a_type, a_value, b_type, b_value, source, since_build)"
                  " ORDER BY 1, 2, 3, 4, 5, 8"},
    {PT_PAST_UNLINKED,
     "SELECT build, a_type, a_value, b_type, b_value, NULL, NULL, source, NULL, NULL, false, " NO_REFUSAL
     " FROM " OF_NODES("withdrawn") " ORDER BY 1, 2, 3, 4, 5, 8"},
    {PT_PAST_MOVED, "SELECT r.build, r.type, r.value, NULL, NULL, c.id, o.id, " NO_LINK ", " NO_REFUSAL
                    " FROM identity.rehomed AS r JOIN temp.past_nodes USING (type, value)"
                    " JOIN identity.customers AS c ON c.ordinal = r.was"
                    " JOIN identity.customers AS o ON o.ordinal = r.home ORDER BY 1, 2, 3"},
    {PT_PAST_MERGED,
     "SELECT f.build, " NO_ENDS ", c.id, o.id, " NO_LINK ", " NO_REFUSAL
     " FROM identity.forwarded AS f JOIN temp.past_customers USING (ordinal)"
     " JOIN identity.customers AS c ON c.ordinal = f.ordinal"
     " JOIN identity.customers AS o ON o.ordinal = f.forward WHERE f.ordinal <> f.forward ORDER BY 1, 6"},
    {PT_PAST_PARTED,
     "SELECT f.build, " NO_ENDS ", c.id, NULL, " NO_LINK ", " NO_REFUSAL
     " FROM identity.forwarded AS f JOIN temp.past_customers USING (ordinal)"
     " JOIN identity.customers AS c ON c.ordinal = f.ordinal WHERE f.ordinal = f.forward ORDER BY 1, 6"},
    {PT_PAST_REFUSED,
     "SELECT build, a_type, a_value, b_type, b_value, NULL, NULL, " NO_LINK
     ", reason, coalesce(decision, 0), coalesce(because, 0) FROM " OF_NODES("refused") " ORDER BY 2, 3, 4, 5, 13"},
};

static pt_sv keep(teller *t, const pt_rows *rows, size_t column, size_t i, bool *failed)
{
    pt_sv text = ((const pt_sv *)rows->cells[column].data)[i];
    char *copy = text.ptr ? pt_arena_strndup(t->arena, text.ptr, text.len) : NULL;

    *failed |= text.ptr && !copy;
    return (pt_sv){copy, copy ? text.len : 0};
}

static pt_past_event *add_event(teller *t)
{
    if (!pt_grow(&t->events, &t->cap, t->n + 1, sizeof *t->events))
        return NULL;
    return &t->events[t->n++];
}

static pt_rc take_row(teller *t, pt_past_kind kind, const pt_rows *rows, size_t i, pt_err *err)
{
    bool failed = false;
    pt_past_event e = {.kind = kind,
                       .build = ((const uint32_t *)rows->cells[0].data)[i],
                       .at = PT_I64_MISSING,
                       .score = ((const double *)rows->cells[9].data)[i],
                       .ended = ((const uint8_t *)rows->cells[10].data)[i] == 1,
                       .number = ((const uint32_t *)rows->cells[12].data)[i],
                       .because = ((const uint32_t *)rows->cells[13].data)[i]};

    if (t->of_kind++ >= PT_PAST_MOST) {
        t->out->cut = true;
        return PT_OK;
    }
    e.a = (pt_decision_end){keep(t, rows, 1, i, &failed), keep(t, rows, 2, i, &failed)};
    e.b = (pt_decision_end){keep(t, rows, 3, i, &failed), keep(t, rows, 4, i, &failed)};
    e.id = keep(t, rows, 5, i, &failed);
    e.other = keep(t, rows, 6, i, &failed);
    e.source = keep(t, rows, 7, i, &failed);
    e.rule = keep(t, rows, 8, i, &failed);
    e.reason = keep(t, rows, 11, i, &failed);
    pt_past_event *event = failed ? NULL : add_event(t);
    if (!event)
        return pt_fail_nomem(err, "the history");
    *event = e;
    return PT_OK;
}

/* Columns that are NULL throughout get a type: every statement gives the same ones. */
static void add_statement(pt_sql *q, const char *sql)
{
    pt_sql_kw(q,
              "SELECT build, CAST(a_type AS VARCHAR), CAST(a_value AS VARCHAR), CAST(b_type AS VARCHAR),"
              " CAST(b_value AS VARCHAR), CAST(id AS VARCHAR), CAST(other AS VARCHAR), CAST(source AS VARCHAR),"
              " CAST(rule AS VARCHAR), CAST(score AS DOUBLE), ended, CAST(reason AS VARCHAR), number, because FROM (");
    pt_sql_kw(q, sql);
    pt_sql_kw(q, ") AS s(build, a_type, a_value, b_type, b_value, id, other, source, rule, score, ended, reason,"
                 " number, because)");
}

static pt_rc read_kind(teller *t, size_t which, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur = NULL;
    const pt_rows *rows;

    t->of_kind = 0;
    add_statement(&q, statements[which].sql);
    pt_rc rc = pt_query(&cur, t->conn, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && rc == PT_OK; i++)
            rc = take_row(t, statements[which].kind, rows, i, err);
    pt_cursor_close(cur);
    pt_sql_free(&q);
    return rc;
}

/* --- decisions ---------------------------------------------------------------------------------------------------- */

static pt_rc read_nodes(pt_decision_end **out, size_t *n, teller *t, pt_err *err)
{
    pt_decision_end *list = NULL;
    size_t cap = 0;
    pt_sql q = {0};
    pt_cursor *cur = NULL;
    const pt_rows *rows;
    bool failed = false;

    *n = 0;
    pt_sql_kw(&q, "SELECT type, value FROM temp.past_nodes ORDER BY type, value");
    pt_rc rc = pt_query(&cur, t->conn, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && !failed; i++) {
            failed = !pt_grow(&list, &cap, *n + 1, sizeof *list);
            if (!failed)
                list[(*n)++] = (pt_decision_end){keep(t, rows, 0, i, &failed), keep(t, rows, 1, i, &failed)};
        }
    pt_cursor_close(cur);
    pt_sql_free(&q);
    *out = list;
    return rc == PT_OK && failed ? pt_fail_nomem(err, "the history") : rc;
}

static int by_end(const void *left, const void *right)
{
    const pt_decision_end *x = left, *y = right;
    int order = pt_sv_cmp(x->type, y->type);

    return order ? order : pt_sv_cmp(x->value, y->value);
}

static bool is_told(const teller *t, uint32_t number)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->events[i].kind == PT_PAST_DECIDED && t->events[i].decision->number == number)
            return true;
    return false;
}

static bool is_about(const teller *t, const pt_decision *d, const pt_decision_end *nodes, size_t n)
{
    if (d->kind == PT_DECISION_UNDO)
        return is_told(t, d->undoes);
    return n && (bsearch(&d->a, nodes, n, sizeof *nodes, by_end) || bsearch(&d->b, nodes, n, sizeof *nodes, by_end));
}

/* One event a pair; of a pin one in all. */
static pt_rc add_decisions(teller *t, const pt_decision_end *nodes, size_t n, pt_err *err)
{
    pt_decisions all;

    PT_TRY(pt_decisions_load(&all, t->conn, t->arena, err));
    for (size_t i = 0; i < all.n; i++) {
        const pt_decision *d = &all.items[i];
        if (!is_about(t, d, nodes, n) || (d->kind == PT_DECISION_PIN && is_told(t, d->number)))
            continue;
        pt_past_event *e = add_event(t);
        if (!e)
            return pt_fail_nomem(err, "the history");
        *e = (pt_past_event){.kind = PT_PAST_DECIDED,
                             .build = d->build,
                             .at = d->at,
                             .a = d->a,
                             .b = d->b,
                             .ended = d->undone,
                             .decision = d};
    }
    return PT_OK;
}

static pt_rc read_decisions(teller *t, pt_err *err)
{
    pt_decision_end *nodes = NULL;
    size_t n;
    pt_rc rc = read_nodes(&nodes, &n, t, err);

    if (rc == PT_OK)
        rc = add_decisions(t, nodes, n, err);
    free(nodes);
    return rc;
}

/* --- in order ----------------------------------------------------------------------------------------------------- */

static pt_rc add_times(teller *t, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cur = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT build, built_at FROM identity.builds");
    pt_rc rc = pt_query(&cur, t->conn, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows) {
        const uint32_t *build = rows->cells[0].data;
        const int64_t *at = rows->cells[1].data;
        for (size_t i = 0; i < rows->n; i++)
            for (size_t k = 0; k < t->n; k++)
                if (t->events[k].build == build[i] && t->events[k].kind != PT_PAST_DECIDED)
                    t->events[k].at = at[i];
    }
    pt_cursor_close(cur);
    pt_sql_free(&q);
    return rc;
}

/* What was read first stays first. */
static pt_rc put_in_order(teller *t, pt_err *err)
{
    size_t at = 0;
    uint32_t last = 0;
    pt_past_event *sorted = PT_NEW_ARRAY(t->arena, pt_past_event, t->n);

    if (!sorted)
        return pt_fail_nomem(err, "the history");
    for (size_t i = 0; i < t->n; i++)
        last = t->events[i].build > last ? t->events[i].build : last;
    for (uint32_t build = 0; at < t->n && build <= last;) {
        uint32_t next = UINT32_MAX;
        for (size_t i = 0; i < t->n; i++) {
            if (t->events[i].build == build)
                sorted[at++] = t->events[i];
            else if (t->events[i].build > build && t->events[i].build < next)
                next = t->events[i].build;
        }
        build = next;
    }
    t->out->events = sorted;
    t->out->n = at;
    return PT_OK;
}

static pt_rc tell(teller *t, uint32_t ordinal, pt_err *err)
{
    bool complete;

    PT_TRY(has_log(&complete, t, err));
    if (!complete) {
        pt_fail(err, PT_ENOTFOUND, "no build has written a history of identities yet");
        return pt_err_hint(err, "run portrait build");
    }
    if (t->out->of)
        PT_TRY(choose_identifier(t, err));
    else
        PT_TRY(choose_customer(t, ordinal, err));
    for (size_t i = 0; i < PT_COUNT(statements); i++)
        PT_TRY(read_kind(t, i, err));
    PT_TRY(read_decisions(t, err));
    PT_TRY(add_times(t, err));
    return put_in_order(t, err);
}

pt_rc pt_app_past(pt_past_story *out, pt_app *app, pt_sv who, pt_arena *arena, pt_err *err)
{
    teller t = {.out = out, .arena = arena};
    pt_store *store = NULL;
    uint32_t ordinal;
    pt_view *v;

    *out = (pt_past_story){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_view(&v, app, err));
    PT_TRY(find_subject(&t, &ordinal, v, who, err));
    const char *path = pt_path_join(arena, app->project->data_dir, "store.duckdb");
    if (!path)
        return pt_fail_nomem(err, "a path");
    pt_rc rc = pt_store_open(&store, &(pt_store_options){.path = path, .read_only = true}, err);
    if (rc == PT_OK)
        rc = pt_conn_open(&t.conn, store, err);
    if (rc == PT_OK)
        rc = tell(&t, ordinal, err);
    pt_conn_close(t.conn);
    pt_store_close(store);
    free(t.events);
    return rc;
}
