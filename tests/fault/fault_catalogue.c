/* The catalogue opened, bound to a project, and added to it while memory runs out. */
#include "base/io.h"
#include "catalogue/catalogue.h"
#include "fault/inject.h"
#include "support/test.h"

static const char sources[] = "orders:\n  from: o.csv\n  kind: event\n  time: at\n  customer: {user_id: id}\n"
                              "  columns: {amount: money, order_no: text, category: category}\n";

static void write_file(const char *path, const char *text)
{
    pt_err err = {0};
    char full[1024];

    snprintf(full, sizeof full, "%s/%s", test_dir(), path);
    CHECK_OK(pt_write_file(full, text, strlen(text), &err));
}

static pt_rc add(pt_arena *arena, pt_err *err)
{
    static const pt_addition_options none = {{NULL, NULL}, {NULL, NULL}};
    const pt_catalogue *c;
    pt_catalogue_plan *plan;
    pt_project *project;
    pt_addition a;
    pt_diags diags;

    pt_diags_init(&diags, arena);
    pt_rc rc = pt_project_load(&project, test_dir(), &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_catalogue_open(&c, arena, err);
    if (rc == PT_OK)
        rc = pt_catalogue_plan_make(&plan, c, project, arena, err);
    if (rc == PT_OK) {
        uint32_t wanted[] = {(uint32_t)pt_catalogue_find_template(c, PT_SV("rfm_segment")),
                             (uint32_t)pt_catalogue_find_template(c, PT_SV("personality"))};
        rc = pt_catalogue_add(&a, plan, wanted, 2, &none, arena, err);
    }
    if (rc == PT_OK)
        rc = pt_addition_check(&a, project, &diags, arena, err);
    if (rc == PT_OK)
        CHECK(a.n_edits >= 4 && diags.errors == 0);
    pt_diags_free(&diags);
    return rc;
}

/* Arenas take memory in large pieces, so a step here is far on in the work. */
TEST(fault_catalogue__running_out_of_memory_is_said)
{
    char path[1024];
    pt_err err = {0};

    snprintf(path, sizeof path, "%s/sources", test_dir());
    CHECK_OK(pt_mkdirs(path, &err));
    write_file("portrait.yaml", "name: x\n");
    write_file("sources/o.yaml", sources);
    for (unsigned long n = 1;; n += inject_step(n)) {
        pt_arena *arena = pt_arena_new(0);
        CHECK(arena);
        err = (pt_err){0};
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = add(arena, &err);
        bool came = inject_end();
        pt_arena_free(arena);
        if (!came) {
            CHECK_INT(rc, PT_OK);
            break;
        }
        if (rc != PT_ENOMEM)
            test_fail(__FILE__, __LINE__, "allocation %lu failed, and the result is %d", n, rc);
    }
}
