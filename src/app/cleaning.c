#include "app/cleaning.h"

/* Rules that act while reading and those over whole sources, as one list. */
#define RULES                                                                                                         \
    "SELECT source, text, kind, number::UBIGINT, rows::UBIGINT, touched::UBIGINT, dropped::UBIGINT, learned, "        \
    "unread::UBIGINT FROM "                                                                                           \
    "(SELECT source, rule AS number,"                                                                                 \
    " text, kind, rows, touched, dropped, learned, 0 AS unread FROM meta.cleaning UNION ALL SELECT r.source, r.rule " \
    "+ 1, r.text,"                                                                                                    \
    " string_split(r.text, ' ')[1], f.rows, r.touched, r.quarantined, NULL, r.missing FROM meta.read_rules r JOIN "   \
    "(SELECT"                                                                                                         \
    " source, sum(rows + quarantined)::UBIGINT AS rows FROM meta.files GROUP BY source) f USING (source))"            \
    " ORDER BY source, number"
#define EXAMPLES_OF_RULES                                                                                             \
    "SELECT source, number::UBIGINT, file, line::UBIGINT, before, after FROM (SELECT e.source, e.rule AS number, "    \
    "i.path AS"                                                                                                       \
    " file, e.line, e.before, e.after, e.line AS place FROM meta.cleaning_examples e JOIN meta.inputs i USING"        \
    " (source, file_number) UNION ALL SELECT source, rule + 1, NULL, 0, before, after, hash FROM meta.read_examples)" \
    " ORDER BY source, number, file, place"

typedef struct list {
    pt_cleaning_rule *rules;
    size_t n, cap;
    pt_arena *arena;
} list;

static const char *copy(list *l, const pt_rows *rows, size_t cell, size_t row)
{
    pt_sv text = ((const pt_sv *)rows->cells[cell].data)[row];

    return text.ptr ? pt_arena_strndup(l->arena, text.ptr, text.len) : NULL;
}

static uint64_t number(const pt_rows *rows, size_t cell, size_t row)
{
    return ((const uint64_t *)rows->cells[cell].data)[row];
}

/* In the arena; grows by copying, since a project has few rules. */
static pt_cleaning_rule *next_rule(list *l)
{
    if (l->n == l->cap) {
        pt_cleaning_rule *more = PT_NEW_ARRAY(l->arena, pt_cleaning_rule, l->cap = 2 * l->cap + 16);
        if (!more)
            return NULL;
        if (l->n)
            memcpy(more, l->rules, l->n * sizeof *more);
        l->rules = more;
    }
    return &l->rules[l->n++];
}

static pt_rc add_rules(list *l, const pt_rows *rows, pt_err *err)
{
    for (size_t i = 0; i < rows->n; i++) {
        pt_cleaning_rule *r = next_rule(l);
        if (!r)
            return pt_fail_nomem(err, "what cleaning did");
        *r = (pt_cleaning_rule){.source = copy(l, rows, 0, i),
                                .text = copy(l, rows, 1, i),
                                .kind = copy(l, rows, 2, i),
                                .number = (unsigned)number(rows, 3, i),
                                .rows = number(rows, 4, i),
                                .touched = number(rows, 5, i),
                                .dropped = number(rows, 6, i),
                                .learned = copy(l, rows, 7, i),
                                .unread = number(rows, 8, i)};
        if (!r->source || !r->text || !r->kind)
            return pt_fail_nomem(err, "what cleaning did");
    }
    return PT_OK;
}

static pt_rc add_examples(list *l, const pt_rows *rows, pt_err *err)
{
    (void)err;
    for (size_t i = 0; i < rows->n; i++) {
        pt_sv source = ((const pt_sv *)rows->cells[0].data)[i];
        for (size_t k = 0; k < l->n; k++) {
            pt_cleaning_rule *r = &l->rules[k];
            if (r->number != number(rows, 1, i) || !pt_sv_eq(source, pt_sv_of(r->source)) ||
                r->n_examples == PT_CLEANING_EXAMPLES)
                continue;
            r->examples[r->n_examples++] = (pt_cleaning_example){copy(l, rows, 2, i), number(rows, 3, i),
                                                                 copy(l, rows, 4, i), copy(l, rows, 5, i)};
        }
    }
    return PT_OK;
}

static pt_rc each(const char *sql, pt_rc (*fn)(list *l, const pt_rows *rows, pt_err *err), list *l, pt_conn *c,
                  pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = fn(l, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

pt_rc pt_cleaning_read(pt_cleaning *out, pt_conn *c, pt_arena *a, pt_err *err)
{
    list l = {.arena = a};

    *out = (pt_cleaning){0};
    PT_TRY(each(RULES, add_rules, &l, c, err));
    PT_TRY(each(EXAMPLES_OF_RULES, add_examples, &l, c, err));
    out->rules = l.rules;
    out->n_rules = l.n;
    return PT_OK;
}
