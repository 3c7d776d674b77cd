/* Setups of invented persons: alike on any number of threads, and from texts as from codes. */
#include <stdlib.h>

#include "base/intern.h"
#include "link/distinct.h"
#include "support/invented.h"
#include "support/test.h"

enum { RECORDS = 30000 };

typedef struct persons {
    const invented_field *fields;
    size_t n_fields;
    pt_intern *texts[INVENTED_FIELDS];
    uint32_t *codes[INVENTED_FIELDS];
} persons;

static void make_persons(persons *p, invented_kind kind)
{
    invented *g = invented_new(kind, RECORDS, 11);
    invented_record r;

    CHECK(g != NULL);
    p->n_fields = invented_fields(&p->fields, kind);
    for (size_t f = 0; f < p->n_fields; f++) {
        p->texts[f] = pt_intern_new();
        p->codes[f] = pt_alloc64(RECORDS, sizeof(uint32_t));
        pt_intern_add(p->texts[f], PT_SV("nobody has this")); /* codes have gaps, and are not in order */
        pt_intern_add(p->texts[f], PT_SV(""));
    }
    for (uint32_t i = RECORDS; i-- > 0 && invented_next(g, &r);)
        for (size_t f = 0; f < p->n_fields; f++)
            p->codes[f][i] = r.text[f][0] || i % 2 ? pt_intern_add(p->texts[f], pt_sv_of(r.text[f])) : 0;
    invented_free(g);
}

static void free_persons(persons *p)
{
    for (size_t f = 0; f < p->n_fields; f++) {
        pt_intern_free(p->texts[f]);
        free(p->codes[f]);
    }
}

static pt_link_setup *set_up(const persons *p, bool coded, pt_pool *pool)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup *s = PT_NEW(arena, pt_link_setup);
    pt_sv *values = PT_NEW_ARRAY(arena, pt_sv, RECORDS);
    pt_err err = {0};

    s->table.arena = arena;
    s->table.pool = pool;
    CHECK_OK(pt_latin_open(&s->latin, &err));
    for (size_t f = 0; f < p->n_fields; f++) {
        const pt_dict *texts = pt_intern_dict(p->texts[f]);
        const invented_field *x = &p->fields[f];
        for (uint32_t i = 0; i < RECORDS; i++)
            values[i] = p->codes[f][i] ? pt_dict_text(texts, p->codes[f][i]) : (pt_sv){0};
        if (coded)
            CHECK_OK(pt_link_add_coded_field(s, x->name, x->kind, texts, p->codes[f], RECORDS, &err));
        else
            CHECK_OK(pt_link_add_field(s, x->name, x->kind, values, RECORDS, &err));
    }
    CHECK_OK(pt_link_set_up(s, &err));
    return s;
}

static void free_setup(pt_link_setup *s)
{
    pt_latin_free(s->latin);
    pt_arena_free(s->table.arena);
}

static bool same_bytes(const void *a, const void *b, size_t n)
{
    return a && b ? memcmp(a, b, n) == 0 : a == b;
}

static void check_same_column(const pt_link_table *t, const pt_link_table *u, uint32_t c)
{
    const pt_link_column *x = &t->columns[c], *y = &u->columns[c];
    size_t values = (size_t)x->n_values + 1;

    CHECK_STR(x->name, y->name);
    CHECK_INT(x->n_values, y->n_values);
    CHECK_INT(x->of, y->of);
    CHECK(same_bytes(x->codes, y->codes, RECORDS * sizeof *x->codes));
    CHECK(same_bytes(x->counts, y->counts, values * sizeof *x->counts));
    CHECK(same_bytes(x->ends, y->ends, values * sizeof *x->ends));
    CHECK(same_bytes(x->points, y->points, (x->ends ? x->ends[x->n_values] : 0) * sizeof *x->points));
    CHECK(same_bytes(x->numbers, y->numbers, values * sizeof *x->numbers));
    CHECK(same_bytes(x->signs, y->signs, values * sizeof *x->signs));
    CHECK(same_bytes(x->places, y->places, values * sizeof *x->places));
    CHECK(same_bytes(x->chances, y->chances, values * sizeof *x->chances));
    CHECK((t->texts[c] != NULL) == (u->texts[c] != NULL));
    for (uint32_t v = 1; t->texts[c] && u->texts[c] && v <= x->n_values; v++)
        CHECK(pt_sv_eq(t->texts[c][v], u->texts[c][v]));
}

static void check_same_rules(const pt_link_rule *a, const pt_link_rule *b, size_t n)
{
    for (size_t r = 0; r < n; r++) {
        CHECK_STR(a[r].name, b[r].name);
        CHECK(a[r].columns == b[r].columns);
        CHECK(same_bytes(a[r].starts, b[r].starts, (RECORDS + 1) * sizeof *a[r].starts));
        CHECK(same_bytes(a[r].keys, b[r].keys, a[r].starts[RECORDS] * sizeof *a[r].keys));
    }
}

static void check_same(const pt_link_setup *s, const pt_link_setup *t)
{
    CHECK_INT(s->table.records.n_columns, t->table.records.n_columns);
    for (uint32_t c = 0; c < s->table.records.n_columns; c++)
        check_same_column(&s->table, &t->table, c);
    CHECK(s->n_rules == t->n_rules && s->n_training == t->n_training && s->n_sure == t->n_sure);
    check_same_rules(s->rules, t->rules, s->n_rules);
    check_same_rules(s->training, t->training, s->n_training);
    check_same_rules(s->sure, t->sure, s->n_sure);
}

static void compare_setups(invented_kind kind)
{
    persons p;
    pt_err err = {0};

    make_persons(&p, kind);
    pt_link_setup *texts = set_up(&p, false, NULL), *codes = set_up(&p, true, NULL);
    check_same(texts, codes);
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        pt_pool *pool;
        CHECK_OK(pt_pool_new(&pool, threads, &err));
        pt_link_setup *several = set_up(&p, threads > 1, pool);
        check_same(texts, several);
        free_setup(several);
        pt_pool_free(pool);
    }
    free_setup(codes);
    free_setup(texts);
    free_persons(&p);
}

TEST(link_columns__western_setups_are_alike_on_any_threads)
{
    compare_setups(INVENTED_WESTERN);
}

TEST(link_columns__chinese_setups_are_alike_on_any_threads)
{
    compare_setups(INVENTED_CHINESE);
}

/* Values of columns against their texts: records have the same code where they have the same text, in order of appearance. */
TEST(link_columns__codes_say_which_texts_are_equal)
{
    pt_sv values[] = {PT_SV("b"), PT_SV(""), PT_SV("a"), PT_SV("b"), PT_SV("\xff"), PT_SV("a"), PT_SV("张")};
    static const uint32_t codes[] = {1, 0, 2, 1, 3, 2, 4};
    pt_link_table t = {.arena = pt_arena_new(0)};
    uint32_t column;
    pt_err err = {0};

    CHECK_OK(pt_link_add_texts(&t, "letters", values, PT_COUNT(values), &column, &err));
    const pt_link_column *c = &t.columns[column];
    CHECK_INT(c->n_values, 4);
    for (size_t i = 0; i < PT_COUNT(values); i++)
        CHECK_INT(c->codes[i], codes[i]);
    CHECK(c->counts[0] == 1 && c->counts[1] == 2 && c->counts[2] == 2 && c->counts[3] == 1 && c->counts[4] == 1);
    CHECK_INT(c->ends[4], 4);
    CHECK(c->points[0] == 'b' && c->points[1] == 'a' && c->points[2] == 0xFFFD && c->points[3] == 0x5F20);
    pt_arena_free(t.arena);
}

/* Texts that are there twice under two codes are one value. */
TEST(link_columns__equal_texts_of_two_codes_are_one_value)
{
    const pt_sv texts[] = {{0}, PT_SV("x"), PT_SV("y"), PT_SV("x"), PT_SV("")};
    static const uint32_t codes[] = {3, 2, 4, 1, 0};
    pt_link_coded values = {.texts = texts, .n_texts = 4, .codes = codes};
    pt_link_table t = {.arena = pt_arena_new(0)};
    uint32_t column;
    pt_err err = {0};

    CHECK_OK(pt_link_add_coded(&t, "letters", &values, 5, &column, &err));
    const uint32_t *got = t.columns[column].codes;
    CHECK_INT(t.columns[column].n_values, 2);
    CHECK(got[0] == 1 && got[1] == 2 && got[2] == 0 && got[3] == 1 && got[4] == 0);
    pt_arena_free(t.arena);
}
