/* Linking inside builds: what follows from likenesses of records, and what nothing may change about it. */
#include "app/linking.h"

#include <stdlib.h>

#include "app/decisions.h"
#include "base/rng.h"
#include "support/data_dir.h"
#include "support/invented.h"
#include "support/project.h"
#include "support/store.h"
#include "support/test.h"

enum { RECORDS = 600 };

static pt_err err;

/* --- projects ---------------------------------------------------------------------------------------------------------------- */

static const char source[] = "people:\n"
                             "  from: people.csv\n"
                             "  kind: record\n"
                             "  customer: {member: id}\n"
                             "  columns: {name: text, gender: text, birth: text, phone: text, email: text,"
                             " province: text, city: text, address: text, id_card: text}\n";

static void write_project(const char *identity)
{
    write_project_file("portrait.yaml", "name: people\n");
    write_project_file("sources/people.yaml", source);
    write_project_file("identity.yaml", identity);
}

static void add_cell(pt_str *out, const char *text)
{
    pt_str_addf(out, "\"%s\",", text);
}

/* Lines of a CSV file without its head, in an order that follows from `seed` (0: as they were made). */
static void write_invented(uint64_t seed)
{
    static const char head[] = "id,name,gender,birth,phone,email,province,city,address,id_card\n";
    const invented_field *fields;
    size_t n_fields = invented_fields(&fields, INVENTED_CHINESE);
    invented *g = invented_new(INVENTED_CHINESE, RECORDS, 7);
    static char *lines[RECORDS];
    invented_record r;
    pt_str line = {0};
    pt_rng rng;
    uint32_t n = 0;

    CHECK(g);
    for (; invented_next(g, &r); n++) {
        static const char *const columns[] = {"name",  "gender",   "birth_date", "phone",
                                              "email", "province", "city",       "address"};
        pt_str_clear(&line);
        pt_str_addf(&line, "p%llu-%u,", (unsigned long long)r.person, n);
        for (size_t c = 0; c < PT_COUNT(columns); c++) {
            const char *text = "";
            for (size_t f = 0; f < n_fields; f++)
                if (strcmp(fields[f].name, columns[c]) == 0)
                    text = r.text[f];
            add_cell(&line, text);
        }
        pt_str_add(&line, "\n");
        lines[n] = strdup(pt_str_cstr(&line));
    }
    invented_free(g);
    pt_rng_seed(&rng, seed);
    for (uint32_t i = n; seed && i > 1; i--) {
        uint32_t k = (uint32_t)pt_rng_below(&rng, i);
        char *swap = lines[k];
        lines[k] = lines[i - 1];
        lines[i - 1] = swap;
    }
    pt_str_clear(&line);
    pt_str_add(&line, head);
    for (uint32_t i = 0; i < n; i++) {
        pt_str_add(&line, lines[i]);
        free(lines[i]);
    }
    write_project_file("people.csv", pt_str_cstr(&line));
    pt_str_free(&line);
}

static pt_build_linked build(unsigned threads)
{
    pt_arena *arena = pt_arena_new(0);
    pt_build_result result;
    pt_app *app;

    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_OK(pt_app_build(&result, app, &(pt_build_options){.threads = threads}, arena, &err));
    pt_build_linked linked = result.linked;
    linked.reason = NULL;
    pt_arena_free(arena);
    pt_app_close(app);
    return linked;
}

static int64_t count(const char *sql)
{
    char *answer = data_dir_ask(sql);
    int64_t n = strtoll(answer, NULL, 10);

    free(answer);
    return n;
}

static void tell(const char *sql)
{
    char path[400];
    test_store t;

    snprintf(path, sizeof path, "%s/portrait-data/store.duckdb", test_dir());
    test_store_open(&t, path);
    test_exec(t.conn, sql);
    test_store_close(&t);
}

static const char edges[] = "SELECT a_type, a_value, b_type, b_value, source, rule, score, CAST(since_build AS DOUBLE)"
                            " FROM identity.standing ORDER BY ALL";
static const char members[] = "SELECT type, value, CAST(ordinal AS DOUBLE) FROM identity.members ORDER BY ALL";

/* --- persons ----------------------------------------------------------------------------------------------------------------- */

/* Identifiers begin with the number of their person: pairs of records in one customer, and of one person. */
TEST(linking__joins_records_of_one_person)
{
    write_project("link: auto\n");
    write_invented(0);
    pt_build_linked linked = build(2);
    CHECK(linked.on && linked.links > 100);
    CHECK_INT(linked.records, RECORDS);
    int64_t together = count("SELECT count(*) FROM identity.members a JOIN identity.members b ON a.ordinal = b.ordinal"
                             " AND a.value < b.value");
    int64_t right = count("SELECT count(*) FROM identity.members a JOIN identity.members b ON a.ordinal = b.ordinal"
                          " AND a.value < b.value AND split_part(a.value, '-', 1) = split_part(b.value, '-', 1)");
    int64_t truth = count("SELECT count(*) FROM identity.members a JOIN identity.members b ON"
                          " a.value < b.value AND split_part(a.value, '-', 1) = split_part(b.value, '-', 1)");
    CHECK((double)right >= 0.95 * (double)together);
    CHECK((double)right >= 0.75 * (double)truth);
    CHECK_INT(count("SELECT count(*) FROM identity.edges WHERE source = 'link' AND score >= 0.95 AND score < 1"
                    " AND rule <> ''"),
              (int64_t)linked.links);
    CHECK_INT(count("SELECT count(*) FROM identity.likely"), (int64_t)linked.to_review);
}

TEST(linking__comes_out_the_same_on_any_number_of_threads_and_in_any_order_of_rows)
{
    static const unsigned threads[] = {1, 2, 5};
    char *want = NULL, *want_members = NULL;

    write_project("link: auto\n");
    for (size_t i = 0; i < PT_COUNT(threads) + 1; i++) {
        write_invented(i);
        build(threads[i % PT_COUNT(threads)]);
        char *got = data_dir_ask(edges), *got_members = data_dir_ask(members);
        CHECK(strlen(got) > 1000);
        if (want) {
            CHECK_STR(got, want);
            CHECK_STR(got_members, want_members);
        }
        free(want);
        free(want_members);
        want = got;
        want_members = got_members;
        data_dir_remove();
    }
    free(want);
    free(want_members);
}

/* --- what lasts -------------------------------------------------------------------------------------------------------------- */

TEST(linking__is_done_again_only_when_something_changed)
{
    write_project("link: auto\n");
    write_invented(0);
    CHECK(build(2).on);
    char *before = data_dir_ask(edges);
    CHECK(!build(2).on);
    write_invented(3); /* the same rows in another order: read again, linked again, nothing new */
    CHECK(build(2).on);
    char *after = data_dir_ask(edges);
    CHECK_STR(after, before);
    free(after);
    CHECK_INT(count("SELECT count(*) FROM identity.withdrawn"), 0);
    write_project("link: {auto: 0.999}\n");
    CHECK(build(2).on);
    after = data_dir_ask(edges);
    CHECK(strlen(after) < strlen(before));
    free(after);
    free(before);
}

TEST(linking__that_is_given_up_leaves_customers_as_if_it_had_never_been)
{
    write_project("max_component: 100\n");
    write_invented(0);
    build(2);
    char *want = data_dir_ask(members);
    write_project("max_component: 100\nlink: auto\n");
    CHECK(build(2).links > 0);
    char *linked = data_dir_ask(members);
    CHECK(strcmp(linked, want) != 0);
    write_project("max_component: 100\n");
    build(2);
    char *got = data_dir_ask(members);
    CHECK_STR(got, want);
    CHECK_INT(count("SELECT count(*) FROM identity.standing WHERE source = 'link'"), 0);
    free(want);
    free(linked);
    free(got);
}

/* --- what keeps groups apart ------------------------------------------------------------------------------------------------- */

/* Two records of one person in all but the identity card, among others. */
static void write_twins(const char *card, const char *other_card)
{
    pt_str text = {0};

    pt_str_add(&text, "id,name,gender,birth,phone,email,province,city,address,id_card\n");
    pt_str_addf(&text, "a,欧阳修文,男,1980-03-04,13911112222,ouyang@a.cn,浙江省,杭州市,西湖区文一路1号3栋201,%s\n",
                card);
    pt_str_addf(&text, "b,欧阳修文,男,1980-03-04,13911112222,ouyang@a.cn,浙江省,杭州市,西湖区文一路1号3栋201,%s\n",
                other_card);
    for (int i = 0; i < 60; i++)
        pt_str_addf(&text, "x%d,王%s%s,%s,19%02d-0%d-1%d,138%08d,u%d@b.cn,江苏省,南京市,鼓楼区中山路%d号,\n", i,
                    (const char *[]){"芳", "伟", "敏", "静", "磊"}[i % 5], (const char *[]){"", "林", "国"}[i % 3],
                    i % 2 ? "男" : "女", 40 + i, 1 + i % 9, i % 8, 1234567 * (i + 1) % 100000000, i, i);
    write_project_file("people.csv", pt_str_cstr(&text));
    pt_str_free(&text);
}

static bool are_one(void)
{
    return count("SELECT count(DISTINCT ordinal) FROM identity.members WHERE value IN ('a', 'b')") == 1;
}

TEST(linking__never_joins_two_identity_cards)
{
    write_project("link: auto\n");
    write_twins("330106198003040013", "");
    build(2);
    CHECK(are_one());
    write_twins("330106198003040013", "33010619800304003X");
    build(2);
    CHECK(!are_one());
    write_twins("330106198003040013", "330106198003040015"); /* a wrong check digit says nothing */
    build(2);
    CHECK(are_one());
}

TEST(linking__never_joins_what_the_project_says_a_customer_has_one_of)
{
    write_twins("", "");
    write_project("types: {member: {limit: 1}}\nlink: auto\n");
    build(2);
    CHECK(!are_one());
    write_project("link: {never: [email]}\n");
    build(2);
    CHECK(are_one());
}

TEST(linking__keeps_to_decisions)
{
    write_project("link: auto\n");
    write_twins("", "");
    build(2);
    CHECK(are_one());
    tell("INSERT INTO identity.decisions(decision, kind, a_type, a_value, b_type, b_value, rule, who, why, made_at,"
         " build) VALUES (1, 'different', 'member', 'a', 'member', 'b', 'hand', 'w', '', now(), 1)");
    build(2);
    CHECK(!are_one());
    CHECK_INT(count("SELECT count(*) FROM identity.standing WHERE source = 'link' AND a_value = 'a'"), 0);
    CHECK_INT(count("SELECT count(*) FROM identity.likely WHERE a_value = 'a' AND b_value = 'b'"), 0);
}

TEST(linking__leaves_a_build_alone_that_has_nothing_to_compare)
{
    write_project("link: auto\n");
    write_project_file("people.csv", "id,name,gender,birth,phone,email,province,city,address,id_card\n"
                                     "a,欧阳修文,,,,,,,,\n");
    CHECK(build(2).on);
    CHECK_INT(count("SELECT count(*) FROM identity.members"), 1);
    write_project_file("people.csv", "id,name,gender,birth,phone,email,province,city,address,id_card\n"
                                     "a,,,,,,,,,\nb,,,,,,,,,\nc,,,,,,,,,\n");
    build(2);
    CHECK_INT(count("SELECT count(*) FROM identity.members"), 3);
}

/* --- doctor ------------------------------------------------------------------------------------------------------------------ */

static void check_health(pt_health health, const char *detail)
{
    pt_checkup_result results[PT_CHECKUP_COUNT];
    pt_arena *arena = pt_arena_new(0);

    pt_app_doctor(results, test_dir(), arena);
    CHECK(!results[PT_CHECKUP_IDENTITY].skipped);
    CHECK_INT(results[PT_CHECKUP_IDENTITY].health, health);
    CHECK(strstr(results[PT_CHECKUP_IDENTITY].detail, detail));
    pt_arena_free(arena);
}

TEST(linking__doctor_looks_at_links_and_decisions)
{
    write_project("link: auto\n");
    write_invented(0);
    build(2);
    check_health(PT_HEALTH_OK, " links, 0 rows of decisions");
    tell("INSERT INTO identity.edges VALUES ('member', 'nobody', 'member', 'no one', 'link', 'name', 0.97, 1)");
    check_health(PT_HEALTH_WARN, "links hold 2 identifiers of which there is no record");
    tell("INSERT INTO identity.edges VALUES ('member', 'a', 'member', 'b', 'link', 'name', 1.7, 1)");
    check_health(PT_HEALTH_FAIL, "1 links make no sense");
    tell("DELETE FROM identity.edges WHERE a_value IN ('a', 'nobody')");
    tell("INSERT INTO identity.likely VALUES ('member', 'a', 'member', 'a', 'name', 0.5, 1),"
         " ('member', 'a', 'member', NULL, 'name', 0.5, 1), ('member', 'a', 'member', 'b', 'name', NULL, 1)");
    check_health(PT_HEALTH_FAIL, "3 rows of identity.likely make no sense");
    tell("DROP TABLE identity.likely");
    check_health(PT_HEALTH_FAIL, "identity.likely is missing");
    tell("INSERT INTO identity.decisions(decision, kind, a_type, a_value, b_type, b_value, rule, who, why, made_at,"
         " build) VALUES (1, 'perhaps', 'member', 'a', 'member', 'b', 'hand', 'w', '', now(), 1)");
    check_health(PT_HEALTH_FAIL, "decisions cannot be read");
}

TEST(linking__doctor_says_when_there_is_too_little_to_learn_from)
{
    write_project("link: auto\n");
    write_twins("", "");
    build(2);
    check_health(PT_HEALTH_WARN, "records are few to learn from");
}

/* --- memory ------------------------------------------------------------------------------------------------------------------ */

/* A build may have so much, half of it for linking; what there was before stands after a refusal. */
TEST(linking__says_when_memory_is_short)
{
    pt_arena *arena = pt_arena_new(0);
    pt_build_result result;
    pt_app *app;

    write_project("link: auto\n");
    write_invented(0);
    build(2);
    int64_t links = count("SELECT count(*) FROM identity.standing WHERE source = 'link'");
    write_project("link: {auto: 0.99}\n");
    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    pt_linking_run_options run = {.until = PT_LINKING_GROUP, .memory = 1000};
    pt_linking *l;
    CHECK_INT(pt_app_linking(&l, app, &run, &err), PT_ENOMEM);
    CHECK(strstr(err.msg, "linking needs about") && strstr(err.hint, "blocking rules"));
    CHECK(!l);
    run.memory = 1 << 30;
    CHECK_OK(pt_app_linking(&l, app, &run, &err));
    pt_linking_free(l);
    CHECK_INT(count("SELECT count(*) FROM identity.standing WHERE source = 'link'"), links);
    CHECK_OK(pt_app_build(&result, app, &(pt_build_options){.memory = 1 << 30}, arena, &err));
    pt_app_close(app);
    pt_arena_free(arena);
}
