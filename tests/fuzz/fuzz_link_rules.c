/* Rules of linking over any bytes: the first line is an expression, the second the column and a level of it, the rest are records, one
 * a line, tabs between their fields. What is read must run: keys are rising, levels fit the columns, pairs are counted. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "form/latin.h"
#include "link/apply.h"
#include "link/count.h"
#include "link/split.h"

enum { MOST_RECORDS = 24, LARGEST = 6 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const pt_link_kind kinds[] = {PT_LINK_PERSON,  PT_LINK_PHONE,  PT_LINK_BIRTH,    PT_LINK_EMAIL,
                                     PT_LINK_ADDRESS, PT_LINK_NUMBER, PT_LINK_LATITUDE, PT_LINK_LONGITUDE,
                                     PT_LINK_LIST,    PT_LINK_PLACE,  PT_LINK_LOCATION};

static pt_sv next_line(pt_sv *rest)
{
    const char *end = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
    pt_sv line = {rest->ptr, end ? (size_t)(end - rest->ptr) : rest->len};

    rest->ptr += line.len + (end != NULL);
    rest->len -= line.len + (end != NULL);
    return line;
}

static int find(void *ctx, pt_sv source, pt_sv column)
{
    (void)ctx, (void)source;
    for (size_t i = 0; i < PT_COUNT(kinds); i++)
        if (pt_sv_eq(column, pt_sv_of(pt_link_kind_name(kinds[i]))))
            return (int)i;
    return -1;
}

static bool add_fields(pt_link_setup *s, pt_sv rest)
{
    static pt_sv values[PT_COUNT(kinds)][MOST_RECORDS];
    uint32_t n = 0;

    memset(values, 0, sizeof values);
    for (; rest.len && n < MOST_RECORDS; n++) {
        pt_sv line = next_line(&rest);
        for (size_t f = 0; f < PT_COUNT(kinds); f++) {
            const char *tab = line.len ? memchr(line.ptr, '\t', line.len) : NULL;
            values[f][n] = (pt_sv){line.ptr, tab ? (size_t)(tab - line.ptr) : line.len};
            line = tab ? (pt_sv){tab + 1, line.len - values[f][n].len - 1} : (pt_sv){line.ptr, 0};
        }
    }
    for (size_t f = 0; f < PT_COUNT(kinds); f++)
        if (pt_link_add_field(s, pt_link_kind_name(kinds[f]), kinds[f], values[f], n, NULL) != PT_OK)
            return false;
    return pt_link_set_up(s, NULL) == PT_OK;
}

static void check_rule(const pt_link_rule *r, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (r->starts[i] > r->starts[i + 1])
            abort();
        for (uint64_t k = r->starts[i]; k + 1 < r->starts[i + 1]; k++)
            if (r->keys[k] > r->keys[k + 1])
                abort();
    }
}

static void run_keys(pt_link_setup *s, const pt_link_expr *e, pt_pool *pool)
{
    pt_link_naming naming = {NULL, find};
    pt_link_counts counts;

    if (pt_link_apply_keys(s, s->rules, &s->n_rules, "fuzz", e, &naming, NULL) != PT_OK ||
        pt_link_split(s, &s->rules[s->n_rules - 1], LARGEST, NULL) != PT_OK)
        abort();
    check_rule(&s->rules[s->n_rules - 1], s->table.records.n);
    if (pt_link_count(&counts, s, 0, pool, NULL) != PT_OK || counts.total > counts.sum)
        abort();
}

static void run_level(pt_link_setup *s, int field, const pt_link_level_rule *level)
{
    pt_link_naming naming = {NULL, find};
    pt_link_wish wish = {&level, 1, 1, 2};
    pt_link_model model = {.comparisons = s->comparisons, .prior = 0.1};
    pt_link_evidence e;

    if (field < 0 || pt_link_apply_wish(s, (uint32_t)field, &wish, &naming, NULL) != PT_OK)
        return;
    model.n_comparisons = s->n_fields;
    if (pt_link_check(&model, &s->table.records, NULL) != PT_OK)
        abort();
    pt_link_preset(&model);
    for (uint32_t b = 1; b < s->table.records.n; b++)
        if (pt_link_explain(&e, &model, &s->table.records, 0, b, NULL) != PT_OK)
            abort();
    if (pt_link_leave_out(s, (uint32_t)field, NULL) != PT_OK)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static pt_latin *latin;
    static pt_pool *pool;
    pt_arena *arena = pt_arena_new(0);
    pt_diags diags = {0};
    pt_sv rest = {(const char *)data, size}, text = next_line(&rest), said = next_line(&rest);
    const char *blank = said.len ? memchr(said.ptr, ' ', said.len) : NULL;
    pt_sv column = {said.ptr, blank ? (size_t)(blank - said.ptr) : said.len};
    pt_sv level_text = {said.ptr + column.len, said.len - column.len};
    const pt_link_level_rule *level;
    const pt_link_expr *expr;

    if (!latin && (pt_latin_open(&latin, NULL) != PT_OK || pt_pool_new(&pool, 1, NULL) != PT_OK))
        abort();
    pt_diags_init(&diags, arena);
    pt_link_setup *s = PT_NEW(arena, pt_link_setup);
    s->table.arena = arena;
    s->latin = latin;
    pt_place place = {.file = "fuzz", .text = text, .line = 1, .col = 1, .length = 1};
    if (pt_link_read_expr(&expr, text, place, &diags, arena, NULL) != PT_OK || (!expr && !diags.errors))
        abort();
    size_t errors = diags.errors;
    place.text = level_text;
    if (pt_link_read_level(&level, level_text, place, &diags, arena, NULL) != PT_OK ||
        (!level && diags.errors == errors))
        abort();
    if ((expr || level) && !add_fields(s, rest))
        abort();
    if (expr)
        run_keys(s, expr, pool);
    if (level)
        run_level(s, find(NULL, (pt_sv){0}, column), level);
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return 0;
}
