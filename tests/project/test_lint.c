/* Which names tell of what the law protects, and which only look so. */
#include "project/lint.h"
#include "support/project.h"
#include "support/test.h"

static void check_kind(const char *text, const char *kind)
{
    const pt_sensitive_kind *found = pt_text_sensitive(text);

    if (!found || strcmp(found->name, kind) != 0)
        test_fail(__FILE__, __LINE__, "'%s' is taken for %s, not %s", text, found ? found->name : "nothing", kind);
}

static void check_harmless(const char *text)
{
    const pt_sensitive_kind *found = pt_text_sensitive(text);
    const char *insult = pt_text_insult(text);

    if (found || insult)
        test_fail(__FILE__, __LINE__, "'%s' is taken for %s", text, found ? found->name : insult);
}

TEST(project_lint__knows_sensitive_names_in_both_languages)
{
    static const char *const names[][2] = {
        {"religion", "religion"},
        {"Religious_Group", "religion"},
        {"is muslim", "religion"},
        {"宗教信仰", "religion"},
        {"ethnicity", "ethnicity"},
        {"客户民族", "ethnicity"},
        {"nationality", "ethnicity"},
        {"国籍", "ethnicity"},
        {"medical_history", "health"},
        {"Is pregnant", "health"},
        {"慢性病标签", "health"},
        {"糖尿病患者", "health"},
        {"health-status", "health"},
        {"健康状况", "health"},
        {"FINGERPRINT", "biometrics"},
        {"人脸特征", "biometrics"},
        {"sexual_orientation", "sexual life"},
        {"性取向", "sexual life"},
        {"political views", "political opinion"},
        {"政治面貌", "political opinion"},
        {"criminal_record", "criminal record"},
        {"有前科", "criminal record"},
        {"trade union member", "union membership"},
        {"工会会员", "union membership"},
        {"last_gps", "precise location"},
        {"行踪", "precise location"},
        {"bank_card_no", "financial accounts"},
        {"银行卡号", "financial accounts"},
        {"under14", "children under 14"},
        {"不满14周岁", "children under 14"},
        {"Under -- 14", "children under 14"},
        {"face_id2", "biometrics"},
        {"客户dna样本", "biometrics"},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_kind(names[i][0], names[i][1]);
}

TEST(project_lint__leaves_everyday_names_alone)
{
    static const char *const names[] = {
        "gender",
        "性别",
        "health food",
        "健康食品",
        "browser_fingerprint",
        "设备指纹",
        "party_size",
        "grape",
        "race_day",
        "race_results",
        "account_number",
        "card_number",
        "会员卡号",
        "has_kids",
        "under_140",
        "region",
        "民族风服饰",
        "信念",
        "beliefs",
        "customer_union",
        "face_value",
        "gpsa",
        "gradient",
        "转基因食品",
        "成长轨迹",
        "minor_purchases",
        "paleo",
        "sex",
        "age_band",
        "pregnancyless",
        "dumbbells",
        "傻瓜相机",
        "贵贱不分",
        "韭菜",
        "肥羊火锅",
        "垃圾袋",
        "poor_quality_returns",
        "diagnostics_module",
        "cancers_zodiac",
        "故障诊断次数",
        "faceid",
        "face_idea",
        "surface id",
        "under",
        "under 140",
        "",
        "___",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        check_harmless(names[i]);
}

TEST(project_lint__refuses_insults_in_both_languages)
{
    static const char *const names[] = {"loser", "Stupid customers", "poor_people", "穷人", "傻客户", "高净值的冤大头"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CHECK(pt_text_insult(names[i]));
}

static const char project[] =
    "members:\n  from: m.csv\n  kind: record\n  customer: {user_id: id}\n"
    "  columns: {faith_group: {type: text, sensitivity: sensitive, label: 宗教}, city: text}\n"
    "orders:\n  from: o.csv\n  kind: event\n  time: at\n  customer: {user_id: id}\n"
    "  columns: {amount: money}\n";

static size_t errors_of(const char *tags)
{
    loaded l;

    write_project_file("portrait.yaml", "name: lint\n");
    write_project_file("sources/s.yaml", project);
    write_project_file("tags/t.yaml", tags);
    load_project(&l, NULL);
    size_t errors = l.diags.errors;
    CHECK((l.project->module != NULL) == (errors == 0));
    unload(&l);
    return errors;
}

/* A harmless name does not hide what the tag reads. */
TEST(project_lint__looks_at_the_columns_that_a_tag_reads)
{
    CHECK_INT(errors_of("menu: members.faith_group\n"), 1);
    CHECK_INT(errors_of("menu: members.city\n"), 0);
    CHECK_INT(errors_of("menu: {value: members.faith_group, sensitivity: sensitive, purpose: meals, consent: form}\n"),
              0);
    CHECK_INT(errors_of("menu: {value: members.faith_group, sensitivity: personal, purpose: meals, consent: form}\n"),
              1);
    CHECK_INT(errors_of("menu: {value: members.faith_group, sensitivity: sensitive, purpose: '', consent: form}\n"), 1);
}

TEST(project_lint__what_is_protected_is_not_inferred_even_with_consent)
{
    const char *declared = "sensitivity: sensitive, purpose: a, consent: b}\n";
    char tags[512];

    snprintf(tags, sizeof tags, "is_pregnant: {value: count(orders) > 3, %s", declared);
    CHECK_INT(errors_of(tags), 1);
    /* Through another tag, and by a query. */
    snprintf(tags, sizeof tags, "n: count(orders)\nis_pregnant: {value: n > 3, %s", declared);
    CHECK_INT(errors_of(tags), 1);
    snprintf(tags, sizeof tags, "is_pregnant: {sql: SELECT 1, type: bool, %s", declared);
    CHECK_INT(errors_of(tags), 1);
    snprintf(tags, sizeof tags, "is_pregnant: {value: members.city = 'x', %s", declared);
    CHECK_INT(errors_of(tags), 0);
}
