/* Conditions of trees in the language: the text, that the language takes it, and that the tag of tiers is a tag. */
#include "app/tree_text.h"

#include <math.h>
#include <string.h>

#include "lang/lang.h"
#include "support/project.h"
#include "support/test.h"

static const char tags[] = "n: count(orders)\n"
                           "spend: sum(orders.amount)\n"
                           "vip: spend > 100\n"
                           "wait: as_of - last(orders.time)\n"
                           "last_at: last(orders.time)\n"
                           "day: date(last(orders.time))\n"
                           "sku: mode(orders.channel)\n"
                           "likes: top(orders.channel, 3)\n";

static void write_shop(const char *more)
{
    char all[2048];

    snprintf(all, sizeof all, "%s%s", tags, more);
    write_project_file("portrait.yaml", "name: shop\ntime_zone: Asia/Shanghai\n");
    write_project_file("sources/orders.yaml",
                       "orders:\n  from: data/orders.csv\n  kind: event\n  time: at\n  customer: {user_id: user}\n"
                       "  columns: {amount: money, channel: category}\n");
    write_project_file("tags/t.yaml", all);
}

static const char *const two[] = {"a", "it's"};

#define RANGE(name, from, to) .feature = name, .kind = PT_TREE_RANGE, .low = from, .high = to, .present = true

static const struct {
    pt_tree_condition c;
    const char *text;
} cases[] = {
    {{RANGE("n", -INFINITY, 2.5)}, "n <= 2.5"},
    {{RANGE("n", 2.5, 7)}, "n > 2.5 and n <= 7"},
    {{RANGE("n", 2.5, INFINITY), .missing = true}, "n is missing or n > 2.5"},
    {{RANGE("n", -INFINITY, INFINITY)}, "n is not missing"},
    {{.feature = "n", .kind = PT_TREE_RANGE, .missing = true}, "n is missing"},
    {{RANGE("spend", 99.95, INFINITY)}, "spend > 99.95"},
    {{RANGE("vip", 0.5, INFINITY)}, "vip"},
    {{RANGE("vip", -INFINITY, 0.5), .missing = true}, "vip is missing or not vip"},
    {{RANGE("wait", -INFINITY, 2.5)}, "wait <= 2d 12h"},
    {{RANGE("last_at", 30.25, INFINITY)}, "as_of - last_at > 30d 6h"},
    {{RANGE("day", -INFINITY, 30)}, "days_since(day) <= 30"},
    {{.feature = "sku", .kind = PT_TREE_NAMES, .names = two, .n_names = 2, .present = true}, "sku in ('a', 'it\\'s')"},
    {{.feature = "sku",
      .kind = PT_TREE_NAMES,
      .names = two,
      .n_names = 1,
      .others = true,
      .present = true,
      .missing = true},
     "sku is missing or sku not in ('a')"},
    {{.feature = "sku", .kind = PT_TREE_NAMES, .others = true, .present = true}, "sku is not missing"},
    {{.feature = "likes", .kind = PT_TREE_ITEM, .names = two, .n_names = 1, .present = true}, "likes has 'a'"},
    {{.feature = "likes",
      .kind = PT_TREE_ITEM,
      .names = two,
      .n_names = 1,
      .others = true,
      .present = true,
      .missing = true},
     "likes is missing or likes not has 'a'"},
    {{.feature = "likes", .kind = PT_TREE_LENGTH, .low = 1, .high = INFINITY, .present = true}, "size(likes) > 1"},
};

static void check_taken(const loaded *l, const char *text)
{
    const pt_node *node;
    pt_diags diags;
    pt_err err = {0};

    pt_diags_init(&diags, l->arena);
    CHECK_OK(pt_lang_expression(&node, l->project->module, pt_sv_of(text), (pt_place){0}, PT_TYPE_BOOL, &diags,
                                l->arena, &err));
    if (diags.errors)
        test_fail(__FILE__, __LINE__, "the language does not take %s", text);
    pt_diags_free(&diags);
}

TEST(app_tree_text__the_language_takes_every_condition)
{
    loaded l;
    pt_str s = {0};

    write_shop("");
    load_clean(&l);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_str_clear(&s);
        pt_tree_term(&s, &cases[i].c, l.project, true);
        CHECK_STR(pt_str_cstr(&s), cases[i].text);
        check_taken(&l, pt_str_cstr(&s));
    }
    pt_tree_condition three[] = {cases[2].c, cases[6].c, cases[11].c};
    pt_str_clear(&s);
    pt_tree_when(&s, &(pt_tree_rule){three, 3, 1, 1, NULL}, l.project);
    CHECK_STR(pt_str_cstr(&s), "(n is missing or n > 2.5) and vip and sku in ('a', 'it\\'s')");
    check_taken(&l, pt_str_cstr(&s));
    pt_str_free(&s);
    unload(&l);
}

TEST(app_tree_text__tiers_are_a_tag)
{
    loaded l;
    pt_str s = {0};
    const char *const names[] = {"rule 1", "规则\"2\""}, *const notes[] = {"83.1%", "2.0%"};
    pt_label label = {"流失：规则", "Churn: rules"};

    write_shop("");
    load_clean(&l);
    pt_tree_condition conditions[] = {cases[2].c, cases[11].c};
    pt_tree_rule rules[] = {{conditions, 2, 1, 0.5, NULL}, {conditions + 1, 1, 1, 0.5, NULL}};
    pt_tree_tiers(&s, &(pt_tree_rule_set){rules, 2, 2, NULL}, "churn_rules", &label, names, notes, l.project);
    unload(&l);
    write_shop(pt_str_cstr(&s));
    load_clean(&l);
    CHECK_STR(tag_named(&l, "churn_rules")->label.zh, "流失：规则");
    int tag = pt_project_find_tag(l.project, PT_SV("churn_rules"));
    CHECK(tag >= 0);
    CHECK_INT(l.project->catalog.tags[tag].n_tiers, 2);
    CHECK_STR(l.project->catalog.tags[tag].tiers[1].label, "规则\"2\"");
    pt_str_free(&s);
    unload(&l);
}
