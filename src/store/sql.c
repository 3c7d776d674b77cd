/* SQL under construction: text with `?` for values, and the values. Knows quoting, no engine. */
#include <stdlib.h>

#include "store/store_int.h"

void pt_sql_clear(pt_sql *q)
{
    for (size_t i = 0; i < q->n_binds; i++)
        free(q->binds[i].text);
    q->n_binds = 0;
    q->user = q->nul = false;
    pt_str_clear(&q->text);
}

void pt_sql_free(pt_sql *q)
{
    pt_sql_clear(q);
    free(q->binds);
    pt_str_free(&q->text);
    *q = (pt_sql){0};
}

static void space(pt_sql *q)
{
    if (q->text.len && q->text.ptr[q->text.len - 1] != ' ')
        pt_str_addc(&q->text, ' ');
}

void pt_sql_kw(pt_sql *q, const char *keywords)
{
    space(q);
    pt_str_add(&q->text, keywords);
    pt_str_addc(&q->text, ' ');
}

static void add_quoted(pt_sql *q, pt_sv value, char quote)
{
    /* The engine takes a statement up to its first NUL, and half a statement must not run. */
    if (value.len && memchr(value.ptr, '\0', value.len))
        q->nul = true;
    pt_str_addc(&q->text, quote);
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == quote)
            pt_str_addc(&q->text, quote);
        pt_str_addc(&q->text, value.ptr[i]);
    }
    pt_str_addc(&q->text, quote);
}

void pt_sql_ident(pt_sql *q, const char *name)
{
    add_quoted(q, pt_sv_of(name), '"');
}

void pt_sql_text(pt_sql *q, pt_sv value)
{
    add_quoted(q, value, '\'');
}

void pt_sql_user(pt_sql *q, pt_sv sql)
{
    q->user = true;
    if (sql.len && memchr(sql.ptr, '\0', sql.len))
        q->nul = true;
    space(q);
    /* On lines of its own: a comment at its end must not swallow what follows. */
    pt_str_addc(&q->text, '\n');
    pt_str_addsv(&q->text, sql);
    pt_str_add(&q->text, "\n ");
}

/* Takes b.text. */
static void add_bind(pt_sql *q, struct pt_bind b)
{
    if (!pt_grow(&q->binds, &q->cap_binds, q->n_binds + 1, sizeof *q->binds)) {
        q->text.failed = true;
        free(b.text);
        return;
    }
    pt_str_addc(&q->text, '?');
    q->binds[q->n_binds++] = b;
}

void pt_sql_bind_text(pt_sql *q, pt_sv value)
{
    char *copy = malloc(value.len + 1);

    if (!copy) {
        q->text.failed = true;
        return;
    }
    if (value.len)
        memcpy(copy, value.ptr, value.len);
    copy[value.len] = '\0';
    add_bind(q, (struct pt_bind){.kind = BIND_TEXT, .text = copy, .len = value.len});
}

void pt_sql_bind_int(pt_sql *q, int64_t value)
{
    add_bind(q, (struct pt_bind){.kind = BIND_INT, .integer = value});
}

void pt_sql_bind_double(pt_sql *q, double value)
{
    add_bind(q, (struct pt_bind){.kind = BIND_DOUBLE, .number = value});
}

void pt_sql_bind_instant(pt_sql *q, int64_t value)
{
    add_bind(q, (struct pt_bind){.kind = BIND_INSTANT, .integer = value});
}

void pt_sql_bind_bool(pt_sql *q, bool value)
{
    add_bind(q, (struct pt_bind){.kind = BIND_BOOL, .integer = value});
}

void pt_sql_bind_null(pt_sql *q)
{
    add_bind(q, (struct pt_bind){.kind = BIND_NULL});
}
