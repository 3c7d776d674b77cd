/* `link:` of identity.yaml over two sources: what is compared as what, which rules there are. */
#include "app/linking_rules.h"
#include "link/count.h"
#include "support/project.h"
#include "support/test.h"

static pt_err err;

static void write_files(const char *identity)
{
    write_project_file("portrait.yaml", "name: people\n");
    write_project_file("sources/all.yaml", "crm:\n"
                                           "  from: crm.csv\n"
                                           "  kind: record\n"
                                           "  customer: {user_id: id}\n"
                                           "  columns: {full_name: text, mobile: text, birthday: text, income: number,"
                                           " lat: number, lng: number, hobbies: text, sfz: text, code: text}\n"
                                           "members:\n"
                                           "  from: members.csv\n"
                                           "  kind: record\n"
                                           "  customer: {member_id: no}\n"
                                           "  columns: {name: text, phone: text, mail: text}\n"
                                           "visits:\n"
                                           "  from: visits.csv\n"
                                           "  kind: record\n"
                                           "  customer: {visit: no}\n"
                                           "  columns: {name: text, phone: text}\n");
    write_project_file("crm.csv",
                       "id,full_name,mobile,birthday,income,lat,lng,hobbies,sfz,code\n"
                       "1,张丹,13812345678,1990-05-17,1000,31.2304,121.4737,tennis;chess,440305199005170027,x\n"
                       "2,Zhang Dan,138****5678,1990/5/17,1010,31.231,121.474,Chess、reading,,y\n"
                       "3,王伟,13900001111,,5000,39.9,116.4,,11010519491231002X,x\n"
                       "4,Mary Smith,13500001234,1985-02-03,800,51.5,-0.1,music,,z\n"
                       "5,Mary Smyth,13500001234,1985-02-03,820,51.51,-0.12,music;art,,z\n");
    write_project_file("members.csv", "no,name,phone,mail\n"
                                      "a,張丹,+86 138 1234 5678,zhang.dan@example.com\n"
                                      "b,Bill Gates,13600001111,bill@x.org\n"
                                      "c,王先生,13900001111,\n");
    write_project_file("visits.csv", "no,name,phone\nv1,王伟,13900001111\nv2,Li Na,13700001111\n");
    write_project_file("identity.yaml", identity);
}

static pt_linking *read_linking(pt_app **app)
{
    pt_arena *arena = pt_arena_new(0);
    pt_build_result result;
    pt_linking *l;

    CHECK_OK(pt_app_open(app, test_dir(), &err));
    CHECK_OK(pt_app_build(&result, *app, &(pt_build_options){.threads = 1}, arena, &err));
    CHECK_OK(pt_app_linking(&l, *app, &(pt_linking_run_options){.threads = 1, .until = PT_LINKING_TRAIN}, &err));
    pt_arena_free(arena);
    return l;
}

static const pt_linking_field *field_named(const pt_linking *l, const char *name)
{
    int f = linking_field_named(l, (pt_sv){0}, pt_sv_of(name));

    return f < 0 ? NULL : &l->fields[f];
}

static const pt_link_rule *rule_named(const pt_linking *l, const char *name)
{
    for (size_t r = 0; r < l->setup.n_rules; r++)
        if (strcmp(l->setup.rules[r].name, name) == 0)
            return &l->setup.rules[r];
    return NULL;
}

static const pt_link_comparison *comparison_named(const pt_linking *l, const char *name)
{
    for (size_t k = 0; k < l->setup.n_fields; k++)
        if (strcmp(l->setup.comparisons[k].name, name) == 0)
            return &l->setup.comparisons[k];
    return NULL;
}

TEST(linking_rules__columns_are_what_the_project_says)
{
    pt_app *app;

    write_files("link:\n"
                "  sources: [crm, members]\n"
                "  columns: {hobbies: list, income: number, sfz: numbered, mail: ignore, mobile: {as: phone}}\n"
                "  blocking: [code]\n");
    pt_linking *l = read_linking(&app);
    CHECK_INT(l->n_sources, 2);
    CHECK_INT(l->n, 8);
    CHECK(field_named(l, "hobbies")->kind == PT_LINK_LIST && field_named(l, "hobbies")->said);
    CHECK(field_named(l, "income")->kind == PT_LINK_NUMBER);
    CHECK(field_named(l, "sfz")->n_columns == 1); /* a member id is another number */
    CHECK(field_named(l, "mail") == NULL);
    CHECK(field_named(l, "code")->kind == PT_LINK_WORDS); /* a rule names it */
    CHECK_STR(field_named(l, "mobile")->name, "phone");
    CHECK_INT(field_named(l, "phone")->n_columns, 2);
    CHECK_INT(field_named(l, "person")->n_columns, 2); /* full_name and name */
    CHECK(linking_field_named(l, PT_SV("members"), PT_SV("name")) ==
          linking_field_named(l, PT_SV("crm"), PT_SV("full_name")));
    CHECK_INT(linking_field_named(l, PT_SV("crm"), PT_SV("name")), -1);
    CHECK(comparison_named(l, "lat") != NULL && comparison_named(l, "lng") == NULL); /* one location */
    pt_linking_free(l);
    pt_app_close(app);
}

TEST(linking_rules__blocking_is_added_or_instead)
{
    pt_link_counts counts;
    pt_pool *pool;
    pt_app *app;

    CHECK_OK(pt_pool_new(&pool, 1, &err));
    write_files(
        "link: {blocking: ['prefix(pinyin(full_name), 4)', 'steps(income, 100)'], columns: {income: number}}\n");
    pt_linking *l = read_linking(&app);
    CHECK(l->setup.n_rules > 4 && rule_named(l, "prefix(pinyin(full_name), 4)") && rule_named(l, "steps(income, 100)"));
    pt_linking_free(l);
    pt_app_close(app);
    write_files("link: {blocking: {only: ['prefix(pinyin(full_name), 4)']}, largest_block: 2}\n");
    l = read_linking(&app);
    CHECK_INT(l->setup.n_rules, 1);
    CHECK_INT(pt_linking_largest_block(l), 2);
    CHECK(l->setup.rules[0].split > 0); /* three records begin with "zhan" */
    CHECK_OK(pt_link_count(&counts, &l->setup, 2, pool, &err));
    CHECK(counts.total <= counts.sum);
    pt_linking_free(l);
    pt_app_close(app);
    pt_pool_free(pool);
}

TEST(linking_rules__comparisons_are_as_said)
{
    pt_app *app;

    write_files("link:\n"
                "  columns: {income: number}\n"
                "  comparisons:\n"
                "    income: {levels: [within 1%, within 10%], group: none}\n"
                "    full_name: {frequency: false}\n"
                "    mail: none\n"
                "    birthday: {group: age}\n"
                "    phone: {levels: [same, 'same of last(phone, 4)'], group: household}\n"
                "  sure: {only: [phone + birthday]}\n"
                "  prior: 0.05\n"
                "  auto: 0.9\n"
                "  review: 0.2\n");
    pt_linking *l = read_linking(&app);
    CHECK_INT(comparison_named(l, "income")->n_levels, 2);
    CHECK_INT(comparison_named(l, "income")->levels[0].test, PT_LINK_RATIO);
    CHECK_INT(comparison_named(l, "income")->group, 0);
    CHECK(!comparison_named(l, "full_name")->by_frequency);
    CHECK(comparison_named(l, "mail") == NULL);
    CHECK_INT(comparison_named(l, "birthday")->group, 3);
    CHECK_INT(comparison_named(l, "mobile")->group, 1);
    CHECK_INT(comparison_named(l, "mobile")->n_levels, 2);
    CHECK_INT(l->setup.n_sure, 1);
    CHECK_DOUBLE(l->model.prior, 0.05);
    CHECK_DOUBLE(l->automatic, 0.9);
    CHECK_DOUBLE(l->review, 0.2);
    pt_linking_free(l);
    pt_app_close(app);
}
