/* The persons whom tests and benchmarks of linking make up. */
#include "support/invented.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "support/test.h"

enum { RECORDS = 20000 };

static uint64_t hash_of(invented_kind kind, uint64_t records, uint64_t seed)
{
    invented *g = invented_new(kind, records, seed);
    invented_record record;
    uint64_t n = 0, hash = 0;

    for (; invented_next(g, &record); n++)
        hash = hash * 31 + record.person + strlen(record.text[0]) + (unsigned char)record.text[2][9];
    CHECK_INT(n, records);
    invented_free(g);
    return hash;
}

TEST(invented__follow_from_number_and_seed)
{
    CHECK(hash_of(INVENTED_WESTERN, RECORDS, 1) == hash_of(INVENTED_WESTERN, RECORDS, 1));
    CHECK(hash_of(INVENTED_WESTERN, RECORDS, 1) != hash_of(INVENTED_WESTERN, RECORDS, 2));
    CHECK(hash_of(INVENTED_CHINESE, 1, 1) == hash_of(INVENTED_CHINESE, 1, 1));
    CHECK_INT(hash_of(INVENTED_CHINESE, 0, 1), 0);
}

static int by_person(const void *a, const void *b)
{
    uint64_t x = ((const invented_record *)a)->person, y = ((const invented_record *)b)->person;

    return (x > y) - (x < y);
}

/* Persons have one record mostly, and several with the same name or birth date nearly always. */
static void check_persons(invented_kind kind, size_t birth)
{
    invented_record *all = malloc(RECORDS * sizeof *all);
    invented *g = invented_new(kind, RECORDS, 7);
    size_t persons = 0, alone = 0, pairs = 0, alike = 0, spoilt = 0;

    for (size_t i = 0; i < RECORDS; i++)
        CHECK(invented_next(g, &all[i]));
    qsort(all, RECORDS, sizeof *all, by_person);
    for (size_t i = 0, end; i < RECORDS; i = end, persons++) {
        for (end = i + 1; end < RECORDS && all[end].person == all[i].person; end++) {
            bool name = strcmp(all[i].text[0], all[end].text[0]) == 0,
                 born = strcmp(all[i].text[birth], all[end].text[birth]) == 0;
            pairs++;
            alike += name || born;
            spoilt += !name || !born;
        }
        alone += end == i + 1;
        CHECK(end - i <= 12);
    }
    for (size_t i = 0; i < RECORDS; i++)
        for (size_t f = 0; f < INVENTED_FIELDS; f++) {
            CHECK_INT(pt_utf8_valid(pt_sv_of(all[i].text[f])), strlen(all[i].text[f]));
            CHECK(!strpbrk(all[i].text[f], ",\"\n"));
        }
    CHECK(alone > persons * 4 / 10 && alone < persons * 6 / 10);
    CHECK(alike > pairs * 9 / 10);
    CHECK(spoilt > pairs / 10 && spoilt < pairs / 2);
    invented_free(g);
    free(all);
}

TEST(invented__western_persons_are_alike_not_equal)
{
    check_persons(INVENTED_WESTERN, 2);
}

TEST(invented__chinese_persons_are_alike_not_equal)
{
    check_persons(INVENTED_CHINESE, 2);
}
