/* Linking from columns to groups as a whole: over persons who do not exist, and over columns that make no sense. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "link/compete.h"
#include "link/learn.h"
#include "support/invented.h"
#include "support/link_people.h"
#include "support/test.h"

enum { MOST_FIELDS = INVENTED_FIELDS };
#define AUTO 4.25 /* bits: probability 0.95 */

typedef struct whole {
    pt_arena *arena;
    pt_link_setup *setup;
    pt_pool *pool;
    size_t n_fields;
    invented_field fields[MOST_FIELDS];
    pt_sv *values[MOST_FIELDS];
    uint32_t n, *person, *group;
    pt_link_pair *pairs;
    size_t n_pairs;
    pt_err err;
} whole;

static void start(whole *w, const invented_field *fields, size_t n_fields, uint32_t n)
{
    *w = (whole){.arena = pt_arena_new(0), .n_fields = n_fields, .n = n};
    w->setup = PT_NEW(w->arena, pt_link_setup);
    memcpy(w->fields, fields, n_fields * sizeof *fields);
    for (size_t f = 0; f < n_fields; f++)
        w->values[f] = PT_NEW_ARRAY(w->arena, pt_sv, (size_t)n + 1);
    w->person = PT_NEW_ARRAY(w->arena, uint32_t, (size_t)n + 1);
    w->group = PT_NEW_ARRAY(w->arena, uint32_t, (size_t)n + 1);
}

static void finish(whole *w)
{
    free(w->pairs);
    pt_pool_free(w->pool);
    pt_latin_free(w->setup->latin);
    pt_arena_free(w->arena);
}

/* From columns to groups with defaults. */
static pt_rc run(whole *w)
{
    pt_link_training t = {.seed = 1};
    pt_link_setup *s = w->setup;
    pt_link_model m;
    pt_link_blocks *b;

    s->table.arena = w->arena;
    PT_TRY(pt_latin_open(&s->latin, &w->err));
    PT_TRY(pt_pool_new(&w->pool, 2, &w->err));
    t.pool = w->pool;
    for (size_t f = 0; f < w->n_fields; f++)
        PT_TRY(pt_link_add_field(s, w->fields[f].name, w->fields[f].kind, w->values[f], w->n, &w->err));
    PT_TRY(pt_link_set_up(s, &w->err));
    PT_TRY(pt_link_learn(&m, s, &t, &w->err));
    PT_TRY(pt_link_blocks_new(&b, &s->table.records, s->rules, s->n_rules, 0, w->pool, &w->err));
    pt_rc rc = pt_link_propose(&w->pairs, &w->n_pairs, &m, &s->table.records, b, NULL, 0, w->pool, &w->err);
    pt_link_blocks_free(b);
    PT_TRY(rc);
    for (size_t i = 0; i < w->n_pairs; i++)
        CHECK(!isnan(w->pairs[i].weight) && w->pairs[i].a < w->pairs[i].b && w->pairs[i].b < w->n);
    PT_TRY(pt_link_cluster(w->group, &m, &s->table.records, NULL, w->pairs, w->n_pairs, AUTO, w->pool, &w->err));
    for (uint32_t i = 0; i < w->n; i++) /* each group is named by its first record */
        CHECK(w->group[i] <= i && w->group[w->group[i]] == w->group[i]);
    return PT_OK;
}

/* Record i is number order[i] of those invented. */
static void invent(whole *w, invented_kind kind, uint32_t n, uint64_t seed, const uint32_t *order)
{
    const invented_field *fields;
    size_t n_fields = invented_fields(&fields, kind);
    invented *g = invented_new(kind, n, seed);
    uint32_t *place = malloc((n + 1) * sizeof *place);
    invented_record r;

    start(w, fields, n_fields, n);
    for (uint32_t i = 0; i < n; i++)
        place[order ? order[i] : i] = i;
    for (uint32_t i = 0; i < n && invented_next(g, &r); i++) {
        for (size_t f = 0; f < n_fields; f++)
            w->values[f][place[i]] = pt_sv_of(pt_arena_strdup(w->arena, r.text[f]));
        w->person[place[i]] = (uint32_t)r.person;
    }
    free(place);
    invented_free(g);
}

static link_quality quality_of(const whole *w)
{
    return link_groups_f1(&(link_people){.n = w->n, .person = w->person}, w->group);
}

/* --- persons who do not exist ------------------------------------------------------------------------------------------------ */

enum { INVENTED = 2000 };

static void check_invented(invented_kind kind, double least_f1)
{
    for (uint64_t seed = 11; seed <= 12; seed++) {
        whole w;
        invent(&w, kind, INVENTED, seed, NULL);
        CHECK_INT(run(&w), PT_OK);
        link_quality q = quality_of(&w);
        if (getenv("LINK_F1"))
            printf("invented %d, seed %d: F1 %.4f P %.4f R %.4f\n", (int)kind, (int)seed, q.f1, q.precision, q.recall);
        CHECK(q.precision >= 0.98);
        CHECK(q.f1 >= least_f1);
        finish(&w);
    }
}

TEST(link_whole__invented_westerners_are_found)
{
    check_invented(INVENTED_WESTERN, 0.95);
}

TEST(link_whole__invented_chinese_are_found)
{
    check_invented(INVENTED_CHINESE, 0.95);
}

/* Families share more that is rare the more records there are, and are not to become one person for it. */
TEST(link_whole__families_among_many_stay_persons)
{
    enum { MANY = 20000 };
    whole w;

    invent(&w, INVENTED_WESTERN, MANY, 1, NULL);
    CHECK_INT(run(&w), PT_OK);
    link_quality q = quality_of(&w);
    if (getenv("LINK_F1"))
        printf("many: F1 %.4f P %.4f R %.4f\n", q.f1, q.precision, q.recall);
    CHECK(q.precision >= 0.98);
    CHECK(q.f1 >= 0.975);
    finish(&w);
}

/* --- what must not matter ---------------------------------------------------------------------------------------------------- */

static void shuffle(uint32_t *order, uint32_t n, uint64_t seed)
{
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    for (uint32_t i = 0; i < n; i++)
        order[i] = i;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = (uint32_t)pt_rng_below(&rng, i), swap = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swap;
    }
}

/* Few enough records that u comes from all pairs, so nothing is drawn. */
static void check_order(invented_kind kind)
{
    enum { N = 800 };
    static uint32_t order[N];
    whole one, other;

    shuffle(order, N, 7);
    invent(&one, kind, N, 5, NULL);
    invent(&other, kind, N, 5, order);
    CHECK_INT(run(&one), PT_OK);
    CHECK_INT(run(&other), PT_OK);
    CHECK_INT(one.n_pairs, other.n_pairs);
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = i + 1; j < N; j++)
            CHECK_INT(other.group[i] == other.group[j], one.group[order[i]] == one.group[order[j]]);
    finish(&one);
    finish(&other);
}

TEST(link_whole__order_of_records_changes_nothing)
{
    check_order(INVENTED_WESTERN);
    check_order(INVENTED_CHINESE);
}

/* A stranger more, and the others stay together as they were but for very few. */
TEST(link_whole__a_stranger_changes_little)
{
    enum { N = 800 };
    whole one, more;
    uint32_t changed = 0;

    invent(&one, INVENTED_WESTERN, N, 6, NULL);
    invent(&more, INVENTED_WESTERN, N, 6, NULL);
    for (size_t f = 0; f < more.n_fields; f++)
        more.values[f][N] = more.fields[f].kind == PT_LINK_BIRTH ? PT_SV("1901-01-01") : PT_SV("Xyzzyqq");
    more.n = N + 1;
    CHECK_INT(run(&one), PT_OK);
    CHECK_INT(run(&more), PT_OK);
    for (uint32_t i = 0; i < N; i++)
        changed += one.group[i] != more.group[i];
    CHECK_INT(more.group[N], N);
    CHECK(changed <= N / 200);
    finish(&one);
    finish(&more);
}

/* --- columns that make no sense ---------------------------------------------------------------------------------------------- */

static const invented_field all_kinds[] = {
    {"name", PT_LINK_PERSON},     {"born", PT_LINK_BIRTH},  {"sex", PT_LINK_GENDER},
    {"phone", PT_LINK_PHONE},     {"mail", PT_LINK_EMAIL},  {"no", PT_LINK_NUMBERED},
    {"address", PT_LINK_ADDRESS}, {"place", PT_LINK_PLACE}, {"post", PT_LINK_POSTCODE}};

static void check_values(uint32_t n, pt_sv (*value)(pt_arena *arena, size_t field, uint32_t record))
{
    whole w;

    start(&w, all_kinds, PT_COUNT(all_kinds), n);
    for (size_t f = 0; f < w.n_fields; f++)
        for (uint32_t i = 0; i < n; i++)
            w.values[f][i] = value(w.arena, f, i);
    pt_rc rc = run(&w);
    CHECK_INT(rc, n < 2 ? PT_EINVAL : PT_OK);
    finish(&w);
}

static pt_sv nothing(pt_arena *arena, size_t field, uint32_t record)
{
    (void)arena, (void)field, (void)record;
    return (pt_sv){0};
}

static pt_sv the_same(pt_arena *arena, size_t field, uint32_t record)
{
    static const char *const values[] = {"张伟", "1980-02-03", "男",   "13800001111", "a@b.cn",
                                         "77",   "街1号2室",   "上海", "200000"};

    (void)arena, (void)record;
    return pt_sv_of(values[field]);
}

static pt_sv half_missing(pt_arena *arena, size_t field, uint32_t record)
{
    return field % 2 || record % 3 == 0 ? (pt_sv){0} : pt_sv_of(pt_arena_printf(arena, "%u", record / 2 % 40));
}

static pt_sv broken(pt_arena *arena, size_t field, uint32_t record)
{
    pt_rng rng;
    char bytes[24];

    pt_rng_seed(&rng, (uint64_t)field << 32 | record / 2);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(pt_rng_below(&rng, 4) ? 0x80 + pt_rng_below(&rng, 128) : pt_rng_below(&rng, 128));
    return (pt_sv){pt_arena_strndup(arena, bytes, sizeof bytes), sizeof bytes};
}

static pt_sv huge(pt_arena *arena, size_t field, uint32_t record)
{
    enum { BYTES = 100000 };
    char *bytes = PT_NEW_ARRAY(arena, char, BYTES);

    for (size_t i = 0; i < BYTES; i++)
        bytes[i] = "张a1*@.-|"[(i * 7 + record / 2 + field) % 11];
    return (pt_sv){bytes, BYTES};
}

TEST(link_whole__takes_what_comes)
{
    check_values(1, the_same);
    check_values(2, the_same);
    check_values(0, nothing);
    check_values(300, nothing);
    check_values(600, the_same);
    check_values(400, half_missing);
    check_values(200, broken);
    check_values(12, huge);
}
