#include <errno.h>
#include <unistd.h>

#include "app/filter.h"
#include "cli/cli.h"
#include "cli/tagtext.h"

static pt_rc read_input(void *ctx, void *buf, size_t n, size_t *got, pt_err *err)
{
    ssize_t r;

    (void)ctx;
    do
        r = read(STDIN_FILENO, buf, n);
    while (r < 0 && errno == EINTR);
    *got = r > 0 ? (size_t)r : 0;
    return r < 0 ? pt_fail_errno(err, PT_EIO, errno, "cannot read standard input") : PT_OK;
}

static pt_rc write_output(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    (void)ctx;
    for (const char *at = bytes; n;) {
        ssize_t w = write(STDOUT_FILENO, at, n);
        if (w < 0 && errno == EINTR)
            continue;
        if (w <= 0)
            return pt_fail_errno(err, PT_EIO, errno, "cannot write to standard output");
        at += w;
        n -= (size_t)w;
    }
    return PT_OK;
}

/* "now" would differ between the processes of a cluster, and a pipe does not know the last event: it must be told. */
static pt_rc choose_as_of(int64_t *out, const pt_cli *cli, const pt_project *p, pt_err *err)
{
    bool given;

    PT_TRY(pt_cli_as_of(out, &given, cli, p, err));
    if (given)
        return PT_OK;
    *out = p->as_of;
    if (p->as_of_default == PT_AS_OF_FIXED)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "eval needs --as-of: the project's as_of is no fixed instant");
    return pt_err_hint(err, "portrait eval --as-of 2017-06-30");
}

static bool holds(const uint32_t *tags, size_t n, uint32_t tag)
{
    for (size_t i = 0; i < n; i++)
        if (tags[i] == tag)
            return true;
    return false;
}

static pt_rc one_tag(uint32_t *out, const pt_project *p, pt_sv name, const uint32_t *computable, size_t n, pt_err *err)
{
    int tag = pt_project_find_tag(p, name);

    if (tag < 0)
        return pt_cli_unknown_tag(p, name, PT_EINVAL, err);
    if (!holds(computable, n, (uint32_t)tag))
        return pt_fail(err, PT_EINVAL, "tag '%.*s' needs a query over the store, which a pipe does not have",
                       (int)name.len, name.ptr);
    *out = (uint32_t)tag;
    return PT_OK;
}

/* --tags a,b in the order given; all that can be computed when absent. */
static pt_rc choose_tags(pt_filter_options *o, const pt_cli *cli, const pt_project *p, pt_err *err)
{
    const char *list = pt_cli_option(cli, "tags");
    const uint32_t *computable;
    size_t n;

    PT_TRY(pt_filter_tags(&computable, &n, p, cli->arena, err));
    o->tags = computable;
    o->n_tags = n;
    if (!list)
        return PT_OK;
    uint32_t *tags = PT_NEW_ARRAY(cli->arena, uint32_t, strlen(list) + 1);
    if (!tags)
        return pt_fail_nomem(err, "the tags");
    o->n_tags = 0;
    for (const char *at = list;;) {
        size_t len = strcspn(at, ",");
        PT_TRY(one_tag(&tags[o->n_tags++], p, pt_sv_trim((pt_sv){at, len}), computable, n, err));
        if (!at[len])
            break;
        at += len + 1;
    }
    o->tags = tags;
    return PT_OK;
}

static pt_rc choose_format(bool *json, const pt_cli *cli, pt_err *err)
{
    const char *format = pt_cli_option(cli, "format");

    *json = cli->json || (format && strcmp(format, "json") == 0);
    if (format && !*json && strcmp(format, "tsv") != 0)
        return pt_fail(err, PT_EINVAL, "--format is tsv or json");
    return PT_OK;
}

static void report_bad(const pt_cli *cli, const pt_filter_stats *s)
{
    char bad[32], line[32];
    pt_str text = {0};

    PT_SAY(&text, cli->lang, EVAL_SKIPPED, pt_format_count(bad, s->bad),
           pt_format_count(line, (uint64_t)s->first_bad.line), pt_cli_translate(cli, s->first_bad.msg));
    fputs(pt_str_cstr(&text), stderr);
    pt_str_free(&text);
}

static pt_rc eval(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_filter_options options = {.read = read_input, .write = write_output};
    pt_filter_stats stats;

    options.header = pt_cli_option(cli, "header") != NULL;
    options.skip_bad = pt_cli_option(cli, "skip-bad") != NULL;
    PT_TRY(choose_format(&options.json, cli, err));
    PT_TRY(choose_as_of(&options.as_of, cli, p, err));
    PT_TRY(choose_tags(&options, cli, p, err));
    PT_TRY(pt_filter_base(&options.base, app, pt_cli_option(cli, "base"), cli->arena, err));
    PT_TRY(pt_app_filter(&stats, app, &options, err));
    if (!stats.bad)
        return PT_OK;
    report_bad(cli, &stats);
    cli->quiet_failure = true;
    return pt_fail(err, PT_EPROBLEM, "lines were skipped");
}

pt_rc pt_cmd_eval(pt_cli *cli, pt_err *err)
{
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    return eval(cli, app, err);
}
