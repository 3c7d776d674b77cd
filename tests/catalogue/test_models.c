/* Templates of models: in a project with every role, and in one with none. */
#include "catalogue/models.h"

#include "base/io.h"
#include "support/project.h"
#include "support/test.h"

static pt_err err;

static pt_project *load(const char *name, const char *yaml, const char *sources, pt_arena *arena)
{
    const char *dir = pt_path_join(arena, test_dir(), name), *folder = pt_path_join(arena, dir, "sources");
    pt_project *p;
    pt_diags diags;

    CHECK_OK(pt_mkdirs(folder, &err));
    CHECK_OK(pt_write_file(pt_path_join(arena, dir, "portrait.yaml"), yaml, strlen(yaml), &err));
    CHECK_OK(pt_write_file(pt_path_join(arena, folder, "all.yaml"), sources, strlen(sources), &err));
    pt_diags_init(&diags, arena);
    CHECK_OK(pt_project_load(&p, dir, &diags, arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    return p;
}

static const pt_catalogue_plan *plan_of(const pt_project *p, pt_arena *arena)
{
    const pt_catalogue *c;
    pt_catalogue_plan *plan;

    CHECK_OK(pt_catalogue_open(&c, arena, &err));
    CHECK_OK(pt_catalogue_plan_make(&plan, c, p, arena, &err));
    return plan;
}

static const pt_project *load_again(const pt_project *p, pt_arena *arena)
{
    pt_project *again;
    pt_diags diags;

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_project_load(&again, p->root, &diags, arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    return again;
}

static const char yaml[] = "name: shop\n";
static const char sales[] = "sales:\n  from: sales.csv\n  kind: event\n  time: at\n  customer: {user_id: user}\n"
                            "  columns: {amount: money, channel: category}\n";
static const char people[] = "people:\n  from: people.csv\n  kind: record\n  customer: {user_id: user}\n"
                             "  columns: {name: text}\n";

TEST(catalogue_models__each_becomes_a_sound_file)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_model_template *models;
    size_t n;

    const pt_project *p = load("shop", yaml, sales, arena);
    const pt_catalogue_plan *plan = plan_of(p, arena);
    CHECK_OK(pt_catalogue_models(&models, &n, plan, arena, &err));
    CHECK(n >= 4);
    for (size_t i = 0; i < n; i++) {
        pt_addition a;
        pt_diags diags;
        p = load_again(p, arena);
        plan = plan_of(p, arena);
        CHECK_OK(pt_catalogue_models(&models, &n, plan, arena, &err));
        CHECK(models[i].label.zh && models[i].label.en && !models[i].missing && !models[i].present);
        pt_diags_init(&diags, arena);
        CHECK_OK(pt_catalogue_add_model(&a, plan, &models[i], arena, &err));
        CHECK_OK(pt_addition_check(&a, p, &diags, arena, &err));
        if (diags.errors)
            test_fail(__FILE__, __LINE__, "%s: %s", models[i].name, diags.items[0].msg);
        CHECK(a.is_new[a.n_edits - 1] && strstr(a.added[a.n_edits - 1].ptr, "{purchases") == NULL);
        CHECK_OK(pt_addition_write(&a, p, arena, &err));
        pt_diags_free(&diags);
        CHECK_INT(pt_catalogue_add_model(&a, plan, &models[i], arena, &err), PT_EINVAL); /* the file is there */
        plan = plan_of(load_again(p, arena), arena);
        CHECK_OK(pt_catalogue_models(&models, &n, plan, arena, &err));
        CHECK(models[i].present);
    }
    pt_arena_free(arena);
}

TEST(catalogue_models__say_what_is_missing)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_model_template *models;
    pt_addition a;
    size_t n;

    const pt_catalogue_plan *plan = plan_of(load("none", yaml, people, arena), arena);
    CHECK_OK(pt_catalogue_models(&models, &n, plan, arena, &err));
    CHECK_STR(models[0].name, "churn");
    CHECK_STR(models[0].missing, "purchases");
    CHECK_INT(pt_catalogue_add_model(&a, plan, &models[0], arena, &err), PT_EINVAL);
    CHECK_STR(err.hint, "missing: purchases");
    pt_arena_free(arena);
}

/* What a template calls its tags must be free in the projects that newcomers start from. */
TEST(catalogue_models__fit_into_the_examples)
{
    static const char *const examples[] = {"retail", "bank", "b2b", "online-retail"};

    for (size_t e = 0; e < PT_COUNT(examples); e++) {
        const pt_model_template *models;
        pt_arena *arena = pt_arena_new(0);
        size_t n, tried = 0;
        loaded l;

        load_folder(&l, pt_arena_printf(arena, "%s/examples/%s", test_source_dir(), examples[e]));
        const pt_catalogue_plan *plan = plan_of(l.project, arena);
        CHECK_OK(pt_catalogue_models(&models, &n, plan, arena, &err));
        for (size_t i = 0; i < n; i++) {
            pt_addition a;
            pt_diags diags;
            if (models[i].missing || models[i].present)
                continue;
            tried++;
            pt_diags_init(&diags, arena);
            CHECK_OK(pt_catalogue_add_model(&a, plan, &models[i], arena, &err));
            CHECK_OK(pt_addition_check(&a, l.project, &diags, arena, &err));
            if (diags.errors)
                test_fail(__FILE__, __LINE__, "%s in %s: %s", models[i].name, examples[e], diags.items[0].msg);
            pt_diags_free(&diags);
        }
        CHECK(tried > 0 || strcmp(examples[e], "retail") != 0);
        unload(&l);
        pt_arena_free(arena);
    }
}
