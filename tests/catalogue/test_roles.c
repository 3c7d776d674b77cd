/* What `check` says of roles that the catalogue does not know, or that do not fit. */
#include "catalogue/catalogue.h"
#include "support/project.h"
#include "support/test.h"

static const char expected[] =
    "portrait.yaml:3:3: error E0902: there is no role 'purchase'\n"
    "    3 |   purchase: orders\n"
    "      |   ^~~~~~~~\n"
    "      = did you mean 'purchases'?\n"
    "portrait.yaml:4:31: error E0902: the role 'purchases' has no column 'amout'\n"
    "    4 |   purchases: {source: orders, amout: amount, brand: amount}\n"
    "      |                               ^~~~~\n"
    "      = did you mean 'amount'?\n"
    "portrait.yaml:4:46: error E0902: 'brand' of the role 'purchases' is category, and the column 'amount' is money\n"
    "    4 |   purchases: {source: orders, amout: amount, brand: amount}\n"
    "      |                                              ^~~~~\n"
    "portrait.yaml:5:3: error E0902: the role 'customers' is for record sources, and 'orders' is none\n"
    "    5 |   customers: orders\n"
    "      |   ^~~~~~~~~\n"
    "tags/t.yaml:2:1: error E0907: the tag 'mine' stands for 'life_cycel', which is no template\n"
    "    2 | mine: {value: count(orders), template: life_cycel}\n"
    "      | ^~~~\n"
    "      = did you mean 'life_cycle'?\n"
    "5 errors\n";

TEST(catalogue_roles__what_does_not_fit_is_said_with_its_place)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c;
    pt_err err = {0};
    pt_diags diags;
    pt_str text = {0};
    loaded l;

    write_project_file("portrait.yaml", "name: r\nroles:\n  purchase: orders\n"
                                        "  purchases: {source: orders, amout: amount, brand: amount}\n"
                                        "  customers: orders\n  visits: none\n");
    write_project_file("sources/s.yaml", "orders:\n  from: o.csv\n  kind: event\n  time: at\n  customer: {id: id}\n"
                                         "  columns: {amount: money}\n");
    write_project_file("tags/t.yaml", "n: {value: count(orders), template: purchases_total}\n"
                                      "mine: {value: count(orders), template: life_cycel}\n");
    load_clean(&l);
    CHECK_OK(pt_catalogue_open(&c, arena, &err));
    pt_diags_init(&diags, arena);
    CHECK_OK(pt_catalogue_check(c, l.project, &diags, &err));
    pt_diags_print(&diags, &text, false);
    CHECK_STR(pt_str_cstr(&text), expected);
    pt_str_free(&text);
    pt_diags_free(&diags);
    unload(&l);
    pt_arena_free(arena);
}

TEST(catalogue_roles__the_code_is_explained_in_both_languages)
{
    for (const pt_diag_info *i = pt_catalogue_diag_infos; i->code; i++)
        CHECK(i->title[0] && i->explanation[0] && i->title_zh[0] && i->explanation_zh[0]);
    CHECK_INT(pt_catalogue_diag_infos[0].code, 902);
}
