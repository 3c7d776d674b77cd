/* The examples' invented data: the same bytes for the same numbers, and ids that hold what ids promise. */
#include "sample/sample_int.h"

#include <unistd.h>

#include "base/hash.h"
#include "support/test.h"

static void make(const char *name, const char *folder, uint64_t customers, uint64_t seed)
{
    pt_arena *arena = pt_arena_new(0);
    pt_err err = {0};
    const char *dir = pt_path_join(arena, test_dir(), folder);

    CHECK(pt_sample_find(name) != NULL);
    CHECK_OK(pt_mkdirs(dir, &err));
    CHECK_OK(pt_sample_find(name)->write(dir, customers, seed, &err));
    pt_arena_free(arena);
}

static pt_sv read_file(const char *folder, const char *name, pt_arena *arena)
{
    pt_err err = {0};
    pt_sv text;

    CHECK_OK(pt_read_file(&text, pt_path_join(arena, pt_path_join(arena, test_dir(), folder), name), 0, arena, &err));
    return text;
}

static void check_same(const char *name, const char *file)
{
    pt_arena *arena = pt_arena_new(0);

    make(name, "a", 20, 1);
    make(name, "b", 20, 1);
    make(name, "c", 40, 1);
    make(name, "d", 20, 2);
    pt_sv a = read_file("a", file, arena), b = read_file("b", file, arena), c = read_file("c", file, arena);
    CHECK(a.len > 1000);
    CHECK(pt_sv_eq(a, b));
    CHECK(c.len > a.len && memcmp(a.ptr, c.ptr, a.len) == 0); /* more customers begin with the same ones */
    CHECK(!pt_sv_eq(a, read_file("d", file, arena)));
    pt_arena_free(arena);
}

TEST(sample_bank__follows_from_its_numbers)
{
    check_same("bank", "transactions.csv");
    check_same("bank", "customers.csv");
}

TEST(sample_b2b__follows_from_its_numbers)
{
    check_same("b2b", "usage.csv");
    check_same("b2b", "companies.csv");
}

static void check_hash(const char *name, const char *file, const char *want)
{
    pt_arena *arena = pt_arena_new(0);
    char hex[33];

    make(name, "a", 20, 1);
    pt_sv text = read_file("a", file, arena);
    pt_hash128_hex(hex, pt_hash128_of(text.ptr, text.len));
    CHECK_STR(hex, want);
    pt_arena_free(arena);
}

/* What the bytes are is nobody's promise, but that they are the same on every machine and with every compiler is. */
TEST(sample_files__are_the_same_everywhere)
{
    check_hash("bank", "transactions.csv", "59ae02706be031cf874cceea9ff95fa7");
    check_hash("b2b", "usage.csv", "5329ff8d7d3d041f3417990820be05f3");
}

TEST(sample_person__no_id_comes_twice)
{
    enum { PEOPLE = 60000 };
    pt_arena *arena = pt_arena_new(0);
    sample_person *people = PT_NEW_ARRAY(arena, sample_person, PEOPLE);
    pt_rng r;

    CHECK(people != NULL);
    for (uint64_t i = 0; i < PEOPLE; i++) {
        sample_rng(&r, 1, i);
        sample_make_person(&people[i], i, &r);
        const char *id = people[i].id_card;
        CHECK_INT(strlen(id), 18);
        CHECK_INT(id[17], sample_id_check(id));
        CHECK_INT((id[16] - '0') % 2, people[i].female ? 0 : 1);
        CHECK_INT(strlen(people[i].mobile), 11);
    }
    /* Neighbours in one place are 24 apart; all of them against each other would take an hour. */
    for (int i = 0; i < PEOPLE; i++)
        for (int k = i + 24; k < PEOPLE && k < i + 24 * 400; k += 24)
            CHECK(memcmp(people[i].id_card, people[k].id_card, 18) != 0 &&
                  memcmp(people[i].mobile + 3, people[k].mobile + 3, 8) != 0);
    pt_arena_free(arena);
}

/* The published examples of GB 11643 and GB 32100. */
TEST(sample_person__check_digits_are_those_of_the_standards)
{
    CHECK_INT(sample_id_check("11010519491231002"), 'X');
    CHECK_INT(sample_id_check("44052418800101001"), '4');
    CHECK_INT(sample_credit_check("91350100M000100Y4"), '3');
}
