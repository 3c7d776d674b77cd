/* The library while memory runs out: a status every time, no crash, nothing lost, and the right answer afterwards. */
#include <portrait.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "fault/inject.h"
#include "support/test.h"

static const char *shop;

static void make_shop(void)
{
    static char dir[4096], command[8192];

    snprintf(dir, sizeof dir, "%s/shop", test_dir());
    snprintf(command, sizeof command, "sh '%s/tests/support/make_shop.sh' '%s' 12", test_source_dir(), dir);
    CHECK_INT(system(command), 0); /* NOLINT(cert-env33-c): the command is the test's own text */
    shop = dir;
}

/* All that a program does with a customer that is not in the data. */
static portrait_status evaluate_rows(portrait_project *project, int64_t *answer, portrait_error *error)
{
    const char *fields[] = {"o1", NULL, "tea", "12.50", "1", "12.50", "app", "true", "a\tnote", "2017-06-30", NULL};
    portrait_evaluator *evaluator;
    const portrait_value *value;

    portrait_status s =
        portrait_evaluator_new(&evaluator, project, "sum(orders.amount within 30d)", "2017-07-01", error);
    if (s == PORTRAIT_OK)
        s = portrait_rows_begin(evaluator, "c1", error);
    for (int i = 0; s == PORTRAIT_OK && i < 40; i++)
        s = portrait_rows_add(evaluator, "orders", i % 2 ? "2017-06-30" : "2017-06-29", fields, PT_COUNT(fields),
                              error);
    if (s == PORTRAIT_OK && (s = portrait_rows_evaluate(&value, evaluator, error)) == PORTRAIT_OK) {
        CHECK(portrait_evidence_get(evaluator, 0));
        *answer = value->integer;
    }
    portrait_evaluator_free(evaluator);
    return s;
}

static portrait_status look(portrait_project *project, size_t *known, portrait_error *error)
{
    portrait_coverage *coverage;
    portrait_profile *profile;

    portrait_status s = portrait_coverage_open(&coverage, project, error);
    portrait_coverage_free(coverage);
    if (s == PORTRAIT_OK)
        s = portrait_profile_open(&profile, project, "user_id:7", NULL, error);
    if (s != PORTRAIT_OK)
        return s;
    for (size_t t = 0; portrait_profile_value(profile, t); t++)
        *known += !portrait_profile_value(profile, t)->missing;
    portrait_profile_free(profile);
    return PORTRAIT_OK;
}

static portrait_status work(bool built, int64_t *answer, size_t *known)
{
    portrait_project *project;
    portrait_error error;
    portrait_status s = portrait_open(&project, shop, &error);

    *answer = 0;
    *known = 0;
    if (s == PORTRAIT_OK)
        s = built ? look(project, known, &error) : evaluate_rows(project, answer, &error);
    portrait_close(project);
    if (s != PORTRAIT_OK)
        CHECK(error.message[0]);
    return s;
}

static void run_out_of_memory(bool built)
{
    int64_t answer, got;
    size_t known, counted;
    unsigned long n, failed = 0;

    CHECK_INT(work(built, &answer, &known), PORTRAIT_OK);
    for (n = 1;; n += inject_step(n)) {
        inject_at(INJECT_MEMORY, n);
        portrait_status s = work(built, &got, &counted);
        if (!inject_end()) {
            CHECK_INT(s, PORTRAIT_OK);
            break;
        }
        failed += s == PORTRAIT_NO_MEMORY;
        CHECK(s == PORTRAIT_NO_MEMORY || s == PORTRAIT_OK);
        if (s == PORTRAIT_OK)
            CHECK(got == answer && counted == known);
    }
    CHECK(failed > 20);
    CHECK_INT(work(built, &got, &counted), PORTRAIT_OK);
    CHECK(got == answer && counted == known && (built ? known > 5 : answer == 5000000));
}

TEST(fault_lib__rows_while_memory_runs_out)
{
    make_shop();
    run_out_of_memory(false);
}

TEST(fault_lib__profiles_while_memory_runs_out)
{
    portrait_project *project;

    make_shop();
    CHECK_INT(portrait_open(&project, shop, NULL), PORTRAIT_OK);
    CHECK_INT(portrait_build(NULL, project, NULL, NULL), PORTRAIT_OK);
    portrait_close(project);
    run_out_of_memory(true);
}
