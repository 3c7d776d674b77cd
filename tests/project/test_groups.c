#include "support/project.h"
#include "support/test.h"

static void write_catalogue(const char *groups)
{
    pt_str config = {0};

    pt_str_addf(&config, "name: shop\n%s", groups);
    write_project_file("portrait.yaml", pt_str_cstr(&config));
    write_project_file("sources/orders.yaml",
                       "orders: {from: o.csv, kind: event, time: at, customer: {id: id}, columns: {amount: money}}\n");
    write_project_file("tags/consumption/amount.yaml", "spend: sum(orders.amount)\n");
    write_project_file("tags/consumptions.yaml", "n: count(orders)\n");
    pt_str_free(&config);
}

static void check_text(const loaded *l, const char *group, const char *lang, const char *want)
{
    CHECK_STR(pt_group_text(l->project, group, lang, l->arena), want);
}

TEST(project_groups__each_part_of_a_path_has_its_label_or_stands_as_it_is)
{
    loaded l;

    write_catalogue("groups: {consumption: {zh: 消费行为, en: Spending}, consumption/amount: 消费金额}\n");
    load_clean(&l);
    check_text(&l, "consumption/amount", "zh", "消费行为/消费金额");
    check_text(&l, "consumption/amount", "en", "Spending/消费金额");
    check_text(&l, "consumption/else/more", "zh", "消费行为/else/more");
    check_text(&l, "consumptions", "zh", "consumptions");
    check_text(&l, "amount", "zh", "amount");
    unload(&l);
}

TEST(project_groups__models_are_called_as_they_are)
{
    loaded l;

    write_catalogue("");
    write_project_file(
        "models/next.yaml",
        "leaving: {label: {zh: 流失预测, en: Churn}, task: classify, target: did_not(orders within next 9d),\n"
        "          tags: {p: probability}}\n"
        "plain: {task: classify, target: did_not(orders within next 9d), tags: {q: probability}}\n");
    load_clean(&l);
    check_text(&l, "models/leaving", "zh", "模型/流失预测");
    check_text(&l, "models/leaving", "en", "Models/Churn");
    check_text(&l, "models/plain", "zh", "模型/plain");
    check_text(&l, "models/else", "en", "Models/else");
    unload(&l);
}

TEST(project_groups__none_leave_the_paths)
{
    loaded l;

    write_catalogue("");
    load_clean(&l);
    check_text(&l, "consumption/amount", "zh", "consumption/amount");
    unload(&l);
}

TEST(project_groups__one_without_tags_is_a_warning_and_a_wrong_form_an_error)
{
    loaded l;

    write_catalogue("groups: {consum: {zh: 消费}}\n");
    load_project(&l, ".");
    CHECK_INT(l.diags.errors, 0);
    CHECK_INT(l.diags.n, 1);
    CHECK_INT(l.diags.items[0].code, 125);
    unload(&l);
    write_catalogue("groups: [consumption]\n");
    load_project(&l, ".");
    CHECK_INT(l.diags.errors, 1);
    unload(&l);
    write_catalogue("groups: {consumption: {fr: Achats}}\n");
    load_project(&l, ".");
    CHECK_INT(l.diags.errors, 1);
    unload(&l);
}
