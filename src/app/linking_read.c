/* Rows of record sources as records: in one order, whatever order the tables have. */
#include <stdlib.h>

#include "app/linking_int.h"

/* Rows as they are read. */
typedef struct reading {
    pt_linking *l;
    size_t cap_source, cap_type, cap_identifier, cap_codes[PT_LINK_COMPARISONS_MAX];
    uint8_t *source, *type;
    uint32_t *identifier, *codes[PT_LINK_COMPARISONS_MAX];
    uint32_t n;
    const uint8_t *types; /* of the source at hand: numbers of the project's, strongest first */
} reading;

/* --- the statement ----------------------------------------------------------------------------------------------------------- */

/* A value as text: numbers without zeros at their end, instants as the day in the project's zone. */
static void add_value(pt_sql *q, const pt_linking *l, const pt_linking_column *column)
{
    const pt_source *s = &l->project->sources[column->source];
    const pt_source_column *c = &s->columns[column->column];

    switch (c->type) {
    case PT_TYPE_NUMBER:
        pt_sql_kw(q, "trim(replace(CAST(CAST(");
        pt_sql_ident(q, c->name);
        pt_sql_kw(q, "AS DECIMAL(30, 6)) AS VARCHAR) || ' ', '.000000 ', ''))");
        break;
    case PT_TYPE_INSTANT:
        pt_sql_kw(q, "CAST(CAST(timezone(");
        pt_sql_text(q, pt_sv_of(l->project->zone_name));
        pt_sql_kw(q, ",");
        pt_sql_ident(q, c->name);
        pt_sql_kw(q, ") AS DATE) AS VARCHAR)");
        break;
    default:
        pt_sql_kw(q, "CAST(");
        pt_sql_ident(q, c->name);
        pt_sql_kw(q, "AS VARCHAR)");
    }
}

/* The source's column of a field; NULL when it has none. */
static const pt_linking_column *column_of(const pt_linking_field *f, uint32_t source)
{
    for (size_t i = 0; i < f->n_columns; i++)
        if (f->columns[i].source == source)
            return &f->columns[i];
    return NULL;
}

static void add_query(pt_sql *q, const pt_linking *l, uint32_t source, const resolve_types *types)
{
    pt_sql_kw(q, "SELECT");
    resolve_add_strongest(q, types, false);
    pt_sql_kw(q, ",");
    resolve_add_strongest(q, types, true);
    for (size_t f = 0; f < l->n_fields; f++) {
        const pt_linking_column *c = column_of(&l->fields[f], source);
        pt_sql_kw(q, ",");
        if (!c)
            pt_sql_kw(q, "NULL::VARCHAR");
        else if (c->column < 0)
            resolve_add_identifier(q, NULL, l->project->identity.types[c->type].name);
        else
            add_value(q, l, c);
    }
    pt_sql_kw(q, "FROM clean.");
    pt_sql_ident(q, l->project->sources[source].name);
    pt_sql_kw(q, "AS s");
}

/* --- rows -------------------------------------------------------------------------------------------------------------------- */

static bool make_room(reading *r, size_t more)
{
    size_t need = (size_t)r->n + more;
    bool room = pt_grow(&r->source, &r->cap_source, need, 1) && pt_grow(&r->type, &r->cap_type, need, 1) &&
                pt_grow(&r->identifier, &r->cap_identifier, need, sizeof(uint32_t));

    for (size_t f = 0; room && f < r->l->n_fields; f++)
        room = pt_grow(&r->codes[f], &r->cap_codes[f], need, sizeof(uint32_t));
    return room;
}

/* Rows of a batch that have an identifier, and where their values go. */
typedef struct batch {
    reading *r;
    const pt_rows *rows;
    const uint32_t *kept; /* numbers of the rows */
    uint32_t n;
} batch;

/* One column's values; `column` 0: identifiers. */
static pt_rc take_column(void *arg, size_t column, unsigned worker, pt_err *err)
{
    enum { TOGETHER = 256 };
    const batch *b = arg;
    reading *r = b->r;
    const pt_sv *cells = b->rows->cells[1 + column].data;
    pt_intern *in = column ? r->l->fields[column - 1].texts : r->l->identifiers;
    uint32_t *to = (column ? r->codes[column - 1] : r->identifier) + r->n, at[TOGETHER], codes[TOGETHER];
    pt_sv texts[TOGETHER];

    (void)worker;
    for (uint32_t first = 0; first < b->n; first += TOGETHER) {
        uint32_t n = 0;
        for (uint32_t i = first; i < b->n && i < first + TOGETHER; i++) {
            pt_sv text = column ? pt_sv_trim(cells[b->kept[i]]) : cells[b->kept[i]];
            to[i] = 0;
            if (!text.len && column)
                continue;
            at[n] = i;
            texts[n++] = text;
        }
        if (!pt_intern_add_all(in, texts, n, codes))
            return pt_fail_nomem(err, "records to compare");
        for (uint32_t i = 0; i < n; i++)
            to[at[i]] = codes[i];
    }
    return PT_OK;
}

/* Appends the batch's rows that have an identifier. */
static pt_rc take_rows(reading *r, uint8_t source, const pt_rows *rows, pt_pool *pool, pt_err *err)
{
    const pt_sv *type = rows->cells[0].data;
    batch b = {.r = r, .rows = rows};

    if (r->n + rows->n >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "there are more records than linking can number");
    uint32_t *kept = make_room(r, rows->n) ? pt_alloc64(rows->n + 1, sizeof *kept) : NULL;
    if (!kept)
        return pt_fail_nomem(err, "records to compare");
    for (uint32_t i = 0; i < rows->n; i++) {
        if (!type[i].ptr)
            continue;
        r->source[r->n + b.n] = source;
        r->type[r->n + b.n] = (uint8_t)resolve_type_of(r->l->project, type[i]);
        kept[b.n++] = i;
    }
    b.kept = kept;
    pt_rc rc = pt_pool_run(pool, r->l->n_fields + 1, take_column, &b, err);
    free(kept);
    if (rc == PT_OK)
        r->n += b.n;
    return rc;
}

static pt_rc read_source(reading *r, uint8_t place, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    uint32_t source = r->l->sources[place];
    resolve_types types;
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    resolve_source_types(&types, r->l->project, source);
    add_query(&q, r->l, source, &types);
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        if ((rc = pt_cancel_check(options->cancel, err)) == PT_OK)
            rc = take_rows(r, place, rows, options->pool, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* --- one order --------------------------------------------------------------------------------------------------------------- */

typedef struct ordering {
    const reading *r;
    const uint32_t *identifier; /* by code: the text's place in byte order */
} ordering;

static pt_sv text_of(const pt_intern *texts, uint32_t code)
{
    return code ? pt_dict_text(pt_intern_dict(texts), code) : (pt_sv){0};
}

/* By bytes; what is missing comes first. */
static int compare_values(const reading *r, size_t field, uint32_t a, uint32_t b)
{
    uint32_t x = r->codes[field][a], y = r->codes[field][b];
    const pt_intern *texts = r->l->fields[field].texts;

    return x == y ? 0 : pt_sv_cmp(text_of(texts, x), text_of(texts, y));
}

static int compare_records(const void *p, const void *q, void *ctx)
{
    const ordering *o = ctx;
    const reading *r = o->r;
    uint32_t a = *(const uint32_t *)p, b = *(const uint32_t *)q;

    if (r->source[a] != r->source[b])
        return r->source[a] < r->source[b] ? -1 : 1;
    if (r->type[a] != r->type[b])
        return r->type[a] < r->type[b] ? -1 : 1;
    uint32_t x = o->identifier[r->identifier[a]], y = o->identifier[r->identifier[b]];
    int order = (x > y) - (x < y);
    for (size_t f = 0; !order && f < r->l->n_fields; f++)
        order = compare_values(r, f, a, b);
    return order;
}

/* *order: rows in order; *n: without those that repeat another one in everything. */
static pt_rc order_rows(uint32_t **order, uint32_t *n, const reading *r, pt_arena *arena, pt_err *err)
{
    uint32_t *rank = PT_NEW_ARRAY(arena, uint32_t, (size_t)pt_intern_count(r->l->identifiers) + 1);
    ordering o = {.r = r, .identifier = rank};

    *order = PT_NEW_ARRAY(arena, uint32_t, (size_t)r->n + 1);
    if (!*order || !rank)
        return pt_fail_nomem(err, "records to compare");
    PT_TRY(pt_intern_rank(r->l->identifiers, rank, err));
    for (uint32_t i = 0; i < r->n; i++)
        (*order)[i] = i;
    qsort_r(*order, r->n, sizeof **order, compare_records, &o);
    *n = 0;
    for (uint32_t i = 0; i < r->n; i++)
        if (!*n || compare_records(&(*order)[*n - 1], &(*order)[i], &o) != 0)
            (*order)[(*n)++] = (*order)[i];
    return PT_OK;
}

static pt_rc keep_field(pt_linking_field *f, const uint32_t *codes, const uint32_t *order, uint32_t n, pt_arena *arena,
                        pt_err *err)
{
    uint32_t *kept = PT_NEW_ARRAY(arena, uint32_t, (size_t)n + 1);

    if (!kept)
        return pt_fail_nomem(err, "records to compare");
    for (uint32_t i = 0; i < n; i++) {
        kept[i] = codes[order[i]];
        f->filled += kept[i] != 0;
    }
    f->codes = kept;
    f->distinct = pt_intern_count(f->texts);
    return PT_OK;
}

static pt_rc keep_rows(pt_linking *l, const reading *r, const uint32_t *order, uint32_t n, pt_err *err)
{
    uint8_t *source = PT_NEW_ARRAY(l->arena, uint8_t, (size_t)n + 1),
            *type = PT_NEW_ARRAY(l->arena, uint8_t, (size_t)n + 1);
    uint32_t *identifier = PT_NEW_ARRAY(l->arena, uint32_t, (size_t)n + 1);

    if (!source || !type || !identifier)
        return pt_fail_nomem(err, "records to compare");
    for (uint32_t i = 0; i < n; i++) {
        source[i] = r->source[order[i]];
        type[i] = r->type[order[i]];
        identifier[i] = r->identifier[order[i]];
    }
    l->n = n;
    l->source = source;
    l->type = type;
    l->identifier = identifier;
    for (size_t f = 0; f < l->n_fields; f++)
        PT_TRY(keep_field(&l->fields[f], r->codes[f], order, n, l->arena, err));
    return PT_OK;
}

/* --- all --------------------------------------------------------------------------------------------------------------------- */

static void free_texts(void *texts)
{
    pt_intern_free(texts);
}

static pt_rc new_texts(pt_intern **out, pt_arena *arena, pt_err *err)
{
    *out = pt_intern_new();
    if (*out && pt_arena_defer(arena, free_texts, *out))
        return PT_OK;
    pt_intern_free(*out);
    *out = NULL;
    return pt_fail_nomem(err, "records to compare");
}

static pt_rc read_all(reading *r, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    pt_linking *l = r->l;

    PT_TRY(new_texts(&l->identifiers, l->arena, err));
    for (size_t f = 0; f < l->n_fields; f++)
        PT_TRY(new_texts(&l->fields[f].texts, l->arena, err));
    for (size_t s = 0; s < l->n_sources; s++)
        PT_TRY(read_source(r, (uint8_t)s, c, options, err));
    return PT_OK;
}

static pt_rc put_in_order(reading *r, pt_err *err)
{
    pt_arena *scratch = pt_arena_new(0);
    uint32_t *order, n = 0;

    if (!scratch)
        return pt_fail_nomem(err, "records to compare");
    pt_rc rc = order_rows(&order, &n, r, scratch, err);
    if (rc == PT_OK)
        rc = keep_rows(r->l, r, order, n, err);
    pt_arena_free(scratch);
    return rc;
}

pt_rc linking_read_rows(pt_linking *l, pt_conn *c, const pt_linking_options *options, pt_err *err)
{
    reading r = {.l = l};
    pt_rc rc = read_all(&r, c, options, err);

    if (rc == PT_OK)
        rc = put_in_order(&r, err);
    free(r.source);
    free(r.type);
    free(r.identifier);
    for (size_t f = 0; f < PT_COUNT(r.codes); f++)
        free(r.codes[f]);
    return rc;
}
