/* What a project can do with the catalogue: with every role, with one, with none; declared and guessed. */
#include "base/io.h"
#include "support/everything.h"
#include "support/test.h"

static pt_err err;
static const pt_addition_options consenting = {{"用途", "purpose"}, {"同意", "consent"}};

static const pt_catalogue *open_catalogue(pt_arena *arena)
{
    const pt_catalogue *c;

    CHECK_OK(pt_catalogue_open(&c, arena, &err));
    return c;
}

static const pt_template_status *status_of(const pt_catalogue_plan *plan, const char *name)
{
    int t = pt_catalogue_find_template(plan->catalogue, pt_sv_of(name));

    CHECK(t >= 0);
    return &plan->statuses[t];
}

/* Adds what is wanted (all templates when n is 0) and writes it; loading the project anew is the caller's. */
static void add_all(const pt_catalogue_plan *plan, const char *const *names, size_t n, pt_arena *arena)
{
    uint32_t *wanted = PT_NEW_ARRAY(arena, uint32_t, plan->catalogue->n_templates);
    pt_addition a;

    for (size_t i = 0; i < n; i++)
        wanted[i] = (uint32_t)pt_catalogue_find_template(plan->catalogue, pt_sv_of(names[i]));
    for (size_t i = 0; n == 0 && i < plan->catalogue->n_templates; i++)
        wanted[i] = (uint32_t)i;
    CHECK_OK(pt_catalogue_add(&a, plan, wanted, n ? n : plan->catalogue->n_templates, &consenting, arena, &err));
    CHECK_OK(pt_addition_write(&a, plan->project, arena, &err));
}

/* --- every role --------------------------------------------------------------------------------------------------- */

/* Whether a definition needs nothing but data, nor do the templates that it uses. */
static bool needs_data_alone(const pt_catalogue *c, const pt_definition *d, const bool *data)
{
    for (size_t i = 0; i < d->n_columns; i++)
        if (c->roles[d->columns[i].source].supply != PT_SUPPLY_DATA)
            return false;
    for (size_t i = 0; i < d->n_tags; i++)
        if (!data[d->tags[i]])
            return false;
    return true;
}

/* Templates in the order of the catalogue: those used come first. */
static void check_states(const pt_catalogue_plan *plan, pt_arena *arena)
{
    const pt_catalogue *c = plan->catalogue;
    bool *data = PT_NEW_ARRAY(arena, bool, c->n_templates);

    for (size_t i = 0; i < c->n_templates; i++) {
        uint32_t t = c->order[i];
        pt_template_state state = plan->statuses[t].state;
        for (size_t d = 0; d < c->templates[t].n_definitions; d++)
            data[t] |= needs_data_alone(c, &c->templates[t].definitions[d], data);
        if (state == PT_TEMPLATE_LACKING || (data[t] && state != PT_TEMPLATE_COMPUTABLE))
            test_fail(__FILE__, __LINE__, "'%s' is %s: %s", c->templates[t].name, pt_template_state_name(state),
                      plan->statuses[t].missing ? plan->statuses[t].missing : "data could give it");
    }
}

static void check_everything(size_t variant)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);
    loaded l;

    write_everything(c, variant);
    load_clean(&l);
    const pt_catalogue_plan *plan = plan_of(&l, c);
    check_states(plan, arena);
    add_all(plan, NULL, 0, arena);
    unload(&l);
    load_clean(&l);
    CHECK_INT(l.project->n_tags, c->n_templates);
    for (size_t i = 0; i < c->n_templates; i++)
        CHECK_INT(plan_of(&l, c)->statuses[i].state, PT_TEMPLATE_PRESENT);
    unload(&l);
    pt_arena_free(arena);
}

TEST(catalogue_plan__every_template_fits_a_project_with_every_role)
{
    check_everything(0);
}

/* Amounts that are numbers, categories that are texts, birth dates that are instants. */
TEST(catalogue_plan__and_one_whose_columns_have_other_types)
{
    check_everything(1);
}

/* --- one role ----------------------------------------------------------------------------------------------------- */

static const char shop_sources[] =
    "transactions:\n  from: t.csv\n  kind: event\n  time: at\n  customer: {card: card}\n"
    "  columns: {basket_id: text, sales_value: money, 品类: category}\n"
    "shopping_days:\n  from: d.csv\n  kind: record\n  customer: {card: card}\n  columns: {n: number}\n";

static void load_shop(loaded *l, const char *config, const char *tags)
{
    write_project_file("portrait.yaml", config);
    write_project_file("sources/s.yaml", shop_sources);
    write_project_file("tags/t.yaml", tags);
    load_clean(l);
}

static const char *bound_column(const pt_catalogue_plan *plan, const char *role, const char *column)
{
    int r = pt_catalogue_find_role(plan->catalogue, pt_sv_of(role));

    CHECK(r >= 0);
    for (size_t i = 0; i < plan->catalogue->roles[r].n_columns; i++)
        if (strcmp(plan->catalogue->roles[r].columns[i].name, column) == 0)
            return plan->bindings[r].source < 0 || plan->bindings[r].columns[i] < 0
                       ? NULL
                       : plan->names.sources[r].columns[i].name;
    test_fail(__FILE__, __LINE__, "no column %s.%s", role, column);
}

TEST(catalogue_plan__guesses_roles_in_both_languages)
{
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    load_shop(&l, "name: shop\n", "n: count(transactions)\n");
    const pt_catalogue_plan *plan = plan_of(&l, open_catalogue(arena));
    CHECK_STR(bound_column(plan, "purchases", "amount"), "sales_value");
    CHECK_STR(bound_column(plan, "purchases", "order"), "basket_id");
    CHECK_STR(bound_column(plan, "purchases", "category"), "品类");
    CHECK(!bound_column(plan, "purchases", "brand"));
    CHECK(!bound_column(plan, "visits", "action"));
    CHECK(!bound_column(plan, "customers", "age"));
    unload(&l);
    pt_arena_free(arena);
}

/* With an order number orders are counted, without one rows. */
static void check_definition(const char *config, const char *expected)
{
    static const char *const wanted[] = {"purchases_90d"};
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    load_shop(&l, config, "n: count(transactions)\n");
    add_all(plan_of(&l, open_catalogue(arena)), wanted, 1, arena);
    unload(&l);
    load_clean(&l);
    int tag = pt_project_find_tag(l.project, PT_SV("purchases_90d"));
    CHECK(tag >= 0);
    CHECK_STR(l.project->catalog.tags[tag].value.ptr, expected);
    unload(&l);
    pt_arena_free(arena);
}

TEST(catalogue_plan__takes_the_first_definition_that_fits)
{
    check_definition("name: shop\n", "distinct(transactions.basket_id within 90d)");
}

TEST(catalogue_plan__uses_no_column_that_is_not_declared)
{
    check_definition("name: shop\nroles:\n  purchases: {source: transactions, amount: sales_value}\n",
                     "count(transactions within 90d)");
}

TEST(catalogue_plan__a_role_may_be_declared_away)
{
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    load_shop(&l, "name: shop\nroles: {purchases: none}\n", "n: count(transactions)\n");
    const pt_template_status *s = status_of(plan_of(&l, open_catalogue(arena)), "life_cycle");
    CHECK_INT(s->state, PT_TEMPLATE_LACKING);
    CHECK_STR(s->missing, "purchases");
    unload(&l);
    pt_arena_free(arena);
}

TEST(catalogue_plan__names_what_is_missing_at_the_root)
{
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    load_shop(&l, "name: shop\n", "n: count(transactions)\n");
    const pt_catalogue_plan *plan = plan_of(&l, open_catalogue(arena));
    CHECK_STR(status_of(plan, "profitability")->missing, "purchases.cost");
    CHECK_STR(status_of(plan, "clicks_30d")->missing, "visits");
    CHECK_INT(status_of(plan, "personality")->state, PT_TEMPLATE_SURVEY);
    CHECK_INT(status_of(plan, "rfm_class")->state, PT_TEMPLATE_COMPUTABLE);
    unload(&l);
    pt_arena_free(arena);
}

/* A tag of the project counts under its name, and its type decides what fits. */
TEST(catalogue_plan__uses_the_projects_own_tags)
{
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    load_shop(&l, "name: shop\n", "purchase_cycle: gap(transactions)\nrecency: \"'long ago'\"\n");
    const pt_catalogue_plan *plan = plan_of(&l, open_catalogue(arena));
    CHECK_INT(status_of(plan, "purchase_cycle")->state, PT_TEMPLATE_PRESENT);
    CHECK_INT(status_of(plan, "next_purchase")->state, PT_TEMPLATE_COMPUTABLE);
    CHECK_INT(status_of(plan, "life_cycle")->state, PT_TEMPLATE_LACKING); /* of a text */
    unload(&l);
    pt_arena_free(arena);
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

TEST(catalogue_plan__refuses_what_needs_consent_without_it)
{
    static const pt_addition_options none = {{NULL, NULL}, {NULL, NULL}};
    pt_arena *arena = pt_arena_new(0);
    pt_addition a;
    loaded l;

    load_shop(&l, "name: shop\n", "n: count(transactions)\n");
    const pt_catalogue_plan *plan = plan_of(&l, open_catalogue(arena));
    uint32_t religion = (uint32_t)pt_catalogue_find_template(plan->catalogue, PT_SV("religion"));
    CHECK_INT(pt_catalogue_add(&a, plan, &religion, 1, &none, arena, &err), PT_EINVAL);
    CHECK_OK(pt_catalogue_add(&a, plan, &religion, 1, &consenting, arena, &err));
    CHECK_INT(a.n_questionnaires, 1);
    unload(&l);
    pt_arena_free(arena);
}

TEST(catalogue_plan__keeps_what_stands_in_files)
{
    static const char *const wanted[] = {"life_cycle", "value_tier", "personality"};
    const char *old = "# mine\nmine: count(transactions) # and this";
    pt_arena *arena = pt_arena_new(0);
    pt_sv text;
    loaded l;

    write_project_file("tags/value.yaml", old);
    load_shop(&l, "name: shop # the shop\n", "n: count(transactions)\n");
    add_all(plan_of(&l, open_catalogue(arena)), wanted, 3, arena);
    unload(&l);
    load_clean(&l);
    CHECK_OK(pt_read_file(&text, pt_path_join(arena, test_dir(), "tags/value.yaml"), 0, arena, &err));
    CHECK(pt_sv_has_prefix(text, old));
    CHECK(strstr(text.ptr, "\nlife_cycle:\n") && strstr(text.ptr, "\nrecency:\n"));
    CHECK_OK(pt_read_file(&text, pt_path_join(arena, test_dir(), "portrait.yaml"), 0, arena, &err));
    CHECK(pt_sv_has_prefix(text, "name: shop # the shop\n"));
    CHECK(source_named(&l, "survey_psychology")->optional);
    CHECK_STR(source_named(&l, "survey_psychology")->identifiers[0].type, "card");
    unload(&l);
    pt_arena_free(arena);
}

/* A file of tags in braces cannot be added to: another is written beside it. */
TEST(catalogue_plan__goes_around_a_file_in_braces)
{
    static const char *const wanted[] = {"life_cycle"};
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    write_project_file("tags/value.yaml", "{mine: count(transactions)}\n");
    load_shop(&l, "name: shop\n", "n: count(transactions)\n");
    add_all(plan_of(&l, open_catalogue(arena)), wanted, 1, arena);
    unload(&l);
    load_clean(&l);
    CHECK_STR(tag_named(&l, "life_cycle")->group, "value");
    CHECK_STR(tag_named(&l, "life_cycle")->place.file, "tags/value-catalogue.yaml");
    unload(&l);
    pt_arena_free(arena);
}

/* A tag of another name may stand for a template: what is added uses it. */
TEST(catalogue_plan__a_tag_may_stand_for_a_template)
{
    static const char *const wanted[] = {"life_cycle"};
    pt_arena *arena = pt_arena_new(0);
    loaded l;

    load_shop(&l, "name: shop\n", "days_away: {value: days_since(last(transactions.time)), template: recency}\n");
    const pt_catalogue_plan *plan = plan_of(&l, open_catalogue(arena));
    CHECK_INT(status_of(plan, "recency")->state, PT_TEMPLATE_PRESENT);
    CHECK_INT(status_of(plan, "recency")->tag, 0);
    add_all(plan, wanted, 1, arena);
    unload(&l);
    load_clean(&l);
    CHECK_INT(l.project->n_tags, 2);
    int tag = pt_project_find_tag(l.project, PT_SV("life_cycle"));
    CHECK(tag >= 0);
    CHECK_STR(l.project->catalog.tags[tag].tiers[0].condition.ptr, "days_away <= 90");
    unload(&l);
    pt_arena_free(arena);
}
