#include "cli/insighttext.h"
#include "cli/tagtext.h"

enum { MOST_CROSSED = 6 };

/* "a, b": the numbers of tags, each once. */
static pt_rc read_tags(uint32_t *out, size_t *n, const pt_project *p, const char *list, pt_err *err)
{
    for (const char *at = list; at;) {
        const char *comma = strchr(at, ',');
        pt_sv name = pt_sv_trim((pt_sv){at, comma ? (size_t)(comma - at) : strlen(at)});
        int tag = pt_project_find_tag(p, name);
        if (tag < 0)
            return pt_cli_unknown_tag(p, name, PT_ENOTFOUND, err);
        bool known = false;
        for (size_t i = 0; i < *n; i++)
            known |= out[i] == (uint32_t)tag;
        if (!known)
            out[(*n)++] = (uint32_t)tag;
        at = comma ? comma + 1 : NULL;
    }
    return PT_OK;
}

/* --tags and --group; neither: all, as n == 0. */
static pt_rc choose_tags(pt_insight_options *o, pt_cli *cli, const pt_project *p, pt_err *err)
{
    const char *list = pt_cli_option(cli, "tags"), *group = pt_cli_option(cli, "group");
    uint32_t *tags = PT_NEW_ARRAY(cli->arena, uint32_t, p->n_tags + 1);

    if (!tags)
        return pt_fail_nomem(err, "an insight");
    o->tags = tags;
    if (list)
        PT_TRY(read_tags(tags, &o->n_tags, p, list, err));
    if (!group)
        return PT_OK;
    PT_TRY(pt_cli_check_tag_group(cli, p, group, err));
    size_t kept = 0;
    for (uint32_t t = 0; t < p->n_tags; t++) {
        bool listed = !list;
        for (size_t i = 0; i < o->n_tags && !listed; i++)
            listed = tags[i] == t;
        if (listed && pt_cli_tag_in_group(cli, p, t, group))
            tags[p->n_tags - ++kept] = t; /* from the end: the front is still being read */
    }
    memmove(tags, tags + p->n_tags - kept, kept * sizeof *tags);
    o->n_tags = kept;
    return kept ? PT_OK : pt_fail(err, PT_ENOTFOUND, "none of these tags is in the group '%.60s'", group);
}

/* --cross a,b,c: every pair of them. */
static pt_rc choose_crosses(pt_insight_options *o, pt_cli *cli, const pt_project *p, pt_err *err)
{
    const char *list = pt_cli_option(cli, "cross");
    uint32_t *tags = PT_NEW_ARRAY(cli->arena, uint32_t, p->n_tags + 1);
    uint32_t(*pairs)[2] = pt_arena_array(cli->arena, (size_t)MOST_CROSSED * MOST_CROSSED, sizeof *pairs);
    size_t n = 0;

    if (!tags || !pairs)
        return pt_fail_nomem(err, "an insight");
    o->crosses = (const uint32_t(*)[2])pairs;
    if (!list)
        return PT_OK;
    PT_TRY(read_tags(tags, &n, p, list, err));
    if (n < 2 || n > MOST_CROSSED)
        return pt_fail(err, PT_EINVAL, "--cross takes 2 to %d tags", MOST_CROSSED);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            pairs[o->n_crosses][0] = tags[i];
            pairs[o->n_crosses++][1] = tags[j];
        }
    return PT_OK;
}

static pt_rc choose(pt_insight_options *o, pt_cli *cli, const pt_project *p, pt_err *err)
{
    const char *vs = pt_cli_option(cli, "vs"), *by = pt_cli_option(cli, "by"), *top = pt_cli_option(cli, "top");
    int64_t lines;

    o->vs = pt_sv_of(vs ? vs : "");
    o->sensitive = pt_cli_option(cli, "sensitive") != NULL;
    o->by = by ? pt_project_find_tag(p, pt_sv_of(by)) : -1;
    if (by && o->by < 0)
        return pt_cli_unknown_tag(p, pt_sv_of(by), PT_ENOTFOUND, err);
    if (top && (!pt_parse_int64(&lines, pt_sv_of(top)) || lines < 1 || lines > 100))
        return pt_fail(err, PT_EINVAL, "--top takes a number from 1 to 100");
    o->top = top ? (size_t)lines : 0;
    PT_TRY(choose_tags(o, cli, p, err));
    return choose_crosses(o, cli, p, err);
}

pt_rc pt_cmd_insight(pt_cli *cli, pt_err *err)
{
    pt_insight_options options = {0};
    pt_insight insight;
    pt_diags diags;
    pt_app *app;

    PT_TRY(pt_cli_threads(&options.crowd.threads, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    const pt_project *p = pt_app_project(app);
    PT_TRY(choose(&options, cli, p, err));
    pt_diags_init(&diags, cli->arena);
    pt_sv condition = pt_sv_of(cli->n_args ? cli->args[0] : "");
    pt_rc rc = pt_app_insight(&insight, app, condition, &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        pt_insight_json(cli, p, &insight);
    else if (rc == PT_OK)
        pt_insight_print(cli, p, &insight, pt_cli_option(cli, "all") != NULL);
    return pt_cli_end(cli, &diags, rc);
}
