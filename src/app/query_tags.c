/* `sql:` tags: a query over the raw store whose answer becomes a tag column. It sees one view a source, named as the
 * source, with `customer`, `time` and the declared columns, and no row later than the as-of. */
#include <stdlib.h>

#include "app/build_int.h"
#include "base/intern.h"

/* --- what queries see --------------------------------------------------------------------------------------------- */

static void view_query(pt_sql *q, const pt_build *b, size_t source, pt_sv as_of)
{
    const pt_source *s = &b->project->sources[source];

    pt_sql_kw(q, "CREATE OR REPLACE TEMP VIEW");
    pt_sql_ident(q, s->name);
    pt_sql_kw(q, "AS SELECT c.id AS customer, r._time AS \"time\"");
    for (size_t i = 0; i < s->n_columns; i++) {
        pt_sql_kw(q, ", r.");
        pt_sql_ident(q, s->columns[i].name);
    }
    pt_sql_kw(q, "FROM (");
    pt_resolve_join(q, b->project, source);
    pt_sql_kw(q, ") AS r JOIN identity.customers AS c ON c.ordinal = r._ordinal WHERE r._time IS NULL OR r._time <= "
                 "TIMESTAMPTZ");
    pt_sql_text(q, as_of);
}

pt_rc pt_query_views(pt_build *b, pt_err *err)
{
    char as_of[48];
    pt_rc rc = PT_OK;

    pt_instant_format(as_of, b->as_of, pt_zone_utc());
    for (size_t s = 0; s < b->project->n_sources && rc == PT_OK; s++) {
        pt_sql q = {0};
        if (!pt_source_has_timeline(&b->project->sources[s]))
            continue;
        view_query(&q, b, s, pt_sv_of(as_of));
        rc = pt_exec(b->conn, &q, NULL, err);
        pt_sql_free(&q);
    }
    return rc;
}

/* --- the query ---------------------------------------------------------------------------------------------------- */

static const char *sql_type(pt_type type)
{
    switch (type) {
    case PT_TYPE_BOOL: return "BOOLEAN";
    case PT_TYPE_NUMBER: return "DOUBLE";
    case PT_TYPE_MONEY: return "DECIMAL(18,4)";
    case PT_TYPE_DATE: return "DATE";
    case PT_TYPE_INSTANT: return "TIMESTAMPTZ";
    case PT_TYPE_LIST: return "VARCHAR[]";
    default: return "VARCHAR";
    }
}

/* The length of a quoted text, a quoted name or a comment that begins at `at`; 0 when none does. `$as_of` inside one is
 * left alone. */
static size_t quoted_length(pt_sv sql, size_t at)
{
    const char *from = sql.ptr + at, *end = NULL;
    size_t left = sql.len - at;

    if (*from == '\'' || *from == '"')
        end = memchr(from + 1, *from, left - 1);
    else if (left > 1 && from[0] == '-' && from[1] == '-')
        end = memchr(from, '\n', left);
    else if (left > 1 && from[0] == '/' && from[1] == '*')
        end = memmem(from + 2, left - 2, "*/", 2);
    else
        return 0;
    return end ? (size_t)(end - from) + (*end == '*' ? 2 : 1) : left;
}

/* The user's text with each $as_of as a literal: the engine takes no mix of named and unnamed binds. */
static void add_user_query(pt_sql *q, pt_sv sql, pt_sv as_of)
{
    static const char name[] = "$as_of";
    size_t from = 0;

    for (size_t i = 0; i < sql.len;) {
        size_t skip = quoted_length(sql, i);
        if (skip || !pt_sv_has_prefix((pt_sv){sql.ptr + i, sql.len - i}, name)) {
            i += skip ? skip : 1;
            continue;
        }
        pt_sql_user(q, (pt_sv){sql.ptr + from, i - from});
        pt_sql_kw(q, "TIMESTAMPTZ");
        pt_sql_text(q, as_of);
        from = i += sizeof name - 1;
    }
    pt_sql_user(q, (pt_sv){sql.ptr + from, sql.len - from});
}

/* Comments at the end of the user's text must not swallow the bracket: it stands on a line of its own. A semicolon at the
 * end is cut. */
static void tag_query(pt_sql *q, const pt_build *b, uint32_t tag)
{
    pt_sv sql = pt_sv_trim(pt_sv_of(b->project->tags[tag].sql));
    char as_of[48];

    pt_instant_format(as_of, b->as_of, pt_zone_utc());
    while (sql.len && sql.ptr[sql.len - 1] == ';')
        sql = pt_sv_trim((pt_sv){sql.ptr, sql.len - 1});
    pt_sql_kw(q, "SELECT c.ordinal, q.value::");
    pt_sql_kw(q, sql_type(b->project->module->types[tag]));
    pt_sql_kw(q, "FROM (\n");
    add_user_query(q, sql, pt_sv_of(as_of));
    pt_sql_kw(q, "\n) AS q JOIN identity.customers AS c ON c.id = q.customer WHERE c.forward = c.ordinal ORDER BY 1");
}

/* --- the answer --------------------------------------------------------------------------------------------------- */

/* A column of all ordinals under construction. Lists come in order of ordinals, so their items are simply appended. */
typedef struct answer {
    pt_column *column;
    pt_arena *arena;
    pt_intern *texts;
    uint32_t n_ordinals, next; /* next: one past the last ordinal that was put */
    uint32_t *items;
    size_t items_cap;
    uint64_t n_items, *offsets;
    uint8_t *absent;
} answer;

static pt_rc answer_init(answer *a, pt_type type, pt_err *err)
{
    unsigned width = pt_type_is_list(type) ? 4 : pt_type_width(type);
    char *data = pt_arena_array(a->arena, (size_t)a->n_ordinals + 1, width);

    *a->column = (pt_column){.type = type, .width = (uint8_t)width, .data = data};
    a->offsets = pt_type_is_list(type) ? PT_NEW_ARRAY(a->arena, uint64_t, (size_t)a->n_ordinals + 1) : NULL;
    a->absent = pt_type_is_list(type) ? PT_NEW_ARRAY(a->arena, uint8_t, (size_t)a->n_ordinals + 1) : NULL;
    if (!data || (pt_type_is_list(type) && (!a->offsets || !a->absent)) || !(a->texts = pt_intern_new()))
        return pt_fail_nomem(err, "a query's answer");
    for (uint32_t i = 0; i < a->n_ordinals; i++) {
        void *at = data + (size_t)i * width;
        switch (type) {
        case PT_TYPE_BOOL: *(uint8_t *)at = PT_BOOL_MISSING; break;
        case PT_TYPE_NUMBER: *(double *)at = (double)NAN; break;
        case PT_TYPE_DATE: *(int32_t *)at = PT_I32_MISSING; break;
        case PT_TYPE_TEXT:
        case PT_TYPE_CATEGORY:
        case PT_TYPE_LIST: break; /* code 0 is missing */
        default: *(int64_t *)at = PT_I64_MISSING; break;
        }
    }
    return PT_OK;
}

static pt_rc put_text(answer *a, uint32_t *code, pt_sv text, pt_err *err)
{
    *code = text.ptr ? pt_intern_add(a->texts, text) : PT_CODE_MISSING;
    return text.ptr && !*code ? pt_fail_nomem(err, "a query's answer") : PT_OK;
}

/* Ordinals that the answer does not hold, up to `ordinal`, have no list. */
static void skip_lists(answer *a, uint32_t ordinal)
{
    for (; a->next < ordinal; a->next++) {
        a->absent[a->next] = 1;
        a->offsets[a->next + 1] = a->n_items;
    }
}

static pt_rc put_list(answer *a, uint32_t ordinal, const pt_cells *values, size_t row, pt_err *err)
{
    const pt_sv *items = values->data;

    skip_lists(a, ordinal);
    a->absent[ordinal] = values->absent && values->absent[row];
    for (uint64_t i = values->offsets[row]; i < values->offsets[row + 1]; i++) {
        if (!pt_grow(&a->items, &a->items_cap, (size_t)a->n_items + 1, sizeof *a->items))
            return pt_fail_nomem(err, "a query's answer");
        PT_TRY(put_text(a, &a->items[a->n_items], items[i], err));
        bool again = !a->items[a->n_items];
        for (uint64_t k = a->offsets[ordinal]; k < a->n_items && !again; k++)
            again = a->items[k] == a->items[a->n_items];
        a->n_items += !again;
    }
    a->offsets[ordinal + 1] = a->n_items;
    return PT_OK;
}

static pt_rc put_value(answer *a, uint32_t ordinal, const pt_cells *values, size_t row, pt_err *err)
{
    unsigned width = a->column->width;
    char *at = (char *)(uintptr_t)a->column->data + (size_t)ordinal * width;

    if (a->column->type == PT_TYPE_LIST)
        return put_list(a, ordinal, values, row, err);
    if (pt_type_is_text(a->column->type))
        return put_text(a, (uint32_t *)(void *)at, ((const pt_sv *)values->data)[row], err);
    memcpy(at, (const char *)values->data + row * width, width);
    return PT_OK;
}

static pt_rc put_rows(answer *a, const pt_rows *rows, pt_err *err)
{
    const uint32_t *ordinals = rows->cells[0].data;

    for (size_t i = 0; i < rows->n; i++) {
        if (ordinals[i] < a->next)
            return pt_fail(err, PT_EINVAL, "the query returns a customer twice");
        if (ordinals[i] >= a->n_ordinals)
            return pt_fail(err, PT_EINTERNAL, "the store and the customer directory do not agree");
        PT_TRY(put_value(a, ordinals[i], &rows->cells[1], i, err));
        a->next = ordinals[i] + 1;
    }
    return PT_OK;
}

/* The dictionary moves into the arena: the interner's own dies with it. */
static pt_rc answer_end(answer *a, pt_err *err)
{
    pt_type type = a->column->type;

    if (type == PT_TYPE_LIST) {
        skip_lists(a, a->n_ordinals);
        a->column->offsets = a->offsets;
        a->column->absent = a->absent;
        uint32_t *items = PT_NEW_ARRAY(a->arena, uint32_t, (size_t)a->n_items);
        if (!items)
            return pt_fail_nomem(err, "a query's answer");
        if (a->n_items)
            memcpy(items, a->items, (size_t)a->n_items * sizeof *items);
        a->column->data = items;
    }
    if (!pt_type_is_text(type) && type != PT_TYPE_LIST)
        return PT_OK;
    const pt_dict *held = pt_intern_dict(a->texts);
    pt_dict *dict = PT_NEW(a->arena, pt_dict);
    uint64_t *offsets = PT_NEW_ARRAY(a->arena, uint64_t, (size_t)held->n + 1);
    if (!dict || !offsets)
        return pt_fail_nomem(err, "a query's answer");
    for (uint32_t i = 0; held->n && i <= held->n; i++)
        offsets[i] = held->offsets[i];
    char *bytes = pt_arena_strndup(a->arena, held->n ? held->bytes : "", (size_t)offsets[held->n]);
    *dict = (pt_dict){.n = held->n, .offsets = offsets, .bytes = bytes};
    a->column->dict = dict;
    return bytes ? PT_OK : pt_fail_nomem(err, "a query's answer");
}

static pt_rc read_answer(answer *a, pt_build *b, uint32_t tag, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;
    pt_rc rc = answer_init(a, b->project->module->types[tag], err);

    if (rc != PT_OK)
        return rc;
    tag_query(&q, b, tag);
    rc = pt_query(&cursor, b->conn, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = put_rows(a, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc == PT_OK ? answer_end(a, err) : rc;
}

pt_rc pt_query_tag(pt_column *out, pt_build *b, uint32_t tag, pt_arena *arena, pt_err *err)
{
    answer a = {.column = out, .arena = arena, .n_ordinals = pt_directory_ordinals(b->directory)};
    const pt_place *place = &b->project->tags[tag].place;
    pt_rc rc = read_answer(&a, b, tag, err);

    if (rc != PT_OK && rc != PT_ECANCELED && rc != PT_ENOMEM)
        pt_err_at(err, place->file, place->line, place->col);
    pt_intern_free(a.texts);
    free(a.items);
    return rc;
}
