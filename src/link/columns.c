#include "link/columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/intern.h"
#include "link/sign.h"
#include "link/similarity.h"

enum { STOPS_EVERY = 1024 }; /* values from one question to the next; a power of two */

static pt_rc check_stop(const pt_link_table *t, uint32_t value, pt_err *err)
{
    if (value % STOPS_EVERY || !t->stop || !t->stop(t->stop_ctx))
        return PT_OK;
    return pt_fail(err, PT_ECANCELED, "stopped; the last good state is untouched");
}

static pt_rc new_column(pt_link_table *t, const char *name, int32_t of, uint32_t *number, pt_err *err)
{
    if (t->records.n_columns == PT_LINK_COLUMNS_MAX)
        return pt_fail(err, PT_EINVAL, "linking takes %d columns at most", PT_LINK_COLUMNS_MAX);
    *number = (uint32_t)t->records.n_columns++;
    t->records.columns = t->columns;
    t->columns[*number] = (pt_link_column){.name = pt_arena_strdup(t->arena, name), .of = of};
    return t->columns[*number].name ? PT_OK : pt_fail_nomem(err, "a column of records");
}

static pt_rc count_values(pt_link_table *t, pt_link_column *c, pt_err *err)
{
    uint32_t *counts = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)c->n_values + 1);

    if (!counts)
        return pt_fail_nomem(err, "a column of records");
    for (uint32_t i = 0; i < t->records.n; i++)
        counts[c->codes[i]]++;
    c->counts = counts;
    return PT_OK;
}

/* Texts and their characters, by code. */
static pt_rc lay_out(pt_link_table *t, uint32_t number, const pt_dict *dict, pt_err *err)
{
    pt_link_column *c = &t->columns[number];
    uint64_t bytes = 0;

    for (uint32_t v = 1; v <= c->n_values; v++)
        bytes += pt_dict_text(dict, v).len;
    pt_sv *texts = PT_NEW_ARRAY(t->arena, pt_sv, (size_t)c->n_values + 1);
    uint64_t *ends = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)c->n_values + 1);
    uint32_t *points = PT_NEW_ARRAY(t->arena, uint32_t, bytes + 1);
    uint64_t *signs = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)c->n_values + 1);
    uint64_t *places = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)c->n_values + 1);
    if (!texts || !ends || !points || !signs || !places)
        return pt_fail_nomem(err, "a column of records");
    for (uint32_t v = 1; v <= c->n_values; v++) {
        pt_sv text = pt_dict_text(dict, v);
        const char *copy = pt_arena_strndup(t->arena, text.ptr, text.len);
        if (!copy)
            return pt_fail_nomem(err, "a column of records");
        texts[v] = (pt_sv){copy, text.len};
        pt_points letters = pt_points_of(points + ends[v - 1], text);
        ends[v] = ends[v - 1] + letters.n;
        signs[v] = link_sign_of(letters);
        places[v] = link_places_of(letters);
    }
    t->texts[number] = texts;
    c->signs = signs;
    c->places = places;
    c->ends = ends;
    c->points = points;
    return PT_OK;
}

pt_rc pt_link_add_texts(pt_link_table *t, const char *name, const pt_sv *values, uint32_t n, uint32_t *column,
                        pt_err *err)
{
    pt_intern *in = pt_intern_new();
    pt_rc rc = in ? new_column(t, name, -1, column, err) : pt_fail_nomem(err, "a column of records");

    if (rc == PT_OK) {
        pt_link_column *c = &t->columns[*column];
        uint32_t *codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)n + 1);
        t->records.n = n;
        for (uint32_t i = 0; codes && rc == PT_OK && i < n; i++)
            if (values[i].len && !(codes[i] = pt_intern_add(in, values[i])))
                rc = pt_fail_nomem(err, "a column of records");
        c->codes = codes;
        c->n_values = pt_intern_count(in);
        if (!codes)
            rc = pt_fail_nomem(err, "a column of records");
    }
    if (rc == PT_OK)
        rc = lay_out(t, *column, pt_intern_dict(in), err);
    if (rc == PT_OK)
        rc = count_values(t, &t->columns[*column], err);
    pt_intern_free(in);
    return rc;
}

static pt_rc derive_numbers(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t number, pt_err *err)
{
    const pt_link_column *source = &t->columns[from];
    pt_link_column *c = &t->columns[number];
    uint32_t *codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)t->records.n + 1);
    double *numbers = PT_NEW_ARRAY(t->arena, double, (size_t)source->n_values + 1);

    if (!codes || !numbers)
        return pt_fail_nomem(err, "a column of records");
    numbers[0] = (double)NAN;
    for (uint32_t v = 1; v <= source->n_values; v++)
        numbers[v] = d->number(d->ctx, t->texts[from][v]);
    for (uint32_t i = 0; i < t->records.n; i++)
        codes[i] = isnan(numbers[source->codes[i]]) ? 0 : source->codes[i];
    c->codes = codes;
    c->numbers = numbers;
    c->n_values = source->n_values;
    return count_values(t, c, err);
}

static uint32_t without_repeats(uint32_t *items, size_t n)
{
    uint32_t distinct = 0;

    qsort(items, n, sizeof *items, pt_compare_u32);
    for (size_t i = 0; i < n; i++)
        if (!distinct || items[i] != items[distinct - 1])
            items[distinct++] = items[i];
    return distinct;
}

static pt_rc derive_items(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t number, pt_err *err)
{
    const pt_link_column *source = &t->columns[from];
    pt_link_column *c = &t->columns[number];
    uint32_t *codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)t->records.n + 1);
    uint64_t *ends = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)source->n_values + 1);
    uint32_t *points = PT_NEW_ARRAY(t->arena, uint32_t, ((size_t)source->n_values + 1) * PT_LINK_ITEMS_MAX);

    if (!codes || !ends || !points)
        return pt_fail_nomem(err, "a column of records");
    for (uint32_t v = 1; v <= source->n_values; v++) {
        uint32_t *items = points + ends[v - 1];
        ends[v] = ends[v - 1] + without_repeats(items, d->items(d->ctx, items, t->texts[from][v]));
    }
    for (uint32_t i = 0; i < t->records.n; i++)
        codes[i] = source->codes[i] && ends[source->codes[i]] > ends[source->codes[i] - 1] ? source->codes[i] : 0;
    c->codes = codes;
    c->ends = ends;
    c->points = points;
    c->n_values = source->n_values;
    return count_values(t, c, err);
}

/* The derived texts of the distinct values, one after the other. */
static pt_rc derive_texts(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t number, pt_err *err)
{
    const pt_link_column *source = &t->columns[from];
    pt_link_column *c = &t->columns[number];
    pt_intern *in = pt_intern_new();
    uint32_t *codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)t->records.n + 1);
    uint32_t *map = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)source->n_values + 1);
    pt_str text = {0};
    pt_rc rc = in && codes && map ? PT_OK : pt_fail_nomem(err, "a column of records");

    for (uint32_t v = 1; rc == PT_OK && v <= source->n_values; v++) {
        pt_str_clear(&text);
        d->text(d->ctx, &text, t->texts[from][v]);
        if (text.failed || (text.len && !(map[v] = pt_intern_add(in, (pt_sv){text.ptr, text.len}))))
            rc = pt_fail_nomem(err, "a column of records");
        if (rc == PT_OK)
            rc = check_stop(t, v, err);
    }
    for (uint32_t i = 0; rc == PT_OK && i < t->records.n; i++)
        codes[i] = map[source->codes[i]];
    if (rc == PT_OK) {
        c->codes = codes;
        c->n_values = pt_intern_count(in);
        rc = lay_out(t, number, pt_intern_dict(in), err);
    }
    if (rc == PT_OK)
        rc = count_values(t, c, err);
    pt_str_free(&text);
    pt_intern_free(in);
    return rc;
}

pt_rc pt_link_derive(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t *column, pt_err *err)
{
    PT_TRY(check_stop(t, 0, err));
    PT_TRY(new_column(t, d->name, (int32_t)from, column, err));
    return d->text    ? derive_texts(t, from, d, *column, err)
           : d->items ? derive_items(t, from, d, *column, err)
                      : derive_numbers(t, from, d, *column, err);
}
