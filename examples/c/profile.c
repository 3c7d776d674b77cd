/* Builds a project, shows a customer's profile, and asks one question of a customer that exists only in memory.
 *
 *   cc profile.c $(pkg-config --cflags --libs portrait) -o profile
 *   ./profile PROJECT CUSTOMER [EXPRESSION]
 *
 * Also valid C++. */
#include <inttypes.h>
#include <portrait.h>
#include <stdio.h>

static int report(const portrait_error *error)
{
    fprintf(stderr, "%s: %s\n", portrait_status_name(error->status), error->message);
    if (error->hint[0])
        fprintf(stderr, "  %s\n", error->hint);
    return 1;
}

static int on_progress(const portrait_progress *progress, void *context)
{
    (void)context;
    if (progress->ended)
        fprintf(stderr, "%s: %.1f s\n", progress->stage, progress->seconds);
    return 0; /* anything else stops the build */
}

static int build(portrait_project *project)
{
    portrait_build_options options = PORTRAIT_BUILD_OPTIONS_INIT;
    const portrait_build_info *info;
    portrait_error error;

    options.progress = on_progress;
    if (portrait_build(&info, project, &options, &error) != PORTRAIT_OK)
        return report(&error);
    printf("%s: %" PRIu64 " customers, %" PRIu64 " rows, %" PRIu64 " set aside\n", info->generation, info->customers,
           info->rows, info->quarantined);
    return 0;
}

static int show(portrait_project *project, const char *who)
{
    portrait_profile *profile;
    portrait_error error;

    if (portrait_profile_open(&profile, project, who, NULL, &error) != PORTRAIT_OK)
        return report(&error);
    printf("%s\n", portrait_profile_id(profile));
    for (size_t i = 0; i < portrait_project_get(project)->tags; i++) {
        const portrait_tag *tag = portrait_tag_get(project, i);
        const portrait_value *value = portrait_profile_value(profile, i);
        if (!value->missing)
            printf("  %s = %s\n", tag->name, value->shown);
    }
    portrait_profile_free(profile);
    return 0;
}

static int ask(portrait_project *project, const char *who, const char *expression)
{
    portrait_evaluator *evaluator;
    const portrait_value *value;
    const portrait_evidence *evidence;
    portrait_error error;

    if (portrait_evaluator_new(&evaluator, project, expression, NULL, &error) != PORTRAIT_OK)
        return report(&error);
    if (portrait_evaluate(&value, evaluator, who, &error) != PORTRAIT_OK) {
        portrait_evaluator_free(evaluator);
        return report(&error);
    }
    printf("%s: %s = %s\n", portrait_type_name(value->type), expression, value->missing ? "missing" : value->json);
    for (size_t i = 0; (evidence = portrait_evidence_get(evaluator, i)); i++)
        printf("  %s = %s, from %zu events\n", evidence->expression, evidence->shown, evidence->events);
    portrait_evaluator_free(evaluator);
    return 0;
}

int main(int argc, char **argv)
{
    portrait_project *project;
    portrait_error error;
    int failed;

    if (argc < 3) {
        fprintf(stderr, "usage: %s PROJECT CUSTOMER [EXPRESSION]\n", argv[0]);
        return 2;
    }
    if (portrait_open(&project, argv[1], &error) != PORTRAIT_OK)
        return report(&error);
    if (portrait_check(project, &error) != PORTRAIT_OK) {
        for (size_t i = 0; i < portrait_problem_count(project); i++) {
            const portrait_problem *problem = portrait_problem_get(project, i);
            fprintf(stderr, "%s:%d: %s: %s\n", problem->file, problem->line, problem->code, problem->message);
        }
        portrait_close(project);
        return report(&error);
    }
    failed = build(project) || show(project, argv[2]) || (argc > 3 && ask(project, argv[2], argv[3]));
    portrait_close(project);
    return failed;
}
