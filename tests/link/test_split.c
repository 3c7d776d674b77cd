/* Blocks that explode, against the plain definition over all pairs. */
#include "base/rng.h"
#include "form/latin.h"
#include "link/split.h"
#include "support/test.h"

enum { RECORDS = 400, LARGEST = 20 };

static bool share_key(const pt_link_rule *r, uint32_t a, uint32_t b)
{
    for (uint64_t i = r->starts[a]; i < r->starts[a + 1]; i++)
        for (uint64_t j = r->starts[b]; j < r->starts[b + 1]; j++)
            if (r->keys[i] == r->keys[j])
                return true;
    return false;
}

static void open_setup(pt_link_setup *s, pt_arena *arena)
{
    static const char *const cities[] = {"Leeds", "York", "Hull", ""};
    pt_sv births[RECORDS], places[RECORDS], notes[RECORDS];
    pt_err err = {0};
    pt_rng rng;

    *s = (pt_link_setup){.table = {.arena = arena}};
    pt_rng_seed(&rng, 7);
    CHECK_OK(pt_latin_open(&s->latin, &err));
    for (size_t i = 0; i < RECORDS; i++) {
        const char *birth = pt_arena_printf(arena, "%u-05-01", 1960 + (unsigned)pt_rng_below(&rng, 30));
        births[i] = pt_rng_below(&rng, 4) ? pt_sv_of(birth) : (pt_sv){0};
        places[i] = pt_sv_of(cities[pt_rng_below(&rng, 4)]);
        notes[i] = pt_sv_of(pt_arena_printf(arena, "note %u", (unsigned)i));
    }
    CHECK_OK(pt_link_add_field(s, "birth", PT_LINK_BIRTH, births, RECORDS, &err));
    CHECK_OK(pt_link_add_field(s, "city", PT_LINK_PLACE, places, RECORDS, &err));
    CHECK_OK(pt_link_add_field(s, "note", PT_LINK_WORDS, notes, RECORDS, &err));
    CHECK_OK(pt_link_set_up(s, &err));
}

/* Keys 1 (two thirds of all records), 3 (some twenty), and many that few have. */
static pt_link_rule make_rule(pt_arena *arena, uint64_t columns)
{
    uint64_t *starts = PT_NEW_ARRAY(arena, uint64_t, RECORDS + 1), *keys = PT_NEW_ARRAY(arena, uint64_t, RECORDS * 2),
             n = 0;

    for (uint64_t i = 0; i < RECORDS; i++) {
        starts[i] = n;
        if (i % 3)
            keys[n++] = 1;
        if (i % LARGEST == 0)
            keys[n++] = 3;
        else if (i % 5)
            keys[n++] = 100 + i / 2;
    }
    starts[RECORDS] = n;
    return (pt_link_rule){.name = "made up", .starts = starts, .keys = keys, .columns = columns};
}

static bool agree(const pt_link_setup *s, uint32_t column, uint32_t a, uint32_t b)
{
    const uint32_t *codes = s->table.columns[column].codes;

    return codes[a] && codes[a] == codes[b];
}

TEST(link_split__pairs_of_a_large_block_stay_where_something_else_agrees)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup s;
    pt_err err = {0};

    open_setup(&s, arena);
    pt_link_rule before = make_rule(arena, 0), r = before;
    CHECK_OK(pt_link_split(&s, &r, LARGEST, &err));
    CHECK_INT(r.split, 1);
    CHECK_INT(r.split_largest, RECORDS * 2 / 3);
    for (uint32_t a = 0; a < RECORDS; a++) {
        for (uint64_t k = r.starts[a]; k + 1 < r.starts[a + 1]; k++)
            CHECK(r.keys[k] < r.keys[k + 1]);
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            bool large = a % 3 && b % 3, small = (a % LARGEST == 0 && b % LARGEST == 0) ||
                                                 (a / 2 == b / 2 && a % 5 && b % 5 && a % LARGEST && b % LARGEST);
            bool alike = agree(&s, s.fields[0].year, a, b) || agree(&s, s.fields[1].column, a, b);
            CHECK_INT(share_key(&r, a, b), small || (large && alike));
        }
    }
    CHECK(r.columns >> s.fields[0].column & 1 && r.columns >> s.fields[1].column & 1 &&
          !(r.columns >> s.fields[2].column & 1));
    pt_latin_free(s.latin);
    pt_arena_free(arena);
}

/* What the keys follow from takes nobody apart. */
TEST(link_split__a_rule_is_not_split_by_its_own_columns)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup s;
    pt_err err = {0};

    open_setup(&s, arena);
    pt_link_rule r = make_rule(arena, UINT64_C(1) << s.fields[0].column | UINT64_C(1) << s.fields[1].column);
    CHECK_OK(pt_link_split(&s, &r, LARGEST, &err));
    for (uint32_t b = 2; b < RECORDS; b++)
        CHECK(!share_key(&r, 1, b));
    pt_latin_free(s.latin);
    pt_arena_free(arena);
}

TEST(link_split__small_blocks_stay_as_they_are)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup s;
    pt_err err = {0};

    open_setup(&s, arena);
    pt_link_rule before = make_rule(arena, 0), r = before;
    CHECK_OK(pt_link_split(&s, &r, RECORDS, &err));
    CHECK(r.keys == before.keys && r.starts == before.starts && r.split == 0);
    pt_latin_free(s.latin);
    pt_arena_free(arena);
}
