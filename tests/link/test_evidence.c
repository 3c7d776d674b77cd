/* What columns say of each other and how values of people all over the world are written alike. */
#include <string.h>

#include "form/latin.h"
#include "link/crossing.h"
#include "link/evidence.h"
#include "link/nickname.h"
#include "support/test.h"

enum { RECORDS_MOST = 8 };

typedef struct fixture {
    pt_arena *arena;
    pt_link_setup setup;
} fixture;

static void open_fixture(fixture *f)
{
    pt_err err = {0};

    *f = (fixture){.arena = pt_arena_new(0)};
    f->setup.table.arena = f->arena;
    CHECK_OK(pt_latin_open(&f->setup.latin, &err));
}

static void close_fixture(fixture *f)
{
    pt_latin_free(f->setup.latin);
    pt_arena_free(f->arena);
}

static void add(fixture *f, pt_link_kind kind, const char *const *values, uint32_t n)
{
    pt_sv texts[RECORDS_MOST];
    pt_err err = {0};

    for (uint32_t i = 0; i < n; i++)
        texts[i] = pt_sv_of(values[i]);
    CHECK_OK(pt_link_add_field(&f->setup, pt_link_kind_name(kind), kind, texts, n, &err));
}

static pt_sv value_of(const fixture *f, pt_link_kind kind, uint32_t record)
{
    const pt_link_field *x = link_find_field((pt_link_setup *)&f->setup, kind);
    uint32_t code = x ? f->setup.table.columns[x->column].codes[record] : 0;

    return code ? f->setup.table.texts[x->column][code] : PT_SV("");
}

#define CHECK_VALUE(f, kind, record, want)                                                    \
    do {                                                                                      \
        pt_sv got_ = value_of(f, kind, record);                                               \
        if (!pt_sv_eq(got_, pt_sv_of(want)))                                                  \
            test_fail(__FILE__, __LINE__, "'%.*s', not '%s'", (int)got_.len, got_.ptr, want); \
    } while (0)

/* --- values written alike ---------------------------------------------------------------------------------------------------- */

TEST(link_evidence__values_are_written_alike)
{
    static const struct {
        pt_link_kind kind;
        const char *value, *alike;
    } cases[] = {
        {PT_LINK_PERSON, "張 丹", "张丹"},
        {PT_LINK_PERSON, "张丹女士", "张丹"},
        {PT_LINK_PERSON, "Ｍary　Ｓmith", "mary smith"},
        {PT_LINK_GIVEN, "José", "jose"},
        {PT_LINK_FAMILY, "MÜLLER", "muller"},
        {PT_LINK_PHONE, "+86 138-1234-5678", "13812345678"},
        {PT_LINK_PHONE, "００８６１３８１２３４５６７８", "13812345678"},
        {PT_LINK_PHONE, "138****5678", "138****5678"},
        {PT_LINK_PHONE, "+86 138****5678", "138****5678"},
        {PT_LINK_BIRTH, "1990年5月17日", "1990-05-17"},
        {PT_LINK_BIRTH, "19900517", "1990-05-17"},
        {PT_LINK_EMAIL, "John.Smith+shop@Gmail.com", "johnsmith@gmail.com"},
        {PT_LINK_EMAIL, "johnsmith@googlemail.com", "johnsmith@gmail.com"},
        {PT_LINK_EMAIL, "john.smith+shop@example.com", "john.smith@example.com"},
        {PT_LINK_EMAIL, "+shop@example.com", "+shop@example.com"},
        {PT_LINK_EMAIL, "j@x", ""},
        {PT_LINK_NUMBERED, "44030519900517002x", "44030519900517002x"},
        {PT_LINK_NUMBERED, "440524 1880 0101 0014", "440524188001010014"},
        {PT_LINK_NUMBERED, "110105491231002", "11010519491231002x"},
        {PT_LINK_NUMBERED, "AB-1234", "ab1234"},
        {PT_LINK_GENDER, "女士", "f"},
        {PT_LINK_GENDER, "Male", "m"},
        {PT_LINK_ADDRESS, "廣東省　深圳市", "广东省 深圳市"},
        {PT_LINK_PLACE, "未知", ""},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        fixture f;
        open_fixture(&f);
        add(&f, cases[i].kind, &cases[i].value, 1);
        CHECK_VALUE(&f, cases[i].kind, 0, cases[i].alike);
        close_fixture(&f);
    }
}

/* --- identity cards ------------------------------------------------------------------------------------------------------------ */

static const char *const cards[] = {"11010519491231002X", "440305199005170035", "", "110105491231002",
                                    "11010519491231003X"};
enum { CARDS = PT_COUNT(cards) };

TEST(link_evidence__cards_tell_birth_and_gender_where_columns_do_not)
{
    static const char *const births[CARDS] = {"", "1991-01-01", "1980-02-03", "-", ""};
    static const char *const genders[CARDS] = {"", "", "男", "男", ""};
    pt_err err = {0};
    fixture f;

    open_fixture(&f);
    add(&f, PT_LINK_NUMBERED, cards, CARDS);
    add(&f, PT_LINK_BIRTH, births, CARDS);
    add(&f, PT_LINK_GENDER, genders, CARDS);
    CHECK_OK(pt_link_set_up(&f.setup, &err));
    CHECK_VALUE(&f, PT_LINK_BIRTH, 0, "1949-12-31");
    CHECK_VALUE(&f, PT_LINK_BIRTH, 1, "1991-01-01"); /* what is there stays */
    CHECK_VALUE(&f, PT_LINK_BIRTH, 2, "1980-02-03");
    CHECK_VALUE(&f, PT_LINK_BIRTH, 3, "1949-12-31");
    CHECK_VALUE(&f, PT_LINK_BIRTH, 4, ""); /* the check character is wrong */
    CHECK_VALUE(&f, PT_LINK_GENDER, 0, "f");
    CHECK_VALUE(&f, PT_LINK_GENDER, 1, "m");
    CHECK_VALUE(&f, PT_LINK_GENDER, 3, "m");
    const pt_link_field *birth = link_find_field(&f.setup, PT_LINK_BIRTH);
    const pt_link_column *day = &f.setup.table.columns[birth->number];
    CHECK(day->codes[0] && day->codes[0] == day->codes[3]); /* what follows from dates follows from these too */
    close_fixture(&f);
}

TEST(link_evidence__cards_make_columns_where_there_are_none)
{
    pt_err err = {0};
    fixture f;

    open_fixture(&f);
    add(&f, PT_LINK_NUMBERED, cards, CARDS);
    CHECK_OK(pt_link_set_up(&f.setup, &err));
    CHECK_VALUE(&f, PT_LINK_BIRTH, 1, "1990-05-17");
    CHECK_VALUE(&f, PT_LINK_GENDER, 1, "m");
    CHECK_INT(f.setup.n_fields, 3);
    close_fixture(&f);
}

TEST(link_evidence__other_numbers_are_no_cards)
{
    static const char *const numbers[] = {"1001", "1002", "11010519491231002X", "1003"};
    pt_err err = {0};
    fixture f;

    open_fixture(&f);
    add(&f, PT_LINK_NUMBERED, numbers, PT_COUNT(numbers));
    CHECK_OK(pt_link_set_up(&f.setup, &err));
    CHECK_INT(f.setup.n_fields, 1);
    close_fixture(&f);
}

/* --- masked phones ---------------------------------------------------------------------------------------------------------------- */

static bool share_key(const pt_link_setup *s, uint32_t a, uint32_t b)
{
    for (size_t r = 0; r < s->n_rules; r++)
        for (uint64_t i = s->rules[r].starts[a]; i < s->rules[r].starts[a + 1]; i++)
            for (uint64_t j = s->rules[r].starts[b]; j < s->rules[r].starts[b + 1]; j++)
                if (s->rules[r].keys[i] == s->rules[r].keys[j])
                    return true;
    return false;
}

TEST(link_evidence__a_masked_phone_meets_the_whole_one)
{
    static const char *const phones[] = {"138****5678", "+86 13812345678", "13900005678", "***12345678"};
    pt_err err = {0};
    fixture f;

    open_fixture(&f);
    add(&f, PT_LINK_PHONE, phones, PT_COUNT(phones));
    CHECK_OK(pt_link_set_up(&f.setup, &err));
    CHECK(share_key(&f.setup, 0, 1));
    CHECK(!share_key(&f.setup, 0, 2) && !share_key(&f.setup, 1, 2) && !share_key(&f.setup, 0, 3));
    close_fixture(&f);
}

/* --- nicknames -------------------------------------------------------------------------------------------------------------------- */

static bool may_be_one(const char *a, const char *b)
{
    uint32_t x[16], y[16];
    size_t n = link_names_meant(x, PT_COUNT(x), pt_sv_of(a)), m = link_names_meant(y, PT_COUNT(y), pt_sv_of(b));

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++)
            if (x[i] == y[j])
                return true;
    return false;
}

TEST(link_evidence__short_forms_meet_the_names_that_they_stand_for)
{
    CHECK(may_be_one("bill", "william") && may_be_one("william", "bill") && may_be_one("bill", "will"));
    CHECK(may_be_one("peggy", "margaret") && may_be_one("bob", "robert") && may_be_one("liz", "elizabeth"));
    CHECK(may_be_one("alex", "alexander") && may_be_one("alex", "alexandra") && !may_be_one("alexander", "alexandra"));
    CHECK(!may_be_one("bill", "robert") && !may_be_one("mary", "maria") && may_be_one("xyz", "xyz"));
    CHECK_INT(link_names_meant((uint32_t[1]){0}, 1, PT_SV("alex")), 1);
    CHECK_INT(link_names_meant(NULL, 0, PT_SV("alex")), 0);
    CHECK_INT(link_names_meant((uint32_t[1]){0}, 1, PT_SV("")), 0);
}
