/* Lookups into reference sources: the reference's keys and each value column are held in memory, as one function that
 * finds the number of a key and one that gives the value of a number. So a lookup keeps rows in their order, reads no
 * table twice, and columns that look the same key up find it once. The first row of a key counts, in file order. */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/intern.h"
#include "source/source_int.h"

struct pt_lookup_keys {
    const pt_source *reference;
    const pt_source_column *key;
    const char *function;
    pt_intern *texts;
    bool emptied; /* the run it was made for is over; the function itself cannot be taken back */
};

struct pt_lookup_data {
    pt_type type;
    size_t width;     /* bytes of a value; 4 for text: a code in `texts` */
    pt_intern *texts; /* NULL: values are no texts */
    char *values;     /* by number of the key, from 1 */
    uint8_t *seen;    /* by value: 1, or 2 when another value came for its key */
    size_t n, cap_values, cap_seen;
    uint64_t ambiguous;
};

static void empty_keys(pt_lookup_keys *k)
{
    pt_intern_free(k->texts);
    *k = (pt_lookup_keys){.emptied = true};
}

static void free_keys(void *ptr)
{
    empty_keys(ptr);
    free(ptr);
}

static void empty_data(pt_lookup_data *d)
{
    pt_intern_free(d->texts);
    free(d->values);
    free(d->seen);
    *d = (pt_lookup_data){0};
}

static void free_data(void *ptr)
{
    empty_data(ptr);
    free(ptr);
}

/* The number of a key, from 1. SQL carries it as a number: there are fewer than 2^32. */
static bool call_find(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    const pt_lookup_keys *k = ctx;
    uint32_t number = k->emptied ? 0 : pt_intern_find(k->texts, *(const pt_sv *)in);

    (void)scratch;
    *(double *)out = number;
    return number != 0;
}

static bool call_value(const void *ctx, const void *in, void *out, pt_str *scratch)
{
    const pt_lookup_data *d = ctx;
    size_t at = (size_t)(*(const double *)in - 1);

    (void)scratch;
    if (at >= d->n)
        return false;
    const char *value = d->values + at * d->width;
    if (d->texts) {
        uint32_t text;
        memcpy(&text, value, sizeof text);
        if (text)
            *(pt_sv *)out = pt_dict_text(pt_intern_dict(d->texts), text);
        return text != 0;
    }
    memcpy(out, value, d->width);
    pt_column column = {.type = d->type, .width = (uint8_t)d->width, .data = value};
    return !pt_column_missing(&column, 0);
}

/* --- filling ------------------------------------------------------------------------------------------------------ */

/* The bytes of a value: a text's code, or the value itself. */
static bool value_bytes(pt_lookup_data *d, const pt_cells *cells, size_t i, char out[8])
{
    if (!d->texts) {
        memcpy(out, (const char *)cells->data + i * d->width, d->width);
        return true;
    }
    pt_sv text = ((const pt_sv *)cells->data)[i];
    uint32_t code = text.ptr ? pt_intern_add(d->texts, text) : 0;
    memcpy(out, &code, sizeof code);
    return !text.ptr || code;
}

/* Every column of a reference is read in the same order, so a key that is new to `d` has the number after the last
 * one. */
static bool put(pt_lookup_data *d, pt_intern *keys, pt_sv key, const char value[8])
{
    uint32_t code = pt_intern_add(keys, key);

    if (!code)
        return false;
    if (code > d->n) {
        if (!pt_grow(&d->values, &d->cap_values, code * d->width, 1) || !pt_grow(&d->seen, &d->cap_seen, code, 1))
            return false;
        memcpy(d->values + d->n * d->width, value, d->width);
        d->seen[d->n++] = 1;
    } else if (d->seen[code - 1] == 1 && memcmp(d->values + (code - 1) * d->width, value, d->width) != 0) {
        d->seen[code - 1] = 2;
        d->ambiguous++;
    }
    return true;
}

static pt_rc fill(pt_lookup_data *d, pt_intern *texts, pt_conn *conn, const pt_sql *q, pt_err *err)
{
    pt_cursor *cur;
    const pt_rows *rows;
    char value[8];
    pt_rc rc;

    PT_TRY(pt_query(&cur, conn, q, err));
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows) {
        const pt_sv *keys = rows->cells[0].data;
        for (size_t i = 0; rc == PT_OK && i < rows->n; i++)
            if (keys[i].ptr && (!value_bytes(d, &rows->cells[1], i, value) || !put(d, texts, keys[i], value)))
                rc = pt_fail_nomem(err, "a lookup");
        if (rc != PT_OK)
            break;
    }
    pt_cursor_close(cur);
    return rc;
}

static const pt_source_column *find_column(const pt_source *s, const char *name)
{
    for (size_t i = 0; i < s->n_file_columns; i++)
        if (!name || strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    return NULL;
}

static void quote_name(pt_str *out, const char *name)
{
    pt_str_addc(out, '"');
    for (; *name; name++) {
        if (*name == '"')
            pt_str_addc(out, '"');
        pt_str_addc(out, *name);
    }
    pt_str_addc(out, '"');
}

/* SELECT key as text, value FROM clean.<reference>, in order. */
static pt_rc select_pairs(pt_sql *q, const pt_source *s, const pt_source_column *key, const pt_source_column *value,
                          pt_arena *arena, pt_err *err)
{
    pt_str name = {0};

    quote_name(&name, key->name);
    const char *text = name.failed ? NULL : pt_text_sql(name.ptr, pt_sql_type(key->type), arena);
    pt_str_free(&name);
    if (!text)
        return pt_fail_nomem(err, "a lookup");
    pt_sql_kw(q, "SELECT");
    pt_sql_kw(q, text);
    pt_sql_kw(q, value->type == PT_TYPE_LIST ? ", array_to_string(" : ", (");
    pt_sql_ident(q, value->name);
    pt_sql_kw(q, value->type == PT_TYPE_LIST ? ", chr(31)) FROM clean." : ") FROM clean.");
    pt_sql_ident(q, s->name);
    pt_sql_kw(q, "ORDER BY _file, _row");
    return PT_OK;
}

static pt_lookup_data *new_data(pt_type type)
{
    pt_lookup_data *d = pt_zalloc(1, sizeof *d);
    bool text = pt_type_is_text(type) || type == PT_TYPE_LIST;

    if (!d)
        return NULL;
    d->type = text ? PT_TYPE_TEXT : type;
    d->width = text ? sizeof(uint32_t) : pt_type_width(type);
    d->texts = text ? pt_intern_new() : NULL;
    if (d->texts || !text)
        return d;
    free_data(d);
    return NULL;
}

/* A function's name is never used again. */
static const char *fresh_name(const char *prefix, pt_arena *arena)
{
    static atomic_uint_least64_t counter;

    return pt_arena_printf(arena, "%s_%" PRIu64, prefix, (uint64_t)atomic_fetch_add(&counter, 1));
}

static pt_lookup_keys *known_keys(const pt_read_run *run, const pt_source *reference, const pt_source_column *key)
{
    for (size_t i = 0; i < run->source->n_file_columns; i++)
        if (run->lookups[i].keys && run->lookups[i].keys->reference == reference && run->lookups[i].keys->key == key)
            return run->lookups[i].keys;
    return NULL;
}

/* Defines the function that finds a key; columns of one reference share it. */
static pt_rc get_keys(pt_lookup_keys **out, pt_read_run *run, const pt_source *reference, const pt_source_column *key,
                      pt_err *err)
{
    *out = known_keys(run, reference, key);
    if (*out)
        return PT_OK;
    pt_lookup_keys *k = pt_zalloc(1, sizeof *k);
    if (k)
        *k = (pt_lookup_keys){reference, key, fresh_name("pt_find", run->arena), pt_intern_new(), false};
    if (!k || !k->function || !k->texts) {
        if (k)
            free_keys(k);
        return pt_fail_nomem(err, "a lookup");
    }
    pt_function f = {k->function, PT_TYPE_TEXT, PT_TYPE_NUMBER, call_find, k, free_keys};
    PT_TRY(pt_conn_define(run->conn, &f, err)); /* takes k */
    *out = k;
    return PT_OK;
}

static pt_rc define_values(pt_read_run *run, size_t column, pt_lookup_data *d, pt_err *err)
{
    pt_lookup_function *l = &run->lookups[column];

    run->ambiguous_keys += d->ambiguous;
    l->function = fresh_name("pt_lookup", run->arena);
    if (!l->function) {
        free_data(d);
        return pt_fail_nomem(err, "a lookup");
    }
    pt_function f = {l->function, PT_TYPE_NUMBER, d->type, call_value, d, free_data};
    PT_TRY(pt_conn_define(run->conn, &f, err)); /* takes d */
    l->data = d;
    return PT_OK;
}

static pt_rc make_lookup(pt_read_run *run, size_t column, pt_err *err)
{
    const pt_lookup *l = &run->source->columns[column].lookup;
    int number = pt_project_find_source(run->project, pt_sv_of(l->source));
    const pt_source *s = number >= 0 ? &run->project->sources[number] : NULL;
    const pt_source_column *key = s ? find_column(s, l->key) : NULL, *value = s ? find_column(s, l->column) : NULL;
    pt_lookup_keys *keys;
    pt_sql q = {0};

    if (!key || !value)
        return pt_fail_code(err, PT_E_NO_LOOKUP, run->source->columns[column].place, "there is no '%s.%s' to look up",
                            l->source, l->column);
    PT_TRY(get_keys(&keys, run, s, key, err));
    run->lookups[column] = (pt_lookup_function){.keys = keys, .find = keys->function};
    pt_lookup_data *d = new_data(value->type);
    if (!d)
        return pt_fail_nomem(err, "a lookup");
    pt_rc rc = select_pairs(&q, s, key, value, run->arena, err);
    if (rc == PT_OK)
        rc = fill(d, keys->texts, run->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK) {
        free_data(d);
        return rc;
    }
    return define_values(run, column, d, err);
}

pt_rc pt_make_lookups(pt_read_run *run, pt_err *err)
{
    for (size_t i = 0; i < run->source->n_file_columns; i++)
        if (run->source->columns[i].lookup.source)
            PT_TRY(make_lookup(run, i, err));
    return PT_OK;
}

void pt_drop_lookups(pt_read_run *run)
{
    for (size_t i = 0; i < run->source->n_file_columns; i++) {
        if (run->lookups[i].data)
            empty_data(run->lookups[i].data);
        if (run->lookups[i].keys)
            empty_keys(run->lookups[i].keys);
    }
}
