#include "support/real_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/str.h"
#include "base/time.h"
#include "source/text_file.h"
#include "support/test.h"

enum { MOST_COLUMNS = 64, MOST_CUSTOMERS = 20000 };

static pt_sv read_shared(const char *file, pt_arena *a)
{
    pt_err err;
    const char *folder = test_shared_data();
    const char *path = folder ? pt_arena_printf(a, "%s/%s", folder, file) : NULL;
    pt_sv text;

    if (!path || !pt_is_file(path))
        test_skip("the shared data are not here");
    if (pt_is_compressed(path)) {
        const char *plain = pt_arena_printf(a, "%s/plain.csv", test_dir());
        CHECK_OK(pt_decompress(plain, path, &err));
        path = plain;
    }
    CHECK_OK(pt_read_file(&text, path, 0, a, &err));
    if (pt_sv_has_prefix(text, "\xEF\xBB\xBF"))
        text = (pt_sv){text.ptr + 3, text.len - 3};
    return text;
}

/* The next cell of the line; quotes around one are taken off. */
static pt_sv next_cell(pt_sv *line, char separator)
{
    const bool quoted = line->len && line->ptr[0] == '"';
    const char *end = quoted ? memchr(line->ptr + 1, '"', line->len - 1) : line->ptr;
    pt_sv cell;

    CHECK(end);
    while (end < line->ptr + line->len && *end != separator)
        end++;
    cell = (pt_sv){line->ptr + quoted, (size_t)(end - line->ptr) - 2 * quoted};
    line->len -= (size_t)(end - line->ptr) + (end < line->ptr + line->len);
    line->ptr = end + 1;
    return cell;
}

static bool next_line(pt_sv *text, pt_sv *line)
{
    const char *end;

    if (!text->len)
        return false;
    end = memchr(text->ptr, '\n', text->len);
    *line = (pt_sv){text->ptr, end ? (size_t)(end - text->ptr) : text->len};
    text->ptr += line->len + (end != NULL);
    text->len -= line->len + (end != NULL);
    if (line->len && line->ptr[line->len - 1] == '\r')
        line->len--;
    return true;
}

static bool listed(const char *const *names, pt_sv name)
{
    for (; *names; names++)
        if (pt_sv_eq(pt_sv_of(*names), name))
            return true;
    return false;
}

static float number_of(pt_sv cell)
{
    double v;

    if (pt_sv_eq(cell, PT_SV("TRUE")) || pt_sv_eq(cell, PT_SV("FALSE")))
        return cell.ptr[0] == 'T' ? 1.0F : 0.0F;
    return pt_parse_double(&v, cell) ? (float)v : NAN;
}

static uint32_t code_of(const char **names, size_t *n, pt_sv cell, pt_arena *a)
{
    for (uint32_t i = 0; i < *n; i++)
        if (pt_sv_eq(pt_sv_of(names[i]), cell))
            return i;
    names[*n] = pt_arena_strndup(a, cell.ptr, cell.len);
    return (uint32_t)(*n)++;
}

/* A column of text unless its first cell is a number. */
static void begin_feature(pt_feature *f, pt_sv cell, size_t rows, pt_arena *a)
{
    f->kind = cell.len == 0 || !isnan(number_of(cell)) ? PT_FEATURE_NUMBER : PT_FEATURE_CATEGORY;
    f->numbers = PT_NEW_ARRAY(a, float, rows);
    f->codes = PT_NEW_ARRAY(a, uint32_t, rows);
    f->names = PT_NEW_ARRAY(a, const char *, 1000);
    CHECK(f->numbers && f->codes && f->names);
}

static void put_cell(pt_feature *f, size_t row, pt_sv cell, size_t rows, pt_arena *a)
{
    if (row == 0)
        begin_feature(f, cell, rows, a);
    if (f->kind == PT_FEATURE_NUMBER)
        ((float *)(uintptr_t)f->numbers)[row] = number_of(cell);
    else
        ((uint32_t *)(uintptr_t)f->codes)[row] = code_of((const char **)(uintptr_t)f->names, &f->n_names, cell, a);
}

pt_table real_table(const char *file, char separator, const char *target, const char *const *left_out, pt_arena *a)
{
    pt_sv text = read_shared(file, a), line;
    pt_sv heads[MOST_COLUMNS];
    int place[MOST_COLUMNS]; /* of the feature; -1: the target, -2: not read */
    size_t columns = 0, rows = 0;
    pt_feature *features = PT_NEW_ARRAY(a, pt_feature, MOST_COLUMNS);
    pt_table t = {.features = features};

    for (const char *c = text.ptr; c < text.ptr + text.len; c++)
        rows += *c == '\n';
    float *y = PT_NEW_ARRAY(a, float, rows + 1);
    CHECK(features && y && next_line(&text, &line));
    for (; line.len; columns++) {
        heads[columns] = next_cell(&line, separator);
        place[columns] = listed(left_out, heads[columns]) ? -2 : -1;
        if (place[columns] == -1 && !(target && pt_sv_eq(heads[columns], pt_sv_of(target)))) {
            place[columns] = (int)t.n_features;
            features[t.n_features++].name = pt_arena_strndup(a, heads[columns].ptr, heads[columns].len);
        }
    }
    for (; next_line(&text, &line) && line.len; t.rows++)
        for (size_t c = 0; c < columns; c++) {
            const pt_sv cell = next_cell(&line, separator);
            if (place[c] >= 0)
                put_cell(&features[place[c]], t.rows, cell, rows, a);
            else if (place[c] == -1)
                y[t.rows] = number_of(cell);
        }
    if (target) {
        t.target = y;
        t.n_classes = 2;
    }
    return t;
}

/* --- the online retailer -------------------------------------------------------------------------------------------- */

typedef struct buyer {
    int first, last; /* days */
    double orders, lines, spend, quantity;
    char invoice[16];
    bool before, after;
} buyer;

/* Days of "2010-12-01 ...". */
static int day_of(pt_sv date)
{
    int32_t day = 0;

    CHECK(date.len >= 10 && pt_date_parse(&day, (pt_sv){date.ptr, 10}));
    return day;
}

static void add_line(buyer *all, pt_sv *line, int cut)
{
    pt_sv cell[8];
    double quantity, price, id;
    buyer *b;

    for (int c = 0; c < 8; c++)
        cell[c] = next_cell(line, ',');
    if (!pt_parse_double(&quantity, cell[3]) || !pt_parse_double(&price, cell[5]) || !pt_parse_double(&id, cell[6]) ||
        quantity <= 0 || price <= 0)
        return;
    b = &all[(size_t)id];
    const int day = day_of(cell[4]);
    if (day >= cut) {
        b->after = true;
        return;
    }
    b->first = b->before ? (day < b->first ? day : b->first) : day;
    b->last = b->before ? (day > b->last ? day : b->last) : day;
    b->before = true;
    /* invoices lie together in the file */
    b->orders += strlen(b->invoice) != cell[0].len || memcmp(b->invoice, cell[0].ptr, cell[0].len) != 0;
    (void)snprintf(b->invoice, sizeof b->invoice, "%.*s", (int)cell[0].len, cell[0].ptr);
    b->lines++;
    b->spend += quantity * price;
    b->quantity += quantity;
}

pt_table real_retail(pt_arena *a)
{
    static const char *const names[] = {"recency", "tenure", "orders", "lines", "spend", "quantity"};
    enum { FEATURES = PT_COUNT(names) };
    pt_sv text = read_shared("online_retail/online_retail.csv.gz", a), line;
    buyer *all = PT_NEW_ARRAY(a, buyer, MOST_CUSTOMERS);
    pt_feature *features = PT_NEW_ARRAY(a, pt_feature, FEATURES);
    float *target = PT_NEW_ARRAY(a, float, MOST_CUSTOMERS);
    float *values[FEATURES];
    const int cut = day_of(PT_SV("2011-06-01"));
    size_t n = 0;

    CHECK(all && features && target && next_line(&text, &line));
    while (next_line(&text, &line) && line.len)
        add_line(all, &line, cut);
    for (size_t f = 0; f < FEATURES; f++) {
        values[f] = PT_NEW_ARRAY(a, float, MOST_CUSTOMERS);
        CHECK(values[f]);
        features[f] = (pt_feature){.name = names[f], .kind = PT_FEATURE_NUMBER, .numbers = values[f]};
    }
    for (size_t i = 0; i < MOST_CUSTOMERS; i++) {
        const buyer *b = &all[i];
        const double row[FEATURES] = {cut - b->last, cut - b->first, b->orders, b->lines, b->spend, b->quantity};
        if (!b->before)
            continue;
        for (size_t f = 0; f < FEATURES; f++)
            values[f][n] = (float)row[f];
        target[n++] = b->after ? 1.0F : 0.0F;
    }
    return (pt_table){.rows = n, .n_features = FEATURES, .features = features, .target = target, .n_classes = 2};
}

pt_row_set real_fold(const pt_table *t, size_t folds, size_t fold, bool others, pt_arena *a)
{
    uint32_t *rows = PT_NEW_ARRAY(a, uint32_t, t->rows + 1);
    size_t n = 0;

    CHECK(rows);
    for (uint32_t i = 0; i < t->rows; i++)
        if ((i % folds == fold) != others)
            rows[n++] = i;
    return (pt_row_set){rows, n};
}
