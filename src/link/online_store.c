#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "link/online_int.h"
#include "link/sign.h"

static uint32_t reserved(const link_store *s)
{
    return 2 * s->queries + 1;
}

static uint32_t query_code(uint32_t query)
{
    return 2 * query + 2;
}

/* Arrays of a column are the store's own: what it made it may change. */
#define OWN(type, array) ((type *)(uintptr_t)(array))

/* --- texts to codes ---------------------------------------------------------------------------------------------------------- */

static size_t place_of(const link_store *s, size_t c, const uint32_t *points, uint64_t n)
{
    const pt_link_column *column = &s->columns[c];
    const link_texts *t = &s->texts[c];
    size_t at = pt_hash64(points, n * sizeof *points) & t->mask;

    for (;; at = (at + 1) & t->mask) {
        uint32_t code = t->codes[at];
        if (!code)
            return at;
        uint64_t from = column->ends[code - 1];
        if (column->ends[code] - from == n && memcmp(column->points + from, points, n * sizeof *points) == 0)
            return at;
    }
}

static bool number_texts(link_store *s, size_t c)
{
    const pt_link_column *column = &s->columns[c];
    size_t slots = 64;

    while (slots < 2 * ((size_t)column->n_values + s->room + 1))
        slots *= 2;
    s->texts[c] = (link_texts){pt_zalloc(slots, sizeof(uint32_t)), slots - 1};
    if (!s->texts[c].codes)
        return false;
    for (uint32_t v = reserved(s) + 1; v <= column->n_values; v++) {
        uint64_t from = column->ends[v - 1];
        s->texts[c].codes[place_of(s, c, column->points + from, column->ends[v] - from)] = v;
    }
    return true;
}

/* --- copies ------------------------------------------------------------------------------------------------------------------ */

static float rarest(const pt_link_column *c)
{
    float least = 1;

    for (uint32_t v = 1; v <= c->n_values; v++)
        least = c->chances[v] < least ? c->chances[v] : least;
    return least;
}

/* Values are counted as they were; those that come later once, like the rarest. */
static bool copy_values(link_store *s, pt_link_column *to, const pt_link_column *from)
{
    uint32_t shift = reserved(s);
    size_t values = (size_t)from->n_values + shift + s->room + 1;
    uint32_t *counts = pt_zalloc(values, sizeof *counts);
    float *chances = from->chances ? pt_alloc64(values, sizeof *chances) : NULL;
    double *numbers = from->numbers ? pt_alloc64(values, sizeof *numbers) : NULL;
    uint64_t *signs = from->signs ? pt_zalloc(values, sizeof *signs) : NULL,
             *places = from->places ? pt_zalloc(values, sizeof *places) : NULL;

    *to = (pt_link_column){.name = from->name, .of = from->of, .n_values = from->n_values + shift, .counts = counts};
    to->chances = chances, to->numbers = numbers, to->signs = signs, to->places = places;
    if (!counts || (from->chances && !chances) || (from->numbers && !numbers) || (from->signs && !signs) ||
        (from->places && !places))
        return false;
    float least = chances ? rarest(from) : 1;
    for (size_t v = 0; v < values; v++) {
        bool known = v > shift && v <= to->n_values;
        counts[v] = known ? from->counts[v - shift] : v > shift;
        if (chances)
            chances[v] = known ? from->chances[v - shift] : least;
        if (numbers)
            numbers[v] = known ? from->numbers[v - shift] : (double)NAN;
        if (signs && known)
            signs[v] = from->signs[v - shift];
        if (places && known)
            places[v] = from->places[v - shift];
    }
    return true;
}

static bool copy_points(link_store *s, size_t c, const pt_link_column *from)
{
    pt_link_column *to = &s->columns[c];
    uint32_t shift = reserved(s);
    uint64_t base = (uint64_t)s->queries * LINK_QUERY_POINTS, n = from->ends[from->n_values];
    uint64_t *ends = pt_zalloc((size_t)to->n_values + s->room + 2, sizeof *ends);

    s->cap_points[c] = base + n + s->room;
    uint32_t *points = malloc((s->cap_points[c] + 1) * sizeof *points);
    to->ends = ends;
    to->points = points;
    if (!ends || !points)
        return false;
    for (uint32_t q = 0; q <= s->queries; q++)
        ends[2 * q + 1] = (uint64_t)q * LINK_QUERY_POINTS;
    for (uint32_t v = 1; v <= from->n_values; v++)
        ends[v + shift] = base + from->ends[v];
    if (n)
        memcpy(points + base, from->points, n * sizeof *points);
    return true;
}

/* Texts that are only there for what follows from them. */
static bool is_untested(const pt_link_column *c)
{
    return !c->ends && !c->numbers;
}

static bool copy_column(link_store *s, size_t c, const pt_link_table *table)
{
    const pt_link_column *from = &table->columns[c];
    uint32_t *codes = pt_zalloc((size_t)s->records.n + 1, sizeof *codes);
    bool copied = copy_values(s, &s->columns[c], from);

    s->columns[c].codes = codes;
    if (!codes || !copied || (from->ends && !copy_points(s, c, from)))
        return false;
    if (is_untested(from))
        return true;
    for (uint32_t i = 0; i < table->records.n; i++)
        codes[s->queries + i] = from->codes[i] ? from->codes[i] + reserved(s) : 0;
    s->is_text[c] = table->texts[c] != NULL;
    return !s->is_text[c] || number_texts(s, c);
}

pt_rc link_store_new(link_store *out, const pt_link_table *table, uint32_t queries, uint32_t room, pt_err *err)
{
    uint64_t n = (uint64_t)table->records.n + queries + room;

    *out = (link_store){.queries = queries, .room = room};
    if (n >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "there are more records than linking can number");
    out->records = (pt_link_records){.n = (uint32_t)n, .n_columns = table->records.n_columns};
    out->records.columns = out->columns;
    for (size_t c = 0; c < out->records.n_columns; c++)
        if (!copy_column(out, c, table))
            return pt_fail_nomem(err, "an index of records");
    return PT_OK;
}

void link_store_free(link_store *s)
{
    for (size_t c = 0; c < s->records.n_columns; c++) {
        pt_link_column *x = &s->columns[c];
        free(OWN(void, x->codes));
        free(OWN(void, x->counts));
        free(OWN(void, x->chances));
        free(OWN(void, x->numbers));
        free(OWN(void, x->signs));
        free(OWN(void, x->places));
        free(OWN(void, x->ends));
        free(OWN(void, x->points));
        free(s->texts[c].codes);
    }
}

/* --- one record -------------------------------------------------------------------------------------------------------------- */

static void set_words(pt_link_column *c, uint32_t code, const pt_link_column *one, uint32_t value)
{
    if (c->signs)
        OWN(uint64_t, c->signs)[code] = one->signs[value];
    if (c->places)
        OWN(uint64_t, c->places)[code] = one->places[value];
    if (c->numbers)
        OWN(double, c->numbers)[code] = one->numbers[value];
}

/* A value of a query, in its own place. */
static uint32_t lend_value(link_store *s, size_t c, uint32_t query, const pt_link_column *one, uint32_t value)
{
    pt_link_column *x = &s->columns[c];
    uint32_t code = query_code(query);

    if (x->ends) {
        uint64_t from = one->ends[value - 1], n = one->ends[value] - from, at = x->ends[code - 1];
        n = n < LINK_QUERY_POINTS ? n : LINK_QUERY_POINTS;
        memcpy(OWN(uint32_t, x->points) + at, one->points + from, n * sizeof *one->points);
        OWN(uint64_t, x->ends)[code] = at + n;
    }
    set_words(x, code, one, value);
    return code;
}

/* Room for the characters of whatever one record brings: keeping its values cannot fail then. Of columns beside another one, values
 * that it has and they lack come, too. */
static bool reserve(link_store *s, const pt_link_table *one)
{
    for (size_t c = 0; c < s->records.n_columns; c++) {
        pt_link_column *x = &s->columns[c];
        const pt_link_column *from = &one->columns[c];
        uint32_t value = from->codes[0] ? from->codes[0] : 1, *points = OWN(uint32_t, x->points);
        if (!x->ends || !from->n_values)
            continue;
        uint64_t values = s->is_text[c] ? 1 : (uint64_t)s->columns[from->of].n_values + 1 - x->n_values;
        uint64_t need = x->ends[x->n_values] + values * (from->ends[value] - from->ends[value - 1]);
        if (!pt_grow(&points, &s->cap_points[c], need + 1, sizeof *points))
            return false;
        x->points = points;
    }
    return true;
}

/* A value for good. There is room for its characters, and for as many values as for records. */
static uint32_t keep_value(link_store *s, size_t c, const pt_link_column *one, uint32_t value)
{
    pt_link_column *x = &s->columns[c];
    uint32_t code = x->n_values + 1;

    if (x->ends) {
        uint64_t from = one->ends[value - 1], n = one->ends[value] - from, at = x->ends[code - 1];
        memcpy(OWN(uint32_t, x->points) + at, one->points + from, n * sizeof *one->points);
        OWN(uint64_t, x->ends)[code] = at + n;
    }
    set_words(x, code, one, value);
    x->n_values = code;
    return code;
}

/* The code of a text, new or not. */
static uint32_t code_of_text(link_store *s, size_t c, uint32_t at, const pt_link_column *one, uint32_t value)
{
    uint64_t from = one->ends[value - 1], n = one->ends[value] - from;
    size_t place = place_of(s, c, one->points + from, n);

    if (s->texts[c].codes[place])
        return s->texts[c].codes[place];
    if (at < s->queries)
        return lend_value(s, c, at, one, value);
    return s->texts[c].codes[place] = keep_value(s, c, one, value);
}

/* Columns of numbers and of lists have the codes of the column that they follow from: *source, the record's there. */
static uint32_t code_beside(link_store *s, size_t c, uint32_t at, uint32_t source, const pt_link_column *one,
                            uint32_t value)
{
    if (at < s->queries && source == query_code(at))
        return value ? lend_value(s, c, at, one, value) : 0;
    while (s->columns[c].n_values < source)
        keep_value(s, c, one, value ? value : 1);
    return value ? source : 0;
}

pt_rc link_store_set(link_store *s, uint32_t at, const pt_link_table *one, pt_err *err)
{
    if (at >= s->queries && !reserve(s, one))
        return pt_fail_nomem(err, "an index of records");
    for (size_t c = 0; c < s->records.n_columns; c++) {
        const pt_link_column *from = &one->columns[c];
        uint32_t value = from->codes[0], code = 0, *codes = OWN(uint32_t, s->columns[c].codes);
        if (is_untested(&s->columns[c]))
            continue;
        if (s->is_text[c])
            code = value ? code_of_text(s, c, at, from, value) : 0;
        else if (s->columns[from->of].codes[at])
            code = code_beside(s, c, at, s->columns[from->of].codes[at], from, value);
        codes[at] = code;
    }
    return PT_OK;
}
