/* SQL that a user wrote for a column. It must be one expression and give the same value for the same row: it may not read
 * files, run queries, aggregate, or ask for the time. The engine's own parser says what it is. */
#include "source/source_int.h"

/* --- what the engine's parser says ---------------------------------------------------------------------------------- */

static const char *const allowed_classes[] = {"FUNCTION", "COLUMN_REF", "OPERATOR", "COMPARISON", "CONJUNCTION",
                                              "CONSTANT", "CAST",       "CASE",     "BETWEEN",    "COLLATE"};

static const char *class_reason(const char *class)
{
    if (strcmp(class, "SUBQUERY") == 0)
        return "a query inside it";
    if (strcmp(class, "WINDOW") == 0)
        return "a window (OVER) in it, which looks at other rows";
    if (strcmp(class, "LAMBDA") == 0)
        return "a lambda in it";
    if (strcmp(class, "PARAMETER") == 0)
        return "a parameter (?, $1) in it";
    return "something in it that no single row decides";
}

static bool is_allowed(const char *class)
{
    for (size_t i = 0; i < PT_COUNT(allowed_classes); i++)
        if (strcmp(class, allowed_classes[i]) == 0)
            return true;
    return false;
}

static pt_rc fail_expression(pt_err *err, pt_place place, const char *text, const char *why)
{
    return pt_fail_code(err, PT_E_NOT_AN_EXPRESSION, place, "'%s' is not an expression over one row: %s", text, why);
}

/* Copies the text cells of a one-column result. */
static pt_rc read_texts(const char ***out, size_t *n, pt_conn *conn, const pt_sql *q, pt_arena *arena, pt_err *err)
{
    pt_cursor *cur;
    const pt_rows *rows;
    size_t cap = 0;
    const char **list = NULL;
    pt_rc rc;

    *n = 0;
    PT_TRY(pt_query(&cur, conn, q, err));
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows) {
        const pt_sv *cells = rows->cells[0].data;
        if (*n + rows->n > cap) {
            const char **more = PT_NEW_ARRAY(arena, const char *, cap = 2 * (*n + rows->n));
            if (more && *n)
                memcpy(more, list, *n * sizeof *more);
            list = more;
        }
        for (size_t i = 0; list && i < rows->n; i++, ++*n)
            if (!(list[*n] = pt_arena_strndup(arena, cells[i].ptr ? cells[i].ptr : "", cells[i].len)))
                list = NULL;
        if (!list) {
            rc = pt_fail_nomem(err, "an expression");
            break;
        }
    }
    pt_cursor_close(cur);
    *out = list;
    return rc;
}

/* The values of `key` anywhere in the parsed statement. */
static pt_rc read_keys(const char ***out, size_t *n, const char *key, pt_sv parsed, pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT DISTINCT json_extract_string(t.value, '$') FROM (SELECT CAST(");
    pt_sql_bind_text(&q, parsed);
    pt_sql_kw(&q, "AS JSON) AS j) p, json_tree(p.j) t WHERE t.key =");
    pt_sql_text(&q, pt_sv_of(key));
    pt_sql_kw(&q, "ORDER BY 1");
    pt_rc rc = read_texts(out, n, run->conn, &q, run->arena, err);
    pt_sql_free(&q);
    return rc;
}

/* The parsed form of `SELECT (text)` as JSON, or the parser's complaint. */
static pt_rc parse(char **out, const char *text, pt_place place, pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};
    const char **wrong;
    size_t n;
    pt_str statement = {0};

    pt_str_addf(&statement, "SELECT (\n%s\n)", text);
    pt_rc rc = pt_str_check(&statement, err);
    pt_sql_kw(&q, "SELECT CAST(json_serialize_sql(CAST(");
    pt_sql_bind_text(&q, (pt_sv){pt_str_cstr(&statement), statement.len});
    pt_sql_kw(&q, "AS VARCHAR)) AS VARCHAR)");
    if (rc == PT_OK)
        rc = pt_query_text(out, run->conn, &q, run->arena, err);
    pt_sql_free(&q);
    pt_str_free(&statement);
    if (rc == PT_OK)
        rc = read_keys(&wrong, &n, "error_message", pt_sv_of(*out), run, err);
    if (rc == PT_OK && n)
        rc = fail_expression(err, place, text, wrong[0]);
    return rc;
}

/* `a), (b` and `a) FROM x WHERE (b` are parentheses that do not belong together. */
static pt_rc check_statement(const char *text, pt_place place, const char *parsed, pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};
    int64_t good = 0;

    pt_sql_kw(&q, "SELECT coalesce(json_array_length(j, '$.statements') = 1"
                  " AND json_extract_string(j, '$.statements[0].node.type') = 'SELECT_NODE'"
                  " AND json_array_length(j, '$.statements[0].node.select_list') = 1"
                  " AND json_extract_string(j, '$.statements[0].node.from_table.type') = 'EMPTY'"
                  " AND json_array_length(j, '$.statements[0].node.modifiers') = 0"
                  " AND json_array_length(j, '$.statements[0].node.cte_map.map') = 0"
                  " AND json_array_length(j, '$.statements[0].node.group_expressions') = 0"
                  " AND json_type(j, '$.statements[0].node.where_clause') = 'NULL'"
                  " AND json_type(j, '$.statements[0].node.having') = 'NULL'"
                  " AND json_type(j, '$.statements[0].node.qualify') = 'NULL'"
                  " AND json_type(j, '$.statements[0].node.sample') = 'NULL', false) FROM (SELECT CAST(");
    pt_sql_bind_text(&q, pt_sv_of(parsed));
    pt_sql_kw(&q, "AS JSON) AS j)");
    pt_rc rc = pt_query_int(&good, run->conn, &q, err);
    pt_sql_free(&q);
    if (rc == PT_OK && !good)
        rc = fail_expression(err, place, text, "its parentheses do not match");
    return rc;
}

/* --- functions ------------------------------------------------------------------------------------------------------ */

/* Functions that always give the same for the same arguments; a macro is what its definition says, where the time of day
 * looks like a column (current_timestamp). */
static pt_rc make_function_list(pt_read_run *run, pt_err *err)
{
    return pt_exec_text(
        run->conn,
        "CREATE TEMP TABLE IF NOT EXISTS pt_functions AS SELECT function_name AS name,"
        " bool_and(CASE function_type WHEN 'scalar' THEN stability = 'CONSISTENT' WHEN 'macro'"
        " THEN macro_definition NOT ILIKE '%current%' AND macro_definition NOT ILIKE '%localtime%'"
        " ELSE false END) FILTER (WHERE function_type NOT IN ('pragma', 'table_macro')) AS good,"
        " bool_or(function_type = 'aggregate') AS aggregate, any_value(macro_definition) AS definition"
        " FROM duckdb_functions() WHERE function_name NOT IN ('current_setting', 'getvariable', 'version',"
        " 'getenv', 'query', 'query_table') GROUP BY ALL",
        err);
}

static pt_rc check_functions(const char *text, pt_place place, pt_sv parsed, int depth, pt_read_run *run, pt_err *err);

/* One text of the function's row of pt_functions: "good", "aggregate", "bad", "unknown" or "macro:" and its definition. */
static pt_rc describe_function(char **out, const char *name, pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT coalesce((SELECT CASE WHEN aggregate AND NOT coalesce(good, false) THEN 'aggregate'"
                  " WHEN NOT coalesce(good, false) THEN 'bad' WHEN definition IS NOT NULL THEN 'macro:' || definition"
                  " ELSE 'good' END FROM pt_functions WHERE name = lower(");
    pt_sql_bind_text(&q, pt_sv_of(name));
    pt_sql_kw(&q, ")), 'unknown')");
    pt_rc rc = pt_query_text(out, run->conn, &q, run->arena, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc check_macro(const char *text, pt_place place, const char *definition, int depth, pt_read_run *run,
                         pt_err *err)
{
    char *parsed;

    if (depth > 3)
        return fail_expression(err, place, text, "macros in macros");
    PT_TRY(parse(&parsed, definition, place, run, err));
    return check_functions(text, place, pt_sv_of(parsed), depth + 1, run, err);
}

static pt_rc check_function(const char *text, pt_place place, const char *name, int depth, pt_read_run *run,
                            pt_err *err)
{
    char *kind, why[200];

    PT_TRY(describe_function(&kind, name, run, err));
    if (strcmp(kind, "good") == 0)
        return PT_OK;
    if (strncmp(kind, "macro:", 6) == 0)
        return check_macro(text, place, kind + 6, depth, run, err);
    if (strcmp(kind, "aggregate") == 0)
        snprintf(why, sizeof why, "%s() looks at many rows", name);
    else if (strcmp(kind, "bad") == 0)
        snprintf(why, sizeof why, "%s() does not depend on its arguments alone", name);
    else
        snprintf(why, sizeof why, "there is no function %s() to use here", name);
    return fail_expression(err, place, text, why);
}

static pt_rc check_functions(const char *text, pt_place place, pt_sv parsed, int depth, pt_read_run *run, pt_err *err)
{
    const char **names;
    size_t n;

    PT_TRY(read_keys(&names, &n, "class", parsed, run, err));
    for (size_t i = 0; i < n; i++)
        if (!is_allowed(names[i]))
            return fail_expression(err, place, text, class_reason(names[i]));
    PT_TRY(read_keys(&names, &n, "function_name", parsed, run, err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(check_function(text, place, names[i], depth, run, err));
    return PT_OK;
}

/* --- columns -------------------------------------------------------------------------------------------------------- */

/* The columns named; a name of several parts (a.b) is refused. */
static pt_rc read_columns(pt_expression *e, pt_place place, pt_sv parsed, pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};
    const char **names;

    pt_sql_kw(&q, "SELECT DISTINCT CASE WHEN json_array_length(t.value) = 1 THEN json_extract_string(t.value, '$[0]')"
                  " ELSE '.' || array_to_string(CAST(t.value AS VARCHAR[]), '.') END FROM (SELECT CAST(");
    pt_sql_bind_text(&q, parsed);
    pt_sql_kw(&q, "AS JSON) AS j) p, json_tree(p.j) t WHERE t.key = 'column_names' ORDER BY 1");
    pt_rc rc = read_texts(&names, &e->n_names, run->conn, &q, run->arena, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    e->names = names;
    for (size_t i = 0; i < e->n_names; i++)
        if (names[i][0] == '.')
            return fail_expression(err, place, e->text, "a name of several parts");
    /* SQL does not tell `Price` from `price`, so they are one parameter. */
    size_t n = 0;
    for (size_t i = 0; i < e->n_names; i++) {
        size_t k = 0;
        while (k < n && strcasecmp(names[k], names[i]) != 0)
            k++;
        if (k == n)
            names[n++] = names[i];
    }
    e->n_names = n;
    return PT_OK;
}

static pt_rc make_macro(pt_expression *e, pt_place place, pt_read_run *run, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE OR REPLACE TEMP MACRO");
    pt_sql_ident(&q, e->macro);
    pt_sql_kw(&q, "(");
    for (size_t i = 0; i < e->n_names; i++) {
        if (i)
            pt_sql_kw(&q, ",");
        pt_sql_ident(&q, e->names[i]);
    }
    pt_sql_kw(&q, ") AS (");
    pt_sql_user(&q, pt_sv_of(e->text));
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_exec(run->conn, &q, NULL, err);
    pt_sql_free(&q);
    if (rc == PT_EINVAL) {
        char why[sizeof err->msg];
        snprintf(why, sizeof why, "%s", err ? err->msg : "");
        rc = fail_expression(err, place, e->text, why);
    }
    return rc;
}

pt_rc pt_expression_get(const pt_expression **out, pt_read_run *run, const char *text, pt_place place, pt_err *err)
{
    char *parsed;
    size_t n = 0;

    for (const pt_expression *e = run->expressions; e; e = e->next, n++) {
        if (strcmp(e->text, text) == 0) {
            *out = e;
            return PT_OK;
        }
    }
    pt_expression *e = PT_NEW(run->arena, pt_expression);
    if (!e)
        return pt_fail_nomem(err, "an expression");
    e->text = text;
    e->macro = pt_arena_printf(run->arena, "pt_expression_%zu", n);
    if (!e->macro)
        return pt_fail_nomem(err, "an expression");
    PT_TRY(make_function_list(run, err));
    PT_TRY(parse(&parsed, text, place, run, err));
    PT_TRY(check_statement(text, place, parsed, run, err));
    PT_TRY(check_functions(text, place, pt_sv_of(parsed), 0, run, err));
    PT_TRY(read_columns(e, place, pt_sv_of(parsed), run, err));
    PT_TRY(make_macro(e, place, run, err));
    e->next = run->expressions;
    run->expressions = e;
    *out = e;
    return PT_OK;
}

pt_rc pt_expression_type(const char **out, const pt_expression *e, const char *const *types, pt_read_run *run,
                         pt_arena *arena, pt_err *err)
{
    pt_sql q = {0};
    char *type = NULL;

    pt_sql_kw(&q, "SELECT column_type FROM (DESCRIBE SELECT");
    pt_sql_ident(&q, e->macro);
    pt_sql_kw(&q, "(");
    for (size_t i = 0; i < e->n_names; i++)
        pt_str_addf(&q.text, "%sv.a%zu", i ? ", " : "", i);
    pt_sql_kw(&q, ") FROM (SELECT 0");
    for (size_t i = 0; i < e->n_names; i++)
        pt_str_addf(&q.text, ", CAST(NULL AS %s) AS a%zu", types[i], i);
    pt_sql_kw(&q, ") v)");
    q.user = true; /* what does not fit is the user's expression */
    pt_rc rc = pt_query_text(&type, run->conn, &q, arena, err);
    pt_sql_free(&q);
    *out = type;
    return rc;
}

pt_rc pt_source_expression(const char *const **names, size_t *n, const char *text, pt_place place, pt_conn *c,
                           pt_arena *a, pt_err *err)
{
    pt_read_run run = {.conn = c, .arena = a};
    const pt_expression *e;

    PT_TRY(pt_expression_get(&e, &run, text, place, err));
    *names = e->names;
    *n = e->n_names;
    return PT_OK;
}
