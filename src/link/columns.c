#include "link/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "link/columns_int.h"
#include "link/distinct.h"
#include "link/parts.h"
#include "link/sign.h"
#include "link/similarity.h"

pt_rc link_no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "a column of records");
}

pt_rc link_new_column(pt_link_table *t, const char *name, int32_t of, uint32_t *number, pt_err *err)
{
    if (t->records.n_columns == PT_LINK_COLUMNS_MAX)
        return pt_fail(err, PT_EINVAL, "linking takes %d columns at most", PT_LINK_COLUMNS_MAX);
    *number = (uint32_t)t->records.n_columns++;
    t->records.columns = t->columns;
    t->columns[*number] = (pt_link_column){.name = pt_arena_strdup(t->arena, name), .of = of};
    t->texts[*number] = NULL;
    return t->columns[*number].name ? PT_OK : link_no_memory(err);
}

/* --- characters -------------------------------------------------------------------------------------------------------------- */

typedef struct laying_out {
    const pt_sv *texts; /* by code */
    uint32_t n;
    uint64_t *at; /* by part: how many characters it has; then where they begin */
    uint64_t *ends, *signs, *places;
    uint32_t *points;
} laying_out;

static pt_rc count_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    laying_out *x = arg;
    link_range r = link_part_of(part, x->n);
    uint64_t n = 0;

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++)
        n += pt_utf8_length(x->texts[i + 1]);
    x->at[part] = n;
    return PT_OK;
}

static pt_rc lay_out_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    laying_out *x = arg;
    link_range r = link_part_of(part, x->n);
    uint64_t at = x->at[part];

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++) {
        pt_points letters = pt_points_of(x->points + at, x->texts[i + 1]);
        x->ends[i + 1] = at += letters.n;
        x->signs[i + 1] = link_sign_of(letters);
        x->places[i + 1] = link_places_of(letters);
    }
    return PT_OK;
}

static pt_rc lay_out_all(pt_link_table *t, laying_out *x, pt_err *err)
{
    size_t parts = link_parts_of(x->n);
    uint64_t all = 0;

    PT_TRY(link_in_parts(t->pool, parts, count_part, x, err));
    for (size_t p = 0; p < parts; p++) {
        uint64_t n = x->at[p];
        x->at[p] = all;
        all += n;
    }
    x->ends = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)x->n + 1);
    x->signs = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)x->n + 1);
    x->places = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)x->n + 1);
    x->points = PT_NEW_ARRAY(t->arena, uint32_t, all + 1);
    return x->ends && x->signs && x->places && x->points ? link_in_parts(t->pool, parts, lay_out_part, x, err)
                                                         : link_no_memory(err);
}

pt_rc link_lay_out(pt_link_table *t, uint32_t number, pt_err *err)
{
    pt_link_column *c = &t->columns[number];
    laying_out x = {.texts = t->texts[number], .n = c->n_values};

    x.at = pt_alloc64(link_parts_of(x.n) + 1, sizeof *x.at);
    pt_rc rc = x.at ? lay_out_all(t, &x, err) : link_no_memory(err);
    free(x.at);
    if (rc == PT_OK)
        c->ends = x.ends, c->points = x.points, c->signs = x.signs, c->places = x.places;
    return rc;
}

/* --- columns of records ------------------------------------------------------------------------------------------------------ */

static pt_sv *copy_texts(pt_arena *arena, const pt_sv *values, const uint32_t *first, uint32_t n)
{
    pt_sv *texts = PT_NEW_ARRAY(arena, pt_sv, (size_t)n + 1);
    size_t bytes = 0;

    for (uint32_t v = 1; v <= n; v++)
        bytes += values[first[v]].len;
    char *copy = texts ? PT_NEW_ARRAY(arena, char, bytes) : NULL;
    for (uint32_t v = 1; copy && v <= n; v++) {
        pt_sv text = values[first[v]];
        texts[v] = (pt_sv){memcpy(copy, text.ptr, text.len), text.len};
        copy += text.len;
    }
    return copy ? texts : NULL;
}

static pt_rc count_values(pt_link_table *t, pt_link_column *c, pt_err *err)
{
    uint32_t *counts = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)c->n_values + 1);

    if (!counts)
        return link_no_memory(err);
    for (uint32_t i = 0; i < t->records.n; i++)
        counts[c->codes[i]]++;
    c->counts = counts;
    return PT_OK;
}

/* Numbers the values and keeps their texts. */
static pt_rc keep_values(pt_link_table *t, uint32_t number, const pt_sv *values, uint32_t *first, pt_err *err)
{
    pt_link_column *c = &t->columns[number];
    uint32_t *codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)t->records.n + 1);

    if (!codes)
        return link_no_memory(err);
    PT_TRY(link_number_texts(codes, first, &c->n_values, values, t->records.n, t->pool, err));
    c->codes = codes;
    t->texts[number] = copy_texts(t->arena, values, first, c->n_values);
    return t->texts[number] ? count_values(t, c, err) : link_no_memory(err);
}

pt_rc link_add_values(pt_link_table *t, const char *name, const pt_sv *values, uint32_t n, uint32_t *column,
                      pt_err *err)
{
    uint32_t *first = pt_alloc64((size_t)n + 1, sizeof *first);
    pt_rc rc = first ? link_new_column(t, name, -1, column, err) : link_no_memory(err);

    t->records.n = n;
    if (rc == PT_OK)
        rc = keep_values(t, *column, values, first, err);
    free(first);
    return rc;
}

pt_rc pt_link_add_texts(pt_link_table *t, const char *name, const pt_sv *values, uint32_t n, uint32_t *column,
                        pt_err *err)
{
    PT_TRY(link_add_values(t, name, values, n, column, err));
    return link_lay_out(t, *column, err);
}

/* --- columns of records with codes -------------------------------------------------------------------------------------------- */

/* Codes from 1 in order of first appearance. map[code]: of the caller's; `same` (by code, from 1): which of the caller's texts are equal;
 * NULL: none are. */
static void number_again(pt_link_column *c, pt_sv *texts, uint32_t *codes, uint32_t *map, const uint32_t *same,
                         const pt_link_coded *values, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t code = values->codes[i], one = same && code ? same[code - 1] : code;
        if (one && !map[one] && values->texts[code].len) {
            map[one] = ++c->n_values;
            texts[c->n_values] = values->texts[code];
        }
        codes[i] = one ? map[one] : 0;
    }
}

static pt_rc keep_coded(pt_link_table *t, uint32_t number, uint32_t *map, uint32_t *same, const pt_link_coded *values,
                        pt_err *err)
{
    pt_link_column *c = &t->columns[number];
    uint32_t *codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)t->records.n + 1), distinct;
    pt_sv *texts = PT_NEW_ARRAY(t->arena, pt_sv, (size_t)values->n_texts + 1);

    if (!map || !codes || !texts || (!values->distinct && !same))
        return link_no_memory(err);
    if (!values->distinct) {
        PT_TRY(link_number_texts(same, map, &distinct, values->texts + 1, values->n_texts, t->pool, err));
        memset(map, 0, ((size_t)values->n_texts + 1) * sizeof *map);
    }
    number_again(c, texts, codes, map, values->distinct ? NULL : same, values, t->records.n);
    c->codes = codes;
    t->texts[number] = texts;
    return count_values(t, c, err);
}

pt_rc pt_link_add_coded(pt_link_table *t, const char *name, const pt_link_coded *values, uint32_t n, uint32_t *column,
                        pt_err *err)
{
    uint32_t *map = pt_zalloc((size_t)values->n_texts + 1, sizeof *map);
    uint32_t *same = values->distinct ? NULL : pt_alloc64((size_t)values->n_texts + 1, sizeof *same);
    pt_rc rc = link_new_column(t, name, -1, column, err);

    t->records.n = n;
    if (rc == PT_OK)
        rc = keep_coded(t, *column, map, same, values, err);
    if (rc == PT_OK && !values->untested)
        rc = link_lay_out(t, *column, err);
    free(map);
    free(same);
    return rc;
}
